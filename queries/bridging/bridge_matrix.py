"""One side against several targets: which bridge leads to which of them, and how well."""

import time
from collections.abc import Mapping, Sequence

from pydantic import Field

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Blocked, Ends, Found, Route, strongest
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Model, Ref, Score

from .conditions import MAX_SECONDS
from .models import Searched
from .question import Question, Who

MAX_TARGETS = 12


class MatrixCell(Model):
    """The best way over one bridge to one target; `bridges` tells its evidence."""

    strength: Score
    actors: list[Ref] = Field(description="the way, both ends included")


class MatrixRow(Model):
    """One bridge: what it is worth for each target, in the order of the targets."""

    bridge: Ref
    worth: float = Field(description="sum of the strengths in this row")
    reaches: int = Field(description="targets that it leads to")
    cells: list[MatrixCell | None] = Field(description="None: no way over this bridge")


class MatrixTarget(Model):
    """One target, with what was looked at to reach it."""

    target: Ref
    direct: Score | None = Field(description="strength of the tie that exists already, if any")
    searched: Searched


class BridgeMatrix(Model):
    """Bridges by targets, the bridge that is worth most first."""

    focal: Ref
    targets: list[MatrixTarget]
    bridges: list[MatrixRow]
    complete: bool = Field(description="False: a search was cut off, and better ways may exist")
    summary: str


@as_known
def bridge_matrix(
    explorer: Explorer,
    focal: Who,
    targets: Sequence[str],
    options: PathOptions | None = None,
) -> BridgeMatrix:
    """Which bridges lead from one side to each of several targets.

    Parameters
    ----------
    explorer : Explorer
    focal : str or sequence of str
        Who asks; several are taken as one.
    targets : sequence of str
        At most 12: firms, people or networks, by id or by name.
    options : PathOptions, optional
        `limit` is the number of bridges.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
        As `bridges`; or no target, or too many.

    Notes
    -----
    The bridges are the best of each target; then every cell is found exactly: at most
    `limit x targets` searches, under one time limit.
    """
    options = options or PathOptions()
    if not 1 <= len(targets) <= MAX_TARGETS:
        raise InvalidRequest(f"give 1 to {MAX_TARGETS} targets, not {len(targets)}", "target")
    deadline = time.monotonic() + MAX_SECONDS
    questions = list(
        {q.target.id: q for q in (Question(explorer, focal, t, options) for t in targets)}.values()
    )
    complete = True
    best: list[dict[int, Route]] = []
    for q in questions:
        found = strongest(
            q.view,
            q.ends,
            max_steps=options.max_steps,
            min_steps=2,
            k=options.limit,
            per_contact=1,
            blocked=q.blocked,
            deadline=deadline,
        )
        complete &= found.complete
        best.append({r.actors[1]: r for r in found.routes})
    worth: dict[int, float] = {}
    for routes in best:
        for bridge, route in routes.items():
            worth[bridge] = worth.get(bridge, 0.0) + route.strength
    chosen = sorted(worth, key=lambda b: (-worth[b], b))[: options.limit]
    first = _first_steps(questions[0], chosen)
    rows = []
    for bridge in chosen:
        cells: list[MatrixCell | None] = []
        for q, routes in zip(questions, best, strict=True):
            if bridge in routes:
                cells.append(_cell(q, routes[bridge]))
            else:
                found = _over(q, bridge, first[bridge], deadline)
                complete &= found.complete
                cells += [_cell(q, r) for r in found.routes] or [None]
        strengths = [c.strength for c in cells if c]
        rows.append(
            MatrixRow(
                bridge=questions[0].ref(bridge),
                worth=sum(strengths),
                reaches=len(strengths),
                cells=cells,
            )
        )
    rows.sort(key=lambda r: (-r.worth, r.bridge.name, r.bridge.id))
    focal_ref = questions[0].focal
    return BridgeMatrix(
        focal=focal_ref,
        targets=[_target(q, deadline) for q in questions],
        bridges=rows,
        complete=complete,
        summary=_summary(focal_ref, rows, len(questions)),
    )


def _first_steps(q: Question, bridges: Sequence[int]) -> Mapping[int, tuple[int, float]]:
    """For each bridge, who of the focal side is tied to it best, and how strongly."""
    found: dict[int, tuple[int, float]] = {}
    for focal in sorted(q.ends.focal):
        actors, strengths = q.view.neighbours(focal, q.blocked.bodies)
        known = dict(zip(actors.tolist(), strengths.tolist(), strict=True))
        for bridge in bridges:
            if known.get(bridge, 0.0) > found.get(bridge, (-1, 0.0))[1]:
                found[bridge] = focal, known[bridge]
    return found


def _over(q: Question, bridge: int, first: tuple[int, float], deadline: float) -> Found:
    """The best way over a bridge that was not among the best of this target."""
    focal, step = first
    if bridge in q.ends.target:
        return Found([], complete=True)
    found = strongest(
        q.view,
        Ends(frozenset([bridge]), q.ends.target),
        max_steps=q.options.max_steps - 1,
        k=1,
        blocked=Blocked(q.blocked.actors | q.ends.focal, q.blocked.bodies),
        deadline=deadline,
    )
    routes = [Route((focal, *r.actors), step * r.strength) for r in found.routes]
    return Found(routes, found.complete)


def _cell(q: Question, route: Route) -> MatrixCell:
    return MatrixCell(strength=route.strength, actors=[q.ref(a) for a in route.actors])


def _target(q: Question, deadline: float) -> MatrixTarget:
    direct = strongest(q.view, q.ends, max_steps=1, k=1, blocked=q.blocked, deadline=deadline)
    return MatrixTarget(
        target=q.target,
        direct=direct.routes[0].strength if direct.routes else None,
        searched=q.searched(direct.complete, direct.routes),
    )


def _summary(focal: Ref, rows: Sequence[MatrixRow], targets: int) -> str:
    if not rows:
        return f"No bridge leads from {focal.name} to any of the {targets} targets."
    top = rows[0]
    return (
        f"{top.bridge.name} is worth most to {focal.name}: it leads to {top.reaches} of "
        f"{targets} target{'s' if targets > 1 else ''}."
    )
