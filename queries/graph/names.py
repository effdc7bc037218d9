"""Names: found exactly, by their beginning, by a part, or by likeness."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz, process

from alliance_explorer.queries.models import Hit

from .projection import Name

# Which kinds of thing a name search looks at unless told, and in which order equals are given.
ACTOR_LABELS = ("Firm", "Network", "Person")
SEARCHABLE = (*ACTOR_LABELS, "Alliance", "Capability", "Place")

# Scores of the ways in which a text can match; likeness is scaled to stay below them.
EXACT, ALIAS, BEGINNING, WORD, PART, ALIKE = 1.0, 0.97, 0.92, 0.85, 0.78, 0.75
# Under this likeness (0-100, Levenshtein as rapidfuzz.fuzz.ratio gives it) nothing is meant.
MIN_LIKENESS = 62.0
# Likeness of longer texts is not asked for: nobody types them.
MAX_LIKE = 120

_APART = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Case, accents and punctuation taken away; what consists of nothing else stays."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _APART.sub(" ", plain).strip() or plain.strip() or text.strip()


class NameIndex:
    """Names and aliases in memory; a search costs O(total length of names)."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: list[Name] = sorted(names, key=lambda n: (SEARCHABLE.index(n.label), n.id))
        self._keys: list[str] = []
        self._shown: list[str] = []
        self._owner: list[int] = []
        self._is_alias: list[bool] = []
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(self._names):
            for text, is_alias in [(name.name, False), *((a, True) for a in name.aliases)]:
                key = normalised(text)
                self._exact[key].append(len(self._keys))
                self._keys.append(key)
                self._shown.append(text)
                self._owner.append(i)
                self._is_alias.append(is_alias)
        self._short = [key[:MAX_LIKE] for key in self._keys]

    def by_name(self, text: str, labels: Sequence[str]) -> list[Name]:
        """Those whose very name it is."""
        return self._at(text, labels, alias=False)

    def by_alias(self, text: str, labels: Sequence[str]) -> list[Name]:
        """Those who have it as an alias."""
        return self._at(text, labels, alias=True)

    def _at(self, text: str, labels: Sequence[str], *, alias: bool) -> list[Name]:
        places = self._exact.get(normalised(text), ())
        owners = dict.fromkeys(self._owner[p] for p in places if self._is_alias[p] == alias)
        return [self._names[o] for o in owners if self._names[o].label in labels]

    def search(self, text: str, labels: Sequence[str] = ACTOR_LABELS) -> list[Hit]:
        """Everything a text may mean, best first; equals in the order of label, length and id."""
        wanted = normalised(text)
        if not wanted:
            return []
        scores: dict[int, tuple[float, str]] = {}

        def offer(place: int, score: float) -> None:
            owner = self._owner[place]
            if self._names[owner].label in labels and score > scores.get(owner, (0.0, ""))[0]:
                scores[owner] = score, self._shown[place]

        for place, key in enumerate(self._keys):
            if wanted in key:
                offer(place, self._containing(place, key, wanted))
        if len(wanted) >= 3:
            for _, likeness, place in process.extract(
                wanted[:MAX_LIKE],
                self._short,
                scorer=fuzz.ratio,
                processor=None,
                score_cutoff=MIN_LIKENESS,
                limit=None,
            ):
                offer(place, ALIKE * likeness / 100)
            self._offer_words(wanted, offer_to=offer)
        hits = [
            Hit(
                id=self._names[o].id,
                label=self._names[o].label,
                name=self._names[o].name,
                matched=matched,
                score=round(score, 4),
            )
            for o, (score, matched) in scores.items()
        ]
        return sorted(
            hits, key=lambda h: (-h.score, SEARCHABLE.index(h.label), len(h.name), h.name, h.id)
        )

    def _containing(self, place: int, key: str, wanted: str) -> float:
        if key == wanted:
            return ALIAS if self._is_alias[place] else EXACT
        if key.startswith(wanted):
            return BEGINNING
        return WORD if f" {wanted}" in key else PART

    def _offer_words(self, wanted: str, offer_to: Callable[[int, float], None]) -> None:
        """A misspelt word of a longer name: `Xelerted` for `Xelerated AB`."""
        for _, likeness, place in process.extract(
            wanted[:MAX_LIKE],
            self._short,
            scorer=fuzz.token_set_ratio if " " in wanted else fuzz.partial_ratio,
            processor=None,
            score_cutoff=80.0,
            limit=50,
        ):
            if len(self._short[place]) >= len(wanted) - 2:
                offer_to(place, 0.9 * ALIKE * likeness / 100)
