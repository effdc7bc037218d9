"""Pajek .net: one- and two-mode, arcs, edges, lists of them and matrices, several relations.

`*Vertices 30 18`: the first 18 are of the first mode, the others of the second. A vertex that has
no line of its own is called by its number. Other sections (partitions, vectors) are passed over.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import Problem

from .graph_parts import GraphNode, GraphTie, Lines, Part
from .model import Note, Rejected

MAX_VERTICES: Final = 50_000_000
# In quotes, a quotation mark is written twice.
_TOKEN = re.compile(r'"((?:[^"]|"")*)"?|(\S+)')
# Each says anew how many vertices there are, and then a value for each.
_OF_VERTICES = ("*partition", "*vector", "*permutation", "*cluster")
_TIES = ("*arcs", "*edges", "*arcslist", "*edgeslist", "*matrix")


class _Pajek:
    """One file on its way into parts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = self._first = 0
        self._section = ""
        self._relation: str | None = None
        self._row = 0
        self._told: set[int] = set()
        self._all_told = False

    def parts(self, lines: Lines) -> Iterator[Part]:
        passed: dict[str, None] = {}
        for line, text in lines:
            words = _words(text)
            if not words or text.lstrip().startswith("%"):
                continue
            if words[0].startswith("*"):
                yield from self._begin(words, line)
                if self._section not in (*_TIES, "*vertices", "*network"):
                    passed[self._section] = None
            elif self._section == "*vertices":
                yield self._vertex(words, line)
            elif self._section in _TIES:
                yield from self._ties(words, line)
        yield from self._untold()
        if not self._count:
            raise SourceError(f"{self._name}: no *Vertices, so no Pajek network")
        if passed:
            yield Note(f"{self._name}: sections passed over: {', '.join(passed)}")

    def _begin(self, words: Sequence[str], line: int) -> Iterator[Part]:
        before, self._section = self._section, words[0].lower()
        if self._section == "*vertices" and before in _OF_VERTICES:
            self._section = before  # how many values it has
        elif self._section == "*vertices":
            if self._count:
                raise SourceError(
                    f"{self._name}, line {line}: a second network; save each as a file of its own"
                )
            try:
                self._count = int(words[1])
                self._first = int(words[2]) if len(words) > 2 else 0
            except (IndexError, ValueError):
                reason = "*Vertices is to be followed by their number"
                raise SourceError(f"{self._name}, line {line}: {reason}") from None
            if not 0 < self._count <= MAX_VERTICES or self._first > self._count:
                raise SourceError(f"{self._name}, line {line}: {self._count:,} vertices")
        elif self._section in _TIES:
            yield from self._untold()
            self._row = 0
            named = [w for w in words[1:] if not re.fullmatch(r":?\d+:?", w)]
            self._relation = named[0] if named else None

    def _vertex(self, words: Sequence[str], line: int) -> Part:
        number = self._number(words[0])
        if number is None:
            return self._rejected(line, "vertex", self._no_vertex(words[0]), words)
        if number in self._told:
            return self._rejected(line, "vertex", f"vertex {number} stands twice", words)
        self._told.add(number)
        label = words[1] if len(words) > 1 and words[1] else str(number)
        return GraphNode(str(number), {"name": label}, line, self._mode(number))

    def _untold(self) -> Iterator[GraphNode]:
        """Vertices without a line of their own; once, before the first tie."""
        if self._all_told:
            return
        self._all_told = True
        for number in range(1, self._count + 1):
            if number not in self._told:
                yield GraphNode(str(number), {"name": str(number)}, 0, self._mode(number))
        self._told.clear()

    def _mode(self, number: int) -> int | None:
        return int(number > self._first) if self._first else None

    def _ties(self, words: Sequence[str], line: int) -> Iterator[Part]:
        if self._section == "*matrix":
            yield from self._matrix(words, line)
        elif self._section in ("*arcslist", "*edgeslist"):
            for end in words[1:]:
                yield self._tie(words[0], end, "1", [], line)
        elif len(words) < 2:
            yield self._rejected(line, "tie", "has one end only", words)
        else:
            weight = words[2] if len(words) > 2 else "1"
            yield self._tie(words[0], words[1], weight, words[3:], line)

    def _matrix(self, words: Sequence[str], line: int) -> Iterator[Part]:
        self._row += 1
        rows = self._first or self._count
        columns = self._count - self._first
        if self._row > rows or len(words) != columns:
            reason = f"row {self._row} of {rows} has {len(words)} cells of {columns}"
            yield self._rejected(line, "tie", reason, words[:5])
            return
        for n, cell in enumerate(words, start=1):
            if cell not in ("0", "0.0", "."):
                yield self._tie(str(self._row), str(self._first + n), cell, [], line)

    def _tie(self, a: str, b: str, weight: str, more: Sequence[str], line: int) -> Part:
        ends = []
        for word in (a, b):
            number = self._number(word.lstrip("-"))
            if number is None:
                return self._rejected(line, "tie", self._no_vertex(word), [a, b])
            ends.append(str(number))
        try:
            value = float(weight)
        except ValueError:
            return self._rejected(line, "tie", f"{weight!r} is not a number", [a, b, weight])
        own: dict[str, object] = {} if value == 1 else {"weight": value}
        if self._relation:
            own["relation"] = self._relation
        for key, text in zip(more[::2], more[1::2], strict=False):
            if key == "l":  # a label; the other parameters are of the drawing
                own["relation"] = text
        return GraphTie(tuple(ends), own, line)

    def _number(self, word: str) -> int | None:
        return int(word) if word.isdecimal() and 0 < int(word) <= self._count else None

    def _no_vertex(self, word: str) -> str:
        return f"{word[:40]!r} is no vertex; there are 1 to {self._count}"

    def _rejected(self, line: int, what: str, reason: str, words: Sequence[str]) -> Rejected:
        row: dict[str, object] = {"line": " ".join(words)[:200]}
        return Rejected(what, self._name, line, (Problem("(row)", reason),), row)


def read_pajek(path: Path, name: str) -> Iterator[Part]:
    """Vertices, then ties."""
    lines = Lines(path, name)
    yield from _Pajek(name).parts(lines)
    if lines.repaired:
        yield Note(f"{name}: {lines.repaired:,} lines are no UTF-8 and were taken for cp1252")


def _words(text: str) -> list[str]:
    found = _TOKEN.finditer(text)
    return [m[1].replace('""', '"') if m[2] is None else m[2] for m in found]
