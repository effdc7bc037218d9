import json
import time
from typing import Any

import pytest

from alliance_explorer.queries import subgraph_of_paths
from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode
from alliance_explorer.viz import best_ways, ego_picture, path_picture
from alliance_explorer.viz.network import LABEL_LINES, LABEL_WIDTH, label_text
from tests.viz.samples import NASTY, bridges, ego, path, ref


def data(graph: Subgraph) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(str(ego_picture(graph).json()))
    return loaded


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_no_name_can_leave_the_data(name: str) -> None:
    text = str(ego_picture(ego(name)).json())
    assert not set(text) & set("<>&\u2028\u2029")
    nodes = json.loads(text)["nodes"]
    assert name[:200].startswith(nodes[1]["name"][:199])


def test_parallel_ties_are_one_line_that_tells_of_all() -> None:
    edges = [e for e in data(ego())["edges"] if "firm:ericsson" in (e["from"], e["to"])]
    assert [e["kind"] for e in edges] == ["alliance", "competition"]
    assert edges[0]["width"] > data(ego())["edges"][0]["width"]
    assert "First" in edges[0]["tip"][1]
    assert "Second" in edges[0]["tip"][1]
    # Two kinds between the same two do not hide each other.
    assert bool(edges[0]["smooth"]) != bool(edges[1]["smooth"])


def test_what_is_inferred_is_dashed_and_said() -> None:
    edge = next(e for e in data(ego())["edges"] if e["from"] == "firm:rival")
    assert edge["dashes"] == [14, 9]
    assert "inferred" in edge["tip"][1]


def test_arrows_only_where_a_relationship_has_a_direction() -> None:
    arrows = {e["kind"] for e in data(ego())["edges"] if e["arrows"]["to"]["enabled"]}
    assert arrows == {"ownership"}


def test_nothing_is_simulated() -> None:
    options = data(ego())["options"]
    assert options["physics"] == {"enabled": False}
    assert all({"x", "y"} <= set(node) for node in data(ego())["nodes"])


def test_words_and_picture_say_the_same() -> None:
    picture = ego_picture(ego())
    assert len(picture.lines) == len(picture.edges)
    told = {(line.one.id, line.other.id) for line in picture.lines}
    assert told == {(edge["from"], edge["to"]) for edge in picture.edges}
    assert picture.left_out == {"Firm": 3}


def test_the_same_answer_gives_the_same_picture() -> None:
    graph = ego()
    turned = graph.model_copy(update={"edges": graph.edges[::-1]})
    assert data(graph)["nodes"] == data(turned)["nodes"]
    ids = [(e["from"], e["to"], e["kind"]) for e in data(graph)["edges"]]
    assert ids == [(e["from"], e["to"], e["kind"]) for e in data(turned)["edges"]]


def test_paths_go_from_the_focal_actor_on_the_left_to_the_target_on_the_right() -> None:
    picture = path_picture(subgraph_of_paths(bridges()))
    across = {node["id"]: node["x"] for node in picture.nodes}
    order = ["firm:xelerated", "firm:ericsson", "firm:seamless", "firm:mtn-group"]
    assert sorted(across, key=across.__getitem__) == order
    down = {node["id"]: node["tall"][1] for node in picture.nodes}
    assert sorted(down, key=down.__getitem__) == order
    assert picture.by_strength
    assert "is allied with" in picture.lines[0].details


def test_of_several_bridges_the_best_way_is_drawn() -> None:
    result = bridges()
    first = result.bridges[0]
    ways = [first.paths[0], path(result.focal, first.actor, ref("firm:other"), result.target)]
    several = result.model_copy(
        update={"bridges": [first.model_copy(update={"paths": ways}), first]}
    )
    assert [len(b.paths) for b in best_ways(several).bridges] == [1, 1]
    one = several.model_copy(update={"bridges": several.bridges[:1]})
    assert best_ways(one) == one


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_labels_are_short(name: str) -> None:
    lines = label_text(name).split("\n")
    assert len(lines) <= LABEL_LINES
    assert all(len(line) <= LABEL_WIDTH for line in lines)


def test_edges_without_ends_and_empty_graphs_do_no_harm() -> None:
    lost = SubgraphEdge(from_id="a", to_id="b", type="OWNS", properties={})
    empty = Subgraph(focal="a", nodes=[], edges=[lost], left_out={})
    assert ego_picture(empty).edges == []
    assert path_picture(empty).nodes == []


def test_two_thousand_nodes_take_less_than_two_seconds() -> None:
    nodes = [
        SubgraphNode(
            id=f"firm:{i}", label="Firm", name=f"Firm {i}", role="ally", ring=1, properties={}
        )
        for i in range(2_000)
    ]
    edges = [
        SubgraphEdge(from_id=f"firm:{i}", to_id=f"firm:{j}", type="PARTY_TO", properties={})
        for i in range(2_000)
        for j in (i // 2, i // 3)
        if i != j
    ]
    graph = Subgraph(focal="firm:0", nodes=nodes, edges=edges, left_out={})
    start = time.perf_counter()
    picture = ego_picture(graph, limit=2_000)
    assert time.perf_counter() - start < 2
    assert len(picture.nodes) == 2_000
