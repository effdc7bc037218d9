"""The graphs that are measured, and their ties as networkx graphs, as somebody else would do it."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import networkx as nx

from alliance_explorer.engine import Engine
from alliance_explorer.queries.graph.projection import participations

from .cordis import load_cordis
from .data import load_landscapes
from .stage import Fill

if TYPE_CHECKING:
    Graph = nx.Graph[str]

# By key, what they are called and what writes them.
GRAPHS: Final[Mapping[str, tuple[str, Fill]]] = {
    "landscapes": ("both landscapes", load_landscapes),
    "cordis": ("CORDIS H2020", load_cordis),
}
# Half of what an alliance or a network passes on before its size counts: one dealing each.
ALLIANCE, NETWORK = 0.4, 0.2


def ties_of(engine: Engine) -> list[tuple[str, str]]:
    """Who takes part in what: actor and body."""
    facts = participations(engine)
    return sorted(set(zip(facts["actor"].to_pylist(), facts["body"].to_pylist(), strict=True)))


def most_connected(ties: Sequence[tuple[str, str]]) -> list[str]:
    """Firms, those that take part in most first; equals in the order of their ids."""
    degree = Counter(a for a, _ in ties if a.startswith("firm:"))
    return sorted(degree, key=lambda firm: (-degree[firm], firm))


def _strengths(ties: Sequence[tuple[str, str]]) -> dict[str, float]:
    sizes: dict[str, int] = {}
    for _, body in ties:
        sizes[body] = sizes.get(body, 0) + 1
    return {
        b: (ALLIANCE if b.startswith("alliance:") else NETWORK) / math.log2(1 + n)
        for b, n in sizes.items()
        if n > 1
    }


def bipartite(ties: Sequence[tuple[str, str]]) -> "Graph":
    """Actors and bodies; a way from actor to actor is as long as its bodies are weak."""
    strengths = _strengths(ties)
    graph: Graph = nx.Graph()
    for actor, body in ties:
        if body in strengths:
            graph.add_edge(actor, body, length=-math.log(strengths[body]) / 2)
    return graph


def projected(ties: Sequence[tuple[str, str]]) -> "Graph":
    """Actors only, each joined with everybody in the same body: the clique is written out."""
    strengths = _strengths(ties)
    members: dict[str, list[str]] = {}
    for actor, body in ties:
        members.setdefault(body, []).append(actor)
    graph: Graph = nx.Graph()
    for body, some in members.items():
        if body in strengths:
            for one, other in itertools.combinations(some, 2):
                rest = 1.0 - strengths[body]
                if graph.has_edge(one, other):
                    rest *= graph.edges[one, other]["rest"]
                graph.add_edge(one, other, rest=rest, length=-math.log(1.0 - rest))
    return graph


def shortest(graph: "Graph", pair: tuple[str, str]) -> list[str] | None:
    """A way with the fewest introductions."""
    one, other = pair
    if one not in graph or other not in graph or not nx.has_path(graph, one, other):
        return None
    path: list[str] = nx.shortest_path(graph, one, other)
    return path


def strongest_paths(graph: "Graph", one: str, other: str, k: int) -> list[list[str]]:
    """The `k` strongest ways without a repeated node, however long."""
    if one not in graph or other not in graph:
        return []
    try:
        return list(
            itertools.islice(nx.shortest_simple_paths(graph, one, other, weight="length"), k)
        )
    except nx.NetworkXNoPath:
        return []
