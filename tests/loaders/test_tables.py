"""Tables: every way in which a file can be wrong, said with file, line, field and reason."""

import io
import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.loaders.model import Item, Located, Rejected
from alliance_explorer.loaders.tabular import tables
from alliance_explorer.loaders.tabular.json_lines import read_ndjson
from alliance_explorer.loaders.tabular.tables import read_tables

Files = Mapping[str, str | bytes]
HEADER = "id,name,founded\n"


def folder(path: Path, files: Files) -> Path:
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(path: Path, name: str = "data") -> list[Item]:
    return list(read_tables(path, name))


def names(items: list[Item]) -> list[str]:
    """Names of the firms that were read, in order."""
    records = [i.record for i in items if isinstance(i, Located)]
    return [str(r.properties["name"]) for r in records]


def lines(items: list[Item]) -> list[int]:
    return [i.line for i in items if isinstance(i, Located)]


def told(items: list[Item]) -> list[str]:
    """Every problem as the command line says it."""
    return [
        f"{i.file}, line {i.line}, {p.field}: {p.reason}"
        for i in items
        if isinstance(i, Rejected)
        for p in i.problems
    ]


def refused(path: Path, name: str = "data") -> str:
    """Why nothing at all is read."""
    with pytest.raises(SourceError) as caught:
        read_tables(path, name)  # said at once, not when the first row is asked for
    return str(caught.value)


# --- CSV: rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"firm:x,Caf\xe9,1999", "name: is not UTF-8: byte 0xE9 (in cp1252: 'é')"),
        (b"firm:x,A\x00B,1999", "name: contains a NUL character"),
        (b"firm:x,X,soon", "founded: 'soon' is not a whole number"),
        (b"firm:x,X,12", "founded: 12 is not between 1000 and 2200"),
        (b"firm:x,,1999", "name: missing; every Firm needs it"),
        (b"x,X,1999", "id: 'x' does not start with 'firm:'"),
        (b"firm:x,X", "(row): has 2 cells, the header has 3"),
        (b"firm:x,X,1999,", "(row): has 4 cells, the header has 3"),
        (b"firm:x;X;1999", "(row): has 1 cells, the header has 3"),
        (b'firm:x,"X"Y,1999', "(row): cannot be read as CSV: ',' expected after '\"'"),
        (b"firm:x," + b"X" * 2_000_001 + b",1999", "(row): cannot be read as CSV: field larger"),
        (b"firm:first,X,1999", "id: 'firm:first' stands already in data/Firm.csv, line 2"),
    ],
)
def test_bad_row_between_good_ones(tmp_path: Path, row: bytes, reason: str) -> None:
    content = HEADER.encode() + b"firm:first,First,1999\n" + row + b"\nfirm:last,Last,2001\n"
    items = read(folder(tmp_path, {"Firm.csv": content}))
    assert names(items) == ["First", "Last"]
    assert lines(items) == [2, 4]
    (problem,) = told(items)
    assert problem.startswith(f"data/Firm.csv, line 3, {reason}")


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("Event.csv", "id,date,kind\nevent:e,2011-31-12,k", "date: '2011-31-12' is not a date"),
        ("Alliance.csv", "id,name,start,end\nalliance:a,A,2011-05,2011-04", "end: 2011-05-01 is"),
        ("Network.csv", "id,name,kind\nnetwork:n,N,foundatoin", "did you mean 'foundation'?"),
        ("MEMBER_OF.csv", "from,to\nfirm:a,firm:b", "to: 'firm:b' does not start with 'network:'"),
        ("MEMBER_OF.csv", "from,to\n,network:n", "from: missing; every MEMBER_OF needs it"),
        ("KNOWS.csv", "from,to,strength\nperson:a,person:b,1.5", "strength: 1.5 is not between"),
        ("COMPETES_WITH.csv", "from,to\nfirm:a,firm:a", "to: both ends are the same"),
        ("Firm.csv", "id,name,source\nfirm:a,A,wikipedia", "source: 'wikipedia' does not start"),
    ],
)  # fmt: skip
def test_bad_value(tmp_path: Path, file: str, row: str, reason: str) -> None:
    items = read(folder(tmp_path, {file: row + "\n"}))
    (problem,) = told(items)
    assert problem.startswith(f"data/{file}, line 2, ")
    assert reason in problem
    assert len(items) == 1


