"""Data out: the graph, a part of it, or a picture, in the formats of other programs."""

from pathlib import Path
from typing import Annotated

import typer

from alliance_explorer import exporters, printing, queries
from alliance_explorer.console import AsOf, err, explorer, out, write_bytes
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.exporters import GRAPH_FORMATS, WHOLE_FORMATS, Stored
from alliance_explorer.limits import NEIGHBOURHOOD
from alliance_explorer.queries import Explorer, parse_day


def export(
    output: Annotated[
        Path, typer.Argument(metavar="PATH", help="A file; for tables a folder or a .zip.")
    ],
    format: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(WHOLE_FORMATS)}; by the ending unless said."),
    ] = None,
    around: Annotated[
        str | None,
        typer.Option(
            "--around", help="Only what is stored round this actor: a part that loads again."
        ),
    ] = None,
    ego: Annotated[
        str | None,
        typer.Option("--ego", help="Only the picture of this actor's neighbourhood."),
    ] = None,
    as_of: AsOf = None,
    people: Annotated[bool, typer.Option("--people", help="Personal data too.")] = False,
) -> None:
    """Export the graph, or a part of it. People are left out unless asked for.

    Tables, Parquet, NDJSON, JSON, GraphML, GEXF and node-link JSON hold everything and load again;
    of the others, what they could not hold is said.
    """
    if as_of and not ego:
        raise InvalidRequest("--as-of goes with --ego: the whole graph is exported with its dates")
    if ego and around:
        raise InvalidRequest("--ego is a picture, --around a part of what is stored: choose one")
    chosen = exporters.whole_format(format, output)
    with explorer() as x:
        if ego:
            size, lost = _picture(x, output, chosen.name, ego, as_of, people)
        else:
            stored = Stored(x, people=people, around=around)
            size = exporters.write(stored, chosen, output)
            lost = stored.lost.sentences()
    printing.line(out, f"{output}: {size:,} bytes")
    if lost:
        printing.warning(err, "not in it: " + "; ".join(lost))


def _picture(
    x: Explorer, output: Path, format: str, ego: str, as_of: str | None, people: bool
) -> tuple[int, list[str]]:
    name = "node-link" if format == "json" else "csv" if format == "tables" else format
    if name not in GRAPH_FORMATS:
        raise InvalidRequest(f"--ego is a picture: choose one of {', '.join(GRAPH_FORMATS)}")
    picture = queries.ego(x, ego, as_of=parse_day(as_of, "as_of"), limit=NEIGHBOURHOOD.most)
    file = exporters.export_subgraph(picture, name, people=people)
    write_bytes(output, file.body)
    more = [f"{n:,} more nodes ({label})" for label, n in picture.left_out.items()]
    return len(file.body), [*more, *file.lost]
