"""The rules by which records meet what is stored, and that every row is accounted for."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import pytest

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.graph_schema import SCHEMA, Problem, parse
from alliance_explorer.loaders.model import Count, Item, Located, Note, Rejected, Summary
from alliance_explorer.loaders.writing.writer import Writer

TODAY = dt.date(2026, 11, 22)
LATER = dt.date(2027, 1, 1)
TYPES = {t.name: t for t in SCHEMA}

Row = dict[str, object]
Rows = dict[str, list[Row]]

SOURCES: list[Row] = [{"id": f"source:{s}", "title": s} for s in "abc"]


def items(rows: Rows) -> Iterator[Item]:
    for name, some in rows.items():
        for line, row in enumerate(some, start=1):
            yield Located(parse(TYPES[name], row), f"{name}.csv", line)


def write(
    engine: Engine, rows: Rows, *, today: dt.date = TODAY, batch: int = 10_000, dry: bool = False
) -> Summary:
    summary = Writer(engine, today=today, batch=batch, dry=dry).run([lambda: items(rows)])
    for count in (*summary.counts.values(), summary.total):
        assert count.read == count.loaded + count.unchanged + count.rejected
        assert count.loaded == count.created + count.changed
    return summary


def firm(engine: Engine, id_: str = "firm:x") -> dict[str, object]:
    (row,) = engine.read("MATCH (f:Firm {id: $id}) RETURN f", id=id_)
    node = row["f"]
    assert isinstance(node, Node)
    return dict(node.properties)


def facts(engine: Engine, type_: str) -> list[tuple[str, str, dict[str, object]]]:
    rows = engine.read(f"MATCH (a)-[r:{type_}]->(b) RETURN a.id AS a, b.id AS b, r ORDER BY r.id")
    found: list[tuple[str, str, dict[str, object]]] = []
    for row in rows:
        edge = row["r"]
        assert isinstance(edge, Edge)
        found.append((str(row["a"]), str(row["b"]), {**edge.properties}))
    return found


def of(source: str | None, **more: object) -> Rows:
    """The firm x as a source sees it."""
    named = {"source": f"source:{source}"} if source else {}
    return {"Firm": [{"id": "firm:x", "name": "X", **named, **more}]}


def loaded(engine: Engine, *versions: Rows) -> dict[str, object]:
    """The firm x after several sources have spoken."""
    write(engine, {"Source": SOURCES})
    for version in versions:
        write(engine, version)
    return firm(engine)


# --- a first load --------------------------------------------------------------------------------


def test_first_load_stores_what_is_said_and_when_it_was_learned(engine: Engine) -> None:
    write(engine, {"Firm": [{"id": "firm:x", "name": "X", "aliases": "Y;Z", "lat": "1"}]})
    assert firm(engine) == {
        "id": "firm:x",
        "name": "X",
        "aliases": ["Y", "Z"],
        "lat": 1.0,
        "recorded_at": TODAY,
        "confidence": 1.0,
    }


def test_what_a_row_says_of_itself_counts(engine: Engine) -> None:
    stored = loaded(engine, of("a", recorded_at="2011", confidence="0.5", evidence="p. 3"))
    assert stored["recorded_at"] == dt.date(2011, 1, 1)
    assert (stored["confidence"], stored["evidence"]) == (0.5, "p. 3")


def test_dates_of_a_year_and_of_a_month(engine: Engine) -> None:
    rows: Rows = {
        "Firm": [{"id": f"firm:{i}", "name": i} for i in "ab"],
        "Network": [{"id": "network:n", "name": "N"}],
        "MEMBER_OF": [
            {"from": "firm:a", "to": "network:n", "since": "2011", "until": "2011"},
            {"from": "firm:b", "to": "network:n", "since": "2011-03", "until": "2011-12"},
        ],
    }
    write(engine, rows)
    stored = {a: (p["since"], p["until"]) for a, _, p in facts(engine, "MEMBER_OF")}
    assert stored == {
        "firm:a": (dt.date(2011, 1, 1), dt.date(2012, 1, 1)),
        "firm:b": (dt.date(2011, 3, 1), dt.date(2012, 1, 1)),
    }


# --- the same source again -----------------------------------------------------------------------


def test_a_source_corrects_itself(engine: Engine) -> None:
    first = of("a", city="Kista", founded=1999, recorded_at="2011")
    stored = loaded(engine, first, of("a", city="Stockholm", employees=5))
    assert stored["city"] == "Stockholm"
    assert stored["founded"] == 1999, "what it leaves out stays"
    assert stored["employees"] == 5
    assert stored["recorded_at"] == dt.date(2011, 1, 1)


def test_what_has_no_source_corrects_itself_too(engine: Engine) -> None:
    assert loaded(engine, of(None, city="Kista"), of(None, city="Solna"))["city"] == "Solna"


def test_recorded_at_is_the_day_of_the_first_load(engine: Engine) -> None:
    write(engine, {"Source": SOURCES})
    write(engine, of("a"), today=TODAY)
    again = write(engine, of("a"), today=LATER)
    assert again.total == Count(read=1, unchanged=1)
    write(engine, of("a", city="Kista"), today=LATER)
    assert firm(engine)["recorded_at"] == TODAY


def test_a_source_that_renames_a_firm(engine: Engine) -> None:
    stored = loaded(engine, of("a", aliases="New;Other"), of("a", name="New"))
    assert stored["name"] == "New"
    assert stored["aliases"] == ["Other", "X"]


@pytest.mark.parametrize("columns", [("name", "aliases"), ("aliases", "name")])
def test_a_rename_is_unchanged_when_repeated(engine: Engine, columns: Sequence[str]) -> None:
    new: Row = {"name": "New", "aliases": "New;Other"}
    version = of("a", **{c: new[c] for c in columns})
    (row,) = version["Firm"]
    ordered: Rows = {"Firm": [{c: row[c] for c in ("id", *columns, "source")}]}
    loaded(engine, of("a"), ordered)
    assert write(engine, ordered).total == Count(read=1, unchanged=1)


def test_a_source_corrects_a_fact(engine: Engine) -> None:
    def version(**more: object) -> Rows:
        ends: Row = {"from": "firm:x", "to": "alliance:a", "source": "source:a"}
        return {"Alliance": [{"id": "alliance:a", "name": "A"}], "PARTY_TO": [ends | more]}

    first = version(contributes="money;brand", investment="5 M", alternatives=2)
    loaded(engine, of("a"), first, version(contributes="patents", alternatives=3))
    ((_, _, stored),) = facts(engine, "PARTY_TO")
    # Nobody else's: the fact is of this source alone.
    assert stored["contributes"] == ["patents"]
    assert stored["alternatives"] == 3
    assert stored["investment"] == "5 M"


# --- another source ------------------------------------------------------------------------------


def test_another_source_fills_blanks_and_adds_to_lists(engine: Engine) -> None:
    stored = loaded(
        engine,
        of("a", aliases="One", segments="telecom"),
        of("b", aliases="Two;One", segments="software", city="Kista"),
    )
    assert stored["aliases"] == ["One", "Two"]
    assert stored["segments"] == ["telecom", "software"]
    assert stored["city"] == "Kista"


def test_another_source_does_not_overwrite(engine: Engine) -> None:
    loaded(engine, of("a", city="Kista", founded=1999))
    summary = write(engine, of("b", city="Solna", founded=2001, confidence=0.1, evidence="p. 9"))
    assert firm(engine)["city"] == "Kista"
    assert firm(engine)["founded"] == 1999
    assert summary.notes == [
        "2 values differ from what an earlier source says; the earlier ones were kept"
    ]
    assert summary.total == Count(read=1, unchanged=1)


@pytest.mark.parametrize("first", ["a", None])
def test_where_a_node_is_from_is_not_filled_in_by_another_source(
    engine: Engine, first: str | None
) -> None:
    before = loaded(engine, of(first, city="Kista"))
    second = of("b", city="Solna", evidence="p. 9", confidence=0.5, recorded_at="2011")
    for _ in range(2):  # the second time it would be a correction of its own
        write(engine, second)
        assert firm(engine) == before


def test_a_name_that_differs_becomes_an_alias(engine: Engine) -> None:
    stored = loaded(engine, of("a", aliases="One"), of("b", name="Two"), of("c", name="One"))
    assert stored["name"] == "X"
    assert stored["aliases"] == ["One", "Two"]


def test_a_name_that_differs_where_there_are_no_aliases(engine: Engine) -> None:
    def version(source: str, name: str) -> Rows:
        return {"Person": [{"id": "person:p", "name": name, "source": f"source:{source}"}]}

    write(engine, {"Source": SOURCES})
    write(engine, version("a", "P"))
    assert write(engine, version("b", "Q")).notes == [
        "1 values differ from what an earlier source says; the earlier ones were kept"
    ]


def test_the_same_fact_of_another_source_is_a_fact_of_its_own(engine: Engine) -> None:
    def version(source: str) -> Rows:
        ends: Row = {"from": "firm:x", "to": "network:n", "source": f"source:{source}"}
        return {"Network": [{"id": "network:n", "name": "N"}], "MEMBER_OF": [ends]}

    loaded(engine, of("a"), version("a"), version("b"), version("a"))
    assert [p["source"] for _, _, p in facts(engine, "MEMBER_OF")] in (
        ["source:a", "source:b"],
        ["source:b", "source:a"],
    )


@pytest.mark.parametrize("sources", [("a", "b"), ("a", None), (None, "b"), ("a", "b", "c")])
def test_sources_loaded_in_turn_settle_after_one_round(
    engine: Engine, sources: tuple[str | None, ...]
) -> None:
    facts_: dict[str | None, Row] = {
        "a": {"name": "A", "city": "Kista", "aliases": "One;B", "founded": 1999},
        "b": {"name": "B", "city": "Solna", "aliases": "Two", "country": "SE", "evidence": "b"},
        "c": {"name": "C", "founded": 2001, "segments": "x;y"},
        None: {"name": "N", "city": "Umeå", "homepage": "https://x.example", "aliases": "A;N"},
    }
    versions = [of(s, **facts_[s]) for s in sources]
    settled = loaded(engine, *versions)
    for _ in range(2):
        for version in versions:
            assert write(engine, version, today=LATER).total == Count(read=1, unchanged=1)
            assert firm(engine) == settled
    assert settled["name"] == facts_[sources[0]]["name"]


# --- relationships -------------------------------------------------------------------------------


def test_symmetric_relationships_are_stored_once(engine: Engine) -> None:
    firms: list[Row] = [{"id": f"firm:{i}", "name": i} for i in "ab"]
    people: list[Row] = [{"id": f"person:{i}", "name": i} for i in "pq"]
    there: Rows = {
        "Firm": firms,
        "Person": people,
        "KNOWS": [{"from": "person:p", "to": "person:q", "strength": 0.5}],
        "COMPETES_WITH": [{"from": "firm:a", "to": "firm:b", "market": "m"}],
    }
    back: Rows = {
        "KNOWS": [{"from": "person:q", "to": "person:p", "strength": 0.7}],
        "COMPETES_WITH": [{"from": "firm:b", "to": "firm:a", "market": "m"}],
    }
    write(engine, there)
    summary = write(engine, back)
    assert summary.counts == {
        "KNOWS": Count(read=1, changed=1),
        "COMPETES_WITH": Count(read=1, unchanged=1),
    }
    ((a, b, stored),) = facts(engine, "KNOWS")
    assert (a, b, stored["strength"]) == ("person:p", "person:q", 0.7)
    assert [(a, b) for a, b, _ in facts(engine, "COMPETES_WITH")] == [("firm:a", "firm:b")]


def test_ends_and_sources_that_do_not_exist(engine: Engine) -> None:
    rows: Rows = {
        "Source": [{"id": "source:a", "title": "A"}],
        "Firm": [
            {"id": "firm:x", "name": "X", "source": "source:a"},
            {"id": "firm:y", "name": "Y", "source": "source:nowhere"},
        ],
        "Network": [{"id": "network:n", "name": "N"}],
        "MEMBER_OF": [
            {"from": "firm:x", "to": "network:n", "tier": "gold"},
            {"from": "firm:y", "to": "network:n", "tier": "gold"},  # rejected above
            {"from": "firm:nobody", "to": "network:none", "source": "source:none", "since": "2011"},
        ],
    }
    for dry in (True, False):
        summary = write(engine, rows, dry=dry)
        told = [
            (r.type, r.file, r.line, p.field, p.reason) for r in summary.rejects for p in r.problems
        ]
        nowhere = "is neither in this load nor in the graph"
        assert told == [
            ("Firm", "Firm.csv", 2, "source", f"'source:nowhere' {nowhere}"),
            ("MEMBER_OF", "MEMBER_OF.csv", 2, "from", f"'firm:y' {nowhere}"),
            ("MEMBER_OF", "MEMBER_OF.csv", 3, "from", f"'firm:nobody' {nowhere}"),
            ("MEMBER_OF", "MEMBER_OF.csv", 3, "to", f"'network:none' {nowhere}"),
            ("MEMBER_OF", "MEMBER_OF.csv", 3, "source", f"'source:none' {nowhere}"),
        ]
        assert summary.rejects[2].row == rows["MEMBER_OF"][2] | {"since": dt.date(2011, 1, 1)}
        assert summary.counts["MEMBER_OF"] == Count(read=3, created=1, rejected=2)
        assert len(facts(engine, "MEMBER_OF")) == (0 if dry else 1)


def test_ends_may_be_in_the_graph_already(engine: Engine) -> None:
    write(engine, {"Firm": [{"id": "firm:x", "name": "X"}]})
    write(engine, {"Network": [{"id": "network:n", "name": "N"}]})
    summary = write(engine, {"MEMBER_OF": [{"from": "firm:x", "to": "network:n"}]})
    assert summary.total == Count(read=1, created=1)


# --- batches -------------------------------------------------------------------------------------


class Spy:
    """An engine that counts the batches it is given."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.batches: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def write_rows(self, statement: str, rows: Sequence[Row], columns: object) -> int:
        self.batches.append(len(rows))
        return self._engine.write_rows(statement, rows, columns)  # type: ignore[arg-type]


