"""What can be reached and over whom it hangs, held against trying every chain."""

import datetime as dt
import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.bridging import asked as conditions
from alliance_explorer.queries.bridging.failure import weak_points
from alliance_explorer.queries.bridging.groups import Choice
from alliance_explorer.queries.bridging.openings import openings
from alliance_explorer.queries.bridging.reach import reach
from alliance_explorer.queries.bridging.reach_models import Counted, WeakPoints
from alliance_explorer.queries.graph.projection import Bools, Floats
from alliance_explorer.queries.graph.routes import Blocked
from alliance_explorer.queries.graph.strengths import kth, strengths_from
from tests.neo4j_server import Server
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
from tests.support.tiny import CHAIN, STAR, TODAY, Rows, alliances, filling, network, write

# A tie of two parties to one alliance.
PAIR = 0.8 * 0.5 / math.log2(3)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("reach") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


@pytest.fixture(scope="module")
def server(neo4j_server: Server) -> Iterator[Engine]:
    s = neo4j_server
    with open_engine(s.uri, user=s.user, password=s.password) as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def _shortest(graph: "nx.Graph[str]", focal: str, max_steps: int) -> dict[str, int]:
    if focal not in graph:
        return {}
    found: dict[str, int] = nx.single_source_shortest_path_length(graph, focal, cutoff=max_steps)
    return {a: n for a, n in found.items() if n}


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_reach_as_trying_every_chain(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        focal, _, asked = random_question(Random(seed), rows)
        expected = reference_graph(rows, asked, TODAY)
        steps = _shortest(expected, focal, asked.max_steps)
        new = {a: n for a, n in steps.items() if n > 1}
        found, cursor, pages = [], None, 0
        while True:
            answer = _json(reach(x, focal, asked, cursor=cursor))
            found += answer["reached"]
            cursor, pages = answer["next_cursor"], pages + 1
            if cursor is None:
                break
        assert pages == max(1, -(-len(new) // asked.limit))
        assert answer["tied"] == sum(n == 1 for n in steps.values())
        assert answer["total"] == answer["reachable"] == len(new)
        assert {r["actor"]["id"]: r["steps"] for r in found} == new
        strengths = [r["strength"] for r in found]
        assert strengths == pytest.approx(sorted(strengths, reverse=True), rel=1e-9)
        for r in found:
            best = {c: s for s, c in every_path(expected, focal, r["actor"]["id"], asked.max_steps)}
            chain = tuple(a["id"] for a in r["path"]["actors"])
            assert r["strength"] == pytest.approx(max(best.values()), rel=1e-9)
            assert r["strength"] == pytest.approx(best[chain], rel=1e-9)
            assert recomputed(r["path"]) == pytest.approx(r["strength"], abs=1e-9)
            assert r["bridge"]["id"] == chain[1]


def _lost_without(rows: Rows, focal: str, asked: PathOptions) -> dict[str, set[str]]:
    """Who is out of reach without each actor and body: by taking it out and looking again."""
    reachable = {*_shortest(reference_graph(rows, asked, TODAY), focal, asked.max_steps)}
    nodes = [str(r["id"]) for t in ("Firm", "Person", "Network", "Alliance") for r in rows[t]]
    lost = {}
    for node in nodes:
        if node != focal and node not in asked.avoid:
            less = asked.model_copy(update={"avoid": (*asked.avoid, node)})
            left = {*_shortest(reference_graph(rows, less, TODAY), focal, asked.max_steps)}
            lost[node] = reachable - left - {node}
    return {node: some for node, some in lost.items() if some}


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_weak_points_as_taking_each_out(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        focal, target, asked = random_question(Random(seed), rows)
        asked = asked.model_copy(update={"limit": 50})
        lost = _lost_without(rows, focal, asked)
        for one in (target, None):
            group = {target} if one else {str(r["id"]) for r in rows["Firm"]}
            expected = {n: some & group for n, some in lost.items() if some & group}
            answer = _json(weak_points(x, focal, asked, target=one))
            assert answer["total"] == len(expected)
            members = {*_shortest(reference_graph(rows, asked, TODAY), focal, asked.max_steps)}
            assert answer["in_reach"] == len(members & group)
            for point in answer["points"]:
                node = point["without"]["id"]
                assert {r["id"] for r in point["lost"]} == expected[node]
                assert point["loses_all"] == ((members & group) - {node} == expected[node])
                assert node in _on(point["example"])
            if len(expected) <= 50:
                assert {p["without"]["id"] for p in answer["points"]} == {*expected}


def _on(path: dict[str, Any]) -> set[str]:
    shared = (t["shared"] for s in path["steps"] for t in s["ties"])
    return {a["id"] for a in path["actors"]} | {s["id"] for s in shared if s}


@pytest.mark.ladybug
@pytest.mark.neo4j
@RANDOM
@given(seeds)
def test_ladybug_and_neo4j_answer_alike(
    embedded: Engine, server: Engine, chosen: list[int]
) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    both = [_refilled(engine, list(graphs.values())) for engine in (embedded, server)]
    for seed, rows in graphs.items():
        focal, target, asked = random_question(Random(seed), rows)
        one, other = (
            [
                reach(x, focal, asked),
                weak_points(x, focal, asked),
                weak_points(x, focal, asked, target=target),
                openings(x, focal, target, asked, who="contacts"),
            ]
            for x in both
        )
        assert [_json(a) for a in one] == [_json(a) for a in other]


# --- by eye ---------------------------------------------------------------------------------------

MIXED = alliances("A-B", "B-C", "C-D", "C-E", "A-F", "F-G")
GROUPED: Rows = {
    **MIXED,
    "Source": [{"id": "source:s", "title": "S"}],
    "Firm": [
        {"id": "firm:a", "name": "A"},
        {"id": "firm:b", "name": "B", "country": "SE"},
        {"id": "firm:c", "name": "C", "country": "SE", "actor_type": "integrator"},
        {"id": "firm:d", "name": "D", "country": "DE", "actor_type": "integrator"},
        {"id": "firm:e", "name": "E", "country": "DE"},
        {"id": "firm:f", "name": "F", "country": "DE"},
        {"id": "firm:g", "name": "G", "country": "DE", "actor_type": "operator"},
    ],
    "Capability": [{"id": "capability:sap", "name": "SAP integration"}],
    "OFFERS": [
        {"from": "firm:d", "to": "capability:sap", "source": "source:s", "confidence": 0.9},
        {"from": "firm:e", "to": "capability:sap", "confidence": 0.2},
        {"from": "firm:c", "to": "capability:sap", "recorded_at": "2026-11-01"},
    ],
    "Network": [{"id": "network:club", "name": "Club"}],
    "MEMBER_OF": [{"from": "firm:d", "to": "network:club"}],
}


@pytest.fixture
def grouped(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("reach-grouped", filling(GROUPED)), TODAY)


def _numbers(counts: list[Counted]) -> dict[str, int]:
    return {c.name: c.number for c in counts}


def test_a_chain(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("chain", filling(CHAIN)), TODAY)
    answer = reach(x, "A")
    assert (answer.tied, answer.reachable, answer.total) == (1, 2, 2)
    assert [(r.actor.name, r.steps, r.bridge.name) for r in answer.reached] == [
        ("C", 2, "B"),
        ("D", 3, "B"),
    ]
    assert [r.strength for r in answer.reached] == pytest.approx([PAIR**2, PAIR**3])
    assert answer.searched.shortest == 2
    assert answer.next_cursor is None
    assert "tied to 1 actor," in answer.summary
    assert reach(x, "A", PathOptions(max_steps=1)).reachable == 0
    assert [r.actor.name for r in reach(x, "A", steps=3).reached] == ["D"]
    avoiding = reach(x, "A", PathOptions(avoid=("C",)))
    assert (avoiding.reachable, avoiding.reached) == (0, [])


def test_counts_and_filters(grouped: Explorer) -> None:
    answer = reach(grouped, "A")
    assert {r.actor.name: r.steps for r in answer.reached} == {"C": 2, "G": 2, "D": 3, "E": 3}
    assert _numbers(answer.counts.steps) == {"2 introductions": 2, "3 introductions": 2}
    assert _numbers(answer.counts.label) == {"Firm": 4}
    assert _numbers(answer.counts.country) == {"DE": 3, "SE": 1}
    assert _numbers(answer.counts.actor_type) == {
        "integrator": 2,
        "operator": 1,
        "not recorded": 1,
    }
    assert _numbers(answer.counts.capability) == {"SAP integration": 3, "not recorded": 1}
    d = next(r for r in answer.reached if r.actor.name == "D")
    assert (d.country, d.actor_type) == ("DE", "integrator")
    assert [c.name for c in d.offers] == ["SAP integration"]
    assert answer.sources["source:s"].title == "S"

    german = reach(grouped, "A", choice=Choice(country="Germany", actor_type="integrator"))
    assert german.group.country == "DE"
    assert [r.actor.name for r in german.reached] == ["D"]
    assert (german.reachable, german.total) == (4, 1)
    # Each list says what another choice would give.
    assert _numbers(german.counts.country) == {"DE": 1, "SE": 1}
    assert _numbers(german.counts.actor_type) == {"integrator": 1, "operator": 1, "not recorded": 1}
    assert _numbers(german.counts.steps) == {"3 introductions": 1}

    def named(choice: Choice, options: PathOptions | None = None) -> set[str]:
        return {r.actor.name for r in reach(grouped, "A", options, choice=choice).reached}

    assert named(Choice(capability="sap integration")) == {"C", "D", "E"}
    assert named(Choice(capability="capability:sap"), PathOptions(min_confidence=0.5)) == {"C", "D"}
    before = PathOptions(known_at=dt.date(2026, 11, 30))
    assert named(Choice(capability="SAP integration"), before) == {"C", "D", "E"}
    assert named(Choice(network="Club")) == {"D"}
    assert named(Choice(actor_type="not recorded")) == {"E"}
    assert named(Choice(capability="not recorded")) == {"G"}
    assert named(Choice(country="SE")) == {"C"}
    assert named(Choice(country="not recorded")) == set()


def test_what_was_not_known_is_not_offered(engine: Engine) -> None:
    rows = {t: [dict(r) for r in some] for t, some in GROUPED.items()}
    for t in ("PARTY_TO", "OFFERS"):
        for row in rows[t]:
            row.setdefault("recorded_at", "2020-01-01")
    write(engine, rows)
    x = Explorer(engine, TODAY)
    old = PathOptions(known_at=dt.date(2021, 1, 1))
    answer = reach(x, "A", old, choice=Choice(capability="SAP integration"))
    assert {r.actor.name for r in answer.reached} == {"D", "E"}


def test_what_is_kept_is_renewed_when_something_is_written(engine: Engine) -> None:
    write(engine, GROUPED)
    x = Explorer(engine, TODAY)
    assert reach(x, "A", choice=Choice(country="SE")).total == 1
    write(engine, {"Firm": [{"id": "firm:e", "name": "E", "country": "SE"}]})
    assert reach(x, "A", choice=Choice(country="SE")).total == 2
    write(engine, {"OFFERS": [{"from": "firm:g", "to": "capability:sap"}]})
    answer = reach(x, "A", choice=Choice(capability="SAP integration"))
    assert {r.actor.name for r in answer.reached} == {"C", "D", "E", "G"}


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (Choice(country="GE"), "allowed: DE, SE"),
        (Choice(country="Swden"), "'Swden' is no country; did you mean 'sweden'"),
        (Choice(actor_type="integrater"), "did you mean 'integrator'"),
    ],
)
def test_filters_that_do_not_exist(grouped: Explorer, choice: Choice, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        reach(grouped, "A", choice=choice)
    with pytest.raises(InvalidRequest, match=reason):
        weak_points(grouped, "A", choice=choice)


def test_other_questions_that_cannot_be_asked(grouped: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="from 2 to 3"):
        reach(grouped, "A", steps=4)
    with pytest.raises(InvalidRequest, match="cursor"):
        reach(grouped, "A", cursor="nonsense")
    with pytest.raises(UnknownActor, match="SAP integration"):
        reach(grouped, "A", choice=Choice(capability="SAP intergation"))
    with pytest.raises(UnknownActor):
        reach(grouped, "A", choice=Choice(network="Pub"))
    with pytest.raises(InvalidRequest, match="not for both"):
        weak_points(grouped, "A", target="D", choice=Choice(country="DE"))
    with pytest.raises(InvalidRequest, match="both ends"):
        weak_points(grouped, "A", target="A")
    assert reach(grouped, "A", cursor="cDk5").reached == []


def _losses(answer: WeakPoints) -> dict[str, set[str]]:
    return {p.without.name: {r.name for r in p.lost} for p in answer.points}


def test_the_centre_of_a_star(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("star", filling(STAR)), TODAY)
    answer = weak_points(x, "A")
    assert _losses(answer) == {
        "Hub": {"B", "C", "D"},
        "Hub-A": {"Hub", "B", "C", "D"},
        "Hub-B": {"B"},
        "Hub-C": {"C"},
        "Hub-D": {"D"},
    }
    assert [p.without.name for p in answer.points if p.loses_all] == ["Hub-A", "Hub"]
    assert (answer.in_reach, answer.safe) == (4, 0)
    # The hub itself can lose nobody but one partner at a time.
    assert not any(p.loses_all for p in weak_points(x, "Hub").points)


def test_weak_points_of_a_target_are_told_in_the_order_of_the_way(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("chain", filling(CHAIN)), TODAY)
    answer = weak_points(x, "A", target="D")
    assert [p.without.name for p in answer.points] == ["A-B", "B", "B-C", "C", "C-D"]
    assert all(p.loses_all and p.loses == 1 for p in answer.points)
    assert "lie on every way there" in answer.summary
    far = weak_points(x, "A", PathOptions(max_steps=2), target="D")
    assert (far.in_reach, far.points) == (0, [])
    assert "D is not in reach of A" in far.summary


def test_a_second_way_makes_it_safe_and_a_longer_one_only_if_it_is_short_enough(
    graphs: Graphs,
) -> None:
    rows = alliances("A-B", "B-D", "A-C", "C-E", "E-D")
    x = Explorer(graphs.holding("two-ways", filling(rows)), TODAY)
    assert _losses(weak_points(x, "A", target="D")) == {}
    short = weak_points(x, "A", PathOptions(max_steps=2), target="D")
    assert set(_losses(short)) == {"A-B", "B", "B-D"}


def test_two_alliances_side_by_side_are_no_weak_point(graphs: Graphs) -> None:
    rows = alliances("A-B", "A-B-C")
    x = Explorer(graphs.holding("parallel", filling(rows)), TODAY)
    assert _losses(weak_points(x, "A", target="B")) == {}
    assert _losses(weak_points(x, "A", target="C")) == {"A-B-C": {"C"}}


def test_weak_points_of_a_group(grouped: Explorer) -> None:
    german = _losses(weak_points(grouped, "A", choice=Choice(country="DE")))
    assert german["C"] == german["B"] == {"D", "E"}
    assert german["F"] == {"G"}
    assert german["A-F"] == {"F", "G"}
    sap = weak_points(grouped, "A", choice=Choice(capability="SAP integration"))
    assert {p.without.name for p in sap.points if p.loses_all} == {"A-B", "B", "B-C", "C"}
    assert "SAP integration" in sap.summary
    # C offers it as well: its loss is that of the others, not its own.
    assert _losses(sap)["C"] == {"D", "E"}
    assert _losses(sap)["B"] == {"C", "D", "E"}


def test_members_who_missed_each_other_are_no_way(graphs: Graphs) -> None:
    """A and B met in the club, B and C met, A and C did not: only B leads from A to C."""
    terms = {"a": ("2001-01-01", "2004-01-01"), "b": ("2003-01-01", "2010-01-01")} | {
        "c": ("2008-01-01", None)
    }
    rows = network("Club", ("A", "B", "C"))
    members = [
        {"from": f"firm:{f}", "to": "network:club", "since": since, "until": until}
        for f, (since, until) in terms.items()
    ]
    x = Explorer(graphs.holding("club", filling({**rows, "MEMBER_OF": members})), TODAY)
    assert _losses(weak_points(x, "A", target="C")) == {"Club": {"C"}, "B": {"C"}}
    assert [(r.actor.name, r.steps) for r in reach(x, "A").reached] == [("C", 2)]


def test_pages_of_reach(graphs: Graphs) -> None:
    names = [f"M{n}" for n in range(45)]
    rows = network("Hub", ["B", *names])
    first = alliances("A-B")
    merged = {t: [*rows.get(t, ()), *first.get(t, ())] for t in {*rows, *first}}
    merged["Firm"] = [{"id": f"firm:{n.lower()}", "name": n} for n in ("A", "B", *names)]
    x = Explorer(graphs.holding("reach-hub", filling(merged)), TODAY)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(5):
        answer = reach(x, "A", cursor=cursor)
        assert answer.total == 45
        seen += [r.actor.name for r in answer.reached]
        cursor = answer.next_cursor
    assert cursor is None
    assert seen == sorted(names)


def test_bridges_that_compete_are_marked(graphs: Graphs) -> None:
    """B competes with A by a rule and as stated, with D by a rule alone, with C no longer."""
    rows: Rows = {
        **CHAIN,
        "COMPETES_WITH": [
            {"from": "firm:a", "to": "firm:b", "market": "x", "inferred": True},
            {"from": "firm:b", "to": "firm:a", "market": "y"},
            {"from": "firm:d", "to": "firm:b", "inferred": True},
            {"from": "firm:c", "to": "firm:b", "until": "2010-01-01"},
        ],
    }
    x = Explorer(graphs.holding("rivals", filling(rows)), TODAY)
    found = {
        r.actor.name: [(c.actor.name, c.inferred) for c in r.competes_with]
        for r in reach(x, "A").reached
    }
    assert found == {"C": [("A", False)], "D": [("A", False), ("D", True)]}
    (over_c, *_) = openings(x, "A", "D", PathOptions(max_steps=2)).alliances
    assert (over_c.meets.name, over_c.competes_with) == ("C", [])
    (over_b, *_) = openings(x, "D", "A", PathOptions(max_steps=2)).alliances
    assert over_b.meets.name == "B"
    assert [(c.actor.name, c.inferred) for c in over_b.competes_with] == [("A", False), ("D", True)]


def _hub(graphs: Graphs) -> Explorer:
    members = [f"M{n}" for n in range(40)]
    rows = network("Hub", members)
    pacts = alliances("M0-X", "M3-X", "M5-Y", "Y-Z", "M7-M8")
    merged: Rows = {
        **pacts,
        **rows,
        "Firm": [{"id": f"firm:{n.lower()}", "name": n} for n in (*members, "X", "Y", "Z")],
    }
    return Explorer(graphs.holding("reach-hub-and-pacts", filling(merged)), TODAY)


def _first(wanted: Bools, k: int) -> Callable[[Floats, int], float]:
    return lambda strengths, left: kth(strengths[wanted], k)


def test_passing_over_those_who_cannot_matter_changes_nothing(graphs: Graphs) -> None:
    """The first page alone, found with less work, is the first page of everything."""
    x = _hub(graphs)
    view = x.view(PathOptions())
    everybody = len(view.projection.actors)
    for focal in range(everybody):
        whole = strengths_from(view, focal, max_steps=3, blocked=Blocked(), deadline=math.inf)
        wanted = np.ones(everybody, dtype=bool)
        wanted[focal] = False
        for k in (1, 5, 30):
            part = strengths_from(
                view,
                focal,
                max_steps=3,
                blocked=Blocked(),
                deadline=math.inf,
                matters=_first(wanted, k),
            )
            best = np.sort(whole.within[-1][wanted])[::-1]
            assert np.sort(part.within[-1][wanted])[::-1][:k] == pytest.approx(best[:k], rel=1e-12)
            as_strong = wanted & (whole.within[-1] >= best[k - 1] * (1 - 1e-12))
            assert part.within[-1][as_strong] == pytest.approx(
                whole.within[-1][as_strong], rel=1e-12
            )


def test_a_search_that_runs_out_of_time_says_so(
    graphs: Graphs, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = _hub(graphs)
    assert reach(x, "X").searched.complete
    monkeypatch.setattr(conditions, "MAX_SECONDS", -1.0)
    late = reach(x, "X")
    assert not late.searched.complete
    assert late.reached == []
    assert late.total == 39
