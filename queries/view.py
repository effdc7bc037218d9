"""The projection as one question sees it: the ties that count, with their strengths."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .models import Kind
from .projection import DirectTie, Floats, Ints, Projection
from .ties import (
    ALWAYS,
    PathOptions,
    date_of_day,
    day,
    recencies,
    recency,
    repetition,
    specificity,
)


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
class Shared:
    """Who takes part in what, as a view counts it: one entry per actor and body.

    Arrays of equal length: actor and body as indexes, validity as days since 1970-01-01.
    """

    actor: Ints
    body: Ints
    since: Ints
    until: Ints
    recency: Floats


class View:
    """Ties that count for some options, ready to be walked.

    Building costs O(n log n) in the number of shared ties; it is kept as long as neither the graph
    nor the options change.
    """

    def __init__(self, projection: Projection, options: PathOptions, today: dt.date) -> None:
        self.projection = projection
        self.options = options
        self.reference = day(options.reference(today), ALWAYS)
        self._known_at = day(options.known_at, 2**30)
        self._fill_shared()
        self._fill_direct()

    # --- shared ties -----------------------------------------------------------------------------

    def _fill_shared(self) -> None:
        p, o = self.projection, self.options
        s = p.shared
        is_network = np.array([p.names[b].label == "Network" for b in p.bodies], dtype=bool)
        weight = np.where(is_network, o.weight("membership"), o.weight("alliance"))
        seen = (
            (s.since <= self.reference)
            & (s.recorded <= self._known_at)
            & (s.confidence >= o.min_confidence)
        )
        if not o.counts_ended:
            seen &= s.until > self.reference
        # Several facts that put one actor into one body (two sources) are one taking part.
        key = s.actor[seen].astype(np.int64) * max(1, len(p.bodies)) + s.body[seen]
        order = np.argsort(key, kind="stable")
        unique, first = np.unique(key[order], return_index=True)
        self._actor: Ints = (unique // max(1, len(p.bodies))).astype(np.int32)
        self._body: Ints = (unique % max(1, len(p.bodies))).astype(np.int32)
        since, until = s.since[seen][order], s.until[seen][order]
        empty = np.empty(0, np.int32)
        self._since: Ints = np.minimum.reduceat(since, first) if len(first) else empty
        self._until: Ints = np.maximum.reduceat(until, first) if len(first) else empty
        self._recency: Floats = recencies(self._until, self.reference, o.half_life)

        n_actors, n_bodies = len(p.actors), len(p.bodies)
        self.participants: Ints = np.bincount(self._body, minlength=n_bodies).astype(np.int32)
        self.dealings: Ints = np.ones(n_bodies, np.int32)
        for body, days in p.dealings.items():
            seen_days = (d <= self.reference and r <= self._known_at for d, r in days)
            self.dealings[body] = max(1, sum(seen_days))
        with np.errstate(divide="ignore"):
            specific = 1.0 / np.log2(1.0 + self.participants)
        specific[self.participants < 2] = 0.0
        if o.max_shared is not None:
            specific[self.participants > o.max_shared] = 0.0
        # What any two members share, but for the recency of each.
        self.base: Floats = weight * (1.0 - 0.5 ** self.dealings.astype(np.float64)) * specific
        # Entries by actor (they are sorted so), and by body.
        self._of_actor = np.searchsorted(self._actor, np.arange(n_actors + 1))
        self._by_body = np.argsort(self._body, kind="stable")
        self._of_body = np.searchsorted(self._body[self._by_body], np.arange(n_bodies + 1))
        # Only where somebody has left can two members have missed each other.
        left = np.zeros(n_bodies, dtype=bool)
        left[self._body[self._until <= self.reference]] = True
        self._may_miss = left & is_network

    def _fill_direct(self) -> None:
        o = self.options
        grouped: dict[tuple[int, int, Kind, int], list[DirectTie]] = {}
        for t in self.projection.direct:
            if (
                t.since <= self.reference
                and t.recorded <= self._known_at
                and t.confidence >= o.min_confidence
                and (o.counts_ended or t.until > self.reference)
                and o.weight(t.kind) > 0
            ):
                pair = min(t.one, t.other), max(t.one, t.other)
                grouped.setdefault((*pair, t.kind, t.body), []).append(t)
        self._direct: dict[int, dict[int, list[TieParts]]] = {}
        for (one, other, kind, body), facts in grouped.items():
            parts = self._direct_parts(kind, body, facts)
            if parts.strength > 0:
                self._direct.setdefault(one, {}).setdefault(other, []).append(parts)
                self._direct.setdefault(other, {}).setdefault(one, []).append(parts)

    def _direct_parts(self, kind: Kind, body: int, facts: Sequence[DirectTie]) -> TieParts:
        until = max(t.until for t in facts)
        # A champion's tie is as specific as the alliance, which has the champion as well.
        participants = 2 if body < 0 else int(self.participants[body]) + 1
        dealings = 1 if body < 0 else int(self.dealings[body])
        return TieParts(
            kind=kind,
            body=body,
            since=min(t.since for t in facts),
            until=until,
            participants=participants,
            dealings=dealings,
            weight=self.options.weight(kind),
            recency=recency(until, self.reference, self.options.half_life),
            repetition=repetition(dealings),
            specificity=specificity(participants),
            stated=max(t.stated for t in facts) if kind == "acquaintance" else None,
        )

    def shared(self) -> Shared:
        """Every taking part that counts, by actor; `base` and `participants` are by body."""
        return Shared(self._actor, self._body, self._since, self._until, self._recency)

    def direct(self) -> Iterator[tuple[int, int, TieParts]]:
        """Every direct tie that counts, once: two actors, the lower index first."""
        for one, others in self._direct.items():
            for other, ties in others.items():
                if one < other:
                    yield from ((one, other, tie) for tie in ties)

    # --- walking ---------------------------------------------------------------------------------

    def neighbours(self, actor: int, blocked_bodies: frozenset[int]) -> tuple[Ints, Floats]:
        """Everybody one introduction away, with the strength of the step.

        Returns
        -------
        actors : int32 array, sorted, without repetition and without `actor`
        strengths : float64 array, `1 - product(1 - strength of each tie)`
        """
        who: list[Ints] = []
        how: list[Floats] = []
        for k in range(self._of_actor[actor], self._of_actor[actor + 1]):
            body = int(self._body[k])
            if self.base[body] <= 0 or body in blocked_bodies:
                continue
            entries = self._by_body[self._of_body[body] : self._of_body[body + 1]]
            strengths = self.base[body] * np.minimum(self._recency[entries], self._recency[k])
            if self._may_miss[body]:
                strengths = np.where(self._met(entries, k), strengths, 0.0)
            who.append(self._actor[entries])
            how.append(strengths)
        for other, ties in self._direct.get(actor, {}).items():
            for tie in ties:
                if tie.body not in blocked_bodies:
                    who.append(np.array([other], np.int32))
                    how.append(np.array([tie.strength]))
        if not who:
            return np.empty(0, np.int32), np.empty(0)
        actors, total = self._summed(np.concatenate(who), np.concatenate(how))
        strengths = -np.expm1(total)
        keep = (strengths > 0) & (actors != actor)
        return actors[keep].astype(np.int32), strengths[keep]

    def _summed(self, who: Ints, how: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
        """For each actor, the sum of log(1 - strength) over its ties."""
        with np.errstate(divide="ignore"):
            weights = np.log1p(-how)
        everybody = len(self.projection.actors)
        if everybody <= 8 * len(who):  # counting all is quicker than sorting some
            total = np.bincount(who, weights, everybody).astype(np.float64)
            actors = np.flatnonzero(total)
            return actors, total[actors]
        actors, where = np.unique(who, return_inverse=True)
        return actors.astype(np.intp), np.bincount(where, weights, len(actors)).astype(np.float64)

    def _met(self, entries: npt.NDArray[np.intp], k: int) -> npt.NDArray[np.bool_]:
        together: Ints = np.maximum(self._since[entries], self._since[k])
        apart: Ints = np.minimum(self._until[entries], self._until[k])
        met: npt.NDArray[np.bool_] = together < apart
        return met

    def everybody(self, body: int) -> Ints:
        """Who takes part in a body, or has done so, as far as this view sees."""
        return self._actor[self._by_body[self._of_body[body] : self._of_body[body + 1]]]

    def members(self, body: int) -> Ints:
        """Who takes part in a body and has not left, as far as this view sees."""
        entries = self._by_body[self._of_body[body] : self._of_body[body + 1]]
        return self._actor[entries[self._until[entries] > self.reference]]

    def ties(self, one: int, other: int, blocked_bodies: frozenset[int]) -> list[TieParts]:
        """Every tie between two actors, strongest first."""
        direct = self._direct.get(one, {}).get(other, ())
        found = [t for t in direct if t.body not in blocked_bodies]
        mine = slice(self._of_actor[one], self._of_actor[one + 1])
        theirs = slice(self._of_actor[other], self._of_actor[other + 1])
        bodies, a, b = np.intersect1d(
            self._body[mine], self._body[theirs], assume_unique=True, return_indices=True
        )
        for body, i, j in zip(bodies, a + mine.start, b + theirs.start, strict=True):
            if int(body) in blocked_bodies or self.base[body] <= 0:
                continue
            parts = self._shared_parts(int(body), int(i), int(j))
            if parts.since < parts.until and parts.strength > 0:
                found.append(parts)
        names = self.projection.bodies
        return sorted(
            found, key=lambda t: (-t.strength, t.kind, names[t.body] if t.body >= 0 else "")
        )

    def _shared_parts(self, body: int, i: int, j: int) -> TieParts:
        p, until = self.projection, int(min(self._until[i], self._until[j]))
        kind: Kind = "membership" if p.names[p.bodies[body]].label == "Network" else "alliance"
        participants, dealings = int(self.participants[body]), int(self.dealings[body])
        return TieParts(
            kind=kind,
            body=body,
            since=int(max(self._since[i], self._since[j])),
            until=until,
            participants=participants,
            dealings=dealings,
            weight=self.options.weight(kind),
            recency=recency(until, self.reference, self.options.half_life),
            repetition=repetition(dealings),
            specificity=specificity(participants),
            stated=None,
        )

    # --- bounds ----------------------------------------------------------------------------------

    def step_back(self, reach: Floats, blocked_bodies: frozenset[int]) -> Floats:
        """From bounds of what each actor reaches in n steps, those for n + 1 steps.

        A step to `u` is worth at most `1 - product(1 - s * reach[u])` over its ties, because
        `(1 - product(1 - s)) * h <= 1 - product(1 - s * h)` for h in [0, 1]. So each body needs
        its best member only: O(ties), whatever the sizes of the bodies.
        """
        base = self.base
        if blocked_bodies:
            base = base.copy()
            base[list(blocked_bodies)] = 0.0
        best = np.zeros(len(base))
        np.maximum.at(best, self._body, reach[self._actor] * self._recency)
        with np.errstate(divide="ignore"):
            open_ = np.log1p(-np.minimum(1.0, base[self._body] * best[self._body]))
            total = np.bincount(self._actor, open_, len(reach)).astype(np.float64)  # int if empty
            for one, others in self._direct.items():
                for other, ties in others.items():
                    for tie in ties:
                        if tie.body in blocked_bodies:
                            continue
                        total[one] += np.log1p(-min(1.0, tie.strength * reach[other]))
        return np.maximum(reach, -np.expm1(total))

    def reached(self, actors: Ints, blocked_bodies: frozenset[int]) -> Ints:
        """Everybody at most one introduction away from some actors, themselves included.

        Each body is looked at once, however many of the actors are in it: O(ties).
        """
        frontier = np.zeros(len(self.projection.actors), dtype=bool)
        frontier[actors] = True
        reached = frontier.copy()
        inside = frontier[self._actor] & (self.base[self._body] > 0)
        inside &= ~np.isin(self._body, list(blocked_bodies))
        bodies = np.zeros(len(self.base), dtype=bool)
        bodies[self._body[inside & ~self._may_miss[self._body]]] = True
        reached[self._actor[bodies[self._body]]] = True
        for k in np.flatnonzero(inside & self._may_miss[self._body]):
            body = self._body[k]
            entries = self._by_body[self._of_body[body] : self._of_body[body + 1]]
            reached[self._actor[entries[self._met(entries, int(k))]]] = True
        for one, others in self._direct.items():
            if frontier[one]:
                for other, ties in others.items():
                    reached[other] |= any(t.body not in blocked_bodies for t in ties)
        return np.flatnonzero(reached).astype(np.int32)

    def dates(self, parts: TieParts) -> tuple[dt.date | None, dt.date | None]:
        """Validity of a tie as dates."""
        return date_of_day(parts.since), date_of_day(parts.until)
