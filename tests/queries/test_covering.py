"""The search for constellations, held against trying every set of firms."""

import itertools
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.queries.scenarios.covering import Problem, smallest_sets, strongest_tree


def random_problem(rng: Random) -> Problem:
    firms, needed = rng.randrange(1, 13), rng.randrange(1, 6)
    graph = nx.gnp_random_graph(firms, rng.choice((0.15, 0.3, 0.6)), seed=rng.randrange(2**32))
    rivals = nx.gnp_random_graph(firms, rng.choice((0.0, 0.1, 0.4)), seed=rng.randrange(2**32))
    offers = {
        f: sum(1 << bit for bit in range(needed) if rng.random() < rng.choice((0.1, 0.3)))
        for f in range(firms)
    }
    return Problem(
        focal=0,
        needed=needed,
        offers=offers,
        tied={f: set(graph[f]) for f in graph},
        against={f: set(rivals[f]) for f in rivals},
    )


def fits(problem: Problem, chosen: tuple[int, ...]) -> bool:
    everybody = (problem.focal, *chosen)
    covered = 0
    for f in everybody:
        covered |= problem.offers[f]
    graph: nx.Graph[int] = nx.Graph((f, g) for f, some in problem.tied.items() for g in some)
    graph.add_nodes_from(everybody)
    return (
        covered == (1 << problem.needed) - 1
        and nx.is_connected(graph.subgraph(everybody))
        and not any(b in problem.against[a] for a, b in itertools.combinations(everybody, 2))
    )


def every_set(problem: Problem, max_size: int, slack: int) -> set[frozenset[int]]:
    others = sorted(problem.tied.keys() - {problem.focal})
    found: set[frozenset[int]] = set()
    smallest: int | None = None
    for size in range(min(max_size, len(others)) + 1):
        if smallest is not None and size > smallest + slack:
            break
        new = {frozenset(c) for c in itertools.combinations(others, size) if fits(problem, c)}
        new = {s for s in new if not any(t < s for t in found)}
        found |= new
        smallest = size if found and smallest is None else smallest
    return found


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 8), st.sampled_from((0, 0, 1, 3)))
def test_as_trying_every_set(seed: int, max_size: int, slack: int) -> None:
    problem = random_problem(Random(seed))
    search = smallest_sets(problem, max_size, slack=slack)
    assert search.complete
    assert len(search.found) == len(set(search.found)), "each set is found once"
    assert set(search.found) == every_set(problem, max_size, slack)


def test_what_is_cut_off_says_so() -> None:
    firms = range(60)
    problem = Problem(
        focal=0,
        needed=3,
        offers=dict.fromkeys(firms, 0) | {59: 7},
        tied={f: {g for g in firms if g != f} - {59} for f in firms} | {59: {58}},
        against={},
    )
    problem.tied[58].add(59)
    search = smallest_sets(problem, 8)
    assert search.found == [frozenset({58, 59})]
    assert search.complete
    late = smallest_sets(problem, 8, deadline=0.0)
    assert not late.complete
    assert late.finished == -1
    assert late.found == []


def test_strongest_tree_by_eye() -> None:
    strengths = {(0, 1): 0.5, (1, 2): 0.4, (0, 2): 0.1, (2, 3): 0.2}
    assert sorted(strongest_tree([0, 1, 2, 3], strengths)) == [(0, 1), (1, 2), (2, 3)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_strongest_tree_as_networkx_has_it(seed: int) -> None:
    rng = Random(seed)
    graph = nx.gnp_random_graph(7, 0.6, seed=seed)
    strengths = {(a, b): rng.uniform(0.01, 1.0) for a, b in graph.edges}
    nx.set_edge_attributes(graph, strengths, "weight")
    expected = nx.maximum_spanning_tree(graph)
    tree = strongest_tree(list(graph), strengths)
    assert sum(strengths[e] for e in tree) == pytest.approx(expected.size(weight="weight"))
