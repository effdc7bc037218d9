"""Under which conditions ways are looked for: who must not be on them, and what was looked at."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Blocked
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Ref

from .models import Searched, Side
from .rivalry import competitors_of
from .sides import ACTORS, Resolved

# Time for all searches of one question, s; what was found by then is told as incomplete.
MAX_SECONDS: Final = 8.0
# Competitors kept out of the way that an answer names.
NAMED_COMPETITORS: Final = 50


@dataclass(frozen=True)
class Conditions:
    """The options of a question, with the names in them resolved.

    Parameters
    ----------
    options : PathOptions
    reference : datetime.date
        The day from which recency is counted.
    focal, target : Resolved
        The ends; no target: whoever can be reached.
    avoid, competitors : list of Ref
        Who must not be on the way: by name, and as a competitor of an end.
    blocked : Blocked
        All of these, as indexes of the view.
    """

    options: PathOptions
    reference: dt.date
    focal: Resolved
    target: Resolved | None
    avoid: list[Ref]
    competitors: list[Ref]
    blocked: Blocked

    @classmethod
    def of(
        cls,
        explorer: Explorer,
        view: View,
        options: PathOptions,
        focal: Resolved,
        target: Resolved | None = None,
    ) -> "Conditions":
        """Resolve and check them.

        Raises
        ------
        UnknownActor, AmbiguousActor
            With the nearest names.
        InvalidRequest
            An end is to be avoided.
        """
        p = view.projection
        avoid = [
            explorer.resolve(a, (*ACTORS, "Network", "Alliance"), "avoid") for a in options.avoid
        ]
        sides = {"focal": focal.indexes, "target": target.indexes if target else frozenset()}
        ends = sides["focal"] | sides["target"]
        for ref in avoid:
            if p.actor_index.get(ref.id) in ends:
                raise InvalidRequest(
                    f"{ref.name} is an end of the way and cannot be avoided", "avoid"
                )
        firms = [p.actors[i] for end in options.avoid_competitors_of for i in sides[end]]
        rivals = [
            p.ref(i)
            for i in competitors_of(explorer, options, firms)
            if i in p.actor_index and p.actor_index[i] not in ends
        ]
        rivals.sort(key=lambda r: (r.name, r.id))
        return cls(
            options,
            options.reference(explorer.today),
            focal,
            target,
            avoid,
            rivals,
            blocked_in(view, [*avoid, *rivals]),
        )

    def searched(self, shortest: int | None, complete: bool, via: Sequence[Ref] = ()) -> Searched:
        """What was looked at."""
        o = self.options
        return Searched(
            focal_side=self.focal.told,
            target_side=self.target.told if self.target else Side(size=0, actors=[]),
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
            via=list(via),
            max_shared=o.max_shared,
            min_confidence=o.min_confidence,
            shortest=shortest,
            complete=complete,
        )


def blocked_in(view: View, avoid: Sequence[Ref]) -> Blocked:
    """Those to avoid, as indexes of a view."""
    p = view.projection
    return Blocked(
        frozenset(p.actor_index[r.id] for r in avoid if r.id in p.actor_index),
        frozenset(p.body_index[r.id] for r in avoid if r.id in p.body_index),
    )
