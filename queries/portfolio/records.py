"""The records of many firms, read together."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from alliance_explorer.queries.ahead import Ahead, id_in
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.parties import told_more

from .record import Record

AT_ONCE: Final = 250
"""Firms that are read together. Fewer take longer: each read costs some ms, however little it
gives. More hold more rows at a time."""


@as_known
def records(
    explorer: Explorer, refs: Sequence[Ref], known_at: dt.date | None = None
) -> Iterator[Record]:
    """The record of each firm, in their order.

    Notes
    -----
    A dozen queries for each 250 firms. No more than the rows of these are held at a time.
    """
    for start in range(0, len(refs), AT_ONCE):
        some = refs[start : start + AT_ONCE]
        ahead = Ahead(explorer.engine)
        one = explorer.reading(ahead)
        found = [Record(one, ref, known_at) for ref in some]
        _read_ahead(ahead, found)
        found.reverse()
        while found:  # what is done with is let go
            yield found.pop()


def _read_ahead(ahead: Ahead, found: Sequence[Record]) -> None:
    """Read what the records will ask for; what is forgotten here, they ask for one by one."""
    firms = {r.ref.id for r in found}
    for name in ("nodes", "outgoing", "incoming"):
        ahead.fetch(name, ids=firms)
    alliances = {t.other.id for r in found for t in r.of_type("PARTY_TO")}
    rows = ahead.fetch("parties_in_short", ids=alliances)
    told = told_more(rows)
    ahead.fetch("parties", ids=told if found[0].known_at is None else alliances)
    partners = {i for r in found for i in r.first_allied}
    for name in ("attributes_of", "rivals", "owners"):
        ahead.fetch(name, ids=partners)
    ahead.fetch("capabilities_of", ids=firms | partners)
    rows = ahead.fetch("events_of_firms", ids=firms | partners)
    eventful = {id_in(row, "firm") for row in rows}
    asking = [r for r in found if not eventful.isdisjoint((r.ref.id, *r.first_allied))]
    ahead.fetch("alliances_of", ids={i for r in asking for i in r.first_allied})
    ahead.fetch("providers", ids={c for r in found for c in r.offered})
    events = {id_in(row, "e") for row in ahead.fetch("events_of_alliances", ids=alliances)}
    events |= {t.other.id for r in found for t in r.of_type("INVOLVES")}
    ahead.fetch("involved", ids=events)
    people = {id_in(row, "y") for row in ahead.fetch("people_of_alliances", ids=alliances)}
    ahead.fetch("employers", ids=people)
    bodies = {t.other.id for r in found for t in r.of_type("MEMBER_OF")}
    ahead.fetch("memberships_of", actors=partners, bodies=bodies)
