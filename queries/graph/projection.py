"""A compact copy of who is tied to whom, read once by Cypher and renewed when the graph changes.

Path search visits thousands of ties for an answer that shows a handful. It runs on this copy,
which makes both engines answer alike by construction; the facts of the few ties that an answer
shows are then fetched by Cypher. Actors are never joined pairwise: a network of 2,000 members is
2,000 entries, not 2 million pairs.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from alliance_explorer.engine import Edge, Engine
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.library import run_columns, run_whole
from alliance_explorer.queries.models import Kind, Ref

from .ties import ALWAYS, KIND_OF_TYPE, KINDS, NEVER, day

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

NAMES: Final = pa.schema({"id": pa.string(), "name": pa.string(), "aliases": pa.list_(pa.string())})
# Facts that put an actor into a body, by ids; null: not known.
PARTICIPATIONS: Final = pa.schema(
    {
        "actor": pa.string(),
        "body": pa.string(),
        "since": pa.date32(),
        "until": pa.date32(),
        "recorded_at": pa.date32(),
        "confidence": pa.float64(),
    }
)


class Name(NamedTuple):
    """What something is called."""

    id: str
    label: str
    name: str
    aliases: tuple[str, ...]

    @property
    def ref(self) -> Ref:
        """The node as answers show it."""
        return Ref(id=self.id, label=self.label, name=self.name)


@dataclass(frozen=True, slots=True)
class SharedTies:
    """Who takes part in which alliance or network; one entry per fact, by actor and then body.

    Arrays of equal length: actor and body as indexes, validity and recording as days since
    1970-01-01, confidence in [0, 1].
    """

    actor: Ints
    body: Ints
    since: Ints
    until: Ints
    recorded: Ints
    confidence: Floats

    @classmethod
    def in_order(
        cls,
        actor: Ints,
        body: Ints,
        since: Ints,
        until: Ints,
        recorded: Ints,
        confidence: Floats,
    ) -> "SharedTies":
        """The same entries by actor and then body, as everybody expects them."""
        o = np.lexsort((body, actor))
        return cls(actor[o], body[o], since[o], until[o], recorded[o], confidence[o])


@dataclass(frozen=True, slots=True)
class DirectTie:
    """One fact that joins two actors, directly or, for championing, over an alliance."""

    one: int
    other: int
    kind: Kind
    since: int
    until: int
    recorded: int
    confidence: float
    stated: float
    body: int


@dataclass(frozen=True, slots=True)
class DirectColumns:
    """The direct ties as arrays of equal length; kinds by their place in `KINDS`."""

    one: Ints
    other: Ints
    kind: Ints
    since: Ints
    until: Ints
    recorded: Ints
    confidence: Floats
    stated: Floats
    body: Ints


@dataclass(frozen=True)
class Projection:
    """The copy: actors (firms and people) and bodies (alliances and networks) by index."""

    stamp: str
    names: Mapping[str, Name]
    actors: Sequence[str]
    bodies: Sequence[str]
    actor_index: Mapping[str, int]
    body_index: Mapping[str, int]
    shared: SharedTies
    direct: Sequence[DirectTie]
    dealings: Mapping[int, Sequence[tuple[int, int]]]  # by body: day, day recorded

    def ref(self, node_id: str) -> Ref:
        """A named node as answers show it."""
        return self.names[node_id].ref

    @functools.cached_property
    def is_network(self) -> Bools:
        """Of each body: whether it is a network; the others are alliances."""
        prefix = SCHEMA.nodes["Network"].prefix
        return np.fromiter((b.startswith(prefix) for b in self.bodies), bool, len(self.bodies))

    @functools.cached_property
    def is_firm(self) -> Bools:
        """Of each actor: whether it is a firm; the others are people."""
        prefix = SCHEMA.nodes["Firm"].prefix
        return np.fromiter((a.startswith(prefix) for a in self.actors), bool, len(self.actors))

    @functools.cached_property
    def direct_columns(self) -> DirectColumns:
        """The direct ties as arrays."""

        def ints(values: Iterable[int]) -> Ints:
            return np.fromiter(values, np.int32, len(self.direct))

        def floats(values: Iterable[float]) -> Floats:
            return np.fromiter(values, np.float64, len(self.direct))

        d = self.direct
        return DirectColumns(
            ints(t.one for t in d),
            ints(t.other for t in d),
            ints(KINDS.index(t.kind) for t in d),
            ints(t.since for t in d),
            ints(t.until for t in d),
            ints(t.recorded for t in d),
            floats(t.confidence for t in d),
            floats(t.stated for t in d),
            ints(t.body for t in d),
        )

    @property
    def nbytes(self) -> int:
        """Memory of the shared ties, in bytes."""
        s = self.shared
        arrays = (s.actor, s.body, s.since, s.until, s.recorded, s.confidence)
        return sum(a.nbytes for a in arrays)


def project(engine: Engine, ties: str = "shared_ties") -> Projection:
    """Read the copy; `ties` is the query for who takes part in what.

    Time and memory grow with the number of nodes and ties, never of pairs.

    The stamp is read first: what is written meanwhile makes the copy stale. A fact that is newer
    than the node at its end may be read then; it is left to the next reading.
    """
    stamp = engine.stamp()
    table = _table(engine, "names", NAMES)
    names = {name.id: name for name in _names(table)}
    actor_ids, body_ids = _ids(table, "Firm", "Person"), _ids(table, "Alliance", "Network")
    # The very texts that the names have: of a million, a copy would be 70 MB.
    actors, bodies = ([names[i].id for i in ids.to_pylist()] for ids in (actor_ids, body_ids))
    actor_index = {id_: i for i, id_ in enumerate(actors)}
    body_index = {id_: i for i, id_ in enumerate(bodies)}
    shared = _shared(participations(engine, ties), actor_ids, body_ids)
    direct = list(_direct(run_whole(engine, "direct_ties"), actor_index))
    direct += _championing(run_whole(engine, "alliance_people"), actor_index, body_index, shared)
    dealings: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in run_whole(engine, "dealings"):
        days = _day(row["date"], ALWAYS), _day(row["recorded_at"], ALWAYS)
        if row["alliance"] in body_index:
            dealings[body_index[str(row["alliance"])]].append(days)
    return Projection(
        stamp, names, actors, bodies, actor_index, body_index, shared, direct, dict(dealings)
    )


def _table(engine: Engine, query: str, schema: pa.Schema) -> pa.Table:
    found = run_columns(engine, query)
    return found.select(schema.names).cast(schema) if len(found) else schema.empty_table()


def _names(table: pa.Table) -> Iterator[Name]:
    for label, type_ in SCHEMA.nodes.items():
        some = table.filter(pc.starts_with(table["id"], type_.prefix))
        for id_, name, aliases in zip(*(c.to_pylist() for c in some.columns), strict=True):
            yield Name(id_, label, name, tuple(aliases or ()))


def _ids(table: pa.Table, *labels: str) -> pa.Array:
    """Ids of nodes of some labels, in their order."""
    ids = table["id"]
    of_label = [pc.starts_with(ids, SCHEMA.nodes[label].prefix) for label in labels]
    some = ids.filter(functools.reduce(pc.or_, of_label)).combine_chunks()
    return some.take(pc.sort_indices(some))


def participations(engine: Engine, ties: str = "shared_ties") -> pa.Table:
    """Who takes part in what, by either query for that: a table of `PARTICIPATIONS`."""
    return _table(engine, ties, PARTICIPATIONS)


def _shared(facts: pa.Table, actors: pa.Array, bodies: pa.Array) -> SharedTies:
    """Those between nodes that were read: a fact may be newer than its ends."""
    actor, body = pc.index_in(facts["actor"], actors), pc.index_in(facts["body"], bodies)
    known = pc.and_(pc.is_valid(actor), pc.is_valid(body))

    def days(column: str, otherwise: int) -> Ints:
        return _ints(facts[column].cast(pa.int32()).fill_null(otherwise).filter(known))

    return SharedTies.in_order(
        _ints(actor.filter(known)),
        _ints(body.filter(known)),
        days("since", ALWAYS),
        days("until", NEVER),
        days("recorded_at", ALWAYS),
        facts["confidence"].fill_null(1.0).filter(known).to_numpy(),
    )


def _ints(column: pa.ChunkedArray) -> Ints:
    numbers: Ints = column.to_numpy().astype(np.int32, copy=False)
    return numbers


def _direct(
    rows: Iterable[Mapping[str, object]], actor_index: Mapping[str, int]
) -> Iterable[DirectTie]:
    for row in rows:
        edge = row["r"]
        assert isinstance(edge, Edge)
        p = edge.properties
        if row["one"] not in actor_index or row["other"] not in actor_index:
            continue
        yield DirectTie(
            actor_index[str(row["one"])],
            actor_index[str(row["other"])],
            KIND_OF_TYPE[edge.type],
            _day(p.get("date" if edge.type == "ACQUIRED" else "since"), ALWAYS),
            _day(p.get("until"), NEVER),
            _day(p.get("recorded_at"), ALWAYS),
            _number(p.get("confidence")),
            _number(p.get("strength")) if edge.type == "KNOWS" else 1.0,
            -1,
        )


def _championing(
    rows: Iterable[Mapping[str, object]],
    actor_index: Mapping[str, int],
    body_index: Mapping[str, int],
    shared: SharedTies,
) -> Iterable[DirectTie]:
    """Tie whoever champions or manages an alliance to each of its parties."""
    by_body = np.argsort(shared.body, kind="stable")
    of_body = np.searchsorted(shared.body[by_body], np.arange(len(body_index) + 1))
    for row in rows:
        if row["alliance"] not in body_index or row["person"] not in actor_index:
            continue
        edge, body = row["r"], body_index[str(row["alliance"])]
        assert isinstance(edge, Edge)
        p = edge.properties
        for k in by_body[of_body[body] : of_body[body + 1]]:
            yield DirectTie(
                actor_index[str(row["person"])],
                int(shared.actor[k]),
                "championing",
                max(_day(p.get("since"), ALWAYS), int(shared.since[k])),
                min(_day(p.get("until"), NEVER), int(shared.until[k])),
                max(_day(p.get("recorded_at"), ALWAYS), int(shared.recorded[k])),
                min(_number(p.get("confidence")), float(shared.confidence[k])),
                1.0,
                body,
            )


def _day(value: object, default: int) -> int:
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    return day(value, default) if isinstance(value, dt.date) else default


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 1.0
