"""The Python API, as docs/python.md shows it."""

import doctest
import os
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import alliance_explorer as ax
from alliance_explorer import exporters
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.firm_network import firm_network
from tests.support.graphs import Graphs
from tests.support.tiny import EXAMPLES, TODAY, examples

DOCUMENT = EXAMPLES.parent / "docs" / "python.md"


@pytest.mark.ladybug
def test_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(
        str(DOCUMENT), module_relative=False, optionflags=doctest.REPORT_ONLY_FIRST_FAILURE
    )
    assert not failed
    assert tried > 20
    assert "telecom.graphml" in os.listdir()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ax.Graph]:
    with ax.open(f"ladybug://{tmp_path_factory.mktemp('notebook')}/x.lbug") as opened:
        opened.load(*(EXAMPLES / case for case in ("asymmetric_startups", "coopetition_telecom")))
        yield opened


@pytest.mark.ladybug
def test_people_only_when_asked_for(graph: ax.Graph) -> None:
    assert "Person" not in graph.to_pandas()
    assert len(ax.to_pandas(graph, people=True)["Person"]) == 1
    assert len(graph.to_networkx(people=True)) == len(ax.to_networkx(graph)) + 1


@pytest.mark.ladybug
def test_mistakes(graph: ax.Graph) -> None:
    with pytest.raises(InvalidRequest, match="no kind of tie is called 'aliance'; did you mean"):
        graph.bridges("Xelerated", "MTN Group", kinds=["aliance"])
    with pytest.raises(InvalidRequest, match="'soon' is not a date"):
        graph.portfolio("Xelerated", as_of="soon")
    with pytest.raises(InvalidRequest, match="as_of: goes with firms=True"):
        ax.to_networkx(graph, as_of="2011-12-31")
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        ax.opne  # noqa: B018


def test_the_network_of_firms_is_the_one_that_is_measured(graphs: Graphs) -> None:
    explorer = Explorer(graphs.holding("examples", examples), TODAY)
    network = firm_network(explorer, PathOptions())
    graph = exporters.firm_graph(explorer, PathOptions())
    assert {*graph} == {*network.ids}
    assert graph.number_of_edges() == network.ties > 40
    matrix = nx.to_scipy_sparse_array(graph, nodelist=network.ids, weight="strength")
    assert abs(matrix - network.matrix("strength")).max() < 1e-12
    assert graph.nodes["firm:xelerated"]["founded"] == 2000
