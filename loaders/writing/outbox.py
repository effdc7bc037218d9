"""Rows on their way into the graph: written in the background, or gathered for the bulk path."""

import contextlib
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc as ipc

from alliance_explorer.engine import Closing, Engine, arrow_table
from alliance_explorer.graph_schema import (
    NodeType,
    RelationshipType,
    columns,
    copy,
    upsert,
)

# The bulk path works through all that is stored of a type: it is for at least a part in so many.
MANY = 8
BATCH = 10_000
# What is gathered in memory before it goes to a file.
GATHERED = 32 << 20
# So many copies may wait while reading goes on; what each holds in memory is less than that.
AHEAD = 3

# One statement writes one type (and, for relationships, one pair of labels).
Group = tuple[NodeType | RelationshipType, tuple[str, str] | None]
Told = Callable[[], None]


class Outbox(Closing):
    """Takes rows that are to be written, in order, and writes them while the next are read.

    Batches are written one after the other by a single thread; what was handed in before is
    written before, and nothing after what failed. An engine's bulk path is only fast with many rows
    at once, so rows for it are gathered, in a file when they are many, and copied in one
    transaction when `settle` is called, or when there are as many facts as one copy may have.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._under_way: deque[tuple[Future[None], Told]] = deque()
        self._gathered: dict[str, _Gathered] = {}
        self._there: dict[str, int] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        # What has not begun is given up: there is some only if the load was broken off.
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def write(self, group: Group, rows: Sequence[Mapping[str, object]], done: Told) -> None:
        """Write one batch, all or nothing; `done` is called later, when it is in the graph."""
        type_, ends = group
        statement = upsert(self._engine.dialect, type_, ends)

        def work() -> None:
            written = self._engine.write_rows(statement, rows, columns(type_))
            assert written == len(rows), f"{type_.name}: {written} of {len(rows)} rows written"

        self._await()
        self._begin(work, done)

    def gather(self, group: Group, rows: pa.Table, there: int) -> None:
        """Keep rows, none of which is in the graph or was handed in before, for the bulk path.

        Parameters
        ----------
        group : Group
        rows : pyarrow.Table
            With `columns(type)`.
        there : int
            How many of this type the graph had before all this.
        """
        statement = copy(*group)
        gathered = self._gathered.get(statement)
        if gathered is None:
            gathered = self._gathered[statement] = _Gathered(group, statement)
            self._there.setdefault(statement, there)
        gathered.tables.append(rows)
        gathered.bytes += rows.nbytes
        gathered.rows += len(rows)
        if gathered.bytes > GATHERED:
            gathered.spill(self._place)
        if isinstance(group[0], RelationshipType) and gathered.rows >= self._engine.copies:
            self._copy(self._gathered.pop(statement))

    def copy_gathered(self) -> None:
        """Copy in the background what is gathered, one transaction for each type."""
        for statement, gathered in self._gathered.items():
            if gathered.rows * MANY >= self._there[statement]:
                self._copy(gathered)
            else:
                self._there[statement] += gathered.rows
                for rows in gathered.batches():
                    self.write(gathered.group, rows, lambda: None)
        self._gathered.clear()

    def _copy(self, gathered: "_Gathered") -> None:
        self._there[gathered.statement] += gathered.rows
        self._await(AHEAD)
        self._begin(gathered.copier(self._engine), lambda: None)

    def settle(self) -> None:
        """Return when everything that was handed in is in the graph."""
        self.copy_gathered()
        self._await()

    def _begin(self, work: Callable[[], None], done: Told) -> None:
        before = self._under_way[-1][0] if self._under_way else None

        def in_turn() -> None:
            if before is not None:
                before.result()  # there by now; what was to come before and failed is told instead
            work()

        self._under_way.append((self._thread.submit(in_turn), done))

    def _await(self, but: int = 0) -> None:
        """Wait for what is under way, but for so many of the last."""
        while len(self._under_way) > but:
            future, done = self._under_way.popleft()
            future.result()
            done()

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="alliance-explorer-")
        return Path(self._folder.name)


class _Gathered:
    """Rows for one statement."""

    def __init__(self, group: Group, statement: str) -> None:
        self.group = group
        self.statement = statement
        self.tables: list[pa.Table] = []
        self.bytes = 0
        self.rows = 0
        self._file: Path | None = None
        self._writer: ipc.RecordBatchFileWriter | None = None

    def spill(self, place: Callable[[], Path]) -> None:
        """Put what is in memory into the file."""
        if self._writer is None:
            descriptor, name = tempfile.mkstemp(".arrow", dir=place())
            os.close(descriptor)
            self._file = Path(name)
            self._writer = ipc.new_file(name, self.tables[0].schema)
        for table in self.tables:
            self._writer.write_table(table)
        self.tables, self.bytes = [], 0

    @contextlib.contextmanager
    def whole(self) -> Iterator[pa.Table]:
        """All rows; a file of them is mapped into memory, and gone afterwards."""
        if self._writer is None or self._file is None:
            yield pa.concat_tables(self.tables)
            return
        for table in self.tables:
            self._writer.write_table(table)
        self._writer.close()
        with pa.memory_map(str(self._file)) as source:
            yield ipc.open_file(source).read_all()
        self._file.unlink()

    def batches(self) -> Iterator[list[dict[str, object]]]:
        """The rows again."""
        with self.whole() as rows:
            for batch in rows.to_batches(BATCH):
                yield batch.to_pylist()

    def copier(self, engine: Engine) -> Callable[[], None]:
        """What copies everything that was gathered."""

        def work() -> None:
            with self.whole() as rows:
                engine.copy_rows(self.statement, rows)

        return work


def as_table(group: Group, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as the bulk path takes them."""
    return arrow_table(rows, columns(group[0]))
