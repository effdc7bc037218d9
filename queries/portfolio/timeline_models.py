"""What the timeline answers."""

import datetime as dt
from typing import Literal

from pydantic import Field

from alliance_explorer.queries.models import Entity, Fact, Model, Ref, Score, SourceRef

from .composition import Diversity


class Item(Model):
    """One dated thing in the chronology of a firm's relations."""

    date: dt.date
    what: Literal["event", "formation", "dissolution", "rivalry", "takeover", "figure"] = Field(
        description="event: on record as such; the others follow from a dated fact"
    )
    kind: str = Field(description="kind of event or alliance, as the source names it")
    others: list[Ref] = Field(description="whom it concerns beside the firm")
    alliances: list[Ref]
    move: bool = Field(description="whether it counts as a move")
    formation: bool = Field(description="whether an alliance began with it")
    motive: str | None
    capability: str | None = Field(description="what the move built: legitimacy, role_flexibility")
    power: str | None
    inferred: bool = False
    sentence: str
    event: Entity | None
    fact: Fact | None


class YearOfMoves(Model):
    """What happened in a year."""

    year: int
    events: int = Field(description="dated events on record, reported figures left out")
    moves: int = Field(description="events with a counterpart")
    variety: int = Field(description="different kinds of moves")
    kinds: dict[str, int]
    motives: dict[str, int]
    capabilities: dict[str, int]
    formations: int = Field(description="alliances that began")
    formations_with_event: int = Field(description="of these, with an event that says so")
    dissolutions: int = Field(description="alliances whose last day was in the year")
    new_partners: int = Field(description="firms that had never been partners before")
    active_at_end: int = Field(description="alliances that go on beyond the end of the year")
    turnover: float | None = Field(
        description="(formations + dissolutions) / (active before + active_at_end)"
    )


class FirstMove(Model):
    """The first move that built a capability."""

    capability: str
    date: dt.date
    event: Entity
    sentence: str


class Turn(Model):
    """When a partner came to be partner and competitor at once."""

    partner: Ref
    date: dt.date
    before: Literal["partner", "competitor", "neither"]
    inferred: bool
    sentence: str
    fact: Fact


class Agility(Model):
    """How often, and in how many ways, a firm moved."""

    years: int = Field(description="from the first to the last year with a dated fact")
    moves: int
    moves_per_year: float | None
    variety: int = Field(description="different kinds of moves")
    diversity: Diversity = Field(description="of the kinds of moves")
    busiest: int | None = Field(description="year with the most moves; the first of several")
    formations: int
    dissolutions: int
    mean_turnover: float | None


class Timeline(Model):
    """The chronology of a firm's relations."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    agility: Agility
    first_moves: list[FirstMove]
    sequence: str = Field(description="which capability came first")
    turns: list[Turn]
    years: list[YearOfMoves]
    undated: int = Field(description="alliances whose beginning is not recorded")
    items: list[Item] = Field(description="oldest first")
    items_left_out: int = Field(description="older ones; the years count all")
    sources: dict[str, SourceRef]


class Change(Model):
    """A partner whose roles differ between the two days."""

    partner: Ref
    roles_before: list[str]
    roles_after: list[str]
    gained: list[str]
    lost: list[str]


class Shift(Model):
    """A number on both days."""

    name: str
    before: float | None
    after: float | None
    difference: float | None


class CountShift(Model):
    """How many alliances or partners are of a category on both days."""

    dimension: str
    category: str
    before: int
    after: int


class PartnerShift(Model):
    """The firm's largest dependence on a partner on both days."""

    partner: Ref
    before: Score | None
    after: Score | None


class Comparison(Model):
    """A portfolio on two days side by side."""

    focal: Ref
    known_at: dt.date | None
    before: dt.date
    after: dt.date
    came: list[Entity] = Field(description="alliances in force on the second day only")
    went: list[Entity] = Field(description="alliances in force on the first day only")
    stayed: int
    partners_came: list[Ref]
    partners_went: list[Ref]
    changes: list[Change] = Field(description="partners on both days whose roles differ")
    numbers: list[Shift]
    composition: list[CountShift] = Field(description="categories whose counts differ")
    dependence: list[PartnerShift] = Field(description="partners on which dependence differs")
    moves_between: int = Field(description="moves after the first day, up to the second")
    sources: dict[str, SourceRef]
    summary: str
