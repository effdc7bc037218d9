"""The questions: each a function over Cypher that answers with a model of `queries.models`."""

from .bridges import bridges, paths, subgraph_of_paths
from .comparison import compare
from .composition import composition
from .coopetition import coopetition
from .dependence import dependence
from .ego import ego
from .explorer import Explorer
from .library import library
from .lifecycle import lifecycle
from .overview import (
    check,
    entities,
    exported,
    facts,
    graphml,
    stats,
    subgraph_to_networkx,
    to_networkx,
    whole,
)
from .panel import panel, panel_csv, panel_csv_metadata, panel_parquet
from .portfolio import portfolio
from .profile import profile
from .search import search
from .ties import KINDS, PathOptions, parse_day
from .timeline import timeline

__all__ = [
    "KINDS",
    "Explorer",
    "PathOptions",
    "bridges",
    "check",
    "compare",
    "composition",
    "coopetition",
    "dependence",
    "ego",
    "entities",
    "exported",
    "facts",
    "graphml",
    "library",
    "lifecycle",
    "panel",
    "panel_csv",
    "panel_csv_metadata",
    "panel_parquet",
    "parse_day",
    "paths",
    "portfolio",
    "profile",
    "search",
    "stats",
    "subgraph_of_paths",
    "subgraph_to_networkx",
    "timeline",
    "to_networkx",
    "whole",
]
