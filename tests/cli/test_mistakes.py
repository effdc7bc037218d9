"""Every sort of mistake is told in one line."""

import re
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from tests.support.console import refused, run, tables

MISTAKES: dict[tuple[str, ...], str] = {
    ("firm", "Xelratd"): r"is called 'Xelratd'; did you mean: Xelerated \(firm:xelerated\)",
    ("firm", "zzzzqqqq"): r"no firm, person or network is called 'zzzzqqqq'$",
    ("portfolio", "Ericson"): r"did you mean: Ericsson \(firm:ericsson\)",
    ("bridges", "Xelerated", "MTN Grup"): r"did you mean: MTN Group",
    ("paths", "Xelrated", "MTN Group"): r"did you mean: Xelerated",
    ("paths", "Xelerated", "xelerated"): r"Xelerated is both ends",
    ("paths", "Xelerated", "ZTE", "--avoid", "Huwei"): r"did you mean: Huawei",
    ("view", "Xelratd"): r"did you mean: Xelerated",
    ("export", "x.json", "--ego", "Xelratd"): r"did you mean: Xelerated",
    ("firm", "Xelerated", "--as-of", "31.12.2011"): r"'31.12.2011' is not a date; write 2011-12-31",
    ("firm", "Xelerated", "--known-at", "2011-02-30"): r"'2011-02-30' is not a date",
    ("portfolio", "Xelerated", "--as-of", "soon"): r"'soon' is not a date",
    ("paths", "Xelerated", "ZTE", "--as-of", "2011"): r"'2011' is not a date",
    ("paths", "Xelerated", "ZTE", "--kind", "aliance"): r"'aliance'; did you mean 'alliance'\?",
    ("paths", "Xelerated", "ZTE", "--kind", "?"): r"allowed: ownership, employment, champ",
    ("paths", "Xelerated", "ZTE", "--weight", "aliance:1"): r"did you mean 'alliance'\?",
    ("paths", "Xelerated", "ZTE", "--weight", "alliance"): r"no weight; write membership:0.1",
    ("paths", "Xelerated", "ZTE", "--weight", "alliance:7"): r"--weight: .*less than or equal to 1",
    ("paths", "Xelerated", "ZTE", "--weight", "alliance:nan"): r"--weight: ",
    ("paths", "Xelerated", "ZTE", "--via", "Xelerated"): r"Xelerated is where the way begins",
    ("paths", "Xelerated", "ZTE", "--avoid-competitors-of", "me"): r"--avoid-competitors-of: ",
    ("paths", "Xelerated"): r"say who is to be reached: TARGET, or --country and so on",
    ("paths", "Xelerated", "ZTE", "--country", "SE"): r"say who is to be reached",
    ("paths", "Xelerated", "--actor-type", "operater"): r"did you mean 'operator'\?",
    ("bridge-matrix", "Xelerated", "MTN Grup"): r"did you mean: MTN Group",
    (
        "paths",
        "Xelerated",
        "ZTE",
        "--half-life",
        "0",
    ): r"--half-life: .*greater than or equal to 0.01",
    ("what-if", "Xelerated"): r"say what to suppose: leaves, acquired and by, joins",
    ("what-if", "Xelerated", "--leaves", "Ericson"): r"did you mean: Ericsson",
    ("what-if", "Xelerated", "--leaves", "Seamless"): r"Seamless is no partner of Xelerated on ",
    ("what-if", "Xelerated", "--acquired", "ZTE"): r"a takeover needs both",
    ("exposure", "Xelerated", "--weight", "sise:1"): r"no factor is called 'sise'",
    ("candidate", "Xelerated", "Xelerated"): r"Xelerated is no candidate for itself",
    ("partners", "Xelerated", "--size", "tiny"): r"there are micro, small, medium, large",
    ("partners", "Xelerated", "--cursor", "?"): r"the cursor is not one that a page gave",
    ("constellation", "Xelerated"): r"name 1 to 12 capabilities",
    ("constellation", "Xelerated", "--capability", "paymnts"): r"did you mean 'payments'\?",
    ("proximity", "Xelerated", "xelerated"): r"Xelerated is both ends",
    ("proximity", "Xelerated", "ZTE", "--threshold", "far"): r"no threshold; write far_km:5000",
    ("proximity", "Xelerated", "ZTE", "--threshold", "farkm:1"): r"did you mean 'far_km'\?",
    ("proximity", "Xelerated", "ZTE", "--threshold", "far_km:0"): r"threshold far_km: .*greater",
    ("proximity-matrix", "Xelerated", "--sort", "socal"): r"did you mean 'social'\?",
    ("proximity-matrix", "Xelerated", "ZTE", "Xelerated"): r"no candidate of itself",
    ("feasibility", "Chicago firm 13", "--service", "hostng"): r"'hosting'\?; known: hosting, ",
    ("feasibility", "Chicago firm 13", "--service", "UX"): r"name a candidate, or the reach",
    ("feasibility", "Chicago firm 13", "--reach", "local"): r"say which service: --service TYPE",
    (
        *("feasibility", "Chicago firm 13", "--service", "UX"),
        *("--reach", "dmestic"),
    ): r"'dmestic'; did you mean 'domestic'\?",
    ("search", "x", "--label", "Frim"): r"'Frim' cannot be searched; did you mean 'Firm'\?",
    ("schema", "--format", "neo4"): r"'neo4'; did you mean 'neo4j'\?",
    ("export", "x.doc"): r"x\.doc: what format is that\? Name it \(tables, parquet, ",
    ("export", "x.xml", "--format", "grapml"): r"'grapml'; did you mean 'graphml'\?",
    ("export", "x.json", "--around", "Xelratd"): r"did you mean: Xelerated",
    ("export", "x.json", "--around", "ZTE", "--ego", "ZTE"): r"choose one",
    ("export", "x.ndjson", "--ego", "ZTE"): r"--ego is a picture: choose one of graphml, gexf",
    ("export", "x.json", "--as-of", "2011-01-01"): r"--as-of goes with --ego",
    ("export", "{}/none/x.json"): r"cannot write .*none/x\.json: No such file or directory",
    ("view", "Xelerated", "-o", "{}/none/x.html"): r"cannot write .*none/x\.html: No such file",
    ("view", "Xelerated", "-o", "{}"): r"cannot write .*: Is a directory",
    ("load", "{}/dtaa"): r"no such file or folder; did you mean .*/data\?",
    ("load", "{}"): r"no table found; expected files such as Firm\.csv",
    ("load", "{}/data", "--format", "tabels"): r"'tabels'; did you mean 'tables'\?",
    ("load", "{}/data", "--rejects", "{}/none/x.csv"): r"cannot write .*: there is no folder",
    ("load", "ftp://example.org/Firm.csv"): r"only http and https are allowed",
    ("load", "http://127.0.0.1:1/Firm.csv"): r"cannot fetch http://127\.0\.0\.1:1/Firm\.csv: ",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_mistake(db: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    tables(tmp_path / "data", {"Firm.csv": "id,name\n"})
    told = refused("--db", db, *(a.format(tmp_path) for a in arguments))
    assert re.search(MISTAKES[arguments], told)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://x", r"cannot open 'mysql://': use ladybug://PATH or neo4j://"),
        ("x.lbug", r"cannot open 'x\.lbug': .*; did you mean ladybug://x\.lbug\?"),
        ("ladybug://{}/x.lbug", r"there is no database .*/x\.lbug; `alliance-explorer load`"),
        ("ladybug://", r"use ladybug://PATH"),
        ("ladybug://{}", r"cannot open "),
        ("ladybug://{}/data/Firm.csv", r"cannot open .*/Firm\.csv: "),
        ("ladybug://{}/data/Firm.csv/x.lbug", r"there is no database "),
        ("bolt://127.0.0.1:1", r"cannot reach bolt://127\.0\.0\.1:1: "),
        ("bolt://me:secret@127.0.0.1:1", r"would end up in logs"),
    ],
)
def test_database_that_cannot_be_opened(tmp_path: Path, url: str, reason: str) -> None:
    tables(tmp_path / "data", {"Firm.csv": "id,name\n"})
    told = refused("--db", url.format(tmp_path), "stats")
    assert re.search(reason, told)
    assert "secret" not in told
    assert not list(tmp_path.glob("*.lbug"))  # asking makes none


