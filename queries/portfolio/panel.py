"""The firm-year panel: every measure, one row per firm and year, for statistics packages."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Model, Ref

from .measures import MEASURES, FirmYear, Measure, Value, measures
from .record import Record
from .records import records

YEARS: Final = (1000, 2999)
MOST_YEARS: Final = 200


class MeasureInfo(Model):
    """A column, with the version of the formula that made it."""

    name: str
    version: str
    source: str
    meaning: str


class PanelRow(Model):
    """One firm at the end of one year."""

    firm: str
    name: str
    year: int
    values: dict[str, float | int | None] = Field(description="by measure; None: not measurable")


class Panel(Model):
    """A panel with what its columns mean."""

    known_at: dt.date | None
    from_year: int
    to_year: int
    measures: list[MeasureInfo]
    rows: list[PanelRow] = Field(description="by firm, then year")


@dataclass(frozen=True)
class PanelRows:
    """The rows of a panel as they are worked out: by firm, then year.

    Parameters
    ----------
    measures : sequence of MeasureInfo
        The columns.
    firms : int
        How many there are.
    rows : iterator of PanelRow
        Can be gone through once.
    """

    measures: Sequence[MeasureInfo]
    firms: int
    rows: Iterator[PanelRow]


@as_known
def panel(
    explorer: Explorer,
    firms: Sequence[str] = (),
    *,
    from_year: int,
    to_year: int,
    known_at: dt.date | None = None,
    only: Sequence[str] = (),
    most: int | None = None,
) -> Panel:
    """Every measure of some firms for some years, all at once.

    Parameters
    ----------
    explorer : Explorer
    firms, from_year, to_year, known_at, only
        As in `panel_rows`.
    most : int, optional
        Refuse more firms than this.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    found = panel_rows(
        explorer, firms, from_year=from_year, to_year=to_year, known_at=known_at, only=only
    )
    if most is not None and found.firms > most:
        raise InvalidRequest(
            f"{found.firms:,} firms are too many here, {most:,} the most; name some", "firm"
        )
    return Panel(
        known_at=known_at,
        from_year=from_year,
        to_year=to_year,
        measures=list(found.measures),
        rows=list(found.rows),
    )


@as_known
def panel_rows(
    explorer: Explorer,
    firms: Sequence[str] = (),
    *,
    from_year: int,
    to_year: int,
    known_at: dt.date | None = None,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> PanelRows:
    """Every measure of some firms for some years, row by row.

    Parameters
    ----------
    explorer : Explorer
    firms : sequence of str
        Ids or names; every firm with an alliance on record unless given.
    from_year, to_year : int
        First and last year; the state of a year is that of its last day.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    only : sequence of str
        Names of measures; all unless given.
    progress : callable, optional
        Called with the number of firms done and the number of all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    The facts of a firm are read once for all years, and of some hundred firms together; no more
    than these are held at a time. O(sum over alliances of the square of their parties x years).
    """
    if not YEARS[0] <= from_year <= to_year <= YEARS[1]:
        raise InvalidRequest(
            f"{from_year} to {to_year}: years go from {YEARS[0]} to {YEARS[1]}, the first first",
            "to",
        )
    if to_year - from_year >= MOST_YEARS:
        raise InvalidRequest(f"at most {MOST_YEARS} years at once", "to")
    chosen = _chosen(only)
    refs = [explorer.resolve(f, ("Firm",), "firm") for f in dict.fromkeys(firms)]
    refs = refs or _with_alliances(explorer)
    unique = sorted({r.id: r for r in refs}.values(), key=lambda r: (r.name.casefold(), r.id))

    def each() -> Iterator[PanelRow]:
        for done, record in enumerate(records(explorer, unique, known_at), start=1):
            yield from _rows(explorer, record, range(from_year, to_year + 1), chosen)
            if progress:
                progress(done, len(unique))

    told = [
        MeasureInfo(name=m.name, version=m.version, source=m.source, meaning=m.meaning)
        for m in chosen
    ]
    return PanelRows(told, len(unique), each())


def _rows(
    explorer: Explorer, record: Record, years: range, chosen: Sequence[Measure]
) -> Iterator[PanelRow]:
    ref = record.ref
    for year in years:
        at = FirmYear(explorer, record, year)
        values: dict[str, Value] = {m.name: m.function(at) for m in chosen}
        yield PanelRow(firm=ref.id, name=ref.name, year=year, values=values)


def _chosen(only: Sequence[str]) -> Sequence[Measure]:
    known = measures()
    for name in only:
        if name not in known:
            raise InvalidRequest(
                f"no measure is called {name[:60]!r}" + nearest(name, known), "measure"
            )
    return [m for m in MEASURES if not only or m.name in only]


def _with_alliances(explorer: Explorer) -> list[Ref]:
    projection = explorer.projection()
    return [projection.ref(str(row["id"])) for row in run(explorer.engine, "firms_with_alliances")]