def test_every_problem_of_a_row(tmp_path: Path) -> None:
    (item,) = read(folder(tmp_path, {"Firm.csv": HEADER + "x,,soon\n"}))
    assert isinstance(item, Rejected)
    assert item.type == "Firm"
    assert [p.field for p in item.problems] == ["founded", "name", "id"]
    assert item.row == {"id": "x", "name": "", "founded": "soon"}


def test_duplicate_facts(tmp_path: Path) -> None:
    content = "from,to,tier,since\nfirm:a,network:n,gold,2011\nfirm:a,network:n,silver,2011\n"
    content += "firm:a,network:n,gold,2012\n"  # `since` is in the key
    rivals = "from,to\nfirm:a,firm:b\nfirm:b,firm:a\n"  # no direction
    items = read(folder(tmp_path, {"MEMBER_OF.csv": content, "COMPETES_WITH.csv": rivals}))
    assert told(items) == [
        "data/MEMBER_OF.csv, line 3, from: the same fact stands already in data/MEMBER_OF.csv, "
        "line 2",
        "data/COMPETES_WITH.csv, line 3, from: the same fact stands already in "
        "data/COMPETES_WITH.csv, line 2",
    ]
    assert lines(items) == [2, 4, 2]


def test_duplicate_id_in_the_other_format(tmp_path: Path) -> None:
    files = {"Firm.csv": "id,name\nfirm:a,A\n", "Firm.jsonl": '{"id": "firm:a", "name": "B"}\n'}
    items = read(folder(tmp_path, files))
    assert told(items) == [
        "data/Firm.jsonl, line 1, id: 'firm:a' stands already in data/Firm.csv, line 2"
    ]
    assert names(items) == ["A"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_over_quoted_line_ends(tmp_path: Path, end: str) -> None:
    rows = [
        "id,name,description",
        f'firm:a,A,"two{end}lines"',  # 2
        "",  # 4
        f'firm:b,B,"three{end}{end}lines"',  # 5
        "firm:c,C",  # 8
        "firm:d,D,",  # 9
    ]
    items = read(folder(tmp_path, {"Firm.csv": end.join(rows)}))  # no line end at the end
    assert lines(items) == [2, 5, 9]
    assert told(items) == ["data/Firm.csv, line 8, (row): has 2 cells, the header has 3"]
    first = items[0]
    assert isinstance(first, Located)
    assert first.record.properties["description"] == f"two{end}lines"


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    content = HEADER + 'firm:a,A,1999\nfirm:b,"B,1999\nfirm:c,C,1999\n'
    items = read(folder(tmp_path, {"Firm.csv": content}))
    assert names(items) == ["A"]
    (problem,) = told(items)
    assert problem.startswith("data/Firm.csv, line 3, (row): ")
    assert "lines 3 to 4 were taken for one row: is a quotation mark never closed?" in problem


@pytest.mark.parametrize("row", ['firm:c,"C",1999', 'firm:c,C",1999,'])
def test_a_quotation_mark_that_is_closed_by_the_next(tmp_path: Path, row: str) -> None:
    content = HEADER + f'firm:a,"A,1999\nfirm:b,B,1999\n{row}\nfirm:d,D,1999\n'
    items = read(folder(tmp_path, {"Firm.csv": content}))
    assert names(items) == ["D"]
    (problem,) = told(items)
    assert problem.startswith("data/Firm.csv, line 2, (row): ")
    assert "lines 2 to 4 were taken for one row" in problem


def test_a_header_and_nothing_else(tmp_path: Path) -> None:
    assert read(folder(tmp_path, {"Firm.csv": "id,name"})) == []


def test_byte_order_mark_and_spaces_in_the_header(tmp_path: Path) -> None:
    content = "\ufeff id , name\nfirm:a, A \n"
    assert names(read(folder(tmp_path, {"Firm.csv": content}))) == ["A"]
    quoted = '\ufeff"id","name"\n"firm:a","A, ""B"""\n'
    assert names(read(folder(tmp_path, {"Firm.csv": quoted}))) == ['A, "B"']


# --- CSV: files that are not read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty; the first line names the columns"),
        ("id,name\nfirm:a,A\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (b"\xfe\xff" + "id,name\n".encode("utf-16-be"), "is UTF-16; save it as UTF-8"),
        (b"id;name\nfirm:a;A\n", "line 1: columns are to be separated by commas"),
        (b"id\tname\nfirm:a\tA\n", "line 1: columns are to be separated by commas"),
        (b"id\nfirm:a\n", "line 1, name: column is missing; Firm needs it"),
        (b"id,name,founder\n", "founder: unknown column of Firm; did you mean 'founded'?"),
        (b"id,name,zzz\n", "zzz: unknown column of Firm; allowed: id, name, aliases"),
        (b"id,name,name\n", "name: column stands twice"),
        (b"id,name,\n", "(empty): unknown column of Firm"),
        (b'id,"name\n', "line 1: "),
        (b"id,name,d\xe9scription\n", "is not UTF-8: byte 0xE9 (in cp1252: 'é')"),
        (b"firm:a,A\n", "line 1, id: column is missing"),
    ],
)
def test_header_that_is_wrong(tmp_path: Path, content: bytes, reason: str) -> None:
    text = refused(folder(tmp_path, {"Firm.csv": content}))
    assert all(line.startswith("data/Firm.csv") for line in text.splitlines())
    assert reason in text
    text.encode()  # can be printed, and sent


