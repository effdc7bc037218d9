"""Exports in the form of CORDIS: what it holds comes back, what it cannot is told."""

from pathlib import Path

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import Value
from tests.exporters.there_and_back import exported, loaded, told
from tests.loaders.test_cordis import ORGANISATIONS, PROJECTS, folder
from tests.support.graphs import Graphs
from tests.support.tiny import Rows, examples
from tests.support.tiny import write as fill

TABLES = ("Firm", "Alliance", "PARTY_TO")


@pytest.mark.parametrize("target", ["folder", "cordis.zip"])
def test_what_came_from_cordis_comes_back(
    engine: Engine, other: Engine, tmp_path: Path, target: str
) -> None:
    """Out of the embedded engine into either, and out of either again."""
    files = {"project.csv": PROJECTS, "organization.csv": ORGANISATIONS}
    loaded(other, folder(tmp_path / "c", files))
    lost = exported(other, tmp_path / target, "cordis")
    # One is party to a single project, which is none of ours; the rest is made anew by a load.
    assert [s for s in lost if "provenance" not in s] == [
        "1 firms without an alliance, which CORDIS has no row for",
        "1 Source, which CORDIS has no table for",
    ]
    summary = loaded(engine, tmp_path / target)
    assert not summary.rejects
    assert summary.total.created == summary.total.read > 10
    expected = told(other, TABLES)
    expected["Firm"] = [firm for firm in expected["Firm"] if firm["id"] != "firm:pic-3"]
    assert told(engine, TABLES) == expected
    again = tmp_path / f"again {target}"
    exported(engine, again, "cordis")
    assert loaded(engine, again).total.loaded == 0
    if target == "cordis.zip":
        assert again.read_bytes() == (tmp_path / target).read_bytes()


def test_alliances_that_are_no_projects_keep_their_ids(
    graphs: Graphs, other: Engine, tmp_path: Path
) -> None:
    """The bundled cases: firms, alliances of several, roles, dates; their kind is none it has."""
    cases = graphs.holding("examples", examples)
    exported(cases, tmp_path / "cases", "cordis")
    assert not loaded(other, tmp_path / "cases").rejects
    before, after = told(cases, TABLES), told(other, TABLES)
    parts: dict[Value, set[Value]] = {}
    for part in before["PARTY_TO"]:
        parts.setdefault(part["to"], set()).add(part["from"])
    joint = {a["id"]: a for a in before["Alliance"] if len(parts.get(a["id"], ())) > 1}
    assert [a["id"] for a in after["Alliance"]] == [*joint]
    for alliance in after["Alliance"]:
        held = {"id", "name", "description", "start", "end"}
        assert {k: v for k, v in alliance.items() if k in held} == {
            k: v for k, v in joint[alliance["id"]].items() if k in held
        }
        assert not {"kind", "evidence"} & alliance.keys()
        assert alliance["source"] == "source:file-cases"
    roles = {(p["from"], p["to"], p.get("role")) for p in before["PARTY_TO"] if p["to"] in joint}
    assert {(p["from"], p["to"], p.get("role")) for p in after["PARTY_TO"]} == roles
    assert loaded(other, tmp_path / "cases").total.loaded == 0


