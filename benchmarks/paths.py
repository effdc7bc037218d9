"""The best paths over HTTP on large graphs, beside Cypher, igraph and networkx, pair by pair."""

import itertools
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias

import httpx

from alliance_explorer.queries.graph.projection import project

from .data import SEED, Missing
from .document import circumstances, megabytes, number, quantiles, table
from .graphs import GRAPHS, bipartite, most_connected, shortest, ties_of
from .measure import Budget, peak, quantile, timed
from .stage import EMBEDDED, REMOTE, Fill, Stage, serving_bare

Pair: TypeAlias = tuple[str, str]
Ask: TypeAlias = Callable[[Pair], Any]

RANDOM_PAIRS = 500
HUBS, HUB_PAIRS = 11, 50
# However long loading takes, each race has so long.
LEAST_SECONDS = 20.0
WARM_UP = 10
ACTORS = "its actors alone"
EMPTY = "an empty request (`/healthz`)"
SHORTEST: Final = {EMBEDDED: "`SHORTEST`", REMOTE: "`shortestPath`"}
STRONGEST: Final = "Cypher alone, the strongest"
# It takes so long that it is asked of one pair in so many.
STRONGEST_EACH = 5
# A limit, not rivals: they know neither strengths nor evidence.
IN_MEMORY = ("igraph, a shortest path", "networkx, a shortest path")


@dataclass
class _Race:
    """What each contestant needed for each pair, and how large answers were."""

    graph: str
    kind: str
    took: dict[str, list[float]]
    sizes: dict[str, list[int]] = field(default_factory=dict)
    unlike: int = 0

    @property
    def pairs(self) -> int:
        return len(self.took[EMPTY])


def paths_part(stage: Stage, budget: Budget) -> str:
    """Measure each graph on both engines."""
    races: list[_Race] = []
    memory: list[list[str]] = []
    missing: list[str] = []
    told_version = ""
    for n, (key, (name, fill)) in enumerate(GRAPHS.items()):
        share = budget.part(1.0 if n else 0.3)
        try:
            told_version = _graph(stage, share, key, name, fill, races, memory) or told_version
        except Missing as exc:
            missing.append(f"{name}: {exc}")
    text = [
        "## The best paths at scale",
        circumstances(told_version),
        "`GET /api/v1/paths?limit=1` and `limit=10`, otherwise with the default options (at most "
        "3 introductions), one request at a time over one connection that is kept. *Its actors "
        "alone* is `limit=1&evidence=false`: who, and how strong, and no facts. For each pair all "
        "contestants are asked in turns. Times in ms. *Ratio*: to the p50 of an empty request to "
        "the same process, asked in the same turns. "
        f"*{HUB_PAIRS} hub pairs*: pairs of the {HUBS} firms with the most participations. Cypher "
        "alone and the graphs in memory give one shortest path, of any strength, without evidence: "
        "Cypher from an HTTP server that does nothing else (`benchmarks/bare.py`), the graphs in "
        "memory without HTTP. *The strongest* is the question by hand-written Cypher, without "
        "evidence and as if no tie had ended (`BEST` in `benchmarks/cypher.py`; embedded, in two "
        f"queries), asked of each {STRONGEST_EACH}th pair. Each server has one process, and the "
        "machine is shared: see the load average.",
        _race_table(races),
        "### Goals",
        _goals(races),
        "### Size and memory",
        table(
            ["graph", "pairs", "JSON of the best path, kB: p50 / max", "of the ten best"],
            _sizes(races),
        ),
        table(
            [
                "graph",
                "names",
                "shared ties",
                "bytes a tie (arrays)",
                "peak memory of the server, embedded",
                "Neo4j",
                "first request, embedded",
                "Neo4j",
            ],
            memory,
        ),
    ]
    text += [f"**Not measured**: {m}." for m in missing]
    return "\n\n".join(text)


def _graph(
    stage: Stage,
    budget: Budget,
    key: str,
    name: str,
    fill: Fill,
    races: list[_Race],
    memory: list[list[str]],
) -> str:
    held = stage.held(key, fill)
    with held.open() as engine:
        ties = ties_of(engine)
        projection = project(engine)
    copied = shutil.copy(held.path, stage.new_file())  # the file itself belongs to the server
    pairs = _pairs(ties)
    with ExitStack() as stack:
        servers = stack.enter_context(held.serving())
        first = {n: timed(_paths, c, 1, pairs["random"][0])[0] for n, (c, _) in servers.items()}
        bare = {EMBEDDED: stack.enter_context(serving_bare(f"ladybug://{copied}"))}
        if held.server:
            bare[REMOTE] = stack.enter_context(serving_bare(held.server.uri, held.server))
        asks = _contestants({n: c for n, (c, _) in servers.items()}, bare, ties)
        for pair in pairs["random"][1 : 1 + WARM_UP]:
            for ask in asks.values():
                ask(pair)
        for n, (kind, some) in enumerate(pairs.items()):
            share = budget.part(0.7 if n == 0 else 1.0)
            share = Budget(max(share.left, LEAST_SECONDS))
            races.append(_race(name, kind, asks, some, share))
        peaks = {n: megabytes(peak(pid)) for n, (_, pid) in servers.items()}
    memory.append(
        [
            name,
            f"{len(projection.names):,}",
            f"{len(projection.shared.actor):,}",
            number(projection.nbytes / max(1, len(projection.shared.actor))),
            *(peaks.get(n, "–") for n in (EMBEDDED, REMOTE)),
            *(number(first[n], "s") if n in first else "–" for n in (EMBEDDED, REMOTE)),
        ]
    )
    return held.version


