"""What is recorded of some firms on a day: capabilities, rivalries, owners, binding alliances.

Read at once for all firms that a question is about, and changed in memory for a scenario.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.graph.names import normalised
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Entity, Fact, Ref
from alliance_explorer.queries.profile import entity
from alliance_explorer.queries.validity import holds, known, within

from .scenario_models import Basis


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a firm brings, or needs."""

    firm: str
    key: str
    name: str
    basis: Basis
    importance: float | None = None
    fact: Fact | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Bond:
    """An alliance that binds its parties to each other alone."""

    alliance: Ref
    parties: frozenset[str]


@dataclass(frozen=True)
class FirmFacts:
    """What counts of some firms on a day.

    Parameters
    ----------
    firms : mapping of str to Entity
        The firms themselves, by id.
    parties : mapping of str to mapping of str to Fact
        Alliances that were asked for, each with its parties.
    alliances : mapping of str to Ref
        Those alliances, by id.
    offers, needs : sequence of Offer
        Core business counts as an offer (our rule), and is marked by its basis.
    rivalries : mapping of (str, str) to sequence of Fact
        By pair of ids in their order; both firms are among those that were asked for.
    owners : mapping of str to sequence of (str, Fact)
        Who owns a part of a firm, or took it over.
    bonds : sequence of Bond
    """

    firms: Mapping[str, Entity] = field(default_factory=dict)
    parties: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)
    alliances: Mapping[str, Ref] = field(default_factory=dict)
    offers: Sequence[Offer] = ()
    needs: Sequence[Offer] = ()
    rivalries: Mapping[tuple[str, str], Sequence[Fact]] = field(default_factory=dict)
    owners: Mapping[str, Sequence[tuple[str, Fact]]] = field(default_factory=dict)
    bonds: Sequence[Bond] = ()

    def ref(self, id_: str) -> Ref:
        """A firm as answers show it."""
        e = self.firms[id_]
        return Ref(id=e.id, label=e.label, name=e.name)

    def refs(self, ids: Iterable[str]) -> list[Ref]:
        """Firms as answers show them, in the order of their names."""
        return sorted((self.ref(i) for i in set(ids)), key=lambda r: (r.name.casefold(), r.id))

    def rivalry(self, one: str, other: str, *, stated_only: bool = False) -> list[Fact]:
        """The facts that say that two firms compete."""
        found = self.rivalries.get((min(one, other), max(one, other)), ())
        return [f for f in found if not (stated_only and f.properties.get("inferred"))]

    def partners(self, firm: str) -> set[str]:
        """Firms in an alliance with a firm, of the alliances that were asked for."""
        with_it = (p for p in self.parties.values() if firm in p)
        return {i for parties in with_it for i in parties} - {firm}

    def offers_of(self, firm: str) -> Mapping[str, Sequence[Offer]]:
        """What a firm offers, by key; what it brings to one alliance alone is left out."""
        return self._by_firm.get(firm, {})

    @cached_property
    def _by_firm(self) -> Mapping[str, Mapping[str, Sequence[Offer]]]:
        found: defaultdict[str, defaultdict[str, list[Offer]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for offer in self.offers:
            found[offer.firm][offer.key].append(offer)
        return found


class Reader:
    """Reads what counts on a day; each kind of fact by one query for all firms."""

    def __init__(
        self, explorer: Explorer, reference: dt.date, known_at: dt.date | None = None
    ) -> None:
        self._x = explorer
        self.reference = reference
        self._known_at = known_at

    def counts(self, edge: Edge) -> bool:
        """Whether a fact holds on the day and had been recorded."""
        p = edge.properties
        return holds(p, self.reference) and known(p, self._known_at)

    def alliances_of(self, firms: Iterable[str]) -> set[str]:
        """The alliances of some firms that hold on the day."""
        found = set()
        for row in run(self._x.engine, "alliances_of", ids=sorted(set(firms))):
            edge, alliance = row["r"], row["alliance"]
            assert isinstance(edge, Edge) and isinstance(alliance, Node)
            p = alliance.properties
            if within(p.get("start"), p.get("end"), self.reference) and self.counts(edge):
                found.add(alliance.id)
        return found

    def parties_of(self, alliances: Iterable[str]) -> dict[str, dict[str, Fact]]:
        """All parties of some alliances, by alliance and firm; of several facts the first."""
        found: dict[str, dict[str, Fact]] = {a: {} for a in sorted(set(alliances))}
        rows = run(self._x.engine, "parties", ids=sorted(found)) if found else []
        facts = []
        for row in rows:
            edge = row["r"]
            assert isinstance(edge, Edge)
            if self.counts(edge):
                facts.append(fact_of(edge, str(row["firm"]), str(row["alliance"])))
        for fact in sorted(facts, key=lambda f: str(f.properties.get("id"))):
            before = found[fact.to_id].get(fact.from_id)
            found[fact.to_id][fact.from_id] = _richer(before, fact)
        return found

    def bonds_of(self, firms: Iterable[str]) -> list[Bond]:
        """The alliances of some firms that bind a party to this partner alone."""
        refs = {}
        for row in run(self._x.engine, "exclusive_alliances", ids=sorted(set(firms))):
            node = row["alliance"]
            assert isinstance(node, Node)
            p = node.properties
            if within(p.get("start"), p.get("end"), self.reference) and known(p, self._known_at):
                refs[node.id] = Ref(id=node.id, label="Alliance", name=str(p["name"]))
        parties = self.parties_of(refs)
        return [Bond(refs[a], frozenset(parties[a])) for a in sorted(refs) if len(parties[a]) > 1]

    def firms(self, ids: Iterable[str]) -> dict[str, Entity]:
        """Firms by id."""
        wanted = sorted(set(ids))
        nodes = (r["x"] for r in run(self._x.engine, "firms", ids=wanted)) if wanted else ()
        return {n.id: entity(n) for n in nodes if isinstance(n, Node)}

    def capabilities(self, ids: Iterable[str]) -> tuple[list[Offer], list[Offer]]:
        """What some firms offer and need, as stated."""
        wanted = sorted(set(ids))
        rows = run(self._x.engine, "capabilities_of", ids=wanted) if wanted else []
        offers: list[Offer] = []
        needs: list[Offer] = []
        for row in rows:
            if offer := self.offer(row["firm"], row["r"], row["y"]):
                assert offer.fact is not None
                (offers if offer.fact.type == "OFFERS" else needs).append(offer)
        return sorted(offers, key=_order), sorted(needs, key=_order)

    def offer(self, firm: object, edge: object, capability: object) -> Offer | None:
        """A stored fact as an offer or a need, if it counts."""
        assert isinstance(edge, Edge) and isinstance(capability, Node)
        if not self.counts(edge):
            return None
        fact = fact_of(edge, str(firm), capability.id)
        weight = edge.properties.get("importance")
        return Offer(
            str(firm),
            capability.id,
            str(capability.properties["name"]),
            "offers",
            float(weight) if isinstance(weight, int | float) else None,
            fact,
            str(kind) if (kind := capability.properties.get("category")) else None,
        )

    def rivalries(self, ids: Iterable[str]) -> dict[tuple[str, str], list[Fact]]:
        """Rivalries among some firms, by pair."""
        wanted = sorted(set(ids))
        found: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        for row in run(self._x.engine, "rivals", ids=wanted) if len(wanted) > 1 else ():
            edge, one, other = row["r"], str(row["one"]), str(row["other"])
            assert isinstance(edge, Edge)
            if self.counts(edge):
                found[min(one, other), max(one, other)].append(fact_of(edge, one, other))
        return {k: sorted(v, key=_id) for k, v in sorted(found.items())}

    def rivals_of(self, ids: Iterable[str]) -> dict[str, dict[str, list[Fact]]]:
        """Everybody whom some firms compete with: by firm and rival."""
        wanted = sorted(set(ids))
        found: defaultdict[str, defaultdict[str, list[Fact]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in run(self._x.engine, "competitors", ids=wanted) if wanted else ():
            edge, one, other = row["r"], str(row["one"]), str(row["other"])
            assert isinstance(edge, Edge)
            if self.counts(edge):  # rivalries are stored from the smaller id to the larger
                found[one][other].append(fact_of(edge, min(one, other), max(one, other)))
        return {k: dict(v) for k, v in found.items()}

    def owners(self, ids: Iterable[str]) -> dict[str, list[tuple[str, Fact]]]:
        """Who owns a part of some firms, or took them over."""
        wanted = sorted(set(ids))
        found: defaultdict[str, list[tuple[str, Fact]]] = defaultdict(list)
        for row in run(self._x.engine, "owners", ids=wanted) if wanted else ():
            edge, owner, owned = row["r"], row["y"], str(row["firm"])
            assert isinstance(edge, Edge) and isinstance(owner, Node)
            if self.counts(edge):
                found[owned].append((owner.id, fact_of(edge, owner.id, owned)))
        return {k: sorted(v, key=lambda of: (of[0], _id(of[1]))) for k, v in found.items()}

    def facts(self, firms: Iterable[str], alliances_of: Iterable[str]) -> FirmFacts:
        """Everything of some firms; `alliances_of` says whose alliances are wanted, with parties.

        Owners, and partners to whom somebody is bound alone, are looked at as well.
        """
        parties = self.parties_of(self.alliances_of(alliances_of))
        ids = {*firms, *(i for some in parties.values() for i in some)}
        bonds = self.bonds_of(ids)
        owners = self.owners(ids)
        ids |= {i for b in bonds for i in b.parties} | {
            o for some in owners.values() for o, _ in some
        }
        entities = self.firms(ids)
        offers, needs = self.capabilities(ids)
        offers += [o for e in entities.values() for o in core_business(e)]
        names = self._x.projection()
        return FirmFacts(
            firms=entities,
            parties=parties,
            alliances={a: names.ref(a) for a in parties},
            offers=offers,
            needs=needs,
            rivalries=self.rivalries(ids),
            owners=owners,
            bonds=bonds,
        )


def core_business(firm: Entity) -> list[Offer]:
    """A firm's segments as what it offers. Our rule: who is at work in a field can work in it."""
    segments = firm.properties.get("segments")
    found: dict[str, Offer] = {}
    for segment in segments if isinstance(segments, list) else ():
        key = segment_key(segment)
        found.setdefault(key, Offer(firm.id, key, segment, "segment"))
    return list(found.values())


def segment_key(name: str) -> str:
    """What stands for a segment where an id is needed."""
    return f"segment:{normalised(name)}"


def contributions(facts: FirmFacts, focal: str) -> list[Offer]:
    """What the partners of a firm bring to their alliances with it, as recorded there."""
    found = []
    for parties in facts.parties.values():
        if focal not in parties:
            continue
        for firm, fact in parties.items():
            brought = fact.properties.get("contributes")
            if firm != focal and isinstance(brought, list):
                for name in brought:
                    key = f"contribution:{normalised(name)}"
                    found.append(Offer(firm, key, name, "contributes", None, fact))
    return found


# --- suppositions ---------------------------------------------------------------------------------


def leaving(facts: FirmFacts, firm: str, alliances: Iterable[str]) -> FirmFacts:
    """The facts as if a firm had left some alliances."""
    left = set(alliances)
    parties = {
        a: {f: fact for f, fact in some.items() if not (a in left and f == firm)}
        for a, some in facts.parties.items()
    }
    bonds = [
        replace(b, parties=b.parties - {firm}) if b.alliance.id in left else b for b in facts.bonds
    ]
    return replace(facts, parties=parties, bonds=[b for b in bonds if len(b.parties) > 1])


def merged(facts: FirmFacts, gone: str, into: str) -> FirmFacts:
    """The facts as if a firm had gone up in another, which takes over whatever it had."""

    def new(id_: str) -> str:
        return into if id_ == gone else id_

    parties: dict[str, dict[str, Fact]] = {}
    for alliance, some in facts.parties.items():
        moved: dict[str, Fact] = {}
        for firm, fact in sorted(some.items(), key=lambda item: item[0] == gone):
            at_new = fact.model_copy(update={"from_id": new(firm)})
            moved[new(firm)] = _richer(moved.get(new(firm)), at_new)
        parties[alliance] = moved
    rivalries: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for (one, other), found in facts.rivalries.items():
        a, b = sorted((new(one), new(other)))
        if a != b:
            rivalries[a, b] += found
    owners: defaultdict[str, list[tuple[str, Fact]]] = defaultdict(list)
    for owned, owning in facts.owners.items():
        owners[new(owned)] += [(new(o), f) for o, f in owning if new(o) != new(owned)]
    bonds = [replace(b, parties=frozenset(map(new, b.parties))) for b in facts.bonds]
    return replace(
        facts,
        parties=parties,
        offers=[replace(o, firm=new(o.firm)) for o in facts.offers],
        needs=[replace(o, firm=new(o.firm)) for o in facts.needs],
        rivalries=dict(rivalries),
        owners=dict(owners),
        bonds=[b for b in bonds if len(b.parties) > 1],
    )


def allied(facts: FirmFacts, alliance: Ref, firms: Sequence[str]) -> FirmFacts:
    """The facts as if some firms had one more alliance."""
    supposed = {
        f: Fact(type="PARTY_TO", from_id=f, to_id=alliance.id, properties={}) for f in firms
    }
    return replace(
        facts,
        parties={**facts.parties, alliance.id: supposed},
        alliances={**facts.alliances, alliance.id: alliance},
    )


def _richer(before: Fact | None, fact: Fact) -> Fact:
    """One fact of two about the same part in an alliance: what either says it contributes."""
    if before is None:
        return fact
    one, other = before.properties.get("contributes"), fact.properties.get("contributes")
    both = [*(one if isinstance(one, list) else ()), *(other if isinstance(other, list) else ())]
    if not both:
        return before
    properties = {**before.properties, "contributes": list(dict.fromkeys(both))}
    return before.model_copy(update={"properties": properties})


def _order(offer: Offer) -> tuple[str, str, str]:
    return offer.firm, offer.key, _id(offer.fact) if offer.fact else ""


def _id(fact: Fact) -> str:
    return str(fact.properties.get("id"))
