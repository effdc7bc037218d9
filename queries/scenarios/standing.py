"""How a firm stands on a day: what it can do with its partners, whom it reaches, and at what risk.

Measured on a view and on facts, so that a supposed change is measured in the very same way.
"""

import datetime as dt
import itertools
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.projection import Ints
from alliance_explorer.queries.graph.routes import Blocked, Ends, Route, strongest
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import TieParts, View
from alliance_explorer.queries.models import Ref, SourceRef

from .conflicts import conflicts
from .ego_structure import structure_of
from .firm_facts import FirmFacts, Offer, Reader, contributions
from .scenario_models import Conflict, Contact, Held, ReachWithin, Standing, Way, WayStep, WayTie

# Time for the searches of one standing, s.
MAX_SECONDS: Final = 3.0
# Contacts that are looked at one by one, strongest first, and shown.
MAX_CONTACTS, SHOWN_CONTACTS = 300, 10
MAX_WAYS: Final = 10
MAX_STEPS: Final = 6
NOTHING: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True)
class Asked:
    """A firm on a day, resolved and checked.

    Parameters
    ----------
    explorer : Explorer
    focal : Ref
    reference : datetime.date
        The day; only what holds on it counts.
    known_at : datetime.date, optional
    max_steps : int
        Longest chain, in introductions.
    target : Ref, optional
        To whom ways are wanted.
    """

    explorer: Explorer
    focal: Ref
    reference: dt.date
    known_at: dt.date | None
    max_steps: int
    target: Ref | None = None

    @classmethod
    def of(
        cls,
        explorer: Explorer,
        firm: str,
        as_of: dt.date | None,
        known_at: dt.date | None,
        max_steps: int,
        target: str | None = None,
    ) -> "Asked":
        """Resolve the names.

        Raises
        ------
        UnknownActor, AmbiguousActor, InvalidRequest
        """
        if not 1 <= max_steps <= MAX_STEPS:
            raise InvalidRequest(f"max_steps is a number from 1 to {MAX_STEPS}", "max_steps")
        focal = explorer.resolve(firm, ("Firm",), "firm")
        end = explorer.resolve(target, ("Firm", "Person"), "target") if target else None
        if end and end.id == focal.id:
            raise InvalidRequest(f"{focal.name} is both ends; ask for another target", "target")
        return cls(explorer, focal, as_of or explorer.today, known_at, max_steps, end)

    @property
    def options(self) -> PathOptions:
        """What counts: the ties of that day."""
        return PathOptions(as_of=self.reference, known_at=self.known_at, max_steps=self.max_steps)

    @property
    def reader(self) -> Reader:
        """Reads what counts on that day."""
        return Reader(self.explorer, self.reference, self.known_at)


@dataclass(frozen=True)
class Stand:
    """A standing with what comparing two needs: who is within reach, by number of steps."""

    standing: Standing
    within: Sequence[frozenset[str]]

    @property
    def reached(self) -> frozenset[str]:
        """Firms within the longest chain."""
        return self.within[-1]


def stand(asked: Asked, view: View, facts: FirmFacts, *, in_short: bool = False) -> Stand:
    """Measure how a firm stands.

    Parameters
    ----------
    asked : Asked
    view : View
        Of the graph as it is, or as it is supposed to be.
    facts : FirmFacts
        Likewise.
    in_short : bool
        Leave out contacts and ways, which take longest.

    Notes
    -----
    Reach: O(ties) a step. Contacts: one look at the neighbours of each, at most `MAX_CONTACTS`.
    """
    deadline = time.monotonic() + MAX_SECONDS
    p = view.projection
    one = p.actor_index[asked.focal.id]
    within = reach(view, one, asked.max_steps)
    contacts: list[Contact] = []
    ways: list[Way] | None = None
    complete = True
    if not in_short:
        if asked.target:
            ways, complete = ways_to(view, one, p.actor_index[asked.target.id], asked, deadline)
        contacts, all_seen = contacts_of(view, one, deadline)
        complete &= all_seen
    standing = Standing(
        partners=facts.refs(facts.partners(asked.focal.id)),
        capabilities=held(facts, asked.focal.id),
        reach=[ReachWithin(steps=n, firms=len(ids)) for n, ids in enumerate(within, start=1)],
        contacts=contacts,
        ways=ways,
        structure=structure_of(view, one),
        conflicts=conflicts(facts, asked.focal.id),
        complete=complete,
    )
    return Stand(standing, within)


# --- capabilities ---------------------------------------------------------------------------------


def held(facts: FirmFacts, focal: str) -> list[Held]:
    """What a firm and its partners offer, and what the partners bring to their alliances."""
    partners = facts.partners(focal)
    counted = [o for o in facts.offers if o.firm == focal or o.firm in partners]
    return told(facts, [*counted, *contributions(facts, focal)], focal)


