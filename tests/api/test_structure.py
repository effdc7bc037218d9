"""Structure over HTTP: figures that can be recomputed, and questions that are refused."""

import math

import pytest
from fastapi.testclient import TestClient


def test_structure(client: TestClient) -> None:
    asked = {"as_of": "2011-12-31", "attribute": "actor_type", "valuation": "strength"}
    answer = client.get("/api/v1/firms/Digitata/structure", params=asked).json()
    assert answer["basis"]["as_of"] == "2011-12-31"
    for name, m in answer["measures"].items():
        dyads = [p["by"][name] for p in answer["partners"]]
        assert m["degree"] == len(dyads) == 6
        assert sum(d["constraint"] for d in dyads) == pytest.approx(m["constraint"], abs=1e-9)
        effective = m["degree"] - sum(d["redundancy"] for d in dyads)
        assert effective == pytest.approx(m["effective_size"], abs=1e-9)
    assert answer["measures"]["binary"]["effective_size"] == pytest.approx(6 - 2 * 2 / 6)
    assert answer["brokerage"]["attribute"] == "actor_type"
    assert (
        sum(r["triads"] for r in answer["brokerage"]["roles"]) + answer["brokerage"]["unknown"]
        == 6 * 5 - 2 * 2
    )


def test_comparison(client: TestClient) -> None:
    url = "/api/v1/firms/Xelerated/structure/comparison"
    dates = {"as_of": "2009-12-31", "other_as_of": "2012-12-31"}
    answer = client.get(url, params=dates).json()
    assert "Ericsson" in [r["name"] for r in answer["only_other"]]
    one, other = (answer[k]["measures"]["binary"] for k in ("one", "other"))
    assert answer["change"]["binary"]["constraint"] == pytest.approx(
        other["constraint"] - one["constraint"]
    )
    two = client.get(url, params={"as_of": "2011-12-31", "other": "Seamless"}).json()
    assert [r["name"] for r in two["both"]] == ["Ericsson"]
    assert two["other"]["focal"]["name"] == "Seamless"


def test_keyness(client: TestClient) -> None:
    answer = client.get("/api/v1/firms/firm:startups-startup2/keyness").json()
    (partner,) = answer["partners"]
    (item,) = partner["needs"]
    need, scarcity = 1 - math.prod([1 - item["importance"]]), 1 / (1 + item["substitutes"])
    expected = need * scarcity * partner["over"] / answer["reach"]
    assert partner["keyness"] == pytest.approx(expected, abs=1e-9)
    again = client.get("/api/v1/firms/firm:startups-startup2/keyness", params={"seed": 1}).json()
    assert again == answer


def test_network(client: TestClient) -> None:
    answer = client.get("/api/v1/network", params={"limit": 2}).json()
    assert answer["top"][0]["firm"]["name"] == "Xelerated"
    assert answer["betweenness"]["method"] == "exact"
    n = answer["basis"]["firms"]
    first = answer["top"][0]
    assert first["normalised"] == pytest.approx(
        first["betweenness"] / ((n - 1) * (n - 2) / 2), abs=1e-12
    )


REFUSED: list[tuple[str, dict[str, str], int]] = [
    ("firms/Nobody/structure", {}, 404),
    ("firms/Xelerated/structure", {"attribute": "colour"}, 422),
    ("firms/Xelerated/structure", {"valuation": "weight"}, 422),
    ("firms/Xelerated/structure", {"kinds": "alliances"}, 422),
    ("firms/Xelerated/structure/comparison", {"other": "Nobody"}, 404),
    ("firms/Xelerated/keyness", {"missing": "1"}, 422),
    ("network", {"seconds": "1e9"}, 422),
]


def test_refused(client: TestClient) -> None:
    for url, asked, status in REFUSED:
        answer = client.get(f"/api/v1/{url}", params=asked)
        assert answer.status_code == status, url
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
