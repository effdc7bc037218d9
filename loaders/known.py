"""What a writer knows of the graph that it writes to, and asks only where it must."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeRecord,
    NodeType,
    Record,
    RelationshipType,
    existing,
    key_columns,
    known_ids,
)

from .hashes import Hashed, IdSet, hashed

Stored = Mapping[str, object]


class Known:
    """Which nodes there are, and which records of a load may be stored already.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        # Ids of nodes that are known to exist, or will when what is under way is written.
        self.nodes = IdSet()
        self._engine = engine
        # By type: how many the graph had of it, and all ids that were dealt with since.
        self._types: dict[str, tuple[int, IdSet]] = {}

    def there(self, type_: NodeType | RelationshipType) -> int:
        """How many of a type the graph had when it was first asked."""
        return self._so_far(type_)[0]

    def all_new(self, type_: NodeType | RelationshipType, some: Hashed) -> bool:
        """Whether it is certain that none of these is stored, nor was dealt with."""
        there, dealt_with = self._so_far(type_)
        return not there and not dealt_with.has(some).any()

    def deal_with(self, type_: NodeType | RelationshipType, some: Hashed) -> None:
        """Remember that these are written, or about to be."""
        self._so_far(type_)[1].add_hashed(some)
        if isinstance(type_, NodeType):
            self.nodes.add_hashed(some)

    def absent(self, ids: Iterable[str]) -> list[str]:
        """Those ids that no node has."""
        absent = self.nodes.missing(ids)
        if absent:
            found = self._in_graph(absent)
            self.nodes.add(found)
            absent = [id_ for id_ in absent if id_ not in found]
        return absent

    def stored(
        self,
        type_: NodeType | RelationshipType,
        ends: tuple[str, str] | None,
        records: Sequence[Record],
        settle: Callable[[], None],
    ) -> dict[str, Stored]:
        """What is stored under the ids of records, which from now on count as dealt with.

        `settle` is called first if something of it may be under way.
        """
        there, dealt_with = self._so_far(type_)
        some = hashed([record.id for record in records])
        repeated = dealt_with.has(some)
        dealt_with.add_hashed(some)
        if repeated.any():
            settle()
        keys: list[dict[str, object]] = []
        for record, again in zip(records, repeated.tolist(), strict=True):
            if not (there or again):
                continue
            if isinstance(record, NodeRecord):
                keys.append({"id": record.id})
            else:
                keys.append({"id": record.id, "from_id": record.from_id, "to_id": record.to_id})
        stored: dict[str, Stored] = {}
        if keys:
            query = existing(self._engine.dialect, type_, ends)
            for row in self._engine.read_rows(query, keys, key_columns(type_)):
                entity = row["x"]
                assert isinstance(entity, Node | Edge)
                stored[str(entity.properties["id"])] = entity.properties
        return stored

    def _in_graph(self, ids: Iterable[str]) -> set[str]:
        by_label: dict[str, list[str]] = {}
        for id_ in ids:
            if label := SCHEMA.label_of(id_):
                by_label.setdefault(label, []).append(id_)
        found: set[str] = set()
        for label, some in by_label.items():
            type_ = SCHEMA.nodes[label]
            query = known_ids(self._engine.dialect, type_)
            rows = self._engine.read_rows(query, [{"id": i} for i in some], key_columns(type_))
            found.update(str(row["id"]) for row in rows)
        return found

    def _so_far(self, type_: NodeType | RelationshipType) -> tuple[int, IdSet]:
        if type_.name not in self._types:
            self._types[type_.name] = self._count(type_), IdSet()
        return self._types[type_.name]

    def _count(self, type_: NodeType | RelationshipType) -> int:
        """How many the graph has of a type; both engines keep the count."""
        if isinstance(type_, NodeType):
            pattern = f"(x:{type_.label})"
        else:
            pattern = f"()-[x:{type_.type}]->()"
        (row,) = self._engine.read(f"MATCH {pattern} RETURN count(x) AS n")
        assert isinstance(row["n"], int)
        return row["n"]
