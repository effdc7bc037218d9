"""Candidates for an alliance by criteria, ranked and explained.

What is looked at follows the selection criteria of alliance managers [Salle et al. 2007]; how it
is weighed is ours, and can be changed.
"""

import datetime as dt
import heapq
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.engine import Edge
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA, nearest
from alliance_explorer.limits import FOUND
from alliance_explorer.queries.attributes import named_country
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.graph.bounds import step_back
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Entity
from alliance_explorer.queries.profile import entity
from alliance_explorer.queries.proximity.proximity_models import Verdict
from alliance_explorer.queries.search import decode_cursor, encode_cursor
from alliance_explorer.queries.sizes import size_class

from .commitment import commitments
from .constellation import providers
from .exposure import weighted
from .nearness import MOST_TOGETHER, Nearness, wanted_verdicts
from .scenario_models import Component, Found, Partners
from .scoring import Scores
from .standing import Asked, ways_to

# Our rule: how much each component counts.
WEIGHTS: Final[Mapping[str, float]] = {
    "complementarity": 3.0,
    "freedom from conflict": 2.0,
    "bridge": 2.0,
    "proximity": 1.0,
    "structural gain": 1.0,
    "common references": 1.0,
}
# Time for the best ways, s.
MAX_SECONDS: Final = 5.0
# Most firms that are looked at; more are left out, and the answer says so.
MAX_POOL: Final = 4_000
# Most pages that can be asked for, in candidates.
MAX_RANKED: Final = 500


