"""Composition, time, coopetition and life cycle on tiny and on random graphs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.queries import (
    Explorer,
    compare,
    composition,
    coopetition,
    dependence,
    lifecycle,
    portfolio,
    timeline,
)
from alliance_explorer.queries.models import Entity, Ref
from alliance_explorer.queries.portfolio.composition import diversity
from alliance_explorer.queries.portfolio.record import Record
from alliance_explorer.queries.portfolio.record_parts import Deal
from alliance_explorer.queries.portfolio.timeline import year_of
from tests.support.graphs import Graphs
from tests.support.tiny import CHAIN, TODAY, alliances, examples, filling

DAY = dt.date(2011, 12, 31)


@pytest.fixture
def cases(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


# --- diversity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "possible", "blau", "iqv"),
    [
        ([1, 1], 0, 0.5, 1.0),
        ([3, 1], 0, 0.375, 0.75),
        ([2, 2], 4, 0.5, 2 / 3),  # half of four possible categories is used
        ([5], 0, 0.0, None),
        ([5], 3, 0.0, 0.0),
        ([], 3, None, None),
        ([1, 1, 1, 1], 4, 0.75, 1.0),
    ],
)
def test_indices_by_hand(
    counts: Sequence[int], possible: int, blau: float | None, iqv: float | None
) -> None:
    found = diversity(counts, possible=possible)
    assert found.blau == pytest.approx(blau)
    assert found.iqv == pytest.approx(iqv)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 12))
def test_indices_are_what_their_definitions_say(counts: list[int], possible: int) -> None:
    found = diversity(counts, possible=possible)
    things = [i for i, n in enumerate(counts) for _ in range(n)]
    assert found.recorded == len(things)
    if not things:
        assert (found.blau, found.herfindahl, found.iqv) == (None, None, None)
        return
    # Blau's index is the chance that two drawn with replacement differ.
    differ = sum(a != b for a in things for b in things) / len(things) ** 2
    assert found.blau == pytest.approx(differ)
    assert found.herfindahl == pytest.approx(1 - differ)
    assert found.iqv is None or 0 <= found.iqv <= 1
    even = [1] * found.categories
    best = diversity(even).blau
    assert best is not None
    assert found.blau is not None
    assert found.blau <= best + 1e-12


def test_composition_agrees_with_the_portfolio(cases: Explorer) -> None:
    for firm in ("Xelerated", "Seamless", "chicago firm 10"):
        old = portfolio(cases, firm, as_of=DAY)
        new = composition(cases, firm, as_of=DAY)
        assert new.size == old.size
        assert new.partners == len(old.partners)
        for d in new.dimensions:
            if d.name.replace(" ", "_") in ("kind", "power", "governance", "reach") or (
                d.name in old.composition
            ):
                assert d.counts == old.composition[d.name], d.name


def test_reach_of_a_chicago_firm(cases: Explorer) -> None:
    # Table 2: firm 10 has two local partners, one domestic, one international.
    answer = composition(cases, "Chicago firm 10")
    reach = next(d for d in answer.dimensions if d.name == "reach")
    assert reach.counts == {"local": 2, "domestic": 1, "international": 1}
    assert reach.diversity.blau == pytest.approx(1 - (0.5**2 + 2 * 0.25**2))
    assert reach.diversity.iqv == pytest.approx(0.625 / (2 / 3))
    services = next(d for d in answer.dimensions if d.name == "service type")
    assert len(services.counts) == 4
    governance = next(d for d in answer.dimensions if d.name == "governance")
    assert governance.diversity.blau is None
    assert governance.diversity.not_recorded == 4


# --- time ----------------------------------------------------------------------------------------

spans = st.lists(
    st.tuples(
        st.none() | st.integers(2000, 2010),
        st.none() | st.integers(1, 8),
    ),
    max_size=8,
)


@given(spans)
def test_what_began_and_ended_adds_up(found: list[tuple[int | None, int | None]]) -> None:
    """Alliances at the end of a year: those before, and what began, less what ended."""
    deals = []
    for n, (start, years) in enumerate(found):
        begin = None if start is None else dt.date(start, 1 + n % 12, 1)
        end = None if years is None else dt.date((start or 2000) + years, 1 + n % 12, 1)
        entity = Entity(id=f"alliance:{n}", label="Alliance", name=str(n), properties={})
        deals.append(Deal(entity, begin, end, ()))
    record = Record(None, Ref(id="firm:a", label="Firm", name="A"))  # type: ignore[arg-type]
    record.__dict__.update(deals=deals, happenings=[])  # what is read of the graph
    before = sum(d.start is None and (d.last is None or d.last.year >= 1999) for d in deals)
    for number in range(1999, 2020):
        year = year_of(record, number)
        assert year.active_at_end == before + year.formations - year.dissolutions
        going_on = [d for d in deals if d.holds(dt.date(number, 12, 31))]
        assert year.active_at_end == sum(d.holds(dt.date(number + 1, 1, 1)) for d in going_on)
        before = year.active_at_end


def test_dissolutions_and_turnover(graphs: Graphs) -> None:
    rows: dict[str, Any] = dict(alliances("A-B", "A-C", "A-D"))
    rows["Alliance"] = [
        {"id": "alliance:a-b", "name": "A-B", "start": "2001", "end": "2003"},  # through 2003
        {"id": "alliance:a-c", "name": "A-C", "start": "2002-05"},
        {"id": "alliance:a-d", "name": "A-D"},
    ]
    x = Explorer(graphs.holding("dissolved", filling(rows)), TODAY)
    answer = timeline(x, "A")
    assert answer.undated == 1
    counted = {y.year: (y.formations, y.dissolutions, y.active_at_end) for y in answer.years}
    assert counted == {2001: (1, 0, 2), 2002: (1, 0, 3), 2003: (0, 1, 2)}
    assert [y.turnover for y in answer.years] == pytest.approx([1 / 3, 1 / 5, 1 / 5])
    told = [(i.what, i.date.isoformat()) for i in answer.items]
    assert told == [
        ("formation", "2001-01-01"),
        ("formation", "2002-05-01"),
        ("dissolution", "2003-12-31"),
    ]
    moved = compare(x, "A", dt.date(2001, 6, 1), dt.date(2004, 1, 1))
    assert [a.name for a in moved.came] == ["A-C"]
    assert [a.name for a in moved.went] == ["A-B"]
    assert [r.name for r in moved.partners_went] == ["B"]
    assert moved.stayed == 1
    with pytest.raises(InvalidRequest, match="earlier day first"):
        compare(x, "A", DAY, DAY)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_days_at_the_ends_of_time(cases: Explorer, day: dt.date) -> None:
    for ask in (composition, dependence, coopetition, timeline, lifecycle):
        for firm in ("Startup1", "Xelerated"):
            ask(cases, firm, as_of=day)
            ask(cases, firm, known_at=day)


def test_unknown_firms_get_names_like_theirs(cases: Explorer) -> None:
    for ask in (composition, dependence, coopetition, timeline, lifecycle):
        with pytest.raises(UnknownActor) as caught:
            ask(cases, "Xelerted")
        assert caught.value.nearest[0] == ("firm:xelerated", "Xelerated")


def test_a_firm_with_nothing_on_record(graphs: Graphs) -> None:
    rows = {**CHAIN, "Firm": [*CHAIN["Firm"], {"id": "firm:alone", "name": "Alone"}]}
    x = Explorer(graphs.holding("alone", filling(rows)), TODAY)
    assert composition(x, "Alone").size == 0
    assert dependence(x, "Alone").entries == []
    assert coopetition(x, "Alone").partners == 0
    assert timeline(x, "Alone").years == []
    assert lifecycle(x, "Alone").summary == "No alliance of Alone is on record."


# --- coopetition ---------------------------------------------------------------------------------


def test_ways_to_rivals(graphs: Graphs) -> None:
    rows: dict[str, Any] = dict(alliances("A-P", "P-R", "A-Q", "Q-S", "A-R-Q", "P-T"))
    rows["COMPETES_WITH"] = [
        {"from": "firm:a", "to": "firm:r", "market": "m", "since": "2000"},
        {"from": "firm:s", "to": "firm:a", "inferred": True},
        {"from": "firm:a", "to": "firm:t", "since": "2000", "until": "2004"},
    ]
    rows["OWNS"] = [{"from": "firm:s", "to": "firm:p", "since": "2005"}]
    x = Explorer(graphs.holding("leaks", filling(rows)), TODAY)

    def ways(day: dt.date) -> list[tuple[str, str, list[str], bool]]:
        answer = coopetition(x, "A", as_of=day)
        return [
            (k.partner.name, k.rival.name, [t.kind for t in k.ties], k.inferred)
            for k in answer.leaks
        ]

    # R through P; not through Q, with which it shares only what A is party to itself.
    assert ways(dt.date(2003, 1, 1)) == [
        ("P", "R", ["alliance"], False),
        ("P", "T", ["alliance"], False),
        ("Q", "S", ["alliance"], True),
    ]
    assert ways(dt.date(2010, 12, 31)) == [
        ("P", "R", ["alliance"], False),
        ("P", "S", ["ownership"], True),
        ("Q", "S", ["alliance"], True),
    ]
    answer = coopetition(x, "A", limit=1)
    assert (len(answer.leaks), answer.leaks_left_out) == (1, 2)
    assert answer.leaks[0].rival_is_partner
    with pytest.raises(InvalidRequest):
        coopetition(x, "A", limit=0)


def test_roles_held_at_once_are_cut_and_counted(cases: Explorer) -> None:
    every, few = coopetition(cases, "Xelerated"), coopetition(cases, "Xelerated", limit=1)
    assert few.roles == every.roles[:1] != []
    assert few.roles_left_out == len(every.roles) - 1 > 0 == every.roles_left_out
    assert [len(r.roles) for r in every.roles] == sorted(
        (len(r.roles) for r in every.roles), reverse=True
    )


# --- life cycle ----------------------------------------------------------------------------------


def test_factors_on_record(graphs: Graphs) -> None:
    rows: dict[str, Any] = dict(alliances("A-B", "B-A-C"))
    rows["Alliance"] = [
        {"id": "alliance:a-b", "name": "A-B", "start": "2001"},
        {
            **{"id": "alliance:b-a-c", "name": "B-A-C", "start": "2005", "governance": "contract"},
            **{"phase": "design", "terms": "disputes go to arbitration", "contract": "skeleton"},
            "joint_activities": "weekly call",
        },
    ]
    rows["PARTY_TO"] = [
        {
            "from": f"firm:{f}",
            "to": f"alliance:{a}",
            "investment": "a laboratory" if f == who else None,
        }
        for a, fs, who in (("a-b", "ab", "a"), ("b-a-c", "bac", "b"))
        for f in fs
    ]
    rows["Network"] = [{"id": "network:n", "name": "N"}]
    rows["MEMBER_OF"] = [
        {"from": "firm:a", "to": "network:n"},
        {"from": "firm:c", "to": "network:n", "until": "2010"},
    ]
    rows["Person"] = [{"id": "person:m", "name": "Mira"}]
    rows["MANAGES"] = [
        {"from": "person:m", "to": "alliance:b-a-c", "role": "alliance_manager", "until": "2007"}
    ]
    x = Explorer(graphs.holding("factors", filling(rows)), TODAY)

    def there(day: dt.date, name: str) -> set[str]:
        found = next(a for a in lifecycle(x, "A", as_of=day).alliances if a.alliance.name == name)
        return {f.name for f in found.factors if f.on_record}

    always = {
        *("partner’s commitment", "governance", "contract", "rights and duties", "coordination"),
        *("trust", "conflict resolution"),
    }
    assert there(dt.date(2006, 1, 1), "B-A-C") == always | {"compatibility", "alliance manager"}
    assert there(dt.date(2012, 1, 1), "B-A-C") == always
    assert there(dt.date(2006, 1, 1), "A-B") == set()  # what A invests is not the partner's
    assert lifecycle(x, "A", as_of=dt.date(2006, 1, 1)).phases == {"design": 1, "not recorded": 1}
