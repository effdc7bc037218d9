"""The embedded engine: in this process, one file, no server."""

import contextlib
import datetime as dt
import decimal
import itertools
import queue
import re
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import ladybug
import pyarrow as pa

from alliance_explorer.errors import DatabaseLocked, EngineError, EngineUnavailable, QueryTimeout

from .foreign import check_foreign, limited
from .protocol import (
    ColumnType,
    Decoded,
    Dialect,
    Edge,
    EngineInfo,
    Node,
    Row,
    Step,
    Table,
    arrow_table,
    check_parameters,
    check_written,
)

# The default pool is 80 % of the machine's memory, and one query over a hub can fill it.
BUFFER_POOL: Final = 1 << 30
# Reserved addresses, not memory; the default of 8 TiB is refused on some machines.
MAX_DB_SIZE: Final = 1 << 40
# The cache of prepared statements of a connection never shrinks, and each scan of a table adds to
# it as a text of its own (0.7 MB or so): after so many a new connection.
TEXTS_PER_CONNECTION: Final = 200
SCANS_PER_CONNECTION: Final = 50
CONNECTIONS: Final = 4
# Kept apart from the graph: no label of the schema, no relationships.
NOTES: Final = "AllianceExplorerNote"
# The time limit of a write is for so many rows.
ROWS_IN_TIME: Final = 10_000

# Most values of a large answer are of these types.
_AS_IT_IS: Final = frozenset({str, int, float, bool, dt.date, type(None)})

# A second Database object on one path in one process is allowed and loses committed rows.
_open_paths: set[Path] = set()
_open_paths_lock = threading.Lock()


# From this many entries on, a join is quicker than comparisons.
LONG_LIST: Final = 300
_BY_LIST: Final = re.compile(
    r"^(?P<match>MATCH [^\n]+)\nWHERE (?P<node>\w+)\.id IN \$(?P<list>\w+)", re.MULTILINE
)


