"""The graph as it was known on a day: what has changed on record since is undone.

Loads keep what they replace (`Statement`s of kind `before`). A question with `known_at` reads
through `Rewound`, which gives nodes and facts as they were on record by the end of that day. What
was not on record at all by then is left out by the questions themselves (`validity.known`).

Conditions inside of a query (`firms_meeting`) see the present values: who is looked at may be
decided by a later value, never what is told of them.
"""

import datetime as dt
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, TypeVar, cast

import pyarrow as pa

from alliance_explorer.engine import (
    ColumnType,
    Decoded,
    Edge,
    Engine,
    Node,
    Passing,
    Row,
)
from alliance_explorer.graph_schema import BY_HAND, decoded, rewound

if TYPE_CHECKING:
    from .explorer import Explorer

P = ParamSpec("P")
R = TypeVar("R")
# By what they are about: the day, and what was on record until then.
Changes: TypeAlias = Mapping[str, Sequence[tuple[dt.date, Mapping[str, object]]]]

# Columns with single values, by the column with the id of what they belong to.
_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        name: name
        for name in (
            "name",
            "aliases",
            "country",
            "city",
            "actor_type",
            "size_class",
            "employees",
            "segments",
            "source",
        )
    },
    "alliance": {"start": "start", "end": "end", "since": "start", "until": "end"},
    "body": {"start": "start", "end": "end", "since": "start", "until": "end"},
    "fact": {name: name for name in ("since", "until", "confidence", "tier", "role")},
    "firm": {"name": "name"},
    "member": {"name": "name"},
}


def changes_of(rows: Iterable[Row]) -> Changes:
    """The changes that some `before` statements tell of."""
    found: dict[str, list[tuple[dt.date, Mapping[str, object]]]] = {}
    # Undone the latest first: of one day what was corrected by hand, then what was loaded.
    for row in sorted(rows, key=lambda row: row["source"] != BY_HAND):
        day = row["until"]
        assert isinstance(day, dt.date)
        said = decoded(row["of"], row["said"])
        found.setdefault(str(row["about"]), []).append((day, said))
    return found


def after(changes: Changes, day: dt.date) -> Changes:
    """Only what changed after a day."""
    later = {key: [c for c in some if c[0] > day] for key, some in changes.items()}
    return {key: some for key, some in later.items() if some}


class Rewound(Passing):
    """An engine whose answers have some changes undone. For reading."""

    def __init__(self, engine: Engine, changes: Changes) -> None:
        super().__init__(engine)
        self._changes = changes

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        return self._rows(super().read(query, **parameters))

    def read_each(self, query: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
        return self._rows(super().read_each(query, asked))

    def read_whole(self, query: str) -> list[Row]:
        return self._rows(super().read_whole(query))

    def read_columns(self, query: str) -> pa.Table:
        rows = self._rows(super().read_columns(query).to_pylist())
        # Dates come as dates or as text, by the engine; what was on record before comes as dates.
        return pa.Table.from_pylist([{k: _text(v) for k, v in row.items()} for row in rows])

    def read_rows(
        self, query: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, ColumnType]
    ) -> list[Row]:
        return self._rows(super().read_rows(query, rows, columns))

    # --- undoing ---------------------------------------------------------------------------------

    def _rows(self, rows: list[Row]) -> list[Row]:
        return [self._row(row) for row in rows]

    def _row(self, row: Row) -> Row:
        new = {name: self._value(value) for name, value in row.items()}
        for column, values in _VALUES.items():
            id_ = row.get(column)
            if column == "firm" and "capability" in row:
                continue  # its name is the capability's
            if isinstance(id_, str) and id_ in self._changes:
                known = {of: row[name] for name, of in values.items() if name in row}
                before = rewound(known, self._changes[id_])
                new |= {
                    name: cast(Decoded, before.get(of))
                    for name, of in values.items()
                    if name in row
                }
        return new

    def _value(self, value: Decoded) -> Decoded:
        if isinstance(value, Node | Edge):
            return self._entity(value)
        if isinstance(value, list):
            return [self._value(v) for v in value]
        if isinstance(value, dict):
            return {k: self._value(v) for k, v in value.items()}
        return value

    def _entity(self, entity: Node | Edge) -> Node | Edge:
        changes = self._changes.get(str(entity.properties.get("id")))
        if not changes:
            return entity
        before: Any = rewound(entity.properties, changes)
        return Node(entity.label, before) if isinstance(entity, Node) else Edge(entity.type, before)


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def as_known(question: Callable[P, R]) -> Callable[P, R]:
    """Let a question see the graph as it is, or as on record by the `known_at` it is given."""
    signature = inspect.signature(question)

    @functools.wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = signature.bind(*args, **kwargs)
        given = bound.arguments
        day = given.get("known_at") or getattr(given.get("options"), "known_at", None)

        def of(explorer: "Explorer") -> R:
            given["explorer"] = explorer if day is None else explorer.known(day)
            return question(*bound.args, **bound.kwargs)

        explorer: Explorer = given["explorer"]
        return explorer.answered(of)

    return asked
