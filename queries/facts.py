"""Stored facts as answers show them, and where they come from."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from alliance_explorer.engine import Edge

from .explorer import Explorer
from .models import Fact, PropertyValue, Relation, SourceRef


def fact_of(edge: Edge, from_id: str, to_id: str) -> Fact:
    """A stored relationship as answers show it."""
    return Fact(type=edge.type, from_id=from_id, to_id=to_id, properties=plain(edge.properties))


def plain(properties: Mapping[str, object]) -> dict[str, PropertyValue]:
    """Stored properties in the order of their names; what is not known is absent."""
    return {
        k: v
        for k, v in sorted(properties.items())
        if isinstance(v, str | int | float | bool | dt.date | list)
    }


def sources_of(facts: Iterable[Mapping[str, object]], explorer: Explorer) -> dict[str, SourceRef]:
    """The sources that some properties name."""
    return explorer.sources([p.get("source") for p in facts])


def ordered(relations: Sequence[Relation]) -> list[Relation]:
    """In the order of type, name and id: the same on both engines."""
    return sorted(
        relations,
        key=lambda r: (
            r.fact.type,
            r.other.name.casefold(),
            r.other.id,
            str(r.fact.properties.get("id")),
        ),
    )
