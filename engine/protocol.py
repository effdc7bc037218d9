"""What an engine is: a few ways to run Cypher, and plain values back. It knows no schema."""

import abc
import datetime as dt
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self, TypeAlias, runtime_checkable

import pyarrow as pa

from alliance_explorer.errors import EngineError

Dialect: TypeAlias = Literal["ladybug", "neo4j"]
ColumnType: TypeAlias = Literal["string", "int", "float", "bool", "date", "strings"]
Scalar: TypeAlias = str | int | float | bool | dt.date | None
Decoded: TypeAlias = "Scalar | Node | Edge | list[Decoded] | dict[str, Decoded]"
Row: TypeAlias = dict[str, Decoded]

# What most values of a large answer are: they need no decoding, and to see that takes no time.
AS_IT_IS: Final = frozenset({str, int, float, bool, dt.date, type(None)})

_ARROW: Final[Mapping[ColumnType, pa.DataType]] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "strings": pa.list_(pa.string()),
}
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_NOT_CODE = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*")


@dataclass(frozen=True, slots=True)
class Node:
    """A node as both engines give it: one label, and the properties that are set."""

    label: str
    properties: Mapping[str, Scalar | list[str]] = field(hash=False)

    @property
    def id(self) -> str:
        """Our own id, never the engine's."""
        return str(self.properties["id"])


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship: its type and the properties that are set; queries return its ends too."""

    type: str
    properties: Mapping[str, Scalar | list[str]] = field(hash=False)


@dataclass(frozen=True)
class EngineInfo:
    """What an engine says of itself, for `doctor` and `/readyz`; the URL without secrets."""

    name: str
    version: str
    url: str
    indexes: Sequence[str]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of several that belong together; as `Engine.write_rows` takes it."""

    statement: str
    rows: Sequence[Mapping[str, object]] = field(hash=False)
    columns: Mapping[str, ColumnType] = field(hash=False)


@dataclass(frozen=True)
class Table:
    """Rows of an answer whose columns nobody knew before.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of sequences
        Plain values: text, numbers, truth values, dates, None, and lists and mappings of them; a
        node or a relationship is a mapping of its properties with its label or type.
    more : bool
        Whether there were further rows.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: bool


class Closing(abc.ABC):
    """Something that is closed at the end of a `with` statement."""

    @abc.abstractmethod
    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Engine(Protocol):
    """One open graph database. Safe to use from several threads.

    Attributes
    ----------
    copies : int
        How many facts its bulk path, `copy_rows`, takes at once; 0: it has none.
    turn : threading.RLock
        Held by whoever loads: what a load does not find when it begins it takes for new.
    """

    dialect: Dialect
    copies: int
    turn: threading.RLock

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        """Run a query in a read-only transaction, within the read time limit.

        Raises
        ------
        EngineError
            A parameter is missing, or the database refused; QueryTimeout past the limit.
        """

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        """As `read`, once for each set of parameters, all in one transaction."""

    def read_whole(self, query: str) -> list[Row]:
        """As `read`, of what is read once for many questions: within the time limit of a write."""

    def read_columns(self, query: str) -> pa.Table:
        """As `read_whole`, as a table: of plain values and lists of texts.

        From Neo4j a query gives many rows in one, each column a list, and dates as text: its driver
        takes about ten microseconds for a row, however little is in it.

        Where there are no rows there may be no columns, and where no values, no types.
        """

    def ask(
        self, query: str, parameters: Mapping[str, object], limit: int, seconds: float
    ) -> Table:
        """Run a query that somebody else wrote: reading only, of the graph only.

        Parameters
        ----------
        query : str
        parameters : mapping
        limit : int
            Most rows.
        seconds : float
            Time limit.

        Raises
        ------
        InvalidRequest
            It would do more than read the graph.
        EngineError
            The database refused; QueryTimeout past the limit.
        """

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        """Run a statement in a transaction of its own and move the stamp."""

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        """Run a query over `$rows`, each a key to look up: thousands at index speed."""

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        """Run a statement over `$rows`, all or nothing, and move the stamp.

        Parameters
        ----------
        statement : str
            Uses `$rows`, and returns `written`.
        rows : sequence of mappings
            Keys of `columns`; a missing key means null. Rows with equal ids must not repeat.
        columns : mapping of str to ColumnType

        Returns
        -------
        int
            Rows written.
        """

    def write_steps(self, steps: Sequence[Step]) -> None:
        """Run statements one after the other in one transaction, and move the stamp once.

        Raises
        ------
        EngineError
            As `write_rows`; or a step wrote fewer rows than it has. Nothing is written then.
        """

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        """Add new rows by the bulk path, all or nothing, and move the stamp.

        The time limit of a write holds for each 10,000 rows.

        Parameters
        ----------
        statement : str
            Uses `$rows`.
        rows : pyarrow.Table
            With the columns of the target, in its order.

        Raises
        ------
        EngineError
            A row is there already or refers to a node that is not, and nothing is written; or the
            engine has no bulk path.
        """

    def define(self, statements: Iterable[str]) -> None:
        """Run DDL."""

    def stamp(self) -> str:
        """A text that changes whenever anything is written through an engine."""

    def watching(self) -> "Engine":
        """The same engine for one question, of one thread: at its end it tells `still`."""

    def still(self, stamp: str) -> bool:
        """Whether this was the stamp all the time that was read through an engine that watches.

        Looks up the stamp only if the reads themselves do not tell.
        """

    def rewrite(self, statements: Iterable[str]) -> bool:
        """Write all that is stored anew, so that no bytes of what was deleted are left.

        Parameters
        ----------
        statements : iterable of str
            The DDL.

        Returns
        -------
        bool
            Whether the engine can: the files of a server are its own.
        """

    def count_bytes(self, texts: Iterable[str]) -> int | None:
        """How often some texts stand in the bytes of the stored files; None: cannot be told."""

    def info(self) -> EngineInfo:
        """Name, version, indexes, and what is wrong."""

    def close(self) -> None:
        """Give back files and connections; further calls fail."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class Notes(Protocol):
    """An engine that can keep a note of the graph as it is now: any write makes it void."""

    def writes(self) -> int:
        """How many writes through engines the graph has had; only comparing makes sense."""

    def note(self, text: str, writes: int) -> None:
        """Keep a text, in place of an earlier one; not if there were more than so many writes."""

    def noted(self) -> str | None:
        """The text, if nothing was written since."""


def check_parameters(query: str, parameters: Mapping[str, object]) -> None:
    """Refuse a query whose parameters are not all given: ladybug would answer with nothing.

    Raises
    ------
    EngineError
        Names the missing parameters.
    """
    wanted = set(_PARAMETER.findall(_NOT_CODE.sub("", query)))
    if missing := sorted(wanted - parameters.keys()):
        raise EngineError(f"query parameters are missing: {', '.join(missing)}")


def check_written(statement: str, result: Sequence[Row], expected: int) -> None:
    """Refuse a step that did not write each of its rows.

    Raises
    ------
    EngineError
        Something that it needs was not there.
    """
    written = result[0]["written"] if result else 0
    if written != expected:
        verb = statement.split("MATCH", 1)[-1][:60]
        raise EngineError(f"{written} of {expected} rows written, so nothing is: MATCH{verb}…")


def arrow_type(kind: ColumnType) -> pa.DataType:
    """How Arrow calls a type of column."""
    return _ARROW[kind]


def arrow_table(
    rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
) -> pa.Table:
    """Rows as an Arrow table with these columns; a missing key means null."""
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], type=_ARROW[kind], size=len(rows))
            for name, kind in columns.items()
        }
    )
