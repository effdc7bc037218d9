"""What is loaded: counts, sources, and the graph as a whole for export."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import networkx as nx
import numpy as np

from alliance_explorer.engine import Edge, Node
from alliance_explorer.graph_schema import SCHEMA

from .ego import ego as neighbourhood
from .explorer import Explorer
from .facts import plain
from .graph.ties import date_of_day
from .library import run
from .models import Busy, Entity, Export, Fact, Ref, Stats, Subgraph
from .profile import entity

MAX_EGO: Final = 500
BUSIEST: Final = 6


def stats(explorer: Explorer) -> Stats:
    """Nodes by label, relationships by type, sources, and the largest networks."""
    engine = explorer.engine
    # Labels and types come from the schema; there is nothing to pass as a parameter.
    nodes = {n: _count(explorer, f"MATCH (x:{n}) RETURN count(x) AS n") for n in SCHEMA.nodes}
    relationships = {
        r: _count(explorer, f"MATCH ()-[x:{r}]->() RETURN count(x) AS n")
        for r in SCHEMA.relationships
    }
    largest = [
        (Ref(id=str(r["id"]), label="Network", name=str(r["name"])), _int(r["members"]))
        for r in run(engine, "largest_networks", limit=10)
    ]
    return Stats(
        engine=engine.dialect,
        nodes=nodes,
        relationships=relationships,
        sources=explorer.all_sources(),
        retrieved=_retrieved(explorer),
        recorded=_recorded(explorer),
        largest_networks=largest,
        busiest=_busiest(explorer),
    )


def _retrieved(explorer: Explorer) -> dict[str, dt.date]:
    found = {}
    for row in run(explorer.engine, "sources"):
        node = row["x"]
        assert isinstance(node, Node)
        day = node.properties.get("retrieved")
        if isinstance(day, dt.date):
            found[node.id] = day
    return dict(sorted(found.items()))


def _recorded(explorer: Explorer) -> dt.date | None:
    days = explorer.projection().shared.recorded
    return date_of_day(int(days.max())) if len(days) else None


def _busiest(explorer: Explorer) -> list[Busy]:
    """From the projection: O(ties), and no query."""
    projection = explorer.projection()
    shared, names = projection.shared, projection.names
    size = len(projection.actors)
    allied = np.array([names[b].label == "Alliance" for b in projection.bodies], dtype=bool)
    pairs = np.unique(np.stack([shared.actor, shared.body]), axis=1)
    in_alliance = allied[pairs[1]] if len(allied) else np.empty(0, dtype=bool)
    alliances = np.bincount(pairs[0][in_alliance], minlength=size)
    networks = np.bincount(pairs[0][~in_alliance], minlength=size)
    is_firm = np.array([names[a].label == "Firm" for a in projection.actors], dtype=bool)
    found = []
    for i in np.lexsort((-networks, -alliances, ~is_firm))[:BUSIEST]:
        if is_firm[i] and alliances[i] + networks[i]:
            ref = projection.ref(projection.actors[i])
            found.append(Busy(actor=ref, alliances=int(alliances[i]), networks=int(networks[i])))
    return found


def _count(explorer: Explorer, query: str) -> int:
    return _int(explorer.engine.read(query)[0]["n"])


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def entities(explorer: Explorer, *, people: bool = False) -> Iterator[Entity]:
    """Every node in the order of label and id; people only when asked for."""
    for label in SCHEMA.nodes:
        if label != "Person" or people:
            rows = explorer.engine.read(f"MATCH (x:{label}) RETURN x ORDER BY x.id")
            for row in rows:
                node = row["x"]
                assert isinstance(node, Node)
                if people or not _personal(node):
                    yield entity(node)


def _personal(node: Node) -> bool:
    """Whether a node says something of a person, though it is none."""
    ends = node.properties.get("ends")
    about = [node.properties.get("about"), *(ends if isinstance(ends, list) else ())]
    return any(str(id_).startswith("person:") for id_ in about)


def facts(explorer: Explorer, *, people: bool = False) -> Iterator[Fact]:
    """Every relationship in the order of type and ends; those of people only when asked for."""
    for type_ in SCHEMA.relationships.values():
        for a, b in type_.ends:
            if "Person" in (a, b) and not people:
                continue
            rows = explorer.engine.read(
                f"MATCH (a:{a})-[x:{type_.type}]->(b:{b}) "
                "RETURN a.id AS from_id, x, b.id AS to_id ORDER BY a.id, b.id, x.id"
            )
            for row in rows:
                edge = row["x"]
                assert isinstance(edge, Edge)
                yield Fact(
                    type=edge.type,
                    from_id=str(row["from_id"]),
                    to_id=str(row["to_id"]),
                    properties=plain(edge.properties),
                )


def to_networkx(explorer: Explorer, *, people: bool = False) -> "nx.MultiDiGraph[Any]":
    """The whole graph for networkx: node ids are ours, attributes as stored."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for e in entities(explorer, people=people):
        graph.add_node(e.id, label=e.label, **{k: v for k, v in e.properties.items() if k != "id"})
    for f in facts(explorer, people=people):
        graph.add_edges_from([(f.from_id, f.to_id, {"type": f.type, **f.properties})])
    return graph


