"""Graphs of other programs: what a node and a tie become, and what is told of the rest."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import NodeRecord
from alliance_explorer.loaders import Summary, load
from alliance_explorer.loaders.graphs.graph_formats import graph_format, read_graph_file
from alliance_explorer.loaders.model import Located, Note, Rejected


class Reading:
    """What is in a file."""

    def __init__(self, path: Path, as_: str | None = None, format: str | None = None) -> None:
        found = format or graph_format(path)
        assert found
        items = list(read_graph_file(path, path.name, found, as_))
        records = [i.record for i in items if isinstance(i, Located)]
        self.nodes = {r.id: r.properties for r in records if isinstance(r, NodeRecord)}
        self.facts = [
            (r.type.name, r.from_id, r.to_id, r.properties)
            for r in records
            if not isinstance(r, NodeRecord)
        ]
        self.notes = [i.text.removeprefix(f"{path.name}: ") for i in items if isinstance(i, Note)]
        self.rejects = [
            (i.line, p.field, p.reason)
            for i in items
            if isinstance(i, Rejected)
            for p in i.problems
        ]

    def of(self, prefix: str) -> dict[str, Mapping[str, object]]:
        return {i: p for i, p in self.nodes.items() if i.startswith(prefix + ":")}

    def pairs(self, type_: str) -> list[tuple[str, str]]:
        return [(a, b) for t, a, b, _ in self.facts if t == type_]


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- edge lists -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.edges", "IBM Apple 3\nApple Acme 1\n"),
        ("x.tsv", "IBM\tApple\t3\nApple\tAcme\t1\n"),
        ("x.txt", "# a comment\nIBM;Apple;3\n\nApple;Acme;1\n"),
        ("x.edgelist", "IBM Apple {'weight': 3}\nApple Acme {'weight': 1}\n"),
        ("x.txt", '\ufeffsource,target,weight\nIBM,Apple,3\n"Apple","Acme",1\n'),
        ("x.tsv", "weight\tto\tfrom\r\n3\tApple\tIBM\r\n1\tAcme\tApple\r\n"),
    ],
)
def test_edge_list(tmp_path: Path, name: str, text: str) -> None:
    got = Reading(written(tmp_path / name, text))
    assert {p["name"] for p in got.of("firm").values()} == {"IBM", "Apple", "Acme"}
    assert sorted(got.of("alliance")) == ["alliance:x:acme--apple", "alliance:x:apple--ibm"]
    assert sorted(got.pairs("PARTY_TO")) == [
        ("firm:acme", "alliance:x:acme--apple"),
        ("firm:apple", "alliance:x:acme--apple"),
        ("firm:apple", "alliance:x:apple--ibm"),
        ("firm:ibm", "alliance:x:apple--ibm"),
    ]
    assert got.of("source") == {"source:x": {"id": "source:x", "title": name}}
    assert "taken 3 nodes as Firm, 2 ties as Alliance" in got.notes
    assert "the schema has no place for this of ties: weight (2)" in got.notes
    assert not got.rejects


def test_columns_with_a_place_are_kept(tmp_path: Path) -> None:
    text = (
        "firm,partner,kind,start,end,note\nA,B,licence,2010,2012-06,x\nA,C,,soon,,\nA,,,,,\nA,B\n"
    )
    got = Reading(written(tmp_path / "deals.csv", text), format="edges")
    licence = got.nodes["alliance:deals:a--b:licence:2010"]
    assert licence["kind"] == "licence"
    assert (str(licence["start"]), str(licence["end"])) == ("2010-01-01", "2012-07-01")
    assert "start" not in got.nodes["alliance:deals:a--c:soon"]
    assert got.notes[1:] == [
        "the schema has no place for this of ties: note (1)",
        "start of 1 ties was left out, because it does not fit; "
        "line 3: 'soon' is not a date; write 2011, 2011-03 or 2011-03-31",
    ]
    assert got.rejects == [
        (4, "to", "missing"),
        (5, "(row)", "has 2 cells, the header has 6"),
    ]


def test_names_that_are_spelled_alike_are_one_and_numbers_are_of_their_file(tmp_path: Path) -> None:
    got = Reading(
        written(tmp_path / "my list.txt", "Müller GmbH,1\nmuller gmbh,2\n"), format="edges"
    )
    assert {*got.of("firm")} == {"firm:muller-gmbh", "firm:my-list-1", "firm:my-list-2"}
    assert got.nodes["firm:my-list-1"]["name"] == "1"


def test_as_a_relationship(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", "member,network,since\nA,Club,2010\nB,Club,\n")
    got = Reading(path, as_="MEMBER_OF", format="edges")
    assert {*got.nodes} == {"source:x", "firm:a", "firm:b", "network:club"}
    assert got.pairs("MEMBER_OF") == [("firm:a", "network:club"), ("firm:b", "network:club")]
    assert str(got.facts[0][3]["since"]) == "2010-01-01"
    rivals = Reading(written(tmp_path / "y.txt", "B A\nA A\n"), as_="competes_with")
    assert rivals.pairs("COMPETES_WITH") == [("firm:a", "firm:b")]
    assert rivals.rejects == [(2, "to", "both ends are the same")]


def test_as_a_kind(tmp_path: Path) -> None:
    got = Reading(written(tmp_path / "x.txt", "A B\n"), as_="R&D")
    assert [a["kind"] for a in got.of("alliance").values()] == ["R&D"]


def test_another_encoding_is_told(tmp_path: Path) -> None:
    got = Reading(written(tmp_path / "x.txt", "Société;Häuser\n".encode("cp1252")))
    assert {p["name"] for p in got.of("firm").values()} == {"Société", "Häuser"}
    assert got.notes[0] == "1 lines are no UTF-8 and were taken for cp1252"


# --- Pajek ----------------------------------------------------------------------------------------


def test_pajek_two_modes(tmp_path: Path) -> None:
    """As Davis' Southern women are kept: women, then events."""
    text = (
        '\ufeff*Network "clubs"\r\n*Vertices 5 3\r\n1 "Ann é" 0.1 0.2 0.5 ic Red\r\n2 Bob\r\n'
        '4 "Chess ""Club"""\r\n5 "Golf"\r\n% a comment\r\n*Edges\r\n1 4 1\r\n2 4 2\r\n'
        "3 5\r\n9 4\r\n1 4 x\r\n*Partition p\r\n1\r\n2\r\n"
    )
    path = written(tmp_path / "clubs.net", text)
    got = Reading(path)
    assert {p["name"] for p in got.of("firm").values()} == {"Ann é", "Bob", "3"}
    assert {*got.of("network")} == {"network:chess-club", "network:golf"}
    assert got.pairs("MEMBER_OF") == [
        ("firm:ann-e", "network:chess-club"),
        ("firm:bob", "network:chess-club"),
        ("firm:clubs-3", "network:golf"),
    ]
    assert got.rejects == [
        (12, "(row)", "'9' is no vertex; there are 1 to 5"),
        (13, "(row)", "'x' is not a number"),
    ]
    assert "sections passed over: *partition p" in got.notes  # no network has two vertices
    assert "the schema has no place for this of ties: weight (1)" in got.notes
    deals = Reading(path, as_="research")
    assert [a["kind"] for a in deals.of("alliance").values()] == ["research"] * 2
    assert len(deals.pairs("PARTY_TO")) == 3


