"""Who in my network bridges to this partner: paths, and the actors to ask."""

from collections.abc import Iterable, Sequence

import numpy as np

from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.routes import Blocked, Found, Route, reach_without, strongest
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import (
    Path,
    Ref,
    SourceRef,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
)

from .answers import PathBuilder
from .cost import ask_costs
from .models import Bridge, BridgesResult, Dependents, PathsResult
from .question import Question, Who
from .rivalry import rivalries_of_bridges
from .sides import Description

# Ways on that are shown for each bridge.
PATHS_PER_BRIDGE = 3
NAMED_DEPENDENTS = 5


@as_known
def paths(
    explorer: Explorer,
    focal: Who,
    target: Who | Description,
    options: PathOptions | None = None,
    *,
    evidence: bool = True,
) -> PathsResult:
    """The strongest different chains of introductions between two actors, or two sides.

    Parameters
    ----------
    explorer : Explorer
    focal : str or sequence of str
        Who asks: firms or people, by id or by name; several are taken as one.
    target : str or sequence of str or Description
        Who is to be reached: the same, or a network (any of its members), or whoever fits.
    options : PathOptions, optional
    evidence : bool
        Without it only who is on each way and how strong each step is; no facts are read.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both sides share an actor, one of them is to be avoided, or nobody fits.
    """
    q = Question(explorer, focal, target, options or PathOptions())
    found = strongest(
        q.view,
        q.ends,
        max_steps=q.options.max_steps,
        k=q.options.limit,
        blocked=q.blocked,
        deadline=q.deadline,
    )
    ties = q.options.ties if evidence else 0
    build = PathBuilder(explorer, q.view, found.routes, q.blocked, ties)
    told = [build.path(r) for r in found.routes]
    return PathsResult(
        focal=q.focal,
        target=q.target,
        searched=q.searched(found.complete, found.routes),
        paths=told,
        sources=_sources(explorer, told),
        summary=q.summary(told, "way"),
    )


@as_known
def bridges(
    explorer: Explorer,
    focal: Who,
    target: Who | Description,
    options: PathOptions | None = None,
) -> BridgesResult:
    """Who can introduce the focal side to the target, strongest first.

    A bridge is the first actor on the way, the one to ask. Parameters and errors as in `paths`.
    """
    q = Question(explorer, focal, target, options or PathOptions())
    direct = strongest(q.view, q.ends, max_steps=1, k=1, blocked=q.blocked, deadline=q.deadline)
    first = Found([], complete=True)
    if q.options.max_steps > 1:
        first = strongest(
            q.view,
            q.ends,
            max_steps=q.options.max_steps,
            min_steps=2,
            k=q.options.limit,
            per_contact=1,
            blocked=q.blocked,
            deadline=q.deadline,
        )
    further, complete = _ways_on(q, first.routes)
    by_bridge = {r.actors[1]: [r, *further[r.actors[1]]] for r in first.routes}
    routes = [r for some in by_bridge.values() for r in some]
    build = PathBuilder(explorer, q.view, [*direct.routes, *routes], q.blocked, q.options.ties)
    told = {b: [build.path(r) for r in some] for b, some in by_bridge.items()}
    rivals = rivalries_of_bridges(explorer, q.options, [p for ways in told.values() for p in ways])
    depend = dependents(q, list(told))
    costs = ask_costs(q, {r.actors[1]: (r.actors[0], r.actors[2]) for r in first.routes})
    answer = [
        Bridge(
            actor=(ref := ways[0].actors[1]),
            strength=ways[0].strength,
            competes_with=rivals.get(ref.id, []),
            dependents=depend[b],
            cost=costs[b],
            paths=ways,
        )
        for b, ways in told.items()
    ]
    tie = build.path(direct.routes[0]) if direct.routes else None
    shown = [*([tie] if tie else []), *(p for b in answer for p in b.paths)]
    return BridgesResult(
        focal=q.focal,
        target=q.target,
        searched=q.searched(first.complete and complete, [*direct.routes, *first.routes]),
        direct=tie,
        bridges=answer,
        sources=_sources(explorer, shown),
        summary=q.summary([b.paths[0] for b in answer], "bridge", tie),
    )


