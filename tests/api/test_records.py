"""Provenance and corrections over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from alliance_explorer.api import create_app
from alliance_explorer.engine import Engine
from alliance_explorer.settings import Settings
from tests.api.conftest import WRITE_KEY
from tests.loaders.test_writer import of, write

KEY = {"Authorization": f"Bearer {WRITE_KEY}"}


@pytest.fixture
def writing(engine: Engine) -> Iterator[TestClient]:
    write(engine, of(None, city="Kista"))
    with TestClient(create_app(Settings(write_key=SecretStr(WRITE_KEY)), engine)) as client:
        yield client


def test_where_facts_are_from(client: TestClient) -> None:
    between = client.get("/api/v1/facts", params={"from": "Xelerated", "to": "Huawei"}).json()
    assert {i["type"] for i in between["items"]} == {"PARTY_TO", "COMPETES_WITH"}
    one = between["items"][0]
    assert one["said"][0]["source"]["id"] == "source:bengtsson-johansson-2014"
    assert client.get(f"/api/v1/facts/{one['id']}").json()["items"] == [one]
    assert client.get("/api/v1/facts/nobody").status_code == 404
    assert client.get("/api/v1/facts", params={"from": "Huawei", "to": "Huawei"}).status_code == 422


def test_corrections(writing: TestClient) -> None:
    body = {"about": "X", "values": {"city": "Solna", "employees": 7}, "why": "a call"}
    assert writing.post("/api/v1/corrections", json=body).status_code == 401
    made = writing.post("/api/v1/corrections", json=body, headers=KEY).json()
    assert made["now"] == {"city": "Solna", "employees": 7}
    listed = writing.get("/api/v1/corrections").json()["corrections"]
    assert {c["id"] for c in listed} == set(made["corrections"])
    assert writing.get("/api/v1/actors/X").json()["actor"]["properties"]["city"] == "Solna"
    for id_ in made["corrections"]:
        path = f"/api/v1/corrections/{id_}"
        assert writing.delete(path).status_code == 401
        assert writing.delete(path, headers=KEY).status_code == 200
    properties = writing.get("/api/v1/actors/X").json()["actor"]["properties"]
    assert properties["city"] == "Kista" and "employees" not in properties
    wrong = {**body, "values": {"citty": "x"}}
    answer = writing.post("/api/v1/corrections", json=wrong, headers=KEY)
    assert answer.status_code == 422 and "did you mean 'city'" in answer.json()["detail"]
