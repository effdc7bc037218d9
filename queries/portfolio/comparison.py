"""A portfolio on two days side by side: what came, what went, what changed."""

import datetime as dt
from collections.abc import Mapping

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import PropertyValue
from alliance_explorer.queries.sizes import NOT_RECORDED

from .composition import dimensions
from .coopetition import exposures_on, partner_rivalries, roles_on
from .ledger import in_sum, ledger
from .record import Record, read_record
from .record_parts import numbered
from .timeline_models import Change, Comparison, CountShift, PartnerShift, Shift


@as_known
def compare(
    explorer: Explorer,
    firm: str,
    before: dt.date,
    after: dt.date,
    *,
    known_at: dt.date | None = None,
) -> Comparison:
    """What changed in a firm's portfolio between two days.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    before, after : datetime.date
        The days; `before` has to be the earlier one.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Raises
    ------
    UnknownActor, AmbiguousActor
    InvalidRequest
        The first day is not before the second.
    """
    if before >= after:
        raise InvalidRequest(f"{before} is not before {after}; give the earlier day first", "with")
    record = read_record(explorer, firm, known_at)
    old = {d.alliance.id: d.alliance for d in record.active(before)}
    new = {d.alliance.id: d.alliance for d in record.active(after)}
    partners_old = {r.id: r for r in record.partners_on(before)}
    partners_new = {r.id: r for r in record.partners_on(after)}
    came = [a for i, a in new.items() if i not in old]
    went = [a for i, a in old.items() if i not in new]
    arrived = [r for i, r in partners_new.items() if i not in partners_old]
    left = [r for i, r in partners_old.items() if i not in partners_new]
    changes = _changes(record, before, after)
    moves = [h for h in record.moves(after) if h.date > before and h.is_move]
    used: list[Mapping[str, PropertyValue]] = [a.properties for a in {**old, **new}.values()]
    return Comparison(
        focal=record.ref,
        known_at=known_at,
        before=before,
        after=after,
        came=came,
        went=went,
        stayed=sum(i in new for i in old),
        partners_came=arrived,
        partners_went=left,
        changes=changes,
        numbers=_numbers(record, before, after),
        composition=_composition(record, before, after),
        dependence=_dependence(record, before, after),
        moves_between=len(moves),
        sources=sources_of(used, explorer),
        summary=f"{record.ref.name} from {before} to {after}: "
        f"{numbered(len(came), 'alliance')} came, {len(went)} went, "
        f"{len(new.keys() & old.keys())} stayed; "
        f"{numbered(len(arrived), 'partner')} came, {len(left)} went; "
        f"{numbered(len(changes), 'partner')} changed roles; {numbered(len(moves), 'move')}.",
    )


def _changes(record: Record, before: dt.date, after: dt.date) -> list[Change]:
    def held(day: dt.date) -> dict[str, list[str]]:
        roles = roles_on(record, day)
        for e in exposures_on(record, day):
            roles[e.partner.id].append(f"acquired by {e.acquirer.name}")
        return roles

    old, new = held(before), held(after)
    found = []
    for partner in record.partners_on(after):
        one, other = old.get(partner.id), new[partner.id]
        if one is not None and set(one) != set(other):
            found.append(
                Change(
                    partner=partner,
                    roles_before=one,
                    roles_after=other,
                    gained=[r for r in other if r not in one],
                    lost=[r for r in one if r not in other],
                )
            )
    return found


def _numbers(record: Record, before: dt.date, after: dt.date) -> list[Shift]:
    def of(day: dt.date) -> dict[str, float | None]:
        entries = ledger(record, day)
        total = in_sum(entries)
        numbers: dict[str, float | None] = {
            "alliances": float(len(record.active(day))),
            "partners": float(len(record.partners_on(day))),
            "partners that compete": float(
                len({r.id for r in record.partners_on(day)} & set(record.rivals_on(day)))
            ),
            "pairs of partners that compete": float(len(partner_rivalries(record, day))),
            "mean dependence": total.mean_dependence,
            "mean asymmetry": total.mean_asymmetry,
            "mean joint dependence": total.mean_joint,
        }
        return numbers | {
            f"diversity of {d.name} (Blau)": d.diversity.blau for d in dimensions(record, day)
        }

    old, new = of(before), of(after)
    return [
        Shift(
            name=name,
            before=old[name],
            after=new[name],
            difference=_difference(old[name], new[name]),
        )
        for name in old
        if old[name] is not None or new[name] is not None
    ]


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else other - one


def _composition(record: Record, before: dt.date, after: dt.date) -> list[CountShift]:
    found = []
    for one, other in zip(dimensions(record, before), dimensions(record, after), strict=True):
        for category in sorted({*one.counts, *other.counts}, key=lambda c: (c == NOT_RECORDED, c)):
            old, new = one.counts.get(category, 0), other.counts.get(category, 0)
            if old != new:
                found.append(
                    CountShift(dimension=one.name, category=category, before=old, after=new)
                )
    return found


def _dependence(record: Record, before: dt.date, after: dt.date) -> list[PartnerShift]:
    def largest(day: dt.date) -> dict[str, float]:
        found: dict[str, float] = {}
        for e in ledger(record, day):
            if e.value is not None:
                found[e.partner.id] = max(e.value, found.get(e.partner.id, 0.0))
        return found

    old, new = largest(before), largest(after)
    refs = {r.id: r for day in (before, after) for r in record.partners_on(day)}
    shifts = [
        PartnerShift(partner=refs[i], before=old.get(i), after=new.get(i))
        for i in sorted({*old, *new})
        if old.get(i) != new.get(i)
    ]
    return sorted(
        shifts,
        key=lambda s: (-abs((s.after or 0.0) - (s.before or 0.0)), s.partner.name.casefold()),
    )
