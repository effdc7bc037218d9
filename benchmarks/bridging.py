"""Asking for bridges over HTTP, beside Cypher alone and networkx, pair by pair in turns."""

import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import httpx
import neo4j

from alliance_explorer.engine import open_engine
from alliance_explorer.settings import settings

from .cypher import ALTERNATIVES, BEST, TWO_STEPS
from .data import SEED, Missing, load_landscapes
from .document import circumstances, megabytes, number, quantiles, table
from .graphs import bipartite, shortest, ties_of
from .inside import inside_a_request
from .measure import Budget, milliseconds, peak, quantile, timed
from .memory import in_memory
from .stage import Stage, driver, serving, version

Pair: TypeAlias = tuple[str, str]
Ask: TypeAlias = Callable[[Pair], Any]

CNCF = "network:cloud-native-computing-foundation"
PAIRS = 200
CNCF_PAIRS = 50
WARM_UP = 10
EMBEDDED, REMOTE = "embedded, HTTP", "Neo4j, HTTP"
CYPHER = "Cypher alone, the best"
RANDOM, INSIDE = "random firms", "CNCF members"


@dataclass
class _Race:
    """What each contestant needed for each pair, and what the product answered."""

    name: str
    milliseconds: dict[str, list[float]]
    sizes: list[int] = field(default_factory=list)
    incomplete: int = 0
    unlike: int = 0
    against_cypher: dict[str, int] = field(
        default_factory=lambda: {"the same": 0, "stronger": 0, "weaker": 0}
    )

    @property
    def pairs(self) -> int:
        return len(next(iter(self.milliseconds.values())))

    def judge(self, answers: Mapping[str, Any]) -> None:
        body = answers[EMBEDDED]
        self.sizes.append(len(body))
        told = json.loads(body)
        self.incomplete += not told["searched"]["complete"]
        if REMOTE in answers:
            self.unlike += told != json.loads(answers[REMOTE])
        if CYPHER in answers:
            ours = [b["strength"] for b in told["bridges"]]
            theirs = [float(row["strength"]) for row in answers[CYPHER]]
            self.against_cypher[_compared(ours, theirs)] += 1


def bridges_part(stage: Stage, budget: Budget) -> str:
    """Measure everything that answers, or nearly answers, who bridges two firms."""
    path = stage.new_file()
    url = f"ladybug://{path}"
    with open_engine(url) as engine:
        load_landscapes(engine)
        ties = ties_of(engine)
    firms = sorted({a for a, _ in ties if a.startswith("firm:")})
    members = sorted({a for a, body in ties if body == CNCF})
    rng = random.Random(SEED)
    pairs, inside = ([_pair(rng, who) for _ in range(n)] for who, n in _asked(firms, members))
    missing, server = "", None
    try:
        server = stage.neo4j("landscapes", load_landscapes)
    except Missing as exc:
        missing = str(exc)
    where = circumstances(version(server) if server else "")
    with ExitStack() as stack:
        servers = {EMBEDDED: stack.enter_context(serving(url))}
        if server:
            servers[REMOTE] = stack.enter_context(serving(server.uri, server))
        bare = stack.enter_context(driver(server)) if server else None
        first = {n: timed(_get, c, pairs[0])[0] for n, (c, _) in servers.items()}
        asks = _contestants({n: c for n, (c, _) in servers.items()}, bare, ties)
        for pair in pairs[1 : 1 + WARM_UP]:
            for ask in asks.values():
                ask(pair)
        races = [
            _race(RANDOM, asks, pairs, budget.part(0.45)),
            _race(INSIDE, asks, inside, budget.part(0.25)),
        ]
        empty = [milliseconds(servers[EMBEDDED][0].get, "/healthz") for _ in range(50)]
        peaks = {name: peak(pid) for name, (_, pid) in servers.items()}
        others = _alternatives(bare, pairs, budget.part(0.4)) if bare else ""
    text = [
        "## Bridges over HTTP",
        where,
        "`GET /api/v1/bridges` with the default options (at most 3 introductions, 10 bridges, each "
        f"with up to 3 ways) on the landscapes: {len(firms):,} firms, {len(ties):,} ties. One "
        "request at a time over one connection that is kept; for each pair of firms all "
        "contestants are asked in turns. Times in ms, and as a ratio to the embedded engine's p50.",
        _race_table(races),
        f"An empty request (`/healthz`) takes {quantiles(empty)[0]} ms. The first request after a "
        "start, which reads the projection: "
        f"{_listed({n: number(s, 's') for n, s in first.items()})}. Peak memory of the server: "
        f"{_listed({n: megabytes(m) for n, m in peaks.items()})}.",
        "### What is answered",
        _answers(races),
        "### Where the time of a request goes",
        inside_a_request(url, server, pairs, budget.part(0.3)),
    ]
    if others:
        text += ["### Cypher alone", others]
    if missing:
        text.append(f"**Neo4j and Cypher alone were not measured**: {missing}.")
    text += ["### networkx in memory", in_memory(url, ties, pairs)]
    return "\n\n".join(text)


def _asked(firms: list[str], members: list[str]) -> list[tuple[list[str], int]]:
    return [(firms, PAIRS), (members, CNCF_PAIRS)]


