"""Lines of JSON: of one type (`Firm.jsonl`), or mixed, each with its `type` (NDJSON)."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA, Problem, nearest
from alliance_explorer.loaders.encoding import IS_UTF16, is_utf16
from alliance_explorer.loaders.model import Item, Rejected
from alliance_explorer.loaders.writing.seen import Row, Seen, items_of

# Rows that are looked at together.
ROWS: Final = 5_000
# Of each type, what is kept in memory before it goes to a file.
HELD: Final = 1 << 20


def read_ndjson(stream: IO[bytes], name: str) -> Iterator[Item]:
    """Read mixed JSON lines, each with its `type`; what is read is sorted by type in files.

    Raises
    ------
    SourceError
        At once: the file is UTF-16.
    """
    if is_utf16(stream.read(2)):
        raise SourceError(f"{name}: {IS_UTF16}")
    stream.seek(0)
    return _by_type(stream, name)


def _by_type(stream: IO[bytes], name: str) -> Iterator[Item]:
    known = [t.name for t in SCHEMA]
    with contextlib.ExitStack() as stack:
        by_type: dict[str, IO[bytes]] = {}
        for line, row in json_lines(stream):
            if isinstance(row, Problem):
                yield Rejected("unknown", name, line, (row,))
                continue
            given = row.pop("type", None)
            if given not in known:
                problem = Problem("type", f"{given!r} is no type" + nearest(str(given), known))
                yield Rejected("unknown", name, line, (problem,), row)
                continue
            if given not in by_type:
                by_type[given] = stack.enter_context(tempfile.SpooledTemporaryFile(HELD))
            by_type[given].write(f"{json.dumps([line, row])}\n".encode())
        for type_ in SCHEMA:
            seen = Seen(type_)
            seen.begin(name)
            if type_.name in by_type:
                rows = _again(by_type[type_.name])
                while some := list(islice(rows, ROWS)):
                    yield from items_of(some, seen)


def _again(file: IO[bytes]) -> Iterator[tuple[int, Row]]:
    file.seek(0)
    for text in file:
        line, row = json.loads(text)
        yield line, row


def json_lines(stream: IO[bytes]) -> Iterator[tuple[int, Row]]:
    """The objects of a file, one a line, by the numbers of their lines; blank ones are nothing."""
    for line, raw in enumerate(stream, start=1):
        if line == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            row = json.loads(raw.decode())  # given bytes, it would guess the encoding
        except UnicodeDecodeError as exc:
            yield line, Problem("(row)", f"is not UTF-8: byte 0x{exc.object[exc.start]:02X}")
        except (ValueError, RecursionError) as exc:
            yield line, Problem("(row)", f"is not JSON: {exc}")
        else:
            yield line, row if isinstance(row, dict) else Problem("(row)", "is not a JSON object")
