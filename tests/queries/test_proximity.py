"""Proximity on a small world whose answers can be checked by eye, on both engines."""

import datetime as dt
import json
import math
from typing import Any

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.queries import (
    Explorer,
    ProximityOptions,
    ProximityProfile,
    Thresholds,
    configured_thresholds,
    library,
    proximity,
    proximity_matrix,
)
from alliance_explorer.queries.proximity.geography import GEONAMES_CREDIT, ZONES_CREDIT
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, filling, write


def firm(id_: str, **more: object) -> dict[str, object]:
    return {"id": f"firm:{id_}", "name": id_.capitalize(), "source": "source:s", **more}


def person(id_: str, **more: object) -> dict[str, object]:
    return {"id": f"person:{id_}", "name": id_.capitalize(), **more}


def tie(one: str, other: str, **more: object) -> dict[str, object]:
    return {"from": one, "to": other, "source": "source:s", **more}


BIG = [firm(f"m{n:03}") for n in range(998)]  # with Swede and Chicagoan: a body of 1,000
WORLD: Rows = {
    "Source": [{"id": "source:s", "title": "A study"}],
    "Firm": [
        firm("swede", country="SE", city="Stockholm", segments="cloud;security;telecom"),
        firm("kista", country="SE", city="Kista"),
        firm("lund", country="SE", city="Lund"),
        firm("chicagoan", country="US", city="Chicago", segments="Cloud;Security;hosting"),
        firm("indian", country="IN", city="Bangalore"),
        firm("unclear", country="US", city="Springfield"),
        firm("american", country="US"),
        firm("next", country="SE", city="Stockholm", lat=59.3300, lon=18.0600),
        firm("door", country="SE", city="Stockholm", lat=59.3305, lon=18.0605),
        firm("briton", country="GB", city="London"),
        firm("nowhere"),
        firm("holding"),
        firm("daughter"),
        firm("sister"),
        firm("third"),
        *BIG,
    ],
    "Place": [
        {"id": "place:stockholm", "name": "Stockholm", "kind": "city", "lat": 59.33, "lon": 18.07},
        {"id": "place:sweden", "name": "Sweden", "kind": "country"},
        {"id": "place:evanston", "name": "Evanston", "kind": "city"},
        {"id": "place:illinois", "name": "Illinois", "kind": "region"},
        {"id": "place:us", "name": "United States", "kind": "country"},
        {"id": "place:mit", "name": "MIT", "kind": "city"},
    ],
    "PART_OF": [
        tie("place:stockholm", "place:sweden"),
        tie("place:evanston", "place:illinois"),
        tie("place:illinois", "place:us"),
    ],
    "LOCATED_IN": [
        tie("firm:chicagoan", "place:stockholm", kind="sales_office", confidence=0.6),
        tie("firm:third", "place:evanston", kind="branch"),
        tie("person:ann", "place:mit", kind="tie"),
        tie("person:bob", "place:mit", kind="tie"),
    ],
    "Network": [
        {"id": "network:club", "name": "Club"},
        {"id": "network:crowd", "name": "Crowd"},
        {"id": "network:other", "name": "Other club"},
    ],
    "MEMBER_OF": [
        tie("firm:swede", "network:club", tier="gold", since="2010", until="2020"),
        tie("firm:chicagoan", "network:club", since="2012"),
        tie("firm:swede", "network:crowd"),
        tie("firm:chicagoan", "network:crowd"),
        tie("firm:indian", "network:other"),
        *(tie(str(m["id"]), "network:crowd") for m in BIG),
    ],
    "OWNS": [
        tie("firm:holding", "firm:daughter", stake=0.8),
        tie("firm:holding", "firm:sister", stake=0.6),
        tie("firm:holding", "firm:third", stake=0.2),
    ],
    "Person": [person("ann", languages="sv;en"), person("bob", languages="en"), person("cat")],
    "WORKS_FOR": [
        tie("person:ann", "firm:swede", since="2015"),
        tie("person:bob", "firm:chicagoan", since="2014"),
        tie("person:ann", "firm:indian", since="2008", until="2015"),
        tie("person:bob", "firm:indian", since="2010", until="2014"),
        tie("person:cat", "firm:chicagoan", since="2000", until="2010"),
        tie("person:cat", "firm:swede", since="2010"),
    ],
    "SITS_ON_BOARD_OF": [tie("person:cat", "firm:lund", since="2011")],
    "KNOWS": [tie("person:bob", "person:ann", strength=0.5)],
    "Alliance": [
        {"id": "alliance:old", "name": "Old pact", "start": "2006", "end": "2011-11-22"},
        {"id": "alliance:a", "name": "Pact A", "start": "2015", "reach": "local"},
        {"id": "alliance:b", "name": "Pact B", "start": "2015"},
        {"id": "alliance:c", "name": "Pact C", "start": "2015"},
        *(
            {"id": f"alliance:{i}", "name": i, "start": "2018", "reach": r, "source": "source:s"}
            for i, r in (("near", "domestic"), ("nearer", "local"), ("three", "local"))
        ),
    ],
    "PARTY_TO": [
        tie("firm:swede", "alliance:old"),
        tie("firm:chicagoan", "alliance:old"),
        tie("firm:swede", "alliance:a"),
        tie("firm:briton", "alliance:a"),
        tie("firm:chicagoan", "alliance:b"),
        tie("firm:briton", "alliance:b"),
        tie("firm:lund", "alliance:c"),
        tie("firm:briton", "alliance:c"),
        tie("firm:holding", "alliance:near"),
        tie("firm:nowhere", "alliance:near"),
        tie("firm:daughter", "alliance:nearer"),
        tie("firm:nowhere", "alliance:nearer"),
        *(tie(f"firm:{f}", "alliance:three") for f in ("sister", "nowhere", "third")),
    ],
    "Capability": [{"id": f"capability:{c}", "name": c.upper()} for c in "abcd"],
    "OFFERS": [
        tie("firm:swede", "capability:a"),
        tie("firm:swede", "capability:b"),
        tie("firm:chicagoan", "capability:b"),
        tie("firm:chicagoan", "capability:c"),
        tie("firm:lund", "capability:a"),
        tie("firm:lund", "capability:b"),
        tie("firm:indian", "capability:d"),
    ],
    "NEEDS": [tie("firm:swede", "capability:c"), tie("firm:kista", "capability:d")],
}


