"""Excel workbooks (.xlsx): their sheets, row by row; every cell is text without spaces around it.

References
----------
ECMA-376, part 1, 22.9.2.19 (`ST_Xstring`): `_x000D_` in a text is a character that XML cannot hold.
"""

import contextlib
import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from xml.etree.ElementTree import ParseError

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import nearest

Opener: TypeAlias = Callable[[], IO[bytes]]

MAX_UNPACKED: Final = 2 << 30
# Halves of surrogate pairs are no characters.
_ESCAPED = re.compile("_x((?![dD][89a-fA-F])[0-9a-fA-F]{4})_")
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
)


def is_workbook(path: Path) -> bool:
    """Whether a file is called as Excel calls its own; a damaged one is one, too."""
    return path.suffix.lower() == ".xlsx" and path.is_file()


def sheet_names(open_: Opener, name: str) -> list[str]:
    """What the sheets of a workbook are called, in their order.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    with _book(open_, name) as book:
        return list(book.sheetnames)


@contextlib.contextmanager
def sheet_rows(open_: Opener, name: str, sheet: str | None = None) -> Iterator[Iterator[list[str]]]:
    """The rows of a sheet, as wide as each is; of the first unless said.

    Raises
    ------
    SourceError
        The workbook cannot be read, or has no sheet of that name.
    """
    with _book(open_, name) as book:
        if sheet is not None and sheet not in book.sheetnames:
            raise SourceError(
                f"{name}: no sheet is called {sheet!r}" + nearest(sheet, book.sheetnames)
            )
        try:
            found = book[sheet] if sheet is not None else book.worksheets[0]
            found.reset_dimensions()  # some programs write wrong ones
        except _DAMAGED as exc:
            raise _unreadable(name, exc) from exc
        yield _rows(found, name)


def _rows(sheet: Any, name: str) -> Iterator[list[str]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    except _DAMAGED as exc:
        raise _unreadable(name, exc) from exc


@contextlib.contextmanager
def _book(open_: Opener, name: str) -> Iterator[Any]:
    import openpyxl  # slow to import, and seldom needed

    with open_() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                size = sum(m.file_size for m in archive.infolist())
            if size > MAX_UNPACKED:
                raise SourceError(f"{name}: unpacks to more than {MAX_UNPACKED >> 20} MiB")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except _DAMAGED as exc:
            raise _unreadable(name, exc) from exc
        try:
            yield book
        finally:
            book.close()


def _unreadable(name: str, exc: Exception) -> SourceError:
    return SourceError(f"{name}: is no Excel file that can be read: {exc}")


def _cell(value: object) -> str:
    """A cell as text: whole numbers without a point, days in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    text = str(value)
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.strip()