def _pair(rng: random.Random, firms: Sequence[str]) -> Pair:
    one, other = rng.sample(firms, 2)
    return one, other


def _contestants(
    clients: Mapping[str, httpx.Client], bare: neo4j.Driver | None, ties: list[Pair]
) -> dict[str, Ask]:
    asks: dict[str, Ask] = {n: partial(_get, c) for n, c in clients.items()}
    if bare:
        asks[CYPHER] = partial(_cypher, bare, BEST)
        asks["Cypher alone, two introductions"] = partial(_cypher, bare, TWO_STEPS)
    graph = bipartite(ties)
    asks["networkx, any shortest path"] = partial(shortest, graph)
    return asks


def _get(client: httpx.Client, pair: Pair) -> bytes:
    response = client.get("/api/v1/bridges", params={"from": pair[0], "to": pair[1]})
    response.raise_for_status()
    return response.content


def _cypher(bare: neo4j.Driver, text: str, pair: Pair) -> list[dict[str, Any]]:
    query = neo4j.Query(text, timeout=settings().read_timeout)
    focal, target = pair
    with bare.session(default_access_mode=neo4j.READ_ACCESS) as session:
        return session.run(query, focal=focal, target=target).data()


def _race(name: str, asks: Mapping[str, Ask], pairs: Sequence[Pair], budget: Budget) -> _Race:
    race = _Race(name, {n: [] for n in asks})
    order = list(asks)
    for pair in pairs:
        answers: dict[str, Any] = {}
        for contestant in order:
            took, answers[contestant] = timed(asks[contestant], pair)
            race.milliseconds[contestant].append(1e3 * took)
        race.judge(answers)
        order = order[1:] + order[:1]  # nobody is always asked first
        if not budget.left:
            break
    return race


def _race_table(races: Sequence[_Race]) -> str:
    rows = []
    for race in races:
        base = quantile(race.milliseconds[EMBEDDED], 0.5)
        for name, values in race.milliseconds.items():
            ratio = number(quantile(values, 0.5) / base, "×")
            rows.append([f"{race.pairs} pairs of {race.name}", name, *quantiles(values), ratio])
    return table(["", "", "p50", "p95", "max", "ratio"], rows)


def _compared(ours: Sequence[float], theirs: Sequence[float]) -> str:
    both = list(zip(ours, theirs, strict=False))
    if len(ours) == len(theirs) and all(math.isclose(a, b, rel_tol=1e-9) for a, b in both):
        return "the same"
    return "weaker" if any(a < b * (1 - 1e-9) for a, b in both) else "stronger"


def _answers(races: Sequence[_Race]) -> str:
    rows = []
    for race in races:
        p50, p95, largest = (f"{s / 1e3:,.0f}" for s in _size_quantiles(race.sizes))
        judged = sum(race.against_cypher.values())
        rows.append(
            [
                f"{race.pairs} pairs of {race.name}",
                f"{p50} / {p95} / {largest}",
                race.incomplete,
                f"{race.unlike}" if REMOTE in race.milliseconds else "–",
                " / ".join(map(str, race.against_cypher.values())) if judged else "–",
            ]
        )
    told = table(
        [
            "",
            "JSON, kB: p50 / p95 / max",
            "cut off",
            "other answer on Neo4j",
            "strengths beside the best Cypher: same / stronger / weaker",
        ],
        rows,
    )
    return (
        f"{told}\n\nThe size of an answer has bounds that do not depend on the size of a network: "
        "bridges, ways for each, steps of each, and for a step one tie for each body that both "
        "share. *Stronger*: also ties in the middle of a chain are added up over the bodies that "
        "two firms share, which the Cypher does not. *Weaker* would be a mistake."
    )


def _size_quantiles(sizes: Sequence[int]) -> list[float]:
    return [quantile(sizes, part) for part in (0.5, 0.95, 1.0)]


def _alternatives(bare: neo4j.Driver, pairs: Sequence[Pair], budget: Budget) -> str:
    rows: list[list[object]] = []
    for name, (text, lacks) in ALTERNATIVES.items():
        share = budget.part(1.0 / (len(ALTERNATIVES) - len(rows)))
        times: list[float] = []
        for pair in pairs[1:WARM_UP]:
            try:
                times.append(milliseconds(_cypher, bare, text, pair))
            except neo4j.exceptions.Neo4jError:
                times.append(1e3 * settings().read_timeout)
            if not share.left:
                break
        rows.append([name, len(times), *quantiles(times), lacks])
    head = ["", "pairs", "p50", "p95", "max", "what it does not answer"]
    return (
        f"{table(head, rows)}\n\nTime limit as the product has it, "
        f"{settings().read_timeout:g} s. None of them gives what the product's answer has beside "
        "the names: every tie with its dates, facts and sources, further ways for each bridge, the "
        "direct tie, who competes; as-of dates, ended ties that fade, dealings, own weights, what "
        "to avoid, ties of people.\n\n"
        f"The best, which looks at each body once:\n\n```cypher\n{BEST}\n```"
    )


def _listed(texts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in texts.items())
