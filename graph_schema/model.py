"""The vocabulary in which the schema is declared: property, node type, relationship type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

PropertyType = Literal["string", "int", "float", "bool", "date", "strings"]


@dataclass(frozen=True)
class Property:
    """One property of a node or a relationship.

    Parameters
    ----------
    name : str
        Name in Cypher, in the `tables` format and in the API.
    description : str
        What it says, in the field's words.
    type : PropertyType
        `strings` is a list of strings.
    unit : str, optional
        Unit of a number.
    choices : tuple of str
        Allowed values; empty: any.
    bounds : (float, float), optional
        Smallest and largest allowed number.
    required : bool
        Whether a record must have it.
    exclusive_end : bool
        A date that ends a half-open interval: `2011` means the end of 2011, that is 2012-01-01.
    """

    name: str
    description: str
    type: PropertyType = "string"
    unit: str | None = None
    choices: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    required: bool = False
    exclusive_end: bool = False


@dataclass(frozen=True)
class NodeType:
    """A node label with its properties; its ids start with `prefix`.

    Parameters
    ----------
    label : str
        Label in Cypher.
    description : str
    properties : tuple of Property
    indexed : tuple of str
        Properties by which it is looked up, beside the id.
    stamped : bool
        Whether a load notes when it was learned, and that it is sure, where nothing is said. What
        is noted of facts, beside them, says that itself or means nothing by it.
    """

    label: str
    description: str
    properties: tuple[Property, ...]
    indexed: tuple[str, ...] = ()
    stamped: bool = True

    @property
    def name(self) -> str:
        """The label: what tables, summaries and messages call this type."""
        return self.label

    @property
    def prefix(self) -> str:
        """How ids of this type start: `firm:` for Firm."""
        return self.label.lower() + ":"

    @cached_property
    def by_name(self) -> Mapping[str, Property]:
        """Properties by name, in declared order."""
        return {p.name: p for p in self.properties}


@dataclass(frozen=True)
class RelationshipType:
    """A relationship type: which labels it joins, and what tells two of its facts apart.

    Parameters
    ----------
    type : str
        Relationship type in Cypher.
    ends : tuple of (str, str)
        Pairs of labels it goes from and to.
    key : tuple of str
        Properties that, with both ends and the source, identify one fact: a firm may be a member
        twice, with different `since`.
    symmetric : bool
        Whether it has no direction; then it is stored from the smaller id to the larger.
    stamped : bool
        As of `NodeType`.
    """

    type: str
    description: str
    ends: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...]
    key: tuple[str, ...] = ()
    symmetric: bool = False
    stamped: bool = True

    @property
    def name(self) -> str:
        """The type: what tables, summaries and messages call this type."""
        return self.type

    @cached_property
    def by_name(self) -> Mapping[str, Property]:
        """Properties by name, in declared order."""
        return {p.name: p for p in self.properties}


@dataclass(frozen=True)
class Schema:
    """All node and relationship types."""

    nodes: Mapping[str, NodeType] = field(default_factory=dict)
    relationships: Mapping[str, RelationshipType] = field(default_factory=dict)

    def __iter__(self) -> Iterator[NodeType | RelationshipType]:
        """Node types, then relationship types: the order in which they can be loaded."""
        yield from self.nodes.values()
        yield from self.relationships.values()

    def label_of(self, node_id: str) -> str | None:
        """The label that an id's prefix names, or None."""
        return self._labels.get(node_id.partition(":")[0] + ":")

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {n.prefix: n.label for n in self.nodes.values()}
