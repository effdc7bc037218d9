"""The part of the graph among some actors, and with which actors a picture begins."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from alliance_explorer.engine import Edge, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import NEIGHBOURHOOD

from .explorer import Explorer
from .facts import plain
from .known import as_known
from .library import run
from .models import PropertyValue, Ref, Subgraph, SubgraphEdge, SubgraphNode
from .picture_models import Around, Neighbour
from .surroundings import DRAWN, surroundings
from .validity import begun, holds, known, within

MOST: Final = 2_000
"""Most nodes of a picture."""

READ_BY: Final = ("nodes", "among", "alliances_among", "memberships_of", "member_counts")
"""Cypher that `subgraph` is read by."""

# In this order a beginning gives room; of the last two, each gets half of what is left.
_CORE: Final[tuple[Around, ...]] = ("alliance", "ownership", "person")
_REST: Final[tuple[Around, ...]] = ("membership", "competition")
_DERIVED: Final = 0.2
_LABELS: Final = {"membership": "Network", "person": "Person"}
_DIRECT_ROLES: Final = {"COMPETES_WITH": "competitor", "KNOWS": "person"}


@as_known
def beginning(
    explorer: Explorer,
    actors: Sequence[str],
    *,
    limit: int = NEIGHBOURHOOD.usual,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
) -> tuple[list[Ref], dict[str, int]]:
    """With whom a picture of some actors begins: the most relevant around each, within a number.

    Parameters
    ----------
    explorer : Explorer
    actors : sequence of str
        Firms, people, networks or alliances, by id or name.
    limit : int
        Most nodes beside the actors. A network's members are at most so many, however large it is.
    as_of, known_at : datetime.date, optional
        As in `surroundings`.

    Returns
    -------
    shown : list of Ref
        The actors first.
    left_out : dict of str to int
        How many more there are around them, by label.

    Raises
    ------
    UnknownActor, AmbiguousActor
    """
    focus = [explorer.resolve(a, DRAWN) for a in actors]
    shown = {ref.id: ref for ref in focus}
    left: Counter[str] = Counter()
    for number, ref in enumerate(focus):
        room = (limit + len(focus) - len(shown)) // (len(focus) - number)
        found = surroundings(
            explorer,
            ref.id,
            limit=max(room, 0),
            beside=list(shown),
            as_of=as_of,
            known_at=known_at,
        )
        groups: Mapping[Around, list[Neighbour]] = {g.kind: g.shown for g in found.kinds}
        before = len(shown)
        for neighbour in _chosen(groups, room):
            for node in (*neighbour.through, neighbour.node):
                if len(shown) < before + room:
                    shown.setdefault(node.id, node)
    for ref in focus:
        found = surroundings(
            explorer, ref.id, limit=0, beside=list(shown), as_of=as_of, known_at=known_at
        )
        for group in found.kinds:
            label = _LABELS.get(group.kind, "Firm") if ref.label != "Network" else "Firm"
            left[label] += group.left
    return list(shown.values()), {label: n for label, n in sorted(left.items()) if n}


def _chosen(groups: Mapping[Around, list[Neighbour]], room: int) -> Iterable[Neighbour]:
    for kind in _CORE:
        yield from groups.get(kind, ())[:room]
    # Competitors that a source states come first; a rule may infer hundreds.
    waiting = [groups.get(kind, []) for kind in _REST]
    derived = [n for n in waiting[1] if n.inferred][: int(room * _DERIVED)]
    waiting[1] = [n for n in waiting[1] if not n.inferred] + derived
    for place in range(max(map(len, waiting), default=0)):
        for some in waiting:
            if place < len(some):
                yield some[place]


@as_known
def subgraph(
    explorer: Explorer,
    nodes: Sequence[str],
    *,
    focus: Sequence[str] = (),
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
) -> Subgraph:
    """Everything on record among some actors, networks and alliances.

    An alliance that is among the nodes is a node; one that is not is an edge between each two of
    its parties that are. Networks are never edges.

    Parameters
    ----------
    explorer : Explorer
    nodes : sequence of str
        Firms, people, networks, alliances, by id or name; at most `MOST`.
    focus : sequence of str
        Ids of those that the roles are told of (`ally`, `competitor`…); the first node unless
        given.
    as_of : datetime.date, optional
        Only what was valid on this day; without it all on record up to today, ended ties too: their
        dates tell.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Raises
    ------
    UnknownActor, AmbiguousActor
    InvalidRequest
        No node, or too many.
    """
    if not 1 <= len(nodes) <= MOST:
        raise InvalidRequest(f"a picture holds 1 to {MOST:,} nodes, not {len(nodes):,}", "node")
    refs = {ref.id: ref for ref in (explorer.resolve(n, DRAWN, "node") for n in nodes)}
    focal = [f for f in focus if f in refs] or [next(iter(refs))]
    read = _Reading(explorer, as_of, known_at)
    edges = read.edges(refs)
    roles = _roles(focal, refs, edges)
    stored = read.properties(refs)
    return Subgraph(
        focal=focal[0],
        nodes=[
            SubgraphNode(
                id=r.id,
                label=r.label,
                name=r.name,
                role=roles.get(r.id, "other"),
                ring=0 if r.id in focal else 1,
                properties=stored.get(r.id, {}),
            )
            for r in refs.values()
        ],
        edges=edges,
        left_out={},
    )


class _Reading:
    def __init__(self, explorer: Explorer, as_of: dt.date | None, known_at: dt.date | None) -> None:
        self._engine = explorer.engine
        self._strict = as_of is not None
        self._reference = as_of or explorer.today
        self._known_at = known_at

    def _seen(self, properties: Mapping[str, object]) -> bool:
        counts = holds if self._strict else begun
        return counts(properties, self._reference) and known(properties, self._known_at)

    def _seen_alliance(self, properties: Mapping[str, object]) -> bool:
        end = properties.get("end") if self._strict else None
        return within(properties.get("start"), end, self._reference) and known(
            properties, self._known_at
        )

    def properties(self, refs: Mapping[str, Ref]) -> dict[str, dict[str, PropertyValue]]:
        found = {}
        for row in run(self._engine, "nodes", ids=sorted(refs)):
            node = row["x"]
            assert isinstance(node, Node)
            found[node.id] = plain(node.properties)
        networks = sorted(i for i, r in refs.items() if r.label == "Network")
        for row in run(self._engine, "member_counts", ids=networks) if networks else ():
            total = row["total"]
            assert isinstance(total, int)
            found[str(row["network"])]["members"] = total
        return found

    def edges(self, refs: Mapping[str, Ref]) -> list[SubgraphEdge]:
        actors = sorted(i for i, r in refs.items() if r.label in ("Firm", "Person"))
        bodies = sorted(refs.keys() - set(actors))
        found: dict[tuple[str, str, str, str], SubgraphEdge] = {}

        def join(one: str, other: str, type_: str, properties: Mapping[str, object]) -> None:
            key = (one, other, type_, str(properties.get("id", "")))
            found[key] = SubgraphEdge(
                from_id=one,
                to_id=other,
                type=type_,
                inferred=bool(properties.get("inferred")),
                properties=plain(properties),
            )

        for row in run(self._engine, "among", ids=actors) if len(actors) > 1 else ():
            edge = row["r"]
            assert isinstance(edge, Edge)
            if self._seen(edge.properties):
                join(str(row["one"]), str(row["other"]), edge.type, edge.properties)
        for row in run(self._engine, "alliances_among", ids=actors) if len(actors) > 1 else ():
            alliance = row["alliance"]
            assert isinstance(alliance, Node)
            if alliance.id not in refs and self._seen_alliance(alliance.properties):
                join(str(row["one"]), str(row["other"]), "PARTY_TO", alliance.properties)
        asked = {"actors": actors, "bodies": bodies}
        for row in run(self._engine, "memberships_of", **asked) if actors and bodies else ():
            edge, body = row["r"], row["body"]
            assert isinstance(edge, Edge) and isinstance(body, Node)
            p = dict(edge.properties)
            if body.label == "Alliance":
                p |= {k: body.properties[k] for k in ("start", "end") if k in body.properties}
                seen = self._seen_alliance(body.properties) and known(p, self._known_at)
            else:
                seen = self._seen(p)
            if seen:
                join(str(row["actor"]), body.id, edge.type, p)
        return [found[k] for k in sorted(found)]


def _roles(
    focal: Sequence[str], refs: Mapping[str, Ref], edges: Sequence[SubgraphEdge]
) -> dict[str, str]:
    """What each is to those in focus; somebody may be two things at once."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    shared = {e.to_id for e in edges if e.from_id in focal and refs[e.to_id].label == "Alliance"}
    for edge in edges:
        if edge.to_id in shared and edge.type == "PARTY_TO":
            roles[edge.from_id].add("ally")
        for one, other, forward in (
            (edge.from_id, edge.to_id, True),
            (edge.to_id, edge.from_id, False),
        ):
            if one in focal:
                roles[other].add(_role(edge.type, refs[other].label, forward))
    found = {i: " and ".join(sorted(some - {""})) for i, some in roles.items()}
    found |= {i: "alliance" for i, r in refs.items() if r.label == "Alliance"}
    return {i: role for i, role in found.items() if role} | dict.fromkeys(focal, "focal")


def _role(type_: str, label: str, forward: bool) -> str:
    if label == "Person":
        return "person"
    if type_ == "PARTY_TO":
        return "ally" if label == "Firm" else ""
    if type_ in ("OWNS", "ACQUIRED"):
        return "owned" if forward else "owner"
    if type_ == "MEMBER_OF":
        return "network" if forward else "member"
    return _DIRECT_ROLES.get(type_, "")
