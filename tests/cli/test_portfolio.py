"""The commands about a portfolio in depth: what they say, and that their JSON is the API's."""

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from alliance_explorer import queries
from alliance_explorer.queries import Explorer
from tests.support.console import MARKUP, TINY, answer, ran, refused, tables
from tests.support.tiny import EXAMPLES

DAY = dt.date(2011, 12, 31)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"ladybug://{tmp_path_factory.mktemp('cli')}/cases.lbug"
    folders = [str(EXAMPLES / c) for c in ("coopetition_telecom", "asymmetric_startups")]
    ran("--db", url, "load", *folders)
    return url


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (
            ("composition", "Seamless", "--as-of", "2011-12-31"),
            ["12 alliances (5 to 15 (44 %)), 8 partners", "asymmetric 11, symmetric 1"],
        ),
        (
            ("dependence", "Startup1"),
            ["Quorum (ended; as of 2012-12-31)", "both need each other", "different goods",
             "Championed by E-business manager of BSM (BSM).", "importance is not recorded"],
        ),
        (
            ("dependence", "Startup2"),
            ["the firm depends on the partner", "90 % of Startup2’s sales", "! It is exclusive",
             "! No champion is on record.", "How the numbers are made"],
        ),
        (
            ("dependence", "Seamless", "--as-of", "2011-12-31"),
            ["4 of 22 countries or customer cases of Seamless run through Ericsson",
             "and fell then to 0.18 (2011)."],
        ),
        (
            ("coopetition", "Xelerated", "--as-of", "2011-12-31"),
            ["Huawei turned from partner (since 2006) to partner and competitor",
             "DUNE Networks was acquired in 2009 by Broadcom, which competes with Xelerated",
             "Huawei is balanced by Alcatel-Lucent, Ericsson"],
        ),
        (
            ("timeline", "Digitata"),
            ["first move for legitimacy (2007) precedes its first for role flexibility (2008)",
             "11 moves of 9 kinds", "2012: Digitata – ZTE: integration (2012) begins. [formation]"],
        ),
        (("lifecycle", "Startup1"), ["champion: E-business manager of BSM (BSM)", "missing: "]),
        (
            ("compare", "Seamless", "--as-of", "2007-12-31", "--with", "2011-12-31"),
            ["8 alliances came, 0 went, 4 stayed", "Ericsson: + competitor",
             "on Ericsson: 0.50 → 0.18"],
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_command(cases: str, arguments: Sequence[str], shown: Sequence[str]) -> None:
    told = ran("--db", cases, *arguments)
    for text in shown:
        assert text in told


@pytest.mark.parametrize(
    ("arguments", "ask"),
    [
        (("composition", "Xelerated", "--as-of", "2011-12-31"),
         lambda x: queries.composition(x, "Xelerated", as_of=DAY)),
        (("dependence", "Seamless", "--known-at", "2100-01-01"),
         lambda x: queries.dependence(x, "Seamless", known_at=dt.date(2100, 1, 1))),
        (("coopetition", "Xelerated", "--as-of", "2011-12-31"),
         lambda x: queries.coopetition(x, "Xelerated", as_of=DAY)),
        (("timeline", "Digitata"), lambda x: queries.timeline(x, "Digitata")),
        (("lifecycle", "Startup1"), lambda x: queries.lifecycle(x, "Startup1")),
        (("compare", "Seamless", "--as-of", "2007-12-31", "--with", "2011-12-31"),
         lambda x: queries.compare(x, "Seamless", dt.date(2007, 12, 31), DAY)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_json_is_what_the_question_answers(
    cases: str, arguments: Sequence[str], ask: Callable[[Explorer], BaseModel]
) -> None:
    told = ran("--db", cases, *arguments, "--json")
    assert told == answer(cases, ask)
    json.loads(told)


def test_panel(cases: str, tmp_path: Path) -> None:
    text, table = tmp_path / "p.csv", tmp_path / "p.PARQUET"
    asked = ("--from", "2000", "--to", "2012", "--firm", "Xelerated", "--firm", "Seamless")
    told = ran("--db", cases, "panel", "-o", str(text), *asked)
    assert re.fullmatch(rf"{text}: 26 rows, 2 firms, 2000 to 2012, \d+ measures\n", told)
    ran("--db", cases, "panel", "--output", str(table), *asked, "--measure", "moves")
    rows = list(csv.DictReader(text.read_text("utf-8").splitlines()))
    assert len(rows) == 26
    parquet = pq.read_table(table)
    assert parquet.column_names == ["firm", "name", "year", "moves"]
    assert parquet["moves"].to_pylist() == [int(r["moves"]) for r in rows]
    assert json.loads(parquet.schema.metadata[b"formula_versions"]) == {"moves": "1"}
    beside = json.loads((tmp_path / "p.csv-metadata.json").read_text("utf-8"))
    assert beside["url"] == "p.csv"
    everybody = ran("--db", cases, "panel", "-o", str(text), "--from", "2011", "--to", "2011")
    assert ": 36 rows, 36 firms, 2011 to 2011" in everybody


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path}/tiny.lbug"
    ran("--db", url, "load", tables(tmp_path / "data", TINY))
    for command in ("composition", "dependence", "coopetition", "timeline", "lifecycle"):
        told = ran("--db", url, command, "firm:markup")
        assert MARKUP.split()[0] in told, command
        assert not set(told) & {chr(c) for c in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}


MISTAKES: dict[tuple[str, ...], str] = {
    ("dependence", "Startup"): r"did you mean: ",
    ("coopetition", "Xelratd"): r"did you mean: Xelerated",
    ("timeline", "Xelerated", "--as-of", "soon"): r"'soon' is not a date",
    ("lifecycle", "person:startups-bsm-ebusiness-manager"): r"this takes a Firm",
    ("compare", "Seamless", "--as-of", "2011-12-31", "--with", "2007-12-31"): r"earlier day first",
    ("compare", "Seamless", "--as-of", "", "--with", "2007-12-31"): r"give two days",
    ("panel", "-o", "x.txt", "--from", "2000", "--to", "2001"): r"write a \.csv or a \.parquet",
    ("panel", "-o", "{}/no/x.csv", "--from", "2000", "--to", "2001"): r"there is no folder",
    ("panel", "-o", "{}/x.csv", "--from", "2001", "--to", "2000"): r"years go from 1000 to 2999",
    ("panel", "-o", "{}/x.csv", "--from", "2000", "--to", "2000", "--measure", "movs"): (
        r"no measure is called 'movs'; did you mean 'moves'\?"
    ),
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_mistake(cases: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = refused("--db", cases, *(a.format(tmp_path) for a in arguments))
    assert re.search(MISTAKES[arguments], told)
