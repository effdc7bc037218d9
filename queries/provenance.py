"""Where a fact is from: who says so, since when, what differed, who corrected it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import Field

from alliance_explorer.engine import Edge, Node
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import FACT_ID, PROVENANCE, SCHEMA, decoded
from alliance_explorer.matching import Merged, merged_firms

from .explorer import Explorer
from .facts import plain
from .library import run
from .models import Model, PropertyValue, Ref, SourceRef

EVERYTHING: Final = tuple(label for label in SCHEMA.nodes if label != "Statement")
MAX_FACTS: Final = 100
_RULE: Final = (
    "Derived by a rule of the loader, not stated by the source; the evidence names what it was "
    "derived from."
)
Values = dict[str, PropertyValue | None]


class Said(Model):
    """What one source says of it."""

    source: SourceRef | None = Field(description="null: the data name no source")
    recorded_at: dt.date | None = Field(description="when we learned it")
    confidence: float | None
    evidence: str | None = Field(description="where in the source")
    values: Values
    kept: list[str] = Field(description="properties whose stored value is what it says")
    differs: list[str] = Field(description="properties that are stored otherwise")


class Held(Model):
    """What was on record until a day."""

    until: dt.date
    values: Values = Field(description="null: not known until then")
    by: SourceRef | None = Field(description="whose load or correction changed it")


class Correction(Model):
    """A correction by hand."""

    id: str
    about: str
    about_name: str | None = Field(description="of a node, what it is called")
    of: str = Field(description="label or type of what it is about")
    values: Values
    instead_of: Values = Field(description="what the other sources say")
    why: str
    recorded_at: dt.date
    withdrawn: dt.date | None = Field(description="when it was withdrawn, or replaced by another")


class Explanation(Model):
    """Everything on record about one node or fact."""

    id: str
    type: str = Field(description="label or relationship type")
    ends: list[Ref] = Field(description="from and to; of a node empty")
    now: Values
    said: list[Said] = Field(description="by source; the first is the one that it is stored by")
    inferred: bool
    rule: str | None = Field(description="if inferred: how")
    earlier: list[Held] = Field(description="what was on record before, the latest first")
    corrections: list[Correction]
    snapshots: list[dt.date] = Field(description="days of which its source was loaded whole")
    sentence: str


class Explanations(Model):
    """Why something is on record."""

    asked: str
    items: list[Explanation]
    more: int = Field(description="facts that were left out")


class Corrections(Model):
    """Corrections by hand, the latest first."""

    corrections: list[Correction]


def explain(explorer: Explorer, what: str, other: str | None = None) -> Explanations:
    """Who says so, since when, and what else was said.

    Parameters
    ----------
    explorer : Explorer
    what : str
        Id of a node or fact, or a name.
    other : str, optional
        Then: all facts between the two, and those by which both belong to one network or alliance.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    if other is not None:
        one, two = explorer.resolve(what, EVERYTHING), explorer.resolve(other, EVERYTHING)
        if one.id == two.id:
            raise InvalidRequest("both are the same; name two different ones", "to")
        rows = run(explorer.engine, "facts_between", one=one.id, other=two.id)
        for a, b in ((one.id, two.id), (two.id, one.id)):
            rows += run(explorer.engine, "facts_of_one_body", one=a, other=b)
        found = {str(e.properties["id"]): (r, e) for r in rows if isinstance(e := r["r"], Edge)}
        some = [found[i] for i in sorted(found)][:MAX_FACTS]
        items = [_fact(explorer, edge, str(r["a"]), str(r["b"])) for r, edge in some]
        return Explanations(
            asked=f"{one.name} – {two.name}", items=items, more=len(found) - len(some)
        )
    for type_ in SCHEMA.relationships.values() if FACT_ID.fullmatch(what) else ():
        query = f"MATCH (a)-[r:{type_.type} {{id: $id}}]->(b) RETURN a.id AS a, r, b.id AS b"
        for row in explorer.engine.read(query, id=what):
            edge = row["r"]
            assert isinstance(edge, Edge)
            item = _fact(explorer, edge, str(row["a"]), str(row["b"]))
            return Explanations(asked=what, items=[item], more=0)
    node = _node(explorer, what)
    return Explanations(
        asked=what, items=[_explanation(explorer, node.label, node.properties, [])], more=0
    )


