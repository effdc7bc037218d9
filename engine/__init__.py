"""How Cypher is run, on the embedded engine or on Neo4j. Knows no schema."""

from .open import open_engine
from .protocol import (
    ColumnType,
    Decoded,
    Dialect,
    Edge,
    Engine,
    EngineInfo,
    Node,
    Notes,
    Row,
    Step,
    Table,
    arrow_table,
    arrow_type,
)

__all__ = [
    "ColumnType",
    "Decoded",
    "Dialect",
    "Edge",
    "Engine",
    "EngineInfo",
    "Node",
    "Notes",
    "Row",
    "Step",
    "Table",
    "arrow_table",
    "arrow_type",
    "open_engine",
]
