"""Who is in a network, since when, in which tier; and which of them are partners of a firm."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from pydantic import Field

from alliance_explorer.engine import Node, Row
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.limits import MEMBERS

from .explorer import Explorer
from .graph.names import normalised
from .graph.ties import day
from .known import as_known
from .library import run
from .models import Entity, Model, Ref, SourceRef
from .portfolio.record import Record, read_record
from .profile import entity
from .validity import known, within

MOST_FACTS: Final = 50_000
"""Most facts of a network that are read; `cut` tells when there are more."""
NO_TIER: Final = "not recorded"


class Member(Model):
    """Somebody who belongs to a network, by all facts on record."""

    actor: Ref
    tiers: list[str]
    roles: list[str]
    since: dt.date | None = Field(description="first day on record; None: unknown")
    until: dt.date | None = Field(description="day after the last; None: still, or unknown")
    active: bool = Field(description="whether it belongs to it on the reference date")
    partner: bool = Field(description="whether it is allied with `mine` on that day")
    partner_since: dt.date | None
    alliances: list[Ref] = Field(description="alliances with `mine` on that day")


class NetworkMembers(Model):
    """The members of a network on a day, a page of them listed."""

    network: Entity
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    mine: Ref | None = Field(description="the firm whose partners are marked")
    mine_is_member: bool
    members: int = Field(description="that belong to it on the reference date")
    ended: int = Field(description="that have left; with `as_of` they are not counted")
    partners: int = Field(description="members that are partners of `mine`")
    tiers: dict[str, int] = Field(description="members by tier, the most frequent first")
    joined: dict[int, int] = Field(description="members by the year in which they joined")
    find: str
    found: int = Field(description="members that `find` fits")
    offset: int
    listed: list[Member] = Field(description="`mine`, its partners, then the others by name")
    cut: bool = Field(description="whether the network has more facts than are read")
    sources: dict[str, SourceRef]


@as_known
def network_members(
    explorer: Explorer,
    network: str,
    *,
    mine: str | None = None,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    find: str = "",
    offset: int = 0,
    limit: int = MEMBERS.usual,
) -> NetworkMembers:
    """Who is in a network.

    Parameters
    ----------
    explorer : Explorer
    network : str
        Id or name.
    mine : str, optional
        A firm, by id or name: its partners are marked and come first.
    as_of : datetime.date, optional
        Only who belonged to it on this day. Without it: all on record, those who left marked.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    find : str
        Only those whose name has this in it; case and accents do not matter.
    offset, limit : int
        Which of them to list.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    One query over the members of the network; O(members log members).
    """
    ref = explorer.resolve(network, ("Network",), "network")
    reference = as_of or explorer.today
    record = read_record(explorer, mine, known_at) if mine else None
    node = run(explorer.engine, "nodes", ids=[ref.id])[0]["x"]
    assert isinstance(node, Node)
    rows = run(explorer.engine, "network_roster", id=ref.id, limit=MOST_FACTS)
    facts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if known(row, known_at) and within(row["since"], None, reference):
            facts[str(row["member"])].append(row)
    partners = {r.id for r in record.partners_on(reference)} if record else set()
    everyone = [_member(some, reference, record, partners) for some in facts.values()]
    if as_of:
        everyone = [m for m in everyone if m.active]
    own = record.ref.id if record else ""
    everyone.sort(
        key=lambda m: (
            m.actor.id != own,
            not m.partner,
            not m.active,
            normalised(m.actor.name),
            m.actor.id,
        )
    )
    wanted = normalised(find.strip())
    listed = [m for m in everyone if wanted in normalised(m.actor.name)] if wanted else everyone
    active = [m for m in everyone if m.active]
    tiers = Counter(t for m in active for t in (m.tiers or [NO_TIER]))
    joined = Counter(m.since.year for m in active if m.since)
    return NetworkMembers(
        network=entity(node),
        as_of=as_of,
        known_at=known_at,
        reference_date=reference,
        mine=record.ref if record else None,
        mine_is_member=any(m.actor.id == own for m in active),
        members=len(active),
        ended=len(everyone) - len(active),
        partners=sum(m.partner for m in active),
        tiers=dict(sorted(tiers.items(), key=lambda t: (-t[1], t[0]))),
        joined=dict(sorted(joined.items())),
        find=find,
        found=len(listed),
        offset=offset,
        listed=listed[offset : offset + limit],
        cut=len(rows) == MOST_FACTS,
        sources=explorer.sources([r["source"] for r in rows] + [node.properties.get("source")]),
    )


def _member(
    facts: Sequence[Row], reference: dt.date, record: Record | None, partners: set[str]
) -> Member:
    id_ = str(facts[0]["member"])
    now = [f for f in facts if within(f["since"], f["until"], reference)]
    told = now or facts
    starts = [f["since"] for f in told if isinstance(f["since"], dt.date)]
    ends = [f["until"] for f in told if isinstance(f["until"], dt.date)]
    label = SCHEMA.label_of(id_)
    assert label is not None
    deals = [d for d in record.deals_with(id_) if d.holds(reference)] if record else []
    begun = [d.start for d in deals if d.start]
    return Member(
        actor=Ref(id=id_, label=label, name=str(facts[0]["name"])),
        tiers=_texts(told, "tier"),
        roles=_texts(told, "role"),
        since=min(starts) if starts else None,
        until=max(ends) if len(ends) == len(told) else None,
        active=bool(now),
        partner=id_ in partners,
        partner_since=min(begun) if begun else None,
        alliances=[Ref(id=d.alliance.id, label="Alliance", name=d.alliance.name) for d in deals],
    )


def _texts(facts: Iterable[Mapping[str, object]], name: str) -> list[str]:
    return sorted({str(f[name]) for f in facts if f[name]})


@as_known
def members_on(
    explorer: Explorer, networks: Sequence[str], reference: dt.date, known_at: dt.date | None
) -> dict[str, list[Ref]]:
    """Who belongs to some networks on a day, in the order of names; from the projection, O(ties).

    Parameters
    ----------
    explorer : Explorer
    networks : sequence of str
        Ids.
    reference : datetime.date
    known_at : datetime.date, optional
    """
    p = explorer.projection()
    wanted = {p.body_index[n]: n for n in networks if n in p.body_index}
    s, when = p.shared, day(reference, 0)
    held = np.isin(s.body, list(wanted)) & (s.since <= when) & (s.until > when)
    if known_at:
        held &= s.recorded <= day(known_at, 0)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for actor, body in zip(s.actor[held].tolist(), s.body[held].tolist(), strict=True):
        found[wanted[body]].add(p.actors[actor])
    return {
        n: sorted(map(p.ref, found[n]), key=lambda r: (normalised(r.name), r.id)) for n in networks
    }
