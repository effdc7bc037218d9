"""How Cypher is run, on the embedded engine or on Neo4j. Knows no schema."""

from .open import open_engine
from .protocol import ColumnType, Decoded, Dialect, Edge, Engine, EngineInfo, Node, Row, Step

__all__ = [
    "ColumnType",
    "Decoded",
    "Dialect",
    "Edge",
    "Engine",
    "EngineInfo",
    "Node",
    "Row",
    "Step",
    "open_engine",
]
