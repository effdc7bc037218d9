"""Who competes with whom, on the day of a question."""

from collections.abc import Collection

from alliance_explorer.engine import Edge
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.validity import holds, known

from .reach_models import Rival


def rivals_among(
    explorer: Explorer, options: PathOptions, some: Collection[Ref], others: Collection[Ref]
) -> dict[str, list[Rival]]:
    """For each of some firms, by id, which of others compete with it; by name.

    A rivalry is inferred only if every fact that says so is.
    """
    by_id = {ref.id: ref for ref in others}
    wanted = {ref.id for ref in some}
    reference = options.reference(explorer.today)
    found: dict[str, dict[str, bool]] = {id_: {} for id_ in wanted}
    if not wanted or not by_id:
        return {}
    for row in run(explorer.engine, "rivals", ids=sorted(wanted | by_id.keys())):
        edge = row["r"]
        assert isinstance(edge, Edge)
        p = edge.properties
        confidence = p.get("confidence")
        if not holds(p, reference) or not known(p, options.known_at):
            continue
        if isinstance(confidence, float) and confidence < options.min_confidence:
            continue
        one, other = str(row["one"]), str(row["other"])
        for a, b in ((one, other), (other, one)):
            if a in wanted and b in by_id:
                found[a][b] = bool(p.get("inferred")) and found[a].get(b, True)
    return {
        a: sorted(
            (Rival(actor=by_id[b], inferred=inferred) for b, inferred in some_.items()),
            key=lambda r: (r.actor.name.casefold(), r.actor.id),
        )
        for a, some_ in found.items()
        if some_
    }
