"""The record itself as resources: where facts are from, and corrections by hand."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from alliance_explorer.loaders.writing.corrections import Corrected, correct, withdraw
from alliance_explorer.queries.provenance import (
    Corrections,
    Explanations,
    corrections,
    explain,
)

from .dependencies import TheExplorer, may_write
from .errors import COMMON, NAMED, problems
from .examples import answering

router = APIRouter(prefix="/api/v1")
GUARDED = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
Named = Annotated[str, Query(description="id or name", min_length=1, max_length=20_000)]


class NewCorrection(BaseModel):
    """What is to be corrected, and why."""

    model_config = ConfigDict(extra="forbid")

    about: str = Field(description="id of a node or fact, or a name", min_length=1, max_length=500)
    values: dict[str, str | int | float | bool | list[str] | None] = Field(
        description="property to value; null: not known", min_length=1, max_length=50
    )
    why: str = Field(description="what the correction rests on", min_length=1, max_length=2_000)


@router.get("/facts", responses=NAMED, tags=["record"])
def facts(
    explorer: TheExplorer,
    from_: Annotated[Named, Query(alias="from", examples=["Xelerated"])],
    to: Annotated[Named, Query(examples=["Ericsson"])],
) -> Explanations:
    """Where all facts between two are from: sources, what differed, earlier values, corrections."""
    return explain(explorer, from_, to)


@router.get("/facts/{id}", responses=NAMED | answering("explanation"), tags=["record"])
def fact(
    explorer: TheExplorer,
    id: Annotated[str, InPath(description="id of a fact or node, or a name", max_length=20_000)],
) -> Explanations:
    """Where one fact or node is from: sources, what differed, earlier values, corrections."""
    return explain(explorer, id)


@router.get("/corrections", responses=COMMON, tags=["record"])
def listed(
    explorer: TheExplorer,
    all: Annotated[bool, Query(description="those that were withdrawn or replaced too")] = False,
) -> Corrections:
    """Corrections by hand, the latest first."""
    return corrections(explorer, all_=all)


@router.post(
    "/corrections", responses=NAMED | GUARDED, dependencies=[Depends(may_write)], tags=["record"]
)
async def make(explorer: TheExplorer, body: NewCorrection) -> Corrected:
    """Correct a node or fact by hand: it wins over all other sources until it is withdrawn."""

    def work() -> Corrected:
        about = explain(explorer, body.about).items[0].id
        return correct(explorer.engine, about, dict(body.values), why=body.why, today=_today())

    return await run_in_threadpool(work)


@router.delete(
    "/corrections/{id}",
    responses=NAMED | GUARDED,
    dependencies=[Depends(may_write)],
    tags=["record"],
)
async def take_back(explorer: TheExplorer, id: Annotated[str, InPath(max_length=500)]) -> Corrected:
    """Withdraw a correction: what the other sources say comes back."""
    return await run_in_threadpool(withdraw, explorer.engine, id, today=_today())


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
