"""Who in my network bridges to this partner: paths, and the actors to ask."""

import time
from collections import defaultdict
from collections.abc import Iterable

from alliance_explorer.errors import InvalidRequest

from .answers import PathBuilder, sources_of
from .explorer import Explorer
from .library import run
from .models import (
    Bridge,
    BridgesResult,
    Path,
    PathsResult,
    Ref,
    Searched,
    SourceRef,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
)
from .routes import Blocked, Found, Route, hops, strongest
from .ties import PathOptions
from .validity import holds
from .view import View

# Time for all searches of one question, s; what was found by then is told as incomplete.
MAX_SECONDS = 8.0
# Ways on that are shown for each bridge.
PATHS_PER_BRIDGE = 3
ACTORS = ("Firm", "Person")


def paths(
    explorer: Explorer, focal: str, target: str, options: PathOptions | None = None
) -> PathsResult:
    """The strongest different chains of introductions between two actors.

    Parameters
    ----------
    explorer : Explorer
    focal, target : str
        Firms or people, by id or by name.
    options : PathOptions, optional

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both are the same actor, or one of them is to be avoided.
    """
    q = _Question(explorer, focal, target, options or PathOptions())
    found = strongest(
        q.view,
        q.one,
        q.other,
        max_steps=q.options.max_steps,
        k=q.options.limit,
        blocked=q.blocked,
        deadline=q.deadline,
    )
    build = PathBuilder(explorer, q.view, found.routes, q.blocked)
    told = [build.path(r) for r in found.routes]
    return PathsResult(
        focal=q.focal,
        target=q.target,
        searched=q.searched(found.complete),
        paths=told,
        sources=_sources(explorer, told),
        summary=q.summary(told, "way"),
    )