@pytest.mark.parametrize(
    "ties",
    [
        "*Arcs\n1 2\n2 3 0.5\n",
        "*Edges\n2 1 1\n3 2\n",
        "*Arcslist\n1 2\n2 3\n",
        "*Edgeslist\n2 1 3\n",
        "*Matrix\n0 1 0\n0 0 2.5\n0 0 0\n",
        '*Arcs :1 "licence"\n1 2\n*Edges :2 "supply"\n2 3\n',
        '*Arcs\n1 2 1 l "licence" c Blue\n2 3 1 l "supply"\n',
    ],
)
def test_pajek_one_mode(tmp_path: Path, ties: str) -> None:
    got = Reading(written(tmp_path / "x.net", f'*vertices 3\n1 "A"\n2 "B"\n3 "C"\n{ties}'))
    kinds = [p.get("kind") for p in got.of("alliance").values()]
    assert kinds == (["licence", "supply"] if "licence" in ties else [None, None])
    ends = [i.split(":")[2] for i in got.of("alliance")]
    assert ends == ["a--b", "b--c"]
    assert not got.rejects


def test_pajek_two_mode_matrix(tmp_path: Path) -> None:
    got = Reading(
        written(tmp_path / "x.net", "*Vertices 3 1\n1 A\n2 N\n3 M\n*Matrix\n0 1\n1 1\n1\n")
    )
    assert got.pairs("MEMBER_OF") == [("firm:a", "network:m")]
    assert [line for line, *_ in got.rejects] == [7, 8]


