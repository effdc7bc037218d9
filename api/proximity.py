"""Proximity as resources: of two firms, and of one firm to its candidates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from alliance_explorer import queries
from alliance_explorer.limits import CANDIDATES
from alliance_explorer.queries import (
    ProximityMatrix,
    ProximityOptions,
    ProximityProfile,
    Thresholds,
    configured_thresholds,
    parse_thresholds,
)
from alliance_explorer.queries.proximity.matrix_models import Sort

from .dependencies import AsOf, KnownAt, TheExplorer, TheSettings, at_most
from .errors import NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1", tags=["proximity"])

One = Annotated[
    str, Query(alias="from", description="a firm, by id or name", examples=["firm:chicago-9"])
]
Other = Annotated[
    str, Query(alias="to", description="another firm, by id or name", examples=["firm:chicago-5"])
]


def proximity_options(
    settings: TheSettings,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    min_confidence: Annotated[float, Query(ge=0, le=1, description="least confidence")] = 0.0,
    threshold: Annotated[
        list[str] | None,
        Query(
            description=f"own value of a threshold: {', '.join(Thresholds.model_fields)}",
            examples=["far_km:5000"],
        ),
    ] = None,
) -> ProximityOptions:
    """Options of a question about proximity: the request's before the server's settings."""
    return ProximityOptions(
        as_of=as_of,
        known_at=known_at,
        min_confidence=min_confidence,
        thresholds=Thresholds.of(
            configured_thresholds(settings.proximity), parse_thresholds(threshold or ())
        ),
    )


TheProximityOptions = Annotated[ProximityOptions, Depends(proximity_options)]


@router.get("/proximity", responses=NAMED | answering("proximity"))
def proximity(
    explorer: TheExplorer, from_: One, to: Other, options: TheProximityOptions
) -> ProximityProfile:
    """How near two firms are in five dimensions, each with its evidence and what decided."""
    return queries.proximity(explorer, from_, to, options)


@router.get("/firms/{actor}/proximity", responses=NAMED | answering("proximity_matrix"))
def matrix(
    explorer: TheExplorer,
    actor: Actor,
    options: TheProximityOptions,
    candidate: Annotated[
        list[str] | None,
        Query(
            description="firms to compare with, by id or name; partners and fellow members of "
            "small bodies unless given",
            max_length=CANDIDATES.most,
        ),
    ] = None,
    limit: Annotated[int, at_most(CANDIDATES)] = CANDIDATES.usual,
    sort: Annotated[Sort, Query(description="order of the rows")] = "workable",
) -> ProximityMatrix:
    """One firm against its candidates, in five dimensions."""
    given = [c for c in candidate or () if c.strip()]
    return queries.proximity_matrix(explorer, actor, given, options, limit=limit, sort=sort)
