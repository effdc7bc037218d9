"""How strong a chain to the other side can be at most, from anywhere: it makes the search short."""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from .ends import Blocked, Ends
from .entries import Places
from .projection import Floats, Ints
from .ties import SAME
from .view import Some, View

# With so many targets or fewer, the last step but one is bounded by its very strength.
FEW_TARGETS: Final = 8


class Reach(Protocol):
    """Where a search may go on."""

    def ways_on(
        self, chain: tuple[int, ...], left: int, min_steps: int
    ) -> tuple[Ints, Floats, Floats]:
        """Actors who may come next, strengths of the steps, and what each is worth at most.

        Parameters
        ----------
        chain : tuple of int
        left : int
            Most steps after the next one.
        min_steps : int
            A target may only come at the end of so many.
        """


@dataclass(frozen=True, slots=True)
class _Best:
    """What actors are worth; and of each body who is worth most there, and the next best."""

    worth: Floats
    owner: Ints
    first: Floats
    second: Floats


class Direct:
    """Bounds for a search that need not pass anybody: only what is near the target is looked at.

    Nobody passes over a target, so targets are worth nothing but as an end.

    Parameters
    ----------
    view : View
    targets : frozenset of int
    shut : Blocked
        Chains over these are not counted; the actors of the first side are among them.
    one_step : float64 array, optional
        By actor: what the step to the target side is worth at most; 0 for those who do not matter.
    floor : float
        Chains that are weaker do not matter.
    """

    def __init__(
        self,
        view: View,
        targets: frozenset[int],
        shut: Blocked,
        one_step: Floats | None = None,
        floor: float = 0.0,
    ) -> None:
        self._view, self._ends, self._shut = view, targets, shut
        self._bodies, self._floor = shut.bodies, floor
        self._closed = np.array(sorted(targets | shut.actors))
        self._targets = view.some(np.array(sorted(targets), np.int32))
        self._one_step = self._step_to(targets) if one_step is None else one_step
        # Filled when asked for; two threads may both fill one, with the same.
        self._bests: dict[int, _Best] = {}
        self._levels: dict[int, Floats] = {1: self._one_step}

    def _step_to(self, targets: frozenset[int]) -> Floats:
        """By actor: what the step to the target side is worth at most; of few targets, exactly."""
        if len(targets) <= FEW_TARGETS:
            one_step: Floats = np.zeros(len(self._view.projection.actors))
            for target in targets:
                actors, strengths = self._view.neighbours(target, self._bodies)
                one_step[actors] = np.maximum(one_step[actors], strengths)
        else:
            worth = self._targets.are_there.astype(np.float64)
            best = _best(self._view, worth, self._targets.entries, self._bodies)
            one_step = _onward(self._view, best, None, self._bodies)
        one_step[self._closed] = 0.0
        return one_step

    @cached_property
    def _worth(self) -> Floats:
        """By actor: what it is worth if it may be the end, or else one step is left after it."""
        return np.where(self._targets.are_there, 1.0, self._one_step)

    @cached_property
    def _near(self) -> Some:
        return self._view.some(np.flatnonzero(self._worth).astype(np.int32))

    def among_strongest(
        self, focal: frozenset[int], k: int, min_steps: int, max_steps: int
    ) -> "Direct":
        """The same without what cannot be part of one of the `k` strongest chains.

        Those of one and two introductions are found at once. Where they are `k` already, nobody
        matters who is tied to the target so weakly that even after the strongest first step a chain
        over them is weaker than all of these. Between two hubs that is nearly everybody. Of each
        first contact one chain counts, the strongest, so that a quota for contacts lets them all
        be. Time O(members met) from the focal side, and O(actors) once.
        """
        if len(self._ends) > FEW_TARGETS:  # their bounds are not the strengths of chains
            return self
        worth = self._worth if min_steps == 1 else self._one_step
        if max_steps < 2:
            worth = self._targets.are_there.astype(np.float64)
        by_contact, first = np.zeros_like(worth), 0.0
        for one in focal:
            actors, strengths = self._view.neighbours(one, self._bodies)
            first = max(first, float(strengths.max(initial=0.0)))
            by_contact[actors] = np.maximum(by_contact[actors], strengths * worth[actors])
        chains = by_contact[by_contact > 0.0]
        if len(chains) < k:
            return self
        floor = float(np.partition(chains, len(chains) - k)[len(chains) - k]) * (1.0 - SAME)
        matters = self._one_step * first >= floor
        return Direct(
            self._view,
            self._ends,
            self._shut,
            np.where(matters, self._one_step, 0.0),
            floor,
        )

    def ways_on(
        self, chain: tuple[int, ...], left: int, min_steps: int
    ) -> tuple[Ints, Floats, Floats]:
        here, may_end = chain[-1], len(chain) >= min_steps
        if left < 2:
            some = self._near if left else self._targets
            worth = self._worth if may_end else self._one_step
            actors, strengths = self._view.neighbours_among(here, some, self._bodies)
            return actors, strengths, worth[actors]
        actors, strengths = self._view.neighbours(here, self._bodies)
        ends = self._targets.are_there[actors]
        # From the first side once; further on from many, so that all are worth bounding.
        if len(chain) == 1:
            matter = ends | (strengths * self._one_step.max() >= self._floor)
            actors, strengths, ends = actors[matter], strengths[matter], ends[matter]
            worth = self._bound(left, actors)
        else:
            worth = self._level(left)[actors]
        if may_end:
            worth[ends] = 1.0
        return actors, strengths, worth

    def _bound(self, steps: int, actors: Ints | None) -> Floats:
        """For some actors: no chain of at most so many steps is worth more.

        Time O(bodies that they are in), and once O(ties) for each step but the last two.
        """
        if steps - 1 not in self._bests:
            worth = self._level(steps - 1)
            entries = self._near.entries if steps == 2 else self._view.entries.of(None)
            self._bests[steps - 1] = _best(self._view, worth, entries, self._bodies)
        bound = _onward(self._view, self._bests[steps - 1], actors, self._bodies)
        bound = np.maximum(bound, self._one_step if actors is None else self._one_step[actors])
        if actors is None:
            bound[self._closed] = 0.0
        else:
            bound[np.isin(actors, self._closed)] = 0.0
        return bound

    def _level(self, steps: int) -> Floats:
        """The same of everybody, by actor."""
        if steps not in self._levels:
            self._levels[steps] = self._bound(steps, None)
        return self._levels[steps]


