"""Is this candidate one for the portfolio: conflicts, fit, what it adds and what it duplicates.

The checks are those of a portfolio capability [Hoffmann 2007; Kale & Singh 2007].
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from alliance_explorer.engine import Edge, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of, sources_of
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Entity, Fact, Ref
from alliance_explorer.queries.profile import entity
from alliance_explorer.queries.sizes import size_class
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED
from alliance_explorer.queries.validity import known, within
from alliance_explorer.queries.wording import span

from .conflicts import conflicts
from .ego_structure import FirmTies
from .firm_facts import FirmFacts
from .scenario import MAX_LISTED, Scene, Suppositions, listed
from .scenario_models import Candidate, Conflict, Held, Statement
from .standing import Asked, counted, told, ways_to

CLASSES: Final = ("micro", "small", "medium", "large")
# Our rule: up to so many times the employees, two firms are of like power; from so many, not.
ALIKE, APART = 5.0, 20.0
Says = Literal["for", "against", "neutral", "not known"]


@as_known
def candidate(
    explorer: Explorer,
    firm: str,
    other: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    max_steps: int = 2,
) -> Candidate:
    """Check a candidate for the portfolio of a firm.

    What an alliance with it would bring is the scenario `allies` of `scenario.what_if`. Each
    statement on compatibility says what it rests on, or that nothing is recorded; they are not
    added up.

    Parameters
    ----------
    explorer : Explorer
    firm, other : str
        The firm and the candidate, by id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    max_steps : int
        How far reach is counted, in introductions.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    asked = Asked.of(explorer, firm, as_of, known_at, max_steps)
    focal = asked.focal
    ref = explorer.resolve(other, ("Firm",), "candidate")
    if ref.id == focal.id:
        raise InvalidRequest(f"{focal.name} is no candidate for itself", "candidate")
    scene = Scene(asked, Suppositions(allies=(ref.id,)))
    before, after = scene.before(in_short=True), scene.after(in_short=True)
    facts, view = scene.facts, scene.view
    found = [
        c for c in conflicts(scene.facts_after, focal.id) if ref.id in [r.id for r in c.between]
    ]
    had = {h.key for h in before.standing.capabilities}
    if ref.id in facts.partners(focal.id):  # what the others bring without it
        had = {
            h.key
            for h in before.standing.capabilities
            if h.own or [r.id for r in h.providers] != [ref.id]
        }
    offered = told(facts, [o for o in facts.offers if o.firm == ref.id], focal.id)
    needs = {n.key for n in facts.needs if n.firm == focal.id}
    adds = [h for h in offered if h.key not in had]
    won = after.reached - before.reached
    shared, redundancy = _overlap(view, focal.id, ref.id)
    compatibility = _compatibility(asked, facts, view, ref)
    used = [f.properties for c in found for f in c.facts]
    used += [f.properties for h in offered for f in h.facts]
    used += [f.properties for s in compatibility for f in s.facts]
    return Candidate(
        focal=focal,
        candidate=facts.firms[ref.id],
        as_of=as_of,
        known_at=known_at,
        reference_date=asked.reference,
        max_steps=max_steps,
        ally_already=ref.id in facts.partners(focal.id),
        conflicts=found,
        compatibility=compatibility,
        adds=adds,
        fills=[h for h in adds if h.key in needs],
        duplicates=[h for h in offered if h.key in had],
        new_reach=listed(asked, won),
        new_reach_total=len(won),
        shared_contacts=shared[:MAX_LISTED],
        redundancy=redundancy,
        before=before.standing.structure,
        after=after.standing.structure,
        sources=sources_of(used, explorer),
        summary=_summary(asked, ref, found, adds, len(offered), compatibility, len(won)),
    )


