"""Path search held against trying every chain, and the engines against each other."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import SCHEMA, ddl
from alliance_explorer.queries import (
    KINDS,
    Explorer,
    PathOptions,
    bridges,
    ego,
    paths,
    portfolio,
    profile,
    search,
    stats,
)
from tests.neo4j_server import Server
from tests.support.reference import every_path, recomputed, reference_graph
from tests.support.tiny import TODAY, Row, Rows, write_quickly

GRAPHS = 20  # a batch of graphs that have nothing to do with each other is loaded as one
ACTORS = 16

# Hypothesis chooses seeds: 10 batches of 20 graphs.
seeds = st.lists(st.integers(0, 2**32), min_size=GRAPHS, max_size=GRAPHS, unique=True)


def _day(rng: Random) -> str:
    return (dt.date(2000, 1, 1) + dt.timedelta(rng.randrange(365 * 30))).isoformat()


def _interval(rng: Random) -> dict[str, str]:
    since, until = sorted((_day(rng), _day(rng)))
    known: dict[str, str] = {}
    if rng.random() < 0.6:
        known["since"] = since
    if rng.random() < 0.6 and since < until:
        known["until"] = until
    return known


def random_graph(rng: Random, name: str, most: int = ACTORS) -> Rows:
    """Firms, people, alliances, networks and direct ties; dated, of several sources."""
    actors = rng.randrange(2, most + 1)
    people = [f"person:{name}-{n}" for n in range(rng.randrange(0, max(1, actors // 3)))]
    firms = [f"firm:{name}-{n}" for n in range(max(2, actors - len(people)))]
    rows: dict[str, list[Row]] = {
        "Firm": [{"id": f, "name": f} for f in firms],
        "Person": [{"id": p, "name": p} for p in people],
        "Alliance": [],
        "PARTY_TO": [],
        "Network": [],
        "MEMBER_OF": [],
        "OWNS": [],
        "WORKS_FOR": [],
        "KNOWS": [],
        "COMPETES_WITH": [],
    }
    for n in range(rng.randrange(0, 2 * actors)):
        body, dates = f"alliance:{name}-{n}", _interval(rng)
        valid = {"start": dates.get("since"), "end": dates.get("until")}
        rows["Alliance"].append({"id": body, "name": body, **valid})
        for f in rng.sample(firms, min(len(firms), rng.choice((1, 2, 2, 2, 3, 4)))):
            confidence = rng.choice((0.3, 0.9, 1.0))
            rows["PARTY_TO"].append({"from": f, "to": body, "confidence": confidence})
    for n in range(rng.randrange(0, 4)):
        body = f"network:{name}-{n}"
        rows["Network"].append({"id": body, "name": body})
        members = rng.sample(firms + people, rng.randrange(0, len(firms + people)))
        for member in members:
            for source in rng.sample("ab", rng.choice((1, 1, 2))):
                recorded = {"recorded_at": _day(rng)} if rng.random() < 0.5 else {}
                fact = {"from": member, "to": body, "source": f"source:{source}"}
                rows["MEMBER_OF"].append({**fact, **_interval(rng), **recorded})
    for type_, ones, others in (
        ("OWNS", firms, firms),
        ("COMPETES_WITH", firms, firms),
        ("WORKS_FOR", people, firms),
        ("KNOWS", people, people),
    ):
        pairs = {(rng.choice(ones), rng.choice(others)) for _ in range(4)} if ones else set()
        for one, other in sorted(pairs):
            backwards = (other, one) in pairs and other < one
            if one != other and not (backwards and SCHEMA.relationships[type_].symmetric):
                known: dict[str, object] = {"since": _day(rng)} if rng.random() < 0.5 else {}
                if type_ == "KNOWS":
                    known["strength"] = rng.choice((0.0, 0.25, 1.0))
                rows[type_].append({"from": one, "to": other, **known})
    return rows


def random_question(rng: Random, rows: Rows) -> tuple[str, str, PathOptions]:
    actors = [str(r["id"]) for label in ("Firm", "Person") for r in rows[label]]
    focal, target, *others = rng.sample(actors, len(actors))
    others += [str(r["id"]) for r in rows["Network"]]
    day = dt.date.fromisoformat(_day(rng))
    return (
        focal,
        target,
        PathOptions(
            kinds=tuple(rng.sample(KINDS, rng.randrange(4, len(KINDS) + 1))),
            max_steps=rng.randrange(1, 6),
            as_of=rng.choice((None, day)),
            known_at=rng.choice((None, None, dt.date(2020, 1, 1))),
            ended=rng.choice((None, True, False)),
            avoid=tuple(rng.sample(others, min(len(others), rng.choice((0, 0, 1, 2))))),
            limit=rng.randrange(1, 13),
            half_life=rng.choice((1.0, 5.0)),
            min_confidence=rng.choice((0.0, 0.5)),
        ),
    )


def _refilled(engine: Engine, graphs: Sequence[Rows]) -> Explorer:
    engine.write("MATCH (n) DETACH DELETE n")
    rows: dict[str, list[Row]] = {"Source": [{"id": f"source:{s}", "title": s} for s in "ab"]}
    for graph in graphs:
        for type_, some in graph.items():
            rows.setdefault(type_, []).extend(some)
    write_quickly(engine, rows)
    return Explorer(engine, TODAY)


def _check_paths(answer: dict[str, Any], expected: "nx.Graph[str]", asked: PathOptions) -> None:
    focal, target = answer["focal"]["id"], answer["target"]["id"]
    best = sorted(every_path(expected, focal, target, asked.max_steps), reverse=True)
    told = answer["paths"]
    strengths = [p["strength"] for p in told]
    assert strengths == pytest.approx([s for s, _ in best[: asked.limit]], rel=1e-9)
    by_chain = {chain: s for s, chain in best}
    chains = [tuple(a["id"] for a in p["actors"]) for p in told]
    assert len(set(chains)) == len(chains)
    for path, chain in zip(told, chains, strict=True):
        assert path["strength"] == pytest.approx(by_chain[chain], rel=1e-9)
        assert path["strength"] == pytest.approx(recomputed(path), abs=1e-9)
    try:
        shortest: int | None = nx.shortest_path_length(expected, focal, target)
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        shortest = None
    if shortest is not None and shortest > asked.max_steps:
        shortest = None
    assert answer["searched"]["shortest"] == shortest


def _check_bridges(answer: dict[str, Any], expected: "nx.Graph[str]", asked: PathOptions) -> None:
    focal, target = answer["focal"]["id"], answer["target"]["id"]
    best: dict[str, float] = {}
    for strength, chain in every_path(expected, focal, target, asked.max_steps):
        if len(chain) > 2:
            best[chain[1]] = max(strength, best.get(chain[1], 0.0))
    told = answer["bridges"]
    ranked = sorted(best.values(), reverse=True)[: asked.limit]
    assert [b["strength"] for b in told] == pytest.approx(ranked, rel=1e-9)
    for bridge in told:
        assert bridge["strength"] == pytest.approx(best[bridge["actor"]["id"]], rel=1e-9)
    direct = answer["direct"]
    tied = expected.has_edge(focal, target)
    assert (direct is not None) == tied


RANDOM = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # Smaller seeds are not simpler graphs: there is nothing to shrink.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("random") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


@pytest.fixture(scope="module")
def server(neo4j_server: Server) -> Iterator[Engine]:
    s = neo4j_server
    with open_engine(s.uri, user=s.user, password=s.password) as engine:
        engine.define(ddl(engine.dialect))
        yield engine


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_as_trying_every_chain(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        rng = Random(seed)
        for _ in range(3):
            focal, target, asked = random_question(rng, rows)
            expected = reference_graph(rows, asked, TODAY)
            _check_paths(_json(paths(x, focal, target, asked)), expected, asked)
            _check_bridges(_json(bridges(x, focal, target, asked)), expected, asked)


@pytest.mark.ladybug
@pytest.mark.neo4j
@RANDOM
@given(seeds)
def test_ladybug_and_neo4j_answer_alike(
    embedded: Engine, server: Engine, chosen: list[int]
) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    both = [_refilled(engine, list(graphs.values())) for engine in (embedded, server)]
    assert _json(stats(both[0])) | {"engine": ""} == _json(stats(both[1])) | {"engine": ""}
    for seed, rows in graphs.items():
        focal, target, asked = random_question(Random(seed), rows)
        firm, day = str(next(iter(rows["Firm"]))["id"]), asked.as_of
        one, other = (
            [
                paths(x, focal, target, asked),
                bridges(x, focal, target, asked),
                profile(x, focal, as_of=day, known_at=asked.known_at),
                ego(x, focal, as_of=day, limit=6),
                portfolio(x, firm, as_of=day, known_at=asked.known_at),
                search(x, firm),
            ]
            for x in both
        )
        assert [_json(a) for a in one] == [_json(a) for a in other]


def _json(answer: BaseModel) -> dict[str, Any]:
    loaded = json.loads(answer.model_dump_json(by_alias=True))
    assert isinstance(loaded, dict)
    return loaded
