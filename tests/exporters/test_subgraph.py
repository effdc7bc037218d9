"""Pictures to take along: what other programs read of them is what was drawn."""

import csv
import datetime as dt
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import networkx as nx
import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.exporters import GRAPH_FORMATS, export_subgraph
from alliance_explorer.queries import Explorer, bridges, ego, subgraph_of_paths
from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, examples

NASTY = 'R&D <"é">\r\n\t; ‮日本 \x07'

DRAWN = Subgraph(
    focal="firm:a",
    nodes=[
        SubgraphNode(
            id="firm:a",
            label="Firm",
            name=NASTY,
            role="focal",
            ring=0,
            properties={"id": "firm:a", "employees": 7, "aliases": ["x;y", "z"], "lat": 1.5},
        ),
        SubgraphNode(id="firm:b", label="Firm", name="B", role="ally", ring=1, properties={}),
        SubgraphNode(id="person:p", label="Person", name="P", role="person", ring=1, properties={}),
    ],
    edges=[
        SubgraphEdge(
            from_id="firm:a",
            to_id="firm:b",
            type="PARTY_TO",
            strength=0.25,
            properties={"id": "alliance:ab", "start": dt.date(2011, 1, 1), "exclusive": True},
        ),
        SubgraphEdge(
            from_id="firm:a", to_id="firm:b", type="COMPETES_WITH", inferred=True, properties={}
        ),
        SubgraphEdge(from_id="person:p", to_id="firm:b", type="WORKS_FOR", properties={}),
    ],
    left_out={},
)


def read(format: str, body: bytes) -> "nx.MultiDiGraph[Any]":
    if format == "graphml":
        return nx.MultiDiGraph(nx.read_graphml(io.BytesIO(body), force_multigraph=True))
    if format == "gexf":
        return nx.MultiDiGraph(nx.read_gexf(io.BytesIO(body)))
    return nx.MultiDiGraph(nx.node_link_graph(json.loads(body)))


@pytest.mark.parametrize("format", ["graphml", "gexf", "node-link"])
def test_networkx_reads_what_was_drawn(format: str) -> None:
    file = export_subgraph(DRAWN, format, people=True)
    graph = read(format, file.body)
    assert {*graph} == {"firm:a", "firm:b", "person:p"}
    a = graph.nodes["firm:a"]
    held = NASTY if format == "node-link" else NASTY.replace("\x07", "")
    assert a["name"] == held
    assert (a["role"], a["ring"], a["employees"], a["lat"]) == ("focal", 0, 7, 1.5)
    assert a["label" if format == "node-link" else "type"] == "Firm"
    listed = ["x;y", "z"]
    assert a["aliases"] == (listed if format == "node-link" else json.dumps(listed))
    kind = "label" if format == "gexf" else "type"
    ties = {data[kind]: data for _, _, data in graph.edges(data=True)}
    assert ties.keys() == {"PARTY_TO", "COMPETES_WITH", "WORKS_FOR"}
    allied = ties["PARTY_TO"]
    assert (allied["strength"], allied["start"], allied["exclusive"]) == (0.25, "2011-01-01", True)
    assert allied["alliance"] == "alliance:ab"
    assert ties["COMPETES_WITH"]["inferred"] is True
    lost = () if format == "node-link" else ("2 control characters, which XML cannot hold",)
    assert file.lost == lost  # a name stands there twice: as itself, to show


def test_people_are_left_out_unless_asked_for() -> None:
    for format in GRAPH_FORMATS:
        file = export_subgraph(DRAWN, format)
        body = file.body
        if format == "csv":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"".join(map(archive.read, archive.namelist()))
        assert b"person:p" not in body and b"WORKS_FOR" not in body
        told = ("1 nodes of people, left out unless asked for", "1 ties of theirs")
        assert file.lost[:2] == told


