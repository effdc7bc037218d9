"""Questions about many at once answer as those about few do."""

import pytest

from alliance_explorer.engine import Engine, Row
from alliance_explorer.engine.ladybug_connection import LONG_LIST, joining
from alliance_explorer.queries.library import library, run
from tests.support.graphs import Graphs
from tests.support.tiny import examples

BY_IDS = [name for name, query in library().items() if query.params == ("ids",)]


@pytest.fixture
def cases(graphs: Graphs) -> Engine:
    return graphs.holding("examples", examples)


def _some(cases: Engine) -> list[str]:
    labels = ("Firm", "Person", "Alliance", "Network", "Event", "Capability", "Place")
    return [
        str(row["id"])
        for label in labels
        for row in cases.read(f"MATCH (x:{label}) RETURN x.id AS id ORDER BY id LIMIT 40")
    ]


@pytest.mark.parametrize("name", BY_IDS)
def test_a_long_list_of_ids(cases: Engine, name: str) -> None:
    ids = _some(cases)
    assert len(ids) < LONG_LIST
    nobody = [f"firm:nobody-{n}" for n in range(LONG_LIST)]
    few, many = (run(cases, name, ids=some) for some in (ids, [*ids, *nobody, *ids]))
    assert sorted(map(_shown, many)) == sorted(map(_shown, few))


def _shown(row: Row) -> str:
    """A row as text; what it has collected is in no order."""
    return repr({k: sorted(v, key=repr) if isinstance(v, list) else v for k, v in row.items()})


def test_most_of_these_questions_are_about_somebody(cases: Engine) -> None:
    assert sum(bool(run(cases, name, ids=_some(cases))) for name in BY_IDS) >= 10


def test_a_long_list_of_other_things_keeps_its_repetitions(cases: Engine) -> None:
    counted = cases.read("UNWIND $words AS word RETURN count(word) AS n", words=["a"] * LONG_LIST)
    assert counted == [{"n": LONG_LIST}]


def test_nodes_are_looked_up_however_few(cases: Engine) -> None:
    texts, asked = joining(
        library()["nodes"].texts["ladybug"], {"ids": ["firm:a", "person:b", "firm:a"]}
    )
    assert [text.split("\n")[1] for text in texts] == [
        f"MATCH (x:{label})" for label in ("Firm", "Person", "Network", "Alliance")
    ]
    assert asked == {"ids": ["firm:a", "person:b"]}
    assert len(run(cases, "nodes", ids=_some(cases)[:3] * 2)) == 3


@pytest.mark.parametrize(
    "told",
    ["RETURN count(x) AS n", "RETURN x ORDER BY x.id", "RETURN DISTINCT x", "RETURN x LIMIT 1"],
)
def test_what_is_told_of_all_together_is_not_asked_label_by_label(told: str) -> None:
    query = f"MATCH (x:Firm|Person)\nWHERE x.id IN $ids\n{told}"
    assert joining(query, {"ids": ["firm:a"]}) == ([query], {"ids": ["firm:a"]})
