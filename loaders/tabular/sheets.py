"""Rows of any table: CSV and its kin in whatever encoding and with whatever separator, and Excel.

Bytes become text line by line, so that a file is never held as a whole; what is repaired on the
way is told to `Repairs`. Every cell is text without spaces around it.
"""

import codecs
import contextlib
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeAlias

import ftfy.bad_codecs  # noqa: F401  # adds sloppy-windows-1252, which knows all bytes

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.encoding import is_utf16

from .excel import Opener, sheet_rows

SEPARATORS: Final = (",", ";", "\t", "|")
MAX_CELL: Final = 2_000_000
_SAMPLE: Final = 40
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")

Row: TypeAlias = dict[str, str] | Problem


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written; what is None is found out.

    Parameters
    ----------
    encoding : str, optional
        Unless said: UTF-8 or, with a byte order mark, UTF-16; lines that are neither are cp1252.
    separator : str, optional
        Unless said: the one of `SEPARATORS` that makes rows of one width.
    sheet : str, optional
        Of an Excel file; unless said, the first.
    header : int
        Line of the header, from 1; what stands above is left out.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header: int = 1


@dataclass(frozen=True)
class Sheet:
    """A table with its header read: `rows` can be asked for more than once.

    Attributes
    ----------
    name : str
        What messages call it.
    columns : sequence of str
        A header that stands twice gets ` (2)`; an empty one is `column 3`.
    rows : callable
        Gives line and row of each row that is not blank; or what kept the row from being read.
    """

    name: str
    columns: Sequence[str]
    rows: Callable[[Repairs], Iterator[tuple[int, Row]]]


def open_sheet(open_: Opener, name: str, layout: Layout = Layout()) -> Sheet:
    """Read the header of a table.

    Raises
    ------
    SourceError
        It cannot be read, or has no header.
    """
    try:
        with open_() as stream:
            first = stream.read(4)
        if first.startswith(b"PK\x03\x04"):
            return _excel(open_, name, layout)
        if first.startswith(b"\xd0\xcf\x11\xe0"):
            raise SourceError(f"{name}: an Excel file of before 2007; save it as .xlsx or .csv")
        return _text(_unpacked(open_) if first.startswith(b"\x1f\x8b") else open_, name, layout)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise SourceError(f"{name}: the gzip file is damaged: {exc}") from exc
    except OSError as exc:
        raise SourceError(f"{name}: cannot be read: {exc.strerror or exc}") from exc


def opener(path: Path) -> Opener:
    """Opens a file from its start."""
    return lambda: path.open("rb")


class _Unpacked(gzip.GzipFile):
    """A gzip file that closes what it reads from."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed

    def close(self) -> None:
        super().close()
        self._packed.close()


def _unpacked(open_: Opener) -> Opener:
    return lambda: _Unpacked(open_())  # type: ignore[return-value]  # has all of IO that is used


def _columns(header: Sequence[str]) -> list[str]:
    columns: list[str] = []
    for n, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {n}"
        number = 2
        unique = name
        while unique in columns:
            unique = f"{name} ({number})"
            number += 1
        columns.append(unique)
    return columns


# --- text ----------------------------------------------------------------------------------------


def _text(open_: Opener, name: str, layout: Layout) -> Sheet:
    encoding = layout.encoding or encoding_of(open_)
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise SourceError(
            f"{name}: no encoding is called {encoding!r}; try utf-8 or cp1252"
        ) from None
    csv.field_size_limit(MAX_CELL)
    separator = layout.separator or _separator(open_, encoding, layout.header)

    def rows(repairs: Repairs) -> Iterator[tuple[int, Row]]:
        with _lines(open_, encoding, layout.encoding is None, repairs) as lines:
            for line, row in _rows(lines, columns, separator, layout.header, repairs):
                yield line, row if layout.encoding is None else _decoded(row)

    with _lines(open_, encoding, layout.encoding is None, Repairs(name)) as lines:
        header = _header(lines, separator, layout.header, name)
    columns = _columns(header)
    return Sheet(name, columns, rows)


def _header(lines: "_Lines", separator: str, number: int, name: str) -> list[str]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: list[str] = []
    try:
        while reader.line_num < number:
            header = next(reader)
            if reader.line_num == 1 and _is_hint(header, separator):
                number += 1
    except StopIteration:
        raise SourceError(f"{name}: is empty; the first line names the columns") from None
    except csv.Error as exc:
        raise SourceError(f"{name}, line {reader.line_num}: {exc}") from exc
    if not any(cell.strip() for cell in header):
        raise SourceError(f"{name}, line {reader.line_num}: is blank, but should name the columns")
    return header


def _is_hint(cells: Sequence[str], separator: str) -> bool:
    """Whether a first line is `sep=;`, a hint for Excel."""
    return separator.join(cells).strip('"').lower().startswith("sep=")


def encoding_of(open_: Opener) -> str:
    """UTF-16 if the file says so, else UTF-8, with or without a byte order mark."""
    with open_() as stream:
        return "utf-16" if is_utf16(stream.read(2)) else "utf-8-sig"


class _Lines:
    """Lines of a text; remembers those of the row that is being read."""

    def __init__(self, text: io.TextIOWrapper, mends: bool, repairs: Repairs) -> None:
        self._text = text
        self._mends = mends
        self._repairs = repairs
        self._number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self._number += 1
            if self._mends and not line.isascii() and _ESCAPED_BYTE.search(line):
                mended = line.encode(errors="surrogateescape").decode("sloppy-windows-1252")
                self._tell(line, mended)
                line = mended
            self.taken.append(line)
            yield line

    def _tell(self, line: str, mended: str) -> None:
        found = _ESCAPED_BYTE.search(line)
        at = found.start() if found else 0
        start = max(0, at - 10)
        before = line[start : at + 10].encode(errors="surrogateescape").decode(errors="replace")
        after = mended.strip()
        self._repairs.add(("bytes",), self._number, "(line)", before, after[start : at + 10])


@contextlib.contextmanager
def _lines(open_: Opener, encoding: str, mends: bool, repairs: Repairs) -> Iterator[_Lines]:
    with (
        open_() as stream,
        io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="") as text,
    ):
        yield _Lines(text, mends, repairs)


def _separator(open_: Opener, encoding: str, header: int) -> str:
    """The separator that makes the most rows of the header's width, and the wider ones."""
    with _lines(open_, encoding, True, Repairs("")) as lines:
        sample = [line for line, _ in zip(lines, range(header + _SAMPLE), strict=False)]
    if sample and (hint := re.fullmatch(r'"?sep=(.)"?\s*', sample[0], re.IGNORECASE)):
        return hint[1]
    best, most = ",", (1, 0)
    for separator in SEPARATORS:
        reader = csv.reader(sample[header - 1 :], delimiter=separator)
        try:
            widths = [len(cells) for cells in reader if cells]
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            found = (1 + sum(w == widths[0] for w in widths), widths[0])
            if found > most:
                best, most = separator, found
    return best


