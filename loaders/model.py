"""What flows from a source to the writer, and what a load says of itself."""

import itertools
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Final, Protocol, TypeAlias, overload

from alliance_explorer.engine import Engine
from alliance_explorer.errors import AllianceExplorerError
from alliance_explorer.graph_schema import Problem, Record


@dataclass(frozen=True, slots=True)
class Located:
    """A checked record, and where it stands in its file (lines from 1; 0: no line of its own)."""

    record: Record
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be loaded, with every problem found in it."""

    type: str
    file: str
    line: int
    problems: tuple[Problem, ...]
    row: dict[str, object] = field(default_factory=dict, hash=False)


class Rejects(Sequence[Rejected]):
    """Bad rows in the order in which they were met; beyond the first thousands, in a file.

    So a load of millions of bad rows needs no more memory than one of thousands. In the file, all
    values of rows but numbers are text. It has no name, where the system allows that: rows may name
    people, and nothing of them stays behind, even if the process is killed.
    """

    HELD: Final = 5_000

    def __init__(self, some: Iterable[Rejected] = ()) -> None:
        self._first: list[Rejected] = []
        self._file: IO[bytes] | None = None
        self._parts: list[tuple[int, int]] = []  # where in it so many begin, and their bytes
        self._last: list[Rejected] = []  # what comes after
        self._count = 0
        for reject in some:
            self.append(reject)

    def append(self, reject: Rejected) -> None:
        """Add one at the end."""
        self._count += 1
        if len(self._first) < self.HELD:
            self._first.append(reject)
            return
        self._last.append(reject)
        if len(self._last) == self.HELD:
            self._spill()

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="alliance-explorer-")  # noqa: SIM115
        told = [
            [r.type, r.file, r.line, [[p.field, p.reason] for p in r.problems], r.row]
            for r in self._last
        ]
        start = self._file.seek(0, os.SEEK_END)
        self._parts.append((start, self._file.write(json.dumps(told, default=str).encode())))
        self._last = []

    def _part(self, start: int, size: int) -> Iterator[Rejected]:
        assert self._file is not None
        self._file.seek(start)
        for type_, name, line, problems, row in json.loads(self._file.read(size)):
            yield Rejected(type_, name, line, tuple(Problem(*p) for p in problems), row)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejected]:
        parts, last = list(self._parts), list(self._last)
        yield from self._first
        for start, size in parts:
            yield from self._part(start, size)
        yield from last

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def __repr__(self) -> str:
        return f"<{self._count:,} rejects>"

    @overload
    def __getitem__(self, which: int) -> Rejected: ...

    @overload
    def __getitem__(self, which: slice) -> list[Rejected]: ...

    def __getitem__(self, which: int | slice) -> Rejected | list[Rejected]:
        if isinstance(which, int):
            number = range(self._count)[which]
            return next(itertools.islice(self, number, None))
        start, stop, step = which.indices(self._count)
        return list(itertools.islice(self, start, stop, step))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rejects | list) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it grows


class LoadRefused(AllianceExplorerError):
    """A strict load met bad rows, so that nothing was written; carries them all."""

    def __init__(self, message: str, rejects: Sequence[Rejected]) -> None:
        self.rejects = rejects
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the summary should know: what was merged, left out or kept."""

    text: str


Item: TypeAlias = Located | Rejected | Note


class Loader(Protocol):
    """Reads one source. Yields nodes before the relationships that join them."""

    def __call__(self, engine: Engine) -> Iterator[Item]:
        """Read from the start.

        The engine is there to be read (which firms are known already?), never written.
        """


@dataclass(slots=True)
class Count:
    """Rows of one type; `read == loaded + unchanged + rejected` when a load is done."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def loaded(self) -> int:
        """Rows that were written."""
        return self.created + self.changed


@dataclass(slots=True)
class Summary:
    """What a load did, by type in the order of the schema."""

    counts: dict[str, Count] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=Rejects)
    notes: list[str] = field(default_factory=list)
    merged: int = 0  # new firms that matching has merged with others
    queued: int = 0  # pairs that it has put into the review queue
    # Of a dry load: the first records of each type.
    first: list[Located] = field(default_factory=list)

    def of(self, type_name: str) -> Count:
        """The counts of a type, made when first asked for."""
        return self.counts.setdefault(type_name, Count())

    @property
    def total(self) -> Count:
        """All types together."""
        total = Count()
        for count in self.counts.values():
            for name in ("read", "created", "changed", "unchanged", "rejected"):
                setattr(total, name, getattr(total, name) + getattr(count, name))
        return total
