"""Proximity over HTTP, on either engine."""

import pytest
from fastapi.testclient import TestClient

from alliance_explorer.api import create_app
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.settings import Settings

PAIR = {"from": "firm:chicago-9", "to": "Chicago firm 5"}


def test_a_profile_has_verdicts_evidence_and_credits(client: TestClient) -> None:
    answer = client.get("/api/v1/proximity", params=PAIR).json()
    geographical = answer["geographical"]
    assert (geographical["verdict"], geographical["reach"]) == ("workable", "local")
    assert [e["inferred"] for e in geographical["evidence"]] == [True, True]
    assert geographical["evidence"][0]["sources"] == ["source:findikoglu-watson-manheim"]
    assert answer["sources"]["source:findikoglu-watson-manheim"]["title"]
    assert answer["credits"] == ["Places: GeoNames (geonames.org), CC BY 4.0"]
    assert answer["cognitive"]["decided_by"] == "cognitive_least"


def test_thresholds_of_the_request_and_of_the_server(client: TestClient) -> None:
    asked = {"from": "Xelerated", "to": "Ericsson", "as_of": "2012-12-31"}
    usual = client.get("/api/v1/proximity", params=asked).json()
    assert usual["social"]["verdict"] == "workable"
    own = client.get("/api/v1/proximity", params={**asked, "threshold": "social_far:0.9"}).json()
    assert (own["social"]["verdict"], own["social"]["decided_by"]) == ("too far", "social_far")
    assert own["social"]["figure"] == usual["social"]["figure"]
    with pytest.raises(InvalidRequest, match="no threshold is called"):
        create_app(Settings(proximity="nonsense:1"))


def test_a_matrix(client: TestClient) -> None:
    path = "/api/v1/firms/Xelerated/proximity"
    found = client.get(path, params={"limit": 4, "as_of": "2009-12-31"}).json()
    assert [r["because"] for r in found["rows"]] == ["partner"] * 4
    assert found["left_out"] > 0
    named = client.get(path, params={"candidate": ["Huawei", "firm:zte"], "sort": "name"}).json()
    assert [r["candidate"]["name"] for r in named["rows"]] == ["Huawei", "ZTE"]


@pytest.mark.parametrize(
    ("path", "params", "status", "says"),
    [
        ("/api/v1/proximity", {"from": "Xelerated"}, 422, "to"),
        ("/api/v1/proximity", {"from": "Xelerated", "to": "Xelerated"}, 422, "both ends"),
        ("/api/v1/proximity", {"from": "Xelerted", "to": "ZTE"}, 404, "firm:xelerated"),
        ("/api/v1/proximity", {**PAIR, "threshold": "far"}, 422, "far_km:5000"),
        ("/api/v1/proximity", {**PAIR, "threshold": "far_kn:1"}, 422, "did you mean 'far_km'"),
        ("/api/v1/proximity", {**PAIR, "threshold": "far_km:nan"}, 422, "threshold far_km"),
        ("/api/v1/proximity", {**PAIR, "as_of": "2011"}, 422, "as_of"),
        ("/api/v1/firms/nobody/proximity", {}, 404, "nobody"),
        ("/api/v1/firms/ZTE/proximity", {"candidate": "Xelerted"}, 404, "firm:xelerated"),
        ("/api/v1/firms/ZTE/proximity", {"candidate": "ZTE"}, 422, "no candidate of itself"),
        ("/api/v1/firms/ZTE/proximity", {"sort": "size"}, 422, "sort"),
    ],
)
def test_problems(
    client: TestClient, path: str, params: dict[str, str], status: int, says: str
) -> None:
    response = client.get(path, params=params)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]
