"""What the embedded engine needs guarding against."""

import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa
import pytest

from alliance_explorer.engine import Engine, arrow_table, open_engine
from alliance_explorer.engine.ladybug import LadybugEngine
from alliance_explorer.engine.ladybug_connection import READING
from alliance_explorer.errors import (
    DatabaseLocked,
    EngineError,
    EngineUnavailable,
    QueryTimeout,
)
from alliance_explorer.graph_schema import SCHEMA, columns, copy, ddl, upsert

pytestmark = pytest.mark.ladybug
FIRM = SCHEMA.nodes["Firm"]


def opened(path: Path, read_timeout: float = 20.0, buffer_pool: int = 1 << 30) -> Engine:
    engine = open_engine(f"ladybug://{path}", read_timeout=read_timeout, buffer_pool=buffer_pool)
    engine.define(ddl(engine.dialect))
    return engine


def test_one_owner_in_this_process(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "a.lbug"),
        pytest.raises(DatabaseLocked, match="already open in this process"),
    ):
        open_engine(f"ladybug://{tmp_path}/./a.lbug")
    open_engine(f"ladybug://{tmp_path}/a.lbug").close()


def test_one_owner_among_processes(tmp_path: Path) -> None:
    path = tmp_path / "a.lbug"
    program = (
        "import sys; from alliance_explorer.engine import open_engine\n"
        "with open_engine(sys.argv[1]): print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, f"ladybug://{path}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(DatabaseLocked, match="in use by another process"):
            open_engine(f"ladybug://{path}")
        other.communicate(b"")


def test_a_schema_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_engine(f"ladybug://{tmp_path}/a.lbug") as engine:
        sound = ddl(engine.dialect)
        with pytest.raises(EngineError, match="refused"):
            engine.define([*sound, "CREATE NODE TABLE Firm(id STRING, PRIMARY KEY(id))"])
        assert engine.info().indexes == []
        engine.define(sound)
        assert len(engine.info().indexes) == len(SCHEMA.nodes)


def test_many_loads_do_not_fill_the_buffer_pool(tmp_path: Path) -> None:
    """Each scan stays in the cache of its connection: one connection for all is too few."""
    statement = upsert("ladybug", FIRM)
    with opened(tmp_path / "a.lbug", buffer_pool=128 << 20) as engine:
        for n in range(400):
            engine.write_rows(statement, [{"id": f"firm:{n}", "name": "x"}], columns(FIRM))
        assert engine.read("MATCH (f:Firm) RETURN count(f) AS n") == [{"n": 400}]


def test_what_was_copied_is_not_kept(tmp_path: Path) -> None:
    """The cache of a connection keeps the tables that it scanned."""
    with opened(tmp_path / "a.lbug") as engine:
        before = pa.total_allocated_bytes()
        rows = [{"id": f"firm:{n}", "name": "x" * 1000} for n in range(1000)]
        engine.copy_rows(copy(FIRM), arrow_table(rows, columns(FIRM)))
        gc.collect()
        assert pa.total_allocated_bytes() - before < 500_000


def test_readers_beside_a_writer(tmp_path: Path) -> None:
    wrong: list[object] = []
    with opened(tmp_path / "a.lbug") as engine:
        done = threading.Event()

        def look() -> None:
            try:
                while not done.is_set():
                    (row,) = engine.read("MATCH (f:Firm) RETURN count(f) AS n")
                    assert isinstance(row["n"], int)
                    if row["n"] % 100:
                        wrong.append(row["n"])
            except EngineError as exc:
                wrong.append(exc)

        readers = [threading.Thread(target=look) for _ in range(6)]
        for reader in readers:
            reader.start()
        for batch in range(20):
            rows = [{"id": f"firm:{batch}-{n}", "name": "x"} for n in range(100)]
            engine.write_rows(upsert("ladybug", FIRM), rows, columns(FIRM))
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []


def test_nobody_reads_while_a_write_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a checkpoint, too; beside readers that has crashed the process."""
    execute, reading, met = ladybug.Connection.execute, set[int](), list[int]()

    def watched(self: ladybug.Connection, query: Any, *more: Any) -> Any:
        if query == READING:
            reading.add(id(self))
        ends_write = query in ("COMMIT", "ROLLBACK") and id(self) not in reading
        ends_write |= query.startswith("COPY")  # it ends its transaction itself
        met.extend([len(reading)] * ends_write)
        try:
            return execute(self, query, *more)
        finally:
            met.extend([len(reading)] * ends_write)
            if query == "COMMIT":
                reading.discard(id(self))

    statement = upsert("ladybug", FIRM)
    with opened(tmp_path / "a.lbug") as engine, ThreadPoolExecutor() as threads:
        monkeypatch.setattr(ladybug.Connection, "execute", watched)
        done = threading.Event()

        def look() -> None:
            while not done.is_set():
                engine.read("MATCH (f:Firm) RETURN count(f) AS n")

        readers = [threads.submit(look) for _ in range(4)]
        for n in range(30):
            engine.write_rows(statement, [{"id": f"firm:{n}", "name": "x"}], columns(FIRM))
        with pytest.raises(EngineError):
            engine.write("CREATE (f:Firm {id: 'firm:0', name: 'there already'})")
        rows = arrow_table([{"id": f"firm:c{n}", "name": "x"} for n in range(50)], columns(FIRM))
        engine.copy_rows(copy(FIRM), rows)
        with pytest.raises(EngineError):
            engine.copy_rows(copy(FIRM), rows)
        done.set()
        for reader in readers:
            reader.result()
    assert len(met) >= 66
    assert not any(met)


def test_time_limit(tmp_path: Path) -> None:
    with opened(tmp_path / "a.lbug", read_timeout=0.3) as engine:
        rows = [{"id": f"firm:{n}", "name": f"name {n}"} for n in range(3_000)]
        engine.write_rows(upsert("ladybug", FIRM), rows, columns(FIRM))
        with pytest.raises(QueryTimeout, match=r"0\.3 s"):
            engine.read(
                "MATCH (a:Firm), (b:Firm), (c:Firm) WHERE a.name + b.name <> c.name "
                "RETURN count(*) AS n"
            )
        assert engine.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_closed_engine_says_so(tmp_path: Path) -> None:
    engine = opened(tmp_path / "a.lbug")
    engine.close()
    engine.close()
    with pytest.raises(EngineUnavailable, match="closed"):
        engine.read("RETURN 1 AS one")


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "text.lbug").write_text("not a database" * 1000)
    with pytest.raises(EngineUnavailable, match="cannot open"):
        open_engine(f"ladybug://{tmp_path}/text.lbug")
    with pytest.raises(EngineUnavailable, match="cannot open"):
        open_engine("mysql://somewhere")
    assert LadybugEngine.dialect == "ladybug"


def test_order_by_limit_before_an_aggregate_is_still_wrong(tmp_path: Path) -> None:
    """The bug that `test_no_known_trap` guards the query files against; gone: drop both."""
    with opened(tmp_path / "a.lbug") as engine:
        rows = [{"id": f"firm:{n}", "name": "x", "founded": 1900 + n} for n in range(50)]
        engine.write_rows(upsert("ladybug", FIRM), rows, columns(FIRM))
        answer = engine.read(
            "MATCH (f:Firm) WITH f ORDER BY f.founded DESC LIMIT 3 RETURN max(f.founded) AS newest"
        )
        assert answer != [{"newest": 1949}]
