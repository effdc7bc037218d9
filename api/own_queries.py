"""Cypher of the caller's own, as a resource: read only, bounded, and off where it is not wanted."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from alliance_explorer.limits import ROWS
from alliance_explorer.queries.own_query import (
    SECONDS,
    OwnAnswer,
    as_csv,
    own_query,
    parse_parameters,
)

from .dependencies import TheExplorer, TheSettings, at_most
from .errors import COMMON, problems
from .examples import example

router = APIRouter(prefix="/api/v1", tags=["query"])


def allowed(settings: TheSettings) -> None:
    """Let queries of users on, unless they are switched off.

    Raises
    ------
    HTTPException
        403.
    """
    if not settings.own_queries:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "queries of one's own are switched off on this server (ALLIANCE_EXPLORER_OWN_QUERIES)",
        )


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"example": example("own_query")}, "text/csv": {}}}
}


@router.get(
    "/query",
    responses=COMMON | problems(HTTPStatus.FORBIDDEN) | ANSWERS,
    response_model=OwnAnswer,
    dependencies=[Depends(allowed)],
)
def query(
    explorer: TheExplorer,
    query: Annotated[
        str,
        Query(
            description="Cypher that only reads",
            examples=["MATCH (f:Firm) RETURN f.name AS name ORDER BY name LIMIT 3"],
            max_length=20_000,
        ),
    ],
    parameters: Annotated[
        str,
        Query(
            description="values of its `$names`, as a JSON object",
            examples=['{"id": "firm:xelerated"}'],
            max_length=200_000,
        ),
    ] = "",
    limit: Annotated[int, at_most(ROWS)] = ROWS.usual,
    seconds: Annotated[float, Query(ge=1, le=20, description="time limit, s")] = SECONDS,
    format: Annotated[Literal["json", "csv"], Query(description="of the answer")] = "json",
) -> OwnAnswer | Response:
    """Run Cypher of your own: in a read-only transaction, with a limit of time and of rows."""
    answer = own_query(explorer, query, parse_parameters(parameters), limit=limit, seconds=seconds)
    if format == "csv":
        headers = {"Content-Disposition": 'attachment; filename="query.csv"'}
        return Response(as_csv(answer), media_type="text/csv; charset=utf-8", headers=headers)
    return answer
