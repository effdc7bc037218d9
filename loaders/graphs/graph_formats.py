"""Which formats of graphs there are, and how each is read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from alliance_explorer.loaders.model import Item

from .edge_list import read_edge_list
from .gexf import read_gexf
from .graph_file import read_graph
from .graph_parts import GraphReader
from .graphml import read_graphml
from .node_link import read_node_link
from .pajek import read_pajek

GRAPH_READERS: Final[Mapping[str, GraphReader]] = {
    "graphml": read_graphml,
    "gexf": read_gexf,
    "pajek": read_pajek,
    "edges": read_edge_list,
    "node-link": read_node_link,
}
_BY_ENDING: Final = {
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".net": "pajek",
    ".paj": "pajek",
    ".edges": "edges",
    ".edgelist": "edges",
    ".tsv": "edges",
    ".txt": "edges",
}
_LOOKED_AT: Final = 1 << 16


def graph_format(path: Path) -> str | None:
    """The format of a file by its ending; of JSON, by whether it has nodes."""
    ending = path.suffix.lower()
    if ending == ".json" and path.is_file():
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT).replace(b"\0", b"")  # UTF-16 has them between letters
        return "node-link" if b'"nodes"' in start else None
    return _BY_ENDING.get(ending)


def read_graph_file(path: Path, name: str, format: str, as_: str | None) -> Iterator[Item]:
    """Records of a file of a graph; see `read_graph`."""
    read = GRAPH_READERS[format]
    return read_graph(lambda: read(path, name), path, name, as_=as_, by_name=format == "edges")
