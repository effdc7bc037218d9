"""CSV tables in blocks of rows, read and checked by column; whatever is unusual goes by row.

A piece of a file is taken by column if reading it so cannot mean anything else than reading it as
CSV row by row: sound UTF-8, no cell with a line break, quotation marks only around whole cells.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from alliance_explorer.engine import arrow_type
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeRecord,
    NodeType,
    Properties,
    Record,
    RelationshipRecord,
    RelationshipType,
    columns,
)
from alliance_explorer.loaders.model import Located

from .hashes import Hashed

PIECE = 1 << 19
# Of a longer line nothing is read by column.
MAX_PIECE = 8 << 20
_CELL = rb'(?:[^",\n]*+|"(?:[^"\n]|"")*+")'
_REGULAR = re.compile(rb"(?:" + _CELL + rb"[,\n])*+" + _CELL)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Many checked records of one type; no id is there twice, here or in the whole source.

    Attributes
    ----------
    type : NodeType or RelationshipType
    rows : pyarrow.Table
        Typed, of `columns(type)` those that the source has, and the ids.
    file : str
    lines : numpy.ndarray
        Where each row stands.
    hashes : numpy.ndarray
        Of their ids, as `hashed` gives them.
    """

    type: NodeType | RelationshipType
    rows: pa.Table
    file: str
    lines: NDArray[np.int64]
    hashes: Hashed

    def __len__(self) -> int:
        return len(self.rows)

    def located(self) -> Iterator[Located]:
        """The records one by one."""
        for row, line in zip(self.rows.to_pylist(), self.lines.tolist(), strict=True):
            known: Properties = {k: v for k, v in row.items() if v is not None}
            record: Record
            if isinstance(self.type, NodeType):
                record = NodeRecord(self.type, str(known["id"]), known)
            else:
                ends = str(known.pop("from_id")), str(known.pop("to_id"))
                record = RelationshipRecord(self.type, *ends, known)
            yield Located(record, self.file, line)

    def taken(self, chosen: NDArray[np.bool_]) -> "Block":
        """Some of the rows."""
        if chosen.all():
            return self
        rows = self.rows.filter(pa.array(chosen))
        return Block(self.type, rows, self.file, self.lines[chosen], self.hashes[chosen])

    def by_ends(self) -> Iterator[tuple[tuple[str, str] | None, "Block"]]:
        """Its parts by the labels that they join."""
        if isinstance(self.type, NodeType):
            yield None, self
        elif len(self.type.ends) == 1:
            yield self.type.ends[0], self
        else:
            from_id, to_id = self.rows.column("from_id"), self.rows.column("to_id")
            for ends in self.type.ends:
                a, b = (SCHEMA.nodes[label].prefix for label in ends)
                both = pc.and_(pc.starts_with(from_id, a), pc.starts_with(to_id, b))
                chosen = both.to_numpy()
                if chosen.any():
                    yield ends, self if chosen.all() else self.taken(chosen)

    def table(self, **unless_said: object) -> pa.Table:
        """The rows with all `columns(type)`, and with values for what they do not say."""
        found = {}
        for name, kind in columns(self.type).items():
            if name in self.rows.column_names:
                found[name] = self.rows.column(name)
                if name in unless_said:
                    found[name] = pc.fill_null(found[name], unless_said[name])
            else:
                value = pa.scalar(unless_said.get(name), arrow_type(kind))
                found[name] = pa.repeat(value, len(self.rows))
        return pa.table(found)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a CSV file: whole lines, or the rest of the file.

    Attributes
    ----------
    first : int
        Line with which it begins.
    text : bytes
    """

    first: int
    text: bytes


class Pieces:
    """A CSV file in pieces of whole lines; what was not used can be given back."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._size = size
        self._rest = b""
        self._line = 1

    def next(self) -> Piece | None:
        """The next lines; None at the end."""
        text, self._rest = self._rest, b""
        if b"\n" not in text or len(text) < self._size:
            while more := self._stream.read(self._size):
                text += more
                if b"\n" in more:
                    break
        if not text:
            return None
        end = text.rfind(b"\n") + 1
        if end and len(text) >= self._size:
            text, self._rest = text[:end], text[end:]
        piece = Piece(self._line, text)
        self._line += int(np.count_nonzero(_line_ends(text))) or 1
        return piece

    def ends_before(self, line: int) -> None:
        """Say how many lines the last piece really had: CSV ends them at a lone return, too."""
        self._line = line

    def back(self, piece: Piece, line: int, text: bytes) -> None:
        """Give back the end of the last piece: from a line of that number on."""
        self._rest = text + self._rest
        self._line = line


