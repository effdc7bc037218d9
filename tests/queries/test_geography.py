"""Distances, places and time zones against published values."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.queries.proximity.geography import (
    EARTH_RADIUS_KM,
    find_city,
    great_circle_km,
    offset_hours,
    same_name,
    zone_at,
)

WINTER, SUMMER = dt.date(2026, 1, 15), dt.date(2026, 7, 15)
LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        # The worked example of Wikipedia's "Great-circle distance", BNA to LAX: 2,886.45 km on a
        # sphere of 6,371.009 km.
        ((36.12, -86.67), (33.94, -118.40), 2886.45),
        # A quarter and a half of the circumference, and a degree of a great circle.
        ((0, 0), (90, 0), math.pi / 2 * 6371.0088),
        ((0, 0), (0, 180), math.pi * 6371.0088),
        ((0, 0), (0, 1), 111.1951),
    ],
)
def test_published_distances(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    assert great_circle_km(*one, *other) == pytest.approx(km, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        # Distances as they are usually given, to the width of a city.
        (("London", "GB"), ("Paris", "FR"), 344),
        (("London", "GB"), ("New York", "US"), 5570),
        (("Chicago", "US"), ("Bengaluru", "IN"), 13_700),
        (("Stockholm", "SE"), ("Johannesburg", "ZA"), 9_500),
        (("Sydney", "AU"), ("Tokyo", "JP"), 7_820),
    ],
)
def test_distances_between_looked_up_cities(
    one: tuple[str, str], other: tuple[str, str], km: float
) -> None:
    a, b = find_city(*one).city, find_city(*other).city
    assert a
    assert b
    assert great_circle_km(a.lat, a.lon, b.lat, b.lon) == pytest.approx(km, rel=0.015)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_a_metric(a: float, b: float, c: float, d: float, e: float, f: float) -> None:
    there = great_circle_km(a, b, c, d)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert there == pytest.approx(great_circle_km(c, d, a, b), abs=1e-6)
    assert great_circle_km(a, b, a, b) == 0
    over = great_circle_km(a, b, e, f) + great_circle_km(e, f, c, d)
    assert there <= over + 1e-3


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_haversine_agrees_with_vectors(a: float, b: float, c: float, d: float) -> None:
    """The angle between the two unit vectors, by atan2, is the distance in radians."""

    def vector(lat: float, lon: float) -> tuple[float, float, float]:
        x, y = math.radians(lat), math.radians(lon)
        return math.cos(x) * math.cos(y), math.cos(x) * math.sin(y), math.sin(x)

    p, q = vector(a, b), vector(c, d)
    cross = (
        p[1] * q[2] - p[2] * q[1],
        p[2] * q[0] - p[0] * q[2],
        p[0] * q[1] - p[1] * q[0],
    )
    angle = math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(p, q, strict=True)))
    assert great_circle_km(a, b, c, d) == pytest.approx(angle * EARTH_RADIUS_KM, abs=0.01)


@pytest.mark.parametrize(
    ("name", "country", "found"),
    [
        ("Chicago", "US", "Chicago"),
        ("são paulo", "BR", "São Paulo"),
        ("SAO PAULO", "BR", "São Paulo"),
        ("Bangalore", "IN", "Bengaluru"),
        ("München", "DE", "Munich"),
        ("東京", "JP", "Tokyo"),
        ("Kista", "SE", "Kista"),
        ("Lund", None, "Lund"),
    ],
)
def test_cities_by_any_of_their_names(name: str, country: str | None, found: str) -> None:
    city = find_city(name, country)
    assert city.city
    assert (city.city.name, city.note) == (found, "")


def test_the_country_tells_cities_of_one_name_apart() -> None:
    paris = find_city("Paris", "FR").city
    assert paris
    assert paris.lat == pytest.approx(48.85, abs=0.05)
    assert find_city("Paris", None).city is None
    assert "cities in the world are called Paris" in find_city("Paris", None).note


def test_what_is_not_clear_is_not_guessed() -> None:
    several = find_city("Springfield", "US")
    assert several.city is None
    assert "cities in United States are called Springfield" in several.note
    none = find_city("Xyzzyville", "US")
    assert none.city is None
    assert "no city of 5,000 people in United States is called Xyzzyville" in none.note
    for odd in ("", " ", "🙂", "(", "x" * 10_000):
        assert find_city(odd, "US").city is None


def test_a_state_tells_american_cities_apart() -> None:
    for state in ("Oregon", "or"):
        portland = find_city("Portland", "US", state).city
        assert portland
        assert portland.zone == "America/Los_Angeles"
    maine = find_city("Portland", "US", "Maine").city
    assert maine
    assert maine.zone == "America/New_York"


def test_the_largest_is_meant_only_where_it_is_far_the_largest() -> None:
    frankfurt = find_city("Frankfurt", "DE")
    assert frankfurt.city
    assert frankfurt.city.name == "Frankfurt am Main"
    assert "taken for the largest of 2" in frankfurt.note
    assert find_city("Portland", "US").city is None  # Oregon's has less than ten times Maine's


def test_names_of_places() -> None:
    assert same_name("Zürich", "ZURICH")
    assert same_name("Saint-Denis", "saint denis")
    assert not same_name("Lund", "Lundby")


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [
        (41.8781, -87.6298, "America/Chicago"),
        (12.9716, 77.5946, "Asia/Kolkata"),
        (59.3293, 18.0686, "Europe/Stockholm"),
        (-33.8688, 151.2093, "Australia/Sydney"),
    ],
)
def test_zones_of_coordinates(lat: float, lon: float, zone: str) -> None:
    assert zone_at(lat, lon) == zone


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Chicago", WINTER, -6),
        ("America/Chicago", SUMMER, -5),
        ("Asia/Kolkata", WINTER, 5.5),
        ("Asia/Kolkata", SUMMER, 5.5),
        ("Australia/Sydney", WINTER, 11),
        ("Australia/Sydney", SUMMER, 10),
        # Between both changes of clocks: America's is earlier than Europe's.
        ("America/New_York", dt.date(2026, 3, 15), -4),
        ("Europe/Paris", dt.date(2026, 3, 15), 1),
        ("Nowhere/At_all", SUMMER, None),
    ],
)
def test_clocks_with_daylight_saving(zone: str, day: dt.date, hours: float | None) -> None:
    assert offset_hours(zone, day) == hours


@given(LATITUDES, LONGITUDES, st.dates())
def test_every_coordinate_has_a_clock(lat: float, lon: float, day: dt.date) -> None:
    zone = zone_at(lat, lon)
    if zone is not None:
        hours = offset_hours(zone, day)
        assert hours is None or -13 <= hours <= 15.5
