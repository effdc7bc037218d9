"""The pages on what if, partners and constellations: addresses, and what they ask."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from alliance_explorer import viz
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode
from alliance_explorer.queries.proximity.proximity_models import DIMENSIONS
from alliance_explorer.queries.scenarios.candidate import candidate as check_candidate
from alliance_explorer.queries.scenarios.constellation import constellations as find_constellations
from alliance_explorer.queries.scenarios.constellation import known_capabilities
from alliance_explorer.queries.scenarios.exposure import exposure
from alliance_explorer.queries.scenarios.nearness import VERDICTS
from alliance_explorer.queries.scenarios.partner_search import WEIGHTS, Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions
from alliance_explorer.queries.scenarios.scenario import what_if as suppose
from alliance_explorer.queries.scenarios.scenario_models import Constellations
from alliance_explorer.queries.scenarios.scenario_picture import scenario_subgraphs
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.scenario_pages import (
    AskForm,
    constellations_page,
    partners_page,
    what_if_page,
)
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence

Text = Annotated[str, Query(max_length=2_000)]
Texts = Annotated[list[str], Query(max_length=20)]
CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "dimension": DIMENSIONS,
    "verdict": VERDICTS,
    **{n: SCHEMA.nodes["Firm"].by_name[n].choices for n in ("size_class", "actor_type")},
}
# Labels that a field takes.
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "target": ("Firm", "Person"),
    "joins": ("Network",),
    "drops": ("Network",),
    "network": ("Network",),
}

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/what-if")
def what_if(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    leaves: Texts = [],  # noqa: B006 - FastAPI copies it
    drops: Texts = [],  # noqa: B006
    acquired: Text = "",
    by: Text = "",
    joins: Texts = [],  # noqa: B006
    allies: Texts = [],  # noqa: B006
    target: Text = "",
    max_steps: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> HTMLResponse:
    """A scenario; of a firm alone, which partners may be taken over."""
    names = {"firm": [firm], "leaves": leaves, "acquired": [acquired], "by": [by]}
    names |= {"allies": allies, "joins": joins, "drops": drops, "target": [target]}
    form = _form("what-if", names, {"max_steps": [max_steps]}, as_of, known_at)

    def answer(form: AskForm, links: Links) -> str:
        day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
        steps = _number(max_steps, "max_steps", 3, 6)
        given = {
            k: tuple(c.value for c in form.chosen[k])
            for k in ("leaves", "drops", "joins", "allies")
        }
        pair = {k: c.value for k in ("acquired", "by") if (c := form.choice(k))}
        focal = form.choice("firm")
        assert focal is not None
        if not pair and not any(given.values()):
            found = exposure(explorer, focal.value, as_of=day, known_at=known)
            return what_if_page(links, form=form, exposure=found)
        asked = Suppositions.model_validate({**given, **pair})
        aim = form.choice("target")
        result = suppose(
            explorer,
            focal.value,
            asked,
            as_of=day,
            known_at=known,
            target=aim.value if aim else None,
            max_steps=steps,
        )
        before, after = scenario_subgraphs(explorer, focal.value, asked, as_of=day, known_at=known)
        pictures = viz.ego_picture(before), viz.ego_picture(after)
        check = None
        if [c.kind for c in result.changes] == ["allies"]:
            other = result.changes[0].actor.id
            check = check_candidate(
                explorer, focal.value, other, as_of=day, known_at=known, max_steps=steps
            )
        return what_if_page(links, form=form, result=result, pictures=pictures, check=check)

    return _page(
        request, explorer, form, answer, lambda f, links, p: what_if_page(links, form=f, problem=p)
    )


@router.get("/partners")
def partners(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    capability: Texts = [],  # noqa: B006
    country: Text = "",
    city: Text = "",
    size: Text = "",
    actor_type: Text = "",
    network: Text = "",
    proximity: Texts = [],  # noqa: B006
    cursor: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> HTMLResponse:
    """Candidates for an alliance."""
    own = {n: request.query_params.get(_field(n), "")[:20] for n in WEIGHTS}
    typed = {"capability": capability, "country": [country], "city": [city], "size": [size]}
    typed |= {"actor_type": [actor_type], "cursor": [cursor], "proximity": proximity}
    typed |= {_field(n): [v] for n, v in own.items()}
    form = _form("partners", {"firm": [firm], "network": [network]}, typed, as_of, known_at)
    known_names = known_capabilities(explorer)

    def shown(form: AskForm, links: Links, problem: Problem | None) -> str:
        return partners_page(
            links,
            form=form,
            known=known_names,
            weights=WEIGHTS,
            choices=CHOICES,
            problem=problem,
        )

    def answer(form: AskForm, links: Links) -> str:
        focal = form.choice("firm")
        assert focal is not None
        criteria = Criteria(
            capability=form.typed["capability"],
            country=form.typed["country"],
            city=form.typed["city"],
            size=form.typed["size"],
            actor_type=form.typed["actor_type"],
            network=tuple(c.value for c in form.chosen["network"]),
            proximity=form.typed["proximity"],
        )
        result = partner_search(
            explorer,
            focal.value,
            criteria,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            weights={n: _weight(n, v) for n, v in own.items() if v.strip()},
            cursor=cursor.strip() or None,
        )
        return partners_page(
            links,
            form=form,
            known=known_names,
            weights=WEIGHTS,
            choices=CHOICES,
            result=result,
        )

    return _page(request, explorer, form, answer, shown)


@router.get("/constellations")
def constellations(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    capability: Texts = [],  # noqa: B006
    max_size: Text = "",
    slack: Text = "",
    stated_only: Text = "",
    as_of: Text = "",
    known_at: Text = "",
) -> HTMLResponse:
    """Smallest sets of firms that cover what is needed."""
    typed = {"capability": capability, "max_size": [max_size], "slack": [slack]}
    typed |= {"stated_only": [stated_only]}
    form = _form("constellations", {"firm": [firm]}, typed, as_of, known_at)
    known_names = known_capabilities(explorer)

    def shown(form: AskForm, links: Links, problem: Problem | None) -> str:
        return constellations_page(links, form=form, known=known_names, problem=problem)

    def answer(form: AskForm, links: Links) -> str:
        focal = form.choice("firm")
        assert focal is not None
        if not form.typed["capability"]:
            raise InvalidRequest("name what is needed: one capability or more", "capability")
        result = find_constellations(
            explorer,
            focal.value,
            form.typed["capability"],
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            max_size=_number(max_size, "max_size", 4, 8),
            slack=_number(slack, "slack", 0, 3, least=0),
            stated_only=bool(stated_only.strip()),
        )
        picture = viz.ego_picture(subgraph_of(result)) if result.constellations else None
        return constellations_page(
            links, form=form, known=known_names, result=result, picture=picture
        )

    return _page(request, explorer, form, answer, shown)


def subgraph_of(result: Constellations) -> Subgraph:
    """The best constellation as a picture."""
    best = result.constellations[0]
    refs = {result.focal.id: result.focal, **{m.actor.id: m.actor for m in best.members}}
    near = {
        i
        for j in best.joints
        if result.focal.id in (j.one.id, j.other.id)
        for i in (j.one.id, j.other.id)
    }
    return Subgraph(
        focal=result.focal.id,
        nodes=[
            SubgraphNode(
                id=i,
                label=r.label,
                name=r.name,
                role="focal" if i == result.focal.id else "ally" if i in near else "firm",
                ring=0 if i == result.focal.id else 1 if i in near else 2,
                properties={},
            )
            for i, r in refs.items()
        ],
        edges=[
            SubgraphEdge(
                from_id=j.one.id,
                to_id=j.other.id,
                type=j.ties[0].kind,
                strength=j.strength,
                properties={},
            )
            for j in best.joints
        ],
        left_out={},
    )


# --- what the pages share -------------------------------------------------------------------------


def _form(
    page: str,
    names: Mapping[str, list[str]],
    typed: Mapping[str, list[str]],
    as_of: str,
    known_at: str,
) -> AskForm:
    dated = {**typed, "as_of": [as_of], "known_at": [known_at]}
    return AskForm(
        page,
        {k: tuple(c for v in some if (c := chosen(v, None))) for k, some in names.items()},
        {k: tuple(v.strip() for v in some if v.strip()) for k, some in dated.items()},
    )


def _page(
    request: Request,
    explorer: Explorer,
    form: AskForm,
    answer: Callable[[AskForm, Links], str],
    shown: Callable[[AskForm, Links, Problem | None], str],
) -> HTMLResponse:
    """The form alone, the answer, or the form with what is wrong."""
    links = links_of(request)
    form, problem = _resolved(explorer, links, form)
    if problem:
        return HTMLResponse(shown(form, links, problem), HTTPStatus.NOT_FOUND)
    if form.choice("firm") is None:
        return HTMLResponse(shown(form, links, None))
    try:
        day = parse_day(form.text("as_of"), "as_of")
        parse_day(form.text("known_at"), "known_at")
        return HTMLResponse(answer(form, links_of(request, _iso(day), form.text("known_at"))))
    except ValidationError as exc:
        problem = Problem("That cannot be asked so.", exc.errors()[0]["msg"] + ".")
    except InvalidRequest as exc:
        problem = Problem("That cannot be asked so.", sentence(exc), exc.field)
    return HTMLResponse(shown(form, links, problem), HTTPStatus.UNPROCESSABLE_ENTITY)


def _resolved(explorer: Explorer, links: Links, form: AskForm) -> tuple[AskForm, Problem | None]:
    """Resolve the names in a form; the first that cannot be is the problem."""
    for field, some in form.chosen.items():
        for typed in some:
            try:
                ref = explorer.resolve(typed.value, LABELS.get(field, ("Firm",)), field)
            except (UnknownActor, AmbiguousActor) as exc:
                return form, _unknown(exc, links, form, field, typed)
            except InvalidRequest as exc:
                return form, Problem("That cannot be asked so.", sentence(exc), field)
            form = form.choosing(field, typed.value, Choice(ref.id, ref.name))
    return form, None


def _unknown(
    exc: UnknownActor | AmbiguousActor, links: Links, form: AskForm, field: str, typed: Choice
) -> Problem:
    several = isinstance(exc, AmbiguousActor)
    shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
    title = f"“{shown}” is the name of several." if several else f"Nobody here is called “{shown}”."
    message = "Say which one you mean." if several else ""
    if not exc.nearest:
        message = "No name is like it. Look for a part of the name on the search page."
    near = [
        (name, id_, form.choosing(field, typed.value, Choice(id_, name)).address(links))
        for id_, name in exc.nearest
    ]
    return Problem(title, message, field, near)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _field(weight: str) -> str:
    return "w_" + weight.replace(" ", "_")


def _weight(name: str, typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise InvalidRequest(f"the weight of {name} is a number from 0 to 100", "weight") from None


def _number(typed: str, field: str, usual: int, most: int, least: int = 1) -> int:
    typed = typed.strip()
    if not typed:
        return usual
    if not (typed.isascii() and typed.isdigit()) or not least <= int(typed[:9]) <= most:
        name = field.replace("_", " ")
        raise InvalidRequest(f"{name} has to be a number from {least} to {most}", field)
    return int(typed)
