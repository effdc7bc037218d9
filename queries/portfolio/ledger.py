"""The dependence ledger line by line: both dependences, what to beware of, and all of it in sum."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alliance_explorer.queries.models import Ref, Relation
from alliance_explorer.queries.validity import begun
from alliance_explorer.queries.wording import year

from .dependence_models import (
    QUADRANTS,
    Direction,
    LedgerWarning,
    PortfolioDependence,
    Quadrant,
)
from .directions import direction
from .dual_value import conflicts
from .record import Record
from .record_parts import Deal, Takeover, is_inferred

HIGH: Final = 0.5
"""From here a dependence counts as high. Our rule: the middle of the scale."""
LARGE_SHARE: Final = 0.3
"""From here a share of sales is warned of. Our rule."""
_NO_CHAMPION: Final = LedgerWarning(code="no champion", text="No champion is on record.")


@dataclass(frozen=True, slots=True)
class Line:
    """One alliance with one partner, as far as order and sums need it.

    Parameters
    ----------
    deal : Deal
    partner : Ref
    active : bool
        Whether the alliance is in force on the day of the ledger.
    day : datetime.date
        On which it is looked at: that day, or its last one.
    own, theirs : Direction, optional
        How much the firm depends on the partner, and the partner on it. None where nothing is on
        record that could say: most alliances of a large firm are such.
    warnings : list of LedgerWarning
    """

    deal: Deal
    partner: Ref
    active: bool
    day: dt.date
    own: Direction | None
    theirs: Direction | None
    warnings: list[LedgerWarning]

    @property
    def value(self) -> float | None:
        """How much the firm depends on the partner."""
        return self.own.value if self.own else None

    @property
    def counter_value(self) -> float | None:
        """How much the partner depends on the firm."""
        return self.theirs.value if self.theirs else None

    @property
    def asymmetry(self) -> float | None:
        """The firm's dependence less the partner's; None unless both are known."""
        one, other = self.value, self.counter_value
        return None if one is None or other is None else one - other

    @property
    def joint(self) -> float | None:
        """Sum of both; None unless both are known."""
        one, other = self.value, self.counter_value
        return None if one is None or other is None else one + other

    @property
    def quadrant(self) -> Quadrant | None:
        """Which of the four it is; None unless both are known."""
        return quadrant_of(self.value, self.counter_value)


def ledger(record: Record, day: dt.date, *, ended: bool = False) -> list[Line]:
    """The lines of a record on a day, the firm's largest dependence first.

    O(alliances x parties); only where something on record bears on a dependence is it worked out.
    """
    deals = [d for d in record.deals if d.holds(day) or (ended and d.begun(day))]
    takeovers: defaultdict[str, list[Takeover]] = defaultdict(list)
    for t in record.takeovers:
        takeovers[t.acquired].append(t)
    lines = [line for deal in deals for line in _lines(record, deal, day, takeovers)]
    return sorted(
        lines,
        key=lambda e: (
            not e.active,
            -(e.value if e.value is not None else -1),
            e.partner.name.casefold(),
            e.deal.alliance.id,
        ),
    )


def _lines(
    record: Record, deal: Deal, day: dt.date, takeovers: Mapping[str, Sequence[Takeover]]
) -> Iterator[Line]:
    """The lines of one alliance; what it says of every partner alike is looked up once."""
    active = deal.holds(day)
    at = day if active else deal.last or day
    exclusive, unchampioned = _exclusive(deal), _unchampioned(record, deal)
    rivals = record.rivals_on(at)
    for partner in deal.others(record.ref.id):
        own = theirs = None
        if record.bears_on_dependence(deal, partner.id):
            own = direction(record, deal, record.ref, partner, at)
            theirs = direction(record, deal, partner, record.ref, at)
        beware = [
            *exclusive,
            *(_between(own, theirs) if own or theirs else ()),
            *unchampioned,
            *_conflicting(deal, record.ref, partner),
        ]
        if partner.id in rivals:
            beware.append(_competes(record.ref, partner, rivals[partner.id]))
        if partner.id in takeovers:
            beware += _taken_over(record, partner, takeovers[partner.id], at)
        yield Line(deal, partner, active, at, own, theirs, beware)


def quadrant_of(own: float | None, theirs: float | None) -> Quadrant | None:
    """Which of the four it is; None unless both are known."""
    if own is None or theirs is None:
        return None
    if own >= HIGH:
        return "mutual" if theirs >= HIGH else "on the partner"
    return "of the partner" if theirs >= HIGH else "loose"


# --- warnings -------------------------------------------------------------------------------------


def _exclusive(deal: Deal) -> list[LedgerWarning]:
    p = deal.properties
    if p.get("exclusive") is not True:
        return []
    terms = f": {p['terms']}" if "terms" in p else ""
    return [LedgerWarning(code="exclusivity", text=f"It is exclusive{terms}.")]


def _unchampioned(record: Record, deal: Deal) -> list[LedgerWarning]:
    return [] if record.champions(deal) else [_NO_CHAMPION]


def _between(own: Direction | None, theirs: Direction | None) -> list[LedgerWarning]:
    """What the two dependences say."""
    found = []
    for side in filter(None, (own, theirs)):
        share = next(f for f in side.factors if f.name == "share of sales")
        if share.value is not None and share.value >= LARGE_SHARE:
            text = f"{100 * share.value:.0f} % of {side.firm.name}’s sales run over it."
            found.append(LedgerWarning(code="large share of sales", text=text, facts=share.facts))
    for one, other in ((own, theirs), (theirs, own)):
        if one and other and _replaceable(one, other):
            text = (
                f"{other.firm.name} can replace {one.firm.name} more easily "
                f"({other.alternatives} alternatives) than the other way round "
                f"({one.alternatives})."
            )
            found.append(LedgerWarning(code="replaceable", text=text))
    return found


def _conflicting(deal: Deal, firm: Ref, partner: Ref) -> list[LedgerWarning]:
    return [
        LedgerWarning(code="conflicting objectives", text=text, inferred=True)
        for text in conflicts(deal, firm, partner)
    ]


def _competes(firm: Ref, partner: Ref, rival: Relation) -> LedgerWarning:
    since, market = rival.fact.properties.get("since"), rival.fact.properties.get("market")
    inferred = is_inferred(rival)
    text = (
        f"{partner.name} competes with {firm.name}"
        + (f" since {year(since)}" if isinstance(since, dt.date) else "")
        + (f" in {market}" if market else "")
        + (" (inferred)." if inferred else ".")
    )
    return LedgerWarning(code="partner competes", text=text, inferred=inferred, facts=[rival.fact])


def _taken_over(
    record: Record, partner: Ref, takeovers: Sequence[Takeover], day: dt.date
) -> list[LedgerWarning]:
    rivals, found = record.rivals_on(day), []
    for t in takeovers:
        if begun(t.fact.properties, day) and t.acquirer.id != record.ref.id:
            by = rivals.get(t.acquirer.id)
            when = f" in {year(t.date)}" if t.date else ""
            text = f"{partner.name} was acquired{when} by {t.acquirer.name}"
            facts = [t.fact]
            if by:
                text += f", which competes with {record.ref.name}" + (
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


# --- in sum --------------------------------------------------------------------------------------


def in_sum(lines: Sequence[Line]) -> PortfolioDependence:
    """The ledger in sum: means over the lines that are known, and how many those are."""
    own = [e.value for e in lines if e.value is not None]
    placed = [e for e in lines if e.asymmetry is not None]
    largest = max(
        (e for e in lines if e.value is not None),
        key=lambda e: (e.value or 0.0, e.partner.id),
        default=None,
    )
    shares: dict[str, float] = {}
    for e in lines:
        for f in e.own.factors if e.own else ():
            if f.name == "share of sales" and f.value is not None:
                shares[e.deal.alliance.id] = f.value
    found = Counter(c for e in lines for c in {w.code for w in e.warnings})
    quadrants: dict[Quadrant, int] = dict.fromkeys(QUADRANTS, 0)
    for e in placed:
        if e.quadrant:
            quadrants[e.quadrant] += 1
    return PortfolioDependence(
        entries=len(lines),
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
