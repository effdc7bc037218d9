"""The page on structure: no name gets out of its place, and what is told is what was answered."""

from html.parser import HTMLParser

import pytest

from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.structure.keyness import keyness
from alliance_explorer.queries.structure.portfolio_structure import compare_structures, structure
from alliance_explorer.queries.structure.structure_subgraph import structure_subgraph
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.structure_page import (
    StructureForm,
    structure_page,
    structure_picture,
)
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, alliances, filling
from tests.viz.samples import NASTY

NAMES = [name[:2000] for name in NASTY.values() if name.strip()]
ROWS: Rows = {
    **alliances("Hub-A", "Hub-B", "A-B", "Hub-C"),
    "Firm": [
        {"id": f"firm:{n}", "name": name, "country": "DE"}
        for n, name in zip(("hub", "a", "b", "c"), NAMES, strict=False)
    ],
    "Capability": [{"id": "capability:x", "name": NAMES[0], "category": "technology"}],
    "NEEDS": [{"from": "firm:hub", "to": "capability:x"}],
    "OFFERS": [{"from": "firm:a", "to": "capability:x"}],
}


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


def page_of(x: Explorer, names: list[str]) -> str:
    options = PathOptions()
    answer = structure(x, "firm:hub", options)
    return structure_page(
        Links(),
        form=StructureForm(Choice("firm:hub", names[0]), None, names[0], names[0], names[0]),
        answer=answer,
        keyness=keyness(x, "firm:hub", options),
        comparison=compare_structures(x, ("firm:hub", options), ("firm:a", options)),
        picture=structure_picture(structure_subgraph(x, answer, options), answer),
    )


@pytest.mark.ladybug
def test_names_stay_in_their_place(graphs: Graphs) -> None:
    plain: Rows = {**ROWS, "Firm": alliances("Hub-A", "B-C")["Firm"]}
    expected = page_of(Explorer(graphs.holding("plain names", filling(plain)), TODAY), ["x"])
    nasty = page_of(Explorer(graphs.holding("nasty names", filling(ROWS)), TODAY), NAMES)
    assert sorted(set(Tags(nasty).found)) == sorted(set(Tags(expected).found))
    assert Tags(nasty).found.count("script") == Tags(expected).found.count("script")


def test_the_picture_shows_constraint(graphs: Graphs) -> None:
    rows = alliances("Hub-A", "Hub-B", "A-B", "Hub-C")
    x = Explorer(graphs.holding("a hub of three", filling(rows)), TODAY)
    answer = structure(x, "Hub")
    graph = structure_subgraph(x, answer, PathOptions(), most=2)
    assert graph.left_out == {"Firm": 1}
    graph = structure_subgraph(x, answer, PathOptions())
    assert {(e.from_id, e.to_id) for e in graph.edges} >= {("firm:a", "firm:b")}
    assert len(graph.edges) == 4
    picture = structure_picture(graph, answer)
    by_id = {n["id"]: n for n in picture.nodes}
    constraint = {p.partner.id: p.by["binary"].constraint for p in answer.partners}
    for id_, value in constraint.items():
        assert by_id[id_]["label"].endswith(f"\n{value:.3f}")
        assert any(f"{value:.4f}" in line for line in by_id[id_]["tip"])
    assert by_id["firm:a"]["size"] > by_id["firm:c"]["size"]
