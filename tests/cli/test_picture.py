"""Commands that a picture is grown by."""

import pytest

from alliance_explorer.queries import parse_day
from alliance_explorer.queries.pictures import subgraph
from alliance_explorer.queries.surroundings import surroundings
from tests.support.console import answer, ran, refused

DAY = parse_day("2011-12-31", "as_of")


def test_around(db: str) -> None:
    told = ran("--db", db, "around", "Xelerated", "--kind", "competition")
    assert "competition: 3" in told
    assert "stated by a source" in told
    told = ran("--db", db, "around", "Xelerated", "--limit", "2", "--as-of", "2011-12-31", "--json")
    assert told == answer(db, lambda x: surroundings(x, "Xelerated", limit=2, as_of=DAY))
    assert "did you mean 'alliance'" in refused(
        "--db", db, "around", "Xelerated", "--kind", "alianc"
    )


def test_subgraph(db: str) -> None:
    nodes = ["Xelerated", "Ericsson", "Huawei"]
    told = ran("--db", db, "subgraph", *nodes)
    assert told.startswith("3 nodes, ")
    assert "COMPETES_WITH" in told
    told = ran("--db", db, "subgraph", *nodes, "--as-of", "2011-12-31", "--json")
    assert told == answer(db, lambda x: subgraph(x, nodes, as_of=DAY))


@pytest.mark.parametrize("command", ["around", "subgraph"])
def test_nobody(db: str, command: str) -> None:
    assert "did you mean" in refused("--db", db, command, "Xelerted")
