"""How much one firm depends on another on a day: every factor, and the arithmetic.

Sources say what dependence grows and falls with: it grows with how much a firm needs what the
other brings, and falls with the alternatives that it has [Emerson 1962; Pfeffer & Salancik 1978].
The numbers are our rule: `dependence = (importance * scarcity) ** 0.5`, where importance is the
largest factor on record, and `scarcity = 1 / (1 + alternatives) ** 0.5`. Of what nothing is
recorded is left out and said to be missing; it is never guessed.

References
----------
Emerson 1962, *Power-dependence relations* · Pfeffer & Salancik 1978, *The External Control of
Organizations* · Casciaro & Piskorski 2005, *Power imbalance, mutual dependence* · Gulati & Sytch
2007, *Dependence asymmetry and joint dependence*.
"""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final, Literal

from alliance_explorer.queries.models import Entity, Fact, Ref
from alliance_explorer.queries.validity import within
from alliance_explorer.queries.wording import short_date

from .dependence_models import Direction, Factor
from .record import Record
from .record_parts import Deal

LEVELS: Final[Mapping[str, int]] = {"none": 0, "few": 2, "many": 10}
"""Our rule: how alternatives are counted that a source gives in words."""

RULE: Final = [
    "dependence = (importance × scarcity) ^ 0.5, from 0 to 1; if only one of both is on record, it "
    "is that one; if neither is, it is not known. Our rule: the sources give directions only.",
    "importance = the largest on record of: share of sales over the alliance; share of a reported "
    "figure that runs through the partner; importance of a need that the partner's offer meets.",
    "If none of these is on record, the partner's share of the firm's alliances stands in for it, "
    "but only for a firm whose own chronology is on record.",
    "scarcity = 1 / (1 + alternatives) ^ 0.5. Alternatives are those that a source states (few "
    f"counts as {LEVELS['few']}, many as {LEVELS['many']}), else the other firms that offer the "
    "same capability, where there are fewest.",
    "asymmetry = the firm's dependence less the partner's; joint dependence = their sum "
    "[Gulati & Sytch 2007]. From 0.5 a dependence counts as high.",
]


def scarcity(alternatives: int) -> float:
    """How hard a partner is to replace: 1 without alternatives, 0.5 with three."""
    return 1.0 / math.sqrt(1 + alternatives)


def combined(importance: float | None, scarce: float | None) -> float | None:
    """Geometric mean of the components that are on record."""
    known = [c for c in (importance, scarce) if c is not None]
    return math.prod(known) ** (1 / len(known)) if known else None


def direction(record: Record, deal: Deal, firm: Ref, on: Ref, day: dt.date) -> Direction:
    """How much `firm` depends on `on` over an alliance on a day; one of both is the record's firm.

    The same whichever of the two the record was read for.
    """
    importance = [
        _share_of_sales(deal, firm),
        _reported(record, firm, on, day),
        _need(record, firm, on),
    ]
    if all(f.value is None for f in importance):
        importance.append(_share_of_alliances(record, firm, on, day))
    stated, n_stated = _stated(deal, firm, on)
    known, n_known = _known(record, firm, on)
    best = max((f.value for f in importance if f.value is not None), default=None)
    source = stated if stated.value is not None else known
    alternatives = n_stated if stated.value is not None else n_known
    value = combined(best, source.value)
    chosen = next((f for f in importance if f.value is not None and f.value == best), None)
    factors = [
        f.model_copy(update={"used": f.value is not None and (f is chosen or f is source)})
        for f in (*importance, stated, known)
    ]
    missing = [n for n, c in (("importance", best), ("alternatives", source.value)) if c is None]
    return Direction(
        firm=firm,
        on=on,
        value=value,
        importance=best,
        scarcity=source.value,
        alternatives=alternatives,
        arithmetic=_arithmetic(value, best, source.value),
        factors=factors,
        missing=missing,
    )


def basis(found: Direction) -> str:
    """The names of the factors that gave a value."""
    return " × ".join(f.name for f in found.factors if f.used)


# --- importance -----------------------------------------------------------------------------------


def _factor(
    name: Literal["share of sales", "reported share", "need", "share of alliances"],
    value: float | None,
    says: str,
    facts: list[Fact] | None = None,
    nodes: list[Entity] | None = None,
) -> Factor:
    return Factor(
        name=name,
        component="importance",
        value=value,
        used=False,
        says=says,
        facts=facts or [],
        nodes=nodes or [],
    )


def _share_of_sales(deal: Deal, firm: Ref) -> Factor:
    found = []
    for fact in deal.facts_of(firm.id):
        share = fact.properties.get("share_of_sales")
        if isinstance(share, float):
            found.append((share, fact))
    if not found:
        says = f"Which share of {firm.name}’s sales runs over it is not recorded."
        return _factor("share of sales", None, says)
    share, fact = max(found, key=lambda x: x[0])
    says = f"{100 * share:.0f} % of {firm.name}’s sales run over it."
    return _factor("share of sales", share, says, [fact])


def _reported(record: Record, firm: Ref, on: Ref, day: dt.date) -> Factor:
    found = record.reported_share(firm.id, on.id, day)
    if found is None:
        says = f"No reported figure says how much of {firm.name}’s business runs through {on.name}."
        return _factor("reported share", None, says)
    says = (
        f"{found.part:g} of {found.whole:g} {found.unit} of {firm.name} run through {on.name}, "
        f"as reported for {short_date(found.date)}: {found.value:.2f}."
    )
    return _factor("reported share", found.value, says, nodes=list(found.facts))


