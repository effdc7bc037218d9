"""Ties that join two actors directly, as one question sees them, in arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from alliance_explorer.queries.models import Kind

from .entries import Entries, Places, ranges
from .projection import Bools, Floats, Ints, Projection
from .ties import KINDS, PathOptions, recencies

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Direct:
    """Facts of one kind that join two actors, together."""

    kind: Kind
    body: int
    since: int
    until: int
    participants: int
    dealings: int
    stated: float | None


class DirectTies:
    """Each tie stands twice, once for either end; by actor, then by other end.

    Building costs O(n log n) in the number of direct ties.
    """

    def __init__(
        self,
        projection: Projection,
        options: PathOptions,
        entries: Entries,
        *,
        reference: int,
        known_at: int,
    ) -> None:
        facts = projection.direct_columns
        weight = np.array([options.weight(k) for k in KINDS])
        seen = (
            (facts.since <= reference)
            & (facts.recorded <= known_at)
            & (facts.confidence >= options.min_confidence)
            & (weight[facts.kind] > 0)
        )
        if not options.counts_ended:
            seen &= facts.until > reference
        one, other = facts.one[seen], facts.other[seen]
        low, high = np.minimum(one, other), np.maximum(one, other)
        kind, body = facts.kind[seen], facts.body[seen]
        order = np.lexsort((body, kind, high, low))
        columns = low[order], high[order], kind[order], body[order]
        differs = np.ones(len(order), dtype=bool)
        differs[1:] = np.any([c[1:] != c[:-1] for c in columns], axis=0)
        first = np.flatnonzero(differs)
        low, high, self._kind, self._body = (c[first] for c in columns)
        self._since: Ints = _reduced(np.minimum, facts.since[seen][order], first)
        self._until: Ints = _reduced(np.maximum, facts.until[seen][order], first)
        self._stated: Floats = _reduced(np.maximum, facts.stated[seen][order], first)
        # A champion's tie is as specific as the alliance, which has the champion as well.
        over = self._body >= 0
        self._participants = np.full(len(over), 2, np.int32)
        self._participants[over] = entries.participants[self._body[over]] + 1
        self._dealings = np.ones(len(over), np.int32)
        self._dealings[over] = entries.dealings[self._body[over]]
        self._is_stated = self._kind == KINDS.index("acquaintance")
        strength = (
            weight[self._kind]
            * recencies(self._until, reference, options.half_life)
            * (1.0 - 0.5 ** self._dealings.astype(np.float64))
            / np.log2(1.0 + self._participants)
            * np.where(self._is_stated, self._stated, 1.0)
        )
        ends, others = np.concatenate([low, high]), np.concatenate([high, low])
        tie = np.tile(np.arange(len(low)), 2)
        both = np.lexsort((tie, others, ends))
        both = both[strength[tie[both]] > 0]
        self._tie, self.one, self.other = tie[both], ends[both], others[both]
        self.strength: Floats = strength[self._tie]
        self.of_actor = np.searchsorted(self.one, np.arange(len(projection.actors) + 1))

    def places(self, actors: Ints | None) -> Places:
        """Where the ties of some actors are, or of everybody."""
        if actors is None:
            return np.arange(len(self.one))
        starts = self.of_actor[actors]
        return ranges(starts, self.of_actor[actors + 1] - starts)

    def over(self, places: Places, bodies: frozenset[int]) -> Bools:
        """Which of them are over some alliances."""
        if not bodies:
            return np.zeros(len(places), dtype=bool)
        return np.isin(self._body[self._tie[places]], list(bodies))

    def of(self, actors: Ints, blocked_bodies: frozenset[int]) -> tuple[Ints, Floats]:
        """Other ends of the ties of some actors, which may repeat, and strengths."""
        places = self.places(actors)
        places = places[~self.over(places, blocked_bodies)]
        return self.other[places], self.strength[places]

    def around(self, actor: int) -> Iterator[tuple[int, int]]:
        """Each tie of an actor: its other end, and the alliance that it is over, -1 for none."""
        own = slice(self.of_actor[actor], self.of_actor[actor + 1])
        return zip(self.other[own].tolist(), self._body[self._tie[own]].tolist(), strict=True)

    def between(self, one: int, other: int) -> list[Direct]:
        """Every tie of two actors."""
        start, end = self.of_actor[one], self.of_actor[one + 1]
        found = self.other[start:end]
        low, high = np.searchsorted(found, [other, other + 1]) + start
        return [self._read(t) for t in self._tie[low:high].tolist()]

    def everything(self) -> Iterator[tuple[int, int, Direct]]:
        """Every tie once: two actors, the lower index first."""
        for place in np.flatnonzero(self.one < self.other).tolist():
            tie = self._read(int(self._tie[place]))
            yield int(self.one[place]), int(self.other[place]), tie

    def _read(self, tie: int) -> Direct:
        return Direct(
            kind=KINDS[self._kind[tie]],
            body=int(self._body[tie]),
            since=int(self._since[tie]),
            until=int(self._until[tie]),
            participants=int(self._participants[tie]),
            dealings=int(self._dealings[tie]),
            stated=float(self._stated[tie]) if self._is_stated[tie] else None,
        )


def _reduced(how: np.ufunc, values: npt.NDArray[T], first: Places) -> npt.NDArray[T]:
    """One value for each group; groups begin at `first`."""
    return how.reduceat(values, first) if len(first) else values[:0]