def _ways_on(q: Question, best: Iterable[Route]) -> tuple[dict[int, list[Route]], bool]:
    """For each bridge, the next best ways on from it."""
    further: dict[int, list[Route]] = {}
    complete = True
    for route in best:
        focal, bridge = route.actors[:2]
        found = strongest(
            q.view,
            q.ends.on_from(q.view, focal, bridge),
            max_steps=q.options.max_steps - 1,
            k=PATHS_PER_BRIDGE,
            blocked=Blocked(q.blocked.actors | q.ends.focal, q.blocked.bodies),
            deadline=q.deadline,
        )
        ways = [Route((focal, *r.actors), r.strength) for r in found.routes]
        further[bridge] = [w for w in ways if w.actors != route.actors][: PATHS_PER_BRIDGE - 1]
        complete &= found.complete
    return further, complete


def dependents(q: Question, bridges: Sequence[int]) -> dict[int, Dependents]:
    """For each bridge, the firms that lose the target with it.

    They reach it within as many steps as are asked for, but not without this bridge. One search for
    all bridges, see `reach_without`.
    """
    labels = q.view.projection.names
    actors = q.view.projection.actors
    near = reach_without(q.view, q.ends.target, q.options.max_steps, q.blocked, bridges)
    near[list(q.ends.focal | q.ends.target)] = 0
    found = {}
    for n, bridge in enumerate(bridges):
        with_it = (near >> np.uint64(len(bridges))) & ~(near >> np.uint64(n)) & np.uint64(1)
        lost = (a for a in np.flatnonzero(with_it).tolist() if a != bridge)
        firms = sorted(
            (q.ref(a) for a in lost if labels[actors[a]].label == "Firm"),
            key=lambda r: (r.name, r.id),
        )
        found[bridge] = Dependents(count=len(firms), some=firms[:NAMED_DEPENDENTS])
    return found


def _sources(explorer: Explorer, told: Iterable[Path]) -> dict[str, SourceRef]:
    facts = (f.properties for p in told for s in p.steps for t in s.ties for f in t.facts)
    return sources_of(facts, explorer)


def subgraph_of_paths(result: PathsResult | BridgesResult) -> Subgraph:
    """The actors and steps of an answer as a picture: the focal actor in ring 0, and so on."""
    if isinstance(result, PathsResult):
        told = result.paths
        bridge_ids = {p.actors[1].id for p in told if p.length > 1}
    else:
        told = [p for b in result.bridges for p in b.paths]
        told += [result.direct] if result.direct else []
        bridge_ids = {b.actor.id for b in result.bridges}
    rings: dict[str, tuple[Ref, int]] = {}
    if not told:  # both ends at least, unless they are not actors
        rings |= {r.id: (r, n) for n, r in enumerate((result.focal, result.target))}
    last = max((p.length for p in told), default=1)
    starts = {p.actors[0].id for p in told} or {result.focal.id}
    goals = {p.actors[-1].id for p in told} or {result.target.id}
    edges: dict[tuple[str, str], SubgraphEdge] = {}
    for path in told:
        for ring, ref in enumerate(path.actors[:-1]):
            before = rings.get(ref.id, (ref, ring))[1]
            rings[ref.id] = ref, min(before, ring)
        rings[path.actors[-1].id] = path.actors[-1], last
        for step in path.steps:
            edges[step.from_.id, step.to.id] = SubgraphEdge(
                from_id=step.from_.id,
                to_id=step.to.id,
                type=step.ties[0].kind,
                strength=step.strength,
                properties={"sentences": [t.sentence for t in step.ties]},
            )

    def role(id_: str) -> str:
        if id_ in starts | goals:
            return "focal" if id_ in starts else "target"
        return "bridge" if id_ in bridge_ids else "intermediary"

    return Subgraph(
        focal=min(starts),
        nodes=[
            SubgraphNode(id=i, label=r.label, name=r.name, role=role(i), ring=n, properties={})
            for i, (r, n) in rings.items()
        ],
        edges=list(edges.values()),
        left_out={},
    )
