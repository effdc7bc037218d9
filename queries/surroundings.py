"""Who is around an actor, by kind of tie and the most relevant first: how a picture grows.

Our rule: relevance is the strength of the tie (weight x recency x repetition x specificity, as
everywhere); of a network, 1 / log2(1 + members), so that small bodies come first; of a
competitor, 1 if a source states it and 0.5 if a rule infers it. Equals are in the order of how many
of those already in the picture they are tied to, and then of what all their ties are worth.
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from alliance_explorer.engine import Edge, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import NEIGHBOURS

from .explorer import Explorer
from .graph.ties import KINDS, PathOptions
from .graph.view import View
from .known import as_known
from .library import run
from .models import Kind, Ref, Relation
from .picture_models import Around, Neighbour, Neighbours, Surroundings
from .profile import Facts
from .validity import known, within

AROUND: Final[tuple[Around, ...]] = get_args(Around)
DRAWN: Final = ("Firm", "Person", "Network", "Alliance")
BESIDE_LOOKED_AT: Final = 300
_STATED, _INFERRED = 1.0, 0.5
_KIND_OF: Final[Mapping[str, Around]] = {
    "OWNS": "ownership",
    "ACQUIRED": "ownership",
    "WORKS_FOR": "person",
    "SITS_ON_BOARD_OF": "person",
    "KNOWS": "person",
    "CHAMPIONS": "person",
    "MANAGES": "person",
    "MEMBER_OF": "membership",
    "COMPETES_WITH": "competition",
}
_TIES_OF: Final[Mapping[Around, tuple[Kind, ...]]] = {
    "alliance": ("alliance",),
    "ownership": ("ownership",),
    "person": ("employment", "board", "acquaintance", "championing"),
    "membership": ("membership",),
    "competition": (),
}


@dataclass
class _Found:
    """A neighbour while it is being looked at."""

    ref: Ref
    inferred: bool = True
    facts: int = 0
    through: dict[str, Ref] = field(default_factory=dict)


@as_known
def surroundings(
    explorer: Explorer,
    actor: str,
    *,
    kinds: Sequence[str] = AROUND,
    limit: int = NEIGHBOURS.usual,
    beside: Collection[str] = (),
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
) -> Surroundings:
    """What a picture can be expanded by at one actor.

    Parameters
    ----------
    explorer : Explorer
    actor : str
        A firm, person, network or alliance, by id or name.
    kinds : sequence of str
        Kinds of tie to look at, of `AROUND`.
    limit : int
        Most neighbours of each kind; `total` tells how many there are.
    beside : collection of str
        Ids of those in the picture: they are not shown again, and who is tied to many of them comes
        first among equals. At most `BESIDE_LOOKED_AT` of them count for that.
    as_of : datetime.date, optional
        Only what was valid on this day; without it all on record up to today, ended ties too.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Raises
    ------
    UnknownActor, AmbiguousActor
    InvalidRequest
        Unknown kind.

    Notes
    -----
    O(facts of the actor) by Cypher; members of a network come from the projection, O(members).
    """
    for kind in kinds:
        if kind not in AROUND:
            raise InvalidRequest(
                f"{kind!r} is no kind of tie to expand by" + nearest(kind, AROUND), "kind"
            )
    ref = explorer.resolve(actor, DRAWN)
    looking = _Looking(explorer, ref, set(beside), as_of, known_at)
    found = looking.found()
    return Surroundings(
        actor=ref,
        as_of=as_of,
        known_at=known_at,
        kinds=[
            group
            for kind in AROUND
            if kind in kinds and (group := looking.group(kind, found.get(kind, {}), limit)).total
        ],
    )


class _Looking:
    def __init__(
        self,
        explorer: Explorer,
        ref: Ref,
        beside: set[str],
        as_of: dt.date | None,
        known_at: dt.date | None,
    ) -> None:
        self._explorer, self._ref, self._beside = explorer, ref, beside
        self._as_of, self._known_at = as_of, known_at
        self._view = explorer.view(PathOptions(as_of=as_of, known_at=known_at))
        self._index = self._view.projection.actor_index

    def found(self) -> dict[Around, dict[str, _Found]]:
        """Every neighbour by kind of tie and id."""
        if self._ref.label == "Network":
            return {"membership": {r.id: _Found(r, inferred=False) for r in self._members()}}
        found: dict[Around, dict[str, _Found]] = defaultdict(dict)
        if self._ref.label == "Alliance":
            for partner in self._parties():
                found["alliance"][partner.id] = _Found(partner, inferred=False)
            return found
        facts = Facts(self._explorer, self._ref, self._as_of, self._known_at, 0)
        for relation in facts.relations:
            if kind := _KIND_OF.get(relation.fact.type):
                self._add(found[kind], relation)
        for view in facts.alliances() if self._ref.label == "Firm" else ():
            others = [p.other for p in view.parties if p.other.id != self._ref.id]
            node = Ref(id=view.alliance.id, label="Alliance", name=view.alliance.name)
            for other in others:
                partner_ = found["alliance"].setdefault(other.id, _Found(other, inferred=False))
                partner_.facts += 1
                if len(others) > 1:
                    partner_.through[node.id] = node
        return found

    def _add(self, some: dict[str, _Found], relation: Relation) -> None:
        one = some.setdefault(relation.other.id, _Found(relation.other))
        one.facts += 1
        one.inferred = one.inferred and bool(relation.fact.properties.get("inferred"))

    def _members(self) -> Iterable[Ref]:
        projection = self._view.projection
        body = projection.body_index.get(self._ref.id)
        if body is None:
            return
        strict = self._as_of is not None
        members = self._view.members(body) if strict else self._view.everybody(body)
        for i in sorted(set(members.tolist())):
            yield projection.ref(projection.actors[i])

    def _parties(self) -> Iterable[Ref]:
        engine = self._explorer.engine
        reference = self._as_of or self._explorer.today
        alliance = run(engine, "nodes", ids=[self._ref.id])[0]["x"]
        assert isinstance(alliance, Node)
        p = alliance.properties
        ended = None if self._as_of is None else p.get("end")
        if not within(p.get("start"), ended, reference) or not known(p, self._known_at):
            return
        for row in run(engine, "parties", ids=[self._ref.id]):
            edge = row["r"]
            assert isinstance(edge, Edge)
            if known(edge.properties, self._known_at):
                yield Ref(id=str(row["firm"]), label="Firm", name=str(row["name"]))

    def group(self, kind: Around, found: Mapping[str, _Found], limit: int) -> Neighbours:
        """The most relevant of one kind."""
        new = [f for id_, f in found.items() if id_ not in self._beside]
        beside = self._tied_beside({f.ref.id for f in new} if limit else set())
        rated = [(self._relevance(kind, f), beside[f.ref.id], f) for f in new]
        rated.sort(
            key=lambda r: (
                -round(r[0], 6),
                -r[1],
                -self._worth(r[2].ref.id),
                r[2].ref.name.casefold(),
                r[2].ref.id,
            )
        )
        return Neighbours(
            kind=kind,
            total=len(found),
            left=len(new),
            beyond=self._beyond(found) if kind == "membership" else 0,
            shown=[
                Neighbour(
                    node=f.ref,
                    relevance=relevance,
                    beside=tied,
                    inferred=f.inferred,
                    through=[f.through[i] for i in sorted(f.through)],
                    because=self._because(kind, f, relevance),
                )
                for relevance, tied, f in rated[:limit]
            ],
        )

    def _relevance(self, kind: Around, found: _Found) -> float:
        if kind == "competition":
            return _INFERRED if found.inferred else _STATED
        body = found.ref.id if kind == "membership" and found.ref.label == "Network" else ""
        if self._ref.label in ("Network", "Alliance"):
            body = self._ref.id
        if body or found.ref.label == "Alliance":
            return _specific(self._participants(body or found.ref.id))
        strength = 1.0
        for tie in self._ties(found.ref.id):
            if tie.kind in _TIES_OF[kind]:
                strength *= 1 - tie.strength
        return 1 - strength

    def _ties(self, id_: str) -> Iterable["_Tie"]:
        one, other = self._index.get(self._ref.id), self._index.get(id_)
        if one is None or other is None:
            return []
        return [_Tie(t.kind, t.strength) for t in self._view.ties(one, other, frozenset())]

    def _participants(self, body: str) -> int:
        index = self._view.projection.body_index.get(body)
        return 0 if index is None else int(self._view.participants[index])

    def _worth(self, id_: str) -> float:
        index = self._index.get(id_)
        return 0.0 if index is None else float(self._view.total[index])

    def _because(self, kind: Around, found: _Found, relevance: float) -> str:
        if kind == "competition":
            return "inferred by a rule" if found.inferred else "stated by a source"
        if found.ref.label in ("Network", "Alliance"):
            return f"shared by {self._participants(found.ref.id):,}"
        if self._ref.label in ("Network", "Alliance"):
            return f"all its ties are worth {self._worth(found.ref.id):.2f}"
        return f"strength {relevance:.2f}"

    def _beyond(self, found: Mapping[str, _Found]) -> int:
        if self._ref.label == "Network":
            return 0
        projection = self._view.projection
        everybody: set[int] = set()
        for id_ in found:
            body = projection.body_index.get(id_)
            if body is not None:
                everybody.update(self._view.everybody(body).tolist())
        return len(everybody - {self._index.get(self._ref.id, -1)})

    def _tied_beside(self, wanted: set[str]) -> Counter[str]:
        """How many of those in the picture each is tied to, but for networks, which join many."""
        counts: Counter[str] = Counter()
        if not wanted:
            return counts
        view = _narrow(self._explorer, self._as_of, self._known_at)
        actors = view.projection.actors
        for id_ in sorted(self._beside - {self._ref.id})[:BESIDE_LOOKED_AT]:
            index = self._index.get(id_)
            if index is not None:
                near, _ = view.neighbours(index, frozenset())
                counts.update(w for i in near.tolist() if (w := actors[i]) in wanted)
        return counts


@dataclass(frozen=True)
class _Tie:
    kind: Kind
    strength: float


def _narrow(explorer: Explorer, as_of: dt.date | None, known_at: dt.date | None) -> View:
    kinds = tuple(k for k in KINDS if k != "membership")
    return explorer.view(PathOptions(kinds=kinds, as_of=as_of, known_at=known_at))


def _specific(participants: int) -> float:
    return 1 / math.log2(1 + participants) if participants > 1 else 1.0
