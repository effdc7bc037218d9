"""Merging firms and undoing it: what was must be again, on both engines."""

import random

import pytest

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA, parse
from alliance_explorer.loaders import Located, Summary
from alliance_explorer.loaders.writing.writer import Writer
from alliance_explorer.matching import merge, merges, unmerge
from tests.support.tiny import TODAY, Rows, write

ROWS: Rows = {
    "Source": [{"id": "source:s", "title": "S"}, {"id": "source:t", "title": "T"}],
    "Firm": [
        {"id": "firm:acme", "name": "Acme", "aliases": ["ACME"], "source": "source:s"},
        {
            "id": "firm:acme-gmbh",
            "name": "Acme GmbH",
            "aliases": ["Acme Deutschland"],
            "country": "DE",
            "founded": 1999,
            "lat": 52.0,
            "lon": 13.0,
            "segments": ["hardware"],
            "source": "source:t",
            "recorded_at": "2020-01-01",
        },
        {"id": "firm:b", "name": "B", "source": "source:s"},
        {"id": "firm:z", "name": "Z", "source": "source:s"},
    ],
    "Person": [{"id": "person:p", "name": "P"}],
    "Network": [{"id": "network:n", "name": "N"}],
    "Alliance": [{"id": "alliance:x", "name": "X"}],
    "Event": [{"id": "event:e", "date": "2020-02-02", "kind": "founding"}],
    "PARTY_TO": [
        {"from": "firm:acme-gmbh", "to": "alliance:x", "role": "supplier", "source": "source:t"},
        {"from": "firm:b", "to": "alliance:x", "contributes": ["skill"], "source": "source:s"},
    ],
    "MEMBER_OF": [
        {"from": "firm:acme", "to": "network:n", "source": "source:s"},
        {"from": "firm:acme-gmbh", "to": "network:n", "source": "source:s"},
        {"from": "firm:acme-gmbh", "to": "network:n", "source": "source:t", "since": "2011"},
    ],
    "COMPETES_WITH": [
        {"from": "firm:acme-gmbh", "to": "firm:b", "source": "source:t", "inferred": True},
        {"from": "firm:acme-gmbh", "to": "firm:acme", "source": "source:t"},
        {"from": "firm:acme", "to": "firm:z", "source": "source:t"},
    ],
    "OWNS": [{"from": "firm:acme-gmbh", "to": "firm:z", "stake": 0.5, "source": "source:t"}],
    "WORKS_FOR": [{"from": "person:p", "to": "firm:acme-gmbh", "source": "source:t"}],
    "INVOLVES": [{"from": "event:e", "to": "firm:acme-gmbh", "source": "source:t"}],
}


def everything(engine: Engine, *without: str) -> list[tuple[object, ...]]:
    """The graph, in an order of its own."""
    found: list[tuple[object, ...]] = []
    for label in SCHEMA.nodes:
        if label not in without:
            for row in engine.read(f"MATCH (x:{label}) RETURN x"):
                node = row["x"]
                assert isinstance(node, Node)
                found.append((label, *sorted((k, str(v)) for k, v in node.properties.items())))
    for type_ in SCHEMA.relationships:
        for row in engine.read(f"MATCH (a)-[x:{type_}]->(b) RETURN a.id AS a, x, b.id AS b"):
            edge = row["x"]
            assert isinstance(edge, Edge)
            properties = sorted((k, str(v)) for k, v in edge.properties.items())
            found.append((type_, row["a"], row["b"], *properties))
    return sorted(found, key=repr)


def load(engine: Engine, rows: Rows) -> Summary:
    items = [
        Located(parse(type_, row), "test", n)
        for type_ in SCHEMA
        for n, row in enumerate(rows.get(type_.name, ()), start=1)
    ]
    return Writer(engine, today=TODAY).run([lambda: items])


