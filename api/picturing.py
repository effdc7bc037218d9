"""What a picture is grown from, as resources: who is around, and everything among some actors."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.limits import NEIGHBOURS
from alliance_explorer.queries.models import Subgraph
from alliance_explorer.queries.picture_models import Around, Surroundings
from alliance_explorer.queries.pictures import MOST, subgraph
from alliance_explorer.queries.surroundings import AROUND, BESIDE_LOOKED_AT, surroundings
from alliance_explorer.viz.forces import forces

from .dependencies import AsOf, Day, KnownAt, TheExplorer, at_most
from .errors import COMMON, NAMED
from .examples import answering
from .exports import FILE, People, as_file
from .routes import Actor

router = APIRouter(prefix="/api/v1", tags=["picture"])

GIVEN = 200
Name = Annotated[str, Field(max_length=8_000)]
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Format = Annotated[
    Literal["json", "graphml", "gexf", "node-link", "csv", "pajek", "edges"],
    Query(description="json: as the schema says; else a file, csv a .zip with two tables"),
]
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            **answering("subgraph")[200]["content"],
            **{media: {} for media in FILE[200]["content"] if media != "application/json"},
        },
        "headers": FILE[200]["headers"],
    }
}


class Among(BaseModel):
    """Among whom: more than an address can hold."""

    model_config = ConfigDict(extra="forbid")

    nodes: list[Name] = Field(
        min_length=1,
        max_length=MOST,
        description="firms, people, networks and alliances, by id or name",
        examples=[["firm:xelerated", "firm:ericsson"]],
    )
    focus: list[Name] = Field(
        default=[], max_length=50, description="ids of those that roles are told of; the first node"
    )
    as_of: Day | None = Field(None, description="only what was valid on this day")
    known_at: Day | None = Field(None, description="only what had been recorded by this day")


class Placing(BaseModel):
    """Whom to place, and who stands where already."""

    model_config = ConfigDict(extra="forbid")

    nodes: list[Name] = Field(min_length=1, max_length=MOST, description="any ids")
    ties: list[tuple[Name, Name]] = Field(
        default=[], max_length=20 * MOST, description="pairs of them; others are passed over"
    )
    fixed: dict[Name, tuple[Coordinate, Coordinate]] = Field(
        default={}, max_length=MOST, description="x to the right and y downwards, px: these stay"
    )


class Places(BaseModel):
    """Where everybody stands."""

    positions: dict[str, Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(
        description="x and y, px"
    )


@router.get("/actors/{actor}/around", responses=NAMED | answering("around"))
def around(
    explorer: TheExplorer,
    actor: Actor,
    kind: Annotated[
        list[Around] | None, Query(description="kinds of tie; all unless given")
    ] = None,
    limit: Annotated[int, at_most(NEIGHBOURS)] = NEIGHBOURS.usual,
    beside: Annotated[
        list[str] | None,
        Query(
            max_length=BESIDE_LOOKED_AT,
            description="ids of those who are in the picture: they are not given again, and who "
            "is tied to many of them comes first among equals",
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Surroundings:
    """Who and what is around an actor, by kind of tie, the most relevant first."""
    return surroundings(
        explorer,
        actor,
        kinds=kind or AROUND,
        limit=limit,
        beside=beside or (),
        as_of=as_of,
        known_at=known_at,
    )


@router.get("/subgraph", response_model=Subgraph, responses=NAMED | ANSWER)
def subgraph_of(
    explorer: TheExplorer,
    node: Annotated[
        list[str],
        Query(
            min_length=1,
            max_length=GIVEN,
            description="firms, people, networks and alliances, by id or name",
            examples=[["Xelerated", "Ericsson", "Huawei"]],
        ),
    ],
    format: Format = "json",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    people: People = False,
) -> Subgraph | Response:
    """Everything on record among some actors, networks and alliances."""
    found = subgraph(explorer, node, as_of=as_of, known_at=known_at)
    return found if format == "json" else as_file(found, format, people, "picture")


@router.post("/subgraph", response_model=Subgraph, responses=NAMED | ANSWER)
def large_subgraph(
    explorer: TheExplorer, among: Among, format: Format = "json", people: People = False
) -> Subgraph | Response:
    """The same for as many as a picture holds; it only reads."""
    found = subgraph(
        explorer, among.nodes, focus=among.focus, as_of=among.as_of, known_at=among.known_at
    )
    return found if format == "json" else as_file(found, format, people, "picture")


@router.post("/positions", responses=COMMON)
def positions(placing: Placing) -> Places:
    """Where to draw some nodes, so that those that are tied stand together; nothing is read."""
    placed = forces(placing.nodes, placing.ties, placing.fixed)
    return Places(positions={id_: list(at) for id_, at in placed.items()})
