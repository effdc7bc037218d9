"""Graphs to take along, over HTTP."""

import io
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from fastapi.testclient import TestClient

from alliance_explorer.exporters import GRAPH_FORMATS, WHOLE_FORMATS


@pytest.mark.parametrize("format", ["graphml", "gexf", "node-link", "csv", "pajek", "edges"])
def test_neighbourhood_as_a_file(client: TestClient, format: str) -> None:
    got = client.get("/api/v1/actors/Xelerated/ego/export", params={"format": format})
    assert got.status_code == 200
    assert got.headers["content-disposition"].startswith('attachment; filename="neighbourhood.')
    held = format in ("graphml", "gexf", "node-link", "csv")
    assert ("left-out" in got.headers) is not held
    assert b"xerox" not in got.content.lower()
    assert (b"Ericsson" in got.content) is (format not in ("csv", "edges"))


def test_ways_as_a_file(client: TestClient) -> None:
    asked = {"from": "Xelerated", "to": "MTN Group", "as_of": "2011-12-31"}
    got = client.get("/api/v1/bridges/export", params=asked)
    names = {d.text for d in ET.fromstring(got.content).findall(".//{*}data")}
    assert {"Xelerated", "Ericsson", "Seamless", "MTN Group"} <= names


def test_people_only_when_asked_for(client: TestClient) -> None:
    path = "/api/v1/actors/firm:startups-bsm/ego/export"
    without = client.get(path, params={"format": "gexf"})
    assert "person:" not in without.text
    assert without.headers["left-out"].startswith("1 nodes of people, left out unless asked for")
    assert "person:" in client.get(path, params={"format": "gexf", "people": "true"}).text


def test_mistakes(client: TestClient) -> None:
    wrong = client.get("/api/v1/actors/Xelerated/ego/export", params={"format": "xls"})
    assert wrong.status_code == 422
    for format in ("xls", "graphlm"):
        asked = client.get("/api/v1/export", params={"format": format})
        assert asked.status_code == 422
        assert asked.json()["errors"][0]["field"] == "format"
    assert "did you mean 'graphml'?" in asked.json()["detail"]
    assert client.get("/api/v1/actors/Nobody/ego/export").status_code == 404


def test_the_whole(client: TestClient) -> None:
    whole = client.get("/api/v1/export")
    assert whole.headers["left-out"] == "1 nodes of people, left out unless asked for"
    labels = {n["label"] for n in whole.json()["nodes"]}
    assert "Firm" in labels
    assert "Person" not in labels
    assert not any(r["type"] == "CHAMPIONS" for r in whole.json()["relationships"])
    people = client.get("/api/v1/export", params={"people": "true"}).json()
    assert "Person" in {n["label"] for n in people["nodes"]}


@pytest.mark.parametrize(
    ("format", "media"),
    [
        ("tables", "application/zip"),
        ("parquet", "application/zip"),
        ("ndjson", "application/x-ndjson"),
        ("excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("graphml", "application/graphml+xml"),
        ("pajek", "text/plain; charset=utf-8"),
        ("cordis", "application/zip"),
    ],
)
def test_the_whole_or_a_part_in_every_format(client: TestClient, format: str, media: str) -> None:
    whole = client.get("/api/v1/export", params={"format": format})
    assert whole.headers["content-type"] == media
    part = client.get("/api/v1/export", params={"format": format, "around": "Xelerated"})
    assert 0 < len(part.content) < len(whole.content)
    nobody = client.get("/api/v1/export", params={"format": format, "around": "Nobody"})
    assert nobody.status_code == 404


def test_a_workbook(client: TestClient) -> None:
    got = client.get("/api/v1/export", params={"format": "excel", "around": "Xelerated"})
    assert got.headers["content-disposition"] == 'attachment; filename="alliances.xlsx"'
    assert got.headers["left-out"] == "of a text more than 32,767 characters"
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    assert "Xelerated" in {row[1] for row in book["Firm"].values}
    assert "Person" not in book.sheetnames


def test_the_formats_that_are_described_are_those_there_are(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path, formats in (
        ("/api/v1/export", WHOLE_FORMATS),
        ("/api/v1/bridges/export", GRAPH_FORMATS),
    ):
        described = paths[path]["get"]
        (format,) = [p for p in described["parameters"] if p["name"] == "format"]
        assert format["schema"]["enum"] == [*formats]
        kinds = {f.media_type.partition(";")[0] for f in formats.values()}
        assert kinds <= described["responses"]["200"]["content"].keys()
        for name in formats:
            if path == "/api/v1/export":
                assert client.get(path, params={"format": name}).status_code == 200


def test_what_a_format_cannot_hold_is_told(client: TestClient) -> None:
    got = client.get("/api/v1/export", params={"format": "cordis"})
    assert "all but alliances, their parties" in got.headers["left-out"]
