"""Feasibility on both engines: tiny graphs that can be checked by eye, and the Chicago study."""

import csv
import datetime as dt
from collections import Counter

import pytest

from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.queries import Explorer, feasibility, feasibility_of_alliances
from alliance_explorer.queries.feasibility.feasibility_models import (
    Bearing,
    Feasibility,
    Finding,
    JudgedAlliance,
    PropositionId,
)
from tests.support.graphs import Graphs
from tests.support.tiny import (
    EXAMPLES,
    TODAY,
    Row,
    Rows,
    examples,
    filling,
    network,
    write_quickly,
)

CITIES = {"Chicago": "US", "Boston": "US", "Berlin": "DE"}


def firm(name: str, city: str | None = "Chicago") -> Row:
    where = {"city": city, "country": CITIES[city]} if city else {}
    return {"id": f"firm:{name.lower()}", "name": name, "source": "source:s", **where}


def alliance(id_: str, *parties: str, **more: object) -> tuple[Row, list[Row]]:
    made = {"id": f"alliance:{id_}", "name": id_.capitalize(), "source": "source:s", **more}
    return made, [
        {"from": f"firm:{p}", "to": f"alliance:{id_}", "source": "source:s"} for p in parties
    ]


def offers(who: str, what: str, **more: object) -> Row:
    return {"from": f"firm:{who}", "to": f"capability:{what}", "source": "source:s", **more}


def member(who: str, network: str, **more: object) -> Row:
    return {"from": f"firm:{who}", "to": f"network:{network}", "source": "source:s", **more}


MADE = [
    # Veteran: hosting at home and away, then software abroad; one without a date.
    alliance("home", "veteran", "neighbour", service_type="hosting", start="2009"),
    alliance("boston", "veteran", "bostonian", service_type="hosting", start="2010", end="2011"),
    alliance("berlin", "veteran", "berliner", service_type="software development", start="2014"),
    alliance("all", "veteran", "bostonian", "berliner", service_type="UX", start="2016"),
    alliance("undated", "veteran", "berliner", service_type="consulting"),
    alliance("odd", "veteran", "berliner", service_type="juggling", start="2015"),
    alliance("plain", "veteran", "berliner", start="2015"),
    alliance("nowhere", "veteran", "placeless", service_type="hosting", start="2001"),
    # Skilled is bound to Bostonian, and promised another not to compete.
    alliance("bound", "skilled", "bostonian", exclusive=True, service_type="hosting"),
    alliance("terms", "skilled", "neighbour", terms="a non-compete clause for two years"),
    alliance("former", "skilled", "neighbour", exclusive=True, start="2001", end="2003"),
    alliance("theirs", "berliner", "neighbour", exclusive=True),
    alliance("known", "neighbour", "placeless", reach="international"),
]
ROWS: Rows = {
    "Source": [{"id": "source:s", "title": "A source"}],
    "Firm": [
        *map(firm, ("Bare", "Neighbour", "Skilled", "Half", "Veteran", "Clubby")),
        firm("Bostonian", "Boston"),
        firm("Berliner", "Berlin"),
        firm("Placeless", None),
    ],
    "Alliance": [a for a, _ in MADE],
    "PARTY_TO": [p for _, parties in MADE for p in parties],
    "Capability": [
        {"id": "capability:talk", "name": "Communication", "category": "alliance"},
        {"id": "capability:spec", "name": "Requirements specification", "category": "alliance"},
        {"id": "capability:pm", "name": "Project-Management", "category": "alliance"},
        {"id": "capability:luck", "name": "Luck", "category": "alliance"},
        {"id": "capability:tech", "name": "Communication networks", "category": "technology"},
    ],
    "OFFERS": [
        offers("skilled", "talk", recorded_at="2020-01-01"),
        offers("skilled", "spec", recorded_at="2020-01-01", level="certified"),
        offers("skilled", "pm", recorded_at="2021-01-01"),
        offers("half", "talk"),
        offers("half", "luck"),
        offers("bare", "tech"),
    ],
    "Network": [{"id": "network:guild", "name": "Guild"}, {"id": "network:alone", "name": "Alone"}],
    "MEMBER_OF": [
        member("clubby", "guild", since="2015"),
        member("skilled", "guild", since="2015"),
        member("berliner", "guild", since="2012"),
        member("bare", "alone", since="2012"),
    ],
    "COMPETES_WITH": [
        {"from": "firm:half", "to": "firm:berliner", "market": "apps", "inferred": True}
    ],
    "Person": [{"id": "person:p", "name": "Pat"}, {"id": "person:q", "name": "Quinn"}],
    "MANAGES": [
        {"from": "person:p", "to": "alliance:berlin", "since": "2014"},
        {"from": "person:q", "to": "alliance:berlin", "since": "2014", "until": "2015"},
    ],
}


