"""A server that runs, and what the tests do to it besides queries."""

import socket
from dataclasses import dataclass

import neo4j

# Of the throw-away servers. There is one, so that signing in is tested too.
PASSWORD = "only-for-tests"


class Unavailable(Exception):
    """No server can be had here; the text says what is missing."""


@dataclass(frozen=True)
class Server:
    """Where a Neo4j listens, and who may enter."""

    uri: str
    user: str = "neo4j"
    password: str = PASSWORD

    def refuse_unless_empty(self) -> None:
        """The tests delete everything: not somebody's data."""
        with self._driver() as driver:
            (record,), _, _ = driver.execute_query("MATCH (n) RETURN count(n) AS nodes")
        if record["nodes"]:
            raise RuntimeError(
                f"the tests delete everything in the Neo4j at {self.uri} (NEO4J_URI), and it "
                f"holds {record['nodes']} nodes: empty it, or unset NEO4J_URI"
            )

    def wipe(self) -> None:
        """Delete all nodes and relationships; indexes and constraints stay."""
        with self._driver() as driver, driver.session() as session:
            # In batches: one transaction over a large graph would not fit into a small heap.
            session.run(
                "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
            ).consume()

    def _driver(self) -> neo4j.Driver:
        return neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password))


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
