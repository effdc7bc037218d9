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
    """Every graph is a file in a folder."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._folder = folder
        self._closing = closing
        self._numbers = itertools.count(1)
        self._filled: dict[str, tuple[Engine, str]] = {}

    @contextlib.contextmanager
    def empty(self) -> Iterator[Engine]:
        path = self._folder / f"{next(self._numbers)}.lbug"
        with open_engine(f"ladybug://{path}") as engine:
            engine.define(ddl(engine.dialect))
            yield engine

    def holding(self, name: str, fill: Fill) -> Engine:
        key = _key(name, fill)
        if key in self._filled:
            engine, stamp = self._filled[key]
            if engine.stamp() == stamp:
                return engine
            engine.close()
        engine = self._closing.enter_context(self.empty())
        fill(engine)
        self._filled[key] = engine, engine.stamp()
        return engine


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
