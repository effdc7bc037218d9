"""Are two firms one? Points for each piece of evidence; their sum decides between three answers.

After Fellegi & Sunter (1969): each field adds or takes points by how much its agreement says, and
two thresholds part what is the same, what a person should look at, and what is different. The
points are **our rule**; `docs/matching.md` has them as a table.
"""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from .models import Evidence, Outcome
from .names import (
    ParsedName,
    extra_word,
    forms_apart,
    is_acronym,
    likeness,
    parsed,
    unit_of,
    variants,
)

SAME, REVIEW = 4.0, 2.0
POINTS: Final[Mapping[str, float]] = {
    "name": 5.0,  # × (2 × likeness - 1): from -5 to 5
    "part": -2.0,
    "spelling": -0.75,
    "everyday": -1.5,
    "extra_word": -0.75,
    "short_name": -1.0,
    "acronym": 2.5,
    "number": -6.0,
    "place": -4.0,
    "one_place": -0.75,
    "unit": -1.5,
    "legal_form": -2.0,
    "host": 4.0,
    "site": 3.0,
    "brand_host": 1.5,
    "shared_host": 1.0,
    "other_host": -1.5,
    "crunchbase": 6.0,
    "other_crunchbase": -5.0,
    "country": 0.3,
    "other_country": -3.0,
    "city": 0.5,
    "other_city": -1.0,
    "one_source": -2.0,
}
# What a different name takes at most where the home page is the same: companies change names.
LEAST_OF_ONE_PAGE: Final = -1.5
# A host that more firms than this have says little.
MAX_SHARING: Final = 2
_SECOND_LEVELS: Final = frozenset("ac co com edu go gob gov ne net or org".split())


@dataclass(frozen=True)
class Candidate:
    """What is known of a firm when it is compared.

    Parameters
    ----------
    id : str
    names : sequence of str
        Its name, then its aliases.
    host : str, optional
        Of its home page, without `www.`.
    crunchbase, country, city, source : str, optional
    sharing : int
        How many firms have this host.
    """

    id: str
    names: Sequence[str]
    host: str | None = None
    crunchbase: str | None = None
    country: str | None = None
    city: str | None = None
    source: str | None = None
    sharing: int = field(default=1, compare=False)

    @cached_property
    def parsed(self) -> list[ParsedName]:
        """Its names, taken apart."""
        return [parsed(name) for name in dict.fromkeys(self.names)]

    @cached_property
    def parts(self) -> list[ParsedName]:
        """Names within its names: in brackets, or after `doing business as`."""
        return list(dict.fromkeys(p for name in self.names for p in variants(name)))

    @cached_property
    def site(self) -> str:
        """The part of the host that is bought: `acme.co.uk` of `cloud.acme.co.uk`."""
        return site(self.host) if self.host else ""


def host_of(address: str | None) -> str | None:
    """Host of an address without `www.`; None if there is none."""
    try:
        host = (urlsplit((address or "").strip()).hostname or "").rstrip(".")
    except ValueError:
        return None
    host = host.removeprefix("www.")
    return host if "." in host else None


def site(host: str) -> str:
    """The last two labels of a host, three where the second last is as `co` in `co.uk`."""
    labels = host.split(".")
    few = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-few:])


def compared(
    one: Candidate, other: Candidate, frequent: Container[str] = frozenset()
) -> list[Evidence]:
    """Every piece of evidence for and against two firms being one; the score is their sum."""
    hosts = _hosts(one, other)
    one_page = any(e.rule == "host" for e in hosts)
    found = [*_names(one, other, frequent, one_page=one_page), *hosts]
    if one.crunchbase and other.crunchbase:
        same = one.crunchbase == other.crunchbase
        what = "crunchbase" if same else "other_crunchbase"
        found.append(_evidence(what, one.crunchbase, other.crunchbase))
    same_host = any(e.rule in ("host", "site") for e in found)
    for what in ("country", "city"):
        a, b = getattr(one, what), getattr(other, what)
        if a and b:
            if a.casefold() == b.casefold():
                found.append(_evidence(what, a, b))
            elif not same_host:  # the offices of one company have one home page
                found.append(_evidence(f"other_{what}", a, b))
    if one.source and one.source == other.source:
        found.append(_evidence("one_source", one.source, other.source))
    return found


