"""The API: what it answers, how it refuses, and that writing is guarded."""

import io
import json
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from alliance_explorer.api import create_app
from alliance_explorer.engine import Engine, Row
from alliance_explorer.errors import EngineError
from alliance_explorer.settings import Settings
from tests.api.conftest import WRITE_KEY
from tests.support.reference import recomputed

ASKED = {"from": "Xelerated", "to": "MTN Group", "as_of": "2011-12-31"}
KEY = {"Authorization": f"Bearer {WRITE_KEY}"}
NDJSON = {"content-type": "application/x-ndjson"}


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "alive"
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["engine"] in ("ladybug", "neo4j")


def test_bridges_carry_evidence_and_arithmetic(client: TestClient) -> None:
    answer = client.get("/api/v1/bridges", params=ASKED).json()
    assert [b["actor"]["name"] for b in answer["bridges"]] == ["Ericsson"]
    for bridge in answer["bridges"]:
        for path in bridge["paths"]:
            assert recomputed(path) == pytest.approx(path["strength"], abs=1e-9)
            for step in path["steps"]:
                for tie in step["ties"]:
                    assert tie["since"]
                    for fact in tie["facts"]:
                        assert answer["sources"][fact["properties"]["source"]]["title"]


def test_avoiding_leaves_none_and_says_what_was_searched(client: TestClient) -> None:
    answer = client.get("/api/v1/bridges", params={**ASKED, "avoid": ["Ericsson"]}).json()
    assert answer["bridges"] == []
    assert answer["searched"]["avoid"][0]["name"] == "Ericsson"
    assert answer["searched"]["complete"] is True


def test_sides_and_limits(client: TestClient) -> None:
    def ask(**more: object) -> dict[str, Any]:
        answer = client.get("/api/v1/bridges", params={**ASKED, "as_of": "2012-12-31", **more})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    group = ask(**{"from": ["Xelerated", "ZTE"]})
    assert group["focal"]["name"] == "Xelerated and ZTE"
    assert {p["actors"][0]["name"] for b in group["bridges"] for p in b["paths"]} == {
        "Xelerated",
        "ZTE",
    }
    past = ask(via="Digitata")
    assert all("Digitata" in p["sentence"] for b in past["bridges"] for p in b["paths"])
    allowed = ask(avoid_competitors_of="focal")
    assert "Huawei" not in [b["actor"]["name"] for b in allowed["bridges"]]
    assert "Huawei" in [r["name"] for r in allowed["searched"]["competitors_avoided"]]
    cost = allowed["bridges"][0]["cost"]
    assert cost["before"]["constraint"] < cost["after"]["constraint"]
    params = {"from": "Xelerated", "to_segment": "semiconductors", "as_of": "2012-12-31"}
    fitting = client.get("/api/v1/bridges", params=params).json()
    assert fitting["target"]["name"] == "any firm whose business is semiconductors"
    for wrong in ({}, {"to": "MTN Group", "to_country": "SE"}):
        refused = client.get("/api/v1/bridges", params={"from": "Xelerated", **wrong})
        assert refused.status_code == 422
        assert "to_country" in refused.json()["detail"]


def test_a_matrix_of_targets(client: TestClient) -> None:
    params = {"from": "Xelerated", "to": ["MTN Group", "Globacom"], "as_of": "2012-12-31"}
    matrix = client.get("/api/v1/bridges/matrix", params=params).json()
    assert [t["target"]["name"] for t in matrix["targets"]] == ["MTN Group", "Globacom"]
    ericsson = matrix["bridges"][0]
    assert (ericsson["bridge"]["name"], ericsson["reaches"]) == ("Ericsson", 2)
    assert ericsson["worth"] == pytest.approx(sum(c["strength"] for c in ericsson["cells"]))


def test_weights_and_half_life_can_be_configured(client: TestClient) -> None:
    plain = client.get("/api/v1/paths", params=ASKED).json()
    assert isinstance(client.app, FastAPI)
    client.app.state.settings = Settings(weights="alliance:0.4", half_life=2)
    configured = client.get("/api/v1/paths", params=ASKED).json()["searched"]
    assert (configured["weights"]["alliance"], configured["half_life"]) == (0.4, 2)
    asked = client.get("/api/v1/paths", params={**ASKED, "weight": "alliance:0.8", "half_life": 5})
    assert asked.json() == plain
    client.app.state.settings = Settings(weights="aliance:0.4")
    refused = client.get("/api/v1/paths", params=ASKED)
    assert "did you mean 'alliance'" in refused.json()["detail"]