def test_all_wrong_headers_are_told_at_once(tmp_path: Path) -> None:
    files = {"Firm.csv": "id\n", "Person.csv": "", "PARTY_TO.csv": "form,to\n"}
    text = refused(folder(tmp_path, files))
    assert text.splitlines() == [
        "data/Firm.csv, line 1, name: column is missing; Firm needs it",
        "data/Person.csv: is empty; the first line names the columns",
        "data/PARTY_TO.csv, line 1, form: unknown column of PARTY_TO; did you mean 'from'?",
        "data/PARTY_TO.csv, line 1, from: column is missing; PARTY_TO needs it",
    ]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("Frim.csv", "data/Frim.csv: no type is called 'Frim'; did you mean 'Firm'?"),
        ("firm.csv", "did you mean 'Firm'?"),
        ("MEMBERS_OF.jsonl", "did you mean 'MEMBER_OF'?"),
        ("x.csv", "; allowed: Source, Firm"),
        ("Firm.txt", "data: no table found; expected files such as Firm.csv or MEMBER_OF.jsonl"),
        (".Firm.csv", "no table found"),
        ("sub/Firm.csv", "no table found"),
    ],
)
def test_file_name_that_is_wrong(tmp_path: Path, file: str, reason: str) -> None:
    assert reason in refused(folder(tmp_path, {file: "id,name\n"}))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    folder(tmp_path, {"Firm.csv": "id,name\n"})
    (tmp_path / "Firm.csv").chmod(0)
    assert "cannot be read" in refused(tmp_path)


def test_single_file_and_capital_ending(tmp_path: Path) -> None:
    folder(tmp_path, {"Firm.CSV": "id,name\nfirm:a,A\n"})
    assert names(read(tmp_path / "Firm.CSV", "Firm.CSV")) == ["A"]
    # As it comes from an address with a query.
    assert names(read(tmp_path / "Firm.CSV", "https://example.org/Firm.CSV?raw=1")) == ["A"]


# --- JSON lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'{"id": "firm:x", "name": }', "(row): is not JSON: "),
        (b'{"id": "firm:x", "name": "X"', "(row): is not JSON: "),
        (b'["firm:x", "X"]', "(row): is not a JSON object"),
        (b"null", "(row): is not a JSON object"),
        (b'{"id": "firm:x", "name": "X", "founder": 1}', "founder: unknown field of Firm; did you"),
        (b'{"id": "firm:x", "name": "X", "founded": "x"}', "founded: 'x' is not a whole number"),
        (b'{"id": "firm:x", "name": "X", "founded": 1.5}', "founded: 1.5 is not a whole number"),
        (b'{"id": "firm:x", "name": ["X"]}', "name: ['X'] is not text"),
        (b'{"id": "firm:x", "name": "\\ud800"}', "name: contains half a surrogate pair"),
        (b'{"id": "firm:x", "name": "\\u0000"}', "name: contains a NUL character"),
        (b'{"id": "firm:x", "name": "Caf\xe9"}', "(row): is not UTF-8: byte 0xE9"),
        (b'{"id": "firm:x", "name": "\xed\xa0\x80"}', "(row): is not UTF-8: byte 0xED"),
        (b"[" * 100_000, "(row): is not JSON: "),
        (b'{"founded": ' + b"9" * 5000 + b"}", "(row): is not JSON: "),
        (b'{"id": "firm:first", "name": "X"}', "id: 'firm:first' stands already in data/Fi"),
    ],
)  # fmt: skip
def test_bad_json_row_between_good_ones(tmp_path: Path, row: bytes, reason: str) -> None:
    content = b'\xef\xbb\xbf{"id": "firm:first", "name": "First"}\n' + row
    content += b'\r\n\n{"id": "firm:last", "name": "Last"}'
    items = read(folder(tmp_path, {"Firm.jsonl": content}))
    assert names(items) == ["First", "Last"]
    assert lines(items) == [1, 4]
    (problem,) = told(items)
    assert problem.startswith(f"data/Firm.jsonl, line 2, {reason}")


