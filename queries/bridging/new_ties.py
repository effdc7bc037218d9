"""Ties that are not there: what a new membership or a new alliance would count, and lead to.

A new tie is weighed as any other (`ties`): it holds from the reference date on, a network has one
member more, so that all its ties are a little less specific, and an alliance has two parties. What
comes of it is found in a copy of the ties that has the new one, so that it is exactly what would be
answered if the tie were on record.
"""

import datetime as dt
import time
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from alliance_explorer.queries.graph.projection import Floats, Ints, Name, Projection, SharedTies
from alliance_explorer.queries.graph.routes import Blocked, Route, strongest
from alliance_explorer.queries.graph.strengths import (
    Strengths,
    chain_to,
    further_to,
    kth,
    strengths_from,
)
from alliance_explorer.queries.graph.ties import ALWAYS, NEVER, SAME, day, repetition, specificity
from alliance_explorer.queries.graph.view import View

from .asked import Asked

# So many of the strongest contacts are asked whether they would join; the others are not.
CONTACTS = 25
# Most new memberships that are tried out for one answer.
MAX_TRIED = 120
# Of the bound of a membership this much is usually what comes of it, or more: a larger network
# weakens the ties that are there by less than a quarter.
LIKELY = 0.5
# Strengths are told, and sorted, to fewer digits than make this difference.
ROUNDED = 1e-9


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


@dataclass(frozen=True, slots=True)
class _Joining:
    """What a step would be worth over each membership that somebody could take up.

    Arrays of equal length, one entry for each other member of each network: who that is, the
    network, and the strength of the step, ties that are there already included.
    """

    actor: Ints
    body: Ints
    step: Floats

    def best(self, bodies: int, values: Floats) -> Floats:
        """For each body, the most that a step to somebody there is worth, times their value."""
        found = np.zeros(bodies)
        np.maximum.at(found, self.body, self.step * values[self.actor])
        return found


