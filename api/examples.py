"""Example answers of the API: made of the bundled cases by the questions themselves.

`make docs` writes them; a test makes them again and compares.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from alliance_explorer import matching, queries
from alliance_explorer.engine import open_engine
from alliance_explorer.loaders import load
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.bridging.failure import weak_points
from alliance_explorer.queries.bridging.openings import openings
from alliance_explorer.queries.bridging.reach import reach
from alliance_explorer.queries.own_query import own_query
from alliance_explorer.queries.pictures import subgraph
from alliance_explorer.queries.provenance import explain
from alliance_explorer.queries.scenarios.candidate import candidate
from alliance_explorer.queries.scenarios.constellation import constellations
from alliance_explorer.queries.scenarios.exposure import exposure
from alliance_explorer.queries.scenarios.partner_search import Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions, what_if
from alliance_explorer.queries.side_by_side import side_by_side
from alliance_explorer.queries.structure.keyness import KeynessOptions, keyness
from alliance_explorer.queries.structure.network_map import network_map
from alliance_explorer.queries.structure.portfolio_structure import StructureOptions, structure
from alliance_explorer.queries.structure.whole_network import whole_network
from alliance_explorer.queries.surroundings import surroundings

TODAY: Final = dt.date(2026, 11, 22)
LAST_OF_2011: Final = PathOptions(as_of=dt.date(2011, 12, 31), limit=1)
LAST_OF_2010: Final = PathOptions(as_of=dt.date(2010, 12, 31), limit=1)
MADE_BY: Final[Mapping[str, Callable[[Explorer], BaseModel]]] = {
    "search": lambda x: queries.search(x, "xelerted", limit=3),
    "bridges": lambda x: queries.bridges(x, "Xelerated", "MTN Group", LAST_OF_2011),
    "matrix": lambda x: queries.bridge_matrix(
        x, "Xelerated", ["MTN Group", "Globacom"], PathOptions(as_of=dt.date(2012, 12, 31), limit=3)
    ),
    "paths": lambda x: queries.paths(x, "Xelerated", "MTN Group", LAST_OF_2011),
    "explanation": lambda x: explain(x, "Xelerated"),
    "profile": lambda x: queries.profile(x, "Western Union"),
    "ego": lambda x: queries.ego(x, "Western Union"),
    "portfolio": lambda x: queries.portfolio(x, "Digitata", as_of=dt.date(2008, 12, 31)),
    "proximity": lambda x: queries.proximity(x, "firm:chicago-9", "firm:chicago-5"),
    "proximity_matrix": lambda x: queries.proximity_matrix(x, "Digitata", limit=3),
    "feasibility": lambda x: queries.feasibility(
        x, "Chicago firm 13", service="security", reach="domestic"
    ),
    "feasibility_of_alliances": lambda x: queries.feasibility_of_alliances(x, "Chicago firm 19"),
    "services": lambda x: queries.services(),
    "reach": lambda x: reach(x, "Xelerated", LAST_OF_2011),
    "weak_points": lambda x: weak_points(x, "Xelerated", LAST_OF_2011, target="MTN Group"),
    "openings": lambda x: openings(x, "Xelerated", "MTN Group", LAST_OF_2010),
    "composition": lambda x: queries.composition(x, "Digitata", as_of=dt.date(2008, 12, 31)),
    "dependence": lambda x: queries.dependence(x, "Startup2"),
    "coopetition": lambda x: queries.coopetition(x, "Xelerated", as_of=dt.date(2009, 12, 31)),
    "timeline": lambda x: queries.timeline(x, "Digitata", as_of=dt.date(2007, 12, 31)),
    "lifecycle": lambda x: queries.lifecycle(x, "Startup1"),
    "comparison": lambda x: queries.compare(
        x, "Seamless", dt.date(2007, 12, 31), dt.date(2011, 12, 31)
    ),
    "around": lambda x: surroundings(x, "Ericsson", limit=2),
    "subgraph": lambda x: subgraph(
        x, ["Xelerated", "Ericsson", "Huawei"], as_of=dt.date(2011, 12, 31)
    ),
    "groups": lambda x: network_map(x, LAST_OF_2011, by="actor_type", limit=3, firms=2),
    "beside": lambda x: side_by_side(x, "Seamless", "Digitata", as_of=dt.date(2011, 12, 31)),
    "own_query": lambda x: own_query(
        x, "MATCH (f:Firm) RETURN f.name AS name ORDER BY name LIMIT 3"
    ).model_copy(update={"seconds": 0.002}),
    "stats": queries.stats,
    "matches": lambda x: matching.match(x.engine, limit=2),
    "structure": lambda x: structure(x, "Digitata", LAST_OF_2011, StructureOptions(limit=3)),
    "keyness": lambda x: keyness(x, "Digitata", LAST_OF_2011, KeynessOptions(limit=3)),
    "network": lambda x: whole_network(x, LAST_OF_2011, limit=5),
    "what_if": lambda x: what_if(
        x, "Xelerated", Suppositions(leaves=("Ericsson",)), as_of=dt.date(2011, 12, 31), max_steps=2
    ),
    "exposure": lambda x: exposure(x, "Xelerated", as_of=dt.date(2009, 12, 31), limit=2),
    "candidate": lambda x: candidate(x, "Xelerated", "Seamless", as_of=dt.date(2011, 12, 31)),
    "partners": lambda x: partner_search(
        x,
        "Xelerated",
        Criteria(capability=("mobile operator",)),
        as_of=dt.date(2011, 12, 31),
        limit=2,
    ),
    "constellations": lambda x: constellations(
        x,
        "Xelerated",
        ["telecom equipment", "mobile operator"],
        as_of=dt.date(2011, 12, 31),
        limit=2,
    ),
}


@cache
def example(name: str) -> Any:
    """The stored example answer of a question."""
    folder = resources.files(__package__) / "examples"
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


def answering(name: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entry: the example of a successful answer."""
    return {200: {"content": {"application/json": {"example": example(name)}}}}


def made() -> dict[str, str]:
    """All examples anew, as JSON text, from an embedded database of their own."""
    bundled = Path(str(resources.files("alliance_explorer.examples")))
    cases = sorted(str(p.parent) for p in bundled.glob("*/Source.csv"))
    with (
        tempfile.TemporaryDirectory() as folder,
        open_engine(f"ladybug://{folder}/examples.lbug") as engine,
    ):
        load(engine, cases, max_download=0, download_timeout=0, today=TODAY)
        x = Explorer(engine, TODAY)
        return {
            name: make(x).model_dump_json(by_alias=True, indent=1) + "\n"
            for name, make in MADE_BY.items()
        }


def write(target: Path) -> None:
    """Write all examples into a folder."""
    for name, text in made().items():
        (target / f"{name}.json").write_text(text, "utf-8")
