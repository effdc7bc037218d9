"""explain, correct, corrections, withdraw, erase-person."""

import datetime as dt
import json
import re
from pathlib import Path

from alliance_explorer.queries.provenance import corrections, explain
from tests.support.console import TELECOM, TINY, answer, ran, refused, tables


def test_explain(db: str) -> None:
    told = ran("--db", db, "explain", "Xelerated", "Ericsson")
    assert "Bengtsson & Johansson 2014" in told and "PARTY_TO Xelerated" in told
    assert ran("--db", db, "explain", "Xelerated", "--json") == answer(
        db, lambda x: explain(x, "Xelerated")
    )
    fact = json.loads(ran("--db", db, "explain", "Xelerated", "Ericsson", "--json"))["items"][0][
        "id"
    ]
    assert fact in ran("--db", db, "explain", fact)
    assert "did you mean" in refused("--db", db, "explain", "Xelerted")


def test_a_correction_is_made_listed_and_withdrawn(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path / 'x.lbug'}"
    ran("--db", url, "load", TELECOM)
    assert "Nothing was corrected" in ran("--db", url, "corrections")
    ran("--db", url, "correct", "Xelerated", "city=Kista", "--why", "their web page")
    assert "their web page" in ran("--db", url, "corrections")
    assert ran("--db", url, "corrections", "--json") == answer(url, corrections)
    assert "Nothing changed" in ran("--db", url, "load", TELECOM)
    told = ran("--db", url, "explain", "Xelerated")
    assert "corrected by hand: city" in told and "until " in told
    (id_,) = re.findall(r"\[(statement:\w+)\]", ran("--db", url, "corrections"))
    assert "city not known" in ran("--db", url, "withdraw", id_)
    assert "withdrawn" in ran("--db", url, "corrections", "--all")
    assert "write PROPERTY=VALUE" in refused("--db", url, "correct", "Xelerated", "x", "--why", "y")


def test_erase_person(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path / 'x.lbug'}"
    data = tables(
        tmp_path / "data", {**TINY, "Person.csv": "id,name\nperson:p,Penny Lane\nperson:q,Q\n"}
    )
    ran("--db", url, "load", data)
    assert "Would go: 1 person, 1 WORKS_FOR, 1 KNOWS, 1 CHAMPIONS" in ran(
        "--db", url, "erase-person", "Penny Lane", "--dry-run"
    )
    told = ran("--db", url, "erase-person", "Penny Lane")
    assert "0 name them" in told and "log included: 0 times" in told
    assert "were left out" in ran("--db", url, "load", data)
    assert "Penny" not in ran("--db", url, "search", "Penny", "--json").replace('"Penny"', "")


def test_a_snapshot(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path / 'x.lbug'}"
    files = {
        "Source.csv": "id,title\nsource:s,S\n",
        "Firm.csv": "id,name,source\nfirm:a,A,source:s\nfirm:b,B,source:s\n",
        "Network.csv": "id,name\nnetwork:n,N\n",
        "MEMBER_OF.csv": "from,to,source\nfirm:a,network:n,source:s\nfirm:b,network:n,source:s\n",
    }
    first = tables(tmp_path / "first", files)
    fewer = {**files, "MEMBER_OF.csv": "from,to,source\nfirm:a,network:n,source:s\n"}
    second = tables(tmp_path / "second", fewer)
    ran("--db", url, "load", first, "--snapshot", "2020-01-01")
    assert "no longer on 2021-01-01" in ran("--db", url, "load", second, "--snapshot", "2021-01-01")
    (fact,) = json.loads(ran("--db", url, "firm", "B", "--json"))["memberships"]
    assert fact["fact"]["properties"]["until"] == str(dt.date(2021, 1, 1))
    assert "is not a date" in refused("--db", url, "load", first, "--snapshot", "2020")
