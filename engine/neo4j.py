"""Neo4j, or whatever else speaks Bolt and Cypher, over the official driver."""

import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import neo4j
import neo4j.exceptions
import pyarrow as pa

from alliance_explorer.errors import EngineError, EngineUnavailable, QueryTimeout

from .foreign import check_foreign, limited
from .neo4j_values import rows_of, shown, table_of
from .protocol import (
    Closing,
    ColumnType,
    Dialect,
    EngineInfo,
    Row,
    Step,
    Table,
    check_parameters,
    check_written,
)

# Kept apart from the graph: no label of the schema, no relationships.
STAMP_LABEL: Final = "AllianceExplorerStamp"
# The counts, which Neo4j keeps, betray most writers that do not move the stamp. A plain count is
# looked up; with anything else in the same RETURN, Neo4j reads the whole store to count it.
_READ_STAMP: Final = f"""
MATCH (n) RETURN count(n) AS value
UNION ALL MATCH ()-[r]->() RETURN count(r) AS value
UNION ALL MATCH (s:{STAMP_LABEL} {{id: 'stamp'}}) RETURN s.value AS value
"""
# Tells as well as any query up to which write it has seen, and is less work than the stamp.
_LOOK: Final = "RETURN 1"
_MOVE_STAMP: Final = (
    f"MERGE (s:{STAMP_LABEL} {{id: 'stamp'}}) "
    "SET s.value = $stamp, s.writes = coalesce(s.writes, 0) + 1"
)

# Up to which of all writes a read has seen the database, in the server's words; empty if it does
# not say. The server tells it at the end of a read: what is read may be of before.
_Seen: TypeAlias = frozenset[str]

T = TypeVar("T")


@dataclass(slots=True)
class _AtRest:
    """What is known of times when nothing was written: between reads that have seen the same.

    Attributes
    ----------
    seen : frozenset of str
        By the last read.
    stamped : tuple of frozenset of str and str, optional
        What two reads have seen, and what the second one read: the stamp.
    """

    seen: _Seen = frozenset()
    stamped: tuple[_Seen, str] | None = None


