"""The picture that is worked with: what the page is given to draw, to filter and to tell.

The page holds what the user does (who is shown and where, filters, notes, steps of a story) and
writes it into its link; everything that is known about actors and ties it asks for here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from alliance_explorer.queries.bridging.models import BridgesResult
from alliance_explorer.queries.models import (
    Ref,
    SourceRef,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
)

from . import layout, style
from .forces import forces
from .forms import Choice
from .links import Links
from .network import Picture, dates, line_id, merged, placed_picture, told
from .pages import Problem, render

RINGS: Final = 70
"""Up to so many nodes around one actor stand in rings, as on its own page."""


@dataclass(frozen=True)
class Start:
    """With what a picture begins.

    Parameters
    ----------
    focus : sequence of str
        Ids of those it is about.
    roles : mapping of id to str
        Roles that the graph does not tell: who is to be reached, who is a bridge.
    as_of, known_at : str
        Dates in ISO form, or empty. All on record is in the picture, and `as_of` the day that it
        is filtered by at first.
    way : sequence of ids
        Actors of the best way, to be lit.
    ask, avoid : sequence of ids
        Between which two ways were asked for, and through whom not.
    left_out : mapping of str to int
        How many more there are around those in focus, by label.
    title : str
        What the picture is called.
    """

    focus: Sequence[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    as_of: str = ""
    known_at: str = ""
    way: Sequence[str] = ()
    ask: Sequence[str] = ()
    avoid: Sequence[str] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    title: str = ""

    def data(self) -> dict[str, Any]:
        """As the page's scripts read it."""
        return {
            "focus": list(self.focus),
            "roles": dict(self.roles),
            "as_of": self.as_of,
            "known_at": self.known_at,
            "way": list(self.way),
            "ask": list(self.ask),
            "avoid": list(self.avoid),
            "title": self.title,
        }


def with_roles(graph: Subgraph, roles: Mapping[str, str]) -> Subgraph:
    """Return a subgraph in which some nodes have other roles."""
    nodes = [
        n.model_copy(update={"role": roles[n.id]}) if n.id in roles else n for n in graph.nodes
    ]
    return graph.model_copy(update={"nodes": nodes})


def placed(
    graph: Subgraph, fixed: Mapping[str, layout.Point], ways: Subgraph | None = None
) -> layout.Positions:
    """Return a place for every node; those that have one keep it.

    Parameters
    ----------
    graph : Subgraph
    fixed : mapping of id to (x, y)
        Places that must not change.
    ways : Subgraph, optional
        Ways between two actors, which are to be drawn as ways.
    """
    ids = [n.id for n in graph.nodes]
    pairs = [(e.from_id, e.to_id) for e in graph.edges]
    held = {i: fixed[i] for i in ids if i in fixed}
    if not held and ways is not None:
        layers = {n.id: float(n.ring) for n in ways.nodes}
        pairs_ = [(e.from_id, e.to_id) for e in ways.edges]
        held = {i: at for i, at in layout.layered(layers, pairs_).items() if i in set(ids)}
    focal = [n.id for n in graph.nodes if n.role == "focal"]
    if not held and len(focal) == 1 and len(ids) <= RINGS:
        orders = {n.id: style.role_style(n.label, n.role).order for n in graph.nodes}
        return layout.rings(focal[0], orders, pairs, outside=style.ROLES["agreement"].order)
    return forces(ids, pairs, held)


def picture_of(graph: Subgraph, positions: layout.Positions) -> Picture:
    """Return the picture of a subgraph whose places are known."""
    names = ", ".join(n.name for n in graph.nodes if n.role == "focal")
    return placed_picture(graph, positions, f"{names or 'Actors'} and those around")


def data_of(
    graph: Subgraph,
    picture: Picture,
    sources: Mapping[str, SourceRef],
    missing: Sequence[str] = (),
) -> dict[str, Any]:
    """Return all that the page's scripts need to draw, filter and tell a subgraph.

    Parameters
    ----------
    graph : Subgraph
    picture : Picture
        Of the same subgraph.
    sources : mapping of id to SourceRef
    missing : sequence of str
        Ids that were asked for and are not in the graph.

    Returns
    -------
    dict
        As vis-network takes it, and for each node its role's name and size, for each edge the
        `facts` it stands for, with dates, confidence and source.
    """
    by_id = {n.id: n for n in graph.nodes}
    nodes = [_node(drawn, by_id[str(drawn["id"])]) for drawn in picture.nodes]
    edges = [
        _edge(drawn, facts, by_id)
        for drawn, facts in zip(picture.edges, merged(graph), strict=True)
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "sources": {i: {"title": s.title, "url": s.url or ""} for i, s in sources.items()},
        "missing": list(missing),
    }


