"""Messy values put right, each by a stated rule; what no rule covers is left as it is.

Every function takes the text of a cell and gives the text that it should have been, with the names
of the rules that were applied (see `RULES`); a `ValueError` says why it cannot be read. Loaders
count what was repaired (`Repairs`) and tell it in the notes of the load, with examples.
"""

import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import ftfy
from ftfy import badness

from alliance_explorer.graph_schema.countries import country_code, no_country
from alliance_explorer.graph_schema.foreign_words import YEARS
from alliance_explorer.loaders.model import Note

Mended: TypeAlias = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One repair: what is done, and an example of it."""

    what: str
    before: str
    after: str


RULES: Final[Mapping[str, Rule]] = {
    # rows
    "bytes": Rule(
        "a line that is no UTF-8 is read as cp1252, the usual encoding of old Windows files",
        "Universit\\xE9 (one byte)",
        "Université",
    ),
    "separator": Rule(
        "a row that is one cell is split by another separator (, ; tab |) that gives as many cells "
        "as there are columns",
        "a;b;c under the header x,y,z",
        "a | b | c",
    ),
    "quotes": Rule(
        "a row with a quotation mark where none may be is read leniently, if that gives as many "
        "cells as there are columns",
        '"The "Big" firm";FR',
        'The Big" firm" | FR',
    ),
    "empty cells": Rule(
        "empty cells after the last column are left out", "a;b;; (two columns)", "a | b"
    ),
    # text
    "encoding": Rule(
        "UTF-8 that was taken for another encoding and encoded again is turned back (ftfy)",
        "SociÃ©tÃ© GÃ©nÃ©rale",
        "Société Générale",
    ),
    "lost letters": Rule(
        "letters that were lost before (�) cannot be had back: kept, and counted",
        "Z�rich",
        "Z�rich",
    ),
    "entities": Rule("HTML entities become the letters they stand for", "AT&amp;T", "AT&T"),
    "spaces": Rule(
        "runs of spaces, line ends, no-break and invisible spaces become one space",
        "BOSCH\u00a0  GMBH",
        "BOSCH GMBH",
    ),
    "blank mark": Rule("NA, N/A, NULL, #N/A, - and the like mean that nothing is known", "N/A", ""),
    # values
    "repeated": Rule("one value, said several times, is said once", "PRC;PRC", "PRC"),
    "decimal comma": Rule("a comma before the decimals becomes a point", "101058,75", "101058.75"),
    "thousands": Rule(
        "marks between thousands are left out; the last of two kinds of mark is the decimal one",
        "1.234.567,89",
        "1234567.89",
    ),
    "date form": Rule(
        "a date in another unmistakable form becomes an ISO date, as precise as it was",
        "Mar-2016",
        "2016-03",
    ),
    "impossible date": Rule(
        "a date outside 1800-2200, or an end before its start, is an error of the source: left "
        "unknown where the loader can do without it, else the row is rejected",
        "3201-05-01",
        "",
    ),
    "left unknown": Rule(
        "a value that cannot be read is left unknown, where the loader can do without it",
        "ZZ (as a country)",
        "",
    ),
    "country": Rule(
        "names of countries, three-letter codes and the European Union's own codes (EL, UK) become "
        "ISO 3166-1 alpha-2",
        "EL",
        "GR",
    ),
    "yes or no": Rule("Y, N, T, F, oui, ja, x and the like become true or false", "Y", "true"),
    "address": Rule(
        "an address without a scheme gets one", "www.tue.nl/en", "http://www.tue.nl/en"
    ),
}

# A load tells so many examples of each rule.
EXAMPLES: Final = 3
BLANK_MARKS: Final = frozenset(
    (
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "#n/v",
        "null",
        "none",
        "nan",
        "nil",
        "-",
        "--",
        "—",
        "?",
        "#null!",
    )
)

_TRACE = re.compile("&|  ")
_SPACES = re.compile("[\\s\u00a0\u200b\u200c\u2060\ufeff\u00ad]+")
_ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{1,10});")


class Repairs:
    """What was repaired in one source: how often by each rule, with the first examples."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, rules: Sequence[str], line: int, column: str, before: str, after: str) -> None:
        """Count a repaired value."""
        for rule in rules:
            self._counts[rule] += 1
            if self._counts[rule] <= EXAMPLES:
                change = f"{_short(before)} → {_short(after)}"
                self._examples.setdefault(rule, []).append(f"line {line}, {column}: {change}")

    def notes(self) -> Iterator[Note]:
        """A note for each rule that was applied, in the order of `RULES`."""
        for rule, told in RULES.items():
            if n := self._counts[rule]:
                yield Note(
                    f"{self._name}: {n:,} × {rule}: {told.what} ({'; '.join(self._examples[rule])})"
                )


