"""A list of ties as CSV: both ids, the type, the dates, the strength where there is one."""

from collections.abc import Iterator
from typing import Final

from alliance_explorer.graph_schema import Value

from .content import Content, Lost
from .spreadsheet import csv_lines

HEADER: Final = ("from", "to", "type", "since", "until", "weight")
_HELD: Final = {"since", "start", "date", "until", "end", "strength"}


def edge_list(content: Content, lost: Lost) -> Iterator[str]:
    """The table, line by line; it keeps the ids that have a tie, 100 bytes or so each."""
    tied: set[str] = set()

    def rows() -> Iterator[list[Value | None]]:
        for tie in content.ties():
            p = tie.properties
            tied.update((tie.from_id, tie.to_id))
            lost.add(
                "values of ties: a list of ties holds type, dates, weight", len(p.keys() - _HELD)
            )
            since = p.get("since", p.get("start", p.get("date")))
            yield [
                *(tie.from_id, tie.to_id, tie.type),
                *(since, p.get("until", p.get("end")), p.get("strength")),
            ]

    yield from csv_lines(HEADER, rows())
    for node in content.nodes():
        lost.add("nodes without a tie, which a list of ties cannot hold", node.id not in tied)
        lost.add("values of nodes: a list of ties holds their ids alone", len(node.properties))
