"""Path search on tiny graphs whose answers can be checked by eye."""

import datetime as dt
import math

import pytest

from alliance_explorer.queries import Explorer, PathOptions, bridges, paths
from tests.support.counting import Counting
from tests.support.graphs import Graphs
from tests.support.tiny import (
    CHAIN,
    STAR,
    TODAY,
    TRIANGLE,
    TWO_COMPONENTS,
    Rows,
    alliances,
    filling,
    firms,
    network,
)

BILATERAL = 0.8 * 0.5 / math.log2(3)


def holding(graphs: Graphs, name: str, rows: Rows) -> Explorer:
    return Explorer(graphs.holding(name, filling(rows)), TODAY)


def test_chain(graphs: Graphs) -> None:
    result = paths(holding(graphs, "chain", CHAIN), "A", "D")
    (path,) = result.paths
    assert [a.name for a in path.actors] == ["A", "B", "C", "D"]
    assert path.strength == pytest.approx(BILATERAL**3, abs=1e-15)
    assert result.searched.shortest == 3


def test_chain_longer_than_asked(graphs: Graphs) -> None:
    result = paths(holding(graphs, "chain", CHAIN), "A", "D", PathOptions(max_steps=2))
    assert result.paths == []
    assert result.searched.shortest is None
    assert "within 2 introductions" in result.summary


def test_triangle(graphs: Graphs) -> None:
    x = holding(graphs, "triangle", TRIANGLE)
    assert [p.length for p in paths(x, "A", "C").paths] == [1, 2]
    answer = bridges(x, "A", "C")
    assert answer.direct is not None
    assert [b.actor.name for b in answer.bridges] == ["B"]


def test_star(graphs: Graphs) -> None:
    answer = bridges(holding(graphs, "star", STAR), "A", "D")
    assert [b.actor.name for b in answer.bridges] == ["Hub"]
    assert answer.direct is None


def test_two_components(graphs: Graphs) -> None:
    answer = bridges(holding(graphs, "two", TWO_COMPONENTS), "A", "D", PathOptions(max_steps=6))
    assert answer.bridges == []
    assert answer.searched.complete


def test_parallel_ties_combine(graphs: Graphs) -> None:
    rows = {**alliances("A-B"), "Alliance": [], "PARTY_TO": []}
    rows["Alliance"] = [{"id": f"alliance:{n}", "name": str(n)} for n in (1, 2)]
    rows["PARTY_TO"] = [{"from": f"firm:{f}", "to": f"alliance:{n}"} for f in "ab" for n in (1, 2)]
    (path,) = paths(holding(graphs, "parallel", rows), "A", "B").paths
    assert len(path.steps[0].ties) == 2
    assert path.strength == pytest.approx(1 - (1 - BILATERAL) ** 2, abs=1e-15)


def test_large_body_is_a_weak_tie(graphs: Graphs) -> None:
    members = [f"M{n}" for n in range(60)]
    (path,) = paths(
        holding(graphs, "club", network("Club", members)), "M1", "M2", PathOptions(max_steps=1)
    ).paths
    (tie,) = path.steps[0].ties
    assert tie.participants == 60
    assert tie.specificity == pytest.approx(1 / math.log2(61))
    assert "60 members" in path.sentence


def test_ended_ties_fade_unless_a_day_is_asked_for(graphs: Graphs) -> None:
    rows = alliances("A-B", start="2010", end="2020-11-22")
    x = holding(graphs, "ended", rows)
    (path,) = paths(x, "A", "B", PathOptions(half_life=3)).paths
    (tie,) = path.steps[0].ties
    days = (TODAY - dt.date(2020, 11, 22)).days
    assert tie.recency == pytest.approx(0.5 ** (days / 365.25 / 3), abs=1e-12)
    assert "from 2010 to 2020" in tie.sentence
    assert paths(x, "A", "B", PathOptions(as_of=TODAY)).paths == []
    assert paths(x, "A", "B", PathOptions(as_of=dt.date(2020, 11, 21))).paths != []
    assert paths(x, "A", "B", PathOptions(as_of=dt.date(2020, 11, 22))).paths == []
    assert paths(x, "A", "B", PathOptions(as_of=TODAY, ended=True)).paths != []


def test_members_who_never_met_are_not_tied(graphs: Graphs) -> None:
    rows: Rows = {
        **network("Club", ["A", "B"]),
        "MEMBER_OF": [
            {"from": "firm:a", "to": "network:club", "until": "2010-01-01"},
            {"from": "firm:b", "to": "network:club", "since": "2012"},
        ],
    }
    result = paths(holding(graphs, "missed", rows), "A", "B")
    assert result.paths == []
    assert result.searched.shortest is None