def test_values_of_vertices_in_pajek(tmp_path: Path) -> None:
    """Partitions and vectors name the number of vertices again; that is no second network."""
    values = (
        "*Partition country\n*Vertices 3\n1\n2\n1\n*Partition Founded.clu\n*Vertices 3\n"
        "1990\n999999998\n7\n*Vector C:\\x\\Employees.vec\n*Vertices 3\n12.0000\n0.5\n30\n"
        "*Vector founded\n*Vertices 3\n1\n2\n3\n*Partition other\n*Vertices 2\n1\n2\n"
        "*Cluster some\n*Vertices 1\n2\n"
    )
    text = f'*Network x\n*Vertices 3\n1 "A"\n2 "B"\n*Edges\n1 2\n{values}'
    got = Reading(written(tmp_path / "x.paj", text))
    assert [i.split(":")[2] for i in got.of("alliance")] == ["a--b"]
    assert not got.rejects
    firms = {str(f["name"]): f for f in got.of("firm").values()}
    assert {n: f.get("founded") for n, f in firms.items()} == {"A": 1990, "B": None, "3": None}
    assert {n: f.get("employees") for n, f in firms.items()} == {"A": 12, "B": None, "3": 30}
    assert not any("country" in f for f in firms.values())
    assert "sections passed over: *partition other, *cluster" in got.notes
    assert (
        "the schema has no place for this of nodes: country (partition) (3), founded (vector) (3)"
    ) in got.notes
    assert any(n.startswith("Founded of 1 nodes was left out") for n in got.notes)
    assert any(n.startswith("Employees of 1 nodes was left out") for n in got.notes)


def _network(title: str, vertices: str, *ties: str) -> str:
    count, *labels = vertices.split(",")
    lines = [f'{n} "{label}"' for n, label in enumerate(labels, start=1)]
    return "\n".join([f"*Network {title}", f"*Vertices {count}", *lines, *ties]) + "\n"


def test_networks_of_as_many_vertices_are_several_relations(tmp_path: Path) -> None:
    """By number, also where a later network leaves out the labels."""
    text = (
        _network("deals", "3,Ann,Bob,Cy", "*Arcs", "1 2 1", "2 1 1")
        + _network("talks", "3", '*Arcs :1 "at time 1"', "1 2", "*Edges", "2 3", "5 1")
        + _network("deals", "3,ann,Bob", "*Edges", "1 3 2")
    )
    got = Reading(written(tmp_path / "p.paj", text))
    assert {i: p["name"] for i, p in got.of("firm").items()} == {
        "firm:ann": "Ann",
        "firm:bob": "Bob",
        "firm:cy": "Cy",
    }
    kinds: dict[str, list[object]] = {i.split(":")[2]: [] for i in got.of("alliance")}
    for i, p in got.of("alliance").items():
        kinds[i.split(":")[2]].append(p["kind"])
    assert kinds == {
        "ann--bob": ["deals", "talks: at time 1"],
        "bob--cy": ["talks"],
        "ann--cy": ["deals (3)"],
    }
    assert got.rejects == [(15, "(row)", "'5' is no vertex; there are 1 to 3")]
    assert ("3 networks, a number is the same vertex in all: deals; talks; deals (3)") in got.notes
    one_kind = Reading(tmp_path / "p.paj", as_="research")
    assert {p["kind"] for p in one_kind.of("alliance").values()} == {"research"}


