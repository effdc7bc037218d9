"""Cypher of the caller's own over HTTP, on the command line and as a page."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from alliance_explorer.api.app import create_app
from alliance_explorer.settings import Settings

ALLIES = (
    "MATCH (f:Firm {id: $id})-[:PARTY_TO]->(a:Alliance)<-[:PARTY_TO]-(p:Firm) "
    "RETURN p.name AS partner, a.start AS since ORDER BY since, partner"
)


def test_a_query_with_parameters(client: TestClient) -> None:
    asked = {"query": ALLIES, "parameters": json.dumps({"id": "firm:xelerated"}), "limit": 2}
    answer = client.get("/api/v1/query", params=asked).json()
    assert answer["columns"] == ["partner", "since"]
    assert len(answer["rows"]) == 2
    assert answer["more"] is True
    assert answer["rows"][0][1].startswith("200")
    page = client.get("/query", params=asked)
    assert page.status_code == 200
    assert f"<td>{answer['rows'][0][1]}</td>" in page.text


def test_as_csv_no_text_is_a_formula(client: TestClient) -> None:
    query = "RETURN '=1+1' AS f, 'a,b' AS t, 3 AS n, -1 AS m, [1, 2] AS l"
    answer = client.get("/api/v1/query", params={"query": query, "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.split("\r\n") == ["f,t,n,m,l", '\'=1+1,"a,b",3,-1,"[1, 2]"', ""]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"query": "MATCH (f:Firm) SET f.name = 'x'"}, "read"),
        ({"query": "LOAD FROM '/etc/passwd' RETURN *"}, "begins with one of MATCH"),
        ({"query": "MATCH (f:Firm RETURN f"}, "refused"),
        ({"query": "RETURN $a AS a", "parameters": "[1]"}, "give the parameters as"),
        ({"query": "RETURN $a AS a", "parameters": "{"}, "no JSON"),
        ({"query": "RETURN $a AS a", "parameters": '{"a": {"b": 1}}'}, "parameter a is neither"),
        ({"query": "RETURN $a AS a", "parameters": '{"a": 1e400}'}, "parameter a"),
        ({"query": "RETURN $a AS a", "parameters": '{"a": 99999999999999999999}'}, "parameter a"),
        ({"query": "RETURN $a AS a"}, "parameters are missing: a"),
    ],
)
def test_what_cannot_be_run_says_why(client: TestClient, asked: dict[str, str], said: str) -> None:
    answer = client.get("/api/v1/query", params=asked)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    page = client.get("/query", params=asked)
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    off = Settings(db=f"ladybug://{tmp_path}/x.lbug", own_queries=False)
    with TestClient(create_app(off)) as client:
        for path in ("/api/v1/query", "/query"):
            assert client.get(path, params={"query": "RETURN 1 AS one"}).status_code == 403
        assert client.get("/").status_code == 200


def test_pages_show_the_cypher_that_they_were_read_with(client: TestClient) -> None:
    page = client.get("/firms/firm:xelerated").text
    assert "How this page was made" in page
    assert "MATCH (x)-[r]-&gt;(y)" in page.replace("&#62;", "&gt;") or "Cypher of outgoing" in page
    assert "/query?query=MATCH" in page
    assert "curl &#39;http://testserver/api/v1/actors/firm:xelerated" in page or (
        "curl http://testserver/api/v1/actors/firm:xelerated" in page
    )
