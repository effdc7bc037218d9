"""What the question of feasibility answers: a verdict, and everything that it rests on."""

import datetime as dt
from typing import Literal

from pydantic import Field

from alliance_explorer.queries.models import Entity, Fact, Model, Ref, SourceRef

from .services import KnowledgeContent, ServiceReading

Reach = Literal["local", "domestic", "international"]
PropositionId = Literal["P1", "P2", "P3", "P4a", "P4b", "P4c"]
Bearing = Literal["supports", "partly", "opposes", "not_on_record", "does_not_bear"]
Level = Literal["feasible_by_default", "likely", "possible_if", "unlikely_unless"]
AllianceCapability = Literal[
    "coordination",
    "communication",
    "bonding",
    "specification",
    "knowledge transfer",
    "quality assurance",
    "project management",
]
ChallengeName = Literal[
    "search and selection", "communication", "knowledge transfer", "coordination", "governance"
]


class Finding(Model):
    """Something on record, as a sentence and as the facts that say so."""

    sentence: str
    about: list[Ref] = Field(description="the nodes it is about")
    facts: list[Fact] = Field(description="stored relationships")
    entities: list[Entity] = Field(description="stored nodes whose properties count")
    inferred: bool = Field(description="derived by a rule rather than stated by a source")
    sources: list[str] = Field(description="ids of the sources of all that it rests on")


class Proposition(Model):
    """One proposition of the study, and what it says of this case."""

    id: PropositionId
    statement: str
    bearing: Bearing
    why: str = Field(description="how the bearing came about, as a sentence")
    evidence: list[Finding]


class Condition(Model):
    """Something that is missing: what would have to hold, and how to record that it does."""

    proposition: PropositionId
    must_hold: str
    to_record: str
    needed: bool = Field(description="the verdict depends on it; else it would only help")


class Verdict(Model):
    """How feasible it is, and by which rule.

    Local: feasible by default. Else, with the bearings of the propositions: P4a supports: likely.
    P4a opposes: likely if P4b and P4c both support; unlikely unless, if none of P2, P4b and P4c
    has anything on record; possible if, otherwise. Our rule: the study gives directions only.
    """

    level: Level
    sentence: str
    rule: str = Field(description="the rule that decided, as a sentence")
    supported_by: list[PropositionId]
    partly_by: list[PropositionId]
    opposed_by: list[PropositionId]
    not_on_record: list[PropositionId]


class ReachReading(Model):
    """Where the partner is, seen from the firm."""

    reach: Reach
    how: str = Field(description="how it is known, as a sentence")
    stated_by: Literal["the asker", "the record", "places"]
    evidence: list[Finding]


class Challenge(Model):
    """A difficulty to expect, and what firms do against it [Findikoglu & Watson-Manheim]."""

    name: ChallengeName
    expect: str
    routines: list[str]
    helps: list[Finding] = Field(description="on record already")
    worse: list[Finding] = Field(description="on record, and makes it harder")


class Feasibility(Model):
    """Whether a service partnership is feasible for a firm, and what that rests on."""

    firm: Ref
    candidate: Ref | None = Field(description="None: any partner of this reach")
    service: ServiceReading
    reach: ReachReading
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    verdict: Verdict
    propositions: list[Proposition]
    missing: list[Condition]
    challenges: list[Challenge]
    mind: list[Finding] = Field(
        description="exclusive agreements and rivalry on record; no proposition speaks of them"
    )
    sources: dict[str, SourceRef]
    credits: list[str] = Field(description="whom to credit for data that was looked up")


class JudgedAlliance(Model):
    """A service partnership on record, judged as if it were still to be made."""

    alliance: Ref
    partners: list[Ref] = Field(description="empty: the source does not name them")
    start: dt.date | None
    active: bool
    service: ServiceReading
    reach: ReachReading
    verdict: Verdict
    propositions: list[Proposition]
    missing: list[Condition]


class UnjudgedAlliance(Model):
    """An alliance that cannot be judged, and why."""

    alliance: Ref
    reason: str


class CountOfAlliances(Model):
    """How many service partnerships there are of a class and a reach."""

    content: KnowledgeContent
    reach: Reach
    alliances: int


class FeasibilityOfAlliances(Model):
    """A firm's service partnerships on record, judged one by one."""

    firm: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    total: int = Field(description="alliances on record, whatever they are about")
    left_out: int = Field(description="older ones beyond the limit, not looked at")
    counts: list[CountOfAlliances] = Field(description="of those judged, by class and reach")
    levels: dict[Level, int] = Field(description="of those judged, by verdict")
    alliances: list[JudgedAlliance] = Field(description="newest first")
    unjudged: list[UnjudgedAlliance] = Field(description="the first of them, newest first")
    unjudged_total: int = Field(description="alliances that cannot be judged")
    sources: dict[str, SourceRef]
    credits: list[str] = Field(description="whom to credit for data that was looked up")
