"""Everything on record about one firm's alliances, read once and then asked about any day.

A portfolio over twenty years is twenty questions about one set of facts: reading them once makes
the firm-year panel, the ledger's history and the comparison of two dates cheap, and of one mind.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.attributes import attributes_of
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Entity, Fact, Ref, Relation
from alliance_explorer.queries.parties import parties_in_short
from alliance_explorer.queries.profile import entity, ref_of, ties_around
from alliance_explorer.queries.validity import begun, holds, known

from .record_parts import (
    FIGURE,
    Counted,
    Deal,
    Happening,
    ReportedShare,
    Takeover,
    date_of,
    is_inferred,
    order_of,
    shares,
)


@dataclass(frozen=True)
class Record:
    """What is known about a firm, its alliances and its partners.

    Parameters
    ----------
    explorer : Explorer
    ref : Ref
        The firm.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Notes
    -----
    About a dozen queries, over the ids of this firm, its partners or its alliances.
    """

    explorer: Explorer
    ref: Ref
    known_at: dt.date | None = None
    _nodes: dict[str, Node] = field(default_factory=dict, init=False, repr=False)
    _partners_on: dict[dt.date, list[Ref]] = field(default_factory=dict, init=False, repr=False)
    _rivals: dict[dt.date, dict[str, Relation]] = field(
        default_factory=dict, init=False, repr=False
    )

    # --- the firm's own facts ---------------------------------------------------------------------

    def _known(self, properties: Mapping[str, object]) -> bool:
        return known(properties, self.known_at)

    @cached_property
    def own(self) -> list[Relation]:
        """Every fact of the firm with the node on its other end; dates are not looked at."""
        found = []
        for from_id, to_id, edge, other in ties_around(self.explorer, self.ref.id):
            if self._known(edge.properties):
                self._nodes[other.id] = other
                fact = fact_of(edge, from_id, to_id)
                found.append(Relation(fact=fact, other=ref_of(other), active=True))
        return sorted(found, key=order_of)

    def of_type(self, *types: str) -> list[Relation]:
        """The firm's facts of some types."""
        return [r for t in types for r in self._by_type.get(t, ())]

    @cached_property
    def _by_type(self) -> dict[str, list[Relation]]:
        found: defaultdict[str, list[Relation]] = defaultdict(list)
        for r in self.own:
            found[r.fact.type].append(r)
        return dict(found)

    # --- alliances and partners -------------------------------------------------------------------

    @cached_property
    def deals(self) -> list[Deal]:
        """Every alliance of the firm, oldest first."""
        own = {str(r.fact.properties["id"]): r.fact for r in self.of_type("PARTY_TO")}
        ids = sorted({f.to_id for f in own.values()})
        parties = parties_in_short(self.explorer, ids, self.known_at)
        found = []
        for id_ in ids:
            p = self._nodes[id_].properties
            start, end = date_of(p.get("start")), date_of(p.get("end"))
            some = [replace(q, fact=own[q.id]) if q.id in own else q for q in parties.get(id_, [])]
            found.append(Deal(entity(self._nodes[id_]), start, end, some))
        return sorted(found, key=lambda d: (d.start or dt.date.min, d.alliance.id))

    def active(self, day: dt.date) -> list[Deal]:
        """Alliances in force on a day, oldest first."""
        return [d for d in self.deals if d.holds(day)]

    def deals_with(self, partner: str) -> list[Deal]:
        """Alliances with one partner, oldest first."""
        return self._by_partner.get(partner, [])

    @cached_property
    def _by_partner(self) -> dict[str, list[Deal]]:
        found: defaultdict[str, list[Deal]] = defaultdict(list)
        for deal in self.deals:
            for ref in deal.others(self.ref.id):
                found[ref.id].append(deal)
        return dict(found)

    def allied_before(self, partner: str, day: dt.date) -> int:
        """How many alliances with a partner had begun before a day."""
        return bisect_left(self._starts.get(partner, ()), day)

    @cached_property
    def _starts(self) -> dict[str, list[dt.date]]:
        return {i: [d.start for d in some if d.start] for i, some in self._by_partner.items()}

    @cached_property
    def first_allied(self) -> dict[str, dt.date]:
        """When each partner became one; the first of all days if that is not recorded."""
        return {i: some[0].start or dt.date.min for i, some in self._by_partner.items()}

    @cached_property
    def partners(self) -> dict[str, Counted]:
        """Every firm that ever was party to an alliance with this one."""
        ids = sorted(self._by_partner)
        found = attributes_of(self.explorer, ids)
        return {i: Counted(str(found[i]["name"]), found[i]) for i in ids}

    @cached_property
    def firm(self) -> Entity:
        """The firm itself."""
        node = run(self.explorer.engine, "nodes", ids=[self.ref.id])[0]["x"]
        assert isinstance(node, Node)
        return entity(node)

    def entity_of(self, id_: str) -> Entity:
        """Whoever is on the other end of one of its facts."""
        _ = self.own
        return entity(self._nodes[id_])

    def partners_on(self, day: dt.date) -> list[Ref]:
        """Partners in alliances that are in force on a day, by name."""
        if day not in self._partners_on:
            found = {r.id: r for d in self.active(day) for r in d.others(self.ref.id)}
            by_name = sorted(found.values(), key=lambda r: (r.name.casefold(), r.id))
            self._partners_on[day] = by_name
        return self._partners_on[day]

    @cached_property
    def alliances_of(self) -> dict[str, list[tuple[str, dt.date | None, dt.date | None]]]:
        """Alliances of each partner with anybody: id, start, end."""
        found: defaultdict[str, set[tuple[str, dt.date | None, dt.date | None]]] = defaultdict(set)
        ids = sorted(self.partners)
        for row in run(self.explorer.engine, "alliances_of", ids=ids) if ids else ():
            edge, alliance = row["r"], row["alliance"]
            assert isinstance(edge, Edge) and isinstance(alliance, Node)
            if self._known(edge.properties):
                p = alliance.properties
                span = alliance.id, date_of(p.get("start")), date_of(p.get("end"))
                found[str(row["firm"])].add(span)
        found[self.ref.id] = {(d.alliance.id, d.start, d.end) for d in self.deals}
        return {i: sorted(s, key=lambda x: x[0]) for i, s in found.items()}

    # --- rivals, owners, takeovers ----------------------------------------------------------------

    def rivals_on(self, day: dt.date) -> dict[str, Relation]:
        """Who competes with the firm on a day; a stated rivalry comes before an inferred one."""
        if day in self._rivals:
            return self._rivals[day]
        found: dict[str, Relation] = {}
        for r in self.of_type("COMPETES_WITH"):
            if holds(r.fact.properties, day):
                before = found.get(r.other.id)
                if before is None or is_inferred(before) > is_inferred(r):
                    found[r.other.id] = r
        self._rivals[day] = found
        return found

    @cached_property
    def partners_rivalries(self) -> list[Fact]:
        """Rivalries among all partners that ever were."""
        found, ids = [], sorted(self.partners)
        for row in run(self.explorer.engine, "rivals", ids=ids) if len(ids) > 1 else ():
            edge = row["r"]
            assert isinstance(edge, Edge)
            if self._known(edge.properties):
                found.append(fact_of(edge, str(row["one"]), str(row["other"])))
        return sorted(found, key=lambda f: str(f.properties.get("id")))

    @cached_property
    def takeovers(self) -> list[Takeover]:
        """Who acquired partners, oldest first."""
        found = {}
        ids = sorted(self.partners)
        for row in run(self.explorer.engine, "owners", ids=ids) if ids else ():
            edge, owner = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(owner, Node)
            if edge.type == "ACQUIRED" and self._known(edge.properties):
                fact = fact_of(edge, owner.id, str(row["firm"]))
                date = date_of(edge.properties.get("date"))
                found[fact.to_id, owner.id, date] = Takeover(fact.to_id, ref_of(owner), date, fact)
        return sorted(
            found.values(), key=lambda t: (t.date or dt.date.min, t.acquirer.id, t.acquired)
        )

    def takeovers_by(self, day: dt.date) -> list[Takeover]:
        """Takeovers of partners that had happened by a day."""
        return [t for t in self.takeovers if begun(t.fact.properties, day)]

    # --- events -----------------------------------------------------------------------------------

    @cached_property
    def happenings(self) -> list[Happening]:
        """Events of the firm and of its alliances, oldest first, reported figures among them."""
        nodes = {
            r.other.id: self._nodes[r.other.id]
            for r in self.of_type("INVOLVES")
            if r.other.label == "Event"
        }
        engine, ids = self.explorer.engine, [d.alliance.id for d in self.deals]
        for row in run(engine, "events_of_alliances", ids=ids) if ids else ():
            node = row["e"]
            assert isinstance(node, Node)
            nodes[node.id] = node
        return self._told({i: n for i, n in nodes.items() if self._known(n.properties)})

    def _told(self, nodes: Mapping[str, Node]) -> list[Happening]:
        involved: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        refs: dict[str, Ref] = {}
        engine = self.explorer.engine
        for row in run(engine, "involved", ids=sorted(nodes)) if nodes else ():
            edge, other = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(other, Node)
            if self._known(edge.properties):
                refs[other.id] = ref_of(other)
                role = str(edge.properties.get("role", ""))
                involved[str(row["event"])].add((other.id, role))
        found = []
        for id_, node in nodes.items():
            date = date_of(node.properties.get("date"))
            assert date is not None  # required by the schema
            who = [(refs[i], role) for i, role in sorted(involved[id_])]
            found.append(Happening(entity(node), date, str(node.properties["kind"]), who))
        return sorted(found, key=lambda h: (h.date, h.event.id))

    def moves(self, day: dt.date) -> list[Happening]:
        """Events up to a day, reported figures left out."""
        return [h for h in self.happenings if h.date <= day and h.kind != FIGURE]

    @cached_property
    def _around(self) -> tuple[dict[str, dt.date], dict[tuple[str, str], list[ReportedShare]]]:
        """Since when firms have a chronology of their own, and shares reported between them."""
        ids = sorted({self.ref.id, *self.partners})
        studied: dict[str, dt.date] = {}
        nodes: dict[str, Node] = {}
        roles: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in run(self.explorer.engine, "events_of_firms", ids=ids):
            edge, node, firm = row["r"], row["e"], str(row["firm"])
            assert isinstance(edge, Edge) and isinstance(node, Node)
            date = date_of(node.properties.get("date"))
            if date is None or not self._known(edge.properties):
                continue
            if edge.properties["role"] == "focal":
                studied[firm] = min(date, studied.get(firm, date))
            else:
                nodes[node.id] = node
                roles[node.id][str(edge.properties["role"])] = firm
        return studied, shares(nodes, roles)

    def studied(self, firm: str, day: dt.date) -> bool:
        """Whether a chronology of the firm's own relations is on record by a day."""
        first = self._around[0].get(firm)
        return first is not None and first <= day

    def varies_with(self, partner: str) -> bool:
        """Whether anything dated bears on the dependence between the firm and a partner."""
        studied, shares_between = self._around
        both = self.ref.id, partner
        alone = studied.keys().isdisjoint(both)
        return not (alone and shares_between.keys().isdisjoint((both, both[::-1])))

    def bears_on_dependence(self, deal: Deal, partner: str) -> bool:
        """Whether anything on record says how much the firm and a partner depend on each other."""
        return (
            self.varies_with(partner)
            or (partner, "OFFERS") in self.capabilities
            or (self.ref.id, "OFFERS") in self.capabilities
            or not deal.telling.isdisjoint((self.ref.id, partner))
        )

    def reported_share(self, firm: str, partner: str, day: dt.date) -> ReportedShare | None:
        """The last share reported by a day of one firm's business that runs through another."""
        found = [s for s in self._around[1].get((firm, partner), ()) if s.date <= day]
        return max(found, key=lambda s: s.date) if found else None

    # --- capabilities -----------------------------------------------------------------------------

    @cached_property
    def capabilities(self) -> dict[tuple[str, str], dict[str, tuple[Ref, Fact]]]:
        """What the firm and its partners offer and need, by (firm, type) and capability."""
        found: defaultdict[tuple[str, str], dict[str, tuple[Ref, Fact]]] = defaultdict(dict)
        ids = sorted({self.ref.id, *self.partners})
        for row in run(self.explorer.engine, "capabilities_of", ids=ids):
            edge, node, firm = row["r"], row["y"], str(row["firm"])
            assert isinstance(edge, Edge) and isinstance(node, Node)
            if self._known(edge.properties):
                fact = fact_of(edge, firm, node.id)
                found[firm, edge.type][node.id] = ref_of(node), fact
        return dict(found)

    @property
    def offered(self) -> set[str]:
        """The capabilities that the firm or a partner offers."""
        return {c for (_, t), caps in self.capabilities.items() if t == "OFFERS" for c in caps}

    @cached_property
    def offerers(self) -> dict[str, set[str]]:
        """Who offers each capability that the firm or a partner offers, anybody in the graph."""
        ids = sorted(self.offered)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in run(self.explorer.engine, "providers", ids=ids) if ids else ():
            edge, capability = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(capability, Node)
            if self._known(edge.properties):
                found[capability.id].add(str(row["firm"]))
        return dict(found)

    # --- people and networks ----------------------------------------------------------------------

    @cached_property
    def people(self) -> dict[str, list[tuple[Fact, Ref]]]:
        """Who champions and who manages each alliance."""
        found: defaultdict[str, list[tuple[Fact, Ref]]] = defaultdict(list)
        ids = [d.alliance.id for d in self.deals]
        for row in run(self.explorer.engine, "people_of_alliances", ids=ids) if ids else ():
            edge, node = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(node, Node)
            if self._known(edge.properties):
                fact = fact_of(edge, node.id, str(row["alliance"]))
                found[fact.to_id].append((fact, ref_of(node)))
        return {
            i: sorted(some, key=lambda x: (x[0].type, x[1].name, x[1].id))
            for i, some in found.items()
        }

    def champions(self, deal: Deal) -> list[Ref]:
        """Who champions an alliance."""
        found = {p.id: p for f, p in self.people.get(deal.alliance.id, ()) if f.type == "CHAMPIONS"}
        return list(found.values())

    @cached_property
    def employers(self) -> dict[str, Ref]:
        """For whom the people around the alliances work, or worked last."""
        ids = sorted({p.id for some in self.people.values() for _, p in some})
        found: dict[str, tuple[dt.date, Ref]] = {}
        for row in run(self.explorer.engine, "employers", ids=ids) if ids else ():
            edge, node, person = row["r"], row["y"], str(row["person"])
            assert isinstance(edge, Edge) and isinstance(node, Node)
            since = date_of(edge.properties.get("since")) or dt.date.min
            if self._known(edge.properties):
                best = found.get(person)
                if best is None or (since, node.id) > (best[0], best[1].id):
                    found[person] = since, ref_of(node)
        return {person: ref for person, (_, ref) in found.items()}

    @cached_property
    def shared_networks(self) -> dict[str, list[tuple[Ref, Fact]]]:
        """Networks of the firm to which partners belong as well, with the partner's fact."""
        bodies = sorted({r.other.id for r in self.of_type("MEMBER_OF")})
        found: defaultdict[str, list[tuple[Ref, Fact]]] = defaultdict(list)
        actors = sorted(self.partners)
        if actors and bodies:
            rows = run(self.explorer.engine, "memberships_of", actors=actors, bodies=bodies)
            for row in rows:
                edge, body = row["r"], row["body"]
                assert isinstance(edge, Edge) and isinstance(body, Node)
                if self._known(edge.properties):
                    fact = fact_of(edge, str(row["actor"]), body.id)
                    found[fact.from_id].append((ref_of(body), fact))
        return dict(found)

    # --- time -------------------------------------------------------------------------------------

    def years(self, reference: dt.date) -> range:
        """From the first dated fact to the last one by a day; empty if nothing is dated."""
        days = [d.start for d in self.deals]
        days += [d.last for d in self.deals]
        days += [h.date for h in self.happenings]
        dated = [d for d in days if d is not None and d <= reference]
        return range(min(dated).year, max(dated).year + 1) if dated else range(0)


@as_known
def read_record(
    explorer: Explorer, firm: str, known_at: dt.date | None = None, field: str | None = "firm"
) -> Record:
    """The record of a firm by id or name.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    ref = explorer.resolve(firm, ("Firm",), field)
    return explorer.keep(("record", ref.id, known_at), lambda: Record(explorer, ref, known_at))
