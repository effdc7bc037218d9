"""GEXF 1.2, the format of Gephi: https://gexf.net.

A node's `label` is a name to show, its attribute `type` the schema label; an edge's `label` is the
relationship type, its weight the strength of the tie where the content has one.
"""

from collections.abc import Iterator, Mapping

from alliance_explorer.graph_schema import PropertyType, Value, text_of

from .content import NODE_TYPE, Content, Lost
from .xml_text import XML_TYPES, xml

NAMESPACE = "http://www.gexf.net/1.2draft"


def gexf(content: Content, lost: Lost) -> Iterator[str]:
    """The document, piece by piece; no more than a batch of records is held."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{NAMESPACE}" version="1.2">\n'
        f'<graph defaultedgetype="{"directed" if content.directed else "undirected"}" '
        'mode="static">\n'
    )
    yield from _attributes("node", {NODE_TYPE: "string", **content.node_columns})
    yield from _attributes("edge", content.tie_columns)
    yield "<nodes>\n"
    for node in content.nodes():
        yield f'<node id="{xml(node.id, lost)}" label="{xml(node.name, lost)}">'
        yield _values("node", {NODE_TYPE: node.label, **node.properties}, lost)
        yield "</node>\n"
    yield "</nodes>\n<edges>\n"
    for n, tie in enumerate(content.ties()):
        strength = tie.properties.get("strength")
        weight = f' weight="{strength!r}"' if isinstance(strength, float) and strength > 0 else ""
        yield (
            f'<edge id="{xml(tie.id or f"e{n}", lost)}" source="{xml(tie.from_id, lost)}" '
            f'target="{xml(tie.to_id, lost)}" label="{xml(tie.type, lost)}"{weight}>'
        )
        yield _values("edge", tie.properties, lost)
        yield "</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _attributes(owner: str, columns: Mapping[str, PropertyType]) -> Iterator[str]:
    yield f'<attributes class="{owner}">\n'
    for name, kind in columns.items():
        yield f'<attribute id="{owner}_{name}" title="{name}" type="{XML_TYPES[kind]}"/>\n'
    yield "</attributes>\n"


def _values(owner: str, values: Mapping[str, Value], lost: Lost) -> str:
    found = "".join(
        f'<attvalue for="{owner}_{name}" value="{xml(text_of(value), lost)}"/>'
        for name, value in values.items()
    )
    return f"<attvalues>{found}</attvalues>" if found else ""
