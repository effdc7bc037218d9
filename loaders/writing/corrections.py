"""Corrections by hand: a source that wins over all others, before and after them.

A correction is a statement about a node or fact. What sources say of the corrected properties is
kept beneath it, and comes back when the correction is withdrawn.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import (
    BY_HAND,
    PROVENANCE,
    SCHEMA,
    NodeType,
    RelationshipType,
    columns,
    decoded,
    encoded,
    nearest,
    statement_id,
    upsert,
    value_of,
    wrong_interval,
)
from alliance_explorer.matching import former_ids

from .ledger import before, statements, write_statements

SOURCE: Final = {"id": BY_HAND, "title": "Corrections by hand"}
_STANDING: Final = (
    "MATCH (s:Statement) WHERE s.kind = 'correction' AND s.about = $about "
    "AND s.recorded_until IS NULL RETURN s"
)
Props = dict[str, object]


class Corrected(BaseModel):
    """Corrections that were made or withdrawn, and what is stored now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    corrections: list[str] = Field(description="ids of the corrections, to withdraw them by")
    now: dict[str, str | int | float | bool | dt.date | list[str] | None] = Field(
        description="the properties as they are now; null: not known"
    )


class _Thing:
    """A stored node or fact."""

    def __init__(self, type_: NodeType | RelationshipType, properties: Props, ends: list[str]):
        self.type = type_
        self.properties = properties
        self.ends = ends
        self.id = str(properties["id"])

    def write(self, engine: Engine, properties: Mapping[str, object]) -> None:
        """Store these properties in place of the old ones."""
        labels = None
        row = {k: v for k, v in properties.items() if v is not None}
        if isinstance(self.type, RelationshipType):
            one, other = (SCHEMA.label_of(id_) for id_ in self.ends)
            assert one and other
            labels = one, other
            row |= {"from_id": self.ends[0], "to_id": self.ends[1]}
        statement = upsert(engine.dialect, self.type, labels, whole=True)
        assert engine.write_rows(statement, [row], columns(self.type)) == 1


def correct(
    engine: Engine, about: str, values: Mapping[str, object], *, why: str, today: dt.date
) -> Corrected:
    """Correct properties of a node or fact.

    Parameters
    ----------
    engine : Engine
    about : str
        Id of a node or fact.
    values : mapping of str to object
        Property to value, as in a table; empty text: not known.
    why : str
        What the correction rests on.
    today : datetime.date

    Raises
    ------
    InvalidRequest
        There is nothing of this id; a property that does not exist or cannot be corrected; a value
        that is not allowed; an end before the start.
    """
    if not why.strip():
        raise InvalidRequest("say why: what the correction rests on", "why")
    if not values:
        raise InvalidRequest("say what is to be corrected: property=value", "values")
    thing = find(engine, about)
    allowed = [n for n in thing.type.by_name if n not in ("id", *PROVENANCE)]
    checked: Props = {}
    for name, raw in values.items():
        if name not in allowed:
            raise InvalidRequest(f"{name!r} cannot be corrected" + nearest(name, allowed), name)
        declared = thing.type.by_name[name]
        try:
            checked[name] = value_of(declared, raw)
        except ValueError as exc:
            raise InvalidRequest(f"{name}: {exc}", name) from exc
        if checked[name] is None and declared.required:
            raise InvalidRequest(f"{name}: every {thing.type.name} needs it", name)
    after = thing.properties | checked
    if wrong := wrong_interval(after):
        raise InvalidRequest(f"{wrong.field}: {wrong.reason}", wrong.field)
    standing = _standing(engine, about)
    rows, ids = [], []
    for name, value in checked.items():
        beneath = {name: thing.properties.get(name)}
        for old in standing.values():
            if name in decoded(old["of"], old["said"]):
                beneath = decoded(old["of"], old["beneath"])
                rows.append({**old, "recorded_until": today})
        row: Props = {
            "id": statement_id("correction", about, name, encoded({name: value}), today),
            "about": about,
            "of": thing.type.name,
            "ends": thing.ends or None,
            "kind": "correction",
            "said": encoded({name: value}),
            "beneath": encoded(beneath),
            "source": BY_HAND,
            "evidence": why.strip(),
            "confidence": 1.0,
            "recorded_at": today,
        }
        rows = [r for r in rows if r["id"] != row["id"]] + [row]
        ids.append(str(row["id"]))
    type_ = SCHEMA.nodes["Source"]
    engine.write_rows(upsert(engine.dialect, type_), [SOURCE], columns(type_))
    _change(engine, thing, checked, today, rows)
    return _told(about, ids, checked)


def withdraw(engine: Engine, correction: str, *, today: dt.date) -> Corrected:
    """Withdraw a correction: what sources say comes back.

    Raises
    ------
    InvalidRequest
        There is no such correction, or it does not stand any more.
    """
    row = statements(engine, [correction]).get(correction)
    if row is None or row["kind"] != "correction":
        raise InvalidRequest(f"no correction has the id {correction!r}", "id")
    if row.get("recorded_until") is not None:
        raise InvalidRequest(f"it was withdrawn or replaced on {row['recorded_until']}", "id")
    beneath = decoded(row["of"], row["beneath"])
    thing = find(engine, str(row["about"]))
    _change(engine, thing, beneath, today, [{**row, "recorded_until": today}])
    return _told(thing.id, [correction], beneath)


def find(engine: Engine, id_: str) -> _Thing:
    """The node or fact of an id.

    Raises
    ------
    InvalidRequest
        There is none.
    """
    if label := SCHEMA.label_of(id_):
        for row in engine.read(f"MATCH (x:{label} {{id: $id}}) RETURN x", id=id_):
            assert isinstance(row["x"], Node)
            return _Thing(SCHEMA.nodes[label], dict(row["x"].properties), [])
    for type_ in SCHEMA.relationships.values():
        query = f"MATCH (a)-[x:{type_.type} {{id: $id}}]->(b) RETURN a.id AS one, x, b.id AS other"
        for row in engine.read(query, id=id_):
            assert isinstance(row["x"], Edge)
            ends = [str(row["one"]), str(row["other"])]
            return _Thing(type_, dict(row["x"].properties), ends)
    if kept := former_ids(engine).get(id_):
        raise InvalidRequest(
            f"{id_} was merged into {kept}: undo that first, or say {kept}", "about"
        )
    raise InvalidRequest(f"nothing has the id {id_!r}", "about")


def _standing(engine: Engine, about: str) -> dict[str, Props]:
    nodes = (row["s"] for row in engine.read(_STANDING, about=about))
    return {n.id: dict(n.properties) for n in nodes if isinstance(n, Node)}


def _change(engine: Engine, thing: _Thing, now: Props, today: dt.date, rows: list[Props]) -> None:
    """Store values; first what was there before, then the statements, then the thing itself."""
    held = {k: thing.properties.get(k) for k, v in now.items() if thing.properties.get(k) != v}
    if held:
        old = before(thing.type, thing.id, thing.ends, today, held, BY_HAND)
        old["id"] = statement_id("before", thing.id, today, BY_HAND)
        there = statements(engine, [str(old["id"])]).get(str(old["id"]))
        if there:  # of one day the first value counts
            old["said"] = encoded(held | decoded(there["of"], there["said"]))
        write_statements(engine, [old])
    write_statements(engine, rows)
    thing.write(engine, thing.properties | now)


def _told(about: str, ids: list[str], now: Props) -> Corrected:
    return Corrected.model_validate({"about": about, "corrections": ids, "now": now})
