"""Whole sides, what must be passed, what depends on a bridge: by eye, and against every chain."""

import itertools
import math
from collections.abc import Iterator
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import (
    Description,
    Explorer,
    PathOptions,
    bridge_matrix,
    bridges,
    paths,
    subgraph_of_paths,
)
from alliance_explorer.queries.bridging.openings import openings
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
from tests.support.tiny import TODAY, Rows, alliances, filling

# Two ways from A to D, one of them over a body of five, and a dead end.
TWO_WAYS: Rows = {
    **alliances("A-B", "B-D", "C-D", "A-X"),
    "Network": [{"id": "network:club", "name": "Club"}, {"id": "network:guild", "name": "Guild"}],
    "MEMBER_OF": [
        *({"from": f"firm:{n}", "to": "network:club"} for n in ("a", "c", "p", "q", "x")),
        *({"from": f"firm:{n}", "to": "network:guild"} for n in ("d", "q")),
    ],
    "Firm": [
        {"id": "firm:a", "name": "A", "country": "SE"},
        {"id": "firm:b", "name": "B", "country": "DE", "actor_type": "integrator"},
        {"id": "firm:c", "name": "C", "country": "SE"},
        {"id": "firm:d", "name": "D", "country": "DE", "actor_type": "integrator"},
        {"id": "firm:p", "name": "P"},
        {"id": "firm:q", "name": "Q", "segments": ["SAP consulting"]},
        {"id": "firm:x", "name": "X"},
    ],
    "Capability": [{"id": "capability:sap", "name": "SAP integration"}],
    "OFFERS": [{"from": "firm:d", "to": "capability:sap"}],
    "COMPETES_WITH": [
        {"from": "firm:a", "to": "firm:b", "since": "2015", "market": "phones", "confidence": 0.5},
        {"from": "firm:c", "to": "firm:d", "inferred": True},
    ],
}


@pytest.fixture
def x(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("two ways", filling(TWO_WAYS)), TODAY)


def chains(answer: dict[str, Any]) -> list[str]:
    return ["".join(a["name"] for a in p["actors"]) for p in answer["paths"]]


def told(x: Explorer, focal: Any, target: Any, **options: Any) -> list[str]:
    return chains(_json(paths(x, focal, target, PathOptions(**options))))


def test_several_as_one_side(x: Explorer) -> None:
    assert told(x, "A", "D", max_steps=2) == ["ABD", "ACD", "AQD"]
    # C is on our side: its own tie counts, and nobody goes over it.
    assert told(x, ["A", "C"], "D", max_steps=2) == ["CD", "ABD", "AQD", "CQD"]
    assert told(x, "A", ["D", "Q"], max_steps=2)[0] == "AQ"
    answer = bridges(x, ["A", "C"], ["D"])
    assert answer.focal.name == "A and C"
    assert answer.searched.focal_side.size == 2
    assert {n.role for n in subgraph_of_paths(answer).nodes if n.name in "AC"} == {"focal"}


def test_a_contact_of_several_of_one_side_is_one_bridge(graphs: Graphs) -> None:
    """The strongest contact has a way from each of the side; the weaker ones count all the same."""
    rows = {
        **alliances("A-X", "B-X", "X-T", "A-Y", "Z-W"),
        "Network": [{"id": "network:n", "name": "N"}],
        "MEMBER_OF": [{"from": f"firm:{n}", "to": "network:n"} for n in "ytzw"],
    }
    x = Explorer(graphs.holding("shared contact", filling(rows)), TODAY)
    answer = bridges(x, ["A", "B"], "T", PathOptions(limit=2))
    assert [b.actor.name for b in answer.bridges] == ["X", "Y"]
    assert told(x, ["A", "B"], "T", limit=3) == ["AXT", "BXT", "AYT"]


def test_a_network_stands_for_its_members(x: Explorer) -> None:
    # Past Q, who is a member, no way goes on to D.
    assert told(x, "A", "Guild", max_steps=2)[:2] == ["AQ", "ABD"]
    assert "AQD" not in told(x, "A", "Guild", max_steps=2, limit=50)
    assert bridges(x, "B", "Guild").summary.startswith("B is tied to a member of Guild.")
    assert bridges(x, "A", "Guild").searched.target_side.size == 2
    # Of a network that one is in, the others are meant.
    assert [a.name for a in bridges(x, "Q", "Guild").searched.target_side.actors] == ["D"]
    assert told(x, "Q", "Guild", max_steps=1) == ["QD"]
    with pytest.raises(InvalidRequest, match="Club is a network, and can only stand alone"):
        paths(x, "A", ["Club", "D"])


