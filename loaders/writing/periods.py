"""When a fact held, from the snapshots in which it stands. Pure: no graph.

A source that was read whole on several days tells of each fact when it was first seen and when no
longer. **Our rule**: the days on which a fact stands in the source, without one between on which it
does not, are one period. It begins on the first of them and ends on the first day on which the fact
stands there no longer, unless the source itself says when. What stands in the first snapshot of
all began some day before: its `since` stays open. A fact that comes back has a second period.

All that is stored is made of the days on which the fact was seen and of what was said on them, so
the snapshots may be loaded in any order.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from alliance_explorer.graph_schema import RelationshipType, Value, fact_id, rewound

Props: TypeAlias = Mapping[str, object]
# Of each day: what was on record until then.
Changes: TypeAlias = Sequence[tuple[dt.date, Props]]

# Made of the days, not said by the source.
_MADE = ("id", "recorded_at")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time in which a fact held: what is stored, and what was on record before."""

    row: dict[str, object]
    held: dict[dt.date, dict[str, object]]


def later_id(base: str, start: dt.date) -> str:
    """The id of the period of a fact that begins on a day, where it is not the first one."""
    return hashlib.blake2b(f"{base}\x1f{start}".encode(), digest_size=12).hexdigest()


def sightings(
    type_: RelationshipType,
    ends: tuple[str, str],
    base: str,
    stored: Iterable[tuple[Props, Changes]],
    snapshots: Iterable[dt.date],
) -> dict[dt.date, dict[str, object]]:
    """On which days a fact was seen, and what was said then.

    Parameters
    ----------
    type_ : RelationshipType
    ends : (str, str)
    base : str
        Id of the fact without regard to its periods.
    stored : iterable of (properties, changes)
        Its periods, with what each held before.
    snapshots : iterable of datetime.date
        Days of which the source is loaded. Those on which a period was recorded or changed count
        too: they may be of loads which were no snapshots.
    """
    seen: dict[dt.date, dict[str, object]] = {}
    days = set(snapshots)
    for properties, changes in stored:
        start = properties.get("recorded_at")
        assert isinstance(start, dt.date)
        gone = _gone(properties, changes)
        for day in sorted(days | {start} | {changed for changed, _ in changes}):
            if day < start or (gone is not None and day >= gone):
                continue
            said = rewound(properties, [c for c in changes if c[0] > day])
            if not _said(type_, ends, base, said):
                said.pop("since", None)
            seen[day] = {k: v for k, v in said.items() if k not in _MADE}
    return seen


def _gone(properties: Props, changes: Changes) -> dt.date | None:
    """The day on which a fact stood there no longer; None if it still does, or the source says."""
    since, until = properties.get("since"), properties.get("until")
    if not isinstance(until, dt.date):
        return None
    for day, said in changes:
        if said.get("until", "") is None and until == _end(since, day):
            return day
    return None


def _end(since: object, gone: dt.date) -> dt.date:
    """The end of what is gone; what was to begin only later held for a day, not for none."""
    late = isinstance(since, dt.date) and since >= gone
    return since + dt.timedelta(1) if late and isinstance(since, dt.date) else gone


def _said(type_: RelationshipType, ends: tuple[str, str], base: str, properties: Props) -> bool:
    """Whether `since` is what the source says: then it is part of the fact's id."""
    known: dict[str, Value] = {k: v for k, v in properties.items() if isinstance(v, str | dt.date)}
    return fact_id(type_, *ends, known) == base


def periods(base: str, seen: Mapping[dt.date, Props], snapshots: Iterable[dt.date]) -> list[Period]:
    """The periods of a fact.

    Parameters
    ----------
    base : str
        Its id; the first period has it too.
    seen : mapping of datetime.date to mapping
        What was said on the days on which it was seen.
    snapshots : iterable of datetime.date
        All days of which the source is loaded.
    """
    days = sorted({*snapshots, *seen})
    found: list[Period] = []
    run: list[dt.date] = []
    for day in [*days, None]:
        if day in seen:
            assert day is not None
            run.append(day)
        elif run:
            id_ = later_id(base, run[0]) if found else base
            found.append(_period(id_, [(d, seen[d]) for d in run], day, run[0] == days[0]))
            run = []
    return found


def _period(
    id_: str, run: Sequence[tuple[dt.date, Props]], end: dt.date | None, from_the_start: bool
) -> Period:
    state: dict[str, object] = {}
    held: dict[dt.date, dict[str, object]] = {}
    start = run[0][0]
    for day, said in run:
        changed = {k: state.get(k) for k, v in said.items() if state.get(k) != v}
        if changed and day != start:
            held[day] = changed
        state |= said
    if end is not None and "until" not in state:
        state["until"] = _end(state.get("since"), end)
        held[end] = {"until": None}
    if "since" not in state and not from_the_start:
        state["since"] = start
    return Period({**state, "id": id_, "recorded_at": start}, held)
