"""Large portfolios: parties in short, and lists that are cut without loss to the counts."""

import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries import Explorer, dependence, lifecycle, portfolio, timeline
from alliance_explorer.queries.parties import parties_in_short, parties_of
from alliance_explorer.queries.portfolio.record import read_record
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, alliances, examples, filling

# What is stated of a party that no question about portfolios reads beside who it is.
BESIDE = {"id", "role", "source", "evidence", "confidence", "recorded_at"} | {
    "ec_contribution",
    "net_ec_contribution",
    "total_cost",
    "ended_early",
}
TOLD = {
    "contributes",
    "value_sought",
    "value_appropriated",
    "share_of_sales",
    "alternatives",
    "alternatives_level",
    "investment",
}


@pytest.fixture
def cases(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def test_every_property_of_a_party_is_one_or_the_other() -> None:
    """A new one has to be looked for in `parties_in_short.cypher` if a question reads it."""
    assert {p.name for p in SCHEMA.relationships["PARTY_TO"].properties} == BESIDE | TOLD


def test_parties_in_short_are_those_in_full(cases: Explorer) -> None:
    read = cases.engine.read("MATCH (a:Alliance) RETURN a.id AS id")
    alliances = sorted(str(row["id"]) for row in read)
    short = parties_in_short(cases, alliances, None)
    full = parties_of(cases, alliances, None)
    assert short.keys() == full.keys() and len(short) > 50
    told = 0
    for alliance, some in short.items():
        stated = [r.fact.properties for r in full[alliance]]
        assert [(p.id, p.firm, p.role, p.source) for p in some] == [
            (s["id"], r.other, s.get("role"), s.get("source"))
            for r, s in zip(full[alliance], stated, strict=True)
        ]
        for party, relation in zip(some, full[alliance], strict=True):
            more = relation.fact.properties.keys() & TOLD
            assert party.fact == (relation.fact if more else None)
            told += bool(more)
    assert told >= 4  # the start-ups and their partners


def test_a_day_of_knowledge_is_read_in_full(cases: Explorer) -> None:
    record = read_record(cases, "Xelerated", TODAY)
    for deal in record.deals:
        assert deal.parties and all(p.fact for p in deal.parties)


def test_lists_are_cut_and_counts_are_not(cases: Explorer) -> None:
    whole, cut = lifecycle(cases, "Xelerated"), lifecycle(cases, "Xelerated", limit=3)
    assert cut.alliances == whole.alliances[:3]
    assert cut.alliances_left_out == len(whole.alliances) - 3 > 0
    assert (cut.gaps, cut.phases, cut.summary) == (whole.gaps, whole.phases, whole.summary)
    assert whole.gaps[0].on_record + whole.gaps[0].missing == len(whole.alliances)

    dated, late = timeline(cases, "Xelerated"), timeline(cases, "Xelerated", limit=2)
    assert late.items == dated.items[-2:]
    assert late.items_left_out == len(dated.items) - 2 > 0
    assert (late.years, late.agility) == (dated.years, dated.agility)

    every, few = portfolio(cases, "Xelerated"), portfolio(cases, "Xelerated", limit=2)
    assert few.alliances == every.alliances[:2]
    assert few.alliances_left_out == len(every.alliances) - 2 > 0
    assert few.composition == every.composition
    assert [p for p in few.partners if p.notes] == [p for p in every.partners if p.notes] != []
    plain = [p for p in every.partners if not p.notes]
    assert [p for p in few.partners if not p.notes] == plain[:2]
    assert few.partners_left_out == len(plain) - 2 > 0 == every.partners_left_out
    assert few.size + few.ended == len(every.alliances)

    ledger, top = dependence(cases, "Xelerated"), dependence(cases, "Xelerated", limit=1)
    assert top.entries == ledger.entries[:1]
    assert top.entries_left_out == len(ledger.entries) - 1 > 0
    assert top.portfolio == ledger.portfolio
    for ask in (lifecycle, timeline, portfolio, dependence):
        with pytest.raises(InvalidRequest, match="from 1 to 5000"):
            ask(cases, "Xelerated", limit=0)


def test_a_firm_stated_twice_is_one_firm(graphs: Graphs) -> None:
    graph = dict(alliances("A", "A-B"))
    graph["PARTY_TO"] = [
        *graph["PARTY_TO"],
        {"from": "firm:a", "to": "alliance:a", "role": "supplier"},
        {"from": "firm:a", "to": "alliance:a-b", "role": "supplier"},
    ]
    x = Explorer(graphs.holding("a firm stated twice", filling(graph)), TODAY)
    assert [
        len(some) for some in parties_in_short(x, ["alliance:a", "alliance:a-b"], None).values()
    ] == [2, 3]
    answer = portfolio(x, "A")
    assert (answer.size, answer.partner_not_named) == (2, 1)
