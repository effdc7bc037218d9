"""The embedded engine: in this process, one file, no server."""

import contextlib
import itertools
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import ladybug
import pyarrow as pa

from alliance_explorer.errors import DatabaseLocked, EngineError, EngineUnavailable

from .foreign import check_foreign
from .ladybug_connection import READING, Alone, Connection, joining
from .protocol import (
    Closing,
    ColumnType,
    Dialect,
    EngineInfo,
    Row,
    Step,
    Table,
    arrow_table,
    check_parameters,
)
from .readers import Readers
from .rewriting import count_bytes, rewrite

# What a copy holds of each fact in the pool until all are in their places, in bytes: measured with
# 1 and 4 GB and relationships of 11 and 19 properties.
FACT_IN_POOL: Final = 1 << 10
# Reserved addresses, not memory; the default of 8 TiB is refused on some machines.
MAX_DB_SIZE: Final = 1 << 40
CONNECTIONS: Final = 4
# Kept apart from the graph: no label of the schema, no relationships.
NOTES: Final = "AllianceExplorerNote"
# The time limit of a write is for so many rows.
ROWS_IN_TIME: Final = 10_000

# A second Database object on one path in one process is allowed and loses committed rows.
_open_paths: set[Path] = set()
_open_paths_lock = threading.Lock()


