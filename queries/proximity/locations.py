"""Where firms are: their locations, with coordinates that are stated or looked up."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_explorer.engine import Node
from alliance_explorer.graph_schema.countries import country_code, country_name
from alliance_explorer.queries.models import Fact
from alliance_explorer.queries.profile import ref_of

from .geography import (
    GEONAMES_CREDIT,
    ZONES_CREDIT,
    find_city,
    same_name,
    zone_at,
)
from .proximity_facts import Reading, Tied
from .proximity_models import Location

# Locations of one firm that are compared; each is compared with each of the other firm.
MAX_LOCATIONS = 50


def locations(reading: Reading, firm: str) -> list[Location]:
    """Where a firm is present: headquarters, branches, sales offices, local representations.

    From its own address, and from the places on record. A coordinate that is stated comes before
    one that is looked up by the names of city and country.
    """
    node = reading.nodes[firm]
    country = _country(node.properties.get("country"))
    places = [t for t in reading.located[firm] if t.fact.properties.get("kind") != "tie"]
    places.sort(key=lambda t: t.fact.properties.get("kind") != "headquarters")
    found = [_of_place(reading, firm, tied, country) for tied in places[:MAX_LOCATIONS]]
    if more := len(places) - len(found):
        note = f"{more:,} more locations are not compared"
        said = f"{found[-1].note}; {note}" if found[-1].note else note
        found[-1] = found[-1].model_copy(update={"note": said})
    own = _of_address(firm, node, country)
    stated_again = any(
        o.kind == "headquarters" and o.city and own and own.city and same_name(o.city, own.city)
        for o in found
    )
    if own and (own.exact == "point" or not stated_again):
        found.insert(0, own)
    return found


def _of_address(firm: str, node: Node, country: str | None) -> Location | None:
    p = node.properties
    city = str(p["city"]) if "city" in p else None
    lat, lon = _degrees(p.get("lat")), _degrees(p.get("lon"))
    if lat is None or lon is None:
        if city is None and country is None:
            return None
        lat = lon = None
    spot = _spot(city, country, None, lat, lon, "point")
    return _location(firm, "headquarters", city, None, country, spot, None, [], [p.get("source")])


def _of_place(reading: Reading, firm: str, tied: Tied, own_country: str | None) -> Location:
    """A location by its place and the larger places around it."""
    chain = [tied.other]
    facts: list[Fact] = [tied.fact]
    while (up := reading.around.get(chain[-1].id)) and up.other not in chain:
        chain.append(up.other)
        facts.append(up.fact)
    kind = str(tied.fact.properties.get("kind") or "location")

    def named(wanted: str) -> str | None:
        return next(
            (str(n.properties["name"]) for n in chain if n.properties.get("kind") == wanted), None
        )

    small = list(
        itertools.takewhile(lambda n: n.properties.get("kind") not in ("region", "country"), chain)
    )
    city = named("city") or (str(small[0].properties["name"]) if small else None)
    country = _country(named("country"))
    if country is None and kind == "headquarters":
        country = own_country
    lat = lon = None
    for node in small:
        lat, lon = _degrees(node.properties.get("lat")), _degrees(node.properties.get("lon"))
        if lat is not None and lon is not None:
            break
    region = named("region")
    spot = _spot(city, country, region, lat, lon, "city")
    sources = [n.properties.get("source") for n in chain]
    return _location(firm, kind, city, region, country, spot, tied, facts, sources)


@dataclass(frozen=True)
class _Spot:
    """A coordinate, and how we came by it."""

    lat: float | None = None
    lon: float | None = None
    exact: str | None = None
    looked_up: bool = False
    zone: str | None = None
    region: str | None = None
    country: str | None = None
    note: str | None = None


def _spot(
    city: str | None,
    country: str | None,
    region: str | None,
    lat: float | None,
    lon: float | None,
    exact: str,
) -> _Spot:
    if lat is not None and lon is not None:
        return _Spot(lat, lon, exact, False, zone_at(lat, lon))
    if city is None:
        return _Spot(note="no city is on record")
    found = find_city(city, country, region)
    if found.city is None:
        return _Spot(note=found.note)
    c = found.city
    code = f"{c.country}-{c.region}"
    return _Spot(c.lat, c.lon, "city", True, c.zone, code, c.country, found.note or None)


def _location(
    firm: str,
    kind: str,
    city: str | None,
    region: str | None,
    country: str | None,
    spot: _Spot,
    tied: Tied | None,
    facts: list[Fact],
    sources: Sequence[object],
) -> Location:
    named = {str(s) for s in sources if s}
    named |= {str(f.properties["source"]) for f in facts if "source" in f.properties}
    return Location.model_validate(
        {
            "firm": firm,
            "kind": kind,
            "city": city,
            "region": region or spot.region,
            "country": country or spot.country,
            "lat": spot.lat,
            "lon": spot.lon,
            "exact": spot.exact,
            "looked_up": spot.looked_up,
            "zone": spot.zone,
            "note": spot.note,
            "place": ref_of(tied.other) if tied else None,
            "facts": facts,
            "sources": sorted(named),
        }
    )


def _country(value: object) -> str | None:
    return country_code(str(value)) if value else None


def _degrees(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def spot_name(location: Location) -> str:
    """A location in words: `Chicago, United States`."""
    country = country_name(location.country) if location.country else None
    return ", ".join(filter(None, (location.city, country))) or "a place without a name"


def credits_of(found: Sequence[Location]) -> list[str]:
    """Whom to credit for what was looked up."""
    credit = []
    if any(x.looked_up for x in found):
        credit.append(GEONAMES_CREDIT)
    if any(x.zone and not x.looked_up for x in found):
        credit.append(ZONES_CREDIT)
    return credit