def test_bad_ends_in_json(tmp_path: Path) -> None:
    rows = [
        {"from": 5, "to": "network:n"},
        {"from": "firm:\ud800", "to": "network:n"},
        {"to": "network:n"},
        {"from": "firm:a", "to": None},
    ]
    content = "\n".join(map(json.dumps, rows))
    assert told(read(folder(tmp_path, {"MEMBER_OF.jsonl": content}))) == [
        "data/MEMBER_OF.jsonl, line 1, from: '5' does not start with 'firm:' or 'person:'",
        "data/MEMBER_OF.jsonl, line 2, from: contains half a surrogate pair, which no text can "
        "hold",
        "data/MEMBER_OF.jsonl, line 3, from: missing; every MEMBER_OF needs it",
        "data/MEMBER_OF.jsonl, line 4, to: missing; every MEMBER_OF needs it",
    ]


def test_json_in_utf_16(tmp_path: Path) -> None:
    content = '{"id": "firm:a", "name": "A"}\n'.encode("utf-16")
    assert "data/Firm.jsonl: is UTF-16" in refused(folder(tmp_path, {"Firm.jsonl": content}))


def test_json_values_and_cells_mean_the_same(tmp_path: Path) -> None:
    cells = {
        "Firm": "id,name,aliases,founded,lat\nfirm:a,A,B;C,1999,1.5\n",
        "COMPETES_WITH": "from,to,inferred,since\nfirm:a,firm:b,yes,2011-03\n",
    }
    values: dict[str, object] = {
        "Firm": {"id": "firm:a", "name": "A", "aliases": ["B", "C"], "founded": 1999, "lat": 1.5},
        "COMPETES_WITH": {"from": "firm:a", "to": "firm:b", "inferred": True, "since": "2011-03"},
    }
    csv = folder(tmp_path / "csv", {f"{n}.csv": text for n, text in cells.items()})
    json_ = folder(tmp_path / "json", {f"{n}.jsonl": json.dumps(v) for n, v in values.items()})
    of_csv, of_json = ([i.record for i in read(p) if isinstance(i, Located)] for p in (csv, json_))
    assert of_csv == of_json


# --- NDJSON --------------------------------------------------------------------------------------


def ndjson(*rows: object) -> list[Item]:
    text = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows)
    return list(read_ndjson(io.BytesIO(text.encode()), "upload"))


def test_ndjson_is_put_in_order() -> None:
    items = ndjson(
        {"type": "MEMBER_OF", "from": "firm:a", "to": "network:n"},
        {"type": "Network", "id": "network:n", "name": "N"},
        {"type": "Firm", "id": "firm:a", "name": "A"},
        {"type": "Source", "id": "source:s", "title": "S"},
    )
    found = [(i.record.type.name, i.line) for i in items if isinstance(i, Located)]
    assert found == [("Source", 4), ("Firm", 3), ("Network", 2), ("MEMBER_OF", 1)]


