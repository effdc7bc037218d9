"""Coopetition: partners that compete, with the firm and with each other.

References
----------
Bengtsson & Johansson 2014, *Managing coopetition to create opportunities for small firms*: small
firms hold several roles towards large ones, and balance one large partner by its rivals.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from alliance_explorer.limits import LEAKS
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Entity, Ref
from alliance_explorer.queries.sizes import SIZE_CLASSES, size_class
from alliance_explorer.queries.validity import holds
from alliance_explorer.queries.wording import year

from .coopetition_models import (
    Balance,
    Coopetition,
    Coopetitor,
    Exposure,
    Leak,
    PartnerRivalry,
    RoleHolder,
)
from .leakage import leaks_on
from .ledger import HIGH, ledger
from .record import Record, read_record
from .record_parts import Counted, date_of, is_inferred, numbered, stated_by

_SIZES: Final = [*(name for _, name in SIZE_CLASSES), "large"]


@as_known
def coopetition(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = LEAKS.usual,
) -> Coopetition:
    """Partners that compete, leakage paths to rivals, takeovers of partners, and who balances whom.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most leakage paths, and most partners with several roles; `leaks_left_out` and
        `roles_left_out` tell how many more there are.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    A leakage path has one partner between the firm and the rival. O(partners x rivals), with at
    most 200 rivals looked at.
    """
    LEAKS.check(limit)
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    partners = record.partners_on(day)
    coopetitors = _coopetitors(record, day)
    several = _several_roles(record, day)
    rivalries = partner_rivalries(record, day)
    leaks, rivals_left = leaks_on(record, day)
    exposures = exposures_on(record, day)
    balances = _balances(record, day, rivalries)
    facts = [c.fact for c in coopetitors] + [r.fact for r in rivalries]
    facts += [f for e in exposures for f in e.facts] + [f for b in balances for f in b.facts]
    for leak in leaks[:limit]:
        facts += [leak.rivalry, *(t.fact for t in leak.ties if t.fact)]
    used: list[Mapping[str, object]] = [f.properties for f in facts]
    used += [{"source": s} for s in stated_by(record.active(day))]
    return Coopetition(
        focal=record.ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=day,
        partners=len(partners),
        coopetitors=coopetitors,
        roles=several[:limit],
        roles_left_out=max(0, len(several) - limit),
        rivalries=rivalries,
        leaks=leaks[:limit],
        leaks_left_out=max(0, len(leaks) - limit),
        rivals_left_out=rivals_left,
        exposures=exposures,
        balances=balances,
        sources=sources_of(used, explorer),
        summary=_summary(record.ref, len(partners), coopetitors, rivalries, leaks, exposures),
    )


# --- partners as rivals ---------------------------------------------------------------------------


def allied_since(record: Record, partner: str, day: dt.date) -> dt.date | None:
    """Start of the first alliance with a partner among those in force; None: unknown."""
    starts = [d.start for d in record.deals_with(partner) if d.holds(day)]
    dated = [s for s in starts if s is not None]
    return min(dated) if dated and len(dated) == len(starts) else None


def _coopetitors(record: Record, day: dt.date) -> list[Coopetitor]:
    rivals, found = record.rivals_on(day), []
    roles = roles_on(record, day)
    for partner in record.partners_on(day):
        rival = rivals.get(partner.id)
        if rival is None:
            continue
        p = rival.fact.properties
        allied, competes = allied_since(record, partner.id, day), date_of(p.get("since"))
        turned = max(allied, competes) if allied and competes else None
        market = str(p["market"]) if "market" in p else None
        found.append(
            Coopetitor(
                partner=partner,
                roles=roles[partner.id],
                allied_since=allied,
                competes_since=competes,
                market=market,
                inferred=is_inferred(rival),
                turned=turned,
                sentence=turn_sentence(
                    record.ref, partner, allied, competes, market, is_inferred(rival)
                ),
                fact=rival.fact,
            )
        )
    return sorted(found, key=lambda c: (c.inferred, c.turned or dt.date.min, c.partner.id))


def turn_sentence(
    firm: Ref,
    partner: Ref,
    allied: dt.date | None,
    competes: dt.date | None,
    market: str | None,
    inferred: bool,
) -> str:
    """How a firm came to be partner and competitor at once."""
    more = f" (market: {market})" if market else ""
    more += " – inferred" if inferred else ""
    if allied is None or competes is None:
        both = f"{partner.name} is partner and competitor of {firm.name}"
        return f"{both}{more}; since when is not known."
    if allied < competes:
        return (
            f"{partner.name} turned from partner (since {year(allied)}) to partner and competitor "
            f"of {firm.name} in {year(competes)}{more}."
        )
    if competes < allied:
        return (
            f"{partner.name} turned from competitor (since {year(competes)}) to competitor and "
            f"partner of {firm.name} in {year(allied)}{more}."
        )
    return f"{partner.name} became partner and competitor of {firm.name} in {year(allied)}{more}."


def roles_on(record: Record, day: dt.date) -> dict[str, list[str]]:
    """The roles that each partner holds on a day: as ally, as competitor, in alliances, by shares.

    O(parties of the alliances in force).
    """
    rivals = record.rivals_on(day)
    owners = {
        r.other.id: "owned" if r.fact.from_id == record.ref.id else "owner"
        for r in record.of_type("OWNS", "ACQUIRED")
        if holds(r.fact.properties, day)
    }
    held = {r.id: {"ally": None} for r in record.partners_on(day)}
    for id_ in held.keys() & rivals.keys():
        held[id_]["competitor"] = None
    for deal in record.active(day):
        for party in deal.parties:
            if party.role and party.role != "partner" and party.firm.id in held:
                held[party.firm.id][party.role] = None
    for id_ in held.keys() & owners.keys():
        held[id_][owners[id_]] = None
    return {id_: list(roles) for id_, roles in held.items()}


def _several_roles(record: Record, day: dt.date) -> list[RoleHolder]:
    """Partners with more than one role, those with most first."""
    held = roles_on(record, day)
    found = [
        RoleHolder(partner=partner, roles=held[partner.id])
        for partner in record.partners_on(day)
        if len(held[partner.id]) > 1
    ]
    return sorted(found, key=lambda r: -len(r.roles))


def partner_rivalries(record: Record, day: dt.date) -> list[PartnerRivalry]:
    """Pairs of partners that compete with each other on a day; stated ones first."""
    refs = {r.id: r for r in record.partners_on(day)}
    found: dict[tuple[str, str], PartnerRivalry] = {}
    for fact in record.partners_rivalries:
        one, other, p = fact.from_id, fact.to_id, fact.properties
        if one not in refs or other not in refs or one == other or not holds(p, day):
            continue
        market = str(p["market"]) if "market" in p else None
        inferred, since = bool(p.get("inferred")), date_of(p.get("since"))
        pair = min(one, other), max(one, other)
        if pair in found and found[pair].inferred <= inferred:
            continue
        a, b = refs[one], refs[other]
        sentence = (
            f"{a.name} and {b.name} compete"
            + (f" since {year(since)}" if since else "")
            + (f" (market: {market})" if market else "")
            + (" – inferred." if inferred else ".")
        )
        found[pair] = PartnerRivalry(
            one=a,
            other=b,
            market=market,
            since=since,
            inferred=inferred,
            sentence=sentence,
            fact=fact,
        )
    return sorted(found.values(), key=lambda r: (r.inferred, r.one.id, r.other.id))


# --- takeovers and balance ------------------------------------------------------------------------


def exposures_on(record: Record, day: dt.date) -> list[Exposure]:
    """Partners in force that somebody had acquired by a day; by a competitor first."""
    partners = {r.id: r for r in record.partners_on(day)}
    rivals, found = record.rivals_on(day), []
    for t in record.takeovers_by(day):
        if t.acquired not in partners or t.acquirer.id == record.ref.id:
            continue
        partner, rival = partners[t.acquired], rivals.get(t.acquirer.id)
        inferred = rival is not None and is_inferred(rival)
        alliances = [d.ref for d in record.deals_with(partner.id) if d.holds(day)]
        when = f" in {year(t.date)}" if t.date else ""
        sentence = f"{partner.name} was acquired{when} by {t.acquirer.name}"
        if rival:
            sentence += f", which competes with {record.ref.name}" + (
                " (inferred)" if inferred else ""
            )
        found.append(
            Exposure(
                partner=partner,
                acquirer=t.acquirer,
                date=t.date,
                competes=rival is not None,
                inferred=inferred,
                alliances=alliances,
                sentence=f"{sentence}; {len(alliances)} of its alliances with {record.ref.name} "
                f"{'is' if len(alliances) == 1 else 'are'} in force.",
                facts=[t.fact, *([rival.fact] if rival else [])],
            )
        )
    return sorted(found, key=lambda e: (not e.competes, e.inferred, e.date or dt.date.min))


def _balances(record: Record, day: dt.date, rivalries: Iterable[PartnerRivalry]) -> list[Balance]:
    """Overbearing partners with their rivals among the partners.

    Our rule: a partner is overbearing if a source calls an alliance with it asymmetric and it is
    not known to be the smaller one, or if the firm depends on it highly and more than it does.
    """
    pairs = list(rivalries)
    why: defaultdict[str, list[str]] = defaultdict(list)
    for deal in record.active(day):
        if deal.properties.get("power") == "asymmetric":
            for partner in deal.others(record.ref.id):
                if not _smaller(record.partners[partner.id], record.firm):
                    why[partner.id].append(f"the source calls {deal.alliance.name} asymmetric")
    for e in ledger(record, day):
        own, theirs = e.value, e.counter_value
        if own is not None and own >= HIGH and theirs is not None and own > theirs:
            why[e.partner.id].append(f"dependence {own:.2f} against {theirs:.2f}")
    found = []
    for partner in record.partners_on(day):
        if partner.id not in why:
            continue
        against = [r for r in pairs if partner.id in (r.one.id, r.other.id)]
        by = [r.other if r.one.id == partner.id else r.one for r in against]
        names = ", ".join(r.name for r in by)
        found.append(
            Balance(
                partner=partner,
                why=list(dict.fromkeys(why[partner.id])),
                balanced_by=by,
                inferred=bool(against) and all(r.inferred for r in against),
                sentence=f"{partner.name} is balanced by {names}."
                if by
                else f"No partner of {record.ref.name} is known to be a rival of {partner.name}.",
                facts=[r.fact for r in against],
            )
        )
    return sorted(found, key=lambda b: (-len(b.balanced_by), b.partner.name.casefold()))


def _smaller(partner: Counted, firm: Entity) -> bool:
    one, other = size_class(partner.properties), size_class(firm.properties)
    return one in _SIZES and other in _SIZES and _SIZES.index(one) < _SIZES.index(other)


def _summary(
    firm: Ref,
    partners: int,
    coopetitors: list[Coopetitor],
    rivalries: list[PartnerRivalry],
    leaks: list[Leak],
    exposures: list[Exposure],
) -> str:
    inferred = sum(c.inferred for c in coopetitors)
    mark = f" ({inferred} inferred)" if inferred else ""
    at_risk = sum(e.competes for e in exposures)
    return (
        f"{numbered(partners, 'partner')} of {firm.name}. Also competing with it: "
        f"{len(coopetitors)}{mark}; pairs that compete with each other: {len(rivalries)}; "
        f"ways over a partner to a rival: {len(leaks)}; acquired by a competitor: {at_risk}."
    )
