"""What if: a partner leaves or is taken over, a network is left or joined, an alliance is made.

Answered on a changed copy of the projection and of the facts; the graph is never written to. Equal,
by test, to really changing the graph and asking again.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Ref

from .changes import SUPPOSED, Changes, changed
from .conflicts import identity
from .firm_facts import FirmFacts, allied, leaving, merged
from .scenario_models import Change, ChangeKind, Difference, Standing, WhatIf
from .standing import Asked, Stand, counted, sources, stand

MAX_LISTED = 50


class Suppositions(BaseModel):
    """What is supposed, by id or name; done in this order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leaves: tuple[str, ...] = Field((), max_length=20, description="partners who leave")
    drops: tuple[str, ...] = Field((), max_length=20, description="networks that the firm leaves")
    acquired: str | None = Field(None, description="a firm that is taken over")
    by: str | None = Field(None, description="who takes it over")
    joins: tuple[str, ...] = Field((), max_length=20, description="networks that the firm joins")
    allies: tuple[str, ...] = Field((), max_length=20, description="firms that become partners")


@as_known
def standing(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    target: str | None = None,
    max_steps: int = 3,
) -> Standing:
    """How a firm stands on a day; parameters and errors as in `what_if`."""
    asked = Asked.of(explorer, firm, as_of, known_at, max_steps, target)
    facts = asked.reader.facts([asked.focal.id], [asked.focal.id])
    return stand(asked, explorer.view(asked.options), facts).standing


@as_known
def what_if(
    explorer: Explorer,
    firm: str,
    suppositions: Suppositions,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    target: str | None = None,
    max_steps: int = 3,
) -> WhatIf:
    """A firm before and after what is supposed: capabilities, reach, bridges, structure, conflicts.

    Our rules. A partner who leaves leaves every alliance that it shares with the firm; what else
    ties them stays. A firm that is taken over goes up in its acquirer, which takes over its
    alliances, memberships, people, stakes, capabilities and rivalries. Who joins a network is a
    member like any other. A new alliance has two parties and counts as one dealing.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    suppositions : Suppositions
        At least one.
    as_of : datetime.date, optional
        The day; today unless given. Only what holds on it counts.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    target : str, optional
        A firm or person: which bridges lead there, before and after?
    max_steps : int
        Longest chain, in introductions, 1 to 6.

    Raises
    ------
    UnknownActor, AmbiguousActor
    InvalidRequest
        Nothing is supposed, or something that cannot be: a firm leaves that is no partner.
    """
    asked = Asked.of(explorer, firm, as_of, known_at, max_steps, target)
    scene = Scene(asked, suppositions)
    before, after = scene.before(), scene.after()
    difference = scene.difference(before, after)
    both = (before.standing, after.standing)
    return WhatIf(
        focal=asked.focal,
        target=asked.target,
        as_of=as_of,
        known_at=known_at,
        reference_date=asked.reference,
        max_steps=max_steps,
        changes=scene.told,
        before=before.standing,
        after=after.standing,
        difference=difference,
        sources=sources(
            explorer,
            (h for s in both for h in s.capabilities),
            (c for s in both for c in s.conflicts),
        ),
        summary=summary(asked, scene.told, before, after, difference),
    )


