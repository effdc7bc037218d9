"""An engine that says how long it was used for what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from alliance_explorer.engine import ColumnType, Dialect, Engine, EngineInfo, Row, Step, Table

from .measure import Clock

_ENDS = re.compile(r"\(a:(\w+) .*\(b:(\w+) .*\[x:(\w+)")
_NODE = re.compile(r"\(x:(\w+)")
_COPY = re.compile(r"COPY (\w+) FROM \$rows(?: \(from='(\w+)', to='(\w+)'\))?")


class TimedEngine:
    """Passes everything on to another engine, by a clock, and remembers what was written."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.dialect: Dialect = engine.dialect
        self.copies = engine.copies
        self.clock = clock
        self.batches: list[tuple[tuple[str, ...], Sequence[Mapping[str, object]]]] = []
        self._engine = engine

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        with self.clock.time("read"):
            return self._engine.read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        with self.clock.time("read"):
            return self._engine.read_each(query, asked)

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        with self.clock.time("read"):
            return self._engine.ask(query, parameters, limit, seconds)

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        with self.clock.time("write"):
            return self._engine.write(query, **parameters)

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        with self.clock.time("check"):
            return self._engine.read_rows(query, rows, columns)

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        self.batches.append((_target(statement), rows))
        with self.clock.time("write"):
            return self._engine.write_rows(statement, rows, columns)

    def copy_rows(self, statement: str, rows: pa.Table | Path, count: int) -> None:
        table = pq.read_table(rows) if isinstance(rows, Path) else rows
        self.batches.append((_target(statement), table.to_pylist()))
        with self.clock.time("write"):
            self._engine.copy_rows(statement, rows, count)

    def write_steps(self, steps: Sequence[Step]) -> None:
        with self.clock.time("write"):
            self._engine.write_steps(steps)

    def define(self, statements: Iterable[str]) -> None:
        with self.clock.time("schema"):
            self._engine.define(statements)

    def stamp(self) -> str:
        with self.clock.time("stamp"):
            return self._engine.stamp()

    def rewrite(self, statements: Iterable[str]) -> bool:
        return self._engine.rewrite(statements)

    def count_bytes(self, texts: Iterable[str]) -> int | None:
        return self._engine.count_bytes(texts)

    def info(self) -> EngineInfo:
        return self._engine.info()

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _target(statement: str) -> tuple[str, ...]:
    """What is written: the node label, or the labels of both ends and the type."""
    if copied := _COPY.fullmatch(statement):
        type_, *ends = copied.groups()
        return (*ends, type_) if all(ends) else (type_,)
    found: Any = _ENDS.search(statement) or _NODE.search(statement)
    return tuple(map(str, found.groups()))