def by_column(text: bytes, header: Sequence[str]) -> pa.Table | None:
    """The cells of whole lines, or None if that is not certain to be what CSV says."""
    if len(text) > MAX_PIECE or b"\x00" in text:
        return None
    if b"\r" in text:
        if text.count(b"\r") != text.count(b"\r\n"):
            return None
        text = text.replace(b"\r\n", b"\n")
    ends = _line_ends(text)
    if ends[0] or (ends[1:] & ends[:-1]).any():  # blank lines
        return None
    quoted = b'"' in text
    if quoted and not _REGULAR.fullmatch(text):
        return None
    if len(header) == 1 and (text.startswith(b'""\n') or b'\n""\n' in text):
        return None
    try:
        cells = pa_csv.read_csv(
            io.BytesIO(text),
            pa_csv.ReadOptions(
                column_names=list(header), use_threads=False, block_size=len(text) + 1
            ),
            pa_csv.ParseOptions(quote_char='"' if quoted else False, ignore_empty_lines=False),
            pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in header}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return cells if len(cells) == np.count_nonzero(ends) + (not ends[-1]) else None


def _line_ends(text: bytes) -> NDArray[np.bool_]:
    """Where lines end: numpy counts them in a sixth of the time that `bytes.count` takes."""
    ends: NDArray[np.bool_] = np.frombuffer(text, np.uint8) == ord("\n")
    return ends


def by_row(pieces: Pieces, piece: Piece) -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """The rows that begin in a piece, as the csv module reads them.

    Yields
    ------
    int, int
        First and last line.
    list of str, or csv.Error
        The cells. Bytes that are no UTF-8 are lone surrogates.
    """
    lines = _Lines(pieces, piece)
    reader: Any = csv.reader(lines, strict=True)
    while not lines.done:
        first = piece.first + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            yield first, piece.first + reader.line_num - 1, exc
        else:
            yield first, piece.first + reader.line_num - 1, cells
    lines.give_back()


def header_of(pieces: Pieces) -> list[str]:
    """The first row of a file that has one."""
    piece = pieces.next()
    assert piece is not None
    lines = _Lines(pieces, Piece(1, piece.text.removeprefix(b"\xef\xbb\xbf")))
    header = [cell.strip() for cell in next(csv.reader(lines, strict=True))]
    lines.give_back()
    return header


class _Lines:
    """Lines of a piece, and of those after it for as long as somebody asks."""

    def __init__(self, pieces: Pieces, piece: Piece) -> None:
        self._pieces = pieces
        self._piece = piece
        self._begin(piece)
        self._in_first = True

    def _begin(self, piece: Piece) -> None:
        text = piece.text.decode("utf-8", "surrogateescape")
        self._lines = list(io.StringIO(text, newline=""))
        self._at = 0
        self._number = piece.first
        self._pieces.ends_before(piece.first + len(self._lines))

    @property
    def done(self) -> bool:
        """Whether the first piece is used up."""
        return not self._in_first or self._at >= len(self._lines)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._at >= len(self._lines):
            piece = self._pieces.next()
            if piece is None:
                raise StopIteration
            self._begin(piece)
            self._piece = piece
            self._in_first = False
        self._at += 1
        return self._lines[self._at - 1]

    def give_back(self) -> None:
        """Give back what is left of the last piece."""
        if rest := self._lines[self._at :]:
            text = "".join(rest).encode("utf-8", "surrogateescape")
            self._pieces.back(self._piece, self._number + self._at, text)
