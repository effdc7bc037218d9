"""Which part of a neighbourhood a picture shows, so that it stays readable."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from alliance_explorer.queries.bridging.models import BridgesResult
from alliance_explorer.queries.models import Subgraph, SubgraphNode

from . import style

READABLE: Final = 60
_DERIVED: Final = 0.2
_CORE: Final = frozenset({"focal", "target", "coopetitor", "ally", "owner", "agreement", "person"})


def readable(subgraph: Subgraph, limit: int = READABLE) -> Subgraph:
    """Keep what says most: allies, owners and people first, then an even share of the others.

    Ties that a rule derived are drawn only at the focal actor: among the others they hide what is
    stated. Firms that are tied to the focal actor by such ties alone are at most a fifth.

    Parameters
    ----------
    subgraph : Subgraph
        A neighbourhood, as large as it is.
    limit : int
        Most nodes beside the focal one.

    Returns
    -------
    Subgraph
        `left_out` counts, by label, what was left out here and before.
    """
    focal = subgraph.focal
    edges = [e for e in subgraph.edges if not e.inferred or focal in (e.from_id, e.to_id)]
    stated = {end for e in edges if not e.inferred for end in (e.from_id, e.to_id)}
    rivals = {
        end
        for e in edges
        if e.type == "COMPETES_WITH" and not e.inferred and focal in (e.from_id, e.to_id)
        for end in (e.from_id, e.to_id)
    }
    groups: dict[str, list[SubgraphNode]] = {}
    core: list[SubgraphNode] = []
    derived: list[SubgraphNode] = []
    for node in subgraph.nodes:
        role = style.role_style(node.label, node.role).key
        if role in _CORE:
            core.append(node)
        elif role == "competitor" and node.id not in rivals:
            derived.append(node)
        else:
            groups.setdefault(role, []).append(node)
    core.sort(key=lambda node: node.id != focal)
    kept = core[: limit + 1]
    room = limit + 1 - len(kept)
    # Of those, firms with other, stated ties in the picture say more.
    derived.sort(key=lambda node: node.id not in stated)
    kept += _shares([*groups.values(), derived[: int(limit * _DERIVED)]], room)
    ids = {node.id for node in kept}
    left = Counter(subgraph.left_out)
    left.update(node.label for node in subgraph.nodes if node.id not in ids)
    return subgraph.model_copy(
        update={
            "nodes": [node for node in subgraph.nodes if node.id in ids],
            "edges": [e for e in edges if e.from_id in ids and e.to_id in ids],
            "left_out": dict(sorted(left.items())),
        }
    )


def best_ways(result: BridgesResult) -> BridgesResult:
    """Keep one way over each bridge, the best; of a single bridge, all. For a picture."""
    if len(result.bridges) < 2:
        return result
    best = [bridge.model_copy(update={"paths": bridge.paths[:1]}) for bridge in result.bridges]
    return result.model_copy(update={"bridges": best})


def _shares(groups: Sequence[list[SubgraphNode]], room: int) -> list[SubgraphNode]:
    """Share room out evenly; what a small group leaves goes to the larger ones."""
    kept: list[SubgraphNode] = []
    waiting = sorted((group for group in groups if group), key=len)
    while waiting and room > 0:
        share = max(1, room // len(waiting))
        group = waiting.pop(0)
        kept += group[: min(share, room)]
        room -= min(share, room, len(group))
    return kept
