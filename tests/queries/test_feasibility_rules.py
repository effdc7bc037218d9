"""The propositions as rules: no graph is needed to see what they give."""

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.queries.feasibility.feasibility_advice import challenges, missing
from alliance_explorer.queries.feasibility.feasibility_models import (
    AllianceCapability,
    Bearing,
    Finding,
    Level,
    PropositionId,
    Reach,
)
from alliance_explorer.queries.feasibility.feasibility_rules import (
    GROUPS,
    Case,
    level,
    propositions,
    verdict,
)
from alliance_explorer.queries.feasibility.services import service_table
from alliance_explorer.queries.models import Ref

TABLE = service_table()
BEARINGS: tuple[Bearing, ...] = get_args(Bearing)
KINDS: tuple[AllianceCapability, ...] = get_args(AllianceCapability)
REACHES: tuple[Reach, ...] = get_args(Reach)
ALL = {"communication", "specification", "coordination"}


def finding(text: str) -> Finding:
    about = [Ref(id=f"capability:{text}", label="Capability", name=text)]
    return Finding(sentence=text, about=about, facts=[], entities=[], inferred=False, sources=[])


def case(
    service: str,
    reach: Reach = "domestic",
    kinds: set[str] | frozenset[str] = frozenset(),
    shared: int = 0,
    near: bool = False,
    experience: int = 0,
    undated: int = 0,
) -> Case:
    return Case(
        firm="Firm",
        partner="Partner",
        service=TABLE.read(service),
        reach=reach,
        capabilities={k: [finding(k)] for k in KINDS if k in kinds},
        networks=[finding(f"network {n}") for n in range(shared)],
        near=near,
        experience=[finding(f"alliance {n}") for n in range(experience)],
        undated=undated,
    )


def bearings(of: Case) -> dict[PropositionId, Bearing]:
    return {p.id: p.bearing for p in propositions(of)}


def reached(of: Case) -> Level:
    found = propositions(of)
    return verdict(of, found, missing(of, found)).level


@pytest.mark.parametrize("service", ["hosting", "helpdesk", "consulting"])
def test_local_is_feasible_by_default(service: str) -> None:
    local = case(service, "local")
    assert reached(local) == "feasible_by_default"
    assert set(bearings(local).values()) == {"does_not_bear"}
    assert missing(local, propositions(local)) == []
    assert challenges(local) == []


@pytest.mark.parametrize("reach", ["domestic", "international"])
@pytest.mark.parametrize("service", ["hosting", "helpdesk", "telecom and VoIP"])
def test_what_asks_for_little_interaction_is_likely(service: str, reach: Reach) -> None:
    plain = case(service, reach)
    assert reached(plain) == "likely"
    assert bearings(plain) == {
        "P1": "not_on_record",
        "P2": "not_on_record",
        "P3": "not_on_record",
        "P4a": "supports",
        "P4b": "does_not_bear",
        "P4c": "does_not_bear",
    }
    conditions = missing(plain, propositions(plain))
    assert [(c.proposition, c.needed) for c in conditions] == [("P1", False), ("P3", False)]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (case("consulting"), "unlikely_unless"),
        (case("consulting", undated=3), "unlikely_unless"),
        (case("consulting", experience=1), "possible_if"),
        (case("consulting", kinds={"bonding"}), "possible_if"),
        (case("consulting", kinds=ALL), "possible_if"),
        (case("consulting", shared=1), "possible_if"),
        (case("consulting", shared=1, near=True), "possible_if"),
        (case("consulting", kinds=ALL, shared=1), "possible_if"),
        (case("consulting", kinds=ALL, shared=1, near=True), "likely"),
        (case("consulting", kinds=ALL - {"communication"}, shared=1, near=True), "possible_if"),
        (
            case(
                "consulting",
                kinds={"communication", "quality assurance", "project management"},
                shared=1,
                near=True,
            ),
            "likely",
        ),
    ],
)
def test_creative_services_need_capabilities_and_proximity(of: Case, expected: Level) -> None:
    assert reached(of) == expected


