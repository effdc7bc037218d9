"""Merges together with snapshots, corrections, erasure and the same source again."""

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.loaders.writing.corrections import correct, withdraw
from alliance_explorer.loaders.writing.erasing import erase
from alliance_explorer.matching import merge, unmerge
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.provenance import explain
from tests.loaders import test_snapshots as snapshots
from tests.matching.test_merging import ROWS, everything, load
from tests.support.tiny import TODAY, write

KEPT, GONE = "firm:acme", "firm:acme-gmbh"
# Its letters are written in another way in some JSON, and so are its spaces.
NAME = "Åsa Öberg"


def test_explain_tells_what_the_source_of_a_merged_firm_said(engine: Engine) -> None:
    write(engine, ROWS)
    write(engine, {"Firm": [{"id": GONE, "name": "ACME (DE)", "source": "source:s"}]})
    made = merge(engine, KEPT, GONE, by="me", why="")
    (told,) = explain(Explorer(engine, TODAY), KEPT).items
    by_source = {(s.source.id if s.source else "", str(s.values["name"])): s for s in told.said}
    assert list(by_source) == [
        ("source:s", "Acme"),
        ("source:t", "Acme GmbH"),
        ("source:s", "ACME (DE)"),
    ]
    own, other, _ = by_source.values()
    assert own.values == {"name": "Acme", "aliases": ["ACME"]}, "nothing that the other filled"
    assert (other.values["country"], other.values["founded"]) == ("DE", 1999)
    assert str(other.recorded_at) == "2020-01-01"
    assert "country" in other.kept and "founded" in other.kept
    unmerge(engine, made.id)
    (told,) = explain(Explorer(engine, TODAY), KEPT).items
    assert [s.source.id for s in told.said if s.source] == ["source:s"]
    (told,) = explain(Explorer(engine, TODAY), GONE).items
    assert len(told.said) == 2


def test_a_correction_of_a_merged_firm(engine: Engine) -> None:
    """It waits: it says so when it is withdrawn, and stands again when the merge is undone."""
    write(engine, ROWS)
    done = correct(engine, GONE, {"city": "Kista"}, why="their web page", today=TODAY)
    before = everything(engine)
    made = merge(engine, KEPT, GONE, by="me", why="")
    explorer = Explorer(engine, TODAY)
    (told,) = explain(explorer, KEPT).items
    assert told.now["city"] == "Kista"
    assert [c.about for c in told.corrections] == [GONE]
    with pytest.raises(InvalidRequest, match=f"{GONE} was merged into {KEPT}"):
        withdraw(engine, done.corrections[0], today=TODAY)
    again = load(engine, ROWS)
    assert (again.total.created, again.total.changed) == (0, 0)
    unmerge(engine, made.id)
    assert everything(engine) == before
    withdraw(engine, done.corrections[0], today=TODAY)


def test_snapshots_go_on_after_a_merge(engine: Engine) -> None:
    """A member that was merged is still the same member, and leaves when its source says so."""
    write(engine, ROWS)
    first, second, third, fourth = snapshots.DAYS
    listed = {"acme-gmbh": "gold", "b": "tin"}
    snapshots.write(engine, first, snapshots.rows(listed, "source:list"))
    merge(engine, KEPT, GONE, by="me", why="")
    snapshots.write(engine, second, snapshots.rows(listed, "source:list"))
    assert _periods(engine, "acme") == [("None", "None")]
    snapshots.write(engine, third, snapshots.rows({"b": "tin"}, "source:list"))
    assert _periods(engine, "acme") == [("None", str(third))]
    snapshots.write(engine, fourth, snapshots.rows(listed, "source:list"))
    assert _periods(engine, "acme") == [(str(fourth), "None"), ("None", str(third))]


def _periods(engine: Engine, firm: str) -> list[tuple[str, str]]:
    rows = engine.read(
        "MATCH (f:Firm)-[m:MEMBER_OF]->(n:Network) WHERE f.id = $id AND m.source = $source "
        "RETURN m.since AS since, m.until AS until",
        id=f"firm:{firm}",
        source="source:list",
    )
    return sorted((str(r["since"]), str(r["until"])) for r in rows)


def test_erasing_finds_who_is_named_in_what_is_on_record(engine: Engine) -> None:
    """In merges, judgements and statements, however it is written there."""
    write(engine, ROWS)
    judgement = {"id": "judgement:x", "one": "firm:b", "other": "firm:z", "verdict": "open"}
    write(
        engine,
        {
            "Person": [{"id": "person:asa", "name": NAME}],
            "WORKS_FOR": [{"from": "person:asa", "to": GONE, "source": "source:t"}],
            "Firm": [{"id": GONE, "name": "Acme GmbH", "description": f"Founded by {NAME}"}],
            "Judgement": [{**judgement, "matching": '{"by": "\\u00c5sa \\u00d6berg"}'}],
            "Statement": [
                {
                    "id": "statement:x",
                    "about": "firm:z",
                    "of": "Firm",
                    "kind": "said",
                    "said": '{"description": "Says Åsa\\nÖberg."}',
                }
            ],
        },
    )
    made = merge(engine, KEPT, GONE, by=NAME, why=f"{NAME} says so")
    report = erase(engine, "person:asa", today=TODAY)
    assert report.found == 0
    left = repr(everything(engine))
    assert not {"Åsa", "\\u00c5sa", "Öberg", "person:asa"} & set(left.replace('"', " ").split())
    assert "Öberg" not in left and "\\u00d6berg" not in left
    unmerge(engine, made.id)
    assert "Founded by [erased]" in repr(everything(engine))
    assert "Öberg" not in repr(everything(engine))
