"""A connection to an embedded database, and what its values mean."""

import contextlib
import datetime as dt
import decimal
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeGuard

import ladybug
import pyarrow as pa

from alliance_explorer.errors import EngineError, QueryTimeout

from .foreign import limited
from .protocol import AS_IT_IS, Decoded, Edge, Node, Row, Table, check_written
from .time_limit import TimeLimit

# The cache of prepared statements of a connection never shrinks, and each scan of a table adds to
# it as a text of its own, with what it read: about 20 MB where 5,000 ids were looked up among the
# ties of 40,000 firms. So after so many there is a new connection.
TEXTS_PER_CONNECTION: Final = 200
SCANS_PER_CONNECTION: Final = 5
# From this many entries on, a join is quicker than comparisons.
LONG_LIST: Final = 300
# What one piece of a table holds at most.
ROWS_OF_ARROW: Final = 100_000
READING: Final = "BEGIN TRANSACTION READ ONLY"
_BY_LIST: Final = re.compile(
    r"^(?P<match>MATCH [^\n]+)\nWHERE (?P<node>\w+)\.id IN \$(?P<list>\w+)", re.MULTILINE
)
# Nodes alone, each row of one of them.
_NODES_BY_LIST: Final = re.compile(
    r"MATCH \((?P<node>\w+):(?P<labels>[\w|]+)\)\nWHERE (?P=node)\.id IN \$(?P<list>\w+)\n"
    r"(?P<told>RETURN (?!DISTINCT)(?:(?!ORDER BY|LIMIT|UNION)[^()])+)"
)
# Its own time limit has each query run in another thread, and those who ask wait for that.
_TIME_LIMIT: Final = TimeLimit()


Alone: TypeAlias = Callable[[], contextlib.AbstractContextManager[object]]


class Connection:
    """One connection, with its transaction, its time limit and the texts that it has prepared.

    Parameters
    ----------
    database : ladybug.Database
    alone : callable
        Gives what is held while a transaction ends; nothing for one that only reads.
    """

    def __init__(self, database: Any, alone: Alone = contextlib.nullcontext) -> None:
        self._connection = ladybug.Connection(database)
        self._alone = alone
        self._texts: set[str] = set()
        self._scans = 0

    @property
    def worn_out(self) -> bool:
        return len(self._texts) >= TEXTS_PER_CONNECTION or self._scans >= SCANS_PER_CONNECTION

    def run(
        self,
        begin: str,
        queries: Sequence[str],
        asked: Sequence[Mapping[str, object]],
        limit: float,
        first: str | None = None,
    ) -> list[Row]:
        self._scans += any(isinstance(p, pa.Table) for ps in asked for p in ps.values())
        with self._transaction(begin, queries, limit):
            if first is not None:
                _rows(self._connection.execute(first))
            rows: list[Row] = []
            for query, parameters in itertools.product(queries, asked):
                rows += _rows(self._connection.execute(query, dict(parameters)))
        return rows

    def columns(self, query: str, limit: float) -> pa.Table:
        # An answer is held in the pool, a union with all its parts: of ten million rows it is full.
        parts = query.split("\nUNION ALL\n")
        with self._transaction(READING, parts, limit):
            return pa.concat_tables([self._table(part) for part in parts])

    def _table(self, query: str) -> pa.Table:
        result: Any = self._connection.execute(query)
        try:
            return result.get_as_arrow(ROWS_OF_ARROW)
        finally:
            result.close()

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        with self._transaction(READING, [query], seconds):
            result: Any = self._connection.execute(query, dict(parameters))
            try:
                rows = iter(lambda: result.get_next() if result.has_next() else None, None)
                decoded = ([_shown(v) for v in row] for row in rows)
                return limited(result.get_column_names(), decoded, limit)
            finally:
                result.close()

    @contextlib.contextmanager
    def _transaction(self, begin: str, texts: Sequence[str], limit: float) -> Iterator[None]:
        self._texts.update(texts)
        try:
            self._connection.execute(begin)
            try:
                with _TIME_LIMIT.of(limit, self._connection.interrupt):
                    yield
                with self._alone():
                    self._connection.execute("COMMIT")
            except BaseException:
                # It may have rolled back by itself.
                with self._alone(), contextlib.suppress(RuntimeError):
                    self._connection.execute("ROLLBACK")
                raise
        except RuntimeError as exc:
            raise _translated(exc, limit) from exc

    def run_all(
        self,
        steps: Sequence[tuple[str, Mapping[str, object], int]],
        limit: float,
        first: str | None = None,
    ) -> None:
        """Run writing statements in one transaction, each with the rows that it must write."""
        self._scans += len(steps)
        with self._transaction("BEGIN TRANSACTION", [query for query, _, _ in steps], limit):
            if first is not None:
                _rows(self._connection.execute(first))
            for query, parameters, expected in steps:
                written = _rows(self._connection.execute(query, dict(parameters)))
                check_written(query, written, expected)

    def copy(self, statement: str, rows: pa.Table, limit: float) -> None:
        """Copy `$rows` in a transaction of the statement's own, with nobody reading all the while.

        Within another transaction the first rows of a relationship type would take half as long
        again: they are kept in memory, and go through a checkpoint at its end, for which readers
        must wait nearly as long.
        """
        try:
            with self._alone(), _TIME_LIMIT.of(limit, self._connection.interrupt):
                _rows(self._connection.execute(statement, {"rows": rows}))
        except RuntimeError as exc:
            raise _translated(exc, limit) from exc

    def define(self, statements: Sequence[str], limit: float) -> None:
        """Run DDL in one transaction: with one each, most of the time goes to committing them."""
        with self._transaction("BEGIN TRANSACTION", statements, limit):
            for statement in statements:
                _rows(self._connection.execute(statement))

    def close(self) -> None:
        self._connection.close()


