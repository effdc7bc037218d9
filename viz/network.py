"""From a subgraph to the data of a picture: pyvis builds the network, the page draws it.

Of pyvis only `Network.add_node`, `add_edge` and `get_network_data` are used. It has traps that are
avoided here: an undirected network drops the second edge between two nodes, and looks through all
edges to do so (hence `directed`); `set_options` deletes every space; an empty label becomes the id;
a node that is added again is silently ignored. Its HTML writer, which does not escape and loads
from elsewhere, is never called.
"""

import datetime as dt
import json
import math
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from pyvis.network import Network

from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode

from . import layout, style, text
from .selection import READABLE, readable

LABEL_WIDTH: Final = 18
LABEL_LINES: Final = 3
FONT: Final = 17
_MOVING_EDGES: Final = 600
_THEME_TEXT: Final = {
    "light": {"color": "#23272e", "strokeColor": "#ffffff"},
    "dark": {"color": "#e8eaee", "strokeColor": "#171b21"},
}
_BENDS: Final = (0.0, 0.16, -0.16, 0.3, -0.3, 0.44, -0.44)


@dataclass(frozen=True)
class TieLine:
    """One edge of a picture, told in words."""

    one: SubgraphNode
    verb: str
    other: SubgraphNode
    details: str
    tie: style.EdgeStyle
    inferred: bool


@dataclass(frozen=True)
class LegendItem:
    """How one kind of node in one role is drawn, and what that says."""

    role: style.RoleStyle
    label: style.LabelStyle
    text: str


@dataclass(frozen=True)
class Picture:
    """A picture as data, with its legend and with everything it shows in words.

    Parameters
    ----------
    nodes, edges : list of dict
        As vis-network takes them; `tip` holds the lines of a tooltip, as plain text.
    options : dict
        Options of vis-network that do not depend on the theme.
    styles : dict
        Colours by theme: of groups of nodes, of kinds of edges, of text.
    legend, ties : sequences
        What the legend has to explain: no more than occurs.
    directed, inferred, by_strength : bool
        Whether a tie is drawn with an arrow, as inferred, or as thick as it is strong.
    lines : sequence of TieLine
        The edges in words.
    left_out : dict of str to int
        How many nodes are not shown, by label.
    alt : str
        What the picture shows, in a sentence.
    """

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    options: dict[str, Any]
    styles: dict[str, Any]
    legend: Sequence[LegendItem]
    ties: Sequence[style.EdgeStyle]
    directed: bool
    inferred: bool
    by_strength: bool
    lines: Sequence[TieLine]
    left_out: Mapping[str, int]
    alt: str

    def json(self) -> Markup:
        """Return the data for a `<script type="application/json">`; no value can leave it."""
        return htmlsafe_json_dumps(
            {
                "nodes": self.nodes,
                "edges": self.edges,
                "options": self.options,
                "styles": self.styles,
            },
            separators=(",", ":"),
        )


def ego_picture(subgraph: Subgraph, limit: int = READABLE) -> Picture:
    """Picture of one actor and those around it: allies inside, networks outside.

    Parameters
    ----------
    subgraph : Subgraph
        The neighbourhood; of a large one the part that says most is shown.
    limit : int
        Most nodes beside the focal one.
    """
    graph = readable(subgraph, limit)
    orders = {n.id: style.role_style(n.label, n.role).order for n in graph.nodes}
    positions = layout.rings(
        graph.focal, orders, _pairs(graph), outside=style.ROLES["agreement"].order
    )
    return _picture(graph, positions, None, f"{_name(graph)} and those around it")


def path_picture(graph: Subgraph) -> Picture:
    """Picture of paths: the focal actor on the left, the target on the right, by steps."""
    positions = layout.layered(_layers(graph), _pairs(graph))
    target = next((n.name for n in graph.nodes if n.role == "target"), None)
    alt = f"Ways from {_name(graph)}" + (f" to {target}" if target else "")
    return _picture(graph, positions, layout.transposed(positions), alt)


def placed_picture(graph: Subgraph, positions: layout.Positions, alt: str) -> Picture:
    """Picture of a subgraph whose places are known; every node needs one."""
    return _picture(graph, positions, None, alt)


def merged(graph: Subgraph) -> list[list[SubgraphEdge]]:
    """Return the edges of a subgraph as a picture draws them: those in a list are one line."""
    return _merged(graph, {n.id: n for n in graph.nodes})


def line_id(first: SubgraphEdge) -> str:
    """Return the lasting id of the line that an edge is drawn as: both ends and its kind."""
    drawn, ends = style.edge_style(first.type), (first.from_id, first.to_id)
    if not drawn.arrow or not style.is_relationship(first.type):
        ends = min(ends), max(ends)
    return " ".join((*ends, drawn.key, *(["inferred"] if first.inferred else [])))


def told(edge: SubgraphEdge, by_id: Mapping[str, SubgraphNode]) -> str:
    """Return what one edge says in words: its name, role, period."""
    return _line([edge], by_id).details


def dates(edge: SubgraphEdge) -> tuple[dt.date | None, dt.date | None]:
    """Return the validity of an edge, half-open."""
    return _dates(edge)