def corrections(explorer: Explorer, *, all_: bool = False) -> Corrections:
    """Corrections by hand; those that were withdrawn or replaced only with `all_`."""
    rows = (row["s"] for row in run(explorer.engine, "corrections"))
    found = [_correction(explorer, s.properties) for s in rows if isinstance(s, Node)]
    some = [c for c in found if all_ or c.withdrawn is None]
    return Corrections(corrections=sorted(some, key=lambda c: (c.recorded_at, c.id), reverse=True))


def _node(explorer: Explorer, what: str) -> Node:
    label = SCHEMA.label_of(what)
    if label is not None:
        for row in explorer.engine.read(f"MATCH (x:{label} {{id: $id}}) RETURN x", id=what):
            if isinstance(row["x"], Node):
                return row["x"]
    ref = explorer.resolve(what, EVERYTHING)
    rows = explorer.engine.read(f"MATCH (x:{ref.label} {{id: $id}}) RETURN x", id=ref.id)
    for row in rows:
        if isinstance(row["x"], Node):
            return row["x"]
    raise UnknownActor(what)


def _fact(explorer: Explorer, edge: Edge, one: str, other: str) -> Explanation:
    ends = [_ref(explorer, one), _ref(explorer, other)]
    return _explanation(explorer, edge.type, edge.properties, ends)


def _ref(explorer: Explorer, id_: str) -> Ref:
    known = explorer.projection().names.get(id_)
    label = SCHEMA.label_of(id_) or ""
    return known.ref if known else Ref(id=id_, label=label, name=id_)


def _explanation(
    explorer: Explorer, type_: str, now: Mapping[str, object], ends: list[Ref]
) -> Explanation:
    id_ = str(now["id"])
    former = explorer.former_ids_of(id_)
    rows = [row["s"] for row in run(explorer.engine, "statements_about", about=[id_, *former])]
    statements = [s.properties for s in rows if isinstance(s, Node)]
    of: dict[str, list[Mapping[str, object]]] = {
        kind: [s for s in statements if s["kind"] == kind] for kind in _KINDS
    }
    fixed = [_correction(explorer, s) for s in of["correction"]]
    standing = [c for c in fixed if c.withdrawn is None and c.about == id_]
    ids = {id_, *former}
    merged = [m for m in merged_firms(explorer.engine) if m.merged["id"] in ids] if former else []
    said = [_own(explorer, now, of, standing, merged)]
    said += [_said(explorer, m.merged, _stated(m.merged), now) for m in merged]
    said += [_said(explorer, s, decoded(s["of"], s["said"]), now) for s in of["said"]]
    earlier = [
        Held(
            until=until,
            values=_values(decoded(s["of"], s["said"])),
            by=_source(explorer, s.get("source")),
        )
        for s in of["before"]
        if isinstance(until := s["recorded_until"], dt.date)
    ]
    inferred = now.get("inferred") is True
    days = run(explorer.engine, "snapshots", source=str(now.get("source", "")))
    shown = {k: v for k, v in now.items() if k not in PROVENANCE}
    return Explanation(
        id=id_,
        type=type_,
        ends=ends,
        now=_values(shown),
        said=said,
        inferred=inferred,
        rule=_RULE if inferred else None,
        earlier=sorted(earlier, key=lambda h: h.until, reverse=True),
        corrections=sorted(fixed, key=lambda c: (c.recorded_at, c.id), reverse=True),
        snapshots=sorted(d for r in days if isinstance(d := r["day"], dt.date)),
        sentence=_sentence(said, standing, inferred),
    )


_KINDS: Final = ("said", "before", "correction")


def _own(
    explorer: Explorer,
    now: Mapping[str, object],
    of: Mapping[str, list[Mapping[str, object]]],
    standing: Iterable[Correction],
    merged: Iterable[Merged],
) -> Said:
    """What the source says by which it is stored: what is not known to be another's."""
    mine = _stated(now)
    for correction in standing:
        mine |= correction.instead_of
    # A blank that another source filled was not known before its day.
    others = [decoded(s["of"], s["said"]) for s in of["said"]]
    for s in of["before"]:
        for name, value in decoded(s["of"], s["said"]).items():
            if value is None and any(o.get(name) == mine.get(name) for o in others):
                mine.pop(name, None)
    for m in merged:  # nor is what the kept firm has of the other
        for name, value in _stated(m.kept_after).items():
            was, is_ = m.kept_before.get(name), mine.get(name)
            if isinstance(is_, list) and isinstance(value, list):
                had = was if isinstance(was, list) else []
                mine[name] = [x for x in is_ if x in had or x not in value] or None
            elif was is None and is_ == value:
                mine.pop(name)
    known = {k: v for k, v in mine.items() if v is not None}
    provenance = {k: now[k] for k in PROVENANCE if k in now}
    return _said(explorer, provenance, known, now)


def _stated(properties: Mapping[str, object]) -> dict[str, object]:
    return {k: v for k, v in properties.items() if k not in (*PROVENANCE, "id")}


def _said(
    explorer: Explorer,
    provenance: Mapping[str, object],
    values: Mapping[str, object],
    now: Mapping[str, object],
) -> Said:
    recorded, confidence = provenance.get("recorded_at"), provenance.get("confidence")
    kept = [k for k, v in values.items() if _contains(now.get(k), v)]
    if "name" in values and "name" not in kept and _contains(now.get("aliases"), [values["name"]]):
        kept.append("name")
    return Said(
        source=_source(explorer, provenance.get("source")),
        recorded_at=recorded if isinstance(recorded, dt.date) else None,
        confidence=confidence if isinstance(confidence, int | float) else None,
        evidence=str(provenance["evidence"]) if "evidence" in provenance else None,
        values=_values(values),
        kept=sorted(kept),
        differs=sorted(values.keys() - set(kept)),
    )


def _contains(stored: object, said: object) -> bool:
    if isinstance(stored, list) and isinstance(said, list):
        return set(said) <= set(stored)
    return stored == said


def _correction(explorer: Explorer, s: Mapping[str, object]) -> Correction:
    recorded, until = s["recorded_at"], s.get("recorded_until")
    assert isinstance(recorded, dt.date)
    about = str(s["about"])
    known = explorer.projection().names.get(about)
    return Correction(
        id=str(s["id"]),
        about=about,
        about_name=known.name if known else None,
        of=str(s["of"]),
        values=_values(decoded(s["of"], s["said"])),
        instead_of=_values(decoded(s["of"], s["beneath"])),
        why=str(s.get("evidence", "")),
        recorded_at=recorded,
        withdrawn=until if isinstance(until, dt.date) else None,
    )


def _values(values: Mapping[str, object]) -> Values:
    nothing = dict.fromkeys(sorted(k for k, v in values.items() if v is None))
    return {**plain(values), **nothing}


def _source(explorer: Explorer, source: object) -> SourceRef | None:
    return explorer.sources([source]).get(str(source)) if source else None


def _sentence(said: list[Said], standing: list[Correction], inferred: bool) -> str:
    first = said[0]
    who = first.source.title if first.source else "No source is named"
    parts = [f"{who}{f', {first.evidence}' if first.evidence else ''}"]
    if first.recorded_at:
        parts.append(f"on record since {first.recorded_at}")
    if first.confidence is not None and first.confidence < 1:
        parts.append(f"confidence {first.confidence:g}")
    if inferred:
        parts.append("inferred")
    others = len(said) - 1
    if others:
        differ = sum(bool(s.differs) for s in said[1:])
        parts.append(
            f"{others} other source{'' if others == 1 else 's'}"
            + (f", {differ} of which say{'s' if differ == 1 else ''} otherwise" if differ else "")
        )
    names = sorted({name for c in standing for name in c.values})
    if names:
        parts.append(f"corrected by hand: {', '.join(names)}")
    return "; ".join(parts) + "."
