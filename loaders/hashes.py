"""Sets of very many ids in little memory: 8 bytes an id, whatever its length."""

from collections.abc import Collection, Iterable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashed = NDArray[np.int64]
Mask = NDArray[np.bool_]


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
        # Sorted runs, each more than twice as long as the next; and what was added since.
        self._runs: list[Hashed] = []
        self._added: list[Hashed] = []

    def add(self, ids: Collection[str]) -> None:
        """Add texts."""
        self.add_hashed(hashed(ids))

    def add_hashed(self, some: Hashed) -> None:
        """Add texts by their hashes; they are put in order when somebody asks."""
        if len(some):
            self._added.append(some)

    def _put_in_order(self) -> None:
        if not self._added:
            return
        # Not `numpy.unique`, which looks each up in a table: that takes ten times as long.
        run = np.sort(np.concatenate(self._added))
        run = run[np.append(True, run[1:] != run[:-1])]
        self._added = []
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort(kind="stable")  # two sorted runs are merged in linear time
        self._runs.append(run)

    def has(self, some: Hashed) -> Mask:
        """Which of these hashes are of texts that were added."""
        self._put_in_order()
        if not self._runs:
            return np.zeros(len(some), bool)
        order = np.argsort(some)  # in order, they are found near each other
        asked = some[order]
        met = np.zeros(len(some), bool)
        for run in self._runs:
            at = np.searchsorted(run, asked)
            at[at == len(run)] = 0
            met |= run[at] == asked
        found = np.empty(len(some), bool)
        found[order] = met
        return found

    def missing(self, ids: Iterable[str]) -> list[str]:
        """Those that were not added."""
        some = list(dict.fromkeys(ids))
        found = self.has(hashed(some))
        return [id_ for id_, known in zip(some, found.tolist(), strict=True) if not known]


class Places:
    """Where each of very many ids stood first, in 16 bytes an id.

    An id is known by 88 bits of hashes: among ten million, two are taken for one with a
    probability of 10^-13.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Hashed, Hashed]] = []

    def first(self, ids: Collection[str], hashes: Hashed, places: Hashed) -> Hashed:
        """Where ids stood before, here or in earlier calls; -1 for those that are new.

        Parameters
        ----------
        ids : collection of str
        hashes : numpy.ndarray
            Of these ids, as `hashed` gives them.
        places : numpy.ndarray
            Where they stand now, in the order of reading: from 0, below 2^40.
        """
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        more = np.fromiter(map(crc32, map(str.encode, ids)), np.int64, len(ids))
        told = ((more & 0x7FFFFF) << 40 | places)[order]
        # Of equal ones in this call, the first.
        begins = np.ones(len(hashes), bool)
        begins[1:] = hashes[1:] != hashes[:-1]
        leader = np.maximum.accumulate(np.where(begins, np.arange(len(hashes)), 0))
        found = np.where(begins | (told[leader] >> 40 != told >> 40), -1, told[leader])
        for run, known in self._runs:
            at = np.searchsorted(run, hashes)
            at[at == len(run)] = 0
            same = (run[at] == hashes) & (known[at] >> 40 == told >> 40)
            found = np.where(same, known[at], found)
        new = found == -1
        self._add(hashes[new], told[new])
        answer = np.empty(len(hashes), np.int64)
        answer[order] = np.where(new, -1, found & (1 << 40) - 1)
        return answer

    def _add(self, hashes: Hashed, told: Hashed) -> None:
        if not len(hashes):
            return
        while self._runs and len(self._runs[-1][0]) <= 2 * len(hashes):
            run, known = self._runs.pop()
            hashes, told = np.concatenate([run, hashes]), np.concatenate([known, told])
            order = np.argsort(hashes, kind="stable")
            hashes, told = hashes[order], told[order]
        self._runs.append((hashes, told))
