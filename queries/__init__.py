"""The questions: each a function over Cypher that answers with a model of `queries.models`."""

from .bridge_matrix import MAX_TARGETS, bridge_matrix
from .bridges import bridges, paths, subgraph_of_paths
from .ego import ego
from .explorer import Explorer
from .library import library
from .matrix import proximity_matrix
from .matrix_models import ProximityMatrix
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
from .proximity import proximity
from .proximity_models import (
    DIMENSIONS,
    ProximityOptions,
    ProximityProfile,
    Thresholds,
    configured_thresholds,
    parse_thresholds,
)
from .search import search
from .sides import Description
from .ties import KINDS, PathOptions, parse_day

__all__ = [
    "DIMENSIONS",
    "KINDS",
    "MAX_TARGETS",
    "Description",
    "Explorer",
    "PathOptions",
    "ProximityMatrix",
    "ProximityOptions",
    "ProximityProfile",
    "Thresholds",
    "bridge_matrix",
    "bridges",
    "check",
    "configured_thresholds",
    "ego",
    "entities",
    "exported",
    "facts",
    "graphml",
    "library",
    "parse_day",
    "parse_thresholds",
    "paths",
    "portfolio",
    "profile",
    "proximity",
    "proximity_matrix",
    "search",
    "stats",
    "subgraph_of_paths",
    "subgraph_to_networkx",
    "to_networkx",
    "whole",
]