class Scene:
    """Suppositions resolved, checked, and applied to copies.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """

    def __init__(self, asked: Asked, given: Suppositions) -> None:
        self._asked = asked
        x, focal = asked.explorer, asked.focal
        if bool(given.acquired) != bool(given.by):
            raise InvalidRequest(
                "a takeover needs both: who is acquired, and by whom",
                "by" if given.acquired else "acquired",
            )
        leaves = self._firms(given.leaves, "leaves")
        allies = self._firms(given.allies, "allies")
        joins, drops = (
            list(dict.fromkeys(x.resolve(n, ("Network",), f) for n in names))
            for names, f in ((given.joins, "joins"), (given.drops, "drops"))
        )
        gone = x.resolve(given.acquired, ("Firm",), "acquired") if given.acquired else None
        into = x.resolve(given.by, ("Firm",), "by") if given.by else None
        if not (leaves or allies or joins or drops or gone):
            raise InvalidRequest(
                "say what to suppose: leaves, acquired and by, joins, drops or allies", "leaves"
            )
        others = [*leaves, *allies, *([gone, into] if gone and into else [])]
        whose = {focal.id, *([gone.id] if gone else ())}
        self.facts = asked.reader.facts({focal.id, *(r.id for r in others)}, whose)
        self.view = x.view(asked.options)
        self.facts_after: FirmFacts = self.facts
        self.told: list[Change] = []
        self._parts: list[tuple[str, str]] = []
        self._joined: list[tuple[str, str]] = []
        self._alliances: list[tuple[str, str, Sequence[str]]] = []
        self._absorbed: dict[str, str] = {}
        for partner in leaves:
            self._leave(partner)
        for network in drops:
            self._drop(network)
        if gone and into:
            self._absorb(gone, into)
        for network in joins:
            self._join(network)
        for partner in allies:
            self._ally(partner)

    def _firms(self, names: Iterable[str], field: str) -> list[Ref]:
        focal = self._asked.focal
        found = [self._asked.explorer.resolve(n, ("Firm",), field) for n in names]
        if focal.id in [r.id for r in found]:
            raise InvalidRequest(f"{focal.name} is the firm in question; name another", field)
        return list({r.id: r for r in found}.values())

    def _say(self, kind: ChangeKind, actor: Ref, sentence: str, by: Ref | None = None) -> None:
        self.told.append(Change(kind=kind, actor=actor, by=by, sentence=sentence))

    def _leave(self, partner: Ref) -> None:
        focal = self._asked.focal
        shared = [
            a for a, p in self.facts_after.parties.items() if {focal.id, partner.id} <= p.keys()
        ]
        if not shared:
            raise InvalidRequest(
                f"{partner.name} is no partner of {focal.name} on {self._asked.reference}",
                "leaves",
            )
        self._parts += [(partner.id, a) for a in shared]
        self.facts_after = leaving(self.facts_after, partner.id, shared)
        count = counted(len(shared), "alliance")
        self._say("leaves", partner, f"{partner.name} leaves {count} with {focal.name}.")

    def _drop(self, network: Ref) -> None:
        focal = self._asked.focal
        if not self._is_member(network):
            raise InvalidRequest(
                f"{focal.name} is no member of {network.name} on {self._asked.reference}", "drops"
            )
        self._parts.append((focal.id, network.id))
        self._say("drops", network, f"{focal.name} leaves {network.name}.")

    def _join(self, network: Ref) -> None:
        focal = self._asked.focal
        dropped = (focal.id, network.id) in self._parts
        if self._is_member(network) and not dropped:
            raise InvalidRequest(
                f"{focal.name} is a member of {network.name} already, on {self._asked.reference}",
                "joins",
            )
        self._joined.append((focal.id, network.id))
        self._say("joins", network, f"{focal.name} joins {network.name}.")

    def _is_member(self, network: Ref) -> bool:
        p, day_ = self.view.projection, self.view.reference
        s, known = p.shared, self._asked.known_at
        at = (s.actor == p.actor_index[self._asked.focal.id]) & (s.body == p.body_index[network.id])
        at &= (s.since <= day_) & (s.until > day_)
        if known:
            at &= s.recorded <= (known - dt.date(1970, 1, 1)).days
        return bool(at.any())

    def _absorb(self, gone: Ref, into: Ref) -> None:
        focal = self._asked.focal
        if gone.id == focal.id:
            raise InvalidRequest(
                f"{focal.name} is the firm in question; it cannot go up in another", "acquired"
            )
        if gone.id == into.id:
            raise InvalidRequest(f"{gone.name} cannot take itself over", "by")
        self._absorbed[gone.id] = into.id
        self.facts_after = merged(self.facts_after, gone.id, into.id)
        self._say("acquired", gone, f"{gone.name} is taken over by {into.name}.", into)

    def _ally(self, partner: Ref) -> None:
        focal = self._asked.focal
        if partner.id in self._absorbed:
            raise InvalidRequest(
                f"{partner.name} is taken over; name its acquirer as the partner", "allies"
            )
        pair = "+".join(i.partition(":")[2] for i in (focal.id, partner.id))
        name = f"alliance of {focal.name} and {partner.name} (supposed)"
        ref = Ref(id=f"{SUPPOSED}:{pair}", label="Alliance", name=name)
        self._alliances.append((ref.id, name, (focal.id, partner.id)))
        self.facts_after = allied(self.facts_after, ref, (focal.id, partner.id))
        self._say("allies", partner, f"{focal.name} and {partner.name} form an alliance.")

    def before(self, *, in_short: bool = False) -> Stand:
        """How the firm stands now."""
        return stand(self._asked, self.view, self.facts, in_short=in_short)

    def after(self, *, in_short: bool = False) -> Stand:
        """How it would stand."""
        return stand(self._asked, self.view_after(), self.facts_after, in_short=in_short)

    def view_after(self) -> View:
        """The ties that would count."""
        changes = Changes(self._parts, self._absorbed, self._joined, self._alliances)
        x = self._asked.explorer
        return View(changed(self.view.projection, changes), self._asked.options, x.today)

    def difference(self, before: Stand, after: Stand) -> Difference:
        """What changes; a firm that goes up in another is not counted as out of reach."""
        return differ(
            self._asked, self.facts, self.facts_after, before, after, frozenset(self._absorbed)
        )


