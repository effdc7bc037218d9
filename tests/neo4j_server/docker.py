"""Neo4j Community in a container, where there is a Docker daemon but no Java."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator

import neo4j

from .server import PASSWORD, Server, free_port

_START_SECONDS = 120.0


def answers() -> bool:
    """Whether there is a daemon; the client alone is no use."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True).returncode == 0


@contextlib.contextmanager
def running(version: str) -> Iterator[Server]:
    """A server in a container of its own, on a free loopback port."""
    port = free_port()
    started = subprocess.run(
        [
            *("docker", "run", "--rm", "--detach"),
            f"--publish=127.0.0.1:{port}:7687",
            f"--env=NEO4J_AUTH=neo4j/{PASSWORD}",
            f"neo4j:{version}-community",
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        server = Server(f"neo4j://127.0.0.1:{port}")
        with neo4j.GraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            max_transaction_retry_time=_START_SECONDS,
        ) as driver:
            driver.execute_query("RETURN 1")  # retried until the server is up
        yield server
    finally:
        subprocess.run(["docker", "rm", "--force", started.stdout.strip()], capture_output=True)
