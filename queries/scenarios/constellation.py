"""Constellations: smallest sets of firms that together cover what a solution needs.

Several firms are asked to do together what none of them does alone [Jones et al. 1998]; how they
are found is ours, see `covering`.
"""

import datetime as dt
import itertools
import math
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import FOUND
from alliance_explorer.queries.attributes import firm_attributes
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Fact, Ref

from .conflicts import breaches
from .covering import Problem, Search, smallest_sets, strongest_tree
from .ego_structure import FirmTies
from .firm_facts import FirmFacts, Offer, Reader, core_business, segment_key
from .scenario_models import Constellation, Constellations, Joint, Member
from .standing import NOTHING, Asked, combined, counted, way_tie

MAX_NEEDED: Final = 12
MAX_SIZE: Final = 8
MAX_SECONDS: Final = 6.0
# Most firms near the focal one that are looked at, the nearest first.
MAX_FIRMS: Final = 3_000


# --- the question ---------------------------------------------------------------------------------


@as_known
def constellations(
    explorer: Explorer,
    firm: str,
    capabilities: Sequence[str],
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    max_size: int = 4,
    slack: int = 0,
    stated_only: bool = False,
    largest_shared: int = 50,
    limit: int = FOUND.usual,
) -> Constellations:
    """Smallest sets of firms that cover what is needed, connected by ties, without conflicts.

    What the firm offers itself is covered. A set may have members who offer nothing that is needed
    but connect the others. Two firms are tied by an alliance, by ownership, or by a network of at
    most `largest_shared` participants (our rule). No two of them, the firm included, may compete
    or go against what binds one of them to somebody alone (see `conflicts.breaches`). Of equal
    size the best has the greatest product of the strengths of the ties that connect it.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    capabilities : sequence of str
        1 to 12 capabilities or core businesses, by id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    max_size : int
        Most firms beside the one that asks, 1 to 8.
    slack : int
        Also sets of up to so many firms more that contain no smaller one, 0 to 3.
    stated_only : bool
        Pass over inferred rivalries.
    largest_shared : int
        Largest network that ties its members.
    limit : int
        Most sets to show.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    Exact while `complete`, which it is for graphs of some dozens of firms around; else `searched`
    says how far it came. See `smallest_sets`.
    """
    for name, value, low, high in (
        ("max_size", max_size, 1, MAX_SIZE),
        ("slack", slack, 0, 3),
        ("largest_shared", largest_shared, 2, 500),
    ):
        if not low <= value <= high:
            raise InvalidRequest(f"{name} is a number from {low} to {high}", name)
    FOUND.check(limit)
    asked = Asked.of(explorer, firm, as_of, known_at, 1)
    deadline = time.monotonic() + MAX_SECONDS
    needed, offers = providers(explorer, asked.reader, capabilities)
    ground = _Ground(asked, needed, offers, max_size, largest_shared, stated_only)
    search = smallest_sets(ground.problem, max_size, slack=slack, deadline=deadline)
    told = sorted((ground.told(s) for s in search.found), key=_best_first)
    smallest = min((len(c.members) for c in told), default=None)
    shown = told[:limit]
    complete = ground.complete(search)
    nobody = [name for key, name in needed.items() if not any(o.key == key for o in offers)]
    facts = [f.properties for c in shown for m in c.members for f in m.facts]
    return Constellations(
        focal=asked.focal,
        as_of=as_of,
        known_at=known_at,
        reference_date=asked.reference,
        needed=list(needed.values()),
        nobody_offers=nobody,
        stated_only=stated_only,
        largest_shared=largest_shared,
        max_size=max_size,
        constellations=shown,
        smallest=smallest,
        total=len(told),
        complete=complete,
        searched=_searched(search, ground, max_size, complete),
        sources=sources_of(facts, explorer),
        summary=_summary(asked.focal, needed, nobody, told, smallest, max_size, complete),
    )


def _best_first(c: Constellation) -> tuple[int, float, list[str]]:
    return len(c.members), -float(f"{c.strength:.12g}"), [m.actor.id for m in c.members]