class Prospects:
    """What is reached from either end of a question, and so what a new tie between is worth.

    What cannot be among the strongest new ties is not looked at: all ways on are found only as far
    as they are strong enough for that.

    Parameters
    ----------
    q : Asked
        With a target.
    contacts : bool
        Whether contacts of the focal actor may join networks as well.
    better_than : float
        Strength of the best way that there is: weaker ones do not matter.
    least : float, optional
        Strength from which on memberships are all to be found; a guess unless given, see `least`.
    """

    def __init__(
        self, q: Asked, *, contacts: bool, better_than: float, least: float | None = None
    ) -> None:
        self._q = q
        self.better_than, self._of_contacts = better_than, contacts
        self._steps = q.options.max_steps
        self._without = Blocked(q.blocked.actors | {q.one}, q.blocked.bodies)
        self.contacts = self._asked() if contacts and self._steps > 1 else np.empty(0, np.int32)
        self._allying = self._alliance_steps()
        self._own = self._joining_steps(q.one)
        allied, joined = (float(s.max(initial=0.0)) for s in (self._allying, self._own.step))
        asked = max(map(self._most, self.contacts), default=0.0)

        def on(strengths: Floats, left: int) -> float:
            """How strong a way on from a new tie has to be for one of the strongest."""
            alliance = kth(self._allying * strengths, q.options.limit) if allied else 0.0
            membership = self._least(strengths, least)
            needed = [
                (max(self.better_than, alliance), allied),
                (membership, joined),
                # A contact's new tie comes after a step to the contact, or before one from there;
                # ways of most steps go on from the contacts alone, see below.
                (membership, asked**2 if left else 0.0),
            ]
            return min((strength / most for strength, most in needed if most), default=np.inf)

        self._behind = self._from(q.other, self._steps - 1, self._without, on)
        self.least = self._least(self._behind.within[-1], least)
        """Bounds of this strength or more are exact; nothing is known of weaker ones."""
        self._ahead = self._from(q.one, 0, q.blocked)
        if len(self.contacts):
            before = Strengths(self._behind.within[:-1], self._behind.complete)
            at_contacts = further_to(q.view, before, self.contacts, self._without).within[-1]
            self._behind.within[-1] = np.maximum(self._behind.within[-1], at_contacts)
            ahead = self._from(q.one, self._steps - 2, q.blocked, lambda *_: self.least / asked)
            self._ahead = further_to(q.view, ahead, self.contacts, q.blocked)
        self.complete = self._behind.complete and self._ahead.complete

    def down_to(self, least: float) -> "Prospects":
        """The same, with bounds that are exact from a lower strength on."""
        return Prospects(
            self._q, contacts=self._of_contacts, better_than=self.better_than, least=least
        )

    def _least(self, strengths: Floats, least: float | None) -> float:
        """How strong memberships have to be to matter, given ways on that there are.

        A guess from the memberships that the focal actor itself could take up.
        """
        if least is None:
            bounds = self._own.best(len(self._q.view.projection.bodies), strengths)
            least = kth(bounds, self._q.options.limit) * LIKELY
        return max(self.better_than, least)

    def _from(
        self,
        source: int,
        steps: int,
        blocked: Blocked,
        matters: Callable[[Floats, int], float] | None = None,
    ) -> Strengths:
        q = self._q
        return strengths_from(
            q.view,
            source,
            max_steps=steps,
            blocked=blocked,
            deadline=q.deadline,
            matters=matters,
        )

    def _asked(self) -> Ints:
        """The strongest contacts; equals in the order of their ids."""
        q = self._q
        actors, strengths = q.view.neighbours(q.one, q.blocked.bodies)
        usable = (actors != q.other) & ~np.isin(actors, list(q.blocked.actors))
        actors, strengths = actors[usable], strengths[usable]
        strongest_first: Ints = actors[np.argsort(-strengths, kind="stable")[:CONTACTS]]
        return strongest_first

    # --- alliances -------------------------------------------------------------------------------

    def _alliance_steps(self) -> Floats:
        """By actor: strength of the step with a new alliance; 0 for those who cannot ally."""
        q, p = self._q, self._q.view.projection
        new = q.options.weight("alliance") * repetition(1) * specificity(2)
        if not new or q.focal.label != "Firm":
            return np.zeros(len(p.actors))
        step = 1.0 - (1.0 - self._tied(q.one)) * (1.0 - new)
        step[~p.is_firm] = 0.0
        step[[q.one, q.other]] = 0.0
        return step

    def alliances(self) -> list[tuple[float, Idea]]:
        """Firms to ally with, and how strong the best way over each would be; the strongest exact.

        Nothing else changes with a new alliance, so all that counts is the first step, with the
        ties that are there already, and the way on without the focal actor.
        """
        total = self._allying * self._on(self._steps - 1)
        strongest_ones = total >= kth(total, self._q.options.limit) * (1.0 - ROUNDED)
        return [
            (float(total[a]), Idea(self._q.one, firm=int(a)))
            for a in np.flatnonzero(strongest_ones & (total > self.better_than * (1.0 + SAME)))
        ]

    def allied(self, ideas: Sequence[Idea]) -> list[Outcome]:
        """The ways that new alliances open, each alone, in one view: no way goes over another."""
        q = self._q
        steps = Strengths(self._behind.within[: self._steps], complete=True)
        first = len(q.view.projection.bodies)
        view = View(
            with_alliances(q.view.projection, ideas, q.reference), q.options, q.explorer.today
        )
        outcomes = []
        for n, idea in enumerate(ideas):
            on = chain_to(q.view, steps, idea.firm, self._without)
            outcomes.append(Outcome(idea, view, first + n, Route((q.one, *reversed(on)), 0.0)))
        return outcomes

    # --- memberships -----------------------------------------------------------------------------

    def memberships(self) -> list[tuple[float, Idea]]:
        """Networks to join, and what no way over each would be stronger than, from `least` on.

        The bound counts ways on over the same network as if it had not become larger.
        """
        found = self._bounds(self._q.one, self._own)
        for contact in map(int, self.contacts):
            found += self._bounds(contact, self._joining_steps(contact))
        return [(b, i) for b, i in found if b > self.better_than * (1.0 + SAME)]

    def _joining_steps(self, who: int) -> _Joining:
        q, p, ties = self._q, self._q.view.projection, self._q.view.entries
        there_still = ties.until > day(q.reference, ALWAYS)
        own = slice(ties.of_actor[who], ties.of_actor[who + 1])
        open_ = p.is_network.copy()
        open_[list(q.blocked.bodies)] = False
        open_[ties.body[own][there_still[own]]] = False  # it is a member already
        back = np.zeros(len(p.bodies), dtype=bool)  # who comes back has met some who have left
        back[ties.body[own]] = True
        met = open_[ties.body] & (there_still | back[ties.body])
        met[own] = False
        met &= ~np.isin(ties.actor, list(q.blocked.actors))
        actor, body = ties.actor[met], ties.body[met]
        new = self._strengths_with(back)[body]
        return _Joining(actor, body, 1.0 - (1.0 - self._tied(who)[actor]) * (1.0 - new))

    def _most(self, who: np.int32) -> float:
        """No step with a new membership of somebody is stronger."""
        p, q = self._q.view.projection, self._q
        new = self._strengths_with(np.ones(len(p.bodies), dtype=bool))[p.is_network]
        tied = q.view.neighbours(int(who), q.blocked.bodies)[1]
        return 1.0 - (1.0 - float(tied.max(initial=0.0))) * (1.0 - float(new.max(initial=0.0)))

    def _bounds(self, who: int, joining: _Joining) -> list[tuple[float, Idea]]:
        n = len(self._q.view.projection.bodies)
        bounds = np.zeros(n)
        for before, after in self._splits(who):
            ahead = self._ahead.within[min(before, len(self._ahead.within) - 1)]
            bounds = np.maximum(bounds, ahead[who] * joining.best(n, self._on(after)))
            if who != self._q.one:  # and may be met there, and even lead on to another who is there
                on = np.full(n, self._on(after)[who])
                if after:
                    on = np.maximum(on, joining.best(n, self._on(after - 1)))
                bounds = np.maximum(bounds, joining.best(n, ahead) * on)
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