class LadybugEngine(Closing):
    """A ladybug database file.

    Reads run side by side, each on a connection of its own; writes wait for each other, and each
    waits with its commit, or with the whole of a bulk copy, until nobody reads. A commit may be a
    checkpoint too, and that replaces what readers look at: a look-up by key has crashed the process
    so (`VersionInfo::getVectorVersionInfo` beside `Checkpointer::finishCheckpoint`; issues 713 and
    840 of LadybugDB/ladybug tell of alike). See `Readers` for who waits for whom.
    """

    dialect: Dialect = "ladybug"

    def __init__(
        self,
        path: Path,
        *,
        read_timeout: float,
        write_timeout: float,
        buffer_pool: int,
    ) -> None:
        self._path = path.resolve()
        self._pool = buffer_pool
        self.copies = buffer_pool // FACT_IN_POOL
        self._timeouts = read_timeout, write_timeout
        with _open_paths_lock:
            if self._path in _open_paths:
                raise DatabaseLocked(f"{path} is already open in this process; share that engine")
            self._database = _open_database(self._path, self._pool)
            _open_paths.add(self._path)
        self.turn = threading.RLock()
        self._write_lock = threading.Lock()
        # Writes have a connection of their own: they wait for readers only at their end.
        self._writer: Connection | None = None
        self._readers: Readers[Connection] = Readers(CONNECTIONS)
        self._counted = 0
        self._noted: bool | None = None  # not known yet
        self._epoch = uuid.uuid4().hex[:8]
        self._writes = itertools.count(1)
        self._stamp = f"{self._epoch}-0"
        self._closed = False

    # --- queries ---------------------------------------------------------------------------------

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        queries, asked = joining(query, parameters)
        return self._read(queries, [asked], self._timeouts[0])

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        return self._read([query], asked, self._timeouts[0])

    def read_whole(self, query: str) -> list[Row]:
        return self._read([query], [{}], self._timeouts[1])

    def read_columns(self, query: str) -> pa.Table:
        with self._connection(self._timeouts[1]) as connection:
            return connection.columns(query, self._timeouts[1])

    def _read(
        self, queries: Sequence[str], asked: Sequence[Mapping[str, object]], seconds: float
    ) -> list[Row]:
        for query, parameters in itertools.product(queries, asked):
            check_parameters(query, parameters)
        with self._connection(seconds) as connection:
            return connection.run(READING, queries, asked, seconds)

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        query = check_foreign(query)
        check_parameters(query, parameters)
        seconds = min(seconds, self._timeouts[0])
        with self._connection(seconds) as connection:
            return connection.ask(query, parameters, limit, seconds)

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        # Always a new table: the same object scanned twice has crashed the process.
        return self.read(query, rows=arrow_table(rows, columns)) if rows else []

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        return self._write(query, parameters, self._timeouts[1])

    def _write(self, query: str, parameters: Mapping[str, object], limit: float) -> list[Row]:
        check_parameters(query, parameters)
        with self._write_lock:
            result = self._run(query, parameters, limit, self._voiding())
            self._moved()
            return result

    def _voiding(self) -> str | None:
        """The statement that belongs before any write, if there is a note."""
        return f"MATCH (n:{NOTES}) DELETE n" if self._has_note() else None

    def _moved(self) -> None:
        """Something was written."""
        self._noted = False
        self._counted += 1
        self._stamp = f"{self._epoch}-{next(self._writes)}"

    def _run(
        self,
        query: str,
        parameters: Mapping[str, object],
        limit: float,
        first: str | None = None,
    ) -> list[Row]:
        """Run a statement, and another before it in the same transaction, with the lock held."""
        return self._to_write().run("BEGIN TRANSACTION", [query], [parameters], limit, first)

    def _to_write(self) -> Connection:
        """The connection that writes, with the lock held."""
        self._writer = self._fresh(self._writer, self._readers.alone)
        return self._writer

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        if not rows:
            return 0
        written = self.write(statement, rows=arrow_table(rows, columns))[0]["written"]
        assert isinstance(written, int)
        return written

    def write_steps(self, steps: Sequence[Step]) -> None:
        asked = [
            (s.statement, {"rows": arrow_table(s.rows, s.columns)}, len(s.rows)) for s in steps
        ]
        with self._write_lock:
            first = self._voiding()
            some = [step for step in asked if step[2]]
            self._to_write().run_all(some, self._timeouts[1], first)
            self._moved()

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        limit = self._timeouts[1] * max(1.0, len(rows) / ROWS_IN_TIME)
        with self._write_lock:
            if first := self._voiding():
                self._run(first, {}, self._timeouts[1])
            # A table of its own: the same object scanned twice has crashed the process. And a
            # connection of its own: its cache keeps what it read until it is closed.
            own = pa.table(rows.columns, rows.schema.names)
            with contextlib.closing(self._fresh(None, self._readers.alone)) as connection:
                connection.copy(statement, own, limit)
            self._moved()

    def define(self, statements: Iterable[str]) -> None:
        with self._write_lock:
            self._to_write().define(list(statements), self._timeouts[1])
            self._stamp = f"{self._epoch}-{next(self._writes)}"

    def stamp(self) -> str:
        return self._stamp

    def watching(self) -> "LadybugEngine":
        return self

    def still(self, stamp: str) -> bool:
        return self._stamp == stamp

    # --- a note ----------------------------------------------------------------------------------

    def writes(self) -> int:
        return self._counted

    def note(self, text: str, writes: int) -> None:
        table = f"CREATE NODE TABLE IF NOT EXISTS {NOTES}(id STRING, text STRING, PRIMARY KEY(id))"
        with self._write_lock:
            if self._counted == writes:
                self._run(table, {}, self._timeouts[1])
                query = f"MERGE (n:{NOTES} {{id: 'note'}}) SET n.text = $text"
                self._run(query, {"text": text}, self._timeouts[1])
                self._noted = True

    def noted(self) -> str | None:
        with self._write_lock:
            if not self._has_note():
                return None
        (row,) = self.read(f"MATCH (n:{NOTES}) RETURN n.text AS text") or [{"text": None}]
        return None if row["text"] is None else str(row["text"])

    def _has_note(self) -> bool:
        """Whether there may be one; looked up once, for nobody else can write."""
        if self._noted is None:
            tables = self._run("CALL show_tables() RETURN name", {}, self._timeouts[0])
            self._noted = {"name": NOTES} in tables
        return self._noted

    def info(self) -> EngineInfo:
        tables = self.read("CALL show_tables() RETURN name, type")
        return EngineInfo(
            name="ladybug",
            version=str(ladybug.__version__),
            url=f"ladybug://{self._path}",
            indexes=[
                f"{t['name']}.id (primary key)"
                for t in tables
                if t["type"] == "NODE" and t["name"] != NOTES
            ],
            problems=[],
        )

    def rewrite(self, statements: Iterable[str]) -> bool:
        with self._write_lock, self._closed_for_all():
            try:
                rewrite(
                    self._path, statements, partial(_open_database, pool=self._pool), self.copies
                )
            except RuntimeError as exc:
                raise EngineError(f"the embedded database could not be rewritten: {exc}") from exc
            finally:
                self._database = _open_database(self._path, self._pool)
                self._stamp = f"{self._epoch}-{next(self._writes)}"
                self._noted = False  # notes are not copied
        return True

    def count_bytes(self, texts: Iterable[str]) -> int | None:
        with self._write_lock:
            return count_bytes(self._path, texts)

    # --- life ------------------------------------------------------------------------------------

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        with self._write_lock, self._closed_for_all():
            pass  # whoever waited or comes late is told that it is closed
        with _open_paths_lock:
            _open_paths.discard(self._path)

    @contextlib.contextmanager
    def _closed_for_all(self) -> Iterator[None]:
        """Close the database and all connections to it when nobody reads, with the lock held."""
        with self._readers.alone() as places:
            for connection in filter(None, [self._writer, *(place.left for place in places)]):
                connection.close()
            for place in places:
                place.left = None
            self._writer = None
            self._database.close()
            yield

    @contextlib.contextmanager
    def _connection(self, seconds: float) -> Iterator["Connection"]:
        with self._readers.one(seconds) as place:
            place.left = self._fresh(place.left)
            yield place.left

    def _fresh(
        self, connection: "Connection | None", alone: Alone = contextlib.nullcontext
    ) -> "Connection":
        """The connection, or a new one in its place if it is worn out or was never opened."""
        if self._closed:
            raise EngineUnavailable("the database is closed")
        if connection is not None and not connection.worn_out:
            return connection
        if connection is not None:
            connection.close()
        return Connection(self._database, alone)


def _open_database(path: Path, pool: int) -> Any:
    # By itself it would take 80 % of the machine's memory, and one query over a hub can fill it.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ladybug.Database(path, buffer_pool_size=pool, max_db_size=MAX_DB_SIZE)
    except OSError as exc:
        raise EngineUnavailable(f"cannot make {path.parent}: {exc.strerror}") from exc
    except RuntimeError as exc:
        text = str(exc)
        if "Could not set lock" in text:
            raise DatabaseLocked(
                f"{path} is in use by another process, and an embedded database belongs to one at "
                "a time: stop the other (a running `alliance-explorer serve`?), ask it over HTTP, "
                "or use Neo4j"
            ) from exc
        raise EngineUnavailable(f"cannot open {path}: {text}") from exc
