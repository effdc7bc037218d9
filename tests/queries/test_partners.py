"""Exposure, candidate check, partner search and constellations, on graphs checked by eye."""

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, PathOptions, paths
from alliance_explorer.queries.proximity.proximity import proximity
from alliance_explorer.queries.scenarios.candidate import candidate
from alliance_explorer.queries.scenarios.constellation import constellations
from alliance_explorer.queries.scenarios.exposure import exposure
from alliance_explorer.queries.scenarios.partner_search import (
    WEIGHTS,
    Criteria,
    partner_search,
)
from alliance_explorer.queries.scenarios.scenario import Suppositions, what_if
from tests.queries.test_scenario import ROWS, plain
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Row, Rows, examples, filling, firms, write_quickly


@pytest.fixture
def tiny(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


# --- exposure -------------------------------------------------------------------------------------


def test_dune_networks_is_taken_over_in_2009(telecom: Explorer) -> None:
    before = exposure(telecom, "Xelerated", as_of=dt.date(2008, 12, 31))
    assert not any(e.acquired_by for e in before.partners)
    after = exposure(telecom, "Xelerated", as_of=dt.date(2009, 12, 31))
    first, *others = after.partners
    assert first.partner.name == "DUNE Networks"
    assert [r.name for r in first.acquired_by] == ["Broadcom"]
    assert first.score is None
    assert first.sentence == (
        "DUNE Networks was taken over in 2009 by Broadcom, ally and competitor of Xelerated."
    )
    assert {f.type for f in first.factors[0].facts} == {"ACQUIRED"}
    # Since then somebody who has taken over another is at hand for all the others but itself.
    assert {e.partner.name: [r.name for r in e.likely_acquirers] for e in others} == {
        e.partner.name: [] if e.partner.name == "Broadcom" else ["Broadcom"] for e in others
    }
    # 2 * 0.5 of the weights 2 (acquirer), 2 (stake), 1 (exclusivity); size and age unknown.
    assert others[0].score == pytest.approx(2 * 0.5 / 5)


def test_score_can_be_recomputed_and_loss_is_the_scenario(tiny: Explorer) -> None:
    answer = exposure(tiny, "F", weights={"stake": 5.0}, max_steps=3)
    assert [e.partner.name for e in answer.partners] == ["Q", "P"]
    for e in answer.partners:
        known = [f for f in e.factors if f.value is not None]
        total = sum(f.weight * (f.value or 0) for f in known) / sum(f.weight for f in known)
        assert e.score == pytest.approx(total, abs=1e-12)
        assert e.lost is not None
        scenario = what_if(tiny, "F", Suppositions(leaves=(e.partner.id,)))
        assert plain(e.lost) == plain(scenario.difference)
    q = {f.name: f for f in answer.partners[0].factors}
    assert q["stake"].value == 0.2
    assert q["stake"].weight == 5.0
    assert q["stake"].sentence == "X owns 20% of it."
    assert q["size"].value is None
    p = {f.name: f for f in answer.partners[1].factors}
    assert p["exclusivity"].sentence == "It is bound to Y alone (PY)."
    with pytest.raises(InvalidRequest, match=r"no factor is called 'sise'; there are .*size"):
        exposure(tiny, "F", weights={"sise": 1.0})
    with pytest.raises(InvalidRequest, match="more than 0"):
        exposure(tiny, "F", weights=dict.fromkeys(answer.weights, 0.0))


# --- candidate ------------------------------------------------------------------------------------


def test_candidate_by_eye(tiny: Explorer) -> None:
    answer = candidate(tiny, "F", "X")
    assert [c.sentence for c in answer.conflicts] == [
        "X is a partner and competes with F (servers, since 2005)."
    ]
    assert not answer.ally_already
    assert [h.name for h in answer.adds] == ["sales"]
    assert [h.name for h in answer.fills] == ["sales"], "F needs it"
    assert [h.name for h in answer.duplicates] == ["testing"], "F has it"
    # X is tied to P (alliance), Q (stake), Y (network M), Z (alliance); P, Q and Z are F's too.
    assert [r.name for r in answer.shared_contacts] == ["P", "Q", "Z"]
    assert answer.redundancy == 0.75
    supposed = what_if(tiny, "F", Suppositions(allies=("X",)), max_steps=2)
    assert answer.after == supposed.after.structure
    assert answer.new_reach == supposed.difference.reach_won


def test_candidate_that_is_a_partner(tiny: Explorer) -> None:
    answer = candidate(tiny, "F", "P")
    assert answer.ally_already
    assert [h.name for h in answer.duplicates] == ["hosting"], "Q has it too"
    assert {h.name for h in answer.adds} == {"design", "chips", "boards"}
    aspects = {s.aspect: s for s in answer.compatibility}
    assert aspects["earlier alliances"].says == "for"
    assert {f.to_id for f in aspects["earlier alliances"].facts} == {"alliance:fp", "alliance:fpq"}
    assert aspects["size"].says == "not known"
    with pytest.raises(InvalidRequest, match="no candidate for itself"):
        candidate(tiny, "F", "F")


def test_candidate_of_another_size(telecom: Explorer) -> None:
    says = {s.aspect: s.says for s in candidate(telecom, "Startup2", "BSM").compatibility}
    assert says["size"] == "against"  # small and large
    assert says["power"] == "against"  # 10 and 900 employees
    assert says["place"] == "for"
    ocr = candidate(telecom, "Startup2", "TISA", as_of=dt.date(2013, 1, 1))
    earlier = next(s for s in ocr.compatibility if s.aspect == "earlier alliances")
    assert earlier.says == "against"
    assert "failure" in earlier.sentence


# --- partner search -------------------------------------------------------------------------------


def test_partners_by_eye(tiny: Explorer) -> None:
    answer = partner_search(tiny, "F")
    assert {f.actor.name for f in answer.candidates} == {"X", "Y", "Z"}, "no partners"
    values = {f.actor.name: {c.name: c.value for c in f.components} for f in answer.candidates}
    assert values["X"]["complementarity"] == 1.0  # sales is all that F needs
    assert values["X"]["freedom from conflict"] == 0.5  # competes with F
    assert values["X"]["structural gain"] == 0.25  # Y is new; P, Q, Z are not
    assert values["Z"]["common references"] == 0.5  # network N
    assert values["Y"]["freedom from conflict"] == pytest.approx(1 / 1.5)  # boards, as P: inferred
    best = answer.candidates[0]
    for found in answer.candidates:
        total = sum(c.weight * c.value for c in found.components)
        assert found.score == pytest.approx(total / sum(answer.weights.values()), abs=1e-12)
        chain = paths(tiny, "F", found.actor.id, PathOptions(as_of=TODAY)).paths[0]
        bridge = next(c.value for c in found.components if c.name == "bridge")
        assert bridge**2 == pytest.approx(chain.strength, abs=1e-12)
    assert best.score == max(f.score for f in answer.candidates)
    for found in answer.candidates:
        dimensions = proximity(tiny, "F", found.actor.id).dimensions()
        assert {n: (c.verdict, c.figure) for n, c in found.proximity.items()} == {
            n: (d.verdict, d.figure) for n, d in dimensions.items()
        }
        workable = sum(d.verdict == "workable" for d in dimensions.values())
        component = next(c for c in found.components if c.name == "proximity")
        assert component.value == workable / 5
        assert workable == 0 or f"({workable} of 5)" in component.sentence
    assert len(partner_search(tiny, "F", partners_too=True).candidates) == 5


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ({"capability": ("boards",)}, {"Y"}),
        ({"capability": ("testing", "phones")}, {"X", "Z"}),
        ({"network": ("M",)}, {"X", "Y"}),
        ({"network": ("M",), "capability": ("boards",)}, {"Y"}),
        ({"country": ("SE",)}, set()),
    ],
)
def test_criteria(tiny: Explorer, criteria: dict[str, Any], names: set[str]) -> None:
    answer = partner_search(tiny, "F", Criteria(**criteria))
    assert {f.actor.name for f in answer.candidates} == names
    assert answer.total == len(names)
    assert answer.complete


