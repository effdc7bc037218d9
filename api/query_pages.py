"""The page for Cypher of one's own."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import ROWS
from alliance_explorer.queries.own_query import own_query, parse_parameters
from alliance_explorer.viz.pages import Problem
from alliance_explorer.viz.query_page import query_page

from .dependencies import TheExplorer
from .own_queries import allowed
from .page_route import PageRoute, links_of, sentence
from .pages import Text

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/query", dependencies=[Depends(allowed)])
def query(
    request: Request, explorer: TheExplorer, query: Text = "", parameters: Text = ""
) -> Response:
    """The form, and the table that the query in the address gives."""
    links, dialect = links_of(request), explorer.engine.dialect
    if not query.strip():
        return HTMLResponse(query_page(links, dialect=dialect))
    try:
        answer = own_query(explorer, query, parse_parameters(parameters), limit=ROWS.usual)
    except InvalidRequest as exc:
        problem = Problem("That cannot be run.", sentence(exc), exc.field)
        page = query_page(
            links, dialect=dialect, query=query, parameters=parameters, problem=problem
        )
        return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HTMLResponse(
        query_page(links, dialect=dialect, query=query, parameters=parameters, answer=answer)
    )