def _short(text: str, limit: int = 40) -> str:
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


# --- text ----------------------------------------------------------------------------------------


def text(raw: str) -> Mended:
    """Text without the traces of its way here: encodings, entities, spaces."""
    stripped = raw.strip()
    if stripped.isascii() and stripped.isprintable() and not _TRACE.search(stripped):
        return stripped, ()
    return _text(stripped)


@lru_cache(20_000)
def _text(raw: str) -> Mended:
    rules = []
    value = raw
    if not value.isascii() and badness.is_bad(value):
        fixed = ftfy.fix_encoding(value)
        if fixed != value:
            value = fixed
            rules.append("encoding")
    if "�" in value:
        rules.append("lost letters")
    if _ENTITY.search(value) and (unescaped := html.unescape(value)) != value:
        value = unescaped
        rules.append("entities")
    spaced = _SPACES.sub(" ", value).strip()
    if spaced != value:
        value = spaced
        rules.append("spaces")
    return value, tuple(rules)


def known(raw: str, marks: frozenset[str] = BLANK_MARKS) -> Mended:
    """Empty text for what only says that nothing is known."""
    return ("", ("blank mark",)) if raw and raw.casefold() in marks else (raw, ())


def single(raw: str, separators: str = ";|") -> Mended:
    """One value that a source says several times: `PRC;PRC`."""
    for separator in separators:
        if separator in raw:
            parts = {part.strip() for part in raw.split(separator)} - {""}
            if len(parts) == 1:
                return parts.pop(), ("repeated",)
    return raw, ()


# --- numbers -------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,'\s\u00a0\u202f]*(?:[eE][-+]?[0-9]+)?")
_GROUPS = re.compile(r"[-+]?[0-9]{1,3}(?:[.,' ][0-9]{3})+")


def number(raw: str, decimal: str | None = None) -> Mended:
    """A number with a decimal point and without marks between thousands.

    Parameters
    ----------
    raw : str
    decimal : {'.', ','}, optional
        The mark before the decimals. Unless said, the last of two kinds of mark is it, a mark that
        stands twice is not, and a comma before other than three digits is.

    Raises
    ------
    ValueError
        No number; or it may be read in two ways, as `1,234`.
    """
    plain = re.sub(r"\s|\u00a0|\u202f", " ", raw.strip())
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{_short(raw)} is not a number")
    if re.fullmatch(r"[-+]?[0-9]+", plain):
        return plain, ()
    mark = decimal or _decimal(plain)
    whole, _, decimals = plain.partition(mark) if mark and mark in plain else (plain, "", "")
    if re.search(r"[.,' ]", whole) and not _GROUPS.fullmatch(whole):
        raise ValueError(f"{_short(raw)} is not a number")
    if re.search(r"[.,' ]", decimals):
        raise ValueError(f"{_short(raw)} is not a number")
    value = re.sub(r"[.,' ]", "", whole) + (f".{decimals}" if decimals else "")
    rules = []
    if mark == "," and decimals:
        rules.append("decimal comma")
    if re.search(r"[.,' ]", whole):
        rules.append("thousands")
    return value, tuple(rules)


