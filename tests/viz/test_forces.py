import itertools
import math
import time

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.viz.forces import APART, forces
from alliance_explorer.viz.layout import Pair


def tied(graph: "nx.Graph[int]") -> list[Pair]:
    return [(f"n{a}", f"n{b}") for a, b in graph.edges]


def test_those_who_are_tied_stand_together() -> None:
    graph = nx.connected_caveman_graph(6, 8)
    ids = [f"n{i}" for i in graph]
    placed = forces(ids, tied(graph))
    near = [math.dist(placed[a], placed[b]) for a, b in tied(graph)]
    far = [math.dist(placed[a], placed[b]) for a, b in itertools.combinations(ids, 2)]
    assert sum(near) / len(near) < 0.5 * sum(far) / len(far)


@pytest.mark.parametrize("size", [2, 30, 400, 900])
def test_labels_stay_apart(size: int) -> None:
    graph = nx.barabasi_albert_graph(size, 1, seed=3)
    placed = forces([f"n{i}" for i in graph], tied(graph))
    points = sorted(placed.values())
    closest = min(math.dist(a, b) for a, b in itertools.combinations(points, 2))
    assert closest > 0.85 * APART


def test_the_same_picture_whatever_the_order() -> None:
    edges = tied(nx.barabasi_albert_graph(60, 2, seed=3))
    ids = [f"n{i}" for i in range(60)]
    turned = [(b, a) for a, b in reversed(edges)]
    assert forces(ids, edges) == forces(ids[::-1], turned)


@settings(max_examples=30, deadline=None)
@given(
    old=st.dictionaries(
        st.sampled_from([f"n{i}" for i in range(20)]),
        st.tuples(*[st.floats(-3_000, 3_000).map(lambda v: round(v, 1))] * 2),
    ),
    edges=st.lists(st.tuples(*[st.integers(0, 25).map(lambda i: f"n{i}")] * 2), max_size=60),
)
def test_those_who_stand_stay(old: dict[str, tuple[float, float]], edges: list[Pair]) -> None:
    ids = [f"n{i}" for i in range(24)]
    placed = forces(ids, edges, old)
    assert set(placed) == set(ids)
    assert {i: placed[i] for i in old} == old
    assert all(math.isfinite(v) for at in placed.values() for v in at)


def test_the_new_stand_beside_those_they_are_tied_to() -> None:
    held = {"a": (0.0, 0.0), "b": (900.0, 0.0)}
    placed = forces(["a", "b", "x", "y"], [("b", "x"), ("x", "y")], held)
    assert math.dist(placed["x"], held["b"]) < 400 < math.dist(placed["x"], held["a"])
    assert math.dist(placed["y"], placed["x"]) < 450


def test_nothing_and_one() -> None:
    assert forces([], []) == {}
    assert forces(["a"], [("a", "a"), ("a", "b")]) == {"a": (0.0, 0.0)}
    assert forces(["a"], [], {"elsewhere": (9.0, 9.0)}) == {"a": (0.0, 0.0)}


def test_two_thousand_take_about_a_second() -> None:
    edges = tied(nx.barabasi_albert_graph(2_000, 3, seed=3))
    start = time.process_time()
    forces([f"n{i}" for i in range(2_000)], edges)
    assert time.process_time() - start < 3, "of processor time, on a busy machine"
