"""What `--json` prints is what the question answers."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import BaseModel

from alliance_explorer import queries
from alliance_explorer.engine import open_engine
from alliance_explorer.loaders import load, report
from alliance_explorer.queries import Explorer, PathOptions, parse_day
from alliance_explorer.queries.bridging.models import BridgesResult
from alliance_explorer.queries.scenarios.candidate import candidate
from alliance_explorer.queries.scenarios.constellation import constellations
from alliance_explorer.queries.scenarios.exposure import exposure
from alliance_explorer.queries.scenarios.partner_search import Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions, what_if
from alliance_explorer.queries.structure.keyness import KeynessOptions, keyness
from alliance_explorer.queries.structure.portfolio_structure import (
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.whole_network import whole_network
from tests.support.console import TINY, answer, ran, tables


def _bridges(x: Explorer) -> BridgesResult:
    options = PathOptions(
        kinds=("alliance", "ownership"),
        max_steps=4,
        as_of=parse_day("2012-12-31", "as_of"),
        known_at=parse_day("2100-01-01", "known_at"),
        avoid=("Huawei", "ZTE"),
        limit=3,
        half_life=2.5,
        weights={"alliance": 0.5},
        ended=True,
        min_confidence=0.1,
    )
    return queries.bridges(x, "Xelerated", "MTN Group", options)


@pytest.mark.parametrize(
    ("arguments", "ask"),
    [
        (("search", "eri", "--limit", "5"), lambda x: queries.search(x, "eri", limit=5)),
        (
            ("search", "a", "--label", "Alliance"),
            lambda x: queries.search(x, "a", labels=["Alliance"]),
        ),
        (("firm", "Xelerated"), lambda x: queries.profile(x, "Xelerated")),
        (
            ("firm", "Xelerated", "--as-of", "2005-01-01"),
            lambda x: queries.profile(x, "Xelerated", as_of=parse_day("2005-01-01", "")),
        ),
        (("portfolio", "Xelerated"), lambda x: queries.portfolio(x, "Xelerated")),
        (
            ("paths", "Xelerated", "MTN Group"),
            lambda x: queries.paths(x, "Xelerated", "MTN Group", PathOptions()),
        ),
        (
            (
                *(
                    "paths",
                    "Xelerated",
                    "--actor-type",
                    "operator",
                    "--with",
                    "Ericsson",
                    "--max-steps",
                ),
                *(
                    "2",
                    "--via",
                    "Digitata",
                    "--avoid-competitors-of",
                    "target",
                    "--max-shared",
                    "9",
                ),
            ),
            lambda x: queries.paths(
                x,
                ["Xelerated", "Ericsson"],
                queries.Description(actor_type="operator"),
                PathOptions(
                    max_steps=2, via=("Digitata",), avoid_competitors_of=("target",), max_shared=9
                ),
            ),
        ),
        (
            ("bridge-matrix", "Xelerated", "MTN Group", "Globacom", "--limit", "3"),
            lambda x: queries.bridge_matrix(
                x, "Xelerated", ["MTN Group", "Globacom"], PathOptions(limit=3)
            ),
        ),
        (
            (
                *("bridges", "Xelerated", "MTN Group", "--kind", "alliance", "--kind", "ownership"),
                *("--max-steps", "4", "--as-of", "2012-12-31", "--known-at", "2100-01-01"),
                *("--avoid", "Huawei", "--avoid", "ZTE", "--limit", "3", "--half-life", "2.5"),
                *("--weight", "alliance:0.5", "--ended", "--min-confidence", "0.1"),
            ),
            _bridges,
        ),
        (
            (
                *("proximity", "Xelerated", "Ericsson", "--as-of", "2012-12-31"),
                *("--known-at", "2100-01-01", "--min-confidence", "0.1"),
                *("--threshold", "social_far:0.6", "--threshold", "far_km:100"),
            ),
            lambda x: queries.proximity(
                x,
                "Xelerated",
                "Ericsson",
                queries.ProximityOptions(
                    as_of=parse_day("2012-12-31", ""),
                    known_at=parse_day("2100-01-01", ""),
                    min_confidence=0.1,
                    thresholds=queries.Thresholds(social_far=0.6, far_km=100),
                ),
            ),
        ),
        (
            ("proximity-matrix", "Xelerated", "--limit", "3", "--sort", "name"),
            lambda x: queries.proximity_matrix(x, "Xelerated", limit=3, sort="name"),
        ),
        (
            ("proximity-matrix", "Xelerated", "Huawei", "ZTE"),
            lambda x: queries.proximity_matrix(x, "Xelerated", ["Huawei", "ZTE"]),
        ),
        (
            (
                *("feasibility", "Chicago firm 13", "--service", "telecom and UX"),
                *("--reach", "international", "--as-of", "2026-01-01", "--known-at", "2100-01-01"),
            ),
            lambda x: queries.feasibility(
                x,
                "Chicago firm 13",
                service="telecom and UX",
                reach="international",
                as_of=parse_day("2026-01-01", ""),
                known_at=parse_day("2100-01-01", ""),
            ),
        ),
        (
            ("feasibility", "Chicago firm 13", "--limit", "2"),
            lambda x: queries.feasibility_of_alliances(x, "Chicago firm 13", limit=2),
        ),
        (("services",), lambda x: queries.services()),
        (("view", "Xelerated", "--limit", "5"), lambda x: queries.ego(x, "Xelerated", limit=5)),
        (
            (
                *("what-if", "Xelerated", "--acquired", "DUNE Networks", "--by", "Broadcom"),
                *("--allies", "Seamless", "--as-of", "2008-12-31", "--max-steps", "2"),
            ),
            lambda x: what_if(
                x,
                "Xelerated",
                Suppositions(acquired="DUNE Networks", by="Broadcom", allies=("Seamless",)),
                as_of=parse_day("2008-12-31", ""),
                max_steps=2,
            ),
        ),
        (
            ("exposure", "Xelerated", "--known-at", "2100-01-01", "--weight", "size:3"),
            lambda x: exposure(
                x, "Xelerated", known_at=parse_day("2100-01-01", ""), weights={"size": 3.0}
            ),
        ),
        (("candidate", "Startup1", "BSM"), lambda x: candidate(x, "Startup1", "BSM")),
        (
            ("partners", "Xelerated", "--size", "small", "--limit", "3", "--partners-too"),
            lambda x: partner_search(
                x, "Xelerated", Criteria(size=("small",)), limit=3, partners_too=True
            ),
        ),
        (
            ("constellation", "Xelerated", "--capability", "payments", "--slack", "1"),
            lambda x: constellations(x, "Xelerated", ["payments"], slack=1),
        ),
        (("stats",), queries.stats),
        (
            (
                *("structure", "Digitata", "--by", "community", "--order", "count"),
                *("--strong", "0.5", "--kind", "alliance", "--as-of", "2011-12-31"),
                *("--largest-shared", "10", "--limit", "2"),
            ),
            lambda x: structure(
                x,
                "Digitata",
                PathOptions(kinds=("alliance",), as_of=parse_day("2011-12-31", "")),
                StructureOptions("community", "count", 0.5, 10, 2),
            ),
        ),
        (
            ("structure", "Xelerated", "--with", "Seamless", "--and-as-of", "2005-06-30"),
            lambda x: compare_structures(
                x,
                ("Xelerated", PathOptions()),
                ("Seamless", PathOptions(as_of=parse_day("2005-06-30", ""))),
            ),
        ),
        (
            ("keyness", "Xelerated", "--missing", "0.2", "--draws", "20", "--seed", "7"),
            lambda x: keyness(x, "Xelerated", None, KeynessOptions(0.2, 20, 7)),
        ),
        (
            ("whole-network", "--no-ended", "--limit", "5"),
            lambda x: whole_network(x, PathOptions(ended=False), limit=5),
        ),
        (
            ("whole-network", "--no-betweenness"),
            lambda x: whole_network(x, betweenness=False),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_json_is_what_the_question_answers(
    db: str, arguments: Sequence[str], ask: Callable[[Explorer], BaseModel]
) -> None:
    told = ran("--db", db, *arguments, "--json")
    assert told == answer(db, ask)
    json.loads(told)


def test_json_of_a_load(tmp_path: Path) -> None:
    data = tables(tmp_path / "data", TINY)
    told = ran("--db", f"ladybug://{tmp_path}/x.lbug", "load", data, "--json")
    with open_engine(f"ladybug://{tmp_path}/y.lbug") as engine:
        summary = load(engine, [data], max_download=1, download_timeout=1)
    assert told == report(summary).model_dump_json(by_alias=True) + "\n"
