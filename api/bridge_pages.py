"""The page on bridges: its form is read leniently, its answer comes from the queries."""

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from alliance_explorer import queries, viz
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.limits import WAYS
from alliance_explorer.queries import KINDS, Description, Explorer, PathOptions
from alliance_explorer.queries.bridging.models import BridgesResult
from alliance_explorer.queries.bridging.openings import openings
from alliance_explorer.queries.bridging.reach_models import Openings
from alliance_explorer.queries.graph.ties import default_weights, parse_weights
from alliance_explorer.settings import Settings
from alliance_explorer.viz.forms import MAX_STEPS, BridgeForm, Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer, TheSettings
from .page_route import PageRoute, links_of, sentence

ENDS = ("Firm", "Person")
TARGETS = (*ENDS, "Network")
BETWEEN = ("Firm", "Person", "Network", "Alliance")
Text = Annotated[str, Query(max_length=20_000)]
OneText = Annotated[str, Field(max_length=20_000)]
Texts = Annotated[list[OneText], Query(max_length=100)]

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/bridges")
def bridges(
    request: Request,
    explorer: TheExplorer,
    settings: TheSettings,
    from_: Annotated[list[OneText], Query(alias="from", max_length=50)] = [],  # noqa: B006
    to: Text = "",
    to_country: Text = "",
    to_actor_type: Text = "",
    to_capability: Text = "",
    to_segment: Text = "",
    as_of: Text = "",
    known_at: Text = "",
    kinds: Texts = [],  # noqa: B006 - FastAPI copies it
    weight: Texts = [],  # noqa: B006
    avoid: Texts = [],  # noqa: B006
    avoid_competitors_of: Texts = [],  # noqa: B006
    via: Texts = [],  # noqa: B006
    max_shared: Text = "",
    min_confidence: Text = "",
    half_life: Text = "",
    max_steps: Text = "",
    limit: Text = "",
) -> HTMLResponse:
    """Who bridges one to another."""
    links = links_of(request)
    asking = [f for f in from_ if f.strip()]
    form = BridgeForm(
        focal=chosen(asking[0], None) if asking else None,
        target=chosen(to, None),
        to_country=to_country.strip(),
        to_actor_type=to_actor_type.strip(),
        to_capability=to_capability.strip(),
        to_segment=to_segment.strip(),
        as_of=as_of.strip(),
        known_at=known_at.strip(),
        avoid_competitors_of=tuple(e for e in ("focal", "target") if e in avoid_competitors_of),
        max_shared=max_shared.strip(),
        min_confidence=min_confidence.strip(),
        half_life=half_life.strip(),
    )
    try:
        form = form.but(weights=_weights(request, weight), kinds=_kinds(kinds))
        form, problem = _Names(explorer, links, form).resolved(asking, to, avoid, via)
        form = form.but(
            max_steps=_whole(max_steps, "max_steps", MAX_STEPS, 6),
            limit=_whole(limit, "limit", WAYS.usual, WAYS.most),
        )
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        if problem:
            return _asked(links, form, problem, HTTPStatus.NOT_FOUND)
        options = _options(form, settings, day, known)
        if not form.asked:
            return _asked(links, form, None, HTTPStatus.OK)
        links = links_of(request, as_of, known_at)
        result = queries.bridges(explorer, *_ends(form), options)
    except InvalidRequest as exc:
        field = {"focal": "from", "target": "to"}.get(exc.field or "", exc.field)
        problem = Problem("That cannot be asked so.", sentence(exc), field)
        return _asked(links, form, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    picture = viz.path_picture(queries.subgraph_of_paths(viz.best_ways(result)))
    page = viz.bridges_page(
        links,
        form=form,
        result=result,
        picture=picture,
        found=None if result.bridges else _openings(explorer, result, options),
    )
    return HTMLResponse(page)


def _openings(explorer: Explorer, result: BridgesResult, options: PathOptions) -> Openings | None:
    """What would open a way: asked between two actors, with nobody to be passed."""
    if options.via or {result.focal.label, result.target.label} - set(ENDS):
        return None
    return openings(
        explorer, result.focal.id, result.target.id, options.model_copy(update={"limit": 5})
    )


def _ends(form: BridgeForm) -> tuple[list[str], str | Description]:
    focal = [c.value for c in (form.focal, *form.also) if c]
    if form.target and form.described:
        raise InvalidRequest("say whom by name, or describe who fits, not both", "to")
    if form.target:
        return focal, form.target.value
    return focal, Description(
        country=form.to_country or None,
        actor_type=form.to_actor_type or None,
        capability=form.to_capability or None,
        segment=form.to_segment or None,
    )


class _Names:
    """Resolves the names in a form; the first that cannot be is the problem."""

    def __init__(self, explorer: Explorer, links: Links, form: BridgeForm) -> None:
        self._explorer = explorer
        self._links = links
        self._form = form
        self._problems: list[tuple[str, UnknownActor | AmbiguousActor]] = []

    def resolved(
        self, asking: Sequence[str], to: str, avoid: Sequence[str], via: Sequence[str]
    ) -> tuple[BridgeForm, Problem | None]:
        """The form with ids in place of names, or what is wrong with one of them."""
        focal, *also = [self._choice(f, ENDS, "from") for f in asking] or [None]
        form = self._form.but(
            focal=focal,
            also=tuple(c for c in also if c),
            target=self._choice(to, TARGETS, "to"),
            avoid=tuple(c for a in avoid if (c := self._choice(a, BETWEEN, "avoid"))),
            via=tuple(c for v in via if (c := self._choice(v, BETWEEN, "via"))),
        )
        return form, self._problem(form) if self._problems else None

    def _choice(self, text: str, labels: tuple[str, ...], field: str) -> Choice | None:
        if not text.strip():
            return None
        try:
            return chosen(text, self._explorer.resolve(text, labels, field))
        except (UnknownActor, AmbiguousActor) as exc:
            self._problems.append((field, exc))
            return chosen(text, None)

    def _problem(self, form: BridgeForm) -> Problem:
        field, exc = self._problems[0]
        wrong = exc.name.strip()
        options = [Choice(id_, name) for id_, name in exc.nearest]
        changed = [_replaced(form, field, wrong, choice) for choice in options]
        shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
        title, message = f"Nobody here is called “{shown}”.", ""
        if isinstance(exc, AmbiguousActor):
            title, message = f"“{shown}” is the name of several.", "Say which one you mean."
        if not options:
            message = "No name is like it. Look for a part of the name on the search page."
        return Problem(
            title,
            message,
            field,
            [
                (c.name, c.value, self._links.bridges(f))
                for c, f in zip(options, changed, strict=True)
            ],
        )


def _replaced(form: BridgeForm, field: str, wrong: str, right: Choice) -> BridgeForm:
    """The form with another choice where a name was wrong."""

    def mended(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(right if c.value == wrong else c for c in choices)

    if field == "to":
        return form.but(target=right)
    if field == "from" and form.focal and form.focal.value == wrong:
        return form.but(focal=right)
    return form.but(also=mended(form.also), avoid=mended(form.avoid), via=mended(form.via))


def _asked(
    links: Links, form: BridgeForm, problem: Problem | None, status: HTTPStatus
) -> HTMLResponse:
    return HTMLResponse(viz.bridges_page(links, form=form, problem=problem), status)


def _options(
    form: BridgeForm, settings: Settings, as_of: dt.date | None, known_at: dt.date | None
) -> PathOptions:
    half_life = _number(form.half_life, "half_life", 0.1, 100)
    return PathOptions.model_validate(
        {
            "kinds": form.kinds,
            "weights": default_weights(settings.weights)
            | parse_weights(f"{kind}:{weight}" for kind, weight in form.weights),
            "max_steps": form.max_steps,
            "as_of": as_of,
            "known_at": known_at,
            "avoid": tuple(a.value for a in form.avoid),
            "avoid_competitors_of": form.avoid_competitors_of,
            "via": tuple(v.value for v in form.via[:3]),
            "max_shared": _whole(form.max_shared, "max_shared", 0, 10**9, least=2) or None,
            "min_confidence": _number(form.min_confidence, "min_confidence", 0, 1) or 0.0,
            "half_life": settings.half_life if half_life is None else half_life,
            "limit": form.limit,
        }
    )


def _weights(request: Request, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Own weights: `weight=membership:0.1`, or the form's fields `weight_membership=0.1`."""
    fields: dict[str, str] = {
        str(k): request.query_params.get(f"weight_{k}", "").strip() for k in KINDS
    }
    fields |= {k: f"{w:g}" for k, w in parse_weights(given).items()}
    for kind, weight in fields.items():
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called “{kind[:40]}”", "kinds")
        _number(weight, f"weight_{kind}", 0, 1)
    return tuple((kind, weight) for kind, weight in fields.items() if weight)


def _kinds(given: Sequence[str]) -> tuple[str, ...]:
    asked = [kind for text in given for kind in text.split(",") if kind]
    for kind in asked:
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called “{kind[:40]}”", "kinds")
    return tuple(kind for kind in KINDS if kind in asked) or KINDS


_WHAT = {
    "max_steps": "the length of a way",
    "limit": "the number of bridges",
    "max_shared": "the largest shared network",
    "min_confidence": "the least confidence",
    "half_life": "the half-life in years",
}


def _whole(text: str, field: str, usual: int, most: int, least: int = 1) -> int:
    text = text.strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
        raise InvalidRequest(
            f"{_WHAT[field]} has to be a whole number from {least:,} to {most:,}", field
        )
    return int(text)


def _number(text: str, field: str, least: float, most: float) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        what = _WHAT.get(field, "a weight")
        raise InvalidRequest(f"{what} has to be a number from {least:g} to {most:g}", field)
    return number
