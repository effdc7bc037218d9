"""Time: what happened to a firm's relations, when, why, and how fast.

References
----------
Bengtsson & Johansson 2014, *Managing coopetition to create opportunities for small firms*: small
firms build legitimacy first, role flexibility then, and stay agile by frequent, varied moves.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from alliance_explorer.limits import CHRONOLOGY
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import PropertyValue, Ref
from alliance_explorer.queries.wording import readable, year

from .composition import diversity
from .coopetition import turn_sentence
from .record import Record, read_record
from .record_parts import FIGURE, Deal, Happening, date_of, is_inferred, last_day
from .timeline_models import Agility, FirstMove, Item, Timeline, Turn, YearOfMoves

CAPABILITIES = ("legitimacy", "role_flexibility")


@as_known
def timeline(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = CHRONOLOGY.usual,
) -> Timeline:
    """The chronology of a firm's relations up to a day, and what it adds up to year by year.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        The last day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most items of the chronology, the latest; the years count all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    CHRONOLOGY.check(limit)
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    every = chronology(record, day)
    items = [make() for _, _, _, make in every[-limit:]]
    years = [year_of(record, y, day) for y in record.years(day)]
    firsts = _first_moves(record, day)
    used: list[Mapping[str, PropertyValue]] = [i.event.properties for i in items if i.event]
    used += [i.fact.properties for i in items if i.fact]
    used += [d.properties for d in record.deals]
    return Timeline(
        focal=record.ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=day,
        agility=_agility(record, day, years),
        first_moves=firsts,
        sequence=_sequence(record.ref, firsts),
        turns=turns(record, day),
        years=years,
        undated=sum(d.start is None for d in record.deals),
        items=items,
        items_left_out=len(every) - len(items),
        sources=sources_of(used, explorer),
    )


# --- chronology -----------------------------------------------------------------------------------


# Day, place in the order of a day, sentence, and how the item is made.
Dated: TypeAlias = tuple[dt.date, int, str, Callable[[], Item]]
_ORDER: Final = ("event", "formation", "takeover", "rivalry", "dissolution", "figure")


def _dated(item: Item) -> Dated:
    return item.date, _ORDER.index(item.what), item.sentence, lambda: item


def chronology(record: Record, day: dt.date) -> list[Dated]:
    """Everything dated up to a day, oldest first: events, and what dated facts say beside them.

    Items of alliances are made when they are asked for: there may be thousands.
    """
    items = [_dated(_event(record, h)) for h in record.happenings if h.date <= day]
    told = _begun_with_event(record)
    for deal in record.deals:
        if deal.start and deal.start <= day and deal.alliance.id not in told:
            items.append(_of_deal(record.ref, deal, "formation", deal.start))
        if deal.last and deal.last < day:
            items.append(_of_deal(record.ref, deal, "dissolution", deal.last))
    for r in record.of_type("COMPETES_WITH"):
        since, p = date_of(r.fact.properties.get("since")), r.fact.properties
        if since and since <= day:
            market = f" (market: {p['market']})" if "market" in p else ""
            mark = " – inferred" if is_inferred(r) else ""
            item = _plain(
                "rivalry",
                since,
                [r.other],
                f"{r.other.name} competes with {record.ref.name}{market}{mark}",
                inferred=is_inferred(r),
            )
            items.append(_dated(item.model_copy(update={"fact": r.fact})))
    for t in record.takeovers_by(day):
        if t.date and t.acquirer.id != record.ref.id:
            acquired = record.partners[t.acquired]
            ref = Ref(id=t.acquired, label="Firm", name=acquired.name)
            sentence = f"{t.acquirer.name} acquires {acquired.name}, a partner"
            item = _plain("takeover", t.date, [ref, t.acquirer], sentence)
            items.append(_dated(item.model_copy(update={"fact": t.fact})))
    return sorted(items, key=lambda i: i[:3])


