"""Questions about bridges, asked about the most connected: none may be slow or long."""

import itertools
from collections import Counter
from typing import Final

import httpx

from .data import Missing
from .document import circumstances, number, quantiles, table
from .graphs import GRAPHS, most_connected, ties_of
from .measure import Budget, quantile, timed
from .stage import Fill, Stage

# {0} and {1} are firms, {2} is the network, or one of the alliances, with the most who take part.
QUESTIONS: Final = {
    "ten best paths": "/api/v1/paths?from={0}&to={1}",
    "bridges": "/api/v1/bridges?from={0}&to={1}",
    "bridges, six introductions": "/api/v1/bridges?from={0}&to={1}&max_steps=6",
    "bridges past the largest body": "/api/v1/bridges?from={0}&to={1}&via={2}",
    "bridges, the largest body avoided": "/api/v1/bridges?from={0}&to={1}&avoid={2}",
    "openings": "/api/v1/openings?from={0}&to={1}",
    "what can be reached": "/api/v1/actors/{0}/reach",
    "single points of failure": "/api/v1/actors/{0}/weak-points",
    "proximity": "/api/v1/proximity?from={0}&to={1}",
    "the neighbourhood": "/api/v1/actors/{0}/ego",
}
HUBS, HUB_PAIRS = 11, 50
# However long loading takes, each graph has so long.
LEAST_SECONDS = 30.0
GOAL_SECONDS = 1.0


def hubs_part(stage: Stage, budget: Budget) -> str:
    """Ask every question about pairs of the most connected firms, on both engines in turns."""
    rows: list[list[str]] = []
    missing: list[str] = []
    told_version = ""
    for n, (key, (name, fill)) in enumerate(GRAPHS.items()):
        share = budget.part(1.0 if n else 0.3)
        try:
            told_version = _graph(stage, share, key, name, fill, rows) or told_version
        except Missing as exc:
            missing.append(f"{name}: {exc}")
    text = [
        "## Questions about the most connected",
        circumstances(told_version),
        f"Pairs of the {HUBS} firms with the most participations; the largest body is the network, "
        "or without one the alliance, with the most who take part. One request at a time, both "
        "engines and all questions in turns, default options unless said. Times in ms. The first "
        f"answer of each kind is not counted. Goal: p95 within {GOAL_SECONDS:g} s.",
        table(
            ["graph", "question", "engine", "pairs", "p50", "p95", "max", "kB, max", "p95 ≤ 1 s"],
            rows,
        ),
    ]
    return "\n\n".join([*text, *(f"**Not measured**: {m}." for m in missing)])


def _graph(
    stage: Stage, budget: Budget, key: str, name: str, fill: Fill, rows: list[list[str]]
) -> str:
    held = stage.held(key, fill)
    with held.open() as engine:
        ties = ties_of(engine)
    hubs = most_connected(ties)[:HUBS]
    ((largest, _),) = Counter(b for _, b in ties).most_common(1)
    took: dict[tuple[str, str], list[float]] = {}
    sizes: dict[tuple[str, str], int] = {}
    with held.serving() as servers:
        share = Budget(max(budget.left, LEAST_SECONDS))
        pairs = list(itertools.combinations(hubs, 2))[: HUB_PAIRS + 1]
        for n, pair in enumerate(pairs):
            for question, address in QUESTIONS.items():
                for engine_name, (client, _) in servers.items():
                    seconds, size = timed(_get, client, address.format(*pair, largest))
                    if n:
                        took.setdefault((question, engine_name), []).append(1e3 * seconds)
                        before = sizes.get((question, engine_name), 0)
                        sizes[question, engine_name] = max(before, size)
            if n and not share.left:
                break
    rows += [
        [
            name,
            question,
            engine_name,
            str(len(values)),
            *quantiles(values),
            number(sizes[question, engine_name] / 1e3),
            "met" if quantile(values, 0.95) <= 1e3 * GOAL_SECONDS else "**missed**",
        ]
        for (question, engine_name), values in took.items()
    ]
    return held.version


def _get(client: httpx.Client, address: str) -> int:
    response = client.get(address, timeout=60.0)
    response.raise_for_status()
    return len(response.content)