@pytest.fixture
def tiny(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("feasibility", filling(ROWS)), TODAY)


@pytest.fixture
def study(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def bearings(answer: Feasibility | JudgedAlliance) -> dict[PropositionId, Bearing]:
    return {p.id: p.bearing for p in answer.propositions}


def told(findings: list[Finding]) -> list[str]:
    return [f.sentence for f in findings]


# --- one partnership ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firm", "candidate", "service", "reach", "level"),
    [
        ("Bare", "Neighbour", "consulting", "local", "feasible_by_default"),
        ("Bare", "Bostonian", "hosting", "domestic", "likely"),
        ("Bare", "Berliner", "helpdesk", "international", "likely"),
        ("Bare", "Berliner", "consulting", "international", "unlikely_unless"),
        ("Neighbour", "Placeless", "consulting", "international", "possible_if"),
        ("Half", "Bostonian", "consulting", "domestic", "possible_if"),
        ("Veteran", "Berliner", "consulting", "international", "possible_if"),
        ("Clubby", "Berliner", "consulting", "international", "possible_if"),
        ("Skilled", "Bostonian", "consulting", "domestic", "possible_if"),
        ("Skilled", "Berliner", "consulting", "international", "likely"),
    ],
)
def test_verdict(
    tiny: Explorer, firm: str, candidate: str, service: str, reach: str, level: str
) -> None:
    answer = feasibility(tiny, firm, candidate, service=service)
    assert (answer.reach.reach, answer.verdict.level) == (reach, level)


def test_evidence_of_every_proposition(tiny: Explorer) -> None:
    answer = feasibility(tiny, "Skilled", "Berliner", service="software development")
    found = {p.id: p for p in answer.propositions}
    assert bearings(answer) == {
        "P1": "supports",
        "P2": "supports",
        "P3": "supports",
        "P4a": "opposes",
        "P4b": "supports",
        "P4c": "supports",
    }
    assert set(told(found["P4b"].evidence)) == {
        "Skilled offers Communication.",
        "Skilled offers Requirements specification (certified).",
        "Skilled offers Project-Management.",
    }
    (network,) = found["P4c"].evidence
    assert "Guild" in network.sentence
    assert {f.from_id for f in network.facts} == {"firm:skilled", "firm:berliner"}
    # Not the one with a neighbour.
    assert told(found["P2"].evidence) == ["Bound (domestic, no date on record)."]
    assert found["P2"].evidence[0].inferred, "the reach is derived from places"
    assert answer.missing == []
    for p in answer.propositions:
        for finding in p.evidence:
            assert finding.sources == ["source:s"]
            assert finding.facts
    assert answer.sources["source:s"].title == "A source"
    assert any("GeoNames" in credit for credit in answer.credits)
    verdict = answer.verdict
    assert verdict.supported_by == ["P1", "P2", "P3", "P4b", "P4c"]
    assert verdict.opposed_by == ["P4a"]


def test_a_technology_is_no_alliance_capability(tiny: Explorer) -> None:
    answer = feasibility(tiny, "Bare", "Bostonian", service="consulting")
    assert bearings(answer)["P1"] == "not_on_record"
    half = feasibility(tiny, "Half", "Bostonian", service="consulting")
    assert bearings(half)["P4b"] == "partly"
    assert "none for knowledge transfer and coordination" in half.propositions[4].why
    assert "Half offers Luck." in told(half.propositions[0].evidence)


