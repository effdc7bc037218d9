"""An engine that passes everything on to another: to change a part of what it does."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy

import pyarrow as pa

from .protocol import Closing, ColumnType, Dialect, Engine, EngineInfo, Row, Step, Table


class Passing(Closing):
    """Does what the other engine does; subclasses override what they do otherwise.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect: Dialect = engine.dialect
        self.copies = engine.copies
        self.turn = engine.turn

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        return self._engine.read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        return self._engine.read_each(query, asked)

    def read_whole(self, query: str) -> list[Row]:
        return self._engine.read_whole(query)

    def read_columns(self, query: str) -> pa.Table:
        return self._engine.read_columns(query)

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        return self._engine.ask(query, parameters, limit, seconds)

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        return self._engine.write(query, **parameters)

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        return self._engine.read_rows(query, rows, columns)

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        return self._engine.write_rows(statement, rows, columns)

    def write_steps(self, steps: Sequence[Step]) -> None:
        self._engine.write_steps(steps)

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        self._engine.copy_rows(statement, rows)

    def define(self, statements: Iterable[str]) -> None:
        self._engine.define(statements)

    def stamp(self) -> str:
        return self._engine.stamp()

    def watching(self) -> Engine:
        one = copy(self)
        one._engine = self._engine.watching()
        return one

    def still(self, stamp: str) -> bool:
        return self._engine.still(stamp)

    def rewrite(self, statements: Iterable[str]) -> bool:
        return self._engine.rewrite(statements)

    def count_bytes(self, texts: Iterable[str]) -> int | None:
        return self._engine.count_bytes(texts)

    def info(self) -> EngineInfo:
        return self._engine.info()

    def close(self) -> None:
        self._engine.close()
