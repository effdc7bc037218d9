"""The page on feasibility: its address, and what it asks of the queries."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from alliance_explorer import queries
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer
from alliance_explorer.viz.feasibility_page import FeasibilityForm, feasibility_page
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .feasibility import TheServices
from .page_route import PageRoute, links_of, sentence

Text = Annotated[str, Query(max_length=20_000)]

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/feasibility")
def feasibility(
    request: Request,
    explorer: TheExplorer,
    table: TheServices,
    firm: Text = "",
    candidate: Text = "",
    service: Text = "",
    reach: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> HTMLResponse:
    """Advice on one partnership; without a service, a firm's partnerships judged."""
    links, services = links_of(request), queries.services(table)
    form = FeasibilityForm(
        firm=chosen(firm, None),
        candidate=chosen(candidate, None),
        service=" ".join(service.split()),
        reach=reach.strip(),
        as_of=as_of.strip(),
        known_at=known_at.strip(),
    )
    try:
        form, problem = _resolved(explorer, links, form)
        if problem:
            page = feasibility_page(links, form=form, services=services, problem=problem)
            return HTMLResponse(page, HTTPStatus.NOT_FOUND)
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        if not form.firm:
            return HTMLResponse(feasibility_page(links, form=form, services=services))
        links = links_of(request, as_of, known_at)
        if not form.service:
            if form.candidate or form.reach:
                raise InvalidRequest("say which service is to be partnered", "service")
            judged = queries.feasibility_of_alliances(
                explorer, form.firm.value, as_of=day, known_at=known, table=table
            )
            page = feasibility_page(links, form=form, services=services, judged=judged)
            return HTMLResponse(page)
        result = queries.feasibility(
            explorer,
            form.firm.value,
            form.candidate.value if form.candidate else None,
            service=form.service,
            reach=form.reach,
            as_of=day,
            known_at=known,
            table=table,
        )
    except InvalidRequest as exc:
        # The list of services is on the page.
        text = sentence(InvalidRequest(str(exc).partition("; known: ")[0]))
        problem = Problem("That cannot be judged so.", text, exc.field)
        page = feasibility_page(links, form=form, services=services, problem=problem)
        return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HTMLResponse(feasibility_page(links, form=form, services=services, result=result))


def _resolved(
    explorer: Explorer, links: Links, form: FeasibilityForm
) -> tuple[FeasibilityForm, Problem | None]:
    """Resolve the names in a form; the first that cannot be is the problem."""
    for field in ("firm", "candidate"):
        typed: Choice | None = getattr(form, field)
        if typed is None:
            continue
        try:
            form = form.but(
                **{field: chosen(typed.value, explorer.resolve(typed.value, ("Firm",), field))}
            )
        except (UnknownActor, AmbiguousActor) as exc:
            several = isinstance(exc, AmbiguousActor)
            shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
            title = (
                f"“{shown}” is the name of several."
                if several
                else f"Nobody here is called “{shown}”."
            )
            message = "Say which one you mean." if several else ""
            if not exc.nearest:
                message = "No name is like it. Look for a part of the name on the search page."
            near = [
                (name, id_, form.but(**{field: Choice(id_, name)}).address(links))
                for id_, name in exc.nearest
            ]
            return form, Problem(title, message, field, near)
    return form, None