def test_networks_of_other_vertices_meet_by_label(tmp_path: Path) -> None:
    """One mode and two in a project; a partition is of the network that it fits."""
    text = (
        _network("deals", "3,Ann,Bob,Cy", "*Edges", "1 2", "1 3")
        + _network("clubs", "4 2,BOB,Dan,Golf,Chess", "*Edges", "1 3", "2 4", "1 2")
        + _network("more", "3,Cy,Cy,", "*Edges", "1 2", "2 3")
        + "*Vector employees\n*Vertices 4\n5\n6\n7\n8\n"
    )
    got = Reading(written(tmp_path / "p.paj", text))
    assert {*got.of("firm")} == {
        *("firm:ann", "firm:bob", "firm:cy", "firm:dan", "firm:cy-2", "firm:p-more-3")
    }
    assert {*got.of("network")} == {"network:golf", "network:chess"}
    assert got.pairs("MEMBER_OF") == [
        ("firm:bob", "network:golf"),
        ("firm:dan", "network:chess"),
    ]
    ends = {i.split(":")[2] for i in got.of("alliance")}
    assert ends == {"ann--bob", "ann--cy", "cy--cy-2", "cy-2--p-more-3"}
    assert got.rejects == [(18, "to", "MEMBER_OF joins no Firm and Firm")]
    firms = got.of("firm")
    assert (firms["firm:bob"]["employees"], firms["firm:dan"]["employees"]) == (5, 6)
    assert "employees" not in firms["firm:ann"]
    told = "a label is the same vertex in all, one without a label in its own alone"
    assert f"3 networks, {told}: deals; clubs; more" in got.notes


def test_networks_without_labels_are_kept_apart(tmp_path: Path) -> None:
    text = _network("One of 2", "2", "*Edges", "1 2") + _network("Two", "3,1,2,3", "*Edges", "1 3")
    got = Reading(written(tmp_path / "p.paj", text))
    assert {*got.of("firm")} == {
        *("firm:p-one-of-2-1", "firm:p-one-of-2-2"),
        *("firm:p-two-1", "firm:p-two-2", "firm:p-two-3"),
    }
    assert [p["kind"] for p in got.of("alliance").values()] == ["One of 2", "Two"]


def test_of_several_spells_of_gexf_the_first_counts(tmp_path: Path) -> None:
    spells = '<spell start="2001-01-01" end="2001-12-31"/><spell start="2005-01-01"/>'
    got = Reading(
        written(
            tmp_path / "x.gexf",
            '<gexf version="1.3"><graph><nodes><node id="0" label="A"/><node id="1" label="B"/>'
            f'</nodes><edges><edge source="0" target="1"><spells>{spells}</spells></edge></edges>'
            "</graph></gexf>",
        )
    )
    (alliance,) = got.of("alliance").values()
    assert (str(alliance["start"]), str(alliance["end"])) == ("2001-01-01", "2002-01-01")
    assert "of several spells the first was taken; 1 were passed over" in got.notes


# --- XML ------------------------------------------------------------------------------------------


