"""What a search for chains goes from, to, past and around; everything by index."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .view import View


@dataclass(frozen=True)
class Blocked:
    """Who and what must not be on the way, as indexes."""

    actors: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Via:
    """Somebody who must stand on every way, or a body that one of its steps must share."""

    actors: frozenset[int]
    body: int | None = None

    def passed(self, chain: Sequence[int]) -> bool:
        """Whether a chain does so; of a body: whether two in a row take part in it."""
        if self.body is None:
            return not self.actors.isdisjoint(chain)
        return any(a in self.actors and b in self.actors for a, b in itertools.pairwise(chain))


@dataclass(frozen=True)
class Ends:
    """From whom to whom: any of the one side to any of the other, and past whom on the way.

    A way leads out of its first side for good, and ends at the first of the other that it meets.
    """

    focal: frozenset[int]
    target: frozenset[int]
    via: tuple[Via, ...] = ()

    def on_from(self, view: View, focal: int, bridge: int) -> "Ends":
        """What is left of the question once the first introduction is made."""
        left = (v for v in self.via if not passes(view, (focal, bridge), v))
        return Ends(frozenset([bridge]), self.target, tuple(left))


def passes(view: View, chain: Sequence[int], via: Via) -> bool:
    """Whether a chain goes past something, and if it is a body, over a tie that counts."""
    if via.body is None:
        return via.passed(chain)
    return any(
        t.body == via.body
        for a, b in itertools.pairwise(chain)
        if a in via.actors and b in via.actors
        for t in view.ties(a, b, frozenset())
    )