def test_whoever_fits_a_description(x: Explorer) -> None:
    assert told(x, "A", Description(country="de", actor_type="integrator"), max_steps=1) == ["AB"]
    offered = Description(country="DE", capability="sap integration")
    answer = bridges(x, "A", offered)
    assert answer.target.name == "any firm in Germany that offers SAP integration"
    assert [a.name for a in answer.searched.target_side.actors] == ["D"]
    assert told(x, "A", Description(segment="sap"), max_steps=1) == ["AQ"]
    assert told(x, "B", Description(network="Guild"), max_steps=1) == ["BD"]
    with pytest.raises(InvalidRequest, match="no country of a firm here is 'FR'"):
        bridges(x, "A", Description(country="FR"))
    for written in ("Germany", "deutschland", "DEU"):
        one = bridges(x, "A", Description(country=written, actor_type="integrator"))
        assert one.target.name == "any integrator in Germany"
    with pytest.raises(InvalidRequest, match="'Germny' is no country; did you mean 'germany'"):
        bridges(x, "A", Description(country="Germny"))
    with pytest.raises(InvalidRequest, match="did you mean 'integrator'"):
        bridges(x, "A", Description(actor_type="integrater"))
    with pytest.raises(InvalidRequest, match="nobody on record is any operator"):
        bridges(x, "A", Description(actor_type="operator"))
    with pytest.raises(UnknownActor, match="SAP integration"):
        bridges(x, "A", Description(capability="SAP integratoin"))


def test_past_somebody(x: Explorer) -> None:
    assert told(x, "A", "D", via=("C",), max_steps=2) == ["ACD"]
    assert told(x, "A", "D", via=("Guild",), max_steps=2) == ["AQD"]
    assert told(x, "A", "D", via=("Club", "B"), max_steps=3) == []
    assert told(x, "A", "D", via=("X",), max_steps=3) == ["AXCD", "AXQD"]
    assert told(x, "A", "D", via=("X", "Guild"), max_steps=3) == ["AXQD"]
    # Further ways on from a bridge pass what the first introduction did not.
    ways = bridges(x, "A", "D", PathOptions(via=("Guild",)))
    assert {w.actors[-2].name for b in ways.bridges for w in b.paths} == {"Q"}
    with pytest.raises(InvalidRequest, match="A is where the way begins"):
        paths(x, "A", "D", PathOptions(via=("A",)))
    with pytest.raises(InvalidRequest, match="to be passed and to be avoided"):
        paths(x, "A", "D", PathOptions(via=("C",), avoid=("C",)))


def test_limits_on_the_way(x: Explorer) -> None:
    assert told(x, "A", "D", max_shared=4) == ["ABD"]
    assert told(x, "A", "D", max_shared=5, max_steps=2) == ["ABD", "ACD", "AQD"]
    assert told(x, "A", "D", avoid_competitors_of=("focal",), max_steps=2) == ["ACD", "AQD"]
    answer = bridges(x, "A", "D", PathOptions(avoid_competitors_of=("focal", "target")))
    assert [r.name for r in answer.searched.competitors_avoided] == ["B", "C"]
    assert [b.actor.name for b in answer.bridges][:1] == ["Q"]
    none = paths(x, "A", "D", PathOptions(max_shared=2, avoid_competitors_of=("focal",)))
    assert none.summary.endswith("avoiding competitors of A, with nothing shared by more than 2.")


def test_a_rivalry_that_is_not_sure_enough_does_not_count(x: Explorer) -> None:
    sure: dict[str, Any] = {"avoid_competitors_of": ("focal",), "min_confidence": 0.6}
    assert told(x, "A", "D", max_steps=2, **sure) == ["ABD", "ACD", "AQD"]
    by_name = {b.actor.name: b for b in bridges(x, "A", "D", PathOptions(**sure)).bridges}
    assert [r.actor.name for b in "BC" for r in by_name[b].competes_with] == ["D"]