def test_the_actors_of_a_path_alone(client: TestClient) -> None:
    told = client.get("/api/v1/paths", params=ASKED).json()
    alone = client.get("/api/v1/paths", params={**ASKED, "evidence": "false"}).json()
    for one, other in zip(alone["paths"], told["paths"], strict=True):
        assert one["actors"] == other["actors"]
        assert one["strength"] == pytest.approx(other["strength"], rel=1e-12)
        assert not any(step["ties"] for step in one["steps"])


def test_paths_search_profile_ego_portfolio_stats(client: TestClient) -> None:
    assert len(client.get("/api/v1/paths", params=ASKED).json()["paths"]) == 2
    hits = client.get("/api/v1/search", params={"q": "xelerted"}).json()["hits"]
    assert hits[0]["id"] == "firm:xelerated"
    assert client.get("/api/v1/actors/MTN Group").json()["totals"]["ownership"] == 6
    assert client.get("/api/v1/actors/firm:seamless/ego").json()["focal"] == "firm:seamless"
    portfolio = client.get(
        "/api/v1/firms/firm:xelerated/portfolio", params={"as_of": "2009-12-31"}
    ).json()
    roles = {p["actor"]["name"]: p["roles"] for p in portfolio["partners"]}
    assert {"ally", "competitor"} <= set(roles["Broadcom"])
    stats = client.get("/api/v1/stats").json()
    assert stats["nodes"]["Firm"] == 52
    assert len(stats["sources"]) == 4


def test_weights_change_the_answer(client: TestClient) -> None:
    asked = {**ASKED, "weight": ["alliance:0.4"]}
    (bridge,) = client.get("/api/v1/bridges", params=asked).json()["bridges"]
    (usual,) = client.get("/api/v1/bridges", params=ASKED).json()["bridges"]
    assert bridge["strength"] < usual["strength"]
    assert bridge["paths"][0]["steps"][0]["ties"][0]["weight"] == 0.4


def test_pages_of_a_search(client: TestClient) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"q": "mtn", "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/search", params=params).json()
        seen += [h["id"] for h in page["hits"]]
        assert len(page["hits"]) <= 2
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]
    assert "firm:mtn-group" in seen


@pytest.mark.parametrize(
    ("path", "params", "status", "says"),
    [
        ("/api/v1/bridges", {**ASKED, "from": "Xelerted"}, 404, "Xelerated (firm:xelerated)"),
        ("/api/v1/bridges", {**ASKED, "as_of": "31.12.2011"}, 422, "as_of"),
        ("/api/v1/bridges", {**ASKED, "as_of": "-5.6e-192"}, 422, "as_of"),
        ("/api/v1/bridges", {**ASKED, "as_of": ["2011-12-31", "2012-12-31"]}, 422, "as_of"),
        ("/api/v1/bridges", {**ASKED, "half_life": 5e-324}, 422, "half_life"),
        ("/api/v1/bridges", {**ASKED, "kinds": "alliances"}, 422, "did you mean 'alliance'?"),
        ("/api/v1/bridges", {**ASKED, "max_steps": "7"}, 422, "max_steps"),
        ("/api/v1/bridges", {**ASKED, "to": "Xelerated"}, 422, "both ends"),
        ("/api/v1/bridges", {**ASKED, "avoid": "MTN Group"}, 422, "cannot be avoided"),
        ("/api/v1/bridges", {**ASKED, "weight": "alliance"}, 422, "membership:0.1"),
        ("/api/v1/bridges", {**ASKED, "weight": "alliance:2"}, 422, "weights"),
        ("/api/v1/bridges", {"from": "Xelerated"}, 422, "to"),
        ("/api/v1/search", {"q": "x", "cursor": "nonsense"}, 422, "cursor"),
        ("/api/v1/search", {"q": "x", "label": "Frim"}, 422, "did you mean 'Firm'?"),
        ("/api/v1/actors/nobody", {}, 404, "nobody"),
        ("/api/v1/nothing", {}, 404, "Not Found"),
    ],
)
def test_problems(
    client: TestClient, path: str, params: dict[str, str], status: int, says: str
) -> None:
    response = client.get(path, params=params)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert says in problem["detail"]


