"""Any table and CORDIS on the command line: dry runs, mistakes, and what is told."""

import json
import re
from pathlib import Path

from tests.support.console import ran, run

EXAMPLE = Path(__file__).parents[2] / "docs" / "mapping"
DATA, MAPPING = str(EXAMPLE / "partners.csv"), str(EXAMPLE / "partners.yml")


def test_dry_run_shows_the_first_records_and_every_problem(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path}/x.lbug"
    dry = run("--db", url, "load", DATA, "--mapping", MAPPING, "--dry-run")
    assert dry.code == 0
    assert re.search(
        r"^Firm  \(.*partners\.csv, line 4\)\n    id: firm:muller-sohne-gmbh\n", dry.out, re.M
    )
    assert "Nothing was written: this was a dry run." in dry.out
    assert "line 9, Country: country: 'Germny' is no country; did you mean 'germany'?" in dry.err
    assert "Nothing is loaded yet" in ran("--db", url, "stats")

    found = json.loads(ran("--db", url, "load", DATA, "--mapping", MAPPING, "--dry-run", "--json"))
    assert found["total"]["loaded"] == 26 and found["total"]["rejected"] == 2
    first = next(r for r in found["records"] if r["type"] == "PARTY_TO")
    assert first["line"] == 4
    assert first["properties"]["from"] == "firm:muller-sohne-gmbh"

    told = run("--db", url, "load", DATA, "--mapping", MAPPING)
    assert re.search(r"^total +28 +26 +0 +2$", told.out, flags=re.MULTILINE)
    assert "2 rows were rejected" in told.err
    assert "2 alliances" in ran(
        *("--db", url, "portfolio", "Müller & Söhne GmbH", "--as-of", "2019-01-01")
    )


def test_mistakes_in_a_mapping_are_told(tmp_path: Path) -> None:
    mapping = tmp_path / "map.yml"
    mapping.write_text("records:\n  - node: Firm\n    set: {nmae: Firm}\n", "utf-8")
    failed = run("--db", f"ladybug://{tmp_path}/x.lbug", "load", DATA, "--mapping", str(mapping))
    assert failed.code == 2 and not failed.out
    assert "set.nmae: Firm has no such property; did you mean 'name'?" in failed.err
    bare = run("--db", f"ladybug://{tmp_path}/x.lbug", "load", DATA)
    assert bare.code == 2
    assert "no type is called 'partners'" in bare.err
    assert "--mapping FILE says what the columns of any other table mean" in bare.err
    gone = run("--db", f"ladybug://{tmp_path}/x.lbug", "load", DATA, "--mapping", f"{mapping}x")
    assert gone.code == 2
    assert re.search(r"map\.ymlx: no such file or folder; did you mean .*map\.yml\?", gone.err)


def test_cordis(tmp_path: Path) -> None:
    (tmp_path / "project.csv").write_text("id;acronym;rcn\n1;ALPHA;9\n2;SOLO;8\n", "utf-8")
    (tmp_path / "organization.csv").write_text(
        "projectID;organisationID;name;country;role;ecContribution\n"
        '1;11;ONE;EL;coordinator;"1,5"\n1;12;TWO;UK;participant;2\n2;11;ONE;EL;coordinator;3\n',
        "utf-8",
    )
    url = f"ladybug://{tmp_path}/x.lbug"
    told = ran("--db", url, "load", str(tmp_path))
    assert re.search(r"^PARTY_TO +2 +2 +0 +0$", told, flags=re.MULTILINE)
    assert "1 in 1 projects with a single participant, left out" in told
    assert "partner's country: GB 1" in ran("--db", url, "portfolio", "ONE")


def test_a_mapping_leaves_nothing_for_as_to_say(tmp_path: Path) -> None:
    url = f"ladybug://{tmp_path}/x.lbug"
    both = run("--db", url, "load", DATA, "--mapping", MAPPING, "--as", "MEMBER_OF")
    assert both.code == 2
    assert "--as says what ties of a graph are; a mapping says it all" in both.err
    assert "Nothing is loaded yet" in ran("--db", url, "stats")
