"""From routes to answers: facts fetched by Cypher, arithmetic shown, chains told as sentences."""

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from alliance_explorer.engine import Edge
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.graph.evidence import taking_part
from alliance_explorer.queries.graph.projection import Floats
from alliance_explorer.queries.graph.routes import Blocked, Route
from alliance_explorer.queries.graph.ties import KIND_OF_TYPE, PathOptions
from alliance_explorer.queries.graph.view import TieParts, View
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import (
    Fact,
    MoreTies,
    Path,
    Ref,
    Step,
    Tie,
)
from alliance_explorer.queries.wording import (
    ask_phrase,
    ask_sentence,
    chain_sentence,
    span,
    tie_sentence,
    untold,
    yours,
)

MOST_TIES: Final = 1000


def _combined(strengths: Floats) -> MoreTies:
    return MoreTies(count=len(strengths), strength=1.0 - float(np.prod(1.0 - strengths)))


class PathBuilder:
    """Makes paths of routes; every fact that they need is fetched at once.

    Parameters
    ----------
    explorer : Explorer
    view : View
        The view in which the routes were found.
    routes : sequence of Route
    blocked : Blocked
        What was kept out of the way: no tie over it is told.
    ties : int
        Most ties of a step to tell, with their facts; all of them count. With 0 no facts are read.
    """

    def __init__(
        self,
        explorer: Explorer,
        view: View,
        routes: Sequence[Route],
        blocked: Blocked,
        ties: int = MOST_TIES,
    ) -> None:
        self._view = view
        self._projection = view.projection
        self._options: PathOptions = view.options
        self._reference = view.options.reference(explorer.today)
        pairs = {p for r in routes for p in itertools.pairwise(r.actors)}
        every = {p: view.strongest_ties(*p, blocked.bodies, ties) for p in pairs}
        # Two hubs may share hundreds of bodies: the strongest are told, with their facts.
        self._ties: dict[tuple[int, int], list[TieParts]] = {p: t for p, (t, _) in every.items()}
        self._more = {p: _combined(rest) for p, (_, rest) in every.items()}
        self._shared: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._direct: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._kinds: dict[str, str] = {}
        self._steps: dict[tuple[int, int], Step] = {}
        self._fetch(explorer)

    def _fetch(self, explorer: Explorer) -> None:
        names = self._projection
        actors = sorted({names.actors[a] for pair in self._ties for a in pair})
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for pair, ties in self._ties.items():
            bodies = {names.bodies[t.body] for t in ties if t.body >= 0}
            for actor in pair if bodies else ():
                wanted[names.actors[actor]] |= bodies
        # People who run an alliance are tied to its parties by facts of both.
        for f in taking_part(explorer.engine, wanted):
            if f.kind is not None:
                self._kinds[f.body] = f.kind
            if self._counts(f.edge, f.since, f.until):
                self._shared[f.actor, f.body].append(fact_of(f.edge, f.actor, f.body))
        if any(t.body < 0 for ts in self._ties.values() for t in ts):
            for row in run(explorer.engine, "among", ids=actors):
                edge = row["r"]
                assert isinstance(edge, Edge)
                p = edge.properties
                since = p.get("date" if edge.type == "ACQUIRED" else "since")
                if edge.type in KIND_OF_TYPE and self._counts(edge, since, p.get("until")):
                    fact = fact_of(edge, str(row["one"]), str(row["other"]))
                    ends = sorted((fact.from_id, fact.to_id))
                    self._direct[ends[0], ends[1]].append(fact)

    def _counts(self, edge: Edge, since: object, until: object) -> bool:
        """The rule by which the view chose its facts, for one fact."""
        o, p = self._options, edge.properties
        recorded, confidence = p.get("recorded_at"), p.get("confidence", 1.0)
        return (
            not (isinstance(since, dt.date) and since > self._reference)
            and not (o.known_at and isinstance(recorded, dt.date) and recorded > o.known_at)
            and not (isinstance(confidence, float) and confidence < o.min_confidence)
            and (o.counts_ended or not isinstance(until, dt.date) or until > self._reference)
        )

    def path(self, route: Route) -> Path:
        """One route with everything that speaks for it."""
        steps = [self._step(a, b) for a, b in itertools.pairwise(route.actors)]
        return Path(
            actors=[self._ref(a) for a in route.actors],
            length=len(steps),
            strength=math.prod(s.strength for s in steps),
            steps=steps,
            sentence=chain_sentence(steps),
            ask=self._ask(route, steps),
        )

    def _ask(self, route: Route, steps: Sequence[Step]) -> str:
        """The chain told to whoever asks, by the strongest tie of each step."""
        actors = [self._ref(a) for a in route.actors]
        relation, phrases = "", []
        for n, step in enumerate(steps):
            if not step.ties:  # without evidence
                relation = relation or "tied to you"
                phrases += [untold(step.to)] if n else []
                continue
            tie = step.ties[0]
            when = span(tie.since, tie.until, self._reference)
            one, other = actors[n], actors[n + 1]
            if n == 0:
                relation = yours(tie.kind, one, other, tie.shared, tie.facts, when)
            else:
                what = self._kinds.get(tie.shared.id if tie.shared else "")
                phrases.append(
                    ask_phrase(
                        tie.kind, one, other, tie.shared, tie.facts, tie.participants, what, when
                    )
                )
        return ask_sentence(actors, relation, phrases)

    def _step(self, one: int, other: int) -> Step:
        if (one, other) not in self._steps:  # several routes may go over it
            self._steps[one, other] = self._told(one, other)
        return self._steps[one, other]

    def _told(self, one: int, other: int) -> Step:
        ties = [self._tie(one, other, parts) for parts in self._ties[one, other]]
        more = self._more[one, other]
        strength = 1.0 - math.prod(1.0 - t.strength for t in ties) * (1.0 - more.strength)
        return Step(
            from_=self._ref(one), to=self._ref(other), strength=strength, ties=ties, more=more
        )

    def _tie(self, one: int, other: int, parts: TieParts) -> Tie:
        a, b = self._ref(one), self._ref(other)
        shared = (
            self._projection.ref(self._projection.bodies[parts.body]) if parts.body >= 0 else None
        )
        facts = self._facts(parts, a, b, shared)
        since, until = self._view.dates(parts)
        sentence = tie_sentence(
            parts.kind,
            a,
            b,
            shared,
            facts,
            parts.participants,
            self._kinds.get(shared.id if shared else ""),
            span(since, until, self._reference),
        )
        return Tie(
            kind=parts.kind,
            shared=shared,
            since=since,
            until=until,
            participants=parts.participants,
            dealings=parts.dealings,
            weight=parts.weight,
            recency=parts.recency,
            repetition=parts.repetition,
            specificity=parts.specificity,
            stated=parts.stated,
            strength=parts.strength,
            facts=facts,
            sentence=sentence,
        )

    def _facts(self, parts: TieParts, a: Ref, b: Ref, shared: Ref | None) -> list[Fact]:
        if shared is None:
            ends = sorted((a.id, b.id))
            found = self._direct[ends[0], ends[1]]
            facts = [f for f in found if KIND_OF_TYPE[f.type] == parts.kind]
        else:
            types = {
                "alliance": ("PARTY_TO",),
                "membership": ("MEMBER_OF",),
                "championing": ("PARTY_TO", "CHAMPIONS", "MANAGES"),
            }[parts.kind]
            found = [*self._shared[a.id, shared.id], *self._shared[b.id, shared.id]]
            facts = [f for f in found if f.type in types]
        return sorted(facts, key=lambda f: (f.from_id != a.id, f.type, str(f.properties.get("id"))))

    def _ref(self, actor: int) -> Ref:
        return self._projection.ref(self._projection.actors[actor])
