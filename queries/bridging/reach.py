"""What can I reach: everybody whom an introduction leads to, counted, and the best bridge to each.

The counts take one breadth-first search. Strengths are found for the page that is listed alone, and
exactly (`strengths`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from alliance_explorer.engine import Edge
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.projection import Floats, Ints
from alliance_explorer.queries.graph.routes import Route
from alliance_explorer.queries.graph.strengths import chain_to, kth, steps_from, strengths_from
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Path
from alliance_explorer.queries.search import decode_cursor, encode_cursor
from alliance_explorer.queries.wording import readable

from .answers import PathBuilder
from .asked import Asked
from .groups import NOT_RECORDED, Choice, FirmGroups, Mask
from .reach_models import Counted, Counts, Group, Reached, ReachResult, Rival
from .rivalry import rivals_among

NOBODY_IN_PARTICULAR = Choice()


@as_known
def reach(
    explorer: Explorer,
    focal: str,
    options: PathOptions | None = None,
    *,
    steps: int | None = None,
    choice: Choice = NOBODY_IN_PARTICULAR,
    cursor: str | None = None,
) -> ReachResult:
    """Everybody whom an actor is not tied to yet and can be introduced to.

    Parameters
    ----------
    explorer : Explorer
    focal : str
        Firm or person, by id or by name.
    options : PathOptions, optional
        `limit` is the length of a page.
    steps : int, optional
        Only those whose shortest chain has exactly so many introductions, from 2 to `max_steps`.
    choice : Choice
        Only firms of this kind.
    cursor : str, optional
        `next_cursor` of the page before.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        A filter that does not exist, or a cursor that no page gave.

    Notes
    -----
    The strongest chain may be longer than the shortest; both are told. A page costs less the
    earlier it is: those are passed over through whom nobody can come up to the last one on it.
    """
    q = Asked(explorer, options or PathOptions(), focal)
    if steps is not None and not 2 <= steps <= q.options.max_steps:
        raise InvalidRequest(
            f"steps has to be from 2 to {q.options.max_steps}, the longest chain", "steps"
        )
    start = decode_cursor(cursor)
    distance = steps_from(q.view, q.one, max_steps=q.options.max_steps, blocked=q.blocked)
    groups = FirmGroups(explorer, q.view, q.options)
    group, masks = groups.masks(choice)
    new: Mask = distance > 1
    if steps is not None:
        masks["steps"] = distance == steps
    wanted = _all(new, masks.values())
    total = int(wanted.sum())
    page: list[Reached] = []
    complete = True
    if start < total:
        page, complete = _page(q, groups, distance, wanted, start)
    shortest = int(distance[new].min()) if new.any() else None
    facts: list[Mapping[str, object]] = [
        f.properties for p in page for s in p.path.steps for t in s.ties for f in t.facts
    ]
    facts += [e.properties for p in page for e in _offers(q, groups, p.actor.id).values()]
    tied = int((distance == 1).sum())
    more = start + len(page) < total and bool(page)
    return ReachResult(
        focal=q.focal,
        searched=q.searched(shortest, complete),
        group=group,
        steps=steps,
        tied=tied,
        reachable=int(new.sum()),
        total=total,
        counts=_counts(q, groups, new, distance, masks),
        reached=page,
        next_cursor=encode_cursor(start + len(page)) if more else None,
        sources=sources_of(facts, explorer),
        summary=_summary(q, distance, group, total, page if start == 0 else []),
    )


def _all(new: Mask, masks: Iterable[Mask]) -> Mask:
    wanted = new.copy()
    for mask in masks:
        wanted &= mask
    return wanted


def _page(
    q: Asked, groups: FirmGroups, distance: Ints, wanted: Mask, start: int
) -> tuple[list[Reached], bool]:
    """The page that begins at `start`, and whether nothing was cut off."""
    end = min(start + q.options.limit, int(wanted.sum()))
    found = strengths_from(
        q.view,
        q.one,
        max_steps=q.options.max_steps,
        blocked=q.blocked,
        deadline=q.deadline,
        matters=lambda strengths, left: kth(strengths[wanted], end),
    )
    chosen = _ranked(q, wanted, found.within[-1])[start:end]
    chosen = [a for a in chosen if found.within[-1][a] > 0]  # else the search was cut off
    routes = [
        Route(chain_to(q.view, found, a, q.blocked), float(found.within[-1][a])) for a in chosen
    ]
    build = PathBuilder(q.explorer, q.view, routes, q.blocked, q.options.ties)
    paths = [build.path(r) for r in routes]
    bridges = {p.actors[1].id: p.actors[1] for p in paths}
    ends = {r.id: r for r in (q.focal, *(p.actors[-1] for p in paths))}
    rivals = rivals_among(q.explorer, q.options, bridges.values(), ends.values())
    return [_reached(q, groups, distance, p, rivals) for p in paths], found.complete


def _ranked(q: Asked, wanted: Mask, strengths: Floats) -> list[int]:
    """Strongest first; equals by name, then id."""
    projection = q.view.projection

    def key(actor: int) -> tuple[float, str, str]:
        id_ = projection.actors[actor]
        name = projection.names[id_].name.casefold()
        return -float(f"{strengths[actor]:.12g}"), name, id_

    return sorted((int(a) for a in np.flatnonzero(wanted)), key=key)


def _reached(
    q: Asked,
    groups: FirmGroups,
    distance: Ints,
    path: Path,
    rivals: Mapping[str, list[Rival]],
) -> Reached:
    projection = q.view.projection
    bridge, actor = path.actors[1], path.actors[-1]
    ends = (q.focal, actor)
    index = projection.actor_index[actor.id]
    return Reached(
        actor=actor,
        steps=int(distance[index]),
        country=groups.countries.get(index),
        actor_type=groups.types.get(index),
        offers=[projection.ref(c) for c in sorted(_offers(q, groups, actor.id))],
        bridge=bridge,
        competes_with=[r for r in rivals.get(bridge.id, ()) if r.actor in ends],
        strength=path.strength,
        path=path,
    )


def _offers(q: Asked, groups: FirmGroups, actor: str) -> Mapping[str, Edge]:
    return groups.offers.get(q.view.projection.actor_index[actor], {})


def _counts(
    q: Asked, groups: FirmGroups, new: Mask, distance: Ints, masks: Mapping[str, Mask]
) -> Counts:
    projection = q.view.projection
    firms = groups.firms

    def but(name: str) -> Ints:
        """Those who pass every filter but one."""
        passing = _all(new, [m for n, m in masks.items() if n != name])
        return np.flatnonzero(passing).astype(np.int32)

    def of_firms(name: str, values: Mapping[int, Iterable[str]]) -> list[Counted]:
        number: Counter[str] = Counter()
        for actor in but(name):
            if firms[actor]:
                number.update(list(values.get(int(actor)) or (NOT_RECORDED,)))
        return _counted(q, number)

    labels = Counter(projection.names[projection.actors[a]].label for a in but("label"))
    return Counts(
        steps=[
            Counted(value=str(n), name=f"{n} introductions", number=int(c))
            for n, c in sorted(Counter(distance[but("steps")].tolist()).items())
        ],
        label=_counted(q, labels),
        country=of_firms("country", {f: (c,) for f, c in groups.countries.items()}),
        actor_type=of_firms("actor_type", {f: (t,) for f, t in groups.types.items()}),
        capability=of_firms("capability", groups.offers),
    )


def _counted(q: Asked, number: Counter[str]) -> list[Counted]:
    """Most first, and what is not recorded last."""
    names = q.view.projection.names
    found = [
        Counted(value=v, name=names[v].name if v in names else readable(v), number=n)
        for v, n in number.items()
    ]
    return sorted(found, key=lambda c: (c.value == NOT_RECORDED, -c.number, c.name))


def _summary(q: Asked, distance: Ints, group: Group, total: int, page: list[Reached]) -> str:
    """The answer in a sentence or two."""
    tied, new = int((distance == 1).sum()), int((distance > 1).sum())
    text = (
        f"{q.focal.name} is tied to {_actors(tied)}{q.when}, and can be introduced to {new:,} more "
        f"within {q.options.max_steps} introductions."
    )
    said = described(group)
    if said:
        text += f" {total:,} of them: {said}."
    if page:
        first = page[0]
        text += f" The strongest chain leads over {first.bridge.name} to {first.actor.name}."
    return text


def _actors(number: int) -> str:
    return f"{number:,} {'actor' if number == 1 else 'actors'}"


def described(group: Group) -> str:
    """A group of firms in words; empty if it is everybody."""
    parts = []
    if group.actor_type:
        parts.append(f"place in the industry {readable(group.actor_type)}")
    if group.country:
        parts.append(f"country {group.country}")
    if group.capability:
        parts.append(f"offering {group.capability.name}")
    if group.network:
        parts.append(f"in {group.network.name}")
    return ", ".join(parts)
