"""Loading as a user sees it: sources in, every row accounted for."""

import csv
import datetime as dt
import io
import itertools
import json
import random
import re
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from alliance_explorer.engine import Edge, Engine, Node, Passing, Row
from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA, NodeType, Problem
from alliance_explorer.loaders import (
    LoadRefused,
    Rejected,
    Summary,
    load,
    load_stream,
    rejects_as_csv,
    report,
)
from alliance_explorer.loaders.model import Count, Rejects
from alliance_explorer.loaders.report import MAX_REJECTS_SHOWN
from alliance_explorer.loaders.tabular.tables import are_tables, read_tables
from tests.support.tiny import EXAMPLES

TODAY = dt.date(2026, 11, 22)

SOUND: Mapping[str, str] = {
    "Source.csv": "id,title\nsource:s,S\n",
    "Firm.csv": "id,name,source\nfirm:a,A,source:s\nfirm:b,B,\nfirm:c,C,\n",
    "Person.csv": "id,name\nperson:p,P\n",
    "Network.jsonl": '{"id": "network:n", "name": "N"}\n',
    "Alliance.csv": "id,name,start,end\nalliance:x,X,2011,2012-03\n",
    "MEMBER_OF.csv": "from,to,since\nfirm:a,network:n,2011\nperson:p,network:n,\n",
    "PARTY_TO.csv": "from,to,role\nfirm:a,alliance:x,supplier\nfirm:b,alliance:x,customer\n",
    "COMPETES_WITH.csv": "from,to,market\nfirm:b,firm:a,m\n",
}
# As above, with one bad row of every sort; how many of a type are good is in BAD_COUNTS.
BAD: Mapping[str, str | bytes] = {
    "Source.csv": "id,title\nsource:s,S\nsource:t,\n",
    "Firm.csv": b"id,name,founded,source\nfirm:a,A,1999,source:s\n"
    + b"firm:e,Caf\xe9,1999,\n"  # line 3: cp1252
    + b"firm:b,B,soon,\n"  # 4: bad number
    + b"firm:a,A again,1999,\n"  # 5: duplicate
    + b"firm:c,C,1999\n"  # 6: too few cells
    + b"firm:d,D,1999,,\n"  # 7: too many
    + b"firm:f,F,1999,source:nowhere\n"  # 8: dangling
    + b"firm:g,G,,\n",
    "Network.jsonl": '{"id": "network:n", "name": "N"}\n{"id": "network:m"\n[]\n'
    '{"id": "network:o", "name": "O", "kidn": "cluster"}\n',
    "Event.csv": "id,date,kind\nevent:e,2011,founded\nevent:f,31.12.2011,founded\n",
    "Alliance.csv": "id,name,phase\nalliance:x,X,formation\nalliance:y,Y,foramtion\n",
    "MEMBER_OF.csv": "from,to,tier\nfirm:a,network:n,gold\nfirm:a,network:n,silver\n"
    "firm:b,network:n,\nfirm:a,network:o,\nfirm:a,firm:g,\n",
}
BAD_COUNTS = {  # read, loaded, rejected
    "Source": (2, 1, 1),
    "Firm": (8, 2, 6),
    "Network": (4, 1, 3),
    "Event": (2, 1, 1),
    "Alliance": (2, 1, 1),
    "MEMBER_OF": (5, 1, 4),
}


def folder(path: Path, files: Mapping[str, str | bytes]) -> str:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_tables_are_known_by_their_names(tmp_path: Path) -> None:
    whole = Path(folder(tmp_path / "whole", {**SOUND, "README.md": "Whose they are."}))
    other = Path(folder(tmp_path / "other", {**SOUND, "participations.csv": "rcn,pic,role\n"}))
    (tmp_path / "empty").mkdir()
    assert are_tables(whole)
    for path in (other, tmp_path / "empty", tmp_path / "missing", whole / "Firm.csv"):
        assert not are_tables(path)


