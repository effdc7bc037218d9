"""The page on proximity: its address, what it asks, and how it says what is wrong."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from alliance_explorer import queries
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries import (
    Explorer,
    ProximityOptions,
    Thresholds,
    configured_thresholds,
)
from alliance_explorer.queries.proximity.matrix_models import SORTS
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.proximity_page import ProximityForm, proximity_page
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer, TheSettings
from .page_route import PageRoute, links_of, sentence

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Text = Annotated[str, Query(max_length=20_000)]


@router.get("/proximity")
def proximity(
    request: Request,
    explorer: TheExplorer,
    settings: TheSettings,
    from_: Annotated[str, Query(alias="from", max_length=20_000)] = "",
    to: Text = "",
    as_of: Text = "",
    known_at: Text = "",
    sort: Text = "workable",
    candidate: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
) -> HTMLResponse:
    """How near two firms are; or one firm and its candidates."""
    usual = configured_thresholds(settings.proximity)
    links = links_of(request, as_of, known_at)
    form = ProximityForm(
        focal=chosen(from_, None),
        target=chosen(to, None),
        as_of=as_of.strip(),
        known_at=known_at.strip(),
        candidates=tuple(Choice(c.strip(), c.strip()) for c in candidate if c.strip()),
        sort=sort,
        thresholds={
            name: value.strip()
            for name in Thresholds.model_fields
            if (value := request.query_params.get(name, "")).strip()
        },
    )

    def page(status: HTTPStatus = HTTPStatus.OK, **answer: object) -> HTMLResponse:
        text = proximity_page(
            links,
            form=form,
            usual=Thresholds.of(usual),
            **answer,  # type: ignore[arg-type]
        )
        return HTMLResponse(text, status)

    try:
        form, problem = _named(explorer, links, form)
        if problem:
            return page(HTTPStatus.NOT_FOUND, problem=problem)
        options = ProximityOptions(
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            thresholds=Thresholds.of(usual, _numbers(form)),
        )
        if form.sort not in SORTS:
            near = nearest(form.sort[:40], SORTS)
            raise InvalidRequest(f"rows cannot be sorted by “{form.sort[:40]}”{near}", "sort")
        if not form.focal:
            return page()
        if form.target:
            profile = queries.proximity(explorer, form.focal.value, form.target.value, options)
            return page(profile=profile)
        given = [c.value for c in form.candidates]
        matrix = queries.proximity_matrix(
            explorer,
            form.focal.value,
            given,
            options,
            sort=form.sort,
        )
        return page(matrix=matrix)
    except InvalidRequest as exc:
        problem = Problem("That cannot be asked so.", sentence(exc), exc.field)
        return page(HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem)


def _numbers(form: ProximityForm) -> dict[str, float]:
    found = {}
    for name, value in form.thresholds.items():
        try:
            found[name] = float(value)
        except ValueError:
            shown = value[:20]
            raise InvalidRequest(f"“{shown}” is no number for {name}", "threshold") from None
    return found


def _named(
    explorer: Explorer, links: Links, form: ProximityForm
) -> tuple[ProximityForm, Problem | None]:
    """Resolve the names in a form; the first that cannot be is the problem."""
    ends = {"from": form.focal, "to": form.target}
    places = {"from": "focal", "to": "target"}
    for field, choice in ends.items():
        if choice is None:
            continue
        try:
            ref = explorer.resolve(choice.value, ("Firm",), field)
        except (UnknownActor, AmbiguousActor) as exc:
            found = [
                (name, id_, form.but(**{places[field]: Choice(id_, name)}).url(links))
                for id_, name in exc.nearest
            ]
            return form, _problem(exc, field, found)
        form = form.but(**{places[field]: Choice(ref.id, ref.name)})
    candidates: list[Choice] = []
    for n, choice in enumerate(form.candidates):
        try:
            ref = explorer.resolve(choice.value, ("Firm",), "candidate")
        except (UnknownActor, AmbiguousActor) as exc:
            rest = form.candidates[n + 1 :]
            found = [
                (name, id_, form.but(candidates=(*candidates, Choice(id_, name), *rest)).url(links))
                for id_, name in exc.nearest
            ]
            return form, _problem(exc, "candidate", found)
        candidates.append(Choice(ref.id, ref.name))
    return form.but(candidates=tuple(candidates)), None


def _problem(
    exc: UnknownActor | AmbiguousActor, field: str, found: list[tuple[str, str, str]]
) -> Problem:
    shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
    several = isinstance(exc, AmbiguousActor)
    title = (
        f"“{shown}” is the name of several." if several else f"No firm here is called “{shown}”."
    )
    message = "Say which one you mean." if several else ""
    if not found:
        message = "No name is like it. Look for a part of the name on the search page."
    return Problem(title, message, field, found)