ODD: Rows = {
    "Source": [{"id": "source:s", "title": "S"}, {"id": "source:t", "title": "T"}],
    "Firm": [
        {"id": "firm:pic-1.0", "name": 'A; "B"', "country": "GR", "aliases": "b;c", "lat": 1e-7},
        {"id": "firm:b", "name": "N/A", "lat": -1e-7, "lon": 179.5, "founded": 1990},
        {"id": "firm:c", "name": "C", "actor_type": "research", "organisation_type": "research"},
        {"id": "firm:idle", "name": "Idle", "actor_type": "integrator"},
    ],
    "Alliance": [
        # Two of one number: the second is known by its record number alone.
        {
            "id": "alliance:cordis-7",
            "name": "Seven",
            "kind": "research project",
            "evidence": "https://cordis.europa.eu/project/id/7",
            "end": "2020-01-01",
            "total_cost": 1e16,
        },
        {
            "id": "alliance:rcn-9",
            "name": "Nine",
            "kind": "research project",
            "evidence": "https://cordis.europa.eu/project/id/7",
            "start": "1492-10-12",
            "phase": "design",
        },
        {"id": "alliance:own", "name": "Own", "kind": "licence", "phase": "ended"},
        {"id": "alliance:alone", "name": "Alone"},
    ],
    "PARTY_TO": [
        {"from": "firm:pic-1.0", "to": "alliance:cordis-7", "role": "x", "source": "source:s"},
        {"from": "firm:pic-1.0", "to": "alliance:cordis-7", "role": "x", "source": "source:t"},
        {"from": "firm:b", "to": "alliance:cordis-7", "ec_contribution": 0.1, "contributes": "m"},
        {"from": "firm:b", "to": "alliance:rcn-9"},
        {"from": "firm:c", "to": "alliance:rcn-9", "ended_early": "true"},
        {"from": "firm:c", "to": "alliance:own", "role": "coordinator"},
        {"from": "firm:b", "to": "alliance:own"},
        {"from": "firm:b", "to": "alliance:alone"},
    ],
    "Network": [{"id": "network:n", "name": "N"}],
    "MEMBER_OF": [{"from": "firm:b", "to": "network:n"}],
}


def test_what_it_cannot_hold_is_told(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine, ODD)
    lost = exported(engine, tmp_path / "odd.zip", "cordis")
    assert {s for s in lost if "provenance" not in s} == {
        # kind of one's own, and where CORDIS has one status; a year that nobody would believe
        "3 values of alliances that CORDIS has no column for",
        # a latitude without longitude, a year of foundation
        "2 values of firms that CORDIS has no column for",
        "1 other names of firms: CORDIS has one",
        "1 parts in alliances that another source says too",
        "1 values of parts in alliances that CORDIS has no column for",
        "1 firms without an alliance, which CORDIS has no row for",
        "1 alliances of fewer than two firms: a load leaves them out",
        "2 Source, which CORDIS has no table for",
        "1 Network, which CORDIS has no table for",
        "1 MEMBER_OF, which CORDIS has no table for",
    }
    assert not loaded(other, tmp_path / "odd.zip").rejects
    there = told(other, TABLES, "source", "recorded_at", "confidence")
    assert there["Firm"] == [
        {"id": "firm:b", "name": "N/A", "lat": -1e-7, "lon": 179.5},
        {"id": "firm:c", "name": "C", "actor_type": "research", "organisation_type": "research"},
        {"id": "firm:pic-1.0", "name": 'A; "B"', "aliases": ["b"], "country": "GR"},
    ]
    seven, own, nine = there["Alliance"]
    assert (seven["id"], seven["total_cost"], str(seven["end"])) == (
        "alliance:cordis-7",
        1e16,
        "2020-01-01",
    )
    assert own == {"id": "alliance:own", "name": "Own", "phase": "ended"}
    assert nine == {
        "id": "alliance:rcn-9",
        "name": "Nine",
        "kind": "research project",
        "evidence": "https://cordis.europa.eu/project/rcn/9",
    }
    assert there["PARTY_TO"] == [
        {"from": "firm:b", "to": "alliance:cordis-7", "ec_contribution": 0.1},
        {"from": "firm:b", "to": "alliance:own"},
        {"from": "firm:b", "to": "alliance:rcn-9"},
        {"from": "firm:c", "to": "alliance:own", "role": "coordinator"},
        {"from": "firm:c", "to": "alliance:rcn-9", "ended_early": True},
        {"from": "firm:pic-1.0", "to": "alliance:cordis-7", "role": "x"},
    ]
