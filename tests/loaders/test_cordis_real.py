"""The real CORDIS, where it is: counted here with pandas, as it stands in the files."""

from pathlib import Path

import pandas as pd
import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.loaders import load

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
H2020 = SHARED / "cordis_h2020"
JSON = SHARED / "cordis_official_json"


def there(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"shared data missing: {path}")
    return path


def loaded(engine: Engine, path: Path) -> tuple[dict[str, int], str]:
    summary = load(engine, [str(path)], max_download=1, download_timeout=1.0)
    assert not summary.rejects
    for count in summary.counts.values():
        assert count.read == count.created
    in_graph = {
        name: engine.read(f"MATCH {pattern} RETURN count(x) AS n")[0]["n"]
        for name, pattern in (
            *((label, f"(x:{label})") for label in ("Source", "Firm", "Alliance")),
            ("PARTY_TO", "(:Firm)-[x:PARTY_TO]->(:Alliance)"),
        )
    }
    counted = {name: count.read for name, count in summary.counts.items()}
    assert counted == in_graph
    return counted, "\n".join(summary.notes)


def one(engine: Engine, query: str) -> object:
    (row,) = engine.read(f"{query} AS x")
    return row["x"]


def test_h2020(engine: Engine, tmp_path: Path) -> None:
    """All of it on the embedded engine; of Neo4j's slower load a tenth is enough."""
    rows = pd.read_csv(there(H2020 / "h2020.csv.gz"), keep_default_na=False, dtype=str)
    folder = H2020
    assert (rows.pic.nunique(), rows.rcn.nunique(), len(rows)) == (35_871, 31_451, 144_726)
    assert (rows.groupby("rcn").pic.nunique() == 1).sum() == 19_050
    if engine.dialect == "neo4j":
        folder = tmp_path
        rows = rows[rows.rcn.str.endswith("7")]
        rows.to_csv(folder / "h2020.csv", index=False)
        (folder / "h2020_pic_names.csv.gz").symlink_to(H2020 / "h2020_pic_names.csv.gz")
    size = rows.groupby("rcn").pic.nunique()
    alone = (size == 1).sum()
    joint = rows[rows.rcn.map(size) > 1]

    counted, notes = loaded(engine, folder)
    assert counted == {
        "Source": 1,
        "Firm": rows.pic.nunique(),
        "Alliance": len(size) - alone,
        "PARTY_TO": len(joint),
    }
    assert f"{len(rows):,} participations: {len(joint):,} in {len(size) - alone:,} proj" in notes
    assert f"{alone:,} in {alone:,} projects with a single participant, left out" in notes

    granted = pd.to_numeric(joint.contribution, errors="coerce")
    query = "MATCH (:Firm)-[p:PARTY_TO]->(:Alliance)"
    assert one(engine, f"{query} RETURN sum(p.ec_contribution)") == pytest.approx(granted.sum())
    assert one(engine, f"{query} RETURN count(p.ec_contribution)") == granted.notna().sum()
    for role, n in joint.role.value_counts().items():
        assert one(engine, f"{query} WHERE p.role = '{role}' RETURN count(p)") == n
    firms = rows.drop_duplicates("pic")
    for ours, theirs in (("GR", "EL"), ("GB", "UK"), ("NA", "NA"), ("DE", "DE")):
        found = one(engine, f"MATCH (f:Firm) WHERE f.country = '{ours}' RETURN count(f)")
        assert found == (firms.country == theirs).sum()
    names = pd.read_csv(H2020 / "h2020_pic_names.csv.gz", dtype=str, keep_default_na=False)
    called = engine.read(
        "MATCH (f:Firm) WHERE f.name STARTS WITH 'Organisation ' RETURN f.id AS id, f.name AS name"
    )
    made_up = [f for f in called if f["id"] == f"firm:pic-{str(f['name']).split()[-1]}"]
    assert len(made_up) == len(set(rows.pic) - set(names.pic))


def test_official_json(engine: Engine) -> None:
    projects = pd.read_json(there(JSON / "project.json"))
    rows = pd.read_json(JSON / "organization.json")
    assert (rows.groupby("projectID").organisationID.nunique() > 1).all()

    counted, _ = loaded(engine, JSON)
    assert counted == {
        "Source": projects.frameworkProgramme.nunique(),
        "Firm": rows.organisationID.nunique(),
        "Alliance": len(projects),
        "PARTY_TO": len(rows),
    }
    granted = pd.to_numeric(rows.ecContribution).sum()
    query = "MATCH (:Firm)-[p:PARTY_TO]->(:Alliance) RETURN"
    assert one(engine, f"{query} sum(p.ec_contribution)") == pytest.approx(granted)
    smes = rows[rows.SME == True].organisationID  # noqa: E712
    both = set(smes) & set(rows[rows.SME == False].organisationID)  # noqa: E712
    sme = one(engine, "MATCH (f:Firm) WHERE f.sme = true RETURN count(f)")
    assert isinstance(sme, int)
    assert smes.nunique() - len(both) <= sme <= smes.nunique()
    located = rows[rows.geolocation != ""].organisationID.nunique()
    assert one(engine, "MATCH (f:Firm) WHERE f.lat IS NOT NULL RETURN count(f)") == located
