"""Who asks while others write: an answer is of what is there when it is given."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy

import pytest

from alliance_explorer.engine import Engine, Passing, Row, open_engine
from alliance_explorer.engine.neo4j import Neo4jEngine
from alliance_explorer.errors import UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, bridges, paths, profile
from tests.neo4j_server import Server
from tests.support.tiny import CHAIN, write

SHORTCUT = {
    "Alliance": [{"id": "alliance:a-d", "name": "A-D"}],
    "PARTY_TO": [
        {"from": "firm:a", "to": "alliance:a-d"},
        {"from": "firm:d", "to": "alliance:a-d"},
    ],
}


class Between(Passing):
    """Does something just before what is read next, once."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.then: list[Callable[[], None]] = []  # of those that watch, too
        self.reads: list[str] = []

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        self._before(query)
        return super().read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        self._before(query)
        return super().read_each(query, asked)

    def _before(self, query: str) -> None:
        self.reads.append(query)
        if self.then:
            self.then.pop()()


@pytest.fixture
def between(engine: Engine) -> Between:
    write(engine, CHAIN)
    return Between(engine)


def lengths(x: Explorer, evidence: bool = True) -> list[int]:
    return [p.length for p in paths(x, "A", "D", evidence=evidence).paths]


def test_what_is_written_while_a_question_reads_is_in_its_answer(between: Between) -> None:
    x = Explorer(between)
    assert lengths(x) == lengths(x) == [3]
    between.then.append(lambda: write(between._engine, SHORTCUT))
    found = paths(x, "A", "D")
    assert not between.then
    assert [p.length for p in found.paths] == [1, 3]
    assert all(t.facts for p in found.paths for s in p.steps for t in s.ties)
    assert lengths(x) == [1, 3]


def test_facts_that_go_while_a_question_reads_are_not_half_told(between: Between) -> None:
    x = Explorer(between)
    assert lengths(x) == lengths(x) == [3]

    def cut() -> None:
        between._engine.write("MATCH (:Firm {id: 'firm:b'})-[r:PARTY_TO]->() DELETE r")

    between.then.append(cut)
    assert bridges(x, "A", "D").bridges == []


def test_whoever_is_new_is_found_though_nobody_looked_before(between: Between) -> None:
    x = Explorer(between)
    assert lengths(x) == lengths(x) == [3]
    with pytest.raises(UnknownActor):
        profile(x, "New")
    write(between._engine, {"Firm": [{"id": "firm:new", "name": "New"}]})
    assert profile(x, "New").actor.id == "firm:new"


def test_while_others_write_each_question_looks_first(between: Between) -> None:
    x = Explorer(between)
    assert lengths(x) == lengths(x) == [3]
    for n in range(3):
        write(between._engine, {"Firm": [{"id": f"firm:new-{n}", "name": f"New {n}"}]})
        between.reads.clear()
        assert lengths(x) == [3]
    asked_last = list(between.reads)
    between.reads.clear()
    assert lengths(x) == [3]  # nobody has written: one look, and what was read is kept
    assert 0 < len(between.reads) < len(asked_last)


def test_parts_of_one_page_are_of_one_state(between: Between) -> None:
    x = Explorer(between)
    assert lengths(x) == lengths(x) == [3]
    page = x.for_question()
    assert lengths(page) == [3]
    write(between._engine, SHORTCUT)
    assert [p.length for p in paths(page, "A", "D").paths] == [3]
    assert lengths(x) == [1, 3]


def test_an_engine_that_watches_tells_whether_anything_was_written(engine: Engine) -> None:
    write(engine, CHAIN)
    stamp = engine.stamp()
    for _ in range(3):
        one = engine.watching()
        one.read("MATCH (f:Firm) RETURN count(f) AS n")
        assert one.still(stamp)
    one = engine.watching()
    assert one.still(stamp)  # though nothing was read
    one.read("MATCH (f:Firm) RETURN count(f) AS n")
    write(engine, SHORTCUT)
    one.read("MATCH (f:Firm) RETURN count(f) AS n")
    assert not one.still(stamp)
    assert engine.watching().still(engine.stamp())


@pytest.mark.neo4j
@pytest.mark.parametrize("evidence", [True, False])
@pytest.mark.parametrize("foreign", [False, True])
def test_neo4j_is_not_asked_whether_it_is_still_the_same(
    neo4j_server: Server, monkeypatch: pytest.MonkeyPatch, foreign: bool, evidence: bool
) -> None:
    """Its answers say so by themselves, of other writers as well; if need be one to nothing."""
    s = neo4j_server
    s.wipe()
    with open_engine(s.uri, user=s.user, password=s.password) as engine:
        assert isinstance(engine, Neo4jEngine)
        engine.define(ddl(engine.dialect))
        write(engine, CHAIN)
        _asked_of(engine, monkeypatch, foreign, evidence)


def _asked_of(
    engine: Neo4jEngine, monkeypatch: pytest.MonkeyPatch, foreign: bool, evidence: bool
) -> None:
    x, asked = Explorer(engine), list[str]()
    assert lengths(x) == lengths(x) == lengths(x) == [3]
    monkeypatch.setattr(Neo4jEngine, "stamp", _counted(Neo4jEngine.stamp, asked))
    assert lengths(x, evidence) == [3]
    assert asked == []
    if foreign:
        engine._driver.execute_query(
            "MATCH (a:Firm {id: 'firm:a'}), (d:Firm {id: 'firm:d'}) "
            "CREATE (a)-[:PARTY_TO]->(:Alliance {id: 'alliance:a-d', name: 'A-D'})<-[:PARTY_TO]-(d)"
        )
    else:
        write(copy(engine), SHORTCUT)
    assert lengths(x, evidence) == [1, 3]
    assert asked


def _counted(stamp: Callable[[Neo4jEngine], str], asked: list[str]) -> Callable[[Neo4jEngine], str]:
    def counted(engine: Neo4jEngine) -> str:
        asked.append("stamp")
        return stamp(engine)

    return counted
