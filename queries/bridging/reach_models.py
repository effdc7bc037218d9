"""What the questions on reach answer: who can be reached, over whom all hangs, what would help."""

from typing import Literal, TypeAlias

from pydantic import Field

from alliance_explorer.queries.models import Kind, Model, Path, Ref, Score, SourceRef

from .models import Searched


class Group(Model):
    """Which firms are meant; what is None does not matter."""

    country: str | None = Field(description="ISO 3166-1 alpha-2, or `not recorded`")
    actor_type: str | None = Field(description="place in the industry, or `not recorded`")
    capability: Ref | None = Field(description="something that they offer")
    network: Ref | None = Field(description="something that they are members of")


class Rival(Model):
    """Somebody who competes with a firm on the reference date."""

    actor: Ref
    inferred: bool = Field(description="whether the rivalry is derived by a rule alone")


# --- what can I reach -----------------------------------------------------------------------------


class Counted(Model):
    """How many have a value."""

    value: str = Field(description="what to filter by: a code, a number or an id")
    name: str
    number: int


class Counts(Model):
    """Who can be reached, counted; firms that have several values count for each.

    Each list counts those who pass the filters on everything else, so that it says what another
    choice would give. People have no country, place in the industry or capability.
    """

    steps: list[Counted]
    label: list[Counted] = Field(description="firms and people")
    country: list[Counted]
    actor_type: list[Counted]
    capability: list[Counted]


class Reached(Model):
    """Somebody newly reachable, with the best bridge."""

    actor: Ref
    steps: int = Field(description="introductions on the shortest chain")
    country: str | None
    actor_type: str | None
    offers: list[Ref] = Field(description="capabilities")
    bridge: Ref = Field(description="whom to ask: the first actor on the strongest chain")
    competes_with: list[Rival] = Field(
        description="which of the focal actor and this one the bridge competes with"
    )
    strength: Score = Field(description="of the strongest chain within `max_steps`")
    path: Path = Field(description="that chain; of equals one of the shortest")


class ReachResult(Model):
    """Everybody whom an actor is not tied to yet and can be introduced to."""

    focal: Ref
    searched: Searched
    group: Group = Field(description="filters that were applied")
    steps: int | None = Field(description="only those at this many introductions; None: any")
    tied: int = Field(description="actors who are tied to the focal actor already")
    reachable: int = Field(description="actors newly reachable, before any filter")
    total: int = Field(description="those who pass the filters")
    counts: Counts
    reached: list[Reached] = Field(description="a page, strongest first, then by name")
    next_cursor: str | None = None
    sources: dict[str, SourceRef]
    summary: str


# --- weak points ----------------------------------------------------------------------------------


class WeakPoint(Model):
    """An actor or body on every way, within `max_steps`, to somebody who can be reached."""

    without: Ref = Field(description="firm, person, network or alliance")
    loses: int = Field(description="members of the group who are out of reach without it")
    loses_all: bool = Field(description="whether nobody else of the group can be reached then")
    lost: list[Ref] = Field(description="who, by name; at most 20")
    example: Path = Field(description="a shortest way to one of them: like all, it passes here")


class WeakPoints(Model):
    """Single points of failure: whose loss puts a target or a group out of reach."""

    focal: Ref
    target: Ref | None
    group: Group
    searched: Searched
    in_reach: int = Field(description="members of the group who can be reached, or are tied")
    safe: int = Field(description="members whom no single loss puts out of reach")
    total: int = Field(description="weak points before the list was cut")
    points: list[WeakPoint] = Field(description="those that lose all first, then most first")
    sources: dict[str, SourceRef]
    summary: str


# --- openings -------------------------------------------------------------------------------------

Change = Literal[
    "max_steps",
    "kinds",
    "weights",
    "ended",
    "as_of",
    "known_at",
    "avoid",
    "avoid_competitors_of",
    "max_shared",
    "min_confidence",
]
Asking: TypeAlias = int | float | bool | list[str] | None


class Relaxation(Model):
    """A condition which, let go alone, opens a way: a near miss."""

    changes: list[Change] = Field(description="options that differ from what was asked")
    text: str
    options: dict[str, Asking] = Field(
        description="what to ask with instead, by parameter; null: leave it out"
    )
    path: Path = Field(description="the strongest way that it opens")


class Approach(Model):
    """How near the two sides come to each other."""

    from_focal: list[int] = Field(
        description="actors at exactly 1, 2… introductions from the focal actor, to `max_steps`"
    )
    from_target: list[int] = Field(description="the same from the target")
    shortest: int | None = Field(
        description="introductions on the shortest way of any length; None: not connected at all"
    )
    missing: int | None = Field(
        description="introductions by which that is longer than `max_steps`"
    )
    chain: list[Ref] = Field(description="the actors on that way; empty if there is none")


class NewTie(Model):
    """A tie that is not there, as it would count: `strength` as of any other tie."""

    kind: Kind
    weight: Score
    recency: Score = Field(description="1, unless who is met has left: in a network joined again")
    repetition: Score
    dealings: int
    specificity: Score
    participants: int = Field(description="with the newcomer")
    strength: Score


class Opening(Model):
    """One new membership or alliance, and the best way that it would open.

    The way is the strongest there would be. Its first step is `1 - (1 - new.strength) x the product
    of (1 - strength) of the ties that are there`, when the new tie is on it.
    """

    who: Ref = Field(description="who would join, or ally: the focal actor or a contact of it")
    join: Ref = Field(description="the network to join, or the firm to ally with")
    new: NewTie
    strength: Score
    length: int
    meets: Ref = Field(description="whom the new tie leads to")
    competes_with: list[Rival] = Field(
        description="which of focal actor and target the one that is met competes with"
    )
    path: Path = Field(
        description="with the new tie in it, which is no fact: its sentence says `would`"
    )


class Openings(Model):
    """What would open a way, or a stronger one, from one actor to another."""

    focal: Ref
    target: Ref
    searched: Searched
    best: Path | None = Field(description="the strongest way as things are; None: there is none")
    relaxations: list[Relaxation] = Field(
        description="conditions that open a way when they are let go, one at a time; only if there "
        "is none"
    )
    together: Relaxation | None = Field(
        description="all conditions let go at once, if none alone opens a way"
    )
    approach: Approach
    memberships: list[Opening] = Field(description="strongest first; at most `limit`")
    alliances: list[Opening] = Field(description="strongest first; at most `limit`")
    sources: dict[str, SourceRef]
    summary: str