def batches(engine: Engine, rows: Rows, batch: int) -> list[int]:
    spy = Spy(engine)
    writer = Writer(spy, today=TODAY, batch=batch)  # type: ignore[arg-type]
    writer.run([lambda: items(rows)])
    return spy.batches


def test_batches_are_no_larger_than_asked(engine: Engine) -> None:
    some: list[Row] = [{"id": f"firm:{i}", "name": str(i)} for i in range(7)]
    assert batches(engine, {"Firm": some}, 3) == [3, 3, 1]
    assert batches(engine, {"Firm": some}, 3) == [], "nothing to write"


def test_a_repeated_id_starts_a_new_batch(engine: Engine) -> None:
    rows: Rows = {
        "Firm": [
            {"id": "firm:x", "name": "X", "city": "Kista"},
            {"id": "firm:y", "name": "Y"},
            {"id": "firm:x", "name": "X", "city": "Solna", "founded": 1999},
        ]
    }
    assert batches(engine, rows, 100) == [2, 1]
    assert firm(engine)["city"] == "Solna"
    assert firm(engine)["founded"] == 1999


def test_each_pair_of_labels_is_a_batch_of_its_own(engine: Engine) -> None:
    rows: Rows = {
        "Firm": [{"id": "firm:x", "name": "X"}],
        "Person": [{"id": "person:p", "name": "P"}],
        "Network": [{"id": f"network:{n}", "name": n} for n in "mn"],
        "MEMBER_OF": [
            {"from": "firm:x", "to": "network:m"},
            {"from": "person:p", "to": "network:m"},
            {"from": "person:p", "to": "network:n"},
            {"from": "firm:x", "to": "network:n"},
        ],
    }
    assert batches(engine, rows, 100) == [1, 1, 2, 1, 2, 1]
    assert len(facts(engine, "MEMBER_OF")) == 4


