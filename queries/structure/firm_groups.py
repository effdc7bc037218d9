"""Groups of firms by something recorded of them: what brokerage roles are told by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from alliance_explorer.engine import Row
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.attributes import firm_attributes
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.sizes import NOT_RECORDED, size_class

from .firm_network import FirmNetwork
from .structure import Ints
from .whole_network import standings

Attribute = Literal["country", "city", "actor_type", "size_class", "segment", "community"]
ATTRIBUTES: Final[tuple[Attribute, ...]] = get_args(Attribute)


@dataclass(frozen=True)
class Groups:
    """The group of each firm.

    Parameters
    ----------
    attribute : str
    names : sequence of str
        Of the groups, by number.
    of : int64 array
        Number of the group of each firm of the network; -1: not recorded.
    """

    attribute: Attribute
    names: Sequence[str]
    of: Ints

    def name(self, firm: int) -> str | None:
        """The name of a firm's group."""
        number = int(self.of[firm])
        return self.names[number] if number >= 0 else None


def _segment(row: Row) -> str | None:
    """The first of the segments is the core business (our rule)."""
    segments = row["segments"]
    return str(segments[0]) if isinstance(segments, list) and segments else None


def _size_class(row: Row) -> str | None:
    found = size_class({k: v for k, v in row.items() if v is not None})
    return None if found == NOT_RECORDED else found


def _recorded(name: str) -> Callable[[Row], str | None]:
    return lambda row: str(row[name]) if row[name] else None


_VALUE: Final[Mapping[str, Callable[[Row], str | None]]] = {
    "country": _recorded("country"),
    "city": _recorded("city"),
    "actor_type": _recorded("actor_type"),
    "size_class": _size_class,
    "segment": _segment,
}


def groups(explorer: Explorer, network: FirmNetwork, attribute: str) -> Groups:
    """The firms of a network by an attribute, or by the community they are in.

    What is recorded is read once and kept until the graph changes.

    Raises
    ------
    InvalidRequest
        There is no such attribute.
    """
    for name in ATTRIBUTES:
        if name == attribute:
            return _groups(explorer, network, name)
    raise InvalidRequest(
        f"firms cannot be grouped by {attribute!r}{nearest(attribute, ATTRIBUTES)}", "attribute"
    )


def _groups(explorer: Explorer, network: FirmNetwork, attribute: Attribute) -> Groups:
    if attribute == "community":
        number = standings(network).communities
        names = [f"community {k}" for k in range(1, int(number.max(initial=0)) + 1)]
        return Groups(attribute, names, number - 1)
    key = f"groups by {attribute}"
    found = network.kept.get(key)
    if not isinstance(found, Groups):
        rows, value = firm_attributes(explorer), _VALUE[attribute]
        values = [value(rows[i]) if i in rows else None for i in network.ids]
        names = sorted({v for v in values if v is not None})
        index = {v: n for n, v in enumerate(names)}
        of = np.array([-1 if v is None else index[v] for v in values], np.int64)
        found = network.kept[key] = Groups(attribute, names, of)
    return found
