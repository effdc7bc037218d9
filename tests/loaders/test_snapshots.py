"""Snapshots of one source: when a fact held, and what was known of it on which day."""

import datetime as dt
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import SCHEMA, ddl, fact_id
from alliance_explorer.loaders import load
from alliance_explorer.loaders.model import Count, Rejected, Summary
from alliance_explorer.loaders.writing.periods import periods, sightings
from alliance_explorer.loaders.writing.writer import Writer
from alliance_explorer.queries import Explorer, PathOptions, bridges, profile
from tests.loaders.test_writer import Row, Rows, facts, items
from tests.support.graphs import Graphs

MEMBER_OF = SCHEMA.relationships["MEMBER_OF"]
DAYS = [dt.date(2020 + i, 1, 1) for i in range(4)]
ENDS = ("firm:a", "network:n")
BASE = fact_id(MEMBER_OF, *ENDS, {"source": "source:s"})
SOURCE = "source:s"

Listed = Mapping[str, str]  # firm to tier


def rows(listed: Listed, source: str = SOURCE, **more: object) -> Rows:
    return {
        "Source": [{"id": source, "title": source}],
        "Firm": [{"id": f"firm:{f}", "name": f.upper(), "source": source} for f in listed],
        "Network": [{"id": "network:n", "name": "N", "source": source}],
        "MEMBER_OF": [
            {"from": f"firm:{f}", "to": "network:n", "tier": t, "source": source, **more}
            for f, t in listed.items()
        ],
    }


def write(engine: Engine, day: dt.date | None, given: Rows, today: dt.date = DAYS[-1]) -> Summary:
    return Writer(engine, today=today).run([lambda: items(given)], [day])


def stored(engine: Engine) -> list[tuple[object, ...]]:
    """Memberships: firm, since, until, tier, recorded."""
    found: list[tuple[object, ...]] = [
        (a.removeprefix("firm:"), p.get("since"), p.get("until"), p["tier"], p["recorded_at"])
        for a, _, p in facts(engine, "MEMBER_OF")
    ]
    return sorted(found, key=lambda m: (m[0], str(m[1]), str(m[2])))


def everything(engine: Engine) -> list[str]:
    """The graph as text; lists as sets."""
    texts = []
    for query in (
        "MATCH (x) RETURN x",
        "MATCH (a)-[x:MEMBER_OF]->(b) RETURN x",
    ):
        for row in engine.read(query):
            properties = getattr(row["x"], "properties", {})
            if properties.get("id", "stamp") != "stamp":
                shown = {k: sorted(v) if isinstance(v, list) else v for k, v in properties.items()}
                texts.append(json.dumps(shown, sort_keys=True, default=str))
    return sorted(texts)


# --- on the graph --------------------------------------------------------------------------------


def test_first_seen_and_no_longer_seen(engine: Engine) -> None:
    write(engine, DAYS[0], rows({"both": "gold", "gone": "gold"}))
    summary = write(engine, DAYS[1], rows({"both": "gold", "new": "gold"}))
    assert stored(engine) == [
        ("both", None, None, "gold", DAYS[0]),
        ("gone", None, DAYS[1], "gold", DAYS[0]),
        ("new", DAYS[1], None, "gold", DAYS[1]),
    ]
    assert "1 facts of source:s stand there no longer on 2021-01-01" in summary.notes
    assert engine.read("MATCH (f:Firm) RETURN count(f) AS n") == [{"n": 3}], "firms stay"
    stamp = engine.stamp()
    again = write(engine, DAYS[1], rows({"both": "gold", "new": "gold"}))
    assert again.counts["MEMBER_OF"] == Count(read=2, unchanged=2) and not again.notes
    assert engine.stamp() == stamp, "nothing new, nothing written"


def test_who_comes_back_has_a_second_period(engine: Engine) -> None:
    for day, listed in zip(DAYS, ({"a": "x"}, {}, {"a": "y"}, {"a": "y"}), strict=True):
        write(engine, day, rows({"other": "x", **listed}))
    assert [m for m in stored(engine) if m[0] == "a"] == [
        ("a", DAYS[2], None, "y", DAYS[2]),
        ("a", None, DAYS[1], "x", DAYS[0]),
    ]


def test_only_a_snapshot_ends_and_only_what_its_source_said(engine: Engine) -> None:
    write(engine, DAYS[0], rows({"a": "gold", "b": "gold"}))
    write(engine, DAYS[0], rows({"a": "gold"}, "source:other"))
    write(engine, None, rows({"b": "gold"}))
    assert all(until is None for _, _, until, *_ in stored(engine)), "a part ends nothing"
    write(engine, DAYS[1], rows({"b": "gold"}))
    assert [(f, u) for f, _, u, *_ in stored(engine)] == [
        ("a", DAYS[1]),
        ("a", None),
        ("b", None),
    ]


