"""Legal and economic areas: which countries share law and market, and since when.

`areas.csv` has a row per area and member with the days on which its membership in the area as it
is called there (a customs union, a single market) began and ended, and the treaty that says so. It
is a table of ours, of the larger areas, and to be added to: whatever stands in it is used.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from alliance_explorer.queries.validity import within

# Our rule: how near an area brings two countries, where one country is 1.
DEPTHS: Final = {"single market": 0.7, "customs union": 0.5, "free trade": 0.3}


@dataclass(frozen=True, slots=True)
class Membership:
    """A country in an area, from `since` up to but not including `until`."""

    area: str
    name: str
    depth: str
    country: str
    since: dt.date | None
    until: dt.date | None
    instrument: str


@dataclass(frozen=True, slots=True)
class Area:
    """An area that two countries share on a day."""

    name: str
    depth: str
    instrument: str

    @property
    def worth(self) -> float:
        """What it adds to institutional proximity, 0 to 1."""
        return DEPTHS[self.depth]


@cache
def memberships() -> Sequence[Membership]:
    """The whole table."""
    text = (resources.files(__package__) / "areas.csv").read_text("utf-8")
    return [
        Membership(
            r["area"],
            r["name"],
            r["depth"],
            r["country"],
            _day(r["since"]),
            _day(r["until"]),
            r["instrument"],
        )
        for r in csv.DictReader(text.splitlines())
    ]


def shared_areas(one: str, other: str, day: dt.date) -> list[Area]:
    """Areas that two countries (ISO 3166-1 alpha-2) are in on a day, the deepest first."""
    found: list[set[Area]] = [
        {
            Area(m.name, m.depth, m.instrument)
            for m in memberships()
            if m.country == country and within(m.since, m.until, day)
        }
        for country in (one, other)
    ]
    return sorted(found[0] & found[1], key=lambda a: (-a.worth, a.name))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