def firm(engine: Engine, id_: str) -> dict[str, object]:
    rows = engine.read("MATCH (f:Firm) WHERE f.id = $id RETURN f", id=id_)
    node = rows[0]["f"]
    assert isinstance(node, Node)
    return dict(node.properties)


def ties(engine: Engine, type_: str, id_: str) -> list[str]:
    rows = engine.read(
        f"MATCH (a)-[x:{type_}]-(b) WHERE a.id = $id RETURN b.id AS id, x.source AS source", id=id_
    )
    return sorted(f"{r['id']} {r['source']}" for r in rows)


def test_the_kept_firm_has_the_facts_of_both(engine: Engine) -> None:
    write(engine, ROWS)
    made = merge(engine, "firm:acme", "firm:acme-gmbh", by="me", why="same company")
    assert (made.kept.name, made.merged.name, made.facts) == ("Acme", "Acme GmbH", 7)
    assert merges(engine).merges == [made]
    assert firm(engine, "firm:acme") == {
        "id": "firm:acme",
        "name": "Acme",
        "aliases": ["ACME", "Acme GmbH", "Acme Deutschland"],
        "country": "DE",
        "founded": 1999,
        "lat": 52.0,
        "lon": 13.0,
        "segments": ["hardware"],
        "source": "source:s",
        "confidence": 1.0,
        "recorded_at": TODAY,
    }
    assert engine.read("MATCH (f:Firm) WHERE f.id = 'firm:acme-gmbh' RETURN f.id AS id") == []
    n = "network:n"
    assert ties(engine, "MEMBER_OF", "firm:acme") == [f"{n} source:s"] * 2 + [f"{n} source:t"]
    # Between the two there is nothing any more; a symmetric tie goes from the smaller id.
    assert ties(engine, "COMPETES_WITH", "firm:acme") == ["firm:b source:t", "firm:z source:t"]
    assert ties(engine, "PARTY_TO", "firm:acme") == ["alliance:x source:t"]


@pytest.mark.parametrize("kept", ["firm:acme", "firm:acme-gmbh"])
def test_undone_everything_is_as_it_was(engine: Engine, kept: str) -> None:
    write(engine, ROWS)
    before = everything(engine)
    other = {"firm:acme": "firm:acme-gmbh", "firm:acme-gmbh": "firm:acme"}[kept]
    made = merge(engine, kept, other, by="me", why="")
    assert everything(engine) != before
    undone = unmerge(engine, made.id)
    assert (undone.kept.id, undone.restored.id) == (kept, other)
    assert everything(engine) == before
    assert merges(engine).merges == []


def test_the_same_load_again_changes_nothing(engine: Engine) -> None:
    write(engine, ROWS)
    before = everything(engine)
    made = merge(engine, "firm:acme", "firm:acme-gmbh", by="me", why="")
    merged = everything(engine)
    again = load(engine, ROWS)
    assert (again.total.created, again.total.changed, again.total.rejected) == (0, 0, 0)
    assert again.total.read == again.total.unchanged
    assert everything(engine) == merged
    unmerge(engine, made.id)
    assert everything(engine) == before


def test_what_was_loaded_in_between_stays(engine: Engine) -> None:
    write(engine, ROWS)
    made = merge(engine, "firm:acme", "firm:acme-gmbh", by="me", why="")
    s, t = {"source": "source:s"}, {"source": "source:t"}
    told = load(
        engine,
        {
            "Firm": [
                {"id": "firm:acme", "name": "Acme", "city": "Berlin", **s},
                {"id": "firm:acme-gmbh", "name": "Acme GmbH", "employees": 3, **t},
                {"id": "firm:new", "name": "New", **s},
            ],
            "OWNS": [
                {"from": "firm:acme", "to": "firm:new", **s},
                {"from": "firm:acme-gmbh", "to": "firm:new", **t},
            ],
        },
    )
    assert told.rejects == []
    assert ties(engine, "OWNS", "firm:acme") == [
        "firm:new source:s",
        "firm:new source:t",
        "firm:z source:t",
    ]
    unmerge(engine, made.id)
    # A fact stated of the merged firm went back with it.
    assert ties(engine, "OWNS", "firm:acme") == ["firm:new source:s"]
    assert ties(engine, "OWNS", "firm:acme-gmbh") == ["firm:new source:t", "firm:z source:t"]
    acme = firm(engine, "firm:acme")
    assert (acme["city"], acme["employees"], acme["aliases"]) == ("Berlin", 3, ["ACME"])
    assert "country" not in acme


