"""The dependence ledger: published cases, tiny graphs checked by eye, and the rule's directions."""

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries import Explorer, dependence
from alliance_explorer.queries.portfolio.dependence_models import Direction, LedgerEntry
from alliance_explorer.queries.portfolio.directions import combined, direction, scarcity
from alliance_explorer.queries.portfolio.dual_value import same_goods
from alliance_explorer.queries.portfolio.ledger import ledger, quadrant_of
from alliance_explorer.queries.portfolio.record import read_record
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, alliances, examples, filling


@pytest.fixture
def cases(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def only(explorer: Explorer, firm: str, **asked: Any) -> LedgerEntry:
    (entry,) = dependence(explorer, firm, **asked).entries
    return entry


def codes(entry: LedgerEntry) -> set[str]:
    return {w.code for w in entry.warnings}


# --- lines that say nothing ----------------------------------------------------------------------


def test_a_line_that_is_passed_over_has_nothing_to_say(cases: Explorer) -> None:
    passed = told = 0
    for name in ("Xelerated", "Seamless", "Ericsson", "Huawei", "Startup1", "Startup2", "Oracle"):
        record = read_record(cases, name)
        for line in ledger(record, TODAY, ended=True):
            own = direction(record, line.deal, record.ref, line.partner, line.day)
            theirs = direction(record, line.deal, line.partner, record.ref, line.day)
            assert (line.value, line.counter_value) == (own.value, theirs.value)
            passed += line.own is None
            told += line.own is not None
    assert passed
    assert told > 5


# --- the start-ups -------------------------------------------------------------------------------


def test_quorum_both_need_each_other(cases: Explorer) -> None:
    entry = only(cases, "Startup1")
    assert entry.alliance.name == "Quorum"
    assert entry.quadrant == "mutual"
    assert entry.asymmetry == pytest.approx(0)
    assert entry.firm.value == pytest.approx(1 / math.sqrt(3))
    assert entry.counterpart.value == pytest.approx(1 / math.sqrt(3))
    assert entry.firm.missing == ["importance"]
    assert entry.dual_value.verdict == "different goods"
    assert entry.dual_value.firm_stated == entry.dual_value.partner_stated == "appropriated"
    assert "industry know-how" in entry.dual_value.firm
    assert "brand loyalty" in entry.dual_value.partner
    assert entry.champions == ["E-business manager of BSM (BSM)"]
    assert codes(entry) == set()
    for said in ("need each other", "few alternatives", "different goods", "Championed by"):
        assert said in entry.reading


def test_ocr_depends_one_way(cases: Explorer) -> None:
    entry = only(cases, "Startup2")
    assert entry.alliance.name == "OCR for hospitality"
    assert entry.quadrant == "on the partner"
    assert entry.firm.value == pytest.approx(math.sqrt(0.9 / math.sqrt(3)))
    assert entry.counterpart.value == pytest.approx(1 / math.sqrt(11))
    assert entry.asymmetry is not None
    assert entry.asymmetry > 0.4
    assert codes(entry) == {
        *("exclusivity", "large share of sales", "replaceable", "no champion"),
        "conflicting objectives",
    }
    assert entry.dual_value.firm_stated == "sought"
    for said in (
        "Startup2 depends on TISA more",
        "90 % of Startup2’s sales run over it",
        "TISA has many alternatives to Startup2",
        "It is exclusive",
        "No champion is on record",
    ):
        assert said in entry.reading
    assert entry.counterpart.missing == ["importance"]
    assert not entry.active
    assert entry.evaluated_on == dt.date(2011, 12, 31)


def test_the_list_is_bounded_and_the_sums_are_over_all(cases: Explorer) -> None:
    whole, cut = dependence(cases, "Xelerated"), dependence(cases, "Xelerated", limit=3)
    assert cut.entries == whole.entries[:3]
    assert (len(whole.entries), whole.entries_left_out, cut.entries_left_out) == (18, 0, 15)
    assert cut.portfolio == whole.portfolio
    with pytest.raises(InvalidRequest):
        dependence(cases, "Xelerated", limit=0)


def test_what_has_no_dates_does_not_move(cases: Explorer) -> None:
    entry = only(cases, "Startup2")
    assert {m.year: m.firm for m in entry.history} == dict.fromkeys(
        (2009, 2010, 2011), entry.firm.value
    )
    assert entry.movement == "Startup2’s dependence on TISA has been 0.72."


def test_ended_alliances_only_without_a_day(cases: Explorer) -> None:
    assert dependence(cases, "Startup2", as_of=dt.date(2013, 1, 1)).entries == []
    assert only(cases, "Startup2", as_of=dt.date(2010, 1, 1)).active


@pytest.mark.parametrize(
    ("one", "other"), [("Startup2", "TISA"), ("Startup1", "BSM"), ("Seamless", "Ericsson")]
)
def test_the_same_from_the_other_side(cases: Explorer, one: str, other: str) -> None:
    there = [e for e in dependence(cases, one).entries if e.partner.name == other]
    back = [e for e in dependence(cases, other).entries if e.partner.name == one]
    assert there
    by_id = {e.alliance.id: e for e in back}
    for e in there:
        mirrored = by_id[e.alliance.id]
        assert e.firm == mirrored.counterpart
        assert e.counterpart == mirrored.firm
        assert codes(e) == codes(mirrored)


def recomputed(d: Direction) -> float | None:
    """The value from the factors in the answer, as the rule says."""
    importance = [f.value for f in d.factors if f.component == "importance" and f.value is not None]
    scarce = [1 / math.sqrt(1 + d.alternatives)] if d.alternatives is not None else []
    parts = [max(importance)] if importance else []
    parts += scarce
    return math.prod(parts) ** (1 / len(parts)) if parts else None


def test_every_value_can_be_recomputed(cases: Explorer) -> None:
    for firm in ("Startup1", "Startup2", "Seamless", "Xelerated", "Digitata", "Ericsson"):
        answer = dependence(cases, firm)
        assert answer.entries
        for e in answer.entries:
            for d in (e.firm, e.counterpart):
                assert d.value == pytest.approx(recomputed(d))
            if e.asymmetry is not None and e.firm.value is not None:
                assert e.counterpart.value is not None
                assert e.asymmetry == pytest.approx(e.firm.value - e.counterpart.value)
                assert e.joint == pytest.approx(e.firm.value + e.counterpart.value)
        known = [e.firm.value for e in answer.entries if e.firm.value is not None]
        assert answer.portfolio.measured == len(known)
        if known:
            assert answer.portfolio.mean_dependence == pytest.approx(sum(known) / len(known))


# --- tiny graphs ---------------------------------------------------------------------------------


def with_capabilities(offering: list[str], importance: float | None) -> Any:
    rows: dict[str, Any] = dict(alliances("A-B"))
    rows["Firm"] = [{"id": f"firm:{n.lower()}", "name": n} for n in ("A", "B", "C", "D", "E")]
    rows["Capability"] = [{"id": "capability:x", "name": "X"}, {"id": "capability:y", "name": "Y"}]
    need = {"from": "firm:a", "to": "capability:x"}
    rows["NEEDS"] = [need if importance is None else {**need, "importance": importance}]
    rows["OFFERS"] = [{"from": f"firm:{n.lower()}", "to": "capability:x"} for n in offering]
    # What A does not need does not count, though nobody else offers it.
    rows["OFFERS"].append({"from": "firm:b", "to": "capability:y"})
    return rows


@pytest.mark.parametrize(("others", "n"), [([], 0), (["C"], 1), (["C", "D", "E"], 3)])
def test_alternatives_that_the_graph_knows(graphs: Graphs, others: list[str], n: int) -> None:
    rows = with_capabilities(["B", *others], 0.8)
    x = Explorer(graphs.holding(f"capabilities {n}", filling(rows)), TODAY)
    d = only(x, "A").firm
    assert d.alternatives == n
    assert d.importance == pytest.approx(0.8)
    assert d.value == pytest.approx(math.sqrt(0.8 / math.sqrt(1 + n)))
    assert {f.name for f in d.factors if f.used} == {"need", "alternatives known to the graph"}
    assert only(x, "A").counterpart.value is None


def test_a_need_without_importance_is_said_and_not_counted(graphs: Graphs) -> None:
    rows = with_capabilities(["B", "C"], None)
    x = Explorer(graphs.holding("no importance", filling(rows)), TODAY)
    d = only(x, "A").firm
    assert d.importance is None
    assert d.missing == ["importance"]
    assert d.value == pytest.approx(1 / math.sqrt(2))
    need = next(f for f in d.factors if f.name == "need")
    assert "how important is not recorded" in need.says
    assert need.facts


def test_what_a_source_states_comes_before_what_the_graph_knows(graphs: Graphs) -> None:
    rows = with_capabilities(["B", "C"], 0.5)
    rows["PARTY_TO"] = [
        {"from": "firm:a", "to": "alliance:a-b", "alternatives": 8},
        {"from": "firm:b", "to": "alliance:a-b"},
    ]
    x = Explorer(graphs.holding("stated", filling(rows)), TODAY)
    d = only(x, "A").firm
    assert d.alternatives == 8
    assert {f.name: f.value for f in d.factors if f.component == "scarcity"} == {
        "alternatives stated": pytest.approx(1 / 3),
        "alternatives known to the graph": pytest.approx(1 / math.sqrt(2)),
    }


def test_known_at_hides_what_was_learned_later(graphs: Graphs) -> None:
    rows = dict(alliances("A-B", recorded_at="2010-01-01"))
    rows["PARTY_TO"] = [
        {"from": "firm:a", "to": "alliance:a-b", "alternatives": 0, "recorded_at": "2010-01-01"},
        {"from": "firm:b", "to": "alliance:a-b", "recorded_at": "2010-01-01"},
    ]
    rows["COMPETES_WITH"] = [{"from": "firm:a", "to": "firm:b", "recorded_at": "2015-01-01"}]
    x = Explorer(graphs.holding("learned", filling(rows)), TODAY)
    assert "partner competes" in codes(only(x, "A"))
    assert "partner competes" not in codes(only(x, "A", known_at=dt.date(2012, 1, 1)))
    assert dependence(x, "A", known_at=dt.date(2009, 1, 1)).entries == []


def test_an_alliance_of_three_has_an_entry_for_each_partner(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("three", filling(alliances("A-B-C"))), TODAY)
    answer = dependence(x, "A")
    assert [e.partner.name for e in answer.entries] == ["B", "C"]
    assert all(e.quadrant is None and e.history == [] for e in answer.entries)
    assert answer.portfolio.mean_dependence is None


# --- the rule ------------------------------------------------------------------------------------

share = st.floats(0, 1)


@given(share, share, st.integers(0, 1000), st.integers(0, 1000))
def test_grows_with_importance_and_falls_with_alternatives(
    one: float, other: float, few: int, many: int
) -> None:
    low, high = sorted((one, other))
    few, many = sorted((few, many))
    least, most = combined(low, scarcity(many)), combined(high, scarcity(few))
    assert least is not None
    assert most is not None
    assert 0 <= least <= most + 1e-12 <= 1 + 1e-12
    assert combined(None, scarcity(few)) == scarcity(few)
    assert combined(one, None) == pytest.approx(one)
    assert combined(None, None) is None


@given(share, share)
def test_quadrants_mirror(one: float, other: float) -> None:
    mirror = {"mutual": "mutual", "loose": "loose", "on the partner": "of the partner",
              "of the partner": "on the partner"}  # fmt: skip
    found = quadrant_of(one, other)
    assert found is not None
    assert quadrant_of(other, one) == mirror[found]
    assert quadrant_of(None, other) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["growth"], ["Growth in Spain"], True),
        (["access to hospitals"], ["access to doctors"], False),
        (["brand loyalty"], ["loyalty of the brand"], True),
        (["growth"], ["know-how"], False),
        (["of the"], ["growth"], False),
        ([], ["growth"], False),
    ],
)
def test_the_same_good(one: list[str], other: list[str], same: bool) -> None:
    assert bool(same_goods(one, other)) is same
