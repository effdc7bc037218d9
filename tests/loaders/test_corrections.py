"""Corrections by hand win over other sources, before and after them, until they are withdrawn."""

import datetime as dt

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.loaders.writing.corrections import correct, withdraw
from alliance_explorer.queries import Explorer, profile
from alliance_explorer.queries.provenance import corrections, explain
from tests.loaders.test_snapshots import SOURCE, rows
from tests.loaders.test_snapshots import write as write_snapshot
from tests.loaders.test_writer import facts, firm, of, write
from tests.queries.test_known import FIRST, SECOND, THIRD, A, version

FOURTH = dt.date(2023, 1, 1)


def test_a_correction_wins_and_what_lies_beneath_comes_back(engine: Engine) -> None:
    write(engine, version(A, "X", "Kista", "silver"), today=FIRST)
    made = correct(engine, "firm:x", {"city": "Solna"}, why="a call", today=SECOND)
    assert firm(engine)["city"] == "Solna"
    summary = write(engine, version(A, "X", "Nacka", "silver"), today=THIRD)
    assert firm(engine)["city"] == "Solna", "a later load does not win"
    assert summary.counts["Firm"].unchanged == 2
    (item,) = explain(Explorer(engine), "firm:x").items
    assert item.said[0].values["city"] == "Nacka" and item.said[0].differs == ["city"]
    assert (item.corrections[0].values, item.corrections[0].instead_of) == (
        {"city": "Solna"},
        {"city": "Nacka"},
    )
    cities = {
        day: profile(Explorer(engine), "firm:x", known_at=day).actor.properties["city"]
        for day in (FIRST, SECOND, THIRD)
    }
    assert cities == {FIRST: "Kista", SECOND: "Solna", THIRD: "Solna"}
    withdraw(engine, made.corrections[0], today=FOURTH)
    assert firm(engine)["city"] == "Nacka"
    assert not corrections(Explorer(engine)).corrections
    assert corrections(Explorer(engine), all_=True).corrections[0].withdrawn == FOURTH
    again = profile(Explorer(engine), "firm:x", known_at=THIRD).actor.properties["city"]
    assert again == "Solna", "it was known so then"
    with pytest.raises(InvalidRequest, match="withdrawn"):
        withdraw(engine, made.corrections[0], today=FOURTH)


def test_a_second_correction_takes_the_place_of_the_first(engine: Engine) -> None:
    write(engine, of(None, city="Kista"))
    correct(engine, "firm:x", {"city": "Solna"}, why="a call", today=FIRST)
    made = correct(engine, "firm:x", {"city": ""}, why="nobody knows", today=SECOND)
    assert "city" not in firm(engine)
    for _ in range(2):
        write(engine, of(None, city="Kista"), today=THIRD)
        assert "city" not in firm(engine)
    withdraw(engine, made.corrections[0], today=THIRD)
    assert firm(engine)["city"] == "Kista"


def test_a_fact_of_a_snapshot_is_corrected(engine: Engine) -> None:
    write_snapshot(engine, FIRST, rows({"a": "gold", "b": "gold"}))
    ids = {a: str(p["id"]) for a, _, p in facts(engine, "MEMBER_OF")}
    correct(engine, ids["firm:a"], {"tier": "platinum"}, why="their list", today=SECOND)
    for _ in range(2):
        write_snapshot(engine, THIRD, rows({"a": "silver", "b": "gold"}))
    found = {a: p for a, _, p in facts(engine, "MEMBER_OF")}
    assert found["firm:a"]["tier"] == "platinum"
    (item,) = explain(Explorer(engine), ids["firm:a"]).items
    assert item.said[0].values["tier"] == "silver"
    assert item.snapshots == [FIRST, THIRD] and item.said[0].source
    assert item.said[0].source.id == SOURCE
    known = {
        day: profile(Explorer(engine), "firm:a", known_at=day)
        .memberships[0]
        .fact.properties["tier"]
        for day in (FIRST, SECOND, THIRD)
    }
    assert known == {FIRST: "gold", SECOND: "platinum", THIRD: "platinum"}


@pytest.mark.parametrize(
    ("values", "why", "reason"),
    [
        ({"citty": "Kista"}, "x", "did you mean 'city'"),
        ({"founded": "soon"}, "x", "founded"),
        ({"source": "source:b"}, "x", "cannot be corrected"),
        ({"name": ""}, "x", "needs it"),
        ({"city": "Kista"}, " ", "say why"),
        ({}, "x", "property=value"),
    ],
)
def test_what_cannot_be_corrected(
    engine: Engine, values: dict[str, object], why: str, reason: str
) -> None:
    write(engine, of(None))
    before = firm(engine)
    with pytest.raises(InvalidRequest, match=reason):
        correct(engine, "firm:x", values, why=why, today=FIRST)
    assert firm(engine) == before


def test_an_end_before_the_start(engine: Engine) -> None:
    def alliance(source: str, **more: object) -> dict[str, list[dict[str, object]]]:
        sources: list[dict[str, object]] = [{"id": f"source:{s}", "title": s} for s in "ab"]
        row = {"id": "alliance:z", "name": "Z", "source": f"source:{source}", **more}
        return {"Source": sources, "Alliance": [row]}

    write(engine, alliance("a", start="2015"))
    kept = write(engine, alliance("b", end="2010", motive="growth"))
    assert kept.total.rejected == 0 and "1 values differ" in kept.notes[0]
    own = write(engine, alliance("a", end="2010"))
    assert [p.reason for r in own.rejects for p in r.problems] == [
        "2011-01-01 is not after start 2015-01-01"
    ]
    ((stored,),) = ([r["x"]] for r in engine.read("MATCH (x:Alliance) RETURN x"))
    assert getattr(stored, "properties", {})["motive"] == "growth"
    with pytest.raises(InvalidRequest, match="is not after"):
        correct(engine, "alliance:z", {"end": "2010"}, why="x", today=FIRST)
