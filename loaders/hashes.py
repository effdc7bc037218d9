"""Sets of very many ids in little memory: 8 bytes an id, whatever its length."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

Hashed = NDArray[np.int64]


def hashed(ids: Collection[str]) -> Hashed:
    """Python's keyed hashes of texts, 64 bits each; they differ from process to process."""
    return np.fromiter(map(hash, ids), np.int64, len(ids))


class IdSet:
    """A set of texts that remembers their hashes only.

    It never forgets a text. One that was not added is taken for one of n that were with a
    probability of n / 2^64: 10^-12 for ten million. Adding takes O(log n) a text, amortised, and
    asking O(log² n).
    """

    def __init__(self) -> None:
        # Sorted runs, each more than twice as long as the next.
        self._runs: list[Hashed] = []

    def add(self, ids: Collection[str]) -> None:
        """Add texts."""
        self.add_hashed(hashed(ids))

    def add_hashed(self, some: Hashed) -> None:
        """Add texts by their hashes."""
        if not len(some):
            return
        run = np.unique(some)
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort(kind="stable")  # two sorted runs are merged in linear time
        self._runs.append(run)

    def has(self, some: Hashed) -> NDArray[np.bool_]:
        """Which of these hashes are of texts that were added."""
        found = np.zeros(len(some), bool)
        for run in self._runs:
            at = np.searchsorted(run, some)
            at[at == len(run)] = 0
            found |= run[at] == some
        return found

    def missing(self, ids: Iterable[str]) -> list[str]:
        """Those that were not added."""
        some = list(dict.fromkeys(ids))
        found = self.has(hashed(some))
        return [id_ for id_, known in zip(some, found.tolist(), strict=True) if not known]