def test_a_dry_run_writes_nothing(engine: Engine) -> None:
    rows: Rows = {
        "Firm": [{"id": f"firm:{i}", "name": i} for i in "ab"],
        "COMPETES_WITH": [{"from": "firm:a", "to": "firm:b"}],
    }
    before = engine.stamp()
    assert write(engine, rows, dry=True, batch=1).total == Count(read=3, created=3)
    assert engine.stamp() == before
    assert engine.read("MATCH (n:Firm) RETURN n") == []


def test_progress_notes_and_rejects_are_passed_on(engine: Engine) -> None:
    bad = Rejected("Firm", "Firm.csv", 9, (Problem("name", "missing"),))

    def read() -> Iterable[Item]:
        yield Note("something to know")
        yield bad
        yield from items({"Firm": [{"id": f"firm:{i}", "name": i} for i in "abc"]})

    seen: list[tuple[str, int]] = []
    writer = Writer(engine, today=TODAY, batch=2, progress=lambda n, k: seen.append((n, k)))
    summary = writer.run([read])
    assert summary.notes == ["something to know"]
    assert summary.rejects == [bad]
    assert summary.counts == {"Firm": Count(read=4, created=3, rejected=1)}
    assert seen == [("Firm", 2), ("Firm", 1)]


def test_a_reader_sees_what_the_one_before_it_wrote(engine: Engine) -> None:
    found: list[int] = []

    def second() -> Iterable[Item]:
        found.append(len(engine.read("MATCH (f:Firm) RETURN f")))
        return items({"Firm": [{"id": "firm:b", "name": "B"}]})

    Writer(engine, today=TODAY).run(
        [lambda: items({"Firm": [{"id": "firm:a", "name": "A"}]}), second]
    )
    assert found == [1]
