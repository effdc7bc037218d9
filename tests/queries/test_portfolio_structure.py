"""The structure of a firm's portfolio, from a database, on answers that can be checked by eye."""

import datetime as dt

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.portfolio_structure import (
    STRONG,
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.structure_models import Structure
from tests.queries.test_structure import BORGATTI, VALUED
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Row, Rows, alliances, examples, filling, write_quickly


def parallel(pairs: dict[str, int]) -> Rows:
    """Firms with so many alliances between each pair."""
    ids = [(pair, f"alliance:{pair}-{n}".lower()) for pair in pairs for n in range(pairs[pair])]
    return {
        "Firm": [
            {"id": f"firm:{n.lower()}", "name": n} for n in sorted({n for p in pairs for n in p})
        ],
        "Alliance": [{"id": id_, "name": id_} for _, id_ in ids],
        "PARTY_TO": [{"from": f"firm:{n.lower()}", "to": id_} for pair, id_ in ids for n in pair],
    }


@pytest.fixture
def borgatti(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("borgatti valued", filling(parallel(VALUED))), TODAY)


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


@pytest.mark.parametrize(
    ("firm", "plain", "valued"),
    [
        ("G", (4.67, 0.400), (5.47, 0.299)),
        ("A", (2.50, 0.595), (2.47, 0.795)),
        ("C", (1.00, 1.000), (1.00, 1.000)),
    ],
)
def test_published_values(
    borgatti: Explorer, firm: str, plain: tuple[float, float], valued: tuple[float, float]
) -> None:
    found = structure(borgatti, firm).measures
    for name, (effective, constraint) in (("binary", plain), ("count", valued)):
        m = found[name]  # type: ignore[index]
        assert m.effective_size == pytest.approx(effective, abs=0.005 + 1e-9)
        assert m.constraint == pytest.approx(constraint, abs=0.0005)


def test_measures_can_be_recomputed_from_what_is_told_of_partners(borgatti: Explorer) -> None:
    found = structure(borgatti, "G")
    for name, m in found.measures.items():
        dyads = [p.by[name] for p in found.partners]
        assert m.constraint == pytest.approx(sum(d.constraint for d in dyads), abs=1e-9)
        assert m.effective_size == pytest.approx(
            m.degree - sum(d.redundancy for d in dyads), abs=1e-9
        )
        assert m.total == pytest.approx(sum(d.value for d in dyads), abs=1e-9)
        for d in dyads:
            assert d.constraint == pytest.approx((d.share + d.indirect) ** 2, abs=1e-12)
            assert d.share == pytest.approx(d.value / m.total, abs=1e-12)
    constraints = [p.by["binary"].constraint for p in found.partners]
    assert constraints == sorted(constraints, reverse=True)
    assert len(structure(borgatti, "G", None, StructureOptions(limit=2)).partners) == 2


def test_betweenness_and_core(borgatti: Explorer) -> None:
    """G of Borgatti's graph lies between C and all five others, between D and A, E, F, …"""
    found = structure(borgatti, "G")
    assert found.betweenness is not None
    assert (found.betweenness.within, found.betweenness.method) == ("whole network", "exact")
    # By hand: C with A, B, D, E, F (5); D-E, D-F, B-E, B-F, D-A in part.
    import networkx as nx

    graph = nx.Graph([(p[0], p[1]) for p in BORGATTI])
    assert found.betweenness.normalised == pytest.approx(
        nx.betweenness_centrality(graph)["G"], abs=1e-12
    )
    assert found.core == nx.core_number(graph)["G"]


# --- roles ----------------------------------------------------------------------------------------

# Hub (DE) is tied to A, B (DE), C (FR), D (SE) and to U of an unknown country; A and B are tied.
ROLES: Rows = {
    **alliances("Hub-A", "Hub-B", "Hub-C", "Hub-D", "Hub-U", "A-B"),
    "Firm": [
        {"id": f"firm:{n.lower()}", "name": n, **({"country": c} if c else {}), **more}
        for n, c, more in (
            ("Hub", "DE", {"employees": 30, "segments": ["routers", "chips"]}),
            ("A", "DE", {"employees": 5}),
            ("B", "DE", {"size_class": "large"}),
            ("C", "FR", {}),
            ("D", "SE", {}),
            ("U", "", {}),
        )
    ],
}


@pytest.fixture
def roles(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("roles", filling(ROLES)), TODAY)


def test_roles_by_country(roles: Explorer) -> None:
    found = structure(roles, "Hub").brokerage
    assert found.group == "DE"
    assert found.open == 2 * (5 * 4 / 2 - 1)
    assert found.unknown == 2 * 4
    # A and B to C and D: 4 pairs, each once outside → inside and once inside → outside; C – D.
    assert {r.role: r.triads for r in found.roles} == {
        "coordinator": 0,
        "itinerant broker": 0,
        "gatekeeper": 4,
        "representative": 4,
        "liaison": 2,
    }
    gatekeeper = next(r for r in found.roles if r.role == "gatekeeper")
    assert gatekeeper.share == pytest.approx(4 / 10)
    for triad in gatekeeper.examples:
        assert triad.source_group in ("FR", "SE")
        assert triad.destination_group == "DE"
    assert len(gatekeeper.examples) == 3


def test_roles_by_other_attributes(roles: Explorer) -> None:
    by_size = structure(roles, "Hub", None, StructureOptions(attribute="size_class")).brokerage
    assert by_size.group == "small"
    assert by_size.unknown == by_size.open == 18  # the only two that are known are tied
    by_segment = structure(roles, "Hub", None, StructureOptions(attribute="segment")).brokerage
    assert by_segment.group == "routers"
    by_community = structure(roles, "Hub", None, StructureOptions(attribute="community"))
    assert by_community.brokerage.unknown == 0
    assert by_community.brokerage.group == f"community {by_community.community}"
    with pytest.raises(InvalidRequest, match="did you mean 'country'"):
        structure(roles, "Hub", None, StructureOptions(attribute="countri"))


def test_attributes_are_read_anew_after_a_write(engine: Engine) -> None:
    write_quickly(engine, {**alliances("A-B", "B-C"), "Firm": _firms("DE")})
    x = Explorer(engine, TODAY)
    assert structure(x, "B").brokerage.group == "DE"
    from tests.support.tiny import write

    write(engine, {"Firm": [{"id": "firm:b", "name": "B", "country": "FR", "source": None}]})
    after = structure(x, "B").brokerage.group
    assert after == structure(Explorer(engine, TODAY), "B").brokerage.group


def _firms(country: str) -> list[Row]:
    return [{"id": f"firm:{n}", "name": n.upper(), "country": country} for n in "abc"]


# --- balance --------------------------------------------------------------------------------------


def test_over_embedded(graphs: Graphs) -> None:
    """Four firms that are all tied by two alliances each; then the same without ties among them."""
    clique = {a + b: 3 for a in "ABCD" for b in "ABCD" if a < b}
    x = Explorer(graphs.holding("a clique", filling(parallel(clique))), TODAY)
    found = structure(x, "A").balance
    assert (found.strong, found.weak, found.verdict) == (3, 0, "mostly strong")
    assert found.over_embedded is True
    assert [c.met for c in found.criteria] == [True, True]
    weak = structure(x, "A", None, StructureOptions(strong=0.999)).balance
    assert (weak.strong, weak.verdict, weak.over_embedded) == (0, "mostly weak", False)


def test_strong_but_not_over_embedded(graphs: Graphs) -> None:
    x = Explorer(
        graphs.holding("a strong star", filling(parallel({"AB": 3, "AC": 3, "AD": 3}))), TODAY
    )
    found = structure(x, "A").balance
    assert (found.verdict, found.over_embedded) == ("mostly strong", False)
    few = structure(x, "B").balance
    assert (few.verdict, few.over_embedded) == ("too few partners", None)


def test_one_current_alliance_is_weak_and_two_are_strong(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("one, two", filling(parallel({"AB": 1, "AC": 2}))), TODAY)
    strong = {p.partner.name: p.strong for p in structure(x, "A").partners}
    assert strong == {"B": False, "C": True}
    assert pytest.approx(0.8 * 0.75 / 1.584962500721156) == STRONG


# --- dates, several ------------------------------------------------------------------------------


def names(found: Structure) -> set[str]:
    return {p.partner.name for p in found.partners}


def test_telecom_at_two_dates(telecom: Explorer) -> None:
    before = PathOptions(as_of=dt.date(2009, 12, 31))
    after = PathOptions(as_of=dt.date(2012, 12, 31))
    found = compare_structures(telecom, ("Xelerated", before), ("firm:xelerated", after))
    assert "Ericsson" not in names(found.one)
    assert "Ericsson" in names(found.other)
    assert "Ericsson" in {r.name for r in found.only_other}
    assert {r.name for r in found.both} == names(found.one) & names(found.other)
    assert found.change["binary"]["degree"] == len(names(found.other)) - len(names(found.one))
    assert found.one.basis.as_of == dt.date(2009, 12, 31)


def test_two_firms(telecom: Explorer) -> None:
    options = PathOptions(as_of=dt.date(2011, 12, 31))
    found = compare_structures(telecom, ("Xelerated", options), ("Seamless", options))
    assert {"Ericsson"} == {r.name for r in found.both}


def test_nobody(graphs: Graphs) -> None:
    rows: Rows = {**alliances("A-B"), "Firm": _firms("DE")}
    x = Explorer(graphs.holding("a and b, and c alone", filling(rows)), TODAY)
    alone = structure(x, "C")
    assert alone.partners == []
    assert alone.measures["binary"].constraint is None
    assert alone.balance.verdict == "too few partners"
    assert "no partners" in alone.summary
    assert (alone.core, alone.community) == (None, None)
    with pytest.raises(UnknownActor):
        structure(x, "Nobody")
    with pytest.raises(InvalidRequest, match="did you mean 'binary'"):
        structure(x, "A", None, StructureOptions(valuation="binari"))  # type: ignore[arg-type]
