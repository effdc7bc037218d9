"""The ends of a question: one actor, several as one, the members of a network, or who fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema.countries import country_name
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.models import Ref

from .groups import Choice, FirmGroups
from .models import Side

ACTORS: Final = ("Firm", "Person")
# Actors of a side that an answer names; it counts all of them.
NAMED: Final = 20


class Description(BaseModel):
    """Whoever fits: firms for which all of this holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str | None = Field(None, description="of the headquarters, by name or ISO code")
    actor_type: str | None = Field(None, description="as integrator, operator, consultancy")
    capability: str | None = Field(None, description="a capability that it offers, by id or name")
    segment: str | None = Field(None, description="words of its core business")
    network: str | None = Field(None, description="a network that it belongs to, by id or name")

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not any(self.model_dump().values())


@dataclass(frozen=True)
class Resolved:
    """A side: how to call it, and its actors as indexes of the projection."""

    ref: Ref
    indexes: frozenset[int]
    told: Side


def resolve_side(
    explorer: Explorer, view: View, names: Sequence[str], field: str, labels: Sequence[str]
) -> Resolved:
    """One actor or network, or several actors as one.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        No name, a network among several, or one without members.
    """
    given = [n for n in names if n.strip()]
    if not given:
        raise InvalidRequest("say who: a name or an id is missing", field)
    refs = list({r.id: r for r in (explorer.resolve(n, labels, field) for n in given)}.values())
    p = view.projection
    if len(refs) > 1:
        for ref in refs:
            if ref.label not in ACTORS:
                raise InvalidRequest(f"{ref.name} is a network, and can only stand alone", field)
        ref = Ref(id=refs[0].id, label="Group", name=joined([r.name for r in refs]))
        return _side(view, ref, frozenset(p.actor_index[r.id] for r in refs))
    (ref,) = refs
    if ref.label in ACTORS:
        return _side(view, ref, frozenset([p.actor_index[ref.id]]))
    members = frozenset(int(a) for a in view.members(p.body_index[ref.id]))
    if not members:
        raise InvalidRequest(f"nobody is on record as a member of {ref.name}", field)
    return _side(view, ref, members)


def described_side(
    explorer: Explorer, view: View, wanted: Description, field: str = "target"
) -> Resolved:
    """All firms that fit a description, as one side.

    Raises
    ------
    InvalidRequest
        Nobody fits; says which values are on record where one is unknown.
    """
    indexes, name = _fitting(explorer, view, wanted)
    if not indexes:
        raise InvalidRequest(f"nobody on record is {name}", field)
    return _side(view, Ref(id="description", label="Description", name=name), indexes)


def only(view: View, side: Resolved, indexes: frozenset[int]) -> Resolved:
    """A side without some of its actors."""
    return _side(view, side.ref, indexes)


def _side(view: View, ref: Ref, indexes: frozenset[int]) -> Resolved:
    p = view.projection
    refs = sorted((p.ref(p.actors[i]) for i in indexes), key=lambda r: (r.name, r.id))
    return Resolved(ref, indexes, Side(size=len(refs), actors=refs[:NAMED]))


def _fitting(explorer: Explorer, view: View, wanted: Description) -> tuple[frozenset[int], str]:
    """The firms that fit, and the description in words."""
    groups = FirmGroups(explorer, view, view.options)
    group, masks = groups.masks(
        Choice(
            country=_given(wanted.country),
            actor_type=_given(wanted.actor_type),
            capability=_given(wanted.capability),
            network=_given(wanted.network),
        )
    )
    fitting = np.logical_and.reduce([groups.firms, *masks.values()])
    words = [f"any {group.actor_type or 'firm'}"]
    words += [f"in {country_name(group.country)}"] if group.country else []
    if segment := _given(wanted.segment):
        fitting &= groups.in_business(segment)
        words.append(f"whose business is {segment}")
    words += [f"in {group.network.name}"] if group.network else []
    words += [f"that offers {group.capability.name}"] if group.capability else []
    return frozenset(np.flatnonzero(fitting).tolist()), " ".join(words)


def _given(text: str | None) -> str | None:
    return (text or "").strip() or None


def joined(names: Sequence[str]) -> str:
    """`A, B and C`."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
