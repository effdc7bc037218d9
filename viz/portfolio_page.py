"""The page of a portfolio in depth: pictures as SVG, each said again as words and tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from alliance_explorer.limits import ALLIANCES, CHRONOLOGY, LEDGER
from alliance_explorer.queries.portfolio.composition import Composition
from alliance_explorer.queries.portfolio.coopetition_models import Coopetition
from alliance_explorer.queries.portfolio.dependence_models import (
    QUADRANTS,
    DependenceLedger,
    LedgerEntry,
)
from alliance_explorer.queries.portfolio.ledger import HIGH
from alliance_explorer.queries.portfolio.lifecycle import PHASES, Lifecycle
from alliance_explorer.queries.portfolio.timeline_models import (
    Comparison,
    Item,
    Timeline,
    YearOfMoves,
)

from . import text
from .links import Links
from .pages import Problem, render
from .views import NOT_RECORDED, Bar

SHOWN: Final = 100
"""Most alliances in a list; the data have all."""
DATED: Final = 300
"""Most dated things in a chronology: the latest; the data have all."""
SIZE: Final = 400.0
"""Side of the quadrant's plane, in the units of its picture."""
STRIP: Final = 46.0
"""Height of the strip below it for entries of which one side alone is known."""


@dataclass(frozen=True)
class Point:
    """Entries at one place of the quadrant, under one number."""

    number: int
    x: float
    y: float
    names: Sequence[str]
    placed: bool
    said: str


@dataclass(frozen=True)
class Row:
    """An entry of the ledger, with the number of its point."""

    entry: LedgerEntry
    number: int | None
    quadrant: str


@dataclass(frozen=True)
class Column:
    """A year of the timeline: a bar of moves by what they build, and alliances in force."""

    year: YearOfMoves
    x: float
    bars: Sequence[tuple[str, float, float]]
    """Kind, top, height."""
    dot: float


@dataclass(frozen=True)
class Chart:
    """The timeline's picture."""

    columns: Sequence[Column]
    width: float
    line: str
    most: int
    alliances: int


@dataclass(frozen=True)
class Share:
    """One dimension of the composition."""

    title: str
    bars: Sequence[Bar]
    blau: float | None
    iqv: float | None
    recorded: int
    not_recorded: int


def portfolio_page(
    links: Links,
    *,
    composition: Composition | None = None,
    dependence: DependenceLedger | None = None,
    coopetition: Coopetition | None = None,
    timeline: Timeline | None = None,
    lifecycle: Lifecycle | None = None,
    comparison: Comparison | None = None,
    firm: str = "",
    with_: str = "",
    problem: Problem | None = None,
) -> str:
    """Return the page of a portfolio in depth, or the form alone.

    Parameters
    ----------
    links : Links
    composition, dependence, coopetition, timeline, lifecycle
        The answers about one firm: all of them, or none for the form alone.
    comparison : Comparison, optional
        With another day.
    firm, with_ : str
        What was typed into the form.
    problem : Problem, optional
        Why there is no answer.
    """
    common = {"links": links, "firm": firm, "with_": with_, "problem": problem}
    if not (composition and dependence and coopetition and timeline and lifecycle):
        return render("portfolio.html", **common, focal=None)
    focal = composition.focal
    asked = {"as_of": composition.as_of, "known_at": composition.known_at}
    days = [(name, str(day)) for name, day in asked.items() if day]
    names = ("composition", "dependence", "coopetition", "timeline", "lifecycle")
    sources = {
        **composition.sources,
        **dependence.sources,
        **coopetition.sources,
        **timeline.sources,
        **lifecycle.sources,
    }
    rows, points = placed(dependence)
    # Where a list is cut here, its data are not.
    more = {n: list[tuple[str, str]]() for n in names}
    for name, left_out, limit in (
        ("dependence", dependence.entries_left_out, LEDGER),
        ("timeline", timeline.items_left_out, CHRONOLOGY),
        ("lifecycle", lifecycle.alliances_left_out, ALLIANCES),
    ):
        more[name] = [("limit", str(limit.most))] if left_out else []
    return render(
        "portfolio.html",
        **common,
        focal=focal,
        composition=composition,
        dependence=dependence,
        coopetition=coopetition,
        timeline=timeline,
        lifecycle=lifecycle,
        comparison=comparison,
        shares=shares(composition),
        unknown=[d.name for d in composition.dimensions if not d.diversity.recorded],
        rows=rows,
        points=points,
        size=SIZE,
        strip=STRIP,
        high=SIZE * HIGH,
        quadrants=QUADRANTS,
        chart=chart(timeline.years),
        by_year=by_year(timeline.items),
        phases=[(p, [g for g in lifecycle.gaps if g.phase == p]) for p in PHASES],
        sources=dict(sorted(sources.items())),
        data=[(f"{n} as JSON", links.api(f"firms/{focal.id}/{n}", days + more[n])) for n in names],
    )