def providers(
    explorer: Explorer, reader: Reader, capabilities: Sequence[str]
) -> tuple[dict[str, str], list[Offer]]:
    """Capabilities by key and name, and everybody who offers them.

    A capability is one by id or name, or a core business of firms (`segment`), or both at once.

    Raises
    ------
    UnknownActor
        Nothing is called so; with the nearest names.
    InvalidRequest
        None is named, or too many are.
    """
    texts = list(dict.fromkeys(t.strip() for t in capabilities if t.strip()))
    if not 1 <= len(texts) <= MAX_NEEDED:
        raise InvalidRequest(f"name 1 to {MAX_NEEDED} capabilities", "capability")
    business: defaultdict[str, list[Offer]] = defaultdict(list)
    for firm, row in firm_attributes(explorer).items():
        segments = row["segments"]
        for name in segments if isinstance(segments, list) else ():
            key = segment_key(str(name))
            business[key].append(Offer(firm, key, str(name), "segment"))
    needed: dict[str, str] = {}
    offers: list[Offer] = []
    wanted: dict[str, str] = {}
    for text in texts:
        found = _capability(explorer, text)
        segment = text if text in business else segment_key(text)
        at_work = business.get(segment, [])
        if found is None and not at_work:
            choices = [*_names_like(explorer, text), *(some[0].name for some in business.values())]
            raise InvalidRequest(
                f"no capability or core business is called {text[:80]!r}" + nearest(text, choices),
                "capability",
            )
        key, name = (found.id, found.name) if found else (segment, at_work[0].name)
        needed[key] = name
        if found:
            wanted[found.id] = key
        offers += [Offer(o.firm, key, o.name, "segment") for o in at_work]
    for row in run(explorer.engine, "providers", ids=sorted(wanted)) if wanted else ():
        if offer := reader.offer(row["firm"], row["r"], row["y"]):
            offers.append(offer)
    return needed, offers


def known_capabilities(explorer: Explorer, limit: int = 200) -> list[str]:
    """Names of capabilities and core businesses, for choosing from; those of most firms first."""
    counts: Counter[str] = Counter()
    for row in firm_attributes(explorer).values():
        segments = row["segments"]
        counts.update(map(str, segments) if isinstance(segments, list) else ())
    names = explorer.projection().names.values()
    stated = sorted({n.name for n in names if n.label == "Capability"}, key=str.casefold)
    business = sorted(counts, key=lambda name: (-counts[name], name.casefold()))
    return list(dict.fromkeys([*stated, *business]))[:limit]


def _capability(explorer: Explorer, text: str) -> Ref | None:
    try:
        return explorer.resolve(text, ("Capability",), "capability")
    except UnknownActor:
        return None


def _names_like(explorer: Explorer, text: str) -> list[str]:
    return [h.name for h in explorer.names().search(text, ("Capability",))[:5]]


class _Ground:
    """The firms around the focal one, how they are tied, and who is in conflict with whom.

    `whole` is the number of steps from the firm within which nobody is left out.
    """

    def __init__(
        self,
        asked: Asked,
        needed: Mapping[str, str],
        offers: Sequence[Offer],
        max_size: int,
        largest_shared: int,
        stated_only: bool,
    ) -> None:
        self._needed = needed
        self._largest = largest_shared
        self.view = asked.explorer.view(asked.options)
        p = self.view.projection
        self._focal = p.actor_index[asked.focal.id]
        tied, self.whole = _around(FirmTies(self.view, largest_shared), self._focal, max_size)
        self.firms = len(tied)
        bits = {key: 1 << n for n, key in enumerate(needed)}
        offered: defaultdict[int, int] = defaultdict(int)
        self._offers: defaultdict[int, list[Offer]] = defaultdict(list)
        for offer in offers:
            firm = p.actor_index[offer.firm]
            if firm in tied:
                offered[firm] |= bits[offer.key]
                self._offers[firm].append(offer)
        against = _against(asked, [p.actors[f] for f in tied], stated_only)
        self.problem = Problem(
            self._focal,
            len(needed),
            dict(offered),
            tied,
            {p.actor_index[a]: {p.actor_index[b] for b in bs} for a, bs in against.items()},
        )

    def complete(self, search: Search) -> bool:
        """Whether no set as small as those that were looked for can have been missed."""
        return search.complete and search.finished <= self.whole

    def told(self, found: frozenset[int]) -> Constellation:
        """A set as answers show it."""
        p = self.view.projection
        firms = [self._focal, *sorted(found)]
        ties = {
            (a, b): [
                t
                for t in self.view.ties(a, b, NOTHING)
                if t.kind in ("alliance", "ownership")
                or (t.kind == "membership" and t.participants <= self._largest)
            ]
            for a, b in itertools.combinations(sorted(firms), 2)
        }
        tree = strongest_tree(firms, {pair: combined(ts) for pair, ts in ties.items() if ts})
        joints = [
            Joint(
                one=p.ref(p.actors[a]),
                other=p.ref(p.actors[b]),
                strength=combined(ties[a, b]),
                ties=[way_tie(self.view, t) for t in ties[a, b]],
            )
            for a, b in tree
        ]
        members = [
            Member(actor=p.ref(p.actors[f]), brings=self._brings(f), facts=self._facts(f))
            for f in firms[1:]
        ]
        return Constellation(
            members=members,
            own=self._brings(self._focal),
            joints=joints,
            strength=math.prod(j.strength for j in joints),
            sentence=_sentence(members, joints),
        )

    def _brings(self, firm: int) -> list[str]:
        brought = {o.key for o in self._offers.get(firm, ())}
        return [name for key, name in self._needed.items() if key in brought]

    def _facts(self, firm: int) -> list[Fact]:
        return [o.fact for o in self._offers.get(firm, ()) if o.fact]


