"""The neighbourhood of an actor as a bounded picture."""

import datetime as dt
from collections.abc import Mapping, Sequence

from alliance_explorer.engine import Edge, Node
from alliance_explorer.limits import NEIGHBOURHOOD

from .explorer import Explorer
from .facts import plain
from .known import as_known
from .library import run
from .models import Relation, Subgraph, SubgraphEdge, SubgraphNode
from .parties import parties_in_short, parties_of
from .profile import Agreement, Facts
from .validity import holds, known, within

# What a picture of a neighbourhood shows, in the order in which room is given.
_SHOWN = (
    "PARTY_TO",
    "OWNS",
    "ACQUIRED",
    "COMPETES_WITH",
    "WORKS_FOR",
    "SITS_ON_BOARD_OF",
    "KNOWS",
    "MEMBER_OF",
)


@as_known
def ego(
    explorer: Explorer,
    actor: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = NEIGHBOURHOOD.usual,
) -> Subgraph:
    """An actor, everybody it is tied to, and the ties among those.

    Alliances of two are drawn as one edge between the firms; larger ones and networks are nodes of
    their own, so that nothing is joined pairwise.

    Parameters
    ----------
    explorer : Explorer
    actor : str
        Id or name.
    as_of, known_at : datetime.date, optional
        As in `profile`; ended ties are left out.
    limit : int
        Most nodes beside the actor; `left_out` tells how many more there are.
    """
    ref = explorer.resolve(actor)
    facts = Facts(explorer, ref, as_of, known_at, limit)
    picture = _Picture(ref.id, limit)
    picture.add(ref.id, ref.label, ref.name, "focal", 0, facts.node)
    _add_alliances(explorer, picture, ref.id, [a for a in facts.agreements if a.active], known_at)
    relations = [r for r in facts.relations if r.active and r.fact.type in _SHOWN[1:]]
    for relation in sorted(relations, key=_priority):
        role = _role(relation, ref.id)
        other = relation.other
        if picture.add(other.id, other.label, other.name, role, 1, facts.node_of(other.id)):
            f = relation.fact
            picture.join(f.from_id, f.to_id, f.type, dict(f.properties))
    _join_others(explorer, picture, ref.id, facts.reference, known_at)
    return picture.subgraph()


def _add_alliances(
    explorer: Explorer,
    picture: "_Picture",
    focal: str,
    agreements: Sequence[Agreement],
    known_at: dt.date | None,
) -> None:
    parties = parties_in_short(explorer, sorted(a.node.id for a in agreements), known_at)
    drawn: set[tuple[str, str]] = set()
    for agreement in agreements:
        alliance, properties = agreement.ref, agreement.node.properties
        others = [p.firm for p in parties.get(alliance.id, ()) if p.firm.id != focal]
        if len(others) == 1:
            partner = others[0]
            if picture.add(partner.id, partner.label, partner.name, "ally", 1):
                picture.join(focal, partner.id, "PARTY_TO", properties)
        elif others and picture.add(
            alliance.id, "Alliance", alliance.name, "alliance", 1, properties=properties
        ):
            picture.join(focal, alliance.id, "PARTY_TO", {})
            for firm in others:
                if picture.add(firm.id, firm.label, firm.name, "ally", 2):
                    drawn.add((firm.id, alliance.id))
    # What is drawn is read in full.
    for some in parties_of(explorer, sorted({a for _, a in drawn}), known_at).values():
        for fact in (p.fact for p in some if (p.fact.from_id, p.fact.to_id) in drawn):
            picture.join(fact.from_id, fact.to_id, "PARTY_TO", fact.properties)


def _priority(relation: Relation) -> tuple[bool, int, str, str]:
    # What is stated comes before what is inferred, of which there may be hundreds.
    return (
        bool(relation.fact.properties.get("inferred")),
        _SHOWN.index(relation.fact.type),
        relation.other.name.casefold(),
        relation.other.id,
    )


def _role(relation: Relation, focal: str) -> str:
    forward = relation.fact.from_id == focal
    return {
        "COMPETES_WITH": "competitor",
        "MEMBER_OF": "network" if forward else "member",
        "OWNS": "owned" if forward else "owner",
        "ACQUIRED": "owned" if forward else "owner",
    }.get(relation.fact.type, "person" if relation.other.label == "Person" else "firm")


class _Picture:
    """Nodes and edges as they are collected, up to a number of nodes."""

    def __init__(self, focal: str, limit: int) -> None:
        self._focal = focal
        self._room = limit + 1
        self.nodes: dict[str, SubgraphNode] = {}
        self._edges: dict[tuple[str, str, str, str], SubgraphEdge] = {}
        self._left_out: dict[str, set[str]] = {}

    def add(
        self,
        id_: str,
        label: str,
        name: str,
        role: str,
        ring: int,
        node: Node | None = None,
        properties: Mapping[str, object] | None = None,
    ) -> bool:
        """Whether there is room for the node; a second role is added to the first."""
        before = self.nodes.get(id_)
        if before is not None:
            if role not in before.role.split(" and ") and before.role not in ("focal", "alliance"):
                self.nodes[id_] = before.model_copy(update={"role": f"{before.role} and {role}"})
            return True
        if len(self.nodes) >= self._room:
            self._left_out.setdefault(label, set()).add(id_)
            return False
        known_ = plain(node.properties if node else properties or {})
        self.nodes[id_] = SubgraphNode(
            id=id_, label=label, name=name, role=role, ring=ring, properties=known_
        )
        return True

    def join(self, from_id: str, to_id: str, type_: str, properties: Mapping[str, object]) -> None:
        key = (from_id, to_id, type_, str(properties.get("id", "")))
        self._edges[key] = SubgraphEdge(
            from_id=from_id,
            to_id=to_id,
            type=type_,
            inferred=bool(properties.get("inferred")),
            properties=plain(properties),
        )

    def subgraph(self) -> Subgraph:
        return Subgraph(
            focal=self._focal,
            nodes=list(self.nodes.values()),
            edges=[self._edges[k] for k in sorted(self._edges)],
            left_out={label: len(ids) for label, ids in sorted(self._left_out.items())},
        )


def _join_others(
    explorer: Explorer,
    picture: _Picture,
    focal: str,
    reference: dt.date,
    known_at: dt.date | None,
) -> None:
    """Ties among those who are in the picture already."""
    firms = sorted(
        i for i, n in picture.nodes.items() if n.label in ("Firm", "Person") and i != focal
    )
    if len(firms) < 2:
        return
    for row in run(explorer.engine, "among", ids=firms):
        edge = row["r"]
        assert isinstance(edge, Edge)
        if holds(edge.properties, reference) and known(edge.properties, known_at):
            picture.join(str(row["one"]), str(row["other"]), edge.type, dict(edge.properties))
    for row in run(explorer.engine, "alliances_among", ids=firms):
        alliance = row["alliance"]
        assert isinstance(alliance, Node)
        p = alliance.properties
        if (
            alliance.id not in picture.nodes
            and within(p.get("start"), p.get("end"), reference)
            and known(p, known_at)
        ):
            picture.join(str(row["one"]), str(row["other"]), "PARTY_TO", dict(p))
