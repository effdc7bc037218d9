"""What a load leaves on record beside the nodes and facts: see `docs/provenance.md`.

- A value that is replaced, or a blank that is filled, is kept in a `before` statement: what the
  node or fact held until that day. Answers for a day before it stay as they were.
- What another source says of a node is kept in a `said` statement, whether it was used or not.
- A correction by hand covers what sources say, before and after it; what lies beneath is kept.

With one source that says the same as before, nothing of this costs more than a look-up in a dict.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from alliance_explorer.engine import Engine, Node
from alliance_explorer.graph_schema import (
    PROVENANCE,
    STATEMENT,
    NodeType,
    Properties,
    Record,
    RelationshipRecord,
    RelationshipType,
    columns,
    decoded,
    encoded,
    existing,
    key_columns,
    statement_id,
    upsert,
)

from .erased import Erased

STANDING: Final = (
    "MATCH (s:Statement) WHERE s.kind IN ['correction', 'erased'] AND s.recorded_until IS NULL "
    "RETURN s"
)
Stored = Mapping[str, object]


class Ledger:
    """Statements that a load makes, written before what they are about.

    So a load that is killed between the two, and run again, finds what it had kept: of one day the
    first value that was replaced counts.

    Parameters
    ----------
    engine : Engine
    day : datetime.date
        The day of recording; may be set anew between two sources.
    dry : bool
        Write nothing.
    """

    def __init__(self, engine: Engine, day: dt.date, *, dry: bool = False) -> None:
        self._engine = engine
        self.day = day
        self._dry = dry
        self._queued: dict[str, dict[str, object]] = {}

    # --- what stands, whatever sources say -------------------------------------------------------

    @cached_property
    def _standing(self) -> list[Node]:
        rows = self._engine.read(STANDING)
        return [row["s"] for row in rows if isinstance(row["s"], Node)]

    @cached_property
    def _corrections(self) -> dict[str, dict[str, dict[str, object]]]:
        """Corrections that stand, by what they are about and their ids."""
        found: dict[str, dict[str, dict[str, object]]] = {}
        for node in self._standing:
            p: dict[str, object] = dict(node.properties)
            if p["kind"] == "correction":
                found.setdefault(str(p["about"]), {})[node.id] = p
        return found

    @property
    def has_standing(self) -> bool:
        """Whether anything was corrected or erased by hand that a load has to heed."""
        return bool(self._standing)

    def corrected(self, key: str) -> dict[str, dt.date]:
        """The properties of something that were corrected by hand, and since when."""
        days: dict[str, dt.date] = {}
        for correction in self._corrections.get(key, {}).values():
            day = correction["recorded_at"]
            assert isinstance(day, dt.date)
            days |= dict.fromkeys(decoded(correction["of"], correction["said"]), day)
        return days

    @cached_property
    def erased(self) -> Erased:
        """People who must not come back."""
        return Erased.of(n.properties for n in self._standing if n.properties["kind"] == "erased")

    def uncovered(self, key: str, stored: Stored | None) -> Stored | None:
        """A stored node or fact as sources alone would have it."""
        if stored is None or key not in self._corrections:
            return stored
        sources = dict(stored)
        for correction in self._corrections[key].values():
            for name, value in decoded(correction["of"], correction["beneath"]).items():
                if value is None:
                    sources.pop(name, None)
                else:
                    sources[name] = value
        return sources

    def covered(self, key: str, sources: Properties) -> Properties:
        """The same with what was corrected; what sources say is kept beneath it."""
        result: dict[str, object] = dict(sources)
        for correction in self._corrections.get(key, {}).values():
            said = decoded(correction["of"], correction["said"])
            beneath = encoded({name: sources.get(name) for name in said})
            if beneath != correction["beneath"]:
                correction["beneath"] = beneath
                self._queued[str(correction["id"])] = correction
            result |= said
        # Written by us, so of our types.
        return {k: v for k, v in result.items() if v is not None}  # type: ignore[misc]

    # --- what a record does ----------------------------------------------------------------------

    def says(self, record: Record, stored: Stored) -> None:
        """Keep what a source says of a node that is another source's."""
        said = record.properties
        source = said.get("source")
        if source == stored.get("source") or "recorded_at" not in record.type.by_name:
            return
        row: dict[str, object] = {
            "id": statement_id("said", record.id, source),
            "about": record.id,
            "of": record.type.name,
            "kind": "said",
            "said": encoded({k: v for k, v in said.items() if k not in (*PROVENANCE, "id")}),
            **{k: said[k] for k in PROVENANCE if k in said},
        }
        row.setdefault("recorded_at", self.day)
        row.setdefault("confidence", 1.0)
        self._queued[str(row["id"])] = row

    def known_before(self, record: Record, stored: Stored, after: Properties) -> None:
        """An older snapshot of its source tells of a node: it was on record since, as told there.

        Called when `after` is recorded earlier than `stored`.
        """
        until = stored["recorded_at"]
        assert isinstance(until, dt.date)
        held = {
            name: record.properties.get(name)
            for name in record.type.by_name
            if name not in ("id", "recorded_at")
            and record.properties.get(name) != after.get(name)
            and name != "confidence"
        }
        if held:
            row = before(record.type, record.id, (), until, held, stored.get("source"))
            self._queued[str(row["id"])] = row

    def replaces(
        self,
        type_: NodeType | RelationshipType,
        key: str,
        ends: Iterable[str],
        stored: Stored,
        after: Stored,
    ) -> None:
        """Keep what a node or fact held before it changes, if anybody could have known it."""
        recorded = stored.get("recorded_at")
        if not isinstance(recorded, dt.date) or recorded >= self.day:
            return
        held = {
            name: stored.get(name)
            for name in type_.by_name
            if stored.get(name) != after.get(name) and name != "recorded_at"
        }
        if held:
            row = before(type_, key, ends, self.day, held, stored.get("source"))
            self._queued[str(row["id"])] = row

    def flush(self) -> None:
        """Write what was kept since the last time."""
        queued, self._queued = self._queued, {}
        if not queued or self._dry:
            return
        rows = self._merged(queued)
        write_statements(self._engine, rows)

    def _merged(self, queued: Mapping[str, dict[str, object]]) -> list[dict[str, object]]:
        rows: dict[str, dict[str, object]] = {}
        stored = statements(self._engine, queued)
        for key, row in queued.items():
            there = stored.get(key)
            if there is not None and row["kind"] == "before":
                held = decoded(row["of"], row["said"]) | decoded(there["of"], there["said"])
                row = {**there, "said": encoded(held)}
            elif there is not None and row["kind"] == "said":
                row["recorded_at"] = recorded = there["recorded_at"]
                if (
                    row["said"] != there["said"]
                    and isinstance(recorded, dt.date)
                    and recorded < self.day
                ):
                    held = {"said": there["said"]}
                    old = before(STATEMENT, key, [], self.day, held, row.get("source"))
                    rows.setdefault(str(old["id"]), old)
            if row != there:
                rows[key] = row
        return list(rows.values())


