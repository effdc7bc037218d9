"""Exports as a landscape: what it holds comes back, what it cannot is told."""

from pathlib import Path

import pytest
import yaml

from alliance_explorer.engine import Engine
from tests.exporters.there_and_back import exported, loaded, told
from tests.loaders.landscapes import ROOT
from tests.support.tiny import Rows
from tests.support.tiny import write as fill

SMALL = ROOT / "tests" / "fixtures" / "landscape"
TABLES = ("Firm", "Network", "MEMBER_OF")


@pytest.mark.parametrize("files", ["cncf", "lf", "cncf lf"])
def test_what_came_from_a_landscape_comes_back(
    engine: Engine, other: Engine, tmp_path: Path, files: str
) -> None:
    """Out of the embedded engine into either, and out of either again."""
    loaded(other, *(SMALL / f"{file}.yml" for file in files.split()))
    exported(other, tmp_path / "landscape.yml")
    summary = loaded(engine, tmp_path / "landscape.yml")
    assert not summary.rejects
    assert summary.total.created == summary.total.read > 10
    # Where two landscapes speak of one firm, its facts are now all from one.
    but = ("source", "evidence") if " " in files else ()
    before = told(other, TABLES, *but)
    aliases = [firm.pop("aliases") for firm in before["Firm"] if "aliases" in firm]
    assert aliases[:1] == ([["Alpha Labs"]] if files == "cncf" else aliases[:1])
    assert told(engine, TABLES, *but) == before
    exported(engine, tmp_path / "again.yml")
    assert (tmp_path / "again.yml").read_bytes() == (tmp_path / "landscape.yml").read_bytes()
    assert loaded(engine, tmp_path / "again.yml").total.loaded == 0


ODD: Rows = {
    "Source": [{"id": "source:s", "title": "S"}],
    "Firm": [
        # Neither id is what a landscape would make of its home page or name.
        {
            "id": "firm:one",
            "name": "One: 'a' #b",
            "homepage": "https://one.example",
            "country": "SE",
        },
        {"id": "firm:two", "name": "true", "homepage": "ftp://two.example", "crunchbase": "t-wö"},
        {"id": "firm:left", "name": "Left"},
        {"id": "firm:alone", "name": "Alone"},
    ],
    "Person": [{"id": "person:p", "name": "Pia"}],
    "Network": [
        {"id": "network:club-1", "name": "Club", "aliases": "C;Klub", "kind": "user_group"},
        {"id": "network:bare", "name": "LF", "homepage": "http://lf.example", "description": "L"},
        {"id": "network:p", "name": "Guild (of few)"},
        {"id": "network:empty", "name": "Empty"},
    ],
    "MEMBER_OF": [
        {"from": "firm:one", "to": "network:club-1", "tier": "Gold", "since": "2011-05-03"},
        {"from": "firm:one", "to": "network:bare"},
        {"from": "firm:one", "to": "network:p", "since": "2012", "role": "chair"},
        {"from": "firm:two", "to": "network:bare", "source": "source:s"},
        {"from": "firm:two", "to": "network:bare"},
        {"from": "firm:two", "to": "network:bare", "role": "end user", "until": "2099-01-01"},
        {"from": "firm:left", "to": "network:club-1", "until": "2020-01-01"},
        {"from": "person:p", "to": "network:club-1"},
    ],
    "COMPETES_WITH": [{"from": "firm:one", "to": "firm:two"}],
}


