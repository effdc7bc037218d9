"""The network of firms alone: one tie between two, however many alliances and networks they share.

What counts, and how much, is what `queries.structure.firm_network` says; so the figures are those
of `structure` and `whole-network`.
"""

from collections.abc import Iterator
from typing import Any, Final

import networkx as nx
import numpy as np

from alliance_explorer.graph_schema import SCHEMA, PropertyType
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED, firm_network

from .content import Content, Thing, Tie
from .stored import Stored

TIED: Final = "TIED"


def firm_content(
    explorer: Explorer, options: PathOptions, largest_shared: int = LARGEST_SHARED
) -> Content:
    """Firms with their properties, and ties with `count` and `strength`.

    Parameters
    ----------
    explorer : Explorer
    options : PathOptions
        Kinds of tie, dates, weights.
    largest_shared : int
        Networks with more participants tie nobody to anybody.
    """
    network = firm_network(explorer, options, largest_shared)
    counts, strengths = network.matrix("count"), network.matrix("strength")
    firm = SCHEMA.nodes["Firm"]

    def nodes() -> Iterator[Thing]:
        for node in Stored(explorer, people=True).nodes(firm):
            own = {k: v for k in firm.by_name if (v := node.properties.get(k)) is not None}
            del own["id"]
            yield Thing(node.id, "Firm", str(own["name"]), own)

    def ties() -> Iterator[Tie]:
        rows = np.repeat(np.arange(len(network.ids)), np.diff(counts.indptr))
        columns = (rows, counts.indices, counts.data, strengths.data)
        found = zip(*(c.tolist() for c in columns), strict=True)
        for i, j, count, strength in found:
            if i < j:
                values = {"count": int(count), "strength": float(strength)}
                yield Tie(None, TIED, network.ids[i], network.ids[j], values)

    columns: dict[str, PropertyType] = {p.name: p.type for p in firm.properties if p.name != "id"}
    about = {"as_of": options.as_of.isoformat()} if options.as_of else {}
    tie_columns: dict[str, PropertyType] = {"count": "int", "strength": "float"}
    return Content(nodes, ties, columns, tie_columns, about, directed=False)


def firm_graph(
    explorer: Explorer, options: PathOptions, largest_shared: int = LARGEST_SHARED
) -> "nx.Graph[Any]":
    """The same for networkx: an undirected graph, edges with `count`, `strength` and `weight`.

    `weight` is the strength, so that networkx' weighted measures take it.
    """
    content = firm_content(explorer, options, largest_shared)
    graph: nx.Graph[Any] = nx.Graph()
    graph.graph.update(content.about)
    for node in content.nodes():
        graph.add_node(node.id, label=node.label, **node.properties)
    for tie in content.ties():
        graph.add_edge(tie.from_id, tie.to_id, weight=tie.properties["strength"], **tie.properties)
    return graph
