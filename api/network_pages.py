"""The page of a network and its members, and the map of the whole network."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries import PathOptions
from alliance_explorer.queries.membership import network_members
from alliance_explorer.queries.structure.network_map import network_map
from alliance_explorer.viz.map_page import MapForm, map_page
from alliance_explorer.viz.members_page import PAGE, members_page
from alliance_explorer.viz.pages import Problem
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence
from .pages import Text, named_problem

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/networks/{network:path}")
def network(
    request: Request,
    explorer: TheExplorer,
    network: str,
    mine: Text = "",
    find: Text = "",
    page: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """A network: who is in it, since when, in which tier; and who of them are partners."""
    ref = explorer.resolve(network, ("Network",), "network")
    links = links_of(request, as_of, known_at)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    number = max(1, number)
    if ref.id != network.strip():
        return RedirectResponse(links.members(ref.id, mine, number, find), HTTPStatus.FOUND)
    problem, asked = None, {}
    try:
        asked["as_of"] = parse_day(as_of, "as_of")
        asked["known_at"] = parse_day(known_at, "known_at")
    except InvalidRequest as exc:
        asked = {}
        problem = Problem("The date cannot be read.", sentence(exc), exc.field)
    firm = None
    if mine.strip():
        try:
            firm = explorer.resolve(mine, ("Firm",), "mine")
        except (UnknownActor, AmbiguousActor, InvalidRequest) as exc:
            problem = named_problem(exc, lambda id_: links.members(ref.id, id_), "mine")
    answer = network_members(
        explorer,
        ref.id,
        mine=firm.id if firm else None,
        find=find[:300],
        offset=(number - 1) * PAGE,
        limit=PAGE,
        **asked,
    )
    html = members_page(
        links, answer=answer, page=number, mine=firm.name if firm else mine, problem=problem
    )
    return HTMLResponse(html, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK)


@router.get("/map")
def whole(
    request: Request,
    explorer: TheExplorer,
    by: Text = "",
    size: Text = "",
    within_by: Text = "",
    within: Text | None = None,
    alliances: Text = "",
    as_of: Text = "",
) -> Response:
    """The whole network as groups, or one of them, opened."""
    links = links_of(request, as_of)
    form = MapForm(
        by=by.strip() or ("country" if within is not None else "community"),
        size=size.strip() or "firms",
        within_by=within_by.strip(),
        within=within,
        alliances=bool(alliances.strip()),
        as_of=as_of.strip(),
    )
    try:
        day = parse_day(as_of, "as_of")
        kinds = {"kinds": ("alliance",)} if form.alliances else {}
        answer = network_map(
            explorer,
            PathOptions.model_validate({"as_of": day, **kinds}),
            by=form.by,
            size=form.size,
            within_by=form.within_by or None,
            within=form.within,
        )
    except InvalidRequest as exc:
        problem = Problem("That cannot be drawn.", sentence(exc), exc.field)
        return HTMLResponse(
            map_page(links_of(request), form=form, problem=problem),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return HTMLResponse(map_page(links, form=form, answer=answer))
