"""Where firms are, and how far apart: the geographical dimension of proximity."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alliance_explorer.engine import Node

from .geography import (
    GEONAMES_CREDIT,
    SAME_CITY_KM,
    ZONES_CREDIT,
    country_code,
    country_name,
    find_city,
    great_circle_km,
    offset_hours,
    same_name,
    zone_at,
)
from .models import Fact, Ref
from .proximity_facts import Reading, Tied, ref_of, told
from .proximity_models import Evidence, Geographical, Location, Reach, Thresholds, Verdict
from .wording import readable

# Locations of one firm that are compared.
MAX_LOCATIONS = 100
_REACHES: tuple[Reach, ...] = ("local", "domestic", "international")


# --- locations ------------------------------------------------------------------------------------


def locations(reading: Reading, firm: str) -> list[Location]:
    """Where a firm is present: headquarters, branches, sales offices, local representations.

    From its own address, and from the places on record. A coordinate that is stated comes before
    one that is looked up by the names of city and country.
    """
    node = reading.nodes[firm]
    country = _country(node.properties.get("country"))
    found = [
        _of_place(reading, firm, tied, country)
        for tied in reading.located[firm]
        if tied.fact.properties.get("kind") != "tie"
    ][:MAX_LOCATIONS]
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


def credits_of(found: Sequence[Location]) -> list[str]:
    """Whom to credit for what was looked up."""
    credit = []
    if any(x.looked_up for x in found):
        credit.append(GEONAMES_CREDIT)
    if any(x.zone and not x.looked_up for x in found):
        credit.append(ZONES_CREDIT)
    return credit


# --- distance -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pair:
    """Two locations compared."""

    one: Location
    other: Location
    km: float | None
    reach: Reach | None
    same_city: bool | None
    same_country: bool | None

    @property
    def order(self) -> tuple[float, int]:
        """The nearest first; what is not known last."""
        rank = _REACHES.index(self.reach) if self.reach else len(_REACHES)
        return self.km if self.km is not None else float("inf"), rank


def _compared(one: Location, other: Location, local_km: float) -> _Pair:
    km = None
    if None not in (one.lat, one.lon, other.lat, other.lon):
        km = great_circle_km(one.lat, one.lon, other.lat, other.lon)  # type: ignore[arg-type]
    country = one.country == other.country if one.country and other.country else None
    city: bool | None = None
    if km is not None and one.exact == other.exact == "city" and km < 0.001:
        city = True  # two spellings of one city are looked up to one coordinate
    elif one.city and other.city:
        if country is False or not same_name(one.city, other.city):
            city = False
        else:  # of two cities with one name the coordinates tell, else the country
            city = km <= SAME_CITY_KM if km is not None else country
    return _Pair(one, other, km, _reach(km, city, country, one, other, local_km), city, country)


def _reach(
    km: float | None,
    city: bool | None,
    country: bool | None,
    one: Location,
    other: Location,
    local_km: float,
) -> Reach | None:
    """Our rule: local is one city or commuting distance in one country, a border international."""
    if country is False:
        return "international"
    if city:
        return "local"
    if not country:
        return None
    if km is not None:
        return "local" if km <= local_km else "domestic"
    return "domestic" if one.city and other.city else None


def geographical(
    own: Sequence[Location],
    others: Sequence[Location],
    names: tuple[str, str],
    thresholds: Thresholds,
    reference: dt.date,
) -> Geographical:
    """How far apart two firms are, between their nearest locations.

    A local representation counts as presence: reach is the closest over all pairs of locations.
    Too far by kilometres or by hours of the clock; too close only if both addresses are known to
    the point, for two firms of one city are apart by some distance that the city does not tell.
    """
    pairs = sorted(
        (_compared(a, b, thresholds.local_km) for a, b in itertools.product(own, others)),
        key=lambda p: p.order,
    )
    notes = _notes(own, others, names)
    best = pairs[0] if pairs else None
    reaches = [p.reach for p in pairs if p.reach]
    reach = min(reaches, key=_REACHES.index) if reaches else None
    hours = _hours(best, reference) if best else None
    km = best.km if best else None
    verdict, decided = _judged(best, hours, reach, thresholds)
    usable = best if best and (km is not None or reach) else None
    return Geographical(
        verdict=verdict,
        why=_why(usable, hours, reach, verdict, names),
        figure=km,
        figure_is="km between the nearest locations, great circle",
        decided_by=decided,
        evidence=_evidence(usable, pairs, reach, names),
        notes=notes,
        reach=reach,
        km=km,
        hours=hours,
        same_city=_any(p.same_city for p in pairs),
        same_region=_any(_same_region(p) for p in pairs),
        same_country=_any(p.same_country for p in pairs),
        nearest=(usable.one, usable.other) if usable else None,
        locations=[*own, *others],
    )


def _any(values: Iterable[bool | None]) -> bool | None:
    some = list(values)
    return True if True in some else False if False in some else None


def _same_region(pair: _Pair) -> bool | None:
    """Regions are compared as they are named; a looked-up code only with another one."""
    a, b = pair.one, pair.other
    if pair.same_city:
        return True
    if pair.same_country is False:
        return False
    if not a.region or not b.region or a.looked_up != b.looked_up:
        return None
    return same_name(a.region, b.region)


def _hours(pair: _Pair, reference: dt.date) -> float | None:
    if not pair.one.zone or not pair.other.zone:
        return None
    one, other = (offset_hours(z, reference) for z in (pair.one.zone, pair.other.zone))
    return None if one is None or other is None else abs(one - other)


def _judged(
    best: _Pair | None, hours: float | None, reach: Reach | None, t: Thresholds
) -> tuple[Verdict, str | None]:
    km = best.km if best else None
    if best is None or (km is None and reach != "local"):
        return "not known", None
    if km is None:
        return "workable", None
    if km > t.far_km:
        return "too far", "far_km"
    if hours is not None and hours > t.far_hours:
        return "too far", "far_hours"
    if km < t.close_km and best.one.exact == best.other.exact == "point":
        return "too close", "close_km"
    return "workable", None


def spot_name(location: Location) -> str:
    """A location in words: `Chicago, United States`."""
    country = country_name(location.country) if location.country else None
    return ", ".join(filter(None, (location.city, country))) or "a place without a name"


def _why(
    best: _Pair | None,
    hours: float | None,
    reach: Reach | None,
    verdict: Verdict,
    names: tuple[str, str],
) -> str:
    if best is None:
        return f"It is not on record where {names[0]} and {names[1]} both are."
    how = f" ({reach})" if reach else ""
    if best.km is None:
        place = "in one city" if reach == "local" else "in one country"
        where = "in different countries" if reach == "international" else place
        return f"{names[0]} and {names[1]} are {where}{how}; the distance is not known."
    clock = ""
    if hours is not None:
        clock = f" and {hours:g} h by the clock" if hours else ", with the same time"
    apart = f"{best.km:,.0f} km apart"
    if best.km < 1:
        exact = best.one.exact == best.other.exact == "point"
        apart = f"{1000 * best.km:,.0f} m apart" if exact else "in the same city"
    meaning = {
        "too far": ": too far to meet or to work at the same hours without effort",
        "too close": ": so near that both draw on the same surroundings",
    }.get(verdict, "")
    return f"The nearest locations of the two are {apart}{clock}{how}{meaning}."


def _evidence(
    best: _Pair | None, pairs: Sequence[_Pair], reach: Reach | None, names: tuple[str, str]
) -> list[Evidence]:
    if best is None:
        return []
    shown = [best]
    by_reach = next((p for p in pairs if reach and p.reach == reach), best)
    if best.reach != reach:
        shown.append(by_reach)
    evidence = []
    for location, name in [
        pair for p in shown for pair in ((p.one, names[0]), (p.other, names[1]))
    ]:
        where = f"{name} has its {readable(location.kind)} in {spot_name(location)}"
        if location.lat is not None and location.lon is not None:
            how = "looked up by name" if location.looked_up else "stated"
            where += f" ({abs(location.lat):.4f}° {'N' if location.lat >= 0 else 'S'}, "
            where += f"{abs(location.lon):.4f}° {'E' if location.lon >= 0 else 'W'}; {how}"
            where += f"; {location.note})" if location.note else ")"
        refs = (
            [location.place] if location.place else [Ref(id=location.firm, label="Firm", name=name)]
        )
        item = told(
            where + ".",
            refs=refs,
            facts=location.facts,
            sources=location.sources,
            inferred=location.looked_up,
        )
        if item not in evidence:
            evidence.append(item)
    return evidence


def _notes(
    own: Sequence[Location], others: Sequence[Location], names: tuple[str, str]
) -> list[str]:
    notes = []
    for found, name in ((own, names[0]), (others, names[1])):
        if not found:
            notes.append(f"Where {name} is, is not on record.")
        for x in found:
            if x.note:
                notes.append(f"{name}, {spot_name(x)}: {x.note}.")
    return list(dict.fromkeys(notes))
