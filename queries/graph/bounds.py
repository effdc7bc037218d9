"""How strong a chain to the other side can be at most, from anywhere: it makes the search short."""

import itertools
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from .ends import Blocked, Ends
from .entries import Places
from .projection import Floats, Ints
from .ties import SAME
from .view import View

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
    """

    def __init__(self, view: View, targets: frozenset[int], shut: Blocked) -> None:
        self._view = view
        self._bodies = shut.bodies
        self._shut = np.array(sorted(targets | shut.actors))
        self._targets = view.some(np.array(sorted(targets), np.int32))
        self._one_target = len(targets) == 1
        # By actor: what the step to the target side is worth at most; of few targets, exactly.
        n = len(view.projection.actors)
        if len(targets) <= FEW_TARGETS:
            self._one_step: Floats = np.zeros(n)
            for target in targets:
                actors, strengths = view.neighbours(target, self._bodies)
                self._one_step[actors] = np.maximum(self._one_step[actors], strengths)
        else:
            worth = self._targets.are_there.astype(np.float64)
            best = _best(view, worth, self._targets.entries, self._bodies)
            self._one_step = _onward(view, best, None, self._bodies)
        self._one_step[self._shut] = 0.0
        self._near = view.some(np.flatnonzero(self._one_step).astype(np.int32))
        # Filled when asked for; two threads may both fill one, with the same.
        self._bests: dict[int, _Best] = {}
        self._levels: dict[int, Floats] = {1: self._one_step}

    def ways_on(
        self, chain: tuple[int, ...], left: int, min_steps: int
    ) -> tuple[Ints, Floats, Floats]:
        here = chain[-1]
        actors, strengths = np.empty(0, np.int32), np.empty(0)
        worth = strengths
        if left >= 2:
            actors, strengths = self._view.neighbours(here, self._bodies)
            # From the first side once; further on from many, so that all are worth bounding.
            first = len(chain) == 1
            worth = self._bound(left, actors) if first else self._level(left)[actors]
        elif left == 1:
            actors, strengths = self._view.neighbours_among(here, self._near, self._bodies)
            worth = self._one_step[actors]
        if len(chain) >= min_steps:
            ends, last = self._view.neighbours_among(here, self._targets, self._bodies)
            actors, strengths = np.concatenate([actors, ends]), np.concatenate([strengths, last])
            worth = np.concatenate([worth, np.ones(len(ends))])
        return actors, strengths, worth

    def nothing_beats_the_tie(self, one: int, other: int) -> float | None:
        """Strength of the tie between both ends, if no longer chain can be as strong; else None.

        Two hubs are tied so well that this spares them the search. Time O(members met).
        """
        actors, strengths = self._view.neighbours(one, self._bodies)
        at = int(np.searchsorted(actors, other))
        if at == len(actors) or actors[at] != other:
            return None
        onward = np.minimum(self._view.total[actors], 1.0) * self._one_step.max()
        longer = strengths * np.maximum(self._one_step[actors], onward)
        longer[at] = 0.0
        strength = float(strengths[at])
        return strength if strength > longer.max() * (1 + SAME) else None

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
            bound[self._shut] = 0.0
        else:
            bound[np.isin(actors, self._shut)] = 0.0
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