def score_of(evidence: Iterable[Evidence]) -> float:
    """The sum of the points."""
    return round(sum(e.points for e in evidence), 3)


def outcome_of(score: float) -> Outcome:
    """What a score says."""
    return "same" if score >= SAME else "review" if score >= REVIEW else "different"


def _evidence(
    rule: str, one: str, other: str, points: float | None = None, detail: str = ""
) -> Evidence:
    given = POINTS[rule] if points is None else points
    return Evidence(rule=rule, one=one, other=other, points=round(given, 3), detail=detail)


def _names(
    one: Candidate, other: Candidate, frequent: Container[str], *, one_page: bool
) -> list[Evidence]:
    """Of the two names that speak most for it, one of each side."""
    best: list[Evidence] = []
    most = -math.inf
    whole = len(one.parsed), len(other.parsed)
    for i, a in enumerate((*one.parsed, *one.parts)):
        for j, b in enumerate((*other.parsed, *other.parts)):
            found = _name(a, b, frequent, one_page=one_page)
            if (i >= whole[0] or j >= whole[1]) and found[0].points > 0:
                found.append(_evidence("part", a.text, b.text))
            if (points := sum(e.points for e in found)) > most:
                best, most = found, points
    return best


def _name(
    a: ParsedName, b: ParsedName, frequent: Container[str], *, one_page: bool
) -> list[Evidence]:
    least = LEAST_OF_ONE_PAGE if one_page else -POINTS["name"]
    alike = likeness(a, b, frequent)
    points = max(least, POINTS["name"] * (2 * alike.share - 1))
    told = f"{alike.shared:.3g} of {alike.total:.3g} shared"
    found = [_evidence("name", a.text, b.text, points, told)]

    def also(rule: str, one: str, other: str) -> None:
        found.append(_evidence(rule, one, other))

    if alike.share < 0.5 and is_acronym(a, b):
        return [_evidence("acronym", a.text, b.text)]
    if points > 0:
        if alike.altered:
            also("spelling", *map(" ".join, zip(*alike.altered, strict=True)))
        if not alike.own:
            also("everyday", a.spoken, b.spoken)
        if max(len(a.joined), len(b.joined)) < 4:
            also("short_name", a.joined, b.joined)
        if a.numbers != b.numbers:
            also("number", ", ".join(sorted(a.numbers)), ", ".join(sorted(b.numbers)))
        if a.places and b.places and a.places != b.places:
            also("place", ", ".join(sorted(a.places)), ", ".join(sorted(b.places)))
        elif a.places != b.places:
            also("one_place", ", ".join(sorted(a.places)), ", ".join(sorted(b.places)))
        if word := unit_of(alike):
            also("unit", *((word, "") if word in alike.only_one else ("", word)))
        elif (word := extra_word(a, b, alike)) and not one_page:
            also("extra_word", *((word, "") if word in alike.only_one else ("", word)))
        if forms_apart(a, b):
            also("legal_form", " ".join(sorted(a.legal)), " ".join(sorted(b.legal)))
    return found


def _hosts(one: Candidate, other: Candidate) -> list[Evidence]:
    if not one.host or not other.host:
        return []
    if one.host == other.host:
        shared = max(one.sharing, other.sharing) > MAX_SHARING
        return [_evidence("shared_host" if shared else "host", one.host, other.host)]
    if one.site == other.site:
        shared = max(one.sharing, other.sharing) > MAX_SHARING
        return [_evidence("shared_host" if shared else "site", one.host, other.host)]
    if one.site.split(".")[0] == other.site.split(".")[0]:
        return [_evidence("brand_host", one.host, other.host)]
    return [_evidence("other_host", one.host, other.host)]
