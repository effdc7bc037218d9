"""The k strongest chains of introductions, found exactly and without joining anybody pairwise.

Best-first search from the focal side. What a partial chain can still become is bounded from the
target side (see `bounds`), so that the first complete chains to leave the queue are the strongest.
Siblings enter the queue one at a time: an actor with 2,000 co-members costs one sorted array, not
2,000 entries.
"""

import heapq
import itertools
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from .bounds import Direct, Reach, reach_of
from .ends import Blocked, Ends, Via, passes
from .projection import Floats, Ints
from .view import View

__all__ = ["Blocked", "Ends", "Found", "Route", "Via", "hops", "reach_without", "strongest"]

Bits: TypeAlias = npt.NDArray[np.uint64]
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
    ends: Ends,
    *,
    max_steps: int,
    k: int,
    blocked: Blocked,
    deadline: float,
    min_steps: int = 1,
    per_contact: int | None = None,
) -> Found:
    """The `k` strongest chains from one side to the other without a repeated actor.

    Parameters
    ----------
    view : View
    ends : Ends
        Sides that have nobody in common; usually one actor each.
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
    Exact while `complete`. The bound is admissible (see `bounds`); a chain leaves the queue only
    when no other can be stronger.
    """
    # Of one actor it needs no saying that nobody is passed twice, and bounds serve other questions.
    shut = blocked
    if len(ends.focal) > 1:
        shut = Blocked(blocked.actors | ends.focal, blocked.bodies)
    reach = reach_of(view, ends, max_steps, shut)
    if isinstance(reach, Direct):
        reach = reach.among_strongest(ends.focal, k, min_steps, max_steps)
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

    for focal in sorted(ends.focal):
        heapq.heappush(queue, (_rank(1.0), -1, (focal,), next(tie_break), None, 1.0))
    expansions = 0
    while queue and len(routes) < k:
        _, _, chain, _, siblings, strength = heapq.heappop(queue)
        if siblings is not None and not quota.full(siblings.chain):
            siblings.next += 1
            push(siblings)
        if quota.full(chain):
            continue
        if chain[-1] in ends.target:
            if all(passes(view, chain, v) for v in ends.via):
                routes.append(Route(chain, strength))
                quota.used[chain[1]] += 1
            continue
        if expansions >= MAX_EXPANSIONS or time.monotonic() > deadline:
            return Found(_ranked(routes), complete=False)
        expansions += 1
        push(_expand(chain, strength, reach, max_steps, min_steps))
    return Found(_ranked(routes), complete=True)


def _rank(bound: float) -> int:
    """Smaller for stronger; what differs by less than 1e-10 is the same, computed otherwise."""
    return -round(math.log(bound) * 1e10)


def _expand(
    chain: tuple[int, ...], strength: float, reach: Reach, max_steps: int, min_steps: int
) -> _Siblings:
    actors, strengths, worth = reach.ways_on(chain, max_steps - len(chain), min_steps)
    usable = worth > 0  # so it is not for those who are shut out: nobody gets anywhere over them
    for passed in chain:
        usable &= actors != passed
    actors, strengths = actors[usable], strengths[usable]
    bounds = strength * strengths * worth[usable]
    order = np.lexsort((actors, -bounds))  # equals in the order of their ids
    return _Siblings(chain, strength, actors[order], strengths[order], bounds[order])


def _ranked(routes: list[Route]) -> list[Route]:
    def key(route: Route) -> tuple[float, int, tuple[int, ...]]:
        return -float(f"{route.strength:.12g}"), len(route.actors), route.actors

    return sorted(routes, key=key)


def hops(view: View, ends: Ends, *, max_steps: int, blocked: Blocked) -> int | None:
    """Introductions on the shortest chain, or None when there is none within `max_steps`.

    Breadth first from both sides, always from the one that has less around it. What must be passed
    on the way is not asked for.
    """
    near, far = (np.array(sorted(side), np.int32) for side in (ends.focal, ends.target))
    done = {True: np.zeros(len(view.projection.actors), dtype=bool)}
    done[True][list(blocked.actors)] = True
    done[False] = done[True].copy()
    done[True][near] = done[False][far] = True
    for steps in range(1, max_steps + 1):
        if view.linked(near, far, blocked.bodies):
            return steps
        if steps == max_steps:
            break
        from_focal = view.width(near) <= view.width(far)
        reached = view.reached(near if from_focal else far, blocked.bodies)
        further = reached[~done[from_focal][reached]]
        if not len(further):
            return None
        done[from_focal][further] = True
        near, far = (further, far) if from_focal else (near, further)
    return None


def reach_without(
    view: View, start: Iterable[int], max_steps: int, blocked: Blocked, each: Sequence[int]
) -> Bits:
    """Who is within some introductions of somebody, and who still is when one of some drops out.

    Parameters
    ----------
    view : View
    start : iterable of int
    max_steps : int
    blocked : Blocked
    each : sequence of int
        At most 63 actors.

    Returns
    -------
    uint64 array, by actor
        Bit n: without the n-th of `each`; bit `len(each)`: with all of them.

    Notes
    -----
    One search for all: those who are found at the same step, and without the same of `each`, go on
    together. Mostly that is nearly everybody: time O(ties) a step, O(members met) for other groups.
    """
    everybody = np.uint64((1 << len(each) + 1) - 1)
    shut = np.zeros(len(view.projection.actors), np.uint64)
    for n, actor in enumerate(each):
        shut[actor] |= np.uint64(1 << n)
    shut[list(blocked.actors)] = everybody
    near, new = np.zeros_like(shut), np.zeros_like(shut)
    new[list(start)] = everybody
    for _ in range(max_steps):
        near |= new
        found = np.zeros_like(shut)
        going = np.flatnonzero(new)
        for alike in np.unique(new[going]):
            some = going[new[going] == alike].astype(np.int32)
            found[view.reached(some, blocked.bodies)] |= alike
        new = found & ~shut & ~near
    return near | new
