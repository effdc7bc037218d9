import json
from pathlib import Path

from tests.support.console import ran, refused
from tests.support.tiny import EXAMPLES


def test_query(tmp_path: Path) -> None:
    db = f"ladybug://{tmp_path}/x.lbug"
    ran("--db", db, "load", str(EXAMPLES / "asymmetric_startups"))
    text = "MATCH (f:Firm {id: $id}) RETURN f.name AS name, f.country AS country"
    given = ("--parameters", '{"id": "firm:startups-startup1"}')
    assert "Startup1" in ran("--db", db, "query", text, *given)
    told = json.loads(ran("--db", db, "query", text, *given, "--json"))
    assert told["rows"][0][0] == "Startup1"
    file = tmp_path / "rows.csv"
    ran("--db", db, "query", text, *given, "-o", str(file))
    assert file.read_text().splitlines()[0] == "name,country"
    assert "begins with one of MATCH" in refused("--db", db, "query", "DROP TABLE Firm")
    assert "write a .csv file" in refused("--db", db, "query", text, "-o", "rows.txt")
