"""The k strongest chains of introductions, found exactly and without joining anybody pairwise.

Best-first search from the focal actor. What a partial chain can still become is bounded from the
side of the target (see `bounds`), so that the first complete chains to leave the queue are the
strongest. The last two introductions are looked up from the target's side alone. Siblings enter
the queue one at a time: an actor with 2,000 co-members costs one sorted array, not 2,000 entries.
"""

import heapq
import itertools
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from .bounds import Blocked, Reach, reach_of
from .projection import Floats, Ints
from .view import View

__all__ = ["Blocked", "Found", "Route", "hops", "strongest"]

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
    Exact while `complete`. The bounds are admissible (see `Reach`); a chain leaves the queue only
    when no other can be stronger.
    """
    reach = reach_of(view, target, blocked)
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


def _expand(
    view: View,
    chain: tuple[int, ...],
    strength: float,
    target: int,
    reach: Reach,
    max_steps: int,
    min_steps: int,
    blocked: Blocked,
) -> _Siblings:
    """The ways on from a chain, with the strength of the step and the bound of the whole."""
    here, left = chain[-1], max_steps - len(chain)  # steps that are left after this one
    if left > 1:
        actors, strengths = view.neighbours(here, blocked.bodies)
        worth = reach.of(left, actors) if len(chain) == 1 else reach.everybody(left)[actors]
    elif left == 1:
        actors, strengths = view.neighbours_among(here, reach.among, blocked.bodies)
        worth = reach.one_step[actors]
    else:
        actors, strengths = np.empty(0, np.int32), np.empty(0)
        worth = strengths
    usable = worth > 0
    usable &= actors != target
    for passed in chain:
        usable &= actors != passed
    for other in blocked.actors:
        usable &= actors != other
    actors, strengths = actors[usable], strengths[usable]
    bounds = strength * strengths * worth[usable]
    last = float(reach.one_step[here])
    if last > 0 and len(chain) >= min_steps:
        actors = np.append(actors, np.int32(target))
        strengths, bounds = np.append(strengths, last), np.append(bounds, strength * last)
    order = np.lexsort((actors, -bounds))  # equals in the order of their ids
    return _Siblings(chain, strength, actors[order], strengths[order], bounds[order])


def _ranked(routes: list[Route]) -> list[Route]:
    def key(route: Route) -> tuple[float, int, tuple[int, ...]]:
        return -float(f"{route.strength:.12g}"), len(route.actors), route.actors

    return sorted(routes, key=key)


def hops(view: View, focal: int, target: int, *, max_steps: int, blocked: Blocked) -> int | None:
    """Introductions on the shortest chain, or None when there is none within `max_steps`.

    Breadth first from both ends, always from the one that knows fewer.
    """
    near, far = np.array([focal], np.int32), np.array([target], np.int32)
    behind = {True: near, False: far}  # everybody seen from the focal actor, and from the target
    shut = list(blocked.actors)
    for steps in range(1, max_steps + 1):
        if view.linked(near, far, blocked.bodies):
            return steps
        if steps == max_steps:
            break
        from_focal = view.width(near) <= view.width(far)
        front, seen = (near if from_focal else far), behind[from_focal]
        reached = view.reached(front, blocked.bodies)
        further = reached[~np.isin(reached, shut) & ~np.isin(reached, seen)]
        if not len(further):
            return None
        behind[from_focal] = np.concatenate([seen, further])
        near, far = (further, far) if from_focal else (near, further)
    return None
