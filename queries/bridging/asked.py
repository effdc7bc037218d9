"""What questions about reach have in common: who asks, under which conditions, in which view."""

import time
from collections.abc import Sequence

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Blocked, Ends
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Ref, Searched, Side

from .question import MAX_SECONDS, NAMED_COMPETITORS
from .sides import ACTORS, competitors_of


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
        self.reference = options.reference(explorer.today)
        self.competitors = self._competitors()
        self.blocked = blocked_in(self.view, [*self.avoid, *self.competitors])
        index = self.view.projection.actor_index
        self.one = index[self.focal.id]
        self.other = index[self.target.id] if self.target else -1
        self.ends = Ends(frozenset([self.one]), frozenset([self.other] if self.target else []))
        self.deadline = time.monotonic() + MAX_SECONDS

    def _competitors(self) -> list[Ref]:
        o, p = self.options, self.view.projection
        if o.via:
            raise InvalidRequest("this question is not about ways past somebody", "via")
        ends = {"focal": self.focal, "target": self.target}
        whose = [ref.id for end in o.avoid_competitors_of if (ref := ends[end])]
        found = competitors_of(self.explorer, whose, self.reference, o.known_at)
        both = {ref.id for ref in ends.values() if ref}
        return [p.ref(i) for i in found if i in p.actor_index and i not in both]

    def searched(self, shortest: int | None, complete: bool) -> Searched:
        """What was looked at."""
        o = self.options
        return Searched(
            focal_side=Side(size=1, actors=[self.focal]),
            target_side=Side(
                size=1 if self.target else 0, actors=[self.target] if self.target else []
            ),
            as_of=o.as_of,
            known_at=o.known_at,
            reference_date=self.reference,
            kinds=list(o.kinds),
            weights={kind: o.weight(kind) for kind in o.kinds},
            half_life=o.half_life,
            max_steps=o.max_steps,
            avoid=self.avoid,
            avoid_competitors_of=list(o.avoid_competitors_of),
            competitors_avoided=self.competitors[:NAMED_COMPETITORS],
            via=[],
            max_shared=o.max_shared,
            min_confidence=o.min_confidence,
            shortest=shortest,
            complete=complete,
        )

    @property
    def when(self) -> str:
        """The day of the question, for a sentence."""
        return f" as of {self.options.as_of}" if self.options.as_of else ""


def blocked_in(view: View, avoid: Sequence[Ref]) -> Blocked:
    """Those to avoid, as indexes of a view."""
    p = view.projection
    return Blocked(
        frozenset(p.actor_index[r.id] for r in avoid if r.id in p.actor_index),
        frozenset(p.body_index[r.id] for r in avoid if r.id in p.body_index),
    )
