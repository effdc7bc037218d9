"""The projection as one question sees it: the ties that count, with their strengths."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from alliance_explorer.queries.models import Kind

from .direct import Direct, DirectTies
from .entries import Entries, Places, ranges
from .kept import Kept
from .projection import Bools, Floats, Ints, Projection
from .ties import (
    ALWAYS,
    KINDS,
    SAME,
    PathOptions,
    date_of_day,
    day,
    recency,
    repetition,
    specificity,
)

if TYPE_CHECKING:
    from .bounds import Direct as DirectReach
    from .ends import Blocked

NEIGHBOURS_KEPT = 32
REACHES_KEPT = 4


@dataclass(frozen=True, slots=True)
class TieParts:
    """One tie between two actors, with the factors of its strength. `body` is -1 if direct."""

    kind: Kind
    body: int
    since: int
    until: int
    participants: int
    dealings: int
    weight: float
    recency: float
    repetition: float
    specificity: float
    stated: float | None

    @property
    def strength(self) -> float:
        """Product of the factors."""
        product = self.weight * self.recency * self.repetition * self.specificity
        return product if self.stated is None else product * self.stated


@dataclass(frozen=True, slots=True)
class Some:
    """The entries of some actors in the order of bodies, and whether each actor is one of them."""

    entries: Places
    bodies: Ints
    are_there: Bools


class View:
    """Ties that count for some options, ready to be walked.

    Building costs O(n log n) in the number of ties; it is kept as long as neither the graph nor
    the options change.
    """

    def __init__(self, projection: Projection, options: PathOptions, today: dt.date) -> None:
        self.projection = projection
        self.options = options
        self.reference = day(options.reference(today), ALWAYS)
        known_at = day(options.known_at, 2**30)
        self._weights = {kind: options.weight(kind) for kind in KINDS}
        self.entries = Entries(projection, options, reference=self.reference, known_at=known_at)
        self.direct_ties = DirectTies(
            projection, options, self.entries, reference=self.reference, known_at=known_at
        )
        self.reaches: Kept[tuple[frozenset[int], Blocked], DirectReach] = Kept(REACHES_KEPT)
        self._neighbours: Kept[tuple[int, frozenset[int]], tuple[Ints, Floats]] = Kept(
            NEIGHBOURS_KEPT
        )

    @cached_property
    def total(self) -> Floats:
        """By actor: what all its ties together are worth; no step from there is worth more."""
        e, d = self.entries, self.direct_ties
        n = len(self.projection.actors)
        with np.errstate(divide="ignore"):
            open_ = np.bincount(e.actor, np.log1p(-e.strength), n)
            open_ = open_ + np.bincount(d.one, np.log1p(-d.strength), n)
        return -np.expm1(open_)

    @property
    def participants(self) -> Ints:
        """Of each body: how many actors take part."""
        return self.entries.participants

    @property
    def dealings(self) -> Ints:
        """Of each body: dealings on record within it, at least 1."""
        return self.entries.dealings

    @property
    def base(self) -> Floats:
        """Of each body: what any two members share, but for the recency of each."""
        return self.entries.base

    def direct(self) -> Iterator[tuple[int, int, TieParts]]:
        """Every direct tie that counts, once: two actors, the lower index first."""
        for one, other, tie in self.direct_ties.everything():
            yield one, other, self._direct_part(tie)

    # --- walking ---------------------------------------------------------------------------------

    def neighbours(self, actor: int, blocked_bodies: frozenset[int]) -> tuple[Ints, Floats]:
        """Everybody one introduction away, with the strength of the step. Time O(members met).

        Returns
        -------
        actors : int32 array, sorted, without repetition and without `actor`
        strengths : float64 array, `1 - product(1 - strength of each tie)`
        """
        return self._neighbours.get(
            (actor, blocked_bodies), lambda: self._neighbours_anew(actor, blocked_bodies)
        )

    def _neighbours_anew(self, actor: int, blocked_bodies: frozenset[int]) -> tuple[Ints, Floats]:
        e = self.entries
        mine = e.leading(np.array([actor]), blocked_bodies)
        bodies = e.body[mine]
        counts = e.of_body[bodies + 1] - e.of_body[bodies]
        direct = self.direct_ties.of(np.array([actor]), blocked_bodies)
        return self._steps(actor, np.repeat(mine, counts), e.inside(bodies), *direct)

    def neighbours_among(
        self, actor: int, some: Some, blocked_bodies: frozenset[int]
    ) -> tuple[Ints, Floats]:
        """As `neighbours`, but only those of some.

        Time O(d log n + members met), d the number of bodies that the actor is in.
        """
        mine = self.entries.leading(np.array([actor]), blocked_bodies)
        bodies = self.entries.body[mine]
        starts = np.searchsorted(some.bodies, bodies)
        counts = np.searchsorted(some.bodies, bodies, side="right") - starts
        others = some.entries[ranges(starts, counts)]
        who, how = self.direct_ties.of(np.array([actor]), blocked_bodies)
        wanted = some.are_there[who]
        return self._steps(actor, np.repeat(mine, counts), others, who[wanted], how[wanted])

    def some(self, actors: Ints) -> Some:
        """Some actors, to look for among the members of bodies."""
        entries = self.entries.of(actors)
        entries = entries[np.argsort(self.entries.body[entries], kind="stable")]
        return Some(entries, self.entries.body[entries], self._are(actors))

    def _are(self, actors: Ints) -> Bools:
        """Of each actor, whether it is one of some."""
        are = np.zeros(len(self.projection.actors), dtype=bool)
        are[actors] = True
        return are

    def _steps(
        self, actor: int, mine: Places, others: Places, who: Ints, how: Floats
    ) -> tuple[Ints, Floats]:
        """Strengths of steps over pairs of entries in one body, and over direct ties."""
        e = self.entries
        body = e.body[others]
        shared = e.base[body] * np.minimum(e.recency[others], e.recency[mine])
        missing = e.may_miss[body]
        if missing.any():
            shared[missing & ~e.met(others, mine)] = 0.0
        actors, total = self._summed(
            np.concatenate([e.actor[others], who]), np.concatenate([shared, how])
        )
        strengths = -np.expm1(total)
        keep = (strengths > 0) & (actors != actor)
        return actors[keep].astype(np.int32), strengths[keep]

    def _summed(self, who: Ints, how: Floats) -> tuple[Places, Floats]:
        """For each actor, the sum of log(1 - strength) over its ties."""
        with np.errstate(divide="ignore"):
            weights = np.log1p(-how)
        everybody = len(self.projection.actors)
        if everybody <= 8 * len(who):  # counting all is quicker than sorting some
            total = np.bincount(who, weights, everybody).astype(np.float64, copy=False)
            actors = np.flatnonzero(total)
            return actors, total[actors]
        actors, where = np.unique(who, return_inverse=True)
        total = np.bincount(where, weights, len(actors)).astype(np.float64, copy=False)
        return actors.astype(np.intp), total

    def everybody(self, body: int) -> Ints:
        """Who takes part in a body, or has done so, as far as this view sees."""
        return self.entries.actor[self.entries.inside(np.array([body]))]

    def members(self, body: int) -> Ints:
        """Who takes part in a body and has not left, as far as this view sees."""
        entries = self.entries.inside(np.array([body]))
        return self.entries.actor[entries[self.entries.until[entries] > self.reference]]

    def ties(self, one: int, other: int, blocked_bodies: frozenset[int]) -> list[TieParts]:
        """Every tie between two actors, strongest first."""
        return self.strongest_ties(one, other, blocked_bodies, None)[0]

    def strongest_ties(
        self, one: int, other: int, blocked_bodies: frozenset[int], most: int | None
    ) -> tuple[list[TieParts], Floats]:
        """The strongest ties between two actors, and the strengths of all others.

        Two hubs may share hundreds of bodies: only those that are given are made into objects.
        """
        direct = self.direct_ties.between(one, other)
        found = [self._direct_part(t) for t in direct if t.body not in blocked_bodies]
        bodies, mine, theirs, strengths = self._shared(one, other, blocked_bodies)
        if most is None or len(bodies) <= most:
            told = np.arange(len(bodies))
        elif not most:
            told = np.arange(0)
        else:  # those that are as strong as the last are too: their names decide
            least = np.partition(strengths, len(bodies) - most)[len(bodies) - most]
            told = np.flatnonzero(strengths >= least * (1 - SAME))
        found += [
            self._shared_parts(*place)
            for place in zip(
                bodies[told].tolist(), mine[told].tolist(), theirs[told].tolist(), strict=True
            )
        ]
        names = self.projection.bodies
        found.sort(key=lambda t: (-t.strength, t.kind, names[t.body] if t.body >= 0 else ""))
        further = np.array([t.strength for t in found[most:]] if most is not None else [])
        return found[:most], np.concatenate([further, np.delete(strengths, told)])

    def _shared(
        self, one: int, other: int, blocked_bodies: frozenset[int]
    ) -> tuple[Ints, Places, Places, Floats]:
        """Bodies that two actors share, where each is among the entries, and how strong it is."""
        e = self.entries
        start, end = e.of_actor[one], e.of_actor[other]
        bodies, a, b = np.intersect1d(
            e.body[start : e.of_actor[one + 1]],
            e.body[end : e.of_actor[other + 1]],
            assume_unique=True,
            return_indices=True,
        )
        mine, theirs = a + start, b + end
        strengths = e.base[bodies] * np.minimum(e.recency[mine], e.recency[theirs])
        met = np.maximum(e.since[mine], e.since[theirs]) < np.minimum(
            e.until[mine], e.until[theirs]
        )
        keep = met & (strengths > 0) & ~np.isin(bodies, list(blocked_bodies))
        return bodies[keep], mine[keep], theirs[keep], strengths[keep]

    def _shared_parts(self, body: int, i: int, j: int) -> TieParts:
        until = int(min(self.entries.until[i], self.entries.until[j]))
        kind: Kind = "membership" if self.projection.is_network[body] else "alliance"
        participants, dealings = int(self.participants[body]), int(self.dealings[body])
        return TieParts(
            kind=kind,
            body=body,
            since=int(max(self.entries.since[i], self.entries.since[j])),
            until=until,
            participants=participants,
            dealings=dealings,
            weight=self._weights[kind],
            recency=recency(until, self.reference, self.options.half_life),
            repetition=repetition(dealings),
            specificity=specificity(participants),
            stated=None,
        )

    def _direct_part(self, tie: Direct) -> TieParts:
        return TieParts(
            kind=tie.kind,
            body=tie.body,
            since=tie.since,
            until=tie.until,
            participants=tie.participants,
            dealings=tie.dealings,
            weight=self._weights[tie.kind],
            recency=recency(tie.until, self.reference, self.options.half_life),
            repetition=repetition(tie.dealings),
            specificity=specificity(tie.participants),
            stated=tie.stated,
        )

    def dates(self, parts: TieParts) -> tuple[dt.date | None, dt.date | None]:
        """Validity of a tie as dates."""
        return date_of_day(parts.since), date_of_day(parts.until)

    # --- who is near -----------------------------------------------------------------------------

    def reached(self, actors: Ints, blocked_bodies: frozenset[int]) -> Ints:
        """Everybody at most one introduction away from some actors, themselves included.

        Each body is looked at once, however many of the actors are in it: O(members met).
        """
        if len(actors) == 1:  # whose neighbours are kept
            others, _ = self.neighbours(int(actors[0]), blocked_bodies)
            return np.insert(others, np.searchsorted(others, actors[0]), actors[0])
        e = self.entries
        mine = e.leading(actors, blocked_bodies)
        missing = e.may_miss[e.body[mine]]
        bodies = np.zeros(len(e.base), dtype=bool)
        bodies[e.body[mine[~missing]]] = True
        found = self._are(actors)
        found[e.actor[e.inside(np.flatnonzero(bodies))]] = True
        found[self.direct_ties.of(actors, blocked_bodies)[0]] = True
        left = mine[missing]
        inside = e.inside(np.unique(e.body[left]))
        found[e.actor[inside[e.met_any(inside, left)]]] = True
        return np.flatnonzero(found).astype(np.int32)

    def width(self, actors: Ints) -> int:
        """How much there is to look at around some actors: members of their bodies, at most."""
        e = self.entries
        bodies = e.body[e.of(actors)]
        return int((e.of_body[bodies + 1] - e.of_body[bodies]).sum())

    def linked(self, ones: Ints, others: Ints, blocked_bodies: frozenset[int]) -> bool:
        """Whether anybody of some is one introduction away from anybody of others.

        The two must have nobody in common. Time O(bodies that they are in).
        """
        for some, of in ((ones, others), (others, ones)):
            if len(of) == 1:  # whose neighbours are kept
                near, _ = self.neighbours(int(of[0]), blocked_bodies)
                return bool(self._are(near)[some].any())
        e = self.entries
        mine, theirs = (e.leading(a, blocked_bodies) for a in (ones, others))
        common = np.intersect1d(e.body[mine], e.body[theirs])
        if not e.may_miss[common].all():
            return True
        theirs, mine = (some[np.isin(e.body[some], common)] for some in (theirs, mine))
        if e.met_any(theirs, mine).any():
            return True
        tied, _ = self.direct_ties.of(ones, blocked_bodies)
        return bool(len(tied)) and bool(np.isin(tied, others).any())