class Past:
    """Bounds for a search that must pass somebody; O(ties) for each step and what is to be passed.

    `levels[left][n][v]`: no chain of at most n steps from v to the target side is stronger; `left`
    says what is still to be passed on the way, v included, as positions in `Ends.via`.
    """

    def __init__(self, view: View, ends: Ends, max_steps: int, shut: Blocked) -> None:
        self._view, self._ends, self._shut = view, ends, shut
        closed, target = list(shut.actors), list(ends.target)
        everything = range(len(ends.via))
        self._levels: dict[frozenset[int], list[Floats]] = {}
        for size in range(len(ends.via) + 1):
            for left in map(frozenset, itertools.combinations(everything, size)):
                levels: list[Floats] = []
                for n in range(max_steps):
                    bound = np.zeros(len(view.total))
                    if n:
                        bound = step_back(view, levels[-1], shut.bodies)
                    bound[target] = 0.0 if left else 1.0
                    for i in left:
                        passing = list(ends.via[i].actors)
                        nearer = self._levels[left - {i}][n][passing]
                        bound[passing] = np.maximum(bound[passing], nearer)
                    bound[closed] = 0.0
                    levels.append(bound)
                self._levels[left] = levels

    def ways_on(
        self, chain: tuple[int, ...], left: int, min_steps: int
    ) -> tuple[Ints, Floats, Floats]:
        to_pass = frozenset(i for i, v in enumerate(self._ends.via) if not v.passed(chain))
        actors, strengths = self._view.neighbours(chain[-1], self._shut.bodies)
        worth = self._levels[to_pass][left][actors]
        if len(chain) < min_steps:
            worth[np.isin(actors, list(self._ends.target))] = 0.0
        return actors, strengths, worth


