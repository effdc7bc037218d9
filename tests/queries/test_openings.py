"""What would open a way: held against really adding every tie, and asking again."""

import datetime as dt
import math
from collections.abc import Iterator
from random import Random
from typing import Any
from unittest import mock

import networkx as nx
import pytest
from hypothesis import given

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import KINDS, Explorer, PathOptions, paths
from alliance_explorer.queries.bridging import new_ties
from alliance_explorer.queries.bridging.openings import Who, openings
from alliance_explorer.queries.bridging.reach_models import Openings
from alliance_explorer.queries.graph.ties import parse_weights
from tests.queries.test_random_graphs import (
    RANDOM,
    _json,
    _refilled,
    random_graph,
    random_question,
    seeds,
)
from tests.support.graphs import Graphs
from tests.support.reference import every_path, recomputed, reference_graph
from tests.support.tiny import (
    CHAIN,
    TODAY,
    TWO_COMPONENTS,
    Rows,
    alliances,
    examples,
    filling,
    network,
    write,
)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("openings") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def _best(rows: Rows, focal: str, target: str, asked: PathOptions) -> float:
    graph = reference_graph(rows, asked, TODAY)
    ways = every_path(graph, focal, target, asked.max_steps)
    return max((s for s, _ in ways), default=0.0)


def _with(rows: Rows, more: Rows) -> Rows:
    return {t: [*rows.get(t, ()), *more.get(t, ())] for t in {*rows, *more}}


def _member(who: str, network: str, asked: PathOptions) -> Rows:
    since = asked.reference(TODAY).isoformat()
    recorded = (asked.known_at or TODAY).isoformat()
    fact = {"from": who, "to": network, "since": since, "recorded_at": recorded}
    return {"MEMBER_OF": [{**fact, "role": "newcomer"}]}


def _allied(who: str, firm: str, asked: PathOptions) -> Rows:
    since = asked.reference(TODAY).isoformat()
    recorded = (asked.known_at or TODAY).isoformat()
    return {
        "Alliance": [{"id": "alliance:really-new", "name": "New", "start": since}],
        "PARTY_TO": [
            {"from": f, "to": "alliance:really-new", "recorded_at": recorded} for f in (who, firm)
        ],
    }


