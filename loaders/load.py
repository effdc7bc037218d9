"""Loading as a user sees it: paths and URLs in, one summary out."""

import contextlib
import csv
import datetime as dt
import difflib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA, ddl, nearest
from alliance_explorer.loaders.graphs.graph_formats import (
    GRAPH_READERS,
    graph_format,
    read_graph_file,
)
from alliance_explorer.loaders.tabular.json_lines import read_ndjson
from alliance_explorer.loaders.tabular.tables import are_tables, one_by_one, read_blocks
from alliance_explorer.loaders.writing.again import Again
from alliance_explorer.loaders.writing.blocks import Block
from alliance_explorer.loaders.writing.writer import Writer
from alliance_explorer.matching import Mode

from .fetch import fetched, is_url
from .joining import joined
from .model import Item, LoadRefused, Located, Rejected, Summary

FORMATS: Final = ("auto", "tables", "ndjson", "landscape", "cordis", "mapping", *GRAPH_READERS)
# A dry load shows so many records of each type.
FIRST: Final = 3
_LANDSCAPE_ENDINGS: Final = (".yml", ".yaml", ".yml.gz", ".yaml.gz")
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

Progress = Callable[[str, int], None]


def load(
    engine: Engine,
    sources: Sequence[str],
    *,
    format: str = "auto",
    as_: str | None = None,
    mapping: str | None = None,
    snapshot: dt.date | Literal["auto", "none"] = "auto",
    match: Mode = "off",
    strict: bool = False,
    recheck: bool = False,
    dry: bool = False,
    progress: Progress = lambda name, rows: None,
    max_download: int,
    download_timeout: float,
    today: dt.date | None = None,
) -> Summary:
    """Load files, folders and URLs, one after the other; each may refer to those before it.

    Parameters
    ----------
    engine : Engine
    sources : sequence of str
        Paths or http(s) URLs.
    format : {'auto', 'tables', 'ndjson', 'landscape', 'cordis', 'mapping', 'graphml', \
            'gexf', 'pajek', 'edges', 'node-link'}
        `auto`: by the ending of the name, or by what the files are called or have for columns.
    as_ : str, optional
        What the ties of a foreign graph are: a relationship type, or the kind of the alliances.
    mapping : str, optional
        Path of a YAML file that says what the columns of all sources mean.
    snapshot : date, 'auto' or 'none'
        The day of which the sources are given whole: what they say no longer then has ended.
        `auto`: of a landscape with a date in its name, that day; else what is given is a part, and
        ends nothing.
    match : {'off', 'suggest', 'apply'}
        What is done with new firms that match others (see `joining`).
    strict : bool
        Write nothing if any row is bad.
    recheck : bool
        Read everything, even if it is certain to change nothing (`again` says when).
    dry : bool
        Write nothing; the summary says what would be done, and has the first records.
    progress : callable
        Called with a type's name and how many rows were dealt with.
    max_download, download_timeout : int, float
        Bytes and seconds allowed for each URL.
    today : datetime.date, optional
        `recorded_at` of facts that do not say when they were learned.

    Returns
    -------
    Summary

    Raises
    ------
    SourceError
        A source cannot be read at all; said before anything of it is written.
    LoadRefused
        A strict load met bad rows.
    """
    engine.define(ddl(engine.dialect))
    with contextlib.ExitStack() as stack:
        located = [
            (
                stack.enter_context(fetched(s, max_bytes=max_download, timeout=download_timeout))
                if is_url(s)
                else _existing(s),
                s,
            )
            for s in sources
        ]
        stack.enter_context(engine.turn)
        readers = [_reader(path, name, format, as_, mapping, engine) for path, name in located]
        days = [_snapshot(snapshot, path, name, format) for path, name in located]
        formats = {_format(path, name) if format == "auto" else format for path, name in located}
        plain = formats == {"tables"} and match == "off" and mapping is None and not any(days)
        if dry or not plain:
            run = partial(
                _run, engine, readers, days, strict=strict, dry=dry, progress=progress, today=today
            )
            return joined(engine, match, run)
        again = Again(engine, [path for path, _ in located])
        if not recheck and (summary := again.summary()):
            return summary
        summary = _run(again.engine, readers, days, strict=strict, progress=progress, today=today)
        again.done(summary)
        return summary


def load_stream(
    engine: Engine,
    body: IO[bytes],
    path: Path | None,
    *,
    snapshot: dt.date | None = None,
    match: Mode = "off",
    strict: bool = False,
    today: dt.date | None = None,
) -> Summary:
    """Load what a caller sent: NDJSON in `body`, or a .zip of tables saved at `path`.

    `snapshot`: the day of which it is whole, if it is.
    """
    engine.define(ddl(engine.dialect))

    def read() -> Iterator[Item | Block]:
        if path is not None:
            return read_blocks(path, "upload")
        body.seek(0)
        return read_ndjson(body, "upload")

    run = partial(
        _run,
        engine,
        [read],
        [snapshot],
        strict=strict,
        progress=lambda name, rows: None,
        today=today,
    )
    with engine.turn:
        return joined(engine, match, run)


