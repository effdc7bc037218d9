"""What a writer knows of the graph that it writes to, and asks only where it must."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.graph_schema import (
    SCHEMA,
    STATEMENT,
    NodeRecord,
    NodeType,
    Record,
    RelationshipType,
    existing,
    key_columns,
    known_ids,
)

from .blocks import Block
from .hashes import IdSet, hashed

Stored = Mapping[str, object]


class Known:
    """Which nodes there are, and which records of a load may be stored already.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # By type: how many the graph had of it, and all ids that were dealt with since. They exist,
        # or will when what is under way is written.
        self._types: dict[str, tuple[int, IdSet]] = {}
        # By label: ids of other nodes that were found in the graph.
        self._found: defaultdict[str, IdSet] = defaultdict(IdSet)
        self._by_earlier: set[str] = set()
        self._empty = False

    def begin(self, *, alone: bool) -> None:
        """Another source begins, and nothing is under way.

        `alone`: nodes and facts of it are written only after this was asked for them. In an empty
        graph nothing needs to be counted then: counting waits for what is being written.
        """
        self._by_earlier = set(self._types)
        (row,) = self._engine.read("MATCH (n) RETURN count(n) AS n")
        self._empty = alone and not row["n"]

    def there(self, type_: NodeType | RelationshipType) -> int:
        """How many of a type the graph had when it was first asked."""
        return self._so_far(type_)[0]

    def all_new(self, block: Block) -> bool:
        """Whether it is certain that none of these records is stored, nor was dealt with.

        A source says in blocks what it says only once: what earlier ones said is looked at.
        """
        there, dealt_with = self._so_far(block.type)
        by_earlier = block.type.name in self._by_earlier
        return not there and not (by_earlier and dealt_with.has(block.hashes).any())

    def deal_with(self, block: Block) -> None:
        """Remember that these are written, or about to be."""
        self._so_far(block.type)[1].add_hashed(block.hashes)

    def absent(self, ids: Iterable[str]) -> set[str]:
        """Those ids that no node has."""
        by_label = defaultdict[str, list[str]](list)
        for id_ in ids:
            by_label[SCHEMA.label_of(id_) or ""].append(id_)
        absent = set(by_label.pop("", ()))
        some = {label: pa.array(these, pa.string()) for label, these in by_label.items()}
        return absent.union(*(self.absent_of(label, these) for label, these in some.items()))

    def absent_of(self, label: str, ids: pa.StringArray) -> list[str]:
        """Those ids, none of them twice, that no node of this label has."""
        type_, found = SCHEMA.nodes[label], self._found[label]
        absent: list[str] = found.missing(self._so_far(type_)[1].missing(ids)).to_pylist()
        if absent:
            query = known_ids(self._engine.dialect, type_)
            rows = self._engine.read_rows(query, [{"id": i} for i in absent], key_columns(type_))
            there = {str(row["id"]) for row in rows}
            found.add(pa.array(sorted(there), pa.string()))
            absent = [id_ for id_ in absent if id_ not in there]
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
        some = hashed(pa.array([record.id for record in records], pa.string()))
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

    def _so_far(self, type_: NodeType | RelationshipType) -> tuple[int, IdSet]:
        if type_.name not in self._types:
            # The load itself keeps statements beside what it reads.
            none = self._empty and type_ is not STATEMENT
            self._types[type_.name] = 0 if none else self._count(type_), IdSet()
        return self._types[type_.name]

    def _count(self, type_: NodeType | RelationshipType) -> int:
        """How many the graph has of a type; both engines keep the count.

        It may have to wait for a copy: so it has the time of a write.
        """
        if isinstance(type_, NodeType):
            pattern = f"(x:{type_.label})"
        else:
            pattern = f"()-[x:{type_.type}]->()"
        (row,) = self._engine.read_whole(f"MATCH {pattern} RETURN count(x) AS n")
        assert isinstance(row["n"], int)
        return row["n"]