def test_two_sources_of_one_membership_are_one_tie(graphs: Graphs) -> None:
    rows: Rows = {
        **network("Club", ["A", "B"]),
        "Source": [{"id": f"source:{s}", "title": s} for s in "st"],
        "MEMBER_OF": [
            {"from": f"firm:{f}", "to": "network:club", "source": f"source:{s}"}
            for f in "ab"
            for s in "st"
        ],
    }
    (path,) = paths(holding(graphs, "sources", rows), "A", "B").paths
    (tie,) = path.steps[0].ties
    assert tie.participants == 2
    assert len(tie.facts) == 4


def test_people_introduce(graphs: Graphs) -> None:
    rows: Rows = {
        "Firm": firms("A", "B"),
        "Person": [{"id": f"person:{p}", "name": p.upper()} for p in "pq"],
        "WORKS_FOR": [{"from": "person:p", "to": "firm:a", "title": "CEO"}],
        "KNOWS": [{"from": "person:q", "to": "person:p", "strength": 0.5}],
        "SITS_ON_BOARD_OF": [{"from": "person:q", "to": "firm:b"}],
    }
    (path,) = paths(holding(graphs, "people", rows), "A", "B").paths
    assert path.sentence == "A employs P, who knows Q, who sits on the board of B."
    spec = 0.5 / math.log2(3)
    assert path.strength == pytest.approx((0.9 * spec) * (0.6 * spec * 0.5) * (0.7 * spec))
    assert (
        paths(
            holding(graphs, "people", rows), "A", "B", PathOptions(kinds=("board", "employment"))
        ).paths
        == []
    )


def test_without_evidence_the_same_ways_and_nothing_is_read_for_them(graphs: Graphs) -> None:
    rows: Rows = {
        **alliances("A-B"),
        "Person": [{"id": f"person:{p}", "name": p.upper()} for p in "pq"],
        "WORKS_FOR": [{"from": "person:p", "to": "firm:a"}],
        "CHAMPIONS": [{"from": "person:p", "to": "alliance:a-b"}],
        "KNOWS": [{"from": "person:q", "to": "person:p"}],
        "SITS_ON_BOARD_OF": [{"from": "person:q", "to": "firm:b"}],
    }
    engine = Counting(graphs.holding("evidence", filling(rows)))
    x = Explorer(engine, TODAY)
    paths(x, "A", "B", evidence=False)
    engine.forget()
    short = paths(x, "A", "B", evidence=False)
    assert engine.reads == 0
    told = paths(x, "A", "B")
    assert engine.reads > 0
    assert short.sources == {}
    assert len(short.paths) == len(told.paths) == 3
    for one, other in zip(short.paths, told.paths, strict=True):
        assert (one.actors, one.length) == (other.actors, other.length)
        assert one.strength == pytest.approx(other.strength, rel=1e-12)
        assert math.prod(s.more.strength for s in one.steps) == pytest.approx(one.strength)
        assert [s.more.count for s in one.steps] == [len(s.ties) for s in other.steps]
    way = next(p for p in short.paths if p.length == 3)
    assert way.sentence == "A is tied to P, who is tied to Q, who is tied to B."
    assert way.ask == "P, tied to you, is tied to Q, who is tied to B."


def test_champion_is_tied_to_all_parties(graphs: Graphs) -> None:
    rows: Rows = {
        **alliances("A-B"),
        "Person": [{"id": "person:c", "name": "C"}],
        "CHAMPIONS": [{"from": "person:c", "to": "alliance:a-b"}],
    }
    only = PathOptions(kinds=("championing",))
    (path,) = paths(holding(graphs, "champion", rows), "A", "B", only).paths
    assert [a.name for a in path.actors] == ["A", "C", "B"]
    assert {f.type for f in path.steps[0].ties[0].facts} == {"CHAMPIONS", "PARTY_TO"}


def test_known_at_hides_what_was_recorded_later(graphs: Graphs) -> None:
    rows = {**alliances("A-B"), "PARTY_TO": []}
    rows["PARTY_TO"] = [
        {"from": "firm:a", "to": "alliance:a-b", "recorded_at": "2020"},
        {"from": "firm:b", "to": "alliance:a-b", "recorded_at": "2021-06-01"},
    ]
    x = holding(graphs, "known", rows)
    assert paths(x, "A", "B", PathOptions(known_at=dt.date(2021, 5, 31))).paths == []
    assert paths(x, "A", "B", PathOptions(known_at=dt.date(2021, 6, 1))).paths != []


def test_an_avoided_network_carries_nothing(graphs: Graphs) -> None:
    club = network("Club", ["A", "B"])
    rows: Rows = {**alliances("A-B"), "Network": club["Network"], "MEMBER_OF": club["MEMBER_OF"]}
    x = holding(graphs, "avoided", rows)
    (path,) = paths(x, "A", "B").paths
    assert {t.kind for t in path.steps[0].ties} == {"alliance", "membership"}
    (path,) = paths(x, "A", "B", PathOptions(avoid=("Club",))).paths
    assert {t.kind for t in path.steps[0].ties} == {"alliance"}
    assert path.strength == pytest.approx(BILATERAL, abs=1e-15)
