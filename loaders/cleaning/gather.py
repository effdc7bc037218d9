"""Nodes that many rows of a source speak of, put together before they are written.

**Our rule**: what the rows of one source say first of a node stands; later rows fill blanks, lists
grow, another name becomes an alias; what differs otherwise is counted and told. Memory grows with
the nodes, not with the rows.
"""

from collections.abc import Iterator, Mapping

from alliance_explorer.graph_schema import (
    InvalidRow,
    NodeRecord,
    NodeType,
    Problem,
    Properties,
    RelationshipRecord,
    RelationshipType,
    parse,
)
from alliance_explorer.loaders.model import Located, Note, Rejected

EXAMPLES = 3


class Gathered:
    """Nodes of one type by id, in the order in which they were met.

    Parameters
    ----------
    type_ : NodeType
    file : str
        What messages call the source.
    """

    def __init__(self, type_: NodeType, file: str) -> None:
        self.type = type_
        self._file = file
        self._nodes: dict[str, tuple[int, Properties]] = {}
        self._seen: set[tuple[str, int]] = set()
        self._differing = 0
        self._examples: list[str] = []

    def __contains__(self, id_: object) -> bool:
        return id_ in self._nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def add(self, row: Mapping[str, object], line: int) -> Rejected | None:
        """Take what a row says of a node; a row that is no sound node is given back."""
        known = str(row.get("id", "")), hash(tuple(map(str, row.values())))
        if known in self._seen:
            return None  # the same again, as in a list of ties
        try:
            record = parse(self.type, row)
        except InvalidRow as exc:
            return Rejected(self.type.name, self._file, line, exc.problems, dict(row))
        assert isinstance(record, NodeRecord)
        self._seen.add(known)
        if record.id in self._nodes:
            self._fill(record, line)
        else:
            self._nodes[record.id] = line, record.properties
        return None

    def _fill(self, record: NodeRecord, line: int) -> None:
        first, properties = self._nodes[record.id]
        for name, value in record.properties.items():
            before = properties.get(name)
            if before is None:
                properties[name] = value
            elif isinstance(before, list) and isinstance(value, list):
                properties[name] = list(dict.fromkeys([*before, *value]))
            elif before != value and name == "name" and "aliases" in self.type.by_name:
                aliases = properties.get("aliases") or []
                assert isinstance(aliases, list)
                properties["aliases"] = list(dict.fromkeys([*aliases, str(value)]))
            elif before != value and name not in ("source", "evidence"):
                self._differing += 1
                if len(self._examples) < EXAMPLES:
                    self._examples.append(
                        f"{record.id}, {name}: {before!r} (line {first}), {value!r} (line {line})"
                    )

    def items(self) -> Iterator[Located | Note]:
        """The nodes; then what should be known of them. Empties this."""
        for id_ in list(self._nodes):
            line, properties = self._nodes.pop(id_)
            yield Located(NodeRecord(self.type, id_, properties), self._file, line)
        if self._differing:
            yield Note(
                f"{self._file}: {self._differing:,} values of {self.type.name} differ from what an "
                f"earlier row says; the earlier ones were kept ({'; '.join(self._examples)})"
            )


class Facts:
    """Relationships of one source: each fact once.

    The same row again is left out and counted; one that says something else of the same fact is
    rejected. Memory: a hash and a line for each fact.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._first: dict[bytes, tuple[int, int]] = {}
        self._repeated = 0
        self._examples: list[str] = []

    def located(
        self, type_: RelationshipType, row: Mapping[str, object], line: int
    ) -> Located | Rejected | None:
        """The checked fact of a row; None where it stood before."""
        try:
            record = parse(type_, row)
        except InvalidRow as exc:
            return Rejected(type_.name, self._file, line, exc.problems, dict(row))
        assert isinstance(record, RelationshipRecord)
        key = bytes.fromhex(record.id)
        says = hash(tuple((k, str(v)) for k, v in sorted(record.properties.items())))
        if (before := self._first.get(key)) is None:
            self._first[key] = line, says
            return Located(record, self._file, line)
        first, said = before
        if said == says:
            self._repeated += 1
            if len(self._examples) < EXAMPLES:
                self._examples.append(f"line {line} as {first}")
            return None
        reason = f"the same fact stands already in line {first}, with other values"
        return Rejected(type_.name, self._file, line, (Problem("from", reason),), dict(row))

    def notes(self) -> Iterator[Note]:
        """How many rows said again what stood before."""
        if self._repeated:
            yield Note(
                f"{self._file}: {self._repeated:,} relationships stand there twice, with the same "
                f"values: taken once ({'; '.join(self._examples)})"
            )
