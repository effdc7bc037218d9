"""The project's own format: a folder or .zip of CSV, JSONL or Parquet files, one per type.

`Firm.csv`, `MEMBER_OF.parquet`, `Event.jsonl`, …; columns as in the schema; relationships refer to
ids in `from` and `to`; lists are separated by `;`. UTF-8, with or without a byte order mark. A
stream of mixed JSON lines (NDJSON) says the type of each line in its field `type`. In an Excel
workbook the sheets are called as the types; `Firm 2` goes on where `Firm` is full.
"""

import contextlib
import csv
import io
import itertools
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
import pyarrow as pa

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeType,
    Problem,
    RelationshipType,
    check_columns,
    nearest,
)
from alliance_explorer.graph_schema.columnar import Checked, check
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.encoding import IS_UTF16, is_utf16
from alliance_explorer.loaders.model import Item, Located
from alliance_explorer.loaders.writing.blocks import (
    PIECE,
    Block,
    Piece,
    Pieces,
    by_column,
    by_row,
    header_of,
)
from alliance_explorer.loaders.writing.hashes import hashed
from alliance_explorer.loaders.writing.seen import Row, Seen, item_of, items_of

from .excel import MAX_UNPACKED, is_workbook, sheet_names
from .json_lines import json_lines
from .parquet import parquet_problems, parquet_rows
from .sheets import Layout, Sheet, open_sheet

ENDINGS = (".csv", ".jsonl", ".parquet")
MAX_CELL = 2_000_000
# Rows of JSON that are looked at together.
ROWS = 5_000
# With fewer good rows than this part, a piece is not worth reading by column.
MOSTLY = 0.9
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_NUMBERED = re.compile(r" [2-9]\d*$| 1\d+$")


@dataclass(frozen=True)
class Table:
    """One file of one type: what messages call it, and how to read its bytes from the start.

    Of a workbook, `sheet` is the one of that type.
    """

    type: NodeType | RelationshipType
    name: str
    ending: str
    open: Callable[[], IO[bytes]]
    sheet: str | None = None


def read_tables(path: Path, name: str) -> Iterator[Item]:
    """As `read_blocks`, record by record."""
    return one_by_one(read_blocks(path, name))


def one_by_one(items: Iterable[Item | Block]) -> Iterator[Item]:
    """Each record of what comes in blocks."""
    for item in items:
        if isinstance(item, Block):
            yield from item.located()
        else:
            yield item


def read_blocks(path: Path, name: str) -> Iterator[Item | Block]:
    """Read a folder, a .zip or a single table; what is plain comes in blocks.

    Parameters
    ----------
    path : Path
    name : str
        What messages call it.

    Raises
    ------
    SourceError
        Before anything is yielded: nothing to read, a damaged archive, an unknown file name, a
        wrong header.
    """
    try:
        tables = _find(path, name)
        problems = [text for table in tables for text in _header_problems(table)]
    except OSError as exc:
        raise SourceError(f"{exc.filename or name}: cannot be read: {exc.strerror}") from exc
    if problems:
        raise SourceError("\n".join(problems))
    return _read(tables)


def _read(tables: Iterable[Table]) -> Iterator[Item | Block]:
    seen: Seen | None = None
    for table in tables:
        if seen is None or seen.type is not table.type:
            seen = Seen(table.type)
        seen.begin(table.name)
        if table.ending == "csv":
            yield from _csv_items(table, seen)
        else:
            rows = _OTHER_ROWS[table.ending](table)
            while some := list(itertools.islice(rows, ROWS)):
                yield from items_of(some, seen)


# --- finding the tables ---------------------------------------------------------------------------


def are_tables(path: Path) -> bool:
    """Whether it is plain from the names alone: all files of a folder, or sheets, are types."""
    if is_workbook(path):
        return bool(_in_workbook(path, path.name))
    names = {t.name for t in SCHEMA}
    try:
        files = [p for p in path.iterdir() if p.is_file() and p.suffix != ".md"]
    except OSError:
        return False
    return bool(files) and all(p.stem in names and p.suffix in ENDINGS for p in files)


