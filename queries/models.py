"""What the questions answer. The API returns these, the CLI prints them, the pages show them."""

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

PropertyValue: TypeAlias = str | int | float | bool | dt.date | list[str]
Kind = Literal[
    "ownership", "employment", "championing", "alliance", "board", "acquaintance", "membership"
]
End = Literal["focal", "target"]
Role = Literal["coordinator", "itinerant broker", "gatekeeper", "representative", "liaison"]
Score = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Frozen, and closed: an answer holds what its schema says and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ref(Model):
    """A node by id, with what is needed to show it."""

    id: str
    label: str = Field(description="node label: Firm, Person, Network, Alliance…")
    name: str


class Fact(Model):
    """One stored relationship, as its source states it."""

    type: str = Field(description="relationship type")
    from_id: str
    to_id: str
    properties: dict[str, PropertyValue] = Field(
        description="as stored: dates, tier, role, source, evidence, confidence, recorded_at"
    )


class Entity(Model):
    """One stored node with all its properties."""

    id: str
    label: str
    name: str
    properties: dict[str, PropertyValue]


class SourceRef(Model):
    """Where facts come from."""

    id: str
    title: str
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None


# --- search ---------------------------------------------------------------------------------------


class Hit(Model):
    """One actor or body that a text may mean."""

    id: str
    label: str
    name: str
    matched: str = Field(description="the name or alias that matched")
    score: Score = Field(description="1: the very name; from 0.9 its beginning; below 0.75 similar")


class SearchResult(Model):
    """Hits, best first."""

    query: str
    hits: list[Hit]
    total: int = Field(description="hits before the page was cut")
    next_cursor: str | None = None


# --- paths ----------------------------------------------------------------------------------------


class Tie(Model):
    """One reason why two actors can introduce each other, with the arithmetic of its strength.

    `strength = weight * recency * repetition * specificity * (stated or 1)`.
    """

    kind: Kind
    shared: Ref | None = Field(description="the alliance or network they share; None: a direct tie")
    since: dt.date | None = Field(description="first day on which both were in it")
    until: dt.date | None = Field(description="first day on which it no longer held")
    participants: int = Field(description="actors who share it; 2 for a direct tie")
    dealings: int = Field(description="dealings on record within it, at least 1")
    weight: Score = Field(description="weight of the kind of tie")
    recency: Score = Field(description="1 while it holds; then half after each half-life")
    repetition: Score = Field(description="1 - 0.5 ** dealings")
    specificity: Score = Field(description="1 / log2(1 + participants)")
    stated: Score | None = Field(description="strength that the source states (acquaintances)")
    strength: Score
    facts: list[Fact]
    sentence: str


class MoreTies(Model):
    """Ties between the same two that are counted, but not told one by one."""

    count: int
    strength: Score = Field(description="1 - product(1 - strength) over them; 0 if there are none")


class Step(Model):
    """One introduction: two actors and the ties between them, strongest first.

    `strength = 1 - product(1 - tie.strength) * (1 - more.strength)`.
    """

    from_: Ref = Field(alias="from", serialization_alias="from")
    to: Ref
    strength: Score
    ties: list[Tie]
    more: MoreTies = Field(
        description="weaker ones, as far as fewer than all were asked for; all without evidence"
    )

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Path(Model):
    """A chain of introductions without a repeated actor, as strong as the product of its steps."""

    actors: list[Ref]
    length: int = Field(description="introductions, that is steps from actor to actor")
    strength: Score
    steps: list[Step]
    sentence: str
    ask: str = Field(description="the same, told to whoever asks, by the strongest ties")


# --- one firm -------------------------------------------------------------------------------------


class Relation(Model):
    """A fact with the node on its other end."""

    fact: Fact
    other: Ref
    active: bool = Field(description="whether it holds on the reference date")


class AllianceView(Model):
    """An alliance as one of its parties sees it."""

    alliance: Entity
    parties: list[Relation] = Field(description="all parties, the firm itself included")
    start: dt.date | None
    end: dt.date | None
    active: bool


class Profile(Model):
    """A firm, person or network with its ties."""

    actor: Entity
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    alliances: list[AllianceView]
    memberships: list[Relation] = Field(
        description="networks it belongs to; of a network: members, at most `limit`"
    )
    people: list[Relation]
    ownership: list[Relation]
    competitors: list[Relation]
    capabilities: list[Relation]
    places: list[Relation]
    events: list[Relation]
    totals: dict[str, int] = Field(description="size of each list before it was cut")
    sources: dict[str, SourceRef]


# --- portfolio ------------------------------------------------------------------------------------


class Partner(Model):
    """A partner with every role that it holds at once."""

    actor: Ref
    roles: list[str] = Field(
        description="ally, competitor, owner, owned, acquired by NAME, and roles in alliances"
    )
    alliances: list[Ref]
    since: dt.date | None
    competes_since: dt.date | None
    notes: list[str] = Field(description="what a manager should know, as sentences")


class Move(Model):
    """A dated event of the portfolio."""

    event: Entity
    date: dt.date
    kind: str
    others: list[Ref]
    sentence: str


class Portfolio(Model):
    """The alliances of a firm on a day: who, what kind, and how it came about."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    size: int = Field(description="alliances that hold on the reference date")
    size_band: str = Field(description="band of the alliance managers' survey [Salle et al. 2007]")
    ended: int = Field(description="alliances that ended before it")
    composition: dict[str, dict[str, int]] = Field(
        description="alliances by kind, role, service_type…; 'not recorded' where nothing is said"
    )
    partners: list[Partner] = Field(
        description="every one with a note, and of the others those with the most alliances"
    )
    partners_left_out: int = Field(description="others; the counts are of all")
    partner_not_named: int = Field(description="alliances in force of which no partner is named")
    alliances: list[AllianceView] = Field(description="newest first")
    alliances_left_out: int = Field(description="older ones; the counts are of all")
    memberships: list[Relation]
    moves: list[Move] = Field(description="events up to the reference date, oldest first")
    sources: dict[str, SourceRef]


# --- subgraphs and statistics ---------------------------------------------------------------------


class SubgraphNode(Model):
    """A node of a picture."""

    id: str
    label: str
    name: str
    role: str = Field(description="focal, target, bridge, ally, competitor, ally and competitor, …")
    ring: int = Field(description="steps from the focal actor")
    properties: dict[str, PropertyValue]


class SubgraphEdge(Model):
    """An edge of a picture."""

    from_id: str
    to_id: str
    type: str
    inferred: bool = False
    strength: float | None = None
    properties: dict[str, PropertyValue]


class Subgraph(Model):
    """A bounded part of the graph."""

    focal: str
    nodes: list[SubgraphNode]
    edges: list[SubgraphEdge]
    left_out: dict[str, int] = Field(description="how many more there are, by label")


class Busy(Model):
    """A firm with much on record: somebody to start from."""

    actor: Ref
    alliances: int
    networks: int


class Stats(Model):
    """What is loaded."""

    engine: str
    nodes: dict[str, int]
    relationships: dict[str, int]
    sources: list[SourceRef]
    retrieved: dict[str, dt.date] = Field(
        default_factory=dict, description="when a source was retrieved, by its id, if it says so"
    )
    recorded: dt.date | None = Field(
        None, description="latest day on which a tie of this graph was recorded"
    )
    largest_networks: list[tuple[Ref, int]]
    busiest: list[Busy] = Field(description="firms with the most alliances, then memberships")
