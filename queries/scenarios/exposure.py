"""Which partners may be absorbed by others, and what would be lost with them."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from alliance_explorer.engine import Edge, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import EXPOSED
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of, sources_of
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Fact, Ref
from alliance_explorer.queries.sizes import NOT_RECORDED, size_class
from alliance_explorer.queries.wording import year

from .ego_structure import FirmTies
from .firm_facts import FirmFacts
from .scenario import without
from .scenario_models import Exposed, Exposure, Factor
from .standing import Asked, stand

# Our rule: how much each factor counts. None is a probability.
WEIGHTS: Final[Mapping[str, float]] = {
    "acquirer at hand": 2.0,
    "stake": 2.0,
    "size": 1.0,
    "age": 1.0,
    "exclusivity": 1.0,
}
SIZES: Final[Mapping[str, float]] = {"micro": 1.0, "small": 0.8, "medium": 0.5, "large": 0.1}
RANKS: Final = tuple(SIZES)
YOUNG, GROWN = 10, 20
# Time for the scenarios, s; what is lost with partners after that is left open.
MAX_SECONDS: Final = 5.0
UNSTATED_STAKE: Final = 0.5


@as_known
def exposure(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    weights: Mapping[str, float] | None = None,
    max_steps: int = 2,
    limit: int = EXPOSED.usual,
) -> Exposure:
    """Which partners of a firm are likelier to be absorbed, and what would be lost.

    Our rule. `score = sum(weight * value) / sum(weight)` over the factors whose value is known; it
    ranks, and is no probability:

    - acquirer at hand: 1 - 0.5 ** n for n firms that have taken over others, on record, and are
      tied to or compete with the partner or the firm;
    - stake: the largest part that another owns, 0.5 if its size is not stated;
    - size: micro 1, small 0.8, medium 0.5, large 0.1; age: under 10 years 1, under 20 0.5, else 0;
    - exclusivity: 1 if it is bound alone to a larger firm, 0.5 if to one not known to be larger.

    Partners who have been taken over already come first, without a score.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    weights : mapping of str to float, optional
        Own weights of factors; others keep the default.
    max_steps : int
        How far lost reach is counted, in introductions.
    limit : int
        Most partners to show.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    used = weighted(WEIGHTS, weights or {})
    EXPOSED.check(limit)
    asked = Asked.of(explorer, firm, as_of, known_at, max_steps)
    facts = asked.reader.facts([asked.focal.id], [asked.focal.id])
    view = explorer.view(asked.options)
    around = _Around(asked, view, facts)
    found = [_exposed(asked, facts, around, p, used) for p in facts.partners(asked.focal.id)]
    found.sort(
        key=lambda e: (
            not e.acquired_by,
            -(e.score or 0.0),
            e.partner.name.casefold(),
            e.partner.id,
        )
    )
    deadline = time.monotonic() + MAX_SECONDS
    now = stand(asked, view, facts, in_short=True)
    shown = []
    for e in found[:limit]:
        if time.monotonic() < deadline:
            e = e.model_copy(update={"lost": without(asked, view, facts, e.partner, now)})
        shown.append(e)
    properties = [f.properties for e in shown for x in e.factors for f in x.facts]
    properties += [
        f.properties for e in shown if e.lost for h in e.lost.capabilities_lost for f in h.facts
    ]
    return Exposure(
        focal=asked.focal,
        as_of=as_of,
        known_at=known_at,
        reference_date=asked.reference,
        max_steps=max_steps,
        weights=used,
        partners=shown,
        total=len(found),
        sources=sources_of(properties, explorer),
        summary=_summary(asked.focal, found),
    )


