"""Two firms side by side, one firm on two days, and the timeline of a firm: pages."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alliance_explorer import queries
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries.portfolio.record import read_record
from alliance_explorer.queries.side_by_side import side_by_side
from alliance_explorer.viz.compare_page import CompareForm, compare_page
from alliance_explorer.viz.portfolio_page import DATED
from alliance_explorer.viz.text import parse_day
from alliance_explorer.viz.timeline_page import timeline_page

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of
from .pages import Text, named_problem, problem_status

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/compare")
def compare(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    with_: Annotated[str, Query(alias="with", max_length=20_000)] = "",
    as_of: Text = "",
    and_as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """Two firms on a day, or one firm on two days."""
    links = links_of(request, as_of, known_at)
    form = CompareForm(*(t.strip() for t in (firm, with_, as_of, and_as_of, known_at)))
    if not form.firm:
        return HTMLResponse(compare_page(links, form=form))
    field = "firm"
    try:
        one = explorer.resolve(form.firm, ("Firm",), "firm")
        field = "with"
        other = explorer.resolve(form.other, ("Firm",), "with") if form.other else None
        named = form.naming(one, other)
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        second = parse_day(and_as_of, "and_as_of")
        if other:
            beside = side_by_side(explorer, one.id, other.id, as_of=day, known_at=known)
            return HTMLResponse(compare_page(links, form=named, beside=beside))
        if not (day and second):
            missing = "as_of" if second else "and_as_of" if day else "with"
            raise InvalidRequest("name another firm, or give two days", missing)
        if day > second:  # whoever gives the later one first means the same
            day, second = second, day
        days = queries.compare(explorer, one.id, day, second, known_at=known)
        return HTMLResponse(compare_page(links, form=named, days=days))
    except (UnknownActor, AmbiguousActor, InvalidRequest) as exc:
        problem = named_problem(exc, lambda id_: links.compare(**form.choosing(field, id_)), field)
        page = compare_page(links_of(request), form=form, problem=problem)
        return HTMLResponse(page, problem_status(exc))


@router.get("/timeline")
def timeline(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> Response:
    """What happened to a firm's relations, year by year, alliance by alliance."""
    links, firm = links_of(request, as_of, known_at), firm.strip()
    if not firm:
        return HTMLResponse(timeline_page(links))
    try:
        ref = explorer.resolve(firm, ("Firm",), "firm")
        if ref.id != firm:
            return RedirectResponse(links.question("timeline", ref.id), HTTPStatus.FOUND)
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        page = timeline_page(
            links,
            firm=ref.name,
            timeline=queries.timeline(explorer, ref.id, as_of=day, known_at=known, limit=DATED),
            lifecycle=queries.lifecycle(explorer, ref.id, as_of=day, known_at=known, limit=1),
            coopetition=queries.coopetition(explorer, ref.id, as_of=day, known_at=known),
            deals=read_record(explorer, ref.id, known).deals,
        )
        return HTMLResponse(page)
    except (UnknownActor, AmbiguousActor, InvalidRequest) as exc:
        problem = named_problem(exc, lambda id_: links.question("timeline", id_), "firm")
        return HTMLResponse(timeline_page(links, firm=firm, problem=problem), problem_status(exc))
