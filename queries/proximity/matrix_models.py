"""What a question about proximity to many firms at once answers."""

import datetime as dt
from typing import Literal, TypeAlias, get_args

from pydantic import Field

from alliance_explorer.queries.models import Model, Ref, Score

from .proximity_models import DIMENSIONS, DimensionName, Reach, Thresholds, Verdict

Sort: TypeAlias = Literal[
    "workable", "name", "geographical", "organizational", "social", "cognitive", "institutional"
]
SORTS: tuple[Sort, ...] = get_args(Sort)


class Cell(Model):
    """One dimension of one candidate, without its evidence."""

    verdict: Verdict
    figure: float | None
    why: str
    decided_by: str | None


class MatrixRow(Model):
    """One candidate."""

    candidate: Ref
    because: str = Field(description="why it is a candidate: given, partner, shared body")
    geographical: Cell
    organizational: Cell
    social: Cell
    cognitive: Cell
    institutional: Cell
    reach: Reach | None
    km: float | None
    hours: float | None
    workable: int = Field(description="dimensions that are workable")
    known: int = Field(description="dimensions of which enough is on record")

    def cells(self) -> dict[DimensionName, Cell]:
        """All five by name."""
        return {name: getattr(self, name) for name in DIMENSIONS}


class ProximityMatrix(Model):
    """One firm against its candidates."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    min_confidence: Score
    thresholds: Thresholds
    sort: Sort
    rows: list[MatrixRow]
    left_out: int = Field(description="candidates beyond the limit")
    summary: str
    credits: list[str]
