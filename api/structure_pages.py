"""The page on structure: its address, and what it asks of the queries."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.keyness import KeynessOptions, keyness
from alliance_explorer.queries.structure.portfolio_structure import (
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.structure_subgraph import structure_subgraph
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.pages import Problem, chosen
from alliance_explorer.viz.structure_page import (
    StructureForm,
    structure_page,
    structure_picture,
)
from alliance_explorer.viz.text import parse_day

from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence

Text = Annotated[str, Query(max_length=20_000)]

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/structure")
def structure_of(
    request: Request,
    explorer: TheExplorer,
    firm: Text = "",
    as_of: Text = "",
    by: Text = "",
    kinds: Text = "",
    other: Annotated[str, Query(alias="with", max_length=20_000)] = "",
    and_as_of: Text = "",
) -> HTMLResponse:
    """Structural holes, roles, weak and strong ties, key partners."""
    links = links_of(request, as_of)
    form = StructureForm(
        firm=chosen(firm, None),
        other=chosen(other, None),
        as_of=as_of.strip(),
        other_as_of=and_as_of.strip(),
        attribute=by.strip() or "country",
        alliances=kinds.strip() == "alliance",
    )
    if not form.firm:
        return HTMLResponse(structure_page(links_of(request), form=form))
    try:
        form = form.but(
            firm=_known(explorer, form.firm, "firm"), other=_known(explorer, form.other, "other")
        )
        assert form.firm
        day, second = parse_day(as_of, "as_of"), parse_day(and_as_of, "other_as_of")
        options = PathOptions.model_validate(
            {"as_of": day} | ({"kinds": ("alliance",)} if form.alliances else {})
        )
        asked = StructureOptions(attribute=form.attribute)
        if form.compared:
            there = options.model_copy(update={"as_of": second or day})
            compared = compare_structures(
                explorer,
                (form.firm.value, options),
                ((form.other or form.firm).value, there),
                asked,
            )
            answer = compared.one
        else:
            compared, answer = None, structure(explorer, form.firm.value, options, asked)
        keys = keyness(explorer, answer.focal.id, options, KeynessOptions(limit=15))
    except (UnknownActor, AmbiguousActor) as exc:
        shown = exc.name if len(exc.name) <= 80 else exc.name[:79] + "…"
        several = isinstance(exc, AmbiguousActor)
        field = "firm" if form.firm and exc.name == form.firm.value.strip() else "other"
        title = f"“{shown}” is the name of several." if several else f"No firm is called “{shown}”."
        nearest = [Choice(id_, name) for id_, name in exc.nearest]
        problem = Problem(
            title,
            "Say which one you mean." if several else "",
            field,
            [
                (c.name, c.value, links.structure(form.but(**{field: c}).parameters()))
                for c in nearest
            ],
        )
        return HTMLResponse(structure_page(links, form=form, problem=problem), HTTPStatus.NOT_FOUND)
    except InvalidRequest as exc:
        problem = Problem("That cannot be asked so.", sentence(exc), exc.field)
        return HTMLResponse(
            structure_page(links_of(request), form=form, problem=problem),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    picture = structure_picture(structure_subgraph(explorer, answer, options), answer)
    return HTMLResponse(
        structure_page(
            links,
            form=form,
            answer=answer,
            keyness=keys,
            comparison=compared,
            picture=picture if answer.partners else None,
        )
    )


def _known(explorer: Explorer, choice: Choice | None, field: str) -> Choice | None:
    return choice and chosen(choice.value, explorer.resolve(choice.value, ("Firm",), field))
