"""Smallest connected sets that cover what is needed, found exactly: pure functions on indexes."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

# Most sets that are looked at; about 20 microseconds each.
MAX_LOOKS: Final = 400_000
# Most sets that are kept to be ranked.
MAX_KEPT: Final = 5_000


@dataclass(frozen=True)
class Problem:
    """What the search is about, by index of firm; pure, so that it can be tried out by itself.

    Parameters
    ----------
    focal : int
    needed : int
        Number of capabilities; the bits 0 to `needed` - 1 stand for them.
    offers : mapping of int to int
        What each firm offers, as bits.
    tied : mapping of int to set of int
        To whom each firm is tied.
    against : mapping of int to set of int
        With whom each firm is in conflict.
    """

    focal: int
    needed: int
    offers: Mapping[int, int]
    tied: Mapping[int, set[int]]
    against: Mapping[int, set[int]]


@dataclass
class Search:
    """Sets found, and how far the search went."""

    found: list[frozenset[int]] = field(default_factory=list)
    looked_at: int = 0
    complete: bool = True
    finished: int = -1
    """Sizes up to this one were searched wholly."""


def smallest_sets(
    problem: Problem, max_size: int, *, slack: int = 0, deadline: float = math.inf
) -> Search:
    """Every smallest set of firms that covers what is needed, the focal firm left out.

    A set fits if it covers, with the focal firm, everything; if it is connected with the focal
    firm by ties among its own; and if no two of all are in conflict. With `slack`, sets of up to so
    many firms more are found as well, if they contain no smaller set that fits.

    Parameters
    ----------
    problem : Problem
    max_size : int
        Most firms beside the focal one.
    slack : int
    deadline : float
        Time (`time.monotonic`) after which the search is cut off.

    Notes
    -----
    Each connected set is visited once (the extension rule of ESU [Wernicke 2006]), with sizes from
    0 upwards. A branch is left when what is missing cannot be had with the firms that may still be
    added: from how far away its nearest provider is, and from how much one firm offers at most.
    Exact while `complete`; exponential in the size in the worst case.
    """
    search, everything = Search(), (1 << problem.needed) - 1
    first: int | None = None
    for size in range(max_size + 1):
        if first is not None and size > first + slack:
            break
        walk = _Walk(problem, size, everything, search, deadline)
        try:
            walk.run()
        except _CutOff:
            search.complete = False
            break
        search.finished = size
        if search.found and first is None:
            first = size
    return search


class _CutOff(Exception):
    """A bound was met."""


class _Walk:
    """One size of sets."""

    def __init__(
        self, problem: Problem, size: int, everything: int, search: Search, deadline: float
    ) -> None:
        self._p = problem
        self._size = size
        self._all = everything
        self._search = search
        self._deadline = deadline
        self._smaller = list(search.found)
        self._most = max((b.bit_count() for b in problem.offers.values()), default=0)
        self._far = [_distances(problem, bit) for bit in range(problem.needed)]

    def run(self) -> None:
        p = self._p
        near = sorted(p.tied.get(p.focal, set()))
        banned = p.against.get(p.focal, set())
        self._grow(
            (), p.offers.get(p.focal, 0), [n for n in near if n not in banned], {p.focal, *near}
        )

    def _grow(self, chosen: tuple[int, ...], covered: int, ways: list[int], seen: set[int]) -> None:
        search = self._search
        search.looked_at += 1
        if search.looked_at > MAX_LOOKS or time.monotonic() > self._deadline:
            raise _CutOff
        left = self._size - len(chosen)
        missing = self._all & ~covered
        if left == 0:
            if not missing:
                self._keep(frozenset(chosen))
            return
        if not self._possible(chosen, missing, left):
            return
        p = self._p
        for k, firm in enumerate(ways):
            if left == 1 and missing & ~p.offers.get(firm, 0):
                continue
            rivals = p.against.get(firm, set())
            if any(c in rivals for c in chosen):
                continue
            later = ways[k + 1 :]
            new = sorted(n for n in p.tied.get(firm, set()) if n not in seen)
            focal_rivals = p.against.get(p.focal, set())
            usable = [n for n in (*later, *new) if n not in rivals and n not in focal_rivals]
            self._grow((*chosen, firm), covered | p.offers.get(firm, 0), usable, seen.union(new))

    def _possible(self, chosen: tuple[int, ...], missing: int, left: int) -> bool:
        if missing.bit_count() > left * self._most:
            return False
        here = (self._p.focal, *chosen)
        for bit in range(self._p.needed):
            if missing >> bit & 1:
                far = self._far[bit]
                if min(far.get(c, self._size + 1) for c in here) > left:
                    return False
        return True

    def _keep(self, found: frozenset[int]) -> None:
        if any(s <= found for s in self._smaller):
            return
        self._search.found.append(found)
        if len(self._search.found) >= MAX_KEPT:
            raise _CutOff


def _distances(problem: Problem, bit: int) -> dict[int, int]:
    """Ties from each firm to the nearest that offers a capability; those that cannot are absent."""
    frontier = [f for f, offered in problem.offers.items() if offered >> bit & 1]
    far = dict.fromkeys(frontier, 0)
    steps = 0
    while frontier:
        steps += 1
        further = {n for f in frontier for n in problem.tied.get(f, set()) if n not in far}
        far |= dict.fromkeys(further, steps)
        frontier = sorted(further)
    return far


def strongest_tree(
    firms: Sequence[int], strengths: Mapping[tuple[int, int], float]
) -> list[tuple[int, int]]:
    """The ties that connect some firms at the greatest product of strengths (Kruskal)."""
    group = {f: f for f in firms}

    def root(f: int) -> int:
        while group[f] != f:
            f = group[f]
        return f

    chosen = []
    for a, b in sorted(strengths, key=lambda pair: (-strengths[pair], pair)):
        if root(a) != root(b):
            group[root(a)] = root(b)
            chosen.append((a, b))
    return chosen
