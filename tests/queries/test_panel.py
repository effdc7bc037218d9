"""The firm-year panel: its values, its files, and that it is worked out row by row."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.exporters import (
    panel_csv,
    panel_csv_metadata,
    panel_parquet,
    write_file,
)
from alliance_explorer.queries import (
    Explorer,
    composition,
    coopetition,
    dependence,
    panel,
    panel_rows,
    timeline,
)
from alliance_explorer.queries.portfolio import records
from alliance_explorer.queries.portfolio.measures import MEASURES, FirmYear
from alliance_explorer.queries.portfolio.record import Record
from tests.support.counting import Counting
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, alliances, examples, filling


@pytest.fixture
def cases(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


def test_panel_has_what_the_questions_answer(cases: Explorer) -> None:
    found = panel(cases, ["Xelerated", "firm:seamless", "Xelerated"], from_year=2000, to_year=2012)
    assert [(r.name, r.year) for r in found.rows] == [
        (name, year) for name in ("Seamless", "Xelerated") for year in range(2000, 2013)
    ]
    assert [m.name for m in found.measures] == [m.name for m in MEASURES]
    assert all(m.version and m.source and m.meaning for m in found.measures)
    for row in found.rows:
        day = dt.date(row.year, 12, 31)
        made = composition(cases, row.firm, as_of=day)
        ledger = dependence(cases, row.firm, as_of=day).portfolio
        rivals = coopetition(cases, row.firm, as_of=day)
        assert row.values["alliances"] == made.size
        assert row.values["partners"] == made.partners
        kinds = next(d.diversity for d in made.dimensions if d.name == "kind")
        assert row.values["blau_kind"] == kinds.blau
        assert row.values["iqv_kind"] == kinds.iqv
        assert row.values["dependence_mean"] == ledger.mean_dependence
        assert row.values["competing_partners"] == len(rivals.coopetitors)
        assert row.values["rival_pairs"] == len(rivals.rivalries)
        assert row.values["partners_acquired_by_rival"] == len(rivals.exposures)
    moves = {y.year: y for y in timeline(cases, "Xelerated").years}
    for row in (r for r in found.rows if r.name == "Xelerated" and r.year in moves):
        assert row.values["moves"] == moves[row.year].moves
        assert row.values["formations"] == moves[row.year].formations
        assert row.values["turnover"] == moves[row.year].turnover
        assert row.values["age"] == row.year - 2000


def test_panel_files_say_the_same_and_their_versions(cases: Explorer) -> None:
    found = panel(cases, ["Seamless"], from_year=2004, to_year=2006)
    text = "".join(panel_csv(found))
    rows = list(csv.DictReader(io.StringIO(text)))
    table = pq.read_table(io.BytesIO(b"".join(panel_parquet(found))))
    assert table.column_names == [c for c in rows[0] if c != "formulas"]
    for row, other, asked in zip(rows, table.to_pylist(), found.rows, strict=True):
        assert (row["firm"], int(row["year"])) == (asked.firm, asked.year)
        assert (other["firm"], other["year"]) == (asked.firm, asked.year)
        for name, value in asked.values.items():
            assert other[name] == value
            assert row[name] == ("" if value is None else str(value))
    versions = {m.name: m.version for m in MEASURES}
    assert json.loads(table.schema.metadata[b"formula_versions"]) == versions
    assert table.schema.field("turnover").metadata[b"formula_version"] == b"1"
    assert {r["formulas"] for r in rows} == {"1"}
    newer = [m.model_copy(update={"version": "2"}) if m.name == "turnover" else m
             for m in found.measures]  # fmt: skip
    changed = "".join(panel_csv(found.model_copy(update={"measures": newer})))
    assert {r["formulas"] for r in csv.DictReader(io.StringIO(changed))} == {"1; turnover=2"}
    beside = json.loads(panel_csv_metadata(found.measures, "x.csv"))
    columns = beside["tableSchema"]["columns"]
    assert [c["name"] for c in columns] == list(rows[0])
    assert Counter(c["datatype"] for c in columns)["integer"] > 20


def test_types_of_the_columns_hold(cases: Explorer) -> None:
    """A whole number is never a fraction, whatever the firm: files of many firms fit together."""
    counts = {m.name for m in MEASURES if m.counts}
    for row in panel(cases, from_year=2008, to_year=2012).rows:
        for name, value in row.values.items():
            assert value is None or isinstance(value, int) == (name in counts), name


def test_panel_refuses_what_cannot_be(cases: Explorer) -> None:
    with pytest.raises(InvalidRequest, match="years go from"):
        panel(cases, ["Seamless"], from_year=2012, to_year=2000)
    with pytest.raises(InvalidRequest, match="at most 200 years"):
        panel(cases, ["Seamless"], from_year=1500, to_year=2000)
    with pytest.raises(InvalidRequest, match="did you mean 'turnover'"):
        panel(cases, ["Seamless"], from_year=2000, to_year=2000, only=["turnovr"])
    with pytest.raises(InvalidRequest, match="too many"):
        panel(cases, from_year=2000, to_year=2000, most=3)


def test_a_name_is_no_formula(graphs: Graphs) -> None:
    rows: dict[str, Any] = dict(alliances("A-B"))
    rows["Firm"] = [{"id": "firm:a", "name": '=1+1, "x"'}, {"id": "firm:b", "name": "B"}]
    x = Explorer(graphs.holding("formula", filling(rows)), TODAY)
    found = panel(x, ["firm:a"], from_year=2000, to_year=2000)
    (row,) = csv.DictReader(io.StringIO("".join(panel_csv(found))))
    assert row["name"] == '\'=1+1, "x"'


# --- many firms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("known_at", [None, TODAY])
def test_firms_read_together_have_the_values_of_each_alone(
    cases: Explorer, monkeypatch: pytest.MonkeyPatch, known_at: dt.date | None
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 7)
    found = panel(cases, from_year=2006, to_year=2012, known_at=known_at)
    assert len(found.rows) > 7 * 14
    for row in found.rows:
        record = Record(cases, cases.resolve(row.firm), known_at)
        at = FirmYear(cases, record, row.year)
        assert row.values == {m.name: m.function(at) for m in MEASURES}, (row.name, row.year)


def test_reads_do_not_grow_with_the_firms(cases: Explorer) -> None:
    counting = Counting(cases.engine)
    x = Explorer(counting, TODAY)
    x.projection()
    few = panel(x, ["Xelerated", "BSM"], from_year=2006, to_year=2012)  # all kinds of facts
    for_two = counting.reads
    counting.forget()
    every = panel(x, from_year=2006, to_year=2012)
    assert len(every.rows) > 15 * len(few.rows)
    assert 10 < counting.reads <= for_two + 1  # which firms there are


def test_rows_are_worked_out_as_they_are_asked_for(
    cases: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 2)
    counting, done = Counting(cases.engine), list[tuple[int, int]]()
    found = panel_rows(
        Explorer(counting, TODAY),
        from_year=2011,
        to_year=2011,
        progress=lambda n, of: done.append((n, of)),
    )
    next(found.rows)
    first = counting.reads
    assert done == []
    list(found.rows)
    assert counting.reads > 5 * first
    assert done == [(n, found.firms) for n in range(1, found.firms + 1)]


def test_parquet_is_written_group_by_group(
    cases: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliance_explorer.exporters.panel._ROWS_AT_ONCE", 10)
    found = panel(cases, from_year=2010, to_year=2011)
    file = pq.ParquetFile(io.BytesIO(b"".join(panel_parquet(found))))
    assert file.num_row_groups == -(-len(found.rows) // 10) > 5
    assert file.read()["year"].to_pylist() == [r.year for r in found.rows]


def test_nothing_half_written_is_left_behind(cases: Explorer, tmp_path: Path) -> None:
    target = tmp_path / "panel.csv"
    target.write_text("what was there before")
    found = panel_rows(cases, from_year=2010, to_year=2011)

    def stopped() -> Iterator[str]:
        lines = panel_csv(found)
        yield from (next(lines) for _ in range(5))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_file(target, stopped())
    assert [p.name for p in tmp_path.iterdir()] == ["panel.csv"]
    assert target.read_text() == "what was there before"
    assert write_file(target, panel_csv(panel_rows(cases, from_year=2010, to_year=2010))) > 1000
    assert [p.name for p in tmp_path.iterdir()] == ["panel.csv"]
