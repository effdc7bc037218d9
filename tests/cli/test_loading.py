"""Loading: what is rejected."""

import csv
import json
import re
from pathlib import Path

from tests.support.console import TINY, ran, run, tables

ROWS = {
    "Firm.csv": "id,name,founded\nfirm:a,A,1999\nfirm:b,B,soon\nc,,1\n",
    "COMPETES_WITH.csv": "from,to\nfirm:a,firm:b\n",
}
REASONS = [
    ("Firm.csv", "3", "founded", "'soon' is not a whole number"),
    ("Firm.csv", "4", "founded", "1 is not between 1000 and 2200"),
    ("Firm.csv", "4", "name", "missing; every Firm needs it"),
    ("Firm.csv", "4", "id", "'c' does not start with 'firm:'"),
    ("COMPETES_WITH.csv", "2", "to", "'firm:b' is neither in this load nor in the graph"),
]


def rejected(path: Path) -> list[tuple[str, ...]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(Path(r["file"]).name, r["line"], r["field"], r["reason"]) for r in rows]


def test_rejects_file(tmp_path: Path) -> None:
    url, data = f"ladybug://{tmp_path}/x.lbug", tables(tmp_path / "data", ROWS)
    rejects = tmp_path / "rejects.csv"
    strict = run("--db", url, "load", data, "--strict", "--rejects", str(rejects))
    assert strict.code == 2
    assert strict.out == ""
    assert "3 bad rows, and --strict loads nothing then" in strict.err
    assert rejected(rejects) == REASONS
    assert "Nothing is loaded yet" in ran("--db", url, "stats")
    rejects.unlink()
    usual = run("--db", url, "load", data, "--rejects", str(rejects))
    assert usual.code == 0
    assert re.search(r"^total +4 +1 +0 +3$", usual.out, flags=re.MULTILINE)
    assert f"3 rows were rejected; all of them are in {rejects}" in usual.err
    for file, line, field, reason in REASONS:
        assert f"{file}, line {line}, {field}: {reason}" in usual.err
    assert rejected(rejects) == REASONS
    # Now all is well: the file does not go on saying otherwise.
    ran("--db", url, "load", tables(tmp_path / "data", TINY), "--rejects", str(rejects))
    assert rejected(rejects) == []


def test_rejects_without_a_file(tmp_path: Path) -> None:
    url, data = f"ladybug://{tmp_path}/x.lbug", tables(tmp_path / "data", ROWS)
    told = run("--db", url, "load", data)
    assert "3 rows were rejected; --rejects FILE keeps them all" in told.err
    as_json = run("--db", url, "load", data, "--json")
    assert as_json.err == ""
    found = json.loads(as_json.out)
    assert found["total"] == {
        **{"read": 4, "loaded": 0, "created": 0},
        **{"changed": 0, "unchanged": 1, "rejected": 3},
    }
    assert [(r["field"], r["reason"]) for r in found["rejects"]] == [r[2:] for r in REASONS]


def test_headers_that_are_wrong_are_all_told(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path}/x.lbug"
    data = tables(tmp_path / "data", {"Firm.csv": "id,nmae\n", "Person.csv": ""})
    result = run("--db", url, "load", data)
    assert result.code == 2
    first, *_, last = result.err.splitlines()
    assert "Firm.csv, line 1, nmae: unknown column of Firm; did you mean 'name'?" in first
    assert "Person.csv: is empty; the first line names the columns" in last
