"""How strongly everybody can be reached from one actor: exact, and for all at once.

A step is never stronger than 1, so a walk that passes somebody twice is never stronger than the
chain without the loop. The strongest chain of at most n steps is therefore the strongest walk of at
most n steps, and those of n + 1 steps follow from those of n: a dynamic program over steps.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .projection import Floats, Ints
from .routes import Blocked
from .ties import SAME
from .view import View

# After so many actors the weakest strength that still matters is looked up again.
_EVERY = 64


@dataclass(frozen=True, slots=True)
class Strengths:
    """`within[n][v]`: strength of the strongest chain of at most n steps to v; 0 without one."""

    within: list[Floats]
    complete: bool


def strengths_from(
    view: View,
    source: int,
    *,
    max_steps: int,
    blocked: Blocked,
    deadline: float,
    matters: Callable[[Floats, int], float] | None = None,
) -> Strengths:
    """Strength of the strongest chain from one actor to each other.

    Parameters
    ----------
    view : View
    source : int
        Index of an actor.
    max_steps : int
        Longest chain, in introductions.
    blocked : Blocked
    deadline : float
        Time (`time.monotonic`) after which the search is cut off; then `complete` is False and the
        strengths are those of chains that exist, but stronger ones may.
    matters : callable, optional
        Given the strengths that were found so far, by actor, and how many steps are still to come
        after this one: how strong a chain has to be at least. Strengths of so much or more are
        exact, lower ones may be too low. It must not fall from one call to the next.

    Notes
    -----
    Each actor whose strength rose in a step is looked at in the next: O(steps x sum of the sizes of
    the bodies of each actor). With `matters`, those are passed over through whom nobody can be
    reached so strongly: no step from an actor is worth more than `View.total`.
    """
    best = np.zeros(len(view.projection.actors))
    best[source] = 1.0
    shut = list(blocked.actors)
    within, frontier, floor = [best], np.array([source], np.int32), 0.0
    most = np.ones(len(best)) if matters is None else view.total
    for left in reversed(range(max_steps)):
        further = best.copy()
        promise = best[frontier] * most[frontier]
        order = np.argsort(-promise, kind="stable")
        for n, i in enumerate(order):
            if matters is not None and n % _EVERY == 0:
                floor = max(floor, matters(further, left))
            if promise[i] < floor * (1.0 - SAME):
                break
            if time.monotonic() > deadline:
                return Strengths([*within, further], complete=False)
            actor = int(frontier[i])
            actors, steps = view.neighbours(actor, blocked.bodies)
            further[actors] = np.maximum(further[actors], best[actor] * steps)
            further[shut] = 0.0
        frontier = _risen(best, further)
        best = further
        within.append(best)
    return Strengths(within, complete=True)


def further_to(view: View, found: Strengths, actors: Ints, blocked: Blocked) -> Strengths:
    """The same with one step more, but only to some actors. One look at the neighbours of each."""
    last = found.within[-1].copy()
    for actor in actors:
        near, steps = view.neighbours(int(actor), blocked.bodies)
        last[actor] = max(last[actor], (found.within[-1][near] * steps).max(initial=0.0))
    return Strengths([*found.within, last], found.complete)


def kth(strengths: Floats, k: int) -> float:
    """The k-th largest; 0 if there are fewer."""
    if not 0 < k <= len(strengths):
        return 0.0
    return float(np.partition(strengths, len(strengths) - k)[len(strengths) - k])


def _risen(before: Floats, after: Floats) -> Ints:
    return np.flatnonzero(after > before * (1.0 + SAME)).astype(np.int32)


def chain_to(view: View, found: Strengths, target: int, blocked: Blocked) -> tuple[int, ...]:
    """One of the shortest among the strongest chains to an actor whom `strengths_from` reached.

    Of equals the one whose last contact before the target has the smallest id, and so on back to
    the source. One look at the neighbours of each actor on the way.
    """
    strength = found.within[-1][target]
    steps = next(n for n, s in enumerate(found.within) if s[target] >= strength * (1.0 - SAME))
    chain = [target]
    for n in reversed(range(steps)):
        actors, strengths = view.neighbours(chain[-1], blocked.bodies)
        through = found.within[n][actors] * strengths
        chain.append(int(actors[np.flatnonzero(through >= through.max() * (1.0 - SAME))[0]]))
    return tuple(reversed(chain))


def steps_from(view: View, source: int, *, max_steps: int, blocked: Blocked) -> Ints:
    """Introductions on the shortest chain to each actor; -1 if there is none within `max_steps`.

    Breadth first: each step looks at the bodies of those who were reached in the one before.
    """
    steps = np.full(len(view.projection.actors), -1, np.int32)
    steps[source] = 0
    shut = np.fromiter(blocked.actors, np.int32, len(blocked.actors))
    frontier = np.array([source], np.int32)
    for n in range(1, max_steps + 1):
        reached = view.reached(frontier, blocked.bodies)
        frontier = np.setdiff1d(reached[steps[reached] < 0], shut)
        if not len(frontier):
            break
        steps[frontier] = n
    return steps


def shortest_to(view: View, steps: Ints, target: int, blocked: Blocked) -> tuple[int, ...]:
    """A shortest chain to an actor whom `steps_from` reached.

    Back from the target it takes the strongest of the steps that are on a shortest chain.
    """
    chain = [target]
    for n in reversed(range(int(steps[target]))):
        actors, strengths = view.neighbours(chain[-1], blocked.bodies)
        chain.append(int(actors[np.argmax(np.where(steps[actors] == n, strengths, 0.0))]))
    return tuple(reversed(chain))
