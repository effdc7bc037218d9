"""Exports on the command line: formats by name and ending, what is left out, what loads again."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.console import ran, refused, run
from tests.support.tiny import EXAMPLES


@pytest.mark.parametrize("part", [(), ("--ego", "firm:a"), ("--around", "firm:a")], ids=" ".join)
def test_people_are_left_out_unless_asked_for(
    tiny: str, tmp_path: Path, part: Sequence[str]
) -> None:
    for ending in ("json", "graphml"):
        target = tmp_path / f"x.{ending}"
        told = run("--db", tiny, "export", str(target), *part)
        without = target.read_text("utf-8")
        assert told.out == f"{target}: {len(without.encode()):,} bytes\n"
        assert told.err.startswith("not in it: ")
        assert "nodes of people, left out unless asked for" in told.err
        assert "firm:a" in without
        assert not any(w in without for w in ("Penelope", "Quentin", "person:", "KNOWS"))
        assert run("--db", tiny, "export", str(target), *part, "--people").code == 0
        assert "Penelope" in target.read_text("utf-8")


def test_what_xml_cannot_hold_is_told(tiny: str, tmp_path: Path) -> None:
    told = run("--db", tiny, "export", str(tmp_path / "x.gexf"), "--people")
    assert told.err == "not in it: 6 control characters, which XML cannot hold\n"


def test_it_is_whole(db: str, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("target", ["folder", "tables.zip", "tables.XLSX"])
def test_tables_load_again(db: str, tmp_path: Path, target: str) -> None:
    ran("--db", db, "export", str(tmp_path / target), "--people")
    other = f"ladybug://{tmp_path}/other.lbug"
    ran("--db", other, "load", str(tmp_path / target))
    counts = [json.loads(ran("--db", url, "stats", "--json")) for url in (db, other)]
    assert counts[0] == counts[1]
    assert "Nothing changed" in ran("--db", other, "load", str(tmp_path / target))


@pytest.mark.parametrize("target", ["folder", "projects.zip"])
def test_as_tables_of_cordis(db: str, tmp_path: Path, target: str) -> None:
    told = run("--db", db, "export", str(tmp_path / target), "--format", "cordis")
    assert "firms without an alliance, which CORDIS has no row for" in told.err
    other = f"ladybug://{tmp_path}/other.lbug"
    assert "Alliance" in ran("--db", other, "load", str(tmp_path / target))
    counts = json.loads(ran("--db", other, "stats", "--json"))
    assert {label for label, n in counts["nodes"].items() if n} == {"Source", "Firm", "Alliance"}
    picture = refused("--db", db, "export", "x.zip", "--format", "cordis", "--ego", "Xelerated")
    assert "--ego is a picture: choose one of graphml, " in picture


def test_as_a_landscape(tmp_path: Path) -> None:
    """The ending says the format, out and in."""
    url, other = (f"ladybug://{tmp_path}/{name}.lbug" for name in ("one", "other"))
    members = EXAMPLES.parent / "tests" / "fixtures" / "landscape" / "lf.yml"
    ran("--db", url, "load", str(members))
    target = tmp_path / "members.yml"
    told = run("--db", url, "export", str(target))
    assert told.code == 0
    assert "1 Source, which a landscape has no place for" in told.err
    ran("--db", other, "load", str(target))
    counts = [json.loads(ran("--db", db, "stats", "--json")) for db in (url, other)]
    assert counts[0] == counts[1]


def test_a_picture_is_not_taken_for_the_whole(db: str, tmp_path: Path) -> None:
    target = tmp_path / "x.net"
    told = run("--db", db, "export", str(target), "--ego", "Xelerated", "--as-of", "2011-12-31")
    assert '"Ericsson"' in target.read_text("utf-8")
    assert "values of nodes: Pajek holds names alone" in told.err


def test_a_list_of_ties_as_what_it_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "clubs.edges").write_text("Ann Chess\nBob Chess\nBob Bob\n")
    url = f"ladybug://{tmp_path}/x.lbug"
    told = run("--db", url, "load", str(tmp_path / "clubs.edges"), "--as", "MEMBER_OF")
    assert "taken 2 nodes as Firm, 1 nodes as Network, 2 ties as MEMBER_OF" in told.out + told.err
    assert "line 3, to: both ends are the same" in told.err
    counts = json.loads(ran("--db", url, "stats", "--json"))
    assert counts["nodes"]["Network"] == 1
    assert counts["relationships"]["MEMBER_OF"] == 2
