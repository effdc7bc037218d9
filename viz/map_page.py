"""The page of the whole network: a map of groups, laid out here, and what is in an open group."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import networkx as nx

from alliance_explorer.queries.structure.firm_groups import ATTRIBUTES
from alliance_explorer.queries.structure.network_map import SIZES, MapGroup, NetworkMap

from . import text
from .links import Links
from .pages import Problem, render

WIDTH, HEIGHT = 1000.0, 640.0
SMALLEST, LARGEST = 9.0, 58.0
DRAWN_TIES: Final = 160
"""Most ties between groups that are drawn, the strongest; the table has all."""
LABELLED: Final = 24
LETTER: Final = 7.4
"""Width of a letter of a name, in the units of the picture."""
GROUPED_BY: Final = {
    "community": "community",
    "country": "country",
    "actor_type": "kind of actor",
    "segment": "core business",
    "size_class": "size",
    "city": "city",
}
SIZED_BY: Final = {
    "firms": "number of firms",
    "ties": "ties",
    "betweenness": "betweenness",
}


@dataclass(frozen=True)
class MapForm:
    """The whole state of the page.

    Parameters
    ----------
    by, size : str
        What groups are made by, and how large they are drawn.
    within_by, within : str
        The open group; None: none is.
    alliances : bool
        Whether alliances alone count.
    as_of : str
        Day as typed.
    """

    by: str = "community"
    size: str = "firms"
    within_by: str = ""
    within: str | None = None
    alliances: bool = False
    as_of: str = ""

    def but(self, **changes: Any) -> "MapForm":
        """Return the same with some fields changed."""
        return replace(self, **changes)

    def pairs(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is as usual is left out."""
        usual = "community" if self.within is None else "country"
        found = [
            ("by", self.by if self.by != usual else ""),
            ("size", self.size if self.size != "firms" else ""),
            ("within_by", self.within_by),
            ("alliances", "1" if self.alliances else ""),
            ("as_of", self.as_of),
        ]
        kept = [(n, v) for n, v in found if v]
        return kept + ([("within", self.within)] if self.within is not None else [])


@dataclass(frozen=True)
class Disc:
    """A group as it is drawn."""

    group: MapGroup
    x: float
    y: float
    r: float
    lines: Sequence[str]
    inside: bool
    """Whether the name has room in the disc; else it stands below."""
    url: str
    told: str


@dataclass(frozen=True)
class Line:
    """Ties between two groups as they are drawn."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    told: str


@dataclass(frozen=True)
class Drawn:
    """The picture: discs from large to small, and lines below them."""

    discs: Sequence[Disc]
    lines: Sequence[Line]
    lines_left_out: int
    height: float


def map_page(
    links: Links,
    *,
    form: MapForm,
    answer: NetworkMap | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the map or an open group, or what is wrong.

    Parameters
    ----------
    links : Links
    form : MapForm
    answer : NetworkMap, optional
    problem : Problem, optional
    """
    names = {g.key: g.name for g in answer.groups} if answer else {}
    asked = [("by", form.by), ("size", form.size), ("within_by", form.within_by)]
    asked += [("as_of", str(answer.basis.as_of or "") if answer else "")]
    asked += [("kinds", "alliance" if form.alliances else "")]
    pairs = [(n, v) for n, v in asked if v]
    if form.within is not None:
        pairs.append(("within", form.within))
    url = links.api("network/groups", pairs)
    return render(
        "map.html",
        links=links,
        form=form,
        answer=answer,
        drawn=drawn(links, form, answer) if answer and answer.groups else None,
        problem=problem,
        title=_title(answer),
        names=names,
        grouped_by={a: GROUPED_BY[a] for a in ATTRIBUTES if a in GROUPED_BY},
        sized_by={s: SIZED_BY[s] for s in SIZES},
        opened=lambda g: opened(links, form, g),
        outside=links.overview("map", form.but(within=None, within_by="").pairs()),
        share=lambda v: "–" if v is None else f"{v:.4f}",
        data=[("this answer as JSON", url)] if answer else [],
    )


def opened(links: Links, form: MapForm, group: MapGroup) -> str:
    """Return the address of a group, opened; empty inside an open group: its firms are listed."""
    if form.within is not None:
        return ""
    then = "community" if form.by != "community" else "country"
    inner = form.but(within=group.key, within_by=form.by, by=then)
    return links.overview("map", inner.pairs())


