"""The schema is sound, and everything that is said to follow from it does."""

import datetime as dt
import itertools
import re
from pathlib import Path

import pytest

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeRecord,
    NodeType,
    Property,
    RelationshipType,
    columns,
    columns_of,
    ddl,
    document,
    existing,
    key_columns,
    known_ids,
    parse,
    upsert,
)
from alliance_explorer.graph_schema.statements import FULLTEXT_INDEX
from tests.support.tiny import write

DIALECTS = ("ladybug", "neo4j")
TYPES = {t.name: t for t in SCHEMA}
DOCUMENT = Path(__file__).parents[2] / "docs" / "schema.md"

every_type = pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
every_node = pytest.mark.parametrize("type_", SCHEMA.nodes.values(), ids=SCHEMA.nodes)
every_relationship = pytest.mark.parametrize(
    "type_", SCHEMA.relationships.values(), ids=SCHEMA.relationships
)
both_dialects = pytest.mark.parametrize("dialect", DIALECTS)


# --- the declarations ----------------------------------------------------------------------------


@every_type
def test_names_can_stand_in_cypher_and_in_file_names(type_: NodeType | RelationshipType) -> None:
    wanted = r"[A-Z][A-Za-z]*" if isinstance(type_, NodeType) else r"[A-Z]+(_[A-Z]+)*"
    assert re.fullmatch(wanted, type_.name)
    names = [p.name for p in type_.properties]
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert len(set(names)) == len(names)
    # `from` and `to` are columns of relationships, `type` is the field that NDJSON adds.
    assert not {"from", "to", "from_id", "to_id", "type"} & set(names)


@every_type
def test_properties_are_declared_well(type_: NodeType | RelationshipType) -> None:
    assert type_.properties[0].name == "id"
    assert type_.description.endswith(".")
    for p in type_.properties:
        assert p.description, p.name
        assert len(set(p.choices)) == len(p.choices)
        assert not p.choices or p.type == "string"
        assert not p.bounds or (p.type in ("int", "float") and p.bounds[0] < p.bounds[1])
        assert not p.exclusive_end or p.type == "date"
        assert p.exclusive_end == (p.name in ("until", "end"))


@every_type
def test_every_fact_carries_where_it_is_from(type_: NodeType | RelationshipType) -> None:
    carried = {"source", "evidence", "confidence", "recorded_at"} & type_.by_name.keys()
    assert len(carried) == (0 if type_.name == "Source" else 4)


@every_node
def test_nodes(type_: NodeType) -> None:
    assert set(type_.indexed) <= type_.by_name.keys()
    assert type_.by_name["id"].required
    assert SCHEMA.label_of(f"{type_.prefix}x") == type_.label


