"""Who is around an actor and in which order, and what is among some."""

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.models import Subgraph
from alliance_explorer.queries.pictures import MOST, beginning, subgraph
from alliance_explorer.queries.surroundings import surroundings
from tests.support.graphs import Graphs
from tests.support.tiny import (
    TODAY,
    Rows,
    alliances,
    examples,
    filling,
    firms,
    network,
    write,
    write_quickly,
)

# A is allied with B twice, with C once; with D and E in one alliance of three. It competes with C
# and F; it belongs to a small network and to a large one.
PARTIES = {
    "ab1": ["a", "b"],
    "ab2": ["a", "b"],
    "ac": ["a", "c"],
    "ade": ["a", "d", "e"],
    "bg": ["b", "g"],
    "fm": ["f", "m5"],
}
ROWS: Rows = {
    "Firm": [*firms(*"ABCDEFG"), *firms(*(f"M{n}" for n in range(20)))],
    "Alliance": [
        {"id": "alliance:ab1", "name": "AB 1", "start": "2010-01-01"},
        {"id": "alliance:ab2", "name": "AB 2", "start": "2012-01-01", "end": "2015-01-01"},
        {"id": "alliance:ac", "name": "AC", "start": "2011-01-01"},
        {"id": "alliance:ade", "name": "ADE"},
        {"id": "alliance:fm", "name": "FM"},
        {"id": "alliance:bg", "name": "BG", "recorded_at": "2020-01-01"},
    ],
    "PARTY_TO": [
        {"from": f"firm:{f}", "to": f"alliance:{a}"}
        for a, parties in PARTIES.items()
        for f in parties
    ],
    "COMPETES_WITH": [
        {"from": "firm:a", "to": "firm:f", "inferred": True},
        {"from": "firm:a", "to": "firm:c"},
    ],
    "Network": [{"id": "network:small", "name": "Small"}, {"id": "network:large", "name": "Large"}],
    "MEMBER_OF": [
        {"from": "firm:a", "to": "network:small", "since": "2014-01-01"},
        {"from": "firm:g", "to": "network:small"},
        {"from": "firm:a", "to": "network:large"},
        *({"from": f"firm:m{n}", "to": "network:large"} for n in range(20)),
    ],
}


@pytest.fixture
def explorer(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("surroundings", filling(ROWS)), TODAY)


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def names(explorer: Explorer, actor: str, kind: str, **more: object) -> list[str]:
    found = surroundings(explorer, actor, kinds=[kind], **more)  # type: ignore[arg-type]
    return [n.node.name for g in found.kinds for n in g.shown]


def pairs(graph: Subgraph) -> set[tuple[str, str, str]]:
    return {(e.from_id, e.type, e.to_id) for e in graph.edges}


def test_the_strongest_come_first(explorer: Explorer) -> None:
    found = surroundings(explorer, "A")
    groups = {g.kind: g for g in found.kinds}
    # B twice, one faded; C once; D and E over an alliance of three, which is less specific.
    assert [n.node.name for n in groups["alliance"].shown] == ["B", "C", "D", "E"]
    assert [t.id for t in groups["alliance"].shown[2].through] == ["alliance:ade"]
    assert groups["alliance"].shown[0].through == []
    strengths = [n.relevance for n in groups["alliance"].shown]
    assert strengths == sorted(strengths, reverse=True)
    assert [n.node.name for n in groups["competition"].shown] == ["C", "F"]
    assert [n.inferred for n in groups["competition"].shown] == [False, True]
    assert [n.node.name for n in groups["membership"].shown] == ["Small", "Large"]
    assert groups["membership"].beyond == 21
    assert groups["membership"].shown[0].because == "shared by 2"


def test_those_in_the_picture_are_not_shown_again_and_draw_others(explorer: Explorer) -> None:
    found = surroundings(explorer, "A", kinds=["alliance"], beside=["firm:b"], limit=1)
    (group,) = found.kinds
    assert (group.total, group.left) == (4, 3)
    assert [n.node.name for n in group.shown] == ["C"]
    # Among members of a network, who are all alike, the ally of one in the picture comes first.
    assert names(explorer, "network:large", "membership", limit=1) == ["A"]
    assert names(explorer, "network:large", "membership", limit=1, beside=["firm:f"]) == ["M5"]


def test_dates_decide_who_is_around(explorer: Explorer) -> None:
    early = dt.date(2010, 6, 1)
    assert names(explorer, "A", "alliance", as_of=early) == ["B", "D", "E"]
    assert names(explorer, "A", "membership", as_of=early) == ["Large"]
    assert names(explorer, "network:small", "membership", as_of=early) == ["G"]
    assert names(explorer, "B", "alliance", known_at=dt.date(2019, 1, 1)) == []
    assert "G" in names(explorer, "B", "alliance", known_at=TODAY)


def test_an_alliance_is_surrounded_by_its_parties(explorer: Explorer) -> None:
    assert names(explorer, "alliance:ade", "alliance") == ["A", "D", "E"]
    assert names(explorer, "alliance:ac", "alliance", as_of=dt.date(2010, 1, 1)) == []


