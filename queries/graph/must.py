"""What lies on every way from one actor to each other, within a number of introductions.

A way to v of at most n steps is a way to some u of at most n - 1 steps and a step from u to v.
What lies on every way to v is therefore what lies on all of those: an intersection over the last
steps, and so a dynamic program over steps. Whoever can be bypassed by a walk can be bypassed by
the chain that is left of it without its loops, so walks will do.

Bounded-length cut vertices, for all targets at once, and exact. A set never holds more than one
way does, at most `2 x steps` actors and bodies: O(steps^2 x ties). Only bodies in which people came
and went need more: their members are compared by the periods in which they were in it.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from .routes import Blocked
from .ties import ALWAYS, NEVER
from .view import View

Nodes: TypeAlias = frozenset[int]
"""Actors by index, and bodies as `-1 - index`."""
Period: TypeAlias = tuple[int, int]
Offer: TypeAlias = Callable[[int, Nodes], None]
_NONE: Nodes = frozenset()


def body_node(body: int) -> int:
    """A body in a set of nodes, and back again."""
    return -1 - body


def on_every_way(
    view: View, focal: int, *, max_steps: int, blocked: Blocked
) -> Mapping[int, Nodes]:
    """For everybody within reach, the actors and bodies on every way to them.

    Parameters
    ----------
    view : View
    focal : int
        Index of an actor; it is left out of the sets, and each actor out of its own.
    max_steps : int
        Longest way, in introductions.
    blocked : Blocked

    Returns
    -------
    mapping from actor to frozenset of int
        Whoever is not in it cannot be reached.
    """
    search = _Search(view, focal, blocked)
    for _ in range(max_steps):
        if not search.step():
            break
    return {a: nodes - {a} for a, nodes in search.must.items() if a != focal}


class _Search:
    """The sets after so many steps; each holds its own actor."""

    def __init__(self, view: View, focal: int, blocked: Blocked) -> None:
        e = view.entries
        self._entries = e
        # Taken to lists once: most bodies are small, and each is looked at alone.
        self._starts: list[int] = e.of_body.tolist()
        self._actors, self._since, self._until = (
            values[e.by_body].tolist() for values in (e.actor, e.since, e.until)
        )
        self._usable = e.base > 0
        self._usable[list(blocked.bodies)] = False
        self.must: dict[int, Nodes] = {focal: _NONE}
        self._focal = focal
        self._changed = {focal}
        self._blocked = blocked
        self._direct = view.direct_ties
        self._periods: dict[int, Mapping[Period, list[int]]] = {}

    def _periods_of(self, body: int) -> Mapping[Period, list[int]]:
        """Who was in a body, by the time in which they were; together where all of them met."""
        if body not in self._periods:
            inside = slice(self._starts[body], self._starts[body + 1])
            columns = (values[inside] for values in (self._actors, self._since, self._until))
            members = [
                (actor, (since, until))
                for actor, since, until in zip(*columns, strict=True)
                if actor not in self._blocked.actors
            ]
            last_came = max((since for _, (since, _) in members), default=ALWAYS)
            first_left = min((until for _, (_, until) in members), default=NEVER)
            if last_came < first_left:  # there is a day on which all of them were in it
                self._periods[body] = {(last_came, first_left): [actor for actor, _ in members]}
            else:
                periods: dict[Period, list[int]] = {}
                for actor, period in members:
                    periods.setdefault(period, []).append(actor)
                self._periods[body] = periods
        return self._periods[body]

    def step(self) -> bool:
        """Allow one more introduction; False when that changes nothing."""
        found: dict[int, Nodes] = {}

        def offer(actor: int, nodes: Nodes) -> None:
            before = found.get(actor)
            if before is None:
                found[actor] = nodes
            elif before:
                found[actor] = before & nodes

        entries = self._entries
        bodies = np.unique(entries.body[entries.of(np.array(sorted(self._changed), np.int32))])
        for body in bodies[self._usable[bodies]].tolist():
            self._over_body(body, offer_to=offer)
        for actor in self._changed:
            for other, body in self._direct.around(actor):
                if body not in self._blocked.bodies and other not in self._blocked.actors:
                    own = _NONE if body < 0 else frozenset((body_node(body),))
                    offer(other, self.must[actor] | own)
        self._changed = set()
        for actor, nodes in found.items():
            before = self.must.get(actor)
            if before is not None:
                nodes = before & nodes
            if actor != self._focal:
                nodes |= {actor}
            if nodes != before:
                self.must[actor] = nodes
                self._changed.add(actor)
        return bool(self._changed)

    def _over_body(self, body: int, offer_to: Offer) -> None:
        """Offer each member what lies on every way that ends with a step over the body."""
        own = frozenset((body_node(body),))
        periods = self._periods_of(body)
        reached = [(p, c) for p, some in periods.items() if (c := self._common(some)) is not None]
        for period, actors in periods.items():
            # Of whom nothing but their own is left, nothing can be taken away.
            unsure = [a for a in actors if (held := self.must.get(a)) is None or len(held) > 1]
            nodes: Nodes | None = None
            for other, common in reached if unsure else ():
                if _overlap(period, other):
                    nodes = common if nodes is None else nodes & common
                    if not nodes:  # as soon as two ways have nothing in common
                        break
            if nodes is not None:
                offered = nodes | own
                for actor in unsure:
                    offer_to(actor, offered)

    def _common(self, actors: list[int]) -> Nodes | None:
        """What lies on every way to any of them; None if none is reached."""
        nodes: Nodes | None = None
        for actor in actors:
            reached = self.must.get(actor)
            if reached is not None:
                nodes = reached if nodes is None else nodes & reached
                if not nodes:
                    break
        return nodes


def _overlap(one: Period, other: Period) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