def test_merges_upon_merges_are_undone_from_the_last(engine: Engine) -> None:
    write(engine, ROWS)
    states = [everything(engine)]
    made = []
    for kept, merged in (
        ("firm:z", "firm:b"),
        ("firm:acme-gmbh", "firm:z"),
        ("firm:acme", "firm:acme-gmbh"),
    ):
        made.append(merge(engine, kept, merged, by="me", why=""))
        states.append(everything(engine))
    again = load(engine, ROWS)
    assert (again.total.created, again.total.changed) == (0, 0)
    with pytest.raises(InvalidRequest, match=f"undo {made[1].id} first|undo {made[2].id} first"):
        unmerge(engine, made[0].id)
    for one, state in zip(reversed(made), reversed(states[:-1]), strict=True):
        unmerge(engine, one.id)
        assert everything(engine) == state


@pytest.mark.parametrize("seed", range(3))
def test_any_merges_undone_in_any_order_that_is_allowed(engine: Engine, seed: int) -> None:
    """Brute force on a random graph: all is as it was, with the same load in between."""
    rng = random.Random(seed)
    names = [f"firm:{c}" for c in "abcdef"]
    rows: dict[str, list[dict[str, object]]] = {
        "Source": [{"id": "source:s", "title": "S"}],
        "Firm": [
            {"id": n, "name": n[-1], "segments": rng.sample(["x", "y", "z"], 2)} for n in names
        ],
        "Network": [{"id": "network:n", "name": "N"}],
        "MEMBER_OF": [{"from": n, "to": "network:n"} for n in rng.sample(names, 4)],
    }
    for type_ in ("COMPETES_WITH", "OWNS"):
        ends = {tuple(rng.sample(names, 2)) for _ in range(8)}
        if type_ == "COMPETES_WITH":
            ends = {tuple(sorted(pair)) for pair in ends}
        rows[type_] = [{"from": a, "to": b, "source": "source:s"} for a, b in sorted(ends)]
    write(engine, rows)
    before = everything(engine)
    left, made = list(names), []
    for _ in range(4):
        kept, merged = rng.sample(left, 2)
        left.remove(merged)
        made.append(merge(engine, kept, merged, by="me", why="").id)
        if rng.random() < 0.5:
            again = load(engine, rows)
            assert (again.total.created, again.total.changed) == (0, 0)
    while made:
        one = rng.choice(made)
        try:
            unmerge(engine, one)
        except InvalidRequest as exc:
            assert "first" in str(exc)  # noqa: PT017 - another one is tried then
        else:
            made.remove(one)
    assert everything(engine) == before


def test_what_cannot_be_merged_or_undone_is_told(engine: Engine) -> None:
    write(engine, ROWS)
    for kept, merged, told in (
        ("firm:acme", "firm:acme", "itself"),
        ("firm:acme", "firm:nobody", "no firm 'firm:nobody'"),
    ):
        with pytest.raises(InvalidRequest, match=told):
            merge(engine, kept, merged, by="me", why="")
    with pytest.raises(InvalidRequest, match="no merge 'merge:x'"):
        unmerge(engine, "merge:x")
    write(
        engine,
        {"Merge": [{"id": "merge:x", "kept": "firm:acme", "merged": "firm:q", "record": "{"}]},
    )
    with pytest.raises(InvalidRequest, match="damaged"):
        unmerge(engine, "merge:x")
