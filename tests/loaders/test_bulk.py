"""The bulk path makes the same graph as batches do, and is taken only where it is fast."""

import itertools
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.engine import Engine, open_engine, rewriting
from alliance_explorer.errors import EngineError
from alliance_explorer.graph_schema import SCHEMA, ddl, parse
from alliance_explorer.loaders.model import Count, Item, Located, Summary
from alliance_explorer.loaders.writing import outbox, writer
from alliance_explorer.loaders.writing.hashes import IdSet, hashed
from alliance_explorer.loaders.writing.writer import Writer
from tests.loaders.test_load import everything
from tests.loaders.test_writer import TODAY, Row, Rows

TYPES = {t.name: t for t in SCHEMA}
SOURCES: list[Row] = [{"id": f"source:{s}", "title": s} for s in "ab"]


def rows(firms: int, source: str) -> Rows:
    """Firms and people in two networks, firms repeated with more said of them."""
    named: Row = {"source": f"source:{source}"}
    some = range(firms)
    return {
        "Source": SOURCES,
        "Firm": [
            *(
                {"id": f"firm:{i}", "name": f"F{i}", "aliases": f"{source};x", **named}
                for i in some
            ),
            *({"id": f"firm:{i}", "name": f"F{i}", "city": source, **named} for i in some[::3]),
        ],
        "Person": [{"id": f"person:{i}", "name": f"P{i}", **named} for i in some],
        "Network": [{"id": f"network:{n}", "name": n, **named} for n in "mn"],
        "MEMBER_OF": [
            {"from": f"{who}:{i}", "to": f"network:{n}", "since": "2011", **named}
            for i, n, who in itertools.product(some, "mno", ("firm", "person"))
        ],
    }


def written(engine: Engine, *versions: Rows, batch: int | None) -> list[Summary]:
    def read(version: Rows) -> Iterator[Item]:
        for name, some in version.items():
            for line, row in enumerate(some, start=1):
                yield Located(parse(TYPES[name], row), f"{name}.csv", line)

    summaries = []
    for version in versions:
        loaded = Writer(engine, today=TODAY, batch=batch)
        summaries.append(loaded.run([lambda version=version: read(version)]))  # type: ignore[misc]
    return summaries


def fresh(path: Path) -> Engine:
    engine = open_engine(f"ladybug://{path}")
    engine.define(ddl(engine.dialect))
    return engine


