"""Suppositions: a changed copy of the projection. The graph itself is never written to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from alliance_explorer.queries.graph.projection import Name, Projection, SharedTies
from alliance_explorer.queries.graph.ties import ALWAYS, NEVER

SUPPOSED: Final = "alliance:supposed"
"""Beginning of the ids of alliances that are supposed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is supposed, by ids; done in the order of the fields.

    Parameters
    ----------
    parts : sequence of (str, str)
        Actors who are no longer in an alliance or network.
    absorbed : mapping of str to str
        Firms that go up in another: whatever tied them to others ties the other then.
    joins : sequence of (str, str)
        Actors who are in an alliance or network from the beginning of time.
    alliances : sequence of (str, str, sequence of str)
        Id, name and parties of new alliances.
    """

    parts: Sequence[tuple[str, str]] = ()
    absorbed: Mapping[str, str] | None = None
    joins: Sequence[tuple[str, str]] = ()
    alliances: Sequence[tuple[str, str, Sequence[str]]] = ()


def changed(projection: Projection, changes: Changes) -> Projection:
    """Return the projection as it would be read if the graph were changed so.

    Names, actors and their indexes stay; new alliances come after the other bodies. An absorbed
    firm stays as an actor without ties. Pure: `projection` is not touched. O(ties).

    Parameters
    ----------
    projection : Projection
    changes : Changes
        All ids in it, but for those of new alliances, are known.
    """
    p = projection
    names, bodies, index = dict(p.names), list(p.bodies), dict(p.body_index)
    for id_, name, _ in changes.alliances:
        names[id_] = Name(id_, "Alliance", name, ())
        index[id_] = len(bodies)
        bodies.append(id_)
    shared, direct = p.shared, list(p.direct)
    for actor, body in changes.parts:
        keep = (shared.actor != p.actor_index[actor]) | (shared.body != index[body])
        shared = _only(shared, keep)
        # Whoever champions or manages the alliance is tied by it to its parties alone.
        direct = [
            t
            for t in direct
            if t.body != index[body] or p.actor_index[actor] not in (t.one, t.other)
        ]
    for gone, into in (changes.absorbed or {}).items():
        old, new = p.actor_index[gone], p.actor_index[into]
        shared = replace(shared, actor=np.where(shared.actor == old, new, shared.actor))
        moved = (
            replace(
                t,
                one=new if t.one == old else t.one,
                other=new if t.other == old else t.other,
            )
            if old in (t.one, t.other)
            else t
            for t in direct
        )
        direct = [t for t in moved if t.one != t.other]
    added = [(p.actor_index[a], index[b]) for a, b in changes.joins]
    added += [(p.actor_index[a], index[b]) for b, _, parties in changes.alliances for a in parties]
    return replace(
        p,
        names=names,
        bodies=bodies,
        body_index=index,
        shared=_with(shared, added),
        direct=direct,
    )


def _only(shared: SharedTies, keep: "np.typing.NDArray[np.bool_]") -> SharedTies:
    s = shared
    return SharedTies(
        s.actor[keep],
        s.body[keep],
        s.since[keep],
        s.until[keep],
        s.recorded[keep],
        s.confidence[keep],
    )


def _with(shared: SharedTies, added: Iterable[tuple[int, int]]) -> SharedTies:
    pairs = np.array(list(added), np.int32).reshape(-1, 2)
    s, n = shared, len(pairs)

    def filled(values: "np.typing.NDArray[np.int32]", value: int) -> "np.typing.NDArray[np.int32]":
        return np.concatenate([values, np.full(n, value, np.int32)])

    return SharedTies.in_order(
        np.concatenate([s.actor, pairs[:, 0]]).astype(np.int32),
        np.concatenate([s.body, pairs[:, 1]]).astype(np.int32),
        filled(s.since, ALWAYS),
        filled(s.until, NEVER),
        filled(s.recorded, ALWAYS),
        np.concatenate([s.confidence, np.ones(n)]),
    )
