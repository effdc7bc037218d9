"""What scenarios, candidate checks, partner search and constellations answer."""

import datetime as dt
from typing import Literal

from pydantic import Field

from alliance_explorer.queries.models import Entity, Fact, Kind, Model, Ref, Score, SourceRef
from alliance_explorer.queries.proximity.matrix_models import Cell

Basis = Literal["offers", "segment", "contributes"]
ConflictKind = Literal["partner competes", "owner competes", "partners compete", "exclusivity"]
ChangeKind = Literal["leaves", "acquired", "joins", "drops", "allies"]


class Held(Model):
    """Something that can be done with the firm or its partners, and who brings it."""

    key: str = Field(description="id of the capability; segment:… and contribution:… stand for it")
    name: str
    basis: Basis = Field(
        description="offers: stated as a capability; segment: core business of the firm; "
        "contributes: what it brings to an alliance"
    )
    own: bool = Field(description="whether the firm itself has it")
    providers: list[Ref] = Field(description="partners who bring it")
    facts: list[Fact]


class Conflict(Model):
    """Two interests that do not go together."""

    kind: ConflictKind
    between: list[Ref]
    over: list[Ref] = Field(description="the alliance whose exclusivity is at stake, or the owner")
    inferred: bool = Field(description="rests on a rule or an inferred fact, not on a stated one")
    facts: list[Fact]
    sentence: str


class ReachWithin(Model):
    """How many firms can be reached."""

    steps: int = Field(description="introductions")
    firms: int = Field(description="firms within so many introductions, the firm itself left out")


class Contact(Model):
    """Somebody tied to the firm, and whom that opens."""

    actor: Ref
    reaches: int = Field(description="firms two introductions away over this contact")
    only: int = Field(description="those of them that no other contact leads to in two")


class WayTie(Model):
    """A tie on a way; `strength` is the product of its factors."""

    kind: Kind
    shared: Ref | None
    participants: int
    weight: Score
    recency: Score
    repetition: Score
    specificity: Score
    stated: Score | None
    strength: Score


class WayStep(Model):
    """One introduction: `strength = 1 - product(1 - tie.strength)`."""

    strength: Score
    ties: list[WayTie]


class Way(Model):
    """The best chain over one first contact, as strong as the product of its steps."""

    contact: Ref
    strength: Score
    actors: list[Ref]
    steps: list[WayStep]


class Structure(Model):
    """The firm's place among its partners [Burt 1992]."""

    partners: int = Field(description="firms tied to it, parallel ties counted once")
    density: float | None
    effective_size: float | None
    efficiency: float | None
    constraint: float | None = Field(description="0: many separate partners; 1 and more: bound")


class Standing(Model):
    """How a firm stands on a day."""

    partners: list[Ref]
    capabilities: list[Held]
    reach: list[ReachWithin]
    contacts: list[Contact] = Field(description="those who alone open most, at most ten")
    ways: list[Way] | None = Field(description="to the target, strongest first; None: no target")
    structure: Structure
    conflicts: list[Conflict]
    complete: bool = Field(description="False: a search was cut off at its time limit")


class Change(Model):
    """Something supposed."""

    kind: ChangeKind
    actor: Ref
    by: Ref | None = None
    sentence: str


class Difference(Model):
    """What a scenario changes."""

    partners_lost: list[Ref]
    partners_won: list[Ref]
    capabilities_lost: list[Held]
    capabilities_won: list[Held]
    capabilities_thin: list[Held] = Field(description="left with one partner who brings them")
    reach_lost: list[Ref] = Field(description="firms out of reach then, at most 50")
    reach_won: list[Ref] = Field(description="firms within reach then, at most 50")
    reach_lost_total: int
    reach_won_total: int
    ways_lost: list[Ref] = Field(description="first contacts that no longer lead to the target")
    ways_won: list[Ref] = Field(description="first contacts that lead to the target only then")
    conflicts_gone: list[Conflict]
    conflicts_new: list[Conflict]
    structure: dict[str, float] = Field(description="after minus before, where both are known")


class WhatIf(Model):
    """A firm before and after what is supposed."""

    focal: Ref
    target: Ref | None
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    max_steps: int
    changes: list[Change]
    before: Standing
    after: Standing
    difference: Difference
    sources: dict[str, SourceRef]
    summary: str


# --- acquisition exposure -------------------------------------------------------------------------


class Factor(Model):
    """One reason for or against; `points = weight * value`."""

    name: str
    value: Score | None = Field(description="0 to 1; None: nothing is on record")
    weight: float
    sentence: str
    facts: list[Fact] = Field(default_factory=list)


