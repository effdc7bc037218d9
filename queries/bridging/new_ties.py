"""Ties that are not there: what a new membership or a new alliance would count, and lead to.

A new tie is weighed as any other (`ties`): it holds from the reference date on, a network has one
member more, so that all its ties are a little less specific, and an alliance has two parties. What
comes of it is found in a copy of the ties that has the new one, so that it is exactly what would be
answered if the tie were on record.
"""

import datetime as dt
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from alliance_explorer.queries.graph.counted import counted
from alliance_explorer.queries.graph.projection import Floats, Ints, Name, Projection, SharedTies
from alliance_explorer.queries.graph.routes import Blocked, Route, strongest
from alliance_explorer.queries.graph.strengths import Strengths, chain_to, strengths_from
from alliance_explorer.queries.graph.ties import ALWAYS, NEVER, SAME, day, repetition, specificity
from alliance_explorer.queries.graph.view import View

from .asked import Asked

# So many of the strongest contacts are asked whether they would join; the others are not.
CONTACTS = 25


@dataclass(frozen=True, slots=True)
class Idea:
    """A new tie: `who` joins the body, or else allies with the firm. By index."""

    who: int
    body: int = -1
    firm: int = -1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an idea: the strongest way, in the view in which the new tie is of `body`."""

    idea: Idea
    view: View
    body: int
    route: Route


class Prospects:
    """What is reached from either end of a question, and so what a new tie between is worth.

    Parameters
    ----------
    q : Asked
        With a target.
    contacts : bool
        Whether contacts of the focal actor may join networks as well.
    """

    def __init__(self, q: Asked, *, contacts: bool) -> None:
        self._q = q
        self._steps = q.options.max_steps
        self._without = Blocked(q.blocked.actors | {q.one}, q.blocked.bodies)
        self._behind = self._from(q.other, self._steps - 1, self._without)
        self._ahead = self._from(q.one, self._steps - 1 if contacts else 0, q.blocked)
        self.contacts = self._asked() if contacts and self._steps > 1 else np.empty(0, np.int32)
        self.complete = self._behind.complete and self._ahead.complete

    def _from(self, source: int, steps: int, blocked: Blocked) -> Strengths:
        q = self._q
        return strengths_from(q.view, source, max_steps=steps, blocked=blocked, deadline=q.deadline)

    def _asked(self) -> Ints:
        """The strongest contacts; equals in the order of their ids."""
        q = self._q
        actors, strengths = q.view.neighbours(q.one, q.blocked.bodies)
        usable = (actors != q.other) & ~np.isin(actors, list(q.blocked.actors))
        actors, strengths = actors[usable], strengths[usable]
        strongest_first: Ints = actors[np.argsort(-strengths, kind="stable")[:CONTACTS]]
        return strongest_first

    # --- alliances -------------------------------------------------------------------------------

    def alliances(self, better_than: float) -> list[tuple[float, Idea]]:
        """Every firm to ally with, and how strong the best way over it would be: exact.

        Nothing else changes with a new alliance, so all that counts is the first step, with the
        ties that are there already, and the way on without the focal actor.
        """
        q, p = self._q, self._q.view.projection
        if q.focal.label != "Firm":
            return []
        new = q.options.weight("alliance") * repetition(1) * specificity(2)
        step = 1.0 - (1.0 - self._tied(q.one)) * (1.0 - new)
        total = step * self._on(self._steps - 1) if new else np.zeros(len(p.actors))
        total[[q.one, q.other]] = 0.0
        return [
            (float(total[a]), Idea(q.one, firm=int(a)))
            for a in np.flatnonzero(total > better_than * (1.0 + SAME))
            if p.names[p.actors[int(a)]].label == "Firm"
        ]

    def allied(self, idea: Idea) -> Outcome:
        """The way that a new alliance opens."""
        q = self._q
        steps = Strengths(self._behind.within[: self._steps], complete=True)
        on = chain_to(q.view, steps, idea.firm, self._without)
        projection = with_alliance(q.view.projection, idea, q.reference)
        view = View(projection, q.options, q.explorer.today)
        chain = (q.one, *reversed(on))
        return Outcome(idea, view, len(projection.bodies) - 1, Route(chain, 0.0))

    # --- memberships -----------------------------------------------------------------------------

    def memberships(self, better_than: float) -> list[tuple[float, Idea]]:
        """Every network to join, and what no way over it would be stronger than.

        The bound counts ways on over the same network as if it had not become larger.
        """
        found = self._joining(self._q.one)
        for contact in self.contacts:
            found += self._joining(int(contact))
        return [(b, i) for b, i in found if b > better_than * (1.0 + SAME)]

    def _joining(self, who: int) -> list[tuple[float, Idea]]:
        q, p, ties = self._q, self._q.view.projection, counted(self._q.view)
        there_still = ties.until > day(q.reference, ALWAYS)
        own = ties.actor == who
        open_ = np.array([p.names[b].label == "Network" for b in p.bodies], dtype=bool)
        open_[list(q.blocked.bodies)] = False
        open_[ties.body[own & there_still]] = False  # it is a member already
        back = np.zeros(len(p.bodies), dtype=bool)  # who comes back has met some who have left
        back[ties.body[own]] = True
        met = open_[ties.body] & ~own & (there_still | back[ties.body])
        met &= ~np.isin(ties.actor, list(q.blocked.actors))
        actor, body = ties.actor[met], ties.body[met]
        new = self._strengths_with(back)[body]
        step = 1.0 - (1.0 - self._tied(who)[actor]) * (1.0 - new)

        def best(values: Floats) -> Floats:
            """For each network, the most that a step between `who` and a member can be of."""
            found = np.zeros(len(p.bodies))
            np.maximum.at(found, body, step * values[actor])
            return found

        bounds = np.zeros(len(p.bodies))
        for before, after in self._splits(who):
            ahead = self._ahead.within[min(before, len(self._ahead.within) - 1)]
            bounds = np.maximum(bounds, ahead[who] * best(self._on(after)))
            if who != q.one:  # and may be met there, and even lead on to another who is there
                on = np.full(len(p.bodies), self._on(after)[who])
                if after:
                    on = np.maximum(on, best(self._on(after - 1)))
                bounds = np.maximum(bounds, best(ahead) * on)
        return [(float(bounds[b]), Idea(who, body=int(b))) for b in np.flatnonzero(bounds)]

    def _strengths_with(self, back: npt.NDArray[np.bool_]) -> Floats:
        """For each network, a tie of a newcomer; those who come back are counted in it already."""
        view, weight = self._q.view, self._q.options.weight("membership")
        size = view.participants + np.where(back, 0, 1)
        specific = 1.0 / np.log2(1.0 + np.maximum(size, 2))
        strengths: Floats = weight * (1.0 - 0.5 ** view.dealings.astype(np.float64)) * specific
        return strengths

    def _splits(self, who: int) -> Iterator[tuple[int, int]]:
        """Most steps before the new tie, and after it."""
        longest = 1 if who == self._q.one else self._steps
        yield from ((n, self._steps - 1 - n) for n in range(longest))

    def joined(self, idea: Idea) -> tuple[Outcome | None, bool]:
        """The strongest way with a new membership, and whether the search ran to its end."""
        q = self._q
        projection = with_membership(q.view.projection, idea, q.reference)
        view = View(projection, q.options, q.explorer.today)
        found = strongest(
            view,
            q.ends,
            max_steps=self._steps,
            k=1,
            blocked=q.blocked,
            deadline=q.deadline,
        )
        if not found.routes:
            return None, found.complete
        return Outcome(idea, view, idea.body, found.routes[0]), found.complete

    # --- both ------------------------------------------------------------------------------------

    def _on(self, steps: int) -> Floats:
        """Strength of the way on to the target; of fewer steps if the search was cut off."""
        within = self._behind.within
        return within[min(steps, len(within) - 1)]

    def _tied(self, actor: int) -> Floats:
        tied = np.zeros(len(self._q.view.projection.actors))
        actors, strengths = self._q.view.neighbours(actor, self._q.blocked.bodies)
        tied[actors] = strengths
        return tied


def with_membership(projection: Projection, idea: Idea, since: dt.date) -> Projection:
    """The ties with one membership more."""
    return replace(projection, shared=_with(projection.shared, [idea.who], idea.body, since))


def with_alliance(projection: Projection, idea: Idea, since: dt.date) -> Projection:
    """The ties with one alliance of two more; its index is the last."""
    id_, body = "alliance:new", len(projection.bodies)
    while id_ in projection.names:
        id_ += "-"
    name = Name(id_, "Alliance", "a new alliance", ())
    return replace(
        projection,
        names=ChainMap({id_: name}, dict(projection.names)),
        bodies=[*projection.bodies, id_],
        body_index=ChainMap({id_: body}, dict(projection.body_index)),
        shared=_with(projection.shared, [idea.who, idea.firm], body, since),
    )


def _with(s: SharedTies, actors: list[int], body: int, since: dt.date) -> SharedTies:
    """The entries with some more, in their order."""
    n = len(actors)

    def longer(values: Ints, new: list[int]) -> Ints:
        return np.concatenate([values, np.array(new, np.int32)])

    return SharedTies.in_order(
        actor=longer(s.actor, actors),
        body=longer(s.body, [body] * n),
        since=longer(s.since, [day(since, ALWAYS)] * n),
        until=longer(s.until, [NEVER] * n),
        recorded=longer(s.recorded, [ALWAYS] * n),
        confidence=np.concatenate([s.confidence, np.ones(n)]),
    )
