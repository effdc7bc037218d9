"""The life cycle of alliances: success factors on record and missing, phase by phase.

References
----------
Gulati 1998, *Alliances and networks* · Kale & Singh 2009, *Managing strategic alliances: what do we
know now, and where do we go from here?*: formation (partner's commitment, complementarity,
compatibility), design (governance by equity, contract or relation), post-formation (coordination,
trust, conflict resolution) · CADIC, *Alliance management capabilities* (objectives from strategy,
rights and duties, who manages, who champions).
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from pydantic import Field

from alliance_explorer.limits import ALLIANCES
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Entity, Fact, Model, PropertyValue, Ref, SourceRef
from alliance_explorer.queries.sizes import NOT_RECORDED
from alliance_explorer.queries.validity import holds
from alliance_explorer.queries.wording import readable

from .record import Record, read_record
from .record_parts import Deal, numbered, texts

Phase = Literal["formation", "design", "post_formation"]
PHASES: Final[tuple[Phase, ...]] = ("formation", "design", "post_formation")
# Our rule: words in the terms that say how conflicts are settled.
_SETTLING: Final = re.compile(r"\b(arbitrat|mediat|escalat|conflict|dispute|steering)\w*", re.I)


class FactorOnRecord(Model):
    """A success factor of one alliance: what speaks for it, or that nothing does."""

    name: str
    phase: Phase
    on_record: bool
    evidence: list[str] = Field(description="what is on record, in words")
    facts: list[Fact]


class AlliancePhases(Model):
    """One alliance along its life."""

    alliance: Entity
    partners: list[Ref]
    phase: str | None = Field(
        description="as recorded, or `ended` after its end; None: not recorded"
    )
    active: bool
    champions: list[str]
    managers: list[str] = Field(description="who manages it, with role and employer where known")
    factors: list[FactorOnRecord]
    on_record: int
    missing: list[str] = Field(description="factors of which nothing is on record")
    outcome: str | None


class Gap(Model):
    """How often a factor is on record over the portfolio."""

    name: str
    phase: Phase
    meaning: str
    on_record: int
    missing: int


class Lifecycle(Model):
    """Success factors of a portfolio by phase of the life cycle."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    gaps: list[Gap] = Field(description="in the order of the phases")
    phases: dict[str, int] = Field(description="alliances by recorded phase")
    alliances: list[AlliancePhases] = Field(description="newest first")
    alliances_left_out: int = Field(description="older ones; the counts are of all")
    sources: dict[str, SourceRef]
    summary: str


Evidence: TypeAlias = tuple[list[str], list[Fact]]
Look: TypeAlias = Callable[[Record, Deal, dt.date], Evidence]


class LookedAt(NamedTuple):
    """An alliance with what speaks for each factor; the counts need no more."""

    deal: Deal
    active: bool
    phase: str | None
    evidence: Mapping[str, Evidence]