def _need(record: Record, firm: Ref, on: Ref) -> Factor:
    needs = record.capabilities.get((firm.id, "NEEDS"), {})
    offers = record.capabilities.get((on.id, "OFFERS"), {})
    met = sorted(set(needs) & set(offers))
    if not met:
        says = f"No need of {firm.name} is recorded that an offer of {on.name} meets."
        return _factor("need", None, says)
    weighted = []
    for c in met:
        importance = needs[c][1].properties.get("importance")
        if isinstance(importance, float):
            weighted.append((importance, c))
    facts = [f for c in met for f in (needs[c][1], offers[c][1])]
    if not weighted:
        names = ", ".join(needs[c][0].name for c in met)
        says = f"{firm.name} needs {names}, which {on.name} offers; how important is not recorded."
        return _factor("need", None, says, facts)
    importance, c = max(weighted)
    what = f"{needs[c][0].name} (importance {importance:.2f})"
    says = f"{firm.name} needs {what}, which {on.name} offers."
    return _factor("need", importance, says, facts)


def _share_of_alliances(record: Record, firm: Ref, on: Ref, day: dt.date) -> Factor:
    """Count, of all alliances of a firm, those with one partner; for studied firms only."""
    name: Literal["share of alliances"] = "share of alliances"
    if not record.studied(firm.id, day):
        says = (
            f"{firm.name}’s share of alliances says nothing: no chronology of its own relations is "
            "on record, so that others may be missing."
        )
        return _factor(name, None, says)
    partner = on.id if firm.id == record.ref.id else firm.id
    shared = {d.alliance.id for d in record.deals_with(partner) if d.holds(day)}
    spans = record.alliances_of.get(firm.id, ())
    every = {i for i, since, until in spans if within(since, until, day)}
    if not every:
        return _factor(name, None, f"No alliance of {firm.name} holds on that day.")
    share = len(shared) / len(every)
    says = (
        f"{len(shared)} of {firm.name}’s {len(every)} alliances on record are with {on.name}: "
        f"{share:.2f}. It stands in for importance, of which nothing else is recorded."
    )
    return _factor(name, share, says)


# --- scarcity -------------------------------------------------------------------------------------


def _alternatives(
    name: Literal["alternatives stated", "alternatives known to the graph"],
    number: int | None,
    says: str,
    facts: list[Fact] | None = None,
) -> tuple[Factor, int | None]:
    value = None if number is None else scarcity(number)
    if number is not None:
        says += f" 1 / (1 + {number}) ^ 0.5 = {value:.2f}."
    factor = Factor(
        name=name,
        component="scarcity",
        value=value,
        used=False,
        says=says,
        facts=facts or [],
        nodes=[],
    )
    return factor, number


def _stated(deal: Deal, firm: Ref, on: Ref) -> tuple[Factor, int | None]:
    name: Literal["alternatives stated"] = "alternatives stated"
    for fact in deal.facts_of(firm.id):
        number = fact.properties.get("alternatives")
        if isinstance(number, int) and not isinstance(number, bool):
            says = f"{firm.name} has {number} alternatives to {on.name}."
            return _alternatives(name, number, says, [fact])
    for fact in deal.facts_of(firm.id):
        level = fact.properties.get("alternatives_level")
        if level in LEVELS:
            number = LEVELS[str(level)]
            many = "no" if level == "none" else str(level)
            counted = "" if level == "none" else f", counted as {number}"
            says = f"{firm.name} has {many} alternatives to {on.name}{counted}."
            return _alternatives(name, number, says, [fact])
    says = f"No source says how many alternatives {firm.name} has to {on.name}."
    return _alternatives(name, None, says)


def _known(record: Record, firm: Ref, on: Ref) -> tuple[Factor, int | None]:
    """Count others that offer what the partner brings, where there are fewest."""
    name: Literal["alternatives known to the graph"] = "alternatives known to the graph"
    offers = record.capabilities.get((on.id, "OFFERS"), {})
    needs = record.capabilities.get((firm.id, "NEEDS"), {})
    brought = sorted(set(offers) & set(needs)) or sorted(offers)
    if not brought:
        return _alternatives(name, None, f"No capability that {on.name} offers is on record.")
    others = {c: len(record.offerers.get(c, set()) - {firm.id, on.id}) for c in brought}
    fewest = min(brought, key=lambda c: (others[c], c))
    says = (
        f"{offers[fewest][0].name}, which {on.name} offers, is offered by {others[fewest]} others."
    )
    return _alternatives(name, others[fewest], says, [offers[fewest][1]])


def _arithmetic(value: float | None, importance: float | None, scarce: float | None) -> str:
    if value is None:
        return "not known: nothing is on record"
    if importance is None:
        return f"{value:.2f} = scarcity {scarce:.2f}; importance is not recorded"
    if scarce is None:
        return f"{value:.2f} = importance {importance:.2f}; alternatives are not recorded"
    return f"{value:.2f} = (importance {importance:.2f} × scarcity {scarce:.2f}) ^ 0.5"