def _picture(
    graph: Subgraph, positions: layout.Positions, tall: layout.Positions | None, alt: str
) -> Picture:
    network = Network(directed=True)
    for node in graph.nodes:
        network.add_node(
            node.id, **_node(node, positions[node.id], tall[node.id] if tall else None)
        )
    by_id = {n.id: n for n in graph.nodes}
    lines = []
    together: Counter[frozenset[str]] = Counter()
    for number, edges in enumerate(_merged(graph, by_id)):
        first = edges[0]
        ends = frozenset((first.from_id, first.to_id))
        bend = _BENDS[together[ends] % len(_BENDS)]
        if first.from_id > first.to_id:
            bend = -bend
        if not together[ends]:
            bend = _around(first, positions, 55 if tall else 24)
        together[ends] += 1
        line = _line(edges, by_id)
        network.add_edge(first.from_id, first.to_id, **_edge(number, edges, line, bend))
        lines.append(line)
    network.options = _options(len(network.edges))
    nodes, drawn, _, _, _, options = network.get_network_data()
    looks = {(style.role_style(n.label, n.role), style.label_style(n.label)) for n in graph.nodes}
    return Picture(
        nodes=nodes,
        edges=drawn,
        options=json.loads(options),
        styles={theme: _theme(theme, {role for role, _ in looks}) for theme in style.THEMES},
        legend=_legend(looks),
        ties=[tie for tie in style.EDGES.values() if any(line.tie is tie for line in lines)],
        directed=any(edge["arrows"]["to"]["enabled"] for edge in drawn),
        inferred=any(line.inferred for line in lines),
        by_strength=any(e.strength is not None for e in graph.edges),
        lines=lines,
        left_out={label: n for label, n in graph.left_out.items() if n > 0},
        alt=f"{alt}: {text.plural(len(nodes), 'node')}, {text.plural(len(drawn), 'tie')}.",
    )


def _legend(looks: set[tuple[style.RoleStyle, style.LabelStyle]]) -> list[LegendItem]:
    """Name every look that occurs; roles that several labels have are told apart."""
    roles, labels = list(style.ROLES.values()), list(style.LABELS.values())
    items = []
    for role, label in sorted(
        looks, key=lambda look: (roles.index(look[0]), labels.index(look[1]))
    ):
        shared = sum(r is role for r, _ in looks) > 1
        items.append(
            LegendItem(role, label, f"{role.text} ({label.text})" if shared else role.text)
        )
    return items


def _node(node: SubgraphNode, at: layout.Point, tall: layout.Point | None) -> dict[str, Any]:
    role, label = style.role_style(node.label, node.role), style.label_style(node.label)
    shown: dict[str, Any] = {
        "label": label_text(node.name) or "?",
        "shape": label.shape,
        "group": role.key,
        "size": role.size * label.scale,
        "borderWidth": role.border,
        "borderWidthSelected": role.border + 2,
        "x": at[0],
        "y": at[1],
        "name": text.shorten(node.name, 200),
        "tip": _node_tip(node),
        "kind": node.label,
    }
    shown["font"] = {"size": FONT + 4 if role.key in {"focal", "target"} else FONT}
    if tall:
        shown["tall"] = tall
    return shown


def _node_tip(node: SubgraphNode) -> list[str]:
    what = style.label_style(node.label).text
    lines = [f"{what} · {node.role}" if node.role and node.role != what else what]
    for name in ("actor_type", "size_class", "employees", "country", "city", "kind", "segments"):
        if value := node.properties.get(name):
            written = text.words(text.value_text(value))
            lines.append(f"{text.title(name) if name != 'kind' else 'Kind'}: {written}")
    return [text.shorten(line, 160) for line in lines]


def _edge(number: int, edges: Sequence[SubgraphEdge], line: TieLine, bend: float) -> dict[str, Any]:
    drawn = line.tie
    strengths = [e.strength for e in edges if e.strength is not None]
    if strengths:
        width = 1.5 + 6 * max(strengths)
    else:
        width = drawn.width * (1 + 0.5 * math.log2(len(edges)))
    directed = drawn.arrow and style.is_relationship(edges[0].type)
    shape: bool | dict[str, Any] = False
    if bend:
        turn = "curvedCW" if bend > 0 else "curvedCCW"
        shape = {"enabled": True, "type": turn, "roundness": abs(bend)}
    return {
        "id": f"tie-{number}",
        "kind": drawn.key,
        "width": round(width, 2),
        "dashes": list(style.dashes(drawn, line.inferred)) or False,
        "arrows": {"to": {"enabled": directed, "type": "arrow", "scaleFactor": 0.7}},
        "smooth": shape,
        "tip": [
            f"{text.shorten(line.one.name, 80)} {line.verb} {text.shorten(line.other.name, 80)}",
            *([text.shorten(line.details, 240)] if line.details else []),
        ],
    }


