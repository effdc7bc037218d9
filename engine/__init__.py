"""How Cypher is run, on the embedded engine or on Neo4j. Knows no schema."""

from .open import open_engine
from .passing import Passing
from .protocol import (
    Closing,
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
    "Closing",
    "ColumnType",
    "Decoded",
    "Dialect",
    "Edge",
    "Engine",
    "EngineInfo",
    "Node",
    "Notes",
    "Passing",
    "Row",
    "Step",
    "Table",
    "arrow_table",
    "arrow_type",
    "open_engine",
]
