"""What routes are given: the explorer, options of a question, the right to write."""

import datetime as dt
import hmac
import re
from collections import Counter
from http import HTTPStatus
from typing import Annotated, Any, get_args, get_origin

from fastapi import Depends, HTTPException, Query, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import WAYS, Limit
from alliance_explorer.queries import KINDS, Description, Explorer, PathOptions
from alliance_explorer.queries.graph.ties import TIES_TOLD, default_weights, parse_weights
from alliance_explorer.queries.models import End
from alliance_explorer.settings import Settings


async def get_explorer(request: Request) -> Explorer:
    """The explorer of this app, for one question."""
    explorer = request.app.state.explorer
    assert isinstance(explorer, Explorer)
    return explorer.for_question()


async def get_settings(request: Request) -> Settings:
    """The settings of this app."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return settings


TheExplorer = Annotated[Explorer, Depends(get_explorer)]
TheSettings = Annotated[Settings, Depends(get_settings)]


def at_most(limit: Limit) -> Any:
    """The parameter that a length is asked by."""
    return Query(ge=limit.least, le=limit.most, description=f"most {limit.what}")


async def each_once(request: Request) -> None:
    """Refuse several values for a parameter that takes one: nobody knows which was meant."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [(name, times) for name, times in given.items() if times > 1]
    if not repeated:  # the usual: what the route takes needs no looking at
        return
    several = {
        p.alias
        for p in get_flat_params(request.scope["route"].dependant)
        for kind in (p.field_info.annotation, *get_args(p.field_info.annotation))
        if get_origin(kind) is list
    }
    for name, times in repeated:
        if name not in several:
            raise InvalidRequest(f"{name} takes one value, and was given {times}", name)


def _written(value: object) -> object:
    """Pass on what may be a day; pydantic takes a number for seconds since 1970."""
    written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)
    if not written and not isinstance(value, dt.date):
        raise ValueError("write a day as 2011-12-31")
    return value


Day = Annotated[dt.date, BeforeValidator(_written)]
AsOf = Annotated[
    Day | None,
    Query(description="only what was valid on this day", examples=["2011-12-31"]),
]
KnownAt = Annotated[Day | None, Query(description="only what had been recorded by this day")]


async def path_options(
    settings: TheSettings,
    kinds: Annotated[
        list[str] | None,
        Query(description=f"kinds of tie to go over; all unless given: {', '.join(KINDS)}"),
    ] = None,
    max_steps: Annotated[int, Query(ge=1, le=6, description="longest chain, in introductions")] = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Annotated[
        bool | None, Query(description="count ended ties, faded; by default only without as_of")
    ] = None,
    avoid: Annotated[
        list[str] | None,
        Query(description="firms, people or networks that must not be on the way, by id or name"),
    ] = None,
    avoid_competitors_of: Annotated[
        list[End] | None, Query(description="nobody on the way who competes with this end")
    ] = None,
    via: Annotated[
        list[str] | None,
        Query(
            max_length=3,
            description="actors that each way must pass, or networks and alliances that one of "
            "its steps must share, by id or name",
        ),
    ] = None,
    max_shared: Annotated[
        int | None,
        Query(ge=2, description="leave out ties over networks and alliances larger than this"),
    ] = None,
    limit: Annotated[int, at_most(WAYS)] = WAYS.usual,
    ties: Annotated[
        int, Query(ge=1, le=1000, description="most ties of a step that are told; all count")
    ] = TIES_TOLD,
    half_life: Annotated[
        float | None,
        Query(
            ge=0.01, le=100, description="years in which an ended tie halves; as configured, else 5"
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        Query(description="own weight of a kind of tie", examples=["membership:0.1"]),
    ] = None,
    min_confidence: Annotated[float, Query(ge=0, le=1, description="least confidence")] = 0.0,
) -> PathOptions:
    """Options of a search for bridges or paths, from the query string."""
    chosen = [k for text in kinds or () for k in text.split(",") if k]
    given: dict[str, object] = {"kinds": chosen} if chosen else {}
    return PathOptions.model_validate(
        {
            **given,
            "max_steps": max_steps,
            "as_of": as_of,
            "known_at": known_at,
            "ended": ended,
            "avoid": tuple(a for a in avoid or () if a.strip()),
            "avoid_competitors_of": tuple(dict.fromkeys(avoid_competitors_of or ())),
            "via": tuple(v for v in via or () if v.strip()),
            "max_shared": max_shared,
            "limit": limit,
            "ties": ties,
            "half_life": settings.half_life if half_life is None else half_life,
            "weights": default_weights(settings.weights) | parse_weights(weight or ()),
            "min_confidence": min_confidence,
        }
    )


TheOptions = Annotated[PathOptions, Depends(path_options)]


async def target(
    to: Annotated[
        list[str] | None,
        Query(
            description="who is to be reached, by id or name: a firm, a person, a network (any of "
            "its members); several are taken as one side",
            examples=[["MTN Group"]],
        ),
    ] = None,
    to_country: Annotated[
        str | None,
        Query(
            description="in place of `to`: any firm of this country, by name or ISO 3166-1 alpha-2",
            max_length=100,
        ),
    ] = None,
    to_actor_type: Annotated[
        str | None, Query(description="any firm of this type", examples=["integrator"])
    ] = None,
    to_capability: Annotated[
        str | None, Query(description="any firm that offers this capability, by id or name")
    ] = None,
    to_segment: Annotated[
        str | None, Query(description="any firm with these words in its core business")
    ] = None,
    to_network: Annotated[
        str | None, Query(description="any firm of this network, by id or name")
    ] = None,
) -> list[str] | Description:
    """Who is to be reached: by name, or whoever fits a description.

    Raises
    ------
    InvalidRequest
        Neither, or both.
    """
    described = Description(
        country=to_country,
        actor_type=to_actor_type,
        capability=to_capability,
        segment=to_segment,
        network=to_network,
    )
    if to and not described.empty:
        raise InvalidRequest("give `to`, or a description (`to_country` …), not both", "to")
    if not to and described.empty:
        raise InvalidRequest("say who is to be reached: `to`, or `to_country` and so on", "to")
    return to or described


TheTarget = Annotated[list[str] | Description, Depends(target)]

_bearer = HTTPBearer(auto_error=False, description="the server's write key")


def may_write(
    settings: TheSettings,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Let only callers with the write key on.

    Raises
    ------
    HTTPException
        403 when the server has no write key, 401 when the caller's is missing or wrong.
    """
    if settings.write_key is None:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "writing over HTTP is off; set ALLIANCE_EXPLORER_WRITE_KEY on the server to allow it",
        )
    given = credentials.credentials if credentials else ""
    if not hmac.compare_digest(given.encode(), settings.write_key.get_secret_value().encode()):
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "the write key is missing or wrong; send it as `Authorization: Bearer KEY`",
            {"WWW-Authenticate": "Bearer"},
        )
