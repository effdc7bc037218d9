"""Pieces of a firm's record: its alliances, events, takeovers and reported shares."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from alliance_explorer.engine import Node
from alliance_explorer.queries.models import Entity, Fact, PropertyValue, Ref, Relation
from alliance_explorer.queries.parties import Party
from alliance_explorer.queries.profile import entity
from alliance_explorer.queries.validity import within

FIGURE = "reported_figure"
# What a party's fact can say about dependence.
_TELLING: Final = frozenset({"share_of_sales", "alternatives", "alternatives_level"})


class ToldParty(NamedTuple):
    """A party with a fact about it."""

    firm: Ref
    fact: Fact


@dataclass(frozen=True)
class Deal:
    """An alliance that the firm is party to, with all parties; one entry for each statement.

    Parameters
    ----------
    alliance : Entity
    start, end : datetime.date, optional
    parties : sequence of Party
        In the order of their names; those of the firm itself with their facts.
    """

    alliance: Entity
    start: dt.date | None
    end: dt.date | None
    parties: Sequence[Party]

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return within(self.start, self.end, day)

    def begun(self, day: dt.date) -> bool:
        """Whether it was made by a day, be it over or not."""
        return within(self.start, None, day)

    @cached_property
    def last(self) -> dt.date | None:
        """The last day on which it is in force; None if it has no end."""
        if self.end is None:
            return None
        return max(self.end, dt.date.min + dt.timedelta(days=1)) - dt.timedelta(days=1)

    def facts_of(self, firm: str) -> list[Fact]:
        """What is stated of one party beyond its role; of the firm itself, every fact."""
        return self._facts.get(firm, [])

    def roles_of(self, firm: str) -> list[str]:
        """The roles that are stated of one party."""
        return self._roles.get(firm, [])

    @cached_property
    def _facts(self) -> dict[str, list[Fact]]:
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        for p in self.told:
            found[p.firm.id].append(p.fact)
        return dict(found)

    @cached_property
    def _roles(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for p in self.parties:
            if p.role is not None:
                found[p.firm.id].append(p.role)
        return dict(found)

    @cached_property
    def told(self) -> "Sequence[ToldParty]":
        """Parties of which more than the role is stated, and the firm itself."""
        return [ToldParty(p.firm, p.fact) for p in self.parties if p.fact is not None]

    @cached_property
    def telling(self) -> frozenset[str]:
        """Parties of whose dependence something is stated."""
        return frozenset(p.firm.id for p in self.told if not _TELLING.isdisjoint(p.fact.properties))

    def stated(self, name: str) -> bool:
        """Whether anything is stated of any party under a property."""
        return name in self._stated

    @cached_property
    def _stated(self) -> frozenset[str]:
        return frozenset(name for p in self.told for name in p.fact.properties)

    def others(self, firm: str) -> list[Ref]:
        """All parties but one, by name."""
        return [r for r in self.firms if r.id != firm]

    @cached_property
    def firms(self) -> Sequence[Ref]:
        """All parties, by name."""
        return list({p.firm.id: p.firm for p in self.parties}.values())

    @property
    def ref(self) -> Ref:
        """The alliance as answers show it."""
        return Ref(id=self.alliance.id, label="Alliance", name=self.alliance.name)

    @property
    def properties(self) -> Mapping[str, PropertyValue]:
        """What is stated of the alliance itself."""
        return self.alliance.properties


class Counted(NamedTuple):
    """A partner with what partners are counted by: place, size, type."""

    name: str
    properties: Mapping[str, object]


@dataclass(frozen=True)
class Happening:
    """A dated event with everybody whom it involves, and in which role."""

    event: Entity
    date: dt.date
    kind: str
    involved: Sequence[tuple[Ref, str]]

    def others(self, firm: str) -> list[Ref]:
        """The other firms that it involves, by name."""
        found = {r.id: r for r, _ in self.involved if r.label == "Firm" and r.id != firm}
        return sorted(found.values(), key=lambda r: (r.name.casefold(), r.id))

    @property
    def alliances(self) -> list[str]:
        """Ids of the alliances that it involves."""
        return sorted({r.id for r, _ in self.involved if r.label == "Alliance"})

    @property
    def is_move(self) -> bool:
        """Whether it concerns a relation: it has a counterpart, and is no reported figure.

        Our rule: the foundation of a firm by itself is an event, but no move.
        """
        return self.kind != FIGURE and len(self.involved) > 1


@dataclass(frozen=True)
class Takeover:
    """Somebody acquired a partner."""

    acquired: str
    acquirer: Ref
    date: dt.date | None
    fact: Fact


@dataclass(frozen=True)
class ReportedShare:
    """Part of a firm's business that is reported to run through another: `part` of `whole`."""

    date: dt.date
    part: float
    whole: float
    unit: str
    facts: Sequence[Entity]

    @property
    def value(self) -> float:
        """The part as a fraction."""
        return self.part / self.whole


def last_day(year: int) -> dt.date:
    """The day on which a year is looked at: its last."""
    return dt.date(year, 12, 31)


def texts(value: object) -> list[str]:
    """A list property as text."""
    return [str(v) for v in value] if isinstance(value, list) else []


def is_inferred(relation: Relation) -> bool:
    """Whether a rule derived the fact, rather than a source stating it."""
    return bool(relation.fact.properties.get("inferred"))


def shares(
    nodes: Mapping[str, Node], roles: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], list[ReportedShare]]:
    """Figures that run `through` a firm, each held against the whole that it is a part of.

    Our rule: the whole is the figure of the same subject, day and unit that runs through nobody.
    """
    wholes: dict[tuple[str, object, object], Node] = {}
    for id_, node in nodes.items():
        if "through" not in roles[id_] and "subject" in roles[id_]:
            key = roles[id_]["subject"], node.properties.get("date"), node.properties.get("unit")
            wholes[key] = node
    found: defaultdict[tuple[str, str], list[ReportedShare]] = defaultdict(list)
    for id_, node in nodes.items():
        p, who = node.properties, roles[id_]
        if "through" not in who or "subject" not in who:
            continue
        whole = wholes.get((who["subject"], p.get("date"), p.get("unit")))
        part, date = p.get("value"), date_of(p.get("date"))
        total = whole.properties.get("value") if whole else None
        if (
            isinstance(part, float)
            and isinstance(total, float)
            and whole is not None
            and date is not None
            and 0 <= part <= total != 0
        ):
            share = ReportedShare(
                date, part, total, str(p.get("unit", "")), [entity(node), entity(whole)]
            )
            found[who["subject"], who["through"]].append(share)
    return dict(found)


def stated_by(deals: Iterable[Deal]) -> set[str]:
    """Ids of the sources that state who takes part in some alliances."""
    return {p.source for d in deals for p in d.parties if p.source}


def date_of(value: object) -> dt.date | None:
    """A value if it is a date."""
    return value if isinstance(value, dt.date) else None


def order_of(relation: Relation) -> tuple[str, str, str, str]:
    """Order of facts that is the same on both engines."""
    other, fact = relation.other, relation.fact
    return fact.type, other.name.casefold(), other.id, str(fact.properties.get("id"))


def numbered(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 partner`, `3 partners`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
