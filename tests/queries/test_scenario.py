"""Scenarios: held against really changing the graph and asking again."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.scenarios.conflicts import conflicts
from alliance_explorer.queries.scenarios.ego_structure import FirmTies, structure_of
from alliance_explorer.queries.scenarios.firm_facts import Reader, merged
from alliance_explorer.queries.scenarios.scenario import Suppositions, standing, what_if
from alliance_explorer.queries.structure.firm_network import firm_network
from alliance_explorer.queries.structure.structure import ego_structure
from tests.queries.test_random_graphs import random_graph
from tests.support.graphs import Graphs
from tests.support.supposing import Table, absorbing, allying, copied, dropping, joining, leaving
from tests.support.tiny import TODAY, Rows, examples, filling, firms, write_quickly

F, P, Q, X, Y, Z = (f"firm:{n}" for n in "fpqxyz")
ROWS: Rows = {
    "Firm": [
        *firms("F", "Q", "X"),
        {"id": P, "name": "P", "segments": "chips;boards"},
        {"id": Y, "name": "Y", "segments": "boards"},
        {"id": Z, "name": "Z", "segments": "phones"},
    ],
    "Person": [{"id": "person:c", "name": "C"}],
    "Capability": [
        {"id": f"capability:{n}", "name": n} for n in ("hosting", "design", "testing", "sales")
    ],
    "Network": [{"id": "network:n", "name": "N"}, {"id": "network:m", "name": "M"}],
    "Alliance": [
        {"id": "alliance:fp", "name": "FP", "exclusive": True},
        {"id": "alliance:fq", "name": "FQ"},
        {"id": "alliance:fpq", "name": "FPQ"},
        {"id": "alliance:px", "name": "PX"},
        {"id": "alliance:py", "name": "PY", "exclusive": True},
        {"id": "alliance:xz", "name": "XZ"},
        {"id": "alliance:old", "name": "Old", "end": "2010"},
    ],
    "PARTY_TO": [
        {"from": F, "to": "alliance:fp"},
        {"from": P, "to": "alliance:fp", "contributes": "know-how; access to research"},
        {"from": F, "to": "alliance:fq"},
        {"from": Q, "to": "alliance:fq", "contributes": "money"},
        *({"from": f, "to": "alliance:fpq"} for f in (F, P, Q)),
        *({"from": f, "to": "alliance:px"} for f in (P, X)),
        *({"from": f, "to": "alliance:py"} for f in (P, Y)),
        *({"from": f, "to": "alliance:xz"} for f in (X, Z)),
        *({"from": f, "to": "alliance:old"} for f in (F, Z)),
    ],
    "MEMBER_OF": [
        *({"from": f, "to": "network:n"} for f in (F, Q, Z)),
        *({"from": f, "to": "network:m"} for f in (X, Y, "person:c")),
    ],
    "COMPETES_WITH": [
        {"from": F, "to": X, "market": "servers", "since": "2005"},
        {"from": P, "to": Q, "inferred": True},
        {"from": X, "to": Y},
    ],
    "OFFERS": [
        {"from": P, "to": "capability:hosting"},
        {"from": Q, "to": "capability:hosting"},
        {"from": P, "to": "capability:design"},
        {"from": F, "to": "capability:testing"},
        {"from": X, "to": "capability:testing"},
        {"from": X, "to": "capability:sales"},
    ],
    "NEEDS": [{"from": F, "to": "capability:sales", "importance": 0.9}],
    "OWNS": [{"from": X, "to": Q, "stake": 0.2}],
    "CHAMPIONS": [{"from": "person:c", "to": "alliance:fp"}],
    "WORKS_FOR": [],
    "KNOWS": [],
}


def plain(answer: BaseModel) -> dict[str, Any]:
    """An answer as data, without the stored facts: a copy of the graph has others."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: cleaned(v) for k, v in value.items() if k != "facts"}
        if isinstance(value, list):
            return [cleaned(v) for v in value]
        return float(f"{value:.11g}") if isinstance(value, float) else value

    found = cleaned(json.loads(answer.model_dump_json(by_alias=True)))
    assert isinstance(found, dict)
    return found


