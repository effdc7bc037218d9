"""The picture that is worked with: its page, what its scripts ask for, the file to take along."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer import queries, viz
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor
from alliance_explorer.limits import NEIGHBOURS
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.models import SourceRef, Subgraph
from alliance_explorer.queries.picture_models import Surroundings
from alliance_explorer.queries.pictures import MOST, READ_BY, beginning, subgraph
from alliance_explorer.queries.surroundings import AROUND, DRAWN, surroundings
from alliance_explorer.viz import explore
from alliance_explorer.viz.explore import Start
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem
from alliance_explorer.viz.standalone import render_placed
from alliance_explorer.viz.text import parse_day

from .bridge_pages import OneText, Text, Texts
from .dependencies import TheExplorer
from .page_route import PageRoute, links_of, sentence

USUAL: Final = 60
ROLES: Final = ("focal", "target", "bridge", "intermediary")
JSON: Final[dict[str, Any]] = {"media_type": "application/json"}

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# What scripts ask for: errors are problem documents.
for_scripts = APIRouter(include_in_schema=False)

Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Id = Annotated[str, Field(max_length=8_000)]
Told = Annotated[str, Field(max_length=4_000)]


class Shown(BaseModel):
    """What a page shows: who is there, and where those stand that were placed before."""

    model_config = ConfigDict(extra="forbid")

    nodes: list[Id] = Field(min_length=1, max_length=MOST)
    focus: list[Id] = Field(default=[], max_length=50)
    roles: dict[Id, str] = Field(default={}, max_length=200)
    positions: dict[Id, tuple[Number, Number]] = Field(default={}, max_length=MOST)
    as_of: str = Field("", max_length=10)
    known_at: str = Field("", max_length=10)


class Expanded(BaseModel):
    """Who is to be expanded, by what, beside whom."""

    model_config = ConfigDict(extra="forbid")

    actor: Id
    kinds: list[Id] = Field(default=[], max_length=10)
    limit: int = Field(NEIGHBOURS.usual, ge=NEIGHBOURS.least, le=NEIGHBOURS.most)
    nodes: list[Id] = Field(default=[], max_length=MOST)
    as_of: str = Field("", max_length=10)
    known_at: str = Field("", max_length=10)


class Begun(BaseModel):
    """With whom a picture is to begin, or go on."""

    id: str
    name: str
    nodes: list[str]


class Passage(BaseModel):
    """A step of a story, or a note: who or what it is about, and a text."""

    model_config = ConfigDict(extra="forbid")

    title: Told = ""
    text: Told = ""


class TakenAlong(Shown):
    """A picture to be written into one file."""

    title: Told = "Picture"
    note: Told = ""
    ties: list[Id] | None = Field(default=None, max_length=50_000)
    notes: list[Passage] = Field(default=[], max_length=500)
    steps: list[Passage] = Field(default=[], max_length=200)


@router.get("/explore")
def page(
    request: Request,
    explorer: TheExplorer,
    actor: Texts = [],  # noqa: B006 - FastAPI copies it
    from_: Annotated[list[OneText], Query(alias="from", max_length=50)] = [],  # noqa: B006
    to: Text = "",
    avoid: Texts = [],  # noqa: B006
    as_of: Text = "",
    known_at: Text = "",
    limit: Text = "",
) -> HTMLResponse:
    """The page, with a first picture if somebody is named."""
    links = links_of(request, as_of, known_at)
    named = [a for a in (*actor, *from_, to) if a.strip()]
    form = [Choice(a, a) for a in named]
    try:
        start, shown, ways = _start(explorer, actor, from_, to, avoid, as_of, known_at, limit)
    except (UnknownActor, AmbiguousActor) as exc:
        problem = Problem(
            f"Nobody here is called “{exc.name.strip()[:80]}”."
            if isinstance(exc, UnknownActor)
            else f"“{exc.name.strip()[:80]}” is the name of several.",
            "",
            "actor",
            [(name, id_, links.explore([id_])) for id_, name in exc.nearest],
        )
        return _page(links, explorer, Start(), None, form, problem, HTTPStatus.NOT_FOUND)
    except InvalidRequest as exc:
        problem = Problem("That cannot be asked so.", sentence(exc), exc.field)
        return _page(links, explorer, Start(), None, form, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not shown:
        return _page(links, explorer, start, None, form, None, HTTPStatus.OK)
    asked = Shown(
        nodes=shown,
        focus=list(start.focus),
        roles=dict(start.roles),
        known_at=start.known_at,
    )
    graph = _graph(explorer, asked, shown)
    return _page(links, explorer, start, _drawn(explorer, graph, {}, ways), form)


@for_scripts.post("/explore/data")
def data(explorer: TheExplorer, asked: Shown) -> Response:
    """Everything among those who are shown, with a place for each: old ones stay where they are."""
    names = explorer.projection().names
    nodes = [n for n in dict.fromkeys(asked.nodes) if n in names]
    missing = [n for n in asked.nodes if n not in names]
    if not nodes:
        return Response(
            _json({"nodes": [], "edges": [], "sources": {}, "missing": missing}), **JSON
        )
    _, _, found = _drawn(explorer, _graph(explorer, asked, nodes), asked.positions)
    return Response(_json(found | {"missing": missing}), **JSON)


@for_scripts.post("/explore/around")
def around(explorer: TheExplorer, asked: Expanded) -> Surroundings:
    """What somebody in the picture can be expanded by; those who are there are not shown again."""
    return surroundings(
        explorer,
        asked.actor,
        kinds=asked.kinds or AROUND,
        limit=asked.limit,
        beside=asked.nodes,
        as_of=parse_day(asked.as_of, "as_of"),
        known_at=parse_day(asked.known_at, "known_at"),
    )


@for_scripts.post("/explore/begin")
def begin(explorer: TheExplorer, asked: Expanded) -> Begun:
    """Somebody by name, with the most relevant of those around."""
    ref = explorer.resolve(asked.actor, DRAWN)
    refs, _ = beginning(
        explorer,
        [ref.id],
        limit=asked.limit,
        as_of=parse_day(asked.as_of, "as_of"),
        known_at=parse_day(asked.known_at, "known_at"),
    )
    return Begun(id=ref.id, name=ref.name, nodes=[r.id for r in refs])


@for_scripts.post("/explore/file")
def file(explorer: TheExplorer, asked: TakenAlong) -> Response:
    """The picture as one file that works offline."""
    names = explorer.projection().names
    nodes = [n for n in dict.fromkeys(asked.nodes) if n in names]
    if not nodes:
        raise InvalidRequest("nobody in this picture is on record", "nodes")
    graph = _graph(explorer, asked, nodes)
    text = render_placed(
        graph,
        explore.placed(graph, asked.positions),
        title=asked.title,
        ties=None if asked.ties is None else set(asked.ties),
        note=asked.note,
        notes=[(n.title, n.text) for n in asked.notes],
        steps=[(n.title, n.text) for n in asked.steps],
    )
    return Response(text, media_type="text/html")


def _page(
    links: Links,
    explorer: Explorer,
    start: Start,
    drawn: "tuple[Subgraph, viz.Picture, dict[str, Any]] | None",
    form: Sequence[Choice],
    problem: Problem | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    library = queries.library()
    dialect = explorer.engine.dialect
    text = viz.explore_page(
        links,
        start=start,
        picture=drawn[1] if drawn else None,
        data=drawn[2] if drawn else None,
        cypher=[(n, library[n].meaning, library[n].texts[dialect]) for n in READ_BY],
        form=form,
        problem=problem,
    )
    return HTMLResponse(text, status)


def _start(
    explorer: Explorer,
    actors: Sequence[str],
    from_: Sequence[str],
    to: str,
    avoid: Sequence[str],
    as_of: str,
    known_at: str,
    limit: str,
) -> tuple[Start, list[str], Subgraph | None]:
    """With what the picture begins, who is in it, and the ways that it is laid out by."""
    day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    as_of, known_at = (d.isoformat() if d else "" for d in (day, known))
    asking = [a for a in from_ if a.strip()]
    if asking and to.strip():
        options = PathOptions(as_of=day, known_at=known, avoid=tuple(a for a in avoid if a.strip()))
        result = queries.bridges(explorer, asking, to, options)
        ways = queries.subgraph_of_paths(viz.best_ways(result))
        shown = dict.fromkeys(
            [n.id for n in ways.nodes] + [b.id for b in explore.bodies_of(result)]
        )
        best = [b.paths[0] for b in result.bridges[:1]] or [p for p in [result.direct] if p]
        return (
            Start(
                focus=[n.id for n in ways.nodes if n.role == "focal"],
                roles={n.id: n.role for n in ways.nodes if n.role in ("target", "bridge")},
                way=[a.id for p in best for a in p.actors],
                ask=[result.focal.id, result.target.id] if len(asking) == 1 else [],
                avoid=[a.id for a in result.searched.avoid],
                title=f"Ways from {result.focal.name} to {result.target.name}",
                as_of=as_of,
                known_at=known_at,
            ),
            list(shown),
            ways,
        )
    named = [a for a in (*actors, *asking, to) if a.strip()]
    if not named:
        return Start(as_of=as_of, known_at=known_at), [], None
    refs, left = beginning(explorer, named, limit=_limit(limit), as_of=day, known_at=known)
    focus = list(dict.fromkeys(explorer.resolve(n, DRAWN).id for n in named))
    first = [r.name for r in refs if r.id in focus]
    title = " and ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")
    start = Start(
        focus=focus,
        left_out=left,
        title=f"{title} and those around",
        as_of=as_of,
        known_at=known_at,
    )
    return start, [r.id for r in refs], None


def _limit(text: str) -> int:
    text = text.strip()
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit()) or not 0 <= int(text[:9]) < MOST:
        raise InvalidRequest(f"the number of actors has to be from 0 to {MOST - 1:,}", "limit")
    return int(text)


def _graph(explorer: Explorer, asked: Shown, nodes: Sequence[str]) -> Subgraph:
    graph = subgraph(
        explorer,
        nodes,
        focus=asked.focus,
        as_of=parse_day(asked.as_of, "as_of"),
        known_at=parse_day(asked.known_at, "known_at"),
    )
    return explore.with_roles(graph, {i: r for i, r in asked.roles.items() if r in ROLES})


def _drawn(
    explorer: Explorer,
    graph: Subgraph,
    fixed: Mapping[str, tuple[float, float]],
    ways: Subgraph | None = None,
) -> tuple[Subgraph, viz.Picture, dict[str, Any]]:
    picture = explore.picture_of(graph, explore.placed(graph, fixed, ways))
    sources: dict[str, SourceRef] = explorer.sources(
        [e.properties.get("source") for e in graph.edges]
    )
    return graph, picture, explore.data_of(graph, picture, sources)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