def test_criteria_of_firms(telecom: Explorer) -> None:
    small = partner_search(telecom, "Xelerated", Criteria(size=("small",)), limit=50)
    assert {"Seamless", "Startup1", "Startup2"} <= {f.actor.name for f in small.candidates}
    for country in ("es", "Spain"):
        spanish = partner_search(
            telecom, "Xelerated", Criteria(country=(country,), city=("MADRID",)), limit=50
        )
        assert [f.actor.name for f in spanish.candidates] == ["Startup1"]
        assert spanish.criteria["country"] == ["ES"]
    with pytest.raises(InvalidRequest, match="'Spian' is no country; did you mean 'spain'"):
        partner_search(telecom, "Xelerated", Criteria(country=("Spian",)))
    with pytest.raises(InvalidRequest, match="no size class is called 'tiny'; there are micro"):
        partner_search(telecom, "Xelerated", Criteria(size=("tiny",)))
    with pytest.raises(InvalidRequest, match="did you mean 'mobile operator'"):
        partner_search(telecom, "Xelerated", Criteria(capability=("mobile operators",)))


def test_proximity_counts_as_much_as_it_is_told_to(telecom: Explorer) -> None:
    zero = dict.fromkeys(WEIGHTS, 0.0)
    near = partner_search(telecom, "Xelerated", weights=zero | {"proximity": 1.0}, limit=50)
    workable = {
        f.actor.id: sum(c.verdict == "workable" for c in f.proximity.values())
        for f in near.candidates
    }
    assert [f.score for f in near.candidates] == [n / 5 for n in workable.values()]
    assert list(workable.values()) == sorted(workable.values(), reverse=True)
    assert len(set(workable.values())) > 1
    without = partner_search(telecom, "Xelerated", weights={"proximity": 0.0})
    assert all(
        f.proximity.keys() == near.candidates[0].proximity.keys() for f in without.candidates
    )


