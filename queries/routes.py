"""The k strongest chains of introductions, found exactly and without joining anybody pairwise.

Best-first search from the focal actor. What a partial chain can still become is bounded by the
strongest walk back from the target (a few passes over the ties), so that the first complete chains
to leave the queue are the strongest. Siblings enter the queue one at a time: an actor with 2,000
co-members costs one sorted array, not 2,000 entries.
"""

import heapq
import itertools
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from .projection import Floats, Ints
from .view import View

# Most expansions of an actor in one search; each takes about 0.1 ms.
MAX_EXPANSIONS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Route:
    """A chain of actors, as indexes, with its strength."""

    actors: tuple[int, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Found:
    """Routes, strongest first; `complete` is False when a bound cut the search off."""

    routes: list[Route]
    complete: bool


@dataclass(slots=True)
class _Siblings:
    """The ways on from one partial chain, strongest bound first; taken one by one."""

    chain: tuple[int, ...]
    strength: float
    actors: Ints
    strengths: Floats
    bounds: Floats
    next: int = 0


@dataclass(frozen=True)
class Blocked:
    """Who and what must not be on the way, as indexes."""

    actors: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Quota:
    """How many routes one first contact may still give."""

    each: int | None
    used: Counter[int] = field(default_factory=Counter)

    def full(self, chain: tuple[int, ...]) -> bool:
        return self.each is not None and len(chain) > 1 and self.used[chain[1]] >= self.each


def strongest(
    view: View,
    focal: int,
    target: int,
    *,
    max_steps: int,
    k: int,
    blocked: Blocked,
    deadline: float,
    min_steps: int = 1,
    per_contact: int | None = None,
) -> Found:
    """The `k` strongest chains from `focal` to `target` without a repeated actor.

    Parameters
    ----------
    view : View
    focal, target : int
        Indexes of two different actors.
    max_steps, min_steps : int
        Longest and shortest chain, in introductions.
    k : int
        Most routes.
    blocked : Blocked
    deadline : float
        Time (`time.monotonic`) after which the search is cut off.
    per_contact : int, optional
        Most routes that may begin with the same first contact.

    Returns
    -------
    Found
        Equal strengths in the order of length, then of the actors' ids.

    Notes
    -----
    Exact while `complete`. The bound is admissible because each of its steps is one (see
    `View.step_back`); a chain leaves the queue only when no other can be stronger.
    """
    reach = _bounds(view, target, max_steps, blocked)
    quota = _Quota(per_contact)
    routes: list[Route] = []
    tie_break = itertools.count()
    queue: list[tuple[int, int, tuple[int, ...], int, _Siblings | None, float]] = []

    def push(siblings: _Siblings) -> None:
        if siblings.next < len(siblings.actors):
            n = siblings.next
            chain = (*siblings.chain, int(siblings.actors[n]))
            strength = siblings.strength * float(siblings.strengths[n])
            rank = _rank(float(siblings.bounds[n]))
            # Of equals the longest first: members of one body are alike, and one finished chain
            # is worth more than a thousand begun ones.
            heapq.heappush(queue, (rank, -len(chain), chain, next(tie_break), siblings, strength))

    heapq.heappush(queue, (_rank(1.0), -1, (focal,), next(tie_break), None, 1.0))
    expansions = 0
    while queue and len(routes) < k:
        _, _, chain, _, siblings, strength = heapq.heappop(queue)
        if siblings is not None and not quota.full(siblings.chain):
            siblings.next += 1
            push(siblings)
        if quota.full(chain):
            continue
        if chain[-1] == target:
            routes.append(Route(chain, strength))
            quota.used[chain[1]] += 1
            continue
        if expansions >= MAX_EXPANSIONS or time.monotonic() > deadline:
            return Found(_ranked(routes), complete=False)
        expansions += 1
        push(_expand(view, chain, strength, target, reach, max_steps, min_steps, blocked))
    return Found(_ranked(routes), complete=True)


def _rank(bound: float) -> int:
    """Smaller for stronger; what differs by less than 1e-10 is the same, computed otherwise."""
    return -round(math.log(bound) * 1e10)


def _bounds(view: View, target: int, max_steps: int, blocked: Blocked) -> list[Floats]:
    """`reach[n][v]`: no chain of at most n steps from v to the target is stronger."""
    reach = [np.zeros(len(view.projection.actors))]
    reach[0][target] = 1.0
    shut = list(blocked.actors)
    for _ in range(max_steps - 1):
        further = view.step_back(reach[-1], blocked.bodies)
        further[shut] = 0.0
        reach.append(further)
    return reach


def _expand(
    view: View,
    chain: tuple[int, ...],
    strength: float,
    target: int,
    reach: list[Floats],
    max_steps: int,
    min_steps: int,
    blocked: Blocked,
) -> _Siblings:
    steps = len(chain)  # after the step that is taken here
    actors, strengths = view.neighbours(chain[-1], blocked.bodies)
    bounds = strength * strengths * reach[max_steps - steps][actors]
    usable = bounds > 0  # so it is not for those who are blocked: nobody reaches anything over them
    for passed in chain:
        usable &= actors != passed
    if steps < min_steps:
        usable &= actors != target
    actors, strengths, bounds = actors[usable], strengths[usable], bounds[usable]
    order = np.argsort(-bounds, kind="stable")  # equals in the order of their ids
    return _Siblings(chain, strength, actors[order], strengths[order], bounds[order])


def _ranked(routes: list[Route]) -> list[Route]:
    def key(route: Route) -> tuple[float, int, tuple[int, ...]]:
        return -float(f"{route.strength:.12g}"), len(route.actors), route.actors

    return sorted(routes, key=key)


def hops(view: View, focal: int, target: int, *, max_steps: int, blocked: Blocked) -> int | None:
    """Introductions on the shortest chain, or None when there is none within `max_steps`.

    Breadth first; each body is looked at once a level: O(ties) a level.
    """
    frontier = np.array([focal], np.int32)
    for steps in range(1, max_steps + 1):
        further = view.reached(frontier, blocked.bodies)
        further = further[~np.isin(further, list(blocked.actors))]
        if target in further:
            return steps
        if len(further) == len(frontier):
            return None
        frontier = further
    return None
