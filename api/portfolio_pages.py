"""The page of a portfolio in depth."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alliance_explorer import queries
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.viz.pages import Problem
from alliance_explorer.viz.portfolio_page import DATED, SHOWN, portfolio_page
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence
from .pages import Text

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/portfolio")
def portfolio(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    as_of: Text = "",
    known_at: Text = "",
    with_: Annotated[str, Query(alias="with", max_length=20_000)] = "",
) -> Response:
    """The portfolio of a firm in depth, on a day, or on two days side by side."""
    links = links_of(request, as_of, known_at)
    firm, with_ = firm.strip(), with_.strip()
    if not firm:
        return HTMLResponse(portfolio_page(links))
    try:
        ref = explorer.resolve(firm, ("Firm",), "firm")
        if ref.id != firm:
            return RedirectResponse(links.portfolio(ref.id, with_), HTTPStatus.FOUND)
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        other = parse_day(with_, "with")
        if other and not day:
            raise InvalidRequest("to compare, give the earlier day as well", "as_of")
        page = portfolio_page(
            links,
            composition=queries.composition(explorer, ref.id, as_of=day, known_at=known),
            dependence=queries.dependence(explorer, ref.id, as_of=day, known_at=known, limit=SHOWN),
            coopetition=queries.coopetition(explorer, ref.id, as_of=day, known_at=known),
            timeline=queries.timeline(explorer, ref.id, as_of=day, known_at=known, limit=DATED),
            lifecycle=queries.lifecycle(explorer, ref.id, as_of=day, known_at=known, limit=SHOWN),
            comparison=queries.compare(explorer, ref.id, day, other, known_at=known)
            if day and other
            else None,
            firm=ref.name,
            with_=with_,
        )
        return HTMLResponse(page)
    except (UnknownActor, AmbiguousActor) as exc:
        several = isinstance(exc, AmbiguousActor)
        shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
        what = "is the name of several" if several else "is the name of nobody here"
        problem = Problem(
            f"“{shown}” {what}.",
            "Say which one you mean." if several else "",
            "firm",
            [(name, id_, links.portfolio(id_, with_)) for id_, name in exc.nearest],
        )
        status = HTTPStatus.CONFLICT if several else HTTPStatus.NOT_FOUND
    except InvalidRequest as exc:
        problem = Problem("That cannot be asked so.", sentence(exc), exc.field)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return HTMLResponse(portfolio_page(links, firm=firm, with_=with_, problem=problem), status)
