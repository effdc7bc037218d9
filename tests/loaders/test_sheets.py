"""Tables as they come: encodings, separators, stray marks, Excel."""

import datetime as dt
import gzip
from pathlib import Path

import openpyxl
import pytest

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.tabular.sheets import Layout, Row, open_sheet, opener


def sheet(path: Path, **layout: object) -> tuple[list[str], list[tuple[int, Row]], list[str]]:
    found = open_sheet(opener(path), path.name, Layout(**layout))  # type: ignore[arg-type]
    repairs = Repairs(path.name)
    rows = list(found.rows(repairs))
    assert list(found.rows(Repairs(""))) == rows, "can be read again"
    return list(found.columns), rows, [note.text for note in repairs.notes()]


def table(folder: Path, content: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_separators_are_found_out(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    lines = [["name", "city"], ["Müller, Söhne; & Co", "Köln"], ["ABB", "Zürich"]]
    text = "".join(separator.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    columns, rows, notes = sheet(table(tmp_path, text.encode(encoding)))
    assert columns == ["name", "city"]
    assert rows == [
        (2, {"name": "Müller, Söhne; & Co", "city": "Köln"}),
        (3, {"name": "ABB", "city": "Zürich"}),
    ]
    assert len(notes) == (encoding == "cp1252")


def test_one_line_in_another_encoding(tmp_path: Path) -> None:
    content = "name\nZürich\n".encode() + "Genève\n".encode("cp1252") + b"x\x81y\n"
    _, rows, notes = sheet(table(tmp_path, content))
    assert [row for _, row in rows] == [{"name": "Zürich"}, {"name": "Genève"}, {"name": "x\x81y"}]
    assert notes[0].startswith("x.csv: 2 × bytes: ")
    assert "line 3, (line): 'Gen�ve" in notes[0] and "→ 'Genève'" in notes[0]


def test_bytes_that_are_not_of_the_encoding_that_was_said(tmp_path: Path) -> None:
    content = b"name,city\nA,B\n" + "C,Genève\n".encode("cp1252")
    _, rows, _ = sheet(table(tmp_path, content), encoding="utf-8")
    problem = Problem("city", "byte 0xE8 is not in the encoding that was said")
    assert rows[1] == (3, problem)


def test_rows_of_another_width(tmp_path: Path) -> None:
    content = "x;y;z\n1;2;3\n4,5,6\n7;8;9;;\n1;2\n;;\n\n\n10;11;12\n"
    _, rows, notes = sheet(table(tmp_path, content))
    assert rows == [
        (2, {"x": "1", "y": "2", "z": "3"}),
        (3, {"x": "4", "y": "5", "z": "6"}),
        (4, {"x": "7", "y": "8", "z": "9"}),
        (5, Problem("(row)", "has 2 cells, the header has 3")),
        (9, {"x": "10", "y": "11", "z": "12"}),
    ]
    assert [note.split(":")[1] for note in notes] == [" 1 × separator", " 1 × empty cells"]


def test_stray_quotation_marks(tmp_path: Path) -> None:
    content = 'name;country\n"The "Big" firm";FR\n"A ""good"" one";DE\n"open;IT\nB;ES\n'
    _, rows, notes = sheet(table(tmp_path, content))
    assert rows[0] == (2, {"name": 'The Big" firm"', "country": "FR"})
    assert rows[1] == (3, {"name": 'A "good" one', "country": "DE"})
    assert isinstance(rows[2][1], Problem)
    assert (
        "lines 4 to 5 were taken for one row: is a quotation mark never closed?"
        in rows[2][1].reason
    )
    assert notes[0].startswith("x.csv: 1 × quotes: ")


def test_headers(tmp_path: Path) -> None:
    content = "A list of firms\n\nname;;name;a\n1;2;3;4\n"
    columns, rows, _ = sheet(table(tmp_path, content), header=3)
    assert columns == ["name", "column 2", "name (2)", "a"]
    assert rows == [(4, {"name": "1", "column 2": "2", "name (2)": "3", "a": "4"})]


def test_hint_for_excel(tmp_path: Path) -> None:
    columns, rows, _ = sheet(table(tmp_path, "sep=|\nx|y\n1|2\n"))
    assert (columns, rows) == (["x", "y"], [(3, {"x": "1", "y": "2"})])


def test_gzip(tmp_path: Path) -> None:
    content = gzip.compress(b"x,y\n1,2\n")
    assert sheet(table(tmp_path, content, "x.csv.gz"))[1] == [(2, {"x": "1", "y": "2"})]
    with pytest.raises(SourceError, match="gzip file is damaged"):
        sheet(table(tmp_path, content[:-9], "x.csv.gz"))


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Firms"  # type: ignore[union-attr]
    book.active.append(["name", "since", "n", "sme"])  # type: ignore[union-attr]
    book.active.append(["Ä", dt.datetime(2016, 3, 31), 3.0, True])  # type: ignore[union-attr]
    book.active.append([])  # type: ignore[union-attr]
    book.active.append(["B", None, 2.5])  # type: ignore[union-attr]
    book.active.append(["C", None, 1, False, "more"])  # type: ignore[union-attr]
    book.active.append(["D_x0007_E", None, "_x005F_x0041_", "_xD83D_"])  # type: ignore[union-attr]
    book.create_sheet("Other").append(["x"])
    book.save(path := tmp_path / "x.xlsx")
    columns, rows, _ = sheet(path)
    assert columns == ["name", "since", "n", "sme"]
    assert rows == [
        (2, {"name": "Ä", "since": "2016-03-31", "n": "3", "sme": "true"}),
        (4, {"name": "B", "since": "", "n": "2.5", "sme": ""}),
        (5, Problem("(row)", "has 5 cells, the header has 4")),
        # As Excel escapes characters; half of a pair is none.
        (6, {"name": "D\aE", "since": "", "n": "_x0041_", "sme": "_xD83D_"}),
    ]
    assert sheet(path, sheet="Other")[0] == ["x"]
    with pytest.raises(SourceError, match=r"no sheet is called 'Firm'; did you mean 'Firms'\?"):
        sheet(path, sheet="Firm")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "x.csv", "is empty; the first line names the columns"),
        (b"\n\n", "x.csv", "line 1: is blank"),
        (b"\xd0\xcf\x11\xe0", "x.xls", r"before 2007; save it as \.xlsx"),
        (b"PK\x03\x04 no archive", "x.xlsx", "cannot be read|no Excel file"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, name: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        sheet(table(tmp_path, content, name))


def test_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no encoding is called 'cp1253x'"):
        sheet(table(tmp_path, "x\n"), encoding="cp1253x")
