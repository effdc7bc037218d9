"""What both engines promise."""

import datetime as dt
import gc
import weakref

import pytest

from alliance_explorer.engine import Edge, Engine, Node, Step
from alliance_explorer.errors import EngineError
from alliance_explorer.graph_schema import SCHEMA, columns, upsert
from alliance_explorer.queries import Explorer, profile
from tests.support.tiny import CHAIN, write


def test_values_come_back_as_they_were(engine: Engine) -> None:
    firm = {"id": "firm:a", "name": "A", "aliases": ["x", "y"], "lat": 1.5, "founded": 2001}
    fact = {"from": "firm:a", "to": "network:n", "since": "2011-03", "until": "2012"}
    write(
        engine,
        {
            "Firm": [firm],
            "Network": [{"id": "network:n", "name": "N"}],
            "MEMBER_OF": [{**fact, "confidence": 0.5}],
        },
    )
    (row,) = engine.read("MATCH (a:Firm)-[r:MEMBER_OF]->(b:Network) RETURN a, r, b.id AS id")
    assert row["id"] == "network:n"
    node, edge = row["a"], row["r"]
    assert isinstance(node, Node)
    assert isinstance(edge, Edge)
    assert node.label == "Firm"
    assert {k: node.properties[k] for k in firm} == firm
    assert "city" not in node.properties
    assert edge.type == "MEMBER_OF"
    assert edge.properties["since"] == dt.date(2011, 3, 1)
    assert edge.properties["until"] == dt.date(2013, 1, 1)
    assert edge.properties["confidence"] == 0.5


def test_a_read_cannot_write(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"(?i)read"):
        engine.read("CREATE (f:Firm {id: 'firm:x', name: 'x'})")
    assert engine.read("MATCH (f:Firm) RETURN count(f) AS n") == [{"n": 0}]


def test_reading_for_each_set_of_parameters(engine: Engine) -> None:
    write(engine, CHAIN)
    query = "MATCH (f:Firm) WHERE f.id = $id RETURN f.name AS name"
    asked = [{"id": "firm:c"}, {"id": "firm:nobody"}, {"id": "firm:a"}]
    assert engine.read_each(query, asked) == [{"name": "C"}, {"name": "A"}]
    assert engine.read_each(query, []) == []
    with pytest.raises(EngineError, match="missing: id"):
        engine.read_each(query, [{"id": "firm:a"}, {}])
    with pytest.raises(EngineError):
        engine.read_each("CREATE (f:Firm {id: $id, name: 'x'})", [{"id": "firm:x"}])


def test_a_missing_parameter_is_an_error(engine: Engine) -> None:
    with pytest.raises(EngineError, match="missing: wanted"):
        engine.read("MATCH (f:Firm) WHERE f.id = $wanted AND f.name <> '$notone' RETURN f")


def test_bad_cypher_is_an_error(engine: Engine) -> None:
    with pytest.raises(EngineError, match="refused"):
        engine.read("MATCH (f:Firm RETURN f")


class Word(str):
    """A text of which can be told whether it is still in memory."""


@pytest.mark.parametrize("several", [False, True])
def test_what_is_written_is_let_go(engine: Engine, several: bool) -> None:
    """At once, not when the garbage collector looks for circles: a load is many batches."""
    firm = SCHEMA.nodes["Firm"]
    statement, kinds = upsert(engine.dialect, firm), columns(firm)
    word = Word("A firm")
    held = weakref.ref(word)
    rows: list[dict[str, object]] = [{"id": "firm:a", "name": word}]
    gc.disable()
    try:
        if several:
            engine.write_steps([Step(statement, rows, kinds)])
        else:
            engine.write_rows(statement, rows, kinds)
        del word
        rows.clear()
        assert held() is None
    finally:
        gc.enable()
    assert engine.read("MATCH (f:Firm) RETURN f.name AS name") == [{"name": "A firm"}]


def test_the_stamp_moves_with_each_write(engine: Engine) -> None:
    before = engine.stamp()
    assert engine.stamp() == before
    write(engine, CHAIN)
    assert engine.stamp() != before


def test_answers_follow_writes(engine: Engine) -> None:
    write(engine, CHAIN)
    x = Explorer(engine)
    assert profile(x, "A").totals["alliances"] == 1
    write(engine, {"Firm": [{"id": "firm:new", "name": "New"}]})
    assert profile(x, "New").actor.id == "firm:new"


def test_engines_tell_of_themselves(engine: Engine) -> None:
    info = engine.info()
    assert info.name
    assert info.version[0].isdigit()
    assert info.indexes
    assert info.problems == []
    assert "password" not in info.url


def test_a_foreign_writer_is_noticed(engine: Engine) -> None:
    """Somebody who writes with another program does not move the stamp, but the counts."""
    if engine.dialect == "ladybug":
        pytest.skip("the embedded file belongs to one process: there is no foreign writer")
    before = engine.stamp()
    engine._driver.execute_query("CREATE (:Firm {id: 'firm:x', name: 'x'})")  # type: ignore[attr-defined]
    assert engine.stamp() != before
