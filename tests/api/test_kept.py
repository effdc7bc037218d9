"""What the server keeps in memory is right after every write, whoever writes."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from alliance_explorer.api import create_app
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.settings import Settings
from tests.neo4j_server import Server
from tests.support.graphs import Graphs
from tests.support.tiny import CHAIN, examples, write

PROGRAM = Path(sys.executable).parent / "alliance-explorer"
SHORTCUT = {
    "Alliance.csv": [{"id": "alliance:a-d", "name": "A-D"}],
    "PARTY_TO.csv": [
        {"from": "firm:a", "to": "alliance:a-d"},
        {"from": "firm:d", "to": "alliance:a-d"},
    ],
}
ASKED = {"from": "firm:a", "to": "firm:d"}


def _table(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _lengths(client: TestClient) -> list[int]:
    answer = client.get("/api/v1/paths", params=ASKED)
    assert answer.status_code == 200, answer.text
    return [p["length"] for p in answer.json()["paths"]]


@pytest.mark.neo4j
def test_another_process_writes_to_the_same_neo4j(neo4j_server: Server, tmp_path: Path) -> None:
    s = neo4j_server
    s.wipe()
    with open_engine(s.uri, user=s.user, password=s.password) as engine:
        engine.define(ddl(engine.dialect))
        write(engine, CHAIN)
    for name, rows in SHORTCUT.items():
        (tmp_path / name).write_text(_table(rows), "utf-8")
    config = Settings(db=s.uri, db_user=s.user, db_password=SecretStr(s.password))
    env = os.environ | {
        "ALLIANCE_EXPLORER_DB": s.uri,
        "ALLIANCE_EXPLORER_DB_USER": s.user,
        "ALLIANCE_EXPLORER_DB_PASSWORD": s.password,
    }
    with TestClient(create_app(config)) as client:
        assert _lengths(client) == [3]
        subprocess.run([PROGRAM, "load", str(tmp_path)], env=env, check=True, capture_output=True)
        assert _lengths(client) == [1, 3]
        # Once more the same: what it says of the tie changes, and no count does.
        row = {"id": "alliance:a-d", "name": "A-D", "end": "2001-01-01", "start": "2000-01-01"}
        (tmp_path / "Alliance.csv").write_text(_table([row]), "utf-8")
        before = client.get("/api/v1/paths", params=ASKED).json()["paths"][0]["strength"]
        subprocess.run([PROGRAM, "load", str(tmp_path)], env=env, check=True, capture_output=True)
        after = client.get("/api/v1/paths", params=ASKED).json()["paths"]
        faded = next(p for p in after if p["length"] == 1)
        assert faded["strength"] < before
        assert faded["steps"][0]["ties"][0]["until"] == "2001-01-01"


@pytest.mark.ladybug
def test_what_is_loaded_over_http_is_seen_at_once(tmp_path: Path) -> None:
    """The embedded file belongs to the server: others load through it, or are refused."""
    url = f"ladybug://{tmp_path}/x.lbug"
    config = Settings(db=url, write_key=SecretStr("key"))
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, rows in SHORTCUT.items():
            archive.writestr(name, _table(rows))
    with open_engine(url) as engine:
        engine.define(ddl(engine.dialect))
        write(engine, CHAIN)
    with TestClient(create_app(config)) as client:
        assert _lengths(client) == [3]
        done = client.post(
            "/api/v1/loads",
            content=body.getvalue(),
            headers={"Authorization": "Bearer key", "content-type": "application/zip"},
        )
        assert done.status_code == 200, done.text
        assert _lengths(client) == [1, 3]
        refused = subprocess.run(
            [PROGRAM, "--db", url, "stats"], capture_output=True, text=True, check=False
        )
        assert refused.returncode
        assert "in use by another process" in refused.stderr


def test_keeping_can_be_switched_off(graphs: Graphs) -> None:
    engine = graphs.holding("examples", examples)
    told = []
    for keep in (True, False):
        with TestClient(create_app(Settings(keep_projection=keep), engine)) as client:
            asked = {"from": "Xelerated", "to": "MTN Group", "as_of": "2011-12-31"}
            told.append(
                [
                    client.get(f"/api/v1/{path}", params=asked).json()
                    for path in ("bridges", "paths", "search?q=xelerted", "stats")
                ]
            )
            kept = client.app.state.explorer._memory._last  # type: ignore[attr-defined]
            assert (kept is not None) == keep
    assert told[0] == told[1]
    assert json.dumps(told[0]).count("Ericsson") > 3
