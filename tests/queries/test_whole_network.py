"""The whole network: published values, networkx, and estimates that keep to their stated error."""

import itertools
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure import whole_network as module
from alliance_explorer.queries.structure.betweenness import dependencies
from alliance_explorer.queries.structure.firm_network import firm_network
from alliance_explorer.queries.structure.structure_models import Standing, WholeNetwork
from alliance_explorer.queries.structure.whole_network import standings, whole_network
from tests.queries.test_structure import graphs as any_graph
from tests.queries.test_structure import matrix_of
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, alliances, filling, firms


def rows_of(graph: "nx.Graph[Any]") -> Rows:
    return alliances(*(f"{a}-{b}" for a, b in graph.edges))


def names(count: int) -> list[str]:
    return [f"F{n:03}" for n in range(count)]


@pytest.fixture
def florentine(graphs: Graphs) -> Explorer:
    """Marriages of fifteen families [Padgett & Ansell 1993], and one that married nobody."""
    rows = {**rows_of(nx.florentine_families_graph())}
    rows["Firm"] = [*rows["Firm"], *firms("Pucci")]
    return Explorer(graphs.holding("florentine", filling(rows)), TODAY)


def by_name(found: WholeNetwork) -> dict[str, Standing]:
    return {s.firm.name: s for s in found.top}


def test_florentine_marriages(florentine: Explorer) -> None:
    found = whole_network(florentine)
    assert found.betweenness is not None
    assert (found.betweenness.method, found.betweenness.standard_error) == ("exact", 0.0)
    told = by_name(found)
    for family, published in (("Medici", 0.522), ("Guadagni", 0.255), ("Albizzi", 0.212)):
        assert told[family].normalised == pytest.approx(published, abs=0.0005)
    assert told["Medici"].betweenness == pytest.approx(47.5, abs=1e-9)
    assert [s.firm.name for s in found.top[:3]] == ["Medici", "Guadagni", "Albizzi"]
    expected = nx.betweenness_centrality(nx.florentine_families_graph())
    for family, standing in told.items():
        assert standing.normalised == pytest.approx(expected[family], abs=1e-12)
    assert "Pucci" not in told
    assert (found.basis.firms, found.basis.ties) == (15, 20)
    assert found.density == pytest.approx(20 / 105)
    assert (found.components, found.largest_component) == (1, 15)
    cores = nx.core_number(nx.florentine_families_graph())
    assert found.core == max(cores.values())
    assert found.innermost == sum(k == found.core for k in cores.values())
    assert all(s.core == cores[n] for n, s in told.items())


def test_communities_of_two_cliques(graphs: Graphs) -> None:
    graph: nx.Graph[str] = nx.Graph()
    for clique in ("ABCDE", "VWXYZ"):
        graph.add_edges_from(itertools.combinations(clique, 2))
    graph.add_edge("E", "V")
    x = Explorer(graphs.holding("two cliques", filling(rows_of(graph))), TODAY)
    found = whole_network(x)
    assert found.communities == 2
    number = {n: s.community for n, s in by_name(found).items()}
    assert len({number[n] for n in "ABCDE"}) == len({number[n] for n in "VWXYZ"}) == 1
    expected = nx.community.modularity(graph, [set("ABCDE"), set("VWXYZ")])
    assert found.modularity == pytest.approx(expected, abs=1e-9)
    assert {c.firms for c in found.largest_communities} == {5}
    assert found.core == 4
    assert {s.firm.name for s in found.top[:2]} == {"E", "V"}


def test_two_parts_and_none(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("two parts", filling(alliances("A-B", "C-D", "D-E"))), TODAY)
    found = whole_network(x)
    assert (found.components, found.largest_component) == (2, 3)
    assert by_name(found)["D"].betweenness == 1
    nothing = whole_network(x, PathOptions(kinds=("ownership",)))
    assert (nothing.basis.firms, nothing.components, nothing.core) == (0, 0, 0)
    assert nothing.top == []
    assert nothing.density is None
    without = whole_network(x, betweenness=False)
    assert without.betweenness is None
    assert [s.firm.name for s in without.top] == ["D", "A", "B", "C", "E"]


@settings(deadline=None, max_examples=100)
@given(any_graph())
def test_betweenness_as_networkx(graph: "nx.Graph[int]") -> None:
    n = len(graph)
    found = dependencies(matrix_of(graph, range(n)), np.arange(n)).sum(axis=1) / 2
    expected = nx.betweenness_centrality(graph, normalized=False)
    assert found == pytest.approx([expected[i] for i in range(n)], abs=1e-9)


# --- estimates ------------------------------------------------------------------------------------


@pytest.fixture
def large(graphs: Graphs) -> Explorer:
    graph = nx.relabel_nodes(nx.barabasi_albert_graph(200, 2, seed=4), dict(enumerate(names(200))))
    return Explorer(graphs.holding("200 firms", filling(rows_of(graph))), TODAY)


def test_estimates(large: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """They go on, are repeatable, get exact, and are off by what they say they may be."""
    network = firm_network(large, PathOptions())
    exact = whole_network(large, limit=200)
    true = {s.firm.id: s.normalised or 0.0 for s in exact.top}
    monkeypatch.setattr(module, "EXACT_UP_TO", 0)
    steps: list[tuple[int, int]] = []
    network.kept.clear()
    known = standings(network)
    assert known.work_out(100, progress=lambda done, all_: steps.append((done, all_)))
    assert steps == [(32, 100), (64, 100), (96, 100), (100, 100)]
    found = whole_network(large, pivots=100, limit=200)
    assert found.betweenness is not None
    assert (found.betweenness.method, found.betweenness.pivots) == ("sampled", 100)
    assert found.betweenness.standard_error == max(s.standard_error or 0 for s in found.top)
    off = [
        abs((s.normalised or 0.0) - true[s.firm.id]) / s.standard_error
        for s in found.top[:40]  # of firms on hardly any chain, the error too is rough
        if s.standard_error
    ]
    assert len(off) == 40
    assert np.mean([d < 2 for d in off]) >= 0.9
    network.kept.clear()
    assert whole_network(large, pivots=30, limit=200) != found  # and then in other pieces
    close = {s.firm.id: s.normalised for s in whole_network(large, pivots=100, limit=200).top}
    assert close == pytest.approx({s.firm.id: s.normalised for s in found.top}, abs=1e-12)
    whole = whole_network(large, pivots=None, limit=200)
    assert whole.betweenness is not None
    assert (whole.betweenness.method, whole.betweenness.pivots) == ("exact", 200)
    assert {s.firm.id: s.normalised for s in whole.top} == pytest.approx(true, abs=1e-12)


def test_time_limit(large: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_UP_TO", 0)
    firm_network(large, PathOptions()).kept.clear()
    found = whole_network(large, pivots=200, seconds=0)
    assert found.betweenness is not None
    assert (found.betweenness.complete, found.betweenness.pivots) == (False, module.BATCH)
    assert found.betweenness.standard_error > 0


def test_the_same_each_time(large: Explorer) -> None:
    network = firm_network(large, PathOptions())
    first = whole_network(large, limit=200)
    network.kept.clear()
    assert whole_network(large, limit=200) == first