def test_conditions_that_shut_the_only_way_are_told(x: Explorer) -> None:
    options = PathOptions(avoid=("Club",), max_steps=2, avoid_competitors_of=("focal",))
    answer = openings(x, "A", "D", options)
    assert [(r.text, r.options) for r in answer.relaxations] == [
        ("Let competitors of A be on the way", {"avoid_competitors_of": []}),
        ("Let Club be on the way", {"avoid": []}),
    ]
    small = openings(x, "P", "D", PathOptions(max_shared=2))
    assert [(r.text, r.options) for r in small.relaxations] == [
        ("Go over larger networks and alliances too", {"max_shared": None})
    ]


def test_rivals_are_told_with_their_source(x: Explorer) -> None:
    b, c = (next(b for b in bridges(x, "A", "D").bridges if b.actor.name == name) for name in "BC")
    (rival,) = b.competes_with
    assert (rival.end, rival.actor.name, rival.market, rival.inferred) == (
        "focal",
        "A",
        "phones",
        False,
    )
    (rival,) = c.competes_with
    assert (rival.end, rival.actor.name, rival.inferred) == ("target", "D", True)


def test_who_depends_on_a_bridge(x: Explorer) -> None:
    by_name = {b.actor.name: b for b in bridges(x, "A", "D", PathOptions(max_steps=2)).bridges}
    # Within two introductions P and X reach D over C and over Q, B directly: over B alone nobody.
    assert {n: b.dependents.count for n, b in by_name.items()} == {"B": 0, "C": 0, "Q": 0}
    by_name = {
        b.actor.name: b
        for b in bridges(x, "A", "D", PathOptions(max_steps=2, avoid=("Q",))).bridges
    }
    assert {n: [r.name for r in b.dependents.some] for n, b in by_name.items()} == {
        "B": [],
        "C": ["P", "X"],
    }


def test_what_the_introduction_costs(x: Explorer) -> None:
    (b,) = bridges(x, "A", "D", PathOptions(max_shared=2, max_steps=2)).bridges
    cost = b.cost
    assert cost is not None
    assert [r.name for r in cost.introduces] == ["A", "D"]
    # B has A and D: 2 contacts that are not tied. A's ties: B, X. D's: B, C, Q.
    assert (cost.before.contacts, cost.before.ties_among) == (2, 0)
    assert (cost.before.effective_size, cost.before.constraint) == (2.0, 0.5)
    assert (cost.after.ties_among, cost.after.effective_size) == (1, 1.0)
    # Then A has 3 ties and D 4, so that over D goes 1/2 x 1/4 more to A, over A 1/2 x 1/3 to D.
    assert cost.after.constraint == pytest.approx((1 / 2 + 1 / 8) ** 2 + (1 / 2 + 1 / 6) ** 2)
    assert cost.roles_lost == ["gatekeeper", "representative"]  # SE – DE – DE
    assert not cost.loses_little
    check_cost(_json(b)["cost"])
    # A and X are tied already.
    (c,) = bridges(x, "P", "D", PathOptions(max_steps=2, avoid=("Q",))).bridges
    assert c.cost is not None
    check_cost(_json(c)["cost"])


def check_cost(cost: dict[str, Any]) -> None:
    """A cost from nothing but its JSON."""
    for when, suffix in (("before", ""), ("after", "_after")):
        holes, dyads = cost[when], cost["dyads"]
        n, t = holes["contacts"], holes["ties_among"]
        assert holes["effective_size"] == pytest.approx(n - 2 * t / n, abs=1e-9)
        parts = [(d["direct" + suffix] + d["indirect" + suffix]) ** 2 for d in dyads]
        assert holes["constraint"] == pytest.approx(math.fsum(parts), abs=1e-9)
        assert len(dyads) == n


def test_a_matrix_of_targets(x: Explorer) -> None:
    m = bridge_matrix(x, "A", ["D", "Q", "P"], PathOptions(max_steps=2))
    assert [t.target.name for t in m.targets] == ["D", "Q", "P"]
    assert m.complete
    for row in m.bridges:
        strengths = []
        for target, cell in zip(m.targets, row.cells, strict=True):
            alone = {
                b.actor.id: b
                for b in bridges(x, "A", target.target.id, PathOptions(max_steps=2)).bridges
            }
            best = alone.get(row.bridge.id)
            assert (cell is None) == (best is None)
            if cell and best:
                assert cell.strength == pytest.approx(best.strength, rel=1e-12)
                assert cell.actors == best.paths[0].actors
                strengths.append(cell.strength)
        assert row.worth == pytest.approx(sum(strengths))
        assert row.reaches == len(strengths)
    with pytest.raises(InvalidRequest, match="1 to 12 targets, not 0"):
        bridge_matrix(x, "A", [])


