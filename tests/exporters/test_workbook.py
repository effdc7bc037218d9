"""Excel workbooks: what people see in them, what a cell cannot hold, what loads again."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.exporters import Stored
from alliance_explorer.exporters.workbook import MAX_ROWS, MAX_TEXT, workbook
from alliance_explorer.graph_schema import SCHEMA, columns_of
from alliance_explorer.queries import Explorer
from tests.exporters.there_and_back import exported, loaded, told
from tests.support.tiny import TODAY, Rows
from tests.support.tiny import write as fill

TYPES = [t.name for t in SCHEMA]
FORMULAS = ["=1+1", "+49 30 1234", "-x", "@SUM(A1)", "#N/A", '=HYPERLINK("http://x";"y")']
ODD = ["a\x01\x1fb", "a\r\nb\tc", "_x000D_", "_x005F_x0041_", "\ufffe\uffff", "<&>\"'", "0123"]
ROWS: Rows = {
    "Source": [{"id": "source:s", "title": "S", "url": "https://example.org/?a=1&b=2"}],
    "Firm": [
        *({"id": f"firm:f{n}", "name": text} for n, text in enumerate(FORMULAS)),
        *({"id": f"firm:o{n}", "name": text, "sme": n > 2} for n, text in enumerate(ODD)),
        {"id": "firm:x", "name": "X", "lat": 0.1 + 0.2, "founded": 1999, "aliases": ["a;b", "c"]},
        {"id": "firm:y", "name": "Y", "sme": True, "segments": ["=a", "b"]},
    ],
    "Alliance": [
        {"id": "alliance:a", "name": "A", "start": "1899-12-31", "end": "1900-02-28"},
        {"id": "alliance:b", "name": "B", "start": "1900-03-01", "end": "9999-12-31"},
    ],
    "PARTY_TO": [
        {"from": f"firm:{f}", "to": f"alliance:{a}", "source": "source:s", "total_cost": 1e22}
        for a in "ab"
        for f in ("x", "y", "f0")
    ],
}


def test_nothing_is_lost(engine: Engine, other: Engine, tmp_path: Path) -> None:
    """What other formats of XML cannot hold comes back, too."""
    fill(engine, ROWS)
    path = tmp_path / "x.xlsx"
    assert exported(engine, path) == []
    assert not loaded(other, path).rejects
    assert told(other, TYPES) == told(engine, TYPES)
    assert {f["name"] for f in told(other, TYPES)["Firm"]} == {*FORMULAS, *ODD, "X", "Y"}
    before = _sheets(path)
    exported(other, path)
    assert _sheets(path) == before
    assert loaded(engine, path).total.loaded == 0


def _sheets(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {n: book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")}


def test_what_people_see(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ROWS)
    exported(engine, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Source", "Firm", "Alliance", "PARTY_TO"]
    for sheet in book.worksheets:
        header = [cell.value for cell in sheet[1]]
        assert tuple(header) == columns_of({t.name: t for t in SCHEMA}[sheet.title])
        assert all(cell.font.b for cell in sheet[1]) and not any(c.font.b for c in sheet[2])
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.calculate_dimension()
    firms = [dict(zip(columns_of(SCHEMA.nodes["Firm"]), r, strict=True)) for r in book["Firm"]]
    by_id = {str(f["id"].value): f for f in firms}
    for n, text in enumerate(FORMULAS):
        cell = by_id[f"firm:f{n}"]["name"]
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix is text.startswith(("=", "+", "-", "@"))
    x, y = by_id["firm:x"], by_id["firm:y"]
    assert (x["lat"].value, x["lat"].data_type) == (0.1 + 0.2, "n")
    assert (x["founded"].value, x["founded"].data_type) == (1999, "n")
    assert (x["aliases"].value, y["segments"].value) == ('["a;b", "c"]', "=a;b")
    assert (y["sme"].value, y["sme"].data_type) == (True, "b")
    assert (y["segments"].data_type, y["segments"].quotePrefix) == ("s", True)
    days = [[cell.value for cell in book["Alliance"][c][1:]] for c in _letters("start", "end")]
    # Excel knows no day before 1900, and in early 1900 one that there was not.
    assert days == [
        ["1899-12-31", dt.datetime(1900, 3, 1)],
        ["1900-02-28", dt.datetime(9999, 12, 31)],
    ]


def _letters(*names: str) -> list[str]:
    columns = columns_of(SCHEMA.nodes["Alliance"])
    return [get_column_letter(columns.index(n) + 1) for n in names]


def test_row_by_row_there_are_no_more_rows_than_were_written(
    engine: Engine, tmp_path: Path
) -> None:
    """The size that stands before them is the most there can be."""
    fill(engine, ROWS)
    exported(engine, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
    assert {sheet.max_row for sheet in book.worksheets} == {MAX_ROWS}
    rows = {sheet.title: sum(1 for _ in sheet.iter_rows()) for sheet in book.worksheets}
    assert rows == {"Source": 2, "Firm": 16, "Alliance": 3, "PARTY_TO": 7}
    book.close()


@pytest.mark.parametrize("rows_at_most", [2, 3, 4, 7])
def test_a_type_of_many_rows_goes_on_in_further_sheets(
    engine: Engine, other: Engine, tmp_path: Path, rows_at_most: int
) -> None:
    fill(engine, ROWS)
    path = tmp_path / "x.xlsx"
    stored = Stored(Explorer(engine, TODAY), people=True, batch=2, page=4)
    path.write_bytes(b"".join(workbook(stored, max_rows=rows_at_most)))
    book = openpyxl.load_workbook(path)
    sheets = [s for s in book.worksheets if s.title.startswith("PARTY_TO")]
    needed = {2: 6, 3: 3, 4: 2, 7: 1}[rows_at_most]
    assert [s.title for s in sheets] == ["PARTY_TO", *(f"PARTY_TO {n}" for n in range(2, 7))][
        :needed
    ]
    assert all(s.max_row <= rows_at_most and s["A1"].value == "from" for s in sheets)
    assert not loaded(other, path).rejects
    assert told(other, TYPES) == told(engine, TYPES)


def test_what_a_cell_cannot_hold_is_told(engine: Engine, other: Engine, tmp_path: Path) -> None:
    """Characters beyond the first 65,536 are two to Excel; no half of one is left."""
    fits, long, wide = "x" * MAX_TEXT, "y" * (MAX_TEXT + 1), "\U0001f600" * 20_000
    names = [f"{n:05}" for n in range(6_000)]  # five digits and a separator: 5,461 fit
    firms = [
        {"id": f"firm:{n}", "name": n, "description": text}
        for n, text in (("fits", fits), ("long", long), ("wide", wide))
    ]
    fill(engine, {"Firm": [*firms, {"id": "firm:z", "name": "Z", "aliases": names}]})
    assert exported(engine, tmp_path / "x.xlsx") == [
        "2 texts of more than 32,767 characters, cut there",
        "539 last entries of lists of more than 32,767 characters",
    ]
    assert not loaded(other, tmp_path / "x.xlsx").rejects
    held = {f["id"]: f for f in told(other, ["Firm"])["Firm"]}
    assert held["firm:fits"]["description"] == fits
    assert held["firm:long"]["description"] == long[:MAX_TEXT]
    assert held["firm:wide"]["description"] == "\U0001f600" * (MAX_TEXT // 2)
    assert held["firm:z"]["aliases"] == names[:5_461]


def test_an_empty_graph(engine: Engine, other: Engine, tmp_path: Path) -> None:
    """A workbook has one sheet at least."""
    assert exported(engine, tmp_path / "x.xlsx") == []
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == [TYPES[0]]
    assert loaded(other, tmp_path / "x.xlsx").total.read == 0


def test_names_of_sheets_are_short_and_differ() -> None:
    """Excel takes 31 characters, and no two names that differ in case alone."""
    assert max(map(len, TYPES)) <= 31 - len(" 99")
    assert len({name.casefold() for name in TYPES}) == len(TYPES)


# --- by hand --------------------------------------------------------------------------------------


def _book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_that_people_filled_in(other: Engine, tmp_path: Path) -> None:
    """In any order; some columns only; a number where a text is meant; a row that is wrong."""
    path = _book(
        tmp_path / "ours.xlsx",
        {
            "PARTY_TO": [["from", "to"], ["firm:a", "alliance:x"], ["firm:b", "alliance:x"]],
            "Alliance": [["id", "name", "start"], ["alliance:x", "X", dt.date(2011, 3, 31)]],
            "Firm": [["id", "name", "sme"], ["firm:a", 3, True], [], ["firm:b", "B", "perhaps"]],
            "Firm 2": [["name", "id"], ["B", "firm:b"]],
        },
    )
    summary = loaded(other, path)
    (wrong,) = summary.rejects
    assert (wrong.file.removeprefix(f"{tmp_path}/"), wrong.line) == ("ours.xlsx/Firm", 4)
    assert [p.reason for p in wrong.problems] == ["'perhaps' is neither true nor false"]
    now = told(other, TYPES, "recorded_at", "confidence", "source")
    assert now["Firm"] == [
        {"id": "firm:a", "name": "3", "sme": True},
        {"id": "firm:b", "name": "B"},
    ]
    assert now["Alliance"] == [{"id": "alliance:x", "name": "X", "start": dt.date(2011, 3, 31)}]
    assert len(now["PARTY_TO"]) == 2


FIRMS: list[list[object]] = [["id", "name"], ["firm:a", "A"]]


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        ({"Firm": [["id", "nam"]]}, r"x\.xlsx/Firm, nam: unknown column .* did you mean 'name'"),
        ({"Firm": [[]]}, r"x\.xlsx/Firm, line 1: is blank"),
        ({"Firm": FIRMS, "Notes": [["x"]]}, r"--mapping FILE says what the columns"),
        ({"Firm": FIRMS, "Firm 1": FIRMS}, r"--mapping FILE says what the columns"),
    ],
)
def test_what_is_no_table(
    other: Engine, tmp_path: Path, sheets: dict[str, list[list[object]]], reason: str
) -> None:
    with pytest.raises(SourceError, match=reason):
        loaded(other, _book(tmp_path / "x.xlsx", sheets))


@pytest.mark.parametrize("damage", ["no zip", "cut", "sheet cut"])
def test_a_damaged_workbook(other: Engine, tmp_path: Path, damage: str) -> None:
    path = _book(tmp_path / "x.xlsx", {"Firm": FIRMS})
    if damage == "no zip":
        path.write_bytes(b"id,name\n")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        with zipfile.ZipFile(path) as whole:
            parts = {name: whole.read(name) for name in whole.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content[:-30] if "sheet1" in name else content)
    with pytest.raises(SourceError, match=r"x\.xlsx.* is no Excel file that can be read"):
        loaded(other, path)
