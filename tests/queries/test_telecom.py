"""The telecom case: answers that can be read off the published tables."""

import datetime as dt

import pytest

from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer, PathOptions, bridges, ego, paths, portfolio, search
from alliance_explorer.queries.bridging.models import BridgesResult
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, examples


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def ways(result: BridgesResult) -> set[tuple[str, ...]]:
    return {tuple(a.name for a in p.actors[1:-1]) for b in result.bridges for p in b.paths}


def test_no_way_before_2011(telecom: Explorer) -> None:
    result = bridges(
        telecom, "Xelerated", "MTN Group", PathOptions(as_of=dt.date(2010, 12, 31), max_steps=3)
    )
    assert result.bridges == []
    assert result.direct is None
    assert result.searched.shortest is None
    assert "No way" in result.summary


def test_only_ericsson_in_2011(telecom: Explorer) -> None:
    asked = PathOptions(as_of=dt.date(2011, 12, 31), max_steps=3)
    result = bridges(telecom, "Xelerated", "MTN Group", asked)
    assert [b.actor.name for b in result.bridges] == ["Ericsson"]
    assert ways(result) == {("Ericsson", "Seamless"), ("Ericsson", "Digitata")}
    assert result.searched.complete
    assert result.searched.shortest == 3


def test_none_when_ericsson_is_avoided(telecom: Explorer) -> None:
    asked = PathOptions(as_of=dt.date(2011, 12, 31), max_steps=3, avoid=("Ericsson",))
    result = bridges(telecom, "Xelerated", "MTN Group", asked)
    assert result.bridges == []
    assert result.searched.shortest is None


def test_three_more_bridges_in_2012(telecom: Explorer) -> None:
    asked = PathOptions(as_of=dt.date(2012, 12, 31), max_steps=3)
    result = bridges(telecom, "Xelerated", "MTN Group", asked)
    assert {b.actor.name for b in result.bridges} == {"Ericsson", "Huawei", "ZTE", "Alcatel-Lucent"}
    assert ways(result) == {
        ("Ericsson", "Seamless"),
        ("Ericsson", "Digitata"),
        ("Huawei", "Digitata"),
        ("ZTE", "Digitata"),
        ("Alcatel-Lucent", "Digitata"),
    }
    huawei = next(b for b in result.bridges if b.actor.name == "Huawei")
    assert [r.actor.name for r in huawei.competes_with] == ["Xelerated"]


def test_every_tie_names_its_source(telecom: Explorer) -> None:
    result = paths(telecom, "Xelerated", "MTN Group", PathOptions(as_of=dt.date(2011, 12, 31)))
    ties = [t for p in result.paths for s in p.steps for t in s.ties]
    assert ties
    for tie in ties:
        assert len(tie.facts) == 2
        for fact in tie.facts:
            assert fact.properties["source"] in result.sources
            assert fact.properties["evidence"]


def test_sentence(telecom: Explorer) -> None:
    result = paths(telecom, "Xelerated", "MTN Group", PathOptions(as_of=dt.date(2011, 12, 31)))
    assert result.paths[0].sentence == (
        "Xelerated is allied with Ericsson (since 2011), which is allied with Seamless "
        "(collaboration agreement, since 2005), which supplies MTN Group "
        "(customer order, since 2008)."
    )


def test_broadcom_is_ally_and_competitor_in_2009(telecom: Explorer) -> None:
    answer = portfolio(telecom, "Xelerated", as_of=dt.date(2009, 12, 31))
    by_name = {p.actor.name: p for p in answer.partners}
    assert {"ally", "competitor"} <= set(by_name["Broadcom"].roles)
    assert by_name["Broadcom"].competes_since == dt.date(2008, 1, 1)
    assert "acquired by Broadcom" in by_name["DUNE Networks"].roles
    assert "Ericsson" not in by_name
    assert {"ally"} <= set(by_name["Huawei"].roles)
    assert "competitor" not in by_name["Huawei"].roles


def test_portfolio_grows_by_published_moves(telecom: Explorer) -> None:
    before = portfolio(telecom, "Xelerated", as_of=dt.date(2003, 12, 31))
    assert sorted(m.kind for m in before.moves) == [
        "distribution_agreement",
        "founded",
        "interoperability",
        "partnership_agreement",
        "strategic_alliance",
    ]
    assert before.size == 4


def test_names_are_forgiven_and_suggested(telecom: Explorer) -> None:
    assert search(telecom, "xelerted").hits[0].name == "Xelerated"
    assert search(telecom, "Ericson").hits[0].name == "Ericsson"
    with pytest.raises(UnknownActor) as caught:
        telecom.resolve("Xelerted")
    assert caught.value.nearest[0] == ("firm:xelerated", "Xelerated")
    assert telecom.resolve("  mtn GROUP ").id == "firm:mtn-group"


def test_impossible_questions_are_refused(telecom: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="both ends"):
        bridges(telecom, "Ericsson", "firm:ericsson")
    with pytest.raises(InvalidRequest, match="cannot be avoided"):
        bridges(telecom, "Xelerated", "MTN Group", PathOptions(avoid=("MTN Group",)))
    with pytest.raises(UnknownActor):
        bridges(telecom, "Xelerated", "Nobody at all")


def test_ego_shows_roles_held_at_once(telecom: Explorer) -> None:
    picture = ego(telecom, "Seamless")
    roles = {n.name: n.role for n in picture.nodes}
    assert roles["Seamless"] == "focal"
    assert roles["Ericsson"] == "ally and competitor"
    assert {e.type for e in picture.edges} >= {"PARTY_TO", "COMPETES_WITH", "OWNS"}


def test_ego_is_bounded_and_says_so(telecom: Explorer) -> None:
    picture = ego(telecom, "Xelerated", limit=5)
    assert len(picture.nodes) == 6
    assert picture.left_out["Firm"] > 0
