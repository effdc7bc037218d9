"""The questions: each a function over Cypher that answers with a model of `queries.models`."""

from .bridge_matrix import MAX_TARGETS, bridge_matrix
from .bridges import bridges, paths, subgraph_of_paths
from .comparison import compare
from .composition import composition
from .coopetition import coopetition
from .dependence import dependence
from .ego import ego
from .explorer import Explorer
from .feasibility import feasibility, feasibility_of_alliances
from .library import library
from .lifecycle import lifecycle
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
from .panel import panel, panel_csv, panel_csv_metadata, panel_parquet
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
from .services import services
from .sides import Description
from .ties import KINDS, PathOptions, parse_day
from .timeline import timeline

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
    "compare",
    "composition",
    "configured_thresholds",
    "coopetition",
    "dependence",
    "ego",
    "entities",
    "exported",
    "facts",
    "feasibility",
    "feasibility_of_alliances",
    "graphml",
    "library",
    "lifecycle",
    "panel",
    "panel_csv",
    "panel_csv_metadata",
    "panel_parquet",
    "parse_day",
    "parse_thresholds",
    "paths",
    "portfolio",
    "profile",
    "proximity",
    "proximity_matrix",
    "search",
    "services",
    "stats",
    "subgraph_of_paths",
    "subgraph_to_networkx",
    "timeline",
    "to_networkx",
    "whole",
]
