"""Where the nodes of a picture stand: computed here, so that the browser need not simulate springs.

Both layouts are deterministic: the same nodes and edges, in whatever order, give the same picture.
Positions are in pixels at scale 1, x to the right and y downwards, with the middle at (0, 0).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
Positions: TypeAlias = dict[str, Point]
Pair: TypeAlias = tuple[str, str]

LAYER_GAP: Final = 225.0
ROW_GAP: Final = 104.0
TURN_GAP: Final = 150.0
COLUMN: Final = 8
FIRST_RADIUS: Final = 200.0
RING_GAP: Final = 118.0
ARC: Final = 138.0
_SWEEPS: Final = 8
_WIDEST_SINGLE_RING: Final = 16


def layered(layers: Mapping[str, float], edges: Iterable[Pair]) -> Positions:
    """Place nodes in columns from left to right, ordered so that few edges cross.

    Parameters
    ----------
    layers : mapping of id to number
        Layer of each node, for example its steps from the focal actor. Numbers need not be whole
        nor without gaps; only their order counts.
    edges : iterable of (id, id)
        Edges; those with an unknown end are ignored.

    Returns
    -------
    dict of id to (x, y)
        Columns are `LAYER_GAP` apart, nodes within a column `ROW_GAP`; columns of more than
        `COLUMN` nodes are set as a zigzag of up to four.

    Notes
    -----
    Barycentre sweeps of Sugiyama's method, O(sweeps * (nodes log nodes + edges)).

    References
    ----------
    Sugiyama, Tagawa & Toda 1981, *Methods for visual understanding of hierarchical system
    structures*.
    """
    columns: list[list[str]] = [
        sorted(node for node, layer in layers.items() if layer == here)
        for here in sorted(set(layers.values()))
    ]
    near = _neighbours(layers, edges)
    height = {n: _spread(row, len(column)) for column in columns for row, n in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda node: (_barycentre(near[node], height, height[node]), node))
            for row, node in enumerate(column):
                height[node] = _spread(row, len(column))
    positions: Positions = {}
    left = 0.0
    for column in columns:
        # A high column is set as a zigzag: labels stay apart, and the picture stays low.
        turns = min(4, math.ceil(len(column) / COLUMN))
        gap = ROW_GAP / turns
        for place, node in enumerate(column):
            positions[node] = (left + place % turns * TURN_GAP, _spread(place, len(column)) * gap)
        left += LAYER_GAP + (turns - 1) * TURN_GAP
    middle = max((x for x, _ in positions.values()), default=0.0) / 2
    return {node: (x - middle, y) for node, (x, y) in positions.items()}


def steps(focal: str, edges: Iterable[Pair]) -> dict[str, int]:
    """Return how many edges the longest way from the focal node to each other node has.

    Parameters
    ----------
    focal : str
        Where all ways start.
    edges : iterable of (id, id)
        Directed. An edge that closes a circle, in the order of ids, is passed over.

    Returns
    -------
    dict of id to int
        Nodes that can be reached only.

    Notes
    -----
    Depth first search, then longest paths in topological order: O(nodes + edges log edges).
    """
    onward: dict[str, list[str]] = {}
    for one, other in sorted(set(edges), reverse=True):
        onward.setdefault(one, []).append(other)
    done: list[str] = []
    open_: set[str] = set()
    forward: set[Pair] = set()
    stack: list[tuple[str, bool]] = [(focal, False)]
    seen: set[str] = set()
    while stack:
        node, leaving = stack.pop()
        if leaving:
            open_.discard(node)
            done.append(node)
            continue
        if node in seen:
            continue
        seen.add(node)
        open_.add(node)
        stack.append((node, True))
        for other in onward.get(node, ()):
            if other not in open_:
                forward.add((node, other))
                stack.append((other, False))
    found = dict.fromkeys(seen, 0)
    for node in reversed(done):
        for other in onward.get(node, ()):
            if (node, other) in forward:
                found[other] = max(found[other], found[node] + 1)
    return found


def transposed(positions: Positions) -> Positions:
    """Turn a layout from left to right into one from top to bottom, for narrow screens.

    Distances are changed as well, because labels need more room beside than below each other.
    """
    across, down = ARC / ROW_GAP, 0.62
    return {node: (y * across, x * down) for node, (x, y) in positions.items()}


def rings(focal: str, orders: Mapping[str, int], edges: Iterable[Pair], outside: int) -> Positions:
    """Place nodes around a focal one, in rings and, within a ring, in sectors.

    Parameters
    ----------
    focal : str
        The node in the centre.
    orders : mapping of id to int
        Rank of each node's kind: small ranks stand inside, equal ranks side by side.
    edges : iterable of (id, id)
        Edges among the nodes; nodes of equal rank that share neighbours are put together.
    outside : int
        Nodes whose rank is at least this stand outside of all others.

    Returns
    -------
    dict of id to (x, y)
        The focal node at (0, 0).

    Notes
    -----
    O(nodes log nodes + edges).
    """
    around = sorted(node for node in orders if node != focal)
    near = _neighbours(around, edges)
    # Nodes that are tied to each other get neighbouring places: walk through components.
    component = _components(around, near)
    ranked = sorted(around, key=lambda node: (orders[node], component[node], node))
    positions: Positions = {focal: (0.0, 0.0)} if focal in orders else {}
    radius = outermost = 0.0
    inner = [node for node in ranked if orders[node] < outside]
    outer = [node for node in ranked if orders[node] >= outside]
    turn = 0
    for group in (inner, outer):
        for members, ring in _fill(group, radius):
            positions.update(_circle(members, ring, turn))
            turn, outermost = turn + 1, ring
        radius = outermost
    return positions


def _fill(group: Sequence[str], inside: float) -> list[tuple[Sequence[str], float]]:
    """Cut a group into rings that start outside of a radius."""
    start = max(FIRST_RADIUS, inside + RING_GAP)
    if not group:
        return []
    if len(group) <= max(_WIDEST_SINGLE_RING, int(1.4 * 2 * math.pi * start / ARC)):
        return [(group, max(start, len(group) * ARC / (2 * math.pi)))]
    filled: list[tuple[Sequence[str], float]] = []
    done = 0
    radii: list[float] = []
    room = 0
    while room < len(group):
        radii.append(start + len(radii) * RING_GAP)
        room += int(2 * math.pi * radii[-1] / ARC)
    for number, radius in enumerate(radii):
        # The last ring would be nearly empty: share the space in proportion to the radius.
        share = round(len(group) * radius / sum(radii)) if number < len(radii) - 1 else len(group)
        filled.append((group[done : done + share], radius))
        done += share
    return [(members, radius) for members, radius in filled if members]


def _circle(members: Sequence[str], radius: float, turn: int) -> Positions:
    """Spread nodes over a circle, beginning at the top; every other ring is turned a half place."""
    step = 2 * math.pi / len(members)
    start = -math.pi / 2 + (step / 2 if turn % 2 else 0.0)
    return {
        node: (
            round(radius * math.cos(start + place * step), 1),
            round(radius * math.sin(start + place * step), 1),
        )
        for place, node in enumerate(members)
    }


def _neighbours(known: Iterable[str], edges: Iterable[Pair]) -> dict[str, list[str]]:
    near: dict[str, set[str]] = {node: set() for node in known}
    for one, other in edges:
        if one != other and one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    return {node: sorted(others) for node, others in near.items()}


def _components(nodes: Sequence[str], near: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Number the connected components, in the order of their smallest id."""
    number: dict[str, int] = {}
    found = -1
    for start in nodes:
        if start in number:
            continue
        found += 1
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in number:
                number[node] = found
                stack.extend(near[node])
    return number


def _spread(place: int, of: int) -> float:
    """Places 0 … of-1 around 0, one apart."""
    return place - (of - 1) / 2


def _barycentre(near: Sequence[str], height: Mapping[str, float], own: float) -> float:
    return math.fsum(height[node] for node in near) / len(near) if near else own
