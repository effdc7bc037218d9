"""The least of an HTTP server: a question, by one Cypher of the engine's own. To compare with.

`/path` finds any shortest path; it knows no strengths, no dates and no evidence. `/strongest` ranks
bridges by strength as the product does, but takes every tie as one that has not ended, and tells no
facts. Neither looks at dates, resolves names or checks anything.
"""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, LiteralString

import neo4j
import uvicorn
from fastapi import FastAPI, Query

from alliance_explorer.engine import open_engine
from alliance_explorer.errors import QueryTimeout

from .cypher import BEST, EMBEDDED_BEST, EMBEDDED_SHORTEST, SHORTEST_PATH

Rows = Sequence[Mapping[str, object]]
Question = Callable[[str, str], Rows]


def app_of(questions: Mapping[str, Question]) -> FastAPI:
    """A server of some questions, each `/NAME?from=ID&to=ID`."""
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    def route(ask: Question) -> Callable[[str, str], Rows]:
        def answer(from_: Annotated[str, Query(alias="from")], to: Annotated[str, Query()]) -> Rows:
            return ask(from_, to)

        return answer

    for name, ask in questions.items():
        app.get(f"/{name}", response_model=None)(route(ask))
    return app


def embedded(file: str) -> dict[str, Question]:
    """`SHORTEST`, and what ranks by strength, on a file; nothing if it takes too long."""
    engine = open_engine(file)

    def asking(*queries: str) -> Question:
        def ask(one: str, other: str) -> Rows:
            try:
                return [r for q in queries for r in engine.read(q, focal=one, target=other)]
            except QueryTimeout:
                return []

        return ask

    return {"path": asking(EMBEDDED_SHORTEST), "strongest": asking(*EMBEDDED_BEST)}


def on_neo4j(uri: str) -> dict[str, Question]:
    """`shortestPath`, and what ranks by strength, by the bare driver."""
    auth = (os.environ["ALLIANCE_EXPLORER_DB_USER"], os.environ["ALLIANCE_EXPLORER_DB_PASSWORD"])
    driver = neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF")

    def asking(query: LiteralString) -> Question:
        def ask(one: str, other: str) -> Rows:
            with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
                return session.run(query, focal=one, target=other).data()

        return ask

    return {"path": asking(SHORTEST_PATH), "strongest": asking(BEST)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    find = embedded if asked.url.startswith("ladybug:") else on_neo4j
    uvicorn.run(app_of(find(asked.url)), port=asked.port, log_level="warning")