@pytest.fixture
def world(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("proximity", filling(WORLD)), TODAY)


def ask(x: Explorer, one: str, other: str, **options: Any) -> ProximityProfile:
    if "thresholds" in options:
        options["thresholds"] = Thresholds.of(options["thresholds"])
    return proximity(x, one, other, ProximityOptions(**options))


def log_of(n: int) -> float:
    return 1 / math.log2(1 + n)


# --- geographical --------------------------------------------------------------------------------


def test_commuting_distance_is_local(world: Explorer) -> None:
    g = ask(world, "Swede", "Kista").geographical
    assert (g.reach, g.verdict, g.hours) == ("local", "workable", 0)
    assert g.km == pytest.approx(11, abs=1)
    assert (g.same_city, g.same_region, g.same_country) == (False, True, True)
    assert all(e.inferred for e in g.evidence)
    assert "looked up by name" in g.evidence[0].sentence


def test_farther_in_one_country_is_domestic(world: Explorer) -> None:
    g = ask(world, "Swede", "Lund").geographical
    assert g.reach == "domestic"
    assert g.km == pytest.approx(490, abs=10)
    assert g.same_region is False
    assert ask(world, "Swede", "Lund", thresholds={"local_km": 600}).geographical.reach == "local"


def test_a_local_representation_is_presence(world: Explorer) -> None:
    g = ask(world, "Swede", "Chicagoan").geographical
    assert (g.reach, g.same_city) == ("local", True)
    assert g.km is not None
    assert g.km < 1
    assert g.nearest
    assert g.nearest[1].kind == "sales_office"
    assert g.nearest[1].country == "SE"  # by the place in which its place lies
    assert g.evidence[1].sentence.startswith("Chicagoan has its sales office in Stockholm, Sweden")
    assert {f.type for f in g.evidence[1].facts} == {"LOCATED_IN", "PART_OF"}
    # Without the office, which is not certain, the headquarters are an ocean apart.
    sure = ask(world, "Swede", "Chicagoan", min_confidence=0.7).geographical
    assert (sure.reach, sure.hours) == ("international", 7)
    assert sure.km == pytest.approx(6870, abs=30)
    assert (sure.verdict, sure.decided_by) == ("too far", "far_hours")


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-01-15", 11.5), ("2026-07-15", 10.5), ("2026-11-22", 11.5)]
)
def test_hours_of_the_clock_follow_the_date(world: Explorer, day: str, hours: float) -> None:
    g = ask(world, "Indian", "Chicagoan", as_of=day, min_confidence=0.7).geographical
    assert g.hours == hours
    assert (g.verdict, g.decided_by) == ("too far", "far_km")
    near = {"far_km": 20_000, "far_hours": 12}
    again = ask(world, "Indian", "Chicagoan", thresholds=near, min_confidence=0.7).geographical
    assert (again.verdict, again.decided_by) == ("workable", None)