def told(facts: FirmFacts, offers: Iterable[Offer], focal: str) -> list[Held]:
    """Offers put together by what is offered, in the order of their names."""
    by_key: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_key[offer.key].append(offer)
    found = [
        Held(
            key=key,
            name=min(o.name for o in some),
            basis=some[0].basis,
            own=any(o.firm == focal for o in some),
            providers=facts.refs(o.firm for o in some if o.firm != focal),
            facts=list({str(o.fact.properties.get("id")): o.fact for o in some if o.fact}.values()),
        )
        for key, some in by_key.items()
    ]
    return sorted(found, key=lambda h: (h.basis, h.name.casefold(), h.key))


# --- reach ----------------------------------------------------------------------------------------


def reach(view: View, one: int, max_steps: int) -> list[frozenset[str]]:
    """Firms within 1, 2, … introductions, the first actor left out. O(ties) a step."""
    names = view.projection
    frontier = np.array([one], np.int32)
    within: list[frozenset[str]] = []
    for _ in range(max_steps):
        further = view.reached(frontier, NOTHING)
        ids = (names.actors[a] for a in further if a != one)
        same = within and len(further) == len(frontier)
        within.append(
            within[-1] if same else frozenset(i for i in ids if names.names[i].label == "Firm")
        )
        frontier = further
    return within


def contacts_of(view: View, one: int, deadline: float) -> tuple[list[Contact], bool]:
    """Whom each contact opens two introductions away; and whether all were looked at.

    A contact who alone leads to somebody spans a structural hole [Burt 1992].
    """
    p = view.projection
    actors, strengths = view.neighbours(one, NOTHING)
    order = np.lexsort((actors, -strengths))
    direct = np.zeros(len(p.actors), dtype=bool)
    direct[actors] = True
    direct[one] = True
    is_firm = np.array([p.names[i].label == "Firm" for i in p.actors], dtype=bool)
    leads = np.zeros(len(p.actors), np.int32)
    opened: list[tuple[int, Ints]] = []
    for contact in actors[order][:MAX_CONTACTS]:
        if time.monotonic() > deadline:
            break
        others, _ = view.neighbours(int(contact), NOTHING)
        others = others[~direct[others] & is_firm[others]]
        leads[others] += 1
        opened.append((int(contact), others))
    found = [
        Contact(
            actor=p.ref(p.actors[contact]),
            reaches=len(others),
            only=int((leads[others] == 1).sum()),
        )
        for contact, others in opened
        if len(others)
    ]
    found.sort(key=lambda c: (-c.only, -c.reaches, c.actor.name.casefold(), c.actor.id))
    return found[:SHOWN_CONTACTS], len(opened) == len(actors)


def ways_to(
    view: View,
    one: int,
    other: int,
    asked: Asked,
    deadline: float | None = None,
    most: int = MAX_WAYS,
) -> tuple[list[Way], bool]:
    """The best way over each first contact, strongest first; and whether none was missed."""
    found = strongest(
        view,
        Ends(frozenset([one]), frozenset([other])),
        max_steps=asked.max_steps,
        k=most,
        per_contact=1,
        blocked=Blocked(),
        deadline=time.monotonic() + MAX_SECONDS if deadline is None else deadline,
    )
    return [way(view, r) for r in found.routes], found.complete


def way(view: View, route: Route) -> Way:
    """A route with the arithmetic of its strength."""
    p = view.projection
    refs = [p.ref(p.actors[a]) for a in route.actors]
    steps = [
        WayStep(strength=combined(ties), ties=[way_tie(view, t) for t in ties])
        for ties in (view.ties(a, b, NOTHING) for a, b in itertools.pairwise(route.actors))
    ]
    return Way(
        contact=refs[1], strength=math.prod(s.strength for s in steps), actors=refs, steps=steps
    )


def combined(ties: Iterable[TieParts]) -> float:
    """Strength of a step over parallel ties."""
    return 1.0 - math.prod(1.0 - t.strength for t in ties)


def way_tie(view: View, parts: TieParts) -> WayTie:
    """A tie with its factors."""
    p = view.projection
    return WayTie(
        kind=parts.kind,
        shared=p.ref(p.bodies[parts.body]) if parts.body >= 0 else None,
        participants=parts.participants,
        weight=parts.weight,
        recency=parts.recency,
        repetition=parts.repetition,
        specificity=parts.specificity,
        stated=parts.stated,
        strength=parts.strength,
    )


def counted(n: int, one: str, many: str = "") -> str:
    """`1 firm`, `2 firms`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def sources(
    explorer: Explorer, held_: Iterable[Held], found: Iterable[Conflict]
) -> dict[str, SourceRef]:
    """The sources of what some standings show."""
    facts = [f.properties for h in held_ for f in h.facts]
    facts += [f.properties for c in found for f in c.facts]
    return sources_of(facts, explorer)
