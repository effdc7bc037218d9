"""Rows become items, each record of a type once."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliance_explorer.graph_schema import (
    InvalidRow,
    NodeType,
    Problem,
    RelationshipType,
    parse,
)
from alliance_explorer.loaders.model import Item, Located, Rejected

from .hashes import Hashed, Places, hashed

# One row of a table, as text or JSON values; or the problem that kept it from being read.
Row = dict[str, object] | Problem


class Seen:
    """Which records of a type were there before, and where.

    Parameters
    ----------
    type_ : NodeType or RelationshipType
    """

    def __init__(self, type_: NodeType | RelationshipType) -> None:
        self.type = type_
        self.file = ""
        self._places = Places()
        # From which place on each file has the places, and how far they go.
        self._files: list[tuple[int, str]] = []
        self._end = 0

    def begin(self, file: str) -> None:
        """The next records are of another file."""
        self.file = file
        self._files.append((self._end, file))

    def before(
        self, ids: pa.StringArray, hashes: Hashed, lines: NDArray[np.int64]
    ) -> dict[int, tuple[str, int]]:
        """File and line of those that were there before, by their number in `ids`."""
        if not len(ids):
            return {}
        places = self._files[-1][0] + lines
        self._end = max(self._end, int(places[-1]) + 1)
        first = self._places.first(ids, hashes, places)
        found = {}
        for number in np.flatnonzero(first >= 0).tolist():
            place = int(first[number])
            start, file = next(x for x in reversed(self._files) if x[0] <= place)
            found[number] = file, place - start
        return found

    def again(self, id_: str, line: int, row: Row, before: tuple[str, int]) -> Rejected:
        """The reject of a record that was there before."""
        file, first = before
        node = isinstance(self.type, NodeType)
        what = repr(id_) if node else "the same fact"
        problem = Problem(
            "id" if node else "from", f"{what} stands already in {file}, line {first}"
        )
        assert isinstance(row, dict)
        return Rejected(self.type.name, self.file, line, (problem,), row)


def items_of(rows: Sequence[tuple[int, Row]], seen: Seen) -> Iterator[Item]:
    """The records of some rows, and rejects in the places of those that are none."""
    items = [item_of(line, row, seen) for line, row in rows]
    sound = [n for n, item in enumerate(items) if isinstance(item, Located)]
    ids = [item.record.id for item in items if isinstance(item, Located)]
    texts, lines = pa.array(ids, pa.string()), np.array([rows[n][0] for n in sound], np.int64)
    for number, before in seen.before(texts, hashed(texts), lines).items():
        line, row = rows[sound[number]]
        items[sound[number]] = seen.again(ids[number], line, row, before)
    yield from items


def item_of(line: int, row: Row, seen: Seen) -> Located | Rejected:
    """The record of a row, or its reject; whether it stood there before is not looked at."""
    if isinstance(row, Problem):
        return Rejected(seen.type.name, seen.file, line, (row,))
    try:
        return Located(parse(seen.type, row), seen.file, line)
    except InvalidRow as exc:
        return Rejected(seen.type.name, seen.file, line, exc.problems, row)
