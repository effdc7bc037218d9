"""One Excel workbook, for people: a sheet for each type that has anything stored, as in tables.

Written here, since openpyxl keeps all sheets in files of its own until the last row is read, and
takes many times as long; loads read it with openpyxl. Every cell of text is a string to Excel, and
none a formula; one that begins like one is marked as typed with an apostrophe, so that editing it
makes none of it either.

References
----------
ECMA-376, part 1: 18.3 (worksheets), 18.8 (styles), 22.9.2.19 (`ST_Xstring`: `_x000D_` is a
character that XML cannot hold, or would change). Microsoft, Excel specifications and limits.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from string import ascii_uppercase
from typing import Final

from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeType,
    RelationshipType,
    Value,
    columns_of,
    text_of,
)
from alliance_explorer.queries.wording import harmless

from .content import Lost
from .stored import Row, Stored
from .tables import Files
from .xml_text import UNHOLDABLE
from .zipped import zipped

MAX_ROWS: Final = 1_048_576
MAX_TEXT: Final = 32_767
LIMITS: Final = f"of a text more than {MAX_TEXT:,} characters"
# Days are counted from here; before March 1900 by Lotus' leap year that was none, or not at all.
_DAY_0, _FIRST_DAY = dt.date(1899, 12, 30), dt.date(1900, 3, 1)
_WIDTH: Final = 18
_LETTERS: Final[Sequence[str]] = (
    *ascii_uppercase,
    *map("".join, product(ascii_uppercase, repeat=2)),
)
_ESCAPED = re.compile(rf"[&<>\r]|{UNHOLDABLE}|_(?=x[0-9A-Fa-f]{{4}}_)")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

_START: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA_TYPE: Final = f"{_MEDIA}.sheet"

# Numbers of the forms of cells in the part below.
_BOLD, _DAY, _TYPED = 1, 2, 3
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def workbook(stored: Stored, *, max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """The .xlsx in pieces; never more than a batch of records is held.

    Parameters
    ----------
    stored : Stored
    max_rows : int
        Of a sheet, with its header; what is beyond goes on in `PARTY_TO 2`, ….
    """
    return zipped(_Book(stored, max_rows).parts())


@dataclass
class _Sheet:
    name: str
    columns: Sequence[str]
    rows: int = 1

    @property
    def last_column(self) -> str:
        return _LETTERS[len(self.columns) - 1]


class _Book:
    """The parts of a workbook; what all sheets have in common comes when they are written."""

    def __init__(self, stored: Stored, max_rows: int) -> None:
        self._stored = stored
        self._lost = stored.lost
        self._max_rows = max_rows
        self._sheets: list[_Sheet] = []

    def parts(self) -> Files:
        for type_ in self._stored.types:
            rows = self._stored.rows(type_)
            for number, some in enumerate(_parted(rows, self._max_rows - 1), start=1):
                yield self._sheet(type_, f" {number}" if number > 1 else "", some)
        if not self._sheets:  # a workbook has one at least
            yield self._sheet(next(iter(SCHEMA)), "", ())
        numbers = range(1, len(self._sheets) + 1)
        yield "xl/styles.xml", [_START, _STYLES]
        yield "xl/workbook.xml", [_START, self._contents()]
        sheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        yield "xl/_rels/workbook.xml.rels", [_START, _related([*sheets, ("styles", "styles.xml")])]
        yield "_rels/.rels", [_START, _related([("officeDocument", "xl/workbook.xml")])]
        yield "[Content_Types].xml", [_START, _media_types(numbers)]

    def _sheet(
        self, type_: NodeType | RelationshipType, suffix: str, rows: Iterable[Row]
    ) -> tuple[str, Iterable[str]]:
        sheet = _Sheet(type_.name + suffix, columns_of(type_))
        self._sheets.append(sheet)
        return f"xl/worksheets/sheet{len(self._sheets)}.xml", self._lines(sheet, rows)

    def _lines(self, sheet: _Sheet, rows: Iterable[Row]) -> Iterator[str]:
        letters = _LETTERS[: len(sheet.columns)]
        selected = ' tabSelected="1"' if sheet is self._sheets[0] else ""
        # How many rows will come is not known yet. This is the most, since a sheet without a size
        # is read as a whole by some, openpyxl among them, only to learn it.
        size = f"A1:{sheet.last_column}{self._max_rows}"
        yield (
            f'{_START}<worksheet xmlns="{_MAIN}"><dimension ref="{size}"/><sheetViews>'
            f'<sheetView{selected} workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
            f'<cols><col min="1" max="{len(letters)}" width="{_WIDTH}" customWidth="1"/></cols>'
            '<sheetData><row r="1">'
        )
        for letter, name in zip(letters, sheet.columns, strict=True):
            yield _text(f"{letter}1", name, _BOLD)
        yield "</row>"
        for row in rows:
            sheet.rows += 1
            cells = "".join(
                self._cell(f"{letter}{sheet.rows}", row[name])
                for letter, name in zip(letters, sheet.columns, strict=True)
                if name in row
            )
            yield f'<row r="{sheet.rows}">{cells}</row>'
        end = f"{sheet.last_column}{sheet.rows}"
        yield f'</sheetData><autoFilter ref="A1:{end}"/></worksheet>'

    def _cell(self, place: str, value: Value) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, dt.date) and value >= _FIRST_DAY:
            return f'<c r="{place}" s="{_DAY}"><v>{(value - _DAY_0).days}</v></c>'
        if isinstance(value, int | float):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        text = _held(value, self._lost)
        return _text(place, text, 0 if harmless(text) == text else _TYPED)

    def _contents(self) -> str:
        sheets = "".join(
            f'<sheet name="{s.name}" sheetId="{n}" r:id="rId{n}"/>'
            for n, s in enumerate(self._sheets, start=1)
        )
        # Excel keeps under this name what a filter is of.
        filters = "".join(
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">'
            f"'{s.name}'!$A$1:${s.last_column}${s.rows}</definedName>"
            for n, s in enumerate(self._sheets)
        )
        return (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets><definedNames>{filters}</definedNames></workbook>"
        )


def _parted(rows: Iterator[Row], most: int) -> Iterator[Iterator[Row]]:
    """The rows of one sheet after the other; each is to be read before the next is asked for."""
    for row in rows:
        yield chain([row], islice(rows, most - 1))


def _text(place: str, text: str, form: int) -> str:
    said = _ESCAPED.sub(_escape, text)
    styled = f' s="{form}"' if form else ""
    return f'<c r="{place}"{styled} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _escape(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _held(value: Value, lost: Lost) -> str:
    """A value as text, as much of it as a cell holds; the rest is counted."""
    text = text_of(value)
    if _length(text) <= MAX_TEXT:
        return text
    if isinstance(value, list):
        numbers = range(len(value) + 1)
        kept = bisect_right(numbers, MAX_TEXT, key=lambda n: _length(text_of(value[:n]))) - 1
        lost.add(f"last entries of lists of more than {MAX_TEXT:,} characters", len(value) - kept)
        return text_of(value[:kept])
    lost.add(f"texts of more than {MAX_TEXT:,} characters, cut there")
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", errors="ignore")


def _length(text: str) -> int:
    """Characters as Excel counts them: those beyond the first 65,536 are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _related(parts: Iterable[tuple[str, str]]) -> str:
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'


def _media_types(sheets: Iterable[int]) -> str:
    parts = [
        ("xl/workbook.xml", "sheet.main"),
        ("xl/styles.xml", "styles"),
        *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in sheets),
    ]
    known = "".join(
        f'<Override PartName="/{part}" ContentType="{_MEDIA}.{kind}+xml"/>' for part, kind in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{known}</Types>'
    )