def test_a_database_cannot_be_made_inside_a_file(tmp_path: Path) -> None:
    tables(tmp_path / "data", {"Firm.csv": "id,name\n"})
    inside = f"ladybug://{tmp_path}/data/Firm.csv/x.lbug"
    assert re.search("cannot make ", refused("--db", inside, "load", str(tmp_path / "data")))


def test_in_an_empty_database_nobody_is_known(tmp_path: Path) -> None:
    db = f"ladybug://{tmp_path}/empty.lbug"
    tables(tmp_path / "data", {"Firm.csv": "id,name\n"})
    run("--db", db, "load", str(tmp_path / "data"))
    assert "is called 'Ericsson': nothing is loaded yet" in refused("--db", db, "firm", "Ericsson")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("stat",), "No such command 'stat'"),
        (("firm",), "Missing argument"),
        (("firm", "Xelerated", "--asof", "2011-01-01"), "No such option"),
        (("paths", "a", "b", "--max-steps", "9"), "--max-steps"),
        (("search", "a", "--limit", "many"), "--limit"),
        (("load",), "Missing argument"),
    ],
)
def test_mistakes_that_typer_finds(arguments: Sequence[str], reason: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert reason in click.unstyle(result.err)
    assert "Traceback" not in result.err


def test_settings_that_make_no_sense(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALLIANCE_EXPLORER_READ_TIMEOUT", "soon")
    told = refused("--db", f"ladybug://{tmp_path}/x.lbug", "stats")
    assert told.startswith("ALLIANCE_EXPLORER_READ_TIMEOUT: ")


def test_a_name_of_several(tiny: str) -> None:
    told = refused("--db", tiny, "firm", "TWIN")
    assert "'TWIN' is the name of several; say which by its id: " in told
    assert "Twin (firm:a), twin (firm:b)" in told
