"""What exists in the graph: declared once in `schema`, everything else derived. No I/O."""

from .document import document
from .model import NodeType, Property, PropertyType, RelationshipType, Schema
from .records import (
    InvalidRow,
    NodeRecord,
    Problem,
    Properties,
    Record,
    RelationshipRecord,
    Value,
    check_columns,
    columns_of,
    date_of,
    fact_id,
    nearest,
    parse,
    text_of,
)
from .schema import SCHEMA
from .statements import (
    columns,
    ddl,
    existing,
    facts_from,
    ids_after,
    key_columns,
    known_ids,
    upsert,
)

__all__ = [
    "SCHEMA",
    "InvalidRow",
    "NodeRecord",
    "NodeType",
    "Problem",
    "Properties",
    "Property",
    "PropertyType",
    "Record",
    "RelationshipRecord",
    "RelationshipType",
    "Schema",
    "Value",
    "check_columns",
    "columns",
    "columns_of",
    "date_of",
    "ddl",
    "document",
    "existing",
    "fact_id",
    "facts_from",
    "ids_after",
    "key_columns",
    "known_ids",
    "nearest",
    "parse",
    "text_of",
    "upsert",
]