def without(asked: Asked, view: View, facts: FirmFacts, partner: Ref, before: Stand) -> Difference:
    """What changes if a partner leaves; in short, for many partners one after the other."""
    focal = asked.focal.id
    shared = [a for a, p in facts.parties.items() if {focal, partner.id} <= p.keys()]
    left = leaving(facts, partner.id, shared)
    changes = Changes(parts=[(partner.id, a) for a in shared])
    then = View(changed(view.projection, changes), asked.options, asked.explorer.today)
    return differ(asked, facts, left, before, stand(asked, then, left, in_short=True))


# --- telling them apart ---------------------------------------------------------------------------


def differ(
    asked: Asked,
    facts: FirmFacts,
    facts_after: FirmFacts,
    before: Stand,
    after: Stand,
    absorbed: frozenset[str] = frozenset(),
) -> Difference:
    """What changes from one standing to the other."""
    one, other = before.standing, after.standing
    had = {h.key: h for h in one.capabilities}
    has = {h.key: h for h in other.capabilities}
    partners = {r.id for r in one.partners}, {r.id for r in other.partners}
    conflicts = {identity(c) for c in one.conflicts}, {identity(c) for c in other.conflicts}
    lost = before.reached - after.reached - absorbed
    won = after.reached - before.reached
    ways = [{w.contact.id: w.contact for w in s.ways or ()} for s in (one, other)]
    numbers = {}
    for name in ("partners", "density", "effective_size", "efficiency", "constraint"):
        a, b = getattr(one.structure, name), getattr(other.structure, name)
        if a is not None and b is not None:
            numbers[name] = b - a
    return Difference(
        partners_lost=facts.refs(partners[0] - partners[1]),
        partners_won=facts_after.refs(partners[1] - partners[0]),
        capabilities_lost=[h for h in one.capabilities if h.key not in has],
        capabilities_won=[h for h in other.capabilities if h.key not in had],
        capabilities_thin=[
            h
            for h in other.capabilities
            if not h.own
            and len(h.providers) == 1
            and (k := had.get(h.key))
            and (k.own or len(k.providers) > 1)
        ],
        reach_lost=listed(asked, lost),
        reach_won=listed(asked, won),
        reach_lost_total=len(lost),
        reach_won_total=len(won),
        ways_lost=[r for i, r in ways[0].items() if i not in ways[1]],
        ways_won=[r for i, r in ways[1].items() if i not in ways[0]],
        conflicts_gone=[c for c in one.conflicts if identity(c) not in conflicts[1]],
        conflicts_new=[c for c in other.conflicts if identity(c) not in conflicts[0]],
        structure=numbers,
    )


def listed(asked: Asked, ids: Iterable[str]) -> list[Ref]:
    """The first few of some actors, by name."""
    names = asked.explorer.projection()
    refs = sorted((names.ref(i) for i in ids), key=lambda r: (r.name.casefold(), r.id))
    return refs[:MAX_LISTED]


def summary(
    asked: Asked, changes: Sequence[Change], before: Stand, after: Stand, d: Difference
) -> str:
    """The scenario in a few sentences."""
    parts = [c.sentence for c in changes]
    steps = counted(asked.max_steps, "introduction")
    for lost, won, one, many, where in (
        (len(d.capabilities_lost), len(d.capabilities_won), "capability", "capabilities", ""),
        (d.reach_lost_total, d.reach_won_total, "firm", "firms", f" within {steps}"),
        (len(d.conflicts_gone), len(d.conflicts_new), "conflict", "conflicts", ""),
    ):
        both = ((lost, "less"), (won, "more"))
        moved = [f"{counted(n, one, many)} {verb}" for n, verb in both if n]
        parts.append(f"{' and '.join(moved)}{where}." if moved else f"No change in {many}{where}.")
    a, b = (s.standing.structure.constraint for s in (before, after))
    if a is not None and b is not None and abs(a - b) >= 0.0005:
        parts.append(f"Constraint {'rises' if b > a else 'falls'} from {a:.3f} to {b:.3f}.")
    if asked.target and (before.standing.ways or after.standing.ways):
        best = [
            f"{s.standing.ways[0].strength:.4f}" if s.standing.ways else "none"
            for s in (before, after)
        ]
        parts.append(f"Best way to {asked.target.name}: {best[0]} before, {best[1]} after.")
    return " ".join(parts)