def test_next_door_is_too_close_and_only_if_addresses_are_exact(world: Explorer) -> None:
    g = ask(world, "Next", "Door").geographical
    assert (g.verdict, g.decided_by, g.reach) == ("too close", "close_km", "local")
    assert g.km == pytest.approx(0.062, abs=0.002)
    assert "62 m apart" in g.why
    assert not any(e.inferred for e in g.evidence)
    vague = ask(world, "Swede", "Door").geographical
    assert (vague.verdict, vague.reach) == ("workable", "local")


def test_what_is_not_on_record_is_not_known(world: Explorer) -> None:
    g = ask(world, "Swede", "Nowhere").geographical
    assert (g.verdict, g.reach, g.km, g.nearest) == ("not known", None, None, None)
    assert g.notes == ["Where Nowhere is, is not on record."]
    unclear = ask(world, "Swede", "Unclear").geographical
    assert (unclear.verdict, unclear.reach, unclear.km) == ("not known", "international", None)
    assert "cities in United States are called Springfield" in unclear.notes[0]
    country = ask(world, "American", "Unclear").geographical
    assert (country.reach, country.same_country) == (None, True)


def test_a_place_knows_its_country_by_what_it_lies_in(world: Explorer) -> None:
    g = ask(world, "Third", "Briton").geographical
    assert g.nearest
    assert (g.nearest[0].region, g.nearest[0].country) == ("Illinois", "US")
    assert g.hours == 6  # workable: just not more than six
    assert (g.verdict, g.reach) == ("workable", "international")


def test_an_alliance_may_say_how_far_where_places_do_not(world: Explorer) -> None:
    g = ask(world, "Holding", "Nowhere").geographical
    assert (g.reach, g.verdict, g.km) == ("domestic", "not known", None)
    assert g.why.endswith("; an alliance of theirs says domestic.")
    assert [r.id for r in g.evidence[0].refs] == ["alliance:near"]
    assert g.evidence[0].sources == ["source:s"]
    local = ask(world, "Daughter", "Nowhere").geographical
    assert (local.reach, local.verdict) == ("local", "workable")
    before = ask(world, "Holding", "Nowhere", as_of="2017-01-01").geographical
    assert before.reach is None
    # Places that are known come first, and of several partners one does not know who is meant.
    assert ask(world, "Swede", "Briton").geographical.reach == "international"
    assert ask(world, "Sister", "Nowhere").geographical.reach is None