def test_as_of(tiny: Explorer) -> None:
    def asked(firm: str, day: dt.date) -> dict[PropositionId, Bearing]:
        answer = feasibility(tiny, firm, "Berliner", service="consulting", as_of=day)
        assert answer.reference_date == day
        return bearings(answer)

    assert asked("Clubby", dt.date(2014, 12, 31))["P4c"] == "not_on_record"
    assert asked("Clubby", dt.date(2015, 1, 1))["P4c"] == "supports"
    # What has ended is experience all the same, what is yet to come is none.
    answer = feasibility(
        tiny, "Veteran", "Berliner", service="consulting", as_of=dt.date(2012, 6, 30)
    )
    experience = told(answer.propositions[1].evidence)
    assert "Boston (domestic, from 2010 to 2011)." in experience
    assert not [e for e in experience if e.startswith(("Berlin ", "All ", "Home "))]


def test_known_at(tiny: Explorer) -> None:
    def asked(day: dt.date) -> Feasibility:
        return feasibility(tiny, "Skilled", reach="domestic", service="UX", known_at=day)

    assert bearings(asked(dt.date(2019, 12, 31)))["P4b"] == "not_on_record"
    half = asked(dt.date(2020, 6, 30))
    assert bearings(half)["P4b"] == "partly"
    assert "coordination" in half.missing[0].must_hold
    assert bearings(asked(dt.date(2021, 1, 1)))["P4b"] == "supports"


def test_without_a_candidate(tiny: Explorer) -> None:
    answer = feasibility(tiny, "Skilled", service="consulting", reach="International")
    assert answer.candidate is None
    assert answer.reach.stated_by == "the asker"
    assert answer.verdict.level == "possible_if"
    (condition,) = answer.missing
    assert condition.proposition == "P4c"
    assert "Skilled is in Guild (3)" in condition.to_record
    assert feasibility(tiny, "Bare", service="UX", reach="local").verdict.level == (
        "feasible_by_default"
    )


def test_where_the_partner_is(tiny: Explorer) -> None:
    by_place = feasibility(tiny, "Bare", "Berliner", service="hosting")
    assert by_place.reach.stated_by == "places"
    assert by_place.reach.evidence
    recorded = feasibility(tiny, "Neighbour", "Placeless", service="hosting")
    assert recorded.reach.stated_by == "the record"
    stated = feasibility(tiny, "Bare", "Berliner", service="UX", reach="local")
    assert stated.verdict.level == "feasible_by_default"
    assert "The record says otherwise: international." in stated.reach.how
    with pytest.raises(InvalidRequest, match="where Placeless is") as caught:
        feasibility(tiny, "Half", "Placeless", service="hosting")
    assert caught.value.field == "reach"
    anyhow = feasibility(tiny, "Half", "Placeless", service="hosting", reach="domestic")
    assert anyhow.verdict.level == "likely"


@pytest.mark.parametrize(("members", "bearing"), [(1_100, "partly"), (900, "supports")])
def test_a_crowd_is_hardly_a_common_circle(graphs: Graphs, members: int, bearing: Bearing) -> None:
    """1 / log2(1 + members) has to reach 0.1: a body of 1,023 is the largest that counts alone."""
    rows = network("Crowd", (f"M{n}" for n in range(members)))
    engine = graphs.holding(f"crowd {members}", lambda e: write_quickly(e, rows))
    answer = feasibility(
        Explorer(engine, TODAY), "M1", "M2", service="consulting", reach="international"
    )
    assert bearings(answer)["P4c"] == bearings(answer)["P3"] == bearing
    assert answer.verdict.level == "possible_if"
    smaller = any("shares a smaller network" in c.must_hold for c in answer.missing)
    assert smaller == (bearing == "partly")


