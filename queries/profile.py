"""One firm, person or network with its ties, and the picture of its neighbourhood."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from alliance_explorer.engine import Edge, Node
from alliance_explorer.limits import TIES_OF_A_KIND

from .explorer import Explorer
from .facts import fact_of, ordered, plain, sources_of
from .known import as_known
from .library import run
from .models import AllianceView, Entity, Profile, Ref, Relation
from .parties import parties_of
from .validity import begun, holds, known, within

# Lists of a profile by relationship type.
SECTIONS = {
    "MEMBER_OF": "memberships",
    "WORKS_FOR": "people",
    "SITS_ON_BOARD_OF": "people",
    "KNOWS": "people",
    "CHAMPIONS": "people",
    "MANAGES": "people",
    "OWNS": "ownership",
    "ACQUIRED": "ownership",
    "COMPETES_WITH": "competitors",
    "OFFERS": "capabilities",
    "NEEDS": "capabilities",
    "LOCATED_IN": "places",
    "INVOLVES": "events",
}


@as_known
def profile(
    explorer: Explorer,
    actor: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = TIES_OF_A_KIND.usual,
) -> Profile:
    """A firm, person or network with every tie on record.

    Parameters
    ----------
    explorer : Explorer
    actor : str
        Id or name.
    as_of : datetime.date, optional
        Only what was valid on this day. Without it: all on record up to today, ended ties marked.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Longest list of each kind; `totals` tells the whole.

    Raises
    ------
    UnknownActor, AmbiguousActor
    """
    ref = explorer.resolve(actor)
    facts = Facts(explorer, ref, as_of, known_at, limit)
    lists: dict[str, list[Relation]] = {name: [] for name in dict.fromkeys(SECTIONS.values())}
    for relation in facts.relations:
        if section := SECTIONS.get(relation.fact.type):
            lists[section].append(relation)
    alliances = facts.alliances(limit)
    totals = {name: len(some) for name, some in lists.items()}
    totals["alliances"] = len(facts.agreements)
    if ref.label == "Network":
        totals["memberships"] = facts.members
    properties = facts.node.properties
    shown = {name: ordered(some)[:limit] for name, some in lists.items()}
    used = [properties, *(r.fact.properties for some in shown.values() for r in some)]
    used += [a.alliance.properties for a in alliances]
    return Profile(
        actor=entity(facts.node),
        as_of=as_of,
        known_at=known_at,
        reference_date=facts.reference,
        alliances=alliances,
        totals=totals,
        sources=sources_of(used, explorer),
        **shown,
    )


class Agreement(NamedTuple):
    """An alliance of a firm without its parties."""

    node: Node
    start: dt.date | None
    end: dt.date | None
    active: bool

    @property
    def ref(self) -> Ref:
        """The alliance as answers show it."""
        return ref_of(self.node)


def ties_around(explorer: Explorer, id_: str) -> Sequence[tuple[str, str, Edge, Node]]:
    """Every fact of a firm or person, from whom to whom, with the node on its other end.

    Kept until the graph changes: a page asks several questions about one firm.
    """

    def read() -> list[tuple[str, str, Edge, Node]]:
        found = []
        for name, outward in (("outgoing", True), ("incoming", False)):
            for row in run(explorer.engine, name, ids=[id_]):
                edge, other = row["r"], row["y"]
                assert isinstance(edge, Edge) and isinstance(other, Node)
                found.append((*((id_, other.id) if outward else (other.id, id_)), edge, other))
        return found

    return explorer.keep(("ties around", id_), read)


class Facts:
    """Every fact of one actor that counts on a day, with the nodes on the other ends.

    Parameters
    ----------
    explorer : Explorer
    ref : Ref
    as_of, known_at : datetime.date, optional
    limit : int
        Most members of a network.
    ended : bool, optional
        Whether facts that have ended by then are there too, marked; by default only without
        `as_of`.
    """

    def __init__(
        self,
        explorer: Explorer,
        ref: Ref,
        as_of: dt.date | None,
        known_at: dt.date | None,
        limit: int,
        ended: bool | None = None,
    ) -> None:
        self.ref = ref
        self.reference = as_of or explorer.today
        self._explorer = explorer
        self._strict = as_of is not None if ended is None else not ended
        self._known_at = known_at
        self.members = 0
        node = run(explorer.engine, "nodes", ids=[ref.id])[0]["x"]
        assert isinstance(node, Node)
        self.node = node
        self.relations = list(self._read(limit))

    def _read(self, limit: int) -> Iterable[Relation]:
        engine, id_ = self._explorer.engine, self.ref.id
        self._others: dict[str, Node] = {}
        if self.ref.label == "Network":
            counted = run(engine, "member_counts", ids=[id_])
            self.members = int(str(counted[0]["total"])) if counted else 0
            ties = _ties_of_network(self._explorer, id_, limit)
        else:
            ties = ties_around(self._explorer, id_)
        for from_id, to_id, edge, other in ties:
            self._others[other.id] = other
            dates = other.properties if other.label == "Event" else edge.properties
            if not known(edge.properties, self._known_at) or not begun(dates, self.reference):
                continue
            active = holds(edge.properties, self.reference)
            if active or not self._strict:
                fact = fact_of(edge, from_id, to_id)
                yield Relation(fact=fact, other=ref_of(other), active=active)

    def node_of(self, id_: str) -> Node:
        """A node on the other end of a fact."""
        return self._others[id_]

    @cached_property
    def agreements(self) -> list[Agreement]:
        """The alliances of a firm, newest first."""
        found = []
        for id_ in {r.fact.to_id for r in self.relations if r.fact.type == "PARTY_TO"}:
            p = self._others[id_].properties
            start, end = p.get("start"), p.get("end")
            if not within(start, None, self.reference):
                continue
            active = within(start, end, self.reference)
            if active or not self._strict:
                begin = start if isinstance(start, dt.date) else None
                stop = end if isinstance(end, dt.date) else None
                found.append(Agreement(self._others[id_], begin, stop, active))
        return sorted(found, key=lambda a: (-(a.start or dt.date.min).toordinal(), a.node.id))

    def alliances(self, most: int | None = None) -> list[AllianceView]:
        """The alliances of a firm with all their parties, newest first."""
        return views_of(self._explorer, self.agreements[:most], self._known_at)


def views_of(
    explorer: Explorer, agreements: Sequence[Agreement], known_at: dt.date | None
) -> list[AllianceView]:
    """Some alliances with all their parties, in the same order."""
    parties = parties_of(explorer, sorted(a.node.id for a in agreements), known_at)
    return [
        AllianceView(
            alliance=entity(a.node),
            parties=parties.get(a.node.id, []),
            start=a.start,
            end=a.end,
            active=a.active,
        )
        for a in agreements
    ]


def _ties_of_network(
    explorer: Explorer, id_: str, limit: int
) -> Iterable[tuple[str, str, Edge, Node]]:
    asked: dict[str, dict[str, object]] = {
        "outgoing": {"ids": [id_]},
        "members": {"id": id_, "limit": limit},
    }
    for name, parameters in asked.items():
        for row in run(explorer.engine, name, **parameters):
            edge, other = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(other, Node)
            ends = (id_, other.id) if name == "outgoing" else (other.id, id_)
            yield *ends, edge, other


def entity(node: Node) -> Entity:
    """A stored node as answers show it."""
    properties = plain(node.properties)
    return Entity(id=node.id, label=node.label, name=_name(node), properties=properties)


def ref_of(node: Node) -> Ref:
    """A stored node by id, with what is needed to show it."""
    return Ref(id=node.id, label=node.label, name=_name(node))


def _name(node: Node) -> str:
    p = node.properties
    return str(p.get("name") or p.get("title") or _event_name(node))


def _event_name(node: Node) -> str:
    kind = str(node.properties.get("kind", "")).replace("_", " ")
    return str(node.properties.get("description") or kind or node.id)
