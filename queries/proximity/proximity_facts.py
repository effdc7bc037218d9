"""What proximity is judged by, read for many firms at once: a handful of queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.graph.projection import Ints
from alliance_explorer.queries.graph.ties import NEVER, PathOptions, day
from alliance_explorer.queries.graph.view import TieParts, View
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Fact, Kind, Ref
from alliance_explorer.queries.profile import ref_of
from alliance_explorer.queries.validity import begun, holds, known

from .proximity_models import Evidence, ProximityOptions

# Places lie in places: a district in a city in a region in a country.
MAX_NESTING = 6
# Evidence of one kind that an answer lists; the figure counts all.
MAX_LISTED = 25


class SharedTie(NamedTuple):
    """An alliance or network that two share, with the factors of the tie."""

    parts: TieParts
    body: Ref


class Tied(NamedTuple):
    """A relationship that counts, with the node on its other end."""

    fact: Fact
    other: Node
    holds: bool

    @property
    def ref(self) -> Ref:
        """The other end as answers show it."""
        return ref_of(self.other)


def path_options(options: ProximityOptions, kind: Kind, *, ended: bool) -> PathOptions:
    """Ties of one kind as of the same day: those that hold, or with those that have ended."""
    return PathOptions(
        kinds=(kind,),
        as_of=options.as_of,
        known_at=options.known_at,
        min_confidence=options.min_confidence,
        ended=ended,
    )


class Reading:
    """Everything on record of some firms that bears on proximity, as of a day.

    Parameters
    ----------
    explorer : Explorer
    firms : sequence of Ref
        Their facts are read by one query of each sort; those of 50 firms cost hardly more than
        those of two.
    options : ProximityOptions
    """

    def __init__(self, explorer: Explorer, firms: Sequence[Ref], options: ProximityOptions) -> None:
        self.explorer = explorer
        self.options = options
        self.reference = options.reference(explorer.today)
        ids = sorted({f.id for f in firms})
        self._ids = ids
        self.nodes = {n.id: n for n in self._nodes(ids)}
        self.located: defaultdict[str, list[Tied]] = defaultdict(list)
        self.offers: defaultdict[str, list[Tied]] = defaultdict(list)
        self.needs: defaultdict[str, list[Tied]] = defaultdict(list)
        self.owners: defaultdict[str, list[Tied]] = defaultdict(list)
        lists = {"LOCATED_IN": self.located, "OFFERS": self.offers, "NEEDS": self.needs}
        for firm, tied in self._read("facts_of_firms", "firm", "y", ids):
            if tied.fact.type in lists:
                lists[tied.fact.type][firm].append(tied)
        for firm, tied in self._read("owners", "firm", "y", ids, outgoing=False):
            self.owners[firm].append(tied)
        self._read_people(ids)
        self._read_places()
        self.memberships = self._view("membership", ended=False)
        self.alliances = self._view("alliance", ended=False)
        self.dealings = self._view("alliance", ended=True)
        self._reaches = self._read_reaches(ids)
        self._members: set[str] | None = None
        self._allied: dict[str, Ints] = {}
        self._counts: Ints | None = None

    def _view(self, kind: Kind, *, ended: bool) -> View:
        return self.explorer.view(path_options(self.options, kind, ended=ended))

    def counts(self, properties: Mapping[str, object]) -> bool:
        """Whether a fact, or a node's own, was recorded by then and is sure enough."""
        confidence = properties.get("confidence")
        sure = not isinstance(confidence, int | float) or confidence >= self.options.min_confidence
        return sure and known(properties, self.options.known_at)

    def _nodes(self, ids: Sequence[str]) -> Iterable[Node]:
        for row in run(self.explorer.engine, "firms", ids=list(ids)):
            node = row["x"]
            assert isinstance(node, Node)
            # Of a firm that was recorded later nothing was known then but that we ask for it.
            yield node if self.counts(node.properties) else Node("Firm", {"id": node.id})

    def _read(
        self, query: str, own: str, other: str, ids: Sequence[str], *, outgoing: bool = True
    ) -> list[tuple[str, Tied]]:
        """Facts that count, in the order of their ids: the same on both engines."""
        found = []
        for row in run(self.explorer.engine, query, ids=list(ids)) if ids else ():
            edge, node, id_ = row["r"], row[other], str(row[own])
            assert isinstance(edge, Edge) and isinstance(node, Node)
            if self.counts(edge.properties) and begun(edge.properties, self.reference):
                ends = (id_, node.id) if outgoing else (node.id, id_)
                tied = Tied(fact_of(edge, *ends), node, holds(edge.properties, self.reference))
                found.append((id_, tied))
        return sorted(found, key=lambda f: (f[0], f[1].other.id, str(f[1].fact.properties["id"])))

    def _read_people(self, ids: Sequence[str]) -> None:
        """People of the firms, where else they were, and whom of each other they know."""
        self.people: defaultdict[str, list[Tied]] = defaultdict(list)
        self.past: defaultdict[str, list[Tied]] = defaultdict(list)
        self.homes: defaultdict[str, list[Tied]] = defaultdict(list)
        self.acquaintances: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.persons: dict[str, Node] = {}
        for firm, tied in self._read("people_of_firms", "firm", "person", ids, outgoing=False):
            self.people[firm].append(tied)
            self.persons[tied.other.id] = tied.other
        names = sorted(self.persons)
        for person, tied in self._read("past_of_people", "person", "y", names):
            (self.homes if tied.fact.type == "LOCATED_IN" else self.past)[person].append(tied)
        for row in run(self.explorer.engine, "acquaintances", ids=names) if names else ():
            edge, one, other = row["r"], str(row["one"]), str(row["other"])
            assert isinstance(edge, Edge)
            if self.counts(edge.properties) and begun(edge.properties, self.reference):
                pair = min(one, other), max(one, other)
                self.acquaintances[pair].append(fact_of(edge, one, other))

    def _read_places(self) -> None:
        """What the places of the firms lie in."""
        self.places = {t.other.id: t.other for some in self.located.values() for t in some}
        self.around: dict[str, Tied] = {}
        wanted = sorted(self.places)
        for _ in range(MAX_NESTING):
            found = self._read("places_around", "part", "y", wanted)
            for part, tied in found:
                self.around.setdefault(part, tied)
            new = {t.other.id: t.other for _, t in found if t.other.id not in self.places}
            self.places |= new
            wanted = sorted(new)
            if not wanted:
                break

    def _read_reaches(self, ids: Sequence[str]) -> dict[str, Node]:
        """Alliances whose source says no more of a partner's place than local or domestic."""
        found = {}
        for row in run(self.explorer.engine, "stated_reaches", ids=list(ids)):
            node = row["alliance"]
            assert isinstance(node, Node)
            if self.counts(node.properties):
                found[node.id] = node
        return found

    def stated_reach(self, one: str, other: str) -> Node | None:
        """The latest alliance of the two alone that says how far apart they are."""
        if not self._reaches:
            return None
        ties = [t for t in self.ties(self.dealings, one, other) if t.parts.participants == 2]
        ties.sort(key=lambda t: (-t.parts.since, t.body.id))
        return next((self._reaches[t.body.id] for t in ties if t.body.id in self._reaches), None)

    def ties(self, view: View, one: str, other: str) -> list[SharedTie]:
        """What two actors share in a view, the strongest first."""
        p = view.projection
        if one not in p.actor_index or other not in p.actor_index:  # erased meanwhile
            return []
        ties = view.ties(p.actor_index[one], p.actor_index[other], frozenset())
        return [SharedTie(t, p.ref(p.bodies[t.body])) for t in ties if t.body >= 0]

    def common_partners(self, one: str, other: str) -> tuple[list[tuple[Ref, int]], list[int]]:
        """Firms with which both are allied on the day.

        Returns
        -------
        named : list of (Ref, int)
            As many as are listed, each with the number of its alliances; those with the fewest
            first, for they say most.
        others : list of int
            The numbers of alliances of the others: two universities share thousands of partners.
        """
        p = self.alliances.projection
        if one not in p.actor_index or other not in p.actor_index:
            return [], []
        both = np.intersect1d(self._partners(one), self._partners(other), assume_unique=True)
        both = both[~np.isin(both, [p.actor_index[one], p.actor_index[other]])]
        counts = self._alliance_counts()[both]
        order = np.lexsort((both, counts))  # equals in the order of their ids
        first, rest = order[:MAX_LISTED], order[MAX_LISTED:]
        named = [(p.ref(p.actors[both[i]]), int(counts[i])) for i in first]
        return named, counts[rest].tolist()

    def _partners(self, firm: str) -> Ints:
        """Numbers of everybody that a firm is allied with on the day."""
        if firm not in self._allied:
            number = self.alliances.projection.actor_index[firm]
            self._allied[firm] = self.alliances.neighbours(number, frozenset())[0]
        return self._allied[firm]

    def _alliance_counts(self) -> Ints:
        """How many alliances each actor is in on the day. O(ties), once."""
        if self._counts is None:
            p, seen = self.alliances.projection, self._seen(self.alliances)
            is_alliance = np.array([p.names[b].label == "Alliance" for b in p.bodies], dtype=bool)
            actors, bodies = p.shared.actor[seen], p.shared.body[seen].astype(np.int64)
            width = max(1, len(p.bodies))
            pairs = np.unique(actors[is_alliance[bodies]] * width + bodies[is_alliance[bodies]])
            self._counts = np.bincount(pairs // width, minlength=len(p.actors)).astype(np.int32)
        return self._counts

    def _seen(self, view: View) -> npt.NDArray[np.bool_]:
        """Which shared ties of the projection hold on the day, and count."""
        s, reference = view.projection.shared, view.reference
        seen = (s.since <= reference) & (s.until > reference)
        seen &= s.recorded <= day(self.options.known_at, NEVER)
        return seen & (s.confidence >= self.options.min_confidence)

    def has_partners(self, firm: str) -> bool:
        """Whether a firm has been allied with anybody who is named."""
        p = self.dealings.projection
        if firm not in p.actor_index:
            return False
        return len(self.dealings.neighbours(p.actor_index[firm], frozenset())[0]) > 0

    def is_member(self, firm: str) -> bool:
        """Whether a firm belongs to any network on the day."""
        if self._members is None:
            p, s = self.memberships.projection, self.memberships.projection.shared
            ours = np.isin(s.actor, [p.actor_index[i] for i in self._ids if i in p.actor_index])
            ours &= self._seen(self.memberships)
            pairs = zip(s.actor[ours], s.body[ours], strict=True)
            networks = (a for a, b in pairs if p.names[p.bodies[b]].label == "Network")
            self._members = {p.actors[a] for a in networks}
        return firm in self._members

    def facts_about(
        self, actors: Iterable[str], bodies: Iterable[Ref]
    ) -> dict[tuple[str, str], list[Fact]]:
        """Stored facts that put actors into alliances and networks, by both ids."""
        ids = sorted({b.id for b in bodies})
        found: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        if ids:
            rows = run(
                self.explorer.engine, "memberships_of", actors=sorted(set(actors)), bodies=ids
            )
            for row in rows:
                edge, body, actor = row["r"], row["body"], str(row["actor"])
                assert isinstance(edge, Edge) and isinstance(body, Node)
                if (
                    edge.type in ("PARTY_TO", "MEMBER_OF")
                    and self.counts(edge.properties)
                    and begun(edge.properties, self.reference)
                ):
                    found[actor, body.id].append(fact_of(edge, actor, body.id))
        for facts in found.values():
            facts.sort(key=lambda f: str(f.properties["id"]))
        return dict(found)


def told(
    sentence: str,
    *,
    adds: float | None = None,
    arithmetic: str | None = None,
    refs: Iterable[Ref] = (),
    facts: Iterable[Fact] = (),
    sources: Iterable[object] = (),
    inferred: bool = False,
) -> Evidence:
    """A piece of evidence with the sources of all its facts."""
    facts = list(facts)
    named = {str(s) for s in sources if s} | {
        str(f.properties["source"]) for f in facts if "source" in f.properties
    }
    return Evidence(
        sentence=sentence,
        adds=adds,
        arithmetic=arithmetic,
        inferred=inferred or any(bool(f.properties.get("inferred")) for f in facts),
        refs=list(refs),
        facts=facts,
        sources=sorted(named),
    )


def listed(evidence: Sequence[Evidence], more: Sequence[float] = ()) -> tuple[list[Evidence], int]:
    """What adds most first, as many as are shown, and how many more there are.

    What the others add, and `more` of which nothing else is told, is one line at the end, so that
    the sum of all is the figure.
    """
    ordered = sorted(
        evidence, key=lambda e: (e.adds is None, -round(e.adds or 0.0, 12), e.sentence)
    )
    shown, rest = ordered[:MAX_LISTED], [e.adds or 0.0 for e in ordered[MAX_LISTED:]]
    rest += more
    if rest:
        sentence = f"And {len(rest):,} more."
        shown.append(told(sentence, adds=sum(rest), arithmetic="sum of the others"))
    return shown, len(rest)
