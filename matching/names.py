"""A company's name taken apart, and how alike two of them are."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

from rapidfuzz.distance import OSA

from .words import (
    COMMON,
    COMPANY,
    KEPT_APART,
    SHORT,
    SILENT,
    UNITS,
    legal_forms,
    longest_form,
    number,
    places,
    words,
)

# What a word counts in the likeness of two names.
FULL, COMMON_WEIGHT, PLACE_WEIGHT, LETTER_WEIGHT = 1.0, 0.35, 0.5, 0.35
# Least likeness of two words that may be spellings of one, and the shortest that may differ at all.
MIN_WORD, MIN_LETTERS = 0.74, 4
# Between a legal name and the one that is used: doing business as, formerly. A dash is not one of
# them: what stands after it is as often the owner.
_OR_ELSE = re.compile(r"\s+(?:d/?b/?a|formerly|f/?k/?a|a/?k/?a)\.?\s+", re.I)
Weigh: TypeAlias = Callable[[str], float]
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_LONGEST_PLACE: Final = 5
_SHORT_FORM: Final = 3
_TENS: Final = frozenset(map(str, range(20, 100, 10)))
_UNHEARD: Final = COMPANY | {"the", "and", "of"}


@dataclass(frozen=True)
class ParsedName:
    """A name in its parts.

    Attributes
    ----------
    text : str
        As it was given.
    core : tuple of str
        The words that tell who it is, in order, numbers and places included.
    legal : frozenset of str
        Short forms of its legal forms.
    numbers, places : frozenset of str
        Digits; codes of countries, and large cities.
    place_words : frozenset of str
        The words of the core that are places; a country stands there as its code.
    joined : str
        The name without legal forms and spaces: `goodwill` for Good Will.
    """

    text: str
    core: tuple[str, ...]
    legal: frozenset[str]
    numbers: frozenset[str]
    places: frozenset[str]
    place_words: frozenset[str]
    joined: str

    @cached_property
    def brand(self) -> tuple[str, ...]:
        """The core without places and words that many names have; the whole core if all are."""
        kept = tuple(w for w in self.core if w not in COMMON and w not in self.place_words)
        return kept or self.core

    @cached_property
    def initials(self) -> str:
        """First letters of the words: of three or more, else nothing."""
        return "".join(w[0] for w in self.core) if len(self.core) > 2 else ""

    @cached_property
    def spoken(self) -> str:
        """The core as one text."""
        return " ".join(self.core)

    @cached_property
    def all_initials(self) -> str:
        """The same with articles and legal forms: SAIC is a corporation."""
        found = words(self.text)
        return "".join(w[0] for w in found) if len(found) > 2 else ""

    def weight(self, word: str, frequent: Container[str] = frozenset()) -> float:
        """What a word counts."""
        if word in self.place_words:
            return PLACE_WEIGHT
        if len(word) == 1 and not word.isdigit():
            return LETTER_WEIGHT
        return COMMON_WEIGHT if word in COMMON or word in frequent else FULL


@lru_cache(maxsize=200_000)
def parsed(text: str) -> ParsedName:
    """A name taken apart. O(words)."""
    found = words(text)
    rest, legal = _without_forms(found)
    spoken = [w for w in rest if w not in _UNHEARD] or rest or [text.casefold().strip()]
    core: list[str] = []
    for word in spoken:
        word = SHORT.get(word, word)
        digits = number(word, first=not core)
        if digits and core and core[-1] in _TENS and len(digits) == 1:
            digits = str(int(core.pop()) + int(digits))  # forty-four
        core.append(digits or word)
    joined = "".join(core)
    core = [w for w in core if w not in SILENT] or core
    core, places_ = _with_codes(core)
    return ParsedName(
        text=text,
        core=tuple(core),
        legal=frozenset(legal),
        numbers=frozenset(w for w in core if w.isdigit()),
        places=frozenset(places_.values()),
        place_words=frozenset(places_),
        joined=joined,
    )


def variants(text: str) -> list[ParsedName]:
    """The names in a name: `Acme Holding (AHO)` is AHO too, `Acme Inc. dba Runner` is Runner."""
    inside = [m for m in _BRACKETS.findall(text) if _is_name(m)]
    found = [" ".join(_BRACKETS.sub(" ", text).split()), *inside] if inside else []
    parts = _OR_ELSE.split(text)
    if len(parts) > 1:
        found += parts
    return [p for p in map(parsed, found) if len(p.joined) > 2]


def _is_name(text: str) -> bool:
    """Whether one word in brackets may be a name: no legal form, no place, no everyday word."""
    found = tuple(words(text))
    return (
        len(found) == 1
        and found not in legal_forms()
        and found not in places()
        and SHORT.get(found[0], found[0]) not in COMMON | SILENT | UNITS
    )


def _without_forms(found: Sequence[str]) -> tuple[list[str], set[str]]:
    """The words without legal forms, longest first; of a name that is nothing else, all.

    A short form may be anybody's initials, or a word: it is a form at an end of the name only, and
    at its beginning only if there is none at its end.
    """
    forms, longest = legal_forms(), longest_form()
    last = forms.get((found[-1],)) if found else None
    rest: list[str] = []
    legal: set[str] = set()
    at = 0
    while at < len(found):
        for size in range(min(longest, len(found) - at), 0, -1):
            form = forms.get(tuple(found[at : at + size]))
            left = len(found) - at - size
            placed = not left or (left == 1 and last) or (at == 0 and not last)
            if form and (size > 1 or len(found[at]) > _SHORT_FORM or placed):
                legal.add(form)
                at += size
                break
        else:
            rest.append(found[at])
            at += 1
    return (rest, legal) if rest else (list(found), set())


def _with_codes(core: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words with countries as codes; and the words that are places, each with its place."""
    known = places()
    found: dict[str, str] = {}
    kept: list[str] = []
    at = 0
    while at < len(core):
        for size in range(min(_LONGEST_PLACE, len(core) - at), 0, -1):
            place = known.get(tuple(core[at : at + size]))
            if place and size < len(core):  # a name that is a place and nothing else is a name
                word = place.lower() if "/" not in place else "".join(core[at : at + size])
                found[word] = place
                kept.append(word)
                at += size
                break
        else:
            kept.append(core[at])
            at += 1
    return kept, found


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are.

    Attributes
    ----------
    shared, total : float
        Weight of the words that both have, and of all words.
    own : bool
        Whether a word that not many names have is among those that both have.
    only_one, only_other : tuple of str
        Words that one side alone has.
    altered : tuple of (str, str)
        Words that were taken for spellings of one.
    """

    shared: float
    total: float
    own: bool = True
    only_one: tuple[str, ...] = ()
    only_other: tuple[str, ...] = ()
    altered: tuple[tuple[str, str], ...] = ()

    @property
    def share(self) -> float:
        """From 0, nothing in common, to 1, the same."""
        return self.shared / self.total


def likeness(
    one: ParsedName, other: ParsedName, frequent: Container[str] = frozenset()
) -> Likeness:
    """Compare two names word by word; order does not matter, and word breaks do not either.

    **Our rule**, after Dice: the weight of the words that both have, each times its likeness
    (1 - edits / letters, Damerau–Levenshtein), over the weight of all words of both. Words that
    many names have, in general or (`frequent`) among those at hand, count little, unless each
    side has others: then they were exchanged.
    O(words of one × words of the other).
    """
    if one.joined == other.joined:
        return Likeness(1.0, 1.0)
    left, right = list(one.core), list(other.core)
    shared = 0.0

    def ours(word: str) -> float:
        return one.weight(word, frequent)

    def theirs(word: str) -> float:
        return other.weight(word, frequent)

    own = False
    for word in list(left):
        if word in right:
            own = own or ours(word) == FULL
            shared += ours(word) + theirs(word)
            left.remove(word)
            right.remove(word)
    if left and right:
        rejoined = _rejoined(ours, theirs, left, right)
        own = own or rejoined > 0
        shared += rejoined
    altered: list[tuple[str, str]] = []
    lost = 0.0
    pairs = [(alike, a, b) for a in left for b in right if (alike := _alike(a, b))]
    for alike, a, b in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if a in left and b in right:
            weight = ours(a) + theirs(b)
            shared += alike * weight
            lost += (1 - alike) * weight
            left.remove(a)
            right.remove(b)
            own = own or ours(a) == FULL
            altered.append((a, b))
    if left and right:
        missing = FULL * (len(left) + len(right))
    else:
        missing = sum(map(ours, left)) + sum(map(theirs, right))
    return Likeness(
        shared=shared,
        total=shared + lost + missing,
        own=own,
        only_one=tuple(left),
        only_other=tuple(right),
        altered=tuple(altered),
    )


def _rejoined(ours: Weigh, theirs: Weigh, left: list[str], right: list[str]) -> float:
    """Weight of words that are the same but for where they break: good will, goodwill."""
    found = 0.0
    for a, b, of_a, of_b in ((left, right, ours, theirs), (right, left, theirs, ours)):
        for word in [w for w in b if any(w.startswith(begin) for begin in a)]:
            for size in (2, 3):
                for at in range(len(a) - size + 1):
                    run = a[at : at + size]
                    if "".join(run) == word:
                        found += sum(map(of_a, run)) + of_b(word)
                        del a[at : at + size]
                        b.remove(word)
                        break
                else:
                    continue
                break
    return found


def _alike(a: str, b: str) -> float:
    if len(a) < MIN_LETTERS or len(b) < MIN_LETTERS or a.isdigit() or b.isdigit():
        return 0.0
    return float(OSA.normalized_similarity(a, b, score_cutoff=MIN_WORD))


def is_acronym(one: ParsedName, other: ParsedName) -> bool:
    """Whether one name is the initials of the other: NAIC."""
    return any(
        len(a.core) == 1 and len(a.core[0]) > 2 and a.core[0] in (b.initials, b.all_initials)
        for a, b in ((one, other), (other, one))
    )


def forms_apart(one: ParsedName, other: ParsedName) -> bool:
    """Whether the law of one country keeps companies with these two legal forms apart."""
    return any(
        (a := one.legal & family) and (b := other.legal & family) and a.isdisjoint(b)
        for family in KEPT_APART
    )


def extra_word(one: ParsedName, other: ParsedName, found: Likeness) -> str | None:
    """A word of its own that one of two names has more: it may be another company."""
    extra = [(one, w) for w in found.only_one] + [(other, w) for w in found.only_other]
    own = [w for of, w in extra if of.weight(w) == FULL]
    return own[0] if own else None


def unit_of(found: Likeness) -> str | None:
    """The word that makes one of the two names a part of a company: `cloud`, `bank`."""
    extra = [w for w in (*found.only_one, *found.only_other) if w in UNITS]
    return extra[0] if extra else None