def _find(path: Path, name: str) -> list[Table]:
    if is_workbook(path) and (tables := _in_workbook(path, name)):
        return _in_order(tables)
    if path.is_dir():
        found = [
            (f"{name}/{p.name}", p.name, _opener(p)) for p in sorted(path.iterdir()) if p.is_file()
        ]
    elif zipfile.is_zipfile(path):
        found = in_zip(path, name)
    else:
        found = [(name, path.name, _opener(path))]
    tables, unknown = [], []
    by_name = {t.name: t for t in SCHEMA}
    for shown, file, opener in found:
        stem, dot, ending = file.rpartition(".")
        if dot + ending.lower() not in ENDINGS or file.startswith("."):
            continue
        if stem in by_name:
            tables.append(Table(by_name[stem], shown, ending.lower(), opener))
        else:
            unknown.append(f"{shown}: no type is called {stem!r}" + nearest(stem, by_name))
    if unknown:
        raise SourceError("\n".join(unknown))
    if not tables:
        raise SourceError(
            f"{name}: no table found; expected files such as Firm.csv or MEMBER_OF.jsonl"
        )
    return _in_order(tables)


def _in_order(tables: Iterable[Table]) -> list[Table]:
    order = {t.name: i for i, t in enumerate(SCHEMA)}
    return sorted(tables, key=lambda t: order[t.type.name])


