"""Shared networks and common ownership: the organizational dimension of proximity."""

from collections.abc import Iterable, Mapping

from alliance_explorer.queries.models import Fact, Ref
from alliance_explorer.queries.wording import short_date

from .proximity_facts import Reading, SharedTie, listed, told
from .proximity_models import Evidence, Organizational, Verdict


def organizational(reading: Reading, one: Ref, other: Ref, *, detailed: bool) -> Organizational:
    """The same space of references: bodies that both belong to, and whether they are one house.

    The figure is the sum of 1 / log2(1 + members) over the shared networks: a body of 2,000 says
    little, a club of five much. Two firms of which one controls the other, or which the same firm
    controls, are too close whatever they share: hierarchy is the far end of this dimension.

    Parameters
    ----------
    reading : Reading
    one, other : Ref
    detailed : bool
        Fetch the facts of each membership too.

    References
    ----------
    Torre & Rallet 2005, *Proximity and localization*. Boschma 2005, *Proximity and innovation*.
    Adamic & Adar 2003, *Friends and neighbors on the Web*.
    """
    t = reading.options.thresholds
    ties = reading.ties(reading.memberships, one.id, other.id)
    facts: Mapping[tuple[str, str], list[Fact]] = {}
    if detailed:
        facts = reading.facts_about([one.id, other.id], [s.body for s in ties])
    evidence = [_shared(s, one, other, facts) for s in ties]
    control = list(_control(reading, one, other))
    owned = any(decides for _, decides in control)
    figure = sum(s.parts.specificity for s in ties)
    silent = [f.name for f in (one, other) if not reading.is_member(f.id)]
    known = bool(ties) or not silent
    verdict: Verdict
    decided: str | None = None
    if owned:
        verdict, decided = "too close", "control_stake"
    elif not known:
        verdict = "not known"
    elif figure < t.organizational_far:
        verdict, decided = "too far", "organizational_far"
    elif figure > t.organizational_close:
        verdict, decided = "too close", "organizational_close"
    else:
        verdict = "workable"
    shown, left_out = listed(evidence)
    notes = [f"No membership of {name} is on record." for name in silent]
    notes += [
        "A stake is not on record; the ownership is taken for control."
        for e, decides in control
        if decides and any(f.type == "OWNS" and "stake" not in f.properties for f in e.facts)
    ][:1]
    return Organizational(
        verdict=verdict,
        why=_why(verdict, figure, [e for e, d in control if d], len(ties), one, other),
        figure=figure if known else None,
        figure_is="sum of 1 / log2(1 + members) over shared networks",
        decided_by=decided,
        evidence=[*(e for e, _ in control), *shown],
        left_out=left_out,
        notes=notes,
        shared=[ref for e in shown for ref in e.refs],
        owned=owned,
    )


def _shared(
    shared: SharedTie, one: Ref, other: Ref, facts: Mapping[tuple[str, str], list[Fact]]
) -> Evidence:
    parts, body = shared
    found = [f for firm in (one, other) for f in facts.get((firm.id, body.id), ())]
    held = []
    for firm in (one, other):
        mine = [f.properties for f in found if f.from_id == firm.id]
        said = [f"{p['tier']} member" for p in mine if "tier" in p]
        said += [f"since {short_date(p['since'])}" for p in mine if "since" in p]
        if said:
            held.append(f"{firm.name}: {', '.join(dict.fromkeys(said))}")
    more = f" – {'; '.join(held)}" if held else ""
    return told(
        f"Both belong to {body.name} ({parts.participants:,} members){more}.",
        adds=parts.specificity,
        arithmetic=f"1 / log2(1 + {parts.participants})",
        refs=[body],
        facts=found,
    )


def _control(reading: Reading, one: Ref, other: Ref) -> Iterable[tuple[Evidence, bool]]:
    """Ownership between the two or by the same firm, and whether it amounts to control."""
    least = reading.options.thresholds.control_stake
    owners: dict[str, dict[str, tuple[Ref, list[Fact]]]] = {}
    for firm in (one, other):
        for tied in reading.owners[firm.id]:
            of_firm = owners.setdefault(firm.id, {})
            of_firm.setdefault(tied.other.id, (tied.ref, []))[1].append(tied.fact)

    def controls(facts: list[Fact]) -> bool:
        # A stake that is not on record: a takeover is whole, and an owner is taken for one.
        stakes = [f.properties.get("stake", 1.0) for f in facts]
        return any(isinstance(s, int | float) and s >= least for s in stakes)

    for owner, owned in ((one, other), (other, one)):
        found = owners.get(owned.id, {}).get(owner.id)
        if found:
            stakes = [f.properties["stake"] for f in found[1] if "stake" in f.properties]
            part = f" {float(max(map(float, map(str, stakes)))):.0%} of" if stakes else ""
            verb = "took over" if all(f.type == "ACQUIRED" for f in found[1]) else "owns"
            yield (
                told(
                    f"{owner.name} {verb}{part} {owned.name}.",
                    refs=[owner, owned],
                    facts=found[1],
                ),
                controls(found[1]),
            )
    shared = owners.get(one.id, {}).keys() & owners.get(other.id, {}).keys()
    for id_ in sorted(shared):
        (ref, a), (_, b) = owners[one.id][id_], owners[other.id][id_]
        yield (
            told(f"{ref.name} owns a part of both.", refs=[ref], facts=[*a, *b]),
            controls(a) and controls(b),
        )


def _why(
    verdict: Verdict, figure: float, control: list[Evidence], shared: int, one: Ref, other: Ref
) -> str:
    if control:
        return f"{control[0].sentence.removesuffix('.')}: one house, not two partners."
    if verdict == "not known":
        return f"Too little is on record of the networks of {one.name} and {other.name}."
    if not shared:
        return f"{one.name} and {other.name} share no network that is on record."
    body = "network" if shared == 1 else "networks"
    meaning = {
        "too far": "so large or few that they say little",
        "too close": "so many and small that both move in the same circle",
    }.get(verdict, "enough for common references")
    return f"They share {shared} {body} ({figure:.2f}): {meaning}."
