"""What files of graphs consist of, before anything is said about what it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from alliance_explorer.errors import SourceError
from alliance_explorer.loaders.encoding import IS_UTF16, is_utf16
from alliance_explorer.loaders.model import Note, Rejected


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of a file.

    Attributes
    ----------
    mode : int, optional
        1: of the second sort, where the file tells two apart.
    apart : str
        The part of the file in which alone its name says something.
    """

    key: str
    attributes: Mapping[str, object]
    line: int
    mode: int | None = None
    apart: str = ""


@dataclass(frozen=True, slots=True)
class GraphTie:
    """A tie of a file between two nodes, or (a hyperedge) between several.

    Attributes
    ----------
    one_mode : bool
        It joins nodes of one sort, although the file tells two apart elsewhere.
    """

    ends: tuple[str, ...]
    attributes: Mapping[str, object] = field(hash=False)
    line: int
    one_mode: bool = False


Part: TypeAlias = GraphNode | GraphTie | Rejected | Note


class GraphReader(Protocol):
    """Reads a file of a graph, part by part, from the start each time it is called."""

    def __call__(self, path: Path, name: str) -> Iterator[Part]:
        """Parts in the order of the file.

        Raises
        ------
        SourceError
            The file as a whole cannot be read.
        """


class Lines:
    """The lines of a text file: UTF-8 with or without a byte order mark, else cp1252.

    Attributes
    ----------
    repaired : int
        Lines that were no UTF-8 and were taken for cp1252.
    """

    MAX_LINE = 16_000_000

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.repaired = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        self.repaired = 0
        with self._path.open("rb") as file:
            number = 0
            while raw := file.readline(self.MAX_LINE):
                number += 1
                if number == 1:
                    if is_utf16(raw):
                        raise SourceError(f"{self._name}: {IS_UTF16}")
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                if len(raw) >= self.MAX_LINE:
                    raise SourceError(f"{self._name}, line {number}: is longer than 16 MB")
                try:
                    text = raw.decode()
                except UnicodeDecodeError:
                    text = raw.decode("cp1252", errors="replace")
                    self.repaired += 1
                yield number, text.rstrip("\r\n")
