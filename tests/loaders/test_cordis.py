"""CORDIS in small, in the form of each generation of its files; and in the forms of its errors."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.loaders import Summary, load

# As exported since 2021: semicolons, everything quoted, decimal commas, a byte order mark.
PROJECTS = """\
"id";"acronym";"status";"title";"startDate";"endDate";"totalCost";"ecMaxContribution";"frameworkProgramme";"fundingScheme";"rcn"
"101";"ALPHA";"CLOSED";"First; of three";"2016-01-01";"2018-12-31";"1000,5";"800,25";"H2020";"RIA";"9101"
"102";"BETA";"SIGNED";"Second";"2019-03-01";"2017-02-28";"0";"";"H2020";"IA";"9102"
"103";"SOLO";"SIGNED";"Of one";"2020-01-01";"3201-12-31";"50000";"50000";"H2020";"SME-1";"9103"
"104";"NONE";"SIGNED";"Of none";"2020-01-01";"2021-12-31";"1";"1";"H2020";"RIA";"9104"
"";"LOST";"SIGNED";"Without a number";"2020-01-01";"2021-12-31";"1";"1";"H2020";"RIA";""
"""  # noqa: E501
ORGANISATIONS = """\
"projectID";"projectAcronym";"organisationID";"vatNumber";"name";"shortName";"SME";"activityType";"city";"country";"geolocation";"organizationURL";"role";"ecContribution";"netEcContribution";"totalCost";"endOfParticipation"
"101";"ALPHA";"1";"ATU1";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"false";"HES";"GRAZ";"AT";"(47.07,15.45)";"www.tugraz.at";"coordinator";"500,25";"500,25";"600";"false"
"101";"ALPHA";"2";"";"SociÃ©tÃ© Petite";"";"true";"PRC;PRC";"Athens";"EL";"";"";"participant";"300";"300";"400,5";"true"
"102";"BETA";"2";"EL2";"SOCIETE PETITE";"";"";"PRC";"";"EL";"37.98,23.73";"";"coordinator";"";"";"";""
"102";"BETA";"1";"";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"";"HES";"GRAZ";"AT";"";"";"participant";"0";"0";"0";"false"
"102";"BETA";"1";"";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"";"HES";"GRAZ";"AT";"";"";"thirdParty";"10";"10";"10";"false"
"102";"BETA";"";"";"Numberless Ltd";"";"";"PRC";"";"UK";"";"";"partner";"";"";"";""
"103";"SOLO";"3";"";"Alone Ltd";"";"true";"PRC";"";"ZZ";"";"";"coordinator";"50000";"50000";"50000";""
"102";"BETA";"";"";"";"";"";"PRC";"";"";"";"";"partner";"";"";"";""
"105";"GONE";"1";"";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"";"HES";"GRAZ";"AT";"";"";"participant";"";"";"";""
"102";"BETA";"1";"";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"";"HES";"GRAZ";"AT";"";"";"participant";"7";"7";"7";"false"
"101";"ALPHA";"1";"ATU1";"TECHNISCHE UNIVERSITAET GRAZ";"TU GRAZ";"false";"HES";"GRAZ";"AT";"(47.07,15.45)";"www.tugraz.at";"coordinator";"500,25";"500,25";"600";"false"
"101";"too short"
"""  # noqa: E501
# As exported before.
OLD_PROJECTS = """\
rcn;id;acronym;status;programme;topics;frameworkProgramme;title;startDate;endDate;totalCost;ecMaxContribution;fundingScheme
9101;101;ALPHA;CLOSED;x;y;FP7;First;2010-01-01;2012-12-31;1000,5;800,25;CP
"""
OLD_ORGANISATIONS = """\
projectRcn;projectID;projectAcronym;role;id;name;shortName;activityType;endOfParticipation;ecContribution;country;city;organizationUrl
9101;101;ALPHA;coordinator;1;ONE;;HES;false;500,25;AT;GRAZ;www.one.at
9101;101;ALPHA;participant;2;TWO;;PRC;false;300;UK;LEEDS;
"""
COMPACT = """\
rcn,role,pic,type,contribution,country,start_date,end_date,max_contribution,total_cost
9101,coordinator,1,HES,500.25,AT,2016-01-01,2018-12-31,800.25,1000.5
9101,participant,2,PRC,NA,NA,2016-01-01,2018-12-31,800.25,1000.5
9103,coordinator,3,PRC,5,UK,NA,NA,5,NA
"""


def folder(path: Path, files: Mapping[str, str | bytes]) -> Path:
    path.mkdir()
    for name, content in files.items():
        data = content if isinstance(content, bytes) else b"\xef\xbb\xbf" + content.encode()
        (path / name).write_bytes(data)
    return path


def loaded(engine: Engine, *sources: Path, **more: str) -> Summary:
    names = [str(s) for s in sources]
    return load(
        engine, names, max_download=1, download_timeout=1.0, format=more.get("format", "auto")
    )


def counts(summary: Summary) -> dict[str, tuple[int, int, int]]:
    """By type: read, written, rejected; each must add up."""
    for count in summary.counts.values():
        assert count.read == count.loaded + count.unchanged + count.rejected
    return {name: (c.read, c.loaded, c.rejected) for name, c in summary.counts.items()}


def firm(engine: Engine, id_: str) -> dict[str, object]:
    keys = "name aliases country city lat lon sme organisation_type actor_type homepage vat_number"
    asked = ", ".join(f"f.{key} AS {key}" for key in keys.split())
    (row,) = engine.read(f"MATCH (f:Firm) WHERE f.id = $id RETURN {asked}", id=id_)
    return {key: value for key, value in row.items() if value not in (None, [])}


def parties(engine: Engine) -> list[tuple[object, ...]]:
    rows = engine.read(
        "MATCH (f:Firm)-[p:PARTY_TO]->(a:Alliance) RETURN f.id AS f, a.id AS a, p.role AS role, "
        "p.ec_contribution AS ec, p.ended_early AS early, p.source AS source"
    )
    return sorted(tuple(row.values()) for row in rows)


def test_official_csv(engine: Engine, tmp_path: Path) -> None:
    data = folder(
        tmp_path / "c", {"project.csv": PROJECTS, "organization.csv": ORGANISATIONS, "x.pdf": "x"}
    )
    summary = loaded(engine, data)
    assert counts(summary) == {
        "Source": (1, 1, 0),
        "Firm": (4, 4, 0),
        "Alliance": (3, 2, 1),
        "PARTY_TO": (10, 6, 4),
    }
    assert firm(engine, "firm:pic-1") == {
        "name": "TECHNISCHE UNIVERSITAET GRAZ",
        "aliases": ["TU GRAZ"],
        "country": "AT",
        "city": "GRAZ",
        "lat": 47.07,
        "lon": 15.45,
        "sme": False,
        "organisation_type": "higher_education",
        "actor_type": "research",
        "homepage": "http://www.tugraz.at",
        "vat_number": "ATU1",
    }
    # A later row filled the blanks, and its spelling became an alias.
    assert firm(engine, "firm:pic-2") == {
        "name": "Société Petite",
        "aliases": ["SOCIETE PETITE"],
        "country": "GR",
        "city": "Athens",
        "lat": 37.98,
        "lon": 23.73,
        "sme": True,
        "organisation_type": "company",
        "vat_number": "EL2",
    }
    assert firm(engine, "firm:numberless-ltd-gb")["name"] == "Numberless Ltd"
    assert "country" not in firm(engine, "firm:pic-3")
    h2020 = "source:cordis-h2020"
    assert parties(engine) == [
        ("firm:numberless-ltd-gb", "alliance:rcn-9102", "partner", None, None, h2020),
        ("firm:pic-1", "alliance:rcn-9101", "coordinator", 500.25, False, h2020),
        ("firm:pic-1", "alliance:rcn-9102", "participant", 0.0, False, h2020),
        ("firm:pic-1", "alliance:rcn-9102", "thirdParty", 10.0, False, h2020),
        ("firm:pic-2", "alliance:rcn-9101", "participant", 300.0, True, h2020),
        ("firm:pic-2", "alliance:rcn-9102", "coordinator", None, None, h2020),
    ]
    alliances = engine.read(
        "MATCH (a:Alliance) RETURN a.name AS name, a.description AS d, a.start AS start, "
        "a.`end` AS stop, a.phase AS phase, a.ec_contribution AS ec, a.total_cost AS cost, "
        "a.programme AS p, a.funding_scheme AS scheme, a.evidence AS e"
    )
    told = {str(a["name"]): [str(v) for v in a.values()][1:] for a in alliances}
    page = "https://cordis.europa.eu/project/id/10"
    assert told == {
        "ALPHA": [
            "First; of three",
            "2016-01-01",
            "2019-01-01",
            "ended",
            "800.25",
            "1000.5",
            "H2020",
            "RIA",
            page + "1",
        ],
        "BETA": [
            "Second",
            "2019-03-01",
            "None",
            "post_formation",
            "None",
            "0.0",
            "H2020",
            "IA",
            page + "2",
        ],
    }


def test_what_is_rejected_and_what_is_told(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path / "c", {"project.csv": PROJECTS, "organization.csv": ORGANISATIONS})
    summary = loaded(engine, data)
    rejects = [(r.type, r.line, r.problems[0].field, r.problems[0].reason) for r in summary.rejects]
    assert rejects == [
        ("Alliance", 6, "id", "blank: nobody could say who took part in this project"),
        ("PARTY_TO", 9, "organisationID", "blank, and no name either: nobody took part"),
        ("PARTY_TO", 10, "projectID", f"'105' is no project of {data}/project.csv"),
        ("PARTY_TO", 11, "from", "the same fact stands already in line 5, with other values"),
        ("PARTY_TO", 13, "(row)", "has 2 cells, the header has 17"),
    ]
    notes = "\n".join(summary.notes)
    assert (
        "12 participations: 6 in 2 projects of two or more; 1 in 1 projects with a single "
        "participant, left out; 1 said again; 4 rejected"
    ) in notes
    assert "1 projects without any participant were left out" in notes
    assert "1 relationships stand there twice, with the same values" in notes
    assert "line 12 as 2" in notes
    assert "2 × impossible date: " in notes
    assert "line 4, end: '3201-12-31' → ''" in notes
    assert "1 × left unknown: " in notes and "country: 'ZZ' → ''" in notes


def test_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path / "c", {"project.csv": PROJECTS, "organization.csv": ORGANISATIONS})
    first = loaded(engine, data)
    before = parties(engine)
    again = loaded(engine, data)
    assert {c.loaded for c in again.counts.values()} == {0}
    assert {n: c.read for n, c in again.counts.items()} == {
        n: c.read for n, c in first.counts.items()
    }
    assert parties(engine) == before


def _json(table: str) -> bytes:
    head, *rows = [line.split(";") for line in table.replace('"', "").splitlines()]
    return json.dumps([dict(zip(head, row, strict=False)) for row in rows], indent=4).encode()


def _excel(table: str, path: Path) -> bytes:
    book = openpyxl.Workbook()
    for line in table.splitlines():
        book.active.append(line.split(";"))  # type: ignore[union-attr]
    book.save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    "form", ["old.csv", "old.csv, zip", "json", "json, UTF-16", "json.zip", "xlsx"]
)
def test_every_form_gives_the_same(engine: Engine, tmp_path: Path, form: str) -> None:
    tables = {"organizations": OLD_ORGANISATIONS, "projects": OLD_PROJECTS}
    files: dict[str, str | bytes]
    if form.startswith("json"):
        encoding = "utf-16" if form.endswith("UTF-16") else "utf-8"
        files = {f"{n[:-1]}.json": _json(t).decode().encode(encoding) for n, t in tables.items()}
    elif form == "xlsx":
        files = {f"{n}.xlsx": _excel(t, tmp_path / "x.xlsx") for n, t in tables.items()}
    else:
        files = {f"cordis-fp7{n}.csv": t for n, t in tables.items()}
    data = folder(tmp_path / "c", files)
    if form.endswith("zip"):
        with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
            for path in data.iterdir():
                archive.write(path, f"sub/{path.name}")
        data = tmp_path / "c.zip"
    assert counts(loaded(engine, data)) == {
        "Source": (1, 1, 0),
        "Firm": (2, 2, 0),
        "Alliance": (1, 1, 0),
        "PARTY_TO": (2, 2, 0),
    }
    fp7 = "source:cordis-fp7"
    assert parties(engine) == [
        ("firm:pic-1", "alliance:rcn-9101", "coordinator", 500.25, False, fp7),
        ("firm:pic-2", "alliance:rcn-9101", "participant", 300.0, False, fp7),
    ]
    assert firm(engine, "firm:pic-2") == {
        "name": "TWO",
        "country": "GB",
        "city": "LEEDS",
        "organisation_type": "company",
    }


def test_compact(engine: Engine, tmp_path: Path) -> None:
    names = "pic,name,country\n2,Two in Windhoek,NA\n"
    data = folder(tmp_path / "c", {"h2020.csv": COMPACT, "h2020_pic_names.csv": names})
    official = folder(tmp_path / "o", {"project.csv": PROJECTS, "organization.csv": ORGANISATIONS})
    for source in (data, data / "h2020.csv"):
        summary = loaded(engine, source)
        assert {n: c.read for n, c in summary.counts.items()} == {
            **{"Source": 1, "Firm": 3, "Alliance": 1, "PARTY_TO": 2}
        }
    assert firm(engine, "firm:pic-2")["country"] == "NA"
    assert firm(engine, "firm:pic-3")["name"] == "Organisation 3"
    assert [row[3] for row in parties(engine)] == [500.25, None]
    loaded(engine, official)  # the same source and the same ids: it knows the names
    assert firm(engine, "firm:pic-3")["name"] == "Alone Ltd"
    loaded(engine, data)
    assert firm(engine, "firm:pic-3")["name"] == "Alone Ltd"
    names_ = engine.read("MATCH (a:Alliance) WHERE a.id = 'alliance:rcn-9101' RETURN a.name AS n")
    assert names_ == [{"n": "ALPHA"}]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"project.csv": PROJECTS}, "here are 1 and 0"),
        ({"project.csv": PROJECTS, "organization.csv": "name;role\n"}, "no column organisationid"),
        ({"project.json": b"[1", "organization.json": b"[]"}, "is not a JSON object"),
        ({"project.json": b'[{"id": 1', "organization.json": b"[]"}, "unfinished"),
    ],
)
def test_what_is_no_export(tmp_path: Path, files: dict[str, str | bytes], reason: str) -> None:
    from alliance_explorer.loaders.sources.cordis_file import read_exports

    with pytest.raises(SourceError, match=reason):
        read_exports(folder(tmp_path / "c", files), "c")


def test_json_that_ends_in_the_middle_loses_nothing_silently(
    engine: Engine, tmp_path: Path
) -> None:
    whole = _json(OLD_ORGANISATIONS)
    files = {"project.json": _json(OLD_PROJECTS), "organization.json": whole[: len(whole) - 9]}
    summary = loaded(engine, folder(tmp_path / "c", {**files}))
    assert [r.problems[0].reason for r in summary.rejects] == [
        "is no JSON, or the file ends here unfinished"
    ]
