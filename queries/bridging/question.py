"""A question for ways from one side to another: resolved, checked, and what it looked at."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.routes import Blocked, Ends, Via, hops
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Path, Ref, Searched

from .sides import ACTORS, Description, Resolved, competitors_of, described_side, resolve_side

# Time for all searches of one question, s; what was found by then is told as incomplete.
MAX_SECONDS = 8.0
# Competitors kept out of the way that an answer names.
NAMED_COMPETITORS = 50

# One name, or several that are to be taken as one.
Who = str | Sequence[str]


@dataclass(frozen=True)
class _Avoided:
    named: list[Ref]
    competitors: list[Ref]
    blocked: Blocked


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
        self._reference = options.reference(explorer.today)
        self._one = resolve_side(explorer, self.view, _names(focal), "focal", ACTORS)
        self._other = self._target(target)
        self.focal, self.target = self._one.ref, self._other.ref
        self._avoided = self._avoid()
        self.blocked = self._avoided.blocked
        self._via_refs, via = self._pass()
        self.ends = Ends(self._one.indexes, self._other.indexes, via)
        self.deadline = time.monotonic() + MAX_SECONDS

    def _target(self, target: Who | Description) -> Resolved:
        if isinstance(target, Description):
            other = described_side(self.explorer, self.view, target)
        else:
            other = resolve_side(
                self.explorer, self.view, _names(target), "target", (*ACTORS, "Network")
            )
        rest = other.indexes - self._one.indexes
        if other.ref.label in (*ACTORS, "Group") and len(rest) < len(other.indexes):
            both = self.view.projection
            twice = min(other.indexes & self._one.indexes)
            raise InvalidRequest(
                f"{both.ref(both.actors[twice]).name} is both ends; ask for two different actors",
                "target",
            )
        if not rest:
            raise InvalidRequest(f"{self._one.ref.name} is all of {other.ref.name}", "target")
        return Resolved(other.ref, rest, other.told)

    def _avoid(self) -> _Avoided:
        o, p = self.options, self.view.projection
        named = [
            self.explorer.resolve(a, (*ACTORS, "Network", "Alliance"), "avoid") for a in o.avoid
        ]
        ends = self._one.indexes | self._other.indexes
        actors = {p.actor_index[r.id] for r in named if r.id in p.actor_index}
        for ref in named:
            if p.actor_index.get(ref.id) in (self._one.indexes | self._other.indexes):
                raise InvalidRequest(
                    f"{ref.name} is an end of the way and cannot be avoided", "avoid"
                )
        sides = {"focal": self._one.indexes, "target": self._other.indexes}
        firms = [p.actors[i] for end in o.avoid_competitors_of for i in sides[end]]
        rivals = [
            i
            for i in competitors_of(self.explorer, firms, self._reference, o.known_at)
            if i in p.actor_index and p.actor_index[i] not in ends
        ]
        return _Avoided(
            named,
            sorted((p.ref(i) for i in rivals), key=lambda r: (r.name, r.id)),
            Blocked(
                frozenset(actors | {p.actor_index[i] for i in rivals}),
                frozenset(p.body_index[r.id] for r in named if r.id in p.body_index),
            ),
        )

    def _pass(self) -> tuple[list[Ref], tuple[Via, ...]]:
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
                if actor in self._one.indexes:
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

    def searched(self, complete: bool) -> Searched:
        """What was looked at."""
        o = self.options
        return Searched(
            focal_side=self._one.told,
            target_side=self._other.told,
            as_of=o.as_of,
            known_at=o.known_at,
            reference_date=self._reference,
            kinds=list(o.kinds),
            weights={kind: o.weight(kind) for kind in o.kinds},
            half_life=o.half_life,
            max_steps=o.max_steps,
            avoid=self._avoided.named,
            avoid_competitors_of=list(o.avoid_competitors_of),
            competitors_avoided=self._avoided.competitors[:NAMED_COMPETITORS],
            via=self._via_refs,
            max_shared=o.max_shared,
            min_confidence=o.min_confidence,
            shortest=hops(self.view, self.ends, max_steps=o.max_steps, blocked=self.blocked),
            complete=complete,
        )

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
        if self._avoided.named:
            limits += f", avoiding {', '.join(r.name for r in self._avoided.named)}"
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
