"""Small graphs of every label, relationship and property, for hypothesis."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from alliance_explorer.graph_schema import SCHEMA, InvalidRow, Property, Value, parse
from tests.support.tiny import Rows

# What is stored was stripped, has no NUL and no half surrogates; XML can hold these.
TEXT = (
    st.text(
        st.one_of(
            st.characters(
                codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
            ),
            st.sampled_from(";,\"'<&>\t\r\n[]|%#"),
        ),
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)
_TYPES: dict[str, Any] = {
    "string": TEXT,
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "date": st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
    "strings": st.lists(TEXT, min_size=1, max_size=3, unique=True),
}


def _values(p: Property) -> "st.SearchStrategy[Value]":
    if p.choices:
        return st.sampled_from(p.choices)
    if p.bounds and p.type == "int":
        return st.integers(int(p.bounds[0]), int(p.bounds[1]))
    if p.bounds:
        return st.floats(*p.bounds)
    found: st.SearchStrategy[Value] = _TYPES[p.type]
    return found


@st.composite
def any_graph(draw: Callable[[Any], Any]) -> Rows:
    """Rows by type: a few nodes of each label, a few facts of each type between them."""
    rows: dict[str, list[dict[str, object]]] = {}
    ids: dict[str, list[str]] = {}
    for node_type in SCHEMA.nodes.values():
        ids[node_type.label] = [f"{node_type.prefix}{n}" for n in range(draw(st.integers(1, 2)))]
        for id_ in ids[node_type.label]:
            row = {"id": id_, **_some(draw, node_type.properties, ids["Source"])}
            _keep(rows, node_type, row)
    for type_ in SCHEMA.relationships.values():
        for a, b in type_.ends:
            ends = {"from": draw(st.sampled_from(ids[a])), "to": draw(st.sampled_from(ids[b]))}
            _keep(rows, type_, {**ends, **_some(draw, type_.properties, ids["Source"])})
    return rows


def _some(draw: Callable[[Any], Any], properties: Any, sources: list[str]) -> dict[str, object]:
    own: dict[str, object] = {}
    for p in properties:
        if p.name == "id":
            continue
        if p.name == "source":
            own["source"] = draw(st.sampled_from(sources))
        elif p.required or draw(st.integers(0, 2)) == 0:
            own[p.name] = draw(_values(p))
    return own


def _keep(rows: dict[str, list[dict[str, object]]], type_: Any, row: dict[str, object]) -> None:
    try:
        record = parse(type_, row)
    except InvalidRow:  # both ends the same, an end before its beginning
        if "id" not in row:
            return
        row = {k: v for k, v in row.items() if k not in ("start", "end")}
        record = parse(type_, row)
    there = rows.setdefault(type_.name, [])
    if all(parse(type_, r).id != record.id for r in there):
        there.append(row)
