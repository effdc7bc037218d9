"""Statements: what is on record about a node or a fact beside what it holds itself.

With one source, a node or fact says all there is to say. A `Statement` is stored only where there
is more: another source speaks of a node, a value is replaced, somebody corrects by hand.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from .model import NodeType, PropertyType, RelationshipType
from .schema import SCHEMA

STATEMENT: Final = SCHEMA.nodes["Statement"]
# The source of what is corrected by hand.
BY_HAND: Final = "source:by-hand"
# Where a value is from: it belongs to what says it, and is not a property of what it is about.
PROVENANCE: Final = ("source", "evidence", "confidence", "recorded_at")


def statement_id(kind: str, *parts: object) -> str:
    """A stable id: the same thing said twice is one statement."""
    text = "\x1f".join([kind, *("" if p is None else str(p) for p in parts)])
    return "statement:" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def encoded(properties: Mapping[str, object]) -> str:
    """Properties as the JSON text of a statement, in the order of their names; dates as ISO."""
    return json.dumps(
        {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in sorted(properties.items())},
        ensure_ascii=False,
    )


def decoded(of: object, text: object) -> dict[str, object]:
    """The properties in the JSON text of a statement about something of this label or type."""
    if not text:
        return {}
    said = json.loads(str(text))
    types = _types(type_named(of))
    return {
        k: dt.date.fromisoformat(v) if types.get(k) == "date" and isinstance(v, str) else v
        for k, v in said.items()
    }


def type_named(name: object) -> NodeType | RelationshipType | None:
    """The node or relationship type of a name."""
    return SCHEMA.nodes.get(str(name)) or SCHEMA.relationships.get(str(name))


def _types(type_: NodeType | RelationshipType | None) -> Mapping[str, PropertyType]:
    return {p.name: p.type for p in type_.properties} if type_ else {}


def rewound(
    properties: Mapping[str, object], changes: Iterable[tuple[dt.date, Mapping[str, object]]]
) -> dict[str, object]:
    """What was on record before some changes.

    Parameters
    ----------
    properties : mapping
        As stored now.
    changes : iterable of (date, mapping)
        Of each day what its changes replaced; None for what was not known.

    Returns
    -------
    dict
        The properties with the changes undone, the latest first. Linear in their number.
    """
    before = dict(properties)
    for _, said in sorted(changes, key=lambda change: change[0], reverse=True):
        for name, value in said.items():
            if value is None:
                before.pop(name, None)
            else:
                before[name] = value
    return before
