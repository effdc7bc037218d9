"""The same questions answered the plain way: every pair of actors joined, every chain tried.

Right by inspection and far too slow for real graphs; it is what the fast search is held against.
"""

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx

from alliance_explorer.queries import PathOptions
from alliance_explorer.queries.graph.ties import DEFAULT_WEIGHTS, KIND_OF_TYPE
from tests.support.tiny import Row, Rows

DAYS_PER_YEAR = 365.25


@dataclass
class Simple:
    """Strength of the step between any two actors: parallel ties combined."""

    open: dict[frozenset[str], float] = field(default_factory=lambda: defaultdict(lambda: 1.0))

    def tie(self, one: str, other: str, strength: float) -> None:
        if one != other and strength > 0:
            self.open[frozenset((one, other))] *= 1 - strength

    def graph(self) -> "nx.Graph[str]":
        graph: nx.Graph[str] = nx.Graph()
        for pair, rest in self.open.items():
            one, other = sorted(pair)
            graph.add_edge(one, other, strength=1 - rest)
        return graph


def _parsed(value: object) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


def reference_graph(rows: Rows, options: PathOptions, today: dt.date) -> "nx.Graph[str]":
    """Actors joined by strength, under the documented rules."""
    reference = options.as_of or today
    simple = Simple()

    def seen(row: Row, since: dt.date | None, until: dt.date | None) -> bool:
        recorded = _parsed(row.get("recorded_at")) or today
        confidence = row.get("confidence", 1.0)
        assert isinstance(confidence, float)
        return (
            (since is None or since <= reference)
            and (options.known_at is None or recorded <= options.known_at)
            and confidence >= options.min_confidence
            and (options.counts_ended or until is None or until > reference)
        )

    def faded(until: dt.date | None) -> float:
        if until is None or until > reference:
            return 1.0
        return float(0.5 ** ((reference - until).days / DAYS_PER_YEAR / options.half_life))

    def weight(kind: str) -> float:
        return DEFAULT_WEIGHTS[kind] if kind in options.kinds else 0.0

    alliances = {str(r["id"]): r for r in rows.get("Alliance", ())}
    bodies: dict[str, dict[str, list[tuple[dt.date | None, dt.date | None]]]] = defaultdict(dict)
    for row in rows.get("PARTY_TO", ()):
        alliance = alliances[str(row["to"])]
        since, until = _parsed(alliance.get("start")), _parsed(alliance.get("end"))
        if seen(row, since, until):
            bodies[str(row["to"])].setdefault(str(row["from"]), []).append((since, until))
    for row in rows.get("MEMBER_OF", ()):
        since, until = _parsed(row.get("since")), _parsed(row.get("until"))
        if seen(row, since, until):
            bodies[str(row["to"])].setdefault(str(row["from"]), []).append((since, until))
    avoided = set(options.avoid)
    for body, members in bodies.items():
        if body in avoided or not 2 <= len(members) <= (options.max_shared or len(members)):
            continue
        kind = "alliance" if body.startswith("alliance:") else "membership"
        base = weight(kind) * 0.5 / math.log2(1 + len(members))
        spans = {m: _hull(s) for m, s in members.items()}
        for one, other in itertools.combinations(sorted(members), 2):
            first = max(spans[one][0] or dt.date.min, spans[other][0] or dt.date.min)
            last = min(spans[one][1] or dt.date.max, spans[other][1] or dt.date.max)
            if first < last:
                simple.tie(one, other, base * faded(last))
    direct: dict[tuple[frozenset[str], str], list[tuple[dt.date | None, float]]] = defaultdict(list)
    for type_, kind in KIND_OF_TYPE.items():
        for row in rows.get(type_, ()):
            since, until = _parsed(row.get("since") or row.get("date")), _parsed(row.get("until"))
            if seen(row, since, until):
                stated = row.get("strength", 1.0) if type_ == "KNOWS" else 1.0
                assert isinstance(stated, float)
                pair = frozenset((str(row["from"]), str(row["to"])))
                direct[pair, kind].append((until, stated))
    for (pair, kind), found in direct.items():
        one, other = sorted(pair)
        lasting = [u for u, _ in found]
        until = None if None in lasting else max(u for u in lasting if u)
        base = weight(kind) * 0.5 / math.log2(3) * max(s for _, s in found)
        simple.tie(one, other, base * faded(until))
    graph = simple.graph()
    graph.remove_nodes_from([n for n in avoided if n in graph])
    return graph


def _hull(
    spans: list[tuple[dt.date | None, dt.date | None]],
) -> tuple[dt.date | None, dt.date | None]:
    firsts, lasts = [s for s, _ in spans], [u for _, u in spans]
    first = None if None in firsts else min(s for s in firsts if s)
    last = None if None in lasts else max(u for u in lasts if u)
    return first, last


def every_path(
    graph: "nx.Graph[str]", focal: str, target: str, max_steps: int
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Every chain without a repeated actor, with its strength."""
    if focal not in graph or target not in graph:
        return
    for chain in nx.all_simple_paths(graph, focal, target, cutoff=max_steps):
        strength = math.prod(graph.edges[a, b]["strength"] for a, b in itertools.pairwise(chain))
        yield strength, tuple(chain)


def recomputed(path: Mapping[str, object]) -> float:
    """A path's strength from nothing but its JSON."""
    total = 1.0
    steps = path["steps"]
    assert isinstance(steps, list)
    for step in steps:
        rest = 1.0
        for tie in step["ties"]:
            recency, weight = tie["recency"], tie["weight"]
            repetition = 1 - 0.5 ** tie["dealings"]
            specificity = 1 / math.log2(1 + tie["participants"])
            stated = 1.0 if tie["stated"] is None else tie["stated"]
            rest *= 1 - weight * recency * repetition * specificity * stated
        rest *= 1 - step["more"]["strength"]
        total *= 1 - rest
    return total
