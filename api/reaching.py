"""Reach, weak points and openings as resources; each route only passes on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from alliance_explorer.queries.bridging.failure import weak_points as find_weak_points
from alliance_explorer.queries.bridging.groups import Choice
from alliance_explorer.queries.bridging.openings import Who
from alliance_explorer.queries.bridging.openings import openings as find_openings
from alliance_explorer.queries.bridging.reach import reach as find_reach
from alliance_explorer.queries.bridging.reach_models import Openings, ReachResult, WeakPoints

from .dependencies import TheExplorer, TheOptions
from .errors import NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1", tags=["reach"])


def choice(
    country: Annotated[
        str | None,
        Query(description="firms of this country, by name or ISO 3166-1 alpha-2", max_length=100),
    ] = None,
    actor_type: Annotated[
        str | None, Query(description="firms of this place in the industry", max_length=100)
    ] = None,
    capability: Annotated[
        str | None,
        Query(description="firms that offer this, by id or name", max_length=20_000),
    ] = None,
    network: Annotated[
        str | None,
        Query(description="firms that are members of this, by id or name", max_length=20_000),
    ] = None,
) -> Choice:
    """Which firms are meant, from the query string."""
    return Choice(country or None, actor_type or None, capability or None, network or None)


One = Annotated[
    str,
    Query(
        alias="from",
        description="who asks: a firm or person, by id or name",
        examples=["Xelerated"],
        max_length=20_000,
    ),
]
Other = Annotated[
    str,
    Query(
        description="who is to be reached, by id or name",
        examples=["MTN Group"],
        max_length=20_000,
    ),
]
TheChoice = Annotated[Choice, Depends(choice)]


@router.get("/actors/{actor}/reach", responses=NAMED | answering("reach"))
def reach(
    explorer: TheExplorer,
    actor: Actor,
    options: TheOptions,
    choice: TheChoice,
    steps: Annotated[
        int | None,
        Query(ge=2, le=6, description="only those at exactly this many introductions"),
    ] = None,
    cursor: Annotated[str | None, Query(description="next_cursor of the page before")] = None,
) -> ReachResult:
    """Everybody whom an actor is not tied to yet and can be introduced to, strongest first."""
    return find_reach(explorer, actor, options, steps=steps, choice=choice, cursor=cursor)


@router.get("/actors/{actor}/weak-points", responses=NAMED | answering("weak_points"))
def weak_points(
    explorer: TheExplorer,
    actor: Actor,
    options: TheOptions,
    choice: TheChoice,
    target: Annotated[
        str | None,
        Query(description="one firm or person, instead of a group", max_length=20_000),
    ] = None,
) -> WeakPoints:
    """Firms, people, networks and alliances without which somebody is out of reach."""
    return find_weak_points(explorer, actor, options, target=target or None, choice=choice)


@router.get("/openings", responses=NAMED | answering("openings"))
def openings(
    explorer: TheExplorer,
    from_: One,
    to: Other,
    options: TheOptions,
    who: Annotated[
        Who, Query(description="who may join a network: the focal actor, or contacts as well")
    ] = "focal",
) -> Openings:
    """What would open a way, or a stronger one: conditions to let go, memberships, alliances."""
    return find_openings(explorer, from_, to, options, who=who)
