"""Erasing a person: from the graph, its statements and a rejects file, with proof.

**Our rule**: the person and every fact of theirs go, and so do all statements about them. In free
text (evidence, descriptions, terms, motives, names of alliances, titles of sources…) their name of
two words or more becomes `[erased]`. Names of firms, networks, places and capabilities stay as they
are, and so do ids and texts with a name of a single word: they are told, to be looked at. A salted
hash keeps the person out of later loads.
"""

import csv
import datetime as dt
import io
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import (
    SCHEMA,
    STATEMENT,
    NodeType,
    RelationshipType,
    Value,
    columns,
    ddl,
    delete,
    key_columns,
    upsert,
)

from .erased import Erased, entry, words_of
from .ledger import write_statements

MERGE: Final = SCHEMA.nodes["Merge"]
# Whose names are theirs even if they are a person's too.
NAMED: Final = ("Firm", "Network", "Place", "Capability")
_NAMES: Final = ("name", "aliases")
# Properties that hold JSON.
_JSON: Final = (
    *(("Statement", name) for name in ("said", "beneath")),
    ("Merge", "record"),
    ("Judgement", "matching"),
)
_NOT_TEXT: Final = ("id", "source", "about", "of", "kind", "ends")

Stored = Mapping[str, object]


class Erasure(BaseModel):
    """What an erasure took away, and what it found when it looked afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done: bool = Field(description="false: this is what would go")
    people: int
    facts: dict[str, int] = Field(description="facts of theirs that went, by type")
    statements: int = Field(description="statements on record about them that went")
    texts: dict[str, int] = Field(description="nodes and facts whose text named them, by type")
    rejects: int | None = Field(description="rows of the rejects file that went")
    left: list[str] = Field(
        description="what has their name in it and was left: names of organisations, ids, texts "
        "with a name of a single word"
    )
    looked_at: dict[str, int] = Field(
        description="afterwards: nodes and facts that were searched, by type; none names them"
    )
    found: int = Field(description="how many of those still name them, beside what was left")
    bytes_found: int | None = Field(
        description="how often id and name still stand in the bytes of the database's files; "
        "null: a server's files are its own, and its log keeps deleted values until it is rotated"
    )


def erase(
    engine: Engine,
    person: str,
    *,
    today: dt.date,
    dry_run: bool = False,
    rejects: Path | None = None,
) -> Erasure:
    """Erase a person.

    Parameters
    ----------
    engine : Engine
    person : str
        Id of a Person.
    today : datetime.date
    dry_run : bool
        Only tell what would go.
    rejects : Path, optional
        A rejects file that loads have written: rows that name the person leave it.

    Raises
    ------
    InvalidRequest
        There is no such person.
    """
    rows = engine.read("MATCH (p:Person {id: $id}) RETURN p", id=person)
    if not rows:
        raise InvalidRequest(f"no person has the id {person!r}", "person")
    node = rows[0]["p"]
    assert isinstance(node, Node)
    name = str(node.properties["name"])
    facts = _facts(engine, person)
    ids = {person, *(id_ for some in facts.values() for _, _, id_ in some)}
    gone = _Gone(person, name, ids, today)
    statements = [str(s["id"]) for s in _all(engine, STATEMENT) if _concerns(s, ids, person)]
    changed = {t.name: list(gone.cleaned(engine, t)) for t in SCHEMA}
    if not dry_run:
        # First what keeps them out: if this is cut short, a load does not bring them back.
        write_statements(engine, [gone.entry])
        _delete(engine, STATEMENT, [{"id": i} for i in statements])
        for type_ in SCHEMA:
            _rewrite(engine, type_, changed[type_.name], set(statements), ids)
        _delete(engine, SCHEMA.nodes["Person"], [{"id": person}])
        engine.rewrite(ddl(engine.dialect))
    dropped = _clean_rejects(rejects, gone.erased, dry=dry_run) if rejects else None
    looked_at, found, left = gone.search(engine, ids | set(statements) if dry_run else set())
    return Erasure(
        done=not dry_run,
        people=1,
        facts={t: len(some) for t, some in facts.items() if some},
        statements=len(statements),
        texts={
            t: n
            for t, some in changed.items()
            if (n := sum(str(r["id"]) not in ids | set(statements) for r in some))
        },
        rejects=dropped,
        left=left,
        looked_at=looked_at,
        found=found,
        bytes_found=None if dry_run else engine.count_bytes([person, name]),
    )


class _Gone:
    """Who is erased, and how they are recognised."""

    def __init__(self, person: str, name: str, facts: set[str], today: dt.date) -> None:
        self._id = person
        self._facts = facts  # their ids are made of the person's, too
        self._words = words_of(name)
        salt = secrets.token_hex(16)
        names = [name] if len(self._words) > 1 else []
        self.entry = entry(salt, person, names, today)
        self.erased = Erased.of([self.entry])
        # To look for a name of one word too.
        self._any = Erased.of([entry(salt, person, [name], today)])

    def cleaned(
        self, engine: Engine, type_: NodeType | RelationshipType
    ) -> Iterator[dict[str, object]]:
        """Whatever of a type has the name in its text, without it; with ends, if a fact."""
        for row in _all(engine, type_):
            clean = dict(row)
            for name in _texts(type_):
                if name in row and not (type_.name in NAMED and name in _NAMES):
                    value = row[name]
                    assert isinstance(value, str | list)
                    clean[name] = _clean(self.erased, type_, name, value)
            if type_ is MERGE and isinstance(facts := row.get("facts"), list):
                clean["facts"] = [f for f in facts if f not in self._facts] or None
            if clean != row:
                yield clean

    def search(self, engine: Engine, without: set[str]) -> tuple[dict[str, int], int, list[str]]:
        """What was looked at, how much still names them, and what was left with the name in it."""
        looked_at: dict[str, int] = {}
        found = 0
        left: list[str] = []
        for type_ in SCHEMA:
            n = 0
            for row in _all(engine, type_):
                n += 1
                id_ = str(row["id"])
                if id_ in without:
                    continue
                if self._id in (id_, row.get("from_id"), row.get("to_id"), row.get("about")):
                    found += 1
                if isinstance(moved := row.get("facts"), list):
                    found += not self._facts.isdisjoint(moved)
                if len(self._words) > 1 and "-".join(self._words) in id_.casefold():
                    left.append(f"{type_.name} {id_}: id")
                for name in _texts(type_):
                    value = row.get(name)
                    if (
                        isinstance(value, str | list)
                        and _clean(self._any, type_, name, value) != value
                    ):
                        named = type_.name in NAMED and name in _NAMES
                        if named or len(self._words) == 1:
                            left.append(f"{type_.name} {id_}: {name}")
                        else:
                            found += 1
            if n:
                looked_at[type_.name] = n
        return looked_at, found, left


def _clean(
    erased: Erased, type_: NodeType | RelationshipType, name: str, value: str | list[str]
) -> Value:
    """A value without the names; those in JSON may be written in another way there."""
    if (type_.name, name) in _JSON and isinstance(value, str):
        return erased.cleaned_json(value)
    return erased.cleaned(value)


def _texts(type_: NodeType | RelationshipType) -> list[str]:
    return [
        p.name
        for p in type_.properties
        if p.type in ("string", "strings") and not p.choices and p.name not in _NOT_TEXT
    ]


def _all(engine: Engine, type_: NodeType | RelationshipType) -> Iterator[dict[str, object]]:
    """Everything of a type; facts with `from_id` and `to_id`."""
    if isinstance(type_, NodeType):
        for row in engine.read(f"MATCH (x:{type_.label}) RETURN x"):
            assert isinstance(row["x"], Node)
            yield dict(row["x"].properties)
        return
    query = f"MATCH (a)-[x:{type_.type}]->(b) RETURN a.id AS from_id, x, b.id AS to_id"
    for row in engine.read(query):
        assert isinstance(row["x"], Edge)
        yield {"from_id": row["from_id"], "to_id": row["to_id"], **row["x"].properties}


def _facts(engine: Engine, person: str) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for type_ in SCHEMA.relationships.values():
        if any("Person" in pair for pair in type_.ends):
            rows = engine.read(
                f"MATCH (a)-[x:{type_.type}]->(b) WHERE a.id = $id OR b.id = $id "
                "RETURN a.id AS one, b.id AS other, x.id AS id",
                id=person,
            )
            found[type_.type] = [(str(r["one"]), str(r["other"]), str(r["id"])) for r in rows]
    return found


def _concerns(statement: Stored, ids: set[str], person: str) -> bool:
    ends = statement.get("ends")
    return statement["about"] in ids or (isinstance(ends, list) and person in ends)


def _delete(engine: Engine, type_: NodeType, rows: list[dict[str, object]]) -> None:
    engine.write_rows(delete(engine.dialect, type_), rows, key_columns(type_))


def _rewrite(
    engine: Engine,
    type_: NodeType | RelationshipType,
    rows: list[dict[str, object]],
    statements: set[str],
    ids: set[str],
) -> None:
    """Store cleaned rows, but for those that go anyway."""
    groups: dict[tuple[str, str] | None, list[dict[str, object]]] = {}
    for row in rows:
        if str(row["id"]) in statements | ids:
            continue
        ends = None
        if isinstance(type_, RelationshipType):
            one, other = (SCHEMA.label_of(str(row[k])) for k in ("from_id", "to_id"))
            assert one and other
            ends = one, other
        groups.setdefault(ends, []).append(row)
    for ends, some in groups.items():
        statement = upsert(engine.dialect, type_, ends, whole=True)
        engine.write_rows(statement, some, columns(type_))


def _clean_rejects(path: Path, erased: Erased, *, dry: bool) -> int:
    """Take the rows that name the person out of a rejects file; how many."""
    try:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise InvalidRequest(f"{path}: cannot be read as a rejects file: {exc}") from exc
    kept = [row for row in rows if all(erased.cleaned(cell) == cell for cell in row)]
    if not dry and len(kept) < len(rows):
        out = io.StringIO()
        csv.writer(out).writerows(kept)
        path.write_text(out.getvalue(), "utf-8", newline="")
    return len(rows) - len(kept)