@as_known
def lifecycle(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = ALLIANCES.usual,
) -> Lifecycle:
    """Success factors on record and missing, per alliance and for the portfolio at a glance.

    That nothing is on record does not mean that nothing is there: it is what to ask about.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        Only alliances in force on this day. Without it: all up to today, ended ones marked.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most alliances to tell one by one; the counts are of all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    ALLIANCES.check(limit)
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    found = looked_at(record, day, ended=as_of is None)
    used: list[Mapping[str, PropertyValue]] = [a.deal.properties for a in found]
    used += [x.properties for a in found for _, facts in a.evidence.values() for x in facts]
    counted = Counter(a.phase or NOT_RECORDED for a in found)
    gaps = gaps_of(found)
    return Lifecycle(
        focal=record.ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=day,
        gaps=gaps,
        phases=dict(sorted(counted.items())),
        alliances=[_phases(record, a, day) for a in found[:limit]],
        alliances_left_out=max(0, len(found) - limit),
        sources=sources_of(used, explorer),
        summary=_summary(record.ref, len(found), gaps),
    )


def looked_at(record: Record, day: dt.date, *, ended: bool = False) -> list[LookedAt]:
    """Every alliance in force on a day with what speaks for each factor, newest first.

    With `ended`, those before as well.
    """
    deals = [d for d in record.deals if d.holds(day) or (ended and d.begun(day))]
    found = []
    for deal in reversed(deals):
        active, stated = deal.holds(day), deal.properties.get("phase")
        phase = "ended" if not active else str(stated) if stated else None
        evidence = {name: look(record, deal, day) for name, (_, _, look) in FACTORS.items()}
        found.append(LookedAt(deal, active, phase, evidence))
    return found


def _phases(record: Record, found: LookedAt, day: dt.date) -> AlliancePhases:
    deal, active = found.deal, found.active
    factors = [
        FactorOnRecord(
            name=name, phase=FACTORS[name][0], on_record=bool(told), evidence=told, facts=facts
        )
        for name, (told, facts) in found.evidence.items()
    ]
    outcome = deal.properties.get("outcome")
    return AlliancePhases(
        alliance=deal.alliance,
        partners=deal.others(record.ref.id),
        phase=found.phase,
        active=active,
        champions=_people(record, deal, "CHAMPIONS", day)[0],
        managers=_people(record, deal, "MANAGES", day)[0],
        factors=factors,
        on_record=sum(f.on_record for f in factors),
        missing=[f.name for f in factors if not f.on_record],
        outcome=str(outcome) if outcome and not active else None,
    )


def gaps_of(found: Sequence[LookedAt]) -> list[Gap]:
    """How often each factor is on record, and how often not."""
    gaps = []
    for name, (phase, meaning, _) in FACTORS.items():
        there = sum(bool(a.evidence[name][0]) for a in found)
        gaps.append(
            Gap(
                name=name,
                phase=phase,
                meaning=meaning,
                on_record=there,
                missing=len(found) - there,
            )
        )
    return gaps


# --- what speaks for a factor ---------------------------------------------------------------------


def _party(name: str, verb: str) -> Look:
    """What is stated of every party under a property."""

    def look(record: Record, deal: Deal, day: dt.date) -> Evidence:
        told, facts = [], []
        for firm, fact in deal.told:
            value = fact.properties.get(name)
            words = ", ".join(texts(value)) or (str(value) if isinstance(value, str) else "")
            if words:
                told.append(f"{firm.name} {verb} {words}")
                facts.append(fact)
        return list(dict.fromkeys(told)), facts

    return look


def _alliance(*names: str) -> Look:
    """What is stated of the alliance under some properties."""

    def look(record: Record, deal: Deal, day: dt.date) -> Evidence:
        told = []
        for name in names:
            value = deal.properties.get(name)
            if isinstance(value, list):
                value = ", ".join(map(str, value))
            if isinstance(value, bool):
                value = "yes" if value else "no"
            if value not in (None, ""):
                told.append(f"{readable(name)}: {readable(str(value))}")
        return told, []

    return look


def _complementarity(record: Record, deal: Deal, day: dt.date) -> Evidence:
    """Needs that the other side's offers meet, and what at least two sides bring."""
    told, facts = [], []
    for one in deal.firms:
        needs = record.capabilities.get((one.id, "NEEDS"), {})
        for other in deal.firms if needs else ():
            offers = record.capabilities.get((other.id, "OFFERS"), {})
            if one.id == other.id:
                continue
            for c in sorted(set(needs) & set(offers)):
                told.append(f"{other.name} offers {offers[c][0].name}, which {one.name} needs")
                facts += [needs[c][1], offers[c][1]]
    brought, stated = _party("contributes", "brings")(record, deal, day)
    if len({f.from_id for f in stated}) > 1:
        told += brought
        facts += stated
    return told, facts


def _compatibility(record: Record, deal: Deal, day: dt.date) -> Evidence:
    """Networks that the firm and a partner belong to, on that day."""
    told, facts = [], []
    if not record.shared_networks:
        return [], []
    mine = {
        r.other.id: r.fact for r in record.of_type("MEMBER_OF") if holds(r.fact.properties, day)
    }
    for partner in deal.others(record.ref.id):
        for body, fact in record.shared_networks.get(partner.id, ()):
            if body.id in mine and holds(fact.properties, day):
                told.append(f"both in {body.name} with {partner.name}")
                facts += [mine[body.id], fact]
    return list(dict.fromkeys(told)), facts


