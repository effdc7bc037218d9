"""Scenarios over HTTP: what they answer, how they refuse, and that nothing is written."""

import pytest
from fastapi.testclient import TestClient

FIRM = "/api/v1/firms/Xelerated"
DAY = {"as_of": "2011-12-31"}


def test_what_if(client: TestClient) -> None:
    asked = {**DAY, "leaves": "Ericsson", "target": "MTN Group"}
    answer = client.get(f"{FIRM}/what-if", params=asked).json()
    assert [c["sentence"] for c in answer["changes"]] == [
        "Ericsson leaves 1 alliance with Xelerated."
    ]
    assert [w["contact"]["name"] for w in answer["before"]["ways"]] == ["Ericsson"]
    assert answer["after"]["ways"] == []
    for conflict in answer["before"]["conflicts"]:
        for fact in conflict["facts"]:
            assert fact["properties"]["source"] in answer["sources"]
    again = client.get(f"{FIRM}/what-if", params=asked).json()
    assert again == answer, "supposing changes nothing"


def test_exposure_candidate_partners_constellations(client: TestClient) -> None:
    first = client.get(f"{FIRM}/exposure", params={"as_of": "2009-12-31"}).json()["partners"][0]
    assert first["partner"]["name"] == "DUNE Networks"
    assert [r["name"] for r in first["acquired_by"]] == ["Broadcom"]
    check = client.get(f"{FIRM}/candidate", params={**DAY, "candidate": "Seamless"}).json()
    assert [c["kind"] for c in check["conflicts"]] == ["partners compete"]
    asked = {**DAY, "capability": "mobile operator", "weight": ["bridge:5", "structural-gain:0"]}
    found = client.get(f"{FIRM}/partners", params=asked).json()
    assert found["weights"]["bridge"] == 5
    for c in found["candidates"]:
        total = sum(k["weight"] * k["value"] for k in c["components"])
        assert c["score"] == pytest.approx(total / sum(found["weights"].values()), abs=1e-12)
    needed = {**DAY, "capability": ["telecom equipment", "mobile operator"]}
    sets = client.get(f"{FIRM}/constellations", params=needed).json()
    assert (sets["smallest"], sets["total"], sets["complete"]) == (3, 4, True)


def test_pages_of_candidates_follow_each_other(client: TestClient) -> None:
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"limit": "9", "cursor": cursor}
        page = client.get(f"{FIRM}/partners", params=asked).json()
        names += [c["actor"]["id"] for c in page["candidates"]]
        cursor = page["next_cursor"]
    assert len(set(names)) == len(names) == page["total"]


@pytest.mark.parametrize(
    ("path", "asked", "status", "field"),
    [
        ("what-if", {}, 422, "leaves"),
        ("what-if", {"leaves": "Seamless"}, 422, "leaves"),
        ("what-if", {"leaves": "Nobody at all"}, 404, None),
        ("what-if", {"joins": "Ericsson"}, 404, None),
        ("what-if", {"leaves": ["x"] * 21}, 422, "leaves"),
        ("exposure", {"weight": "size:nan"}, 422, "weight"),
        ("exposure", {"weight": "size"}, 422, "weight"),
        ("candidate", {"candidate": "Xelerated"}, 422, "candidate"),
        ("partners", {"size": "tiny"}, 422, "size"),
        ("partners", {"capability": "juggling"}, 422, "capability"),
        ("partners", {"network": "firm:zte"}, 422, "network"),
        ("constellations", {}, 422, "capability"),
        ("constellations", {"capability": " "}, 422, "capability"),
        ("constellations", {"capability": "payments", "max_size": "9"}, 422, "max_size"),
    ],
)
def test_refusals(
    client: TestClient, path: str, asked: dict[str, str], status: int, field: str | None
) -> None:
    response = client.get(f"{FIRM}/{path}", params=asked)
    assert response.status_code == status
    problem = response.json()
    assert problem["detail"]
    if field:
        assert problem["errors"][0]["field"].split(".")[0] == field