def _pairs(ties: Sequence[Pair]) -> dict[str, list[Pair]]:
    rng = random.Random(SEED)
    ranked = most_connected(ties)
    firms = sorted(ranked)
    chosen = [rng.sample(firms, 2) for _ in range(RANDOM_PAIRS)]
    among = list(itertools.combinations(ranked[:HUBS], 2))
    rng.shuffle(among)
    return {"random": [(a, b) for a, b in chosen], "hub": among[:HUB_PAIRS]}


def _contestants(
    clients: Mapping[str, httpx.Client], bare: Mapping[str, httpx.Client], ties: list[Pair]
) -> dict[str, Ask]:
    asks: dict[str, Ask] = {EMPTY: lambda pair: clients[EMBEDDED].get("/healthz")}
    for name, client in clients.items():
        asks[f"{name}: best path"] = partial(_paths, client, 1)
        asks[f"{name}: {ACTORS}"] = partial(_paths, client, 1, evidence=False)
        asks[f"{name}: ten best"] = partial(_paths, client, 10)
    for name, client in bare.items():
        asks[f"{name}: Cypher alone, {SHORTEST[name]}"] = partial(_bare, client, "path")
        asks[f"{name}: {STRONGEST}"] = partial(_bare, client, "strongest")
    asks[IN_MEMORY[1]] = partial(shortest, bipartite(ties))
    if igraph := _igraph(ties):
        asks[IN_MEMORY[0]] = igraph
    return asks


def _paths(client: httpx.Client, limit: int, pair: Pair, *, evidence: bool = True) -> bytes:
    asked: dict[str, str | int] = {"from": pair[0], "to": pair[1], "limit": limit}
    if not evidence:
        asked["evidence"] = "false"
    response = client.get("/api/v1/paths", params=asked)
    response.raise_for_status()
    return response.content


def _bare(client: httpx.Client, what: str, pair: Pair) -> bytes:
    response = client.get(f"/{what}", params={"from": pair[0], "to": pair[1]})
    response.raise_for_status()
    return response.content


def _igraph(ties: Sequence[Pair]) -> Ask | None:
    try:
        import igraph
    except ImportError:
        return None
    names = sorted({n for tie in ties for n in tie})
    place = {n: i for i, n in enumerate(names)}
    graph = igraph.Graph(n=len(names), edges=[(place[a], place[b]) for a, b in ties])
    return lambda pair: graph.get_shortest_paths(place[pair[0]], place[pair[1]])[0]


def _race(
    graph: str, kind: str, asks: Mapping[str, Ask], pairs: Sequence[Pair], budget: Budget
) -> _Race:
    race = _Race(graph, kind, {n: [] for n in asks}, {"best path": [], "ten best": []})
    order = list(asks)
    for n, pair in enumerate(pairs):
        answers = {}
        for contestant in order:
            if contestant.endswith(STRONGEST) and n % STRONGEST_EACH:
                continue
            took, answers[contestant] = timed(asks[contestant], pair)
            race.took[contestant].append(1e3 * took)
        for what, sizes in race.sizes.items():
            found = [answers[n] for n in answers if n.endswith(f": {what}")]
            sizes.append(len(found[0]))
            race.unlike += len(set(found)) > 1
        order = order[1:] + order[:1]  # nobody is always asked first
        if not budget.left:
            break
    return race


def _race_table(races: Sequence[_Race]) -> str:
    rows = []
    for race in races:
        base = quantile(race.took[EMPTY], 0.5)
        for name, values in race.took.items():
            ratio = number(quantile(values, 0.5) / base, "×")
            rows.append(
                [race.graph, f"{race.pairs} {race.kind} pairs", name, *quantiles(values), ratio]
            )
    differing = sum(r.unlike for r in races)
    return (
        f"{table(['', '', '', 'p50', 'p95', 'max', 'ratio'], rows)}\n\n"
        f"Answers that differed between the engines, byte for byte: {differing}."
    )


def _goals(races: Sequence[_Race]) -> str:
    rows = []
    for race in races:
        where = f"{race.graph}, {race.kind} pairs"
        p50 = {n: quantile(v, 0.5) for n, v in race.took.items()}
        for engine in (EMBEDDED, REMOTE):
            best, ten = f"{engine}: best path", f"{engine}: ten best"
            if best not in p50:
                continue
            alone = f"{engine}: {ACTORS}"
            strongest = f"{engine}: {STRONGEST}"
            shortest = f"{engine}: Cypher alone, {SHORTEST[engine]}"
            for goal, value, limit in (
                ("best path ≤ 5 × an empty request", p50[best] / p50[EMPTY], 5.0),
                ("best path ≤ the strongest by Cypher alone", p50[best] / p50[strongest], 1.0),
                ("its actors alone ≤ a shortest path by it", p50[alone] / p50[shortest], 1.0),
                ("best path ≤ a shortest path by it", p50[best] / p50[shortest], 1.0),
                ("ten best ≤ 10 × the best path", p50[ten] / p50[best], 10.0),
                ("ten best ≤ 10 × an empty request", p50[ten] / p50[EMPTY], 10.0),
                ("p95 of the ten best ≤ 1 s", quantile(race.took[ten], 0.95) / 1e3, 1.0),
            ):
                unit = "s" if goal.endswith(" s") else "×"
                rows.append(
                    [
                        where,
                        engine,
                        goal,
                        number(value, unit),
                        "met" if value <= limit else "**missed**",
                    ]
                )
    return table(["", "engine", "goal (p50 unless said)", "measured", ""], rows)


def _sizes(races: Sequence[_Race]) -> list[list[str]]:
    told = []
    for race in races:
        row = [race.graph, race.kind]
        for sizes in race.sizes.values():
            kb = [quantile(sizes, q) / 1e3 for q in (0.5, 1.0)]
            row.append(" / ".join(number(v) for v in kb))
        told.append(row)
    return told