def _rows(
    lines: _Lines, columns: Sequence[str], separator: str, header: int, repairs: Repairs
) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    width = len(columns)
    while reader.line_num < header:
        try:
            if _is_hint(next(reader), separator) and reader.line_num == 1:
                header += 1
        except (StopIteration, csv.Error):
            return
    while True:
        line = reader.line_num + 1
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            taken = "".join(lines.taken)
            cells = _leniently(taken, separator, width)
            if not cells:
                reason = f"cannot be read as CSV: {exc}"
                yield line, Problem("(row)", reason + _span(line, reader.line_num))
                continue
            repairs.add(("quotes",), line, "(row)", taken.strip(), " | ".join(cells))
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            cells = _fitted(cells, width, lines, line, repairs)
        if len(cells) != width:
            reason = f"has {len(cells)} cells, the header has {width}"
            yield line, Problem("(row)", reason + _span(line, reader.line_num))
        else:
            yield line, dict(zip(columns, map(str.strip, cells), strict=True))


def _decoded(row: Row) -> Row:
    """The row, unless a byte of it is not in the encoding that was said."""
    for column, cell in row.items() if isinstance(row, dict) else ():
        if byte := _ESCAPED_BYTE.search(cell):
            number = ord(byte[0]) - 0xDC00
            return Problem(column, f"byte 0x{number:02X} is not in the encoding that was said")
    return row


def _leniently(taken: str, separator: str, width: int) -> list[str]:
    """The cells of a row with a stray quotation mark, if they are as many as there are columns."""
    with contextlib.suppress(csv.Error):
        rows = list(csv.reader([taken], delimiter=separator))
        if len(rows) == 1 and len(rows[0]) == width and "\n" not in taken.strip():
            return rows[0]
    return []


def _fitted(cells: list[str], width: int, lines: _Lines, line: int, repairs: Repairs) -> list[str]:
    """A row of another width, fitted to the header if that can be done without guessing."""
    before = "".join(lines.taken).strip()
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        repairs.add(("empty cells",), line, "(row)", before, " | ".join(cells[:width]))
        return cells[:width]
    if len(cells) == 1:
        for other in SEPARATORS:
            found = next(csv.reader([before], delimiter=other), [])
            if len(found) == width:
                repairs.add(("separator",), line, "(row)", before, " | ".join(found))
                return found
    return cells


def _span(first: int, last: int) -> str:
    """What else went with a bad row."""
    return (
        f"; lines {first} to {last} were taken for one row: is a quotation mark never closed?"
        if last > first
        else ""
    )


# --- Excel ---------------------------------------------------------------------------------------


def _excel(open_: Opener, name: str, layout: Layout) -> Sheet:
    def rows(repairs: Repairs) -> Iterator[tuple[int, Row]]:
        with sheet_rows(open_, name, layout.sheet) as found:
            for line, cells in enumerate(found, start=1):
                if line <= layout.header or not any(cells):
                    continue
                if any(cells[width:]):
                    reason = f"has {len(cells)} cells, the header has {width}"
                    yield line, Problem("(row)", reason)
                else:
                    cells = [*cells[:width], *[""] * (width - len(cells))]
                    yield line, dict(zip(columns, cells, strict=True))

    with sheet_rows(open_, name, layout.sheet) as found:
        top = [cells for cells, _ in zip(found, range(layout.header), strict=False)]
    header = top[-1] if len(top) == layout.header else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise SourceError(f"{name}, line {layout.header}: is blank, but should name the columns")
    columns = _columns(header)
    width = len(columns)
    return Sheet(name, columns, rows)
