"""The whole network of firms: parallel ties collapsed, large bodies left out, dates respected."""

import datetime as dt
import math
from collections.abc import Iterator
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure import firm_network as module
from alliance_explorer.queries.structure.firm_network import FirmNetwork, firm_network
from alliance_explorer.queries.structure.structure import ego_structure
from tests.queries.test_random_graphs import random_graph, random_question
from tests.queries.test_structure import BORGATTI, VALUED
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Row, Rows, alliances, filling, firms, network, write_quickly


def merged(*some: Rows) -> Rows:
    rows: dict[str, list[Row]] = {}
    for one in some:
        for type_, found in one.items():
            known = rows.setdefault(type_, [])
            known += [r for r in found if r not in known]
    return rows


# A and B: two alliances, a small network and ownership; C only in the large network; D alone.
MIXED = merged(
    alliances("A-B", "A-B-C"),
    network("Small", "AB"),
    network("Large", "ABCDEFGH"),
    {"OWNS": [{"from": "firm:a", "to": "firm:b"}], "Firm": firms("Alone")},
    {"Person": [{"id": "person:p", "name": "P"}]},
    {"MEMBER_OF": [{"from": "person:p", "to": "network:small"}]},
)


def value(found: FirmNetwork, valuation: module.Valuation, one: str, other: str) -> float:
    return float(found.matrix(valuation)[found.index[f"firm:{one}"], found.index[f"firm:{other}"]])


@pytest.fixture
def mixed(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("mixed ties", filling(MIXED)), TODAY)


def test_parallel_ties_are_collapsed(mixed: Explorer) -> None:
    found = firm_network(mixed, PathOptions(), largest_shared=5)
    assert found.ids[0] == "firm:a"
    assert found.counted == {"alliances": 2, "networks": 1, "ownership": 1}
    assert found.left_out == {"alliances": 0, "networks": 1}
    assert found.ties == 3
    assert value(found, "binary", "a", "b") == 1
    assert value(found, "count", "a", "b") == value(found, "count", "b", "a") == 4
    assert value(found, "count", "a", "c") == 1
    # weight x repetition x specificity: an alliance of two and of three, a network of two firms
    # and a person, ownership.
    ties = (
        0.8 * 0.5 / math.log2(3),
        0.8 * 0.5 / math.log2(4),
        0.4 * 0.5 / math.log2(4),
        1.0 * 0.5 / math.log2(3),
    )
    expected = 1 - math.prod(1 - s for s in ties)
    assert value(found, "strength", "a", "b") == pytest.approx(expected, abs=1e-12)
    assert not found.matrix("binary").diagonal().any()


def test_large_bodies_count_if_they_are_let(mixed: Explorer) -> None:
    found = firm_network(mixed, PathOptions())
    assert found.left_out == {"alliances": 0, "networks": 0}
    assert found.ties == 8 * 7 / 2
    assert value(found, "count", "a", "b") == 5
    some = firm_network(mixed, PathOptions(kinds=("ownership",)))
    assert some.counted == {"alliances": 0, "networks": 0, "ownership": 1}
    assert some.ties == 1
    assert len(some.ids) == 9


def test_it_is_kept_until_something_is_written(engine: Engine) -> None:
    write_quickly(engine, alliances("A-B"))
    x = Explorer(engine, TODAY)
    first = firm_network(x, PathOptions())
    assert firm_network(x, PathOptions(limit=3)) is first
    assert firm_network(x, PathOptions(), largest_shared=3) is not first
    engine.write("MATCH (n) DETACH DELETE n")
    write_quickly(engine, alliances("A-B", "B-C"))
    x = Explorer(engine, TODAY)
    assert firm_network(x, PathOptions()).ties == 2


def test_values_are_what_a_graph_of_alliances_says(graphs: Graphs) -> None:
    """The published values of Borgatti 1997 over a database: values are numbers of alliances."""
    several = [
        alliances("-".join(p), id=f"alliance:{p}-{n}") for p in BORGATTI for n in range(VALUED[p])
    ]
    for one in several:
        for row in one["PARTY_TO"]:
            assert isinstance(row, dict)
            row["to"] = next(iter(one["Alliance"]))["id"]
    rows = merged(*several)
    x = Explorer(graphs.holding("borgatti", filling(rows)), TODAY)
    found = firm_network(x, PathOptions())
    for firm, plain, valued in (("g", 4.67, 5.47), ("a", 2.50, 2.47), ("c", 1.0, 1.0)):
        ego = found.index[f"firm:{firm}"]
        assert ego_structure(found.matrix("binary"), ego).effective_size == pytest.approx(
            plain, abs=0.005
        )
        assert ego_structure(found.matrix("count"), ego).effective_size == pytest.approx(
            valued, abs=0.005 + 1e-9
        )


def test_an_unknown_valuation_is_refused(mixed: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="'strength'"):
        firm_network(mixed, PathOptions()).matrix("strenght")  # type: ignore[arg-type]


@pytest.mark.parametrize("at_once", [1, 7, 2_000_000])
def test_pairs_of_entries(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", at_once)
    bodies = np.array([0, 1, 1, 1, 2, 4, 4, 4, 4, 5], np.int32)
    found = [(int(a), int(b)) for x, y in module._pairs(bodies) for a, b in zip(x, y, strict=True)]
    expected = [
        (a, b)
        for a in range(len(bodies))
        for b in range(a + 1, len(bodies))
        if bodies[a] == bodies[b]
    ]
    assert sorted(found) == expected
    assert list(module._pairs(np.empty(0, np.int32))) == []


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(f"ladybug://{tmp_path_factory.mktemp('random')}/random.lbug") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


@pytest.mark.ladybug
@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32))
def test_as_the_ties_of_path_search(embedded: Engine, seed: int) -> None:
    rng = Random(seed)
    rows = dict(random_graph(rng, "g"))
    rows["Source"] = [{"id": f"source:{s}", "title": s} for s in "ab"]
    embedded.write("MATCH (n) DETACH DELETE n")
    write_quickly(embedded, rows)
    x = Explorer(embedded, TODAY)
    _, _, options = random_question(rng, rows)
    largest = rng.choice((2, 4, 50))
    view, found = x.view(options), firm_network(x, options, largest)
    p = view.projection
    expected: nx.Graph[str] = nx.Graph()
    for i, one in enumerate(p.actors):
        for j, other in enumerate(p.actors[:i]):
            ties = [
                t
                for t in view.ties(i, j, frozenset())
                if one in found.index
                and other in found.index
                and (t.kind != "membership" or t.participants <= largest)
            ]
            if ties:
                strength = 1 - math.prod(1 - t.strength for t in ties)
                expected.add_edge(one, other, count=len(ties), strength=strength)
    assert found.ties == expected.number_of_edges()
    for one, other, data in expected.edges(data=True):
        a, b = found.index[one], found.index[other]
        assert found.matrix("count")[a, b] == data["count"]
        assert found.matrix("strength")[b, a] == pytest.approx(data["strength"], abs=1e-12)


def test_dates(graphs: Graphs) -> None:
    rows = alliances("A-B", start="2001-01-01", end="2005-01-01")
    x = Explorer(graphs.holding("an ended alliance", filling(rows)), TODAY)
    assert firm_network(x, PathOptions(as_of=dt.date(2004, 12, 31))).ties == 1
    assert firm_network(x, PathOptions(as_of=dt.date(2005, 1, 1))).ties == 0
    assert firm_network(x, PathOptions()).ties == 1  # on record, and faded
    assert 0 < value(firm_network(x, PathOptions()), "strength", "a", "b") < 0.1
