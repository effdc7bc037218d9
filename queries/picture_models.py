"""What a picture is made of when it grows by hand: neighbours by kind of tie, best first."""

import datetime as dt
from typing import Literal, TypeAlias

from pydantic import Field

from .models import Model, Ref

Around: TypeAlias = Literal["alliance", "ownership", "person", "membership", "competition"]


class Neighbour(Model):
    """Somebody or something that an actor is tied to, and why it comes where it comes."""

    node: Ref
    relevance: float = Field(ge=0, le=1, description="of the tie; the order is by this first")
    beside: int = Field(description="how many of those in the picture it is tied to; then by this")
    inferred: bool = Field(description="whether a rule alone says that they are tied")
    through: list[Ref] = Field(
        description="alliances of three or more that join the two: to be drawn between them"
    )
    because: str = Field(description="the relevance in words")


class Neighbours(Model):
    """The neighbours over one kind of tie."""

    kind: Around
    total: int = Field(description="how many there are, shown or not")
    left: int = Field(description="how many of them are not in the picture")
    beyond: int = Field(
        description="of memberships: how many others belong to the same; they are not neighbours "
        "here, but within reach of two steps"
    )
    shown: list[Neighbour] = Field(description="the most relevant first")


class Surroundings(Model):
    """Who and what is around an actor, by kind of tie: what a picture can be expanded by."""

    actor: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    kinds: list[Neighbours]
