"""How far apart two firms are: the geographical dimension of proximity."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alliance_explorer.engine import Node
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.profile import ref_of
from alliance_explorer.queries.wording import readable

from .geography import SAME_CITY_KM, great_circle_km, offset_hours, same_name
from .locations import spot_name
from .proximity_facts import told
from .proximity_models import Evidence, Geographical, Location, Reach, Thresholds, Verdict

_REACHES: tuple[Reach, ...] = ("local", "domestic", "international")


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
    stated: Node | None = None,
) -> Geographical:
    """How far apart two firms are, between their nearest locations.

    A local representation counts as presence: reach is the closest over all pairs of locations.
    Too far by kilometres or by hours of the clock; too close only if both addresses are known to
    the point, for two firms of one city are apart by some distance that the city does not tell.
    Where the places do not tell the reach, an alliance of the two may: `stated`.
    """
    pairs = sorted(
        (_compared(a, b, thresholds.local_km) for a, b in itertools.product(own, others)),
        key=lambda p: p.order,
    )
    notes = _notes(own, others, names)
    best = pairs[0] if pairs else None
    reaches = [p.reach for p in pairs if p.reach]
    reach = min(reaches, key=_REACHES.index) if reaches else None
    usable = best if best and (best.km is not None or reach) else None
    evidence = _evidence(usable, pairs, reach, names)
    if reach is None and stated is not None:
        says = next(r for r in _REACHES if r == stated.properties["reach"])
        evidence.append(_of_alliance(stated, says))
        reach = says
    hours = _hours(best, reference) if best else None
    km = best.km if best else None
    verdict, decided = _judged(best, hours, reach, thresholds)
    return Geographical(
        verdict=verdict,
        why=_why(usable, hours, reach, verdict, names),
        figure=km,
        figure_is="km between the nearest locations, great circle",
        decided_by=decided,
        evidence=evidence,
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
    if best is None or km is None:
        return "workable" if reach == "local" else "not known", None
    if km > t.far_km:
        return "too far", "far_km"
    if hours is not None and hours > t.far_hours:
        return "too far", "far_hours"
    if km < t.close_km and best.one.exact == best.other.exact == "point":
        return "too close", "close_km"
    return "workable", None


def _why(
    best: _Pair | None,
    hours: float | None,
    reach: Reach | None,
    verdict: Verdict,
    names: tuple[str, str],
) -> str:
    if best is None:
        missing = f"It is not on record where {names[0]} and {names[1]} both are"
        return f"{missing}; an alliance of theirs says {reach}." if reach else f"{missing}."
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


def _of_alliance(alliance: Node, reach: Reach) -> Evidence:
    """What an alliance says of the distance between its two parties."""
    ref = ref_of(alliance)
    sentence = f"{ref.name} is recorded as an alliance with a partner that is {reach}."
    return told(sentence, refs=[ref], sources=[alliance.properties.get("source")])


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
