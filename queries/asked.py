"""What questions about reach have in common: who asks, under which conditions, in which view."""

import time
from typing import Final

from alliance_explorer.errors import InvalidRequest

from .explorer import Explorer
from .models import Ref, Searched
from .routes import Blocked
from .ties import PathOptions
from .view import View

# Time for all searches of one question, s; what was found by then is told as incomplete.
MAX_SECONDS: Final = 8.0
ACTORS: Final = ("Firm", "Person")


class Asked:
    """The focal actor, and the target if there is one, resolved and checked.

    Parameters
    ----------
    explorer : Explorer
    options : PathOptions
    focal, target : str
        Firms or people, by id or by name.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both are the same actor, or one of them is to be avoided.
    """

    def __init__(
        self, explorer: Explorer, options: PathOptions, focal: str, target: str | None = None
    ) -> None:
        self.explorer = explorer
        self.options = options
        self.focal: Ref = explorer.resolve(focal, ACTORS, "focal")
        self.target = None if target is None else explorer.resolve(target, ACTORS, "target")
        ends = [self.focal, *([self.target] if self.target else [])]
        if self.target and self.focal.id == self.target.id:
            raise InvalidRequest(
                f"{self.focal.name} is both ends; ask for two different actors", "target"
            )
        self.avoid = [
            explorer.resolve(a, (*ACTORS, "Network", "Alliance"), "avoid") for a in options.avoid
        ]
        for ref in self.avoid:
            if ref.id in {e.id for e in ends}:
                raise InvalidRequest(
                    f"{ref.name} is an end of the way and cannot be avoided", "avoid"
                )
        self.view: View = explorer.view(options)
        self.blocked = blocked_in(self.view, self.avoid)
        index = self.view.projection.actor_index
        self.one = index[self.focal.id]
        self.other = index[self.target.id] if self.target else -1
        self.reference = options.reference(explorer.today)
        self.deadline = time.monotonic() + MAX_SECONDS

    def searched(self, shortest: int | None, complete: bool) -> Searched:
        """What was looked at."""
        o = self.options
        return Searched(
            as_of=o.as_of,
            known_at=o.known_at,
            reference_date=self.reference,
            kinds=list(o.kinds),
            weights={kind: o.weight(kind) for kind in o.kinds},
            half_life=o.half_life,
            max_steps=o.max_steps,
            avoid=self.avoid,
            min_confidence=o.min_confidence,
            shortest=shortest,
            complete=complete,
        )

    @property
    def when(self) -> str:
        """The day of the question, for a sentence."""
        return f" as of {self.options.as_of}" if self.options.as_of else ""


def blocked_in(view: View, avoid: list[Ref]) -> Blocked:
    """Those to avoid, as indexes of a view."""
    p = view.projection
    return Blocked(
        frozenset(p.actor_index[r.id] for r in avoid if r.id in p.actor_index),
        frozenset(p.body_index[r.id] for r in avoid if r.id in p.body_index),
    )
