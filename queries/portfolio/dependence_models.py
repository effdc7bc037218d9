"""What the dependence ledger answers."""

import datetime as dt
from typing import Final, Literal

from pydantic import Field

from alliance_explorer.queries.models import Entity, Fact, Model, Ref, Score, SourceRef

Quadrant = Literal["mutual", "on the partner", "of the partner", "loose"]
QUADRANTS: Final[dict[Quadrant, str]] = {
    "mutual": "both need each other",
    "on the partner": "the firm depends on the partner",
    "of the partner": "the partner depends on the firm",
    "loose": "neither depends much on the other",
}


class Factor(Model):
    """One thing that dependence rests on."""

    name: Literal[
        "share of sales",
        "reported share",
        "need",
        "share of alliances",
        "alternatives stated",
        "alternatives known to the graph",
    ]
    component: Literal["importance", "scarcity"]
    value: Score | None = Field(description="what it gives for its component; None: not recorded")
    used: bool = Field(description="whether the component was taken from it")
    says: str = Field(description="what is on record, or that nothing is, and the arithmetic")
    facts: list[Fact] = Field(description="relationships that it was read from")
    nodes: list[Entity] = Field(description="nodes that it was read from, such as reported figures")


class Direction(Model):
    """How much one firm depends on another.

    `value = (importance * scarcity) ** 0.5`, or the one of both that is on record.
    """

    firm: Ref
    on: Ref
    value: Score | None = Field(description="None: neither component is on record")
    importance: Score | None = Field(description="the largest of its factors on record")
    scarcity: Score | None = Field(description="1 / (1 + alternatives) ** 0.5")
    alternatives: int | None = Field(description="firms that could take the partner's place")
    arithmetic: str = Field(description="the value by its numbers")
    factors: list[Factor]
    missing: list[str] = Field(description="components of which nothing is on record")


class LedgerWarning(Model):
    """What a manager should look at."""

    code: Literal[
        "exclusivity",
        "large share of sales",
        "replaceable",
        "no champion",
        "conflicting objectives",
        "partner competes",
        "partner acquired by a competitor",
        "partner acquired",
    ]
    text: str
    inferred: bool = Field(False, description="rests on a fact that a rule derived, or on wording")
    facts: list[Fact] = Field(default_factory=list)


class DualValue(Model):
    """What each side takes away [Pérez & Cambra-Fierro]."""

    firm: list[str] = Field(description="what the firm took away; sought, if nothing is recorded")
    partner: list[str]
    firm_stated: Literal["appropriated", "sought", "not recorded"]
    partner_stated: Literal["appropriated", "sought", "not recorded"]
    common: list[tuple[str, str]] = Field(
        description="goods of both lists with the same words: the firm's, the partner's"
    )
    verdict: Literal["different goods", "partly the same good", "slices of one good", "unknown"]
    sentence: str


class Moment(Model):
    """Both dependences at the end of a year."""

    year: int
    firm: Score | None
    partner: Score | None
    firm_basis: str = Field(description="which factors gave the firm's value")
    partner_basis: str


class LedgerEntry(Model):
    """One alliance with one partner; an alliance of several has an entry for each of them."""

    alliance: Entity
    partner: Ref
    active: bool = Field(description="whether it holds on the reference date")
    evaluated_on: dt.date = Field(
        description="the reference date, or the last day of an alliance that ended before"
    )
    firm: Direction = Field(description="how much the firm depends on the partner")
    counterpart: Direction = Field(description="how much the partner depends on the firm")
    asymmetry: float | None = Field(description="the firm's dependence less the partner's")
    joint: float | None = Field(description="sum of both")
    quadrant: Quadrant | None = Field(description="None: one side is not known")
    stated_power: str | None = Field(description="balance of power that the source states")
    warnings: list[LedgerWarning]
    dual_value: DualValue
    champions: list[str] = Field(description="who champions it, with employer where known")
    history: list[Moment] = Field(description="year by year, up to the last dated fact")
    movement: str = Field(description="how the firm's dependence moved over the years")
    reading: str = Field(description="the entry in words")


class PortfolioDependence(Model):
    """The ledger in sum."""

    entries: int
    measured: int = Field(description="entries of which the firm's dependence is known")
    placed: int = Field(description="entries of which both sides are known")
    mean_dependence: Score | None
    mean_asymmetry: float | None
    mean_joint: float | None
    quadrants: dict[Quadrant, int]
    largest: Ref | None = Field(description="the partner that the firm depends on most")
    share_of_sales: float | None = Field(
        description="recorded shares of sales in sum, each partner counted once; may exceed 1"
    )
    warnings: dict[str, int] = Field(description="entries with each warning")


class DependenceLedger(Model):
    """How much a firm and its partners depend on each other, alliance by alliance."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    rule: list[str] = Field(description="how the numbers are made")
    portfolio: PortfolioDependence
    entries: list[LedgerEntry] = Field(description="where the firm depends most, first")
    entries_left_out: int = Field(description="further entries, which the limit left out")
    sources: dict[str, SourceRef]