def test_what_is_among_some(explorer: Explorer) -> None:
    found = subgraph(explorer, ["A", "B", "C", "F", "network:small", "alliance:ade"])
    assert pairs(found) == {
        ("firm:a", "PARTY_TO", "firm:b"),
        ("firm:a", "PARTY_TO", "firm:c"),
        ("firm:a", "COMPETES_WITH", "firm:c"),
        ("firm:a", "COMPETES_WITH", "firm:f"),
        ("firm:a", "MEMBER_OF", "network:small"),
        ("firm:a", "PARTY_TO", "alliance:ade"),
    }
    assert {n.id: n.role for n in found.nodes} == {
        "firm:a": "focal",
        "firm:b": "ally",
        "firm:c": "ally and competitor",
        "firm:f": "competitor",
        "network:small": "network",
        "alliance:ade": "alliance",
    }
    assert len([e for e in found.edges if e.to_id == "firm:b"]) == 2, "one for each alliance"
    small = next(n for n in found.nodes if n.id == "network:small")
    assert small.properties["members"] == 2
    # Without its node, an alliance of three is an edge between each two who are there.
    assert pairs(subgraph(explorer, ["A", "D"])) == {("firm:a", "PARTY_TO", "firm:d")}


def test_what_is_among_some_on_a_day(explorer: Explorer) -> None:
    ids = ["A", "B", "C", "network:small"]
    assert len(subgraph(explorer, ids, as_of=dt.date(2013, 1, 1)).edges) == 4
    assert pairs(subgraph(explorer, ids, as_of=dt.date(2010, 6, 1))) == {
        ("firm:a", "PARTY_TO", "firm:b"),
        ("firm:a", "COMPETES_WITH", "firm:c"),
    }
    assert not subgraph(explorer, ["B", "G"], known_at=dt.date(2019, 1, 1)).edges
    assert subgraph(explorer, ["B", "G"], known_at=TODAY).edges


def test_a_beginning_is_as_large_as_asked_for(explorer: Explorer) -> None:
    shown, left = beginning(explorer, ["A"], limit=4)
    assert [r.name for r in shown] == ["A", "B", "C", "ADE", "D"]
    assert left == {"Firm": 2, "Network": 2}
    shown, left = beginning(explorer, ["network:large"], limit=3)
    assert (len(shown), left) == (4, {"Firm": 18})
    everybody, left = beginning(explorer, ["A", "G"], limit=60)
    assert {r.name for r in everybody} == {*"ABCDEFG", "ADE", "Small", "Large"}
    assert left == {}


def test_wrong_questions_are_told(explorer: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="did you mean 'alliance'"):
        surroundings(explorer, "A", kinds=["aliance"])
    with pytest.raises(UnknownActor):
        subgraph(explorer, ["Nobody"])
    with pytest.raises(InvalidRequest, match="1 to 2,000 nodes, not 0"):
        subgraph(explorer, [])
    with pytest.raises(InvalidRequest):
        subgraph(explorer, ["A"] * (MOST + 1))


def test_the_telecom_case(telecom: Explorer) -> None:
    found = surroundings(telecom, "Xelerated", as_of=dt.date(2011, 12, 31))
    groups = {g.kind: g.total for g in found.kinds}
    assert groups == {"alliance": 15, "competition": 3}
    shown, _ = beginning(telecom, ["Xelerated"])
    graph = subgraph(telecom, [r.id for r in shown])
    assert {n.name for n in graph.nodes if n.role == "ally and competitor"} == {
        "Huawei",
        "Broadcom",
        "Infineon",
    }
    assert all(e.properties["source"] for e in graph.edges)


@pytest.mark.ladybug
@settings(max_examples=15, deadline=None)
@given(
    chosen=st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True),
    ties=st.lists(st.sampled_from(list(itertools.combinations("abcdefg", 2))), unique=True),
)
def test_among_some_is_every_tie_with_both_ends_there(
    chosen: list[str], ties: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = dict(alliances(*("-".join(t) for t in ties))) if ties else {}
    rows["Firm"] = firms(*"abcdefg")
    with open_engine(f"ladybug://{tmp_path_factory.mktemp('among')}/x.lbug") as engine:
        engine.define(ddl(engine.dialect))
        write(engine, rows)
        found = subgraph(Explorer(engine, TODAY), chosen)
    wanted = {
        (f"firm:{a}", "PARTY_TO", f"firm:{b}") for a, b in ties if a in chosen and b in chosen
    }
    assert pairs(found) == wanted


def test_a_large_network_costs_its_members_once(engine: Engine) -> None:
    write_quickly(engine, network("Hub", (f"F{n}" for n in range(2_250))))
    explorer = Explorer(engine, TODAY)
    shown, left = beginning(explorer, ["network:hub"])
    assert (len(shown), left) == (61, {"Firm": 2_190})
    (group,) = surroundings(explorer, "F1").kinds
    assert (group.total, group.beyond) == (1, 2_249)
