"""How strong a chain to a target can be at most, from anywhere: what makes the search short."""

from dataclasses import dataclass

import numpy as np

from .entries import Places
from .projection import Floats, Ints
from .view import Some, View


@dataclass(frozen=True)
class Blocked:
    """Who and what must not be on the way, as indexes."""

    actors: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Best:
    """What actors are worth; and of each body who is worth most there, and the next best."""

    worth: Floats
    owner: Ints
    first: Floats
    second: Floats


class Reach:
    """Bounds of what a chain of at most n steps to one target is worth.

    For one step it is the strength itself. For more, a step from `v` to `u` is worth
    `1 - product(1 - s)` over their ties, times the worth of `u`. That is at most
    `1 - product(1 - s * worth)`, because `(1 - product(1 - s)) * w <= 1 - product(1 - s * w)` for w
    in [0, 1]; with the best other member of each body for `u`, it holds for all `u` at once. It is
    also at most the best worth of them all, times what all ties of `v` together are worth.

    Nobody passes over the target, so it is worth nothing but as an end.

    Parameters
    ----------
    view : View
    target : int
    blocked : Blocked
        Chains over these are not counted.
    """

    def __init__(self, view: View, target: int, blocked: Blocked) -> None:
        self._view = view
        self._blocked = blocked
        actors, strengths = view.neighbours(target, blocked.bodies)
        if blocked.actors:
            free = ~np.isin(actors, list(blocked.actors))
            actors, strengths = actors[free], strengths[free]
        self.near: Ints = actors
        # By actor: the strength of the step to the target.
        self.one_step: Floats = np.zeros(len(view.projection.actors))
        self.one_step[actors] = strengths
        self.among: Some = view.some(actors)
        self._shut = np.array([target, *blocked.actors])
        # Filled when asked for; two threads may both fill one, with the same.
        self._best: dict[int, _Best] = {}
        self._everybody: dict[int, Floats] = {1: self.one_step}

    def of(self, steps: int, actors: Ints) -> Floats:
        """For some actors: no chain of at most so many steps, at least 1, is worth more.

        Time O(bodies that they are in), and O(ties) for each step but the last two, once.
        """
        if steps in self._everybody:
            return self._everybody[steps][actors]
        return self._further(steps, actors)

    def everybody(self, steps: int) -> Floats:
        """The same, by actor. Time O(ties) for each step but the last one, once."""
        if steps not in self._everybody:
            further = self._further(steps, None)
            further[self._shut] = 0.0
            self._everybody[steps] = further
        return self._everybody[steps]

    def _further(self, steps: int, actors: Ints | None) -> Floats:
        nearer = self.one_step if actors is None else self.one_step[actors]
        if steps - 1 not in self._best:
            self._best[steps - 1] = (
                self._best_of(self.one_step, self.near)
                if steps == 2
                else self._best_of(self.everybody(steps - 1), None)
            )
        return np.maximum(nearer, self._onward(self._best[steps - 1], actors))

    def _best_of(self, worth: Floats, actors: Ints | None) -> _Best:
        """Who is worth most in each body; `actors` are all who are worth anything, if given."""
        e = self._view.entries
        entries = self.among.entries if actors is self.near else e.of(actors)
        actor, body = e.actor[entries], e.body[entries]
        value = worth[actor]
        n = len(e.base)
        first, second, owner = np.zeros(n), np.zeros(n), np.full(n, -1, np.int32)
        np.maximum.at(first, body, value)
        leading = value == first[body]
        owner[body[leading]] = actor[leading]
        following = owner[body] != actor
        np.maximum.at(second, body[following], value[following])
        blocked = list(self._blocked.bodies)
        first[blocked] = second[blocked] = 0.0
        return _Best(worth, owner, first, second)

    def _onward(self, best: _Best, actors: Ints | None) -> Floats:
        """Bounds of a step from some actors to anybody, times what that one is worth."""
        view, e, d = self._view, self._view.entries, self._view.direct
        entries = e.of(actors)
        body = e.body[entries]
        value = np.where(best.owner[body] == e.actor[entries], best.second[body], best.first[body])
        useful = np.flatnonzero(value)
        value, strength = value[useful], e.strength[entries[useful]]
        place = _places(actors, e.actor, e.of_actor)[useful]
        ties = d.places(actors)
        if len(ties):
            free = ~d.over(ties, self._blocked.bodies)
            ties = ties[free]
            value = np.concatenate([value, best.worth[d.other[ties]]])
            strength = np.concatenate([strength, d.strength[ties]])
            place = np.concatenate([place, _places(actors, d.one, d.of_actor)[free]])
        n = len(best.worth) if actors is None else len(actors)
        most = np.zeros(n)
        np.maximum.at(most, place, value)
        with np.errstate(divide="ignore"):
            open_ = np.bincount(place, np.log1p(-strength * value), n)
        return np.minimum(
            -np.expm1(open_), most * (view.total if actors is None else view.total[actors])
        )


def _places(actors: Ints | None, owners: Ints, of_actor: Places) -> Ints:
    """For each entry of some actors, which of them it belongs to; of everybody, the actor."""
    if actors is None:
        return owners
    counts = of_actor[actors + 1] - of_actor[actors]
    return np.repeat(np.arange(len(actors), dtype=np.int32), counts)


def reach_of(view: View, target: int, blocked: Blocked) -> Reach:
    """The bounds for a target; the last few are kept with the view."""
    return view.reaches.get((target, blocked), lambda: Reach(view, target, blocked))
