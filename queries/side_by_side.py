"""Two firms side by side: what they share, what each has alone, and what is between them."""

import datetime as dt
from typing import Final

from pydantic import Field

from .explorer import Explorer
from .facts import sources_of
from .known import as_known
from .membership import members_on
from .models import Entity, Fact, Model, Ref, Relation, SourceRef
from .portfolio.record import Record, read_record
from .validity import holds, within

SMALL: Final = 60
"""Networks of at most this many tell who else is in them (our rule): more are no acquaintance."""
ALONE: Final = 100
"""Most partners and networks that are listed of one firm alone."""


class Share(Model):
    """How one firm belongs to a network."""

    tiers: list[str]
    roles: list[str]
    since: dt.date | None


class SharedNetwork(Model):
    """A network that both belong to."""

    network: Entity
    members: int
    one: Share
    other: Share
    others: list[Ref] = Field(description="who else is in it, if it is small; else empty")


class SharedPartner(Model):
    """A firm that both are allied with."""

    partner: Ref
    one_since: dt.date | None
    other_since: dt.date | None
    competes_with_one: bool
    competes_with_other: bool


class Between(Model):
    """An alliance that both are party to."""

    alliance: Entity
    active: bool


class RivalryBetween(Model):
    """A fact that says that the two compete."""

    fact: Fact
    since: dt.date | None
    inferred: bool
    active: bool


class Alone(Model):
    """What one of the two has and the other has not."""

    firm: Entity
    alliances: int = Field(description="in force on the day")
    partners: int
    networks: int
    only_partners: list[Ref]
    only_networks: list[Ref]


class SideBySide(Model):
    """Two firms on a day."""

    one: Alone
    other: Alone
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    networks: list[SharedNetwork] = Field(description="that both belong to, the smallest first")
    partners: list[SharedPartner] = Field(description="that both are allied with")
    alliances: list[Between] = Field(description="that both are party to")
    rivalries: list[RivalryBetween]
    small: int = Field(description="largest network of which the others are told")
    sources: dict[str, SourceRef]
    summary: str


@as_known
def side_by_side(
    explorer: Explorer,
    one: str,
    other: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    small: int = SMALL,
) -> SideBySide:
    """What two firms share, and what each has alone.

    Parameters
    ----------
    explorer : Explorer
    one, other : str
        Ids or names.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    small : int
        Largest network of which the other members are told.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    left, right = read_record(explorer, one, known_at), read_record(explorer, other, known_at)
    reference = as_of or explorer.today
    mine, theirs = _memberships(left, reference), _memberships(right, reference)
    both = [n for n in mine if n in theirs]
    members = members_on(explorer, both, reference, known_at)
    ends = {left.ref.id, right.ref.id}
    networks = [
        SharedNetwork(
            network=left.entity_of(n),
            members=len(members[n]),
            one=_share(mine[n]),
            other=_share(theirs[n]),
            others=[r for r in members[n] if r.id not in ends] if len(members[n]) <= small else [],
        )
        for n in both
    ]
    networks.sort(key=lambda s: (s.members, s.network.name))
    partners = {r.id: r for r in left.partners_on(reference)}
    shared = [r for r in right.partners_on(reference) if r.id in partners]
    rivals_one, rivals_other = set(left.rivals_on(reference)), set(right.rivals_on(reference))
    allied = [
        SharedPartner(
            partner=r,
            one_since=_since(left, r.id, reference),
            other_since=_since(right, r.id, reference),
            competes_with_one=r.id in rivals_one,
            competes_with_other=r.id in rivals_other,
        )
        for r in sorted(shared, key=lambda r: (r.name.casefold(), r.id))
    ]
    deals = [
        Between(alliance=d.alliance, active=d.holds(reference))
        for d in left.deals_with(right.ref.id)
        if within(d.start, None, reference)
    ]
    rivalries = [
        RivalryBetween(
            fact=r.fact,
            since=_date(r.fact.properties.get("since")),
            inferred=bool(r.fact.properties.get("inferred")),
            active=holds(r.fact.properties, reference),
        )
        for r in left.of_type("COMPETES_WITH")
        if r.other.id == right.ref.id
    ]
    used = [r.fact.properties for some in (mine, theirs) for n in both for r in some[n]]
    used += [b.alliance.properties for b in deals] + [r.fact.properties for r in rivalries]
    return SideBySide(
        one=_alone(left, right, reference, set(mine) - set(theirs), mine),
        other=_alone(right, left, reference, set(theirs) - set(mine), theirs),
        as_of=as_of,
        known_at=known_at,
        reference_date=reference,
        networks=networks,
        partners=allied,
        alliances=deals,
        rivalries=rivalries,
        small=small,
        sources=sources_of(used, explorer),
        summary=_summary(left.ref, right.ref, networks, allied, deals, rivalries),
    )


def _memberships(record: Record, day: dt.date) -> dict[str, list[Relation]]:
    found: dict[str, list[Relation]] = {}
    for r in record.of_type("MEMBER_OF"):
        if r.other.label == "Network" and holds(r.fact.properties, day):
            found.setdefault(r.other.id, []).append(r)
    return found


def _share(facts: list[Relation]) -> Share:
    def texts(name: str) -> list[str]:
        return sorted({str(v) for r in facts if (v := r.fact.properties.get(name))})

    starts = [d for r in facts if (d := _date(r.fact.properties.get("since")))]
    return Share(tiers=texts("tier"), roles=texts("role"), since=min(starts, default=None))


def _since(record: Record, partner: str, day: dt.date) -> dt.date | None:
    starts = [d.start for d in record.deals_with(partner) if d.holds(day) and d.start]
    return min(starts, default=None)


def _alone(
    record: Record,
    beside: Record,
    day: dt.date,
    networks: set[str],
    memberships: dict[str, list[Relation]],
) -> Alone:
    others = {r.id for r in beside.partners_on(day)} | {beside.ref.id}
    partners = record.partners_on(day)
    only = [r for r in partners if r.id not in others]
    bodies = [memberships[n][0].other for n in networks]
    return Alone(
        firm=record.firm,
        alliances=len(record.active(day)),
        partners=len(partners),
        networks=len(memberships),
        only_partners=_by_name(only)[:ALONE],
        only_networks=_by_name(bodies)[:ALONE],
    )


def _by_name(refs: list[Ref]) -> list[Ref]:
    return sorted(refs, key=lambda r: (r.name.casefold(), r.id))


def _date(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _summary(
    one: Ref,
    other: Ref,
    networks: list[SharedNetwork],
    partners: list[SharedPartner],
    deals: list[Between],
    rivalries: list[RivalryBetween],
) -> str:
    def some(n: int, what: str) -> str:
        return f"{n} {what}{'' if n == 1 else 's'}" if n else f"no {what}"

    told = [f"{one.name} and {other.name} share {some(len(networks), 'network')}"]
    if networks:
        first = networks[0]
        told[0] += f", the smallest {first.network.name} ({some(first.members, 'member')})"
    told.append(f"and {some(len(partners), 'partner')}.")
    now = sum(b.active for b in deals)
    told.append(
        f"They are allied in {some(now, 'alliance')}." if now else "They are not allied now."
    )
    if any(r.active for r in rivalries):
        stated = any(r.active and not r.inferred for r in rivalries)
        told.append("They compete." if stated else "That they compete is inferred by a rule.")
    return " ".join(told)
