"""Feasibility over HTTP."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from alliance_explorer.api import create_app
from alliance_explorer.errors import SourceError
from alliance_explorer.queries import Explorer, feasibility_of_alliances
from alliance_explorer.settings import Settings
from tests.support.graphs import Graphs
from tests.support.tiny import examples

ASKED = {"firm": "Chicago firm 13", "service": "consulting", "reach": "domestic"}


def level(answer: dict[str, object]) -> str:
    """The verdict, recomputed from nothing but the JSON, by the rule that its schema states."""
    propositions = answer["propositions"]
    reach = answer["reach"]
    assert isinstance(propositions, list) and isinstance(reach, dict)
    having = {p["id"]: p["bearing"] for p in propositions}
    if reach["reach"] == "local":
        return "feasible_by_default"
    if having["P4a"] == "supports" or (having["P4b"], having["P4c"]) == ("supports", "supports"):
        return "likely"
    silent = {having[p] for p in ("P2", "P4b", "P4c")} == {"not_on_record"}
    return "unlikely_unless" if silent else "possible_if"


@pytest.mark.parametrize("reach", ["local", "domestic", "international"])
@pytest.mark.parametrize("service", ["hosting", "helpdesk", "consulting", "telecom and UX"])
@pytest.mark.parametrize("firm", ["Chicago firm 13", "Chicago firm 12"])
def test_the_verdict_follows_from_what_is_shown(
    client: TestClient, firm: str, service: str, reach: str
) -> None:
    asked = {"firm": firm, "service": service, "reach": reach}
    answer = client.get("/api/v1/feasibility", params=asked).json()
    assert answer["verdict"]["level"] == level(answer)
    for p in answer["propositions"]:
        for finding in p["evidence"]:
            assert finding["sources"]
            assert set(finding["sources"]) <= set(answer["sources"])


def test_partnerships_on_record(client: TestClient) -> None:
    answer = client.get("/api/v1/firms/firm:chicago-10/feasibility").json()
    assert {(c["content"], c["reach"]): c["alliances"] for c in answer["counts"]} == {
        ("system_intensive", "local"): 1,
        ("system_intensive", "domestic"): 1,
        ("people_intensive_creative", "local"): 1,
        ("people_intensive_creative", "international"): 1,
    }
    for one in answer["alliances"]:
        assert one["verdict"]["level"] == level(one)
    cut = client.get("/api/v1/firms/firm:chicago-10/feasibility", params={"limit": 1}).json()
    assert (len(cut["alliances"]), cut["left_out"]) == (1, 3)


def test_services(client: TestClient) -> None:
    answer = client.get("/api/v1/services").json()
    found = {s["service"]: s for s in answer["services"]}
    assert found["hosting"]["content"] == "system_intensive"
    assert found["hosting"]["source"] == "Zaheer, Lamin & Subramani 2009"
    assert set(answer["contents"]) == {s["content"] for s in found.values()}


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"firm": "Chicago firm 131"}, 404, "Chicago firm 13 (firm:chicago-13)"),
        ({"service": "hostng"}, 422, "did you mean 'hosting'?; known: hosting"),
        ({"service": ""}, 422, "no service is named"),
        ({"reach": "near"}, 422, "reach"),
        ({"reach": None}, 422, "name a candidate"),
        ({"candidate": "Chicago firm 13"}, 422, "its own partner"),
        ({"candidate": "Ericsson", "reach": None}, 422, "give a reach"),
        ({"as_of": "soon"}, 422, "as_of"),
        ({"service": None}, 422, "service"),
    ],
)
def test_problems(
    client: TestClient, changed: dict[str, str | None], status: int, says: str
) -> None:
    params = {k: v for k, v in {**ASKED, **changed}.items() if v is not None}
    response = client.get("/api/v1/feasibility", params=params)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_own_services(graphs: Graphs, tmp_path: Path) -> None:
    engine = graphs.holding("examples", examples)
    table = tmp_path / "mine.csv"
    table.write_text("service,content\nconsulting,people_intensive_routine\n")
    with TestClient(create_app(Settings(services=table), engine)) as client:
        answer = client.get("/api/v1/feasibility", params=ASKED).json()
        assert answer["verdict"]["level"] == "likely"
        services = client.get("/api/v1/services").json()["services"]
        assert [s["service"] for s in services if s["added"]] == ["consulting"]
        assert str(tmp_path) not in client.get("/api/v1/services").text
        page = client.get("/feasibility", params=ASKED).text
        assert "added here" in page
    bundled = feasibility_of_alliances(Explorer(engine), "Chicago firm 13")
    assert "unlikely_unless" in bundled.levels


def test_a_bad_table_of_services_stops_the_start(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("service,content\nconsulting,routine\n")
    with pytest.raises(SourceError, match="line 2, content: 'routine' is no class"):
        create_app(Settings(services=table))