def test_what_the_source_says_of_its_dates_counts(engine: Engine) -> None:
    said = {"since": "2015", "until": "2020-06"}
    write(engine, DAYS[0], rows({"a": "gold"}, **said))
    write(engine, DAYS[1], rows({"a": "gold"}, **said))
    write(engine, DAYS[2], rows({"b": "gold"}))
    first = ("a", dt.date(2015, 1, 1), dt.date(2020, 7, 1), "gold", DAYS[0])
    assert stored(engine)[0] == first


def test_what_was_to_begin_later_and_is_gone_held_for_a_day(engine: Engine) -> None:
    write(engine, DAYS[0], rows({"a": "gold", "b": "gold"}, since="2030"))
    for _ in range(2):
        write(engine, DAYS[1], rows({"b": "gold"}, since="2030"))
        assert stored(engine)[0][1:3] == (dt.date(2030, 1, 1), dt.date(2030, 1, 2))


def test_a_rejected_row_ends_nothing_of_whom_it_names(engine: Engine) -> None:
    write(engine, DAYS[0], rows({"a": "gold", "b": "gold"}))
    bad = Rejected("Firm", "f", 1, (), {"name": "A (member)"})
    summary = Writer(engine, today=DAYS[1]).run([lambda: [bad]], [DAYS[1]])
    assert [u for *_, u, _, _ in stored(engine)] == [None, None], "nobody spoke"
    given: Rows = rows({"c": "gold"})
    summary = Writer(engine, today=DAYS[1]).run([lambda: [*items(given), bad]], [DAYS[1]])
    assert [(f, u) for f, _, u, *_ in stored(engine)] == [("a", None), ("b", DAYS[1]), ("c", None)]
    assert any("were not ended" in note for note in summary.notes)


SNAPSHOTS: Sequence[Listed] = (
    {"a": "silver", "b": "gold", "c": "gold"},
    {"a": "gold", "c": "gold", "d": "silver"},
    {"b": "gold", "c": "platinum", "d": "gold"},
)


def test_in_whatever_order_snapshots_are_loaded(graphs: Graphs) -> None:
    graph: list[str] | None = None
    for order in itertools.permutations(range(3)):
        with graphs.empty() as engine:
            engine.define(ddl(engine.dialect))
            for i in order:
                write(engine, DAYS[i], rows(SNAPSHOTS[i]))
            # Of a node, what is between two snapshots that are loaded already adds nothing.
            found = [t for t in everything(engine) if '"label"' not in t]
        graph = graph or found
        assert found == graph, order


def test_answers_from_before_a_snapshot_stay(engine: Engine) -> None:
    def answers(day: dt.date) -> list[str]:
        explorer = Explorer(engine, today=DAYS[-1])
        options = PathOptions(known_at=day)
        found = [
            profile(explorer, f"firm:{f}", known_at=day, as_of=as_of).model_dump_json()
            for f in "abc"
            for as_of in (None, DAYS[1])
        ]
        return [*found, bridges(explorer, "firm:a", "firm:b", options).model_dump_json()]

    known: dict[dt.date, list[str]] = {}
    for day, listed in zip(DAYS, SNAPSHOTS, strict=False):
        write(engine, day, rows(listed))
        known[day] = answers(day + dt.timedelta(100))
        for earlier, before in known.items():
            assert answers(earlier + dt.timedelta(100)) == before, (earlier, day)
    assert len({json.dumps(k).replace("20", "") for k in known.values()}) == 3


@pytest.mark.parametrize("batches", [1, 4, 7, 9])
def test_a_snapshot_that_is_interrupted_and_loaded_again(graphs: Graphs, batches: int) -> None:
    class Killed(Exception):
        pass

    def load_(engine: Engine, i: int, kill: int | None) -> None:
        left = itertools.count(kill or 0, -1)

        def write_rows(*args: object) -> int:
            if kill is not None and next(left) == 0:
                raise Killed
            return whole(*args)  # type: ignore[arg-type]

        whole = engine.write_rows
        engine.write_rows = write_rows  # type: ignore[method-assign,assignment]
        try:
            Writer(engine, today=DAYS[i], batch=2).run(
                [lambda: items(rows(SNAPSHOTS[i]))], [DAYS[i]]
            )
        finally:
            engine.write_rows = whole  # type: ignore[method-assign]

    with graphs.empty() as engine:
        engine.define(ddl(engine.dialect))
        load_(engine, 0, None)
        for kill in (batches, None):
            try:
                load_(engine, 1, kill)
            except Killed:
                assert kill is not None
        found = everything(engine)
    with graphs.empty() as engine:
        engine.define(ddl(engine.dialect))
        for i in range(2):
            load_(engine, i, None)
        assert everything(engine) == found


