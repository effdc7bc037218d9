"""The page on reach: its address, and what it asks of the queries."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.bridging.failure import weak_points
from alliance_explorer.queries.bridging.groups import NOT_RECORDED
from alliance_explorer.queries.bridging.groups import Choice as Group
from alliance_explorer.queries.bridging.reach import reach
from alliance_explorer.queries.bridging.sides import ACTORS
from alliance_explorer.viz.forms import MAX_STEPS, Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.reach_page import ReachForm, reach_address, reach_page
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence
from .pages import Text

LISTED = 20
WEAK_POINTS = 30
# Fields that name something, with the labels that it may have.
NAMED = {"focal": ("from", ACTORS), "capability": ("capability", ("Capability",))} | {
    "network": ("network", ("Network",))
}

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/reach")
def page(
    request: Request,
    explorer: TheExplorer,
    from_: Annotated[str, Query(alias="from", max_length=20_000)] = "",
    as_of: Text = "",
    known_at: Text = "",
    max_steps: Text = "",
    steps: Text = "",
    country: Text = "",
    actor_type: Text = "",
    capability: Text = "",
    network: Text = "",
    cursor: Text = "",
) -> HTMLResponse:
    """Whom one can reach, and over whom it hangs."""
    form = ReachForm(
        focal=chosen(from_, None),
        as_of=as_of.strip(),
        known_at=known_at.strip(),
        steps=steps.strip(),
        country=country.strip().upper() if len(country.strip()) == 2 else country.strip(),
        actor_type=actor_type.strip(),
        capability=chosen(capability, None),
        network=chosen(network, None),
        cursor=cursor.strip(),
    )
    links = links_of(request)
    try:
        form = form.but(max_steps=_number(max_steps, "max_steps", 6, MAX_STEPS), cursor=form.cursor)
        form, problem = _resolved(explorer, links, form)
        if problem:
            return HTMLResponse(reach_page(links, form=form, problem=problem), HTTPStatus.NOT_FOUND)
        if form.focal is None:
            return HTMLResponse(reach_page(links, form=form))
        options = PathOptions(
            max_steps=form.max_steps,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            limit=LISTED,
        )
        group = Group(
            form.country or None,
            form.actor_type or None,
            form.capability.value if form.capability else None,
            form.network.value if form.network else None,
        )
        at = _number(form.steps, "steps", form.max_steps, 0) or None
        result = reach(
            explorer,
            form.focal.value,
            options,
            steps=at,
            choice=group,
            cursor=form.cursor or None,
        )
        weak = weak_points(
            explorer,
            form.focal.value,
            options.model_copy(update={"limit": WEAK_POINTS}),
            choice=group,
        )
    except InvalidRequest as exc:
        field = {"focal": "from"}.get(exc.field or "", exc.field)
        problem = Problem("That cannot be asked so.", sentence(exc), field)
        return HTMLResponse(
            reach_page(links, form=form, problem=problem), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    links = links_of(request, as_of, known_at)
    return HTMLResponse(reach_page(links, form=form, result=result, weak=weak))


def _resolved(
    explorer: Explorer, links: Links, form: ReachForm
) -> tuple[ReachForm, Problem | None]:
    """Resolve the names in a form; the first that cannot be is the problem."""
    for place, (field, labels) in NAMED.items():
        given: Choice | None = getattr(form, place)
        if given is None or given.value == NOT_RECORDED:
            continue
        try:
            ref = explorer.resolve(given.value, labels, field)
            known: dict[str, Any] = {place: chosen(given.value, ref), "cursor": form.cursor}
            form = form.but(**known)
        except (UnknownActor, AmbiguousActor) as exc:
            shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
            several = isinstance(exc, AmbiguousActor)
            title = (
                f"“{shown}” is the name of several."
                if several
                else (f"Nothing here is called “{shown}”.")
            )
            message = "Say which one you mean." if several else ""
            if not exc.nearest:
                message = "No name is like it. Look for a part of the name on the search page."
            near = [Choice(id_, name) for id_, name in exc.nearest]
            return form, Problem(
                title,
                message,
                field,
                [(c.name, c.value, reach_address(links, form.but(**{place: c}))) for c in near],
            )
    return form, None


def _number(text: str, field: str, most: int, usual: int) -> int:
    text = text.strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or not 2 <= int(text[:9]) <= most:
        what = {"max_steps": "the length of a way", "steps": "how far"}[field]
        raise InvalidRequest(f"{what} has to be a number from 2 to {most}", field)
    return int(text)
