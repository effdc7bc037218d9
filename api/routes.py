"""The questions as resources under /api/v1; each route only passes on."""

import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi import Path as InPath
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from alliance_explorer import queries
from alliance_explorer.limits import HITS, NEIGHBOURHOOD, TIES_OF_A_KIND
from alliance_explorer.loaders import LoadReport, load_stream, report
from alliance_explorer.queries.bridging.bridge_matrix import BridgeMatrix
from alliance_explorer.queries.bridging.models import BridgesResult, PathsResult
from alliance_explorer.queries.graph.names import ACTOR_LABELS
from alliance_explorer.queries.models import (
    Portfolio,
    Profile,
    SearchResult,
    Stats,
    Subgraph,
)

from .dependencies import (
    AsOf,
    Day,
    KnownAt,
    TheExplorer,
    TheOptions,
    TheSettings,
    TheTarget,
    at_most,
    may_write,
)
from .errors import COMMON, NAMED, problems
from .examples import answering

router = APIRouter(prefix="/api/v1")

Actor = Annotated[
    str,
    InPath(
        description="id or name",
        max_length=20_000,
        openapi_examples={
            "id": {"value": "firm:xelerated"},
            "name": {"value": "MTN Group"},
        },
    ),
]
From = Annotated[
    list[str],
    Query(
        alias="from",
        description="who asks: a firm or person, by id or name; several are taken as one side",
        examples=[["Xelerated"]],
        min_length=1,
        max_length=50,
    ),
]
ZIP, NDJSON = "application/zip", "application/x-ndjson"


class CypherDocument(BaseModel):
    """A question of the library, as Cypher."""

    name: str
    params: list[str]
    meaning: str
    returns: str
    cypher: str = Field(description="text for the engine that answers here")


@router.get("/search", responses=COMMON | answering("search"), tags=["find"])
def search(
    explorer: TheExplorer,
    q: Annotated[
        str,
        Query(
            description="a name, part of one, or something like one",
            examples=["Xelerted"],
            max_length=20_000,
        ),
    ],
    label: Annotated[list[str] | None, Query(description="node labels to look at")] = None,
    limit: Annotated[int, at_most(HITS)] = HITS.usual,
    cursor: Annotated[str | None, Query(description="next_cursor of the page before")] = None,
) -> SearchResult:
    """Firms, networks and people by name, tolerant of typos."""
    return queries.search(explorer, q, labels=label or ACTOR_LABELS, limit=limit, cursor=cursor)


@router.get("/actors/{actor}", responses=NAMED | answering("profile"), tags=["look"])
def profile(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(TIES_OF_A_KIND)] = TIES_OF_A_KIND.usual,
) -> Profile:
    """A firm, person or network with its ties."""
    return queries.profile(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get("/actors/{actor}/ego", responses=NAMED | answering("ego"), tags=["look"])
def ego(
    explorer: TheExplorer,
    actor: Actor,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(NEIGHBOURHOOD)] = NEIGHBOURHOOD.usual,
) -> Subgraph:
    """The neighbourhood of an actor as a bounded subgraph."""
    return queries.ego(explorer, actor, as_of=as_of, known_at=known_at, limit=limit)


@router.get("/firms/{actor}/portfolio", responses=NAMED | answering("portfolio"), tags=["look"])
def portfolio(
    explorer: TheExplorer, actor: Actor, as_of: AsOf = None, known_at: KnownAt = None
) -> Portfolio:
    """The alliance portfolio of a firm: composition, partners with their roles, moves."""
    return queries.portfolio(explorer, actor, as_of=as_of, known_at=known_at)


@router.get("/bridges", responses=NAMED | answering("bridges"), tags=["bridge"])
def bridges(
    explorer: TheExplorer, from_: From, to: TheTarget, options: TheOptions
) -> BridgesResult:
    """Who can introduce one actor to another, with every tie, date, source and the arithmetic."""
    return queries.bridges(explorer, from_, to, options)


@router.get("/bridges/matrix", responses=NAMED | answering("matrix"), tags=["bridge"])
def matrix(
    explorer: TheExplorer,
    from_: From,
    to: Annotated[
        list[str],
        Query(
            description="targets, each for itself: firms, people or networks, by id or name",
            examples=[["MTN Group", "Globacom"]],
            min_length=1,
            max_length=queries.MAX_TARGETS,
        ),
    ],
    options: TheOptions,
) -> BridgeMatrix:
    """Which bridges lead to which of several targets, and how well."""
    return queries.bridge_matrix(explorer, from_, to, options)


@router.get("/paths", responses=NAMED | answering("paths"), tags=["bridge"])
def paths(
    explorer: TheExplorer,
    from_: From,
    to: TheTarget,
    options: TheOptions,
    evidence: Annotated[
        bool,
        Query(description="the ties of each step and their facts; false: only who, and how strong"),
    ] = True,
) -> PathsResult:
    """The strongest different chains of introductions between two actors."""
    return queries.paths(explorer, from_, to, options, evidence=evidence)


@router.get("/stats", responses=COMMON | answering("stats"), tags=["look"])
def stats(explorer: TheExplorer) -> Stats:
    """What is loaded, and from which sources."""
    return queries.stats(explorer)


@router.get("/queries", tags=["look"])
def cypher(explorer: TheExplorer) -> list[CypherDocument]:
    """The Cypher behind the answers."""
    dialect = explorer.engine.dialect
    return [
        CypherDocument(
            name=q.name,
            params=list(q.params),
            meaning=q.meaning,
            returns=q.returns,
            cypher=q.texts[dialect],
        )
        for q in queries.library().values()
    ]


@router.post(
    "/loads",
    responses=COMMON
    | problems(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                ZIP: {"schema": {"type": "string", "format": "binary"}},
                NDJSON: {
                    "schema": {"type": "string"},
                    "example": '{"type": "Firm", "id": "firm:acme", "name": "Acme"}\n',
                },
            },
        }
    },
    dependencies=[Depends(may_write)],
    tags=["load"],
)
async def loads(
    request: Request,
    explorer: TheExplorer,
    settings: TheSettings,
    strict: Annotated[bool, Query(description="write nothing if any row is bad")] = False,
    snapshot: Annotated[
        Day | None,
        Query(
            description="the sources are given whole, as of this day: what they list no longer "
            "has ended"
        ),
    ] = None,
    match: Annotated[
        Literal["off", "suggest", "apply"],
        Query(description="what is done with new firms that match others"),
    ] = "off",
) -> LoadReport:
    """Load a .zip of tables, or NDJSON whose lines name their `type`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (ZIP, NDJSON):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {ZIP} or {NDJSON}, not {media or 'nothing'}"
        )
    with tempfile.TemporaryDirectory(prefix="alliance-explorer-") as folder:
        path = Path(folder) / "upload"
        with path.open("w+b") as file:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > settings.max_upload:
                    raise HTTPException(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                        f"larger than {settings.max_upload:,} bytes",
                    )
                file.write(chunk)
            file.flush()
            zipped = path if media == ZIP else None
            summary = await run_in_threadpool(
                load_stream,
                explorer.engine,
                file,
                zipped,
                strict=strict,
                snapshot=snapshot,
                match=match,
            )
    return report(summary)