class Neo4jEngine(Closing):
    """A Neo4j database. Reads and writes are managed transactions that the driver retries."""

    dialect: Dialect = "neo4j"
    copies = 0

    def __init__(
        self,
        url: str,
        *,
        auth: tuple[str, str] | None,
        database: str | None,
        read_timeout: float,
        write_timeout: float,
    ) -> None:
        self._url = url
        self._database = database
        self._timeouts = read_timeout, write_timeout
        self.turn = threading.RLock()
        self._at_rest = _AtRest()
        self._seen: set[_Seen] | None = None  # by the reads of one question
        try:
            self._driver = neo4j.GraphDatabase.driver(
                url,
                auth=auth,
                connection_timeout=10.0,
                liveness_check_timeout=60.0,
                max_transaction_retry_time=15.0,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
                user_agent="alliance-explorer",
            )
            try:
                self._driver.verify_connectivity()
            except BaseException:
                self._driver.close()
                raise
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, ValueError) as exc:
            raise EngineUnavailable(f"cannot reach {url}: {_first_line(exc)}") from exc

    # --- queries ---------------------------------------------------------------------------------

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        return self._read(query, parameters, self._timeouts[0], rows_of)[0]

    def read_whole(self, query: str) -> list[Row]:
        return self._read(query, {}, self._timeouts[1], rows_of)[0]

    def read_columns(self, query: str) -> pa.Table:
        return self._read(query, {}, self._timeouts[1], table_of)[0]

    def _read(
        self,
        query: str,
        parameters: Mapping[str, object],
        seconds: float,
        take: Callable[[Iterable[neo4j.Record]], T],
    ) -> tuple[T, _Seen]:
        check_parameters(query, parameters)
        asked = neo4j.Query(query, timeout=seconds)
        try:
            try:
                # A transaction that commits itself is one journey, a managed one is two, but
                # tries again after what may pass.
                with self._session(neo4j.READ_ACCESS) as session:
                    taken = take(session.run(asked, dict(parameters)))
                    return taken, self._has_seen(session)
            except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
                if not exc.is_retryable():
                    raise
            result = self._driver.execute_query(
                asked,
                parameters_=dict(parameters),
                routing_=neo4j.RoutingControl.READ,
                database_=self._database,
            )
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, seconds) from exc
        return take(result.records), self._has_seen(None)

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        for parameters in asked:
            check_parameters(query, parameters)

        @neo4j.unit_of_work(timeout=self._timeouts[0])
        def work(tx: neo4j.ManagedTransaction) -> list[Row]:
            return [row for ps in asked for row in rows_of(tx.run(query, dict(ps)))]

        try:
            with self._session(neo4j.READ_ACCESS) as session:
                rows = session.execute_read(work)
                self._has_seen(session)
                return rows
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, self._timeouts[0]) from exc

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        query = check_foreign(query)
        check_parameters(query, parameters)
        seconds = min(seconds, self._timeouts[0])

        @neo4j.unit_of_work(timeout=seconds)
        def work(tx: neo4j.ManagedTransaction) -> Table:
            result = tx.run(query, dict(parameters))
            rows = ([shown(v) for v in record.values()] for record in result)
            return limited(result.keys(), rows, limit)

        try:
            with self._session(neo4j.READ_ACCESS) as session:
                table = session.execute_read(work)
                self._has_seen(session)
                return table
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, seconds) from exc

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        return self.read(query, rows=[_row(r, columns) for r in rows]) if rows else []

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        check_parameters(query, parameters)
        limit = self._timeouts[1]

        @neo4j.unit_of_work(timeout=limit)
        def work(tx: neo4j.ManagedTransaction) -> list[Row]:
            rows = rows_of(tx.run(query, parameters))
            tx.run(_MOVE_STAMP, stamp=uuid.uuid4().hex).consume()
            return rows

        try:
            with self._session() as session:
                return session.execute_write(work)
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, limit) from exc

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        if not rows:
            return 0
        batch = [_row(r, columns) for r in rows]
        written = self.write(statement, rows=batch)[0]["written"]
        batch.clear()  # the driver's objects refer to one another, and to it: it would stay long
        assert isinstance(written, int)
        return written

    def write_steps(self, steps: Sequence[Step]) -> None:
        limit = self._timeouts[1]

        @neo4j.unit_of_work(timeout=limit)
        def work(tx: neo4j.ManagedTransaction) -> None:
            for step in steps:
                if step.rows:
                    rows = [_row(r, step.columns) for r in step.rows]
                    result = tx.run(step.statement, rows=rows)
                    check_written(step.statement, rows_of(result), len(rows))
                    rows.clear()  # see write_rows
            tx.run(_MOVE_STAMP, stamp=uuid.uuid4().hex).consume()

        try:
            with self._session() as session:
                session.execute_write(work)
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, limit) from exc

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        raise EngineError("Neo4j has no bulk path over Bolt")

    def define(self, statements: Iterable[str]) -> None:
        try:
            with self._session() as session:
                for statement in statements:
                    session.run(statement).consume()
                session.run(
                    f"CREATE CONSTRAINT stamp_id IF NOT EXISTS FOR (s:{STAMP_LABEL}) "
                    "REQUIRE s.id IS UNIQUE"
                ).consume()
                session.run("CALL db.awaitIndexes(60)").consume()
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, self._timeouts[1]) from exc

    # --- the stamp -------------------------------------------------------------------------------

    def stamp(self) -> str:
        before = self._at_rest.seen
        rows, seen = self._read(_READ_STAMP, {}, self._timeouts[0], rows_of)
        stamp = " ".join(str(row["value"]) for row in rows)
        if seen and seen == before:
            self._at_rest.stamped = seen, stamp
        return stamp

    def watching(self) -> "Neo4jEngine":
        one = copy(self)
        one._seen = set()
        return one

    def still(self, stamp: str) -> bool:
        stamped = self._at_rest.stamped
        if stamped and stamped[1] == stamp:
            # What was read tells it; where nothing was, the least that can be asked.
            seen = self._seen or {self._read(_LOOK, {}, self._timeouts[0], rows_of)[1]}
            if seen == {stamped[0]}:
                return True
        return self.stamp() == stamp

    def _has_seen(self, session: neo4j.Session | None) -> _Seen:
        """Take down what a read has seen, at its end."""
        seen: _Seen = session.last_bookmarks().raw_values if session else frozenset()
        self._at_rest.seen = seen
        if self._seen is not None:
            self._seen.add(seen)
        return seen

    # --- a note: beside the stamp, and void when that has moved ----------------------------------

    def writes(self) -> int:
        rows = self.read(f"MATCH (s:{STAMP_LABEL} {{id: 'stamp'}}) RETURN s.writes AS n")
        count = rows[0]["n"] if rows else 0
        return count if isinstance(count, int) else 0

    def note(self, text: str, writes: int) -> None:
        query = (
            f"MATCH (s:{STAMP_LABEL} {{id: 'stamp', writes: $writes}}) "
            "SET s.note = $text, s.noted = $stamp"
        )
        parameters = {"text": text, "writes": writes, "stamp": self.stamp()}
        try:
            with self._session() as session:
                session.run(query, parameters).consume()
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as exc:
            raise _translated(exc, self._url, self._timeouts[1]) from exc

    def noted(self) -> str | None:
        query = f"MATCH (s:{STAMP_LABEL} {{id: 'stamp'}}) RETURN s.note AS text, s.noted AS noted"
        for row in self.read(query):
            if row["text"] is not None and row["noted"] == self.stamp():
                return str(row["text"])
        return None

    def info(self) -> EngineInfo:
        component = self.read(
            "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition"
        )[0]
        versions = component["versions"]
        assert isinstance(versions, list)
        indexes = self.read(
            "SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties "
            "RETURN name, type, state, labelsOrTypes, properties"
        )
        return EngineInfo(
            name=f"{component['name']} {component['edition']}",
            version=str(versions[0]),
            url=self._url,
            indexes=[f"{i['name']} ({i['type']})" for i in indexes],
            problems=[
                f"index {i['name']} is {i['state']}" for i in indexes if i["state"] != "ONLINE"
            ],
        )

    def rewrite(self, statements: Iterable[str]) -> bool:
        return False

    def count_bytes(self, texts: Iterable[str]) -> int | None:
        return None

    # --- life ------------------------------------------------------------------------------------

    def close(self) -> None:
        self._driver.close()

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        # Shares its bookmarks with execute_query: on a cluster too, reads see the writes before.
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            bookmark_manager=self._driver.execute_query_bookmark_manager,
        )


def _row(row: Mapping[str, object], columns: Mapping[str, ColumnType]) -> dict[str, object]:
    return {name: value for name in columns if (value := row.get(name)) is not None}


def _translated(exc: Exception, url: str, limit: float) -> EngineError:
    code = getattr(exc, "code", None) or ""
    if "TransactionTimedOut" in code or "Transaction.Terminated" in code:
        return QueryTimeout(f"the query took longer than {limit:g} s")
    if isinstance(
        exc,
        neo4j.exceptions.ServiceUnavailable
        | neo4j.exceptions.SessionExpired
        | neo4j.exceptions.AuthError,
    ):
        return EngineUnavailable(f"cannot reach {url}: {_first_line(exc)}")
    return EngineError(f"Neo4j refused: {_first_line(exc)}")


def _first_line(exc: Exception) -> str:
    return (str(getattr(exc, "message", None) or exc).splitlines() or [type(exc).__name__])[0]
