"""Sources into the graph: one module per format, one writer."""

from .load import FORMATS, load, load_stream, rejects_as_csv
from .model import Count, Item, LoadRefused, Located, Note, Rejected, Summary
from .report import DryReport, LoadReport, dry_report, report

__all__ = [
    "FORMATS",
    "Count",
    "DryReport",
    "Item",
    "LoadRefused",
    "LoadReport",
    "Located",
    "Note",
    "Rejected",
    "Summary",
    "dry_report",
    "load",
    "load_stream",
    "rejects_as_csv",
    "report",
]
