"""What the values of Neo4j's driver mean."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import neo4j
import neo4j.graph
import neo4j.time
import pyarrow as pa

from .protocol import AS_IT_IS, Decoded, Edge, Node, Row


def rows_of(records: Iterable[neo4j.Record]) -> list[Row]:
    """As each record is a row."""
    return [_row(r) for r in records]


def table_of(records: Iterable[neo4j.Record]) -> pa.Table:
    """Where each record is many rows, and every value a list; none is kept."""
    parts = [pa.table(_row(r)) for r in records]
    # A part whose values are all unknown has columns without a type.
    return pa.concat_tables(parts, promote_options="permissive") if parts else pa.table({})


def _row(record: neo4j.Record) -> Row:
    # Not Record.data(): it drops the properties of relationships.
    return {
        key: v if type(v) in AS_IT_IS else _decode(v)
        for key, v in zip(record.keys(), record, strict=True)
    }


def _decode(value: Any) -> Decoded:
    if isinstance(value, neo4j.graph.Node):
        (label,) = value.labels
        return Node(label, _properties(value))
    if isinstance(value, neo4j.graph.Relationship):
        return Edge(value.type, _properties(value))
    if isinstance(value, list):
        return [v if type(v) in AS_IT_IS else _decode(v) for v in value]
    if isinstance(value, dict):
        return {k: _decode(v) for k, v in value.items()}
    plain: str | int | float | bool | dt.date | None = _plain(value)
    return plain


def _properties(entity: neo4j.graph.Entity) -> dict[str, Any]:
    return {k: v if type(v) in AS_IT_IS else _plain(v) for k, v in entity.items()}


def shown(value: Any) -> Any:
    """As `_decode`, for values of any type; a path is its nodes and what joins them."""
    if isinstance(value, neo4j.graph.Path):
        return {"nodes": shown(list(value.nodes)), "ties": shown(list(value.relationships))}
    if isinstance(value, neo4j.graph.Node):
        return {"label": ":".join(sorted(value.labels)), **shown(dict(value.items()))}
    if isinstance(value, neo4j.graph.Relationship):
        return {"type": value.type, **shown(dict(value.items()))}
    if isinstance(value, list):
        return [shown(v) for v in value]
    if isinstance(value, dict):
        return {k: shown(v) for k, v in value.items()}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, neo4j.time.Date):
        return value.to_native()
    if isinstance(value, neo4j.time.DateTime):
        return value.iso_format()
    return value
