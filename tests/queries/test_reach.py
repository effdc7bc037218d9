"""What can be reached and over whom it hangs, held against trying every chain."""

from collections.abc import Iterator
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import PathOptions
from alliance_explorer.queries.failure import weak_points
from alliance_explorer.queries.reach import reach
from tests.queries.test_random_graphs import (
    RANDOM,
    _json,
    _refilled,
    random_graph,
    random_question,
    seeds,
)
from tests.support.reference import every_path, recomputed, reference_graph
from tests.support.tiny import TODAY, Rows

ANSWERS = PathOptions(max_steps=6)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("reach") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def _shortest(graph: "nx.Graph[str]", focal: str, max_steps: int) -> dict[str, int]:
    if focal not in graph:
        return {}
    found: dict[str, int] = nx.single_source_shortest_path_length(graph, focal, cutoff=max_steps)
    return {a: n for a, n in found.items() if n}


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_reach_as_trying_every_chain(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        focal, _, asked = random_question(Random(seed), rows)
        expected = reference_graph(rows, asked, TODAY)
        steps = _shortest(expected, focal, asked.max_steps)
        new = {a: n for a, n in steps.items() if n > 1}
        found, cursor, pages = [], None, 0
        while True:
            answer = _json(reach(x, focal, asked, cursor=cursor))
            found += answer["reached"]
            cursor, pages = answer["next_cursor"], pages + 1
            if cursor is None:
                break
        assert pages == max(1, -(-len(new) // asked.limit))
        assert answer["tied"] == sum(n == 1 for n in steps.values())
        assert answer["total"] == answer["reachable"] == len(new)
        assert {r["actor"]["id"]: r["steps"] for r in found} == new
        strengths = [r["strength"] for r in found]
        assert strengths == pytest.approx(sorted(strengths, reverse=True), rel=1e-9)
        for r in found:
            best = {c: s for s, c in every_path(expected, focal, r["actor"]["id"], asked.max_steps)}
            chain = tuple(a["id"] for a in r["path"]["actors"])
            assert r["strength"] == pytest.approx(max(best.values()), rel=1e-9)
            assert r["strength"] == pytest.approx(best[chain], rel=1e-9)
            assert recomputed(r["path"]) == pytest.approx(r["strength"], abs=1e-9)
            assert r["bridge"]["id"] == chain[1]


def _lost_without(rows: Rows, focal: str, asked: PathOptions) -> dict[str, set[str]]:
    """Who is out of reach without each actor and body: by taking it out and looking again."""
    reachable = {*_shortest(reference_graph(rows, asked, TODAY), focal, asked.max_steps)}
    nodes = [str(r["id"]) for t in ("Firm", "Person", "Network", "Alliance") for r in rows[t]]
    lost = {}
    for node in nodes:
        if node != focal and node not in asked.avoid:
            less = asked.model_copy(update={"avoid": (*asked.avoid, node)})
            left = {*_shortest(reference_graph(rows, less, TODAY), focal, asked.max_steps)}
            lost[node] = reachable - left - {node}
    return {node: some for node, some in lost.items() if some}


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_weak_points_as_taking_each_out(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        focal, target, asked = random_question(Random(seed), rows)
        asked = asked.model_copy(update={"limit": 50})
        lost = _lost_without(rows, focal, asked)
        for one in (target, None):
            group = {target} if one else {str(r["id"]) for r in rows["Firm"]}
            expected = {n: some & group for n, some in lost.items() if some & group}
            answer = _json(weak_points(x, focal, asked, target=one))
            assert answer["total"] == len(expected)
            members = {*_shortest(reference_graph(rows, asked, TODAY), focal, asked.max_steps)}
            assert answer["in_reach"] == len(members & group)
            for point in answer["points"]:
                node = point["without"]["id"]
                assert {r["id"] for r in point["lost"]} == expected[node]
                assert point["loses_all"] == ((members & group) - {node} == expected[node])
                assert node in _on(point["example"])
            if len(expected) <= 50:
                assert {p["without"]["id"] for p in answer["points"]} == {*expected}


def _on(path: dict[str, Any]) -> set[str]:
    shared = (t["shared"] for s in path["steps"] for t in s["ties"])
    return {a["id"] for a in path["actors"]} | {s["id"] for s in shared if s}