def test_in_an_empty_graph_nothing_is_counted_by_type(engine: Engine, tmp_path: Path) -> None:
    class Counted(Passing):
        def read_whole(self, query: str) -> list[Row]:
            counted.extend(re.findall(r":(\w+).*count\(x\)", query))
            return super().read_whole(query)

    data = folder(tmp_path, SOUND)
    counted: list[str] = []
    for expected in ([], sorted(name.partition(".")[0] for name in SOUND)):
        load(Counted(engine), [data], recheck=True, max_download=0, download_timeout=0.0)
        assert sorted(counted) == expected


def loaded(engine: Engine, *sources: str, strict: bool = False, format: str = "auto") -> Summary:
    summary = load(
        engine,
        sources,
        strict=strict,
        format=format,
        max_download=1,
        download_timeout=1.0,
        today=TODAY,
    )
    assert_accounted_for(summary)
    return summary


def assert_accounted_for(summary: Summary) -> None:
    for count in (*summary.counts.values(), summary.total):
        assert count.read == count.loaded + count.unchanged + count.rejected
    assert summary.total.rejected == len(summary.rejects)
    for name in ("read", "created", "changed", "unchanged", "rejected"):
        parts = sum(getattr(c, name) for c in summary.counts.values())
        assert getattr(summary.total, name) == parts
    for reject in summary.rejects:
        assert reject.file
        assert reject.line > 0
        assert reject.problems
        assert all(p.field and p.reason for p in reject.problems)


def everything(engine: Engine) -> list[tuple[object, ...]]:
    """The whole graph."""
    found: list[tuple[object, ...]] = []
    for type_ in SCHEMA:
        if isinstance(type_, NodeType):
            for row in engine.read(f"MATCH (x:{type_.label}) RETURN x"):
                node = row["x"]
                assert isinstance(node, Node)
                found.append((type_.label, sorted(node.properties.items())))
            continue
        rows = engine.read(f"MATCH (a)-[x:{type_.type}]->(b) RETURN a.id AS a, x, b.id AS b")
        for row in rows:
            edge = row["x"]
            assert isinstance(edge, Edge)
            found.append((type_.type, row["a"], row["b"], sorted(edge.properties.items())))
    return sorted(found, key=str)


# --- what is wrong -------------------------------------------------------------------------------


def test_good_rows_load_beside_bad_ones(engine: Engine, tmp_path: Path) -> None:
    summary = loaded(engine, folder(tmp_path / "data", BAD))
    counts = {n: (c.read, c.loaded, c.rejected) for n, c in summary.counts.items()}
    assert counts == BAD_COUNTS
    told = {
        (Path(r.file).name, r.line, p.field): p.reason for r in summary.rejects for p in r.problems
    }
    expected = {
        ("Source.csv", 3, "title"): "missing; every Source needs it",
        ("Firm.csv", 3, "name"): "is not UTF-8: byte 0xE9",
        ("Firm.csv", 4, "founded"): "'soon' is not a whole number",
        ("Firm.csv", 5, "id"): "stands already in",
        ("Firm.csv", 6, "(row)"): "has 3 cells, the header has 4",
        ("Firm.csv", 7, "(row)"): "has 5 cells, the header has 4",
        ("Firm.csv", 8, "source"): "'source:nowhere' is neither in this load nor in the graph",
        ("Network.jsonl", 2, "(row)"): "is not JSON",
        ("Network.jsonl", 3, "(row)"): "is not a JSON object",
        ("Network.jsonl", 4, "kidn"): "unknown field of Network; did you mean 'kind'?",
        ("Event.csv", 3, "date"): "is not a date",
        ("Alliance.csv", 3, "phase"): "did you mean 'formation'?",
        ("MEMBER_OF.csv", 3, "from"): "the same fact stands already in",
        ("MEMBER_OF.csv", 4, "from"): "'firm:b' is neither in this load nor in the graph",
        ("MEMBER_OF.csv", 5, "to"): "'network:o' is neither in this load nor in the graph",
        ("MEMBER_OF.csv", 6, "to"): "does not start with 'network:'",
    }
    assert told.keys() == expected.keys()
    for place, reason in expected.items():
        assert reason in told[place]
    assert all(r.file.startswith(str(tmp_path / "data")) for r in summary.rejects)
    stored = engine.read("MATCH (f:Firm) RETURN f.id AS id ORDER BY f.id")
    assert [row["id"] for row in stored] == ["firm:a", "firm:g"]


