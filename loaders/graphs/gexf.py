"""GEXF 1.1 to 1.3: nodes and edges with their attributes and dates; layout is not read."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.model import Note, Rejected

from .graph_parts import GraphNode, GraphTie, Part
from .xml_events import Start, xml_events

_LAYOUT = {"position", "size", "color", "shape", "thickness"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_YEAR = re.compile(r"(\d{4})\.0+")


def read_gexf(path: Path, name: str) -> Iterator[Part]:
    """Nodes and edges in the order in which they end; of a node in a node, the inner one first."""
    titles: dict[tuple[str, str], str] = {}
    defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}
    owner, attribute = "", ""
    stack: list[tuple[Start, dict[str, object]]] = []
    later = 0
    for event in xml_events(path, name, "gexf"):
        tag = event.tag
        if isinstance(event, Start):
            given = event.attributes
            if tag == "attributes":
                owner = given.get("class", "")
            elif tag == "attribute":
                attribute = given.get("id", "")
                titles[owner, attribute] = given.get("title") or attribute
            elif tag in ("node", "edge"):
                stack.append((event, {**defaults[tag], **_own(given)}))
            elif tag == "attvalue" and stack:
                start, values = stack[-1]
                id_ = given.get("for") or given.get("id") or ""  # `id`: GEXF 1.0
                values[titles.get((start.tag, id_), id_)] = given.get("value", "")
            elif tag == "spell" and stack:
                if {"start", "end"} & stack[-1][1].keys():
                    later += 1
                else:
                    stack[-1][1].update(_dates(given))
        elif tag == "default" and owner in defaults:
            defaults[owner][titles[owner, attribute]] = event.text
        elif tag in ("node", "edge") and stack:
            yield _part(*stack.pop(), name)
    if later:
        yield Note(f"{name}: of several spells the first was taken; {later:,} were passed over")


def _own(given: dict[str, str]) -> dict[str, object]:
    own: dict[str, object] = {k: given[k] for k in ("label", "kind", "weight") if given.get(k)}
    return own | _dates(given)


def _dates(given: dict[str, str]) -> dict[str, object]:
    """`start` is the first day; `end` is the last one here, so that the next ends our interval."""
    found: dict[str, object] = {}
    if start := given.get("start") or given.get("startopen"):
        found["start"] = _date(start)
    if end := given.get("endopen"):
        found["end"] = _date(end)
    elif end := given.get("end"):
        text = _date(end)
        try:
            found["end"] = (dt.date.fromisoformat(text) + dt.timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):
            found["end"] = text  # a year or a month: its end is meant anyway
    return found


def _date(text: str) -> str:
    match = _DAY.fullmatch(text) or _YEAR.fullmatch(text)
    return match[1] if match else text


def _part(start: Start, values: dict[str, object], name: str) -> Part:
    given = start.attributes
    if start.tag == "node":
        if "id" not in given:
            return Rejected("node", name, start.line, (Problem("id", "missing"),))
        return GraphNode(given["id"], values, start.line)
    return GraphTie((given.get("source", ""), given.get("target", "")), values, start.line)