def _decimal(plain: str) -> str | None:
    """The mark before the decimals, as the number itself shows it."""
    marks = [c for c in plain if c in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if not marks or len(marks) > 1:
        return None
    mark = marks[0]
    if mark == "," and re.fullmatch(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}", plain):
        raise ValueError(f"{plain!r} may be a thousand or a fraction: say which mark is decimal")
    return mark


# --- dates ---------------------------------------------------------------------------------------

_MONTHS: Final = {
    name: n
    for n, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october", "nov november"),
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_SLASHES = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?|(\d{4})(\d{2})(\d{2})")
_DOTS = re.compile(r"(?:(\d{1,2})\.\s?)?(\d{1,2})\.\s?(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\.?[-\s/])?([A-Za-z]{3,9})\.?,?[-\s/](\d{4})")
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s(\d{1,2}),?\s(\d{4})")
_EITHER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/-](\d{4})")


class ImpossibleDate(ValueError):
    """A date that can be read, of a year that cannot be meant."""


def date(raw: str, formats: Sequence[str] = ()) -> Mended:
    """A date in ISO form, as precise as it was given: year, month or day.

    Parameters
    ----------
    raw : str
    formats : sequence of str
        As `strptime` takes them, tried first; `excel` is the number of a day in Excel.

    Raises
    ------
    ImpossibleDate
        Of a year before 1800 or after 2200.
    ValueError
        No date; or it may be read in two ways, as `03/04/2016`.
    """
    plain = raw.strip()
    found = _by_format(plain, formats) or (None if formats else _by_form(plain))
    if found is None:
        how = f"of the form {' or '.join(formats)}" if formats else "; write 2011-03-31 or 2011-03"
        raise ValueError(f"{_short(raw)} is not a date {how}".replace(" ;", ";"))
    year, month, day = found
    if year not in YEARS:
        raise ImpossibleDate(f"{_short(raw)}: the year {year} cannot be meant")
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError as exc:
        raise ValueError(f"{_short(raw)} is not a date: {exc}") from None
    value = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    return value, () if value == plain else ("date form",)


_Found: TypeAlias = tuple[int, int, int] | None


def _by_format(plain: str, formats: Sequence[str]) -> _Found:
    for form in formats:
        if form == "excel":
            if re.fullmatch(r"\d{1,7}(\.0*)?", plain):
                day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(plain)))
                return day.year, day.month, day.day
            continue
        try:
            found = dt.datetime.strptime(plain, form)
        except ValueError:
            continue
        has_month = re.search("%[mbBdjcxDF]", form)
        has_day = re.search("%[djcxDF]", form)
        return found.year, found.month if has_month else 0, found.day if has_day else 0
    return None


def _by_form(plain: str) -> _Found:
    """Forms that can only be read in one way; 0 for a month or day that is not given."""
    if stamp := _STAMP.fullmatch(plain):
        plain = stamp[1]
    if found := _ISO.fullmatch(plain) or _SLASHES.fullmatch(plain):
        year, month, day = [int(g) for g in found.groups() if g] + [0] * (
            3 - sum(1 for g in found.groups() if g)
        )
        return year, month, day
    if found := _DOTS.fullmatch(plain):
        return int(found[3]), int(found[2]), int(found[1] or 0)
    if found := _NAMED.fullmatch(plain):
        month = _MONTHS.get(found[2].lower(), 0)
        return (int(found[3]), month, int(found[1] or 0)) if month else None
    if found := _NAMED_FIRST.fullmatch(plain):
        month = _MONTHS.get(found[1].lower(), 0)
        return (int(found[3]), month, int(found[2])) if month else None
    if found := _MONTH_YEAR.fullmatch(plain):
        return int(found[2]), int(found[1]), 0
    if found := _EITHER.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        if first <= 12 and second <= 12 and first != second:
            raise ValueError(f"{plain!r} may be day/month or month/day: say its format")
        month, day = (second, first) if second <= 12 else (first, second)
        return int(found[3]), month, day
    return None


# --- countries, yes and no, addresses ------------------------------------------------------------


def country(raw: str) -> Mended:
    """ISO 3166-1 alpha-2 of a code or a name of a country.

    Raises
    ------
    ValueError
        No country; names the nearest.
    """
    code = country_code(raw)
    if code is None:
        raise ValueError(no_country(raw))
    return code, () if code == raw else ("country",)


_FLAGS: Final = {
    **dict.fromkeys(("y", "t", "x", "ja", "oui", "si", "sí", "sim", "on"), "true"),
    **dict.fromkeys(("n", "f", "nein", "nee", "non", "off"), "false"),
}


def flag(raw: str) -> Mended:
    """`true` or `false`, where the text says either in a usual way; else as it is."""
    value = _FLAGS.get(raw.casefold())
    return (value, ("yes or no",)) if value else (raw, ())


_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")


def address(raw: str) -> Mended:
    """A web address with a scheme."""
    if "://" in raw or not _HOST.fullmatch(raw):
        return raw, ()
    return f"http://{raw}", ("address",)
