"""The page of a network: who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from alliance_explorer.queries.membership import NetworkMembers

from . import text, views
from .links import Links
from .pages import Problem, render
from .views import Bar

PAGE: Final = 100
"""Members on a page."""
TIERS: Final = 8
"""Most tiers that have a bar of their own."""


@dataclass(frozen=True)
class Joined:
    """A year in which members joined: height of its bar in percent of the highest."""

    year: int
    number: int
    height: float


def members_page(
    links: Links,
    *,
    answer: NetworkMembers,
    page: int,
    mine: str,
    problem: Problem | None = None,
) -> str:
    """Return the page of a network.

    Parameters
    ----------
    links : Links
    answer : NetworkMembers
        With a page of `PAGE` members listed.
    page : int
        Number of that page, from 1.
    mine : str
        The firm whose partners are marked, as typed.
    problem : Problem, optional
    """
    id_, own = answer.network.id, answer.mine.id if answer.mine else ""
    pages = max(1, ceil(answer.found / PAGE))
    asked = [("mine", own), ("find", answer.find)]
    asked += [("as_of", str(answer.as_of or "")), ("offset", str((page - 1) * PAGE or ""))]
    url = links.api(f"networks/{id_}/members", [(n, v) for n, v in asked if v])
    return render(
        "network.html",
        links=links,
        answer=answer,
        network=answer.network,
        mine=mine,
        page=page,
        pages=pages,
        before=links.members(id_, own, page - 1, answer.find) if page > 1 else "",
        after=links.members(id_, own, page + 1, answer.find) if page < pages else "",
        tiers=_bars(answer.tiers),
        joined=_joined(answer.joined),
        in_short=views.in_short(answer.network),
        properties=views.properties_of(answer.network),
        problem=problem,
        sources=answer.sources,
        data=[("the members as JSON", url)],
    )


def _bars(tiers: dict[str, int]) -> Sequence[Bar]:
    most = max(tiers.values(), default=1)
    named = list(tiers.items())
    shown = named[:TIERS]
    if rest := sum(n for _, n in named[TIERS:]):
        shown.append((f"{len(named) - TIERS} other tiers", rest))
    return [
        Bar(text.words(name), n, 100 * n / max(most, n), name != views.NOT_RECORDED)
        for name, n in shown
    ]


def _joined(years: dict[int, int]) -> Sequence[Joined]:
    if not years:
        return []
    most = max(years.values())
    first, last = min(years), max(years)
    span = range(max(first, last - 40), last + 1)
    return [Joined(y, years.get(y, 0), 100 * years.get(y, 0) / most) for y in span]
