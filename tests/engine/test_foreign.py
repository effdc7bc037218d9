"""Queries that somebody else wrote: the engines refuse whatever does more than read the graph."""

from pathlib import Path

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.engine.foreign import check_foreign
from alliance_explorer.errors import EngineError, InvalidRequest, QueryTimeout
from alliance_explorer.graph_schema import ddl
from tests.support.tiny import Rows, write

FIRMS: Rows = {"Firm": [{"id": "firm:a", "name": "A"}, {"id": "firm:b", "name": "B"}]}


def filled(engine: Engine) -> Engine:
    engine.define(ddl(engine.dialect))
    write(engine, FIRMS)
    return engine


def names(engine: Engine) -> list[object]:
    return [r["n"] for r in engine.read("MATCH (f:Firm) RETURN f.name AS n ORDER BY n")]


@pytest.mark.parametrize(
    "query",
    [
        "WITH 1 AS one CREATE (:Firm {id: 'firm:c', name: 'C'}) RETURN 1 AS x",
        "MATCH (f:Firm) SET f.name = 'changed' RETURN f.name AS x",
        "MATCH (f:Firm) DETACH DELETE f",
        "UNWIND ['firm:c'] AS i MERGE (f:Firm {id: i}) RETURN f.id AS x",
        "MATCH (a:Firm {id: 'firm:a'}) MATCH (b:Firm {id: 'firm:b'}) CREATE (a)-[:OWNS]->(b)",
    ],
)
def test_the_engine_itself_refuses_to_write(engine: Engine, query: str) -> None:
    filled(engine)
    check_foreign(query)  # not stopped before the engine
    stamp = engine.stamp()
    with pytest.raises(EngineError, match=r"(?i)read.only|read access mode"):
        engine.ask(query, {}, 10, 5)
    with pytest.raises(EngineError):
        engine.read(query)
    assert names(engine) == ["A", "B"]
    assert engine.stamp() == stamp


def test_files_and_settings_are_out_of_reach(engine: Engine, tmp_path: Path) -> None:
    filled(engine)
    secret, target = tmp_path / "secret.csv", tmp_path / "target.csv"
    secret.write_text("a,b\nhidden,2\n")
    for query in (
        f"LOAD FROM '{secret}' RETURN *",
        f"LOAD /* */ FROM '{secret}' RETURN *",
        f"MATCH (f:Firm) LOAD FROM '{secret}' RETURN *",
        f"MATCH (f:Firm) lOaD CSV FROM 'file://{secret}' AS row RETURN row",
        f"WITH 1 AS x // a remark\n LOAD CSV FROM 'file://{secret}' AS row RETURN row",
        f"\\u004COAD CSV FROM 'file://{secret}' AS row RETURN row",
        f"RETURN '\\u0027 AS x LOAD CSV FROM \\u0027file://{secret}' AS row",
        f"COPY (MATCH (f:Firm) RETURN f.name) TO '{target}'",
        f"EXPORT DATABASE '{target}'",
        f"IMPORT DATABASE '{target}'",
        f"ATTACH '{target}' AS x (dbtype lbug)",
        "INSTALL httpfs",
        "CALL threads=1",
        "CALL show_tables() RETURN *",
        "WITH 1 AS x CALL show_tables() RETURN *",
        "WITH 1 AS x CALL dbms.components() YIELD name RETURN name",
        "MATCH (f:Firm) RETURN f.name AS n; MATCH (g:Firm) RETURN g.name AS n",
        "COMMIT; CREATE (:Firm {id: 'firm:c', name: 'C'})",
        "MATCH (f:Firm) RETURN f.name AS n; COMMIT; CREATE (:Firm {id: 'firm:c', name: 'C'})",
        "COMMIT",
        "ROLLBACK",
        "BEGIN TRANSACTION",
        "CHECKPOINT",
        "USE system MATCH (n) RETURN n",
        "SHOW DATABASES",
        "DROP TABLE Firm",
        "CREATE INDEX x FOR (f:Firm) ON (f.name)",
        "EXPLAIN MATCH (f:Firm) RETURN f",
        "",
        " ; ",
        "// nothing",
        "MATCH (f:Firm) RETURN 'never closed",
        "MATCH (f:Firm) RETURN f /* never closed",
        "RETURN '" + "x" * 10_000 + "'",
    ):
        with pytest.raises(InvalidRequest) as found:
            engine.ask(query, {}, 10, 5)
        assert found.value.field == "query"
    assert not target.exists()
    assert names(engine) == ["A", "B"]


