"""Two CSV tables in a .zip, for a spreadsheet: `nodes.csv` and `ties.csv`."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from alliance_explorer.graph_schema import Value, text_of
from alliance_explorer.queries.wording import harmless

from .content import Content, Lost
from .zipped import zipped


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Value | None]], **form: Any
) -> Iterator[str]:
    """A CSV table line by line (RFC 4180, or of a form that `csv.writer` knows); None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, **form)
    writer.writerow(header)
    yield out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow(["" if v is None else text_of(v) for v in row])
        yield out.getvalue()


def spreadsheet(content: Content, lost: Lost) -> Iterator[bytes]:
    """The .zip; CSV holds everything, so that nothing is lost."""
    node, tie = list(content.node_columns), list(content.tie_columns)

    def cells(columns: Sequence[str], values: Mapping[str, Value]) -> list[Value | None]:
        return [_cell(values.get(c)) for c in columns]

    nodes = ([harmless(n.id), n.label, *cells(node, n.properties)] for n in content.nodes())
    ties = (
        [harmless(t.from_id), harmless(t.to_id), t.type, *cells(tie, t.properties)]
        for t in content.ties()
    )
    return zipped(
        [
            ("nodes.csv", csv_lines(["id", "label", *node], nodes)),
            ("ties.csv", csv_lines(["from", "to", "type", *tie], ties)),
        ]
    )


def _cell(value: Value | None) -> Value | None:
    return harmless(text_of(value)) if isinstance(value, str | list) else value