def joining(
    query: str, parameters: Mapping[str, object]
) -> tuple[Sequence[str], Mapping[str, object]]:
    """A query with `x.id IN $list` made a join, or a join for each label, with its parameters.

    The engine compares every node of a label with every entry of a list: 0.8 s for 4,000 of 36,000
    firms, 0.4 s for one of 4 million. A join looks the entries up; of nodes of several labels it
    does not, hence one for each. But of relationships a join reads all of the pattern, 0.15 s for
    130,000: there short lists stay as they are.
    """
    nodes = _NODES_BY_LIST.fullmatch(query)
    if nodes and _are_ids(ids := parameters.get(nodes["list"]), least=1):
        texts = [
            f"UNWIND ${nodes['list']} AS wanted_id\nMATCH ({nodes['node']}:{label})\n"
            f"WHERE {nodes['node']}.id = wanted_id\n{nodes['told']}"
            for label in nodes["labels"].split("|")
        ]
        # A join repeats the rows of an id that is there twice.
        return texts, {**parameters, nodes["list"]: list(dict.fromkeys(ids))}
    found = _BY_LIST.search(query)
    if found is None or not _are_ids(ids := parameters.get(found["list"]), least=LONG_LIST):
        return [query], parameters
    name = found["list"]
    joined = f"UNWIND ${name} AS wanted_id\n{found['match']}\nWHERE {found['node']}.id = wanted_id"
    text = query[: found.start()] + joined + query[found.end() :]
    return [text], {**parameters, name: list(dict.fromkeys(ids))}


def _are_ids(value: object, least: int) -> TypeGuard[list[str]]:
    return isinstance(value, list) and len(value) >= least and isinstance(value[0], str)


def _rows(result: Any) -> list[Row]:
    try:
        names = result.get_column_names()
        return [
            {
                n: v if type(v) in AS_IT_IS else _decode(v)
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
        return [v if type(v) in AS_IT_IS else _decode(v) for v in value]
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