def step_back(view: View, reach: Floats, blocked_bodies: frozenset[int]) -> Floats:
    """From bounds of what each actor reaches in n steps, those for n + 1 steps. Time O(ties)."""
    best = _best(view, reach, view.entries.of(None), blocked_bodies)
    return np.maximum(reach, _onward(view, best, None, blocked_bodies))


def reach_of(view: View, ends: Ends, max_steps: int, shut: Blocked) -> Reach:
    """The bounds for a question; the last few are kept with the view."""
    if ends.via:
        return Past(view, ends, max_steps, shut)
    return view.reaches.get((ends.target, shut), lambda: Direct(view, ends.target, shut))


# What follows is why all bounds hold. A step from `v` to `u` is worth `1 - product(1 - s)` over
# their ties, times the worth of `u`. That is at most `1 - product(1 - s * worth)`, because
# `(1 - product(1 - s)) * w <= 1 - product(1 - s * w)` for w in [0, 1]; with the best other member
# of each body for `u`, it holds for all `u` at once. It is also at most the best worth of them all,
# times what all ties of `v` together are worth.


def _best(view: View, worth: Floats, entries: Places, blocked_bodies: frozenset[int]) -> _Best:
    """Who is worth most in each body, among those of some entries."""
    e = view.entries
    actor, body = e.actor[entries], e.body[entries]
    value = worth[actor]
    n = len(e.base)
    first, second, owner = np.zeros(n), np.zeros(n), np.full(n, -1, np.int32)
    np.maximum.at(first, body, value)
    leading = value == first[body]
    owner[body[leading]] = actor[leading]
    following = owner[body] != actor
    np.maximum.at(second, body[following], value[following])
    blocked = list(blocked_bodies)
    first[blocked] = second[blocked] = 0.0
    return _Best(worth, owner, first, second)


def _onward(view: View, best: _Best, actors: Ints | None, blocked_bodies: frozenset[int]) -> Floats:
    """Bounds of a step from some actors, or everybody, times what the next one is worth.

    Time O(bodies that they are in), whatever the sizes of these.
    """
    e, d = view.entries, view.direct_ties
    entries = e.of(actors)
    body = e.body[entries]
    value = np.where(best.owner[body] == e.actor[entries], best.second[body], best.first[body])
    useful = np.flatnonzero(value)
    value, strength = value[useful], e.strength[entries[useful]]
    place = _places(actors, e.actor, e.of_actor)[useful]
    ties = d.places(actors)
    if len(ties):
        free = ~d.over(ties, blocked_bodies)
        ties = ties[free]
        value = np.concatenate([value, best.worth[d.other[ties]]])
        strength = np.concatenate([strength, d.strength[ties]])
        place = np.concatenate([place, _places(actors, d.one, d.of_actor)[free]])
    total = view.total if actors is None else view.total[actors]
    most = np.zeros(len(total))
    np.maximum.at(most, place, value)
    with np.errstate(divide="ignore"):
        open_ = np.bincount(place, np.log1p(-strength * value), len(total))
    return np.minimum(-np.expm1(open_), most * total)


def _places(actors: Ints | None, owners: Ints, of_actor: Places) -> Ints:
    """For each entry of some actors, which of them it belongs to; of everybody, the actor."""
    if actors is None:
        return owners
    counts = of_actor[actors + 1] - of_actor[actors]
    return np.repeat(np.arange(len(actors), dtype=np.int32), counts)
