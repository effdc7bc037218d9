"""Where measurements take place: embedded files, a throw-away Neo4j, the product's HTTP server."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import httpx
import neo4j

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import EngineError
from alliance_explorer.graph_schema import ddl
from tests.neo4j_server import Server, Unavailable, running_server
from tests.neo4j_server.server import free_port

from .data import Missing
from .measure import ROOT

# The tests' server compiles quickly rather than well, with a small heap. What is compared here is
# to be at its best: these, read last by the Java machine, win over its command line.
JAVA = {"_JAVA_OPTIONS": "-XX:TieredStopAtLevel=4 -Xmx2g"}
START_SECONDS = 60.0
EMBEDDED, REMOTE = "embedded", "Neo4j"

Fill = Callable[[Engine], object]


@dataclass(frozen=True, slots=True)
class Held:
    """A graph in a file of the embedded engine, and on Neo4j if there is one.

    Parameters
    ----------
    path : Path
    server : Server, optional
    version : str
        Of Neo4j; else that there is none.
    """

    path: Path
    server: Server | None
    version: str

    def open(self) -> Engine:
        """The embedded engine, on the file; to be closed before it is served."""
        return open_engine(f"ladybug://{self.path}")

    @contextmanager
    def serving(self) -> Iterator[dict[str, tuple[httpx.Client, int]]]:
        """The product's HTTP server on each engine, as `serving` has it."""
        with ExitStack() as stack:
            servers = {EMBEDDED: stack.enter_context(serving(f"ladybug://{self.path}"))}
            if self.server:
                servers[REMOTE] = stack.enter_context(serving(self.server.uri, self.server))
            yield servers


class Stage:
    """Opens databases in a folder of its own, and closes everything at the end.

    Parameters
    ----------
    work : Path
        An empty folder.
    """

    def __init__(self, work: Path) -> None:
        self.work = work
        self._closing = ExitStack()
        self._server: Server | None = None
        self._holds = ""
        self._missing = ""
        self._numbers = iter(range(1_000_000))

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.close()

    # --- embedded --------------------------------------------------------------------------------

    def new_file(self) -> Path:
        """A path for an embedded database that does not exist yet."""
        return self.work / f"{next(self._numbers)}.lbug"

    @contextmanager
    def embedded(self) -> Iterator[Engine]:
        """An embedded engine that has the schema and holds nothing."""
        with open_engine(f"ladybug://{self.new_file()}") as engine:
            engine.define(ddl(engine.dialect))
            yield engine

    def held(self, name: str, fill: Fill) -> Held:
        """A graph on both engines, or on the embedded one where there is no Neo4j."""
        path = self.new_file()
        with open_engine(f"ladybug://{path}") as engine:
            fill(engine)
        try:
            server = self.neo4j(name, fill)
        except Missing as exc:
            return Held(path, None, str(exc))
        return Held(path, server, version(server))

    # --- Neo4j -----------------------------------------------------------------------------------

    @contextmanager
    def fresh_neo4j(self, *, lasting: bool = False) -> Iterator[Server]:
        """A server of its own that has never held anything; with NEO4J_URI one that is empty.

        Parameters
        ----------
        lasting : bool
            Compile well, although that takes longer at first.

        Raises
        ------
        Missing
            There is no way to have one here.
        """
        if self._missing:
            raise Missing(self._missing)
        with ExitStack() as stack:
            try:
                with mock.patch.dict(os.environ, JAVA if lasting else {}):
                    work = self.work / f"neo4j-{next(self._numbers)}"
                    server = stack.enter_context(running_server(work))
            except Unavailable as exc:
                self._missing = f"no Neo4j: {exc}"
                raise Missing(self._missing) from exc
            yield server

    def neo4j(self, name: str, fill: Fill = lambda engine: None) -> Server:
        """The server that stays to the end; wiped and filled unless it holds that graph."""
        if self._server is None:
            self._server = self._closing.enter_context(self.fresh_neo4j(lasting=True))
        if self._holds != name:
            self._server.wipe()
            self._holds = ""
            with self.open(self._server) as engine:
                engine.define(ddl(engine.dialect))
                fill(engine)
            self._holds = name
        return self._server

    def abandon(self) -> None:
        """Do without the server that stays, which may be dead: the next use starts another."""
        self._server, self._holds = None, ""

    def forget(self) -> None:
        """Somebody writes to the server that stays: what it was filled with is no longer so."""
        self._holds = ""

    @staticmethod
    def open(server: Server) -> Engine:
        """The product's engine on a server."""
        return open_engine(server.uri, user=server.user, password=server.password)


def driver(server: Server) -> neo4j.Driver:
    """A bare driver; silent about properties that a graph happens not to have."""
    return neo4j.GraphDatabase.driver(
        server.uri, auth=(server.user, server.password), notifications_min_severity="OFF"
    )


def version(server: Server) -> str:
    """As `Neo4j 5.26.1`."""
    with Stage.open(server) as engine:
        try:
            return f"Neo4j {engine.info().version}"
        except EngineError:
            return "Neo4j"


def environment(server: Server | None) -> dict[str, str]:
    """The environment in which the product finds a server."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ALLIANCE_EXPLORER_")}
    if server is not None:
        env["ALLIANCE_EXPLORER_DB_USER"] = server.user
        env["ALLIANCE_EXPLORER_DB_PASSWORD"] = server.password
    return env


@contextmanager
def serving(url: str, server: Server | None = None) -> Iterator[tuple[httpx.Client, int]]:
    """The product's HTTP server on a database, as users start it.

    Yields
    ------
    httpx.Client
        Keeps its connection.
    int
        Process id of the server.
    """
    program = Path(sys.executable).parent / "alliance-explorer"
    with _served([str(program), "--db", url, "serve"], server) as served:
        yield served


@contextmanager
def serving_bare(url: str, server: Server | None = None) -> Iterator[httpx.Client]:
    """The least of an HTTP server on a database, see `bare`."""
    with _served([sys.executable, "-m", "benchmarks.bare", url], server) as (client, _):
        yield client


@contextmanager
def _served(command: list[str], server: Server | None) -> Iterator[tuple[httpx.Client, int]]:
    port = free_port()
    command = [*command, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(server)) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                _await(client, process)
                yield client, process.pid
        finally:
            process.terminate()


def _await(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the HTTP server did not start")
        time.sleep(0.1)
