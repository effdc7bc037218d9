"""What questions about reach have in common: who asks, under which conditions, in which view."""

import time

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Ends
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Ref

from .conditions import MAX_SECONDS, Conditions
from .models import Searched
from .sides import ACTORS, resolve_side


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
        if options.via:
            raise InvalidRequest("this question is not about ways past somebody", "via")
        self.explorer = explorer
        self.options = options
        self.view: View = explorer.view(options)
        one = resolve_side(explorer, self.view, [focal], "focal", ACTORS)
        other = (
            None
            if target is None
            else resolve_side(explorer, self.view, [target], "target", ACTORS)
        )
        if other and other.indexes == one.indexes:
            raise InvalidRequest(
                f"{one.ref.name} is both ends; ask for two different actors", "target"
            )
        self.focal: Ref = one.ref
        self.target: Ref | None = other.ref if other else None
        self.conditions = Conditions.of(explorer, self.view, options, one, other)
        self.reference, self.blocked = self.conditions.reference, self.conditions.blocked
        (self.one,) = one.indexes
        self.other = min(other.indexes) if other else -1
        self.ends = Ends(one.indexes, other.indexes if other else frozenset())
        self.deadline = time.monotonic() + MAX_SECONDS

    def searched(self, shortest: int | None, complete: bool) -> Searched:
        """What was looked at."""
        return self.conditions.searched(shortest, complete)

    @property
    def when(self) -> str:
        """The day of the question, for a sentence."""
        return f" as of {self.options.as_of}" if self.options.as_of else ""
