"""The pages: addresses, what they ask of the queries, and the headers that guard them."""

import hashlib
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from alliance_explorer import queries, viz
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.viz import assets
from alliance_explorer.viz.pages import LISTED, Problem
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import HEADERS, PageRoute, failed, links_of, sentence

HITS: Final = 50
PICTURED: Final = 200
ENDS: Final = ("Firm", "Person")
AVOIDABLE: Final = ("Firm", "Person", "Network", "Alliance")

Text = Annotated[str, Query(max_length=20_000)]
Texts = Annotated[list[str], Query(max_length=100)]


router = APIRouter(include_in_schema=False, route_class=PageRoute)


def install(app: FastAPI, *more: APIRouter) -> None:
    """Add all pages and their files to an app, and let people see lost addresses as a page."""
    for pages in (router, *more):
        app.include_router(pages)
    answer = app.exception_handlers.get(HTTPException)

    @app.exception_handler(HTTPException)
    def lost(request: Request, exc: HTTPException) -> Response:
        wanted = "text/html" in request.headers.get("accept", "")
        ours = not request.url.path.removeprefix(links_of(request).base).startswith("/api/")
        if answer is None or (wanted and ours):
            response = failed(request, exc)
            response.headers.update(HEADERS)
            return response
        return answer(request, exc)  # type: ignore[return-value]


def named_problem(exc: Exception, link: Callable[[str], str], field: str) -> Problem:
    """A name or a value that cannot be used, as a page says it.

    Parameters
    ----------
    exc : UnknownActor, AmbiguousActor or InvalidRequest
    link : callable
        Address of the page with an id in place of the name.
    field : str
        Where the name was typed.
    """
    if isinstance(exc, UnknownActor | AmbiguousActor):
        several = isinstance(exc, AmbiguousActor)
        shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
        return Problem(
            f"“{shown}” {'is the name of several' if several else 'is the name of nobody here'}.",
            "Say which one you mean." if several else "",
            field,
            [(name, id_, link(id_)) for id_, name in exc.nearest],
        )
    assert isinstance(exc, InvalidRequest)
    return Problem("That cannot be asked so.", sentence(exc), exc.field)


def problem_status(exc: Exception) -> HTTPStatus:
    """The status of a page that says it."""
    if isinstance(exc, AmbiguousActor):
        return HTTPStatus.CONFLICT
    return (
        HTTPStatus.NOT_FOUND if isinstance(exc, UnknownActor) else HTTPStatus.UNPROCESSABLE_ENTITY
    )


@router.get("/")
def search(request: Request, explorer: TheExplorer, q: Text = "") -> HTMLResponse:
    """Start: search, what is loaded, firms to start from."""
    query = q.strip()
    result = queries.search(explorer, query, limit=HITS) if query else None
    return HTMLResponse(
        viz.search_page(
            links_of(request),
            query=query,
            result=result,
            stats=queries.stats(explorer),
        )
    )


@router.get("/firms/{actor:path}")
def firm(
    request: Request, explorer: TheExplorer, actor: str, as_of: Text = "", known_at: Text = ""
) -> Response:
    """A firm, person or network: facts, portfolio, picture."""
    ref = explorer.resolve(actor)
    links = links_of(request, as_of, known_at)
    if ref.id != actor.strip() or ref.label == "Network":
        return RedirectResponse(links.actor(ref.id, ref.label), HTTPStatus.FOUND)
    day, known, problem = None, None, None
    try:
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    except InvalidRequest as exc:
        problem = Problem("The date cannot be read.", sentence(exc), exc.field)
    is_firm = ref.label == "Firm"
    page = viz.firm_page(
        links,
        profile=queries.profile(explorer, ref.id, as_of=day, known_at=known, limit=LISTED),
        portfolio=queries.portfolio(explorer, ref.id, as_of=day, known_at=known, limit=LISTED)
        if is_firm
        else None,
        picture=viz.ego_picture(
            queries.ego(explorer, ref.id, as_of=day, known_at=known, limit=PICTURED)
        ),
        problem=problem,
    )
    return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK)


@router.get("/static/{path:path}")
def static(request: Request, path: str) -> Response:
    """Our scripts and stylesheets, and vis-network out of the installed pyvis package."""
    content = assets.served().get(path)
    if content is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    tag = _tag(path)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type=assets.media_type(path), headers=headers)


@cache
def _tag(path: str) -> str:
    return f'"{hashlib.sha256(assets.served()[path]).hexdigest()[:24]}"'