def _overlap(view: View, focal: str, other: str) -> tuple[list[Ref], float | None]:
    """Firms tied to both, and which part of the other's contacts they are."""
    p = view.projection
    rows = FirmTies(view).rows(np.array([p.actor_index[focal], p.actor_index[other]], np.int32))
    mine, theirs = (
        {p.actors[a] for a in rows.indices[rows.indptr[k] : rows.indptr[k + 1]]} for k in (0, 1)
    )
    theirs -= {focal}
    both = sorted((p.ref(i) for i in mine & theirs), key=lambda r: (r.name.casefold(), r.id))
    return both, len(both) / len(theirs) if theirs else None


# --- compatibility --------------------------------------------------------------------------------


def _compatibility(asked: Asked, facts: FirmFacts, view: View, ref: Ref) -> list[Statement]:
    one, other = facts.firms[asked.focal.id], facts.firms[ref.id]
    return [
        _sizes(one, other),
        _power(one, other),
        _place(one, other),
        _networks(asked, view, ref),
        _earlier(asked, ref),
        _common(asked, view, ref),
        _introduction(asked, view, ref),
    ]


def _sizes(one: Entity, other: Entity) -> Statement:
    a, b = size_class(one.properties), size_class(other.properties)
    if a not in CLASSES or b not in CLASSES:
        whose = [e.name for e, c in ((one, a), (other, b)) if c not in CLASSES]
        return _say("size", "not known", f"The size of {' and '.join(whose)} is not recorded.")
    apart = abs(CLASSES.index(a) - CLASSES.index(b))
    says: Says = "for" if apart == 0 else "neutral" if apart == 1 else "against"
    return _say("size", says, f"{one.name} is {a}, {other.name} is {b}.")


def _power(one: Entity, other: Entity) -> Statement:
    a, b = one.properties.get("employees"), other.properties.get("employees")
    if not isinstance(a, int) or not isinstance(b, int) or min(a, b) < 1:
        return _say("power", "not known", "The numbers of employees are not both recorded.")
    ratio = max(a, b) / min(a, b)
    says: Says = "for" if ratio <= ALIKE else "neutral" if ratio < APART else "against"
    return _say(
        "power", says, f"{one.name} has {a:,} employees, {other.name} {b:,}: {ratio:.1f} times."
    )


def _place(one: Entity, other: Entity) -> Statement:
    a, b = one.properties.get("country"), other.properties.get("country")
    if not a or not b:
        return _say("place", "not known", "The countries are not both recorded.")
    if a == b:
        return _say("place", "for", f"Both are in {a}.")
    return _say("place", "neutral", f"{one.name} is in {a}, {other.name} in {b}.")


def _networks(asked: Asked, view: View, ref: Ref) -> Statement:
    p = view.projection
    ties = view.ties(p.actor_index[asked.focal.id], p.actor_index[ref.id], frozenset())
    shared = [t for t in ties if t.kind == "membership"]
    if not shared:
        return _say("shared networks", "neutral", "They share no network on record.")
    close = any(t.participants <= LARGEST_SHARED for t in shared)
    refs = [p.ref(p.bodies[t.body]) for t in shared]
    names = ", ".join(
        f"{r.name} ({t.participants:,} members)" for r, t in zip(refs[:5], shared, strict=False)
    )
    more = f" and {len(refs) - 5} more" if len(refs) > 5 else ""
    rows = run(
        asked.explorer.engine,
        "memberships_of",
        actors=sorted((asked.focal.id, ref.id)),
        bodies=sorted(r.id for r in refs),
    )
    facts = []
    for row in rows:
        edge, body = row["r"], row["body"]
        assert isinstance(edge, Edge) and isinstance(body, Node)
        if asked.reader.counts(edge):
            facts.append(fact_of(edge, str(row["actor"]), body.id))
    says: Says = "for" if close else "neutral"
    return _say("shared networks", says, f"Both are in {names}{more}.", refs, facts)


