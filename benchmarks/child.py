"""What is measured in a process of its own, for its memory: `python -m benchmarks.child`."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import neo4j

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import ddl
from tests.neo4j_server import Server

from .data import load_landscapes
from .graphs import bipartite, projected, strongest_paths, ties_of
from .measure import ROOT, Clock, clocked, milliseconds, peak, resident, timed, traced
from .stage import environment
from .timed import TimedEngine

BATCH = 10_000
SMALL = 100 << 20
LOADERS = "alliance_explorer.loaders"
PLACES = (
    ("parse", f"{LOADERS}.sources.landscape", "read_shelves"),
    ("match", f"{LOADERS}.cleaning.identity", "Firms.in_graph"),
    ("match", f"{LOADERS}.cleaning.identity", "Firms.resolve"),
    ("match", f"{LOADERS}.sources.landscape", "network_ids"),
)


def run(
    name: str, server: Server | None = None, module: str = "child", **arguments: object
) -> dict[str, Any]:
    """Measure in a new process.

    Parameters
    ----------
    name : str
        A function of `MEASURES`.
    server : Server, optional
        Its user and password go by the environment.
    module : str
        Where the function is.
    arguments
        Whatever JSON can say.

    Raises
    ------
    RuntimeError
        It failed; with the end of what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", name, json.dumps(arguments)],
        cwd=ROOT,
        env=environment(server),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"measuring {name} failed: {done.stderr.strip()[-500:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def product_load(url: str, record: str | None = None) -> dict[str, object]:
    """Load the landscapes twice; optionally keep what was written for `bare_load`."""
    loads = []
    with _open(url) as engine:
        for _ in range(2):
            clock = Clock()
            engine_by_clock = TimedEngine(engine, clock)
            with clocked(clock, PLACES):
                seconds, summary = timed(load_landscapes, engine_by_clock)
            total = summary.total
            loads.append(
                {
                    "seconds": seconds,
                    "parts": dict(clock.seconds),
                    "rows": total.read,
                    "written": total.loaded,
                    "rejected": total.rejected,
                    "peak": peak(),
                }
            )
            if record and len(loads) == 1:
                Path(record).write_bytes(pickle.dumps(engine_by_clock.batches))
    return {"loads": loads}


def bare_load(url: str, record: str) -> dict[str, object]:
    """Send what the product wrote with nothing but the driver, as one would by hand."""
    batches = [
        (_plain_statement(target), [_plain_row(row) for row in rows])
        for target, rows in pickle.loads(Path(record).read_bytes())
    ]
    auth = (
        os.environ["ALLIANCE_EXPLORER_DB_USER"],
        os.environ["ALLIANCE_EXPLORER_DB_PASSWORD"],
    )
    parts = {}
    with (
        neo4j.GraphDatabase.driver(url, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session() as session,
    ):
        driver.verify_connectivity()

        def define() -> None:
            for statement in ddl("neo4j"):
                session.run(statement).consume()
            session.run("CALL db.awaitIndexes(60)").consume()

        def send() -> None:
            for statement, rows in batches:
                for some in _chunks(rows):
                    session.execute_write(_send, statement, some)

        parts["schema"], _ = timed(define)
        parts["write"], _ = timed(send)
    return {"seconds": sum(parts.values()), "parts": parts, "rows": sum(len(b) for _, b in batches)}


def _send(tx: neo4j.ManagedTransaction, statement: str, rows: list[dict[str, object]]) -> None:
    tx.run(statement, rows=rows).consume()


def _chunks(rows: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    return [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]


def _plain_statement(target: tuple[str, ...]) -> str:
    if len(target) == 1:
        return f"UNWIND $rows AS row MERGE (x:{target[0]} {{id: row.id}}) SET x += row.known"
    a, b, type_ = target
    return (
        f"UNWIND $rows AS row MATCH (a:{a} {{id: row.from}}) MATCH (b:{b} {{id: row.to}}) "
        f"MERGE (a)-[x:{type_} {{id: row.id}}]->(b) SET x += row.known"
    )


def _plain_row(row: Mapping[str, object]) -> dict[str, object]:
    ends = {"from_id": "from", "to_id": "to"}
    known = {k: v for k, v in row.items() if v is not None and k not in ends}
    return {"id": row["id"], "known": known, **{v: row[k] for k, v in ends.items() if k in row}}


def in_memory(url: str, kind: str, pairs: list[tuple[str, str]], k: int) -> dict[str, object]:
    """Build a networkx graph of all ties and look for the `k` strongest simple paths in it."""
    with _open(url) as engine:
        ties = ties_of(engine)
    build = bipartite if kind == "bipartite" else projected
    before = resident()
    built, graph = timed(build, ties)
    taken = resident() - before
    if taken < SMALL:  # too little for pages to tell
        taken = traced(lambda: build(ties))
    return {
        "seconds": built,
        "bytes": taken,
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "milliseconds": [milliseconds(strongest_paths, graph, a, b, k) for a, b in pairs],
    }


def _open(url: str) -> Engine:
    return open_engine(
        url,
        user=os.environ.get("ALLIANCE_EXPLORER_DB_USER"),
        password=os.environ.get("ALLIANCE_EXPLORER_DB_PASSWORD"),
    )


MEASURES: Mapping[str, Callable[..., dict[str, object]]] = {
    f.__name__: f for f in (product_load, bare_load, in_memory)
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](**json.loads(sys.argv[2]))))