def bridges(
    explorer: Explorer, focal: str, target: str, options: PathOptions | None = None
) -> BridgesResult:
    """Who can introduce the focal actor to the target, strongest first.

    A bridge is the first actor on the way, the one to ask. Parameters and errors as in `paths`.
    """
    q = _Question(explorer, focal, target, options or PathOptions())
    direct = strongest(
        q.view, q.one, q.other, max_steps=1, k=1, blocked=q.blocked, deadline=q.deadline
    )
    first = Found([], complete=True)
    if q.options.max_steps > 1:
        first = strongest(
            q.view,
            q.one,
            q.other,
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
    build = PathBuilder(explorer, q.view, [*direct.routes, *routes], q.blocked)
    told = {b: [build.path(r) for r in some] for b, some in by_bridge.items()}
    rivals = _rivals(explorer, q, [q.view.projection.actors[b] for b in by_bridge])
    answer = [
        Bridge(
            actor=(ref := ways[0].actors[1]),
            strength=ways[0].strength,
            competes_with=rivals.get(ref.id, []),
            paths=ways,
        )
        for ways in told.values()
    ]
    tie = build.path(direct.routes[0]) if direct.routes else None
    shown = [*([tie] if tie else []), *(p for b in answer for p in b.paths)]
    return BridgesResult(
        focal=q.focal,
        target=q.target,
        searched=q.searched(first.complete and complete),
        direct=tie,
        bridges=answer,
        sources=_sources(explorer, shown),
        summary=q.summary([b.paths[0] for b in answer], "bridge", tie),
    )


def _ways_on(q: "_Question", best: Iterable[Route]) -> tuple[dict[int, list[Route]], bool]:
    """For each bridge, the next best ways on from it."""
    further: dict[int, list[Route]] = {}
    complete = True
    for route in best:
        bridge = route.actors[1]
        found = strongest(
            q.view,
            bridge,
            q.other,
            max_steps=q.options.max_steps - 1,
            k=PATHS_PER_BRIDGE,
            blocked=Blocked(q.blocked.actors | {q.one}, q.blocked.bodies),
            deadline=q.deadline,
        )
        ways = [Route((q.one, *r.actors), r.strength) for r in found.routes]
        further[bridge] = [w for w in ways if w.actors != route.actors][: PATHS_PER_BRIDGE - 1]
        complete &= found.complete
    return further, complete


class _Question:
    """Focal actor, target and options, resolved and checked."""

    def __init__(self, explorer: Explorer, focal: str, target: str, options: PathOptions) -> None:
        self.options = options
        self.focal = explorer.resolve(focal, ACTORS, "focal")
        self.target = explorer.resolve(target, ACTORS, "target")
        if self.focal.id == self.target.id:
            raise InvalidRequest(
                f"{self.focal.name} is both ends; ask for two different actors", "target"
            )
        self.avoid = [
            explorer.resolve(a, (*ACTORS, "Network", "Alliance"), "avoid") for a in options.avoid
        ]
        for ref in self.avoid:
            if ref.id in (self.focal.id, self.target.id):
                raise InvalidRequest(
                    f"{ref.name} is an end of the way and cannot be avoided", "avoid"
                )
        self.view: View = explorer.view(options)
        p = self.view.projection
        self.one, self.other = p.actor_index[self.focal.id], p.actor_index[self.target.id]
        self.blocked = Blocked(
            frozenset(p.actor_index[r.id] for r in self.avoid if r.id in p.actor_index),
            frozenset(p.body_index[r.id] for r in self.avoid if r.id in p.body_index),
        )
        self._reference = options.reference(explorer.today)
        self.deadline = time.monotonic() + MAX_SECONDS

    def searched(self, complete: bool) -> Searched:
        o = self.options
        return Searched(
            as_of=o.as_of,
            known_at=o.known_at,
            reference_date=self._reference,
            kinds=list(o.kinds),
            weights={kind: o.weight(kind) for kind in o.kinds},
            half_life=o.half_life,
            max_steps=o.max_steps,
            avoid=self.avoid,
            min_confidence=o.min_confidence,
            shortest=hops(
                self.view, self.one, self.other, max_steps=o.max_steps, blocked=self.blocked
            ),
            complete=complete,
        )

    def summary(self, best: list[Path], noun: str, direct: Path | None = None) -> str:
        """The answer in a sentence or two."""
        o = self.options
        when = f" as of {o.as_of}" if o.as_of else ""
        start = (
            f"{self.focal.name} and {self.target.name} are tied already{when}. " if direct else ""
        )
        if not best:
            way = "No other way" if direct else "No way"
            avoiding = f", avoiding {', '.join(a.name for a in self.avoid)}" if self.avoid else ""
            return (
                f"{start}{way} from {self.focal.name} to {self.target.name} within {o.max_steps} "
                f"introductions over {', '.join(o.kinds)}{when}{avoiding}."
            )
        count = f"{len(best)} {noun}{'s' if len(best) > 1 else ''}"
        return (
            f"{start}{count} from {self.focal.name} to {self.target.name}{when}. {best[0].sentence}"
        )


def _rivals(explorer: Explorer, q: _Question, bridge_ids: list[str]) -> dict[str, list[Ref]]:
    """Which bridges compete with either end, on the reference date."""
    ends = {q.focal.id: q.focal, q.target.id: q.target}
    reference = q.options.reference(explorer.today)
    found: dict[str, set[str]] = defaultdict(set)
    if bridge_ids:
        for row in run(explorer.engine, "rivals", ids=sorted({*bridge_ids, *ends})):
            if not holds(row["r"].properties, reference):  # type: ignore[union-attr]
                continue
            one, other = str(row["one"]), str(row["other"])
            for a, b in ((one, other), (other, one)):
                if a in bridge_ids and b in ends:
                    found[a].add(b)
    return {a: [ends[b] for b in sorted(bs)] for a, bs in found.items()}


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
    rings: dict[str, tuple[Ref, int]] = {
        result.focal.id: (result.focal, 0),
        result.target.id: (result.target, max((p.length for p in told), default=1)),
    }
    edges: dict[tuple[str, str], SubgraphEdge] = {}
    for path in told:
        for ring, ref in enumerate(path.actors[1:-1], start=1):
            before = rings.get(ref.id, (ref, ring))[1]
            rings[ref.id] = ref, min(before, ring)
        for step in path.steps:
            edges[step.from_.id, step.to.id] = SubgraphEdge(
                from_id=step.from_.id,
                to_id=step.to.id,
                type=step.ties[0].kind,
                strength=step.strength,
                properties={"sentences": [t.sentence for t in step.ties]},
            )

    def role(id_: str) -> str:
        if id_ in (result.focal.id, result.target.id):
            return "focal" if id_ == result.focal.id else "target"
        return "bridge" if id_ in bridge_ids else "intermediary"

    return Subgraph(
        focal=result.focal.id,
        nodes=[
            SubgraphNode(id=i, label=r.label, name=r.name, role=role(i), ring=n, properties={})
            for i, (r, n) in rings.items()
        ],
        edges=list(edges.values()),
        left_out={},
    )
