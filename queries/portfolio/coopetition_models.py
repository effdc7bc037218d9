"""What the question about coopetition answers."""

import datetime as dt
from typing import Literal

from pydantic import Field

from alliance_explorer.queries.models import Fact, Model, Ref, SourceRef


class Coopetitor(Model):
    """A partner that competes with the firm."""

    partner: Ref
    roles: list[str] = Field(description="every role that it holds at once")
    allied_since: dt.date | None = Field(description="start of the first alliance; None: unknown")
    competes_since: dt.date | None
    market: str | None
    inferred: bool = Field(description="the rivalry was derived by a rule, no source states it")
    turned: dt.date | None = Field(description="first day on which it was both; None: unknown")
    sentence: str
    fact: Fact


class RoleHolder(Model):
    """A partner with the roles that it holds at once [Bengtsson & Johansson: role flexibility]."""

    partner: Ref
    roles: list[str]


class PartnerRivalry(Model):
    """Two partners that compete with each other."""

    one: Ref
    other: Ref
    market: str | None
    since: dt.date | None
    inferred: bool
    sentence: str
    fact: Fact


class LeakTie(Model):
    """What ties a partner to a rival."""

    kind: Literal["alliance", "ownership", "takeover"]
    alliance: Ref | None
    since: dt.date | None
    fact: Fact | None = Field(description="the stored relationship; None for an alliance")


class Leak(Model):
    """A way on which knowledge may pass: the firm, a partner, a rival."""

    partner: Ref
    rival: Ref
    rival_is_partner: bool = Field(description="it learns directly as well")
    rivalry: Fact
    inferred: bool = Field(description="the rivalry was derived by a rule")
    ties: list[LeakTie]
    alliances: list[Ref] = Field(description="alliances of the firm with the partner")
    sentence: str


class Exposure(Model):
    """A partner that was acquired."""

    partner: Ref
    acquirer: Ref
    date: dt.date | None
    competes: bool = Field(description="whether the acquirer competes with the firm")
    inferred: bool
    alliances: list[Ref] = Field(description="alliances with the partner that are in force")
    sentence: str
    facts: list[Fact]


class Balance(Model):
    """An overbearing partner, and the partners that are its rivals."""

    partner: Ref
    why: list[str] = Field(description="what makes it overbearing")
    balanced_by: list[Ref]
    inferred: bool = Field(description="every rivalry with it was derived by a rule")
    sentence: str
    facts: list[Fact]


class Coopetition(Model):
    """Who of a firm's partners is a rival, of it or of each other."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    partners: int
    coopetitors: list[Coopetitor] = Field(description="stated rivalries before inferred ones")
    roles: list[RoleHolder] = Field(description="partners with more than one role, most first")
    roles_left_out: int
    rivalries: list[PartnerRivalry]
    leaks: list[Leak]
    leaks_left_out: int = Field(description="further ways, which the bound left out")
    rivals_left_out: int = Field(description="rivals whose ties were not looked at")
    exposures: list[Exposure]
    balances: list[Balance]
    sources: dict[str, SourceRef]
    summary: str
