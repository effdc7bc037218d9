"""Common country, law and market: the institutional dimension of proximity."""

from collections.abc import Sequence

from alliance_explorer.graph_schema.countries import country_name
from alliance_explorer.queries.models import Ref

from .areas import shared_areas
from .proximity_facts import Reading, told
from .proximity_models import Institutional, Location, Verdict


def institutional(
    reading: Reading,
    one: Ref,
    other: Ref,
    locations: tuple[Sequence[Location], Sequence[Location]],
) -> Institutional:
    """Whether two firms are under the same law, and in the same market, on the day.

    The figure is ours: 1 in one country, else the deepest area that both countries are in: a
    single market 0.7, a customs union 0.5, free trade 0.3; 0 without any. The country is that of
    the headquarters.

    References
    ----------
    Boschma 2005, *Proximity and innovation*: common rules make cooperation reckonable.
    """
    t = reading.options.thresholds
    homes = [_home(some) for some in locations]
    codes = homes[0].country if homes[0] else None, homes[1].country if homes[1] else None
    notes = [
        f"The country of {firm.name} is not on record."
        for firm, code in zip((one, other), codes, strict=True)
        if code is None
    ]
    if codes[0] is None or codes[1] is None:
        return Institutional(
            verdict="not known",
            why=f"It is not on record in which countries {one.name} and {other.name} both are.",
            figure=None,
            figure_is="1 in one country, else by the deepest common area",
            decided_by=None,
            evidence=[],
            left_out=0,
            notes=notes,
            countries=codes,
            areas=[],
        )
    areas = shared_areas(codes[0], codes[1], reading.reference) if codes[0] != codes[1] else []
    figure = 1.0 if codes[0] == codes[1] else max((a.worth for a in areas), default=0.0)
    evidence = [
        told(
            f"{firm.name} is in {country_name(code or '')}.",
            refs=[firm],
            facts=home.facts,
            sources=home.sources,
            inferred=home.looked_up and home.note is not None,
        )
        for firm, code, home in zip((one, other), codes, homes, strict=True)
        if home
    ]
    evidence += [
        told(
            f"Both countries are in the {a.name} ({a.depth}) on {reading.reference}, "
            f"by the {a.instrument}.",
            adds=a.worth if n == 0 else None,
            arithmetic=f"{a.depth}: {a.worth:g}" if n == 0 else None,
        )
        for n, a in enumerate(areas)
    ]
    verdict: Verdict = "workable"
    decided = None
    if figure < t.institutional_far:
        verdict, decided = "too far", "institutional_far"
    elif figure > t.institutional_close:
        verdict, decided = "too close", "institutional_close"
    return Institutional(
        verdict=verdict,
        why=_why(verdict, codes[0], codes[1], [a.name for a in areas]),
        figure=figure,
        figure_is="1 in one country, else by the deepest common area",
        decided_by=decided,
        evidence=evidence,
        left_out=0,
        notes=notes,
        countries=codes,
        areas=[a.name for a in areas],
    )


def _home(locations: Sequence[Location]) -> Location | None:
    """The headquarters, or the only country where the firm is."""
    found = [x for x in locations if x.country and x.kind == "headquarters"]
    if found:
        return found[0]
    elsewhere = [x for x in locations if x.country]
    return elsewhere[0] if len({x.country for x in elsewhere}) == 1 else None


def _why(verdict: Verdict, one: str, other: str, areas: Sequence[str]) -> str:
    meaning = {
        "too far": ": neither law nor market in common",
        "too close": ": more in common than is asked for",
    }.get(verdict, "")
    if one == other:
        return f"Both are in {country_name(one)}, under one law{meaning}."
    names = f"{country_name(one)} and {country_name(other)}"
    if areas:
        return f"{names} are both in the {areas[0]}{meaning}."
    return f"{names} share no legal or economic area in our table{meaning}."
