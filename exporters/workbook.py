"""One Excel workbook, for people: a sheet for each type that has anything stored, as in tables.

Every cell of text is a string to Excel, and none a formula; one that begins like one is marked as
typed with an apostrophe, so that editing it makes none of it either.

References
----------
ECMA-376, part 1, 22.9.2.19: `ST_Xstring`, in which `_x000D_` is a character that XML cannot hold,
or would change. Microsoft, Excel specifications and limits.
"""

import datetime as dt
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeType,
    RelationshipType,
    Value,
    columns_of,
    text_of,
)
from alliance_explorer.queries.wording import harmless

from .stored import Row, Stored
from .xml_text import UNHOLDABLE

MAX_ROWS: Final = 1_048_576
MAX_TEXT: Final = 32_767
LIMITS: Final = f"of a text more than {MAX_TEXT:,} characters"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Before there is no day to Excel, or, by Lotus' leap year that was none, another one.
_FIRST_DAY: Final = dt.date(1900, 3, 1)
_WIDTH: Final = 18
_ESCAPED: Final = re.compile(rf"\r|{UNHOLDABLE}|_(?=x[0-9A-Fa-f]{{4}}_)")
_PIECE: Final = 1 << 16


def workbook(stored: Stored, *, max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """The .xlsx in pieces. It is put together in a file first; no more than a batch is in memory.

    Parameters
    ----------
    stored : Stored
    max_rows : int
        Of a sheet, with its header; what is beyond goes on in `PARTY_TO 2`, ….
    """
    with tempfile.TemporaryFile(prefix="alliance-explorer-") as file:
        book = Workbook(write_only=True)
        for type_ in stored.types:
            rows = stored.rows(type_)
            for number, some in enumerate(_parted(rows, max_rows - 1), start=1):
                _Sheet(book, type_, f" {number}" if number > 1 else "", stored).fill(some)
        if not book.worksheets:  # a workbook has one at least
            _Sheet(book, next(iter(SCHEMA)), "", stored).fill(iter(()))
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _parted(rows: Iterator[Row], most: int) -> Iterator[Iterator[Row]]:
    """The rows of one sheet after the other; each is to be read before the next is asked for."""
    for row in rows:
        yield chain([row], islice(rows, most - 1))


class _Sheet:
    """One sheet, with its header."""

    def __init__(
        self, book: Workbook, type_: NodeType | RelationshipType, suffix: str, stored: Stored
    ) -> None:
        self._sheet = book.create_sheet(type_.name + suffix)
        self._columns = columns_of(type_)
        self._lost = stored.lost
        self._last = get_column_letter(len(self._columns))
        self._sheet.freeze_panes = "A2"
        # openpyxl writes what this says, if it is there. Without any size it would read a sheet
        # whole when it opens the workbook again; how many rows there will be nobody knows yet.
        self._sheet.calculate_dimension = lambda: f"A1:{self._last}{MAX_ROWS}"
        for number in range(1, len(self._columns) + 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = _WIDTH

    def fill(self, rows: Iterator[Mapping[str, Value]]) -> None:
        header = [WriteOnlyCell(self._sheet, name) for name in self._columns]
        for cell in header:
            cell.font = Font(bold=True)
        self._sheet.append(header)
        written = 1
        for row in rows:
            written += 1
            self._sheet.append([self._cell(row[c]) if c in row else None for c in self._columns])
        self._sheet.auto_filter.ref = f"A1:{self._last}{written}"
        self._sheet.close()

    def _cell(self, value: Value) -> object:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            number = WriteOnlyCell(self._sheet, repr(value))
            number.data_type = "n"  # with all its digits: of a number 16 would be written
            return number
        if isinstance(value, dt.date) and value >= _FIRST_DAY:
            day = WriteOnlyCell(self._sheet, dt.datetime.combine(value, dt.time()))
            day.number_format = "yyyy-mm-dd"
            return day
        text = self._held(value)
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"  # whatever it looks like
        if harmless(text) != text:
            cell.quotePrefix = True
        return cell

    def _held(self, value: Value) -> str:
        """A value as text, as much of it as a cell holds; the rest is counted."""
        text = _escaped(text_of(value))
        if len(text) <= MAX_TEXT // 2 or _length(text) <= MAX_TEXT:
            return text
        parts: str | list[str] = value if isinstance(value, list) else text_of(value)

        def length(n: int) -> int:
            return _length(_escaped(text_of(parts[:n])))

        kept = bisect_right(range(len(parts) + 1), MAX_TEXT, key=length) - 1
        if isinstance(parts, list):
            left = len(parts) - kept
            self._lost.add(f"last entries of lists of more than {MAX_TEXT:,} characters", left)
        else:
            self._lost.add(f"texts of more than {MAX_TEXT:,} characters, cut there")
        return _escaped(text_of(parts[:kept]))


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _length(text: str) -> int:
    """Characters as Excel counts them: those beyond the first 65,536 are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