def before(
    type_: NodeType | RelationshipType,
    key: str,
    ends: Iterable[str],
    until: dt.date,
    held: Mapping[str, object],
    source: object,
) -> dict[str, object]:
    """A statement of what something held until a day; one for each thing and day."""
    return {
        "id": statement_id("before", key, until),
        "about": key,
        "of": type_.name,
        "ends": list(ends) or None,
        "kind": "before",
        "said": encoded(held),
        "source": source,
        "recorded_until": until,
    }


def ends_of(record: Record) -> list[str]:
    """Ids of both ends of a fact; of a node none."""
    return [record.from_id, record.to_id] if isinstance(record, RelationshipRecord) else []


def statements(engine: Engine, ids: Iterable[str]) -> dict[str, dict[str, object]]:
    """The stored statements among some ids."""
    rows = engine.read_rows(
        existing(engine.dialect, STATEMENT), [{"id": i} for i in ids], key_columns(STATEMENT)
    )
    nodes = (row["x"] for row in rows)
    return {n.id: dict(n.properties) for n in nodes if isinstance(n, Node)}


def write_statements(engine: Engine, rows: list[dict[str, object]]) -> None:
    """Write statements, each as a whole."""
    if rows:
        written = engine.write_rows(
            upsert(engine.dialect, STATEMENT, whole=True), rows, columns(STATEMENT)
        )
        assert written == len(rows), f"{written} of {len(rows)} statements written"
