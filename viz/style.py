"""How nodes and edges look: one table, from which pictures, legends and stylesheets are made.

Colours are the palette of Okabe & Ito, which people with any colour vision can tell apart; shapes,
borders and line ends say the same again, so that no meaning rests on colour alone.

References
----------
Okabe & Ito 2008, *Color Universal Design (CUD): How to make figures and presentations that are
friendly to colorblind people*.
"""

from dataclasses import dataclass
from typing import Final, Literal

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")


@dataclass(frozen=True)
class Paint:
    """Fill and border of a node in one theme."""

    fill: str
    border: str


@dataclass(frozen=True)
class RoleStyle:
    """How a role in the picture is coloured.

    Parameters
    ----------
    key : str
        Name in stylesheets and in the picture's data.
    text : str
        What the legend says.
    light, dark : Paint
        Colours by theme.
    order : int
        Place among the others, from the centre of a picture outwards.
    border : float
        Width of the border, px.
    size : float
        Radius, px.
    """

    key: str
    text: str
    light: Paint
    dark: Paint
    order: int
    border: float = 1.5
    size: float = 17


@dataclass(frozen=True)
class LabelStyle:
    """Shape of the nodes of a label, and the role they have unless a picture says otherwise."""

    label: str
    text: str
    shape: str
    role: str
    scale: float = 1.0


@dataclass(frozen=True)
class EdgeStyle:
    """How a kind of tie is drawn.

    Parameters
    ----------
    key : str
        Name in stylesheets and in the picture's data.
    text : str
        What the legend says.
    light, dark : str
        Colours by theme.
    width : float
        Width of a single tie, px.
    arrow : bool
        Whether it has an arrow at its end.
    dashes : tuple of int
        Lengths of strokes and gaps, px; empty: a whole line.
    verb : str
        Between the names of both ends, where the picture is told in words.
    """

    key: str
    text: str
    light: str
    dark: str
    width: float
    arrow: bool
    dashes: tuple[int, ...]
    verb: str


_BLUE, _ORANGE, _GREEN, _VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
_SKY, _YELLOW, _PURPLE, _GREY = "#56B4E9", "#F0E442", "#CC79A7", "#9A9FA8"


def _role(
    key: str,
    text: str,
    fill: str,
    order: int,
    edge: str = "",
    border: float = 1.5,
    size: float = 17,
) -> RoleStyle:
    light, dark = (edge, edge) if edge else ("#23272e", "#f2f3f5")
    return RoleStyle(key, text, Paint(fill, light), Paint(fill, dark), order, border, size)


ROLES: Final = {
    style.key: style
    for style in (
        _role("focal", "in focus", _BLUE, 0, border=3, size=27),
        _role("target", "the one to reach", _PURPLE, 1, border=3, size=25),
        _role("bridge", "bridge: the one to ask", _ORANGE, 2, border=2.5, size=21),
        _role("coopetitor", "ally and competitor at once", _GREEN, 3, _VERMILLION, 6, 20),
        _role("ally", "ally", _GREEN, 4),
        _role("competitor", "competitor", _VERMILLION, 5),
        _role("owner", "owner or owned", _SKY, 6),
        _role("agreement", "alliance of several", "#BFE3D6", 8, size=12),
        _role("person", "person", "#F4C97A", 9),
        _role("network", "network they belong to", _YELLOW, 10),
        _role("member", "member", "#A9C6DE", 7, size=14),
        _role("other", "others", _GREY, 11, size=15),
        _role("further", "further on the way", _SKY, 2),
    )
}
"""Styles by key."""

_ROLE_NAMES: Final = {
    "focal": "focal",
    "target": "target",
    "bridge": "bridge",
    "intermediary": "further",
    "ally": "ally",
    "competitor": "competitor",
    "owner": "owner",
    "owned": "owner",
    "member": "member",
}

LABELS: Final = {
    style.label: style
    for style in (
        LabelStyle("Firm", "firm", "dot", "other"),
        LabelStyle("Person", "person", "triangle", "person"),
        LabelStyle("Network", "network", "hexagon", "network"),
        LabelStyle("Alliance", "alliance", "diamond", "agreement"),
        LabelStyle("Place", "place", "square", "other", 0.8),
        LabelStyle("Capability", "capability", "star", "other", 0.9),
        LabelStyle("Event", "event", "triangleDown", "other", 0.8),
        LabelStyle("Source", "source", "square", "other", 0.8),
        LabelStyle("Merge", "merge", "square", "other", 0.8),
        LabelStyle("Judgement", "judgement", "square", "other", 0.8),
        LabelStyle("Statement", "statement", "square", "other", 0.8),
    )
}
"""Shapes by node label."""

