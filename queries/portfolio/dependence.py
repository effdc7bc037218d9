"""The dependence ledger: how much a firm and its partners depend on each other, and why.

References
----------
Pfeffer & Salancik 1978, *The External Control of Organizations* · Casciaro & Piskorski 2005, *Power
imbalance, mutual dependence, and constraint absorption* · Gulati & Sytch 2007, *Dependence
asymmetry and joint dependence in interorganizational relationships* · Pérez & Cambra-Fierro, *Value
creation and appropriation in asymmetric alliances*.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import PropertyValue, Ref
from alliance_explorer.queries.wording import year

from .dependence_models import (
    QUADRANTS,
    DependenceLedger,
    Direction,
    DualValue,
    LedgerEntry,
    LedgerWarning,
    Moment,
    PortfolioDependence,
    Quadrant,
)
from .directions import RULE, basis, direction
from .dual_value import conflicts, dual_value
from .record import Record, read_record
from .record_parts import Deal, is_inferred, last_day

HIGH: Final = 0.5
"""From here a dependence counts as high. Our rule: the middle of the scale."""
LARGE_SHARE: Final = 0.3
"""From here a share of sales is warned of. Our rule."""
HISTORY: Final = 60
"""Most years of a history."""
SEEN: Final = 0.005
"""Least difference that counts as a movement: it shows in two decimals."""


@as_known
def dependence(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = 500,
) -> DependenceLedger:
    """Dependence each way, alliance by alliance, with every factor on record and what is missing.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        Only alliances in force on this day. Without it: all up to today; one that has ended is
        looked at on its last day and marked.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most entries, 1 to 5000; the sums are over all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    O(alliances × parties × years): the facts are read once.
    """
    if not 1 <= limit <= 5000:
        raise InvalidRequest("limit has to be from 1 to 5000", "limit")
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    every = ledger(record, day, ended=as_of is None)
    entries = [_moved(record, e) for e in every[:limit]]
    used: list[Mapping[str, PropertyValue]] = []
    for e in entries:
        used.append(e.alliance.properties)
        for d in (e.firm, e.counterpart):
            for f in d.factors:
                used += [x.properties for x in f.facts] + [x.properties for x in f.nodes]
        used += [f.properties for w in e.warnings for f in w.facts]
    return DependenceLedger(
        focal=record.ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=day,
        rule=RULE,
        portfolio=in_sum(every),
        entries=entries,
        entries_left_out=max(0, len(every) - limit),
        sources=sources_of(used, explorer),
    )


def ledger(record: Record, day: dt.date, *, ended: bool = False) -> list[LedgerEntry]:
    """The entries of a record on a day without history, the firm's largest dependence first."""
    deals = [d for d in record.deals if d.holds(day) or (ended and d.begun(day))]
    entries = [
        _entry(record, deal, partner, day)
        for deal in deals
        for partner in deal.others(record.ref.id)
    ]
    return sorted(
        entries,
        key=lambda e: (
            not e.active,
            -(e.firm.value if e.firm.value is not None else -1),
            e.partner.name.casefold(),
            e.alliance.id,
        ),
    )


def _entry(record: Record, deal: Deal, partner: Ref, day: dt.date) -> LedgerEntry:
    active = deal.holds(day)
    looked_at = day if active else deal.last or day
    own = direction(record, deal, record.ref, partner, looked_at)
    theirs = direction(record, deal, partner, record.ref, looked_at)
    value = dual_value(deal, record.ref, partner)
    warnings = _warnings(record, deal, partner, own, theirs, looked_at)
    champions = _champions(record, deal)
    power = deal.properties.get("power")
    quadrant = quadrant_of(own.value, theirs.value)
    both = own.value is not None and theirs.value is not None
    return LedgerEntry(
        alliance=deal.alliance,
        partner=partner,
        active=active,
        evaluated_on=looked_at,
        firm=own,
        counterpart=theirs,
        asymmetry=(own.value or 0.0) - (theirs.value or 0.0) if both else None,
        joint=(own.value or 0.0) + (theirs.value or 0.0) if both else None,
        quadrant=quadrant,
        stated_power=str(power) if power else None,
        warnings=warnings,
        dual_value=value,
        champions=champions,
        history=[],
        movement=movement(record.ref, partner, []),
        reading=_reading(own, theirs, quadrant, warnings, value, champions),
    )


