"""Who takes part in what, as one question sees it, in arrays."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .projection import Bools, Floats, Ints, Projection
from .ties import PathOptions, recencies

Places: TypeAlias = npt.NDArray[np.intp]


class Entries:
    """An *entry* is an actor's taking part in a body, whatever the number of facts that say so.

    Entries are in the order of actors, then of bodies. Building costs O(n log n) in their number.
    """

    def __init__(
        self, projection: Projection, options: PathOptions, *, reference: int, known_at: int
    ) -> None:
        p, o = projection, options
        s, n_actors, n_bodies = p.shared, len(p.actors), len(p.bodies)
        weight = np.where(p.is_network, o.weight("membership"), o.weight("alliance"))
        seen = (
            (s.since <= reference) & (s.recorded <= known_at) & (s.confidence >= o.min_confidence)
        )
        if not o.counts_ended:
            seen &= s.until > reference
        # Several facts that put one actor into one body (two sources) are one taking part.
        actor, body = s.actor[seen], s.body[seen]
        other = np.ones(len(actor), dtype=bool)
        other[1:] = (actor[1:] != actor[:-1]) | (body[1:] != body[:-1])
        first = np.flatnonzero(other)
        self.actor: Ints = actor[first]
        self.body: Ints = body[first]
        empty = np.empty(0, np.int32)
        self.since: Ints = np.minimum.reduceat(s.since[seen], first) if len(first) else empty
        self.until: Ints = np.maximum.reduceat(s.until[seen], first) if len(first) else empty
        self.recency: Floats = recencies(self.until, reference, o.half_life)

        self.participants: Ints = np.bincount(self.body, minlength=n_bodies).astype(np.int32)
        self.dealings: Ints = np.ones(n_bodies, np.int32)
        for dealt, days in p.dealings.items():
            seen_days = (d <= reference and r <= known_at for d, r in days)
            self.dealings[dealt] = max(1, sum(seen_days))
        with np.errstate(divide="ignore"):
            specific = 1.0 / np.log2(1.0 + self.participants)
        specific[self.participants < 2] = 0.0
        if o.max_shared is not None:
            specific[self.participants > o.max_shared] = 0.0
        # What any two members share, but for the recency of each.
        self.base: Floats = weight * (1.0 - 0.5 ** self.dealings.astype(np.float64)) * specific
        # The most that a step over an entry can be worth.
        self.strength: Floats = self.base[self.body] * self.recency
        self.of_actor = np.searchsorted(self.actor, np.arange(n_actors + 1))
        self.by_body: Places = np.argsort(self.body, kind="stable")
        self.of_body = np.searchsorted(self.body[self.by_body], np.arange(n_bodies + 1))
        # Only where somebody has left can two members have missed each other.
        left = np.zeros(n_bodies, dtype=bool)
        left[self.body[self.until <= reference]] = True
        self.may_miss: Bools = left & p.is_network

    def of(self, actors: Ints | None) -> Places:
        """Those of some actors, or of everybody."""
        if actors is None:
            return np.arange(len(self.actor))
        starts = self.of_actor[actors]
        return ranges(starts, self.of_actor[actors + 1] - starts)

    def leading(self, actors: Ints, blocked_bodies: frozenset[int]) -> Places:
        """Those of some actors that lead anywhere."""
        entries = self.of(actors)
        usable = self.base[self.body[entries]] > 0
        if blocked_bodies:
            usable &= ~np.isin(self.body[entries], list(blocked_bodies))
        return entries[usable]

    def inside(self, bodies: Ints | Places) -> Places:
        """Those of all who take part in some bodies."""
        starts = self.of_body[bodies]
        return self.by_body[ranges(starts, self.of_body[bodies + 1] - starts)]

    def met(self, some: Places, others: Places | int) -> Bools:
        """Whether the time of one and of another overlap."""
        together: Ints = np.maximum(self.since[some], self.since[others])
        apart: Ints = np.minimum(self.until[some], self.until[others])
        met: Bools = together < apart
        return met

    def met_any(self, some: Places, others: Places) -> Bools:
        """For each of some entries, whether its time overlaps that of any of others in its body.

        Time O((s + o) log o).
        """

        def dated(entries: Places, days: Ints) -> npt.NDArray[np.int64]:
            """Days as numbers that grow with the body first: no day of one meets another's."""
            return (self.body[entries].astype(np.int64) << 32) + days[entries]

        others = others[self.since[others] < self.until[others]]
        came = dated(others, self.since)
        in_order = np.argsort(came)
        came = came[in_order]
        # Of those who came to a body before an entry ended, how long the last one stayed.
        stayed = np.maximum.accumulate(dated(others, self.until)[in_order])
        stayed = np.concatenate([[np.iinfo(np.int64).min], stayed])
        before = stayed[np.searchsorted(came, dated(some, self.until))]
        met: Bools = (before > dated(some, self.since)) & (self.since[some] < self.until[some])
        return met


def ranges(starts: Places, counts: Places) -> Places:
    """Numbers from each start, as many as are counted, one range after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Places = np.arange(total) + np.repeat(starts - ends + counts, counts)
    return numbers
