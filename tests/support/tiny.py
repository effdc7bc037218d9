"""Tiny named graphs whose answers can be checked by eye, and a way to write any small graph."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import SCHEMA, NodeRecord, columns, parse, upsert
from alliance_explorer.loaders import Located
from alliance_explorer.loaders.tabular.tables import read_tables
from alliance_explorer.loaders.writing.writer import Writer

TODAY = dt.date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples"

Row = Mapping[str, object]
Rows = Mapping[str, Iterable[Row]]


def write(engine: Engine, rows: Rows) -> None:
    """Write rows by type; nothing may be rejected."""
    items = [
        Located(parse(type_, row), "test", n)
        for type_ in SCHEMA
        for n, row in enumerate(rows.get(type_.name, ()), start=1)
    ]
    summary = Writer(engine, today=TODAY).run([lambda: items])
    assert not summary.rejects, summary.rejects


def write_quickly(engine: Engine, rows: Rows) -> None:
    """Write sound rows into an empty graph, a statement for each type and pair of labels."""
    for type_ in SCHEMA:
        groups: dict[tuple[str, str] | None, list[dict[str, object]]] = {}
        for row in rows.get(type_.name, ()):
            facts = {} if type_.name == "Source" else {"recorded_at": TODAY, "confidence": 1.0}
            record = parse(type_, {**facts, **row})
            if isinstance(record, NodeRecord):
                groups.setdefault(None, []).append(dict(record.properties))
            else:
                ends = {"from_id": record.from_id, "to_id": record.to_id}
                groups.setdefault(record.ends, []).append({**ends, **record.properties})
        for pair, group in groups.items():
            statement = upsert(engine.dialect, type_, pair)
            assert engine.write_rows(statement, group, columns(type_)) == len(group)


def firms(*names: str) -> list[Row]:
    return [{"id": f"firm:{n.lower()}", "name": n} for n in names]


def alliances(*pairs: str, **more: object) -> Rows:
    """`alliances("A-B", "B-C-D")`: firms that are parties to alliances of two or more."""
    names = sorted({n for pair in pairs for n in pair.split("-")})
    return {
        "Firm": firms(*names),
        "Alliance": [{"id": f"alliance:{p.lower()}", "name": p, **more} for p in pairs],
        "PARTY_TO": [
            {"from": f"firm:{n.lower()}", "to": f"alliance:{p.lower()}"}
            for p in pairs
            for n in p.split("-")
        ],
    }


def network(name: str, members: Iterable[str], **more: object) -> Rows:
    members = list(members)
    return {
        "Firm": firms(*members),
        "Network": [{"id": f"network:{name.lower()}", "name": name}],
        "MEMBER_OF": [
            {"from": f"firm:{m.lower()}", "to": f"network:{name.lower()}", **more} for m in members
        ],
    }


class Filling:
    """Writes rows into an empty graph; its name says which."""

    def __init__(self, rows: Rows) -> None:
        self._rows = {type_: list(some) for type_, some in rows.items()}
        self.__qualname__ = repr(self._rows)

    def __call__(self, engine: Engine) -> None:
        write(engine, self._rows)


def filling(rows: Rows) -> Callable[[Engine], None]:
    return Filling(rows)


CHAIN = alliances("A-B", "B-C", "C-D")
TRIANGLE = alliances("A-B", "B-C", "A-C")
STAR = alliances("Hub-A", "Hub-B", "Hub-C", "Hub-D")
TWO_COMPONENTS = alliances("A-B", "C-D")


def examples(engine: Engine) -> None:
    """Every bundled case."""
    for folder in sorted(p for p in EXAMPLES.iterdir() if (p / "Source.csv").exists()):
        reader = read_tables(folder, folder.name)
        items = list(reader)
        summary = Writer(engine, today=TODAY).run([items.copy])
        assert not summary.rejects, summary.rejects
