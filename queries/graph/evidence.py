"""The facts behind a few ties, read as each engine reads them fastest."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from alliance_explorer.engine import Edge, Engine, Row
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.library import run, run_each

# The query for what an actor of a label has to do with a body of a label.
_QUERIES: Mapping[tuple[str, str], str] = {
    ("Firm", "Alliance"): "parties_of_firm",
    ("Firm", "Network"): "members_of_firm",
    ("Person", "Alliance"): "alliances_of_person",
    ("Person", "Network"): "members_of_person",
}


@dataclass(frozen=True, slots=True)
class TakingPart:
    """One fact that puts an actor into a body, with its validity, which may be the body's."""

    actor: str
    body: str
    edge: Edge
    kind: str | None
    since: object
    until: object


def taking_part(engine: Engine, wanted: Mapping[str, Collection[str]]) -> Iterator[TakingPart]:
    """Facts that put actors into alliances and networks, or in charge of alliances.

    Parameters
    ----------
    engine : Engine
    wanted : mapping of str to collection of str
        For each actor's id, ids of bodies.
    """
    label = {body: str(SCHEMA.label_of(body)) for some in wanted.values() for body in some}
    for row in _rows(engine, wanted, label):
        edge, body = row["r"], str(row["body"])
        assert isinstance(edge, Edge)
        p = edge.properties
        over_alliance = label[body] == "Alliance"
        yield TakingPart(
            actor=str(row["actor"]),
            body=body,
            edge=edge,
            kind=str(row["kind"]) if over_alliance and row["kind"] is not None else None,
            since=row["start"] if over_alliance else p.get("since"),
            until=row["end"] if over_alliance else p.get("until"),
        )


def _rows(
    engine: Engine, wanted: Mapping[str, Collection[str]], label: Mapping[str, str]
) -> Iterator[Row]:
    if engine.dialect == "neo4j":  # each query is a journey to the server
        pairs: dict[str, list[list[str]]] = {query: [] for query in _QUERIES.values()}
        for actor, some in sorted(wanted.items()):
            for body in sorted(some):
                query = _QUERIES[str(SCHEMA.label_of(actor)), label[body]]
                pairs[query].append([actor, body])
        if any(pairs.values()):
            yield from run(engine, "taking_part", **pairs)
        return
    # In this process queries are quick that begin at one node, of one label; with lists of ids, or
    # several labels, the embedded engine looks at all nodes: 5 ms rather than 0.2 ms in a graph of
    # 50,000, and more in a larger one.
    asked: dict[str, list[dict[str, object]]] = {}
    for actor, some in sorted(wanted.items()):
        by_label: dict[str, list[str]] = {}
        for body in sorted(some):
            by_label.setdefault(label[body], []).append(body)
        for label_, bodies_ in by_label.items():
            query = _QUERIES[str(SCHEMA.label_of(actor)), label_]
            asked.setdefault(query, []).append({"actor": actor, "bodies": bodies_})
    rows = [row for query, sets in asked.items() for row in run_each(engine, query, sets)]
    # By their keys: else they are read of all alliances of an actor, and then most thrown away.
    alliances = sorted({str(row["body"]) for row in rows if label[str(row["body"])] == "Alliance"})
    held = run_each(engine, "alliance_in_short", [{"id": id_} for id_ in alliances])
    known = {row["body"]: row for row in held}
    for row in rows:
        yield row | known.get(row["body"], {})
