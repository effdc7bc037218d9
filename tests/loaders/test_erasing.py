"""A person is erased from the graph, from what is on record beside it, from rejects and bytes."""

from pathlib import Path

import pytest

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import Problem, ddl
from alliance_explorer.loaders.load import rejects_as_csv
from alliance_explorer.loaders.model import Rejected
from alliance_explorer.loaders.writing.corrections import correct
from alliance_explorer.loaders.writing.erasing import erase
from tests.loaders.test_writer import Row, Rows, write
from tests.queries.test_known import FIRST, SECOND, THIRD

PERSON = "person:anna-svensson"
DATA: Rows = {
    "Source": [{"id": "source:a", "title": "Interview with Anna Svensson"}],
    "Firm": [
        {"id": "firm:x", "name": "X", "description": "Founded by ANNA  Svensson, in Kista."},
        {"id": "firm:own", "name": "Anna Svensson Consulting", "segments": "anna svensson;IT"},
    ],
    "Person": [
        {"id": PERSON, "name": "Anna Svensson", "languages": "sv", "source": "source:a"},
        {"id": "person:b", "name": "Annabel Svenssonius"},
    ],
    "Alliance": [{"id": "alliance:z", "name": "Z", "terms": "signed by Anna Svensson"}],
    "KNOWS": [{"from": PERSON, "to": "person:b", "context": "school"}],
    "WORKS_FOR": [
        {"from": PERSON, "to": "firm:x", "title": "CTO"},
        {"from": "person:b", "to": "firm:x", "evidence": "says Anna Svensson"},
    ],
    "CHAMPIONS": [{"from": PERSON, "to": "alliance:z"}],
}


def filled(engine: Engine) -> None:
    write(engine, DATA, today=FIRST)
    correct(engine, PERSON, {"languages": "sv;en"}, why="Anna Svensson herself", today=SECOND)
    write(
        engine, {"Firm": [{"id": "firm:x", "name": "X", "description": "Made by A."}]}, today=THIRD
    )


def texts(engine: Engine) -> str:
    found = engine.read("MATCH (x) RETURN x") + engine.read("MATCH (a)-[x]->(b) RETURN x")
    return repr([getattr(row["x"], "properties", None) for row in found])


def test_everything_that_names_a_person_goes(engine: Engine, tmp_path: Path) -> None:
    filled(engine)
    rejects = tmp_path / "rejects.csv"
    rows: list[Row] = [{"id": PERSON, "name": ""}, {"id": "person:c", "name": ""}]
    why = (Problem("name", "missing"),)
    bad = [Rejected("Person", "f", n, why, row) for n, row in enumerate(rows)]
    rejects.write_text("".join(rejects_as_csv(bad)), "utf-8", newline="")
    dry = erase(engine, PERSON, today=THIRD, dry_run=True, rejects=rejects)
    assert PERSON in texts(engine) and PERSON in rejects.read_text()
    report = erase(engine, PERSON, today=THIRD, rejects=rejects)
    assert (dry.facts, dry.statements, dry.texts, dry.rejects, dry.left) == (
        report.facts,
        report.statements,
        report.texts,
        report.rejects,
        report.left,
    )
    assert report.facts == {"KNOWS": 1, "WORKS_FOR": 1, "CHAMPIONS": 1}
    assert report.statements == 2, "the correction, and what was there before it"
    # Of X the description of before the second load.
    assert report.texts == {
        "Source": 1, "Firm": 1, "Alliance": 1, "Statement": 1, "WORKS_FOR": 1
    }  # fmt: skip
    assert report.rejects == 1 and "person:c" in rejects.read_text()
    assert report.left == ["Firm firm:own: name"]
    assert (report.done, report.found) == (True, 0)
    left = texts(engine).replace("Anna Svensson Consulting", "").casefold()
    assert "anna-svensson" not in left and "anna svensson" not in left
    assert "annabel svenssonius" in left and "interview with [erased]" in left
    assert report.bytes_found == (None if engine.dialect == "neo4j" else 1), "the firm's name"


def test_a_later_load_does_not_bring_them_back(engine: Engine) -> None:
    filled(engine)
    erase(engine, PERSON, today=THIRD)
    before = texts(engine)
    summary = write(engine, DATA, today=THIRD)
    assert "4 rows about people who were erased were left out" in summary.notes
    assert engine.read("MATCH (p:Person) RETURN count(p) AS n") == [{"n": 1}]
    after = texts(engine).replace("Anna Svensson Consulting", "").casefold()
    assert "anna svensson" not in after and "anna  svensson" not in after
    assert "anna-svensson" not in after and before
    bad: Rows = {"WORKS_FOR": [{"from": "person:nobody", "to": "firm:x", "title": "Anna Svensson"}]}
    (reject,) = write(engine, bad).rejects
    assert reject.row["title"] == "[erased]"


@pytest.mark.ladybug
def test_no_bytes_are_left(tmp_path: Path) -> None:
    path = tmp_path / "x.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        rows = {**DATA, "Firm": DATA["Firm"][:1]}
        write(engine, rows, today=FIRST)

    def files() -> bytes:
        return b"".join(p.read_bytes() for p in tmp_path.iterdir())

    assert b"Anna Svensson" in files() and PERSON.encode() in files()
    with open_engine(f"ladybug://{path}") as engine:
        erase(engine, PERSON, today=THIRD)
        assert b"Anna Svensson" not in files() and PERSON.encode() not in files()
        assert engine.read("MATCH (p:Person) RETURN p.name AS n") == [{"n": "Annabel Svenssonius"}]
        assert engine.read("MATCH ()-[r]->() RETURN count(r) AS n") == [{"n": 1}]
        write(engine, {"Firm": [{"id": "firm:new", "name": "New"}]})
    assert [p.name for p in tmp_path.iterdir()] == ["x.lbug"]
    with open_engine(f"ladybug://{path}") as engine:
        assert engine.read("MATCH (f:Firm) RETURN count(f) AS n") == [{"n": 2}]


def test_who_is_not_there(engine: Engine) -> None:
    with pytest.raises(InvalidRequest, match="no person"):
        erase(engine, "person:nobody", today=FIRST)