class Exposed(Model):
    """A partner, how exposed it is to a takeover, and what would be lost.

    `score = sum(weight * value) / sum(weight)` over the factors whose value is known.
    """

    partner: Ref
    acquired_by: list[Ref] = Field(description="who took it over already")
    score: Score | None = Field(description="None: nothing is on record, or it has happened")
    known: int = Field(description="factors with a value")
    factors: list[Factor]
    likely_acquirers: list[Ref]
    lost: Difference | None = Field(
        description="the scenario in which it leaves; None: there was no time left for it"
    )
    sentence: str


class Exposure(Model):
    """Which partners may be absorbed, those to look at first."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    max_steps: int = Field(description="how far lost reach is counted")
    weights: dict[str, float]
    partners: list[Exposed]
    total: int = Field(description="partners before the list was cut")
    sources: dict[str, SourceRef]
    summary: str


# --- candidate check ------------------------------------------------------------------------------


class Statement(Model):
    """One thing to weigh, with what it rests on."""

    aspect: str
    says: Literal["for", "against", "neutral", "not known"]
    sentence: str
    others: list[Ref] = Field(default_factory=list)
    facts: list[Fact] = Field(default_factory=list)


class Candidate(Model):
    """A candidate for the portfolio: conflicts, fit, what it adds and what it duplicates."""

    focal: Ref
    candidate: Entity
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    max_steps: int = Field(description="how far reach is counted")
    ally_already: bool
    conflicts: list[Conflict] = Field(description="that the alliance would bring")
    compatibility: list[Statement]
    adds: list[Held]
    fills: list[Held] = Field(description="those of them that the firm is recorded to need")
    duplicates: list[Held]
    new_reach: list[Ref] = Field(description="firms within reach only then, at most 50")
    new_reach_total: int
    shared_contacts: list[Ref] = Field(description="contacts that both have already, at most 50")
    redundancy: Score | None = Field(
        description="part of the candidate's contacts that the firm has already"
    )
    before: Structure
    after: Structure
    sources: dict[str, SourceRef]
    summary: str


# --- partner search -------------------------------------------------------------------------------


class Component(Model):
    """One part of a score; `value` in [0, 1]."""

    name: str
    value: Score
    weight: float
    sentence: str


class Selection(Model):
    """A criterion of alliance managers [Salle et al. 2007], with what is on record."""

    criterion: str
    recorded: str | None


class Found(Model):
    """A candidate; `score = sum(weight * value) / sum(weight)` over its components."""

    actor: Entity
    score: Score
    components: list[Component]
    offers: list[Held] = Field(description="of what was asked for or is needed")
    conflicts: list[Conflict]
    way: Way | None = Field(description="the best way to it")
    proximity: dict[str, Cell] = Field(description="each of the five dimensions, and why")
    selection: list[Selection]


class Partners(Model):
    """Candidates, best first."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    criteria: dict[str, list[str]]
    weights: dict[str, float]
    max_steps: int
    candidates: list[Found]
    total: int = Field(description="candidates that meet the criteria")
    next_cursor: str | None = None
    complete: bool = Field(description="False: there were more firms than are looked at")
    sources: dict[str, SourceRef]
    summary: str


# --- constellations -------------------------------------------------------------------------------


class Member(Model):
    """A firm of a constellation and what it brings of what is needed."""

    actor: Ref
    brings: list[str]
    facts: list[Fact]


class Joint(Model):
    """A tie that holds a constellation together."""

    one: Ref
    other: Ref
    strength: Score
    ties: list[WayTie]


class Constellation(Model):
    """A set of firms that covers what is needed; `strength` is the product of its joints'."""

    members: list[Member] = Field(description="the firm itself left out")
    own: list[str] = Field(description="what the firm brings itself")
    joints: list[Joint] = Field(description="the strongest ties that connect all of them")
    strength: Score
    sentence: str


class Constellations(Model):
    """Smallest sets of firms for what is needed, best first."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    needed: list[str]
    nobody_offers: list[str]
    stated_only: bool = Field(description="whether inferred rivalries were passed over")
    largest_shared: int
    max_size: int
    constellations: list[Constellation]
    smallest: int | None = Field(description="firms in the smallest; None: none found")
    total: int = Field(description="sets found before the list was cut")
    complete: bool = Field(description="False: the search was cut off")
    searched: str
    sources: dict[str, SourceRef]
    summary: str
