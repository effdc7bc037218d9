"""A firm's structure as a picture: the partners who constrain it most, and ties among them."""

from collections.abc import Mapping
from typing import Final

from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Kind, Ref, Subgraph, SubgraphEdge, SubgraphNode

from .firm_network import firm_network
from .structure_models import Structure

PICTURED: Final = 36
# Ties among the partners in a picture; more cannot be told apart.
AMONG: Final = 150
_ROLE: Final[Mapping[Kind, str]] = {
    "alliance": "ally",
    "ownership": "owner",
    "membership": "member",
}


@as_known
def structure_subgraph(
    explorer: Explorer, answer: Structure, options: PathOptions, most: int = PICTURED
) -> Subgraph:
    """The ego network of an answer, as far as its list of partners and `most` go.

    A tie has the kind of the strongest of those side by side, and the strength of all of them. Ties
    among the partners are what makes some of them redundant.

    Parameters
    ----------
    explorer : Explorer
    answer : Structure
    options : PathOptions
        Those that were asked with.
    most : int
        Most partners.
    """
    network, view = (
        firm_network(explorer, options, answer.basis.largest_shared),
        explorer.view(options),
    )
    refs = [answer.focal, *(p.partner for p in answer.partners[:most])]
    places = [network.index[r.id] for r in refs]
    among = network.matrix("strength")[places][:, places].tocoo()
    limit = answer.basis.largest_shared
    actor = view.projection.actor_index

    several = network.counted["networks"] or network.counted["ownership"]

    def kind(one: Ref, other: Ref) -> Kind:
        if not several:
            return "alliance"
        for tie in view.ties(actor[one.id], actor[other.id], frozenset()):
            if tie.kind in _ROLE and (tie.kind != "membership" or tie.participants <= limit):
                return tie.kind
        return "alliance"

    pairs = [
        (int(i), int(j), float(strength))
        for i, j, strength in zip(among.row, among.col, among.data, strict=True)
        if i < j
    ]
    pairs.sort(key=lambda p: (p[0] > 0, -p[2], p[0], p[1]))  # those of the firm itself first
    edges = [
        SubgraphEdge(
            from_id=refs[i].id,
            to_id=refs[j].id,
            type=kind(refs[i], refs[j]),
            strength=strength,
            properties={},
        )
        for i, j, strength in pairs[: len(refs) - 1 + AMONG]
    ]
    nodes = [
        SubgraphNode(
            id=r.id,
            label=r.label,
            name=r.name,
            role=_ROLE[kind(answer.focal, r)] if n else "focal",
            ring=min(n, 1),
            properties={},
        )
        for n, r in enumerate(refs)
    ]
    left = answer.measures["binary"].degree - (len(refs) - 1)
    return Subgraph(
        focal=answer.focal.id,
        nodes=nodes,
        edges=edges,
        left_out={"Firm": left} if left else {},
    )