@pytest.mark.parametrize(
    ("firm", "asked", "holds"),
    [
        ("Startup2", ("geographical=workable",), {"geographical": {"workable"}}),
        ("Xelerated", ("Social = not-known",), {"social": {"not known"}}),
        (
            "Startup2",
            ("geographical=too far", "geographical=workable", "institutional=too far"),
            {"geographical": {"too far", "workable"}, "institutional": {"too far"}},
        ),
    ],
)
def test_how_near_is_a_criterion(
    telecom: Explorer, firm: str, asked: tuple[str, ...], holds: dict[str, set[str]]
) -> None:
    first = partner_search(telecom, firm, limit=50)
    rest = first.next_cursor and partner_search(telecom, firm, limit=50, cursor=first.next_cursor)
    every = first.candidates + (rest.candidates if rest else [])
    assert len(every) == first.total
    found = partner_search(telecom, firm, Criteria(proximity=asked), limit=50)
    fitting = [
        f.actor.id
        for f in every
        if all(f.proximity[name].verdict in verdicts for name, verdicts in holds.items())
    ]
    assert [f.actor.id for f in found.candidates] == fitting
    assert 0 < found.total == len(fitting) < first.total
    assert found.complete


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("geografical=workable", "no dimension of proximity .* did you mean 'geographical'"),
        ("social=close", "no verdict is called 'close'.* too close"),
        ("social", "no verdict is called ''"),
    ],
)
def test_proximity_that_cannot_be_asked_for(telecom: Explorer, asked: str, told: str) -> None:
    with pytest.raises(InvalidRequest, match=told):
        partner_search(telecom, "Xelerated", Criteria(proximity=(asked,)))


def test_commitment_can_be_recomputed(graphs: Graphs) -> None:
    """C entered four alliances with B; A looks for a partner."""
    spans: dict[str, tuple[str | None, str | None, dict[str, Any]]] = {
        "alliance:1": ("2000-01-01", "2004-01-01", {"governance": "equity"}),  # over: binds no more
        "alliance:2": ("2005-01-01", None, {"exclusive": True, "governance": "contract"}),
        "alliance:3": ("2009-01-01", None, {"governance": "equity"}),
        "alliance:4": (None, None, {}),
    }
    rows: Rows = {
        "Firm": [{"id": f"firm:{n.lower()}", "name": n} for n in "ABC"],
        "Person": [{"id": "person:p", "name": "P"}],
        "Alliance": [
            {"id": id_, "name": id_, **more}
            | ({"start": start} if start else {})
            | ({"end": end} if end else {})
            for id_, (start, end, more) in spans.items()
        ],
        "PARTY_TO": [
            {"from": f"firm:{f}", "to": id_, "role": "partner"}
            | ({"investment": "a team"} if (f, id_) == ("c", "alliance:4") else {})
            for id_ in spans
            for f in "bc"
        ],
        "CHAMPIONS": [{"from": "person:p", "to": "alliance:2"}],
    }
    x = Explorer(graphs.holding("committed", filling(rows)), TODAY)

    def told(name: str, day: dt.date) -> str | None:
        found = partner_search(x, "A", as_of=day).candidates
        (of,) = [f for f in found if f.actor.name == name]
        return next(s.recorded for s in of.selection if s.criterion == "commitment")

    # 4, 5 and 1 years; the fourth began on an unknown day.
    assert told("C", dt.date(2010, 1, 1)) == (
        "4 alliances entered, 3 in force; 4.0 years in each at the median; of those in force "
        "1 by equity, 1 exclusive, 1 with its own investment, 1 with a champion"
    )
    assert told("B", dt.date(2002, 1, 1)) == (
        "2 alliances entered, 2 in force; 2.0 years in each at the median; of those in force "
        "1 by equity"
    )
    assert told("C", dt.date(2004, 7, 1)) == (
        "2 alliances entered, 1 in force; 4.0 years in each at the median; of those in force "
        "1 with its own investment"
    )
    nobody = partner_search(x, "B", as_of=dt.date(2004, 7, 1)).candidates
    (a,) = [f for f in nobody if f.actor.name == "A"]
    assert next(s.recorded for s in a.selection if s.criterion == "commitment") is None