def test_exclusive_agreements_and_rivals_are_told(tiny: Explorer) -> None:
    with_berliner = feasibility(tiny, "Skilled", "Berliner", service="hosting")
    assert [f.about[0].id for f in with_berliner.mind] == [
        "alliance:bound",
        "alliance:terms",
        "alliance:theirs",
    ]
    assert "may bind it, Terms (terms: a non-compete clause" in with_berliner.mind[1].sentence
    assert with_berliner.mind[2].sentence.startswith(
        "Berliner is in an agreement that is exclusive"
    )
    with_bostonian = feasibility(tiny, "Skilled", "Bostonian", service="hosting")
    assert [f.about[0].id for f in with_bostonian.mind] == ["alliance:terms"]
    rival = feasibility(tiny, "Half", "Berliner", service="hosting")
    assert rival.mind[0].sentence == "Half and Berliner compete (apps), as a rule infers."
    assert rival.mind[0].inferred
    governance = next(c for c in rival.challenges if c.name == "governance")
    assert governance.worse == rival.mind
    # A local partner meets this difficulty alone, and only if something is on record.
    local = feasibility(tiny, "Skilled", "Half", service="hosting")
    assert [c.name for c in local.challenges] == ["governance"]


def test_people_and_earlier_dealings_help(tiny: Explorer) -> None:
    answer = feasibility(tiny, "Veteran", "Berliner", service="software development")
    helps = {c.name: told(c.helps) for c in answer.challenges}
    assert helps["coordination"] == ["Pat manages Berlin."]
    assert any("They are allied in Berlin" in h for h in helps["search and selection"])
    before = feasibility(
        tiny, "Veteran", "Berliner", service="UX", as_of=dt.date(2014, 6, 30)
    ).challenges
    assert told(before[3].helps) == ["Pat manages Berlin.", "Quinn manages Berlin."]


def test_questions_that_cannot_be_asked(tiny: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="its own partner"):
        feasibility(tiny, "Bare", "firm:bare", service="hosting")
    with pytest.raises(InvalidRequest, match="no service is called 'juggling'; known: hosting"):
        feasibility(tiny, "Bare", "Berliner", service="juggling")
    with pytest.raises(InvalidRequest, match="did you mean 'domestic'"):
        feasibility(tiny, "Bare", service="hosting", reach="domestik")
    with pytest.raises(InvalidRequest, match="name a candidate, or the reach"):
        feasibility(tiny, "Bare", service="hosting")
    with pytest.raises(InvalidRequest, match="takes a Firm"):
        feasibility(tiny, "network:guild", "Berliner", service="hosting")
    with pytest.raises(UnknownActor):
        feasibility(tiny, "Bare", "Berlinner", service="hosting")


# --- partnerships on record -----------------------------------------------------------------------


def test_partnerships_are_judged_by_what_came_before(tiny: Explorer) -> None:
    answer = feasibility_of_alliances(tiny, "Veteran")
    found = {a.alliance.name: a for a in answer.alliances}
    assert list(found) == ["All", "Berlin", "Boston", "Home", "Undated"]
    assert found["Home"].verdict.level == "feasible_by_default"
    assert found["Boston"].verdict.level == "likely"
    assert bearings(found["Boston"])["P2"] == "not_on_record"
    assert not found["Boston"].active
    # Nowhere has no place: neither it nor the undated one is known to be earlier experience.
    earlier = {n: [e.about[0].name for e in a.propositions[1].evidence] for n, a in found.items()}
    assert earlier["Berlin"] == ["Boston"]
    assert earlier["All"] == ["Odd", "Plain", "Berlin", "Boston"], "whatever they were about"
    assert "1 other non-local partnership on record without a date" in (
        found["Berlin"].propositions[1].why
    )
    assert bearings(found["Undated"])["P2"] == "not_on_record"
    assert found["All"].reach.reach == "international", "the farthest party counts"
    assert [u.alliance.name for u in answer.unjudged] == ["Odd", "Plain", "Nowhere"]
    reasons = {u.alliance.name: u.reason for u in answer.unjudged}
    assert reasons["Odd"] == "No service is called 'juggling'."
    assert reasons["Plain"] == "No service is on record."
    assert "places" in reasons["Nowhere"]
    assert (answer.total, answer.unjudged_total, answer.left_out) == (8, 3, 0)
    assert sum(c.alliances for c in answer.counts) == sum(answer.levels.values()) == 5


