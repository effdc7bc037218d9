"""Proximity on random graphs against arithmetic written again from the rules, on both engines."""

import math
from collections.abc import Mapping, Sequence

import networkx as nx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_explorer.graph_schema.countries import country_code
from alliance_explorer.queries import Explorer, ProximityOptions, proximity, proximity_matrix
from alliance_explorer.queries.proximity.areas import DEPTHS, memberships
from alliance_explorer.queries.proximity.cognitive import jaccard
from alliance_explorer.queries.proximity.proximity_facts import MAX_LISTED
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, filling, write_quickly

NAMES = "abcdef"
Groups = Sequence[frozenset[str]]
GROUPS = st.lists(st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=5), max_size=6)
SETS = st.frozensets(st.sampled_from("pqrst"))
OFFERED = st.fixed_dictionaries(dict.fromkeys(NAMES, SETS))


def rows(networks: Groups, alliances: Groups, offers: Mapping[str, frozenset[str]]) -> Rows:
    def ties(kind: str, groups: Groups) -> list[dict[str, object]]:
        return [
            {"from": f"firm:{n}", "to": f"{kind}:{i}"}
            for i, group in enumerate(groups)
            for n in sorted(group)
        ]

    return {
        "Firm": [{"id": f"firm:{n}", "name": n.upper()} for n in NAMES],
        "Network": [{"id": f"network:{i}", "name": f"N{i}"} for i in range(len(networks))],
        "Alliance": [{"id": f"alliance:{i}", "name": f"P{i}"} for i in range(len(alliances))],
        "Capability": [{"id": f"capability:{c}", "name": c} for c in "pqrst"],
        "MEMBER_OF": ties("network", networks),
        "PARTY_TO": ties("alliance", alliances),
        "OFFERS": [
            {"from": f"firm:{n}", "to": f"capability:{c}"} for n in NAMES for c in sorted(offers[n])
        ],
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks=GROUPS, alliances=GROUPS, offers=OFFERED)
def test_figures_are_what_the_rules_say(
    graphs: Graphs, networks: Groups, alliances: Groups, offers: Mapping[str, frozenset[str]]
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(NAMES)
    for group in alliances:
        graph.add_edges_from((x, y) for x in group for y in group if x < y)

    def shared(groups: Groups) -> float:
        return sum(1 / math.log2(1 + len(g)) for g in groups if {"a", "b"} <= g)

    with graphs.empty() as engine:
        write_quickly(engine, rows(networks, alliances, offers))
        p = proximity(Explorer(engine, TODAY), "A", "B")
    expected = shared(networks)
    if p.organizational.verdict == "not known":
        assert not all(any(n in g for g in networks) for n in "ab")
    else:
        assert p.organizational.figure is not None
        assert math.isclose(p.organizational.figure, expected, abs_tol=1e-9)
    common = sum(
        1 / math.log2(1 + sum(n in g for g in alliances))
        for n in nx.common_neighbors(graph, "a", "b")
    )
    social = 0.8 * shared(alliances) + 0.2 * common
    if p.social.verdict == "not known":
        assert not all(graph.degree(n) for n in "ab")
    else:
        assert p.social.figure is not None
        assert math.isclose(p.social.figure, social, abs_tol=1e-9)
        adds = sum(e.adds or 0 for e in p.social.evidence)
        assert math.isclose(adds, social, abs_tol=1e-9)
    one, other = offers["a"], offers["b"]
    index = len(one & other) / len(one | other) if one and other else None
    assert p.cognitive.capabilities == index


def test_what_is_not_listed_is_still_counted(graphs: Graphs) -> None:
    """Two firms share 40 bodies and 40 partners; the last line makes the sums right."""
    middle = [f"m{n:02}" for n in range(40)]
    members = [("one", n) for n in middle] + [("two", n) for n in middle]
    data: Rows = {
        "Firm": [{"id": f"firm:{n}", "name": n} for n in ["one", "two", *middle]],
        "Network": [{"id": f"network:{n}", "name": n} for n in middle],
        "MEMBER_OF": [{"from": f"firm:{a}", "to": f"network:{n}"} for a, n in members],
        "Alliance": [{"id": f"alliance:{a}-{n}", "name": f"{a}-{n}"} for a, n in members],
        "PARTY_TO": [
            {"from": f"firm:{x}", "to": f"alliance:{a}-{n}"} for a, n in members for x in (a, n)
        ],
    }
    x = Explorer(graphs.holding("forty", filling(data)), TODAY)
    p = proximity(x, "one", "two", ProximityOptions())
    for d, total in (
        (p.organizational, 40 / math.log2(3)),
        (p.social, 40 * 0.2 / math.log2(3)),
    ):
        assert d.figure is not None
        assert math.isclose(d.figure, total, abs_tol=1e-9)
        assert len(d.evidence) == MAX_LISTED + 1
        assert d.left_out == 40 - MAX_LISTED
        assert d.evidence[-1].sentence == "And 15 more."
        assert math.isclose(sum(e.adds or 0 for e in d.evidence), total, abs_tol=1e-9)
    row = proximity_matrix(x, "one", ["two"]).rows[0]
    assert row.social.figure == p.social.figure


@given(SETS, SETS)
def test_jaccard(one: frozenset[str], other: frozenset[str]) -> None:
    found = jaccard(one, other)
    assert found == jaccard(other, one)
    if not one or not other:
        assert found is None
    else:
        shared = [x for x in "pqrst" if x in one and x in other]
        either = [x for x in "pqrst" if x in one or x in other]
        assert found == len(shared) / len(either)


def test_the_table_of_areas_is_sound() -> None:
    seen = set()
    for m in memberships():
        assert m.depth in DEPTHS, m
        assert country_code(m.country) == m.country, m
        assert m.since, m
        assert m.until is None or m.since < m.until, m
        assert (m.area, m.country) not in seen, m
        seen.add((m.area, m.country))
        assert m.instrument, m
    # As the union says of itself: 27 members, and 30 countries of the economic area.
    assert len([m for m in memberships() if m.area == "EU" and not m.until]) == 27
    assert len([m for m in memberships() if m.area == "EEA" and not m.until]) == 30