def test_who_is_to_be_credited(world: Explorer) -> None:
    assert ask(world, "Lund", "Kista").credits == [GEONAMES_CREDIT]
    assert ask(world, "Next", "Door").credits == [ZONES_CREDIT]
    assert ask(world, "Nowhere", "Third").credits == [GEONAMES_CREDIT]


# --- organizational ------------------------------------------------------------------------------


def test_small_bodies_say_more_than_large_ones(world: Explorer) -> None:
    now = ask(world, "Swede", "Chicagoan").organizational
    assert now.figure == pytest.approx(log_of(1000), abs=1e-12)
    assert (now.verdict, [n.name for n in now.shared]) == ("workable", ["Crowd"])
    then = ask(world, "Swede", "Chicagoan", as_of="2015-01-01").organizational
    assert then.figure == pytest.approx(log_of(1000) + log_of(2), abs=1e-12)
    assert [n.name for n in then.shared] == ["Club", "Crowd"]
    assert "gold member, since 2010; Chicagoan: since 2012" in then.evidence[0].sentence
    assert {f.from_id for f in then.evidence[0].facts} == {"firm:swede", "firm:chicagoan"}
    far = ask(world, "Swede", "Chicagoan", thresholds={"organizational_far": 0.2}).organizational
    assert (far.verdict, far.decided_by) == ("too far", "organizational_far")
    close = ask(
        world, "Swede", "Chicagoan", as_of="2015-01-01", thresholds={"organizational_close": 0.7}
    ).organizational
    assert (close.verdict, close.decided_by) == ("too close", "organizational_close")


def test_members_without_a_common_body_are_far(world: Explorer) -> None:
    apart = ask(world, "Swede", "Indian").organizational
    assert (apart.verdict, apart.figure) == ("too far", 0)
    silent = ask(world, "Swede", "Lund").organizational
    assert (silent.verdict, silent.figure) == ("not known", None)
    assert silent.notes == ["No membership of Lund is on record."]


def test_one_house_is_too_close(world: Explorer) -> None:
    for one, other in (("Holding", "Daughter"), ("Daughter", "Holding"), ("Daughter", "Sister")):
        o = ask(world, one, other).organizational
        assert (o.verdict, o.decided_by, o.owned) == ("too close", "control_stake", True)
    assert "Holding owns 80% of Daughter" in ask(world, "Daughter", "Holding").organizational.why
    part = ask(world, "Holding", "Third").organizational
    assert (part.verdict, part.owned) == ("not known", False)
    assert part.evidence[0].sentence == "Holding owns 20% of Third."
    lower = ask(world, "Holding", "Third", thresholds={"control_stake": 0.1}).organizational
    assert lower.verdict == "too close"


# --- social --------------------------------------------------------------------------------------


def test_personal_ties_add_up(world: Explorer) -> None:
    s = ask(world, "Swede", "Chicagoan").social
    adds = {e.sentence: e.adds for e in s.evidence}
    years = (TODAY - dt.date(2011, 11, 22)).days / 365.25
    expected = {
        "Cat of Swede was with Chicagoan before.": 0.5,
        "Ann of Swede knows Bob of Chicagoan.": 0.6 * 0.5,
        "Ann and Bob were at Indian at the same time.": 0.3,
        "Briton is a partner of both (3 alliances in all).": 0.2 * log_of(3),
        "People of both have ties to MIT.": 0.1,
        "People of both speak en.": 0.05,
        "They were allied in Old pact (from 2006 to 2011).": 0.8 * log_of(2) * 0.5 ** (years / 5),
    }
    assert adds == {k: pytest.approx(v, abs=1e-12) for k, v in expected.items()}
    assert s.figure == pytest.approx(sum(expected.values()), abs=1e-12)
    assert s.verdict == "workable"
    assert [r.name for r in s.joint_alliances] == ["Old pact"]
    assert [r.name for r in s.common_partners] == ["Briton"]
    partner = next(e for e in s.evidence if e.sentence.startswith("Briton"))
    assert [r.id for r in partner.refs] == ["firm:briton", "alliance:a", "alliance:b"]
    assert len(partner.facts) == 4