def _outcomes(
    rows: Rows, focal: str, target: str, asked: PathOptions, joiners: list[str]
) -> dict[str, dict[tuple[str, str], float]]:
    """How strong the best way is with each tie added, if that is stronger than without it."""
    now = _best(rows, focal, target, asked)
    memberships = {
        (who, str(n["id"])): _best(
            _with(rows, _member(who, str(n["id"]), asked)), focal, target, asked
        )
        for who in joiners
        for n in rows["Network"]
    }
    firms = [str(f["id"]) for f in rows["Firm"]]
    alliances = {
        (focal, f): _best(_with(rows, _allied(focal, f, asked)), focal, target, asked)
        for f in firms
        if f not in (focal, target) and focal in firms
    }
    return {
        name: {pair: s for pair, s in found.items() if s > now * (1 + 1e-9)}
        for name, found in (("memberships", memberships), ("alliances", alliances))
    }


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_as_adding_each_tie(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        rng = Random(seed)
        focal, target, asked = random_question(rng, rows)
        who: Who = rng.choice(("focal", "contacts"))
        graph = reference_graph(rows, asked, TODAY)
        contacts = sorted(set(graph[focal]) - {target}) if focal in graph else []
        joiners = [focal, *(contacts if who == "contacts" and asked.max_steps > 1 else ())]
        expected = _outcomes(rows, focal, target, asked, joiners)
        # Also if what comes of memberships is far weaker than was guessed.
        with mock.patch.object(new_ties, "LIKELY", rng.choice((new_ties.LIKELY, 100.0))):
            answer = _json(openings(x, focal, target, asked, who=who))
        assert answer["searched"]["complete"]
        now = _best(rows, focal, target, asked)
        assert (answer["best"] or {"strength": 0.0})["strength"] == pytest.approx(now, rel=1e-9)
        for name, outcomes in expected.items():
            ranked = sorted(outcomes.values(), reverse=True)[: asked.limit]
            told = answer[name]
            assert [o["strength"] for o in told] == pytest.approx(ranked, rel=1e-9)
            for o in told:
                pair = o["who"]["id"], o["join"]["id"]
                assert o["strength"] == pytest.approx(outcomes[pair], rel=1e-9)
                assert o["strength"] == pytest.approx(recomputed(o["path"]), abs=1e-9)
                _check_new(o)


def _check_new(o: dict[str, Any]) -> None:
    """The new tie stands on its way, with the strength that is stated."""
    ties = [(s, t) for s in o["path"]["steps"] for t in s["ties"] if " would" in t["sentence"]]
    step, tie = ties[0]  # a contact may be met, and meet others, in the same network
    assert all({o["who"]["id"]} < {s["from"]["id"], s["to"]["id"]} for s, _ in ties)
    new = o["new"]
    factors = new["weight"] * new["recency"] * new["repetition"] * new["specificity"]
    assert factors == pytest.approx(new["strength"], abs=1e-12)
    assert tie["strength"] == pytest.approx(o["new"]["strength"], rel=1e-9)
    assert {step["from"]["id"], step["to"]["id"]} == {o["who"]["id"], o["meets"]["id"]}
    assert " would" in o["path"]["sentence"]


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_conditions_that_open_a_way(embedded: Engine, chosen: list[int]) -> None:
    """Each that is told opens one, as strong as is told, and none that would is missing."""
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        focal, target, asked = random_question(Random(seed), rows)
        answer = openings(x, focal, target, asked)
        told = {tuple(r.changes): r for r in answer.relaxations}
        if _best(rows, focal, target, asked):
            assert not answer.relaxations
            assert answer.together is None
            continue
        expected: list[tuple[tuple[str, ...], dict[str, Any]]] = [
            *(
                (("avoid",), {"avoid": tuple(b for b in asked.avoid if b != a)})
                for a in asked.avoid
            ),
            *(
                (("kinds",), {"kinds": tuple(k for k in KINDS if k in (*asked.kinds, new))})
                for new in KINDS
                if new not in asked.kinds
            ),
            (("known_at",), {"known_at": None}),
            (("min_confidence",), {"min_confidence": 0.0}),
        ]
        if asked.as_of:
            expected.append((("as_of",), {"as_of": None, "ended": None}))
        for changes, update in expected:
            if all(getattr(asked, c) == v for c, v in update.items()):
                continue
            relaxed = asked.model_copy(update=update)
            strength = _best(rows, focal, target, relaxed)
            same = [
                r
                for r in answer.relaxations
                if r.options == {k: _given(v) for k, v in update.items()}
            ]
            assert bool(same) == bool(strength), changes
            if same:
                assert same[0].path.strength == pytest.approx(strength, rel=1e-9)
        graph = reference_graph(rows, asked, TODAY)
        try:
            shortest = nx.shortest_path_length(graph, focal, target)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            shortest = None
        assert answer.approach.shortest == shortest
        assert (("max_steps",) in told) == (shortest is not None and shortest <= 6)
        if shortest is not None:
            assert answer.approach.missing == shortest - asked.max_steps
            chain = [a.id for a in answer.approach.chain]
            assert (chain[0], chain[-1], len(chain)) == (focal, target, shortest + 1)
            assert nx.is_path(graph, chain)
        for r in (*answer.relaxations, *([answer.together] if answer.together else [])):
            again = paths(x, focal, target, _asked_again(asked, r.options))
            assert again.paths[0].strength == pytest.approx(r.path.strength, rel=1e-9)


def _given(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _asked_again(asked: PathOptions, options: dict[str, Any]) -> PathOptions:
    """The question with the parameters that an answer says to ask with instead."""
    renamed = {k: v for k, v in options.items() if k != "weight"}
    if "weight" in options:
        renamed["weights"] = parse_weights(options["weight"])
    return PathOptions.model_validate(asked.model_dump() | renamed)


# --- by eye, and by really adding the tie ---------------------------------------------------------


def _names(answer: Openings) -> dict[str, list[tuple[str, str]]]:
    return {
        "memberships": [(o.who.name, o.join.name) for o in answer.memberships],
        "alliances": [(o.who.name, o.join.name) for o in answer.alliances],
    }


CLUBS: Rows = {
    **alliances("A-B", "Z-T"),
    "Firm": [{"id": f"firm:{n.lower()}", "name": n} for n in ("A", "B", "C", "D", "T", "Z")],
    "Network": [
        {"id": f"network:{n}", "name": n.title()} for n in ("small", "large", "empty", "old")
    ],
    "MEMBER_OF": [
        {"from": "firm:t", "to": "network:large"},
        {"from": "firm:c", "to": "network:large"},
        {"from": "firm:d", "to": "network:large"},
        {"from": "firm:z", "to": "network:small"},
        {"from": "firm:t", "to": "network:old", "since": "2001-01-01", "until": "2009-01-01"},
    ],
}


def test_memberships_and_alliances_that_open_a_way(engine: Engine) -> None:
    """Each is as strong as it turns out to be when it is really there; both engines."""
    write(engine, CLUBS)
    x = Explorer(engine, TODAY)
    answer = openings(x, "A", "T", who="contacts")
    assert answer.best is None
    assert _names(answer) == {
        "memberships": [("A", "Large"), ("A", "Small"), ("B", "Large"), ("B", "Small")],
        "alliances": [("A", "Z"), ("A", "C"), ("A", "D")],
    }
    assert _names(openings(x, "A", "T"))["memberships"] == [("A", "Large"), ("A", "Small")]
    assert (answer.approach.from_focal, answer.approach.shortest) == ([1, 0, 0], None)
    assert answer.approach.from_target == [3, 0, 0]
    large = answer.memberships[0]
    assert (large.new.participants, large.length, large.meets.name) == (4, 1, "T")
    assert large.path.sentence == "A would, in Large (4 members), meet T."
    (z, *_) = answer.alliances
    assert z.path.sentence == "A would be allied with Z, which is allied with T."
    start = TODAY.isoformat()
    write(
        engine,
        {
            "Alliance": [{"id": "alliance:new", "name": "New", "start": start}],
            "PARTY_TO": [{"from": f"firm:{f}", "to": "alliance:new"} for f in "az"],
        },
    )
    assert paths(x, "A", "T").paths[0].strength == pytest.approx(z.strength, rel=1e-12)
    # Now that there is a way, only what is stronger is worth telling.
    better = openings(x, "A", "T")
    assert better.best is not None
    assert better.best.strength == pytest.approx(z.strength, rel=1e-12)
    assert _names(better)["memberships"] == [("A", "Small"), ("A", "Large")]
    assert better.alliances[0].join.name == "Z"
    assert "be stronger" in better.summary
    small = better.memberships[0]
    assert len(small.path.steps[0].ties) == 2
    write(engine, {"MEMBER_OF": [{"from": "firm:a", "to": "network:small", "since": start}]})
    assert paths(x, "A", "T").paths[0].strength == pytest.approx(small.strength, rel=1e-12)


def test_only_kinds_of_ties_that_count_can_open_a_way(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("clubs", filling(CLUBS)), TODAY)
    only = PathOptions(kinds=("alliance",))
    assert _names(openings(x, "A", "T", only)) == {"memberships": [], "alliances": [("A", "Z")]}
    avoiding = PathOptions(avoid=("Large", "Z"))
    assert _names(openings(x, "A", "T", avoiding)) == {"memberships": [], "alliances": []}
    assert "No single new membership" in openings(x, "A", "T", avoiding).summary


def test_near_misses(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("chain", filling(CHAIN)), TODAY)
    answer = openings(x, "A", "D", PathOptions(max_steps=2))
    assert [(r.changes, r.options) for r in answer.relaxations] == [
        (["max_steps"], {"max_steps": 3})
    ]
    assert [a.name for a in answer.approach.chain] == ["A", "B", "C", "D"]
    assert (answer.approach.shortest, answer.approach.missing) == (3, 1)
    assert _names(answer)["alliances"] == [("A", "C")]
    avoided = openings(x, "A", "D", PathOptions(avoid=("B",)))
    assert [r.text for r in avoided.relaxations] == ["Let B be on the way"]
    assert avoided.relaxations[0].options == {"avoid": []}


def test_only_together(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("chain", filling(CHAIN)), TODAY)
    answer = openings(x, "A", "D", PathOptions(avoid=("B",), kinds=("membership",)))
    assert answer.relaxations == []
    assert answer.together is not None
    assert set(answer.together.changes) == {"max_steps", "kinds", "avoid"}
    assert [a.name for a in answer.together.path.actors] == ["A", "B", "C", "D"]


def test_not_connected_at_all(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("two", filling(TWO_COMPONENTS)), TODAY)
    answer = openings(x, "A", "D")
    assert (answer.relaxations, answer.together, answer.memberships) == ([], None, [])
    assert _names(answer)["alliances"] == [("A", "C")]
    assert "Nothing on record connects them" in answer.summary


def test_ended_and_weightless_ties_are_near_misses(graphs: Graphs) -> None:
    rows = alliances("A-B", end="2010-01-01")
    x = Explorer(graphs.holding("ended", filling(rows)), TODAY)
    answer = openings(x, "A", "B", PathOptions(as_of=dt.date(2015, 1, 1)))
    assert [tuple(r.changes) for r in answer.relaxations] == [("ended",), ("as_of",)]
    weightless = openings(x, "A", "B", PathOptions(weights={"alliance": 0.0}))
    assert [r.options for r in weightless.relaxations] == [{"weight": []}]


def test_a_person_can_join_but_not_ally(graphs: Graphs) -> None:
    rows: Rows = {
        **network("Club", ["A", "B"]),
        "Person": [{"id": "person:p", "name": "P"}],
    }
    x = Explorer(graphs.holding("person", filling(rows)), TODAY)
    assert _names(openings(x, "P", "A")) == {"memberships": [("P", "Club")], "alliances": []}


def test_hubs_are_weighed_quickly_and_the_small_body_wins(graphs: Graphs) -> None:
    hub = network("Hub", ["T", *(f"M{n}" for n in range(60))])
    rows: Rows = {
        **hub,
        "Firm": [*hub["Firm"], {"id": "firm:f", "name": "F"}],
        "Network": [*hub["Network"], {"id": "network:few", "name": "Few"}],
        "MEMBER_OF": [*hub["MEMBER_OF"], {"from": "firm:t", "to": "network:few"}],
    }
    x = Explorer(graphs.holding("hub-and-few", filling(rows)), TODAY)
    answer = openings(x, "F", "T")
    assert _names(answer)["memberships"] == [("F", "Few"), ("F", "Hub")]
    assert [o.new.participants for o in answer.memberships] == [2, 62]


def test_the_telecom_case(graphs: Graphs) -> None:
    """A year before Xelerated allied with Ericsson, a way to MTN was one alliance away."""
    x = Explorer(graphs.holding("examples", examples), TODAY)
    answer = openings(x, "Xelerated", "MTN Group", PathOptions(as_of=dt.date(2010, 12, 31)))
    assert answer.best is None
    assert [r.changes for r in answer.relaxations] == [["as_of"]]
    allies = [o.join.name for o in answer.alliances]
    assert allies[0] == "Seamless"
    assert "Ericsson" in allies
    assert "MTN Group" not in allies


def test_questions_that_cannot_be_asked(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("chain", filling(CHAIN)), TODAY)
    with pytest.raises(InvalidRequest, match="both ends"):
        openings(x, "A", "A")
    with pytest.raises(InvalidRequest, match="cannot be avoided"):
        openings(x, "A", "D", PathOptions(avoid=("D",)))
    with pytest.raises(InvalidRequest, match="allowed: focal, contacts"):
        openings(x, "A", "D", who="everybody")  # type: ignore[arg-type]


def test_a_contact_may_join_a_network_that_the_focal_firm_is_in(graphs: Graphs) -> None:
    """Then it is met there as well as in the alliance, and the way over it is stronger."""
    club = network("Club", ["A", "M"])
    rows: Rows = {
        **alliances("A-B", "B-T"),
        "Firm": [{"id": f"firm:{n}", "name": n.upper()} for n in "abmt"],
        "Network": club["Network"],
        "MEMBER_OF": club["MEMBER_OF"],
    }
    x = Explorer(graphs.holding("contact-joins", filling(rows)), TODAY)
    pair, three = 0.8 * 0.5 / math.log2(3), 0.4 * 0.5 / math.log2(4)
    found = openings(x, "A", "T", PathOptions(max_steps=2), who="contacts")
    (b,) = (o for o in found.memberships if o.who.name == "B")
    assert b.strength == pytest.approx((1 - (1 - pair) * (1 - three)) * pair)
