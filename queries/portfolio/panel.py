"""The firm-year panel: every measure, one row per firm and year, for statistics packages."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Model, Ref

from .measures import MEASURES, FirmYear, Measure, Value, measures
from .record import Record

KEYS: Final = ("firm", "name", "year")
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
    progress: Callable[[int, int], None] | None = None,
) -> Panel:
    """Every measure of some firms for some years.

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
    most : int, optional
        Refuse more firms than this.
    progress : callable, optional
        Called with the number of firms done and the number of all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    The facts of a firm are read once for all years.
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
    if most is not None and len(refs) > most:
        raise InvalidRequest(
            f"{len(refs):,} firms are too many here, {most:,} the most; name some", "firm"
        )
    unique = sorted({r.id: r for r in refs}.values(), key=lambda r: (r.name.casefold(), r.id))
    rows: list[PanelRow] = []
    for done, ref in enumerate(unique, start=1):
        rows += _rows(explorer, ref, range(from_year, to_year + 1), known_at, chosen)
        if progress:
            progress(done, len(unique))
    return Panel(
        known_at=known_at,
        from_year=from_year,
        to_year=to_year,
        measures=[
            MeasureInfo(name=m.name, version=m.version, source=m.source, meaning=m.meaning)
            for m in chosen
        ],
        rows=rows,
    )


def _rows(
    explorer: Explorer,
    ref: Ref,
    years: range,
    known_at: dt.date | None,
    chosen: Sequence[Measure],
) -> Iterator[PanelRow]:
    record = Record(explorer, ref, known_at)
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


# --- files ----------------------------------------------------------------------------------------


def panel_csv(found: Panel) -> str:
    """A panel as CSV; its last column says with which versions of the formulas it was made.

    `formulas` is the version that most measures have, then those that have another, as in
    `1; turnover=2`. It stands in every row, so that it stays with them when files are joined.
    """
    names = [m.name for m in found.measures]
    versions = formulas(found)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*KEYS, *names, "formulas"])
    for row in found.rows:
        values = [row.values[n] for n in names]
        cells = [row.firm, _harmless(row.name), row.year, *values, versions]
        writer.writerow(["" if c is None else c for c in cells])
    return out.getvalue()


def formulas(found: Panel) -> str:
    """Versions of the formulas in short."""
    counted = Counter(m.version for m in found.measures)
    usual = max(sorted(counted), key=lambda v: counted[v], default="")
    others = [f"{m.name}={m.version}" for m in found.measures if m.version != usual]
    return "; ".join([usual, *others])


def panel_csv_metadata(found: Panel, name: str) -> str:
    """What stands beside the CSV: its columns, with version, source and meaning of each formula.

    Parameters
    ----------
    found : Panel
    name : str
        Name of the CSV file.

    References
    ----------
    W3C 2015, *Metadata Vocabulary for Tabular Data* (CSV on the Web).
    """
    counts = {m.name for m in MEASURES if m.counts}
    columns: list[dict[str, object]] = [
        {"name": "firm", "datatype": "string", "dc:description": "id of the firm"},
        {"name": "name", "datatype": "string", "dc:description": "its name"},
        {"name": "year", "datatype": "gYear", "dc:description": "state on its last day"},
    ]
    for m in found.measures:
        columns.append(
            {
                "name": m.name,
                "datatype": "integer" if m.name in counts else "double",
                "dc:description": m.meaning,
                "dc:source": m.source,
                "schema:version": m.version,
            }
        )
    columns.append({"name": "formulas", "datatype": "string", "dc:description": "their versions"})
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "null": "",
        "tableSchema": {"columns": columns, "primaryKey": ["firm", "year"]},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _harmless(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def panel_parquet(found: Panel) -> bytes:
    """A panel as Parquet; the versions of the formulas are in its metadata, and each column's."""
    counts = {m.name for m in MEASURES if m.counts}
    fields = [pa.field("firm", pa.string()), pa.field("name", pa.string())]
    fields.append(pa.field("year", pa.int32()))
    for m in found.measures:
        kind = pa.int64() if m.name in counts else pa.float64()
        about = {"formula_version": m.version, "source": m.source, "meaning": m.meaning}
        fields.append(pa.field(m.name, kind, metadata=about))
    versions = {m.name: m.version for m in found.measures}
    schema = pa.schema(fields, metadata={"formula_versions": json.dumps(versions)})
    columns: dict[str, list[object]] = {
        "firm": [r.firm for r in found.rows],
        "name": [r.name for r in found.rows],
        "year": [r.year for r in found.rows],
    }
    for m in found.measures:
        columns[m.name] = [r.values[m.name] for r in found.rows]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=schema), sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content
