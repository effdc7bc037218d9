"""Reach, weak points and openings over HTTP."""

from math import prod

import pytest
from fastapi.testclient import TestClient

from tests.support.reference import recomputed

DAY = {"as_of": "2011-12-31"}


def test_reach(client: TestClient) -> None:
    answer = client.get("/api/v1/actors/Xelerated/reach", params=DAY).json()
    assert (answer["tied"], answer["reachable"]) == (15, 15)
    assert {c["name"]: c["number"] for c in answer["counts"]["steps"]} == {
        "2 introductions": 3,
        "3 introductions": 12,
    }
    for r in answer["reached"]:
        assert recomputed(r["path"]) == pytest.approx(r["strength"], abs=1e-9)
        assert r["bridge"] == r["path"]["actors"][1]
        for step in r["path"]["steps"]:
            for tie in step["ties"]:
                for fact in tie["facts"]:
                    assert answer["sources"][fact["properties"]["source"]]["title"]
    rest = client.get(
        "/api/v1/actors/Xelerated/reach", params={**DAY, "cursor": answer["next_cursor"]}
    ).json()
    names = [r["actor"]["name"] for r in (*answer["reached"], *rest["reached"])]
    assert len(set(names)) == 15
    assert rest["next_cursor"] is None
    operators = client.get(
        "/api/v1/actors/Xelerated/reach", params={**DAY, "actor_type": "operator", "steps": 3}
    ).json()
    assert operators["total"] == 7
    assert {r["actor_type"] for r in operators["reached"]} == {"operator"}


def test_weak_points(client: TestClient) -> None:
    url = "/api/v1/actors/firm:xelerated/weak-points"
    answer = client.get(url, params={**DAY, "target": "MTN Group"}).json()
    named = [p["without"]["name"] for p in answer["points"]]
    assert named == ["Xelerated – Ericsson: system solution (2011)", "Ericsson"]
    # What it says is what one finds on looking again.
    for name in ("Ericsson", answer["points"][0]["without"]["id"]):
        asked = {"from": "Xelerated", "to": "MTN Group", "avoid": name, **DAY}
        assert client.get("/api/v1/paths", params=asked).json()["paths"] == []
    operators = client.get(url, params={**DAY, "actor_type": "operator"}).json()
    (ericsson,) = (p for p in operators["points"] if p["without"]["name"] == "Ericsson")
    assert ericsson["loses_all"] == (ericsson["loses"] == operators["in_reach"])


def test_openings(client: TestClient) -> None:
    asked = {"from": "Xelerated", "to": "MTN Group", "as_of": "2010-12-31"}
    answer = client.get("/api/v1/openings", params=asked).json()
    assert answer["best"] is None
    (relaxed,) = answer["relaxations"]
    assert relaxed["options"] == {"as_of": None, "ended": None}
    assert client.get("/api/v1/openings", params={**asked, "who": "contacts"}).status_code == 200
    first = answer["alliances"][0]
    assert first["join"]["name"] == "Seamless"
    assert first["strength"] == pytest.approx(recomputed(first["path"]), abs=1e-9)
    new = first["new"]
    factors = [new[f] for f in ("weight", "recency", "repetition", "specificity")]
    assert prod(factors) == pytest.approx(new["strength"], abs=1e-12)
    assert first["path"]["steps"][0]["ties"][0]["facts"] == []


@pytest.mark.parametrize(
    ("url", "params", "status", "says"),
    [
        ("/api/v1/actors/Xelerted/reach", {}, 404, "Xelerated"),
        ("/api/v1/actors/Xelerated/reach", {"country": "XX"}, 422, "country"),
        ("/api/v1/actors/Xelerated/reach", {"actor_type": "integrater"}, 422, "integrator"),
        ("/api/v1/actors/Xelerated/reach", {"steps": 5}, 422, "from 2 to 3"),
        ("/api/v1/actors/Xelerated/reach", {"cursor": "x"}, 422, "cursor"),
        ("/api/v1/actors/Xelerated/reach", {"capability": "nothing"}, 404, "nothing"),
        ("/api/v1/actors/Xelerated/weak-points", {"network": "none"}, 404, "none"),
        (
            "/api/v1/actors/Xelerated/weak-points",
            {"target": "Huawei", "country": "SE"},
            422,
            "not for both",
        ),
        ("/api/v1/openings", {"from": "Xelerated", "to": "Xelerated"}, 422, "both ends"),
        ("/api/v1/openings", {"from": "Xelerated", "to": "Huawei", "who": "all"}, 422, "who"),
    ],
)
def test_refused(
    client: TestClient, url: str, params: dict[str, str], status: int, says: str
) -> None:
    answer = client.get(url, params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.text
