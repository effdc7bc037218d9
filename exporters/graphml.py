"""GraphML: for yEd, Gephi, Cytoscape, igraph, networkx [Brandes et al. 2002].

Nodes carry their schema label as `type` and a name to show as `label`; edges carry `type`. All
properties follow under their own names: lists and dates as the text that tables have.

References
----------
Brandes, Eiglsperger, Herman, Himsolt & Marshall 2002, *GraphML progress report*; namespace
http://graphml.graphdrawing.org/xmlns.
"""

from collections.abc import Iterator, Mapping

from alliance_explorer.graph_schema import PropertyType, Value, text_of

from .content import NODE_TYPE, SHOWN, Content, Lost
from .xml_text import XML_TYPES, xml

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def graphml(content: Content, lost: Lost) -> Iterator[str]:
    """The document, piece by piece; no more than a batch of records is held."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}">\n'
    own: dict[str, PropertyType] = {NODE_TYPE: "string", SHOWN: "string"}
    yield from _keys("node", {**own, **content.node_columns})
    yield from _keys("edge", {NODE_TYPE: "string", **content.tie_columns})
    default = "directed" if content.directed else "undirected"
    yield f'<graph id="alliances" edgedefault="{default}">\n'
    for node in content.nodes():
        own_values = {NODE_TYPE: node.label, SHOWN: node.name}
        yield f'<node id="{xml(node.id, lost)}">'
        yield _data("node", {**own_values, **node.properties}, lost)
        yield "</node>\n"
    for n, tie in enumerate(content.ties()):
        ends = f'source="{xml(tie.from_id, lost)}" target="{xml(tie.to_id, lost)}"'
        yield f'<edge id="{xml(tie.id or f"e{n}", lost)}" {ends}>'
        yield _data("edge", {NODE_TYPE: tie.type, **tie.properties}, lost)
        yield "</edge>\n"
    yield "</graph>\n</graphml>\n"


def _keys(owner: str, columns: Mapping[str, PropertyType]) -> Iterator[str]:
    for name, kind in columns.items():
        yield (
            f'<key id="{owner}_{name}" for="{owner}" attr.name="{name}" '
            f'attr.type="{XML_TYPES[kind]}"/>\n'
        )


def _data(owner: str, values: Mapping[str, Value], lost: Lost) -> str:
    return "".join(
        f'<data key="{owner}_{name}">{xml(text_of(value), lost)}</data>'
        for name, value in values.items()
    )