def _begun_with_event(record: Record) -> set[str]:
    """Alliances that an event made: it involves them and has the date of their beginning."""
    starts = {d.alliance.id: d.start for d in record.deals}
    return {a for h in record.happenings for a in h.alliances if starts.get(a) == h.date}


def _event(record: Record, h: Happening) -> Item:
    p = h.event.properties
    others, figure = h.others(record.ref.id), h.kind == FIGURE
    starts = {d.alliance.id: d for d in record.deals}
    involved = [starts[a].ref for a in h.alliances if a in starts]
    stated = {k: str(p[k]) if k in p else None for k in ("motive", "capability", "power")}
    if figure:
        value = p.get("value")
        number = f"{value:,g}" if isinstance(value, float) else str(value)
        sentence = f"{p.get('measure', 'figure')}: {number} {p.get('unit', '')}".rstrip()
    else:
        sentence = readable(h.kind)
        if others:
            sentence += f" ({', '.join(o.name for o in others)})"
        if "description" in p:
            sentence += f" – {p['description']}"
        if "motive" in p:
            sentence += f"; motive: {readable(str(p['motive']))}"
        if "capability" in p:
            sentence += f"; builds {readable(str(p['capability']))}"
    return Item(
        date=h.date,
        what="figure" if figure else "event",
        kind=h.kind,
        others=others,
        alliances=involved,
        move=h.is_move,
        formation=any(starts[a.id].start == h.date for a in involved),
        motive=stated["motive"],
        capability=stated["capability"],
        power=stated["power"],
        sentence=f"{year(h.date)}: {sentence}.",
        event=h.event,
        fact=None,
    )


def _of_deal(
    ref: Ref, deal: Deal, what: Literal["formation", "dissolution"], date: dt.date
) -> Dated:
    verb = "begins" if what == "formation" else "ends"
    sentence = f"{year(date)}: {deal.alliance.name} {verb}."
    return date, _ORDER.index(what), sentence, lambda: _item_of(ref, deal, what, date, sentence)


def _item_of(
    ref: Ref, deal: Deal, what: Literal["formation", "dissolution"], date: dt.date, sentence: str
) -> Item:
    kind, motive = deal.properties.get("kind", "alliance"), deal.properties.get("motive")
    power = deal.properties.get("power")
    return Item(
        date=date,
        what=what,
        kind=str(kind),
        others=deal.others(ref.id),
        alliances=[deal.ref],
        move=False,
        formation=what == "formation",
        motive=str(motive) if motive else None,
        capability=None,
        power=str(power) if power else None,
        sentence=sentence,
        event=None,
        fact=next(iter(deal.facts_of(ref.id)), None),
    )


def _plain(
    what: Literal["rivalry", "takeover"],
    date: dt.date,
    others: Sequence[Ref],
    sentence: str,
    inferred: bool = False,
) -> Item:
    return Item(
        date=date,
        what=what,
        kind=what,
        others=list(others),
        alliances=[],
        move=False,
        formation=False,
        motive=None,
        capability=None,
        power=None,
        inferred=inferred,
        sentence=f"{year(date)}: {sentence}.",
        event=None,
        fact=None,
    )


# --- by year --------------------------------------------------------------------------------------


def year_of(record: Record, number: int, day: dt.date | None = None) -> YearOfMoves:
    """What happened in a year, up to a day."""
    end = min(last_day(number), day) if day else last_day(number)
    begin = dt.date(number, 1, 1)
    events = [h for h in record.moves(end) if h.date >= begin]
    moves = [h for h in events if h.is_move]
    formed = [d for d in record.deals if d.start and begin <= d.start <= end]
    ended = [d for d in record.deals if d.last and begin <= d.last <= end]
    told = _begun_with_event(record)
    earlier = [d for d in record.deals if d.start is None or d.start < begin]
    before = sum(d.last is None or d.last >= begin for d in earlier)
    at_end = sum(d.begun(end) and (d.last is None or d.last > end) for d in record.deals)
    new = sum(begin <= first <= end for first in record.first_allied.values())
    both = before + at_end
    kinds = Counter(h.kind for h in moves)
    return YearOfMoves(
        year=number,
        events=len(events),
        moves=len(moves),
        variety=len(kinds),
        kinds=dict(sorted(kinds.items())),
        motives=_counted(moves, "motive"),
        capabilities=_counted(moves, "capability"),
        formations=len(formed),
        formations_with_event=sum(d.alliance.id in told for d in formed),
        dissolutions=len(ended),
        new_partners=new,
        active_at_end=at_end,
        turnover=(len(formed) + len(ended)) / both if both else None,
    )