class Criteria(BaseModel):
    """Which firms are candidates: of each criterion that is given, one value has to be met.

    Of proximity, one verdict of each dimension that is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    capability: tuple[str, ...] = Field(
        (), max_length=12, description="capability or core business"
    )
    country: tuple[str, ...] = Field(
        (), max_length=20, description="of the headquarters, by name or ISO code"
    )
    city: tuple[str, ...] = Field((), max_length=20)
    size: tuple[str, ...] = Field((), max_length=4, description="size class")
    actor_type: tuple[str, ...] = Field((), max_length=9)
    network: tuple[str, ...] = Field((), max_length=20, description="member of, by id or name")
    proximity: tuple[str, ...] = Field(
        (), max_length=20, description="dimension and verdict, as geographical=workable"
    )

    def given(self) -> dict[str, list[str]]:
        """The criteria that are given."""
        return {k: list(v) for k, v in self.model_dump().items() if v}


@as_known
def partner_search(
    explorer: Explorer,
    firm: str,
    criteria: Criteria | None = None,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    weights: Mapping[str, float] | None = None,
    partners_too: bool = False,
    max_steps: int = 3,
    limit: int = FOUND.usual,
    cursor: str | None = None,
) -> Partners:
    """Candidates for an alliance, best first.

    Our rule. `score = sum(weight * value) / sum(weight)`, with values from 0 to 1:

    - complementarity: which part it offers of what was asked for (each counts 1) and of what the
      firm is recorded to need and has not (by importance, 0.5 unless stated);
    - freedom from conflict: 1 / (1 + stated conflicts + 0.5 for each inferred one), with the firm
      and with its partners (see `conflicts`);
    - bridge: the square root of the strength of the best way to it, so that the product over a way
      of two like steps counts as much as one of them;
    - proximity: which part of the five dimensions is workable (see `Nearness`);
    - structural gain: which part of its contacts the firm has not yet;
    - common references: 1 - 0.5 ** n for n networks of at most 50 members that both belong to.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    criteria : Criteria, optional
        None: any firm.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    weights : mapping of str to float, optional
        Own weights of components; others keep the default.
    partners_too : bool
        Whether firms that are partners already are candidates.
    max_steps : int
        Longest way to a candidate, in introductions.
    limit : int
        Candidates on a page, 1 to 50.
    cursor : str, optional
        `next_cursor` of the page before.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    The best ways and proximity take longest and are looked at only where they can matter:
    candidates are taken in the order of what their score can be at most, by a bound on the strength
    of any way (see `View.step_back`) and with all dimensions workable, until nobody who is left can
    come before those of the page. Exact while `complete`.
    """
    criteria = criteria or Criteria()
    wanted = wanted_verdicts(criteria.proximity)
    used = weighted(WEIGHTS, weights or {})
    FOUND.check(limit)
    start = decode_cursor(cursor)
    if start >= MAX_RANKED:
        raise InvalidRequest(f"the first {MAX_RANKED} candidates can be looked at", "cursor")
    asked = Asked.of(explorer, firm, as_of, known_at, max_steps)
    named = tuple(named_country(asked.explorer, c) for c in criteria.country)
    criteria = criteria.model_copy(update={"country": named})
    pool = _Pool(asked, criteria)
    scores = Scores(asked, pool.firms, pool.needed, pool.offers, partners_too=partners_too)
    near = Nearness(asked, scores.candidates)
    near_enough = _near_enough(scores, near, wanted)
    ranked, ended = _ranked(asked, scores, near, used, start + limit)
    shown = ranked[start : start + limit]
    near.look_at(r.id for r in shown)
    committed = commitments(asked, (r.id for r in shown))
    page = [_found(asked, scores, near, r, used, committed[r.id]) for r in shown]
    more = start + limit < min(len(scores.candidates), MAX_RANKED)
    facts = [f.properties for p in page for h in p.offers for f in h.facts]
    facts += [f.properties for p in page for c in p.conflicts for f in c.facts]
    complete = pool.complete and near_enough and ended
    return Partners(
        focal=asked.focal,
        as_of=as_of,
        known_at=known_at,
        reference_date=asked.reference,
        criteria=criteria.given(),
        weights=used,
        max_steps=max_steps,
        candidates=page,
        total=len(scores.candidates),
        next_cursor=encode_cursor(start + limit) if more else None,
        complete=complete,
        sources=sources_of([*facts, *(p.actor.properties for p in page)], explorer),
        summary=_summary(asked, criteria, scores, ranked, complete),
    )


# --- who is looked at -----------------------------------------------------------------------------


class _Pool:
    """Firms that meet the criteria."""

    def __init__(self, asked: Asked, criteria: Criteria) -> None:
        x, reader = asked.explorer, asked.reader
        _check(criteria)
        self.needed, self.offers = (
            providers(x, reader, criteria.capability) if criteria.capability else ({}, [])
        )
        self.complete = True
        ids: set[str] | None = None
        if criteria.capability:
            ids = {o.firm for o in self.offers}
        if criteria.network:
            members = _members(asked, criteria.network)
            ids = members if ids is None else ids & members
        if ids is None:
            self.firms = self._like(asked, criteria)
        else:
            self.firms = {i: e for i, e in reader.firms(ids).items() if _meets(e, criteria)}
        if len(self.firms) > MAX_POOL:
            self.complete = False
            self.firms = {i: self.firms[i] for i in sorted(self.firms)[:MAX_POOL]}
        self.firms.pop(asked.focal.id, None)

    def _like(self, asked: Asked, criteria: Criteria) -> dict[str, Entity]:
        rows = run(
            asked.explorer.engine,
            "firms_meeting",
            countries=[c.strip().lower() for c in criteria.country],
            cities=[c.strip().lower() for c in criteria.city],
            size_classes=list(criteria.size),
            actor_types=list(criteria.actor_type),
            limit=MAX_POOL + 2,
        )
        self.complete = len(rows) < MAX_POOL + 2
        found = (entity(r["x"]) for r in rows)  # type: ignore[arg-type]
        return {e.id: e for e in found if _meets(e, criteria)}


def _check(criteria: Criteria) -> None:
    for field, name, values in (
        ("size", "size_class", criteria.size),
        ("actor_type", "actor_type", criteria.actor_type),
    ):
        choices = SCHEMA.nodes["Firm"].by_name[name].choices
        for value in values:
            if value not in choices:
                raise InvalidRequest(
                    f"no {name.replace('_', ' ')} is called {value[:60]!r}; there are "
                    f"{', '.join(choices)}{nearest(value, choices)}",
                    field,
                )


def _meets(firm: Entity, criteria: Criteria) -> bool:
    p = firm.properties

    def one_of(wanted: Sequence[str], value: object) -> bool:
        return not wanted or str(value or "").casefold() in {w.strip().casefold() for w in wanted}

    return (
        one_of(criteria.country, p.get("country"))
        and one_of(criteria.city, p.get("city"))
        and one_of(criteria.size, size_class(p))
        and one_of(criteria.actor_type, p.get("actor_type"))
    )


def _members(asked: Asked, networks: Sequence[str]) -> set[str]:
    refs = [asked.explorer.resolve(n, ("Network",), "network") for n in networks]
    found = set()
    for row in run(asked.explorer.engine, "network_members", ids=sorted({r.id for r in refs})):
        edge = row["r"]
        assert isinstance(edge, Edge)
        if asked.reader.counts(edge):
            found.add(str(row["firm"]))
    return found


def _near_enough(scores: Scores, near: Nearness, wanted: Mapping[str, frozenset[Verdict]]) -> bool:
    """Leave only candidates of the wanted proximity; whether there was time to look at all."""
    if not wanted:
        return True
    deadline = time.monotonic() + MAX_SECONDS
    rest = list(scores.candidates)
    while rest and time.monotonic() < deadline:
        near.look_ahead(rest)
        rest = [i for i in rest if not near.knows(i)]
    left_out = set(rest)
    scores.candidates = {
        i: e for i, e in scores.candidates.items() if i not in left_out and near.meets(i, wanted)
    }
    return not rest


# --- ranking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class _Ranked:
    """A candidate by its exact score, best first."""

    rank: float
    name: str
    id: str
    bridge: float


def _ranked(
    asked: Asked,
    scores: Scores,
    near: Nearness,
    weights: Mapping[str, float],
    wanted: int,
) -> tuple[list[_Ranked], bool]:
    """The best `wanted` candidates; and whether time was enough to be sure of them."""
    total = sum(weights.values())
    view = asked.explorer.view(asked.options)
    bounds = _bounds(view, asked)

    def rank(id_: str, bridge: float, proximity: float) -> float:
        values = {**scores.values(id_), "bridge": bridge, "proximity": proximity}
        return -round(sum(weights[n] * v for n, v in values.items()) / total, 12)

    queue: list[tuple[float, bool, str, str, float]] = []
    for id_, firm in scores.candidates.items():
        most = math.sqrt(bounds[view.projection.actor_index[id_]])
        queue.append((rank(id_, most, 1.0), False, firm.name.casefold(), id_, most))
    heapq.heapify(queue)
    if weights["proximity"] > 0:
        near.look_ahead([i for _, _, _, i, _ in heapq.nsmallest(MOST_TOGETHER, queue)])
    deadline = time.monotonic() + MAX_SECONDS
    done: list[_Ranked] = []
    while queue and len(done) < wanted:
        best, exact, name, id_, bridge = heapq.heappop(queue)
        if exact:
            done.append(_Ranked(best, name, id_, bridge))
            continue
        if time.monotonic() > deadline:  # the best of those that were looked at so far
            queue.append((best, exact, name, id_, bridge))
            rest = sorted(_Ranked(r, n, i, b) for r, looked, n, i, b in queue if looked)
            return [*done, *rest][:wanted], False
        value = math.sqrt(_strength(asked, view, id_)) if bridge > 0 else 0.0
        nearness = 0.0
        if weights["proximity"] > 0:
            if not near.knows(id_):
                ahead = heapq.nsmallest(MOST_TOGETHER, queue)
                near.look_ahead([id_, *(i for _, looked, _, i, _ in ahead if not looked)])
            nearness = near.value(id_)
        heapq.heappush(queue, (rank(id_, value, nearness), True, name, id_, value))
    return done, True


def _bounds(view: View, asked: Asked) -> "np.typing.NDArray[np.float64]":
    """No way from the firm to each actor is stronger."""
    reach = np.zeros(len(view.projection.actors))
    reach[view.projection.actor_index[asked.focal.id]] = 1.0
    for _ in range(asked.max_steps):
        reach = step_back(view, reach, frozenset())
    return np.minimum(1.0, reach * (1 + 1e-9))


def _strength(asked: Asked, view: View, id_: str) -> float:
    p = view.projection
    ways, _ = ways_to(view, p.actor_index[asked.focal.id], p.actor_index[id_], asked, most=1)
    return ways[0].strength if ways else 0.0


def _found(
    asked: Asked,
    scores: Scores,
    near: Nearness,
    ranked: _Ranked,
    weights: Mapping[str, float],
    committed: str,
) -> Found:
    id_ = ranked.id
    view = asked.explorer.view(asked.options)
    p = view.projection
    ways, _ = ways_to(view, p.actor_index[asked.focal.id], p.actor_index[id_], asked, most=1)
    best = ways[0] if ways else None
    value = math.sqrt(best.strength) if best else 0.0
    if best:
        chain = " – ".join(r.name for r in best.actors)
        sentence = f"{chain}, strength {best.strength:.4f}; its square root counts."
    else:
        sentence = f"No way leads there in {asked.max_steps} introductions."
    values = {**scores.values(id_), "bridge": value, "proximity": near.value(id_)}
    sentences = {**scores.sentences(id_), "bridge": sentence, "proximity": near.sentence(id_)}
    return Found(
        actor=scores.candidates[id_],
        score=min(1.0, sum(weights[n] * v for n, v in values.items()) / sum(weights.values())),
        components=[
            Component(name=n, value=values[n], weight=weights[n], sentence=sentences[n])
            for n in weights
        ],
        offers=scores.offers(id_),
        conflicts=scores.conflicts(id_),
        way=best,
        proximity=near.cells(id_),
        selection=scores.selection(id_, committed),
    )


def _summary(
    asked: Asked,
    criteria: Criteria,
    scores: Scores,
    ranked: Sequence[_Ranked],
    complete: bool,
) -> str:
    given = "; ".join(f"{k.replace('_', ' ')} {', '.join(v)}" for k, v in criteria.given().items())
    who = f" ({given})" if given else ""
    if not scores.candidates:
        return f"No candidate for {asked.focal.name}{who}."
    best = scores.candidates[ranked[0].id].name if ranked else "not known"
    n = len(scores.candidates)
    doubt = "" if complete else " Not all could be looked at."
    return (
        f"{n:,} candidate{'s' if n > 1 else ''} for {asked.focal.name}{who}. Best: {best}.{doubt}"
    )