def _moved(record: Record, entry: LedgerEntry) -> LedgerEntry:
    """The entry with its history."""
    found = record.deals_with(entry.partner.id)
    deal = next(d for d in found if d.alliance.id == entry.alliance.id)
    moments = _history(record, deal, entry.partner, entry.evaluated_on)
    moved = movement(record.ref, entry.partner, moments)
    return entry.model_copy(update={"history": moments, "movement": moved})


def quadrant_of(own: float | None, theirs: float | None) -> Quadrant | None:
    """Which of the four it is; None unless both are known."""
    if own is None or theirs is None:
        return None
    if own >= HIGH:
        return "mutual" if theirs >= HIGH else "on the partner"
    return "of the partner" if theirs >= HIGH else "loose"


# --- warnings -------------------------------------------------------------------------------------


def _warnings(
    record: Record, deal: Deal, partner: Ref, own: Direction, theirs: Direction, day: dt.date
) -> list[LedgerWarning]:
    firm, p = record.ref, deal.properties
    found = []
    if p.get("exclusive") is True:
        terms = f": {p['terms']}" if "terms" in p else ""
        found.append(LedgerWarning(code="exclusivity", text=f"It is exclusive{terms}."))
    for side in (own, theirs):
        share = next(f for f in side.factors if f.name == "share of sales")
        if share.value is not None and share.value >= LARGE_SHARE:
            text = f"{100 * share.value:.0f} % of {side.firm.name}’s sales run over it."
            found.append(LedgerWarning(code="large share of sales", text=text, facts=share.facts))
    for one, other in ((own, theirs), (theirs, own)):
        if _replaceable(one, other):
            text = (
                f"{other.firm.name} can replace {one.firm.name} more easily "
                f"({other.alternatives} alternatives) than the other way round "
                f"({one.alternatives})."
            )
            found.append(LedgerWarning(code="replaceable", text=text))
    if not record.champions(deal):
        text = "No champion is on record."
        found.append(LedgerWarning(code="no champion", text=text))
    for text in conflicts(deal, firm, partner):
        found.append(LedgerWarning(code="conflicting objectives", text=text, inferred=True))
    rivals = record.rivals_on(day)
    if rival := rivals.get(partner.id):
        since, market = rival.fact.properties.get("since"), rival.fact.properties.get("market")
        text = (
            f"{partner.name} competes with {firm.name}"
            + (f" since {year(since)}" if isinstance(since, dt.date) else "")
            + (f" in {market}" if market else "")
            + (" (inferred)." if is_inferred(rival) else ".")
        )
        inferred = is_inferred(rival)
        found.append(
            LedgerWarning(code="partner competes", text=text, inferred=inferred, facts=[rival.fact])
        )
    for t in record.takeovers_by(day):
        if t.acquired == partner.id and t.acquirer.id != firm.id:
            by = rivals.get(t.acquirer.id)
            when = f" in {year(t.date)}" if t.date else ""
            text = f"{partner.name} was acquired{when} by {t.acquirer.name}"
            facts = [t.fact]
            if by:
                text += f", which competes with {firm.name}" + (
                    " (inferred)" if is_inferred(by) else ""
                )
                facts.append(by.fact)
            found.append(
                LedgerWarning(
                    code="partner acquired by a competitor" if by else "partner acquired",
                    text=f"{text}.",
                    inferred=by is not None and is_inferred(by),
                    facts=facts,
                )
            )
    return found


def _replaceable(one: Direction, other: Direction) -> bool:
    """Whether the other side has far more alternatives. Our rule: three and thrice as many."""
    if one.alternatives is None or other.alternatives is None:
        return False
    return other.alternatives >= 3 and 1 + other.alternatives >= 3 * (1 + one.alternatives)


def _champions(record: Record, deal: Deal) -> list[str]:
    found = []
    for person in record.champions(deal):
        employer = record.employers.get(person.id)
        found.append(f"{person.name} ({employer.name})" if employer else person.name)
    return found


# --- over time ------------------------------------------------------------------------------------


def _history(record: Record, deal: Deal, partner: Ref, last: dt.date) -> list[Moment]:
    """Both dependences at the end of each year, up to the last dated fact of the firm."""
    if deal.start is None:
        return []
    dated = record.years(last)
    stop = max(dated[-1] if dated else deal.start.year, deal.start.year)
    if deal.last is not None:
        stop = max(stop, deal.last.year)
    stop = min(stop, last.year)
    moments: list[Moment] = []
    varies = record.varies_with(partner.id)
    for y in range(max(deal.start.year, stop - HISTORY + 1), stop + 1):
        if moments and not varies:
            moments.append(moments[-1].model_copy(update={"year": y}))
            continue
        day = min(last_day(y), last)
        own = direction(record, deal, record.ref, partner, day)
        theirs = direction(record, deal, partner, record.ref, day)
        moments.append(
            Moment(
                year=y,
                firm=own.value,
                partner=theirs.value,
                firm_basis=basis(own),
                partner_basis=basis(theirs),
            )
        )
    return moments