def _counted(moves: Iterable[Happening], name: str) -> dict[str, int]:
    found = Counter(str(h.event.properties[name]) for h in moves if name in h.event.properties)
    return dict(sorted(found.items()))


def _agility(record: Record, day: dt.date, years: Sequence[YearOfMoves]) -> Agility:
    moves = [h for h in record.moves(day) if h.is_move]
    kinds = Counter(h.kind for h in moves)
    turnovers = [y.turnover for y in years if y.turnover is not None]
    return Agility(
        years=len(years),
        moves=len(moves),
        moves_per_year=len(moves) / len(years) if years else None,
        variety=len(kinds),
        diversity=diversity(kinds.values(), kinds),
        busiest=max(years, key=lambda y: (y.moves, -y.year)).year if moves and years else None,
        formations=sum(y.formations for y in years),
        dissolutions=sum(y.dissolutions for y in years),
        mean_turnover=sum(turnovers) / len(turnovers) if turnovers else None,
    )


# --- what came first, what turned -----------------------------------------------------------------


def _first_moves(record: Record, day: dt.date) -> list[FirstMove]:
    found: dict[str, FirstMove] = {}
    for h in record.moves(day):
        capability = h.event.properties.get("capability")
        if capability is None or not h.is_move or str(capability) in found:
            continue
        found[str(capability)] = FirstMove(
            capability=str(capability),
            date=h.date,
            event=h.event,
            sentence=f"First move for {readable(str(capability))}: {_event(record, h).sentence}",
        )
    return sorted(found.values(), key=lambda f: (f.date, f.capability))


def _sequence(firm: Ref, firsts: Sequence[FirstMove]) -> str:
    by = {f.capability: f.date for f in firsts}
    one, other = (by.get(c) for c in CAPABILITIES)
    if one is None or other is None:
        missing = [readable(c) for c in CAPABILITIES if c not in by]
        return f"No move of {firm.name} for {' or for '.join(missing)} is on record."
    order = "precedes" if one < other else "follows" if one > other else "is of the same day as"
    return (
        f"{firm.name}’s first move for legitimacy ({year(one)}) {order} its first for role "
        f"flexibility ({year(other)})."
    )


def turns(record: Record, day: dt.date) -> list[Turn]:
    """When partners came to be partner and competitor at once, as far as both dates are known."""
    found = []
    for r in record.of_type("COMPETES_WITH"):
        since = date_of(r.fact.properties.get("since"))
        starts = [d.start for d in record.deals_with(r.other.id)]
        dated = [s for s in starts if s is not None]
        if since is None or not dated or len(dated) < len(starts):
            continue
        allied = min(dated)
        both = max(allied, since)
        until = date_of(r.fact.properties.get("until"))
        together = any(d.holds(both) for d in record.deals_with(r.other.id))
        if both > day or not together or (until is not None and until <= both):
            continue
        before = "partner" if allied < since else "competitor" if since < allied else "neither"
        market = r.fact.properties.get("market")
        sentence = turn_sentence(
            record.ref, r.other, allied, since, str(market) if market else None, is_inferred(r)
        )
        found.append(
            Turn.model_validate(
                {
                    "partner": r.other,
                    "date": both,
                    "before": before,
                    "inferred": is_inferred(r),
                    "sentence": sentence,
                    "fact": r.fact,
                }
            )
        )
    return sorted(found, key=lambda t: (t.date, t.partner.id))
