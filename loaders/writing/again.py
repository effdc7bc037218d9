"""Loading the same tables again: recognised, if nothing was written since.

A load of tables that ended whole leaves a note in the graph: a hash of the bytes that it read, and
what it counted. A write, by whomever through an engine, makes the note void. While it stands, the
same tables would change nothing, and need not be read. (Neo4j: other programs that write move the
counts of nodes and relationships, which is noticed, too; if they only set properties, it is not.)

A load is noted if what it says of itself next time is certain: no row was rejected, none changed
what was stored before, there was nothing to note, and nobody else wrote meanwhile.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa

from alliance_explorer.engine import ColumnType, Engine, Notes, Passing, Row, Step
from alliance_explorer.loaders.model import Count, Summary

_CODE = ("loaders", "graph_schema")


class Again:
    """One load of tables, and whether the graph says that it was done before.

    Parameters
    ----------
    engine : Engine
    paths : sequence of Path
        All that is read, in order.
    """

    def __init__(self, engine: Engine, paths: Sequence[Path]) -> None:
        self._notes = engine if isinstance(engine, Notes) else None
        self._paths = paths
        self._before = _state(paths)
        # Seldom needed at once: it is made while the load goes on.
        with_others = ThreadPoolExecutor(1, thread_name_prefix="fingerprint")
        self._key = with_others.submit(_fingerprint, paths)
        with_others.shutdown(wait=False)
        self._writes = self._notes.writes() if self._notes else 0
        self._watched = _Watched(engine)

    @property
    def engine(self) -> Engine:
        """What the load is to write through."""
        return self._watched

    def summary(self) -> Summary | None:
        """What a load would say, if it would change nothing."""
        noted = self._notes.noted() if self._notes else None
        told = json.loads(noted) if noted else {}
        if not told or told["key"] != self._key.result():
            return None
        counts = {name: Count(read=n, unchanged=n) for name, n in told["read"].items()}
        return Summary(counts=counts)

    def done(self, summary: Summary) -> None:
        """Note a load that ended whole, if the next would change nothing."""
        if self._notes is None or summary.rejects or summary.notes or summary.total.changed:
            return
        if _state(self._paths) != self._before:  # somebody writes to the files
            return
        read = {name: count.read for name, count in summary.counts.items()}
        text = json.dumps({"key": self._key.result(), "read": read})
        self._notes.note(text, self._writes + self._watched.writes)


class _Watched(Passing):
    """Counts the writes."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.writes = 0

    def write(self, query: str, /, **parameters: object) -> list[Row]:
        self.writes += 1
        return super().write(query, **parameters)

    def write_rows(
        self,
        statement: str,
        rows: Sequence[Mapping[str, object]],
        columns: Mapping[str, ColumnType],
    ) -> int:
        self.writes += bool(rows)
        return super().write_rows(statement, rows, columns)

    def write_steps(self, steps: Sequence[Step]) -> None:
        self.writes += 1
        super().write_steps(steps)

    def copy_rows(self, statement: str, rows: pa.Table) -> None:
        self.writes += 1
        super().copy_rows(statement, rows)


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


def _state(paths: Sequence[Path]) -> list[Any]:
    found = []
    for path in paths:
        for file in _files(path):
            stat = file.stat()
            found.append((file.name, stat.st_size, stat.st_mtime_ns))
    return found


def modules() -> list[Path]:
    """The code that reads tables: another version may read the same bytes otherwise."""
    package = Path(__file__).parents[2]
    return [file for name in _CODE for file in sorted((package / name).rglob("*.py"))]


def _fingerprint(paths: Sequence[Path]) -> str:
    """A hash of all bytes that are read, and of the code that reads them."""
    whole = hashlib.blake2b(digest_size=24)
    for path in (*modules(), *paths):
        for file in _files(path):
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "blake2b").hexdigest()
            whole.update(f"{file.name}\0{digest}\0".encode())
        whole.update(b"\1")
    return whole.hexdigest()
