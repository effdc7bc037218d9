"""Graphs to take along, as resources under /api/v1; each route only passes on."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from alliance_explorer import queries
from alliance_explorer.exporters import (
    GRAPH_FORMATS,
    WHOLE_FORMATS,
    Stored,
    export_subgraph,
    stream,
    whole_format,
)
from alliance_explorer.limits import NEIGHBOURHOOD
from alliance_explorer.queries.models import Subgraph

from .dependencies import AsOf, KnownAt, TheExplorer, TheOptions, TheTarget, at_most
from .errors import NAMED
from .routes import Actor, From

router = APIRouter(prefix="/api/v1", tags=["take along"])

PictureFormat = Annotated[
    str,
    Query(
        description="csv: a .zip with nodes.csv and ties.csv",
        json_schema_extra={"enum": [*GRAPH_FORMATS]},
    ),
]
_WHOLE = sorted({f.media_type.partition(";")[0] for f in WHOLE_FORMATS.values()})
_OBJECTS = ("application/json", "application/vnd.node-link+json", "application/yaml")
People = Annotated[bool, Query(description="personal data too")]
# What a format could not hold is told in this header, each sort with its count.
LEFT_OUT = "Left-Out"
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file; the header `Left-Out` tells what it does not hold",
        "content": {
            media: {
                "schema": {"type": "object"}
                if media in _OBJECTS
                else {"type": "string", "format": "binary"}
            }
            for media in _WHOLE
        },
        "headers": {LEFT_OUT: {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses=NAMED | FILE,
)
def export(
    explorer: TheExplorer,
    format: Annotated[
        str,
        Query(
            description="tables, parquet, csv and cordis are .zip files",
            json_schema_extra={"enum": [*WHOLE_FORMATS]},
        ),
    ] = "json",
    around: Annotated[
        str | None,
        Query(description="only what is stored round this actor: id or name", max_length=20_000),
    ] = None,
    people: People = False,
) -> StreamingResponse:
    """The stored graph, sent while it is read; people are left out unless asked for.

    `json`: `nodes`, each with `id`, `label`, `name` and `properties`, and `relationships`, each
    with `type`, `from_id`, `to_id` and `properties`.
    """
    stored, chosen = Stored(explorer, people=people, around=around), whole_format(format)
    headers = {"Content-Disposition": f'attachment; filename="alliances{chosen.ending}"'}
    if limits := [*stored.lost.sentences(), *filter(None, [chosen.limits])]:
        headers[LEFT_OUT] = "; ".join(limits)
    return StreamingResponse(stream(stored, chosen), media_type=chosen.media_type, headers=headers)


def as_file(subgraph: Subgraph, format: str, people: bool, stem: str) -> Response:
    """A picture as an answer that browsers save under a name."""
    file = export_subgraph(subgraph, format, people=people)
    headers = {"Content-Disposition": f'attachment; filename="{stem}{file.ending}"'}
    if file.lost:
        headers[LEFT_OUT] = "; ".join(file.lost)
    return Response(file.body, media_type=file.media_type, headers=headers)


@router.get("/actors/{actor}/ego/export", response_class=Response, responses=NAMED | FILE)
def ego_export(
    explorer: TheExplorer,
    actor: Actor,
    format: PictureFormat = "graphml",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(NEIGHBOURHOOD)] = NEIGHBOURHOOD.usual,
    people: People = False,
) -> Response:
    """The neighbourhood of an actor as a file."""
    picture = queries.ego(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)
    return as_file(picture, format, people, "neighbourhood")


@router.get("/bridges/export", response_class=Response, responses=NAMED | FILE)
def bridges_export(
    explorer: TheExplorer,
    from_: From,
    to: TheTarget,
    options: TheOptions,
    format: PictureFormat = "graphml",
    people: People = False,
) -> Response:
    """The ways over the bridges, as a file."""
    answer = queries.bridges(explorer, from_, to, options)
    return as_file(queries.subgraph_of_paths(answer), format, people, "bridges")
