"""The least of an HTTP server: one question, by one Cypher of the engine's own. To compare with.

It finds any shortest path; it knows no strengths, no dates and no evidence, resolves no names and
checks nothing.
"""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

import neo4j
import uvicorn
from fastapi import FastAPI, Query

from alliance_explorer.engine import open_engine
from alliance_explorer.errors import QueryTimeout

from .cypher import SHORTEST_PATH

LADYBUG_SHORTEST: Final = (
    "MATCH p = (a:Firm)-[:PARTY_TO|MEMBER_OF* SHORTEST 1..6]-(b:Firm) "
    "WHERE a.id = $focal AND b.id = $target RETURN length(p) AS steps"
)
Rows = Sequence[Mapping[str, object]]
Shortest = Callable[[str, str], Rows]


def app_of(shortest: Shortest) -> FastAPI:
    """A server of one question, `/path?from=ID&to=ID`."""
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.get("/path")
    def path(from_: Annotated[str, Query(alias="from")], to: Annotated[str, Query()]) -> Rows:
        return shortest(from_, to)

    return app


def embedded(file: str) -> Shortest:
    """`SHORTEST` on a database file; nothing if it takes too long."""
    engine = open_engine(file)

    def shortest(one: str, other: str) -> Rows:
        try:
            return engine.read(LADYBUG_SHORTEST, focal=one, target=other)
        except QueryTimeout:
            return []

    return shortest


def on_neo4j(uri: str) -> Shortest:
    """`shortestPath` by the bare driver."""
    auth = (os.environ["ALLIANCE_EXPLORER_DB_USER"], os.environ["ALLIANCE_EXPLORER_DB_PASSWORD"])
    driver = neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF")

    def shortest(one: str, other: str) -> Rows:
        with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            return session.run(SHORTEST_PATH, focal=one, target=other).data()

    return shortest


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    find = embedded if asked.url.startswith("ladybug:") else on_neo4j
    uvicorn.run(app_of(find(asked.url)), port=asked.port, log_level="warning")
