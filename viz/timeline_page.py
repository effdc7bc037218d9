"""The page on time: what happened to a firm's relations, and each alliance from start to end."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alliance_explorer.limits import CHRONOLOGY
from alliance_explorer.queries.portfolio.coopetition_models import Coopetition
from alliance_explorer.queries.portfolio.lifecycle import Lifecycle
from alliance_explorer.queries.portfolio.record_parts import Deal
from alliance_explorer.queries.portfolio.timeline_models import Timeline

from . import text
from .links import Links
from .pages import Problem, render
from .portfolio_page import by_year, chart

SPANS: Final = 80
"""Most alliances that are drawn; the chronology has the rest."""
WIDTH: Final = 100.0
"""Of the picture, in percent."""


@dataclass(frozen=True)
class Span:
    """An alliance as a bar: where it begins and how long it is, in the units of the picture."""

    name: str
    partners: str
    held: str
    x: float
    width: float
    open_start: bool
    open_end: bool
    active: bool


@dataclass(frozen=True)
class Spans:
    """The alliances of a firm under a scale of years."""

    rows: Sequence[Span]
    ticks: Sequence[tuple[int, float]]
    left_out: int
    today: float


def timeline_page(
    links: Links,
    *,
    firm: str = "",
    timeline: Timeline | None = None,
    lifecycle: Lifecycle | None = None,
    coopetition: Coopetition | None = None,
    deals: Sequence[Deal] | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, the answers about one firm, or what is wrong.

    Parameters
    ----------
    links : Links
    firm : str
        As typed, or the name.
    timeline, lifecycle, coopetition : optional
        On the day; all of them, or none.
    deals : sequence of Deal, optional
        Every alliance on record.
    problem : Problem, optional
    """
    common = {"links": links, "firm": firm, "problem": problem}
    if not (timeline and lifecycle and coopetition) or deals is None:
        return render("timeline.html", **common, focal=None)
    focal, day = timeline.focal, timeline.reference_date
    asked = [("as_of", str(day))] if timeline.as_of else []
    asked += [("limit", str(CHRONOLOGY.most))] if timeline.items_left_out else []
    url = links.api(f"firms/{focal.id}/timeline", asked)
    return render(
        "timeline.html",
        **common,
        focal=focal,
        timeline=timeline,
        lifecycle=lifecycle,
        coopetition=coopetition,
        spans=spans(deals, focal.id, day),
        chart=chart(timeline.years),
        by_year=by_year(timeline.items),
        sources=dict(sorted({**timeline.sources, **coopetition.sources}.items())),
        data=[("the timeline as JSON", url)],
    )


def spans(alliances: Sequence[Deal], focal: str, day: dt.date) -> Spans | None:
    """Return dated alliances that had begun by a day as bars, oldest first; None if there are none.

    Whatever has no end goes on to the day; whatever has no beginning comes from the left edge.
    """
    dated = [a for a in alliances if (a.start or a.end) and (a.start or dt.date.min) <= day]
    if not dated:
        return None
    dated.sort(key=lambda a: (a.start or dt.date.min, a.end or dt.date.max, a.alliance.name))
    starts = [d for a in dated for d in (a.start, a.end) if d and d <= day]
    first = min(starts, default=day).year
    last = max(day.year + 1, first + 1)
    begin = dt.date(first, 1, 1).toordinal()
    total = dt.date(min(last, dt.MAXYEAR), 1, 1).toordinal() - begin

    def at(when: dt.date) -> float:
        return round(WIDTH * min(1.0, max(0.0, (when.toordinal() - begin) / total)), 2)

    rows = []
    for a in dated[-SPANS:]:
        others = [r.name for r in a.others(focal)]
        start = at(a.start) if a.start else 0.0
        end = at(min(a.end, day) if a.end else day)
        rows.append(
            Span(
                name=a.alliance.name,
                partners=", ".join(others),
                held=text.period(a.start, a.end),
                x=start,
                width=max(0.6, round(end - start, 2)),
                open_start=a.start is None,
                open_end=a.end is None or a.end > day,
                active=a.end is None or a.end > day,
            )
        )
    step = max(1, -(-(last - first) // 7))
    ticks = [(y, at(dt.date(y, 1, 1))) for y in range(first, last, step)]
    return Spans(rows, ticks, max(0, len(dated) - SPANS), at(day))
