"""Matches, merges and reviews over HTTP; writing needs the key."""

import json

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from alliance_explorer.api import create_app
from alliance_explorer.engine import Engine
from alliance_explorer.settings import Settings
from tests.api.conftest import WRITE_KEY
from tests.matching.test_review import ROWS
from tests.support.tiny import write

JSON = {"Content-Type": "application/json"}
KEY = {"Authorization": f"Bearer {WRITE_KEY}"}


def test_the_whole_story(engine: Engine) -> None:
    write(engine, ROWS)
    app = create_app(Settings(write_key=SecretStr(WRITE_KEY)), engine)
    with TestClient(app, raise_server_exceptions=False) as client:
        found = client.get("/api/v1/matches", params={"limit": 1}).json()
        assert (found["same"], found["review"], len(found["matches"])) == (1, 1, 1)
        assert client.post("/api/v1/matches", json={"mode": "apply"}).status_code == 401
        done = client.post("/api/v1/matches", json={"mode": "apply"}, headers=KEY).json()
        (made,) = done["merged"]
        assert made["merged"]["id"] == "firm:acme-gmbh"
        assert client.get("/api/v1/actors/firm:acme-gmbh").json()["actor"]["id"] == "firm:acme"

        (question,) = client.get("/api/v1/reviews").json()["questions"]
        path = f"/api/v1/reviews/{question['id']}"
        no = client.post(path, json={"verdict": "different", "by": "me"}, headers=KEY).json()
        assert (no["verdict"], no["by"]) == ("different", "me")
        assert client.post(path, json={"verdict": "same"}, headers=KEY).status_code == 422

        assert client.get("/api/v1/merges").json()["merges"] == [made]
        undone = client.delete(f"/api/v1/merges/{made['id']}", headers=KEY).json()
        assert undone["restored"]["id"] == "firm:acme-gmbh"
        assert client.delete(f"/api/v1/merges/{made['id']}", headers=KEY).status_code == 422
        body = {"kept": "Bolt GmbH", "merged": "firm:bolt-ag", "why": "asked"}
        for odd in ("\x00", "\ud800"):
            for bad in ({**body, "why": odd}, {**body, "merged": odd}):
                text = json.dumps(bad)
                told = client.post("/api/v1/merges", content=text, headers={**KEY, **JSON})
                assert told.status_code in (404, 422), told.text
            told = client.post(
                path, content=json.dumps({"verdict": "same", "by": odd}), headers=KEY
            )
            assert told.status_code == 422
        assert client.post("/api/v1/merges", json=body, headers=KEY).json()["why"] == "asked"


@pytest.mark.parametrize("path", ["matches", "merges", "reviews/judgement:x"])
def test_writing_may_be_off(engine: Engine, path: str) -> None:
    with TestClient(create_app(Settings(write_key=None), engine)) as client:
        assert client.post(f"/api/v1/{path}", json={}, headers=KEY).status_code in (403, 422)
