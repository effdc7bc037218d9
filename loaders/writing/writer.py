"""The one way into the graph: records in, batches written, every row accounted for.

A batch is one transaction, so that a load that is killed leaves whole batches; loading again
completes it. Where the engine has a bulk path, all new rows of a type (of facts, as many as it
takes) are one batch if they are many beside what the graph has of it. Records meet what is stored
by these rules:

- a source may correct itself: its new values replace its old ones; what it leaves out stays;
- another source fills blanks, but never overwrites; where it differs, the stored value is kept and
  the summary says so. A name that differs becomes an alias. Source, evidence, confidence and the
  day of recording stay those of the first source; what the other said is on record (`ledger`);
- what is said of a firm that was merged is said of the firm that it was merged into: it fills
  blanks there, as another source would; a fact keeps its id;
- lists of a node only grow: whose the entries are is not known. A fact has one source, which may
  replace its lists too.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import (
    PROVENANCE,
    NodeRecord,
    NodeType,
    Problem,
    Properties,
    Record,
    RelationshipRecord,
    RelationshipType,
    wrong_interval,
)
from alliance_explorer.loaders.model import Count, Item, Located, Note, Rejected, Summary
from alliance_explorer.matching import former_ids, redirected

from .blocks import Block
from .hashes import Mask
from .known import Known
from .ledger import Ledger, ends_of
from .meeting import references, rename, union
from .outbox import Group, Outbox, as_table
from .snapshot import ENDING, Snapshot

BATCH = 10_000
INTERVAL = ("start", "end", "since", "until")

_Stored = Mapping[str, object]


class Writer:
    """Takes items in order and writes them in batches.

    Parameters
    ----------
    engine : Engine
        With the schema defined.
    today : datetime.date
        `recorded_at` of facts that do not say when they were learned.
    dry : bool
        Check everything, write nothing.
    progress : callable
        Called with a type's name and the number of rows that were dealt with.
    batch : int, optional
        Rows per transaction, always. Default: 10,000, or as many as the bulk path takes.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        today: dt.date,
        dry: bool = False,
        progress: Callable[[str, int], None] = lambda name, rows: None,
        batch: int | None = None,
    ) -> None:
        self.summary = Summary()
        self._engine = engine
        self._today = self._recorded = today
        self._dry = dry
        self._progress = progress
        self._batch = batch or BATCH
        self._bulk = bool(engine.copies) and batch is None
        self._group: Group | None = None
        self._pending: dict[str, Located] = {}
        self._known = Known(engine)
        self._kept = 0
        self._former: dict[str, str] = {}
        self._guests: set[str] = set()  # pending nodes that were addressed by a former id
        self._inward = 0
        self._left_out = 0
        self._ledger = Ledger(engine, today, dry=dry)
        self._snapshot: Snapshot | None = None
        self._sources: set[str] = set()  # that speak in a snapshot

    def run(
        self,
        readers: Iterable[Callable[[], Iterable[Item | Block]]],
        snapshots: Iterable[dt.date | None] = (),
    ) -> Summary:
        """Take all items of each reader in turn, and give the summary.

        A reader starts when all before it is written: it may look at the graph.

        Parameters
        ----------
        readers : iterable of callables
        snapshots : iterable of datetime.date or None
            Of each reader: the day of which it gives its sources whole, if it does.
        """
        self._former = former_ids(self._engine)
        days = itertools.chain(snapshots, itertools.repeat(None))
        with Outbox(self._engine) as self._outbox:
            for read, day in zip(readers, days, strict=False):
                self._begin(day)
                rejected = len(self.summary.rejects)
                for item in read():
                    if isinstance(item, Block):
                        self._take_block(item)
                    else:
                        self._take(item)
                self._flush()
                self._outbox.settle()
                if self._snapshot:
                    rejects = itertools.islice(self.summary.rejects, rejected, None)
                    self.summary.notes += self._snapshot.finish(self._sources, rejects)
        differ = "values differ from what an earlier source says; the earlier ones were kept"
        for number, what in (
            (self._kept, differ),
            (self._inward, "facts between firms that are merged into one were left out"),
            (self._left_out, "rows about people who were erased were left out"),
        ):
            if number:
                self.summary.notes.append(f"{number:,} {what}")
        return self.summary

    def _begin(self, day: dt.date | None) -> None:
        self._known.begin(alone=day is None)
        self._ledger.day = self._recorded = day or self._today
        self._sources = set()
        self._snapshot = (
            Snapshot(self._engine, day, self._ledger, dry=self._dry) if day is not None else None
        )

    def _take(self, item: Item) -> None:
        if isinstance(item, Note):
            self.summary.notes.append(item.text)
        elif isinstance(item, Rejected):
            self.summary.of(item.type).read += 1
            self._reject(item)
        else:
            record, said_of = item.record, item.record.id
            if self._ledger.erased:
                if self._ledger.erased.concerns(record):
                    self._left_out += 1
                    return self._leave_out(record)
                record = self._ledger.erased.without_names(record)
                item = Located(record, item.file, item.line)
            if self._former:
                stored_as = redirected(record, self._former)
                if stored_as is None:
                    self._inward += 1
                    return self._leave_out(record)
                if stored_as is not record:
                    record, item = stored_as, Located(stored_as, item.file, item.line)
            group: Group = (
                (record.type, None)
                if isinstance(record, NodeRecord)
                else (record.type, record.ends)
            )
            key = record.id
            if group != self._group or key in self._pending or len(self._pending) >= self._batch:
                self._turn_to(group)
            self.summary.of(record.type.name).read += 1
            self._pending[key] = item
            if said_of != key:
                self._guests.add(key)

    def _leave_out(self, record: Record) -> None:
        count = self.summary.of(record.type.name)
        count.read += 1
        count.unchanged += 1

    def _reject(self, item: Rejected) -> None:
        if erased := self._ledger.erased:
            item = Rejected(
                item.type,
                item.file,
                item.line,
                erased.problems(item.problems),
                erased.row(item.row),
            )
        self.summary.of(item.type).rejected += 1
        self.summary.rejects.append(item)

    def _turn_to(self, group: Group) -> None:
        """What comes now is for another batch."""
        self._flush()
        if self._group is not None and self._group[0] is not group[0]:
            self._outbox.copy_gathered()  # while the next type is read
        self._group = group

    # --- many records at once --------------------------------------------------------------------

    def _take_block(self, block: Block) -> None:
        """As `_take` of each of its records; those that are new and sound at one go."""
        for ends, part in block.by_ends():
            self._turn_to((part.type, ends))
            aside = part
            if not self._one_by_one and self._known.all_new(part):
                dangling = self._dangling(part, ends)
                aside = part.taken(dangling)
                self._write_new((part.type, ends), part.taken(~dangling))
            for item in aside.located():
                self._take(item)

    @property
    def _one_by_one(self) -> bool:
        """Whether each record must be looked at: there is more to it than to write it."""
        return bool(
            self._dry or self._former or self._snapshot is not None or self._ledger.has_standing
        )

    def _dangling(self, block: Block, ends: tuple[str, str] | None) -> Mask:
        """Which records refer to nodes that do not exist."""
        mask = np.zeros(len(block), bool)
        labels = {"source": "Source"} | dict(zip(("from_id", "to_id"), ends or (), strict=False))
        for column in labels.keys() & set(block.rows.column_names):
            values = block.rows.column(column)
            ids = pc.drop_null(values.unique())
            if absent := self._known.absent_of(labels[column], ids):
                mask |= pc.is_in(values, pa.array(absent)).to_numpy()
        return mask

    def _write_new(self, group: Group, block: Block) -> None:
        if not len(block):
            return
        type_ = group[0]
        self._known.deal_with(block)
        count = self.summary.of(type_.name)
        count.read += len(block)
        count.created += len(block)
        stamped = {"recorded_at": self._recorded, "confidence": 1.0} if type_.stamped else {}
        table = block.table(**stamped)
        if self._bulk:
            self._outbox.gather(group, table, self._known.there(type_))
            self._progress(type_.name, len(block))
            return
        for some in table.to_batches(self._batch):
            told = partial(self._progress, type_.name, len(some))
            self._outbox.write(group, some.to_pylist(), told)

    # --- one batch -------------------------------------------------------------------------------

    def _flush(self) -> None:
        if self._group is None or not self._pending:
            return
        (type_, ends), pending = self._group, self._pending
        self._pending, guests, self._guests = {}, self._guests, set()
        sound = self._resolved(pending)
        count = self.summary.of(type_.name)
        if self._snapshot:
            sound = self._in_snapshot(self._snapshot, type_, sound, count)
        records = [item.record for item in sound.values()]
        stored = self._known.stored(type_, ends, records, self._outbox.settle)
        rows: list[Mapping[str, object]] = []
        for key, located in sound.items():
            record = located.record
            before = stored.get(key)
            merged = self._merged(record, self._ledger.uncovered(key, before), guest=key in guests)
            if merged is not None and before is not None and (wrong := wrong_interval(merged)):
                if key not in guests and record.properties.get("source") == before.get("source"):
                    self._reject(Rejected(type_.name, located.file, located.line, (wrong,)))
                    continue
                self._kept += 1
                merged = {k: v for k, v in merged.items() if k in before or k not in INTERVAL}
            if before is not None and isinstance(record, NodeRecord) and key not in guests:
                self._ledger.says(record, before)
            after = self._ledger.covered(key, merged) if merged is not None else None
            if after is None or after == before:
                count.unchanged += 1
                continue
            if before is None:
                count.created += 1
            else:
                count.changed += 1
                if after.get("recorded_at") != before.get("recorded_at") and self._snapshot:
                    self._ledger.known_before(record, before, after)
                else:
                    self._ledger.replaces(type_, key, ends_of(record), before, after)
            rows.append(
                after
                if isinstance(record, NodeRecord)
                else {"from_id": record.from_id, "to_id": record.to_id, **after}
            )
        self._ledger.flush()
        told = partial(self._progress, type_.name, len(pending))
        if not rows or self._dry:
            told()
        elif self._bulk and not stored:
            there = self._known.there(type_)
            self._outbox.gather((type_, ends), as_table((type_, ends), rows), there)
            told()
        else:
            self._outbox.write((type_, ends), rows, told)

    def _in_snapshot(
        self,
        snapshot: Snapshot,
        type_: NodeType | RelationshipType,
        items: dict[str, Located],
        count: Count,
    ) -> dict[str, Located]:
        """Write the facts whose periods follow from snapshots; the others."""
        self._sources |= {
            str(s) for i in items.values() if (s := i.record.properties.get("source"))
        }
        if type_ not in ENDING:
            return items
        dated: list[RelationshipRecord] = []
        others: dict[str, Located] = {}
        for key, item in items.items():
            if isinstance(item.record, RelationshipRecord) and "source" in item.record.properties:
                dated.append(item.record)
            else:
                others[key] = item
        self._outbox.settle()  # their ends are in the graph then
        snapshot.write(dated, count)
        return others

    def _resolved(self, pending: Mapping[str, Located]) -> dict[str, Located]:
        """Leave out, as rejects, the records that refer to nodes which do not exist."""
        refers = {key: list(references(item.record)) for key, item in pending.items()}
        absent = self._known.absent({id_ for refs in refers.values() for _, id_ in refs})
        sound = {}
        for key, item in pending.items():
            problems = tuple(
                Problem(column, f"{id_!r} is neither in this load nor in the graph")
                for column, id_ in refers[key]
                if id_ in absent
            )
            if problems:
                name = item.record.type.name
                row = dict(item.record.properties)
                if isinstance(item.record, RelationshipRecord):
                    row = {"from": item.record.from_id, "to": item.record.to_id, **row}
                    del row["id"]
                self._reject(Rejected(name, item.file, item.line, problems, dict(row)))
            else:
                sound[key] = item
        return sound

    def _merged(self, record: Record, stored: _Stored | None, *, guest: bool) -> Properties | None:
        """All properties as they shall be stored, or None when nothing changes."""
        incoming = record.properties
        if stored is None:
            new = dict(incoming)
            if record.type.stamped:
                new.setdefault("recorded_at", self._recorded)
                new.setdefault("confidence", 1.0)
            return new
        merged: Properties = dict(stored)  # type: ignore[arg-type]  # written by us, so of our types
        own = stored.get("source") == incoming.get("source") and not guest
        older = own and self._snapshot and self._snapshot.is_older(incoming.get("source"))
        if older:
            own = False  # what a later snapshot says counts
            recorded = stored.get("recorded_at")
            if isinstance(recorded, dt.date) and recorded > self._recorded:
                merged["recorded_at"] = self._recorded
        for name in record.type.by_name:  # in this order: a rename comes before the aliases
            value, before = incoming.get(name), merged.get(name)
            if value is None or (name in PROVENANCE and not own):
                continue
            if before is None:
                merged[name] = value
            elif (
                isinstance(before, list)
                and isinstance(value, list)
                and isinstance(record, NodeRecord)
            ):
                merged[name] = union(value, before) if older else union(before, value)
            elif before != value:
                if name == "name" and "aliases" in record.type.by_name:
                    rename(merged, str(value), keep=not own)
                elif own:
                    merged[name] = value
                elif not older:
                    self._kept += 1
        return None if merged == stored else merged
