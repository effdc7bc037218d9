"""Ties and chains told as sentences that a manager would send."""

import datetime as dt
from collections.abc import Sequence

from alliance_explorer.queries.models import Fact, Kind, Ref, Step


def year(date: dt.date | None) -> str:
    """The year alone: sources seldom give more, and a sentence needs no more."""
    return "" if date is None else str(date.year)


def short_date(date: object) -> str:
    """`2011` for 2011-01-01, `2011-03` for 2011-03-01, else the whole date; nothing for None.

    Sources that give a year or a month alone are stored as its first day.
    """
    if not isinstance(date, dt.date):
        return ""
    if date.day != 1:
        return date.isoformat()
    return str(date.year) if date.month == 1 else f"{date.year}-{date.month:02}"


def span(since: dt.date | None, until: dt.date | None, reference: dt.date) -> str:
    """`since 2008`, `from 2008 to 2011`, `until 2011`, or nothing."""
    ended = until is not None and until <= reference
    if not ended:
        return f"since {year(since)}" if since else ""
    assert until is not None
    last = year(until - dt.timedelta(days=1))  # until is the first day on which it no longer held
    return f"from {year(since)} to {last}" if since else f"until {last}"


def readable(word: str) -> str:
    """`licence_agreement` as `licence agreement`."""
    return word.replace("_", " ").strip()


def tie_sentence(
    kind: Kind,
    one: Ref,
    other: Ref,
    shared: Ref | None,
    facts: Sequence[Fact],
    participants: int,
    alliance_kind: str | None,
    when: str,
) -> str:
    """What `one` is to `other`: `A supplies B (licence agreement, since 2008).`."""
    verb, details = _predicate(kind, one, other, shared, facts, participants, alliance_kind)
    brackets = ", ".join(d for d in (*details, when) if d)
    return f"{one.name} {verb}{f' ({brackets})' if brackets else ''}."


def _predicate(
    kind: Kind,
    one: Ref,
    other: Ref,
    shared: Ref | None,
    facts: Sequence[Fact],
    participants: int,
    alliance_kind: str | None,
) -> tuple[str, tuple[str, ...]]:
    if kind == "alliance" and shared is not None:
        what = readable(alliance_kind) if alliance_kind not in (None, "alliance") else ""
        if participants > 2:
            return f"is in {shared.name} with {other.name}", (what, f"{participants:,} parties")
        roles = {f.from_id: f.properties.get("role") for f in facts if f.type == "PARTY_TO"}
        pair = roles.get(one.id), roles.get(other.id)
        verb = {
            ("supplier", "customer"): "supplies",
            ("customer", "supplier"): "buys from",
        }.get((str(pair[0]), str(pair[1])), "is allied with")
        return f"{verb} {other.name}", (what,)
    if kind == "membership" and shared is not None:
        return f"is in {shared.name} with {other.name}", (f"{participants:,} members",)
    if kind == "championing":
        verb = "runs an alliance of" if one.label == "Person" else "has an alliance run by"
        return f"{verb} {other.name}", ()
    if kind == "acquaintance":
        return f"knows {other.name}", ()
    if not facts:  # erased since the ties were read
        return f"is tied to {other.name}", ()
    fact = facts[0]
    verbs = {
        "WORKS_FOR": ("works for", "employs"),
        "SITS_ON_BOARD_OF": ("sits on the board of", "has on its board"),
        "ACQUIRED": ("acquired", "was acquired by"),
        "OWNS": ("owns", "belongs to"),
    }
    return f"{verbs[fact.type][0 if fact.from_id == one.id else 1]} {other.name}", ()


# Kinds of alliance that two firms can be said to have with each other.
_HAD = ("agreement", "alliance", "partnership", "venture", "contract", "collaboration")


def ask_phrase(
    kind: Kind,
    one: Ref,
    other: Ref,
    shared: Ref | None,
    facts: Sequence[Fact],
    participants: int,
    alliance_kind: str | None,
    when: str,
) -> str:
    """What `one` has with `other`, to be told in a chain: `supplies B since 2008`."""
    verb, _ = _predicate(kind, one, other, shared, facts, participants, alliance_kind)
    what = readable(alliance_kind or "")
    if kind == "alliance" and participants == 2 and what.endswith(_HAD):
        verb = f"has {'an' if what[0] in 'aeiou' else 'a'} {what} with {other.name}"
    return f"{verb} {when}".strip()


def yours(
    kind: Kind, you: Ref, other: Ref, shared: Ref | None, facts: Sequence[Fact], when: str
) -> str:
    """What `other` is to you: `your customer since 2008`."""
    types = {f.type: f for f in facts}
    if kind == "alliance":
        roles = {f.from_id: f.properties.get("role") for f in facts if f.type == "PARTY_TO"}
        pair = str(roles.get(you.id)), str(roles.get(other.id))
        word = {("supplier", "customer"): "customer", ("customer", "supplier"): "supplier"}
        text = f"your {word.get(pair, 'partner')}"
    elif kind == "membership" and shared is not None:
        text = f"with you in {shared.name}"
    elif kind == "championing":
        text = (
            "who runs an alliance of yours" if other.label == "Person" else "whose alliance you run"
        )
    elif kind == "employment":
        text = "who works for you" if other.label == "Person" else "your employer"
    elif kind == "board":
        text = "who sits on your board" if other.label == "Person" else "on whose board you sit"
    elif kind == "acquaintance":
        text = "whom you know"
    else:
        mine = any(f.from_id == you.id for f in facts)
        bought = "ACQUIRED" in types
        text = (
            ("which you acquired" if bought else "which you own")
            if mine
            else ("which acquired you" if bought else "which owns you")
        )
    return f"{text} {when}".strip()


def ask_sentence(actors: Sequence[Ref], relation: str, phrases: Sequence[str]) -> str:
    """A chain as one would tell it to whoever asks: `Ericsson, your partner since 2011, has …`.

    Parameters
    ----------
    actors : sequence of Ref
        The chain, the one who asks included.
    relation : str
        What the first contact is to the one who asks (`yours`).
    phrases : sequence of str
        Of every further step (`ask_phrase`).
    """
    parts = [f"{actors[1].name}, {relation}"]
    for n, phrase in enumerate(phrases):
        who = "" if n == 0 else "who " if actors[n + 1].label == "Person" else "which "
        parts.append(f"{who}{phrase}")
    return ", ".join(parts) + "."


def untold(to: Ref) -> str:
    """A step of which no tie is told: `is tied to Seamless`."""
    return f"is tied to {to.name}"


def chain_sentence(steps: Sequence[Step]) -> str:
    """A chain as one sentence, by the strongest tie of each step."""
    parts = []
    for n, step in enumerate(steps):
        told = step.ties[0].sentence if step.ties else untold(step.to)
        predicate = told.removeprefix(step.from_.name).strip().removesuffix(".")
        who = step.from_.name if n == 0 else "who" if step.from_.label == "Person" else "which"
        parts.append(f"{who} {predicate}")
    return ", ".join(parts) + "."


def harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula: an apostrophe stands before it.

    Only for files that people read. What loads again (tables, ties) holds every text as it is.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
