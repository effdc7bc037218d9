"""What questions about bridges answer."""

import datetime as dt

from pydantic import Field

from alliance_explorer.queries.models import End, Kind, Model, Path, Ref, Role, Score, SourceRef


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
