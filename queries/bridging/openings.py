"""No way is an answer too: what was searched, the nearest misses, and what would open a way."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.routes import strongest
from alliance_explorer.queries.graph.strengths import shortest_to, steps_from
from alliance_explorer.queries.graph.ties import DEFAULT_WEIGHTS, KINDS, PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Path, Ref, Step, Tie
from alliance_explorer.queries.wording import chain_sentence, readable

from .answers import PathBuilder
from .asked import Asked
from .conditions import Conditions
from .new_ties import Outcome, Prospects, strongest_memberships
from .reach_models import Approach, Asking, Change, NewTie, Opening, Openings, Relaxation
from .rivalry import rivals_among

LONGEST: Final = 6

Who: TypeAlias = Literal["focal", "contacts"]
Changes: TypeAlias = dict[Change, Any]


@as_known
def openings(
    explorer: Explorer,
    focal: str,
    target: str,
    options: PathOptions | None = None,
    *,
    who: Who = "focal",
) -> Openings:
    """What would open a way from one actor to another, or a stronger one than there is.

    Parameters
    ----------
    explorer : Explorer
    focal, target : str
        Firms or people, by id or by name.
    options : PathOptions, optional
        `limit` is the length of each list of openings.
    who : {'focal', 'contacts'}
        Who may join a network: the focal actor alone, or its strongest contacts as well.

    Returns
    -------
    Openings
        New memberships in every network that somebody else is in, and new alliances of the focal
        firm with every other firm but the target, as far as the way that they lead to is stronger
        than the best that there is. Each list holds the strongest there are.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both are the same actor, or one of them is to be avoided.

    Notes
    -----
    Exact while `searched.complete`: a new membership changes how specific the whole network is, so
    the best candidates (by a bound that no outcome exceeds) are tried out one after the other,
    until no other can be better.
    """
    if who not in ("focal", "contacts"):
        raise InvalidRequest(f"{who!r} cannot join; allowed: focal, contacts", "who")
    q = Asked(explorer, options or PathOptions(), focal, target)
    assert q.target is not None
    now = strongest(
        q.view,
        q.ends,
        max_steps=q.options.max_steps,
        k=1,
        blocked=q.blocked,
        deadline=q.deadline,
    )
    best = (
        PathBuilder(explorer, q.view, now.routes, q.blocked, q.options.ties).path(now.routes[0])
        if now.routes
        else None
    )
    strength = now.routes[0].strength if now.routes else 0.0
    approach = _approach(q)
    prospects = Prospects(q, contacts=who == "contacts", better_than=strength)
    memberships, tried_all = _memberships(q, prospects)
    alliances = _alliances(q, prospects)
    relaxations = [] if best else _relaxations(q, approach)
    together = None if best or relaxations else _together(q)
    told = [o.path for o in (*memberships, *alliances)]
    told += [r.path for r in (*relaxations, *([together] if together else []))]
    told += [best] if best else []
    facts = (f.properties for p in told for s in p.steps for t in s.ties for f in t.facts)
    shortest = approach.shortest
    within = shortest is not None and shortest <= q.options.max_steps
    complete = now.complete and prospects.complete and tried_all
    return Openings(
        focal=q.focal,
        target=q.target,
        searched=q.searched(shortest if within else None, complete),
        best=best,
        relaxations=relaxations,
        together=together,
        approach=approach,
        memberships=memberships,
        alliances=alliances,
        sources=sources_of(facts, explorer),
        summary=_summary(q, best, approach, relaxations, [*memberships, *alliances]),
    )


# --- how near they come ---------------------------------------------------------------------------


def _approach(q: Asked) -> Approach:
    steps, everybody = q.options.max_steps, len(q.view.projection.actors)
    ahead = steps_from(q.view, q.one, max_steps=everybody, blocked=q.blocked)
    behind = steps_from(q.view, q.other, max_steps=steps, blocked=q.blocked)

    def counts(distance: Any) -> list[int]:
        return [int((distance == n).sum()) for n in range(1, steps + 1)]

    shortest = int(ahead[q.other]) if ahead[q.other] > 0 else None
    chain = shortest_to(q.view, ahead, q.other, q.blocked) if shortest else ()
    projection = q.view.projection
    return Approach(
        from_focal=counts(ahead),
        from_target=counts(behind),
        shortest=shortest,
        missing=None if shortest is None else max(0, shortest - steps),
        chain=[projection.ref(projection.actors[a]) for a in chain],
    )


# --- conditions to let go -------------------------------------------------------------------------


def _relaxations(q: Asked, approach: Approach) -> list[Relaxation]:
    """Every condition that opens a way when it alone is let go; the strongest way first."""
    o = q.options
    tries: list[tuple[str, Changes]] = []
    if approach.shortest and o.max_steps < approach.shortest <= LONGEST:
        n = approach.shortest
        tries.append((f"allow {n} introductions", {"max_steps": n}))
    if not o.counts_ended:
        tries.append(("count ties that have ended, faded", {"ended": True}))
    if o.as_of:
        tries.append(("leave the day open", {"as_of": None, "ended": None}))
    if o.known_at:
        tries.append(("count what was recorded later as well", {"known_at": None}))
    missing = [k for k in KINDS if k not in o.kinds]
    for kind in missing:
        kinds = tuple(k for k in KINDS if k in o.kinds or k == kind)
        tries.append((f"go over {readable(kind)} as well", {"kinds": kinds}))
    for kind in o.kinds:
        if o.weight(kind) == 0:
            weights = {k: w for k, w in o.weights.items() if k != kind}
            text = f"give {readable(kind)} its weight of {DEFAULT_WEIGHTS[kind]:g}"
            tries.append((text, {"weights": weights}))
    for ref in q.conditions.avoid:
        rest = tuple(r.id for r in q.conditions.avoid if r.id != ref.id)
        tries.append((f"let {ref.name} be on the way", {"avoid": rest}))
    for end in o.avoid_competitors_of:
        whose = {"focal": q.focal, "target": q.target}[end]
        assert whose is not None
        others = tuple(e for e in o.avoid_competitors_of if e != end)
        text = f"let competitors of {whose.name} be on the way"
        tries.append((text, {"avoid_competitors_of": others}))
    if o.max_shared:
        tries.append(("go over larger networks and alliances too", {"max_shared": None}))
    if o.min_confidence > 0:
        tries.append(("count less certain facts as well", {"min_confidence": 0.0}))
    found = [r for text, changes in tries if (r := _relaxed(q, text, changes))]
    if len(missing) > 1 and not found:
        every = _relaxed(q, "go over every kind of tie", {"kinds": KINDS})
        found += [every] if every else []
    return sorted(found, key=lambda r: (-r.path.strength, r.text))


def _together(q: Asked) -> Relaxation | None:
    """Let all conditions go at once."""
    o = q.options
    usual = PathOptions(max_steps=LONGEST)
    all_: Changes = {
        "max_steps": LONGEST,
        "kinds": usual.kinds,
        "weights": {k: w for k, w in o.weights.items() if w > 0},
        "ended": None,
        "as_of": None,
        "known_at": None,
        "avoid": (),
        "avoid_competitors_of": (),
        "max_shared": None,
        "min_confidence": 0.0,
    }
    changes = {name: value for name, value in all_.items() if getattr(o, name) != value}
    return _relaxed(q, "let all conditions go", changes) if len(changes) > 1 else None


def _relaxed(q: Asked, text: str, changes: Mapping[Change, Any]) -> Relaxation | None:
    """The strongest way under other conditions, if there is one."""
    options = q.options.model_copy(update={str(c): v for c, v in changes.items()})
    view = q.explorer.view(options)
    c = q.conditions
    blocked = Conditions.of(q.explorer, view, options, c.focal, c.target).blocked
    found = strongest(
        view, q.ends, max_steps=options.max_steps, k=1, blocked=blocked, deadline=q.deadline
    )
    if not found.routes:
        return None
    path = PathBuilder(q.explorer, view, found.routes, blocked, q.options.ties).path(
        found.routes[0]
    )
    return Relaxation(
        changes=[c for c in changes if getattr(q.options, c) != changes[c]],
        text=text[0].upper() + text[1:],
        options=dict(_asked_so(c, value) for c, value in changes.items()),
        path=path,
    )


def _asked_so(change: Change, value: Any) -> tuple[str, Asking]:
    """An option as the parameter of a request."""
    if change == "weights":
        return "weight", [f"{kind}:{w:g}" for kind, w in value.items()]
    return change, list(value) if isinstance(value, tuple) else value


# --- new ties -------------------------------------------------------------------------------------


def _memberships(q: Asked, prospects: Prospects) -> tuple[list[Opening], bool]:
    """The memberships with the strongest outcomes, and whether no better one can be missing."""
    found, complete = strongest_memberships(q, prospects)
    told = [_openings(q, [outcome]) for outcome in found]
    strongest_told = _strongest(list(itertools.chain.from_iterable(told)), q.options.limit)
    return _with_rivals(q, strongest_told), complete


def _alliances(q: Asked, prospects: Prospects) -> list[Opening]:
    p = q.view.projection

    def key(found: tuple[float, Any]) -> tuple[float, str]:
        return -float(f"{found[0]:.12g}"), p.names[p.actors[found[1].firm]].name.casefold()

    ideas = sorted(prospects.alliances(), key=key)[: q.options.limit]
    told = _openings(q, prospects.allied([idea for _, idea in ideas])) if ideas else []
    return _with_rivals(q, _strongest(told, q.options.limit))


def _with_rivals(q: Asked, told: Sequence[Opening]) -> list[Opening]:
    """The same, with those marked who compete with either end."""
    ends = [q.focal, *([q.target] if q.target else [])]
    met = {o.meets.id: o.meets for o in told}
    rivals = rivals_among(q.explorer, q.options, met.values(), ends)
    return [o.model_copy(update={"competes_with": rivals.get(o.meets.id, [])}) for o in told]


def _strongest(told: Sequence[Opening], limit: int) -> list[Opening]:
    return sorted(
        told,
        key=lambda o: (-float(f"{o.strength:.12g}"), o.length, o.join.name.casefold(), o.who.name),
    )[:limit]


def _openings(q: Asked, outcomes: Sequence[Outcome]) -> list[Opening]:
    """What comes of new ties, in one view; their facts are fetched at once."""
    build = PathBuilder(q.explorer, outcomes[0].view, [o.route for o in outcomes], q.blocked)
    return [_opening(outcome, build.path(outcome.route)) for outcome in outcomes]


def _opening(outcome: Outcome, found: Path) -> Opening:
    """The way that a new tie leads to, told so that nobody takes the tie for a fact."""
    p = outcome.view.projection
    idea = outcome.idea
    who = p.ref(p.actors[idea.who])
    shared = p.ref(p.bodies[outcome.body])
    join = p.ref(p.actors[idea.firm]) if idea.firm >= 0 else shared
    steps = [_imagined(step, who, shared) for step in found.steps]
    told = chain_sentence([_new_first(step, who, shared) for step in steps])
    path = found.model_copy(update={"steps": steps, "sentence": told, "ask": told})
    step, tie = next((s, t) for s in steps if (t := _tie_over(s, who, shared)))
    return Opening(
        who=who,
        join=join,
        new=NewTie(
            kind=tie.kind,
            weight=tie.weight,
            recency=tie.recency,
            repetition=tie.repetition,
            dealings=tie.dealings,
            specificity=tie.specificity,
            participants=tie.participants,
            strength=tie.strength,
        ),
        strength=path.strength,
        length=path.length,
        competes_with=[],
        meets=step.to if step.from_ == who else step.from_,
        path=path,
    )


def _tie_over(step: Step, who: Ref, shared: Ref) -> Tie | None:
    """The tie of a step that who joined has, or has anew."""
    if who not in (step.from_, step.to):
        return None
    return next((t for t in step.ties if t.shared == shared), None)


def _imagined(step: Step, who: Ref, shared: Ref) -> Step:
    """A step with the new tie, if it is on it, told as what would be."""
    tie = _tie_over(step, who, shared)
    if tie is None:
        return step
    if tie.kind == "alliance":
        sentence = f"{step.from_.name} would be allied with {step.to.name}."
    else:
        count = f"{tie.participants:,} members"
        sentence = f"{step.from_.name} would, in {shared.name} ({count}), meet {step.to.name}."
    imagined = tie.model_copy(update={"sentence": sentence})
    ties = [imagined if t is tie else t for t in step.ties]
    return step.model_copy(update={"ties": ties})


def _new_first(step: Step, who: Ref, shared: Ref) -> Step:
    """The step for a sentence: what would be comes before what is."""
    if who not in (step.from_, step.to):
        return step
    return step.model_copy(update={"ties": sorted(step.ties, key=lambda t: t.shared != shared)})


def _summary(
    q: Asked,
    best: Path | None,
    approach: Approach,
    relaxations: Sequence[Relaxation],
    found: Sequence[Opening],
) -> str:
    """The answer in a sentence or two."""
    o, target = q.options, q.target.name if q.target else ""
    if best:
        text = f"There is a way already{q.when}: {best.sentence}"
    else:
        text = (
            f"No way from {q.focal.name} to {target} within {o.max_steps} introductions over "
            f"{', '.join(o.kinds)}{q.when}."
        )
        if approach.shortest:
            text += f" The shortest takes {approach.shortest}."
        elif not relaxations:
            text += " Nothing on record connects them."
    if found:
        first = max(found, key=lambda x: x.strength)
        what = "be stronger" if best else "open"
        text += f" The strongest that would {what}, {first.strength:.2g}: {first.path.sentence}"
    elif not best:
        text += " No single new membership or alliance would open one."
    return text
