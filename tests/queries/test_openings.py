"""What would open a way: held against really adding every tie, and asking again."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import PathOptions
from alliance_explorer.queries.openings import openings
from tests.queries.test_random_graphs import (
    RANDOM,
    _json,
    _refilled,
    random_graph,
    random_question,
    seeds,
)
from tests.support.reference import every_path, recomputed, reference_graph
from tests.support.tiny import TODAY, Rows


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("openings") / "random.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def _best(rows: Rows, focal: str, target: str, asked: PathOptions) -> float:
    graph = reference_graph(rows, asked, TODAY)
    ways = every_path(graph, focal, target, asked.max_steps)
    return max((s for s, _ in ways), default=0.0)


def _with(rows: Rows, more: Rows) -> Rows:
    return {t: [*rows.get(t, ()), *more.get(t, ())] for t in {*rows, *more}}


def _member(who: str, network: str, asked: PathOptions) -> Rows:
    since = asked.reference(TODAY).isoformat()
    recorded = (asked.known_at or TODAY).isoformat()
    fact = {"from": who, "to": network, "since": since, "recorded_at": recorded}
    return {"MEMBER_OF": [{**fact, "role": "newcomer"}]}


def _allied(who: str, firm: str, asked: PathOptions) -> Rows:
    since = asked.reference(TODAY).isoformat()
    recorded = (asked.known_at or TODAY).isoformat()
    return {
        "Alliance": [{"id": "alliance:really-new", "name": "New", "start": since}],
        "PARTY_TO": [
            {"from": f, "to": "alliance:really-new", "recorded_at": recorded} for f in (who, firm)
        ],
    }


def _outcomes(
    rows: Rows, focal: str, target: str, asked: PathOptions, joiners: list[str]
) -> dict[str, dict[tuple[str, str], float]]:
    """How strong the best way is with each tie added, if that is stronger than without it."""
    now = _best(rows, focal, target, asked)
    memberships = {
        (who, str(n["id"])): _best(
            _with(rows, _member(who, str(n["id"]), asked)), focal, target, asked
        )
        for who in joiners
        for n in rows["Network"]
    }
    firms = [str(f["id"]) for f in rows["Firm"]]
    alliances = {
        (focal, f): _best(_with(rows, _allied(focal, f, asked)), focal, target, asked)
        for f in firms
        if f not in (focal, target) and focal in firms
    }
    return {
        name: {pair: s for pair, s in found.items() if s > now * (1 + 1e-9)}
        for name, found in (("memberships", memberships), ("alliances", alliances))
    }


@pytest.mark.ladybug
@RANDOM
@given(seeds)
def test_as_adding_each_tie(embedded: Engine, chosen: list[int]) -> None:
    graphs = {seed: random_graph(Random(seed), f"g{n}") for n, seed in enumerate(chosen)}
    x = _refilled(embedded, list(graphs.values()))
    for seed, rows in graphs.items():
        rng = Random(seed)
        focal, target, asked = random_question(rng, rows)
        who = rng.choice(("focal", "contacts"))
        graph = reference_graph(rows, asked, TODAY)
        contacts = sorted(set(graph[focal]) - {target}) if focal in graph else []
        joiners = [focal, *(contacts if who == "contacts" and asked.max_steps > 1 else ())]
        expected = _outcomes(rows, focal, target, asked, joiners)
        answer = _json(openings(x, focal, target, asked, who=who))
        assert answer["searched"]["complete"]
        now = _best(rows, focal, target, asked)
        assert (answer["best"] or {"strength": 0.0})["strength"] == pytest.approx(now, rel=1e-9)
        for name, outcomes in expected.items():
            ranked = sorted(outcomes.values(), reverse=True)[: asked.limit]
            told = answer[name]
            assert [o["strength"] for o in told] == pytest.approx(ranked, rel=1e-9)
            for o in told:
                pair = o["who"]["id"], o["join"]["id"]
                assert o["strength"] == pytest.approx(outcomes[pair], rel=1e-9)
                assert o["strength"] == pytest.approx(recomputed(o["path"]), abs=1e-9)
                _check_new(o)


def _check_new(o: dict[str, Any]) -> None:
    """The new tie stands on its way, with the strength that is stated."""
    ties = [(s, t) for s in o["path"]["steps"] for t in s["ties"] if " would" in t["sentence"]]
    assert len(ties) == 1
    step, tie = ties[0]
    assert tie["strength"] == pytest.approx(o["new"]["strength"], rel=1e-9)
    assert {step["from"]["id"], step["to"]["id"]} == {o["who"]["id"], o["meets"]["id"]}
    assert " would" in o["path"]["sentence"]