INFERRED_DASHES: Final = (14, 9)
"""A tie that a rule derived is dashed, whatever its kind."""

EDGES: Final = {
    style.key: style
    for style in (
        EdgeStyle("alliance", "alliance", _GREEN, "#2BBF95", 3, False, (), "allied with"),
        EdgeStyle("competition", "competition", _VERMILLION, "#F07F2E", 2.5, False, (3, 5),
                  "competes with"),
        EdgeStyle("ownership", "ownership, takeover", "#2C8FC9", _SKY, 2.5, True, (),
                  "owns or took over"),
        EdgeStyle("membership", "membership", "#A79A00", "#CFC23A", 1.5, False, (),
                  "member of"),
        EdgeStyle("person", "employment, board, acquaintance", "#B57F10", _ORANGE, 1.5, False,
                  (10, 4, 2, 4), "tied in person to"),
        EdgeStyle("other", "other", "#7b818b", "#9aa1ac", 1.2, False, (), "tied to"),
    )
}  # fmt: skip
"""Styles by key."""

_EDGE_NAMES: Final = {
    "ALLIANCE": "alliance",
    "PARTY_TO": "alliance",
    "COMPETES_WITH": "competition",
    "ACQUIRED": "ownership",
    "OWNS": "ownership",
    "OWNERSHIP": "ownership",
    "MEMBER_OF": "membership",
    "MEMBERSHIP": "membership",
    "WORKS_FOR": "person",
    "EMPLOYMENT": "person",
    "SITS_ON_BOARD_OF": "person",
    "BOARD": "person",
    "KNOWS": "person",
    "ACQUAINTANCE": "person",
    "CHAMPIONS": "person",
    "CHAMPIONING": "person",
    "MANAGES": "person",
}


def role_style(label: str, role: str) -> RoleStyle:
    """Return the colours of a node: by its role, or else by its label."""
    parts = role.strip().lower().split(" and ")
    if "ally" in parts and "competitor" in parts:
        return ROLES["coopetitor"]
    named = (_ROLE_NAMES[part] for part in parts if part in _ROLE_NAMES)
    return ROLES[next(named, label_style(label).role)]


def label_style(label: str) -> LabelStyle:
    """Return the shape of a node of this label."""
    return LABELS.get(label, LABELS["Source"])


def edge_style(type_: str) -> EdgeStyle:
    """Return the style of an edge, by relationship type or by kind of tie."""
    return EDGES[_EDGE_NAMES.get(type_.upper(), "other")]


def is_relationship(type_: str) -> bool:
    """Whether an edge is one stored relationship, which has a direction, or a kind of tie."""
    return type_.isupper()


def dashes(style: EdgeStyle, inferred: bool) -> tuple[int, ...]:
    """Return strokes and gaps of an edge, px; empty for a whole line."""
    return INFERRED_DASHES if inferred else style.dashes


def paint(style: RoleStyle, theme: Theme) -> Paint:
    """Return a role's colours in a theme."""
    return style.light if theme == "light" else style.dark


def stylesheet() -> str:
    """Return the table as CSS variables and classes, for legends and badges."""
    blocks = []
    for theme in THEMES:
        lines = [
            line
            for role in ROLES.values()
            for line in (
                f"--role-{role.key}: {paint(role, theme).fill};",
                f"--role-{role.key}-edge: {paint(role, theme).border};",
            )
        ]
        lines += [
            f"--tie-{edge.key}: {edge.light if theme == 'light' else edge.dark};"
            for edge in EDGES.values()
        ]
        root = ":root { " + " ".join(lines) + " }"
        if theme == "dark":
            root = f"@media (prefers-color-scheme: dark) {{ {root} }}"
        blocks.append(root)
    for role in ROLES.values():
        blocks.append(
            f".role-{role.key} {{ --role: var(--role-{role.key});"
            f" --role-edge: var(--role-{role.key}-edge);"
            f" --role-border: {role.border:g}; }}"
        )
    for edge in EDGES.values():
        stroke = " ".join(map(str, edge.dashes)) or "none"
        blocks.append(
            f".tie-{edge.key} {{ --tie: var(--tie-{edge.key}); --tie-width: {edge.width:g}px;"
            f" --tie-dashes: {stroke}; }}"
        )
    blocks.append(f".tie-inferred {{ --tie-dashes: {' '.join(map(str, INFERRED_DASHES))}; }}")
    return "\n".join(blocks) + "\n"
