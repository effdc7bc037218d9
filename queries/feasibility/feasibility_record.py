"""What is on record of a firm and a partner, as far as the feasibility of a partnership goes."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import AllianceView, Entity, Fact, Ref, Relation
from alliance_explorer.queries.profile import Facts, entity
from alliance_explorer.queries.proximity.geographical import geographical
from alliance_explorer.queries.proximity.locations import credits_of, locations
from alliance_explorer.queries.proximity.proximity import proximity
from alliance_explorer.queries.proximity.proximity_facts import Reading
from alliance_explorer.queries.proximity.proximity_models import Evidence, ProximityOptions
from alliance_explorer.queries.validity import holds, known
from alliance_explorer.queries.wording import readable, span

from .feasibility_models import AllianceCapability, Finding, Reach, ReachReading

CAPABILITIES: Final[tuple[AllianceCapability, ...]] = get_args(AllianceCapability)
REACHES: Final[tuple[Reach, ...]] = get_args(Reach)
"""From near to far."""
MAX_PLACED: Final = 200
MAX_PEOPLE: Final = 10
MAX_NETWORKS: Final = 5
_EXCLUSIVE: Final = re.compile(r"\bnon[- ]?compet|\bexclusiv", re.IGNORECASE)


@dataclass(frozen=True)
class Experience:
    """A non-local partnership of the firm."""

    view: AllianceView
    finding: Finding


@dataclass(frozen=True)
class Nearness:
    """What is on record between the firm and one partner."""

    networks: Sequence[Finding]
    near: bool
    why: str
    social: Sequence[Finding]
    reach: ReachReading | None


class Record:
    """Everything on record of one firm that a verdict may rest on; read once.

    Parameters
    ----------
    explorer : Explorer
    firm : Ref
    as_of, known_at : datetime.date, optional
    placing : bool
        Whether partners of alliances without a recorded reach are looked up by their places.
    """

    def __init__(
        self,
        explorer: Explorer,
        firm: Ref,
        as_of: dt.date | None,
        known_at: dt.date | None,
        placing: bool = True,
    ) -> None:
        self.firm = firm
        self._explorer = explorer
        self._known_at = known_at
        self._options = ProximityOptions(as_of=as_of, known_at=known_at)
        self._facts = Facts(explorer, firm, as_of, known_at, limit=0, ended=True)
        self.reference = self._facts.reference
        self.alliances = self._facts.alliances()
        self.credits: list[str] = []
        self._reaches = self._reaches_by_place() if placing else {}

    @property
    def _holding(self) -> list[Relation]:
        return [r for r in self._facts.relations if r.active]

    def capabilities(self) -> Mapping[AllianceCapability | None, Sequence[Finding]]:
        """Alliance capabilities that the firm offers, by kind; None: of another kind.

        Our rule: the kind is the one that the capability's name contains.
        """
        found: dict[AllianceCapability | None, list[Finding]] = {}
        for r in self._holding:
            if r.fact.type != "OFFERS" or r.fact.from_id != self.firm.id:
                continue
            node = self._facts.node_of(r.other.id)
            if node.properties.get("category") != "alliance":
                continue
            name = readable(r.other.name.replace("-", " ")).casefold()
            kinds = [k for k in CAPABILITIES if re.search(rf"\b{k}\b", name)]
            level = f" ({r.fact.properties['level']})" if "level" in r.fact.properties else ""
            finding = _told(
                f"{self.firm.name} offers {r.other.name}{level}.",
                [r.other],
                [r.fact],
                [entity(node)],
            )
            for kind in kinds or (None,):
                found.setdefault(kind, []).append(finding)
        return {k: sorted(v, key=lambda f: (f.sentence, f.about[0].id)) for k, v in found.items()}

    # --- partnerships so far ----------------------------------------------------------------------

    def experience(self) -> list[Experience]:
        """Non-local partnerships of the firm up to the reference date, ended ones too."""
        found = []
        for view in self.alliances:
            reach = self.reach_of(view)
            if reach is not None and reach.reach != "local":
                when = span(view.start, view.end, self.reference) or "no date on record"
                finding = _told(
                    f"{view.alliance.name} ({reach.reach}, {when}).",
                    [_ref(view)],
                    self._own_facts(view),
                    [view.alliance],
                    inferred=reach.stated_by == "places",
                )
                found.append(Experience(view, finding))
        return found

    def others(self, view: AllianceView) -> list[Ref]:
        """The other parties of an alliance."""
        return list(
            {p.other.id: p.other for p in view.parties if p.other.id != self.firm.id}.values()
        )

    def reach_of(self, view: AllianceView) -> ReachReading | None:
        """Where the partner of an alliance is: as recorded, else by the places of the parties.

        Of several parties the farthest counts (our rule).
        """
        recorded = view.alliance.properties.get("reach")
        if recorded in REACHES:
            finding = _told(
                f"{view.alliance.name}: {recorded} partner.",
                [_ref(view)],
                self._own_facts(view),
                [view.alliance],
            )
            return ReachReading(
                reach=recorded,
                how=f"The record of the alliance says {recorded}.",
                stated_by="the record",
                evidence=[finding],
            )
        far = self.farthest(view)
        if far is None:
            return None
        return ReachReading(
            reach=self._reaches[far.id],
            how=f"By the places of {self.firm.name} and {far.name}: {self._reaches[far.id]}.",
            stated_by="places",
            evidence=[],
        )

    def farthest(self, view: AllianceView) -> Ref | None:
        """The party that is the farthest away, among those whose place is known."""
        placed = [o for o in self.others(view) if o.id in self._reaches]
        return max(placed, key=lambda o: REACHES.index(self._reaches[o.id]), default=None)

    def _reaches_by_place(self) -> Mapping[str, Reach]:
        """Reach of the partners in alliances of which no reach is recorded.

        Bounded: of partnerships in a service first, then of the newest alliances.
        """
        views = [v for v in self.alliances if v.alliance.properties.get("reach") not in REACHES]
        views.sort(key=lambda v: "service_type" not in v.alliance.properties)
        ids = list(dict.fromkeys(o.id for v in views for o in self.others(v)))[:MAX_PLACED]
        if not ids:
            return {}
        refs = {o.id: o for v in views for o in self.others(v)}
        reading = Reading(self._explorer, [self.firm, *(refs[i] for i in ids)], self._options)
        own, found = locations(reading, self.firm.id), {}
        for id_ in ids:
            places = locations(reading, id_)
            names = self.firm.name, refs[id_].name
            where = geographical(own, places, names, self._options.thresholds, self.reference)
            if where.reach is not None:
                found[id_] = where.reach
                self.credits = sorted({*self.credits, *credits_of([*own, *places])})
        return found

    def _own_facts(self, view: AllianceView) -> list[Fact]:
        return [p.fact for p in view.parties if p.other.id == self.firm.id]

    def exclusives(self, but: str | None) -> list[Finding]:
        """Agreements that bind the firm to others than `but`, or may: by property or by terms."""
        found = []
        for view in self.alliances:
            p = view.alliance.properties
            terms = str(p.get("terms", ""))
            exclusive = p.get("exclusive") is True
            bound = exclusive or _EXCLUSIVE.search(terms) is not None
            others = self.others(view)
            if not view.active or not bound or but in {o.id for o in others}:
                continue
            details = [f"service: {p['service_type']}"] if "service_type" in p else []
            details += [f"terms: {terms}"] if terms else []
            said = f" ({'; '.join(details)})" if details else ""
            found.append(
                _told(
                    f"{self.firm.name} is in an agreement that "
                    f"{'is exclusive' if exclusive else 'may bind it'}, "
                    f"{view.alliance.name}{said}: check that it leaves room.",
                    [_ref(view), *others],
                    self._own_facts(view),
                    [view.alliance],
                )
            )
        return found

    def managers(self) -> list[Finding]:
        """Who champions or manages the firm's alliances."""
        views = {v.alliance.id: v for v in self.alliances if v.active}
        found = []
        for row in run(self._explorer.engine, "people_of_alliances", ids=sorted(views)):
            edge, person = row["r"], row["y"]
            assert isinstance(edge, Edge) and isinstance(person, Node)
            if not known(edge.properties, self._known_at):
                continue
            if not holds(edge.properties, self.reference):
                continue
            view = views[str(row["alliance"])]
            verb = "champions" if edge.type == "CHAMPIONS" else "manages"
            who = entity(person)
            found.append(
                _told(
                    f"{who.name} {verb} {view.alliance.name}.",
                    [Ref(id=who.id, label=who.label, name=who.name), _ref(view)],
                    [fact_of(edge, who.id, view.alliance.id)],
                )
            )
        return sorted(found, key=lambda f: (f.sentence, f.about[0].id))[:MAX_PEOPLE]

    # --- the other side ---------------------------------------------------------------------------

    def rivalry(self, other: str) -> list[Finding]:
        """Whether firm and candidate compete."""
        return [
            _told(
                f"{self.firm.name} and {r.other.name} compete"
                + (f" ({r.fact.properties['market']})" if "market" in r.fact.properties else "")
                + (", as a rule infers." if r.fact.properties.get("inferred") else "."),
                [r.other],
                [r.fact],
                inferred=r.fact.properties.get("inferred") is True,
            )
            for r in self._holding
            if r.fact.type == "COMPETES_WITH" and r.other.id == other
        ]

    def networks(self) -> list[str]:
        """Names of networks that the firm is in, the smallest first, at most a few."""
        own = {r.other.id: r.other.name for r in self._holding if r.fact.type == "MEMBER_OF"}
        if not own:
            return []
        rows = run(self._explorer.engine, "member_counts", ids=sorted(own))
        sizes = [(int(str(row["total"])), str(row["network"])) for row in rows]
        return [f"{own[id_]} ({size:,})" for size, id_ in sorted(sizes)[:MAX_NETWORKS]]

    def nearness(self, other: Ref) -> Nearness:
        """Organizational proximity to a partner, ties between people, and where it is."""
        found = proximity(self._explorer, self.firm.id, other.id, self._options)
        reach, place = None, found.geographical
        self.credits = sorted({*self.credits, *found.credits})
        if place.reach is not None:
            reach = ReachReading(
                reach=place.reach,
                how=place.why,
                stated_by="places" if place.nearest else "the record",
                evidence=[_finding(e) for e in place.evidence],
            )
        return Nearness(
            networks=[_finding(e) for e in found.organizational.evidence],
            near=found.organizational.verdict in ("workable", "too close"),
            why=found.organizational.why,
            social=[_finding(e) for e in found.social.evidence],
            reach=reach,
        )

    def recorded_reach(self, other: Ref) -> ReachReading | None:
        """Where a partner is by the record of an alliance that the firm already has with it."""
        for view in self.alliances:
            if "reach" in view.alliance.properties and [other.id] == [
                o.id for o in self.others(view)
            ]:
                return self.reach_of(view)
        return None


def _ref(view: AllianceView) -> Ref:
    return Ref(id=view.alliance.id, label="Alliance", name=view.alliance.name)


def _told(
    sentence: str,
    about: Sequence[Ref],
    facts: Sequence[Fact],
    entities: Sequence[Entity] = (),
    inferred: bool = False,
) -> Finding:
    named = [f.properties.get("source") for f in facts]
    named += [e.properties.get("source") for e in entities]
    return Finding(
        sentence=sentence,
        about=list(about),
        facts=list(facts),
        entities=list(entities),
        inferred=inferred,
        sources=sorted({str(s) for s in named if s}),
    )


def _finding(e: Evidence) -> Finding:
    return Finding(
        sentence=e.sentence,
        about=e.refs,
        facts=e.facts,
        entities=[],
        inferred=e.inferred,
        sources=e.sources,
    )