def test_words_in_texts_names_and_remarks_are_no_commands(engine: Engine) -> None:
    filled(engine)
    query = (
        "// LOAD; COPY\nMATCH (`load`:Firm) /* CALL x() ; */ WHERE `load`.name <> 'COMMIT; it\\'s'"
        ' AND `load`.id = $load RETURN `load`.name AS "x";'
    ).replace('"x"', "`copy`")
    table = engine.ask(query, {"load": "firm:b"}, 10, 5)
    assert (table.columns, table.rows, table.more) == (["copy"], [["B"]], False)


@pytest.mark.parametrize(
    "made",
    [
        "range(1, 1000000000)",
        "range(1, $n)",
        "range(1, 100000 * 100000)",
        "range(1, 1e9)",
        "RANGE (1, 1_000_000_000)",
        "range(1, 0xFFFFFFF)",
        "range(1, toInteger('1000000000'))",
        "size(range(1, abs(-1000000000)))",
        "lpad('x', 2000000000, 'y')",
        "rpad('x', 99 ^ 9, 'y')",
        "range(1",
    ],
)
def test_nothing_is_made_of_nothing_without_end(engine: Engine, made: str) -> None:
    with pytest.raises(InvalidRequest, match="takes numbers up to 100,000"):
        engine.ask(f"UNWIND [1] AS a RETURN {made} AS n", {"n": 1}, 10, 5)
    asked = engine.ask("WITH [5, 6] AS l UNWIND range(0, size(l) - 1) AS n RETURN n", {}, 10, 5)
    assert asked.rows == [[0], [1]]


def test_rows_are_bounded(engine: Engine) -> None:
    filled(engine)
    query = "UNWIND range(1, 100000) AS n RETURN n AS n, n * 1.5 AS half"
    table = engine.ask(query, {}, 3, 5)
    assert (table.rows, table.more) == ([[1, 1.5], [2, 3.0], [3, 4.5]], True)
    assert engine.ask("UNWIND [1, 2] AS n RETURN n", {}, 2, 5).more is False
    assert names(engine) == ["A", "B"]


def test_time_is_bounded(engine: Engine) -> None:
    filled(engine)
    endless = (
        "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b "
        "WHERE a * b = -1 RETURN count(*) AS n"
    )
    with pytest.raises(QueryTimeout):
        engine.ask(endless, {}, 10, 0.3)
    assert names(engine) == ["A", "B"]


def test_any_value_can_be_shown(engine: Engine) -> None:
    filled(engine)
    write(
        engine,
        {
            "Network": [{"id": "network:n", "name": "N"}],
            "MEMBER_OF": [{"from": "firm:a", "to": "network:n", "since": "2010", "tier": "gold"}],
        },
    )
    table = engine.ask(
        "MATCH p = (f:Firm)-[r:MEMBER_OF]->(n:Network) "
        "RETURN p, f, r, r.since AS since, [1, null] AS some, {a: true} AS m, null AS nothing",
        {},
        10,
        5,
    )
    (row,) = table.rows
    told = dict(zip(table.columns, row, strict=True))
    assert told["f"]["label"] == "Firm"
    assert told["r"]["type"] == "MEMBER_OF"
    assert [n["name"] for n in told["p"]["nodes"]] == ["A", "N"]
    assert told["p"]["ties"][0]["tier"] == "gold"
    assert told["since"] == "2010-01-01"
    assert (told["some"], told["m"], told["nothing"]) == ([1, None], {"a": True}, None)


def test_a_missing_parameter_is_told(engine: Engine) -> None:
    with pytest.raises(EngineError, match="parameters are missing: id"):
        engine.ask("MATCH (f:Firm {id: $id}) RETURN f", {}, 10, 5)
