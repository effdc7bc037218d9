"""What the loaders read back exactly: CSV tables, Parquet tables, lines of JSON.

Tables are one file per type, `Firm.csv` or `Firm.parquet`, in a folder or a .zip.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from alliance_explorer.graph_schema import (
    NodeType,
    PropertyType,
    RelationshipType,
    Value,
    columns_of,
)

from .content import plain_json
from .spreadsheet import csv_lines
from .stored import Stored
from .zipped import Outlet

ROWS_AT_ONCE: Final = 20_000
Files = Iterator[tuple[str, Iterable[str] | Iterable[bytes]]]
_ARROW: Final[Mapping[PropertyType, pa.DataType]] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "strings": pa.list_(pa.string()),
}


def csv_tables(stored: Stored) -> Files:
    """A CSV table for each type that has anything stored."""
    for type_ in stored.types:
        columns = columns_of(type_)
        rows = ([row.get(c) for c in columns] for row in stored.rows(type_))
        yield f"{type_.name}.csv", csv_lines(columns, rows)


def parquet_tables(stored: Stored) -> Files:
    """A Parquet table for each type that has anything stored, typed as in the schema."""
    for type_ in stored.types:
        yield f"{type_.name}.parquet", parquet(type_, stored.rows(type_))


def parquet(
    type_: NodeType | RelationshipType, rows: Iterable[Mapping[str, Value]]
) -> Iterator[bytes]:
    """One Parquet table in pieces, a row group at a time."""
    schema = arrow_schema(type_)
    outlet = Outlet()
    remaining = iter(rows)
    with pq.ParquetWriter(pa.PythonFile(outlet, mode="w"), schema) as writer:
        while some := list(islice(remaining, ROWS_AT_ONCE)):
            writer.write_table(arrow_table(schema, some))
            yield outlet.take()
    yield outlet.take()


def arrow_schema(type_: NodeType | RelationshipType) -> Any:
    """Columns of a type's table, for Arrow."""
    ends = [] if isinstance(type_, NodeType) else [(e, pa.string()) for e in ("from", "to")]
    own = [(p.name, _ARROW[p.type]) for p in type_.properties if p.name in columns_of(type_)]
    return pa.schema([*ends, *own])


def arrow_table(schema: Any, rows: list[Mapping[str, Value]]) -> Any:
    """Rows as an Arrow table; what is not known is null."""
    arrays = [pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def ndjson(stored: Stored) -> Iterator[str]:
    """A line of JSON for each node and relationship, each with its `type`."""
    for type_ in stored.types:
        for row in stored.rows(type_):
            yield _json({"type": type_.name, **row}) + "\n"


def whole_json(stored: Stored) -> Iterator[str]:
    """One JSON document: nodes with their properties, relationships with theirs."""
    content = stored.content()
    yield '{"nodes":['
    between = "\n"
    for n in content.nodes():
        properties = _plain({"id": n.id, **n.properties})
        yield between + json.dumps(
            {"id": n.id, "label": n.label, "name": n.name, "properties": properties},
            ensure_ascii=False,
        )
        between = ",\n"
    yield '\n],"relationships":['
    between = "\n"
    for t in content.ties():
        properties = _plain({**({"id": t.id} if t.id else {}), **t.properties})
        fact = {"type": t.type, "from_id": t.from_id, "to_id": t.to_id, "properties": properties}
        yield between + json.dumps(fact, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _plain(values: Mapping[str, Value]) -> dict[str, object]:
    return {k: plain_json(v) for k, v in values.items()}


def _json(values: Mapping[str, Value]) -> str:
    return json.dumps(_plain(values), ensure_ascii=False)