def subgraph_to_networkx(subgraph: Subgraph) -> "nx.MultiDiGraph[Any]":
    """A picture for networkx."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for n in subgraph.nodes:
        graph.add_node(
            n.id,
            label=n.label,
            name=n.name,
            role=n.role,
            ring=n.ring,
            **{k: v for k, v in n.properties.items() if k not in ("id", "name")},
        )
    for e in subgraph.edges:
        rest = {k: v for k, v in e.properties.items() if k not in ("inferred", "type")}
        data = {"type": e.type, "inferred": e.inferred, **rest}
        graph.add_edges_from([(e.from_id, e.to_id, data)])
    return graph


def exported(
    explorer: Explorer,
    format: str,
    *,
    ego: str | None = None,
    as_of: dt.date | None = None,
    people: bool = False,
) -> str:
    """The graph, or the neighbourhood of an actor, as text.

    Parameters
    ----------
    explorer : Explorer
    format : {'json', 'graphml'}
    ego : str, optional
        Id or name: only its neighbourhood.
    as_of : datetime.date, optional
        For a neighbourhood.
    people : bool
        Personal data too.
    """
    if ego is not None:
        picture = neighbourhood(explorer, ego, as_of=as_of, limit=MAX_EGO)
        if not people:
            picture = _without_people(picture)
        if format == "json":
            return picture.model_dump_json()
        return graphml(subgraph_to_networkx(picture))
    if format == "graphml":
        return graphml(to_networkx(explorer, people=people))
    return whole(explorer, people=people).model_dump_json()


def whole(explorer: Explorer, *, people: bool = False) -> Export:
    """The whole graph as data."""
    return Export(
        nodes=list(entities(explorer, people=people)),
        relationships=list(facts(explorer, people=people)),
    )


def _without_people(picture: Subgraph) -> Subgraph:
    kept = [n for n in picture.nodes if n.label != "Person"]
    ids = {n.id for n in kept}
    edges = [e for e in picture.edges if e.from_id in ids and e.to_id in ids]
    return picture.model_copy(update={"nodes": kept, "edges": edges})


def check(explorer: Explorer) -> list[str]:
    """What is wrong with the graph, for `doctor`; an empty list when nothing is."""
    found = []
    for name in sorted(set(SCHEMA.nodes) - {"Source"}):
        rows = explorer.engine.read(
            f"MATCH (x:{name}) WHERE x.source IS NOT NULL "
            "AND NOT EXISTS { MATCH (s:Source) WHERE s.id = x.source } RETURN count(x) AS n"
        )
        if n := _int(rows[0]["n"]):
            found.append(f"{n:,} {name} nodes name a source that does not exist")
    alone = explorer.engine.read(
        "MATCH (a:Alliance) WHERE NOT EXISTS { MATCH (a)<-[:PARTY_TO]-(f:Firm) } "
        "RETURN count(a) AS n"
    )
    if n := _int(alone[0]["n"]):
        found.append(f"{n:,} alliances have no party")
    return found


def graphml(graph: "nx.MultiDiGraph[Any]") -> str:
    """GraphML; lists become text with `;`, dates ISO text; what XML cannot hold is left out."""
    flat: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        flat.add_node(_xml(node), **{k: _flat(v) for k, v in data.items()})
    for a, b, key, data in graph.edges(keys=True, data=True):
        flat.add_edge(
            _xml(a), _xml(b), key=key, **{k: _flat(v) for k, v in data.items() if k != "id"}
        )
    return "\n".join(nx.generate_graphml(flat))


def _flat(value: object) -> str | int | float | bool:
    if isinstance(value, list):
        return _xml(";".join(map(str, value)))
    return value if isinstance(value, bool | int | float) else _xml(str(value))


def _xml(text: str) -> str:
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
