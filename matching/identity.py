"""Ids of firms that were merged, and the firm that each of them names now."""

from collections.abc import Mapping

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeRecord,
    Record,
    RelationshipRecord,
)

MERGES = "MATCH (m:Merge) RETURN m.merged AS merged, m.kept AS kept"


def former_ids(engine: Engine) -> dict[str, str]:
    """Id of each firm that was merged, to the firm that stands for it now. O(merges)."""
    return current_ids({str(r["merged"]): str(r["kept"]) for r in engine.read(MERGES)})


def current_ids(kept: Mapping[str, str]) -> dict[str, str]:
    """Where each chain of merges ends; a circle, which no merge makes, ends where it closes."""
    found = {}
    for first in kept:
        seen, last = {first}, kept[first]
        while last in kept and last not in seen:
            seen.add(last)
            last = kept[last]
        if last not in seen:
            found[first] = last
    return found


def redirected(record: Record, former: Mapping[str, str]) -> Record | None:
    """A record as it is to be stored where firms were merged; None: a tie of a firm to itself.

    A fact keeps its id, which is made of the ends that its source names: so the same load finds
    it again, and undoing the merge knows whose it was.
    """
    if isinstance(record, NodeRecord):
        if record.id not in former:
            return record
        kept = former[record.id]
        return NodeRecord(record.type, kept, {**record.properties, "id": kept})
    if record.from_id not in former and record.to_id not in former:
        return record
    ends = moved(record, former)
    return None if ends[0] == ends[1] else RelationshipRecord(record.type, *ends, record.properties)


def moved(record: RelationshipRecord, to: Mapping[str, str]) -> tuple[str, str]:
    """Ends of a fact after ids have changed, in the order that its type wants."""
    ends = to.get(record.from_id, record.from_id), to.get(record.to_id, record.to_id)
    if SCHEMA.relationships[record.type.type].symmetric and ends[1] < ends[0]:
        return ends[1], ends[0]
    return ends


def check_said(text: str, field: str) -> None:
    """Refuse text that no database can hold.

    Raises
    ------
    InvalidRequest
        It has NUL characters or halves of surrogate pairs.
    """
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidRequest(f"{field} has characters that cannot be stored", field)
