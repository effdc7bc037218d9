"""Data in: load."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from alliance_explorer import loaders, printing
from alliance_explorer.console import Json, chosen, err, show, write_pieces
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.loaders import DryReport, LoadRefused, LoadReport, rejects_as_csv
from alliance_explorer.matching import mode_named
from alliance_explorer.opening import open_from
from alliance_explorer.queries import parse_day


def load(
    sources: Annotated[
        list[str], typer.Argument(help="Folders, files or http(s) URLs.", show_default=False)
    ],
    format: Annotated[
        str,
        typer.Option(
            "--format", help=f"{', '.join(loaders.FORMATS[:-1])} or {loaders.FORMATS[-1]}."
        ),
    ] = "auto",
    as_: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="WHAT",
            help="What ties of a foreign graph are: MEMBER_OF and so on, or a kind of alliance.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="FILE", help="YAML that says what the columns of a table mean."
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Write nothing: show the first records and every problem."),
    ] = False,
    snapshot: Annotated[
        str,
        typer.Option(
            "--snapshot",
            metavar="DATE",
            help="The sources are given whole, as of this day: what they list no longer has ended. "
            "auto: of landscapes with a date in the name; none: nothing ends.",
        ),
    ] = "auto",
    match: Annotated[
        str,
        typer.Option(
            "--match",
            help="New firms that match others: off; suggest puts the pairs into the review queue; "
            "apply merges those that are surely the same, and queues the rest.",
        ),
    ] = "off",
    strict: Annotated[
        bool, typer.Option("--strict", help="Load nothing if any row is bad.")
    ] = False,
    recheck: Annotated[
        bool,
        typer.Option("--recheck", help="Read tables even if the graph has them unchanged."),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects", metavar="FILE", help="Write every bad row and its reason here, as CSV."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Load firms, alliances, networks and memberships. Loading again changes nothing."""
    config = chosen.get()
    whole: dt.date | Literal["auto", "none"] = "auto" if snapshot == "auto" else "none"
    if snapshot not in ("auto", "none"):
        whole = parse_day(snapshot, "snapshot") or "none"
    if rejects and not rejects.parent.is_dir():  # not after minutes of loading
        raise InvalidRequest(f"cannot write {rejects}: there is no folder {rejects.parent}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    with open_from(config) as engine, bar:
        task = bar.add_task("reading", total=None)
        done: dict[str, int] = {}

        def progress(name: str, rows: int) -> None:
            done[name] = done.get(name, 0) + rows
            bar.update(task, description=f"{name}: {done[name]:,}")

        try:
            summary = loaders.load(
                engine,
                sources,
                format=format,
                as_=as_,
                mapping=str(mapping) if mapping else None,
                snapshot=whole,
                match=mode_named(match),
                strict=strict,
                recheck=recheck,
                dry=dry_run,
                progress=progress,
                max_download=config.max_download,
                download_timeout=config.download_timeout,
            )
        except LoadRefused as exc:
            if rejects:
                write_pieces(rejects, rejects_as_csv(exc.rejects))
            raise
    told: LoadReport = loaders.report(summary)
    if rejects and (summary.rejects or rejects.exists()):  # an old one would be misleading
        write_pieces(rejects, rejects_as_csv(summary.rejects))
    if dry_run:
        show(loaders.dry_report(summary), json, _tell_dry_run)
    else:
        show(told, json, printing.load)
    if told.total.rejected and not json:
        printing.rejects(err, summary.rejects, all_of_them=dry_run)
        where = f"; all of them are in {rejects}" if rejects else "; --rejects FILE keeps them all"
        printing.warning(err, f"{told.total.rejected:,} rows were rejected{where}")


def _tell_dry_run(console: Console, report: DryReport) -> None:
    """The first records, then what a load would do."""
    for record in report.records:
        printing.line(console, f"{record.type}  ({record.file}, line {record.line})")
        for name, value in record.properties.items():
            shown = "; ".join(value) if isinstance(value, list) else value
            printing.line(console, f"    {name}: {shown}")
    printing.line(console, "")
    printing.load(console, report)
    printing.line(console, "Nothing was written: this was a dry run.")
