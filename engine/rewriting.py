"""Writing an embedded database anew, so that nothing of what was deleted is left in its file."""

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq

Open = Callable[[Path], Any]
# So many nodes are never parted: what goes from them is read at once.
NODES: Final = 1024


def rewrite(path: Path, statements: Iterable[str], open_: Open, most: int) -> None:
    """Copy what a database holds into a new file and put that in its place.

    The file keeps pages with deleted rows until it needs them for others, so that a byte search
    would still find them. Killed at any moment, this leaves the old file or the new one.

    Parameters
    ----------
    path : Path
        Of a database that nobody has open.
    statements : iterable of str
        The DDL of its tables.
    open_ : callable
        Opens the database at a path.
    most : int
        Rows of one copy, and facts that are read at once: both are held in memory.
    """
    fresh = path.with_name(path.name + ".rewriting")
    for leftover in _files(fresh):
        leftover.unlink()
    with contextlib.ExitStack() as closing:

        def opened(at: Path) -> Any:
            database = open_(at)
            closing.callback(database.close)
            return database

        # Closed in any case: a second database on one path would lose rows.
        source, target = opened(path), opened(fresh)
        folder = closing.enter_context(
            tempfile.TemporaryDirectory(prefix="alliance-explorer-", dir=path.parent)
        )
        _copy_all(source, target, statements, Path(folder) / "rows.parquet", most)
        for database in (source, target):
            _run(database, "CHECKPOINT")
    for log in _files(path):
        if log != path:
            log.unlink()
    fresh.replace(path)


def _copy_all(source: Any, target: Any, statements: Iterable[str], file: Path, most: int) -> None:
    for statement in statements:
        _run(target, statement)
    tables = _run(source, "CALL show_tables() RETURN name, type")
    made = {t[0] for t in _run(target, "CALL show_tables() RETURN name")}
    tables = [t for t in tables if t[0] in made]  # what the engine notes for itself is not data
    for name, kind in sorted(tables, key=lambda t: t[1] != "NODE"):
        if kind == "NODE":
            query, into = f"MATCH (x:{name}) RETURN x.*", f"COPY {name} FROM $rows"
            _copy(source, target, file, query, into, most)
            continue
        for one, other, *_ in _run(source, f"CALL show_connection('{name}') RETURN *"):
            into = f"COPY {name} FROM $rows (from='{one}', to='{other}')"
            for start, end in _ranges(source, f"(a:{one})-[:{name}]->(:{other})", most):
                query = (
                    f"MATCH (a:{one})-[x:{name}]->(b:{other}) "
                    f"WHERE offset(id(a)) >= {start} AND offset(id(a)) < {end} "
                    "RETURN a.id, b.id, x.*"
                )
                _copy(source, target, file, query, into, most)


def _ranges(source: Any, pattern: str, most: int) -> Iterator[tuple[int, int]]:
    """Ranges of nodes `a`, by their places, with at most so many facts each.

    More only where `NODES` of them have more. To tell both ends of a fact, the engine holds
    everything that it tells in the pool: all facts at once would fill it.
    """
    counted = _run(
        source,
        f"MATCH {pattern} RETURN offset(id(a)) / {NODES} AS part, count(*) ORDER BY part",
    )
    start = end = facts = 0
    for part, count in counted:
        if facts and facts + count > most:
            yield start, end
            start, facts = end, 0
        end, facts = (part + 1) * NODES, facts + count
    if facts:
        yield start, end


def _copy(source: Any, target: Any, file: Path, query: str, into: str, most: int) -> None:
    _run(source, f"COPY ({query}) TO '{file}'")
    with pq.ParquetFile(file) as rows:
        for part in rows.iter_batches(most):
            _run(target, into, {"rows": pa.Table.from_batches([part])})
    file.unlink()


def _run(database: Any, query: str, parameters: dict[str, Any] | None = None) -> list[Any]:
    """Run a query on a connection of its own: the cache of one for all would fill the pool."""
    with contextlib.closing(ladybug.Connection(database)) as connection:
        result: Any = connection.execute(query, parameters)
        return list(result.get_all())


def count_bytes(path: Path, texts: Iterable[str]) -> int:
    """How often some texts stand in the bytes of a database file, and in its log."""
    wanted = [t.encode() for t in texts if t]
    longest = max(map(len, wanted), default=1)
    found = 0
    for file in _files(path):
        with contextlib.suppress(FileNotFoundError), file.open("rb") as stream:
            tail = b""
            while block := stream.read(1 << 24):
                window = tail + block
                found += sum(window.count(w) - tail.count(w) for w in wanted)
                tail = window[-(longest - 1) :] if longest > 1 else b""
    return found


def _files(path: Path) -> list[Path]:
    """The files of a database: itself, its log, its shadow."""
    names = (path.name, path.name + ".wal", path.name + ".shadow", path.name + ".tmp")
    return [file for n in names if (file := path.with_name(n)).is_file()]