# --- files ---------------------------------------------------------------------------------------

LANDSCAPE = """
landscape:
  - category:
    name: CNCF Members
    subcategories:
      - subcategory:
        name: {tier}
        items:
{items}
"""


def landscape(folder: Path, day: str, tier: str, *names: str) -> str:
    texts = "".join(
        f"          - item:\n            name: {n} (member)\n"
        f"            homepage_url: https://{n.lower()}.example/\n"
        for n in names
    )
    path = folder / f"landscape_{day}.yml"
    path.write_text(LANDSCAPE.format(tier=tier, items=texts))
    return str(path)


def test_a_landscape_with_a_date_in_its_name_is_a_snapshot(engine: Engine, tmp_path: Path) -> None:
    first = landscape(tmp_path, "2024-02-12", "Gold", "Alpha", "Beta")
    second = landscape(tmp_path, "2026-08-07", "Gold", "Beta", "Gamma")
    load(engine, [second, first], max_download=1, download_timeout=1.0)
    assert [m[:3] for m in stored(engine)] == [
        ("alpha.example", None, dt.date(2026, 8, 7)),
        ("beta.example", None, None),
        ("gamma.example", dt.date(2026, 8, 7), None),
    ]
    part = landscape(tmp_path, "2026-09-01", "Gold", "Beta")
    load(engine, [part], snapshot="none", max_download=1, download_timeout=1.0)
    assert len([m for m in stored(engine) if m[2] is None]) == 2


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.ladybug
@pytest.mark.parametrize("folder", ["lf_landscape", "cncf_landscape"])
def test_the_real_landscapes(tmp_path: Path, folder: str) -> None:
    paths = sorted((SHARED / folder).glob("landscape_*.yml.gz"))
    if not paths:
        pytest.skip(f"shared data missing: {SHARED / folder}")
    with open_engine(f"ladybug://{tmp_path / 'x.lbug'}") as engine:
        load(engine, [str(p) for p in paths], max_download=1, download_timeout=1.0)
        members = stored_loosely(engine)
        days = [dt.date.fromisoformat(p.name[10:20]) for p in paths]
        ended = [m for m in members if m.get("until") == days[1]]
        begun = [m for m in members if m["recorded_at"] == days[1]]
        assert ended and begun
        assert all(m["recorded_at"] == days[0] for m in ended)
        assert {m["recorded_at"] for m in members} == set(days)


def stored_loosely(engine: Engine) -> list[dict[str, object]]:
    return [p for _, _, p in facts(engine, "MEMBER_OF")]


# --- the rule ------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["", "x", "y"]), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_periods_do_not_depend_on_the_order(seen: list[str], random: Random) -> None:
    days = [dt.date(2020, 1, 1 + i) for i in range(len(seen))]
    order = list(range(len(seen)))
    random.shuffle(order)
    known: list[tuple[Row, list[tuple[dt.date, Row]]]] = []
    loaded: list[dt.date] = []
    for i in order:
        now = sightings(MEMBER_OF, ENDS, BASE, known, loaded)
        now.pop(days[i], None)
        if seen[i]:
            now[days[i]] = {"tier": seen[i], "source": SOURCE}
        loaded.append(days[i])
        known = [(p.row, sorted(p.held.items())) for p in periods(BASE, now, loaded)]
    for day, tier in zip(days, seen, strict=True):
        holding = [
            (p, held)
            for p, held in known
            if (p.get("since") or days[0]) <= day < (p.get("until") or dt.date.max)  # type: ignore[operator]
        ]
        assert len(holding) == bool(tier)
        for p, held in holding:
            told = dict(p)
            for changed, said in sorted(held, key=lambda c: c[0], reverse=True):
                if changed > day:
                    told |= said
            assert told["tier"] == tier
    assert len({p["id"] for p, _ in known}) == len(known)
    if known:
        assert known[0][0]["id"] == BASE


def test_rows_are_plain() -> None:
    row: Row = {"tier": "gold"}
    (period,) = periods(BASE, {DAYS[0]: row}, [DAYS[0]])
    assert period.row == {"tier": "gold", "id": BASE, "recorded_at": DAYS[0]}
