"""The stored graph, or the part of it round one actor, read in batches.

The ids of a label come in pages in their order, then what is stored from one of them to another,
batch by batch; relationships by the ids that they go from. So each fact is read once, and no more
than a batch is in memory. Batches are transactions of their own: if the graph is written to
meanwhile, `Stored.finished` says so.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import groupby
from typing import Final

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.engine import Row as Fetched
from alliance_explorer.errors import EngineError
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeType,
    PropertyType,
    RelationshipType,
    Value,
    existing,
    fact_id,
    facts_between,
    facts_from,
    ids_after,
    nodes_between,
)
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.profile import entity

from .content import Content, Lost, Thing, Tie

BATCH: Final = 5_000
PAGE: Final = 100_000
MAX_AROUND: Final = 20_000
# What is passed through on the way round an actor: members of a network are not its surroundings.
_PASSED: Final = ("Alliance", "Event")

Row = Mapping[str, Value]


class Stored:
    """What is stored, by type.

    Parameters
    ----------
    explorer : Explorer
    people : bool
        Personal data too: nodes of people, and every relationship of theirs.
    around : str, optional
        Id or name of a firm, person or network: only it, what it is tied to, the other parties of
        its alliances and events, what is stored between all these, and the sources of it.
    batch, page : int
        Nodes looked up at once; ids read at once.
    """

    def __init__(
        self,
        explorer: Explorer,
        *,
        people: bool = False,
        around: str | None = None,
        batch: int = BATCH,
        page: int = PAGE,
    ) -> None:
        self.lost = Lost()
        self.today = explorer.today
        self._engine: Engine = explorer.engine
        self._people = people
        self._batch, self._page = batch, page
        self._stamp = self._engine.stamp()
        self._part: Set[str] | None = None
        if around is not None:
            self._part = self._surroundings(explorer.resolve(around).id)
        elif not people:
            self.lost.add("nodes of people, left out unless asked for", self._count("Person"))

    # --- by type ---------------------------------------------------------------------------------

    @cached_property
    def types(self) -> tuple[NodeType | RelationshipType, ...]:
        """Those that have anything stored, in the order of the schema."""
        return tuple(t for t in SCHEMA if self._is_there(t))

    def nodes(self, type_: NodeType) -> Iterator[Node]:
        """The nodes of a type in the order of their ids."""
        rows = existing(self._engine.dialect, type_)
        for ids in self._batches(type_.label):
            nodes = [row["x"] for row in self._read(nodes_between(type_), rows, ids)]
            assert all(isinstance(n, Node) for n in nodes)
            kept = [n for n in nodes if isinstance(n, Node) and (self._people or not _personal(n))]
            yield from sorted(kept, key=lambda n: n.id)

    def facts(self, type_: RelationshipType) -> Iterator[tuple[str, str, Edge]]:
        """The relationships of a type: id of one end, of the other, what is stored between them."""
        for ends in type_.ends:
            if not self._people and "Person" in ends:
                continue
            between, rows = (
                facts_between(type_, ends),
                facts_from(self._engine.dialect, type_, ends),
            )
            for ids in self._batches(ends[0]):
                found = []
                for row in self._read(between, rows, ids):
                    edge, to_id = row["x"], str(row["to_id"])
                    assert isinstance(edge, Edge)
                    if self._part is None or to_id in self._part:
                        found.append((str(row["from_id"]), to_id, edge))
                found.sort(key=lambda f: (f[0], f[1], str(f[2].properties.get("id"))))
                yield from found

    def rows(self, type_: NodeType | RelationshipType) -> Iterator[Row]:
        """The rows of a table, as `graph_schema.parse` takes them."""
        if isinstance(type_, NodeType):
            for node in self.nodes(type_):
                yield _known(type_, node.properties)
        else:
            for from_id, to_id, edge in self.facts(type_):
                _, own = _fact(type_, from_id, to_id, edge)
                yield {"from": from_id, "to": to_id, **own}

    def with_facts(
        self, type_: NodeType, fact: RelationshipType
    ) -> Iterator[tuple[Row, list[Row]]]:
        """The rows of nodes, each with those of the facts that go from it.

        Both come in the same order, and are read side by side; the type is to be the first that
        such facts go from.
        """
        groups = groupby(self.rows(fact), lambda row: row["from"])
        from_id, found = next(groups, ("", iter(())))
        for row in self.rows(type_):
            if row["id"] == from_id:
                yield row, list(found)
                from_id, found = next(groups, ("", iter(())))
            else:
                yield row, []

    def lose_all_but(self, held: Collection[NodeType | RelationshipType], why: str) -> None:
        """Count what is stored of types that a format does not hold."""
        for type_ in self.types:
            if type_ not in held:
                self.lost.add(f"{type_.name}, which {why}", sum(1 for _ in self.rows(type_)))

    def finished(self) -> None:
        """To be called when all is read.

        Raises
        ------
        EngineError
            The graph was written to meanwhile: the parts may not fit together.
        """
        if self._engine.stamp() != self._stamp:
            raise EngineError("the graph was written to while it was exported; export it again")

    # --- as one graph ----------------------------------------------------------------------------

    def content(self) -> Content:
        """The same for the formats that know nodes and ties alone."""
        there = self.types
        return Content(
            self._things,
            self._ties,
            _columns(t for t in there if isinstance(t, NodeType)),
            {"id": "string", **_columns(t for t in there if isinstance(t, RelationshipType))},
        )

    def _things(self) -> Iterator[Thing]:
        for type_ in self.types:
            if isinstance(type_, NodeType):
                for node in self.nodes(type_):
                    own = _known(type_, node.properties)
                    del own["id"]
                    yield Thing(node.id, type_.label, entity(node).name, own)

    def _ties(self) -> Iterator[Tie]:
        for type_ in self.types:
            if isinstance(type_, RelationshipType):
                for from_id, to_id, edge in self.facts(type_):
                    id_, own = _fact(type_, from_id, to_id, edge)
                    yield Tie(id_, type_.type, from_id, to_id, own)

    # --- reading ---------------------------------------------------------------------------------

    def _read(self, between: str, rows: str, ids: Sequence[str]) -> list[Fetched]:
        """What a query finds for some ids in a row; of a part, for these alone.

        Neo4j compares parameters by the halves of surrogate pairs, and stored ids by code points:
        what lies between U+E000 and an emoji is nothing. It looks ids up as quickly.
        """
        if self._part is None and self._engine.dialect == "ladybug":
            return self._engine.read(between, first=ids[0], last=ids[-1])
        return self._engine.read_rows(rows, [{"id": i} for i in ids], {"id": "string"})

    def _batches(self, label: str) -> Iterator[list[str]]:
        """The ids of a label in their order, in batches."""
        if label == "Person" and not self._people:
            return
        for ids in self._ids(label):
            for n in range(0, len(ids), self._batch):
                yield ids[n : n + self._batch]

    def _ids(self, label: str) -> Iterator[list[str]]:
        if self._part is not None:
            prefix = SCHEMA.nodes[label].prefix
            yield sorted(i for i in self._part if i.startswith(prefix))
            return
        query, after = ids_after(label), ""
        while page := self._engine.read(query, after=after, limit=self._page):
            ids = [str(row["id"]) for row in page]
            yield ids
            after = ids[-1]

    def _is_there(self, type_: NodeType | RelationshipType) -> bool:
        if isinstance(type_, NodeType):
            return next(self.nodes(type_), None) is not None
        pattern = f"MATCH ()-[x:{type_.type}]->() RETURN count(x) AS n"
        return (
            self._engine.read(pattern) != [{"n": 0}] and next(self.facts(type_), None) is not None
        )

    def _count(self, label: str) -> int:
        n = self._engine.read(f"MATCH (x:{label}) RETURN count(x) AS n")[0]["n"]
        assert isinstance(n, int)
        return n

    def _surroundings(self, focal: str) -> set[str]:
        near = {focal} | self._neighbours([focal])
        passed = [i for i in near if SCHEMA.label_of(i) in _PASSED]
        ids = near | self._neighbours(passed)
        if not self._people:
            people = {i for i in ids if SCHEMA.label_of(i) == "Person"} - {focal}
            self.lost.add("nodes of people, left out unless asked for", len(people))
            ids -= people
        self._part = ids
        ids |= self._statements_about(ids)
        self._part = ids
        return ids | self._sources_of_part()

    def _neighbours(self, ids: Iterable[str]) -> set[str]:
        found: set[str] = set()
        by_label: dict[str, list[str]] = {}
        for id_ in ids:
            by_label.setdefault(SCHEMA.label_of(id_) or "", []).append(id_)
        for label, some in by_label.items():
            query = (
                f"MATCH (a:{label})-[]-(b) WHERE a.id IN $ids RETURN DISTINCT b.id AS id "
                f"ORDER BY id LIMIT {MAX_AROUND + 1}"
            )
            rows = self._engine.read(query, ids=some)
            self.lost.add(f"or more neighbours of {label}s", len(rows) // (MAX_AROUND + 1))
            found |= {str(row["id"]) for row in rows[:MAX_AROUND]}
        return found

    def _statements_about(self, ids: Set[str]) -> set[str]:
        """Ids of what else is on record about the nodes of a part, and about the facts between."""
        facts = {
            str(edge.properties.get("id"))
            for type_ in SCHEMA.relationships.values()
            for *_, edge in self.facts(type_)
        }
        about = sorted({*ids, *facts})
        query = "MATCH (s:Statement) WHERE s.about IN $about RETURN s.id AS id"
        return {
            str(row["id"])
            for n in range(0, len(about), self._batch)
            for row in self._engine.read(query, about=about[n : n + self._batch])
        }

    def _sources_of_part(self) -> set[str]:
        sources: set[str] = set()
        for type_ in SCHEMA:
            for row in self.rows(type_):
                if "source" in row:
                    sources.add(str(row["source"]))
        return sources


def _known(
    type_: NodeType | RelationshipType, properties: Mapping[str, object]
) -> dict[str, Value]:
    """What the schema knows of stored properties, in its order."""
    return {
        name: value
        for name in type_.by_name
        if isinstance(value := properties.get(name), str | int | float | bool | dt.date | list)
    }


def _fact(
    type_: RelationshipType, from_id: str, to_id: str, edge: Edge
) -> tuple[str | None, dict[str, Value]]:
    """The id of a fact, and what is known of it.

    Its id is among that only if it is not made of the ends, as after a merge: then a load could not
    find it out by itself.
    """
    own = _known(type_, edge.properties)
    id_ = own.pop("id", None)
    if id_ is None:
        return None, own
    if id_ != fact_id(type_, from_id, to_id, own):
        own["id"] = id_
    return str(id_), own


def _personal(node: Node) -> bool:
    """Whether a node says something of a person, though it is none."""
    ends = node.properties.get("ends")
    about = [node.properties.get("about"), *(ends if isinstance(ends, list) else ())]
    return any(str(id_).startswith("person:") for id_ in about)


def _columns(types: Iterable[NodeType] | Iterable[RelationshipType]) -> dict[str, PropertyType]:
    return {p.name: p.type for t in types for p in t.properties if p.name != "id"}