def test_strict_loads_nothing_if_any_row_is_bad(engine: Engine, tmp_path: Path) -> None:
    sound, bad = folder(tmp_path / "sound", SOUND), folder(tmp_path / "bad", BAD)
    usual = loaded(engine, sound)
    before = everything(engine)
    # The sound source stands first: it must not be written either.
    more = folder(tmp_path / "more", {"Firm.csv": "id,name\nfirm:new,New\n"})
    with pytest.raises(LoadRefused, match="15 bad rows, and --strict loads nothing") as caught:
        loaded(engine, more, bad, strict=True)
    assert everything(engine) == before
    with_rejects = loaded(engine, bad)
    assert [(r.file, r.line, r.problems) for r in caught.value.rejects] == [
        (r.file, r.line, r.problems) for r in with_rejects.rejects
    ]
    assert usual.total.rejected == 0


def test_strict_into_an_empty_graph(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(LoadRefused):
        loaded(engine, folder(tmp_path, BAD), strict=True)
    assert everything(engine) == []


def test_strict_loads_sound_rows(engine: Engine, tmp_path: Path) -> None:
    # The second source refers to the first, which a strict load has not written when it checks.
    first = folder(tmp_path / "1", SOUND)
    second = folder(tmp_path / "2", {"MEMBER_OF.csv": "from,to\nfirm:c,network:n\n"})
    summary = loaded(engine, first, second, strict=True)
    assert summary.total == Count(read=13, created=13)


@pytest.mark.parametrize("wrong", ["id\nfirm:z\n", "", "id;name\n"])
def test_a_wrong_header_anywhere_stops_the_load_before_it_begins(
    engine: Engine, tmp_path: Path, wrong: str
) -> None:
    sound = folder(tmp_path / "sound", SOUND)
    bad = folder(tmp_path / "bad", {"Firm.csv": wrong, "Network.csv": "id,name\nnetwork:z,Z\n"})
    with pytest.raises(SourceError, match=r"bad/Firm\.csv"):
        loaded(engine, sound, bad)
    assert everything(engine) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{}/dtaa", "no such file or folder; did you mean {}/data?"),
        ("{}/zzz", "{}/zzz: no such file or folder"),
        ("{}/none/data", "no such file or folder"),
        ("{}/" + "x" * 300, "x: "),  # cannot be read, or does not exist: Pythons differ
        ("{}/empty", "no table found"),
        ("file://{}/data", "only http and https are allowed"),
    ],
)
def test_a_source_that_is_not_there(
    engine: Engine, tmp_path: Path, source: str, reason: str
) -> None:
    sound = folder(tmp_path / "data", SOUND)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError) as caught:
        loaded(engine, sound, source.format(tmp_path))
    assert reason.format(tmp_path) in str(caught.value)
    assert everything(engine) == []


def test_format_that_does_not_exist(engine: Engine, tmp_path: Path) -> None:
    sound = folder(tmp_path, SOUND)
    with pytest.raises(SourceError, match="unknown format 'table'; did you mean 'tables'"):
        loaded(engine, sound, format="table")
    with pytest.raises(SourceError, match=r"cannot be read|not YAML|landscape"):
        loaded(engine, f"{sound}/Firm.csv", format="landscape")


# --- the same again ------------------------------------------------------------------------------


def test_a_second_load_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    sound = folder(tmp_path, SOUND)
    first = loaded(engine, sound)
    assert first.total == Count(read=12, created=12)
    before = everything(engine)
    second = loaded(engine, sound)
    assert second.total == Count(read=12, unchanged=12)
    assert list(second.counts) == list(first.counts)
    assert everything(engine) == before