def test_pages_are_the_whole_ranking(telecom: Explorer) -> None:
    whole = partner_search(telecom, "Xelerated", limit=50)
    assert whole.total == len(whole.candidates) + max(0, whole.total - 50)
    ranked, cursor = [], None
    while True:
        page = partner_search(telecom, "Xelerated", limit=7, cursor=cursor)
        ranked += [f.actor.id for f in page.candidates]
        cursor = page.next_cursor
        if not cursor:
            break
    assert ranked[:50] == [f.actor.id for f in whole.candidates]
    assert len(ranked) == whole.total
    scores = [f.score for f in whole.candidates]
    assert scores == sorted(scores, reverse=True)


# --- constellations -------------------------------------------------------------------------------


def test_constellations_by_eye(tiny: Explorer) -> None:
    # hosting is offered by P and Q, partners both; sales by X alone, who competes with F.
    answer = constellations(tiny, "F", ["hosting"])
    assert [[m.actor.name for m in c.members] for c in answer.constellations] == [["P"]]
    assert answer.complete
    nothing = constellations(tiny, "F", ["sales"])
    assert nothing.constellations == []
    assert nothing.smallest is None
    assert "free of conflicts" in nothing.summary
    own = constellations(tiny, "F", ["testing"])
    assert own.smallest == 0
    assert own.constellations[0].own == ["testing"]
    # P binds F to itself alone, and Q is inferred to compete with P. Q shares a network with F too.
    stated = constellations(tiny, "F", ["hosting"], stated_only=True)
    assert [[m.actor.name for m in c.members] for c in stated.constellations] == [["Q"], ["P"]]
    with pytest.raises(InvalidRequest, match="no capability or core business is called"):
        constellations(tiny, "F", ["cooking"])
    with pytest.raises(InvalidRequest, match="name 1 to 12"):
        constellations(tiny, "F", [])
    with pytest.raises(UnknownActor):
        constellations(tiny, "Nobody", ["sales"])


def test_joints_hold_together_and_can_be_recomputed(telecom: Explorer) -> None:
    day = dt.date(2011, 12, 31)
    needed = ["telecom equipment", "mobile operator"]
    answer = constellations(telecom, "Xelerated", needed, as_of=day)
    assert answer.smallest == 3
    for c in answer.constellations:
        graph = nx.Graph((j.one.id, j.other.id) for j in c.joints)
        assert set(graph) == {"firm:xelerated", *(m.actor.id for m in c.members)}
        assert nx.is_tree(graph)
        assert c.strength == pytest.approx(math.prod(j.strength for j in c.joints), abs=1e-12)
        for j in c.joints:
            parts = [
                t.weight * t.recency * (1 - 0.5) / math.log2(1 + t.participants) for t in j.ties
            ]
            assert [t.strength for t in j.ties] == pytest.approx(parts, abs=1e-12)
    assert [c.strength for c in answer.constellations] == sorted(
        (c.strength for c in answer.constellations), reverse=True
    )
    huawei = constellations(telecom, "Xelerated", needed, as_of=dt.date(2012, 12, 31), limit=50)
    members = {m.actor.name for c in huawei.constellations for m in c.members}
    assert "Huawei" not in members, "it competes with Xelerated"


