"""JSON node-link: `networkx.node_link_graph(json.load(file))` reads it, and so does D3.

As in `to_networkx`: a node's `label` is its schema label, an edge's `type` the relationship type
and its `key` the fact's id. An edge's own property `source` is called `fact_source`, because
`source` is where the edge begins.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from alliance_explorer.graph_schema import Value

from .content import Content, Lost, plain_json

FACT_SOURCE: Final = "fact_source"


def node_link(content: Content, lost: Lost) -> Iterator[str]:
    """The document, piece by piece; JSON holds everything, so that nothing is lost."""
    about = {"directed": content.directed, "multigraph": True, "graph": content.about}
    yield json.dumps(about, default=plain_json)[:-1] + ', "nodes": ['
    between = "\n"
    for node in content.nodes():
        yield between + _text({"id": node.id, "label": node.label, **node.properties})
        between = ",\n"
    yield '\n], "edges": ['
    between = "\n"
    for n, tie in enumerate(content.ties()):
        ends = {"source": tie.from_id, "target": tie.to_id, "key": tie.id or str(n)}
        own = {FACT_SOURCE if k == "source" else k: v for k, v in tie.properties.items()}
        yield between + _text({**ends, "type": tie.type, **own})
        between = ",\n"
    yield "\n]}\n"


def _text(values: Mapping[str, Value]) -> str:
    return json.dumps({k: plain_json(v) for k, v in values.items()}, ensure_ascii=False)