def test_somebody_of_both_counts_once(world: Explorer) -> None:
    s = ask(world, "Swede", "Lund").social
    assert s.evidence[0].sentence == "Cat is with both firms."
    assert s.evidence[0].adds == 1
    assert {f.type for f in s.evidence[0].facts} == {"WORKS_FOR", "SITS_ON_BOARD_OF"}
    before = ask(world, "Swede", "Lund", as_of="2010-06-01").social
    assert (before.verdict, before.figure) == ("not known", None)


def test_ties_end_and_begin(world: Explorer) -> None:
    s = ask(world, "Swede", "Chicagoan", as_of="2009-01-01").social
    assert [e.sentence for e in s.evidence] == ["They are allied in Old pact (since 2006)."]
    assert s.figure == pytest.approx(0.8 * log_of(2), abs=1e-12)
    nobody = ask(world, "Swede", "American").social
    assert (nobody.verdict, nobody.figure) == ("not known", None)
    close = ask(world, "Swede", "Chicagoan", thresholds={"social_close": 1}).social
    assert (close.verdict, close.decided_by) == ("too close", "social_close")


# --- cognitive and institutional -----------------------------------------------------------------


def test_overlap_and_complements(world: Explorer) -> None:
    c = ask(world, "Swede", "Chicagoan").cognitive
    assert c.capabilities == pytest.approx(1 / 3)
    assert c.segments == pytest.approx(2 / 4)
    assert c.figure == pytest.approx((1 / 3 + 1 / 2) / 2, abs=1e-12)
    assert c.shared == ["B", "cloud", "security"]
    assert c.complements == ["C"]
    assert c.verdict == "workable"
    assert c.evidence[-1].sentence == "Swede needs C, which Chicagoan offers."
    assert [f.type for f in c.evidence[-1].facts] == ["NEEDS", "OFFERS"]


def test_the_same_knowledge_is_too_close_and_none_too_far(world: Explorer) -> None:
    same = ask(world, "Swede", "Lund", thresholds={"cognitive_least": 2}).cognitive
    assert (same.figure, same.verdict, same.decided_by) == (1, "too close", "cognitive_close")
    few = ask(world, "Swede", "Lund", thresholds={"cognitive_least": 6}).cognitive
    assert (few.verdict, few.decided_by) == ("not known", "cognitive_least")
    apart = ask(world, "Lund", "Indian").cognitive
    assert (apart.figure, apart.verdict, apart.decided_by) == (0, "too far", "cognitive_far")
    fits = ask(world, "Kista", "Indian").cognitive
    assert (fits.figure, fits.verdict, fits.complements) == (None, "workable", ["D"])
    assert ask(world, "Kista", "Nowhere").cognitive.verdict == "not known"


@pytest.mark.parametrize(
    ("one", "other", "day", "figure", "areas"),
    [
        ("Swede", "Lund", "2026-01-01", 1.0, []),
        ("Swede", "Briton", "2026-01-01", 0.0, []),
        ("Swede", "Briton", "2020-01-31", 0.7, ["European Economic Area", "European Union"]),
        ("Swede", "Briton", "2020-02-01", 0.7, ["European Economic Area"]),
        # Britain had left the European Free Trade Association for the Community in 1973.
        ("Swede", "Briton", "1990-01-01", 0.0, []),
        ("Swede", "Briton", "1970-01-01", 0.3, ["European Free Trade Association"]),
        ("Swede", "Indian", "2026-01-01", 0.0, []),
    ],
)
def test_areas_have_dates(
    world: Explorer, one: str, other: str, day: str, figure: float, areas: list[str]
) -> None:
    i = ask(world, one, other, as_of=day).institutional
    assert (i.figure, i.areas) == (figure, areas)
    assert i.verdict == ("workable" if figure else "too far")


