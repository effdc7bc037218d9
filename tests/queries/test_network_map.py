"""The whole network as groups: counts that can be checked by eye, and against a plain count."""

import datetime as dt

import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.graph.ties import PathOptions as Options
from alliance_explorer.queries.structure.firm_groups import groups
from alliance_explorer.queries.structure.firm_network import firm_network
from alliance_explorer.queries.structure.network_map import NetworkMap, network_map
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, examples, write

# Two triangles, one in Sweden and one in France, and a tie between them; a pair of unknown country.
PAIRS = ("ab", "bc", "ca", "de", "ef", "fd", "cd", "gh")
COUNTRY = dict.fromkeys("abc", "SE") | dict.fromkeys("def", "FR")
ROWS: Rows = {
    "Firm": [
        {"id": f"firm:{n}", "name": n.upper(), **({"country": COUNTRY[n]} if n in COUNTRY else {})}
        for n in "abcdefgh"
    ],
    "Alliance": [{"id": f"alliance:{p}", "name": p} for p in PAIRS],
    "PARTY_TO": [{"from": f"firm:{n}", "to": f"alliance:{p}"} for p in PAIRS for n in p],
}


@pytest.fixture
def two(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("two triangles", lambda e: write(e, ROWS)), TODAY)


@pytest.fixture
def cases(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def test_countries(two: Explorer) -> None:
    found = network_map(two, by="country")
    told = [(g.key, g.name, g.firms, g.ties_inside, g.ties_outside) for g in found.groups]
    assert told == [("FR", "FR", 3, 3, 1), ("SE", "SE", 3, 3, 1), ("", "not recorded", 2, 1, 0)]
    assert [(t.one, t.other, t.ties) for t in found.ties_between] == [("FR", "SE", 1)]
    assert (found.firms, found.ties, found.groups_left_out) == (8, 8, 0)
    assert [(f.firm.name, f.degree) for f in found.top[:2]] == [("C", 3), ("D", 3)]
    # C and D are between the other two of their own triangle and the three of the other: 6 pairs,
    # of the 21 pairs of other firms.
    assert found.top[0].betweenness == pytest.approx(6 / 21)


def test_open_a_group(two: Explorer) -> None:
    found = network_map(two, by="community", within_by="country", within="SE")
    assert {f.firm.name for f in found.top} == set("ABC")
    assert next((f.firm.name, f.degree, f.inside) for f in found.top) == ("C", 3, 2)
    (group,) = found.groups
    assert (group.name, group.firms, group.ties_inside) == ("around C", 3, 3)
    assert network_map(two, by="country", within_by="country", within="").firms == 2


def test_what_is_left_out_is_counted(two: Explorer) -> None:
    found = network_map(two, by="country", limit=1)
    assert (len(found.groups), found.groups_left_out, found.firms_left_out) == (1, 2, 5)
    assert found.ties_between == []


def test_sizes_order_the_groups(two: Explorer) -> None:
    by_ties = network_map(two, by="country", size="ties").groups
    assert [g.ties_inside + g.ties_outside for g in by_ties] == [4, 4, 1]
    by_betweenness = network_map(two, by="country", size="betweenness").groups
    assert [g.betweenness for g in by_betweenness] == [
        pytest.approx(6 / 21),
        pytest.approx(6 / 21),
        0,
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "countri"}, "country"),
        ({"size": "firm"}, "firms"),
        ({"by": "country", "within": "SX"}, "SE"),
    ],
)
def test_a_wrong_choice_names_the_nearest(two: Explorer, asked: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        network_map(two, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["community", "country", "actor_type"])
@pytest.mark.parametrize("day", [None, dt.date(2009, 12, 31)])
def test_counts_equal_a_plain_count(cases: Explorer, by: str, day: dt.date | None) -> None:
    options = PathOptions(as_of=day)
    found = network_map(cases, options, by=by, limit=100)
    network = firm_network(cases, Options(as_of=day))
    of = groups(cases, network, by)
    m = network.matrix("binary").tocoo()
    plain: dict[tuple[str, str], int] = {}
    for i, j in zip(m.row.tolist(), m.col.tolist(), strict=True):
        if i < j:
            key = sorted([of.name(i) or "", of.name(j) or ""])
            plain[key[0], key[1]] = plain.get((key[0], key[1]), 0) + 1
    inside = {g.key: g.ties_inside for g in found.groups if g.ties_inside}
    assert inside == {a: n for (a, b), n in plain.items() if a == b}
    between = {(min(t.one, t.other), max(t.one, t.other)): t.ties for t in found.ties_between}
    assert between == {k: n for k, n in plain.items() if k[0] != k[1]}
    assert _sums(found) == (found.firms, found.ties)


def _sums(found: NetworkMap) -> tuple[int, int]:
    ties = sum(g.ties_inside for g in found.groups) + sum(t.ties for t in found.ties_between)
    return sum(g.firms for g in found.groups), ties
