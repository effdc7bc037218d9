"""A question for ways from one side to another: resolved, checked, and what it looked at."""

import time
from collections.abc import Iterable, Sequence

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Ends, Route, Via, hops
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Path, Ref

from .conditions import MAX_SECONDS, Conditions
from .models import Searched
from .sides import ACTORS, Description, Resolved, described_side, only, resolve_side

# One name, or several that are to be taken as one.
Who = str | Sequence[str]


class Question:
    """Both sides and the options, resolved and checked.

    Parameters
    ----------
    explorer : Explorer
    focal : str or sequence of str
        Firms or people, by id or by name; several are taken as one side.
    target : str or sequence of str or Description
        As `focal`; or a network, which stands for its members; or whoever fits.
    options : PathOptions

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both sides share an actor, one of them is to be avoided, nobody fits.
    """

    def __init__(
        self, explorer: Explorer, focal: Who, target: Who | Description, options: PathOptions
    ) -> None:
        self.options = options
        self.explorer = explorer
        self.view: View = explorer.view(options)
        one = resolve_side(explorer, self.view, _names(focal), "focal", ACTORS)
        other = self._target(one, target)
        self.focal, self.target = one.ref, other.ref
        self.conditions = Conditions.of(explorer, self.view, options, one, other)
        self.blocked = self.conditions.blocked
        self._via_refs, via = self._pass(one)
        self.ends = Ends(one.indexes, other.indexes, via)
        self.deadline = time.monotonic() + MAX_SECONDS

    def _target(self, one: Resolved, target: Who | Description) -> Resolved:
        if isinstance(target, Description):
            other = described_side(self.explorer, self.view, target)
        else:
            other = resolve_side(
                self.explorer, self.view, _names(target), "target", (*ACTORS, "Network")
            )
        both = other.indexes & one.indexes
        if both and other.ref.label in (*ACTORS, "Group"):
            raise InvalidRequest(
                f"{self.ref(min(both)).name} is both ends; ask for two different actors", "target"
            )
        if both == other.indexes:
            raise InvalidRequest(f"{one.ref.name} is all of {other.ref.name}", "target")
        return only(self.view, other, other.indexes - both) if both else other

    def _pass(self, one: Resolved) -> tuple[list[Ref], tuple[Via, ...]]:
        p = self.view.projection
        refs, via = [], []
        for name in self.options.via:
            ref = self.explorer.resolve(name, (*ACTORS, "Network", "Alliance"), "via")
            if ref.id in p.body_index:
                body = p.body_index[ref.id]
                passed = Via(frozenset(int(a) for a in self.view.everybody(body)), body)
                shut = body in self.blocked.bodies
            else:
                actor = p.actor_index[ref.id]
                passed = Via(frozenset([actor]))
                shut = actor in self.blocked.actors
                if actor in one.indexes:
                    raise InvalidRequest(f"{ref.name} is where the way begins", "via")
            if shut:
                raise InvalidRequest(f"{ref.name} is to be passed and to be avoided", "via")
            refs.append(ref)
            via.append(passed)
        return refs, tuple(via)

    # --- what is told of it ----------------------------------------------------------------------

    def ref(self, actor: int) -> Ref:
        """An actor as answers show it."""
        return self.view.projection.ref(self.view.projection.actors[actor])

    def searched(self, complete: bool, routes: Iterable[Route]) -> Searched:
        """What was looked at; of the shortest way only what these routes do not tell."""
        known = min((len(r.actors) - 1 for r in routes), default=None)
        steps = self.options.max_steps if known is None else known - 1
        shorter = hops(self.view, self.ends, max_steps=steps, blocked=self.blocked)
        shortest = known if shorter is None else shorter
        return self.conditions.searched(shortest, complete, self._via_refs)

    def summary(self, best: Sequence[Path], noun: str, direct: Path | None = None) -> str:
        """The answer in a sentence or two."""
        o = self.options
        when = f" as of {o.as_of}" if o.as_of else ""
        start = ""
        if direct and self.target.label == "Network":
            start = f"{direct.actors[0].name} is tied to a member of {self.target.name}{when}. "
        elif direct:
            one, other = direct.actors[0].name, direct.actors[-1].name
            start = f"{one} and {other} are tied already{when}. "
        if best:
            count = f"{len(best)} {noun}{'s' if len(best) > 1 else ''}"
            return (
                f"{start}{count} from {self.focal.name} to {self.target.name}{when}. "
                f"{best[0].sentence}"
            )
        limits = ""
        if self._via_refs:
            limits += f", past {', '.join(r.name for r in self._via_refs)}"
        if self.conditions.avoid:
            limits += f", avoiding {', '.join(r.name for r in self.conditions.avoid)}"
        if o.avoid_competitors_of:
            whose = {"focal": self.focal.name, "target": self.target.name}
            names = " and ".join(whose[e] for e in o.avoid_competitors_of)
            limits += f", avoiding competitors of {names}"
        if o.max_shared:
            limits += f", with nothing shared by more than {o.max_shared:,}"
        way = "No other way" if direct else "No way"
        return (
            f"{start}{way} from {self.focal.name} to {self.target.name} within {o.max_steps} "
            f"introductions over {', '.join(o.kinds)}{when}{limits}."
        )


def _names(who: Who) -> Sequence[str]:
    return [who] if isinstance(who, str) else list(who)
