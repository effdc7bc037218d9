"""Single points of failure: without whom, or what, a target or a group is out of reach."""

from collections import defaultdict
from typing import Final

import numpy as np

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.must import body_node, on_every_way
from alliance_explorer.queries.graph.projection import Ints, Projection
from alliance_explorer.queries.graph.routes import Route
from alliance_explorer.queries.graph.strengths import shortest_to, steps_from
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Path, Ref

from .answers import PathBuilder
from .asked import Asked
from .groups import Choice, FirmGroups
from .reach import described
from .reach_models import Group, WeakPoint, WeakPoints

# Most of those who would be lost that are named for each weak point.
NAMED: Final = 20
ANYBODY: Final = Choice()


@as_known
def weak_points(
    explorer: Explorer,
    focal: str,
    options: PathOptions | None = None,
    *,
    target: str | None = None,
    choice: Choice = ANYBODY,
) -> WeakPoints:
    """Firms, people, networks and alliances whose loss puts somebody out of reach.

    Parameters
    ----------
    explorer : Explorer
    focal : str
        Firm or person, by id or by name.
    options : PathOptions, optional
        `limit` is the longest list of weak points.
    target : str, optional
        One firm or person who is to stay in reach.
    choice : Choice
        Else a group of firms; without either, every firm.

    Returns
    -------
    WeakPoints
        Whoever lies on every way of at most `max_steps` to at least one of them. Nobody is a weak
        point for their own reach: a firm of the group counts as one only for the others.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both a target and a group, or a group that does not exist.

    Notes
    -----
    Exact, see `must`: one search for all of the group, whatever its size.
    """
    q = Asked(explorer, options or PathOptions(), focal, target)
    if target is not None and choice.anything:
        raise InvalidRequest("ask for one target or for a group, not for both", "target")
    group = Group(country=None, actor_type=None, capability=None, network=None)
    if target is not None:
        wanted = np.zeros(len(q.view.projection.actors), dtype=bool)
        wanted[q.other] = True
    else:
        groups = FirmGroups(explorer, q.view, q.options)
        group, masks = groups.masks(choice)
        wanted = groups.firms
        for mask in masks.values():
            wanted &= mask
    must = on_every_way(q.view, q.one, max_steps=q.options.max_steps, blocked=q.blocked)
    members = [int(a) for a in np.flatnonzero(wanted) if int(a) in must]
    losses: defaultdict[int, list[int]] = defaultdict(list)
    for member in members:
        for node in must[member]:
            losses[node].append(member)
    steps = steps_from(q.view, q.one, max_steps=q.options.max_steps, blocked=q.blocked)
    points = _points(q, losses, members, steps)
    facts = (f.properties for p in points for s in p.example.steps for t in s.ties for f in t.facts)
    return WeakPoints(
        focal=q.focal,
        target=q.target,
        group=group,
        searched=q.searched(min((int(steps[m]) for m in members), default=None), complete=True),
        in_reach=len(members),
        safe=sum(not must[m] for m in members),
        total=len(losses),
        points=points,
        sources=sources_of(facts, explorer),
        summary=_summary(q, group, len(members), len(losses), points),
    )


def _points(
    q: Asked, losses: dict[int, list[int]], members: list[int], steps: Ints
) -> list[WeakPoint]:
    projection, inside = q.view.projection, set(members)

    def loses_all(node: int) -> bool:
        return len(losses[node]) == len(inside) - (node in inside)

    def key(node: int) -> tuple[bool, int, str, str]:
        ref = _ref(projection, node)
        return not loses_all(node), -len(losses[node]), ref.name.casefold(), ref.id

    chosen = sorted(losses, key=key)[: q.options.limit]
    lost = {n: sorted(losses[n], key=lambda a: _name_key(projection, a)) for n in chosen}
    routes = {
        n: Route(shortest_to(q.view, steps, some[0], q.blocked), 1.0) for n, some in lost.items()
    }
    build = PathBuilder(q.explorer, q.view, list(routes.values()), q.blocked, q.options.ties)
    points = [
        WeakPoint(
            without=_ref(projection, n),
            loses=len(lost[n]),
            loses_all=loses_all(n),
            lost=[projection.ref(projection.actors[a]) for a in lost[n][:NAMED]],
            example=build.path(routes[n]),
        )
        for n in chosen
    ]
    if q.target:  # all of them are on one way: in its order
        points.sort(key=lambda p: _place(p.example, p.without))
    return points


def _ref(projection: Projection, node: int) -> Ref:
    if node < 0:
        return projection.ref(projection.bodies[body_node(node)])
    return projection.ref(projection.actors[node])


def _name_key(projection: Projection, actor: int) -> tuple[str, str]:
    id_ = projection.actors[actor]
    return projection.names[id_].name.casefold(), id_


def _place(path: Path, ref: Ref) -> float:
    """Where on a way an actor or a body is."""
    for n, actor in enumerate(path.actors):
        if actor.id == ref.id:
            return n
    for n, step in enumerate(path.steps):
        if any(t.shared and t.shared.id == ref.id for t in step.ties):
            return n + 0.5
    return len(path.actors)


def _summary(q: Asked, group: Group, in_reach: int, total: int, points: list[WeakPoint]) -> str:
    """The answer in a sentence or two."""
    said = described(group)
    whom = q.target.name if q.target else f"firms ({said})" if said else "firms"
    within = f"within {q.options.max_steps} introductions{q.when}"
    if not in_reach:
        nobody = f"{q.target.name} is not" if q.target else f"No {whom} are"
        return f"{nobody} in reach of {q.focal.name} {within}."
    start = (
        f"{q.focal.name} can reach {whom}"
        if q.target
        else (f"{q.focal.name} can reach {in_reach:,} {whom}")
    )
    if not points:
        them = "it" if q.target else "any of them"
        return f"{start} {within}, and no single loss puts {them} out of reach."
    first = points[0]
    if first.loses_all:
        names = [p.without.name for p in points if p.loses_all]
        verb = "lies" if len(names) == 1 else "lie"
        return f"{start} {within}; {_listed(names)} {verb} on every way{_all_of(q, in_reach)}."
    return (
        f"{start} {within}. No single loss puts all of them out of reach, but each of {total:,} "
        f"puts some: without {first.without.name}, {first.loses:,} are lost."
    )


def _all_of(q: Asked, in_reach: int) -> str:
    return " there" if q.target else " to it" if in_reach == 1 else " to all of them"


def _listed(names: list[str]) -> str:
    shown = names[:3]
    if len(names) > 3:
        return f"{', '.join(shown)} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