def shares(found: Composition) -> list[Share]:
    """Return the dimensions of which something is recorded."""
    shown = []
    for d in found.dimensions:
        if not d.diversity.recorded:
            continue
        most = max(d.counts.values())
        bars = [
            Bar(text.words(name), n, 100 * n / most, name != NOT_RECORDED)
            for name, n in d.counts.items()
        ]
        v = d.diversity
        shown.append(Share(text.title(d.name), bars, v.blau, v.iqv, v.recorded, v.not_recorded))
    return shown


def placed(found: DependenceLedger) -> tuple[list[Row], list[Point]]:
    """Return the rows of the ledger, and where they stand in the quadrant.

    To the right: the firm depends on the partner; upwards: the partner depends on the firm. What
    is known of one side alone stands in the strip below or at the left.
    """
    groups: dict[tuple[float | None, float | None], list[LedgerEntry]] = {}
    for e in found.entries:
        key = _rounded(e.firm.value), _rounded(e.counterpart.value)
        if key != (None, None):
            groups.setdefault(key, []).append(e)
    numbers, points = {}, []
    for n, ((own, theirs), entries) in enumerate(groups.items(), start=1):
        names = list(dict.fromkeys(e.partner.name for e in entries))
        sides = [
            f"{found.focal.name} {'not known' if own is None else f'{own:.2f}'}",
            f"partner {'not known' if theirs is None else f'{theirs:.2f}'}",
        ]
        points.append(
            Point(
                number=n,
                x=-STRIP / 2 if own is None else own * SIZE,
                y=SIZE + STRIP / 2 if theirs is None else SIZE - theirs * SIZE,
                names=names,
                placed=own is not None and theirs is not None,
                said=f"{', '.join(names)}: {'; '.join(sides)}",
            )
        )
        numbers.update({(e.alliance.id, e.partner.id): n for e in entries})
    rows = [
        Row(
            entry=e,
            number=numbers.get((e.alliance.id, e.partner.id)),
            quadrant=QUADRANTS[e.quadrant] if e.quadrant else "one side is not known",
        )
        for e in found.entries
    ]
    return rows, points


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


COLUMN: Final = 46.0
HEIGHT: Final = 150.0
_BUILDS: Final = ("legitimacy", "role_flexibility")


def chart(years: Sequence[YearOfMoves]) -> Chart | None:
    """Return the picture of the years, or nothing if there are none."""
    if not years:
        return None
    most = max(1, *(y.moves for y in years))
    alliances = max(1, *(y.active_at_end for y in years))
    columns = []
    for i, y in enumerate(years):
        parts = [(name, y.capabilities.get(name, 0)) for name in _BUILDS]
        parts.append(("other", max(0, y.moves - sum(n for _, n in parts))))
        bars, top = [], HEIGHT
        for name, n in parts:
            height = HEIGHT * n / most
            top -= height
            if n:
                bars.append((name, top, height))
        dot = HEIGHT - HEIGHT * y.active_at_end / alliances
        columns.append(Column(y, i * COLUMN, bars, dot))
    line = " ".join(f"{c.x + COLUMN / 2:.1f},{c.dot:.1f}" for c in columns)
    return Chart(columns, len(columns) * COLUMN, line, most, alliances)


def by_year(items: Sequence[Item]) -> list[tuple[int, list[Item]]]:
    """Return what is dated, grouped by year."""
    return [(y, list(some)) for y, some in groupby(items, key=lambda i: i.date.year)]
