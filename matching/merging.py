"""Merging two firms into one, and undoing it.

**Our rule.** The firm that is kept keeps what it says of itself; the other fills blanks, its names
become aliases, lists are joined. All facts of the other move, each with its own source and its own
id. A fact between the two is set aside. All that is one transaction, and a `Merge` node records it:
from it, `unmerge` restores both firms.

What was loaded in between: facts that were stated of the merged firm go back with it; a value of
the kept firm that has changed since stays as it is.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from pydantic import BaseModel, ConfigDict

from alliance_explorer.engine import Edge, Engine, Node, Step
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeType,
    Properties,
    RelationshipRecord,
    RelationshipType,
    Value,
    columns,
    delete,
    fact_id,
    key_columns,
    upsert,
)

from .identity import check_said, current_ids, moved
from .models import FirmRef, MergeList, MergeRecord, Unmerged

FIRM, MERGE = SCHEMA.nodes["Firm"], SCHEMA.nodes["Merge"]
# What says where the values of a node come from: it stays that of the firm that is kept.
_PROVENANCE: Final = ("source", "evidence", "confidence", "recorded_at")


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: str
    from_id: str
    to_id: str
    properties: dict[str, Value]


class Merged(BaseModel):
    """What a `Merge` node holds as JSON: both firms as they were, and what became of them."""

    model_config = ConfigDict(extra="forbid")
    kept_before: dict[str, Value]
    kept_after: dict[str, Value]
    merged: dict[str, Value]
    aside: list[_Fact]

    @classmethod
    def of(cls, node: Properties) -> "Merged":
        """As it was stored; ValueError if it is damaged."""
        found = cls.model_validate_json(str(node.get("record") or ""))
        for firm in (found.kept_before, found.kept_after, found.merged):
            typed = _typed(FIRM, firm)
            if not {"id", "name"} <= typed.keys():
                raise ValueError("a firm without id or name")
            firm.clear()
            firm.update(typed)
        return found


def merge(
    engine: Engine,
    kept: str,
    merged: str,
    *,
    by: str,
    why: str,
    score: float | None = None,
    now: dt.datetime | None = None,
) -> MergeRecord:
    """Make two firms one, in one transaction. O(facts of the merged firm).

    Parameters
    ----------
    engine : Engine
    kept, merged : str
        Ids of two firms: which one stays, and which one becomes part of it.
    by, why : str
        Who decides, and for what reason.
    score : float, optional
        Of the match.
    now : datetime.datetime, optional
        For tests.

    Raises
    ------
    InvalidRequest
        They are the same already, or there is no such firm.
    """
    check_said(by, "by")
    check_said(why, "why")
    if kept == merged:
        raise InvalidRequest(f"{kept} cannot be merged with itself", "merged")
    before, other = _firm(engine, kept, "kept"), _firm(engine, merged, "merged")
    after = _joined(before, other)
    facts = list(facts_of(engine, merged))
    to = {merged: kept}
    aside = [f for f in facts if len(set(moved(f, to))) == 1]
    moving = [f for f in facts if len(set(moved(f, to))) == 2]
    at = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="microseconds")
    record = Merged(
        kept_before=before,
        kept_after=after,
        merged=other,
        aside=[
            _Fact(type=f.type.type, from_id=f.from_id, to_id=f.to_id, properties=f.properties)
            for f in aside
        ],
    )
    node: Properties = {
        "id": f"merge:{_digest(kept, merged, at)}",
        "kept": kept,
        "merged": merged,
        "merged_name": other["name"],
        "by": by,
        "at": at,
        "why": why,
        "facts": [f.id for f in moving],
        "record": record.model_dump_json(),
    }
    if score is not None:
        node["score"] = score
    engine.write_steps(
        [
            Step(delete(engine.dialect, FIRM), [{"id": merged}], key_columns(FIRM)),
            *_writing(engine, [(f, moved(f, to)) for f in moving]),
            Step(upsert(engine.dialect, FIRM, whole=True), [after], columns(FIRM)),
            Step(upsert(engine.dialect, MERGE), [node], columns(MERGE)),
        ]
    )
    return _told(node, {kept: str(after["name"])})


def unmerge(engine: Engine, id_: str) -> Unmerged:
    """Undo a merge, in one transaction. O(facts of the kept firm).

    Raises
    ------
    InvalidRequest
        There is no such merge, a later one has to be undone first, or its record is damaged.
    """
    merges = _merges(engine)
    node = next((m for m in merges if m["id"] == id_), None)
    if node is None:
        raise InvalidRequest(f"there is no merge {id_!r}; `merges` lists them", "id")
    kept, merged = str(node["kept"]), str(node["merged"])
    for later in merges:
        mine = kept in (later["kept"], later["merged"]) or merged == later["merged"]
        if later is not node and mine and str(later["at"]) > str(node["at"]):
            raise InvalidRequest(f"undo {later['id']} first: it was made later", "id")
    try:
        record = Merged.of(node)
        aside_before = [_as_record(f) for f in record.aside]
    except (ValueError, KeyError) as exc:
        raise InvalidRequest(f"{id_} cannot be undone: its record is damaged", "id") from exc
    if _exists(engine, merged):
        raise InvalidRequest(f"{id_} cannot be undone: {merged} is there again", "id")
    now = _firm(engine, kept, "id")
    others = {str(m["merged"]): str(m["kept"]) for m in merges if m is not node}
    back = _stated_of(facts_of(engine, kept), kept, merged, node, others)
    aside = _restored(aside_before, current_ids(others))
    engine.write_steps(
        [
            Step(upsert(engine.dialect, FIRM), [record.merged], columns(FIRM)),
            *_deleting(engine, back),
            *_writing(engine, [(f, moved(f, {kept: merged})) for f in back]),
            *_writing(engine, [(f, (f.from_id, f.to_id)) for f in aside]),
            Step(
                upsert(engine.dialect, FIRM, whole=True),
                [_undone(record.kept_before, record.kept_after, now)],
                columns(FIRM),
            ),
            Step(delete(engine.dialect, MERGE), [{"id": id_}], key_columns(MERGE)),
        ]
    )
    return Unmerged(
        id=id_,
        kept=FirmRef(id=kept, name=str(record.kept_before["name"])),
        restored=FirmRef(id=merged, name=str(record.merged["name"])),
        facts=len(back) + len(aside),
    )


def merges(engine: Engine) -> MergeList:
    """Every merge, latest first. O(merges)."""
    rows = engine.read(
        "MATCH (m:Merge) MATCH (f:Firm {id: m.kept}) RETURN f.id AS id, f.name AS name"
    )
    names = {str(r["id"]): str(r["name"]) for r in rows}
    return MergeList(merges=[_told(node, names) for node in reversed(_merges(engine))])


def merged_firms(engine: Engine) -> list[Merged]:
    """What each merge made of which two firms, earliest first."""
    found = []
    for node in _merges(engine):
        try:
            found.append(Merged.of(node))
        except ValueError:
            continue
    return found


def facts_of(engine: Engine, firm: str) -> Iterable[RelationshipRecord]:
    """Every relationship of a firm, by type and id."""
    for type_ in SCHEMA.relationships.values():
        found: dict[str, RelationshipRecord] = {}
        for a, b in type_.ends:
            for side, label in (("a", a), ("b", b)):
                if label == "Firm":
                    rows = engine.read(
                        f"MATCH (a:{a})-[x:{type_.type}]->(b:{b}) WHERE {side}.id = $firm "
                        "RETURN a.id AS from_id, x, b.id AS to_id",
                        firm=firm,
                    )
                    for row in rows:
                        edge = row["x"]
                        assert isinstance(edge, Edge)
                        fact = RelationshipRecord(
                            type_, str(row["from_id"]), str(row["to_id"]), _plain(edge.properties)
                        )
                        found[fact.id] = fact
        yield from (found[id_] for id_ in sorted(found))


# --- parts ---------------------------------------------------------------------------------------


def _firm(engine: Engine, id_: str, field: str) -> Properties:
    rows = engine.read("MATCH (f:Firm) WHERE f.id = $id RETURN f", id=id_)
    if not rows:
        raise InvalidRequest(f"there is no firm {id_!r}", field)
    node = rows[0]["f"]
    assert isinstance(node, Node)
    return _plain(node.properties)


def _exists(engine: Engine, id_: str) -> bool:
    return bool(engine.read("MATCH (f:Firm) WHERE f.id = $id RETURN f.id AS id", id=id_))


def _merges(engine: Engine) -> list[Properties]:
    """The nodes, earliest first."""
    found = []
    for row in engine.read("MATCH (m:Merge) RETURN m"):
        node = row["m"]
        assert isinstance(node, Node)
        found.append(_plain(node.properties))
    return sorted(found, key=lambda m: (str(m.get("at", "")), str(m["id"])))


def _plain(properties: Mapping[str, object]) -> Properties:
    return {k: cast(Value, list(v) if isinstance(v, list) else v) for k, v in properties.items()}


def _joined(kept: Properties, merged: Properties) -> Properties:
    """What the kept firm says after the merge."""
    after = dict(kept)
    for name in FIRM.by_name:
        value, before = merged.get(name), after.get(name)
        if name in ("id", "name", "aliases", *_PROVENANCE) or value is None:
            continue
        if before is None:
            after[name] = value
        elif isinstance(before, list) and isinstance(value, list):
            after[name] = list(dict.fromkeys([*before, *value]))
    names = [*_list(kept.get("aliases")), str(merged["name"]), *_list(merged.get("aliases"))]
    if aliases := [n for n in dict.fromkeys(names) if n != kept["name"]]:
        after["aliases"] = aliases
    return after


def _undone(before: Properties, after: Properties, now: Properties) -> Properties:
    """What the kept firm says when the merge is undone: as before, but for what changed since."""
    found: Properties = {}
    for name in FIRM.by_name:
        was, then, is_ = before.get(name), after.get(name), now.get(name)
        if is_ == then:
            value = was
        elif isinstance(is_, list):
            value = [x for x in is_ if x in _list(was) or x not in _list(then)] or None
        else:
            value = is_
        if value is not None:
            found[name] = value
    return found


def _stated_of(
    facts: Iterable[RelationshipRecord],
    kept: str,
    merged: str,
    node: Properties,
    others: Mapping[str, str],
) -> list[RelationshipRecord]:
    """The facts that were stated of the merged firm: they were moved, or their id says so."""
    noted = set(_list(node.get("facts")))
    now = current_ids(others)
    formerly: dict[str, list[str]] = {}
    for id_, current in now.items():
        formerly.setdefault(current, []).append(id_)
    of_merged = [merged, *formerly.get(merged, [])]

    def says(fact: RelationshipRecord) -> bool:
        if fact.id in noted:
            return True
        outward = fact.from_id == kept
        far = fact.to_id if outward else fact.from_id
        return any(
            _identity(fact, *((near, end) if outward else (end, near))) == fact.id
            for near in of_merged
            for end in (far, *formerly.get(far, []))
        )

    return [fact for fact in facts if says(fact)]


def _identity(fact: RelationshipRecord, from_id: str, to_id: str) -> str:
    if fact.type.symmetric and to_id < from_id:
        from_id, to_id = to_id, from_id
    return fact_id(fact.type, from_id, to_id, fact.properties)


def _as_record(fact: _Fact) -> RelationshipRecord:
    type_ = SCHEMA.relationships[fact.type]
    return RelationshipRecord(type_, fact.from_id, fact.to_id, _typed(type_, fact.properties))


def _restored(
    facts: Sequence[RelationshipRecord], now: Mapping[str, str]
) -> list[RelationshipRecord]:
    found = []
    for record in facts:
        type_, ends = record.type, moved(record, now)
        if ends[0] != ends[1]:
            found.append(RelationshipRecord(type_, *ends, record.properties))
    return found


def _typed(type_: NodeType | RelationshipType, properties: Mapping[str, Value]) -> Properties:
    """Values that came from JSON: dates are texts there."""
    found: Properties = {}
    for name, value in properties.items():
        if name in type_.by_name:
            is_date = type_.by_name[name].type == "date" and isinstance(value, str)
            found[name] = dt.date.fromisoformat(str(value)) if is_date else value
    return found


def _writing(
    engine: Engine, facts: Iterable[tuple[RelationshipRecord, tuple[str, str]]]
) -> list[Step]:
    groups: dict[tuple[str, tuple[str, str]], list[dict[str, object]]] = {}
    for fact, ends in facts:
        labels = RelationshipRecord(fact.type, *ends, fact.properties).ends
        row: dict[str, object] = {"from_id": ends[0], "to_id": ends[1], **fact.properties}
        groups.setdefault((fact.type.type, labels), []).append(row)
    return [
        Step(
            upsert(engine.dialect, SCHEMA.relationships[type_], labels),
            rows,
            columns(SCHEMA.relationships[type_]),
        )
        for (type_, labels), rows in groups.items()
    ]


def _deleting(engine: Engine, facts: Iterable[RelationshipRecord]) -> list[Step]:
    groups: dict[tuple[str, tuple[str, str]], list[dict[str, object]]] = {}
    for fact in facts:
        row: dict[str, object] = {"from_id": fact.from_id, "to_id": fact.to_id, "id": fact.id}
        groups.setdefault((fact.type.type, fact.ends), []).append(row)
    return [
        Step(
            delete(engine.dialect, SCHEMA.relationships[type_], labels),
            rows,
            key_columns(SCHEMA.relationships[type_]),
        )
        for (type_, labels), rows in groups.items()
    ]


def _told(node: Properties, names: Mapping[str, str]) -> MergeRecord:
    score = node.get("score")
    return MergeRecord(
        id=str(node["id"]),
        kept=FirmRef(id=str(node["kept"]), name=names.get(str(node["kept"]), str(node["kept"]))),
        merged=FirmRef(id=str(node["merged"]), name=str(node.get("merged_name") or node["merged"])),
        by=str(node.get("by") or ""),
        at=str(node.get("at") or ""),
        why=str(node.get("why") or ""),
        score=float(score) if isinstance(score, int | float) else None,
        facts=len(_list(node.get("facts"))),
    )


def _list(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else []


def _digest(*parts: str) -> str:
    text = json.dumps(parts)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
