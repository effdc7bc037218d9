"""What matching answers with."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Outcome: TypeAlias = Literal["same", "review", "different"]
Verdict: TypeAlias = Literal["open", "same", "different"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Model):
    """One reason for or against two firms being one."""

    rule: str = Field(description="name of the rule, as in docs/matching.md")
    one: str = Field(description="what the one side says")
    other: str = Field(description="what the other side says")
    points: float = Field(description="added to the score")
    detail: str = Field("", description="how the points came about")


class FirmRef(_Model):
    """A firm that was compared."""

    id: str
    name: str


class Match(_Model):
    """Two firms that may be one, with what speaks for and against it."""

    one: FirmRef
    other: FirmRef
    outcome: Outcome
    score: float = Field(description="sum of the points of the evidence")
    evidence: list[Evidence]


class Matches(_Model):
    """Pairs of firms that may be one, best first."""

    same: int = Field(description="pairs that are the same, by score")
    review: int = Field(description="pairs that a person should look at")
    decided: int = Field(description="pairs left out because somebody has decided on them")
    same_from: float = Field(description="least score that is the same")
    review_from: float = Field(description="least score that is for review")
    matches: list[Match] = Field(description="the first of them")


class MergeRecord(_Model):
    """A merge that was made and can be undone."""

    id: str
    kept: FirmRef
    merged: FirmRef
    by: str
    at: str = Field(description="date and time (UTC)")
    why: str
    score: float | None = None
    facts: int = Field(description="relationships that were moved")


class MergeList(_Model):
    """Every merge, latest first."""

    merges: list[MergeRecord]


class Unmerged(_Model):
    """A merge that was undone."""

    id: str
    kept: FirmRef
    restored: FirmRef
    facts: int = Field(description="relationships that went back")


class Question(_Model):
    """An entry of the review queue: open, or decided."""

    id: str
    one: FirmRef
    other: FirmRef
    verdict: Verdict
    score: float | None = None
    evidence: list[Evidence]
    by: str = ""
    at: str = ""
    why: str = ""


class Queue(_Model):
    """The review queue: highest score first."""

    open: int
    same: int
    different: int
    questions: list[Question]


class Applied(_Model):
    """What matching did to the graph."""

    merged: list[MergeRecord]
    queued: int = Field(description="pairs that were put into the review queue")
    compared: int = Field(description="firms that were looked at")