def movement(firm: Ref, partner: Ref, moments: Sequence[Moment]) -> str:
    """How the firm's dependence moved: from where, over which turning point, to where."""
    known = [(m.year, m.firm) for m in moments if m.firm is not None]
    if not known:
        return f"How {firm.name}’s dependence on {partner.name} moved is not known."
    (start, first), (end, last) = known[0], known[-1]
    high, low = max(known, key=lambda x: x[1]), min(known, key=lambda x: x[1])
    lead = f"{firm.name}’s dependence on {partner.name}"
    if high[1] - low[1] < SEEN:
        return f"{lead} is {last:.2f} ({end})." if start == end else f"{lead} has been {last:.2f}."
    if high[1] - last >= SEEN:
        before, after, (at, turn) = "rose", "fell", high
    else:
        before, after, (at, turn) = "fell", "rose", low
    if abs(turn - first) < SEEN:
        return f"{lead} {after} from {first:.2f} ({start}) to {last:.2f} ({end})."
    return (
        f"{lead} {before} from {first:.2f} ({start}) to {turn:.2f} ({at}) and {after} then to "
        f"{last:.2f} ({end})."
    )


# --- in words and in sum --------------------------------------------------------------------------


def _reading(
    own: Direction,
    theirs: Direction,
    quadrant: Quadrant | None,
    warnings: Sequence[LedgerWarning],
    value: DualValue,
    champions: Sequence[str],
) -> str:
    firm, partner = own.firm.name, own.on.name
    numbers = f"{_shown(own.value)} against {_shown(theirs.value)}"
    sentences = [
        {
            "mutual": f"{firm} and {partner} need each other ({numbers}).",
            "on the partner": f"{firm} depends on {partner} more than {partner} on it ({numbers}).",
            "of the partner": f"{partner} depends on {firm} more than {firm} on it ({numbers}).",
            "loose": f"Neither depends much on the other ({numbers}).",
            None: f"It cannot be placed: dependence of {firm} {_shown(own.value)}, of {partner} "
            f"{_shown(theirs.value)}.",
        }[quadrant]
    ]
    for d in (own, theirs):
        sentences += [f.says for f in d.factors if f.used]
    # What the numbers say already is not said twice.
    told = {"large share of sales", "no champion"}
    sentences += [w.text for w in warnings if w.code not in told]
    if value.verdict != "unknown":
        sentences.append(value.sentence)
    sentences.append(
        f"Championed by {', '.join(champions)}." if champions else "No champion is on record."
    )
    return " ".join(sentences)


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"


def in_sum(entries: Sequence[LedgerEntry]) -> PortfolioDependence:
    """The ledger in sum: means over the entries that are known, and how many those are."""
    own = [e.firm.value for e in entries if e.firm.value is not None]
    placed = [e for e in entries if e.asymmetry is not None]
    largest = max(
        (e for e in entries if e.firm.value is not None),
        key=lambda e: (e.firm.value or 0.0, e.partner.id),
        default=None,
    )
    shares: dict[str, float] = {}
    for e in entries:
        for f in e.firm.factors:
            if f.name == "share of sales" and f.value is not None:
                shares[e.alliance.id] = f.value
    found = Counter(c for e in entries for c in {w.code for w in e.warnings})
    quadrants: dict[Quadrant, int] = dict.fromkeys(QUADRANTS, 0)
    for e in placed:
        if e.quadrant:
            quadrants[e.quadrant] += 1
    return PortfolioDependence(
        entries=len(entries),
        measured=len(own),
        placed=len(placed),
        mean_dependence=_mean(own),
        mean_asymmetry=_mean([e.asymmetry for e in placed if e.asymmetry is not None]),
        mean_joint=_mean([e.joint for e in placed if e.joint is not None]),
        quadrants=quadrants,
        largest=largest.partner if largest else None,
        share_of_sales=sum(shares.values()) if shares else None,
        warnings=dict(sorted(found.items())),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
