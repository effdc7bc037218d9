"""The same ties in networkx: how long they take to build, to search, and how much memory."""

from collections.abc import Sequence
from itertools import groupby

from alliance_explorer.engine import open_engine
from alliance_explorer.queries.graph.projection import project

from . import child
from .document import megabytes, number, quantiles, table

K = 10
SLOW_PAIRS = {"bipartite": 20, "projected": 2}
SHAPES = {
    "bipartite": "bipartite: actors and bodies",
    "projected": "projected: each two actors of a body joined",
}


def in_memory(url: str, ties: Sequence[tuple[str, str]], pairs: Sequence[tuple[str, str]]) -> str:
    """A table of the graphs that somebody would build, beside the product's projection."""
    rows = []
    for kind, name in SHAPES.items():
        asked = pairs[: SLOW_PAIRS[kind]]
        found = child.run("in_memory", url=url, kind=kind, pairs=asked, k=K)
        rows.append(
            [
                name,
                f"{found['edges']:,}",
                number(found["seconds"], "s"),
                megabytes(found["bytes"]),
                *quantiles(found["milliseconds"]),
            ]
        )
    with open_engine(url) as engine:
        projection = project(engine)
    entries = f"{len(projection.shared.actor):,}"
    rows.append(
        ["the product's projection (arrays)", entries, "–", megabytes(projection.nbytes), *"–––"]
    )
    bodies = groupby(sorted(body for _, body in ties))
    sizes = [len(list(members)) for _, members in bodies]
    cliques = sum(n * (n - 1) // 2 for n in sizes)
    head = ["graph", "edges", "build", "memory", f"{K} strongest paths, ms: p50", "p95", "max"]
    return (
        f"{table(head, rows)}\n\nThe largest network has {max(sizes):,} members; all pairs of "
        f"members, network by network, are {cliques:,}. The product keeps one entry for each fact "
        f"that puts a member into a network. networkx.shortest_simple_paths with weight "
        "-log(strength), "
        f"on the first {SLOW_PAIRS['bipartite']} and {SLOW_PAIRS['projected']} pairs. The "
        "bipartite graph does not add up ties over several bodies, and gives ways of any length; "
        "both know neither dates nor evidence, and are to be built anew in each process and after "
        "each change."
    )
