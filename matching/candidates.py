"""Which pairs of firms are worth comparing? Never all: those that share something rare.

Each firm has keys: its home page, its Crunchbase name, its name in several forms. Firms with a key
in common are compared; a key that more than `MAX_BLOCK` firms have says nothing and is passed over
(a name of frequent words is found by its two rarest). Hence the number of comparisons grows with
the number of firms, not with its square: O(firms × keys × MAX_BLOCK).
"""

import itertools
import math
import time
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz

from alliance_explorer.errors import QueryTimeout

from .models import Evidence, Outcome
from .names import is_acronym
from .score import Candidate, compared, outcome_of, score_of

MAX_BLOCK: Final = 40
# Keys that say enough to be trusted with more.
MAX_EXACT: Final = 200
# A word that more firms than this have in their names, and this share of them, counts little.
FREQUENT: Final = 20
FREQUENT_SHARE: Final = 0.002
# Names whose words are less alike than this (rapidfuzz's token_set_ratio) are not looked at.
MIN_TOKENS: Final = 60.0
_LETTERS: Final = 6
# After so many comparisons the clock is looked at.
_LOOKS: Final = 256
_EXACT: Final = ("name", "words", "site", "crunchbase")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two firms that were compared, with what speaks for and against their being one."""

    one: Candidate
    other: Candidate
    score: float
    outcome: Outcome
    evidence: tuple[Evidence, ...]


def keys(firm: Candidate, frequency: Counter[str]) -> set[tuple[str, str]]:
    """What a firm can be found by."""
    found: set[tuple[str, str]] = set()
    for name in (*firm.parsed, *firm.parts):
        found.add(("name", name.joined))
        found.add(("words", " ".join(sorted(name.core))))
        letters = "".join(name.brand)
        if len(letters) >= _LETTERS:
            found.add(("beginning", letters[:_LETTERS]))
            found.add(("ending", letters[-_LETTERS:]))
        rare = sorted(set(name.core), key=lambda w: (frequency[w], w))
        found.update(("word", w) for w in rare if len(w) > 2)
        found.update(("two", " ".join(sorted(two))) for two in itertools.pairwise(rare[:3]))
        if len(name.core) == 1 and 2 < len(name.joined) <= _LETTERS:
            found.add(("initials", name.joined))
        elif name.initials:
            found |= {("initials", name.initials), ("initials", name.all_initials)}
    if firm.site:
        found.add(("site", firm.site))
    if firm.crunchbase:
        found.add(("crunchbase", firm.crunchbase))
    return found


def pairs(
    firms: Iterable[Candidate],
    others: Iterable[Candidate] | None = None,
    *,
    of: Container[str] | None = None,
    deadline: float = math.inf,
) -> list[Pair]:
    """Compare firms among themselves, or those of one list with those of another.

    Parameters
    ----------
    firms, others, of, deadline
        As `alike`.

    Returns
    -------
    list of Pair
        By falling score and then ids.
    """
    return sorted(alike(firms, others, of=of, deadline=deadline), key=best_first)


def best_first(pair: Pair) -> tuple[float, str, str]:
    """The order in which pairs are told: by falling score and then ids."""
    return -pair.score, pair.one.id, pair.other.id


def alike(
    firms: Iterable[Candidate],
    others: Iterable[Candidate] | None = None,
    *,
    of: Container[str] | None = None,
    deadline: float = math.inf,
) -> Iterator[Pair]:
    """Compare firms, one after the other with those that share a key with it.

    Memory is that of the firms and their keys, however many pairs there are.

    Parameters
    ----------
    firms : iterable of Candidate
    others : iterable of Candidate, optional
        Given, no two firms of one list are compared.
    of : container of str, optional
        Only pairs with one of these firms, by id. The other firms still decide which words are
        frequent, and which keys say nothing.
    deadline : float
        Of the monotonic clock.

    Raises
    ------
    QueryTimeout
        Past the deadline.

    Yields
    ------
    Pair
        Only pairs that are the same or for review, as they are found; those that are different are
        not told.
    """
    left = list(firms)
    right = None if others is None else list(others)
    everyone = left + (right or [])
    hosts = Counter(f.site for f in left if f.site)
    if right is not None:
        hosts |= Counter(f.site for f in right if f.site)
    everyone = [replace(f, sharing=hosts[f.site]) if f.site else f for f in everyone]
    split = len(left) if right is not None else None
    frequency = Counter(w for f in everyone for w in {w for p in f.parsed for w in p.core})
    many = max(FREQUENT, FREQUENT_SHARE * len(everyone))
    frequent = frozenset(w for w, n in frequency.items() if n > many)
    wanted = [n for n, firm in enumerate(everyone) if of is None or firm.id in of]
    for n, (i, j) in enumerate(_worth_comparing(everyone, wanted, split, frequency)):
        if n % _LOOKS == 0 and time.monotonic() > deadline:
            raise QueryTimeout(
                "comparing all firms takes too long here: name one, or use `match` on the command "
                "line"
            )
        if (pair := _compare(everyone[i], everyone[j], frequent)) is not None:
            yield pair


def _compare(one: Candidate, other: Candidate, frequent: Container[str]) -> Pair | None:
    if not _perhaps(one, other):
        return None
    evidence = compared(one, other, frequent)
    score = score_of(evidence)
    outcome = outcome_of(score)
    if outcome == "different":
        return None
    return Pair(one, other, score, outcome, tuple(evidence))


def _perhaps(one: Candidate, other: Candidate) -> bool:
    """Whether a closer look can find them alike: most pairs that share a word cannot be."""
    if one.site and one.site == other.site:
        return True
    if one.crunchbase and one.crunchbase == other.crunchbase:
        return True
    return any(
        a.joined == b.joined
        or fuzz.token_set_ratio(a.spoken, b.spoken) >= MIN_TOKENS
        or is_acronym(a, b)
        for a in (*one.parsed, *one.parts)
        for b in (*other.parsed, *other.parts)
    )


def _worth_comparing(
    firms: Sequence[Candidate],
    wanted: Sequence[int],
    split: int | None,
    frequency: Counter[str],
) -> Iterator[tuple[int, int]]:
    """Places of the firms of each pair that shares a key, the lower first, one of them wanted.

    Of two lists, one of either. Each pair comes once: at its wanted one, of two at the lower.
    """
    blocks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, firm in enumerate(firms):
        for key in keys(firm, frequency):
            blocks[key].append(place)
    telling: defaultdict[int, list[list[int]]] = defaultdict(list)
    chosen = set(wanted)
    for key, places in blocks.items():
        if 1 < len(places) <= (MAX_EXACT if key[0] in _EXACT else MAX_BLOCK):
            for place in chosen.intersection(places):
                telling[place].append(places)
    del blocks
    for i in wanted:
        for j in sorted({j for places in telling.pop(i, ()) for j in places}):
            if j == i or (j < i and j in chosen):
                continue
            if split is None or (i < split) != (j < split):
                yield min(i, j), max(i, j)
