"""Sets of very many ids in little memory: 8 bytes an id, whatever its length."""

import os
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Hashed = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Nobody can make up ids that are taken for others: what they begin with is not known outside.
_BEGINNINGS: Final = np.frombuffer(os.urandom(16), np.uint64)
_WORD: Final = 8


def hashed(ids: pa.StringArray, which: int = 0) -> Hashed:
    """Keyed hashes of texts, 64 bits each; they differ from process to process.

    Parameters
    ----------
    ids : pyarrow.StringArray
        None of them null.
    which : {0, 1}
        One of two hashes that are independent of each other.

    Notes
    -----
    Word after word is mixed in with the finalizer of MurmurHash3 (Appleby), for all texts at once:
    a third of the time of making Python's texts of them for `hash`. O(texts × the longest).
    """
    if not len(ids):
        return np.empty(0, np.int64)
    lengths = pc.binary_length(ids).to_numpy()
    words = int(lengths.max()) // _WORD + 1
    _, _, letters = pc.ascii_rpad(ids, words * _WORD, "\0").buffers()
    told = np.frombuffer(letters, np.uint64, len(ids) * words).reshape(len(ids), words)
    found = _mixed(lengths.astype(np.uint64) ^ _BEGINNINGS[which])
    for word in range(words):  # whatever the longest is, each is mixed as often as it is long
        mixed = _mixed(found ^ told[:, word])
        found = np.where(lengths >= word * _WORD, mixed, found)
    return found.view(np.int64)


def _mixed(some: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each bit depends on all; in place."""
    some ^= some >> np.uint64(33)
    some *= np.uint64(0xFF51AFD7ED558CCD)
    some ^= some >> np.uint64(33)
    some *= np.uint64(0xC4CEB9FE1A85EC53)
    some ^= some >> np.uint64(33)
    return some


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

    def add(self, ids: pa.StringArray) -> None:
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

    def missing(self, ids: pa.StringArray) -> pa.StringArray:
        """Those that were not added."""
        known = self.has(hashed(ids))
        return ids.slice(0, 0) if known.all() else ids.filter(pa.array(~known))


class Places:
    """Where each of very many ids stood first, in 16 bytes an id.

    An id is known by 88 bits of hashes: among ten million, two are taken for one with a
    probability of 10^-13.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Hashed, Hashed]] = []

    def first(self, ids: pa.StringArray, hashes: Hashed, places: Hashed) -> Hashed:
        """Where ids stood before, here or in earlier calls; -1 for those that are new.

        Parameters
        ----------
        ids : pyarrow.StringArray
        hashes : numpy.ndarray
            Of these ids, as `hashed` gives them.
        places : numpy.ndarray
            Where they stand now, in the order of reading: from 0, below 2^40.
        """
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        told = ((hashed(ids, 1) & 0x7FFFFF) << 40 | places)[order]
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