CASES: dict[str, tuple[Suppositions, Callable[[Rows], Table]]] = {
    "leaves": (Suppositions(leaves=("P",)), lambda r: leaving(r, F, P)),
    "acquired": (Suppositions(acquired="P", by="X"), lambda r: absorbing(r, P, X)),
    "acquired by a partner": (Suppositions(acquired="P", by="Q"), lambda r: absorbing(r, P, Q)),
    "acquired by the firm": (Suppositions(acquired="P", by="F"), lambda r: absorbing(r, P, F)),
    "joins": (Suppositions(joins=("M",)), lambda r: joining(r, F, "network:m")),
    "drops": (Suppositions(drops=("N",)), lambda r: dropping(r, F, "network:n")),
    "allies": (Suppositions(allies=("Y",)), lambda r: allying(r, F, Y)),
    "all at once": (
        Suppositions(
            leaves=("Q",), drops=("N",), acquired="P", by="X", joins=("M",), allies=("Z",)
        ),
        lambda r: allying(
            joining(absorbing(dropping(leaving(r, F, Q), F, "network:n"), P, X), F, "network:m"),
            F,
            Z,
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_as_really_changing_the_graph(graphs: Graphs, name: str) -> None:
    suppositions, really = CASES[name]
    target = "firm:z"
    x = Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)
    supposed = what_if(x, "F", suppositions, target=target)
    before = standing(x, "F", target=target)
    stamp = x.engine.stamp()
    changed = Explorer(graphs.holding(f"scenario {name}", filling(really(ROWS))), TODAY)
    after = standing(changed, "F", target=target)
    assert plain(supposed.before) == plain(before)
    assert plain(supposed.after) == plain(after)
    assert plain(before) != plain(after)
    assert x.engine.stamp() == stamp or changed.engine is x.engine, "nothing was written"


def test_a_partner_leaves(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)
    answer = what_if(x, "F", Suppositions(leaves=("P",)), target="X")
    d = answer.difference
    assert [r.name for r in d.partners_lost] == ["P"]
    lost = {(h.basis, h.name) for h in d.capabilities_lost}
    assert lost == {
        ("offers", "design"),
        ("segment", "chips"),
        ("segment", "boards"),
        ("contributes", "know-how"),
        ("contributes", "access to research"),
    }
    assert [h.name for h in d.capabilities_thin] == ["hosting"], "Q alone offers it then"
    # F to X: over Q, of whom X owns a part; over the alliances of P and Z; over the champion.
    assert [w.contact.name for w in answer.before.ways or ()] == ["Q", "P", "Z", "C"]
    assert [r.name for r in d.ways_lost] == ["P"]
    assert answer.before.structure.partners == 3
    assert {r.name for r in answer.before.partners} == {"P", "Q"}
    assert [r.name for r in answer.after.partners] == ["Q"]
    kinds = {(c.kind, tuple(r.name for r in c.between)) for c in d.conflicts_gone}
    assert kinds == {("partners compete", ("P", "Q")), ("exclusivity", ("F", "Q"))}


def test_conflicts_by_eye(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)
    now = standing(x, "F")
    assert [c.sentence for c in now.conflicts] == [
        "Q belongs to X, which competes with F (servers, since 2005).",
        "F is bound to P alone by FP, and Q competes with P (inferred).",
        "P and Q are partners both and compete with each other (inferred).",
    ]
    then = what_if(x, "F", Suppositions(allies=("Y",)))
    assert [c.sentence for c in then.difference.conflicts_new] == [
        "F is bound to P alone by FP, and Y offers what P does: boards (inferred)."
    ]
    taken = what_if(x, "F", Suppositions(acquired="P", by="X")).difference
    assert "X is a partner and competes with F (servers, since 2005)." in [
        c.sentence for c in taken.conflicts_new
    ]


def test_stated_conflicts_alone(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)
    facts = Reader(x, TODAY).facts([X], [X])
    assert [c.sentence for c in conflicts(facts, X, stated_only=True)] == [
        "P is bound to F alone by FP, and X competes with F.",
        "P is bound to Y alone by PY, and X competes with Y.",
    ]
    facts = Reader(x, TODAY).facts([F], [F])
    assert [c.sentence for c in conflicts(facts, F, stated_only=True)] == [
        "Q belongs to X, which competes with F (servers, since 2005)."
    ]
    both = [c for c in conflicts(merged(facts, P, X), F) if c.kind == "partner competes"]
    assert len(both) == 1
    assert len(conflicts(merged(facts, P, X), F, stated_only=True)) == 2


def test_a_firm_without_anything(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("alone", filling({"Firm": firms("A", "B")})), TODAY)
    answer = what_if(x, "A", Suppositions(allies=("B",)))
    assert answer.before.structure.constraint is None
    assert answer.after.structure.constraint == 1.0
    assert [(r.steps, r.firms) for r in answer.before.reach] == [(1, 0), (2, 0), (3, 0)]
    assert [(r.steps, r.firms) for r in answer.after.reach] == [(1, 1), (2, 1), (3, 1)]
    assert "1 firm more within 3 introductions." in answer.summary


@pytest.mark.parametrize(
    ("given_", "field", "reason"),
    [
        ({}, "leaves", "say what to suppose"),
        ({"leaves": ("Z",)}, "leaves", "no partner"),
        ({"leaves": ("F",)}, "leaves", "firm in question"),
        ({"acquired": "P"}, "by", "needs both"),
        ({"acquired": "P", "by": "P"}, "by", "itself"),
        ({"acquired": "F", "by": "X"}, "acquired", "go up"),
        ({"joins": ("N",)}, "joins", "already"),
        ({"drops": ("M",)}, "drops", "no member"),
        ({"acquired": "P", "by": "X", "allies": ("P",)}, "allies", "acquirer"),
        ({"joins": ("Q",)}, "joins", "network"),
    ],
)
def test_what_cannot_be(graphs: Graphs, given_: dict[str, object], field: str, reason: str) -> None:
    x = Explorer(graphs.holding("scenario", filling(ROWS)), TODAY)
    with pytest.raises((InvalidRequest, UnknownActor), match=reason) as caught:
        what_if(x, "F", Suppositions.model_validate(given_))
    if isinstance(caught.value, InvalidRequest):
        assert caught.value.field == field


def test_telecom_without_ericsson(graphs: Graphs) -> None:
    x = Explorer(graphs.holding("examples", examples), TODAY)
    day = dt.date(2011, 12, 31)
    answer = what_if(
        x, "Xelerated", Suppositions(leaves=("Ericsson",)), as_of=day, target="MTN Group"
    )
    assert [w.contact.name for w in answer.before.ways or ()] == ["Ericsson"]
    assert answer.after.ways == []
    assert {"MTN Group", "Seamless", "Digitata"} <= {r.name for r in answer.difference.reach_lost}
    assert answer.difference.structure["partners"] == -1
    assert answer.difference.structure["constraint"] > 0


# --- random graphs --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    folder = tmp_path_factory.mktemp("two")
    with (
        open_engine(f"ladybug://{folder}/one.lbug") as one,
        open_engine(f"ladybug://{folder}/other.lbug") as other,
    ):
        for engine in (one, other):
            engine.define(ddl(engine.dialect))
        yield [one, other]


def _richer(rng: Random, name: str) -> Table:
    """A random graph with capabilities, core business and exclusive alliances."""
    table = copied(random_graph(rng, name))
    ids = [str(r["id"]) for r in table["Firm"]]
    table["Firm"] = [
        {**r, "segments": rng.choice(("chips", "boards"))} if rng.random() < 0.3 else r
        for r in table["Firm"]
    ]
    table["Alliance"] = [{**r, "exclusive": rng.random() < 0.3} for r in table["Alliance"]]
    table["Capability"] = [{"id": f"capability:{name}-{n}", "name": f"C{n}"} for n in range(4)]
    table["OFFERS"] = [
        {"from": f, "to": c["id"]} for f in ids for c in table["Capability"] if rng.random() < 0.2
    ]
    return table


def _supposed(
    rng: Random, x: Explorer, rows: Rows, asked: dict[str, Any]
) -> tuple[str, Any, Table]:
    """A firm, something to suppose of it, and the rows changed so."""
    ids = [str(r["id"]) for r in rows["Firm"]]
    focal = rng.choice(ids)
    others = [i for i in ids if i != focal]
    partners = [r.id for r in standing(x, focal, **asked).partners]
    networks = [str(r["id"]) for r in rows["Network"]]
    sorts: list[Callable[[], tuple[dict[str, Any], Table]]] = []
    if partners:
        one = rng.choice(partners)
        sorts.append(lambda: ({"leaves": (one,)}, leaving(rows, focal, one)))
    other = rng.choice(others)
    sorts.append(lambda: ({"allies": (other,)}, allying(rows, focal, other)))
    into = rng.choice([i for i in ids if i != other])
    sorts.append(lambda: ({"acquired": other, "by": into}, absorbing(rows, other, into)))
    if networks:
        network = rng.choice(networks)
        sorts.append(lambda: ({"joins": (network,)}, joining(rows, focal, network)))
        sorts.append(lambda: ({"drops": (network,)}, dropping(rows, focal, network)))
    return focal, *rng.choice(sorts)()


def _filled(engine: Engine, graphs: list[Table]) -> Explorer:
    engine.write("MATCH (n) DETACH DELETE n")
    rows: Table = {"Source": [{"id": f"source:{s}", "title": s} for s in "ab"]}
    for graph in graphs:
        for type_, some in graph.items():
            rows.setdefault(type_, []).extend(some)
    write_quickly(engine, rows)
    return Explorer(engine, TODAY)


@pytest.mark.ladybug
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.integers(0, 2**32), min_size=15, max_size=15, unique=True))
def test_random_graphs_really_changed(two: list[Engine], seeds: list[int]) -> None:
    graphs = {seed: _richer(Random(seed), f"g{n}") for n, seed in enumerate(seeds)}
    x = _filled(two[0], list(graphs.values()))
    asked: dict[int, tuple[str, dict[str, Any], dict[str, Any]]] = {}
    changed = []
    for seed, rows in graphs.items():
        rng = Random(seed)
        day = dt.date(2000, 1, 1) + dt.timedelta(rng.randrange(365 * 30))
        options: dict[str, Any] = {
            "as_of": rng.choice((None, day)),
            "max_steps": rng.randrange(1, 4),
        }
        focal, suppositions, table = _supposed(rng, x, rows, options)
        asked[seed] = focal, suppositions, options
        changed.append(table)
    then = _filled(two[1], changed)
    for focal, suppositions, options in asked.values():
        try:
            answer = what_if(x, focal, Suppositions.model_validate(suppositions), **options)
        except InvalidRequest:  # it is a member already, or is none
            assert suppositions.keys() & {"joins", "drops"}
            continue
        assert plain(answer.after) == plain(standing(then, focal, **options)), suppositions


@pytest.mark.ladybug
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 2**32), min_size=15, max_size=15, unique=True))
def test_ties_around_a_firm_as_in_the_whole_network(two: list[Engine], seeds: list[int]) -> None:
    x = _filled(two[0], [_richer(Random(s), f"g{n}") for n, s in enumerate(seeds)])
    options = PathOptions(as_of=dt.date(2012, 6, 1))
    network, view = firm_network(x, options), x.view(options)
    whole = network.matrix("binary")
    for id_ in network.ids:
        mine = structure_of(view, view.projection.actor_index[id_])
        theirs = ego_structure(whole, network.index[id_])
        assert mine.partners == theirs.degree
        assert mine.density == theirs.density
        assert mine.constraint == pytest.approx(theirs.constraint, abs=1e-12)
        assert mine.effective_size == (
            pytest.approx(theirs.effective_size, abs=1e-12) if theirs.degree else None
        )
    assert FirmTies(view).is_firm.sum() == len(network.ids)