def test_no_country_is_not_known(world: Explorer) -> None:
    i = ask(world, "Swede", "Nowhere").institutional
    assert (i.verdict, i.figure, i.countries) == ("not known", None, ("SE", None))


# --- the whole -----------------------------------------------------------------------------------


def test_every_figure_can_be_added_up_from_the_answer_alone(world: Explorer) -> None:
    for other in ("Chicagoan", "Lund", "Indian", "Briton"):
        answer = json.loads(ask(world, "Swede", other).model_dump_json())
        for name in ("organizational", "social", "cognitive", "institutional"):
            d = answer[name]
            if d["figure"] is not None and d["figure"] != 1:
                adds = sum(e["adds"] for e in d["evidence"] if e["adds"] is not None)
                assert adds == pytest.approx(d["figure"], abs=1e-9), (other, name)
        for d in (answer[n] for n in ("organizational", "social", "cognitive")):
            for e in d["evidence"]:
                assert set(e["sources"]) <= set(answer["sources"])


def test_either_way_round_it_is_the_same(world: Explorer) -> None:
    there, back = ask(world, "Swede", "Chicagoan"), ask(world, "Chicagoan", "Swede")
    for name, d in there.dimensions().items():
        assert d.verdict == back.dimensions()[name].verdict
        assert d.figure == pytest.approx(back.dimensions()[name].figure, abs=1e-12)


def test_of_very_many_locations_some_are_compared_and_it_says_so(engine: Engine) -> None:
    offices = [
        {"id": f"place:{n:02}", "name": f"P{n}", "kind": "city", "lat": 0.0, "lon": float(n)}
        for n in range(60)
    ]
    kinds = ["branch"] * 59 + ["headquarters"]
    write(
        engine,
        {
            "Firm": [{"id": f"firm:{f}", "name": f} for f in ("many", "one")],
            "Place": offices,
            "LOCATED_IN": [
                {"from": "firm:one", "to": "place:59", "kind": "branch"},
                *(
                    {"from": "firm:many", "to": str(o["id"]), "kind": kind}
                    for o, kind in zip(offices, kinds, strict=True)
                ),
            ],
        },
    )
    g = ask(Explorer(engine, TODAY), "many", "one").geographical
    assert len(g.locations) == 51
    assert (g.km, g.same_city) == (0, True)  # the headquarters are never left out
    assert any("10 more locations are not compared" in n for n in g.notes)


def test_known_at_sees_what_was_recorded(engine: Engine) -> None:
    pair = [firm("one", country="SE", city="Lund"), firm("two", country="SE", city="Lund")]
    late = {"recorded_at": "2024-01-01"}
    write(
        engine,
        {
            "Source": [{"id": "source:s", "title": "A study"}],
            "Firm": [f | {"recorded_at": "2020-01-01"} for f in pair],
            "Network": [{"id": "network:n", "name": "N", "recorded_at": "2020-01-01"}],
            "MEMBER_OF": [tie(str(f["id"]), "network:n", **late) for f in pair],
        },
    )
    x = Explorer(engine, TODAY)
    early = ask(x, "One", "Two", known_at="2022-01-01")
    assert early.geographical.reach == "local"
    assert early.organizational.verdict == "not known"
    assert ask(x, "One", "Two", known_at="2024-01-01").organizational.verdict == "workable"
    none = ask(x, "One", "Two", known_at="2019-01-01")
    assert {d.verdict for d in none.dimensions().values()} == {"not known"}


