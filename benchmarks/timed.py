"""An engine that says how long it was used for what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from alliance_explorer.engine import ColumnType, Dialect, Engine, EngineInfo, Row

from .measure import Clock

_ENDS = re.compile(r"\(a:(\w+) .*\(b:(\w+) .*\[x:(\w+)")
_NODE = re.compile(r"\(x:(\w+)")


class TimedEngine:
    """Passes everything on to another engine, by a clock, and remembers what was written."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.dialect: Dialect = engine.dialect
        self.clock = clock
        self.batches: list[tuple[tuple[str, ...], Sequence[Mapping[str, object]]]] = []
        self._engine = engine

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        with self.clock.time("read"):
            return self._engine.read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        with self.clock.time("read"):
            return self._engine.read_each(query, asked)

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

    def define(self, statements: Iterable[str]) -> None:
        with self.clock.time("schema"):
            self._engine.define(statements)

    def stamp(self) -> str:
        with self.clock.time("stamp"):
            return self._engine.stamp()

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
    """Of an upsert: the node label, or the labels of both ends and the type."""
    found: Any = _ENDS.search(statement) or _NODE.search(statement)
    return tuple(map(str, found.groups()))
