"""Growing a picture over HTTP, and what its page asks for."""

from fastapi.testclient import TestClient

THREE = ["firm:xelerated", "firm:ericsson", "firm:huawei"]


def test_around(client: TestClient) -> None:
    path = "/api/v1/actors/Xelerated/around"
    found = client.get(path, params={"kind": "alliance", "limit": 3}).json()
    (group,) = found["kinds"]
    assert (group["total"], len(group["shown"])) == (15, 3)
    first = group["shown"][0]["node"]["id"]
    rest = client.get(path, params={"kind": "alliance", "beside": [first]}).json()["kinds"][0]
    assert rest["left"] == 14
    assert first not in {n["node"]["id"] for n in rest["shown"]}
    assert client.get(path, params={"kind": "friendship"}).status_code == 422
    assert client.get("/api/v1/actors/Nobodyatall/around").status_code == 404


def test_subgraph_by_address_and_by_body(client: TestClient) -> None:
    by_address = client.get("/api/v1/subgraph", params={"node": THREE}).json()
    by_body = client.post("/api/v1/subgraph", json={"nodes": THREE})
    assert by_body.json() == by_address
    assert {n["id"] for n in by_address["nodes"]} == set(THREE)
    early = client.post("/api/v1/subgraph", json={"nodes": THREE, "as_of": "2001-01-01"}).json()
    assert len(early["edges"]) < len(by_address["edges"])
    file = client.post("/api/v1/subgraph", json={"nodes": THREE}, params={"format": "gexf"})
    assert "<gexf" in file.text
    assert client.post("/api/v1/subgraph", json={"nodes": ["Nobody"]}).status_code == 404
    assert client.post("/api/v1/subgraph", json={"nodes": []}).status_code == 422


def test_positions(client: TestClient) -> None:
    asked = {"nodes": ["a", "b", "c"], "ties": [["a", "b"]], "fixed": {"a": [10, 20]}}
    placed = client.post("/api/v1/positions", json=asked).json()["positions"]
    assert set(placed) == {"a", "b", "c"}
    assert placed["a"] == [10, 20]


def test_what_the_page_asks_for(client: TestClient) -> None:
    asked = {
        "nodes": [*THREE, "firm:gone"],
        "focus": [THREE[0]],
        "positions": {THREE[0]: [5, 6]},
        "roles": {THREE[1]: "bridge", THREE[2]: "no such role"},
    }
    data = client.post("/explore/data", json=asked).json()
    assert data["missing"] == ["firm:gone"]
    nodes = {n["id"]: n for n in data["nodes"]}
    assert (nodes[THREE[0]]["x"], nodes[THREE[0]]["y"]) == (5, 6)
    assert [nodes[i]["group"] for i in THREE] == ["focal", "bridge", "coopetitor"]
    facts = [f for e in data["edges"] for f in e["facts"]]
    assert all(f["source"] in data["sources"] for f in facts)
    assert {"since", "until", "confidence", "text"} <= set(facts[0])
    nobody = client.post("/explore/data", json={"nodes": ["firm:gone"]}).json()
    assert nobody["nodes"] == []
    wrong = client.post("/explore/data", json={"nodes": THREE, "positions": {"a": [1e9, 0]}})
    assert wrong.headers["content-type"] == "application/problem+json"


def test_the_offline_file_tells_notes_and_story(client: TestClient) -> None:
    asked = {
        "nodes": THREE,
        "positions": {i: [n, n] for n, i in enumerate(THREE)},
        "title": "A & B",
        "note": "<script>x</script>",
        "ties": [],
        "notes": [{"title": "Huawei", "text": "buys"}],
        "steps": [{"title": "First", "text": "look"}],
    }
    page = client.post("/explore/file", json=asked).text
    assert "<h1>A &amp; B</h1>" in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<dd>buys</dd>" in page
    assert "<h3>First</h3>" in page
    assert '"edges":[]' in page


def test_the_page_of_the_picture(client: TestClient) -> None:
    page = client.get("/explore", params={"actor": "Xelerated", "as_of": "2011"})
    assert page.status_code == 200
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "Xelerated and those around" in page.text
    assert "alliances_among" not in page.text or "alliances among" in page.text
    assert client.get("/explore", params={"actor": "Xelerted"}).status_code == 404
    assert client.get("/explore", params={"actor": "Xelerated", "limit": "-1"}).status_code == 422
    assert client.get("/explore", params={"actor": "Xelerated", "as_of": "x"}).status_code == 422
