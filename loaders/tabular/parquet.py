"""Parquet tables: columns as in CSV, typed; a line is the number of the row."""

from collections.abc import Callable, Iterator
from typing import IO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from alliance_explorer.graph_schema import NodeType, Problem, RelationshipType, check_columns

ROWS_AT_ONCE: Final = 10_000


def parquet_problems(
    type_: NodeType | RelationshipType, name: str, open: Callable[[], IO[bytes]]
) -> list[str]:
    """What keeps a file from being read: it is damaged, or has other columns than the type."""
    try:
        with open() as stream:
            columns = pq.ParquetFile(stream).schema_arrow.names
    except (pa.ArrowException, OSError) as exc:
        return [f"{name}: is no Parquet: {exc}"]
    return [f"{name}, {p.field}: {p.reason}" for p in check_columns(type_, columns)]


def parquet_rows(
    open: Callable[[], IO[bytes]],
) -> Iterator[tuple[int, dict[str, object] | Problem]]:
    """The rows, a few thousand at a time."""
    with open() as stream:
        line = 0
        for batch in pq.ParquetFile(stream).iter_batches(ROWS_AT_ONCE):
            for row in batch.to_pylist():
                line += 1
                yield line, row