def test_the_verdict_says_what_would_have_to_hold() -> None:
    nothing = case("consulting", undated=2)
    found = propositions(nothing)
    conditions = missing(nothing, found)
    assert [(c.proposition, c.needed) for c in conditions] == [
        ("P4b", True),
        ("P4c", True),
        ("P2", False),
    ]
    assert verdict(nothing, found, conditions).sentence == (
        "Unlikely unless Firm has alliance capabilities for communication, knowledge transfer and "
        "coordination or shares a network with Partner, the smaller the better."
    )
    half = case("consulting", kinds={"communication"})
    found = propositions(half)
    assert verdict(half, found, missing(half, found)).sentence == (
        "Possible if Firm has alliance capabilities for knowledge transfer and coordination; "
        "likely if it also shares a network with Partner, the smaller the better."
    )
    known = case("consulting", kinds=ALL)
    found = propositions(known)
    assert verdict(known, found, missing(known, found)).sentence == (
        "Possible if Firm shares a network with Partner, the smaller the better."
    )


@given(
    st.sets(st.sampled_from(KINDS)),
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["hosting", "helpdesk", "consulting"]),
    st.sampled_from(REACHES),
)
def test_more_on_record_never_makes_it_less_feasible(
    kinds: set[str], shared: int, near: bool, experience: int, service: str, reach: Reach
) -> None:
    order: list[Level] = ["unlikely_unless", "possible_if", "likely", "feasible_by_default"]
    less = case(service, reach, kinds, shared, near and shared > 0, experience)
    more = [
        case(service, reach, {*kinds, k}, shared, near and shared > 0, experience) for k in KINDS
    ]
    more.append(case(service, reach, kinds, shared + 1, True, experience))
    more.append(case(service, reach, kinds, shared, near and shared > 0, experience + 1))
    for other in more:
        assert order.index(reached(other)) >= order.index(reached(less))


@given(
    st.sets(st.sampled_from(KINDS)),
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["hosting", "consulting"]),
)
def test_what_is_missing_is_what_does_not_hold(
    kinds: set[str], shared: int, near: bool, experience: int, service: str
) -> None:
    """Once every condition that is needed holds, nothing is missing and it is likely."""
    of = case(service, "domestic", kinds, shared, near and shared > 0, experience)
    found = propositions(of)
    conditions = missing(of, found)
    told = verdict(of, found, conditions)
    needed = {c.proposition for c in conditions if c.needed}
    assert bool(needed) == (told.level in ("possible_if", "unlikely_unless"))
    having = {p.id: p.bearing for p in found}
    assert needed == {p for p in needed if having[p] != "supports"}
    for group, answers in GROUPS.items():
        lacks = any(group in c.must_hold for c in conditions)
        if lacks and service == "consulting":
            assert not kinds & set(answers)
    mended = case(service, "domestic", {*kinds, *ALL}, 1, True, experience)
    assert reached(mended) == "likely"
    assert missing(mended, propositions(mended)) == []


def test_the_level_follows_from_the_bearings_alone() -> None:
    """All that can be: recomputed here by the rule as the documentation of a verdict states it."""
    for p2, b, c in itertools.product(BEARINGS, repeat=3):
        given_: dict[PropositionId, Bearing] = {"P2": p2, "P4a": "opposes", "P4b": b, "P4c": c}
        silent = p2 == b == c == "not_on_record"
        both = (b, c) == ("supports", "supports")
        expected = "likely" if both else "unlikely_unless" if silent else "possible_if"
        assert level("international", given_) == expected
        assert level("local", given_) == "feasible_by_default"
        assert level("domestic", given_ | {"P4a": "supports"}) == "likely"


def test_challenges_fit_the_service() -> None:
    names = {
        s: [c.name for c in challenges(case(s))] for s in ("hosting", "helpdesk", "consulting")
    }
    assert names == {
        "hosting": ["search and selection", "governance"],
        "helpdesk": ["search and selection", "coordination", "governance"],
        "consulting": [
            "search and selection",
            "communication",
            "knowledge transfer",
            "coordination",
            "governance",
        ],
    }
    found = {c.name: c for c in challenges(case("consulting", kinds={"specification", "bonding"}))}
    assert [h.sentence for h in found["knowledge transfer"].helps] == ["specification"]
    assert [h.sentence for h in found["governance"].helps] == ["bonding"]
    assert found["communication"].helps == []
    assert all(c.routines for c in found.values())
