"""What the part `scale` measures in processes of their own: `python -m benchmarks.scale_child`."""

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ladybug
import neo4j
import pyarrow as pa
import pyarrow.ipc as ipc

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.engine.ladybug import MAX_DB_SIZE
from alliance_explorer.errors import AllianceExplorerError
from alliance_explorer.graph_schema import SCHEMA, copy, ddl
from alliance_explorer.loaders import load
from alliance_explorer.loaders.tabular.tables import read_blocks
from alliance_explorer.loaders.writing.blocks import Block
from alliance_explorer.queries import Explorer, PathOptions, bridges, paths, portfolio, profile
from alliance_explorer.queries.graph.projection import project

from .data import SEED, TODAY
from .measure import milliseconds, peak, resident, timed

BATCH = 10_000
Files = list[tuple[str, list[str], str]]


def arrow(folder: str, into: str) -> dict[str, object]:
    """Write the rows of tables as Arrow files, typed and complete: what bare paths begin with."""
    made: dict[str, Any] = {}
    files: Files = []
    for item in read_blocks(Path(folder), "made up"):
        assert isinstance(item, Block), item
        for ends, part in item.by_ends():
            name = "-".join([*(ends or ()), part.type.name])
            table = part.table(recorded_at=TODAY, confidence=1.0)
            if name not in made:
                path = str(Path(into) / f"{name}.arrow")
                made[name] = ipc.new_file(path, table.schema)
                files.append((part.type.name, list(ends or ()), path))
            made[name].write_table(table)
    for writer in made.values():
        writer.close()
    return {"files": files}


def product_load(url: str, folder: str, pool: int) -> dict[str, object]:
    """Open the database, load tables, close it."""
    before, start = resident(), os.times()
    clock = time.perf_counter()
    with _open(url, pool) as engine:
        total = load(engine, [folder], max_download=0, download_timeout=0, today=TODAY).total
    seconds, used = time.perf_counter() - clock, os.times()
    assert total.rejected == 0
    return {
        "seconds": seconds,
        "cpu": used.user + used.system - start.user - start.system,
        "rows": total.read,
        "written": total.loaded,
        "peak": peak(),
        "before": before,
    }


def bare_copy(url: str, files: Files, pool: int) -> dict[str, object]:
    """Arrow tables into the embedded engine, with nothing else between."""
    before, start = resident(), os.times()
    clock = time.perf_counter()
    rows = 0
    database = ladybug.Database(
        url.removeprefix("ladybug://"), buffer_pool_size=pool, max_db_size=MAX_DB_SIZE
    )
    connection = ladybug.Connection(database)
    for statement in ddl("ladybug"):
        connection.execute(statement)
    for name, ends, path in files:
        with pa.memory_map(path) as source:
            table = ipc.open_file(source).read_all()
            statement = copy(_type(name), (ends[0], ends[1]) if ends else None)
            connection.execute(statement, {"rows": table})
            rows += len(table)
    connection.close()
    database.close()
    seconds, used = time.perf_counter() - clock, os.times()
    cpu = used.user + used.system - start.user - start.system
    return {"seconds": seconds, "cpu": cpu, "rows": rows, "peak": peak(), "before": before}