def drawn(links: Links, form: MapForm, answer: NetworkMap) -> Drawn:
    """Return the groups laid out: those that are tied near each other, none over another.

    A spring layout of at most a hundred groups, the same each time; then discs are pushed apart.
    """
    values = [_value(g, form.size) for g in answer.groups]
    most = max(values) or 1.0
    radius = {
        g.key: max(SMALLEST, LARGEST * math.sqrt(v / most))
        for g, v in zip(answer.groups, values, strict=True)
    }
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(g.key for g in answer.groups)
    for t in answer.ties_between:
        graph.add_edge(t.one, t.other, weight=math.log1p(t.ties))
    placed = _placed(graph, radius)
    labelled = {g.key for g in answer.groups[:LABELLED]}
    discs = [
        Disc(
            group=g,
            x=placed[g.key][0],
            y=placed[g.key][1],
            r=round(radius[g.key], 1),
            lines=(lines := _lines(g.name, radius[g.key]) if g.key in labelled else []),
            inside=_fits(lines, radius[g.key]),
            url=opened(links, form, g),
            told=_told(g),
        )
        for g in answer.groups
    ]
    names = {g.key: g.name for g in answer.groups}
    strongest = max((t.ties for t in answer.ties_between), default=1)
    drawn_lines = [
        Line(
            *placed[t.one],
            *placed[t.other],
            width=round(0.6 + 9 * math.sqrt(t.ties / strongest), 1),
            told=f"{names[t.one]} and {names[t.other]}: {text.plural(t.ties, 'tie')}",
        )
        for t in answer.ties_between[:DRAWN_TIES]
    ]
    lowest = max(d.y + d.r + 20 for d in discs)
    height = lowest if len(discs) == 1 else max(HEIGHT, lowest)
    return Drawn(discs, drawn_lines, max(0, len(answer.ties_between) - DRAWN_TIES), round(height))


def _value(group: MapGroup, size: str) -> float:
    if size == "ties":
        return float(group.ties_inside + group.ties_outside)
    return float(group.betweenness or 0.0) if size == "betweenness" else float(group.firms)


def _placed(graph: "nx.Graph[str]", radius: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The largest connected part in the plane, whatever is tied to nothing of it in rows below."""
    main = max(nx.connected_components(graph), key=len)
    if len(graph) == 1:
        return dict.fromkeys(graph, (WIDTH / 2, LARGEST + 24))
    rest = [k for k in graph if k not in main]
    rows: list[list[str]] = [[]]
    for key in rest:
        used = sum(max(2 * radius[k], 90) + 24 for k in rows[-1])
        if rows[-1] and used + max(2 * radius[key], 90) > WIDTH:
            rows.append([])
        rows[-1].append(key)
    heights = [2 * max(radius[k] for k in row) + 34 for row in rows] if rest else []
    room = max(HEIGHT * 0.45, HEIGHT - sum(heights))
    of_main = graph.subgraph([k for k in graph if k in main])
    spots = nx.spring_layout(of_main, seed=1, k=2.2 / math.sqrt(len(main)), iterations=150)
    found = _apart({k: (float(x), float(y)) for k, (x, y) in spots.items()}, radius, room)
    y = room
    for row, high in zip(rows, heights, strict=False):
        step = WIDTH / len(row)
        for i, key in enumerate(row):
            found[key] = (round(step * (i + 0.5), 1), round(y + (high - 20) / 2, 1))
        y += high
    return found


def _apart(
    spots: dict[str, tuple[float, float]], radius: dict[str, float], height: float
) -> dict[str, tuple[float, float]]:
    """Spread over the plane, then push overlapping discs apart. O(groups² x rounds)."""
    xs, ys = [x for x, _ in spots.values()], [y for _, y in spots.values()]
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    edge = LARGEST + 8
    at = {
        k: [
            edge + (x - min(xs)) / wide * (WIDTH - 2 * edge),
            edge + (y - min(ys)) / high * (height - 2 * edge - 16),
        ]
        for k, (x, y) in spots.items()
    }
    keys = list(at)
    for _ in range(200):
        moved = False
        for i, a in enumerate(keys):
            for b in keys[i + 1 :]:
                dx, dy = at[b][0] - at[a][0], at[b][1] - at[a][1]
                far = math.hypot(dx, dy) or 0.01
                want = radius[a] + radius[b] + 30
                if far < want:
                    push = (want - far) / 2
                    ux, uy = (dx / far, dy / far) if far > 0.01 else (1.0, 0.0)
                    for key, sign in ((a, -1), (b, 1)):
                        r = radius[key]
                        at[key][0] = min(WIDTH - r, max(r, at[key][0] + sign * push * ux))
                        at[key][1] = min(height - r - 16, max(r, at[key][1] + sign * push * uy))
                    moved = True
        if not moved:
            break
    return {k: (round(x, 1), round(y, 1)) for k, (x, y) in at.items()}


def _lines(name: str, radius: float) -> list[str]:
    """A name on at most two lines: inside a large disc, below a small one."""
    room = max(12, int(radius / 3.4)) if radius > 34 else 20
    words, lines = text.words(name).removeprefix("around ").split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1] + "…"]
    return [text.shorten(line, room + 2) for line in lines if line]


def _fits(lines: Sequence[str], radius: float) -> bool:
    """Whether lines have room within a disc: the chord is shorter above and below the middle."""
    aside = 15.0 * len(lines) / 2
    chord = 2 * math.sqrt(max(0.0, radius**2 - aside**2))
    return max(map(len, lines), default=0) * LETTER < chord - 8


def _told(g: MapGroup) -> str:
    tied = text.plural(g.ties_outside, "tie")
    return f"{g.name}: {text.plural(g.firms, 'firm')}, {tied} to other groups"


def _title(answer: NetworkMap | None) -> str:
    if answer is None or answer.within is None:
        return "The whole network"
    if not answer.within:
        return f"Firms without a recorded {GROUPED_BY.get(answer.within_by or '', 'group')}"
    if answer.within_by == "community" and answer.top:
        return f"The community around {answer.top[0].firm.name}"
    return text.words(answer.within)