class LadybugEngine:
    """A ladybug database file.

    Reads run side by side, each on a connection of its own; writes wait for each other.
    """

    dialect: Dialect = "ladybug"
    copies = True

    def __init__(self, path: Path, *, read_timeout: float, write_timeout: float) -> None:
        self._path = path.resolve()
        self._timeouts = read_timeout, write_timeout
        with _open_paths_lock:
            if self._path in _open_paths:
                raise DatabaseLocked(f"{path} is already open in this process; share that engine")
            self._database = _open_database(self._path)
            _open_paths.add(self._path)
        self._write_lock = threading.Lock()
        # Writes have a connection of their own: busy readers must not keep them waiting.
        self._writer: _Connection | None = None
        self._pool: queue.LifoQueue[_Connection | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._pool.put(None)  # opened when first needed
        self._counted = 0
        self._noted: bool | None = None  # not known yet
        self._epoch = uuid.uuid4().hex[:8]
        self._writes = itertools.count(1)
        self._stamp = f"{self._epoch}-0"
        self._closed = False

    # --- queries ---------------------------------------------------------------------------------

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        return self.read_each(_joining(query, parameters), [_once(parameters)])

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        for parameters in asked:
            check_parameters(query, parameters)
        with self._connection() as connection:
            return connection.run("BEGIN TRANSACTION READ ONLY", query, asked, self._timeouts[0])

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        query = check_foreign(query)
        check_parameters(query, parameters)
        with self._connection() as connection:
            return connection.ask(query, parameters, limit, min(seconds, self._timeouts[0]))

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
            voids = f"MATCH (n:{NOTES}) DELETE n" if self._has_note() else None
            result = self._run(query, parameters, limit, voids)
            self._noted = False
            self._counted += 1
            self._stamp = f"{self._epoch}-{next(self._writes)}"
            return result

    def _run(
        self,
        query: str,
        parameters: Mapping[str, object],
        limit: float,
        first: str | None = None,
    ) -> list[Row]:
        """Run a statement, and another before it in the same transaction, with the lock held."""
        self._writer = self._fresh(self._writer)
        return self._writer.run("BEGIN TRANSACTION", query, [parameters], limit, first)

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
            self._writer = self._fresh(self._writer)
            self._writer.run_all([step for step in asked if step[2]], self._timeouts[1])
            self._stamp = f"{self._epoch}-{next(self._writes)}"

    def copy_rows(self, statement: str, rows: pa.Table | Path, count: int) -> None:
        limit = self._timeouts[1] * max(1.0, count / ROWS_IN_TIME)
        if isinstance(rows, Path):
            # A path is no parameter: only tables are.
            name = str(rows).replace("\\", "\\\\").replace("'", "\\'")
            self._write(statement.replace("$rows", f"'{name}'"), {}, limit)
        else:
            # A table of its own: the same object scanned twice has crashed the process.
            self._write(statement, {"rows": pa.table(rows.columns, rows.schema.names)}, limit)

    def define(self, statements: Iterable[str]) -> None:
        for statement in statements:
            with self._write_lock:
                self._run(statement, {}, self._timeouts[1])
                self._stamp = f"{self._epoch}-{next(self._writes)}"

    def stamp(self) -> str:
        return self._stamp

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

    # --- life ------------------------------------------------------------------------------------

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        with self._write_lock:
            connections = [self._writer]
            connections += [self._pool.get() for _ in range(CONNECTIONS)]  # waits for readers
            for connection in filter(None, connections):
                connection.close()
            for _ in range(CONNECTIONS):
                self._pool.put(None)  # whoever waited or comes late is told that it is closed
            self._database.close()
        with _open_paths_lock:
            _open_paths.discard(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator["_Connection"]:
        connection = self._pool.get()
        try:
            connection = self._fresh(connection)
            yield connection
        finally:
            self._pool.put(connection)

    def _fresh(self, connection: "_Connection | None") -> "_Connection":
        """The connection, or a new one in its place if it is worn out or was never opened."""
        if self._closed:
            raise EngineUnavailable("the database is closed")
        if connection is not None and not connection.worn_out:
            return connection
        if connection is not None:
            connection.close()
        return _Connection(self._database)


class _Connection:
    """One connection, with its transaction, its time limit and the texts that it has prepared."""

    def __init__(self, database: Any) -> None:
        self._connection = ladybug.Connection(database)
        self._texts: set[str] = set()
        self._scans = 0

    @property
    def worn_out(self) -> bool:
        return len(self._texts) >= TEXTS_PER_CONNECTION or self._scans >= SCANS_PER_CONNECTION

    def run(
        self,
        begin: str,
        query: str,
        asked: Sequence[Mapping[str, object]],
        limit: float,
        first: str | None = None,
    ) -> list[Row]:
        self._scans += any(isinstance(p, pa.Table) for ps in asked for p in ps.values())
        with self._transaction(begin, query, limit):
            if first is not None:
                _rows(self._connection.execute(first))
            rows: list[Row] = []
            for parameters in asked:
                rows += _rows(self._connection.execute(query, dict(parameters)))
        return rows

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        with self._transaction("BEGIN TRANSACTION READ ONLY", query, seconds):
            result: Any = self._connection.execute(query, dict(parameters))
            try:
                rows = iter(lambda: result.get_next() if result.has_next() else None, None)
                decoded = ([_shown(v) for v in row] for row in rows)
                return limited(result.get_column_names(), decoded, limit)
            finally:
                result.close()

    @contextlib.contextmanager
    def _transaction(self, begin: str, query: str, limit: float) -> Iterator[None]:
        self._texts.add(query)
        self._connection.set_query_timeout(max(1, int(limit * 1000)))
        try:
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(RuntimeError):  # it may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
        except RuntimeError as exc:
            raise _translated(exc, limit) from exc

    def run_all(self, steps: Sequence[tuple[str, Mapping[str, object], int]], limit: float) -> None:
        """Run writing statements in one transaction, each with the rows that it must write."""
        self._texts.update(query for query, _, _ in steps)
        self._scans += len(steps)
        self._connection.set_query_timeout(max(1, int(limit * 1000)))
        try:
            self._connection.execute("BEGIN TRANSACTION")
            try:
                for query, parameters, expected in steps:
                    written = _rows(self._connection.execute(query, dict(parameters)))
                    check_written(query, written, expected)
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(RuntimeError):  # it may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
        except RuntimeError as exc:
            raise _translated(exc, limit) from exc

    def close(self) -> None:
        self._connection.close()


def _joining(query: str, parameters: Mapping[str, object]) -> str:
    """A query with `x.id IN $long_list` made a join.

    The engine compares every node of a label with every entry of a list: 0.8 s for 4,000 of 36,000
    firms. A join looks the entries up, but then reads all relationships of the pattern: 0.15 s for
    130,000. Short lists stay as they are.
    """
    found = _BY_LIST.search(query)
    if found is None or not _long(parameters.get(found["list"])):
        return query
    joined = (
        f"UNWIND ${found['list']} AS wanted_id\n"
        f"{found['match']}\nWHERE {found['node']}.id = wanted_id"
    )
    return query[: found.start()] + joined + query[found.end() :]


def _once(parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters without repetitions in long lists: a join would repeat their rows."""
    return {
        name: list(dict.fromkeys(value)) if _long(value) else value  # type: ignore[call-overload]
        for name, value in parameters.items()
    }


def _long(value: object) -> bool:
    return isinstance(value, list) and len(value) >= LONG_LIST and isinstance(value[0], str)


def _open_database(path: Path) -> Any:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ladybug.Database(path, buffer_pool_size=BUFFER_POOL, max_db_size=MAX_DB_SIZE)
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


def _rows(result: Any) -> list[Row]:
    try:
        names = result.get_column_names()
        return [
            {
                n: v if type(v) in _AS_IT_IS else _decode(v)
                for n, v in zip(names, values, strict=True)
            }
            for values in result.get_all()
        ]
    finally:
        result.close()


def _decode(value: Any) -> Decoded:
    if isinstance(value, dict):
        if "_LABEL" in value:
            known = {k: v for k, v in value.items() if v is not None and k[0] != "_"}
            edge = "_SRC" in value
            return Edge(value["_LABEL"], known) if edge else Node(value["_LABEL"], known)
        return {k: _decode(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_decode(v) for v in value]
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    assert value is None or isinstance(value, str | int | float | bool | dt.date)
    return value


def _shown(value: Any) -> Any:
    """As `_decode`, for values of any type; a path is its nodes and what joins them."""
    if isinstance(value, dict):
        if "_NODES" in value:
            return {"nodes": _shown(value["_NODES"]), "ties": _shown(value["_RELS"])}
        if "_LABEL" in value:
            name = "type" if "_SRC" in value else "label"
            known = {k: _shown(v) for k, v in value.items() if v is not None and k[0] != "_"}
            return {name: value["_LABEL"], **known}
        return {k: _shown(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shown(v) for v in value]
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _translated(exc: RuntimeError, limit: float) -> EngineError:
    if "Interrupted" in str(exc):
        return QueryTimeout(f"the query took longer than {limit:g} s")
    return EngineError(f"the embedded database refused: {exc}")