def parties(got: Reading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in got.pairs("PARTY_TO"):
        found.setdefault(b, set()).add(a)
    return found


@pytest.mark.parametrize("ending", ["graphml", "gexf", "json", "net"])
def test_what_networkx_writes(tmp_path: Path, ending: str) -> None:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_node("n1", name="Acme AB", country="SE", founded=1999, mood="good")
    graph.add_node("n2", name="Beta & Söhne", founded=7)
    graph.add_node("n3", name="Acme AB")
    graph.add_edge("n1", "n2", kind="licence", weight=2.5)
    graph.add_edge("n2", "n3")
    path = tmp_path / f"x.{ending}"
    if ending == "graphml":
        nx.write_graphml(graph, path)
    elif ending == "gexf":
        nx.write_gexf(graph, path)
    elif ending == "json":
        path.write_text(json.dumps(nx.node_link_data(graph)))
    else:
        nx.write_pajek(nx.Graph([("Acme AB", "Beta & Söhne"), ("Beta & Söhne", "n3")]), path)
    got = Reading(path)
    if ending == "net":
        assert {*got.of("firm")} == {"firm:acme-ab", "firm:beta-sohne", "firm:n3"}
        return
    acme = got.nodes["firm:acme-ab"]
    assert (acme["name"], acme["country"], acme["founded"]) == ("Acme AB", "SE", 1999)
    assert {*got.of("firm")} == {"firm:acme-ab", "firm:beta-sohne", "firm:acme-ab-2"}
    assert parties(got) == {
        "alliance:x:acme-ab--beta-sohne:licence": {"firm:acme-ab", "firm:beta-sohne"},
        "alliance:x:acme-ab-2--beta-sohne": {"firm:acme-ab-2", "firm:beta-sohne"},
    }
    told = " | ".join(got.notes)
    assert "1 names stand for several nodes; these were kept apart" in told
    assert "no place for this of nodes: mood (1)" in told.replace("label (3), ", "")
    assert "founded of 1 nodes was left out, because it does not fit" in told
    assert "7 is not between 1000 and 2200" in told


def test_a_bipartite_graph_of_networkx(tmp_path: Path) -> None:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(["A", "B"], bipartite=0)
    graph.add_nodes_from(["Club"], bipartite=1)
    graph.add_edges_from([("A", "Club"), ("Club", "B")])
    nx.write_graphml(graph, tmp_path / "x.graphml")
    got = Reading(tmp_path / "x.graphml")
    assert sorted(got.pairs("MEMBER_OF")) == [
        ("firm:a", "network:club"),
        ("firm:b", "network:club"),
    ]


def test_graphml_with_hyperedges_defaults_and_yed(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?>
<g:graphml xmlns:g="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<g:key id="c" for="node" attr.name="Country" attr.type="string"><g:default>DE</g:default></g:key>
<g:key id="yed" for="node" yfiles.type="nodegraphics"/>
<g:graph edgedefault="undirected">
<g:node id="1"><g:data key="yed"><y:ShapeNode><y:NodeLabel>Acme
</y:NodeLabel></y:ShapeNode></g:data></g:node>
<g:node id="2"><g:data key="c">FR</g:data><g:graph id="2:"><g:node id="2::1"/></g:graph></g:node>
<g:edge source="1" target="7"/>
<g:hyperedge><g:endpoint node="1"/><g:endpoint node="2"/><g:endpoint node="2::1"/></g:hyperedge>
</g:graph></g:graphml>"""
    got = Reading(written(tmp_path / "y.graphml", text))
    assert got.nodes["firm:acme"]["country"] == "DE"
    assert got.nodes["firm:y-2"]["country"] == "FR"
    assert got.rejects == [(9, "to", "'7' is no node of this file")]
    (alliance,) = parties(got).values()
    assert alliance == {"firm:acme", "firm:y-2", "firm:y-2-1"}


def test_gexf_with_dates(tmp_path: Path) -> None:
    text = """<gexf xmlns="http://gexf.net/1.3" version="1.3">
<graph mode="dynamic" timeformat="date">
<nodes><node id="0" label="A"><viz:position xmlns:viz="v" x="1"/></node>
<node id="1" label="B"/></nodes>
<edges><edge id="0" source="0" target="1" start="2010-01-01" end="2011-12-31" weight="2.0"/>
<edge id="1" source="1" target="0" kind="OWNS"><spells><spell start="2012.0"/></spells></edge>
</edges></graph></gexf>"""
    got = Reading(written(tmp_path / "x.gexf", text))
    (alliance,) = got.of("alliance").values()
    assert (str(alliance["start"]), str(alliance["end"])) == ("2010-01-01", "2012-01-01")
    assert got.pairs("OWNS") == [("firm:b", "firm:a")]
    assert str(got.facts[-1][3]["since"]) == "2012-01-01"


LAUGHS = """<!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<graphml><graph>&b;</graph></graphml>"""
OUTSIDE = """<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]><graphml>&a;</graphml>"""


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("x.graphml", LAUGHS, "declares entities, which are not read"),
        ("x.graphml", OUTSIDE, "declares entities, which are not read"),
        ("x.graphml", "<html/>", "begins with <html>, not with <graphml>"),
        ("x.gexf", "<gexf><graph>", "line 1: is no XML: no element found"),
        ("x.gexf", '<?xml version="1.0"?>', "line 1: is no XML: no element found"),
        ("x.gexf", "", "is empty"),
        ("x.graphml", b"a\0b", "line 1: is no XML: syntax error"),
        ("x.net", "1 2\n", "no *Vertices, so no Pajek network"),
        ("x.net", "*Vertices many\n", "line 1: *Vertices is to be followed by their number"),
        ("x.net", "*Vertices 99999999999\n", "line 1: 99,999,999,999 vertices"),
        ("x.json", '{"nodes": 3}', "wants two lists: nodes, and one of edges, links"),
        ("x.json", '{"nodes": [', "is not JSON: "),
        ("x.txt", "# nothing\n", "is empty; a line for each tie was expected"),
        ("x.txt", "A B\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    ],
)
def test_what_cannot_be_read_at_all(
    engine: Engine, tmp_path: Path, name: str, text: str | bytes, reason: str
) -> None:
    path = written(tmp_path / name, text)
    with pytest.raises(SourceError) as caught:
        loaded(engine, [path])
    assert reason in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert engine.read("MATCH (n:Firm) RETURN count(n) AS n") == [{"n": 0}]


# --- JSON -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        {
            "nodes": [{"id": "A"}, {"id": "B"}],
            "links": [{"source": "A", "target": "B", "value": 1}],
        },
        {"nodes": [{"name": "A"}, {"name": "B"}], "links": [{"source": 0, "target": 1}]},
        {
            "nodes": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}],
            "edges": [{"from": 1, "to": 2}],
        },
    ],
    ids=["ids", "places", "numbers"],
)
def test_d3(tmp_path: Path, document: Any) -> None:
    got = Reading(written(tmp_path / "x.json", json.dumps(document)))
    assert {*got.of("firm")} == {"firm:a", "firm:b"}
    assert [*parties(got)] == ["alliance:x:a--b"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = '{"nodes": [{"id": "Å"}, {"id": "B"}], "links": [{"source": "Å", "target": "B"}]}'
    path = written(tmp_path / "x.json", text.encode(encoding))
    assert graph_format(path) == "node-link"
    assert {n["name"] for n in Reading(path).of("firm").values()} == {"Å", "B"}


def test_json_with_bad_parts(tmp_path: Path) -> None:
    document = {"nodes": ["A", {"id": "B"}, {"id": "B"}], "links": [3, {"source": "B"}]}
    got = Reading(written(tmp_path / "x.json", json.dumps(document)))
    assert got.rejects == [
        (0, "node 1", "is no object"),
        (0, "id", "'B' stands twice"),
        (0, "tie 1", "is no object"),
        (0, "tie 2", "has no source and target"),
    ]


# --- loading --------------------------------------------------------------------------------------


def loaded(engine: Engine, paths: Sequence[Path], **options: Any) -> Summary:
    return load(engine, list(map(str, paths)), max_download=0, download_timeout=1, **options)


def test_load_twice_and_with_what_is_known(engine: Engine, tmp_path: Path) -> None:
    first = written(tmp_path / "Firm.csv", "id,name,country\nfirm:ibm,IBM,US\n")
    second = written(tmp_path / "deals.edges", "IBM Apple\nIBM IBM\n")
    told = loaded(engine, [first, second])
    assert [r.line for r in told.rejects] == [2]
    assert told.total.created == 1 + 1 + 1 + 1 + 2  # with Apple, the source, the alliance
    again = loaded(engine, [second])
    assert again.total.loaded == 0
    found = engine.read("MATCH (f:Firm {id: 'firm:ibm'}) RETURN f.country AS c, f.name AS n")
    assert found == [{"c": "US", "n": "IBM"}]


def test_a_project_of_one_mode_and_two_loads_once(engine: Engine, tmp_path: Path) -> None:
    deals = _network("deals", "2,Ann,Bob", "*Edges", "1 2")
    clubs = "".join(_network(t, "3 2,Ann,Bob,Golf", "*Edges", "1 3", "2 3") for t in ("old", "new"))
    path = written(tmp_path / "p.paj", deals + clubs)
    told = loaded(engine, [path])
    # Both say who is in the club: that is one fact for each.
    assert {name: c.created for name, c in told.counts.items()} == {
        **{"Source": 1, "Firm": 2, "Network": 1, "Alliance": 1},
        **{"PARTY_TO": 2, "MEMBER_OF": 2},
    }
    assert not told.rejects
    assert loaded(engine, [path]).total.loaded == 0


def test_mixed_lines_in_utf_16_are_refused_before_anything_is_written(
    engine: Engine, tmp_path: Path
) -> None:
    good = written(tmp_path / "Firm.csv", "id,name\nfirm:a,A\n")
    other = written(tmp_path / "x.ndjson", '{"type": "Firm"}\n'.encode("utf-16"))
    with pytest.raises(SourceError, match=r"x\.ndjson: is UTF-16; save it as UTF-8"):
        loaded(engine, [good, other])
    assert engine.read("MATCH (n:Firm) RETURN count(n) AS n") == [{"n": 0}]


def test_as_goes_with_graphs(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path / "Firm.csv", "id,name\nfirm:a,A\n")
    with pytest.raises(SourceError, match="--as says what ties of a graph are, and this is tables"):
        loaded(engine, [path], as_="OWNS")
