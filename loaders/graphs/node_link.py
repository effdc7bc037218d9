"""JSON of nodes and links: networkx' node-link, D3's, and our own `json` export.

Links name their ends by id, or (D3) by place in the list of nodes. The file is held in memory.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA, Problem
from alliance_explorer.loaders.model import Rejected

from .graph_parts import GraphNode, GraphTie, Part

MAX_BYTES: Final = 1 << 30
_LINKS: Final = ("edges", "links", "relationships")
_ENDS: Final = (("source", "target"), ("from_id", "to_id"), ("from", "to"))


def read_node_link(path: Path, name: str) -> Iterator[Part]:
    """Nodes, then links. Lines are not known: rejects name the place in the list."""
    found = _document(path, name)
    nodes = found["nodes"]
    links = next((found[k] for k in _LINKS if k in found), None)
    if not isinstance(nodes, list) or not isinstance(links, list):
        raise SourceError(f"{name}: wants two lists: nodes, and one of {', '.join(_LINKS)}")
    keys: list[str] = []
    for n, node in enumerate(nodes):
        if not isinstance(node, dict):
            yield _rejected("node", name, n, "is no object", node)
            keys.append("")
            continue
        key = next((node[k] for k in ("id", "name", "key") if _is_key(node.get(k))), n)
        keys.append(str(key))
        yield GraphNode(str(key), _flat(node, "id"), 0)
    ids = set(keys)
    for n, link in enumerate(links):
        if not isinstance(link, dict):
            yield _rejected("tie", name, n, "is no object", link)
            continue
        pair = next((p for p in _ENDS if p[0] in link and p[1] in link), None)
        if pair is None:
            yield _rejected("tie", name, n, "has no source and target", link)
            continue
        yield GraphTie(tuple(_end(link[e], keys, ids) for e in pair), _flat(link, *pair), 0)


def _document(path: Path, name: str) -> Mapping[str, object]:
    if path.stat().st_size > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES >> 20} MiB; as GraphML it is streamed")
    try:
        found = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as exc:
        raise SourceError(f"{name}: is not JSON: {exc}") from exc
    if not isinstance(found, dict) or "nodes" not in found:
        raise SourceError(f"{name}: is no graph: an object with `nodes` and `edges` was expected")
    return found


def _flat(given: Mapping[str, object], *without: str) -> dict[str, object]:
    """Attributes; those in `properties` are as good as those beside it."""
    inner = given.get("properties")
    if isinstance(inner, dict) and given.get("label") in SCHEMA.nodes:
        without = (*without, "name")  # of our own nodes: a name to show, also where they have none
    own = {k: v for k, v in given.items() if k not in (*without, "properties")}
    return own | (dict(inner) if isinstance(inner, dict) else {})


def _is_key(value: object) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _end(value: object, keys: list[str], ids: set[str]) -> str:
    if isinstance(value, dict):  # D3, after it has run
        value = value.get("id", value.get("name", ""))
    if isinstance(value, int) and str(value) not in ids and 0 <= value < len(keys):
        return keys[value]
    return str(value)


def _rejected(what: str, name: str, n: int, reason: str, given: object) -> Rejected:
    problem = Problem(f"{what} {n + 1}", reason)
    return Rejected(what, name, 0, (problem,), {what: str(given)[:200]})