def test_two_loads_at_once_come_one_after_the_other(engine: Engine, tmp_path: Path) -> None:
    firms = "".join(f"firm:f{n},F {n}\n" for n in range(3_000))
    members = "".join(f"firm:f{n},network:n\n" for n in range(3_000))
    files = {
        "Firm.csv": "id,name\n" + firms,
        "Network.csv": "id,name\nnetwork:n,N\n",
        "MEMBER_OF.csv": "from,to\n" + members,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with ThreadPoolExecutor(3) as threads:
        # As a server does: each request has an engine of its own that watches.
        going = [threads.submit(loaded, engine.watching(), str(tmp_path)) for _ in range(3)]
        done = [g.result() for g in going]
    assert sorted(d.counts["MEMBER_OF"].created for d in done) == [0, 0, 3_000]
    assert all(d.counts["Firm"].read == 3_000 and not d.rejects for d in done)
    (row,) = engine.read("MATCH (f:Firm)-[r:MEMBER_OF]->() RETURN count(f) AS f, count(r) AS r")
    assert row == {"f": 3_000, "r": 3_000}


def test_the_bundled_cases_load_and_load_again(engine: Engine) -> None:
    cases = sorted(str(p) for p in EXAMPLES.iterdir() if (p / "Source.csv").exists())
    assert len(cases) == 4
    first = loaded(engine, *cases, strict=True)
    assert first.total.rejected == 0
    assert first.total.read == first.total.created > 400
    before = everything(engine)
    second = loaded(engine, *reversed(cases))
    assert second.total == Count(read=first.total.read, unchanged=first.total.read)
    assert everything(engine) == before


def test_order_of_files_and_rows_does_not_matter(engine: Engine, tmp_path: Path) -> None:
    loaded(engine, folder(tmp_path / "folder", SOUND))
    before = everything(engine)
    # As an archive, its files and their rows the other way round.
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for name, content in reversed([*SOUND.items()]):
            header, *rows = content.splitlines()
            shuffled = [header, *reversed(rows)]
            archive.writestr(f"export/{name}", "\n".join(shuffled) + "\n")
    again = loaded(engine, str(tmp_path / "data.zip"))
    assert again.total == Count(read=12, unchanged=12)
    assert everything(engine) == before


def test_the_same_rows_in_any_form_make_the_same_graph(engine: Engine, tmp_path: Path) -> None:
    loaded(engine, folder(tmp_path / "csv", SOUND))
    before = everything(engine)
    rows = []
    for name, content in SOUND.items():
        some = (
            csv.DictReader(io.StringIO(content)) if name.endswith(".csv") else [json.loads(content)]
        )
        rows += [{"type": name.partition(".")[0], **row} for row in some]
    random.Random(1).shuffle(rows)
    body = io.BytesIO("\n".join(map(json.dumps, rows)).encode())
    summary = load_stream(engine, body, None)
    assert summary.total == Count(read=12, unchanged=12)
    assert everything(engine) == before


def test_single_files_one_after_the_other(engine: Engine, tmp_path: Path) -> None:
    sound = folder(tmp_path, SOUND)
    order = ["Source.csv", "Firm.csv", "Person.csv", "Network.jsonl", "MEMBER_OF.csv"]
    for name in order:
        assert loaded(engine, f"{sound}/{name}").total.rejected == 0
    too_early = loaded(engine, f"{sound}/PARTY_TO.csv")
    assert too_early.total == Count(read=2, rejected=2)


# --- a stream ------------------------------------------------------------------------------------


def test_stream_of_json_lines(engine: Engine) -> None:
    rows = [
        {"type": "COMPETES_WITH", "from": "firm:a", "to": "firm:b"},
        {"type": "Frim", "id": "firm:c"},
        {"type": "Firm", "id": "firm:a", "name": "A"},
        {"type": "Firm", "id": "firm:b", "name": "B"},
    ]
    body = io.BytesIO("\n".join([*map(json.dumps, rows), "{"]).encode())
    with pytest.raises(LoadRefused):
        load_stream(engine, body, None, strict=True)
    assert everything(engine) == []
    summary = load_stream(engine, body, None)
    assert_accounted_for(summary)
    assert summary.counts == {
        "unknown": Count(read=2, rejected=2),
        "Firm": Count(read=2, created=2),
        "COMPETES_WITH": Count(read=1, created=1),
    }
    assert [(r.file, r.line) for r in summary.rejects] == [("upload", 2), ("upload", 5)]


def test_stream_that_is_no_archive(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"PK\x03\x04 no, it is not")
    with pytest.raises(SourceError, match="upload: no table found"):
        load_stream(engine, io.BytesIO(), path)


# --- what is said of it --------------------------------------------------------------------------


def test_report(engine: Engine, tmp_path: Path) -> None:
    told = report(loaded(engine, folder(tmp_path, BAD)))
    assert {n: (c.read, c.loaded, c.rejected) for n, c in told.types.items()} == BAD_COUNTS
    for counts in (*told.types.values(), told.total):
        assert counts.read == counts.loaded + counts.unchanged + counts.rejected
        assert counts.loaded == counts.created + counts.changed
    assert told.total.rejected == 16
    assert len(told.rejects) == 16
    assert json.loads(told.model_dump_json())["total"]["read"] == 23


def hostile(n: int) -> Rejected:
    problems = (Problem("na\udce9me", 'a "quoted",\nreason \ud800'), Problem("id", "é"))
    return Rejected("Firm", f"{n}/Fi\udcffrm.csv", n, problems, {"id": "\ud800", "name": "é"})


def test_report_is_bounded_and_can_be_sent() -> None:
    summary = Summary(
        {"Firm": Count(read=2000, rejected=2000)}, Rejects(map(hostile, range(1, 2001)))
    )
    told = report(summary)
    assert len(told.rejects) == MAX_REJECTS_SHOWN
    assert told.total.rejected == 2000
    assert "na\\udce9me" in json.loads(told.model_dump_json())["rejects"][0]["field"]


def test_rejects_file_has_every_problem() -> None:
    text = "".join(rejects_as_csv([hostile(n) for n in (1, 2)]))
    text.encode()
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["type", "file", "line", "field", "reason", "row"]
    assert [(r[0], r[2], r[3][-2:]) for r in rows] == [
        ("Firm", str(n), field) for n, field in itertools.product((1, 2), ("me", "id"))
    ]
    assert rows[0][4].startswith('a "quoted",\nreason ')
    assert "é" in rows[0][5]


@pytest.mark.parametrize("name", [t.name for t in SCHEMA])
def test_the_name_of_a_type_is_the_name_of_its_file(name: str, tmp_path: Path) -> None:
    type_ = next(t for t in SCHEMA if t.name == name)
    needed = (
        [p.name for p in type_.properties if p.required]
        if isinstance(type_, NodeType)
        else ["from", "to"]
    )
    (tmp_path / f"{name}.csv").write_text(",".join(needed) + "\n")
    assert list(read_tables(tmp_path, "data")) == []


def test_rejects_beyond_the_first_thousands_are_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, also while more come; asked for by number, and in parts; it has no name."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    many = Rejects()
    expected = [Rejected("Firm", "f", n, (Problem("id", "é"),), {"n": n}) for n in range(12_000)]
    for n, one in enumerate(expected):
        many.append(one)
        if n == 7_000:
            assert list(many) == expected[:7_001]
    assert len(many) == 12_000 and many == expected
    assert many[11_999] == expected[-1] == many[-1]
    assert many[4_990:5_010] == expected[4_990:5_010]
    both = zip(many, many, strict=True)
    assert all(a == b for a, b in both)
    assert repr(many) == "<12,000 rejects>"
    assert not list(tmp_path.iterdir())