def _around(ties: FirmTies, focal: int, max_size: int) -> tuple[dict[int, set[int]], int]:
    """Firms within so many ties of the focal one, with their ties among each other.

    Also the number of steps within which nobody is left out.
    """
    levels = {focal: 0}
    frontier = [focal]
    rows: dict[int, Sequence[int]] = {}
    whole = 0
    for step in range(1, max_size + 1):
        found = ties.rows(np.array(frontier, np.int32))
        for k, firm in enumerate(frontier):
            rows[firm] = found.indices[found.indptr[k] : found.indptr[k + 1]].tolist()
        new = sorted({n for f in frontier for n in rows[f]} - levels.keys())
        room = MAX_FIRMS - len(levels)
        levels |= dict.fromkeys(new[:room], step)
        if len(new) > room:
            break
        whole = step
        frontier = new
        if not new:
            whole = max_size
            break
    last = sorted(levels.keys() - rows.keys())
    if last:
        found = ties.rows(np.array(last, np.int32))
        for k, firm in enumerate(last):
            rows[firm] = found.indices[found.indptr[k] : found.indptr[k + 1]].tolist()
    return {f: {n for n in rows[f] if n in levels} for f in levels}, whole


def _against(asked: Asked, firms: Sequence[str], stated_only: bool) -> dict[str, set[str]]:
    """Who is in conflict with whom: rivals, and those whom an exclusive alliance keeps apart."""
    reader = asked.reader
    bonds = reader.bonds_of(firms)
    ids = {*firms, *(i for b in bonds for i in b.parties)}
    entities = reader.firms(ids) if bonds else {}
    offers = reader.capabilities(ids)[0] if bonds else []
    facts = FirmFacts(
        firms=entities,
        offers=[*offers, *(o for e in entities.values() for o in core_business(e))],
        rivalries=reader.rivalries(ids),
        bonds=bonds,
    )
    against: defaultdict[str, set[str]] = defaultdict(set)

    def apart(one: str, other: str) -> None:
        against[one].add(other)
        against[other].add(one)

    known = set(firms)
    for one, other in facts.rivalries:
        if {one, other} <= known and facts.rivalry(one, other, stated_only=stated_only):
            apart(one, other)
    for bound in {i for b in bonds for i in b.parties} & known:
        for third in known - {bound}:
            if breaches(facts, bound, third, stated_only=stated_only):
                apart(bound, third)
    return dict(against)


def _sentence(members: Sequence[Member], joints: Sequence[Joint]) -> str:
    if not members:
        return "The firm covers everything itself."
    who = [
        f"{m.actor.name} ({', '.join(m.brings) if m.brings else 'connects the others'})"
        for m in members
    ]
    held = [f"{j.one.name} – {j.other.name}" for j in joints]
    return f"{', '.join(who)}; tied {', '.join(held)}."


def _searched(search: Search, ground: _Ground, max_size: int, complete: bool) -> str:
    size = min(max_size, max(search.finished, 0)) if search.complete else max_size
    text = (
        f"{counted(search.looked_at, 'connected set')} of up to {counted(size, 'firm')} among "
        f"{counted(ground.firms, 'firm')} around"
    )
    if complete:
        return f"Looked at {text}; no {'smaller ' if search.found else ''}set fits."
    sure = min(search.finished, ground.whole)
    return (
        f"Looked at {text}, then stopped. All sets of up to {max(sure, 0)} firms were looked at; "
        "larger ones may be missing."
    )


def _summary(
    focal: Ref,
    needed: Mapping[str, str],
    nobody: Sequence[str],
    told: Sequence[Constellation],
    smallest: int | None,
    max_size: int,
    complete: bool,
) -> str:
    what = ", ".join(needed.values())
    if told and smallest == 0:
        return f"{focal.name} covers {what} itself."
    if told:
        few = sum(len(c.members) == smallest for c in told)
        count = (
            f"{few} set{'s' if few > 1 else ''} of {smallest} firm{'s' if smallest != 1 else ''}"
        )
        verb = "covers" if few == 1 else "cover"
        return f"{count} around {focal.name} {verb} {what}. Best: {told[0].sentence}"
    if nobody:
        return f"Nobody on record offers {', '.join(nobody)}."
    doubt = "" if complete else " The search was cut off: one may exist."
    return (
        f"No set of up to {max_size} firms that are tied to {focal.name} and free of conflicts "
        f"covers {what}.{doubt}"
    )