@pytest.mark.parametrize(
    ("row", "type_name", "reason"),
    [
        ({"type": "Frim"}, "unknown", "type: 'Frim' is no type; did you mean 'Firm'?"),
        ({"id": "firm:a", "name": "A"}, "unknown", "type: None is no type; allowed: Source, Firm"),
        ({"type": ["Firm"]}, "unknown", "type: ['Firm'] is no type"),
        ("[]", "unknown", "(row): is not a JSON object"),
        ("{", "unknown", "(row): is not JSON"),
        ({"type": "Firm", "id": "firm:a"}, "Firm", "name: missing; every Firm needs it"),
        ({"type": "Firm", "id": "firm:1", "name": "A"}, "Firm", "id: 'firm:1' stands already in"),
    ],
)  # fmt: skip
def test_bad_row_of_ndjson(row: object, type_name: str, reason: str) -> None:
    items = ndjson(
        {"type": "Firm", "id": "firm:1", "name": "First"},
        row,
        {"type": "Firm", "id": "firm:2", "name": "Last"},
    )
    assert names(items) == ["First", "Last"]
    assert lines(items) == [1, 3]
    (problem,) = told(items)
    assert problem.startswith(f"upload, line 2, {reason}")
    assert [i.type for i in items if isinstance(i, Rejected)] == [type_name]


# --- folders and archives ------------------------------------------------------------------------


def test_order_of_files_is_that_of_the_schema(tmp_path: Path) -> None:
    files: dict[str, str] = {
        "MEMBER_OF.csv": "from,to\nfirm:a,network:n\n",
        "Network.jsonl": '{"id": "network:n", "name": "N"}',
        "Firm.csv": "id,name,source\nfirm:a,A,source:s\n",
        "Source.csv": "id,title\nsource:s,S\n",
    }
    expected = ["Source", "Firm", "Network", "MEMBER_OF"]
    first = zipped(tmp_path / "a.zip", files)
    last = zipped(tmp_path / "b.zip", dict(reversed(files.items())))
    for path in (folder(tmp_path / "folder", files), first, last):
        found = [i.record.type.name for i in read(path) if isinstance(i, Located)]
        assert found == expected
    assert expected == [t.name for t in SCHEMA if t.name in expected]


def test_zip_with_nested_folders(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "data.zip",
        {
            "export/tables/Firm.csv": HEADER + "firm:a,A,1999\nfirm:b,B,soon\n",
            "export/README.txt": "not a table",
            "__MACOSX/export/tables/._Firm.csv": b"\x00\x05\x16\x07",
            "export/.DS_Store": b"\x00",
            "export/tables/": "",
        },
    )
    items = read(path, "data.zip")
    assert names(items) == ["A"]
    assert told(items) == [
        "data.zip/export/tables/Firm.csv, line 3, founded: 'soon' is not a whole number"
    ]


def test_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_UNPACKED", 2 << 20)
    row = "firm:a,A," + " " * 1000 + "\n"
    path = zipped(tmp_path / "data.zip", {"Firm.csv": HEADER + row * 3000})
    assert path.stat().st_size < 50_000
    assert refused(path) == "data: unpacks to more than 2 MiB"
    half = HEADER + row * 1500
    two = zipped(tmp_path / "two.zip", {"Firm.csv": half, "x.txt": half})
    assert refused(two) == "data: unpacks to more than 2 MiB"


def test_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    content = HEADER + "firm:a,A,1999\n" * 100_000
    path = zipped(tmp_path / "data.zip", {"Firm.csv": content})
    packed = bytearray(path.read_bytes())
    true, told_ = struct.pack("<I", len(content)), struct.pack("<I", 100)
    assert packed.count(true) == 2
    path.write_bytes(packed.replace(true, told_))
    assert refused(path) == "data: cannot be unpacked: Firm.csv is damaged"


def test_damaged_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "data.zip", {"Firm.csv": HEADER + "firm:a,A,1999\n" * 1000})
    packed = bytearray(path.read_bytes())
    packed[60:80] = bytes(20)
    path.write_bytes(packed)
    assert refused(path).startswith("data: cannot be unpacked: ")
    path.write_bytes(packed[:40] + packed[-22:])
    assert refused(path).startswith("data: cannot be unpacked: ")


def test_zip_with_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "data.zip", {"Firm.csv": HEADER})
    packed = bytearray(path.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(header) + flags] |= 1
    path.write_bytes(packed)
    assert refused(path).startswith("data: cannot be unpacked: File 'Firm.csv' is encrypted")


def test_a_zip_is_not_unpacked_into_memory(tmp_path: Path) -> None:
    rows = (f"firm:{n},{n},{'x' * 5000}\n" for n in range(2000))
    path = zipped(tmp_path / "data.zip", {"Firm.csv": "id,name,description\n" + "".join(rows)})
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_tables(path, "data")) == 2000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000
