"""The page that says where a node or a fact is from."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries.provenance import explain
from alliance_explorer.viz.facts_page import facts_page

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of
from .pages import Text, named_problem, problem_status

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/facts")
def facts(request: Request, explorer: TheExplorer, what: Text = "", other: Text = "") -> Response:
    """Where a node, a fact, or all facts between two are from."""
    links, what, other = links_of(request), what.strip(), other.strip()
    if not what:
        return HTMLResponse(facts_page(links, other=other))
    try:
        answer = explain(explorer, what, other or None)
        return HTMLResponse(facts_page(links, what=what, other=other, answer=answer))
    except (UnknownActor, AmbiguousActor, InvalidRequest) as exc:
        mistyped = "other" if getattr(exc, "name", None) == other else "what"
        problem = named_problem(
            exc,
            lambda id_: links.facts(id_, other) if mistyped == "what" else links.facts(what, id_),
            mistyped,
        )
        page = facts_page(links, what=what, other=other, problem=problem)
        return HTMLResponse(page, problem_status(exc))