def test_the_ask_is_a_sentence_to_send(x: Explorer) -> None:
    (b, *_) = bridges(x, "A", "D", PathOptions(max_steps=2)).bridges
    assert b.paths[0].ask == "B, your partner, is allied with D."


def test_many_ties_are_counted_and_the_strongest_told(graphs: Graphs) -> None:
    pairs = [f"A-B-{n}" for n in "CDEFG"]
    x = Explorer(graphs.holding("many ties", filling(alliances("A-B", *pairs))), TODAY)
    (whole,) = paths(x, "A", "B", PathOptions(max_steps=1, ties=1000)).paths
    assert (len(whole.steps[0].ties), whole.steps[0].more.count) == (6, 0)
    (few,) = paths(x, "A", "B", PathOptions(max_steps=1, ties=2)).paths
    step = few.steps[0]
    assert [t.participants for t in step.ties] == [2, 3]
    assert step.ties == whole.steps[0].ties[:2]
    assert step.more.count == 4
    assert few.strength == pytest.approx(whole.strength, abs=1e-12)
    assert few.strength == pytest.approx(recomputed(_json(few)), abs=1e-12)


# --- against every chain -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("sides") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def expected_ways(
    graph: "nx.Graph[str]", ones: set[str], others: set[str], via: set[str], max_steps: int
) -> Iterator[tuple[float, tuple[str, ...]]]:
    for one, other in itertools.product(sorted(ones), sorted(others)):
        for strength, chain in every_path(graph, one, other, max_steps):
            if not (set(chain[1:]) & ones or set(chain[:-1]) & others) and via <= set(chain):
                yield strength, chain


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_sides_as_trying_every_chain(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        rng = Random(seed)
        _, _, asked = random_question(rng, rows)
        actors = [str(r["id"]) for label in ("Firm", "Person") for r in rows[label]]
        rng.shuffle(actors)
        size = rng.randrange(1, max(2, min(4, len(actors) // 2)))
        ones, others = set(actors[:size]), set(actors[size : size + rng.randrange(1, 4)])
        rest = [a for a in actors if a not in ones | others]
        via = set(rng.sample(rest, min(len(rest), rng.choice((0, 1, 1, 2)))))
        options = asked.model_copy(
            update={
                "via": tuple(via),
                "avoid": tuple(a for a in asked.avoid if a not in ones | others | via),
                "max_shared": rng.choice((None, 3, 6)),
            }
        )
        graph = reference_graph(rows, options, TODAY)
        every = list(expected_ways(graph, ones, others, via, options.max_steps))
        best = sorted(every, reverse=True)
        answer = _json(paths(x, sorted(ones), sorted(others), options))
        strengths = [p["strength"] for p in answer["paths"]]
        assert strengths == pytest.approx([s for s, _ in best[: options.limit]], rel=1e-9)
        chains = {chain: s for s, chain in best}
        for path in answer["paths"]:
            assert path["strength"] == pytest.approx(recomputed(path), abs=1e-9)
            assert tuple(a["id"] for a in path["actors"]) in chains
        for bridge in bridges(x, sorted(ones), sorted(others), options).bridges:
            over = [s for s, c in every if len(c) > 2 and c[1] == bridge.actor.id]
            assert bridge.strength == pytest.approx(max(over), rel=1e-9)
            assert bridge.dependents.count == _dependent(
                graph, bridge.actor.id, ones, others, options.max_steps
            )
            for path in bridge.paths:
                assert via <= {a.id for a in path.actors}
            if bridge.cost and bridge.cost.dyads:
                check_cost(_json(bridge)["cost"])


def _dependent(
    graph: "nx.Graph[str]", bridge: str, ones: set[str], others: set[str], max_steps: int
) -> int:
    def reach(g: "nx.Graph[str]") -> set[str]:
        near: set[str] = set()
        for target in others & set(g):
            near |= set(nx.single_source_shortest_path_length(g, target, cutoff=max_steps))
        return near

    without = graph.copy()
    without.remove_node(bridge)
    lost = reach(graph) - reach(without) - ones - others - {bridge}
    return sum(a.startswith("firm:") for a in lost)
