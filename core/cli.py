"""The command line: each command asks one question and prints its answer."""

import io
import signal
import sys
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from alliance_explorer import __version__
from alliance_explorer.commands import (
    data,
    exporting,
    look,
    matching,
    networks,
    own_query,
    partnering,
    picture,
    proximity,
    reaching,
    records,
    running,
    scenarios,
    structure,
    ways,
)
from alliance_explorer.commands import portfolio as depth
from alliance_explorer.errors import AllianceExplorerError, InvalidRequest
from alliance_explorer.loaders import LoadRefused
from alliance_explorer.settings import DEFAULT_DB, Settings, settings

from . import printing
from .console import chosen, err, out

app = typer.Typer(
    help="Who in my network bridges to this partner? What does my alliance portfolio look like?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"alliance-explorer {__version__}")
        raise typer.Exit


@app.callback()
def options(
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help=f"ladybug://PATH, or neo4j://HOST; ALLIANCE_EXPLORER_DB, else {DEFAULT_DB}.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Open no database yet: each command opens the one that is chosen here."""
    try:
        chosen.set(Settings(db=db) if db else settings())
    except ValidationError as exc:
        first = exc.errors()[0]
        variable = f"{Settings.model_config['env_prefix']}{first['loc'][0]}".upper()
        raise InvalidRequest(f"{variable}: {first['msg']}") from None


app.command()(data.load)
app.command()(look.search)
app.command()(look.firm)
app.command()(look.portfolio)
app.command("bridges", help="Who in my network bridges to this partner? Strongest first.")(
    ways.bridges
)
app.command("paths", help="The strongest different chains of introductions between two actors.")(
    ways.paths
)
app.command("what-if")(scenarios.what_if)
app.command()(scenarios.exposure)
app.command()(scenarios.candidate)
app.command()(scenarios.partners)
app.command()(scenarios.constellation)
app.command()(ways.bridge_matrix)
app.command()(proximity.proximity)
app.command()(proximity.proximity_matrix)
app.command()(partnering.feasibility)
app.command()(partnering.services)
app.command()(reaching.reach)
app.command("weak-points")(reaching.weak_points)
app.command()(reaching.openings)
app.command("structure")(structure.structure_command)
app.command("keyness")(structure.keyness_command)
app.command("whole-network")(structure.whole_network_command)
app.command("composition", help="What a portfolio is composed of, with indices of diversity.")(
    depth.composition
)
app.command("dependence", help="How much a firm and its partners depend on each other, and why.")(
    depth.dependence
)
app.command("coopetition", help="Partners that compete, ways to rivals, who balances whom.")(
    depth.coopetition
)
app.command("timeline", help="What happened to a firm's relations, year by year.")(depth.timeline)
app.command("lifecycle", help="Success factors of each alliance on record and missing.")(
    depth.lifecycle
)
app.command()(depth.compare)
app.command()(depth.panel)
app.command()(picture.around)
app.command()(picture.subgraph)
app.command()(networks.members)
app.command()(networks.beside)
app.command()(networks.groups)
app.command()(own_query.query)
app.command()(look.view)
app.command()(look.stats)
app.command()(running.serve)
app.command()(running.doctor)
app.command()(running.schema)
app.command()(records.explain)
app.command()(records.correct)
app.command()(records.corrections)
app.command()(records.withdraw)
app.command("erase-person")(records.erase_person)
app.command()(exporting.export)
app.command()(matching.match)
app.command()(matching.merge)
app.command()(matching.merges)
app.command()(matching.unmerge)
app.command()(matching.review)
app.command()(matching.accept)
app.command()(matching.reject)


def main() -> None:
    """The console command; errors that a user can mend are printed as one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal has no letter for is shown so
            stream.reconfigure(errors="backslashreplace")
    # Who is told to stop takes back what is half done, as on Ctrl+C.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        app()
    except LoadRefused as exc:
        printing.rejects(err, exc.rejects)
        _fail(exc)
    except AllianceExplorerError as exc:
        _fail(exc)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away, as `head` does


def _fail(exc: Exception) -> NoReturn:
    printing.error(err, f"alliance-explorer: {exc}")
    raise SystemExit(2) from None
