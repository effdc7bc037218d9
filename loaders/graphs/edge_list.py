"""Lists of ties: two names a line, separated by comma, semicolon, tab, bar or white space.

With a header, columns that name both ends are found by their names (`source`/`target`, `from`/`to`
and the like), all others are attributes. Without one, the first two columns are the ends, a third
that is a number is the weight; networkx' `{'weight': 3}` is read too. Lines that begin with `#` or
`%` are comments.
"""

import ast
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.model import Note, Rejected

from .graph_parts import GraphNode, GraphTie, Lines, Part

FROM: Final = ("from", "source", "src", "from_id", "source_id", "node1", "firm", "member", "ego")
TO: Final = ("to", "target", "dst", "to_id", "target_id", "node2", "partner", "network", "alter")
_TOKEN = re.compile(r'"([^"]*)"|(\{.*\})|(\S+)')


@dataclass(frozen=True)
class _Layout:
    """Where things stand in a line."""

    delimiter: str  # empty: white space
    ends: tuple[int, int]
    columns: tuple[str, ...]  # names of all columns; empty: there is no header


def read_edge_list(path: Path, name: str) -> Iterator[Part]:
    """A node when its name is first met, then the tie."""
    lines = Lines(path, name)
    layout: _Layout | None = None
    seen: set[str] = set()
    for line, text in lines:
        if not text.strip() or text.lstrip()[0] in "#%":
            continue
        if layout is None:
            layout = _layout(text, path)
            if layout.columns:
                continue
        cells = _cells(text, layout.delimiter)
        part = _tie(cells, layout, name, line)
        if isinstance(part, GraphTie):
            for end in part.ends:
                if end not in seen:
                    seen.add(end)
                    yield GraphNode(end, {}, line)
        yield part
    if layout is None:
        raise SourceError(f"{name}: is empty; a line for each tie was expected")
    if lines.repaired:
        yield Note(f"{name}: {lines.repaired:,} lines are no UTF-8 and were taken for cp1252")


def _layout(first: str, path: Path) -> _Layout:
    found = {d: len(_cells(first, d)) for d in ("\t", ";", ",", "|")}
    delimiter = max(found, key=lambda d: found[d])
    if found[delimiter] < 2:
        delimiter = ""
    names = [c.strip().casefold() for c in _cells(first, delimiter)]
    a = next((n for n, c in enumerate(names) if c in FROM), None)
    b = next((n for n, c in enumerate(names) if c in TO), None)
    if a is None or b is None:
        return _Layout(delimiter, (0, 1), ())
    return _Layout(delimiter, (a, b), tuple(names))


def _cells(text: str, delimiter: str) -> list[str]:
    if delimiter:
        return next(csv.reader([text], delimiter=delimiter), [])
    return [next(g for g in m.groups() if g is not None) for m in _TOKEN.finditer(text)]


def _tie(cells: Sequence[str], layout: _Layout, name: str, line: int) -> GraphTie | Rejected:
    def rejected(field: str, reason: str) -> Rejected:
        return Rejected("tie", name, line, (Problem(field, reason),), {"cells": list(cells)[:10]})

    if layout.columns and len(cells) != len(layout.columns):
        return rejected("(row)", f"has {len(cells)} cells, the header has {len(layout.columns)}")
    if len(cells) < 2:
        return rejected("(row)", "has one end only")
    ends = tuple(" ".join(cells[n].split()) for n in layout.ends)
    for field, end in zip(("from", "to"), ends, strict=True):
        if not end:
            return rejected(field, "missing")
    if layout.columns:
        own = {
            c: cells[n] for n, c in enumerate(layout.columns) if n not in layout.ends and cells[n]
        }
        return GraphTie(ends, own, line)
    try:
        return GraphTie(ends, _unnamed(cells[2:]), line)
    except ValueError as exc:
        return rejected("weight", str(exc))


def _unnamed(cells: Sequence[str]) -> dict[str, object]:
    if not cells or not cells[0].strip():
        return {}
    if cells[0].startswith("{"):
        try:
            found = ast.literal_eval(cells[0])
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"{cells[0][:40]!r} is no dictionary")
        return {str(k): v for k, v in found.items()}
    try:
        return {"weight": float(cells[0])}
    except ValueError:
        return {"relation": cells[0]}
