"""What a node and a tie of a foreign file stand for. Our rules; `docs/formats.md` tells them.

- A node is a firm and a tie an alliance of two, whose kind is what the tie says of itself
  (`kind`, `relation`, `type`, `label`), or the word given with `--as`.
- In a file of two modes the second is a network and a tie a membership; with `--as KIND` the second
  is an alliance of that kind and a tie a part in it.
- `--as TYPE`, a relationship type of the schema, makes every tie one of that type, and every node
  what such a tie joins. Where both ends differ (MEMBER_OF) and the file does not tell modes apart,
  whatever a tie leads to is of the second.
- A tie that names a relationship type between two firms (OWNS, COMPETES_WITH…) is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alliance_explorer.graph_schema import SCHEMA, NodeType, RelationshipType

KIND_KEYS: Final = ("kind", "relation", "type", "label")
NAME_KEYS: Final = ("name", "label", "title")
# What other programs call what the schema has.
SYNONYMS: Final[Mapping[str, str]] = {
    "latitude": "lat",
    "longitude": "lon",
    "lng": "lon",
    "long": "lon",
    "website": "homepage",
    "url": "homepage",
    "begin": "start",
    "start_date": "start",
    "end_date": "end",
    "year": "start",
    "date": "start",
    "abstract": "description",
}
_DATES: Final = {"since": "start", "until": "end", "start": "since", "end": "until"}


@dataclass(frozen=True)
class Meaning:
    """How one file is read.

    Parameters
    ----------
    first, second : str
        Labels of both modes; the same in a file of one mode.
    type : RelationshipType, optional
        What every tie is; None: an alliance of two.
    kind : str, optional
        Kind of the alliances.
    by_target : bool
        The file does not tell modes apart: what a tie leads to is of the second.
    """

    first: str
    second: str
    type: RelationshipType | None = None
    kind: str | None = None
    by_target: bool = False

    def label(self, mode: int | None) -> str:
        """What a node of a mode is."""
        return self.second if mode else self.first


def meaning(as_: str | None, two_modes: bool) -> Meaning:
    """How a file is to be read, by the word that the user gave and by whether it has two modes."""
    types = {t.casefold(): t for t in SCHEMA.relationships}
    if as_ and as_.casefold() in types:
        type_ = SCHEMA.relationships[types[as_.casefold()]]
        first, second = type_.ends[0]
        return Meaning(first, second, type_, by_target=first != second and not two_modes)
    if two_modes:
        if as_:
            return Meaning("Firm", "Alliance", SCHEMA.relationships["PARTY_TO"], as_)
        return Meaning("Firm", "Network", SCHEMA.relationships["MEMBER_OF"])
    return Meaning("Firm", "Firm", None, as_)


def between_firms(word: object) -> RelationshipType | None:
    """The relationship type between firms that a tie names."""
    found = SCHEMA.relationships.get(str(word).strip().upper())
    return found if found and ("Firm", "Firm") in found.ends else None


def property_of(type_: NodeType | RelationshipType, given: str) -> str | None:
    """The property of a type that an attribute of another program is, by its name."""
    name = given.strip().casefold().replace(" ", "_")
    for candidate in (name, SYNONYMS.get(name, ""), _DATES.get(SYNONYMS.get(name, name), "")):
        if candidate in type_.by_name and candidate not in ("id", "source"):
            return candidate
    return None
