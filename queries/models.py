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


# --- paths and bridges ----------------------------------------------------------------------------


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
    """Weaker ties between the same two that are counted, but not told one by one."""

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
    more: MoreTies = Field(description="weaker ones, as far as fewer than all were asked for")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Path(Model):
    """A chain of introductions without a repeated actor, as strong as the product of its steps."""

    actors: list[Ref]
    length: int = Field(description="introductions, that is steps from actor to actor")
    strength: Score
    steps: list[Step]
    sentence: str
    ask: str = Field(description="the same, told to whoever asks, by the strongest ties")


class Rivalry(Model):
    """A bridge competes with somebody of either end."""

    end: End
    actor: Ref
    since: dt.date | None
    market: str | None
    inferred: bool = Field(description="derived by a rule, not stated by a source")


class Dependents(Model):
    """Firms that reach the target over this bridge alone, within the same number of steps."""

    count: int
    some: list[Ref] = Field(description="the first of them by name, at most 5")


class Holes(Model):
    """A firm's structural holes at one moment, over ties without values."""

    contacts: int = Field(description="firms tied to it")
    ties_among: int = Field(description="pairs of contacts that are tied to each other")
    effective_size: float = Field(description="contacts - 2 * ties_among / contacts")
    constraint: float | None = Field(
        description="sum over contacts j of (p_ij + sum over q of p_iq p_qj) ** 2; "
        "None without contacts"
    )


class Dyad(Model):
    """What one contact adds to the constraint: `(direct + indirect) ** 2`, before and after."""

    contact: Ref
    direct: float = Field(description="1 / contacts")
    indirect: float = Field(description="over the contacts q tied to it: sum of direct / ties of q")
    direct_after: float
    indirect_after: float


class AskCost(Model):
    """What a bridge gives up by the introduction that it is asked for."""

    introduces: tuple[Ref, Ref] = Field(description="who would be tied to each other")
    tied_already: bool = Field(description="they are; then nothing is lost")
    before: Holes
    after: Holes
    roles_lost: list[Role] = Field(
        description="roles of a broker between the two, in both directions, by `attribute`; "
        "empty if it was none, or if somebody's group is not on record"
    )
    attribute: str = Field(description="what groups firms here")
    loses_little: bool = Field(description="its constraint rises by less than 5 % (our rule)")
    dyads: list[Dyad] = Field(
        description="parts of the constraint; empty with more than 50 contacts"
    )
    largest_shared: int = Field(description="larger networks tie nobody here")
    sentence: str


class Bridge(Model):
    """Somebody to ask: the first actor on the way, with the best ways on from there."""

    actor: Ref
    strength: Score = Field(description="strength of its best path")
    competes_with: list[Rivalry] = Field(description="with whom of either end it competes")
    dependents: Dependents
    cost: AskCost | None = Field(
        description="what the introduction costs it; None unless all three are firms"
    )
    paths: list[Path]


class Side(Model):
    """One end of a question: an actor, several as one, a network's members, or who fits."""

    size: int = Field(description="actors on this side")
    actors: list[Ref] = Field(description="the first of them by name, at most 20")


class Searched(Model):
    """What was looked at: an empty answer means no more than this."""

    focal_side: Side
    target_side: Side

    as_of: dt.date | None = Field(
        description="only what was valid on this day; None: all on record"
    )
    known_at: dt.date | None = Field(description="only what had been recorded by then")
    reference_date: dt.date = Field(description="the day from which recency is counted")
    kinds: list[Kind]
    weights: dict[Kind, Score]
    half_life: float = Field(description="years in which the strength of an ended tie halves")
    max_steps: int
    avoid: list[Ref]
    avoid_competitors_of: list[End]
    competitors_avoided: list[Ref] = Field(description="by the rule above, at most 50")
    via: list[Ref]
    max_shared: int | None
    min_confidence: Score
    shortest: int | None = Field(
        description="introductions on the shortest way at all; None: none within max_steps"
    )
    complete: bool = Field(description="False: the search was cut off, and better paths may exist")


class PathsResult(Model):
    """The best different paths between two actors, strongest first."""

    focal: Ref
    target: Ref
    searched: Searched
    paths: list[Path]
    sources: dict[str, SourceRef]
    summary: str


class BridgesResult(Model):
    """Who can introduce the focal actor to the target, strongest first."""

    focal: Ref
    target: Ref
    searched: Searched
    direct: Path | None = Field(description="the tie that exists already, if one does")
    bridges: list[Bridge]
    sources: dict[str, SourceRef]
    summary: str


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
    partners: list[Partner]
    alliances: list[AllianceView]
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
    largest_networks: list[tuple[Ref, int]]
    busiest: list[Busy] = Field(description="firms with the most alliances, then memberships")


class Export(Model):
    """The graph as data."""

    nodes: list[Entity]
    relationships: list[Fact]
