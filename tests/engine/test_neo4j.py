"""What Neo4j alone must do well: the plans of the writer's statements."""

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from alliance_explorer.engine import open_engine
from alliance_explorer.engine.neo4j import _READ_STAMP
from alliance_explorer.graph_schema import SCHEMA, ddl, existing, known_ids, upsert
from alliance_explorer.loaders.writing.writer import BATCH
from tests.neo4j_server import Server

pytestmark = pytest.mark.neo4j


def operators(plan: Any) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize("ties", [0, 1000])
def test_no_statement_of_the_writer_scans(neo4j_server: Server, ties: int) -> None:
    """Not even when Neo4j last counted an empty database, and for lists of every size.

    A scan for each row made a load of 5,106 memberships take 60 s in place of 1.
    """
    server = neo4j_server
    server.wipe()
    auth = server.user, server.password
    with open_engine(server.uri, user=server.user, password=server.password) as engine:
        engine.define(ddl(engine.dialect))
    with neo4j.GraphDatabase.driver(
        server.uri, auth=auth, notifications_min_severity="OFF"
    ) as driver:
        driver.execute_query("CALL db.prepareForReplanning(60)")
        driver.execute_query(
            "CREATE (n:Network {id: 'network:n'}) WITH n UNWIND range(1, $ties) AS i "
            "CREATE (:Firm {id: 'firm:' + i})-[:MEMBER_OF {id: toString(i)}]->(n)",
            ties=ties,
        )
        texts = [f("neo4j", n) for n in SCHEMA.nodes.values() for f in (upsert, existing)]
        texts += [known_ids("neo4j", n) for n in SCHEMA.nodes.values()]
        for type_ in SCHEMA.relationships.values():
            texts += [f("neo4j", type_, ends) for ends in type_.ends for f in (upsert, existing)]
        for rows in (1, BATCH):
            for text in texts:
                plan = driver.execute_query(f"EXPLAIN {text}", rows=[{}] * rows).summary.plan
                scans = [name for name in operators(plan) if name.endswith("Scan")]
                assert not scans, f"{rows} rows: {text}"
    server.wipe()


def test_the_stamp_is_looked_up(neo4j_server: Server) -> None:
    """Every question asks for it. A count beside anything else reads the whole store."""
    server = neo4j_server
    with neo4j.GraphDatabase.driver(
        server.uri, auth=(server.user, server.password), notifications_min_severity="OFF"
    ) as driver:
        plan = driver.execute_query(f"EXPLAIN {_READ_STAMP}").summary.plan
    found = list(operators(plan))
    assert not [name for name in found if name.endswith("Scan")]
    assert "NodeCountFromCountStore" in found
    assert "RelationshipCountFromCountStore" in found


def test_many_rows_in_one_become_a_table(neo4j_server: Server) -> None:
    """What is unknown in the whole of one row has no type there, and that of the others then."""
    parts = (
        "UNWIND [{since: [null, null], also: [null, []]}, "
        "{since: ['2020-02-29'], also: [['x']]}] AS p "
    )
    with open_engine(
        neo4j_server.uri, user=neo4j_server.user, password=neo4j_server.password
    ) as engine:
        table = engine.read_columns(parts + "RETURN p.since AS since, p.also AS also")
        assert table.to_pydict() == {
            "since": [None, None, "2020-02-29"],
            "also": [None, [], ["x"]],
        }
        assert len(engine.read_columns(parts + "WITH p WHERE false RETURN p.since AS since")) == 0
