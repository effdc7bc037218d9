"""The questions: each a function over Cypher that answers with a model of `queries.models`."""

from .bridging.bridge_matrix import MAX_TARGETS, bridge_matrix
from .bridging.bridges import bridges, paths, subgraph_of_paths
from .bridging.sides import Description
from .ego import ego
from .explorer import Explorer
from .feasibility.feasibility import feasibility, feasibility_of_alliances
from .feasibility.services import services
from .graph.ties import KINDS, PathOptions, parse_day
from .library import library
from .overview import (
    check,
    stats,
)
from .portfolio.comparison import compare
from .portfolio.composition import composition
from .portfolio.coopetition import coopetition
from .portfolio.dependence import dependence
from .portfolio.lifecycle import lifecycle
from .portfolio.panel import panel, panel_rows
from .portfolio.portfolio import portfolio
from .portfolio.timeline import timeline
from .profile import profile
from .proximity.matrix import proximity_matrix
from .proximity.matrix_models import ProximityMatrix
from .proximity.proximity import proximity
from .proximity.proximity_models import (
    DIMENSIONS,
    ProximityOptions,
    ProximityProfile,
    Thresholds,
    configured_thresholds,
    parse_thresholds,
)
from .search import search

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
    "feasibility",
    "feasibility_of_alliances",
    "library",
    "lifecycle",
    "panel",
    "panel_rows",
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
    "timeline",
]
