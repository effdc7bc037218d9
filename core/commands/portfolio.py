"""The portfolio in depth: what it is made of, who depends on whom, who competes, how it moved."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from alliance_explorer import exporters, printing, queries
from alliance_explorer.commands import portfolio_text as tell
from alliance_explorer.console import (
    Answer,
    AsOf,
    Firm,
    Json,
    KnownAt,
    at_most,
    err,
    explorer,
    out,
    show,
)
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import ALLIANCES, CHRONOLOGY, LEAKS, LEDGER, Limit
from alliance_explorer.queries import parse_day


def _about(
    ask: Callable[..., Answer], print_: Callable[[Console, Answer], None]
) -> Callable[..., None]:
    """A command that asks about one firm on a day."""

    def command(
        firm: Firm, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False
    ) -> None:
        days = {"as_of": parse_day(as_of, "as_of"), "known_at": parse_day(known_at, "known_at")}
        with explorer() as x:
            show(ask(x, firm, **days), json, print_)

    return command


def _list_about(
    ask: Callable[..., Answer], print_: Callable[[Console, Answer], None], most: Limit
) -> Callable[..., None]:
    """The same, with a list that may be long."""

    def command(
        firm: Firm,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Annotated[int, at_most(most)] = most.usual,
        json: Json = False,
    ) -> None:
        days = {"as_of": parse_day(as_of, "as_of"), "known_at": parse_day(known_at, "known_at")}
        with explorer() as x:
            show(ask(x, firm, **days, limit=limit), json, print_)

    return command


composition = _about(queries.composition, tell.composition)
dependence = _list_about(queries.dependence, tell.dependence, LEDGER)
coopetition = _list_about(queries.coopetition, tell.coopetition, LEAKS)
timeline = _list_about(queries.timeline, tell.timeline, CHRONOLOGY)
lifecycle = _list_about(queries.lifecycle, tell.lifecycle, ALLIANCES)


def compare(
    firm: Firm,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The earlier day.")],
    with_: Annotated[str, typer.Option("--with", metavar="DATE", help="The later day.")],
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show what came, what went and what changed in a portfolio between two days."""
    before, after = parse_day(as_of, "as_of"), parse_day(with_, "with")
    if before is None or after is None:
        raise InvalidRequest("give two days: --as-of 2007-12-31 --with 2011-12-31", "as_of")
    with explorer() as x:
        known = parse_day(known_at, "known_at")
        show(queries.compare(x, firm, before, after, known_at=known), json, tell.comparison)


def panel(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=".csv or .parquet file to write.")
    ],
    from_year: Annotated[int, typer.Option("--from", metavar="YEAR", help="First year.")],
    to_year: Annotated[int, typer.Option("--to", metavar="YEAR", help="Last year.")],
    firm: Annotated[
        list[str] | None,
        typer.Option(help="Id or name; repeatable. Every firm with an alliance unless given."),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="Measure; repeatable. All unless given.")
    ] = None,
    known_at: KnownAt = None,
) -> None:
    """Write the firm-year panel: every measure, one row per firm and year, for statistics.

    Versions of the formulas are in the file: in a column and FILE-metadata.json of CSV, in the
    metadata of Parquet.
    """
    kind = output.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise InvalidRequest(f"{output}: write a .csv or a .parquet file")
    if not output.resolve().parent.is_dir():  # not after minutes of reading
        raise InvalidRequest(f"cannot write {output}: there is no folder {output.parent}")
    known = parse_day(known_at, "known_at")
    columns = (TextColumn("firms"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    with explorer() as x, bar:
        task = bar.add_task("firms", total=None)
        found = queries.panel_rows(
            x,
            firm or (),
            from_year=from_year,
            to_year=to_year,
            known_at=known,
            only=measure or (),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        if kind == ".csv":
            exporters.write_file(output, exporters.panel_csv(found))
            about = exporters.panel_csv_metadata(found.measures, output.name)
            exporters.write_file(output.with_name(f"{output.name}-metadata.json"), [about])
        else:
            exporters.write_file(output, exporters.panel_parquet(found))
    rows = found.firms * (to_year - from_year + 1)
    printing.line(
        out,
        f"{output}: {rows:,} rows, {found.firms:,} firms, {from_year} to {to_year}, "
        f"{len(found.measures)} measures",
    )
