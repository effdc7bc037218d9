"""An engine that says how long it was used for what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from alliance_explorer.engine import ColumnType, Engine, Passing, Row, Step, Table

from .measure import Clock

_ENDS = re.compile(r"\(a:(\w+) .*\(b:(\w+) .*\[x:(\w+)")
_NODE = re.compile(r"\(x:(\w+)")
_COPY = re.compile(r"COPY (\w+) FROM \$rows(?: \(from='(\w+)', to='(\w+)'\))?")


class TimedEngine(Passing):
    """Passes everything on to another engine, by a clock, and remembers what was written."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__(engine)
        self.clock = clock
        self.batches: list[tuple[tuple[str, ...], Sequence[Mapping[str, object]]]] = []

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        with self.clock.time("read"):
            return super().read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        with self.clock.time("read"):
            return super().read_each(query, asked)

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        with self.clock.time("read"):
            return super().ask(query, parameters, limit, seconds)

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        with self.clock.time("write"):
            return super().write(query, **parameters)

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        with self.clock.time("check"):
            return super().read_rows(query, rows, columns)

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        self.batches.append((_target(statement), rows))
        with self.clock.time("write"):
            return super().write_rows(statement, rows, columns)

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        self.batches.append((_target(statement), rows.to_pylist()))
        with self.clock.time("write"):
            super().copy_rows(statement, rows)

    def write_steps(self, steps: Sequence[Step]) -> None:
        with self.clock.time("write"):
            super().write_steps(steps)

    def define(self, statements: Iterable[str]) -> None:
        with self.clock.time("schema"):
            super().define(statements)

    def stamp(self) -> str:
        with self.clock.time("stamp"):
            return super().stamp()


def _target(statement: str) -> tuple[str, ...]:
    """What is written: the node label, or the labels of both ends and the type."""
    if copied := _COPY.fullmatch(statement):
        type_, *ends = copied.groups()
        return (*ends, type_) if all(ends) else (type_,)
    found: Any = _ENDS.search(statement) or _NODE.search(statement)
    return tuple(map(str, found.groups()))