def test_as_of_judges_what_held(tiny: Explorer) -> None:
    answer = feasibility_of_alliances(tiny, "Veteran", as_of=dt.date(2012, 6, 30))
    assert [a.alliance.name for a in answer.alliances] == ["Home", "Undated"]


def test_the_limit_is_kept(tiny: Explorer) -> None:
    answer = feasibility_of_alliances(tiny, "Veteran", limit=2)
    assert [a.alliance.name for a in answer.alliances] == ["All", "Berlin"]
    assert (answer.unjudged_total, answer.left_out) == (2, 4)


# --- the study ------------------------------------------------------------------------------------

# Counted by hand in Table 2: class by knowledge content, then place of the partner.
BY_HAND = {
    ("system_intensive", "local"): 7,
    ("system_intensive", "domestic"): 4,
    ("people_intensive_routine", "domestic"): 1,
    ("people_intensive_creative", "local"): 10,
    ("people_intensive_creative", "domestic"): 6,
    ("people_intensive_creative", "international"): 4,
}
CLASSES = {
    "telecom": "system_intensive",
    "telecom and VoIP": "system_intensive",
    "security": "system_intensive",
    "network services": "system_intensive",
    "hosting": "system_intensive",
    "helpdesk": "people_intensive_routine",
    "software development": "people_intensive_creative",
    "user experience design": "people_intensive_creative",
    "consulting": "people_intensive_creative",
}


def test_the_fourteen_firms_of_chicago(study: Explorer) -> None:
    """Findikoglu & Watson-Manheim, Table 2, judged partnership by partnership."""
    with (EXAMPLES / "chicago_it_smes" / "Alliance.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    with (EXAMPLES / "chicago_it_smes" / "Firm.csv").open(newline="") as file:
        firms = [row["id"] for row in csv.DictReader(file)]
    assert (len(firms), len(rows)) == (14, 32)
    counted = Counter((CLASSES[r["service_type"]], r["reach"]) for r in rows.values())
    assert counted == BY_HAND

    answers = [feasibility_of_alliances(study, f) for f in firms]
    counts: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        counts.update({(c.content, c.reach): c.alliances for c in answer.counts})
        assert not answer.unjudged
    assert counts == BY_HAND

    judged = [a for answer in answers for a in answer.alliances]
    assert {a.alliance.id for a in judged} == set(rows)
    for a in judged:
        row, found = rows[a.alliance.id], bearings(a)
        if row["reach"] == "local":
            assert a.verdict.level == "feasible_by_default"
            assert not a.missing
        elif CLASSES[row["service_type"]] == "people_intensive_creative":
            # P4a makes it unlikely; P4b and P4c say what would have to hold, if it works.
            assert (found["P4a"], found["P4b"], found["P4c"]) == (
                "opposes",
                "not_on_record",
                "not_on_record",
            )
            assert a.verdict.level == "unlikely_unless"
            assert [c.proposition for c in a.missing if c.needed] == ["P4b", "P4c"]
            for condition in a.missing[:2]:
                assert condition.must_hold.startswith("Chicago firm")
                assert condition.to_record
            assert "alliance capabilities" in a.verdict.sentence
            assert "shares a network" in a.verdict.sentence
        else:
            assert found["P4a"] == "supports"
            assert (found["P4b"], found["P4c"]) == ("does_not_bear", "does_not_bear")
            assert a.verdict.level == "likely"
            assert not [c for c in a.missing if c.needed]
        assert a.reach.evidence[0].entities[0].properties["evidence"] == "Table 2"
    assert Counter(a.verdict.level for a in judged) == {
        "feasible_by_default": 17,
        "likely": 5,
        "unlikely_unless": 10,
    }
