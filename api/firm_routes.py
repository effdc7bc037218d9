"""The portfolio of a firm in depth, as resources under /api/v1; each route only passes on."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from alliance_explorer import exporters, queries
from alliance_explorer.limits import ALLIANCES, CHRONOLOGY, LEAKS, LEDGER
from alliance_explorer.queries.portfolio.composition import Composition
from alliance_explorer.queries.portfolio.coopetition_models import Coopetition
from alliance_explorer.queries.portfolio.dependence_models import DependenceLedger
from alliance_explorer.queries.portfolio.lifecycle import Lifecycle
from alliance_explorer.queries.portfolio.panel import Panel
from alliance_explorer.queries.portfolio.timeline_models import Comparison, Timeline

from .dependencies import AsOf, KnownAt, TheExplorer, at_most
from .errors import NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1")

FIRMS_AT_ONCE = 50
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"


@router.get(
    "/firms/{actor}/composition", responses=NAMED | answering("composition"), tags=["portfolio"]
)
def composition(
    explorer: TheExplorer, actor: Actor, as_of: AsOf = None, known_at: KnownAt = None
) -> Composition:
    """What the portfolio is composed of on a day, with indices of diversity."""
    return queries.composition(explorer, actor, as_of=as_of, known_at=known_at)


@router.get(
    "/firms/{actor}/dependence", responses=NAMED | answering("dependence"), tags=["portfolio"]
)
def dependence(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(LEDGER)] = LEDGER.usual,
) -> DependenceLedger:
    """How much the firm and its partners depend on each other, with every factor and warning."""
    return queries.dependence(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get(
    "/firms/{actor}/coopetition", responses=NAMED | answering("coopetition"), tags=["portfolio"]
)
def coopetition(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(LEAKS)] = LEAKS.usual,
) -> Coopetition:
    """Partners that compete, leakage paths to rivals, takeovers of partners, who balances whom."""
    return queries.coopetition(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get("/firms/{actor}/timeline", responses=NAMED | answering("timeline"), tags=["portfolio"])
def timeline(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(CHRONOLOGY)] = CHRONOLOGY.usual,
) -> Timeline:
    """What happened to the firm's relations up to a day, and what it adds up to by year."""
    return queries.timeline(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get(
    "/firms/{actor}/lifecycle", responses=NAMED | answering("lifecycle"), tags=["portfolio"]
)
def lifecycle(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(ALLIANCES)] = ALLIANCES.usual,
) -> Lifecycle:
    """Success factors on record and missing, per alliance and phase, and the portfolio's gaps."""
    return queries.lifecycle(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get(
    "/firms/{actor}/comparison", responses=NAMED | answering("comparison"), tags=["portfolio"]
)
def comparison(
    explorer: TheExplorer,
    actor: Actor,
    as_of: Annotated[dt.date, Query(description="the earlier day", examples=["2007-12-31"])],
    with_: Annotated[
        dt.date, Query(alias="with", description="the later day", examples=["2011-12-31"])
    ],
    known_at: KnownAt = None,
) -> Comparison:
    """The portfolio on two days side by side: what came, what went, what changed."""
    return queries.compare(explorer, actor, as_of, with_, known_at=known_at)


@router.get(
    "/panel",
    response_model=Panel,
    responses=NAMED
    | {200: {"content": {CSV: {"schema": {"type": "string"}}, PARQUET: {"schema": {}}}}},
    tags=["take along"],
)
def panel(
    explorer: TheExplorer,
    firm: Annotated[
        list[str],
        Query(
            description="id or name; repeatable",
            examples=[["Xelerated"]],
            min_length=1,
            max_length=FIRMS_AT_ONCE,
        ),
    ],
    from_: Annotated[int, Query(alias="from", description="first year", examples=[2000])],
    to: Annotated[int, Query(description="last year", examples=[2012])],
    measure: Annotated[
        list[str] | None, Query(description="measures; all unless given", max_length=500)
    ] = None,
    known_at: KnownAt = None,
    format: Annotated[Literal["json", "csv", "parquet"], Query()] = "json",
) -> Panel | Response:
    """The firm-year panel: every measure, one row per firm and year, with formula versions."""
    found = queries.panel(
        explorer, firm, from_year=from_, to_year=to, known_at=known_at, only=measure or ()
    )
    if format == "csv":
        return Response("".join(exporters.panel_csv(found)), media_type=CSV)
    if format == "parquet":
        return Response(b"".join(exporters.panel_parquet(found)), media_type=PARQUET)
    return found
