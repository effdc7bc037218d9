"""Engines for tests: an empty one for each test that writes, a filled one for many that read."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Protocol, TypeAlias

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import ddl
from tests.neo4j_server import Server

Fill: TypeAlias = Callable[[Engine], object]
MOST_OPEN = 4


class Graphs(Protocol):
    """Gives out engines of one kind that have the schema.

    A Neo4j server has one database. Hence one test can use one of its graphs, and a fixture that
    gives one out must be made for each test: `holding` is quick when nothing has changed.
    """

    def empty(self) -> AbstractContextManager[Engine]:
        """An engine that holds nothing, and is the test's own to write to and to close."""

    def holding(self, name: str, fill: Fill) -> Engine:
        """An engine that holds the graph `name`: what `fill` writes into an empty one.

        `fill` is called only if the graph is not there yet, or was written to since.
        """


def _key(name: str, fill: Fill) -> str:
    """Two test files may give the same name to different graphs."""
    return f"{name} {getattr(fill, '__qualname__', '')}"


class LadybugGraphs:
    """Every graph is a file in a folder. A few are open at a time: each takes about 150 MB."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._files: dict[str, Path] = {}
        # Of each open one the stamp after it was filled; who was used last stands last.
        self._open: dict[str, tuple[Engine, str]] = {}
        closing.callback(self._close_all_but, 0)

    @contextlib.contextmanager
    def empty(self) -> Iterator[Engine]:
        with open_engine(f"ladybug://{self._new()}") as engine:
            engine.define(ddl(engine.dialect))
            yield engine

    def holding(self, name: str, fill: Fill) -> Engine:
        key = _key(name, fill)
        if key in self._open:
            engine, stamp = self._open.pop(key)
            if engine.stamp() == stamp:
                self._open[key] = engine, stamp
                return engine
            engine.close()
            self._files.pop(key, None)
        self._close_all_but(MOST_OPEN - 1)
        file = self._files.get(key) or self._new()
        engine = open_engine(f"ladybug://{file}")
        self._open[key] = engine, ""  # closed at the end, and not taken as filled, if this fails
        if key not in self._files:
            engine.define(ddl(engine.dialect))
            fill(engine)
            self._files[key] = file
        self._open[key] = engine, engine.stamp()
        return engine

    def _new(self) -> Path:
        return self._folder / f"{next(self._numbers)}.lbug"

    def _close_all_but(self, most: int) -> None:
        while len(self._open) > most:
            key = next(iter(self._open))
            engine, stamp = self._open.pop(key)
            if engine.stamp() != stamp:
                self._files.pop(key, None)
            engine.close()


class Neo4jGraphs:
    """All graphs are in the one database of a server, one at a time."""

    def __init__(self, server: Server, closing: ExitStack) -> None:
        self._server = server
        self._engine = closing.enter_context(self._open())
        self._engine.define(ddl(self._engine.dialect))
        self._holds = ("", "")

    @contextlib.contextmanager
    def empty(self) -> Iterator[Engine]:
        self._server.wipe()
        with self._open() as engine:
            yield engine

    def holding(self, name: str, fill: Fill) -> Engine:
        key = _key(name, fill)
        if self._holds != (key, self._engine.stamp()):
            self._server.wipe()
            fill(self._engine)
            self._holds = key, self._engine.stamp()
        return self._engine

    def _open(self) -> Engine:
        return open_engine(self._server.uri, user=self._server.user, password=self._server.password)
