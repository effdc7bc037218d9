"""Every command: that it is documented, and what it says."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from alliance_explorer import __version__, cli
from alliance_explorer.api import create_app
from alliance_explorer.graph_schema import ddl, document
from alliance_explorer.queries.feasibility.services import service_table
from alliance_explorer.settings import Settings, settings
from tests.neo4j_server import Server
from tests.support.console import TELECOM, ran, refused, run

COMMANDS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


def test_help_names_every_command() -> None:
    told = ran("--help")
    assert "Who in my network bridges to this partner?" in told
    assert all(re.search(rf"\b{name}\b", told) for name in COMMANDS)
    assert "Usage" in run().out, "no command: the same help"


def test_every_command_is_tested() -> None:
    tests = "".join(p.read_text() for p in Path(__file__).parent.glob("test_*.py"))
    untested = [name for name in COMMANDS if f'"{name}"' not in tests]
    assert not untested, "a new command needs a test in this folder"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert "Usage" in ran(name, "--help")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_lists_are_as_long_as_over_http() -> None:
    paths = create_app(Settings()).openapi()["paths"]
    for command, path in {
        "bridges": "bridges",
        "coopetition": "firms/{actor}/coopetition",
        "dependence": "firms/{actor}/dependence",
        "exposure": "firms/{actor}/exposure",
        "lifecycle": "firms/{actor}/lifecycle",
        "match": "matches",
        "members": "networks/{network}/members",
        "openings": "openings",
        "partners": "firms/{actor}/partners",
        "search": "search",
        "timeline": "firms/{actor}/timeline",
    }.items():
        asked = paths[f"/api/v1/{path}"]["get"]["parameters"]
        limit = next(p["schema"] for p in asked if p["name"] == "limit")
        told = ran(command, "--help").partition("--limit ")[2]
        assert f"[{limit['minimum']}<=x<={limit['maximum']}]" in told, command
        assert told.partition("[default: ")[2].startswith(f"{limit['default']}]"), command


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
            ["8 candidates for Xelerated", "MTN Group  0.6", "complementarity 1.00 × 3: Offers"],
        ),
        (
            ("partners", "Startup2", "--proximity", "geographical=workable"),
            ["1 candidate for Startup2 (proximity geographical=workable)", "proximity 0."],
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
