"""Structural holes and brokerage: published values, networkx, and triads counted one by one."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from alliance_explorer.queries.structure.structure import (
    ROLES,
    Matrix,
    brokerage,
    brokered_pairs,
    ego_betweenness,
    ego_structure,
    role_of,
)

# Borgatti 1997, Connections 20(1): the ties, and the values that the valued version adds.
BORGATTI = ["AB", "AF", "AG", "AE", "EG", "FG", "BG", "BD", "DG", "GC"]
VALUED = dict(zip(BORGATTI, (2, 3, 5, 2, 8, 3, 4, 1, 3, 10), strict=True))


def matrix_of(graph: "nx.Graph[Any]", nodes: Iterable[Any], weight: str | None = None) -> Matrix:
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=list(nodes), weight=weight))


def borgatti(values: Mapping[str, int] | None = None) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    for pair in BORGATTI:
        graph.add_edge(pair[0], pair[1], weight=(values or {}).get(pair, 1))
    return graph


@pytest.mark.parametrize(
    ("values", "firm", "effective", "constraint"),
    [
        (None, "G", 4.67, 0.400),
        (None, "A", 2.50, 0.595),
        (None, "C", 1.00, 1.000),
        (VALUED, "G", 5.47, 0.299),
        (VALUED, "A", 2.47, 0.795),  # 2.475 to all digits
        (VALUED, "C", 1.00, 1.000),
    ],
)
def test_borgatti_1997(
    values: Mapping[str, int] | None, firm: str, effective: float, constraint: float
) -> None:
    nodes = sorted("ABCDEFG")
    found = ego_structure(matrix_of(borgatti(values), nodes, "weight"), nodes.index(firm))
    assert found.effective_size == pytest.approx(effective, abs=0.005 + 1e-9)
    assert found.constraint == pytest.approx(constraint, abs=0.0005)


def test_borgatti_without_values_by_hand() -> None:
    """G has 6 partners with 4 ties among them: 6 - 2 * 4 / 6."""
    nodes = sorted("ABCDEFG")
    found = ego_structure(matrix_of(borgatti(), nodes), nodes.index("G"))
    assert found.degree == 6
    assert found.ties_among == 4
    assert found.effective_size == pytest.approx(6 - 2 * 4 / 6, abs=1e-12)
    assert found.efficiency == pytest.approx((6 - 2 * 4 / 6) / 6, abs=1e-12)
    assert found.density == pytest.approx(4 / 15, abs=1e-12)


def test_path_of_four_and_complete_graph() -> None:
    path = matrix_of(nx.path_graph(4), range(4))
    assert [ego_structure(path, i).constraint for i in range(4)] == pytest.approx(
        [1, 0.5, 0.5, 1], abs=1e-12
    )
    complete = ego_structure(matrix_of(nx.complete_graph(4), range(4)), 0)
    assert complete.constraint == pytest.approx(25 / 27, abs=1e-12)  # .925926
    assert complete.effective_size == pytest.approx(1, abs=1e-12)
    assert complete.hierarchy == pytest.approx(0, abs=1e-12)
    star = ego_structure(matrix_of(nx.star_graph(5), range(6)), 0)
    assert (star.effective_size, star.constraint) == pytest.approx((5, 1 / 5), abs=1e-12)


def test_a_firm_without_ties() -> None:
    found = ego_structure(sparse.csr_array((3, 3)), 1)
    assert (found.degree, found.effective_size) == (0, 0.0)
    assert found.constraint is found.efficiency is found.density is found.hierarchy is None
    one = ego_structure(matrix_of(nx.path_graph(2), range(2)), 0)
    assert (one.degree, one.constraint, one.density, one.hierarchy) == (1, 1.0, None, None)


def test_hierarchy_of_one_dominant_partner() -> None:
    """Burt 1992: 0 when all constrain alike, 1 when all of the constraint is one partner's."""
    even = ego_structure(matrix_of(nx.star_graph(4), range(5)), 0)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from([(0, 1, 100), (0, 2, 1), (0, 3, 1), (0, 4, 1)])
    uneven = ego_structure(matrix_of(graph, range(5), "weight"), 0)
    assert even.hierarchy == pytest.approx(0, abs=1e-12)
    assert uneven.hierarchy == pytest.approx(1, abs=0.01)


# --- any graph ------------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn) -> "nx.Graph[int]":
    n = draw(st.integers(2, 12))
    graph: nx.Graph[int] = nx.empty_graph(n)
    for one, other in itertools.combinations(range(n), 2):
        if draw(st.booleans()):
            graph.add_edge(one, other, weight=draw(st.sampled_from((0.05, 0.5, 1.0, 3.0))))
    return graph


