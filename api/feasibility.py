"""Feasibility of a service partnership, and the services it knows, under /api/v1."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from alliance_explorer import queries
from alliance_explorer.limits import JUDGED
from alliance_explorer.queries.feasibility.feasibility_models import (
    Feasibility,
    FeasibilityOfAlliances,
    Reach,
)
from alliance_explorer.queries.feasibility.services import MAX_ASKED, ServicesResult, ServiceTable

from .dependencies import AsOf, KnownAt, TheExplorer, at_most
from .errors import COMMON, NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1", tags=["partner at a distance"])


def get_services(request: Request) -> ServiceTable:
    """The services that this app knows."""
    table = request.app.state.services
    assert isinstance(table, ServiceTable)
    return table


TheServices = Annotated[ServiceTable, Depends(get_services)]


@router.get("/feasibility", responses=NAMED | answering("feasibility"))
def feasibility(
    explorer: TheExplorer,
    table: TheServices,
    firm: Annotated[
        str, Query(description="who looks for a partner, by id or name", examples=["Xelerated"])
    ],
    service: Annotated[
        str,
        Query(
            description="service to partner, as /services lists them, or several joined by `and`",
            examples=["hosting"],
            max_length=MAX_ASKED,
        ),
    ],
    candidate: Annotated[
        str | None, Query(description="the partner, by id or name", examples=["Ericsson"])
    ] = None,
    reach: Annotated[
        Reach | None,
        Query(description="where the partner is; of a candidate, what is said here wins"),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Feasibility:
    """Whether a service partnership is feasible, by which propositions, and what is missing."""
    return queries.feasibility(
        explorer,
        firm,
        candidate,
        service=service,
        reach=reach,
        as_of=as_of,
        known_at=known_at,
        table=table,
    )


@router.get("/firms/{actor}/feasibility", responses=NAMED | answering("feasibility_of_alliances"))
def feasibility_of_alliances(
    explorer: TheExplorer,
    table: TheServices,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(JUDGED)] = JUDGED.usual,
) -> FeasibilityOfAlliances:
    """A firm's service partnerships on record, each judged as if it were still to be made."""
    return queries.feasibility_of_alliances(
        explorer, actor, as_of=as_of, known_at=known_at, limit=limit, table=table
    )


@router.get("/services", responses=COMMON | answering("services"))
def services(table: TheServices) -> ServicesResult:
    """The services that are known, by knowledge content, and who says so."""
    return queries.services(table)