def test_what_it_cannot_hold_is_told(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine, ODD)
    lost = exported(engine, tmp_path / "odd.yaml")
    no_place = "that a landscape has no place for"
    assert {s for s in lost if "provenance" not in s} == {
        f"2 values of firms {no_place}",  # a country, and an address that is none of a page
        f"2 values of memberships {no_place}",  # a chair, an end to come
        f"1 values of networks {no_place}",
        "1 other names of networks: a landscape has one abbreviation",
        "1 names of networks in part: parentheses at the end are taken for an abbreviation",
        "1 networks without a member of today",
        "2 firms without a membership of today: a landscape does not list them",
        "1 memberships that have ended: who has left is not listed",
        "1 memberships that another source says too",
        "1 memberships of people, who are in no landscape",
        "1 Source, which a landscape has no place for",
        "1 Person, which a landscape has no place for",
        "1 COMPETES_WITH, which a landscape has no place for",
    }
    assert not loaded(other, tmp_path / "odd.yaml").rejects
    there = told(other, TABLES, "source", "recorded_at", "confidence", "evidence")
    assert there["Firm"] == [
        {"id": "firm:one", "name": "One: 'a' #b", "homepage": "https://one.example"},
        {"id": "firm:two", "name": "true", "crunchbase": "t-wö"},
    ]
    foundation = {"kind": "foundation", "scope": "international"}
    assert there["Network"] == [
        {
            **{"id": "network:bare", "name": "LF", "aliases": ["LF"], **foundation},
            **{"homepage": "http://lf.example", "description": "L"},
        },
        {"id": "network:club-1", "name": "Club", "aliases": ["C"], **foundation},
        {"id": "network:p", "name": "Guild", "aliases": ["of few"], **foundation},
    ]
    facts = [tuple(map(str, f.values())) for f in there["MEMBER_OF"]]
    assert sorted(facts) == [
        ("firm:one", "network:bare"),
        ("firm:one", "network:club-1", "Gold", "2011-05-03"),
        ("firm:one", "network:p", "2012-01-01"),
        ("firm:two", "network:bare"),
        ("firm:two", "network:bare", "end user"),
    ]


def test_networks_that_are_called_alike_are_told(engine: Engine, tmp_path: Path) -> None:
    ids = ("network:one", "network:two")
    rows: Rows = {
        "Firm": [{"id": "firm:a", "name": "A"}],
        "Network": [{"id": id_, "name": "Twin"} for id_ in ids],
        "MEMBER_OF": [{"from": "firm:a", "to": id_, "tier": "Gold"} for id_ in ids],
    }
    fill(engine, rows)
    lost = exported(engine, tmp_path / "x.yml")
    assert "2 networks that are called as another: a load makes them one" in lost


def test_it_is_written_as_landscapes_are(engine: Engine, tmp_path: Path) -> None:
    """The fields, their types and their forms as the data file of landscape2 has them."""
    loaded(engine, SMALL / "cncf.yml", SMALL / "lf.yml")
    exported(engine, tmp_path / "landscape.yml")
    document = yaml.safe_load((tmp_path / "landscape.yml").read_text("utf-8"))
    titles = [category["name"] for category in document["landscape"]]
    assert titles == ["CNCF Members", "LF Members", "Projects"]
    shelves = {s["name"]: s["items"] for s in document["landscape"][0]["subcategories"]}
    beta = next(i for i in shelves["Platinum"] if i["name"].startswith("Beta"))
    assert beta == {
        "name": 'Beta </script><script>alert(1)</script> & "Söhne" (member)',
        "homepage_url": "https://beta.example/?a=1&b='2'",
        "crunchbase": "https://www.crunchbase.com/organization/beta",
        "extra": {"annotations": {"alliance_explorer_id": "firm:beta"}},
        "joined": "2016-01-01",
        "enduser": True,
    }
    alpha = next(i for i in shelves["Platinum"] if i["name"].startswith("Alpha"))
    # What the Linux Foundation says of it, that it is Platinum there, too.
    assert alpha["second_path"] == ["Project Membership / P4 Fund"]
    shelves = {s["name"]: s["items"] for s in document["landscape"][1]["subcategories"]}
    assert "Alpha (member)" in {item["name"] for item in shelves["Platinum"]}
    (shelf,) = document["landscape"][2]["subcategories"]
    assert shelf["items"][0] == {
        "name": "Cloud Native Computing Foundation (CNCF)",
        "homepage_url": "https://www.cncf.io/",
        "description": "Hosts critical components of infrastructure.",
        "extra": {
            "annotations": {"alliance_explorer_id": "network:cloud-native-computing-foundation"}
        },
    }


def test_of_nobody_it_is_empty(engine: Engine, tmp_path: Path) -> None:
    exported(engine, tmp_path / "landscape.yml")
    assert (tmp_path / "landscape.yml").read_text("utf-8") == "landscape: []\n"
