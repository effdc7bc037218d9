"""500 random graphs of up to 30 actors on either engine: the best paths are those of every chain.

Graphs have equal strengths, parallel ties, ties that ended or are of little confidence; questions
avoid, look back, leave out large bodies, and go from side to side.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine
from alliance_explorer.queries import Explorer, PathOptions, bridges, paths
from tests.queries.test_random_graphs import (
    _check_bridges,
    _check_paths,
    _json,
    _refilled,
    random_graph,
    random_question,
)
from tests.queries.test_random_graphs import embedded as embedded
from tests.queries.test_random_graphs import server as server
from tests.support.reference import every_path, recomputed, reference_graph
from tests.support.tiny import TODAY, Rows

BATCHES, GRAPHS, ACTORS = 10, 50, 30
MOST_CHAINS = 10_000  # that trying every chain may have to try

seeds = st.lists(st.integers(0, 2**32), min_size=GRAPHS, max_size=GRAPHS, unique=True)
RANDOM = settings(
    max_examples=BATCHES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def _asked(rng: Random, rows: Rows) -> tuple[str, str, PathOptions, "nx.Graph[str]"]:
    """A question, with no more steps than every chain can be tried for."""
    focal, target, asked = random_question(rng, rows)
    asked = asked.model_copy(update={"max_shared": rng.choice((None, None, 3, 12))})
    graph = reference_graph(rows, asked, TODAY)
    degree = max((d for _, d in graph.degree), default=0)
    steps = max(n for n in range(1, 7) if n == 1 or degree**n <= MOST_CHAINS)
    return focal, target, asked.model_copy(update={"max_steps": min(asked.max_steps, steps)}), graph


def _check_side(x: Explorer, rng: Random, rows: Rows, asked: PathOptions, graph: Any) -> None:
    """To a side of many: a way ends at the first of them that it meets."""
    actors = [str(r["id"]) for label in ("Firm", "Person") for r in rows[label]]
    actors = [a for a in actors if a not in asked.avoid]
    focal, *others = rng.sample(actors, min(len(actors), 13))
    if not others:
        return
    told = _json(paths(x, focal, others, asked))["paths"]
    best = sorted(
        (
            strength
            for target in others
            for strength, chain in every_path(graph, focal, target, asked.max_steps)
            if not set(chain[:-1]) & set(others)
        ),
        reverse=True,
    )
    assert [p["strength"] for p in told] == pytest.approx(best[: asked.limit], rel=1e-9)


def _check(engine: Engine, chosen: list[int]) -> None:
    graphs = {
        seed: random_graph(Random(seed), f"g{n}", most=ACTORS) for n, seed in enumerate(chosen)
    }
    x = _refilled(engine, list(graphs.values()))
    for seed, rows in graphs.items():
        rng = Random(seed)
        focal, target, asked, graph = _asked(rng, rows)
        found = _json(paths(x, focal, target, asked))
        _check_paths(found, graph, asked)
        answer = _json(bridges(x, focal, target, asked))
        _check_bridges(answer, graph, asked)
        for path in [*found["paths"], *(p for b in answer["bridges"] for p in b["paths"])]:
            assert recomputed(path) == pytest.approx(path["strength"], rel=0, abs=1e-9)
        if seed % 2:
            _check_side(x, rng, rows, asked, graph)


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_as_trying_every_chain_embedded(embedded: Engine, chosen: list[int]) -> None:
    _check(embedded, chosen)


@pytest.mark.neo4j
@RANDOM
@given(seeds)
def test_as_trying_every_chain_on_neo4j(server: Engine, chosen: list[int]) -> None:
    _check(server, chosen)


def _both(engine: Engine, keep: bool, rows: Rows, seed: int) -> Iterator[dict[str, Any]]:
    x = Explorer(engine, TODAY, keep=keep).for_question()
    focal, target, asked = random_question(Random(seed), rows)
    for answer in (paths(x, focal, target, asked), bridges(x, focal, target, asked)):
        yield json.loads(answer.model_dump_json(by_alias=True))


def _check_unkept(engine: Engine) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{seed}") for seed in range(30)}
    _refilled(engine, list(graphs.values()))
    for seed, rows in graphs.items():
        assert list(_both(engine, True, rows, seed)) == list(_both(engine, False, rows, seed))


@pytest.mark.ladybug
def test_nothing_kept_answers_alike_embedded(embedded: Engine) -> None:
    _check_unkept(embedded)


@pytest.mark.neo4j
def test_nothing_kept_answers_alike_on_neo4j(server: Engine) -> None:
    _check_unkept(server)