def _instance(rng: Random, name: str) -> tuple[Rows, list[str]]:
    ids = [f"firm:{name}-{n}" for n in range(rng.randrange(2, 13))]
    pairs = list(itertools.combinations(ids, 2))
    allied = [p for p in pairs if rng.random() < 0.25]
    rivals = [p for p in pairs if rng.random() < 0.15]
    abilities = [f"capability:{name}-{n}" for n in range(rng.randrange(1, 5))]
    offers = [(f, c) for f in ids for c in abilities if rng.random() < 0.25]
    rows: dict[str, list[Row]] = {
        "Firm": [{"id": i, "name": i} for i in ids],
        "Capability": [{"id": c, "name": c} for c in abilities],
        "Alliance": [{"id": f"alliance:{a[5:]}+{b[5:]}", "name": "x"} for a, b in allied],
        "PARTY_TO": [
            {"from": f, "to": f"alliance:{a[5:]}+{b[5:]}"} for a, b in allied for f in (a, b)
        ],
        "COMPETES_WITH": [
            {"from": min(p), "to": max(p), "inferred": rng.random() < 0.4} for p in rivals
        ],
        "OFFERS": [{"from": f, "to": c} for f, c in offers],
    }
    return rows, abilities


def _every_constellation(
    rows: Rows, needed: list[str], stated_only: bool, max_size: int
) -> set[frozenset[str]]:
    """The smallest sets, by trying every set of firms."""
    focal, *others = (str(r["id"]) for r in rows["Firm"])
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((focal, *others))
    for r in rows["Alliance"]:
        ends = [str(p["from"]) for p in rows["PARTY_TO"] if p["to"] == r["id"]]
        graph.add_edge(*ends)
    rivals = {
        frozenset((r["from"], r["to"]))
        for r in rows["COMPETES_WITH"]
        if not (stated_only and r["inferred"])
    }
    offers = {(r["from"], r["to"]) for r in rows["OFFERS"]}
    for size in range(max_size + 1):
        found = set()
        for chosen in itertools.combinations(others, size):
            all_ = (focal, *chosen)
            if (
                all(any((f, c) in offers for f in all_) for c in needed)
                and nx.is_connected(graph.subgraph(all_))
                and not any(frozenset(p) in rivals for p in itertools.combinations(all_, 2))
            ):
                found.add(frozenset(chosen))
        if found:
            return found
    return set()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("constellations") / "x.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


@pytest.mark.ladybug
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.integers(0, 2**32), min_size=20, max_size=20, unique=True))
def test_constellations_as_trying_every_set(embedded: Engine, seeds: list[int]) -> None:
    """200 random instances of up to 12 firms."""
    graphs = [_instance(Random(s), f"g{n}") for n, s in enumerate(seeds)]
    embedded.write("MATCH (n) DETACH DELETE n")
    together: dict[str, list[Row]] = {}
    for rows, _ in graphs:
        for type_, some in rows.items():
            together.setdefault(type_, []).extend(some)
    write_quickly(embedded, together)
    x = Explorer(embedded, TODAY)
    for seed, (rows, needed) in zip(seeds, graphs, strict=True):
        stated_only, max_size = seed % 2 == 0, 1 + seed % 8
        focal = str(next(iter(rows["Firm"]))["id"])
        answer = constellations(
            x, focal, needed, max_size=max_size, stated_only=stated_only, limit=50
        )
        assert answer.complete
        expected = _every_constellation(rows, needed, stated_only, max_size)
        found = {frozenset(m.actor.id for m in c.members) for c in answer.constellations}
        assert answer.total == len(expected)
        assert found <= expected
        assert len(found) == min(50, len(expected))


def test_what_is_written_down_is_answered(graphs: Graphs) -> None:
    """What either engine answers on the bundled cases is what is written down for the API."""
    from alliance_explorer.api.examples import MADE_BY, example

    x = Explorer(graphs.holding("examples", examples), TODAY)
    for name in ("what_if", "exposure", "candidate", "partners", "constellations"):
        assert MADE_BY[name](x).model_dump(mode="json", by_alias=True) == example(name), name


def test_firms_without_anything(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("alone", filling({"Firm": firms("A", "B")})), TODAY)
    assert exposure(x, "A").partners == []
    assert candidate(x, "A", "B").redundancy is None
    assert [f.actor.name for f in partner_search(x, "A").candidates] == ["B"]