def bare_unwind(url: str, files: Files) -> dict[str, object]:
    """The rows in batches of 10,000 with nothing but the driver; reading them is not counted."""
    auth = os.environ["ALLIANCE_EXPLORER_DB_USER"], os.environ["ALLIANCE_EXPLORER_DB_PASSWORD"]
    seconds, rows = 0.0, 0
    with (
        neo4j.GraphDatabase.driver(url, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session() as session,
    ):
        driver.verify_connectivity()
        start = time.perf_counter()
        for statement in ddl("neo4j"):
            session.run(statement).consume()
        session.run("CALL db.awaitIndexes(60)").consume()
        seconds += time.perf_counter() - start
        for name, ends, path in files:
            if ends:
                text = (
                    f"UNWIND $rows AS row MATCH (a:{ends[0]} {{id: row.from}}) "
                    f"MATCH (b:{ends[1]} {{id: row.to}}) "
                    f"MERGE (a)-[x:{name} {{id: row.id}}]->(b) SET x += row.known"
                )
            else:
                text = f"UNWIND $rows AS row MERGE (x:{name} {{id: row.id}}) SET x += row.known"
            for some in _batches(path):
                start = time.perf_counter()
                session.execute_write(_send, text, some)
                seconds += time.perf_counter() - start
                rows += len(some)
    return {"seconds": seconds, "rows": rows}


def _send(tx: neo4j.ManagedTransaction, text: str, rows: list[dict[str, object]]) -> None:
    tx.run(text, rows=rows).consume()


def _batches(path: str) -> Iterator[list[dict[str, object]]]:
    ends = {"from_id": "from", "to_id": "to"}
    with pa.memory_map(path) as source:
        for batch in ipc.open_file(source).read_all().to_batches(BATCH):
            yield [
                {
                    "id": row["id"],
                    "known": {k: v for k, v in row.items() if v is not None and k not in ends},
                    **{v: row[k] for k, v in ends.items() if k in row},
                }
                for row in batch.to_pylist()
            ]


def questions(url: str, seconds: float, pool: int) -> dict[str, object]:
    """The projection, and the questions of the foundation's benchmark on random firms."""
    with _open(url, pool) as engine:
        gc.collect()
        before = resident()
        took, projection = timed(project, engine)
        gc.collect()
        held = resident() - before
        ties = len(projection.shared.actor) + len(projection.direct)
        arrays, names = projection.nbytes, len(projection.names)
        firms = [a for a in projection.actors if a.startswith("firm:")]
        del projection
        explorer = Explorer(engine, TODAY)
        rng = random.Random(SEED)
        best, ten = PathOptions(limit=1), PathOptions(limit=10)
        asks: dict[str, Callable[[str, str], object]] = {
            "bridges": lambda a, b: bridges(explorer, a, b),
            "best path": lambda a, b: paths(explorer, a, b, best),
            "ten best paths": lambda a, b: paths(explorer, a, b, ten),
            "firm page": lambda a, b: profile(explorer, a),
            "portfolio": lambda a, b: portfolio(explorer, a),
        }
        first = milliseconds(asks["bridges"], *rng.sample(firms, 2))
        times: dict[str, list[float]] = {name: [] for name in asks}
        failed = dict.fromkeys(asks, 0)
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(times["bridges"]) < 100:
            pair = rng.sample(firms, 2)
            for name, ask in asks.items():
                start = time.perf_counter()
                try:
                    ask(*pair)
                except AllianceExplorerError:
                    failed[name] += 1
                times[name].append(1e3 * (time.perf_counter() - start))
        return {
            "projecting": took,
            "bytes": held,
            "arrays": arrays,
            "names": names,
            "ties": ties,
            "first": first,
            "times": times,
            "failed": failed,
            "peak": peak(),
        }


def _type(name: str) -> Any:
    return SCHEMA.nodes.get(name) or SCHEMA.relationships[name]


def _open(url: str, pool: int) -> Engine:
    return open_engine(
        url,
        buffer_pool=pool,
        user=os.environ.get("ALLIANCE_EXPLORER_DB_USER"),
        password=os.environ.get("ALLIANCE_EXPLORER_DB_PASSWORD"),
    )


MEASURES: Mapping[str, Callable[..., dict[str, object]]] = {
    f.__name__: f for f in (arrow, product_load, bare_copy, bare_unwind, questions)
}

if __name__ == "__main__":
    # What was imported for other measurements is not to be gone through within this one: 80 ms.
    gc.freeze()
    print(json.dumps(MEASURES[sys.argv[1]](**json.loads(sys.argv[2]))))
