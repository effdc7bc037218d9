"""Who competes with whom, on the day of a question."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from alliance_explorer.engine import Edge
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import End, Path, Ref
from alliance_explorer.queries.validity import holds, known

from .models import Rivalry
from .reach_models import Rival


def competitors_of(explorer: Explorer, options: PathOptions, firms: Collection[str]) -> list[str]:
    """Ids of those who compete with some firms, stated or inferred."""
    found = {other for _, other, _ in _rivalries(explorer, options, "competitors", firms)}
    return sorted(found - set(firms))


def rivals_among(
    explorer: Explorer, options: PathOptions, some: Collection[Ref], others: Collection[Ref]
) -> dict[str, list[Rival]]:
    """For each of some firms, by id, which of others compete with it; by name.

    A rivalry is inferred only if every fact that says so is.
    """
    by_id = {ref.id: ref for ref in others}
    wanted = {ref.id for ref in some}
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for a, b, p in _between(explorer, options, wanted, by_id):
        found[a][b] = bool(p.get("inferred")) and found[a].get(b, True)
    return {
        a: sorted(
            (Rival(actor=by_id[b], inferred=inferred) for b, inferred in some_.items()),
            key=lambda r: (r.actor.name.casefold(), r.actor.id),
        )
        for a, some_ in found.items()
    }


def rivalries_of_bridges(
    explorer: Explorer, options: PathOptions, ways: Sequence[Path]
) -> dict[str, list[Rivalry]]:
    """Which bridges, by id, compete with either end of a way that is told: each fact that says so.

    The bridge of a way is its second actor.
    """
    ends: dict[str, tuple[End, Ref]] = {}
    for path in ways:
        ends[path.actors[0].id] = "focal", path.actors[0]
        ends[path.actors[-1].id] = "target", path.actors[-1]
    bridges = {path.actors[1].id for path in ways}
    found: defaultdict[str, dict[tuple[str, str], Rivalry]] = defaultdict(dict)
    for a, b, p in _between(explorer, options, bridges, ends):
        end, ref = ends[b]
        since, market = p.get("since"), p.get("market")
        found[a][ref.name, str(p.get("id"))] = Rivalry(
            end=end,
            actor=ref,
            since=since if isinstance(since, dt.date) else None,
            market=str(market) if market else None,
            inferred=bool(p.get("inferred")),
        )
    return {a: [by[key] for key in sorted(by)] for a, by in found.items()}


def _between(
    explorer: Explorer, options: PathOptions, some: Collection[str], others: Collection[str]
) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Each rivalry of one of some firms with one of others, with its properties."""
    if not some or not others:
        return
    for one, other, p in _rivalries(explorer, options, "rivals", {*some, *others}):
        for a, b in ((one, other), (other, one)):
            if a in some and b in others:
                yield a, b, p


def _rivalries(
    explorer: Explorer, options: PathOptions, query: str, firms: Collection[str]
) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Rivalries that a query finds for some firms, as far as they count under the options."""
    reference = options.reference(explorer.today)
    for row in run(explorer.engine, query, ids=sorted(firms)) if firms else ():
        edge = row["r"]
        assert isinstance(edge, Edge)
        p = edge.properties
        confidence = p.get("confidence")
        sure = not isinstance(confidence, float) or confidence >= options.min_confidence
        if sure and holds(p, reference) and known(p, options.known_at):
            yield str(row["one"]), str(row["other"]), p