def _commitment(record: Record, deal: Deal, day: dt.date) -> Evidence:
    """What partners have invested; the firm's own investment is not theirs."""
    told, facts = _party("investment", "has invested")(record, deal, day)
    theirs = [f for f in facts if f.from_id != record.ref.id]
    names = [r.name for r in deal.others(record.ref.id)] if theirs else []
    return [t for t in told if any(t.startswith(f"{n} ") for n in names)], theirs


def _trust(record: Record, deal: Deal, day: dt.date) -> Evidence:
    """Earlier alliances with a partner, as Gulati (1995) takes repeated ties for trust."""
    if deal.start is None:
        return [], []
    told = []
    for partner in deal.others(record.ref.id):
        if before := record.allied_before(partner.id, deal.start):
            told.append(f"{numbered(before, 'earlier alliance')} with {partner.name}")
    return told, []


def _settling(record: Record, deal: Deal, day: dt.date) -> Evidence:
    terms = deal.properties.get("terms")
    found = _SETTLING.search(str(terms)) if terms else None
    return ([f"terms: {terms}"] if found else []), []


def _people(record: Record, deal: Deal, type_: str, day: dt.date, role: str = "") -> Evidence:
    told, facts = [], []
    for fact, person in record.people.get(deal.alliance.id, ()):
        held = fact.properties.get("role")
        if fact.type != type_ or (role and held != role) or not _serves(fact, deal, day):
            continue
        employer = record.employers.get(person.id)
        more = [readable(str(held))] if held else []
        more += [employer.name] if employer else []
        told.append(person.name + (f" ({', '.join(more)})" if more else ""))
        facts.append(fact)
    return told, facts


def _serves(fact: Fact, deal: Deal, day: dt.date) -> bool:
    """Whether somebody serves on the day, or served on the last day of an alliance that ended."""
    return holds(fact.properties, min(day, deal.last or day))


def _served_by(type_: str, role: str = "") -> Look:
    return lambda record, deal, day: _people(record, deal, type_, day, role)


FACTORS: Final[Mapping[str, tuple[Phase, str, Look]]] = {
    "partner’s commitment": ("formation", "what the partner has invested", _commitment),
    "complementarity": (
        "formation",
        "what one needs and the other offers, or what both sides bring",
        _complementarity,
    ),
    "compatibility": ("formation", "networks that both belong to", _compatibility),
    "objectives": ("formation", "goals or motive", _alliance("targets", "motive")),
    "value sought": ("formation", "what each hopes to take away", _party("value_sought", "seeks")),
    "governance": ("design", "by equity, contract or relation", _alliance("governance")),
    "contract": ("design", "form of the contract", _alliance("contract")),
    "rights and duties": ("design", "terms, exclusivity", _alliance("terms", "exclusive")),
    "coordination": ("post_formation", "what is done together", _alliance("joint_activities")),
    "trust": ("post_formation", "earlier alliances with the partner", _trust),
    "conflict resolution": ("post_formation", "terms on how conflicts are settled", _settling),
    "alliance manager": (
        "post_formation",
        "who runs it",
        _served_by("MANAGES", "alliance_manager"),
    ),
    "alliance director": (
        "post_formation",
        "who answers for partner choice and portfolio",
        _served_by("MANAGES", "alliance_director"),
    ),
    "champion": ("post_formation", "who bridges both firms", _served_by("CHAMPIONS")),
}
"""Every factor: its phase, what counts for it, and where it is looked for. Our rule, from what the
sources name and the schema can hold."""


def _summary(firm: Ref, alliances: int, gaps: Sequence[Gap]) -> str:
    if not alliances:
        return f"No alliance of {firm.name} is on record."
    never = [g.name for g in gaps if not g.on_record]
    always = [g.name for g in gaps if not g.missing]
    text = f"{numbered(alliances, 'alliance')} of {firm.name}."
    if always:
        text += f" On record for all: {', '.join(always)}."
    if never:
        text += f" On record for none: {', '.join(never)}."
    return text
