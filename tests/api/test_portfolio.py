"""The portfolio in depth over HTTP."""

import csv
import io

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient


def test_composition(client: TestClient) -> None:
    answer = client.get("/api/v1/firms/Seamless/composition", params={"as_of": "2011-12-31"}).json()
    assert answer["size"] == 12
    power = next(d for d in answer["dimensions"] if d["name"] == "power")
    assert power["counts"] == {"asymmetric": 11, "symmetric": 1}
    assert power["diversity"]["blau"] == pytest.approx(1 - (11 / 12) ** 2 - (1 / 12) ** 2)


def test_dependence_shows_how_it_came_about(client: TestClient) -> None:
    answer = client.get("/api/v1/firms/Startup2/dependence").json()
    (entry,) = answer["entries"]
    assert entry["quadrant"] == "on the partner"
    used = [f for f in entry["firm"]["factors"] if f["used"]]
    assert [f["name"] for f in used] == ["share of sales", "alternatives stated"]
    for factor in used:
        for fact in factor["facts"]:
            assert answer["sources"][fact["properties"]["source"]]["title"]
    assert answer["rule"]


def test_coopetition_is_bounded(client: TestClient) -> None:
    path = "/api/v1/firms/firm:xelerated/coopetition"
    answer = client.get(path, params={"as_of": "2011-12-31", "limit": 1}).json()
    competing = {c["partner"]["name"] for c in answer["coopetitors"]}
    assert competing == {"Huawei", "Broadcom", "Infineon"}
    assert client.get(path, params={"limit": 0}).status_code == 422


def test_timeline_and_lifecycle(client: TestClient) -> None:
    timeline = client.get("/api/v1/firms/Xelerated/timeline").json()
    assert timeline["turns"][-1]["partner"]["name"] == "Huawei"
    assert timeline["agility"]["moves"] == 18
    lifecycle = client.get("/api/v1/firms/Startup1/lifecycle").json()
    assert lifecycle["alliances"][0]["champions"] == ["E-business manager of BSM (BSM)"]


def test_comparison(client: TestClient) -> None:
    path = "/api/v1/firms/Seamless/comparison"
    days = {"as_of": "2007-12-31", "with": "2011-12-31"}
    assert len(client.get(path, params=days).json()["came"]) == 8
    wrong = client.get(path, params={"as_of": "2011-12-31", "with": "2007-12-31"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "with"
    assert client.get(path, params={"as_of": "2011-12-31"}).status_code == 422


def test_panel(client: TestClient) -> None:
    asked = {"firm": ["Xelerated", "Seamless"], "from": 2000, "to": 2012}
    answer = client.get("/api/v1/panel", params=asked).json()
    assert len(answer["rows"]) == 26
    text = client.get("/api/v1/panel", params={**asked, "format": "csv"})
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert [r["moves"] for r in rows] == [str(r["values"]["moves"]) for r in answer["rows"]]
    parquet = client.get("/api/v1/panel", params={**asked, "format": "parquet"})
    assert parquet.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(parquet.content)).num_rows == 26


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"firm": "Xelerated", "from": 2012, "to": 2000}, "to"),
        ({"firm": "Xelerated", "from": 2000, "to": 2000, "measure": "x"}, "measure"),
        ({"from": 2000, "to": 2000}, "firm"),
        ({"firm": ["x"] * 51, "from": 2000, "to": 2000}, "firm"),
    ],
)
def test_panel_says_what_is_wrong(client: TestClient, asked: dict[str, object], field: str) -> None:
    answer = client.get("/api/v1/panel", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "name", ["composition", "dependence", "coopetition", "timeline", "lifecycle"]
)
def test_names_like_an_unknown_one(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/v1/firms/Xelerted/{name}")
    assert answer.status_code == 404
    assert answer.json()["nearest"][0]["name"] == "Xelerated"
