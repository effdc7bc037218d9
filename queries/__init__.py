"""The questions: each a function over Cypher that answers with a model of `queries.models`."""

from .bridges import bridges, paths, subgraph_of_paths
from .ego import ego
from .explorer import Explorer
from .library import library
from .matrix import MAX_TARGETS, bridge_matrix
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
from .portfolio import portfolio
from .profile import profile
from .search import search
from .sides import Description
from .ties import KINDS, PathOptions, parse_day

__all__ = [
    "KINDS",
    "MAX_TARGETS",
    "Description",
    "Explorer",
    "PathOptions",
    "bridge_matrix",
    "bridges",
    "check",
    "ego",
    "entities",
    "exported",
    "facts",
    "graphml",
    "library",
    "parse_day",
    "paths",
    "portfolio",
    "profile",
    "search",
    "stats",
    "subgraph_of_paths",
    "subgraph_to_networkx",
    "to_networkx",
    "whole",
]
