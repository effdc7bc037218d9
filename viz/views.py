"""What templates show, taken from the answers: sorted, grouped, and without what says nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from alliance_explorer.queries.models import (
    Entity,
    Move,
    Partner,
    Portfolio,
    Profile,
    Ref,
    Relation,
    Tie,
)

from . import text

NOT_RECORDED: Final = "not recorded"
_HIDDEN: Final = frozenset(
    {
        "id",
        "name",
        "aliases",
        "description",
        "source",
        "evidence",
        "confidence",
        "recorded_at",
        "lat",
        "lon",
        "homepage",
        "crunchbase",
    }
)
_FACT_ORDER: Final = ("market", "title", "role", "tier", "stake", "level", "importance", "kind")
_TYPES: Final = {
    # relationship type: as seen from its start, as seen from its end
    "MEMBER_OF": ("member of", "has as a member"),
    "WORKS_FOR": ("works for", "employs"),
    "SITS_ON_BOARD_OF": ("sits on the board of", "has on its board"),
    "KNOWS": ("knows", "knows"),
    "CHAMPIONS": ("champions", "is championed by"),
    "MANAGES": ("runs", "is run by"),
    "OWNS": ("owns", "belongs to"),
    "ACQUIRED": ("took over", "was taken over by"),
    "COMPETES_WITH": ("competes with", "competes with"),
    "OFFERS": ("offers", "is offered by"),
    "NEEDS": ("needs", "is needed by"),
    "LOCATED_IN": ("is in", "is the place of"),
    "INVOLVES": ("concerns", "took part in"),
    "PARTY_TO": ("is party to", "has as a party"),
    "PART_OF": ("is part of", "contains"),
}


@dataclass(frozen=True)
class Bar:
    """One line of a small bar chart: `share` is the length in percent of the longest."""

    name: str
    number: int
    share: float
    known: bool


@dataclass(frozen=True)
class Dimension:
    """One way in which a portfolio is composed."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Property:
    """One property, with what it means."""

    title: str
    value: str
    meaning: str


def properties_of(entity: Entity) -> list[Property]:
    """Return the properties of a node that say something to a reader."""
    return [
        Property(
            text.title(name) if name != "kind" else "Kind",
            text.words(text.value_text(value)),
            _meaning(entity.label, name),
        )
        for name, value in entity.properties.items()
        if name not in _HIDDEN and value not in ("", [])
    ]


def _meaning(label: str, name: str) -> str:
    """Return what a property means, if its name does not say as much."""
    meaning = text.explain(label, name)
    return meaning if len(meaning) > 24 else ""


def in_short(entity: Entity) -> list[str]:
    """Return what says most about a node in a few words each."""
    known = entity.properties
    facts = [
        text.words(str(known[name]))
        for name in ("kind", "actor_type", "size_class", "scope")
        if name in known
    ]
    employees = known.get("employees")
    if isinstance(employees, int):
        facts.append(text.plural(employees, "employee"))
    if "founded" in known:
        facts.append(f"founded {known['founded']}")
    place = ", ".join(str(known[name]) for name in ("city", "country") if name in known)
    return [*facts, place] if place else facts


def safe_url(url: object) -> str:
    """Return an address if a browser can open it without harm, else nothing."""
    given = str(url or "").strip()
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    return given if parts.scheme in {"http", "https"} and parts.netloc else ""


