"""What matching answers with."""

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Model):
    """One reason for or against two firms being one."""

    rule: str = Field(description="name of the rule, as in docs/matching.md")
    one: str = Field(description="what the one side says")
    other: str = Field(description="what the other side says")
    points: float = Field(description="added to the score")
    detail: str = Field("", description="how the points came about")
