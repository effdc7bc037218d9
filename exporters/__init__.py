"""The graph, or a part of it, as files: one module per format, one description of the content."""

from .content import Content, Lost, Thing, Tie, of_subgraph
from .firms import firm_content, firm_graph
from .formats import GRAPH_FORMATS, ExportedFile, Format, export_subgraph
from .hand_over import networkx_of, pandas_of
from .panel import panel_csv, panel_csv_metadata, panel_parquet
from .stored import Stored
from .whole import WHOLE_FORMATS, WholeFormat, stream, whole_format, write, write_file

__all__ = [
    "GRAPH_FORMATS",
    "WHOLE_FORMATS",
    "Content",
    "ExportedFile",
    "Format",
    "Lost",
    "Stored",
    "Thing",
    "Tie",
    "WholeFormat",
    "export_subgraph",
    "firm_content",
    "firm_graph",
    "networkx_of",
    "of_subgraph",
    "pandas_of",
    "panel_csv",
    "panel_csv_metadata",
    "panel_parquet",
    "stream",
    "whole_format",
    "write",
    "write_file",
]
