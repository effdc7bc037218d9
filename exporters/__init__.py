"""The graph, or a part of it, as files: one module per format, one description of the content."""

from .content import Content, Lost, Thing, Tie, of_subgraph
from .formats import GRAPH_FORMATS, ExportedFile, Format, export_subgraph

__all__ = [
    "GRAPH_FORMATS",
    "Content",
    "ExportedFile",
    "Format",
    "Lost",
    "Thing",
    "Tie",
    "export_subgraph",
    "of_subgraph",
]
