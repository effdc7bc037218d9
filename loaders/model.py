"""What flows from a source to the writer, and what a load says of itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

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


class LoadRefused(AllianceExplorerError):
    """A strict load met bad rows, so that nothing was written; carries them all."""

    def __init__(self, message: str, rejects: Sequence[Rejected]) -> None:
        self.rejects = tuple(rejects)
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
    rejects: list[Rejected] = field(default_factory=list)
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