def test_questions_that_cannot_be_asked(world: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="both ends"):
        proximity(world, "Swede", "firm:swede")
    with pytest.raises(InvalidRequest, match="Club is a Network"):
        proximity(world, "Swede", "network:club")
    with pytest.raises(UnknownActor, match="Chicagoan"):
        proximity(world, "Swede", "Chicagoen")
    with pytest.raises(InvalidRequest, match="did you mean 'far_km'"):
        Thresholds.of({"far_kms": 1})
    with pytest.raises(InvalidRequest, match="threshold far_km"):
        Thresholds.of({"far_km": -1})
    with pytest.raises(InvalidRequest, match="threshold far_km"):
        Thresholds.of({"far_km": math.nan})
    assert configured_thresholds("far_km:5000, far_hours:4") == {"far_km": 5000, "far_hours": 4}


# --- matrix --------------------------------------------------------------------------------------


def test_a_matrix_finds_partners_and_fellow_members_of_small_bodies(world: Explorer) -> None:
    m = proximity_matrix(world, "Swede", options=ProximityOptions(as_of=dt.date(2016, 1, 1)))
    found = {r.candidate.name: r.because for r in m.rows}
    assert found == {"Briton": "partner", "Chicagoan": "in a small body with it"}
    now = proximity_matrix(world, "Swede")
    assert [r.candidate.name for r in now.rows] == ["Briton"]  # it left the club, not the crowd


def test_rows_are_what_the_profiles_say(world: Explorer) -> None:
    names = ["Chicagoan", "Lund", "Indian", "Nowhere", "Kista"]
    m = proximity_matrix(world, "Swede", [*names, "firm:lund"])
    assert sorted(r.candidate.name for r in m.rows) == sorted(names)
    for row in m.rows:
        p = ask(world, "Swede", row.candidate.id)
        for name, cell in row.cells().items():
            d = p.dimensions()[name]
            assert (cell.verdict, cell.why, cell.decided_by) == (d.verdict, d.why, d.decided_by)
            assert cell.figure == d.figure
        assert (row.reach, row.km, row.hours) == (
            p.geographical.reach,
            p.geographical.km,
            p.geographical.hours,
        )
        verdicts = [d.verdict for d in p.dimensions().values()]
        assert row.workable == verdicts.count("workable")
        assert row.known == 5 - verdicts.count("not known")


def test_rows_can_be_sorted(world: Explorer) -> None:
    names = ["Nowhere", "Indian", "Lund", "Kista"]
    asked = {
        sort: [r.candidate.name for r in proximity_matrix(world, "Swede", names, sort=sort).rows]
        for sort in ("name", "geographical", "workable")
    }
    assert asked["name"] == ["Indian", "Kista", "Lund", "Nowhere"]
    assert asked["geographical"] == ["Kista", "Lund", "Indian", "Nowhere"]
    assert asked["workable"][-1] == "Nowhere"
    with pytest.raises(InvalidRequest, match="did you mean 'social'"):
        proximity_matrix(world, "Swede", sort="socal")  # type: ignore[arg-type]


def test_a_matrix_reads_as_often_for_many_as_for_two(
    world: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.projection()
    asked: list[str] = []
    read = world.engine.read

    texts = {q.texts[world.engine.dialect] for q in library().values()}

    def counting(query: str, /, **parameters: object) -> Any:
        if query in texts:  # and not whether anything has changed
            asked.append(query)
        return read(query, **parameters)

    monkeypatch.setattr(world.engine, "read", counting)
    few = [str(f["id"]) for f in BIG[:2]]
    proximity_matrix(world, "Swede", few)
    for_two = len(asked)
    asked.clear()
    proximity_matrix(world, "Swede", [str(f["id"]) for f in BIG[:50]])
    assert len(asked) == for_two <= 10


def test_matrices_that_cannot_be_asked_for(world: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="no candidate of itself"):
        proximity_matrix(world, "Swede", ["Lund", "Swede"])
    with pytest.raises(InvalidRequest, match="at most 100"):
        proximity_matrix(world, "Swede", [str(f["id"]) for f in BIG[:101]])
    assert "name candidates" in proximity_matrix(world, "American").summary
