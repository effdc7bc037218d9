"""The pages: addresses, what they ask of the queries, and the headers that guard them."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from alliance_explorer import queries, viz
from alliance_explorer.errors import (
    AmbiguousActor,
    InvalidRequest,
    UnknownActor,
)
from alliance_explorer.queries import KINDS, Explorer, PathOptions
from alliance_explorer.viz import assets
from alliance_explorer.viz.links import LIMIT, MAX_STEPS, BridgeForm, Choice, Links
from alliance_explorer.viz.pages import Problem, chosen
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


def install(app: FastAPI) -> None:
    """Add the pages and their files to an app, and let people see lost addresses as a page."""
    app.include_router(router)
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
    if ref.id != actor.strip():
        return RedirectResponse(links.actor(ref.id, ref.label), HTTPStatus.FOUND)
    day, known, problem = None, None, None
    try:
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    except InvalidRequest as exc:
        problem = Problem("The date cannot be read.", sentence(exc), exc.field)
    is_firm = ref.label == "Firm"
    page = viz.firm_page(
        links,
        profile=queries.profile(explorer, ref.id, as_of=day, known_at=known),
        portfolio=queries.portfolio(explorer, ref.id, as_of=day, known_at=known)
        if is_firm
        else None,
        picture=viz.ego_picture(
            queries.ego(explorer, ref.id, as_of=day, known_at=known, limit=PICTURED)
        ),
        problem=problem,
    )
    return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK)


@router.get("/bridges")
def bridges(
    request: Request,
    explorer: TheExplorer,
    from_: Annotated[str, Query(alias="from", max_length=20_000)] = "",
    to: Text = "",
    as_of: Text = "",
    known_at: Text = "",
    kinds: Texts = [],  # noqa: B006 - FastAPI copies it
    avoid: Texts = [],  # noqa: B006
    max_steps: Text = "",
    limit: Text = "",
) -> HTMLResponse:
    """Who bridges one to another."""
    links = links_of(request)
    form = BridgeForm(as_of=as_of.strip(), known_at=known_at.strip())
    try:
        form, problem = _ends(explorer, links, form, from_, to, avoid)
        form = form.but(
            kinds=_kinds(kinds),
            max_steps=_number(max_steps, "max_steps", MAX_STEPS, 6),
            limit=_number(limit, "limit", LIMIT, 50),
        )
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        if problem:
            return _asked(links, form, problem, HTTPStatus.NOT_FOUND)
        if not (form.focal and form.target):
            return _asked(links, form, None, HTTPStatus.OK)
        links = links_of(request, as_of, known_at)
        result = queries.bridges(
            explorer, form.focal.value, form.target.value, _options(form, day, known)
        )
    except InvalidRequest as exc:
        field = {"focal": "from", "target": "to"}.get(exc.field or "", exc.field)
        problem = Problem("That cannot be asked so.", sentence(exc), field)
        return _asked(links, form, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    picture = viz.path_picture(queries.subgraph_of_paths(viz.best_ways(result)))
    return HTMLResponse(viz.bridges_page(links, form=form, result=result, picture=picture))


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


def _ends(
    explorer: Explorer, links: Links, form: BridgeForm, focal: str, target: str, avoid: list[str]
) -> tuple[BridgeForm, Problem | None]:
    """Resolve the names in a form; the first that cannot be is the problem."""
    problems: list[tuple[str, UnknownActor | AmbiguousActor]] = []

    def known(text: str, labels: tuple[str, ...], field: str) -> Choice | None:
        if not text.strip():
            return None
        try:
            return chosen(text, explorer.resolve(text, labels, field))
        except (UnknownActor, AmbiguousActor) as exc:
            problems.append((field, exc))
            return chosen(text, None)

    form = form.but(
        focal=chosen(focal, None),
        target=chosen(target, None),
        avoid=tuple(Choice(a.strip(), a.strip()) for a in avoid if a.strip()),
    )
    form = form.but(focal=known(focal, ENDS, "from"), target=known(target, ENDS, "to"))
    form = form.but(avoid=tuple(a for t in avoid if (a := known(t, AVOIDABLE, "avoid"))))
    if not problems:
        return form, None
    field, exc = problems[0]
    place = {"from": "focal", "to": "target"}.get(field)
    options = [Choice(id_, name) for id_, name in exc.nearest]
    changed = [
        form.but(**{place: c})
        if place
        else form.without(exc.name.strip()).avoiding(c.value, c.name)
        for c in options
    ]
    several = isinstance(exc, AmbiguousActor)
    shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
    title = f"“{shown}” is the name of several." if several else f"Nobody here is called “{shown}”."
    message = "Say which one you mean." if several else ""
    if not options:
        message = "No name is like it. Look for a part of the name on the search page."
    return form, Problem(
        title,
        message,
        field,
        [(c.name, c.value, links.bridges(f)) for c, f in zip(options, changed, strict=True)],
    )


def _asked(
    links: Links, form: BridgeForm, problem: Problem | None, status: HTTPStatus
) -> HTMLResponse:
    return HTMLResponse(viz.bridges_page(links, form=form, problem=problem), status)


def _options(form: BridgeForm, as_of: dt.date | None, known_at: dt.date | None) -> PathOptions:
    return PathOptions.model_validate(
        {
            "kinds": form.kinds,
            "max_steps": form.max_steps,
            "as_of": as_of,
            "known_at": known_at,
            "avoid": tuple(a.value for a in form.avoid),
            "limit": form.limit,
        }
    )


def _kinds(given: Sequence[str]) -> tuple[str, ...]:
    asked = [kind for text in given for kind in text.split(",") if kind]
    for kind in asked:
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called “{kind[:40]}”", "kinds")
    return tuple(kind for kind in KINDS if kind in asked) or KINDS


def _number(text: str, field: str, usual: int, most: int) -> int:
    text = text.strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= most:
        what = {"max_steps": "the length of a way", "limit": "the number of bridges"}[field]
        raise InvalidRequest(f"{what} has to be a number from 1 to {most}", field)
    return int(text)


@cache
def _tag(path: str) -> str:
    return f'"{hashlib.sha256(assets.served()[path]).hexdigest()[:24]}"'