def host(url: str) -> str:
    """Return the host of an address, for reading."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def composition(portfolio: Portfolio) -> tuple[list[Dimension], list[str]]:
    """Return the ways in which a portfolio is composed, and of which nothing is recorded."""
    shown, unknown = [], []
    for name, counts in portfolio.composition.items():
        if not counts or set(counts) == {NOT_RECORDED}:
            unknown.append(text.title(name).lower())
            continue
        most = max(counts.values())
        bars = [
            Bar(text.words(value), n, 100 * n / most, value != NOT_RECORDED)
            for value, n in sorted(
                counts.items(), key=lambda item: (item[0] == NOT_RECORDED, -item[1], item[0])
            )
        ]
        shown.append(Dimension(text.title(name), bars))
    return shown, unknown


def coopetitors(portfolio: Portfolio) -> list[Partner]:
    """Return partners that are allies and competitors at once, longest rivalry first."""
    both = [p for p in portfolio.partners if "competitor" in p.roles]
    return sorted(both, key=lambda p: (p.competes_since is None, p.competes_since, p.actor.name))


def worth_knowing(portfolio: Portfolio) -> list[Partner]:
    """Return other partners of whom a manager should know something."""
    return [p for p in portfolio.partners if p.notes and "competitor" not in p.roles]


def other_competitors(
    profile: Profile, portfolio: Portfolio | None
) -> tuple[list[Relation], list[Relation]]:
    """Return competitors who are no partners: stated ones, and those that a rule derived."""
    partners = {p.actor.id for p in portfolio.partners} if portfolio else set()
    others = [r for r in profile.competitors if r.other.id not in partners]
    return [r for r in others if not inferred(r)], [r for r in others if inferred(r)]


@dataclass(frozen=True)
class Membership:
    """All facts about one membership, from whichever source, in a line."""

    other: Ref
    notes: str
    held: str
    active: bool


def memberships(relations: Sequence[Relation]) -> list[Membership]:
    """Return memberships, with what several sources say of the same one put together."""
    groups: dict[str, list[Relation]] = {}
    for relation in relations:
        groups.setdefault(relation.other.id, []).append(relation)
    return [
        Membership(
            some[0].other,
            "; ".join(dict.fromkeys(filter(None, map(relation_notes, some)))),
            "; ".join(dict.fromkeys(filter(None, (fact_period(r.fact.properties) for r in some)))),
            any(r.active for r in some),
        )
        for some in groups.values()
    ]


def relation_verb(relation: Relation, own_id: str) -> str:
    """Return how the actor is tied to the other: `owns`, `belongs to`, `member of`."""
    there, back = _TYPES.get(relation.fact.type, ("tied to", "tied to"))
    return there if relation.fact.from_id == own_id else back


def relation_notes(relation: Relation) -> str:
    """Return what else a fact says, beside its dates: market, position, tier, stake."""
    properties = relation.fact.properties
    notes = []
    for name in _FACT_ORDER:
        value = properties.get(name)
        if value is None or value == "":
            continue
        if name == "stake" and isinstance(value, float | int):
            notes.append(f"{value:.0%} stake")
        elif name == "importance":
            notes.append(f"importance {text.value_text(value)}")
        elif name == "tier":
            notes.append(f"{text.value_text(value)} tier")
        else:
            notes.append(text.words(text.value_text(value)))
    return ", ".join(notes)


def fact_period(properties: Mapping[str, object]) -> str:
    """Return the validity of a fact, as exact as its source."""
    day = text.as_date(properties.get("date"))
    if day:
        return text.date_text(day)
    return text.period(
        text.as_date(properties.get("since") or properties.get("start")),
        text.as_date(properties.get("until") or properties.get("end")),
    )


def inferred(relation: Relation) -> bool:
    """Whether a fact was derived by a rule."""
    return bool(relation.fact.properties.get("inferred"))


def moves_by_year(moves: Sequence[Move]) -> list[tuple[int, list[Move]]]:
    """Return events by year, newest first."""
    newest = sorted(moves, key=lambda m: m.date, reverse=True)
    return [(year, list(some)) for year, some in groupby(newest, key=lambda m: m.date.year)]


def move_notes(move: Move) -> list[str]:
    """Return what is recorded of an event beside its kind: description, motive, capability."""
    properties = move.event.properties
    notes = []
    if "measure" in properties:
        value = text.value_text(properties.get("value", ""))
        unit = text.value_text(properties.get("unit", ""))
        notes.append(f"{properties['measure']}: {value} {unit}".strip())
    if description := properties.get("description"):
        notes.append(str(description))
    if motive := properties.get("motive"):
        notes.append(f"motive: {text.words(str(motive))}")
    if built := properties.get("capability"):
        notes.append(f"built: {text.words(str(built))}")
    return notes


def factors(tie: Tie) -> list[tuple[str, str]]:
    """Return the factors of a tie's strength, by name and as text."""
    found = [(name, getattr(tie, name)) for name in ("weight", "recency", "repetition")]
    found += [("specificity", tie.specificity), ("stated", tie.stated)]
    return [(name, text.score(value)) for name, value in found if value is not None]
