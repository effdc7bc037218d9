"""Small parts of how records meet what is stored."""

from collections.abc import Iterable

from alliance_explorer.graph_schema import Properties, Record, RelationshipRecord, Value


def rename(merged: Properties, name: str, *, keep: bool) -> None:
    """Put the other name among the aliases; `keep`: the stored name stays the name."""
    stored = str(merged["name"])
    aliases = merged.get("aliases") or []
    assert isinstance(aliases, list)
    if not keep:
        merged["name"], name = name, stored
        aliases = [a for a in aliases if a != merged["name"]]
    merged["aliases"] = union(aliases, [name])


def union(first: list[str], second: list[str]) -> list[str]:
    """Both lists as one, without what stands there twice."""
    return list(dict.fromkeys([*first, *second]))


def references(record: Record) -> Iterable[tuple[str, str]]:
    """Which nodes a record refers to, and in which column."""
    if isinstance(record, RelationshipRecord):
        yield "from", record.from_id
        yield "to", record.to_id
    source: Value | None = record.properties.get("source")
    if source is not None:
        yield "source", str(source)
