"""A Neo4j server for the tests, from whatever is at hand.

In this order:

1. the server at `NEO4J_URI` (`NEO4J_USER`, `NEO4J_PASSWORD`), which must be empty;
2. Java and Maven: Neo4j Community is fetched once into `.cache/` and run as a plain process;
3. Docker, if its daemon answers.

`NEO4J_VERSION` chooses what is fetched: by default a release of the 5.26 long-term line, which
speaks Cypher 5; a calendar version such as 2026.08.1 is run with Cypher 25, its newer language.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from . import docker, java
from .server import Server, Unavailable

__all__ = ["DEFAULT_VERSION", "Server", "Unavailable", "running_server"]

DEFAULT_VERSION = "5.26.30"


@contextlib.contextmanager
def running_server(work: Path) -> Iterator[Server]:
    """An empty server; a throw-away one keeps its data and logs in the folder `work`.

    Raises
    ------
    Unavailable
        There is no way to have one here; says what is missing.
    """
    if uri := os.environ.get("NEO4J_URI"):
        server = Server(
            uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
        )
        server.refuse_unless_empty()
        try:
            yield server
        finally:
            server.wipe()
        return
    version = os.environ.get("NEO4J_VERSION", DEFAULT_VERSION)
    try:
        program, home = java.find_java(version), java.fetch(version)
    except Unavailable as exc:
        if not docker.answers():
            raise Unavailable(f"{exc}; no Docker daemon answers, and NEO4J_URI is not set") from exc
        with docker.running(version) as server:
            yield server
    else:
        with java.running(program, home, work) as server:
            yield server
