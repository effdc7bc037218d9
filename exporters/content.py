"""What is exported: nodes and ties as plain values, whatever they were read from."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from alliance_explorer.graph_schema import PROVENANCE, PropertyType, Value
from alliance_explorer.queries.models import Subgraph

# `type` and `label` are what the formats call the schema's label and a name to show.
NODE_TYPE: Final = "type"
SHOWN: Final = "label"


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: its id, its schema label, a name to show, and what is known of it."""

    id: str
    label: str
    name: str
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Tie:
    """A relationship between two nodes; `id` is that of the fact, where it is one."""

    id: str | None
    type: str
    from_id: str
    to_id: str
    properties: Mapping[str, Value]


@dataclass
class Lost:
    """What a format could not hold, counted while it is written; complete when that is done."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, n: int = 1) -> None:
        """Count something that was left out."""
        if n:
            self.counts[what] += n

    def add_values(self, what: str, names: Collection[str], why: str) -> None:
        """Count properties that were left out; where a fact is from is told apart."""
        own = [name for name in names if name not in PROVENANCE]
        self.add(f"values of {what} that {why}", len(own))
        self.add("values of provenance: a load makes its own", len(names) - len(own))

    def sentences(self) -> list[str]:
        """For a reader: one for each sort of loss."""
        return [f"{n:,} {what}" for what, n in self.counts.items()]


@dataclass(frozen=True)
class Content:
    """A graph to be written.

    Parameters
    ----------
    nodes, ties : callable
        Give all nodes, and all ties, from the start at each call; a format may need two passes.
    node_columns, tie_columns : mapping of str to PropertyType
        Every property that may occur, with its type.
    about : mapping
        What the graph as a whole says of itself.
    directed : bool
        Whether its ties have a direction.
    """

    nodes: Callable[[], Iterable[Thing]]
    ties: Callable[[], Iterable[Tie]]
    node_columns: Mapping[str, PropertyType]
    tie_columns: Mapping[str, PropertyType]
    about: Mapping[str, Value] = field(default_factory=dict)
    directed: bool = True


def of_subgraph(subgraph: Subgraph) -> Content:
    """The content of a picture: nodes with their role and ring, ties with their strength."""
    nodes = [
        Thing(
            n.id,
            n.label,
            n.name,
            {"name": n.name, "role": n.role, "ring": n.ring, **_without(n.properties, "id")},
        )
        for n in subgraph.nodes
    ]
    ties = []
    for e in subgraph.edges:
        own: dict[str, Value] = {"inferred": True} if e.inferred else {}
        if e.strength is not None:
            own["strength"] = e.strength
        # An alliance of two is drawn as one tie: its id is then an alliance's.
        fact = e.properties.get("id")
        if isinstance(fact, str) and fact.startswith("alliance:"):
            own["alliance"] = fact
        ties.append(Tie(None, e.type, e.from_id, e.to_id, {**_without(e.properties, "id"), **own}))
    return Content(
        lambda: nodes,
        lambda: ties,
        _columns(n.properties for n in nodes),
        _columns(t.properties for t in ties),
        {"focal": subgraph.focal},
    )


def _without(properties: Mapping[str, Value], *names: str) -> dict[str, Value]:
    return {k: v for k, v in properties.items() if k not in (*names, NODE_TYPE, SHOWN)}


def _columns(rows: Iterable[Mapping[str, Value]]) -> dict[str, PropertyType]:
    found: dict[str, PropertyType] = {}
    for row in rows:
        for name, value in row.items():
            kind = type_of(value)
            if found.setdefault(name, kind) != kind:
                found[name] = "float" if {found[name], kind} == {"int", "float"} else "string"
    return found


def type_of(value: Value) -> PropertyType:
    """The schema's type of a value."""
    if isinstance(value, bool):
        return "bool"
    for kind, python in _PYTHON.items():
        if isinstance(value, python):
            return kind
    raise TypeError(type(value).__name__)


_PYTHON: Final[Mapping[PropertyType, type]] = {
    "string": str,
    "int": int,
    "float": float,
    "date": dt.date,
    "strings": list,
}


def plain_json(value: Value) -> object:
    """A value for JSON; dates as ISO text."""
    return value.isoformat() if isinstance(value, dt.date) else value


def encoded(parts: Iterable[str] | Iterable[bytes], size: int = 1 << 16) -> Iterator[bytes]:
    """Text as UTF-8, in pieces large enough to be sent or written; bytes as they are."""
    held: list[str] = []
    length = 0
    for part in parts:
        if isinstance(part, bytes):
            yield part
            continue
        held.append(part)
        length += len(part)
        if length >= size:
            yield "".join(held).encode()
            held, length = [], 0
    if held:
        yield "".join(held).encode()
