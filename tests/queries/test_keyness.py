"""Keyness: arithmetic that can be done by hand, and stability that is honest and repeatable."""

import math

import pytest

from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.keyness import KeynessOptions, keyness
from alliance_explorer.queries.structure.structure_models import KeyPartner
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, alliances, examples, filling

# F with partners A, B, C; A alone leads to X and Y, A and B to Z; C leads nowhere.
PATHS = alliances("F-A", "F-B", "F-C", "A-X", "A-Y", "A-Z", "B-Z")


def _capability(name: str) -> dict[str, object]:
    return {"id": f"capability:{name}", "name": name, "category": "technology"}


# F needs chips (0.8) and sales; A and O offer chips, B sales, and X's offer is of no partner.
NEEDS: Rows = {
    **PATHS,
    "Firm": [*PATHS["Firm"], {"id": "firm:o", "name": "O"}],
    "Capability": [_capability("chips"), _capability("sales")],
    "NEEDS": [
        {"from": "firm:f", "to": "capability:chips", "importance": 0.8},
        {"from": "firm:f", "to": "capability:sales"},
    ],
    "OFFERS": [
        {"from": "firm:a", "to": "capability:chips"},
        {"from": "firm:o", "to": "capability:chips"},
        {"from": "firm:b", "to": "capability:sales"},
        {"from": "firm:x", "to": "capability:sales"},
        {"from": "firm:b", "to": "capability:chips", "confidence": 0.2},
    ],
}


def by_name(x: Explorer, firm: str, asked: KeynessOptions | None = None) -> dict[str, KeyPartner]:
    found = keyness(x, firm, PathOptions(min_confidence=0.5), asked)
    return {p.partner.name: p for p in found.partners}


def test_paths_alone(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("paths of f", filling(PATHS)), TODAY)
    found = keyness(x, "F")
    assert found.factors == ["paths"]
    assert found.reach == 6
    told = {p.partner.name: p for p in found.partners}
    assert {n: p.over for n, p in told.items()} == {"A": 1 + 1 + 1 + 0.5, "B": 1.5, "C": 1}
    assert {n: p.only_over for n, p in told.items()} == {"A": 2, "B": 0, "C": 0}
    assert {n: p.rank for n, p in told.items()} == {"A": 1, "B": 2, "C": 3}
    assert sum(p.paths for p in found.partners) == pytest.approx(1)
    assert [p.keyness for p in found.partners] == [p.paths for p in found.partners]
    assert found.summary.startswith("The key partner of F is A (0.583 = paths)")


def test_needs_and_substitutes(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("needs of f", filling(NEEDS)), TODAY)
    told = by_name(x, "F")
    a, b, c = told["A"], told["B"], told["C"]
    assert [(i.what, i.importance, i.stated, i.substitutes) for i in a.needs] == [
        ("chips", 0.8, True, 1)
    ]
    assert [(i.what, i.importance, i.stated, i.substitutes) for i in b.needs] == [
        ("sales", 0.5, False, 1)
    ]
    assert [a.need, a.scarcity] == pytest.approx([0.8, 1 / 2])
    assert a.keyness == pytest.approx(0.8 * 0.5 * 3.5 / 6, abs=1e-12)
    assert b.keyness == pytest.approx(0.5 * 0.5 * 1.5 / 6, abs=1e-12)
    assert (c.need, c.scarcity, c.keyness) == (None, None, 0.0)
    # With the doubtful offer, B offers both.
    found = keyness(x, "F", PathOptions())
    both = next(p for p in found.partners if p.partner.name == "B")
    assert found.factors == ["need", "scarcity", "paths"]
    assert both.need == pytest.approx(1 - 0.2 * 0.5)
    assert both.scarcity == pytest.approx((0.8 / 3 + 0.5 / 2) / 1.3)


def test_recomputed_from_the_json(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("needs of f", filling(NEEDS)), TODAY)
    answer = keyness(x, "F").model_dump(mode="json")
    for p in answer["partners"]:
        need = 1 - math.prod(1 - i["importance"] for i in p["needs"])
        counted = [i for i in p["needs"] if i["substitutes"] is not None]
        weight = sum(i["importance"] for i in counted)
        scarcity = (
            sum(i["importance"] / (1 + i["substitutes"]) for i in counted) / weight
            if counted
            else 1.0
        )
        expected = need * scarcity * p["over"] / answer["reach"]
        assert p["keyness"] == pytest.approx(expected, abs=1e-9)


def test_sales_of_the_start_ups(graphs: Graphs) -> None:
    """Over 90 % of sales run over one partner, to whom the start-up has few alternatives."""
    x = Explorer(graphs.holding("examples", examples), TODAY)
    (partner,) = keyness(x, "firm:startups-startup2").partners
    (item,) = partner.needs
    assert (item.importance, item.substitutes) == (0.9, 3)
    assert [partner.need, partner.scarcity] == pytest.approx([0.9, 1 / 4])
    (other,) = keyness(x, "firm:startups-tisa").partners
    assert other.need is None


# --- stability ------------------------------------------------------------------------------------


def test_stability(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("paths of f", filling(PATHS)), TODAY)
    one, same = by_name(x, "F"), by_name(x, "F")
    assert one == same
    assert one != by_name(x, "F", KeynessOptions(seed=2))
    none = by_name(x, "F", KeynessOptions(missing=0))
    assert {p.stability for p in none.values()} == {1.0}
    assert all(p.rank_low == p.rank_high == p.rank for p in none.values())
    # The more is missing, the less sure; A leads by far.
    much = by_name(x, "F", KeynessOptions(missing=0.6, draws=400))
    assert all((much[n].stability or 0) < (one[n].stability or 0) for n in "AB")
    off = by_name(x, "F", KeynessOptions(draws=0))
    assert {p.stability for p in off.values()} == {None}


def test_stability_is_the_chance_that_can_be_worked_out(graphs: Graphs) -> None:
    """H leads to T alone, K nowhere: H is first unless H-T is missing; then both are first.

    So H always has rank 1; K keeps rank 2 unless that tie is missing, or H's is (then it is the
    only one, which is first in the whole network as well).
    """
    x = Explorer(graphs.holding("h, k", filling(alliances("F-H", "F-K", "H-T"))), TODAY)
    told = by_name(x, "F", KeynessOptions(missing=0.3, draws=1000))
    assert told["H"].stability == 1.0
    expected = 0.3 + 0.7 * 0.7  # H's own tie is missing, or both H's tie and H-T are there
    assert told["K"].stability == pytest.approx(expected, abs=0.05)
    assert (told["K"].rank_low, told["K"].rank_high) == (1, 2)


def test_nobody(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("needs of f", filling(NEEDS)), TODAY)
    found = keyness(x, "O")
    assert found.partners == []
    assert found.reach == 0
    assert "no partners" in found.summary