def test_a_failing_database_is_a_plain_500(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No Cypher and no trace reach the caller; the log has both."""

    def refuse(query: str, /, **parameters: object) -> list[Row]:
        raise EngineError(f"refused: {query}")

    app = client.app
    assert isinstance(app, FastAPI)
    failing = SimpleNamespace(stamp=str, read=refuse, read_columns=refuse, dialect="neo4j")
    failing.watching = lambda: failing
    monkeypatch.setattr(app.state.explorer, "engine", failing)
    response = client.get("/api/v1/actors/firm:xelerated")
    assert response.status_code == 500
    assert "MATCH" not in response.text
    assert "refused" not in response.text
    assert "refused: MATCH" in caplog.text


def test_the_cypher_behind_the_answers(client: TestClient) -> None:
    queries = {q["name"]: q for q in client.get("/api/v1/queries").json()}
    assert "MEMBER_OF" in queries["members"]["cypher"]
    assert queries["members"]["params"] == ["id", "limit"]


# --- writing --------------------------------------------------------------------------------------


@pytest.fixture
def writing(engine: Engine) -> Iterator[TestClient]:
    configured = Settings(write_key=SecretStr(WRITE_KEY), max_upload=200_000)
    with TestClient(create_app(configured, engine), raise_server_exceptions=False) as client:
        yield client


ACME = b'{"type": "Firm", "id": "firm:acme", "name": "Acme"}\n'


def test_writing_is_off_without_a_key(engine: Engine) -> None:
    with TestClient(create_app(Settings(write_key=None), engine)) as client:
        response = client.post("/api/v1/loads", content=ACME, headers={**NDJSON, **KEY})
    assert response.status_code == 403
    assert "ALLIANCE_EXPLORER_WRITE_KEY" in response.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_writing_needs_the_key(writing: TestClient, headers: dict[str, str]) -> None:
    response = writing.post("/api/v1/loads", content=ACME, headers={**NDJSON, **headers})
    assert response.status_code == 401
    assert writing.get("/api/v1/stats").json()["nodes"]["Firm"] == 0


def test_ndjson_in_any_order(writing: TestClient) -> None:
    lines = [
        {"type": "MEMBER_OF", "from": "firm:acme", "to": "network:club", "since": "2020"},
        {"type": "Firm", "id": "firm:acme", "name": "Acme"},
        {"type": "Network", "id": "network:club", "name": "Club"},
        {"type": "Frim", "id": "firm:x", "name": "X"},
        {"type": "Firm", "id": "firm:y", "name": "Y", "founded": "soon"},
    ]
    body = "\n".join(map(json.dumps, lines)).encode()
    report = writing.post("/api/v1/loads", content=body, headers={**NDJSON, **KEY}).json()
    total = report["total"]
    assert total["read"] == 5 == total["loaded"] + total["unchanged"] + total["rejected"]
    assert {(r["line"], r["field"]) for r in report["rejects"]} == {(4, "type"), (5, "founded")}
    profile = writing.get("/api/v1/actors/Acme").json()
    assert profile["memberships"][0]["fact"]["properties"]["since"] == "2020-01-01"
    again = writing.post("/api/v1/loads", content=body, headers={**NDJSON, **KEY}).json()
    assert again["total"]["loaded"] == 0


def test_strict_loads_nothing(writing: TestClient) -> None:
    body = ACME + b'{"type": "Firm", "id": "firm:y"}\n'
    response = writing.post("/api/v1/loads?strict=true", content=body, headers={**NDJSON, **KEY})
    assert response.status_code == 422
    assert response.json()["errors"][0] == {
        "field": "name",
        "reason": "missing; every Firm needs it",
        "file": "upload",
        "line": 2,
    }
    assert writing.get("/api/v1/stats").json()["nodes"]["Firm"] == 0


def test_zip_of_tables(writing: TestClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("case/Firm.csv", "id,name\nfirm:acme,Acme\n")
    headers = {"content-type": "application/zip", **KEY}
    report = writing.post("/api/v1/loads", content=buffer.getvalue(), headers=headers).json()
    assert report["types"]["Firm"]["loaded"] == 1
    broken = writing.post("/api/v1/loads", content=b"no zip", headers=headers)
    assert broken.status_code == 422


def test_too_large_and_of_the_wrong_kind(writing: TestClient) -> None:
    large = writing.post("/api/v1/loads", content=b" " * 300_000, headers={**NDJSON, **KEY})
    assert large.status_code == 413
    other = writing.post("/api/v1/loads", content=b"x", headers={"content-type": "text/csv", **KEY})
    assert other.status_code == 415


def test_an_empty_key_is_no_key(engine: Engine) -> None:
    with TestClient(create_app(Settings(write_key=SecretStr(" ")), engine)) as client:
        headers = {**NDJSON, "Authorization": "Bearer  "}
        assert client.post("/api/v1/loads", content=ACME, headers=headers).status_code == 403
