"""The command line: every command, every sort of mistake, and that its JSON is the API's."""

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import click
import pytest
import typer
from pydantic import BaseModel

from alliance_explorer import __version__, cli, queries
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl, document
from alliance_explorer.loaders import load, report
from alliance_explorer.queries import Explorer, PathOptions, parse_day
from alliance_explorer.queries.feasibility.services import service_table
from alliance_explorer.queries.models import BridgesResult
from alliance_explorer.queries.scenarios.candidate import candidate
from alliance_explorer.queries.scenarios.constellation import constellations
from alliance_explorer.queries.scenarios.exposure import exposure
from alliance_explorer.queries.scenarios.partner_search import Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions, what_if
from alliance_explorer.queries.structure.keyness import KeynessOptions, keyness
from alliance_explorer.queries.structure.portfolio_structure import (
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.whole_network import whole_network
from alliance_explorer.settings import settings
from tests.neo4j_server import Server
from tests.neo4j_server.server import free_port
from tests.support.tiny import EXAMPLES

COMMANDS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
PROGRAM = Path(sys.executable).with_name("alliance-explorer")
TELECOM = str(EXAMPLES / "coopetition_telecom")
MARKUP = "[bold]Twins[/bold] :apple: [/x]"
CONTROLS = "\x1b[31mred\x1b[0m\x07 \x9b2J"
TINY = {
    "Firm.csv": "id,name,aliases\nfirm:a,Twin,\nfirm:b,twin,\nfirm:c,Other,\n"
    f"firm:markup,{MARKUP},{CONTROLS}\n",
    "Person.csv": "id,name\nperson:p,Penelope\nperson:q,Quentin\n",
    "Alliance.csv": f"id,name\nalliance:alone,Alone\nalliance:x,{MARKUP}\n",
    "PARTY_TO.csv": f"from,to,role\nfirm:a,alliance:x,\nfirm:markup,alliance:x,{CONTROLS}\n",
    "KNOWS.csv": "from,to\nperson:p,person:q\n",
    "WORKS_FOR.csv": "from,to,title\nperson:p,firm:a,director\n",
    "CHAMPIONS.csv": "from,to\nperson:p,alliance:x\n",
}


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str


def run(*arguments: str) -> Result:
    """Run the console command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["alliance-explorer", *arguments]),
    ):
        try:
            cli.main()
        except SystemExit as exc:
            code = exc.code or 0
    assert isinstance(code, int)
    return Result(code, out.getvalue(), err.getvalue())


def ran(*arguments: str) -> str:
    """What a command prints that goes well."""
    result = run(*arguments)
    assert (result.code, result.err) == (0, "")
    return result.out


def refused(*arguments: str) -> str:
    """The one line that a command says when it cannot do what is asked."""
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err
    (line,) = result.err.splitlines()
    assert line.startswith("alliance-explorer: ")
    return line.removeprefix("alliance-explorer: ")


def tables(folder: Path, files: dict[str, str]) -> str:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return str(folder)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the examples."""
    url = f"ladybug://{tmp_path_factory.mktemp('cli')}/examples.lbug"
    cases = sorted(str(p) for p in EXAMPLES.iterdir() if (p / "Source.csv").exists())
    told = ran("--db", url, "load", *cases)
    assert re.search(r"^total +(\d+) +\1 +0 +0$", told, flags=re.MULTILINE)
    again = ran("--db", url, "load", TELECOM)
    assert "Nothing changed: everything was there already." in again
    return url


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with people, names that are not unique, and names that are not nice."""
    folder = tmp_path_factory.mktemp("tiny")
    url = f"ladybug://{folder}/tiny.lbug"
    ran("--db", url, "load", tables(folder / "data", TINY))
    return url


def answer(url: str, ask: Callable[[Explorer], BaseModel]) -> str:
    """What the query function answers, as JSON."""
    with open_engine(url) as engine:
        return ask(Explorer(engine)).model_dump_json(by_alias=True) + "\n"


# --- commands ------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    told = ran("--help")
    assert "Who in my network bridges to this partner?" in told
    assert {*COMMANDS} == {
        *("load", "search", "firm", "portfolio", "bridges", "paths", "view", "stats", "serve"),
        *("bridge-matrix", "doctor", "schema", "export"),
        *("proximity", "proximity-matrix"),
        *("feasibility", "services"),
        *("reach", "weak-points", "openings"),
        *("structure", "keyness", "whole-network"),
        *("composition", "dependence", "coopetition", "timeline", "lifecycle", "compare", "panel"),
        *("query", "members", "beside", "groups"),
        *("what-if", "exposure", "candidate", "partners", "constellation"),
    }, "a new command needs a test here"
    assert all(re.search(rf"\b{name}\b", told) for name in COMMANDS)
    assert "Usage" in run().out, "no command: the same help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert "Usage" in ran(name, "--help")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_version() -> None:
    assert ran("--version") == f"alliance-explorer {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("search", "Ericson"), ["Ericsson", "firm:ericsson"]),
        (("search", "xelerated ab", "--label", "Firm", "--limit", "1"), ["Xelerated"]),
        (("search", "zzzzzz"), ["Nothing is called anything like 'zzzzzz'."]),
        (("firm", "xelerated"), ["Xelerated (Firm, firm:xelerated)", "Alliances (", "Source: "]),
        (("firm", "firm:ericsson", "--as-of", "2008-01-01"), ["Ericsson (Firm, firm:ericsson)"]),
        (("portfolio", "Xelerated"), ["Xelerated: alliance portfolio as of ", "18 alliances"]),
        (("portfolio", "Xelerated", "--as-of", "2005-06-30"), ["as of 2005-06-30", "ally"]),
        (
            ("bridges", "Xelerated", "MTN Group", "--as-of", "2011-12-31"),
            ["1 bridge from Xelerated to MTN Group", "1. Ericsson", "strength 0.0648 = "],
        ),
        (("bridges", "Xelerated", "MTN Group", "--as-of", "2010-12-31"), ["No way"]),
        (("paths", "Xelerated", "MTN Group", "--limit", "2"), ["Ericsson", "strength "]),
        (
            (
                *("what-if", "Xelerated", "--leaves", "Ericsson", "--as-of", "2011-12-31"),
                *("--target", "MTN Group"),
            ),
            [
                "Ericsson leaves 1 alliance with Xelerated.",
                "best way to MTN Group",
                "Out of reach: ",
            ],
        ),
        (
            ("exposure", "Xelerated", "--as-of", "2009-12-31", "--weight", "acquirer-at-hand:1"),
            [
                "1. DUNE Networks  taken over",
                "ally and competitor of Xelerated",
                "lost if it leaves",
            ],
        ),
        (
            ("candidate", "Xelerated", "Seamless", "--as-of", "2011-12-31"),
            ["! Ericsson and Seamless are partners both", "Tied to both: Ericsson."],
        ),
        (
            ("partners", "Xelerated", "--capability", "mobile operator", "--as-of", "2011-12-31"),
            ["8 candidates for Xelerated", "MTN Group  0.7", "complementarity 1.00 × 3: Offers"],
        ),
        (
            (
                *("constellation", "Xelerated", "--capability", "telecom equipment"),
                *("--capability", "mobile operator", "--as-of", "2011-12-31"),
            ),
            [
                "4 sets of 3 firms around Xelerated",
                "Digitata: connects the others",
                "no smaller set",
            ],
        ),
        (
            (
                "bridges",
                "Xelerated",
                "--segment",
                "semiconductors",
                "--with",
                "Huawei",
                "--limit",
                "1",
            ),
            ["from Xelerated and Huawei to any firm whose business is semiconductors"],
        ),
        (
            ("paths", "Xelerated", "MTN Group", "--via", "Digitata", "--max-shared", "10"),
            [" ways from Xelerated to MTN Group", "Digitata"],
        ),
        (
            ("bridge-matrix", "Xelerated", "MTN Group", "Globacom", "--as-of", "2012-12-31"),
            ["Ericsson is worth most to Xelerated: it leads to 2 of 2 targets.", "(tied already)"],
        ),
        (
            ("proximity", "firm:chicago-9", "firm:chicago-5"),
            ["Geographical: workable", "looked up by name", "cognitive_least = 3", "GeoNames"],
        ),
        (
            ("proximity-matrix", "Xelerated", "Broadcom", "--sort", "social"),
            ["Xelerated against 1 candidate", "geograph", "Broadcom"],
        ),
        (
            ("feasibility", "Chicago firm 2", "--service", "consulting", "--reach", "domestic"),
            [
                "Possible if Chicago firm 2, by its earlier partnerships,",
                "P4a opposes: ",
                "What is missing",
                "→ Write detailed specifications.",
                "Source: Findikoglu & Watson-Manheim",
            ],
        ),
        (
            ("feasibility", "Chicago firm 5", "Chicago firm 9", "--service", "UX"),
            ["Feasible by default: Chicago firm 9 is local"],
        ),
        (
            ("feasibility", "Chicago firm 13", "--limit", "1"),
            ["1 service partnerships judged", "3 older alliances were not looked at"],
        ),
        (("feasibility", "Xelerated"), ["Not judged (18)", "No service is on record."]),
        (("services",), ["System-intensive: ", "hosting", "Zaheer", "our rule: "]),
        (("stats",), ["Firm ", "PARTY_TO ", "Sources", "Bengtsson & Johansson"]),
        (
            ("structure", "Digitata", "--as-of", "2011-12-31"),
            ["Digitata has 6 partners as of 2011-12-31", "effective size", "5.333", "MTN Group"],
        ),
        (
            ("structure", "Xelerated", "--as-of", "2009-12-31", "--and-as-of", "2012-12-31"),
            ["by strength", "Partners of both: ", "Ericsson"],
        ),
        (("structure", "Xelerated", "--with", "Seamless"), ["Partners of both: Ericsson"]),
        (
            ("keyness", "firm:startups-startup2"),
            ["TISA", "0.900", "0.250", "Keyness = need × scarcity × paths"],
        ),
        (("whole-network", "--limit", "3"), ["firms with ", "Xelerated", "Community 1, "]),
        (("doctor",), ["Engine: ladybug ", "Nothing is wrong."]),
    ],
)
def test_command(db: str, arguments: Sequence[str], shown: Sequence[str]) -> None:
    told = ran("--db", db, *arguments)
    assert all(text in told for text in shown)


def test_schema() -> None:
    assert ran("schema") == document()
    assert ran("schema", "--format", "ladybug") == ";\n".join(ddl("ladybug")) + ";"
    assert ran("schema", "--format", "neo4j") == ";\n".join(ddl("neo4j")) + ";"


def test_view_writes_a_page(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.html"
    told = ran("--db", db, "view", "Xelerated", "-o", str(target), "--as-of", "2011-12-31")
    assert re.fullmatch(rf"{target}: \d+ nodes, \d+ ties\n", told)
    page = target.read_text("utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "Xelerated: neighbourhood as of 2011-12-31" in page
    monkeypatch.chdir(tmp_path)
    assert ran("--db", db, "view", "Xelerated", "--limit", "3").startswith("firm-xelerated.html: ")
    assert (tmp_path / "firm-xelerated.html").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["firm-xelerated.html", "x.html"]


def test_doctor_says_what_is_wrong(tiny: str) -> None:
    result = run("--db", tiny, "doctor")
    assert result.code == 1
    assert "Wrong: 1 alliances have no party" in result.out


def test_the_database_may_be_named_by_the_environment(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_EXPLORER_DB", db)
    settings.cache_clear()
    try:
        assert "PARTY_TO" in ran("stats")
    finally:
        settings.cache_clear()


def test_thresholds_may_be_settings(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("--db", db, "proximity", "Xelerated", "Ericsson", "--json")
    monkeypatch.setenv("ALLIANCE_EXPLORER_PROXIMITY", "social_far:0.9, far_km:100")
    told = json.loads(ran(*asked))
    assert (told["thresholds"]["social_far"], told["thresholds"]["far_km"]) == (0.9, 100)
    assert told["social"]["decided_by"] == "social_far"
    told = json.loads(ran(*asked, "--threshold", "social_far:0.1"))
    assert (told["thresholds"]["social_far"], told["thresholds"]["far_km"]) == (0.1, 100)
    monkeypatch.setenv("ALLIANCE_EXPLORER_PROXIMITY", "social:1")
    assert "no threshold is called 'social'" in refused(*asked)
    assert "no threshold is called 'social'" in refused("--db", db, "serve")


def test_services_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("service,content\nhosting,people_intensive_routine\n")
    monkeypatch.setenv("ALLIANCE_EXPLORER_SERVICES", str(table))
    settings.cache_clear()
    try:
        found = json.loads(ran("services", "--json"))["services"]
        assert [(s["service"], s["content"]) for s in found if s["added"]] == [
            ("hosting", "people_intensive_routine")
        ]
        table.write_text("service,content\nx,routine\n")
        service_table.cache_clear()
        assert "mine.csv, line 2, content: 'routine' is no class" in refused("services")
        monkeypatch.setenv("ALLIANCE_EXPLORER_SERVICES", "")
        settings.cache_clear()
        assert "hosting" in ran("services")
    finally:
        settings.cache_clear()


@pytest.mark.neo4j
def test_neo4j(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLIANCE_EXPLORER_DB_USER", neo4j_server.user)
    monkeypatch.setenv("ALLIANCE_EXPLORER_DB_PASSWORD", neo4j_server.password)
    neo4j_server.wipe()
    try:
        ran("--db", neo4j_server.uri, "load", TELECOM)
        told = ran("--db", neo4j_server.uri, "paths", "Xelerated", "Ericsson")
        assert "Xelerated is allied with Ericsson (since 2011)" in told
        assert "Engine: Neo4j" in ran("--db", neo4j_server.uri, "doctor")
    finally:
        neo4j_server.wipe()
    monkeypatch.setenv("ALLIANCE_EXPLORER_DB_PASSWORD", "wrong")
    told = refused("--db", neo4j_server.uri, "stats")
    assert told.startswith(f"cannot reach {neo4j_server.uri}: ")
    assert "wrong" not in told


# --- JSON ----------------------------------------------------------------------------------------


def _bridges(x: Explorer) -> BridgesResult:
    options = PathOptions(
        kinds=("alliance", "ownership"),
        max_steps=4,
        as_of=parse_day("2012-12-31", "as_of"),
        known_at=parse_day("2100-01-01", "known_at"),
        avoid=("Huawei", "ZTE"),
        limit=3,
        half_life=2.5,
        weights={"alliance": 0.5},
        ended=True,
        min_confidence=0.1,
    )
    return queries.bridges(x, "Xelerated", "MTN Group", options)


@pytest.mark.parametrize(
    ("arguments", "ask"),
    [
        (("search", "eri", "--limit", "5"), lambda x: queries.search(x, "eri", limit=5)),
        (
            ("search", "a", "--label", "Alliance"),
            lambda x: queries.search(x, "a", labels=["Alliance"]),
        ),
        (("firm", "Xelerated"), lambda x: queries.profile(x, "Xelerated")),
        (
            ("firm", "Xelerated", "--as-of", "2005-01-01"),
            lambda x: queries.profile(x, "Xelerated", as_of=parse_day("2005-01-01", "")),
        ),
        (("portfolio", "Xelerated"), lambda x: queries.portfolio(x, "Xelerated")),
        (
            ("paths", "Xelerated", "MTN Group"),
            lambda x: queries.paths(x, "Xelerated", "MTN Group", PathOptions()),
        ),
        (
            (
                *(
                    "paths",
                    "Xelerated",
                    "--actor-type",
                    "operator",
                    "--with",
                    "Ericsson",
                    "--max-steps",
                ),
                *(
                    "2",
                    "--via",
                    "Digitata",
                    "--avoid-competitors-of",
                    "target",
                    "--max-shared",
                    "9",
                ),
            ),
            lambda x: queries.paths(
                x,
                ["Xelerated", "Ericsson"],
                queries.Description(actor_type="operator"),
                PathOptions(
                    max_steps=2, via=("Digitata",), avoid_competitors_of=("target",), max_shared=9
                ),
            ),
        ),
        (
            ("bridge-matrix", "Xelerated", "MTN Group", "Globacom", "--limit", "3"),
            lambda x: queries.bridge_matrix(
                x, "Xelerated", ["MTN Group", "Globacom"], PathOptions(limit=3)
            ),
        ),
        (
            (
                *("bridges", "Xelerated", "MTN Group", "--kind", "alliance", "--kind", "ownership"),
                *("--max-steps", "4", "--as-of", "2012-12-31", "--known-at", "2100-01-01"),
                *("--avoid", "Huawei", "--avoid", "ZTE", "--limit", "3", "--half-life", "2.5"),
                *("--weight", "alliance:0.5", "--ended", "--min-confidence", "0.1"),
            ),
            _bridges,
        ),
        (
            (
                *("proximity", "Xelerated", "Ericsson", "--as-of", "2012-12-31"),
                *("--known-at", "2100-01-01", "--min-confidence", "0.1"),
                *("--threshold", "social_far:0.6", "--threshold", "far_km:100"),
            ),
            lambda x: queries.proximity(
                x,
                "Xelerated",
                "Ericsson",
                queries.ProximityOptions(
                    as_of=parse_day("2012-12-31", ""),
                    known_at=parse_day("2100-01-01", ""),
                    min_confidence=0.1,
                    thresholds=queries.Thresholds(social_far=0.6, far_km=100),
                ),
            ),
        ),
        (
            ("proximity-matrix", "Xelerated", "--limit", "3", "--sort", "name"),
            lambda x: queries.proximity_matrix(x, "Xelerated", limit=3, sort="name"),
        ),
        (
            ("proximity-matrix", "Xelerated", "Huawei", "ZTE"),
            lambda x: queries.proximity_matrix(x, "Xelerated", ["Huawei", "ZTE"]),
        ),
        (
            (
                *("feasibility", "Chicago firm 13", "--service", "telecom and UX"),
                *("--reach", "international", "--as-of", "2026-01-01", "--known-at", "2100-01-01"),
            ),
            lambda x: queries.feasibility(
                x,
                "Chicago firm 13",
                service="telecom and UX",
                reach="international",
                as_of=parse_day("2026-01-01", ""),
                known_at=parse_day("2100-01-01", ""),
            ),
        ),
        (
            ("feasibility", "Chicago firm 13", "--limit", "2"),
            lambda x: queries.feasibility_of_alliances(x, "Chicago firm 13", limit=2),
        ),
        (("services",), lambda x: queries.services()),
        (("view", "Xelerated", "--limit", "5"), lambda x: queries.ego(x, "Xelerated", limit=5)),
        (
            (
                *("what-if", "Xelerated", "--acquired", "DUNE Networks", "--by", "Broadcom"),
                *("--allies", "Seamless", "--as-of", "2008-12-31", "--max-steps", "2"),
            ),
            lambda x: what_if(
                x,
                "Xelerated",
                Suppositions(acquired="DUNE Networks", by="Broadcom", allies=("Seamless",)),
                as_of=parse_day("2008-12-31", ""),
                max_steps=2,
            ),
        ),
        (
            ("exposure", "Xelerated", "--known-at", "2100-01-01", "--weight", "size:3"),
            lambda x: exposure(
                x, "Xelerated", known_at=parse_day("2100-01-01", ""), weights={"size": 3.0}
            ),
        ),
        (("candidate", "Startup1", "BSM"), lambda x: candidate(x, "Startup1", "BSM")),
        (
            ("partners", "Xelerated", "--size", "small", "--limit", "3", "--partners-too"),
            lambda x: partner_search(
                x, "Xelerated", Criteria(size=("small",)), limit=3, partners_too=True
            ),
        ),
        (
            ("constellation", "Xelerated", "--capability", "payments", "--slack", "1"),
            lambda x: constellations(x, "Xelerated", ["payments"], slack=1),
        ),
        (("stats",), queries.stats),
        (
            (
                *("structure", "Digitata", "--by", "community", "--order", "count"),
                *("--strong", "0.5", "--kind", "alliance", "--as-of", "2011-12-31"),
                *("--largest-shared", "10", "--limit", "2"),
            ),
            lambda x: structure(
                x,
                "Digitata",
                PathOptions(kinds=("alliance",), as_of=parse_day("2011-12-31", "")),
                StructureOptions("community", "count", 0.5, 10, 2),
            ),
        ),
        (
            ("structure", "Xelerated", "--with", "Seamless", "--and-as-of", "2005-06-30"),
            lambda x: compare_structures(
                x,
                ("Xelerated", PathOptions()),
                ("Seamless", PathOptions(as_of=parse_day("2005-06-30", ""))),
            ),
        ),
        (
            ("keyness", "Xelerated", "--missing", "0.2", "--draws", "20", "--seed", "7"),
            lambda x: keyness(x, "Xelerated", None, KeynessOptions(0.2, 20, 7)),
        ),
        (
            ("whole-network", "--no-ended", "--limit", "5"),
            lambda x: whole_network(x, PathOptions(ended=False), limit=5),
        ),
        (
            ("whole-network", "--no-betweenness"),
            lambda x: whole_network(x, betweenness=False),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_json_is_what_the_question_answers(
    db: str, arguments: Sequence[str], ask: Callable[[Explorer], BaseModel]
) -> None:
    told = ran("--db", db, *arguments, "--json")
    assert told == answer(db, ask)
    json.loads(told)


def test_json_of_a_load(tmp_path: Path) -> None:
    data = tables(tmp_path / "data", TINY)
    told = ran("--db", f"ladybug://{tmp_path}/x.lbug", "load", data, "--json")
    with open_engine(f"ladybug://{tmp_path}/y.lbug") as engine:
        summary = load(engine, [data], max_download=1, download_timeout=1)
    assert told == report(summary).model_dump_json(by_alias=True) + "\n"


# --- text that means nothing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "Twins bold"),
        ("firm", "firm:markup"),
        ("portfolio", "firm:markup"),
        ("paths", "firm:a", "firm:markup"),
        ("feasibility", "firm:markup", "--service", "UX", "--reach", "domestic"),
        ("feasibility", "firm:markup"),
    ],
    ids=lambda value: value[0],
)
def test_names_are_printed_as_they_are(
    tiny: str, arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ran("--db", tiny, *arguments)
    assert MARKUP.split()[0] in told
    assert ":apple:" in told
    assert not set(told) & {chr(c) for c in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}
    as_json = json.loads(ran("--db", tiny, *arguments, "--json"))
    assert MARKUP in json.dumps(as_json)


def test_controls_of_a_terminal_are_shown(tiny: str) -> None:
    assert "\\x1b[31mred\\x1b[0m\\x07 \\x9b2J" in ran("--db", tiny, "firm", "firm:markup")


def test_json_of_a_view_is_not_touched(tiny: str) -> None:
    told = ran("--db", tiny, "view", "firm:markup", "--json")
    assert told == answer(tiny, lambda x: queries.ego(x, "firm:markup"))
    assert ":apple:" in told


def test_text_that_is_no_utf_8(tiny: str) -> None:
    # As Python gives the bytes of an argument that it cannot decode.
    assert json.loads(ran("--db", tiny, "search", "a\udcff", "--json"))["query"] == "a\\udcff"
    assert "no firm, person or network is called" in refused("--db", tiny, "firm", "\udcff")


# --- mistakes ------------------------------------------------------------------------------------

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
    ("paths", "Xelerated", "ZTE", "--half-life", "0"): r"--half-life: .*greater than 0",
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
    ("export", "x.csv"): r"x\.csv: write a \.json or a \.graphml file",
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
        ("x.lbug", r"cannot open 'x\.lbug': use ladybug://PATH"),
        ("ladybug://", r"use ladybug://PATH"),
        ("ladybug://{}", r"cannot open "),
        ("ladybug://{}/data/Firm.csv", r"cannot open .*/Firm\.csv: "),
        ("ladybug://{}/data/Firm.csv/x.lbug", r"cannot make "),
        ("bolt://127.0.0.1:1", r"cannot reach bolt://127\.0\.0\.1:1: "),
        ("bolt://me:secret@127.0.0.1:1", r"would end up in logs"),
    ],
)
def test_database_that_cannot_be_opened(tmp_path: Path, url: str, reason: str) -> None:
    tables(tmp_path / "data", {"Firm.csv": "id,name\n"})
    told = refused("--db", url.format(tmp_path), "stats")
    assert re.search(reason, told)
    assert "secret" not in told


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


# --- loading -------------------------------------------------------------------------------------

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


# --- export --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ego", [(), ("--ego", "firm:a")], ids=["whole", "ego"])
def test_export_leaves_people_out_unless_asked(
    tiny: str, tmp_path: Path, ego: Sequence[str]
) -> None:
    for ending in ("json", "graphml"):
        target = tmp_path / f"x.{ending}"
        told = ran("--db", tiny, "export", str(target), *ego)
        without = target.read_text("utf-8")
        assert told == f"{target}: {len(without.encode()):,} bytes\n"
        assert "firm:a" in without
        assert not any(w in without for w in ("Penelope", "Quentin", "person:", "KNOWS"))
        ran("--db", tiny, "export", str(target), *ego, "--people")
        assert "Penelope" in target.read_text("utf-8")


def test_export_is_whole(db: str, tmp_path: Path) -> None:
    as_json, as_graphml = tmp_path / "x.json", tmp_path / "X.GRAPHML"
    ran("--db", db, "export", str(as_json), "--people")
    ran("--db", db, "export", str(as_graphml), "--people")
    whole = json.loads(as_json.read_text("utf-8"))
    counts = json.loads(ran("--db", db, "stats", "--json"))
    assert len(whole["nodes"]) == sum(counts["nodes"].values())
    assert len(whole["relationships"]) == sum(counts["relationships"].values())
    root = ET.parse(as_graphml).getroot()
    assert len(root.findall(".//{*}node")) == len(whole["nodes"])
    assert len(root.findall(".//{*}edge")) == len(whole["relationships"])


# --- as a program of its own ---------------------------------------------------------------------


def test_serve_keeps_the_database_to_itself(tiny: str) -> None:
    port = free_port()
    arguments = [str(PROGRAM), "--db", tiny, "serve", "--port", str(port)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = server.stderr.readline()
            assert said == f"Alliance Explorer on http://127.0.0.1:{port} (Ctrl+C stops it)\n"
            for command in (("stats",), ("load", TELECOM), ("serve", "--port", "0")):
                told = refused("--db", tiny, *command)
                assert "is in use by another process" in told
                assert "stop the other (a running `alliance-explorer serve`?)" in told
            with _answer(f"http://127.0.0.1:{port}/api/v1/stats") as response:
                assert json.load(response)["nodes"]["Firm"] == 4
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(10)
        assert "Traceback" not in server.stderr.read()
    assert "Firm" in ran("--db", tiny, "stats")


def _answer(url: str) -> Any:
    deadline = time.monotonic() + 20
    while True:
        try:
            return urllib.request.urlopen(url, timeout=10)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def program(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_exit_code_of_the_program(tmp_path: Path) -> None:
    wrong = program("firm", "Nobody", ALLIANCE_EXPLORER_DB=f"ladybug://{tmp_path}/x.lbug")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "alliance-explorer: no firm, person or network is called 'Nobody'\n"


def test_output_with_few_letters(db: str) -> None:
    """As on Windows, when it goes into a file."""
    told = program("--db", db, "firm", "Xelerated", PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr) == (0, "")
    assert "\\u2190 involves" in told.stdout


def test_reader_that_has_seen_enough(db: str) -> None:
    """As `head` does."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as broken:
        arguments = [str(PROGRAM), "--db", db, "firm", "Xelerated"]
        done = subprocess.run(arguments, stdout=broken, stderr=subprocess.PIPE, text=True)
    assert done.stderr == ""