def strongest_memberships(q: Asked, prospects: Prospects) -> tuple[list[Outcome], bool]:
    """The memberships with the strongest outcomes, and whether no better one can be missing.

    At least as many as are asked for, if there are, with all that are as strong as the last.
    """
    tried: dict[Idea, Outcome | None] = {}
    complete, last = _try(q, prospects, tried)
    if prospects.least > max(prospects.better_than, last):  # weaker than was guessed
        prospects = prospects.down_to(last)
        complete, last = _try(q, prospects, tried)
    least = last * (1.0 - ROUNDED)
    found = [o for o in tried.values() if o and o.route.strength >= least]
    return found, complete and prospects.complete


def _try(q: Asked, prospects: Prospects, tried: dict[Idea, Outcome | None]) -> tuple[bool, float]:
    """Try memberships, the most promising first, until no other can be among the strongest.

    Parameters
    ----------
    tried : dict
        What came of those that were tried already, None if nothing better; the others are added.

    Returns
    -------
    complete : bool
        Whether all was tried that had to be, and each search ran to its end.
    last : float
        Strength of the last of the strongest; 0 if there are fewer.
    """
    p, now = q.view.projection, prospects.better_than
    ideas = sorted(
        prospects.memberships(), key=lambda x: (-x[0], p.bodies[x[1].body], p.actors[x[1].who])
    )
    complete, last = True, 0.0
    for bound, idea in ideas:
        if bound < last * (1.0 - SAME):
            break
        if idea not in tried:
            if len(tried) >= MAX_TRIED or time.monotonic() > q.deadline:
                return False, last
            outcome, whole = prospects.joined(idea)
            better = outcome is not None and outcome.route.strength > now * (1.0 + SAME)
            tried[idea] = outcome if better else None
            complete &= whole
        strengths = np.array([o.route.strength for o in tried.values() if o])
        last = kth(strengths, q.options.limit)
    return complete, last


def with_membership(projection: Projection, idea: Idea, since: dt.date) -> Projection:
    """The ties with one membership more."""
    return replace(projection, shared=_with(projection.shared, [(idea.who, idea.body)], since))


def with_alliances(projection: Projection, ideas: Sequence[Idea], since: dt.date) -> Projection:
    """The ties with some alliances of two more; their indexes are the last, in the same order.

    They have one id: each is told as if it were the only one.
    """
    id_, first = "alliance:new", len(projection.bodies)
    while id_ in projection.names:
        id_ += "-"
    name = Name(id_, "Alliance", "a new alliance", ())
    entries = [(a, first + n) for n, idea in enumerate(ideas) for a in (idea.who, idea.firm)]
    return replace(
        projection,
        names=ChainMap({id_: name}, dict(projection.names)),
        bodies=[*projection.bodies, *(id_ for _ in ideas)],
        shared=_with(projection.shared, entries, since),
    )


def _with(s: SharedTies, entries: Iterable[tuple[int, int]], since: dt.date) -> SharedTies:
    """The entries with some more, of an actor in a body, in their order. Time O(entries)."""
    more = sorted(entries)
    places = []
    for actor, body in more:
        start, end = np.searchsorted(s.actor, [actor, actor + 1])
        places.append(int(start + np.searchsorted(s.body[start:end], body, side="right")))
    actors, bodies = zip(*more, strict=True)
    return SharedTies(
        actor=np.insert(s.actor, places, actors),
        body=np.insert(s.body, places, bodies),
        since=np.insert(s.since, places, day(since, ALWAYS)),
        until=np.insert(s.until, places, NEVER),
        recorded=np.insert(s.recorded, places, ALWAYS),
        confidence=np.insert(s.confidence, places, 1.0),
    )
