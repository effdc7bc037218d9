"""Reading ahead: rows about many firms read at once, then given to each as it asks.

A question about one firm is a dozen small reads. Asked of thousands of firms, most of the time goes
into asking; so the same rows are read for some hundred firms together, and the question, unchanged,
finds them here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from alliance_explorer.engine import Engine, Node, Passing, Row

from .library import library, run

# Which column of a row is among the values of which parameter; rows are found by the first.
Columns: TypeAlias = Sequence[tuple[str, str]]
_COLUMNS: Final[Mapping[str, Columns]] = {
    "alliances_of": [("ids", "firm")],
    "attributes_of": [("ids", "id")],
    "capabilities_of": [("ids", "firm")],
    "employers": [("ids", "person")],
    "events_of_alliances": [("ids", "alliance")],
    "events_of_firms": [("ids", "firm")],
    "incoming": [("ids", "actor")],
    "involved": [("ids", "event")],
    "memberships_of": [("actors", "actor"), ("bodies", "body")],
    "nodes": [("ids", "x")],
    "outgoing": [("ids", "actor")],
    "owners": [("ids", "firm")],
    "parties": [("ids", "alliance")],
    "parties_in_short": [("ids", "alliance")],
    "people_of_alliances": [("ids", "alliance")],
    "providers": [("ids", "y")],
    "rivals": [("ids", "one"), ("ids", "other")],
}


class Ahead(Passing):
    """An engine that answers from what was read ahead, and asks for whatever was not.

    For reading. What it was asked to read ahead is held until the same query is read ahead again.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._held: dict[str, _Held] = {}

    def fetch(self, name: str, **ids: Iterable[str]) -> list[Row]:
        """Run a query of the library for many ids at once, and hold its rows.

        Parameters
        ----------
        name : str
            A query that can be read ahead.
        **ids : iterable of str
            Its parameters.

        Notes
        -----
        Nothing is asked where there are no ids.
        """
        asked = {parameter: frozenset(some) for parameter, some in ids.items()}
        given = {parameter: sorted(some) for parameter, some in asked.items()}
        rows = run(self._engine, name, **given) if all(given.values()) else []
        self._held[library()[name].texts[self.dialect]] = _Held.of(_COLUMNS[name], asked, rows)
        return rows

    def read(self, query: str, /, **parameters: object) -> list[Row]:
        held = self._held.get(query)
        found = held.rows(parameters) if held else None
        return super().read(query, **parameters) if found is None else found


@dataclass(frozen=True)
class _Held:
    """Rows of one query, by the id that they are found by."""

    columns: Columns
    asked: Mapping[str, frozenset[str]]
    by_id: Mapping[str, Sequence[Row]]

    @classmethod
    def of(
        cls, columns: Columns, asked: Mapping[str, frozenset[str]], rows: Iterable[Row]
    ) -> "_Held":
        by_id: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_id[id_in(row, columns[0][1])].append(row)
        return cls(columns, asked, by_id)

    def rows(self, parameters: Mapping[str, object]) -> list[Row] | None:
        """The rows that the query would give; None: not all that is asked for was read ahead."""
        wanted: dict[str, Sequence[str]] = {}
        for name, read in self.asked.items():
            ids = parameters[name]
            assert isinstance(ids, list)
            if not read.issuperset(ids):
                return None
            wanted[name] = ids
        (first, _), *more = self.columns
        found = [row for i in wanted[first] for row in self.by_id.get(i, ())]
        for name, column in more:
            among = set(wanted[name])
            found = [row for row in found if id_in(row, column) in among]
        return found


def id_in(row: Row, column: str) -> str:
    """The id in a column, or of the node in it."""
    value = row[column]
    return value.id if isinstance(value, Node) else str(value)