def _earlier(asked: Asked, ref: Ref) -> Statement:
    """Alliances of both, ended ones included."""
    shared: dict[str, dict[str, Node]] = {}
    facts = []
    rows = run(asked.explorer.engine, "alliances_of", ids=sorted((asked.focal.id, ref.id)))
    for row in rows:
        node, edge = row["alliance"], row["r"]
        assert isinstance(node, Node) and isinstance(edge, Edge)
        begun = within(node.properties.get("start"), None, asked.reference)
        if begun and known(edge.properties, asked.known_at):
            shared.setdefault(node.id, {})[str(row["firm"])] = node
            facts.append(fact_of(edge, str(row["firm"]), node.id))
    both = [next(iter(firms.values())) for _, firms in sorted(shared.items()) if len(firms) == 2]
    if not both:
        return _say("earlier alliances", "neutral", "They have had no alliance on record.")
    outcomes = [str(n.properties.get("outcome")) for n in both]
    says: Says = "against" if "failure" in outcomes and "success" not in outcomes else "for"
    refs = [Ref(id=n.id, label="Alliance", name=entity(n).name) for n in both]
    parts = []
    for node in both[:5]:
        start, end = node.properties.get("start"), node.properties.get("end")
        when = span(
            start if isinstance(start, dt.date) else None,
            end if isinstance(end, dt.date) else None,
            asked.reference,
        )
        details = [d for d in (when, str(node.properties.get("outcome", ""))) if d]
        parts.append(entity(node).name + (f" ({', '.join(details)})" if details else ""))
    more = f" and {len(both) - 5} more" if len(both) > 5 else ""
    mine = [f for f in facts if f.to_id in {n.id for n in both}]
    return _say("earlier alliances", says, f"They share {', '.join(parts)}{more}.", refs, mine)


def _common(asked: Asked, view: View, ref: Ref) -> Statement:
    shared, _ = _overlap(view, asked.focal.id, ref.id)
    if not shared:
        return _say("common contacts", "neutral", "No firm is tied to both.")
    names = ", ".join(r.name for r in shared[:5])
    more = f" and {len(shared) - 5} more" if len(shared) > 5 else ""
    return _say("common contacts", "for", f"Tied to both: {names}{more}.", shared[:MAX_LISTED])


def _introduction(asked: Asked, view: View, ref: Ref) -> Statement:
    """The best way to the candidate; parallel ones are the question of `bridges`."""
    p = view.projection
    one, other = p.actor_index[asked.focal.id], p.actor_index[ref.id]
    ways, _ = ways_to(view, one, other, asked)
    if not ways:
        return _say(
            "introduction", "neutral", f"No way leads there in {asked.max_steps} introductions."
        )
    best = ways[0]
    chain = " – ".join(r.name for r in best.actors)
    return _say("introduction", "for", f"{chain}, strength {best.strength:.4f}.", best.actors[1:-1])


def _say(
    aspect: str,
    says: Says,
    sentence: str,
    others: Sequence[Ref] = (),
    facts: Sequence[Fact] = (),
) -> Statement:
    ordered = sorted(facts, key=lambda f: (f.to_id, f.from_id, str(f.properties.get("id"))))
    return Statement(
        aspect=aspect, says=says, sentence=sentence, others=list(others), facts=ordered
    )


def _summary(
    asked: Asked,
    ref: Ref,
    found: Sequence[Conflict],
    adds: Sequence[Held],
    offered: int,
    compatibility: Sequence[Statement],
    won: int,
) -> str:
    stated = sum(not c.inferred for c in found)
    parts = [f"{ref.name} as a partner of {asked.focal.name}:"]
    if found:
        inferred = len(found) - stated
        parts.append(f"{counted(stated, 'stated conflict')}, {inferred} inferred;")
    else:
        parts.append("no conflict on record;")
    weighed = {s: sum(c.says == s for c in compatibility) for s in ("for", "against")}
    parts.append(f"{counted(weighed['for'], 'point')} for the fit, {weighed['against']} against;")
    parts.append(
        f"adds {len(adds)} of {counted(offered, 'capability', 'capabilities')} on record for it;"
        if offered
        else "no capability of it is on record;"
    )
    steps = counted(asked.max_steps, "introduction")
    parts.append(f"opens {counted(won, 'firm')} more within {steps}.")
    return " ".join(parts)