def weighted(defaults: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """Default weights with some of them changed.

    Raises
    ------
    InvalidRequest
        An unknown name, or a weight that is not from 0 to 100, or all of them are 0.
    """
    for name, value in own.items():
        if name not in defaults:
            raise InvalidRequest(
                f"no factor is called {name[:60]!r}; there are {', '.join(defaults)}"
                + nearest(name, defaults),
                "weight",
            )
        if not 0 <= value <= 100:
            raise InvalidRequest(f"the weight of {name} is a number from 0 to 100", "weight")
    used = {**defaults, **own}
    if not any(used.values()):
        raise InvalidRequest("one weight at least has to be more than 0", "weight")
    return used


class _Around:
    """Who has taken over others, and who of the firm and its partners is near them."""

    def __init__(self, asked: Asked, view: View, facts: FirmFacts) -> None:
        p, focal = view.projection, asked.focal.id
        self._focal = focal
        self.allies = facts.partners(focal)
        ours = {focal, *self.allies}
        self.taken = _takeovers(asked)
        acquirers = sorted(self.taken)
        self.names = {i: p.ref(i) for i in acquirers}
        rivals = asked.reader.rivals_of(ours) if acquirers else {}
        self.rivals = set(rivals.get(focal, {}))
        # By acquirer, not by partner: of those there may be thousands.
        self._near: dict[str, set[str]] = {i: set() for i in acquirers}
        for one, others in rivals.items():
            for i in others.keys() & self._near.keys():
                self._near[i].add(one)
        if acquirers:
            rows = FirmTies(view).rows(np.array([p.actor_index[i] for i in acquirers], np.int32))
            for k, i in enumerate(acquirers):
                tied = rows.indices[rows.indptr[k] : rows.indptr[k + 1]]
                self._near[i] |= {p.actors[a] for a in tied} & ours

    def acquirers(self, partner: str) -> list[Ref]:
        """Firms near the partner or the firm that have taken over somebody else."""
        found = [
            self.names[i]
            for i, near in self._near.items()
            if i not in (partner, self._focal)
            and (partner in near or self._focal in near)
            and any(f.to_id != partner for f in self.taken[i])
        ]
        return sorted(found, key=lambda r: (r.name.casefold(), r.id))

    def standing_of(self, other: str) -> str:
        """What somebody is to the firm: `ally and competitor`, or nothing."""
        roles = [("ally", other in self.allies), ("competitor", other in self.rivals)]
        return " and ".join(name for name, holds in roles if holds)


def _takeovers(asked: Asked) -> dict[str, list[Fact]]:
    """Whom each acquirer on record has taken over by that day."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for row in run(asked.explorer.engine, "takeovers"):
        edge, other = row["r"], row["y"]
        assert isinstance(edge, Edge) and isinstance(other, Node)
        if asked.reader.counts(edge):
            found[str(row["acquirer"])].append(fact_of(edge, str(row["acquirer"]), other.id))
    return {
        k: sorted(v, key=lambda f: (str(f.properties.get("date")), f.to_id))
        for k, v in found.items()
    }


def _exposed(
    asked: Asked, facts: FirmFacts, around: _Around, partner: str, weights: Mapping[str, float]
) -> Exposed:
    ref = facts.ref(partner)
    owning = facts.owners.get(partner, ())
    done = [(o, f) for o, f in owning if f.type == "ACQUIRED" and o != asked.focal.id]
    factors = [
        _acquirer(asked, around, partner),
        _stake(asked, facts, partner),
        _size(facts, partner),
        _age(asked, facts, partner),
        _exclusivity(facts, partner, asked.focal.id),
    ]
    factors = [f.model_copy(update={"weight": weights[f.name]}) for f in factors]
    known = [f for f in factors if f.value is not None]
    total = sum(f.weight for f in known)
    score = sum(f.weight * (f.value or 0.0) for f in known) / total if total else None
    if done:
        told = [_taken(asked, facts, around, ref, o, f) for o, f in done]
        sentence = " ".join(told)
        factors.insert(
            0,
            Factor(
                name="taken over",
                value=1.0,
                weight=0.0,
                sentence=sentence,
                facts=[f for _, f in done],
            ),
        )
    elif score is None:
        sentence = f"Nothing on record says whether {ref.name} may be taken over."
    else:
        reasons = [f.sentence for f in known if f.value]
        sentence = " ".join(reasons) or f"Nothing on record speaks for a takeover of {ref.name}."
    return Exposed(
        partner=ref,
        acquired_by=facts.refs(o for o, _ in done),
        score=None if done else score,
        known=len(known),
        factors=factors,
        likely_acquirers=around.acquirers(partner),
        lost=None,
        sentence=sentence,
    )


def _taken(
    asked: Asked, facts: FirmFacts, around: _Around, ref: Ref, owner: str, fact: Fact
) -> str:
    day = fact.properties.get("date")
    when = f" in {year(day)}" if isinstance(day, dt.date) else ""
    role = around.standing_of(owner)
    what = f", {role} of {asked.focal.name}" if role else ""
    return f"{ref.name} was taken over{when} by {facts.ref(owner).name}{what}."


def _acquirer(asked: Asked, around: _Around, partner: str) -> Factor:
    acquirers = around.acquirers(partner)
    told, evidence = [], []
    for ref in acquirers[:5]:
        taken = [f for f in around.taken[ref.id] if f.to_id != partner]
        evidence += taken
        names = asked.explorer.projection()
        whom = ", ".join(names.ref(f.to_id).name for f in taken[:3])
        role = around.standing_of(ref.id)
        mark = f" ({role} of {asked.focal.name})" if role else ""
        told.append(f"{ref.name}{mark} has taken over {whom}")
    return Factor(
        name="acquirer at hand",
        value=1.0 - 0.5 ** len(acquirers),
        weight=1.0,
        sentence=f"{'; '.join(told)}."
        if told
        else "Nobody around is on record as having taken over a firm.",
        facts=evidence,
    )


def _stake(asked: Asked, facts: FirmFacts, partner: str) -> Factor:
    owning = [
        (o, f) for o, f in facts.owners.get(partner, ()) if f.type == "OWNS" and o != asked.focal.id
    ]
    shares = []
    told = []
    for owner, fact in owning:
        stake = fact.properties.get("stake")
        stated = isinstance(stake, int | float)
        shares.append(float(stake) if stated else UNSTATED_STAKE)  # type: ignore[arg-type]
        part = f"{stake:.0%}" if stated else "a part of unknown size"
        told.append(f"{facts.ref(owner).name} owns {part}")
    return Factor(
        name="stake",
        value=max(shares, default=0.0),
        weight=1.0,
        sentence=f"{'; '.join(told)} of it." if told else "Nobody is on record as owning a part.",
        facts=[f for _, f in owning],
    )


def _size(facts: FirmFacts, partner: str) -> Factor:
    found = size_class(facts.firms[partner].properties)
    return Factor(
        name="size",
        value=SIZES.get(found),
        weight=1.0,
        sentence="Its size is not recorded." if found == NOT_RECORDED else f"It is a {found} firm.",
    )


def _age(asked: Asked, facts: FirmFacts, partner: str) -> Factor:
    founded = facts.firms[partner].properties.get("founded")
    if not isinstance(founded, int) or founded > asked.reference.year:
        return Factor(name="age", value=None, weight=1.0, sentence="Its age is not recorded.")
    age = asked.reference.year - founded
    return Factor(
        name="age",
        value=1.0 if age < YOUNG else 0.5 if age < GROWN else 0.0,
        weight=1.0,
        sentence=f"It was founded in {founded}, {age} years before.",
    )


def _exclusivity(facts: FirmFacts, partner: str, focal: str) -> Factor:
    told: list[str] = []
    value = 0.0
    own = _rank(facts, partner)
    for bond in facts.bonds:
        if partner not in bond.parties:
            continue
        for holder in sorted(bond.parties - {partner, focal}):
            theirs = _rank(facts, holder)
            larger = own is not None and theirs is not None and theirs > own
            if own is not None and theirs is not None and theirs <= own:
                continue  # it is the other that is bound
            value = max(value, 1.0 if larger else 0.5)
            mark = ", a larger firm" if larger else ""
            told.append(
                f"It is bound to {facts.ref(holder).name} alone{mark} ({bond.alliance.name})."
            )
    return Factor(
        name="exclusivity",
        value=value,
        weight=1.0,
        sentence=" ".join(told) or "No alliance on record binds it to somebody larger alone.",
    )


def _rank(facts: FirmFacts, firm: str) -> int | None:
    found = size_class(facts.firms[firm].properties)
    return RANKS.index(found) if found in RANKS else None


def _summary(focal: Ref, found: Sequence[Exposed]) -> str:
    if not found:
        return f"{focal.name} has no partner on that day."
    taken = [e for e in found if e.acquired_by]
    rest = [e for e in found if e.score]
    parts = [f"{len(found)} partner{'s' if len(found) > 1 else ''} of {focal.name}."]
    parts += [e.sentence for e in taken[:3]]
    if rest:
        parts.append(f"Most exposed of the others: {rest[0].partner.name}, {rest[0].score:.2f}.")
    return " ".join(parts)