def _run(
    engine: Engine,
    readers: Sequence[Callable[[], Iterator[Item | Block]]],
    snapshots: Sequence[dt.date | None],
    *,
    strict: bool,
    dry: bool = False,
    progress: Progress,
    today: dt.date | None,
) -> Summary:
    today = today or dt.datetime.now(dt.UTC).date()
    if strict:
        check = Writer(engine, today=today, dry=True)
        bad = check.run(readers, snapshots).rejects
        if bad:
            raise LoadRefused(
                f"{len(bad):,} bad rows, and --strict loads nothing then; mend them, or load "
                "without --strict to leave them out",
                bad,
            )
    if dry:
        first: list[Located] = []
        noting = [_noting(read, first) for read in readers]
        summary = Writer(engine, today=today, dry=True, progress=progress).run(noting, snapshots)
        summary.first.extend(first)
        return summary
    return Writer(engine, today=today, progress=progress).run(readers, snapshots)


def _noting(
    read: Callable[[], Iterator[Item | Block]], first: list[Located]
) -> Callable[[], Iterator[Item]]:
    """The same reader; the first records of each type are noted."""

    def noting() -> Iterator[Item]:
        met = Counter[str]()
        for item in one_by_one(read()):
            if isinstance(item, Located):
                met[item.record.type.name] += 1
                if met[item.record.type.name] <= FIRST:
                    first.append(item)
            yield item

    return noting


def _existing(source: str) -> Path:
    path = Path(source)
    try:
        if not path.exists():
            raise SourceError(f"{source}: no such file or folder" + _near(path))
    except OSError as exc:
        raise SourceError(f"{source}: cannot be read: {exc.strerror}") from exc
    return path


def _near(path: Path) -> str:
    folder = path.parent
    names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {folder / near[0]}?" if near else ""


def _snapshot(
    wanted: dt.date | Literal["auto", "none"], path: Path, name: str, format: str
) -> dt.date | None:
    if isinstance(wanted, dt.date):
        return wanted
    if wanted == "none" or (_format(path, name) if format == "auto" else format) != "landscape":
        return None
    dated = _DATED.search(name.rpartition("/")[2])
    try:
        return dt.date.fromisoformat(dated[0]) if dated else None
    except ValueError:
        return None


def _reader(
    path: Path, name: str, format: str, as_: str | None, mapping: str | None, engine: Engine
) -> Callable[[], Iterator[Item | Block]]:
    if format not in FORMATS:
        raise SourceError(f"unknown format {format!r}" + nearest(format, FORMATS))
    if mapping is not None or format == "mapping":
        if format not in ("auto", "mapping"):
            raise SourceError(f"{format} is a format of its own: a mapping is for other tables")
        if mapping is None:
            raise SourceError("the format `mapping` needs a mapping: which file is it?")
        if as_ is not None:
            raise SourceError(f"{name}: --as says what ties of a graph are; a mapping says it all")
        from alliance_explorer.loaders.tabular.mapped import read_mapped

        rules = _existing(mapping)
        read_mapped(path, name, rules)  # its mistakes are told before anything is written
        return lambda: read_mapped(path, name, rules)
    if format == "auto":
        format = _format(path, name)
    if path.is_dir() and (format in GRAPH_READERS or format == "ndjson"):
        raise SourceError(f"{name}: is a folder; {format} is a file")
    if format in GRAPH_READERS:
        return lambda: read_graph_file(path, name, format, as_)
    if as_ is not None:
        raise SourceError(f"{name}: --as says what ties of a graph are, and this is {format}")
    if format == "ndjson":
        with path.open("rb") as stream:
            read_ndjson(stream, name)  # as below: what is wrong with it is said at once
        return lambda: _ndjson(path, name)
    if format == "landscape":
        from alliance_explorer.loaders.sources.landscape import read_landscape

        return lambda: read_landscape(path, name, engine)
    if format == "cordis":
        from alliance_explorer.loaders.sources.cordis import read_cordis

        read_cordis(path, name, engine)  # as above: what is missing is said at once
        return lambda: read_cordis(path, name, engine)
    try:
        read_blocks(path, name)  # its headers are checked before anything is written
    except SourceError as exc:
        if path.is_file() and path.name.partition(".")[0] not in [t.name for t in SCHEMA]:
            hint = "--mapping FILE says what the columns of any other table mean"
            raise SourceError(f"{exc}\n{hint}") from exc
        raise
    return lambda: read_blocks(path, name)


def _format(path: Path, name: str) -> str:
    """The format of what a user gave."""
    ending = path.name.lower()
    if ending.endswith(_LANDSCAPE_ENDINGS):
        return "landscape"
    if ending.endswith(".ndjson"):
        return "ndjson"
    if are_tables(path):
        return "tables"
    # Slow to import, and seldom needed.
    from alliance_explorer.loaders.sources.cordis_file import is_cordis

    if is_cordis(path, name):
        return "cordis"
    return graph_format(path) or "tables"


def _ndjson(path: Path, name: str) -> Iterator[Item]:
    with path.open("rb") as stream:
        yield from read_ndjson(stream, name)


def rejects_as_csv(rejects: Iterable[Rejected]) -> Iterator[str]:
    """The rejects file, piece by piece: one line per problem, with the row as it was."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["type", "file", "line", "field", "reason", "row"])
    for r in rejects:
        for p in r.problems:
            writer.writerow([r.type, r.file, r.line, p.field, p.reason, r.row])
        yield out.getvalue().encode("utf-8", errors="replace").decode()
        out.seek(0)
        out.truncate()
    yield out.getvalue()
