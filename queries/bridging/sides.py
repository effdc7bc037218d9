"""The ends of a question: one actor, several as one, the members of a network, or who fits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.engine import Edge
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA, nearest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref, Side
from alliance_explorer.queries.validity import begun, holds, known

ACTORS: Final = ("Firm", "Person")
# Actors of a side that an answer names; it counts all of them.
NAMED: Final = 20


class Description(BaseModel):
    """Whoever fits: firms for which all of this holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str | None = Field(None, description="ISO 3166-1 alpha-2, of the headquarters")
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
    ids, name = _fitting(explorer, view, wanted, field)
    p = view.projection
    indexes = frozenset(p.actor_index[i] for i in ids)
    if not indexes:
        raise InvalidRequest(f"nobody on record is {name}", field)
    return _side(view, Ref(id="description", label="Description", name=name), indexes)


def _side(view: View, ref: Ref, indexes: frozenset[int]) -> Resolved:
    p = view.projection
    refs = sorted((p.ref(p.actors[i]) for i in indexes), key=lambda r: (r.name, r.id))
    return Resolved(ref, indexes, Side(size=len(refs), actors=refs[:NAMED]))


def _fitting(
    explorer: Explorer, view: View, wanted: Description, field: str
) -> tuple[set[str], str]:
    """Ids of the firms that fit, and the description in words."""
    p, o = view.projection, view.options
    country = (wanted.country or "").strip().upper()
    type_ = (wanted.actor_type or "").strip()
    choices = SCHEMA.nodes["Firm"].by_name["actor_type"].choices
    if type_ and type_ not in choices:
        raise InvalidRequest(
            f"no actor type is called {type_!r}" + nearest(type_, choices), "actor_type"
        )
    rows = run(
        explorer.engine,
        "firms_like",
        countries=[country] if country else [],
        actor_types=[type_] if type_ else [],
    )
    if country and not rows and not type_:
        raise InvalidRequest(
            f"no firm on record has its headquarters in {country!r}; write the country as two "
            "letters, as DE or US",
            "country",
        )
    words = [f"any {type_ or 'firm'}"]
    words += [f"in {country}"] if country else []
    if wanted.segment and wanted.segment.strip():
        part = wanted.segment.strip().casefold()
        rows = [r for r in rows if any(part in s.casefold() for s in _texts(r["segments"]))]
        words.append(f"whose business is {wanted.segment.strip()}")
    ids = {str(r["id"]) for r in rows} & p.actor_index.keys()
    if wanted.network and wanted.network.strip():
        network = explorer.resolve(wanted.network, ("Network",), "network")
        members = {p.actors[int(a)] for a in view.members(p.body_index[network.id])}
        ids &= members
        words.append(f"in {network.name}")
    if wanted.capability and wanted.capability.strip():
        capability = explorer.resolve(wanted.capability, ("Capability",), "capability")
        reference = o.reference(explorer.today)
        counts = begun if o.counts_ended else holds
        ids &= {
            str(r["firm"])
            for r in run(explorer.engine, "offering", capabilities=[capability.id])
            if isinstance(r["r"], Edge)
            and counts(r["r"].properties, reference)
            and known(r["r"].properties, o.known_at)
        }
        words.append(f"that offers {capability.name}")
    return ids, " ".join(words)


def competitors_of(
    explorer: Explorer, ids: Sequence[str], reference: dt.date, known_at: dt.date | None
) -> list[str]:
    """Who competes with some firms on a day, stated or inferred, by id."""
    if not ids:
        return []
    rows = run(explorer.engine, "competitors", ids=sorted(ids))
    found = {
        str(r["other"])
        for r in rows
        if isinstance(r["r"], Edge)
        and holds(r["r"].properties, reference)
        and known(r["r"].properties, known_at)
    }
    return sorted(found - set(ids))


def joined(names: Sequence[str]) -> str:
    """`A, B and C`."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []
