"""Loading a source that was read whole on a day: what stands in it no longer, has ended.

Only facts that can end (with `until`) and only those of the sources that speak in the load: firms
that are listed no longer stay, and nothing that another source said is touched. See `periods`.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from alliance_explorer.engine import Edge, Engine
from alliance_explorer.graph_schema import (
    SCHEMA,
    RelationshipRecord,
    RelationshipType,
    columns,
    decoded,
    delete,
    key_columns,
    statement_id,
    type_named,
    upsert,
)
from alliance_explorer.loaders.model import Count, Rejected

from .ledger import Ledger, before, statements, write_statements
from .periods import Period, Props, later_id, periods, sightings

BATCH: Final = 10_000
NEVER: Final = dt.date.max
ENDING: Final = tuple(t for t in SCHEMA.relationships.values() if "until" in t.by_name)

_DAYS: Final = (
    "MATCH (s:Statement) WHERE s.kind = 'snapshot' AND s.about = $source "
    "RETURN s.recorded_at AS day"
)
_CHANGES: Final = (
    "MATCH (s:Statement) WHERE s.kind = 'before' AND s.of = $of AND s.source = $source "
    "RETURN s.id AS id, s.about AS about, s.said AS said, s.recorded_until AS day"
)
_NAMES: Final = "MATCH (x:Firm|Person) WHERE x.id IN $ids RETURN x.id AS id, x.name AS name"

Ends = tuple[str, str]


@dataclass(slots=True)
class _Fact:
    """A fact without regard to its periods, as it is stored."""

    ends: Ends
    stored: dict[str, Props] = field(default_factory=dict)
    seen: bool = False


@dataclass(slots=True)
class _Facts:
    """All facts of one type and source."""

    by_base: dict[str, _Fact] = field(default_factory=dict)
    # By fact and day: id of the statement, and what was held until then.
    changes: dict[str, dict[dt.date, tuple[str, Props]]] = field(default_factory=dict)


class Snapshot:
    """Writes the facts of a snapshot, and ends those that it has no longer.

    Parameters
    ----------
    engine : Engine
    day : datetime.date
        Of which day the source is.
    ledger : Ledger
    dry : bool
        Write nothing.
    """

    def __init__(self, engine: Engine, day: dt.date, ledger: Ledger, *, dry: bool) -> None:
        self._engine = engine
        self.day = day
        self._ledger = ledger
        self._dry = dry
        self._sources: dict[str, set[dt.date]] = {}
        self._facts: dict[tuple[str, str], _Facts] = {}

    def days(self, source: object) -> set[dt.date]:
        """Days of which a source is loaded already."""
        source = str(source)
        if source not in self._sources:
            rows = self._engine.read(_DAYS, source=source)
            self._sources[source] = {r["day"] for r in rows if isinstance(r["day"], dt.date)}
        return self._sources[source]

    def is_older(self, source: object) -> bool:
        """Whether a later snapshot of a source is loaded already."""
        return bool(source) and any(day > self.day for day in self.days(source))

    # --- facts that stand in it ------------------------------------------------------------------

    def write(self, records: Iterable[RelationshipRecord], count: Count) -> None:
        """Write some facts of one type and pair of labels."""
        change = _Change(self._engine, self._dry)
        for record in records:
            source = str(record.properties["source"])
            facts = self._of(record.type, source)
            fact = facts.by_base.get(record.id)
            created = fact is None
            if fact is None:
                fact = facts.by_base[record.id] = _Fact((record.from_id, record.to_id))
            fact.seen = True
            said: dict[str, object] = {"confidence": 1.0, **record.properties}
            del said["id"]
            said.pop("recorded_at", None)
            if self._settle(change, record.type, source, record.id, said) or created:
                count.created += created
                count.changed += not created
            else:
                count.unchanged += 1
        self._ledger.flush()
        change.write()

    def _settle(
        self, change: "_Change", type_: RelationshipType, source: str, base: str, said: Props | None
    ) -> bool:
        """Make the stored periods of a fact what they should be; whether anything changed."""
        facts = self._of(type_, source)
        fact = facts.by_base[base]
        stored = {i: self._ledger.uncovered(i, p) or p for i, p in fact.stored.items()}
        known = [
            (p, [(d, held) for d, (_, held) in facts.changes.get(i, {}).items()])
            for i, p in stored.items()
        ]
        days = self.days(source)
        seen = sightings(type_, fact.ends, base, known, days)
        if said is None:
            seen.pop(self.day, None)
        else:
            seen[self.day] = dict(said)
        days = days | {self.day}
        wanted = {str(p.row["id"]): p for p in periods(base, seen, days)}
        changed = False
        for id_, period in wanted.items():
            row = self._ledger.covered(id_, period.row)  # type: ignore[arg-type]  # of our types
            if row != fact.stored.get(id_):
                changed = True
                change.row(type_, fact.ends, row)
            changed |= self._held(change, type_, source, fact, period, days | set(seen))
        for id_ in fact.stored.keys() - wanted.keys():
            changed = True
            change.gone(type_, fact.ends, id_)
            for statement, _ in facts.changes.get(id_, {}).values():
                change.stale.append(statement)
        return changed

    def _held(
        self,
        change: "_Change",
        type_: RelationshipType,
        source: str,
        fact: _Fact,
        period: Period,
        days: set[dt.date],
    ) -> bool:
        id_ = str(period.row["id"])
        stored = self._of(type_, source).changes.get(id_, {})
        corrected = self._ledger.corrected(id_)
        told: set[dt.date] = set()
        changed = False
        for day, everything in period.held.items():
            # What was corrected before did not change for anybody who looked.
            held = {k: v for k, v in everything.items() if corrected.get(k, NEVER) > day}
            if not held:
                continue
            told.add(day)
            if day not in stored or stored[day][1] != held:
                changed = True
                change.statements.append(before(type_, id_, fact.ends, day, held, source))
        for day, (statement, _) in stored.items():
            if day in days and day not in told:
                changed = True
                change.stale.append(statement)
        return changed

    # --- facts that stand in it no longer --------------------------------------------------------

    def finish(self, sources: Iterable[str], rejects: Iterable[Rejected]) -> list[str]:
        """End what was not seen, and remember the day; notes on it.

        A row that was rejected may be a fact: those of whoever it names are left as they are.
        """
        notes = []
        rejected = {text for r in rejects for v in r.row.values() for text in _texts(v) if text}
        for source in sorted(sources):
            ended = spared = 0
            for type_ in ENDING:
                facts = self._of(type_, source)
                unseen = [base for base, fact in facts.by_base.items() if not fact.seen]
                kept = self._named(rejected, [facts.by_base[b] for b in unseen])
                change = _Change(self._engine, self._dry)
                for base in unseen:
                    if facts.by_base[base].ends[0] in kept:
                        spared += 1
                    elif self._settle(change, type_, source, base, None):
                        ended += 1
                    if change.size >= BATCH:
                        self._ledger.flush()
                        change.write()
                self._ledger.flush()
                change.write()
            told = self._statement(source)
            # Where nothing is new nothing is written: whoever keeps a copy of the graph would read
            # it anew.
            if not self._dry and not statements(self._engine, [str(told["id"])]):
                write_statements(self._engine, [told])
            if ended:
                notes.append(f"{ended:,} facts of {source} stand there no longer on {self.day}")
            if spared:
                notes.append(
                    f"{spared:,} facts of {source} are not in it, but were not ended: rows that "
                    "name the same were rejected"
                )
        return notes

    def _statement(self, source: str) -> dict[str, object]:
        return {
            "id": statement_id("snapshot", source, self.day),
            "about": source,
            "of": "Source",
            "kind": "snapshot",
            "source": source,
            "recorded_at": self.day,
            "confidence": 1.0,
        }

    def _named(self, texts: set[str], facts: list[_Fact]) -> set[str]:
        """Who of the unseen is named by some texts, by id or by name."""
        if not texts or not facts:
            return set()
        ids = sorted({fact.ends[0] for fact in facts})
        names = {str(r["id"]): str(r["name"]) for r in self._engine.read(_NAMES, ids=ids)}
        in_order = sorted(texts)

        def begins_one(name: str) -> bool:
            at = bisect_left(in_order, name)  # those that begin so come first from there on
            return at < len(in_order) and in_order[at].startswith(name)

        return {i for i in ids if i in texts or begins_one(names.get(i, i).casefold())}

    # --- what is stored --------------------------------------------------------------------------

    def _of(self, type_: RelationshipType, source: str) -> _Facts:
        key = type_.type, source
        if key not in self._facts:
            self._facts[key] = self._read(type_, source)
        return self._facts[key]

    def _read(self, type_: RelationshipType, source: str) -> _Facts:
        facts = _Facts()
        query = (
            f"MATCH (a)-[x:{type_.type}]->(b) WHERE x.source = $source "
            "RETURN a.id AS one, b.id AS other, x"
        )
        by_ends: dict[Ends, dict[str, Props]] = {}
        for row in self._engine.read(query, source=source):
            edge = row["x"]
            assert isinstance(edge, Edge)
            ends = str(row["one"]), str(row["other"])
            by_ends.setdefault(ends, {})[str(edge.properties["id"])] = edge.properties
        for ends, stored in by_ends.items():
            # What is a later period of another has an id that is made of it.
            base = {
                later_id(id_, start): id_
                for id_ in (stored if len(stored) > 1 else ())
                for start in {p["recorded_at"] for p in stored.values()}
                if isinstance(start, dt.date)
            }
            for id_, properties in stored.items():
                fact = facts.by_base.setdefault(base.get(id_, id_), _Fact(ends))
                fact.stored[id_] = properties
        for row in self._engine.read(_CHANGES, of=type_.type, source=source):
            day = row["day"]
            assert isinstance(day, dt.date)
            held = decoded(type_.type, row["said"])
            facts.changes.setdefault(str(row["about"]), {})[day] = str(row["id"]), held
        return facts


class _Change:
    """What is to be written: statements first, so that what is killed can be run again."""

    def __init__(self, engine: Engine, dry: bool) -> None:
        self._engine = engine
        self._dry = dry
        self.statements: list[dict[str, object]] = []
        self.stale: list[str] = []
        self._rows: dict[tuple[str, Ends], list[Mapping[str, object]]] = {}
        self._gone: dict[tuple[str, Ends], list[Mapping[str, object]]] = {}
        self.size = 0

    def row(self, type_: RelationshipType, ends: Ends, row: Props) -> None:
        """A fact to be as this row says."""
        key = type_.type, _labels(ends)
        self._rows.setdefault(key, []).append({"from_id": ends[0], "to_id": ends[1], **row})
        self.size += 1

    def gone(self, type_: RelationshipType, ends: Ends, id_: str) -> None:
        """A fact that is stored under another id."""
        key = type_.type, _labels(ends)
        self._gone.setdefault(key, []).append({"from_id": ends[0], "to_id": ends[1], "id": id_})
        self.size += 1

    def write(self) -> None:
        """Write it all, and begin anew."""
        if not self._dry:
            dialect = self._engine.dialect
            write_statements(self._engine, self.statements)
            for (type_name, labels), rows in self._rows.items():
                type_ = type_named(type_name)
                assert isinstance(type_, RelationshipType)
                statement = upsert(dialect, type_, labels, whole=True)
                written = self._engine.write_rows(statement, rows, columns(type_))
                assert written == len(rows), f"{type_name}: {written} of {len(rows)} rows written"
            for (type_name, labels), rows in self._gone.items():
                type_ = type_named(type_name)
                assert isinstance(type_, RelationshipType)
                self._engine.write_rows(delete(dialect, type_, labels), rows, key_columns(type_))
            statements = SCHEMA.nodes["Statement"]
            rows = [{"id": id_} for id_ in self.stale]
            self._engine.write_rows(delete(dialect, statements), rows, key_columns(statements))
        self.statements, self.stale, self.size = [], [], 0
        self._rows, self._gone = {}, {}


def _labels(ends: Ends) -> Ends:
    one, other = (SCHEMA.label_of(id_) for id_ in ends)
    assert one and other
    return one, other


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v).strip().casefold() for v in values if v is not None]