def _line(edges: Sequence[SubgraphEdge], by_id: Mapping[str, SubgraphNode]) -> TieLine:
    first = edges[0]
    drawn = style.edge_style(first.type)
    notes: dict[str, None] = {}
    for edge in edges:
        told = edge.properties.get("sentences")
        if isinstance(told, list):
            strength = f" (strength {text.score(edge.strength)})" if edge.strength else ""
            notes.setdefault(" ".join(map(str, told)) + strength)
            continue
        parts = [
            text.words(text.value_text(edge.properties[name]))
            for name in ("name", "title", "role", "tier", "market", "context", "stake")
            if edge.properties.get(name) and edge.properties[name] != "partner"
        ]
        parts.append(text.period(*_dates(edge)))
        if edge.strength is not None:
            parts.append(f"strength {text.score(edge.strength)}")
        notes.setdefault(", ".join(filter(None, parts)))
    details = "; ".join(filter(None, notes))
    if first.inferred:
        details = f"inferred by a rule; {details}" if details else "inferred by a rule"
    verb = drawn.verb if style.is_relationship(first.type) else "tied to"
    return TieLine(by_id[first.from_id], verb, by_id[first.to_id], details, drawn, first.inferred)


def _dates(edge: SubgraphEdge) -> tuple[dt.date | None, dt.date | None]:
    """Validity of an edge; alliances and takeovers name their dates otherwise."""
    known = {name: day for name, day in edge.properties.items() if isinstance(day, dt.date)}
    since = known.get("since") or known.get("start") or known.get("date")
    return since, known.get("until") or known.get("end")


def _merged(graph: Subgraph, by_id: Mapping[str, SubgraphNode]) -> list[list[SubgraphEdge]]:
    """Put edges that would be drawn over each other together, in a lasting order."""
    groups: dict[tuple[str, str, str, bool], list[SubgraphEdge]] = {}
    for edge in graph.edges:
        if edge.from_id not in by_id or edge.to_id not in by_id:
            continue
        drawn = style.edge_style(edge.type)
        ends = edge.from_id, edge.to_id
        if not drawn.arrow or not style.is_relationship(edge.type):
            ends = min(ends), max(ends)
        groups.setdefault((*ends, drawn.key, edge.inferred), []).append(edge)
    return [groups[key] for key in sorted(groups)]


def _around(edge: SubgraphEdge, positions: layout.Positions, clear: float) -> float:
    """How a long line has to bend so that it does not run through another node; 0: it does not."""
    (x0, y0), (x1, y1) = positions[edge.from_id], positions[edge.to_id]
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 1.5 * layout.LAYER_GAP or len(positions) > 300:
        return 0.0
    for node, (x, y) in positions.items():
        if node in (edge.from_id, edge.to_id):
            continue
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
        aside = ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
        if 0 < along < length and abs(aside) < clear:
            return math.copysign(0.06 + clear / 350, -aside)
    return 0.0


def _layers(graph: Subgraph) -> dict[str, float]:
    """Steps from the focal actor; what two actors share stands between them, the target last."""
    actors = {"Firm", "Person"}
    longest = layout.steps(graph.focal, _pairs(graph))
    steps = {n.id: float(longest.get(n.id, n.ring)) for n in graph.nodes}
    labels = {n.id: n.label for n in graph.nodes}
    last = max(steps.values(), default=0.0)
    near: dict[str, set[str]] = {n.id: set() for n in graph.nodes if n.label not in actors}
    for edge in graph.edges:
        for one, other in ((edge.from_id, edge.to_id), (edge.to_id, edge.from_id)):
            if one in near and labels.get(other) in actors:
                near[one].add(other)
    for node in graph.nodes:
        if node.role == "target":
            steps[node.id] = last
    return steps | {
        body: math.fsum(steps[a] for a in ends) / len(ends) for body, ends in near.items() if ends
    }


def _options(edges: int) -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "tooltipDelay": 120,
            "zoomView": False,
            "keyboard": False,
            "hideEdgesOnDrag": edges > _MOVING_EDGES,
        },
        "edges": {
            "arrowStrikethrough": False,
            "hoverWidth": 1.2,
            "selectionWidth": 1.2,
            "color": {"inherit": False},
        },
    }


def _theme(theme: style.Theme, roles: set[style.RoleStyle]) -> dict[str, Any]:
    groups = {}
    for role in style.ROLES.values():
        if role in roles:
            paint = style.paint(role, theme)
            same = {"background": paint.fill, "border": paint.border}
            groups[role.key] = {"color": same | {"highlight": same, "hover": same}}
    return {
        "groups": groups,
        "edges": {e.key: e.light if theme == "light" else e.dark for e in style.EDGES.values()},
        "font": _THEME_TEXT[theme],
    }


def label_text(name: str) -> str:
    """Break a name into lines that fit under a node, and cut it if it is very long."""
    name = text.shorten(" ".join(name.split()), LABEL_WIDTH * LABEL_LINES)
    return "\n".join(textwrap.wrap(name, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder="…"))


def _pairs(graph: Subgraph) -> list[layout.Pair]:
    return [(e.from_id, e.to_id) for e in graph.edges]


def _name(graph: Subgraph) -> str:
    return next((n.name for n in graph.nodes if n.id == graph.focal), graph.focal)
