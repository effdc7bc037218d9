"""Networks and their members, and two firms side by side; answers to be checked by eye."""

import datetime as dt

import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.membership import network_members
from alliance_explorer.queries.side_by_side import side_by_side
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, write

FIRMS = ("Anvil", "Birch", "Cedar", "Dill", "Élan")


def _member(firm: str, network: str, **more: str) -> dict[str, str]:
    return {"from": f"firm:{firm}", "to": f"network:{network}", **more}


ROWS: Rows = {
    "Firm": [{"id": f"firm:{n[0].lower()}", "name": n} for n in FIRMS],
    "Network": [
        {"id": "network:big", "name": "Big", "kind": "foundation"},
        {"id": "network:small", "name": "Small", "kind": "foundation"},
        {"id": "network:left", "name": "Left alone"},
    ],
    "MEMBER_OF": [
        *(_member(n, "big", tier="gold" if n in "ab" else "silver", since="2010") for n in "abcdé"),
        _member("a", "small", since="2011", role="founder"),
        _member("b", "small", since="2012", until="2014"),
        _member("b", "small", since="2016", tier="general"),
        _member("d", "small", since="2012", until="2015"),
        _member("é", "small"),
        _member("a", "left"),
    ],
    "Alliance": [
        {"id": "alliance:1", "name": "A and C", "start": "2009"},
        {"id": "alliance:2", "name": "B and C", "start": "2013"},
        {"id": "alliance:3", "name": "A and D", "start": "2010", "end": "2012"},
        {"id": "alliance:4", "name": "A and B", "start": "2018"},
    ],
    "PARTY_TO": [
        {"from": f"firm:{f}", "to": f"alliance:{n}"}
        for n, pair in (("1", "ac"), ("2", "bc"), ("3", "ad"), ("4", "ab"))
        for f in pair
    ],
    "COMPETES_WITH": [{"from": "firm:a", "to": "firm:b", "since": "2015", "inferred": True}],
}


def _ascii(rows: Rows) -> Rows:
    """Ids have plain letters; names keep theirs."""

    def plain(value: object) -> object:
        return str(value).replace("firm:é", "firm:e") if isinstance(value, str) else value

    return {t: [{k: plain(v) for k, v in r.items()} for r in rs] for t, rs in rows.items()}


@pytest.fixture
def x(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("side by side", lambda e: write(e, _ascii(ROWS))), TODAY)


def test_shared_networks_come_smallest_first_with_who_else_is_in_them(x: Explorer) -> None:
    found = side_by_side(x, "Anvil", "Birch")
    assert [(s.network.name, s.members) for s in found.networks] == [("Small", 3), ("Big", 5)]
    small = found.networks[0]
    assert [r.name for r in small.others] == ["Élan"]
    assert (small.one.roles, small.one.since) == (["founder"], dt.date(2011, 1, 1))
    assert (small.other.tiers, small.other.since) == (["general"], dt.date(2016, 1, 1))
    assert [p.partner.name for p in found.partners] == ["Cedar"]
    assert found.partners[0].other_since == dt.date(2013, 1, 1)
    assert [(b.alliance.name, b.active) for b in found.alliances] == [("A and B", True)]
    assert [(r.inferred, r.active) for r in found.rivalries] == [(True, True)]
    assert [r.name for r in found.one.only_networks] == ["Left alone"]
    assert found.summary == (
        "Anvil and Birch share 2 networks, the smallest Small (3 members) and 1 partner. "
        "They are allied in 1 alliance. That they compete is inferred by a rule."
    )


def test_on_another_day_they_share_something_else(x: Explorer) -> None:
    found = side_by_side(x, "Anvil", "Birch", as_of=dt.date(2013, 6, 30))
    assert [(s.network.name, [r.name for r in s.others]) for s in found.networks] == [
        ("Small", ["Dill", "Élan"]),
        ("Big", ["Cedar", "Dill", "Élan"]),
    ]
    assert not found.alliances
    assert not any(r.active for r in found.rivalries)
    gone = side_by_side(x, "Anvil", "Birch", as_of=dt.date(2015, 6, 30))
    assert [s.network.name for s in gone.networks] == ["Big"]
    assert side_by_side(x, "Anvil", "Birch", small=4).networks[1].others == []


def test_who_is_in_a_network(x: Explorer) -> None:
    found = network_members(x, "Small", mine="Anvil")
    assert [(m.actor.name, m.active, m.partner) for m in found.listed] == [
        ("Anvil", True, False),
        ("Birch", True, True),
        ("Élan", True, False),
        ("Dill", False, False),
    ]
    assert (found.members, found.ended, found.partners, found.mine_is_member) == (3, 1, 1, True)
    birch, dill = found.listed[1], found.listed[3]
    assert (birch.since, birch.until, birch.tiers) == (dt.date(2016, 1, 1), None, ["general"])
    assert birch.partner_since == dt.date(2018, 1, 1)
    assert [a.name for a in birch.alliances] == ["A and B"]
    assert dill.until == dt.date(2016, 1, 1)  # `until: 2015` is to the end of 2015
    assert found.tiers == {"not recorded": 2, "general": 1}


def test_as_of_a_day_and_page_by_page(x: Explorer) -> None:
    early = network_members(x, "Big", as_of=dt.date(2009, 6, 30))
    assert (early.members, early.listed) == (0, [])
    page = network_members(x, "Big", as_of=dt.date(2020, 1, 1), offset=2, limit=2)
    assert [m.actor.name for m in page.listed] == ["Cedar", "Dill"]
    assert page.members == page.found == 5
    assert page.tiers == {"silver": 3, "gold": 2}
    assert page.joined == {2010: 5}
    hit = network_members(x, "Big", find="elan")
    assert ([m.actor.name for m in hit.listed], hit.found) == (["Élan"], 1)


def test_only_networks_have_members(x: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="takes a Network"):
        network_members(x, "firm:a")
