"""The page on proximity: five scales from too far to too close, their evidence, and the matrix."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from alliance_explorer.queries import (
    DIMENSIONS,
    ProximityMatrix,
    ProximityProfile,
    Thresholds,
)
from alliance_explorer.queries.proximity.matrix_models import SORTS
from alliance_explorer.queries.proximity.proximity_models import (
    Dimension,
    DimensionName,
    Geographical,
    Verdict,
)

from . import text
from .forms import Choice
from .links import Links
from .pages import Problem, render

MEANINGS: Final[Mapping[DimensionName, str]] = {
    "geographical": "How far apart their nearest locations are, and what the clocks say there.",
    "organizational": "Networks that both belong to, and whether one owns the other.",
    "social": "People who know each other, common partners, earlier alliances.",
    "cognitive": "What both know and do, and what one needs and the other offers.",
    "institutional": "Whether both are under one law and in one market.",
}
"""Dimensions of proximity in plain words."""

# Width of a zone of the scale, and how near to its edges a mark may stand.
_ZONE: Final = 100.0
_EDGE: Final = 9.0
_FIRST: Final[Mapping[Verdict, float]] = {"too far": 0, "workable": _ZONE, "too close": 2 * _ZONE}
_KEYS: Final[Mapping[Verdict, str]] = {
    "too far": "far",
    "workable": "workable",
    "too close": "close",
    "not known": "unknown",
}
HALF_EARTH_KM: Final = 20_015.0


@dataclass(frozen=True)
class ProximityForm:
    """The whole state of the page.

    Parameters
    ----------
    focal, target : Choice, optional
        The two firms; without a target, one against its candidates.
    as_of, known_at : str
        As typed: a year, a month, a day or nothing.
    candidates : tuple of Choice
        Whom to compare with; empty: partners and fellow members.
    sort : str
        Order of the matrix.
    thresholds : mapping of str to str
        Own thresholds as typed.
    """

    focal: Choice | None = None
    target: Choice | None = None
    as_of: str = ""
    known_at: str = ""
    candidates: tuple[Choice, ...] = ()
    sort: str = "workable"
    thresholds: Mapping[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> "ProximityForm":
        """Return the same form with some fields changed."""
        return replace(self, **changes)

    def shared(self) -> list[tuple[str, str]]:
        """Return what holds for every question: dates and thresholds."""
        pairs = [("as_of", self.as_of), ("known_at", self.known_at)]
        return [(n, v) for n, v in (*pairs, *self.thresholds.items()) if v]

    def url(self, links: Links) -> str:
        """Return the address; what is as usual is left out."""
        pairs = [("from", self.focal.value)] if self.focal else []
        pairs += [("to", self.target.value)] if self.target else []
        pairs += self.shared()
        pairs += [("candidate", c.value) for c in self.candidates]
        pairs += [("sort", self.sort)] if self.sort != "workable" else []
        return f"{links.base}/proximity" + (f"?{urlencode(pairs)}" if pairs else "")

    def api(self, links: Links, days: Mapping[str, object]) -> str:
        """Return the same question for the programming interface, with whole dates."""
        pairs = [(name, str(day)) for name, day in days.items() if day]
        pairs += [("threshold", f"{n}:{v}") for n, v in self.thresholds.items() if v]
        assert self.focal
        if self.target:
            ends = [("from", self.focal.value), ("to", self.target.value)]
            return links.api("proximity", ends + pairs)
        pairs += [("candidate", c.value) for c in self.candidates]
        pairs += [("sort", self.sort)] if self.sort != "workable" else []
        return links.api(f"firms/{quote(self.focal.value, safe=':')}/proximity", pairs)


@dataclass(frozen=True)
class Mark:
    """One dimension as it is drawn and written.

    `x` is the place on the scale, 0 to 300: too far up to 100, workable up to 200, too close
    beyond; None if it is not known.
    """

    name: DimensionName
    meaning: str
    verdict: Verdict
    key: str
    x: float | None
    figure: str
    far: str
    close: str
    dimension: Dimension


def marks(profile: ProximityProfile) -> list[Mark]:
    """Return the five dimensions in order."""
    t = profile.thresholds
    return [
        Mark(
            name,
            MEANINGS[name],
            d.verdict,
            _KEYS[d.verdict],
            place(name, d, t),
            figure_text(name, d),
            *_bounds(name, t),
            d,
        )
        for name, d in profile.dimensions().items()
    ]


def place(name: DimensionName, d: Dimension, t: Thresholds) -> float | None:
    """Return where on the scale a dimension stands: in the zone of its verdict, by its figure."""
    if d.verdict == "not known":
        return None
    start = _FIRST[d.verdict]
    share = 0.5 if d.figure is None else _share(name, d, d.figure, t)
    return round(start + _EDGE + (_ZONE - 2 * _EDGE) * min(1.0, max(0.0, share)), 1)


def _share(name: DimensionName, d: Dimension, figure: float, t: Thresholds) -> float:
    """Return how far into its zone a figure is, from the far end to the close one, 0 to 1."""
    if isinstance(d, Geographical):
        if d.verdict == "too far":
            if d.decided_by == "far_hours":
                return 1 - ((d.hours or 0) - t.far_hours) / 12
            return 1 - (figure - t.far_km) / max(1.0, HALF_EARTH_KM - t.far_km)
        if d.verdict == "too close":
            return 1 - figure / max(1e-9, t.close_km)
        nearest = max(t.close_km, 0.1)
        span = math.log(max(t.far_km, 2 * nearest) / nearest)
        return 1 - math.log(max(figure, nearest) / nearest) / span
    far = getattr(t, f"{name}_far")
    close = getattr(t, f"{name}_close")
    if d.verdict == "too far":
        return figure / far if far else 0.0
    if d.verdict == "too close":
        return 1 - close / figure if figure > close else 0.5
    return (figure - far) / (close - far) if close > far else 0.5


def figure_text(name: DimensionName, d: Dimension) -> str:
    """Write a figure with its unit."""
    if isinstance(d, Geographical):
        parts = []
        if d.km is not None:
            parts.append(f"{d.km:,.0f} km" if d.km >= 1 else "< 1 km")
        if d.hours is not None:
            parts.append(f"{d.hours:g} h")
        return ", ".join(parts)
    if d.figure is None:
        return ""
    return f"{d.figure:.0%}" if name == "cognitive" else f"{d.figure:.2f}"


def _bounds(name: DimensionName, t: Thresholds) -> tuple[str, str]:
    """Return where too far and too close begin, in words."""
    match name:
        case "geographical":
            return (
                f"beyond {t.far_km:,g} km or {t.far_hours:g} h",
                f"under {t.close_km:g} km, exact addresses",
            )
        case "organizational":
            far, close = t.organizational_far, t.organizational_close
            return f"under {far:g}", f"over {close:g}, or {t.control_stake:.0%} owned"
        case "social":
            return f"under {t.social_far:g}", f"over {t.social_close:g}"
        case "cognitive":
            return f"under {t.cognitive_far:.0%}, nothing needed", f"over {t.cognitive_close:.0%}"
        case "institutional":
            return f"under {t.institutional_far:g}", f"over {t.institutional_close:g}"


@dataclass(frozen=True)
class ThresholdField:
    """One field of the form for an own threshold."""

    name: str
    title: str
    meaning: str
    usual: str
    value: str


def threshold_fields(form: ProximityForm, usual: Thresholds) -> list[ThresholdField]:
    """Return a field for each threshold."""
    return [
        ThresholdField(
            name,
            text.title(name).replace(" km", " [km]"),
            f"{(info.description or '')[:1].upper()}{(info.description or '')[1:]}.",
            f"{getattr(usual, name):g}",
            form.thresholds.get(name, ""),
        )
        for name, info in Thresholds.model_fields.items()
    ]


def proximity_page(
    links: Links,
    *,
    form: ProximityForm,
    usual: Thresholds,
    profile: ProximityProfile | None = None,
    matrix: ProximityMatrix | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, two firms, one against its candidates, or what is wrong.

    Parameters
    ----------
    links : Links
    form : ProximityForm
        What was asked.
    usual : Thresholds
        Those that count unless the form says otherwise.
    profile : ProximityProfile, optional
        The answer on two firms.
    matrix : ProximityMatrix, optional
        The answer on one firm and its candidates.
    problem : Problem, optional
        What is wrong.
    """
    answer = profile or matrix
    days = {"as_of": answer.as_of, "known_at": answer.known_at} if answer else {}
    return render(
        "proximity.html",
        links=links,
        form=form,
        profile=profile,
        matrix=matrix,
        problem=problem,
        marks=marks(profile) if profile else [],
        meanings=MEANINGS,
        glosses=[(text.title(name), MEANINGS[name]) for name in DIMENSIONS],
        dimensions=DIMENSIONS,
        keys=_KEYS,
        sorts=_sorts(form, links) if matrix else [],
        fields=threshold_fields(form, usual),
        figure_text=figure_text,
        pair_url=lambda ref: form.but(
            target=Choice(ref.id, ref.name), candidates=(), sort="workable"
        ).url(links),
        turned=form.but(focal=form.target, target=form.focal).url(links),
        alone=form.but(target=None).url(links),
        data=[("this answer as JSON", form.api(links, days))] if answer else [],
    )


def _sorts(form: ProximityForm, links: Links) -> Sequence[tuple[str, str, bool]]:
    """Return name, address and whether it is chosen of each order of the matrix."""
    return [(s, form.but(sort=s).url(links), s == form.sort) for s in SORTS]
