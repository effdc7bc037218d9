"""The network around a firm before and after what is supposed: two pictures of the same firms."""

import datetime as dt
import itertools
from collections.abc import Iterable

import numpy as np

from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.projection import Ints
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode

from .ego_structure import FirmTies
from .firm_facts import FirmFacts
from .scenario import Scene, Suppositions
from .standing import NOTHING, Asked, combined

LIMIT = 45


@as_known
def scenario_subgraphs(
    explorer: Explorer,
    firm: str,
    suppositions: Suppositions,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = LIMIT,
) -> tuple[Subgraph, Subgraph]:
    """The firm, its contacts and theirs, before and after; parameters as in `what_if`.

    Parameters
    ----------
    limit : int
        Most firms beside the one in focus: first those whose ties to it change, then its contacts,
        then theirs. `left_out` counts the rest.
    """
    asked = Asked.of(explorer, firm, as_of, known_at, 1)
    scene = Scene(asked, suppositions)
    one = scene.view.projection.actor_index[asked.focal.id]
    views = scene.view, scene.view_after()
    first, second = (_contacts(v, [one]) for v in views)
    touched = {c.actor.id for c in scene.told} | {c.by.id for c in scene.told if c.by}
    index = scene.view.projection.actor_index
    named = {index[i] for i in touched if i in index} - {one}
    rings: dict[int, int] = dict.fromkeys(sorted((first ^ second) | named), 1)
    rings |= dict.fromkeys(sorted((first | second) - rings.keys()), 1)
    around = set().union(*(_contacts(v, sorted(rings)) for v in views)) - {one}
    rings |= dict.fromkeys(sorted(around - rings.keys()), 2)
    shown = dict(list(rings.items())[:limit])
    left = len(rings) - len(shown)
    return (
        _picture(asked, views[0], scene.facts, one, shown, left),
        _picture(asked, views[1], scene.facts_after, one, shown, left),
    )


def _contacts(view: View, firms: Iterable[int]) -> set[int]:
    """Firms tied to some firms."""
    which: Ints = np.array(list(firms), np.int32)
    return set(FirmTies(view).rows(which).indices.tolist()) if len(which) else set()


def _picture(
    asked: Asked, view: View, facts: FirmFacts, one: int, rings: dict[int, int], left: int
) -> Subgraph:
    p, focal = view.projection, asked.focal.id
    partners = facts.partners(focal)
    which = [one, *rings]
    rows = FirmTies(view).rows(np.array(which, np.int32))
    tied = {
        (a, int(b))
        for k, a in enumerate(which)
        for b in rows.indices[rows.indptr[k] : rows.indptr[k + 1]]
    }
    edges = []
    for a, b in itertools.combinations(which, 2):
        ids = p.actors[a], p.actors[b]
        if (a, b) in tied:
            ties = view.ties(a, b, NOTHING)
            edges.append(
                SubgraphEdge(
                    from_id=ids[0],
                    to_id=ids[1],
                    type=ties[0].kind,
                    strength=combined(ties),
                    properties={},
                )
            )
        if rivalry := facts.rivalry(*ids):
            edges.append(
                SubgraphEdge(
                    from_id=ids[0],
                    to_id=ids[1],
                    type="COMPETES_WITH",
                    inferred=all(bool(f.properties.get("inferred")) for f in rivalry),
                    properties={},
                )
            )
    joined = {e.from_id for e in edges} | {e.to_id for e in edges} | {focal}
    nodes = [
        SubgraphNode(
            id=p.actors[a],
            label="Firm",
            name=p.names[p.actors[a]].name,
            role=_role(facts, focal, p.actors[a], partners),
            ring=rings.get(a, 0),
            properties={},
        )
        for a in which
        if p.actors[a] in joined
    ]
    return Subgraph(focal=focal, nodes=nodes, edges=edges, left_out={"Firm": left} if left else {})


def _role(facts: FirmFacts, focal: str, id_: str, partners: set[str]) -> str:
    if id_ == focal:
        return "focal"
    roles = ["ally"] if id_ in partners else []
    roles += ["competitor"] if facts.rivalry(focal, id_) else []
    return " and ".join(roles) or "firm"
