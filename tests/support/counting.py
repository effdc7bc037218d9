"""An engine that counts what it is asked."""

from collections.abc import Mapping, Sequence

from alliance_explorer.engine import Engine, Passing, Row


class Counting(Passing):
    """Counts what the engine is asked."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._asked: list[str] = []  # of those that watch, too

    @property
    def reads(self) -> int:
        return len(self._asked)

    def forget(self) -> None:
        self._asked.clear()

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        self._asked.append(query)
        return super().read(query, **parameters)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        self._asked.append(query)
        return super().read_each(query, asked)
