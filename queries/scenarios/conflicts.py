"""Conflicts within a portfolio, and those that one more partner would bring.

Rivalry among partners and exclusivity are what a portfolio is to be checked for before an alliance
is made [Hoffmann 2007; Kale & Singh 2007].
"""

from collections.abc import Iterable, Iterator

from alliance_explorer.queries.models import Fact, Ref

from .firm_facts import Bond, FirmFacts
from .scenario_models import Conflict, ConflictKind


def conflicts(facts: FirmFacts, focal: str, *, stated_only: bool = False) -> list[Conflict]:
    """Every conflict among a firm and its partners.

    - A partner competes with the firm, or belongs to somebody who does.
    - Two partners compete with each other.
    - An alliance binds one of them to a partner alone, and another of them is that partner's rival
      (stated), or offers the same as that partner does (our rule, hence marked as inferred).

    Parameters
    ----------
    facts : FirmFacts
        Of the firm, its partners, their owners and those to whom they are bound.
    focal : str
    stated_only : bool
        Pass over inferred rivalries.
    """
    partners = sorted(facts.partners(focal))
    among = set(partners)
    found: list[Conflict] = []
    for one, other in facts.rivalries:  # of thousands of partners few compete with each other
        if one in among and other in among:
            found += _between(facts, one, (other,), stated_only)
    for partner in partners:
        found += rivalry_conflicts(facts, focal, partner, (), stated_only=stated_only)
        found += owner_conflicts(facts, focal, partner, stated_only=stated_only)
        found += breaches(facts, focal, partner, stated_only=stated_only)
    return sorted(
        found,
        key=lambda c: (c.inferred, c.kind, [r.name.casefold() for r in c.between], c.sentence),
    )


def rivalry_conflicts(
    facts: FirmFacts,
    focal: str,
    partner: str,
    others: Iterable[str],
    *,
    stated_only: bool = False,
) -> list[Conflict]:
    """Where a partner competes with the firm or with other partners of it."""
    found = []
    if rivalry := facts.rivalry(focal, partner, stated_only=stated_only):
        found.append(_conflict(facts, "partner competes", (partner, focal), (), rivalry))
    return found + _between(facts, partner, others, stated_only)


def _between(
    facts: FirmFacts, partner: str, others: Iterable[str], stated_only: bool
) -> list[Conflict]:
    found = []
    for other in others:
        if rivalry := facts.rivalry(partner, other, stated_only=stated_only):
            found.append(_conflict(facts, "partners compete", (partner, other), (), rivalry))
    return found


def owner_conflicts(
    facts: FirmFacts, focal: str, partner: str, *, stated_only: bool = False
) -> list[Conflict]:
    """Where a partner belongs to somebody who competes with the firm."""
    found = []
    by_owner: dict[str, list[Fact]] = {}
    for owner, fact in facts.owners.get(partner, ()):
        by_owner.setdefault(owner, []).append(fact)
    for owner, owning in by_owner.items():
        if owner != focal and (rivalry := facts.rivalry(focal, owner, stated_only=stated_only)):
            over = (facts.ref(owner),)
            pair = (partner, focal)
            found.append(_conflict(facts, "owner competes", pair, over, rivalry, owning))
    return found


def breaches(
    facts: FirmFacts, one: str, other: str, *, stated_only: bool = False
) -> list[Conflict]:
    """Where an alliance of two firms with each other goes against what binds either."""
    found: list[Conflict] = []
    for bound, third in ((one, other), (other, one)):
        for bond in facts.bonds:
            if bound in bond.parties and third not in bond.parties:
                found += _breaches_of(facts, bond, bound, third, stated_only)
    return found


def _breaches_of(
    facts: FirmFacts, bond: Bond, bound: str, third: str, stated_only: bool
) -> Iterator[Conflict]:
    for holder in sorted(bond.parties - {bound, third}):
        rivalry = facts.rivalry(third, holder, stated_only=stated_only)
        mine, theirs = facts.offers_of(third), facts.offers_of(holder)
        same = sorted({mine[k][0].name for k in mine.keys() & theirs.keys()})
        if not rivalry and (not same or stated_only):
            continue
        pair = (bound, third)
        conflict = _conflict(
            facts, "exclusivity", pair, (bond.alliance, facts.ref(holder)), rivalry
        )
        a, b, h = (facts.ref(i).name for i in (bound, third, holder))
        why = (
            f"{b} competes with {h}" if rivalry else f"{b} offers what {h} does: {', '.join(same)}"
        )
        text = f"{a} is bound to {h} alone by {bond.alliance.name}, and {why}"
        mark = " (inferred)" if conflict.inferred else ""
        yield conflict.model_copy(update={"sentence": f"{text}{mark}."})


def _conflict(
    facts: FirmFacts,
    kind: ConflictKind,
    between: tuple[str, str],
    over: Iterable[Ref],
    rivalry: list[Fact],
    more: Iterable[Fact] = (),
) -> Conflict:
    inferred = all(f.properties.get("inferred") for f in rivalry)  # also when there is none
    one, other = (facts.ref(i).name for i in between)
    over = list(over)
    details = [str(f.properties["market"]) for f in rivalry if "market" in f.properties]
    since = min(
        (str(f.properties["since"]) for f in rivalry if "since" in f.properties), default=""
    )
    if since:
        details.append(f"since {since[:4]}")
    details += ["inferred"] if inferred else []
    brackets = f" ({', '.join(dict.fromkeys(details))})" if details else ""
    if kind == "owner competes":
        sentence = f"{one} belongs to {over[0].name}, which competes with {other}{brackets}."
    elif kind == "partners compete":
        sentence = f"{one} and {other} are partners both and compete with each other{brackets}."
    else:
        sentence = f"{one} is a partner and competes with {other}{brackets}."
    return Conflict(
        kind=kind,
        between=[facts.ref(i) for i in between],
        over=over,
        inferred=inferred,
        facts=[*rivalry, *more],
        sentence=sentence,
    )


def identity(conflict: Conflict) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What tells one conflict from another."""
    return (
        conflict.kind,
        tuple(sorted(r.id for r in conflict.between)),
        tuple(r.id for r in conflict.over),
    )
