"""The dependence ledger: how much a firm and its partners depend on each other, and why.

References
----------
Pfeffer & Salancik 1978, *The External Control of Organizations* · Casciaro & Piskorski 2005, *Power
imbalance, mutual dependence, and constraint absorption* · Gulati & Sytch 2007, *Dependence
asymmetry and joint dependence in interorganizational relationships* · Pérez & Cambra-Fierro, *Value
creation and appropriation in asymmetric alliances*.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from alliance_explorer.limits import LEDGER
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import PropertyValue, Ref

from .dependence_models import (
    DependenceLedger,
    Direction,
    DualValue,
    LedgerEntry,
    LedgerWarning,
    Moment,
    Quadrant,
)
from .directions import RULE, basis, direction
from .dual_value import dual_value
from .ledger import Line, in_sum, ledger
from .record import Record, read_record
from .record_parts import Deal, last_day

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
    limit: int = LEDGER.usual,
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
        Most entries; the sums are over all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    O(alliances × parties × years): the facts are read once.
    """
    LEDGER.check(limit)
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    every = ledger(record, day, ended=as_of is None)
    entries = [_entry(record, line) for line in every[:limit]]
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


def _entry(record: Record, line: Line) -> LedgerEntry:
    deal, partner, day = line.deal, line.partner, line.day
    own = line.own or direction(record, deal, record.ref, partner, day)
    theirs = line.theirs or direction(record, deal, partner, record.ref, day)
    value = dual_value(deal, record.ref, partner)
    champions = _champions(record, deal)
    power = deal.properties.get("power")
    moments = _history(record, deal, partner, day)
    return LedgerEntry(
        alliance=deal.alliance,
        partner=partner,
        active=line.active,
        evaluated_on=day,
        firm=own,
        counterpart=theirs,
        asymmetry=line.asymmetry,
        joint=line.joint,
        quadrant=line.quadrant,
        stated_power=str(power) if power else None,
        warnings=line.warnings,
        dual_value=value,
        champions=champions,
        history=moments,
        movement=movement(record.ref, partner, moments),
        reading=_reading(own, theirs, line.quadrant, line.warnings, value, champions),
    )


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
