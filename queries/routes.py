"""The k strongest chains of introductions, found exactly and without joining anybody pairwise.

Best-first search from the focal side. What a partial chain can still become is bounded by the
strongest walk back from the target side (a few passes over the ties), so that the first complete
chains to leave the queue are the strongest. Siblings enter the queue one at a time: an actor with
2,000 co-members costs one sorted array, not 2,000 entries.
"""

import heapq
import itertools
import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

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


@dataclass(frozen=True)
class Via:
    """Somebody who must stand on every way, or a body that one of its steps must share."""

    actors: frozenset[int]
    body: int | None = None

    def passed(self, chain: Sequence[int]) -> bool:
        """Whether a chain does so; of a body: whether two in a row take part in it."""
        if self.body is None:
            return not self.actors.isdisjoint(chain)
        return any(a in self.actors and b in self.actors for a, b in itertools.pairwise(chain))


@dataclass(frozen=True)
class Ends:
    """From whom to whom: any of the one side to any of the other, and past whom on the way.

    A way leads out of its first side for good, and ends at the first of the other that it meets.
    """

    focal: frozenset[int]
    target: frozenset[int]
    via: tuple[Via, ...] = ()

    def on_from(self, view: View, focal: int, bridge: int) -> "Ends":
        """What is left of the question once the first introduction is made."""
        left = (v for v in self.via if not _passes(view, (focal, bridge), v))
        return Ends(frozenset([bridge]), self.target, tuple(left))


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
    Exact while `complete`. The bound is admissible because each of its steps is one (see
    `View.step_back`); a chain leaves the queue only when no other can be stronger.
    """
    shut = Blocked(blocked.actors | ends.focal, blocked.bodies)
    reach = _bounds(view, ends, max_steps, shut)
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
            if all(_passes(view, chain, v) for v in ends.via):
                routes.append(Route(chain, strength))
                quota.used[chain[1]] += 1
            continue
        if expansions >= MAX_EXPANSIONS or time.monotonic() > deadline:
            return Found(_ranked(routes), complete=False)
        expansions += 1
        push(_expand(view, chain, strength, ends, reach, max_steps, min_steps, shut))
    return Found(_ranked(routes), complete=True)


def _rank(bound: float) -> int:
    """Smaller for stronger; what differs by less than 1e-10 is the same, computed otherwise."""
    return -round(math.log(bound) * 1e10)


def _passes(view: View, chain: Sequence[int], via: Via) -> bool:
    """Whether a chain goes past something, and if it is a body, over a tie that counts."""
    if via.body is None:
        return via.passed(chain)
    return any(
        t.body == via.body
        for a, b in itertools.pairwise(chain)
        if a in via.actors and b in via.actors
        for t in view.ties(a, b, frozenset())
    )


# For what is still to be passed (as positions in `Ends.via`), and for each number of steps.
_Reach: TypeAlias = dict[frozenset[int], list[Floats]]


def _bounds(view: View, ends: Ends, max_steps: int, shut: Blocked) -> _Reach:
    """`reach[left][n][v]`: no chain of at most n steps from v to the target side is stronger.

    `left` says what is still to be passed on the way, v included.
    """
    closed, target = list(shut.actors), list(ends.target)
    everything = range(len(ends.via))
    reach: _Reach = {}
    for size in range(len(ends.via) + 1):
        for left in map(frozenset, itertools.combinations(everything, size)):
            levels: list[Floats] = []
            for n in range(max_steps):
                if n == 0:
                    bound = np.zeros(len(view.projection.actors))
                else:
                    bound = view.step_back(levels[-1], shut.bodies)
                bound[target] = 0.0 if left else 1.0
                for i in left:
                    passing = list(ends.via[i].actors)
                    bound[passing] = np.maximum(bound[passing], reach[left - {i}][n][passing])
                bound[closed] = 0.0
                levels.append(bound)
            reach[left] = levels
    return reach


def _expand(
    view: View,
    chain: tuple[int, ...],
    strength: float,
    ends: Ends,
    reach: _Reach,
    max_steps: int,
    min_steps: int,
    shut: Blocked,
) -> _Siblings:
    steps = len(chain)  # after the step that is taken here
    left = frozenset(i for i, v in enumerate(ends.via) if not v.passed(chain))
    actors, strengths = view.neighbours(chain[-1], shut.bodies)
    bounds = strength * strengths * reach[left][max_steps - steps][actors]
    usable = bounds > 0  # so it is not for those who are shut out: nobody gets anywhere over them
    for passed in chain:
        usable &= actors != passed
    if steps < min_steps:
        usable &= ~np.isin(actors, list(ends.target))
    actors, strengths, bounds = actors[usable], strengths[usable], bounds[usable]
    order = np.argsort(-bounds, kind="stable")  # equals in the order of their ids
    return _Siblings(chain, strength, actors[order], strengths[order], bounds[order])


def _ranked(routes: list[Route]) -> list[Route]:
    def key(route: Route) -> tuple[float, int, tuple[int, ...]]:
        return -float(f"{route.strength:.12g}"), len(route.actors), route.actors

    return sorted(routes, key=key)


def hops(view: View, ends: Ends, *, max_steps: int, blocked: Blocked) -> int | None:
    """Introductions on the shortest chain, or None when there is none within `max_steps`.

    Breadth first; each body is looked at once a level: O(ties) a level. What must be passed on the
    way is not asked for.
    """
    target = list(ends.target)
    for steps, reached in enumerate(spread(view, ends.focal, max_steps, blocked), start=1):
        if np.isin(target, reached).any():
            return steps
    return None


def spread(view: View, start: Iterable[int], max_steps: int, blocked: Blocked) -> Iterator[Ints]:
    """Who is within 1, 2, … introductions of somebody; ends when nobody new is."""
    frontier = np.array(sorted(start), np.int32)
    shut = list(blocked.actors)
    for _ in range(max_steps):
        further = view.reached(frontier, blocked.bodies)
        further = further[~np.isin(further, shut)]
        yield further
        if len(further) == len(frontier):
            return
        frontier = further