@settings(deadline=None, max_examples=150)
@given(graphs(), st.sampled_from([None, "weight"]))
def test_as_networkx(graph: "nx.Graph[int]", weight: str | None) -> None:
    matrix = matrix_of(graph, range(len(graph)), weight)
    for node in graph:
        found = ego_structure(matrix, node)
        if not graph[node]:
            assert found.degree == 0
            continue
        # With `nodes`, because networkx is wrong for weighted graphs without.
        expected = nx.effective_size(graph, [node], weight=weight)[node]
        assert found.effective_size == pytest.approx(expected, abs=1e-9)
        expected = nx.constraint(graph, [node], weight=weight)[node]
        assert found.constraint == pytest.approx(expected, abs=1e-9)
        for partner, dyadic in zip(found.partners, found.dyadic, strict=True):
            local = nx.local_constraint(graph, node, int(partner), weight=weight)
            assert dyadic == pytest.approx(local, abs=1e-9)
        assert found.effective_size == pytest.approx(found.degree - found.redundancy.sum())
        assert np.allclose((found.shares + found.indirect) ** 2, found.dyadic)
        if found.degree > 1:
            around = graph.subgraph(graph[node])
            assert found.density == pytest.approx(nx.density(around))
        inside = nx.betweenness_centrality(nx.ego_graph(graph, node), normalized=False)
        assert ego_betweenness(matrix, node) == pytest.approx(inside[node], abs=1e-5)


@settings(deadline=None, max_examples=100)
@given(graphs(), st.data())
def test_changed_ties_are_as_if_they_were_so(graph: "nx.Graph[int]", data: st.DataObject) -> None:
    n = len(graph)
    matrix = matrix_of(graph, range(n), "weight")
    node = st.integers(0, n - 1)
    changes = data.draw(
        st.lists(st.tuples(node, node, st.sampled_from((0.0, 0.5, 2.0))), max_size=4)
    )
    after = graph.copy()
    for one, other, value in changes:
        if after.has_edge(one, other):
            after.remove_edge(one, other)
        if one != other and value:
            after.add_edge(one, other, weight=value)
    really = matrix_of(after, range(n), "weight")
    groups = np.arange(n) % 3
    for ego in range(n):
        imagined, built = ego_structure(matrix, ego, changes), ego_structure(really, ego)
        assert imagined.partners.tolist() == built.partners.tolist()
        assert imagined.effective_size == pytest.approx(built.effective_size)
        assert imagined.constraint == pytest.approx(built.constraint)
        assert brokerage(matrix, ego, groups, changes) == brokerage(really, ego, groups)


# --- brokerage ------------------------------------------------------------------------------------

# A source, the broker and a destination on a line, by their groups [Gould & Fernandez 1989,
# figure 1; UCINET's labels]. Each counts in both directions.
LINES = [
    ("AAA", {"coordinator": 2}),
    ("BAB", {"itinerant broker": 2}),
    ("BAA", {"gatekeeper": 1, "representative": 1}),
    ("AAB", {"gatekeeper": 1, "representative": 1}),
    ("BAC", {"liaison": 2}),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_roles_on_a_line(line: str, expected: dict[str, int]) -> None:
    found = brokerage(
        matrix_of(nx.path_graph(3), range(3)), 1, np.array(["ABC".index(g) for g in line])
    )
    assert {r: n for r, n in found.counts.items() if n} == expected
    assert (found.open, found.unknown) == (2, 0)
    ends = brokerage(matrix_of(nx.path_graph(3), range(3)), 0, np.zeros(3, np.int64))
    assert ends.open == 0


def test_labels_are_those_of_ucinet() -> None:
    assert role_of(source=1, broker=0, destination=0) == "gatekeeper"
    assert role_of(source=0, broker=0, destination=1) == "representative"


@settings(deadline=None, max_examples=100)
@given(graphs(), st.data())
def test_as_counting_triads(graph: "nx.Graph[int]", data: st.DataObject) -> None:
    n = len(graph)
    groups = data.draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    matrix = matrix_of(graph, range(n))
    for ego in graph:
        counted: Counter[str] = Counter()
        pairs: dict[str, set[tuple[int, int]]] = {r: set() for r in ROLES}
        for source, destination in itertools.permutations(graph[ego], 2):
            if graph.has_edge(source, destination):
                continue
            counted["open"] += 1
            three = groups[source], groups[ego], groups[destination]
            if min(three) < 0:
                counted["unknown"] += 1
            else:
                counted[role_of(*three)] += 1
                pairs[role_of(*three)].add((source, destination))
        found = brokerage(matrix, ego, np.array(groups))
        assert found.open == counted["open"]
        assert found.unknown == counted["unknown"]
        assert all(found.counts[r] == counted[r] for r in ROLES)
        for role in ROLES:
            told = brokered_pairs(matrix, ego, np.array(groups), role, 5)
            assert len(set(told)) == len(told) == min(5, len(pairs[role]))
            assert set(told) <= pairs[role]
