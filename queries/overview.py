"""What is loaded: counts, sources, and whether it is sound."""

import datetime as dt
from typing import Final

import numpy as np

from alliance_explorer.engine import Node
from alliance_explorer.graph_schema import SCHEMA

from .explorer import Explorer
from .graph.ties import date_of_day
from .library import run
from .models import Busy, Ref, Stats

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
