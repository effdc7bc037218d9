"""The firm-year panel as CSV and as Parquet, written row by row."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from alliance_explorer.queries.portfolio.measures import MEASURES
from alliance_explorer.queries.portfolio.panel import MeasureInfo, PanelRow
from alliance_explorer.queries.wording import harmless

from .spreadsheet import csv_lines
from .zipped import Outlet

_KEYS: Final = ("firm", "name", "year")
# Rows of 80 numbers: a group is some 10 MB.
_ROWS_AT_ONCE: Final = 10_000


class Rowed(Protocol):
    """A panel, be it in memory or still being worked out."""

    @property
    def measures(self) -> Sequence[MeasureInfo]:
        """Its columns."""

    @property
    def rows(self) -> Iterable[PanelRow]:
        """By firm, then year."""


def panel_csv(found: Rowed) -> Iterator[str]:
    """A panel as CSV, line by line; its last column says with which formulas it was made.

    `formulas` is the version that most measures have, then those that have another, as in
    `1; turnover=2`. It stands in every row, so that it stays with them when files are joined.
    """
    names, versions = [m.name for m in found.measures], formulas(found.measures)
    rows = (
        [row.firm, harmless(row.name), row.year, *(row.values[n] for n in names), versions]
        for row in found.rows
    )
    return csv_lines([*_KEYS, *names, "formulas"], rows)


def formulas(measures: Sequence[MeasureInfo]) -> str:
    """Versions of the formulas in short."""
    counted = Counter(m.version for m in measures)
    usual = max(sorted(counted), key=lambda v: counted[v], default="")
    others = [f"{m.name}={m.version}" for m in measures if m.version != usual]
    return "; ".join([usual, *others])


def panel_csv_metadata(measures: Sequence[MeasureInfo], name: str) -> str:
    """What stands beside the CSV: its columns, with version, source and meaning of each formula.

    Parameters
    ----------
    measures : sequence of MeasureInfo
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
    for m in measures:
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


def panel_parquet(found: Rowed) -> Iterator[bytes]:
    """A panel as Parquet in pieces, a row group at a time.

    The versions of the formulas are in its metadata, and in that of each column.
    """
    schema, names = _schema(found.measures), [m.name for m in found.measures]
    outlet, remaining = Outlet(), iter(found.rows)
    with pq.ParquetWriter(pa.PythonFile(outlet, mode="w"), schema) as writer:
        while some := list(islice(remaining, _ROWS_AT_ONCE)):
            columns: list[list[Any]] = [[getattr(r, key) for r in some] for key in _KEYS]
            columns += [[r.values[n] for r in some] for n in names]
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield outlet.take()
    yield outlet.take()


def _schema(measures: Sequence[MeasureInfo]) -> Any:
    counts = {m.name for m in MEASURES if m.counts}
    fields = [pa.field("firm", pa.string()), pa.field("name", pa.string())]
    fields.append(pa.field("year", pa.int32()))
    for m in measures:
        kind = pa.int64() if m.name in counts else pa.float64()
        about = {"formula_version": m.version, "source": m.source, "meaning": m.meaning}
        fields.append(pa.field(m.name, kind, metadata=about))
    versions = {m.name: m.version for m in measures}
    return pa.schema(fields, metadata={"formula_versions": json.dumps(versions)})
