"""The formats by name, and one way to write each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.models import Subgraph

from .content import Content, Lost, encoded, of_subgraph
from .edge_list import edge_list
from .gexf import gexf
from .graphml import graphml
from .node_link import node_link
from .pajek import pajek
from .spreadsheet import spreadsheet

Write = Callable[[Content, Lost], Iterable[str] | Iterable[bytes]]


@dataclass(frozen=True)
class Format:
    """One format.

    Parameters
    ----------
    name : str
    ending : str
        Of file names, with its dot.
    media_type : str
    write : callable
        Gives the file piece by piece, and counts in `Lost` what it cannot hold.
    limits : str
        What it cannot hold, whatever the graph; empty if it holds everything.
    """

    name: str
    ending: str
    media_type: str
    write: Write
    limits: str = ""

    def pieces(self, content: Content, lost: Lost) -> Iterator[bytes]:
        """The file as bytes, in pieces large enough to be sent."""
        return encoded(self.write(content, lost))


@dataclass(frozen=True)
class ExportedFile:
    """A small export, whole: what it is called and what it could not hold."""

    body: bytes
    media_type: str
    ending: str
    lost: tuple[str, ...]


XML_LIMITS: Final = "control characters"
# Every format takes any content.
GRAPH_FORMATS: Final[Mapping[str, Format]] = {
    f.name: f
    for f in (
        Format("graphml", ".graphml", "application/graphml+xml", graphml, XML_LIMITS),
        Format("gexf", ".gexf", "application/gexf+xml", gexf, XML_LIMITS),
        # Not plain JSON: where that is what the question answers, it says so by its type.
        Format("node-link", ".json", "application/vnd.node-link+json", node_link),
        Format("csv", ".zip", "application/zip", spreadsheet),
        Format(
            "pajek",
            ".net",
            "text/plain; charset=utf-8",
            pajek,
            "ids, labels, dates and all other properties; it has names, types of ties, strengths",
        ),
        Format(
            "edges",
            ".csv",
            "text/csv; charset=utf-8",
            edge_list,
            "nodes without a tie, and of the others all but their ids; of ties it has both ends, "
            "type, dates and strength",
        ),
    )
}


def export_subgraph(subgraph: Subgraph, format: str, *, people: bool = False) -> ExportedFile:
    """A picture as a file to take along: what is seen, with its roles, dates and sources.

    Parameters
    ----------
    subgraph : Subgraph
        Of `ego`, `subgraph_of_paths`, or any other answer that is drawn.
    format : {'graphml', 'gexf', 'node-link', 'csv', 'pajek', 'edges'}
        `csv`: a .zip with `nodes.csv` and `ties.csv`.
    people : bool
        Personal data too.

    Raises
    ------
    InvalidRequest
        There is no such format.
    """
    found = chosen(format, GRAPH_FORMATS)
    lost = Lost()
    if not people:
        subgraph = _without_people(subgraph, lost)
    body = b"".join(found.pieces(of_subgraph(subgraph), lost))
    return ExportedFile(body, found.media_type, found.ending, tuple(lost.sentences()))


def chosen(format: str, formats: Mapping[str, Format]) -> Format:
    """The format of that name.

    Raises
    ------
    InvalidRequest
        There is none; names the nearest.
    """
    if format not in formats:
        raise InvalidRequest(f"no format is called {format!r}{nearest(format, formats)}", "format")
    return formats[format]


def _without_people(subgraph: Subgraph, lost: Lost) -> Subgraph:
    kept = [n for n in subgraph.nodes if n.label != "Person"]
    lost.add("nodes of people, left out unless asked for", len(subgraph.nodes) - len(kept))
    ids = {n.id for n in kept}
    edges = [e for e in subgraph.edges if e.from_id in ids and e.to_id in ids]
    lost.add("ties of theirs", len(subgraph.edges) - len(edges))
    return subgraph.model_copy(update={"nodes": kept, "edges": edges})
