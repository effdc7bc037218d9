"""How values are written on pages: dates as exact as the source was, plain words, short numbers."""

import calendar
import datetime as dt
import re
from typing import Final

from markupsafe import Markup

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.models import PropertyValue

_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")

KINDS: Final = {
    "alliance": ("Alliances", "Both are parties to the same agreement."),
    "championing": (
        "Champions and managers",
        "Somebody who champions or manages an alliance, with the firms that are party to it.",
    ),
    "employment": ("Employment", "The person works, or worked, for the firm."),
    "board": ("Board seats", "The person sits, or sat, on the board of the firm."),
    "acquaintance": ("Acquaintance", "The two people know each other."),
    "ownership": ("Ownership", "One owns the other, in part or whole, or took it over."),
    "membership": (
        "Memberships",
        "Both belong to the same body: an association, a partner programme, a project. "
        "The larger the body, the weaker the tie.",
    ),
}
"""Kinds of ties that can carry an introduction: name for people, and what it means."""

TERMS: Final = {
    "bridge": "Somebody in the network through whom an introduction can be made.",
    "as_of": "Only what held on that day counts. A year means its last day. Empty: everything.",
    "known_at": "Only what had been recorded by that day counts.",
    "avoid": "Nobody on this list may be on the way, for example competitors.",
    "max_shared": "Networks and alliances of more than this many do not count as ties. Empty: all "
    "count, large ones little.",
    "contacts": "Firms that it is tied to.",
    "ties_among": "Pairs of those that are tied to each other.",
    "effective_size": "Contacts that are not redundant: n - 2t/n of n contacts, t ties among them.",
    "constraint": "How much its contacts bind it, being tied to each other; low is free (Burt "
    "1992).",
    "ask_cost": "Whoever introduces two contacts to each other stands between them no longer. Ask "
    "those first who lose little.",
    "max_steps": "An introduction leads from one actor to the next; a shared alliance or "
    "membership between them is not a step of its own.",
    "strength": "0 to 1. The product of the strengths of all introductions on the way.",
    "weight": "How well this kind of tie carries an introduction.",
    "recency": "1 while the tie holds. After its end it halves with every half-life.",
    "repetition": "Grows with the dealings on record: 0.5, 0.75, 0.88…",
    "specificity": "Falls with the number of those who share it: two parties of an agreement know "
    "each other, two of 2,000 members hardly.",
    "stated": "Strength that the source itself states.",
    "coopetition": "Cooperating and competing with the same firm at once.",
    "portfolio": "All alliances of a firm that hold on a day.",
    "size_band": "Of the alliance managers asked by Salle et al. (2007), 40\u00a0% ran fewer than "
    "5 alliances and 44\u00a0% ran 5 to 15.",
    "network": "Something that firms belong to together: an association, a foundation, a "
    "programme.",
    "community": "Firms that are tied more among themselves than to others (Leiden method).",
    "betweenness": "Share of the pairs of other firms whose shortest chain runs over the firm "
    "(Freeman 1977); estimated where the network is large.",
    "cypher": "Cypher is the language of graph databases.",
    "dependence": "How far one side needs the other, 0 to 1. Asymmetry: the firm's dependence less "
    "the partner's. Joint: their sum (Gulati & Sytch 2007).",
    "move": "A dated event in the firm's relations. Built: what it added, namely legitimacy, or "
    "the flexibility to hold several roles at once.",
}
"""The field's terms in plain words; shown where the terms stand."""

_TITLES: Final = {
    "kind": "Kind of alliance",
    "power": "Balance of power",
    "motive": "Why it was made",
    "reach": "Where the partner is",
    "governance": "How it is governed",
    "phase": "Phase of life",
    "role of the firm": "Role of the firm itself",
}


def date_text(day: dt.date | None) -> str:
    """Write a day as exactly as its source gave it.

    Sources often give a year only, which is stored as its first day: the first of January is
    written as the year, the first of another month as year and month.
    """
    if day is None:
        return ""
    if day.day != 1:
        return day.isoformat()
    return f"{day:%Y}" if day.month == 1 else f"{day:%Y-%m}"


def date_mark(day: dt.date | None) -> Markup:
    """Write a day as `date_text` does, marked so that the page can put it as its reader does."""
    shown = date_text(day)
    return Markup('<time datetime="{0}">{0}</time>').format(shown) if shown else Markup("")


def count_mark(number: int) -> Markup:
    """Write a number as `count` does, marked so that the page can put it as its reader does."""
    return Markup('<data value="{}">{}</data>').format(number, count(number))


def last_text(end: dt.date | None) -> str:
    """Write the last day, month or year before an exclusive end: 2012-01-01 gives `2011`."""
    if end is None:
        return ""
    last = end - dt.timedelta(days=1)
    if end.day != 1:
        return last.isoformat()
    return f"{last:%Y}" if end.month == 1 else f"{last:%Y-%m}"


def period(since: dt.date | None, until: dt.date | None) -> str:
    """Write a half-open interval; empty if neither end is known."""
    if since and until:
        first, last = date_text(since), last_text(until)
        return first if first == last else f"{first} \N{EN DASH} {last}"
    if since:
        return f"since {date_text(since)}"
    return f"until {last_text(until)}" if until else ""


def parse_day(text: str | None, field: str) -> dt.date | None:
    """Read a day that a person typed; a year or a month means its last day.

    Raises
    ------
    InvalidRequest
        The text is no year, month or day; names `field`.
    """
    text = (text or "").strip()
    if not text:
        return None
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if year is not None and month is not None:
                return dt.date(year, month, day or calendar.monthrange(year, month)[1])
            return dt.date(year or 0, 12, 31)
        except (ValueError, IndexError):
            pass
    shown = text if len(text) <= 30 else text[:29] + "…"
    raise InvalidRequest(
        f"“{shown}” is no date: give a year, a month or a day, like 2011, 2011-06 or 2011-06-30",
        field,
    )


def score(value: float | None) -> str:
    """Write a strength or a factor between 0 and 1 with two significant digits."""
    if value is None:
        return ""
    if value == 0 or value >= 0.0995:
        return f"{value:.2f}"
    return f"{value:.2g}" if value >= 0.0001 else "under 0.0001"


def count(number: int) -> str:
    """Write a number with its thousands apart."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: `1 alliance`, `3 alliances`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def words(identifier: str) -> str:
    """Write a stored keyword as words: `product_selected` gives `product selected`."""
    return identifier.replace("_", " ")


def title(identifier: str) -> str:
    """Write a property's or a dimension's name as a heading."""
    text = _TITLES.get(identifier) or words(identifier)
    return text[:1].upper() + text[1:]


def value_text(value: PropertyValue) -> str:
    """Write a property value."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dt.date():
            return date_text(value)
        case list():
            return ", ".join(map(str, value))
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def shorten(text: str, limit: int) -> str:
    """Cut a text that is longer than `limit` characters, and show that it is cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def explain(label: str, name: str) -> str:
    """Return what a property of a node or a relationship means, as the schema says it."""
    type_ = SCHEMA.nodes.get(label) or SCHEMA.relationships.get(label)
    found = type_.by_name.get(name) if type_ else None
    return found.description if found else ""


def as_date(value: object) -> dt.date | None:
    """Return a value if it is a date."""
    return value if isinstance(value, dt.date) else None