def looks() -> dict[str, Any]:
    """Return how everything is drawn, in both themes: the same for every picture."""
    nodes = {
        theme: {
            role.key: {
                "fill": style.paint(role, theme).fill,
                "border": style.paint(role, theme).border,
            }
            for role in style.ROLES.values()
        }
        for theme in style.THEMES
    }
    edges = {
        theme: {e.key: e.light if theme == "light" else e.dark for e in style.EDGES.values()}
        for theme in style.THEMES
    }
    return {
        "nodes": nodes,
        "edges": edges,
        "borders": {r.key: r.border for r in style.ROLES.values()},
        "roles": {r.key: r.text for r in style.ROLES.values()},
        "ties": {e.key: e.text for e in style.EDGES.values()},
        "verbs": {e.key: e.verb for e in style.EDGES.values()},
    }


def _node(drawn: Mapping[str, Any], node: SubgraphNode) -> dict[str, Any]:
    # Whole numbers, as links hold them: whoever opens one sees the very same places.
    shown = dict(drawn) | {"x": round(drawn["x"]), "y": round(drawn["y"])}
    # What it is to those in focus depends on the day, and is told by the page.
    shown["tip"] = [style.label_style(node.label).text, *shown["tip"][1:]]
    shown["members"] = node.properties.get("members", 0)
    return shown


def _edge(
    drawn: Mapping[str, Any],
    facts: Sequence[SubgraphEdge],
    by_id: Mapping[str, SubgraphNode],
) -> dict[str, Any]:
    shown = {k: v for k, v in drawn.items() if k != "tip"}
    shown["inferred"] = facts[0].inferred
    shown["id"] = line_id(facts[0])
    shown["facts"] = [_fact(f, by_id) for f in facts]
    return shown


def _fact(fact: SubgraphEdge, by_id: Mapping[str, SubgraphNode]) -> dict[str, Any]:
    since, until = dates(fact)
    p = fact.properties
    return {
        "type": fact.type,
        "text": told(fact, by_id),
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "confidence": p.get("confidence", 1),
        "source": p.get("source", ""),
    }


def bodies_of(result: BridgesResult) -> list[Ref]:
    """Return what the ways of an answer share and is to be drawn between actors.

    That is, over each step, the body that joins the two best, if it is no alliance of two.
    """
    found: dict[str, Ref] = {}
    told_ = [p for b in result.bridges for p in b.paths[:1]]
    for path in [*told_, *([result.direct] if result.direct else [])]:
        for step in path.steps:
            best = step.ties[0]
            if best.shared and (best.shared.label == "Network" or best.participants > 2):
                found[best.shared.id] = best.shared
    return list(found.values())


def explore_page(
    links: Links,
    *,
    start: Start,
    picture: Picture | None,
    data: Mapping[str, Any] | None,
    cypher: Sequence[tuple[str, str, str]],
    form: Sequence[Choice] = (),
    problem: Problem | None = None,
) -> str:
    """Return the page of the picture that is worked with.

    Parameters
    ----------
    links : Links
    start : Start
    picture : Picture, optional
        None: nobody was named; a link may still hold all.
    data : mapping, optional
        `data_of` the picture.
    cypher : sequence of (str, str, str)
        Name, meaning and text of what pictures are read by.
    form : sequence of Choice
        What was asked for, to be mended.
    problem : Problem, optional
        What is wrong with it.
    """
    everything = {"start": start.data(), "looks": looks(), "picture": data}
    safe: Markup = htmlsafe_json_dumps(everything, separators=(",", ":"))
    return render(
        "explore.html",
        links=links,
        start=start,
        picture=picture,
        all_data=safe,
        cypher=cypher,
        form=form,
        problem=problem,
        roles=style.ROLES,
        shapes=style.LABELS,
        ties=style.EDGES,
        today=dt.date.today().isoformat(),
    )