def test_tables_for_a_spreadsheet() -> None:
    file = export_subgraph(DRAWN, "csv", people=True)
    with zipfile.ZipFile(io.BytesIO(file.body)) as archive:
        assert archive.namelist() == ["nodes.csv", "ties.csv"]
        nodes, ties = (
            list(csv.DictReader(io.StringIO(archive.read(n).decode(), newline="")))
            for n in archive.namelist()
        )
    assert nodes[0] == {
        **{"id": "firm:a", "label": "Firm", "name": NASTY, "role": "focal", "ring": "0"},
        **{"employees": "7", "aliases": '["x;y", "z"]', "lat": "1.5"},
    }
    assert [t["from"] for t in ties] == ["firm:a", "firm:a", "person:p"]
    assert ties[0]["strength"] == "0.25" and ties[1]["inferred"] == "true"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula_in_a_spreadsheet(text: str) -> None:
    """A number below zero stays one; what loads again holds the text as it is."""
    properties: dict[str, Any] = {"aliases": [text, "z"], "lon": -1.5}
    node = DRAWN.nodes[0].model_copy(update={"name": text, "properties": properties})
    tie = DRAWN.edges[0].model_copy(update={"properties": {"terms": text}})
    drawn = DRAWN.model_copy(update={"nodes": [node, *DRAWN.nodes[1:]], "edges": [tie]})
    with zipfile.ZipFile(io.BytesIO(export_subgraph(drawn, "csv").body)) as archive:
        nodes, ties = (
            list(csv.DictReader(io.StringIO(archive.read(n).decode(), newline="")))
            for n in archive.namelist()
        )
    assert (nodes[0]["name"], nodes[0]["aliases"]) == (f"'{text}", f"'{text};z")
    assert (nodes[0]["lon"], ties[0]["terms"]) == ("-1.5", f"'{text}")
    exact = read("node-link", export_subgraph(drawn, "node-link").body)
    assert exact.nodes["firm:a"]["name"] == text


def test_pajek_holds_names_types_and_strengths() -> None:
    file = export_subgraph(DRAWN, "pajek", people=True)
    name = "R&D <'é'> ; ‮日本 \x07"
    assert file.body.decode() == (
        f'*Vertices 3\n1 "{name}"\n2 "B"\n3 "P"\n'
        '*Arcs\n1 2 0.25 l "PARTY_TO"\n1 2 1 l "COMPETES_WITH"\n3 2 1 l "WORKS_FOR"\n'
    )
    assert "1 names with quotation marks or line ends, which were replaced" in file.lost


def test_an_edge_list_says_what_it_leaves_out() -> None:
    alone = DRAWN.model_copy(update={"edges": DRAWN.edges[:1]})
    file = export_subgraph(alone, "edges", people=True)
    assert file.body.decode().splitlines() == [
        "from,to,type,since,until,weight",
        "firm:a,firm:b,PARTY_TO,2011-01-01,,0.25",
    ]
    assert "1 nodes without a tie, which a list of ties cannot hold" in file.lost


def test_unknown_format() -> None:
    with pytest.raises(
        InvalidRequest, match="no format is called 'grapml'; did you mean 'graphml'"
    ):
        export_subgraph(DRAWN, "grapml")


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_what_is_drawn_of_a_real_case_is_in_the_file(telecom: Explorer, format: str) -> None:
    drawn = ego(telecom, "Xelerated", as_of=dt.date(2011, 12, 31), limit=500)
    body = export_subgraph(drawn, format).body
    if format in ("graphml", "gexf", "node-link"):
        graph = read(format, body)
        assert len(graph) == len(drawn.nodes)
        assert graph.number_of_edges() == len(drawn.edges)
    elif format == "pajek":
        graph = nx.MultiDiGraph(nx.parse_pajek(body.decode()))
        assert {*graph} == {n.name for n in drawn.nodes}
    elif format == "edges":
        assert len(body.splitlines()) == len(drawn.edges) + 1


def test_ways_over_bridges(telecom: Explorer) -> None:
    answer = bridges(telecom, "Xelerated", "MTN Group")
    file = export_subgraph(subgraph_of_paths(answer), "gexf")
    root = ET.fromstring(file.body)
    names = {n.get("label") for n in root.findall(".//{*}node")}
    assert {"Xelerated", "MTN Group", "Ericsson"} <= names
