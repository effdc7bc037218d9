"""Where the nodes of a large or growing picture stand: springs and repulsion, by numpy.

ForceAtlas2's forces (attraction along ties, repulsion by degree, gravity) with two changes for
speed and calm. Repulsion is exact among those that are near, and from afar by the centres of the
cells of a grid, as Barnes & Hut do with a tree; and steps shrink on a fixed schedule, so that 2,000
actors take well under a second and the same picture always comes out the same.

References
----------
Jacomy, Venturini, Heymann & Bastian 2014, *ForceAtlas2, a continuous graph layout algorithm for
handy network visualization*, PLoS ONE 9(6). Barnes & Hut 1986, *A hierarchical O(N log N)
force-calculation algorithm*.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from .layout import Pair, Point, Positions

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.intp]

APART: Final = 92.0
"""Least distance between two nodes, px: labels below each other stay readable."""

_SPRING: Final = 130.0
_ROUNDS: Final = 90
_CELLS: Final = 14
_SPREADS: Final = 24


def forces(
    nodes: Iterable[str], edges: Iterable[Pair], fixed: Mapping[str, Point] | None = None
) -> Positions:
    """Place nodes so that those that are tied stand together.

    Parameters
    ----------
    nodes : iterable of id
    edges : iterable of (id, id)
        Those with an unknown end, or with one end only, are ignored.
    fixed : mapping of id to (x, y), optional
        Nodes that stay where they are; the others are placed round those that they are tied to.

    Returns
    -------
    dict of id to (x, y)
        In px, y downwards, of the nodes alone; without `fixed` the middle is at (0, 0). The same
        nodes and edges, in whatever order, give the same picture.

    Notes
    -----
    Time O(rounds * (nodes * (near + cells) + edges)), with at most 90 rounds and 196 cells.
    """
    ids = sorted(set(nodes))
    held = {id_: fixed[id_] for id_ in ids if id_ in fixed} if fixed else {}
    index = {id_: i for i, id_ in enumerate(ids)}
    if not ids:
        return {}
    one, other = _pairs(index, edges)
    free = np.array([id_ not in held for id_ in ids])
    at = _start(ids, one, other, held)
    if free.any():
        ends = np.bincount(np.concatenate([one, other]), minlength=len(ids))
        degree = 1.0 + ends.astype(np.float64)
        at = _settled(at, one, other, degree, free, calm=bool(held))
        at = _apart(at, free)
    if not held:
        at -= at.mean(axis=0)
    at = np.round(at, 1)
    return {id_: (float(at[i, 0]), float(at[i, 1])) for id_, i in index.items()} | {
        id_: held[id_] for id_ in ids if id_ in held
    }


def _pairs(index: Mapping[str, int], edges: Iterable[Pair]) -> tuple[Ints, Ints]:
    found = {
        (min(index[a], index[b]), max(index[a], index[b]))
        for a, b in edges
        if a != b and a in index and b in index
    }
    array = np.array(sorted(found), np.intp).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _spiral(count: int, gap: float) -> Floats:
    """Points of a sunflower, about `gap` apart: a start that favours no direction."""
    n = np.arange(count)
    radius, turn = gap * 0.62 * np.sqrt(n + 0.5), n * math.pi * (3 - math.sqrt(5))
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])


def _start(ids: Collection[str], one: Ints, other: Ints, held: Mapping[str, Point]) -> Floats:
    """Where the nodes begin: well tied ones inside, and each new one beside those it is tied to."""
    degree = np.bincount(np.concatenate([one, other]), minlength=len(ids))
    at = np.empty((len(ids), 2))
    order = np.argsort(-degree, kind="stable")
    at[order] = _spiral(len(ids), APART)
    if not held:
        return at
    known = np.array([id_ in held for id_ in ids])
    at[known] = [held[id_] for id_ in ids if id_ in held]
    middle = at[known].mean(axis=0)
    outward = _spiral(len(ids), APART)
    for _ in range(3):  # those tied to new ones only come last
        sums, counts = np.zeros_like(at), np.zeros(len(ids))
        for a, b in ((one, other), (other, one)):
            there = known[b]
            np.add.at(sums, a[there], at[b[there]])
            np.add.at(counts, a[there], 1)
        ready = ~known & (counts > 0)
        if not ready.any():
            break
        anchors = sums[ready] / counts[ready, None]
        away = anchors - middle
        length = np.linalg.norm(away, axis=1, keepdims=True)
        # Away from the middle, where there is room.
        away = np.where(length > 1, away / np.maximum(length, 1), 0.0) * _SPRING
        at[ready] = anchors + away + outward[1 : 1 + int(ready.sum())] * 0.5
        known |= ready
    rest = ~known
    if rest.any():
        far = np.abs(at[known] - middle).max(initial=0.0) + 2 * APART
        at[rest] = middle + np.array([0.0, far]) + outward[: int(rest.sum())]
    return at


def _settled(
    at: Floats, one: Ints, other: Ints, degree: Floats, free: npt.NDArray[np.bool_], *, calm: bool
) -> Floats:
    n = len(at)
    rounds = _ROUNDS if n <= 1_000 else max(40, _ROUNDS * 1_000 // n + 10)
    longest = 0.6 * APART if calm else 0.25 * APART * math.sqrt(n) + APART
    middle = at[~free].mean(axis=0) if not free.all() else np.zeros(2)
    pull = 1.0 / np.sqrt(np.minimum(degree[one], degree[other]))
    for step in range(rounds):
        force = _repulsion(at, degree)
        apart = at[other] - at[one]
        drawn = apart * (pull / _SPRING)[:, None] * 3
        for k in (0, 1):
            force[:, k] += np.bincount(one, drawn[:, k], n)
            force[:, k] -= np.bincount(other, drawn[:, k], n)
        force -= (at - middle) * (0.004 if calm else 0.012) * np.sqrt(degree)[:, None]
        length = np.linalg.norm(force, axis=1, keepdims=True)
        most = longest * (1 - step / rounds) ** 1.5 + 0.5
        move = force * (np.minimum(length * 10, most) / np.maximum(length, 1e-9))
        at = np.where(free[:, None], at + move, at)
    return at


def _repulsion(at: Floats, degree: Floats) -> Floats:
    """Push every node from every other: exact for few, else from the centres of cells."""
    weight = np.sqrt(degree)
    if len(at) <= 400:
        square = (at**2).sum(axis=1)[:, None] + (at**2).sum(axis=1)[None, :] - 2 * (at @ at.T)
        strength = weight[None, :] / (np.maximum(square, 0.0) + 25.0)
        pushed: Floats = at * strength.sum(axis=1)[:, None] - strength @ at
        return pushed * weight[:, None] * 60
    low, high = at.min(axis=0), at.max(axis=0)
    size = np.maximum(high - low, 1.0) / _CELLS
    place = np.minimum(((at - low) / size).astype(np.intp), _CELLS - 1)
    cell = place[:, 0] * _CELLS + place[:, 1]
    mass = np.bincount(cell, weight, _CELLS * _CELLS)
    used = np.flatnonzero(mass)
    centre = np.column_stack(
        [np.bincount(cell, weight * at[:, k], _CELLS * _CELLS)[used] / mass[used] for k in (0, 1)]
    )
    # In single precision, an axis at a time: half the memory, and no product that starts threads.
    small, centres = at.astype(np.float32), centre.astype(np.float32)
    across, down = (small[:, k, None] - centres[None, :, k] for k in (0, 1))
    strength = across * across
    strength += down * down
    strength += np.float32((0.25 * APART) ** 2)
    np.divide(mass[used].astype(np.float32)[None, :], strength, out=strength)
    strength[np.arange(len(at)), np.searchsorted(used, cell)] = 0.0
    pushed = np.column_stack(
        [np.einsum("ij,ij->i", strength, apart) for apart in (across, down)]
    ).astype(np.float64)
    # Within a cell, one by one, as far as they are near.
    near = cKDTree(at).query_pairs(1.6 * APART, output_type="ndarray")
    a, b = near[:, 0], near[:, 1]
    beside = at[a] - at[b]
    push = beside / ((beside**2).sum(axis=1) + 25.0)[:, None]
    for k in (0, 1):
        pushed[:, k] += np.bincount(a, push[:, k] * weight[b], len(at))
        pushed[:, k] -= np.bincount(b, push[:, k] * weight[a], len(at))
    return pushed * weight[:, None] * 60


def _apart(at: Floats, free: npt.NDArray[np.bool_]) -> Floats:
    """Push those that overlap apart; wider than high, because labels are."""
    stretch = np.array([0.72, 1.0])
    at = at * stretch
    for turn in range(_SPREADS):
        near = cKDTree(at).query_pairs(APART, output_type="ndarray")
        near = near[free[near[:, 0]] | free[near[:, 1]]]
        if not len(near):
            break
        a, b = near[:, 0], near[:, 1]
        between = at[a] - at[b]
        length = np.linalg.norm(between, axis=1)
        lost = length < 1e-6
        between[lost] = np.column_stack([np.cos(a[lost] + turn), np.sin(a[lost] + turn)])
        length[lost] = 1.0
        push = between * ((APART + 1 - np.where(lost, 0.0, length)) / length)[:, None]
        # Whoever stands beside one that stays has to give way alone.
        share_a = np.where(free[b], 0.5, 1.0) * free[a]
        share_b = np.where(free[a], 0.5, 1.0) * free[b]
        for k in (0, 1):
            at[:, k] += np.bincount(a, push[:, k] * share_a, len(at)) * 0.6
            at[:, k] -= np.bincount(b, push[:, k] * share_b, len(at)) * 0.6
    unstretched: Floats = at / stretch
    return unstretched