def _in_workbook(path: Path, name: str) -> list[Table]:
    """A table for each sheet, if all are called as types; else the workbook is of another kind."""
    by_name = {t.name: t for t in SCHEMA}
    open_ = _opener(path)
    found = [(sheet, by_name.get(_NUMBERED.sub("", sheet))) for sheet in sheet_names(open_, name)]
    tables = [
        Table(type_, f"{name}/{sheet}", "xlsx", open_, sheet) for sheet, type_ in found if type_
    ]
    return tables if len(tables) == len(found) else []


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def in_zip(path: Path, name: str) -> list[tuple[str, str, Callable[[], IO[bytes]]]]:
    """Files of an archive: what messages call them, their own names, how to open them.

    Raises
    ------
    SourceError
        It is damaged, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename
            ]
            if sum(m.file_size for m in members) > MAX_UNPACKED:
                raise SourceError(f"{name}: unpacks to more than {MAX_UNPACKED >> 20} MiB")
            if damaged := archive.testzip():
                raise SourceError(f"{name}: cannot be unpacked: {damaged} is damaged")
    # RuntimeError: it has a password, or is packed in a way that is not known here.
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError) as exc:
        raise SourceError(f"{name}: cannot be unpacked: {exc}") from exc

    def opener(member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        def opened() -> IO[bytes]:
            with zipfile.ZipFile(path) as archive:
                return archive.open(member)  # can be read on when the archive is closed

        return opened

    return [(f"{name}/{m.filename}", PurePosixPath(m.filename).name, opener(m)) for m in members]


# --- CSV ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _reading(table: Table) -> Iterator[Any]:
    csv.field_size_limit(MAX_CELL)
    # Bytes that are no UTF-8 become lone surrogates, so that the very cell can be named.
    with (
        table.open() as stream,
        io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="") as text,
    ):
        yield csv.reader(text, strict=True)


def _header_problems(table: Table) -> list[str]:
    if table.ending == "parquet":
        return parquet_problems(table.type, table.name, table.open)
    if table.ending == "xlsx":
        columns = _sheet(table).columns
        return [f"{table.name}, {p.field}: {p.reason}" for p in check_columns(table.type, columns)]
    with table.open() as stream:
        if is_utf16(stream.read(2)):
            return [f"{table.name}: {IS_UTF16}"]
    if table.ending != "csv":
        return []
    try:
        with _reading(table) as reader:
            header = next(reader, None)
    except csv.Error as exc:
        return [f"{table.name}, line 1: {exc}"]
    if header is None:
        return [f"{table.name}: is empty; the first line names the columns"]
    if not_utf8 := _not_utf8("".join(header)):
        return [f"{table.name}, line 1: {not_utf8}"]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return [f"{table.name}, line 1: columns are to be separated by commas"]
    return [
        f"{table.name}, line 1, {p.field}: {p.reason}"
        for p in check_columns(table.type, [c.strip() for c in header])
    ]


def _csv_items(table: Table, seen: Seen) -> Iterator[Item | Block]:
    csv.field_size_limit(MAX_CELL)
    with table.open() as stream:
        pieces = Pieces(stream, PIECE)
        header = header_of(pieces)
        while (piece := pieces.next()) is not None:
            cells = by_column(piece.text, header)
            checked = None if cells is None else check(table.type, cells)
            if cells is None or checked is None or checked.good.mean() < MOSTLY:
                yield from items_of(list(_csv_rows(pieces, piece, header)), seen)
            else:
                yield from _blocks(cells, checked, piece.first, seen)


def _blocks(cells: pa.Table, checked: Checked, first: int, seen: Seen) -> Iterator[Item | Block]:
    """What is good in blocks, and in their places the rows that need a closer look."""
    lines = first + np.arange(len(cells))
    ids: pa.StringArray = checked.columns["id"]
    doubtful: dict[int, Item] = {}
    for number in np.flatnonzero(~checked.good).tolist():
        doubtful[number] = item_of(int(lines[number]), _row(cells, number), seen)
    sound = np.arange(len(cells))
    if doubtful:
        known = ids.to_pylist()
        for number, item in doubtful.items():
            known[number] = item.record.id if isinstance(item, Located) else ""
        ids = pa.array(known, pa.string())
        sound = np.flatnonzero([id_ != "" for id_ in known])
    hashes = hashed(ids)
    some = ids.take(pa.array(sound)) if doubtful else ids
    for number, where in seen.before(some, hashes[sound], lines[sound]).items():
        n = int(sound[number])
        doubtful[n] = seen.again(ids[n].as_py(), int(lines[n]), _row(cells, n), where)
    rows = pa.table(dict(checked.columns))
    at = 0
    for number in (*sorted(doubtful), len(cells)):
        if number > at:
            part = slice(at, number)
            some = rows.slice(at, number - at)
            yield Block(seen.type, some, seen.file, lines[part], hashes[part])
        if number < len(cells):
            yield doubtful[number]
        at = number + 1


def _row(cells: pa.Table, number: int) -> dict[str, object]:
    row: dict[str, object] = cells.slice(number, 1).to_pylist()[0]
    return row


def _csv_rows(pieces: Pieces, piece: Piece, header: list[str]) -> Iterator[tuple[int, Row]]:
    for first, last, cells in by_row(pieces, piece):
        if isinstance(cells, csv.Error):
            reason = f"cannot be read as CSV: {cells}"
            yield first, Problem("(row)", reason + _span(first, last))
        elif len(cells) == len(header):
            yield first, _csv_row(header, cells)
        elif cells:  # else it is a blank line
            reason = f"has {len(cells)} cells, the header has {len(header)}"
            yield first, Problem("(row)", reason + _span(first, last))


def _span(first: int, last: int) -> str:
    """What else went with a bad row."""
    return (
        f"; lines {first} to {last} were taken for one row: is a quotation mark never closed?"
        if last > first
        else ""
    )


def _csv_row(header: list[str], cells: list[str]) -> Row:
    row = dict(zip(header, cells, strict=True))
    for column, cell in row.items():
        if not_utf8 := _not_utf8(cell):
            return Problem(column, not_utf8)
    return dict(row)


def _not_utf8(text: str) -> str | None:
    """What is wrong with text that holds a byte which is no UTF-8."""
    bad = _ESCAPED_BYTE.search(text)
    if bad is None:
        return None
    byte = ord(bad[0]) - 0xDC00
    guess = bytes([byte]).decode("cp1252", errors="replace")
    return f"is not UTF-8: byte 0x{byte:02X} (in cp1252: {guess!r}); save the file as UTF-8"


# --- Excel ----------------------------------------------------------------------------------------


def _sheet(table: Table) -> Sheet:
    return open_sheet(table.open, table.name, Layout(sheet=table.sheet))


def _excel_rows(table: Table) -> Iterator[tuple[int, Row]]:
    for line, row in _sheet(table).rows(Repairs(table.name)):
        yield line, row if isinstance(row, Problem) else dict(row)


# --- JSON lines -----------------------------------------------------------------------------------


def _json_rows(table: Table) -> Iterator[tuple[int, Row]]:
    with table.open() as stream:
        yield from json_lines(stream)


_OTHER_ROWS: dict[str, Callable[[Table], Iterator[tuple[int, Row]]]] = {
    "jsonl": _json_rows,
    "xlsx": _excel_rows,
    "parquet": lambda table: parquet_rows(table.open),
}
