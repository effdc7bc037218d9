"""GraphML: nodes, edges and hyperedges with their data, nested graphs flattened.

Of yEd's own data the labels are read; its shapes and positions are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.model import Rejected

from .graph_parts import GraphNode, GraphTie, Part
from .xml_events import Start, xml_events


@dataclass
class _Open:
    """A node or edge whose end has not come yet."""

    start: Start
    values: dict[str, object]
    ends: list[str] = field(default_factory=list)


def read_graphml(path: Path, name: str) -> Iterator[Part]:
    """Nodes and edges in the order in which they end."""
    names: dict[str, str] = {}  # of the keys, by id
    defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}
    stack: list[_Open] = []
    key: Start | None = None  # the <key> or <data> that is open
    for event in xml_events(path, name, "graphml"):
        if isinstance(event, Start):
            tag, given = event.tag, event.attributes
            if tag == "key":
                key = event
                names[given.get("id", "")] = given.get("attr.name") or given.get("id", "")
            elif tag == "data":
                key = event
            elif tag in ("node", "edge", "hyperedge"):
                own = "node" if tag == "node" else "edge"
                stack.append(_Open(event, dict(defaults[own])))
            elif tag == "endpoint" and stack:
                stack[-1].ends.append(given.get("node", ""))
        elif event.tag in ("node", "edge", "hyperedge") and stack:
            yield _part(stack.pop(), name)
        elif event.tag == "default" and key:
            for owner, values in defaults.items():
                if key.attributes.get("for", "all") in (owner, "all"):
                    values[names[key.attributes.get("id", "")]] = event.text
        elif event.tag == "data":
            if key and stack and event.text.strip():
                id_ = key.attributes.get("key", "")
                stack[-1].values[names.get(id_, id_)] = event.text
            key = None
        elif event.tag in ("NodeLabel", "EdgeLabel") and stack and event.text.strip():
            stack[-1].values.setdefault("label", event.text.strip())
        elif event.tag == "key":
            key = None


def _part(done: _Open, name: str) -> Part:
    tag, given, line = done.start.tag, done.start.attributes, done.start.line
    if tag == "node":
        if "id" not in given:
            return Rejected("node", name, line, (Problem("id", "missing"),))
        return GraphNode(given["id"], done.values, line)
    ends = done.ends if tag == "hyperedge" else [given.get("source", ""), given.get("target", "")]
    return GraphTie(tuple(ends), done.values, line)