class Spy:
    """An engine that remembers what was copied."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.copies = engine.copies
        self.copied: list[tuple[str, int]] = []
        self.upserted: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def copy_rows(self, statement: str, some: pa.Table) -> None:
        self.copied.append((statement.split()[1], len(some)))
        self._engine.copy_rows(statement, some)

    def write_rows(self, statement: str, some: Sequence[Row], columns: object) -> int:
        self.upserted.append(len(some))
        return self._engine.write_rows(statement, some, columns)  # type: ignore[arg-type]


@pytest.mark.ladybug
@pytest.mark.parametrize(("in_memory", "most_facts"), [(0, 100), (1 << 30, 100), (0, 7)])
def test_the_same_graph_as_by_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int, most_facts: int
) -> None:
    monkeypatch.setattr(outbox, "GATHERED", in_memory)
    files = mock.Mock(side_effect=pa.memory_map)
    monkeypatch.setattr(pa, "memory_map", files)
    monkeypatch.setattr(writer, "BATCH", 5)
    versions = rows(9, "a"), rows(12, "b"), rows(13, "a")
    with fresh(tmp_path / "1") as one, fresh(tmp_path / "2") as other:
        spy = Spy(one)
        spy.copies = most_facts
        by_bulk = written(spy, *versions, batch=None)  # type: ignore[arg-type]
        by_batches = written(other, *versions, batch=5)
        assert [s.counts for s in by_bulk] == [s.counts for s in by_batches]
        assert [s.rejects for s in by_bulk] == [s.rejects for s in by_batches]
        assert everything(one) == everything(other)
        assert by_bulk[0].counts["MEMBER_OF"] == Count(read=54, created=36, rejected=18)
        assert {name for name, _ in spy.copied} == set(rows(1, "a"))
        assert any(count > 5 for _, count in spy.copied)
        assert files.called == (in_memory == 0)
        parts = [count for name, count in spy.copied if name == "MEMBER_OF"]
        assert (max(parts) < most_facts + 5) and (len(parts) > 4) == (most_facts == 7)


@pytest.mark.ladybug
def test_a_file_is_written_anew_in_parts_that_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, copied, exported = ladybug.Connection.execute, list[int](), list[int]()

    def watched(self: ladybug.Connection, query: str, *more: Any) -> Any:
        if query.startswith("COPY ") and more and more[0]:
            copied.append(len(more[0]["rows"]))
        result = execute(self, query, *more)
        if query.startswith("COPY (MATCH (a:"):  # facts, with both ends
            exported.append(pq.read_metadata(query.split("'")[-2]).num_rows)
        return result

    with fresh(tmp_path / "1") as engine:
        written(engine, rows(9, "a"), batch=None)
        before = everything(engine)
        engine.copies = 7
        monkeypatch.setattr(rewriting, "NODES", 1)
        monkeypatch.setattr(ladybug.Connection, "execute", watched)
        assert engine.rewrite(ddl(engine.dialect))
        assert everything(engine) == before
        assert max(copied) == 7 and sum(copied) == len(before)
        assert 4 < max(exported) <= 7


@pytest.mark.ladybug
def test_a_few_new_rows_beside_many_are_upserted(tmp_path: Path) -> None:
    many: Rows = {"Firm": [{"id": f"firm:{i}", "name": "x"} for i in range(200)]}
    few: Rows = {"Firm": [{"id": f"firm:new{i}", "name": "x"} for i in range(20)]}
    with fresh(tmp_path / "1") as engine:
        spy = Spy(engine)
        written(spy, many, few, batch=None)  # type: ignore[arg-type]
        assert spy.copied == [("Firm", 200)]
        assert spy.upserted == [20]
        assert engine.read("MATCH (f:Firm) RETURN count(f) AS n") == [{"n": 220}]


class Slow:
    """An engine whose copies wait until they may go on; one of them fails."""

    def __init__(self, engine: Engine, failing: str) -> None:
        self._engine = engine
        self._failing = failing
        self.may_go_on = threading.Event()
        self.copied: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def copy_rows(self, statement: str, some: pa.Table) -> None:
        assert self.may_go_on.wait(20)
        name = statement.split()[1]
        if name == self._failing:
            raise EngineError(f"no {name}")
        self.copied.append(name)
        self._engine.copy_rows(statement, some)


@pytest.mark.ladybug
def test_types_are_read_while_others_are_copied_and_none_after_what_failed(tmp_path: Path) -> None:
    with fresh(tmp_path / "1") as engine:
        slow = Slow(engine, failing="Person")

        def read() -> Iterator[Item]:
            for name, some in {**rows(9, "a"), "Firm": rows(9, "a")["Firm"][:9]}.items():
                if name == "MEMBER_OF":  # all before it were read, and none is copied yet
                    assert slow.copied == []
                    slow.may_go_on.set()
                for line, row in enumerate(some, start=1):
                    yield Located(parse(TYPES[name], row), f"{name}.csv", line)

        with pytest.raises(EngineError, match="no Person"):
            Writer(slow, today=TODAY).run([read])  # type: ignore[arg-type]
        assert slow.copied == ["Source", "Firm"]
        assert engine.read("MATCH (n:Network) RETURN count(n) AS n") == [{"n": 0}]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), unique=True))
def test_a_hash_is_of_the_text_whatever_is_hashed_with_it(texts: list[str]) -> None:
    together = [hashed(pa.array(texts, pa.string()), which).tolist() for which in (0, 1)]
    for which in (0, 1):
        alone = [hashed(pa.array([text]), which).tolist() for text in texts]
        assert [[one] for one in together[which]] == alone
        assert len(set(together[which])) == len(texts)
    assert not texts or together[0] != together[1]


@given(st.lists(st.lists(st.integers(0, 99))))
def test_a_set_of_hashes_is_a_set(added: list[list[int]]) -> None:
    ids, reference = IdSet(), set[str]()
    every = pa.array([str(n) for n in range(100)])
    for some in added:
        ids.add(pa.array([str(n) for n in some], pa.string()))
        reference.update(str(n) for n in some)
        assert set(every.to_pylist()) - set(ids.missing(every).to_pylist()) == reference
