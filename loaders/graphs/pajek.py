"""Pajek .net and .paj: one- and two-mode; arcs, edges, lists of them, matrices; several of each.

`*Vertices 30 18`: the first 18 are of the first mode, the others of the second. A vertex that has
no line of its own is called by its number. Partitions and vectors become attributes of vertices,
other sections are passed over. In a project of several networks the kind of a tie is the title of
its network; whose vertices are whose says `pajek_project`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.model import Note, Rejected

from .graph_parts import GraphNode, GraphTie, Lines, Part
from .pajek_project import VALUES, Project, project, sections, words

_TIES: Final = ("*arcs", "*edges", "*arcslist", "*edgeslist", "*matrix")


class _Pajek:
    """One file on its way into parts."""

    def __init__(self, name: str, found: Project) -> None:
        self._name = name
        self._project = found
        self._coming = iter(found.networks)
        self._network = found.networks[0]
        self._several = len(found.networks) > 1
        self._two_modes = any(network.first for network in found.networks)
        self._relation: str | None = None
        self._row = 0
        self._told: set[int] = set()  # vertices of the network
        self._all_told = True
        self._given: set[str] = set()  # vertices of a project, by key

    def parts(self, lines: Lines) -> Iterator[Part]:
        passed = dict.fromkeys(self._project.passed)
        for line, text, section, begins in sections(lines):
            if begins:
                yield from self._begin(section, words(text))
                if section not in (*_TIES, *VALUES, "*vertices", "*network"):
                    passed[section] = None
            elif section == "*vertices":
                yield from self._vertex(words(text), line)
            elif section in _TIES:
                yield from self._ties(section, words(text), line)
        yield from self._untold()
        if self._project.told:
            yield Note(f"{self._name}: {self._project.told}")
        if passed:
            yield Note(f"{self._name}: sections passed over: {', '.join(passed)}")

    def _begin(self, section: str, found: Sequence[str]) -> Iterator[Part]:
        if section == "*vertices":
            yield from self._untold()
            self._network = next(self._coming)
            self._told.clear()
            self._all_told = False
        elif section in _TIES:
            yield from self._untold()
            self._row = 0
            named = [w for w in found[1:] if not re.fullmatch(r":?\d+:?", w)]
            self._relation = named[0] if named else None

    def _vertex(self, found: Sequence[str], line: int) -> Iterator[Part]:
        number = self._number(found[0])
        if number is None:
            yield self._rejected(line, "vertex", self._no_vertex(found[0]), found)
        elif number in self._told:
            yield self._rejected(line, "vertex", f"vertex {number} stands twice", found)
        else:
            self._told.add(number)
            label = found[1] if len(found) > 1 and found[1] else str(number)
            yield from self._node(number, label, line)

    def _untold(self) -> Iterator[GraphNode]:
        """Vertices without a line of their own; once, before the first tie."""
        if self._all_told:
            return
        self._all_told = True
        for number in range(1, self._network.count + 1):
            if number not in self._told:
                yield from self._node(number, str(number), 0)
        self._told.clear()

    def _node(self, number: int, label: str, line: int) -> Iterator[GraphNode]:
        """A vertex, where no network before has it."""
        key = self._network.key(number)
        if self._several:
            if key in self._given:
                return
            self._given.add(key)
            label = self._label(number, label)
        given = {**self._project.attributes.get(key, {}), "name": label}
        apart = self._network.title if self._network.is_apart(number) else ""
        yield GraphNode(key, given, line, self._network.mode(number), apart)

    def _label(self, number: int, label: str) -> str:
        """The label of a vertex in the first network that has one, where numbers are vertices."""
        if self._network.keys is not None:
            return label
        networks = self._project.networks
        return next((n.labels[number] for n in networks if number in n.labels), label)

    def _ties(self, section: str, found: Sequence[str], line: int) -> Iterator[Part]:
        if section == "*matrix":
            yield from self._matrix(found, line)
        elif section in ("*arcslist", "*edgeslist"):
            for end in found[1:]:
                yield self._tie(found[0], end, "1", [], line)
        elif len(found) < 2:
            yield self._rejected(line, "tie", "has one end only", found)
        else:
            weight = found[2] if len(found) > 2 else "1"
            yield self._tie(found[0], found[1], weight, found[3:], line)

    def _matrix(self, found: Sequence[str], line: int) -> Iterator[Part]:
        self._row += 1
        first, count = self._network.first, self._network.count
        rows, columns = first or count, count - first
        if self._row > rows or len(found) != columns:
            reason = f"row {self._row} of {rows} has {len(found)} cells of {columns}"
            yield self._rejected(line, "tie", reason, found[:5])
            return
        for n, cell in enumerate(found, start=1):
            if cell not in ("0", "0.0", "."):
                yield self._tie(str(self._row), str(first + n), cell, [], line)

    def _tie(self, a: str, b: str, weight: str, more: Sequence[str], line: int) -> Part:
        ends = []
        for word in (a, b):
            number = self._number(word.lstrip("-"))
            if number is None:
                return self._rejected(line, "tie", self._no_vertex(word), [a, b])
            ends.append(self._network.key(number))
        try:
            value = float(weight)
        except ValueError:
            return self._rejected(line, "tie", f"{weight!r} is not a number", [a, b, weight])
        own: dict[str, object] = {} if value == 1 else {"weight": value}
        relation = self._relation
        for key, text in zip(more[::2], more[1::2], strict=False):
            if key == "l":  # a label; the other parameters are of the drawing
                relation = text
        if self._several:
            relation = ": ".join(filter(None, (self._network.title, relation)))
        if relation:
            own["relation"] = relation
        one_mode = self._two_modes and not self._network.first
        return GraphTie(tuple(ends), own, line, one_mode)

    def _number(self, word: str) -> int | None:
        return int(word) if word.isdecimal() and 0 < int(word) <= self._network.count else None

    def _no_vertex(self, word: str) -> str:
        return f"{word[:40]!r} is no vertex; there are 1 to {self._network.count}"

    def _rejected(self, line: int, what: str, reason: str, found: Sequence[str]) -> Rejected:
        row: dict[str, object] = {"line": " ".join(found)[:200]}
        return Rejected(what, self._name, line, (Problem("(row)", reason),), row)


def read_pajek(path: Path, name: str) -> Iterator[Part]:
    """Vertices, then ties."""
    lines = Lines(path, name)
    yield from _Pajek(name, project(lines, name)).parts(lines)
    if lines.repaired:
        yield Note(f"{name}: {lines.repaired:,} lines are no UTF-8 and were taken for cp1252")