def test_ids_tell_the_label() -> None:
    prefixes = [n.prefix for n in SCHEMA.nodes.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert SCHEMA.label_of("nothing:x") is None


@every_relationship
def test_relationships(type_: RelationshipType) -> None:
    assert {label for pair in type_.ends for label in pair} <= SCHEMA.nodes.keys()
    assert set(type_.key) <= type_.by_name.keys() - {"id", "source"}
    # Rows are checked one end at a time.
    firsts, seconds = {a for a, _ in type_.ends}, {b for _, b in type_.ends}
    assert set(type_.ends) == set(itertools.product(firsts, seconds))
    if type_.symmetric:
        assert all(a == b for a, b in type_.ends)


def test_nodes_come_before_what_joins_them() -> None:
    kinds = [isinstance(t, NodeType) for t in SCHEMA]
    assert kinds == sorted(kinds, reverse=True)
    assert next(iter(SCHEMA)).name == "Source", "every other type may refer to it"


# --- DDL and statements --------------------------------------------------------------------------


@both_dialects
@every_type
def test_ddl_has_every_type(dialect: str, type_: NodeType | RelationshipType) -> None:
    text = "\n".join(ddl(dialect))
    if dialect == "neo4j":
        assert f":{type_.name})" in text or f":{type_.name}]" in text
        return
    kind = "NODE" if isinstance(type_, NodeType) else "REL"
    (own,) = (
        s for s in ddl(dialect) if s.startswith(f"CREATE {kind} TABLE IF NOT EXISTS {type_.name}(")
    )
    assert all(f"`{p.name}` " in own for p in type_.properties)
    if isinstance(type_, RelationshipType):
        assert all(f"FROM {a} TO {b}" in own for a, b in type_.ends)


@every_node
def test_neo4j_ddl_has_a_constraint_and_the_indexes(type_: NodeType) -> None:
    statements = ddl("neo4j")
    assert any(f"(n:{type_.label}) REQUIRE n.id IS UNIQUE" in s for s in statements)
    for name in type_.indexed:
        assert any(f"(n:{type_.label}) ON (n.{name})" in s for s in statements)
    if "name" in type_.by_name:
        (names,) = (s for s in statements if "FULLTEXT" in s)
        assert type_.label in re.split(r"\W", names)


@both_dialects
@every_type
def test_statements_name_every_property(dialect: str, type_: NodeType | RelationshipType) -> None:
    for ends in type_.ends if isinstance(type_, RelationshipType) else (None,):
        written = upsert(dialect, type_, ends)
        if dialect == "ladybug":
            assert all(p.name == "id" or f"x.`{p.name}` = " in written for p in type_.properties)
        else:  # the row as a map; that everything comes back is tested below
            assert "SET x += row" in written
        assert type_.name in existing(dialect, type_, ends)
    if isinstance(type_, NodeType):
        assert type_.label in known_ids(dialect, type_)
        assert columns(type_).keys() == type_.by_name.keys()
        assert key_columns(type_).keys() == {"id"}
    else:
        assert columns(type_).keys() == type_.by_name.keys() | {"from_id", "to_id"}
        assert key_columns(type_).keys() == {"id", "from_id", "to_id"}


def test_statements_for_labels_that_it_does_not_join() -> None:
    for ends in (None, ("Network", "Firm")):
        with pytest.raises(ValueError, match="MEMBER_OF does not join"):
            upsert("ladybug", SCHEMA.relationships["MEMBER_OF"], ends)


def test_ddl_can_be_run_again(engine: Engine) -> None:
    write(engine, {"Firm": [{"id": "firm:a", "name": "A"}]})
    engine.define(ddl(engine.dialect))
    assert len(engine.read("MATCH (f:Firm) RETURN f")) == 1
    info = engine.info()
    assert info.problems == []
    if engine.dialect == "neo4j":
        assert any(index.startswith(f"{FULLTEXT_INDEX} ") for index in info.indexes)


# --- every property there and back ---------------------------------------------------------------


def _values(p: Property, variant: int) -> object:
    """A value of a property as a table has it: an ordinary one, or one at the edge."""
    if p.choices:
        return p.choices[-variant]
    edges = {"int": 2**63 - 1, "float": -1.5e308}
    return {
        "string": ("text", "\"'`\\ \u2028\r\n\t$rows {x} 😀 e\u0301 ﷽"),
        "int": (1234, int(p.bounds[1]) if p.bounds else edges["int"]),
        "float": (0.25, p.bounds[1] if p.bounds else edges["float"]),
        "bool": (True, False),
        "date": ("2011-03-31", "0001-01-01"),
        "strings": (["a", "b"], ["x;y", "'", "\\", "$x"]),
    }[p.type][variant]


def _row(type_: NodeType | RelationshipType, variant: int) -> dict[str, object]:
    row = {p.name: _values(p, variant) for p in type_.properties}
    if isinstance(type_, NodeType):
        row["id"] = f"{type_.prefix}{variant}"
    if "source" in row:
        row["source"] = f"source:{variant}"
    for last in {"until", "end"} & row.keys():
        row[last] = "9999-12-31"
    return row


def test_everything_that_is_declared_can_be_stored(engine: Engine) -> None:
    rows: dict[str, list[dict[str, object]]] = {}
    for type_ in SCHEMA:
        for variant in (0, 1):
            row = _row(type_, variant)
            if isinstance(type_, NodeType):
                rows.setdefault(type_.name, []).append(row)
                continue
            del row["id"]
            for a, b in type_.ends:
                other = variant if a != b else 1 - variant
                ends = {
                    "from": f"{SCHEMA.nodes[a].prefix}{variant}",
                    "to": f"{SCHEMA.nodes[b].prefix}{other}",
                }
                rows.setdefault(type_.name, []).append(ends | row)
    for type_ in SCHEMA:
        no_id = {"id"} if isinstance(type_, RelationshipType) else set()
        assert all(r.keys() == set(columns_of(type_)) - no_id for r in rows[type_.name]), (
            "nothing left out"
        )
    write(engine, rows)
    for type_ in SCHEMA:
        records = [parse(type_, row) for row in rows[type_.name]]
        expected = {str(r.properties["id"]): r.properties for r in records}
        query = (
            f"MATCH (x:{type_.name}) RETURN x"
            if isinstance(type_, NodeType)
            else f"MATCH ()-[x:{type_.name}]->() RETURN x"
        )
        stored = {}
        for found in engine.read(query):
            entity = found["x"]
            assert isinstance(entity, Node | Edge)
            stored[str(entity.properties["id"])] = dict(entity.properties)
        assert stored == expected, type_.name
        for r in records:
            assert isinstance(r, NodeRecord) or r.from_id != r.to_id
            if "recorded_at" in r.properties:
                assert type(stored[str(r.properties["id"])]["recorded_at"]) is dt.date


# --- the document --------------------------------------------------------------------------------


@every_type
def test_document_has_everything(type_: NodeType | RelationshipType) -> None:
    (own,) = (s for s in document().split("\n### ")[1:] if re.match(rf"{type_.name}\b", s))
    assert type_.description in own
    for column in columns_of(type_):
        assert f"| `{column}` |" in own or column in ("from", "to", "id")
    for p in type_.properties[isinstance(type_, RelationshipType) :]:
        (line,) = (line for line in own.splitlines() if line.startswith(f"| `{p.name}` |"))
        assert p.description.replace("|", "\\|") in line
        assert all(f"`{choice}`" in line for choice in p.choices)
        assert p.unit is None or f"[{p.unit}]" in line
        assert ("required" in line) == p.required
        assert line.count(" | ") == 2, "three cells"
    if isinstance(type_, RelationshipType):
        mark = "–" if type_.symmetric else "→"
        assert all(f"{a} {mark} {b}" in own for a, b in type_.ends)
        assert "`id`" not in own


def test_the_document_in_docs_is_the_present_one() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "make docs"
