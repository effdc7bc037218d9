"""One company, one node, over HTTP: matches, merges, and the review queue."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer import matching
from alliance_explorer.limits import PAIRS
from alliance_explorer.matching.models import (
    Applied,
    Matches,
    MergeList,
    MergeRecord,
    Question,
    Queue,
    Unmerged,
)

from .dependencies import TheExplorer, at_most, may_write
from .errors import COMMON, NAMED, problems
from .examples import answering

router = APIRouter(prefix="/api/v1", tags=["one company, one node"])
WRITING = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# Comparing all firms with each other takes no longer over HTTP.
MAX_SECONDS = 20.0
GUARDED = [Depends(may_write)]
Id = Annotated[str, Path(max_length=300)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    by: str = Field("API", max_length=200, description="who decides")
    why: str = Field("", max_length=2000, description="the reason, to be kept with it")


class ToMerge(_Body):
    """Which firms to make one."""

    kept: str = Field(max_length=20_000, description="the firm that stays, by id or name")
    merged: str = Field(max_length=20_000, description="the firm that becomes part of it")


class ToDecide(_Body):
    """The answer to a question."""

    verdict: Literal["same", "different"]


class ToMatch(BaseModel):
    """What to do with pairs that match."""

    model_config = ConfigDict(extra="forbid")
    mode: Literal["suggest", "apply"] = Field(
        description="suggest: all go into the review queue; apply: what is surely the same is "
        "merged, the rest goes into the queue"
    )
    by: str = Field("API", max_length=200, description="who wants it")


@router.get("/matches", responses=NAMED | answering("matches"))
def matches(
    explorer: TheExplorer,
    firm: Annotated[
        str | None, Query(description="only pairs with this firm, by id or name", max_length=20_000)
    ] = None,
    limit: Annotated[int, at_most(PAIRS)] = PAIRS.usual,
) -> Matches:
    """Pairs of firms that may be one, best first, with the evidence that adds up to the score."""
    of = {explorer.resolve(firm, ("Firm",), "firm").id} if firm else None
    return matching.match(explorer.engine, of=of, limit=limit, seconds=MAX_SECONDS)


@router.post("/matches", responses=COMMON | WRITING, dependencies=GUARDED)
def resolve_matches(explorer: TheExplorer, body: ToMatch) -> Applied:
    """Act on what matches."""
    return matching.resolve_matches(explorer.engine, body.mode, by=body.by)


@router.get("/merges", responses=COMMON)
def merges(explorer: TheExplorer) -> MergeList:
    """Merges that were made, latest first."""
    return matching.merges(explorer.engine)


@router.post("/merges", responses=NAMED | WRITING, dependencies=GUARDED)
def merge(explorer: TheExplorer, body: ToMerge) -> MergeRecord:
    """Make two firms one; both ids stay good, every fact keeps its source."""
    kept = explorer.resolve(body.kept, ("Firm",), "kept").id
    merged = explorer.resolve(body.merged, ("Firm",), "merged").id
    return matching.merge(explorer.engine, kept, merged, by=body.by, why=body.why)


@router.delete("/merges/{id}", responses=COMMON | WRITING, dependencies=GUARDED)
def unmerge(
    explorer: TheExplorer,
    id: Id,
    by: Annotated[str, Query(max_length=200, description="who decides")] = "API",
    why: Annotated[str, Query(max_length=2000, description="the reason")] = "",
) -> Unmerged:
    """Undo a merge: both firms are as they were, and matching leaves them so."""
    return matching.undo(explorer.engine, id, by=by, why=why)


@router.get("/reviews", responses=COMMON)
def reviews(
    explorer: TheExplorer,
    verdict: Annotated[
        Literal["open", "same", "different", "all"], Query(description="open, or what was decided")
    ] = "open",
    limit: Annotated[int, at_most(PAIRS)] = PAIRS.usual,
) -> Queue:
    """The review queue: pairs of firms that somebody should look at."""
    return matching.queue(explorer.engine, verdict, limit)


@router.post("/reviews/{id}", responses=COMMON | WRITING, dependencies=GUARDED)
def decide(explorer: TheExplorer, id: Id, body: ToDecide) -> Question:
    """Answer a question of the queue: same merges the two, different is remembered."""
    return matching.decide(explorer.engine, id, body.verdict, by=body.by, why=body.why)
