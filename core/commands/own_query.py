"""Cypher of one's own on the command line."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer.console import Json, at_most, explorer, show, write
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import ROWS
from alliance_explorer.printing import add, line, table_of, text_of
from alliance_explorer.queries.own_query import (
    SECONDS,
    OwnAnswer,
    as_csv,
    cell_text,
    own_query,
    parse_parameters,
)


def query(
    text: Annotated[str, typer.Argument(metavar="CYPHER", help="A query that only reads.")],
    parameters: Annotated[
        str, typer.Option("--parameters", metavar="JSON", help='Values of its $names: {"id": "…"}.')
    ] = "",
    limit: Annotated[int, at_most(ROWS)] = ROWS.usual,
    seconds: Annotated[float, typer.Option(min=0.001, max=600, help="Time limit, s.")] = SECONDS,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.csv", help="CSV file to write.")
    ] = None,
    json: Json = False,
) -> None:
    """Run Cypher of your own, reading only."""
    if output and output.suffix.lower() != ".csv":
        raise InvalidRequest(f"{output}: write a .csv file")
    with explorer() as x:
        answer = own_query(x, text, parse_parameters(parameters), limit=limit, seconds=seconds)
        if output:
            write(output, as_csv(answer))
        else:
            show(answer, json, print_answer)


def print_answer(console: Console, answer: OwnAnswer) -> None:
    """The rows as a table."""
    if answer.rows:
        table = table_of()
        for name in answer.columns:
            table.add_column(text_of(name), overflow="fold")
        for row in answer.rows:
            add(table, *(cell_text(v) for v in row))
        console.print(table)
    rows = f"{len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'}"
    line(console, f"{rows}{' of more' if answer.more else ''} in {answer.seconds:.2f} s")
