"""Where Neo4j begins: with an index, or by looking at everything."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import neo4j

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import SCHEMA, existing, known_ids, upsert
from alliance_explorer.loaders.writing.writer import BATCH
from alliance_explorer.queries.library import CypherQuery, library

from .data import Missing, load_examples, load_landscapes, write_synthetic
from .document import circumstances, table
from .measure import Budget
from .stage import Stage, driver, version

IDS = ("id", "ids", "actors", "bodies")
FIRST_TIES = 1_000
SYNTHETIC_TIES = 10_000
PARAMETERS: Mapping[str, Any] = {
    "id": "firm:google",
    "ids": ["firm:google", "firm:f1", "firm:f2", "alliance:a1", "event:e1"],
    "actors": ["firm:google", "firm:f1", "firm:f2"],
    "bodies": ["network:cloud-native-computing-foundation", "alliance:a1"],
    "limit": 20,
}
HINT = (
    "A scan here reads every relationship of the type for each row: n x m for n rows into m. "
    "Which plan Neo4j chooses depends on when it counted its indexes last: a matter of luck."
)


def plans_part(stage: Stage, budget: Budget) -> str:
    """Look at the plan of every statement; what should not scan, and does, is an offender."""
    server = stage.neo4j("nothing")
    where = circumstances(version(server))
    with driver(server) as bare:
        # A load into a database that was empty when Neo4j last counted its indexes.
        bare.execute_query("CALL db.prepareForReplanning(60)")
        stage.forget()
        with stage.open(server) as engine:
            write_synthetic(engine, FIRST_TIES)
        bare.execute_query("CALL db.clearQueryCaches()")
        # As many rows as a batch has: Neo4j plans by the order of magnitude of a list.
        writing = [
            (name, _leaves(bare, "EXPLAIN", text, rows=[{}] * BATCH)[0]) for name, text in _writer()
        ]
    bad_writing = [(name, scans) for name, leaves in writing if (scans := _scans(leaves))]
    server = stage.neo4j("everything", _fill)
    rows, offenders = [], []
    with driver(server) as bare:
        for query in library().values():
            given = {p: PARAMETERS[p] for p in query.params}
            leaves, hits = _leaves(bare, "PROFILE", query.texts["neo4j"], **given)
            wrong = bool(_by_id(query) and _scans(leaves))
            if wrong:
                offenders.append(query.name)
            rows.append(
                [
                    query.name,
                    ", ".join(query.params) or "–",
                    ", ".join(dict.fromkeys(leaf.partition(" ")[0] for leaf in leaves)),
                    f"{hits:,}",
                    "**scans**" if wrong else "yes" if _by_id(query) else "all is asked for",
                ]
            )
    text = [
        "## Plans on Neo4j",
        where,
        f"Statements of the writer, planned amid a first load, {FIRST_TIES:,} ties after Neo4j "
        f"counted its empty indexes: {len(writing)}, of which {len(bad_writing)} scan.",
    ]
    if bad_writing:
        text += [
            table(["statement", "scans"], [[n, ", ".join(s)] for n, s in bad_writing]),
            HINT,
        ]
    head = ["query", "parameters", "begins with", "db hits", "from an index?"]
    text += [
        "The questions of `queries/cypher`, on the landscapes, the bundled cases and a made-up "
        f"graph of {SYNTHETIC_TIES:,} ties together; `PROFILE`, with a few ids that exist. "
        + (f"Offenders: {', '.join(offenders)}." if offenders else "No offenders."),
        table(head, rows),
    ]
    return "\n\n".join(text)


def _fill(engine: Engine) -> None:
    with suppress(Missing):
        load_landscapes(engine)
    load_examples(engine)
    write_synthetic(engine, SYNTHETIC_TIES)


def _writer() -> Iterator[tuple[str, str]]:
    """Every statement that a load may run."""
    for node in SCHEMA.nodes.values():
        yield f"write {node.label}", upsert("neo4j", node)
        yield f"check {node.label}", existing("neo4j", node)
        yield f"find {node.label}", known_ids("neo4j", node)
    for type_ in SCHEMA.relationships.values():
        for ends in type_.ends:
            name = f"{ends[0]} {type_.type} {ends[1]}"
            yield f"write {name}", upsert("neo4j", type_, ends)
            yield f"check {name}", existing("neo4j", type_, ends)


def _by_id(query: CypherQuery) -> bool:
    return any(p in IDS for p in query.params)


def _leaves(bare: neo4j.Driver, how: str, text: str, **parameters: object) -> tuple[list[str], int]:
    """The operators where a plan begins, with what they say, and its database hits."""
    summary = bare.execute_query(f"{how} {text}", parameters).summary
    plan: Any = summary.profile or summary.plan
    operators = list(_operators(plan))
    hits = sum(o["args"].get("DbHits", 0) for o in operators)
    leaves = [o for o in operators if not o.get("children")]
    return [
        f"{o['operatorType'].partition('@')[0]} {o['args'].get('Details', '')}" for o in leaves
    ], hits


def _operators(plan: Any) -> Iterator[Any]:
    yield plan
    for child in plan.get("children", ()):
        yield from _operators(child)


def _scans(leaves: list[str]) -> list[str]:
    return [name for leaf in leaves if (name := leaf.partition(" ")[0]).endswith("Scan")]
