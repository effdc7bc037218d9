"""The command line: each command asks one question and prints its answer."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
import uvicorn
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from alliance_explorer import __version__, queries
from alliance_explorer.api import create_app
from alliance_explorer.errors import AllianceExplorerError, InvalidRequest
from alliance_explorer.graph_schema import ddl, document, nearest
from alliance_explorer.loaders import LoadRefused, LoadReport, load, rejects_as_csv, report
from alliance_explorer.opening import open_from
from alliance_explorer.queries import Explorer, PathOptions, parse_day
from alliance_explorer.queries.names import ACTOR_LABELS
from alliance_explorer.queries.ties import DEFAULT_HALF_LIFE
from alliance_explorer.settings import DEFAULT_DB, Settings, settings
from alliance_explorer.viz import render_standalone

from . import printing
from .asking import (
    Avoid,
    Ended,
    HalfLife,
    Kinds,
    Limit,
    MaxSteps,
    MinConfidence,
    Weights,
    asked,
)

app = typer.Typer(
    help="Who in my network bridges to this partner? What does my alliance portfolio look like?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
_chosen: ContextVar[Settings] = ContextVar("settings of this command")

Firm = Annotated[str, typer.Argument(help="Id or name of a firm.", show_default=False)]
Actor = Annotated[
    str, typer.Argument(help="Id or name of a firm, person or network.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print exactly what the API returns.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was valid on this day.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="DATE", help="Only what was recorded by then.")
]


@contextmanager
def explorer() -> Iterator[Explorer]:
    """The explorer of the configured database."""
    with open_from(_config()) as engine:
        engine.define(ddl(engine.dialect))
        yield Explorer(engine)


def _config() -> Settings:
    return _chosen.get()


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
        _chosen.set(Settings(db=db) if db else settings())
    except ValidationError as exc:
        first = exc.errors()[0]
        variable = f"{Settings.model_config['env_prefix']}{first['loc'][0]}".upper()
        raise InvalidRequest(f"{variable}: {first['msg']}") from None


@app.command("load")
def load_command(
    sources: Annotated[
        list[str], typer.Argument(help="Folders, files or http(s) URLs.", show_default=False)
    ],
    format: Annotated[str, typer.Option("--format", help="auto, tables or landscape.")] = "auto",
    strict: Annotated[
        bool, typer.Option("--strict", help="Load nothing if any row is bad.")
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
    config = _config()
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
            summary = load(
                engine,
                sources,
                format=format,
                strict=strict,
                progress=progress,
                max_download=config.max_download,
                download_timeout=config.download_timeout,
            )
        except LoadRefused as exc:
            if rejects:
                _write(rejects, rejects_as_csv(exc.rejects))
            raise
    told: LoadReport = report(summary)
    if rejects and (summary.rejects or rejects.exists()):  # an old one would be misleading
        _write(rejects, rejects_as_csv(summary.rejects))
    _show(told, json, printing.load)
    if told.total.rejected and not json:
        printing.rejects(err, summary.rejects)
        where = f"; all of them are in {rejects}" if rejects else "; --rejects FILE keeps them all"
        printing.warning(err, f"{told.total.rejected:,} rows were rejected{where}")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, part of one, or something like one.")],
    label: Annotated[
        list[str] | None, typer.Option("--label", help="Node label to look at; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Most names.")] = 20,
    json: Json = False,
) -> None:
    """Find firms, networks and people by name; typos are forgiven."""
    text = text.encode(errors="backslashreplace").decode()  # bytes that are no UTF-8
    with explorer() as x:
        _show(
            queries.search(x, text, labels=label or ACTOR_LABELS, limit=limit),
            json,
            printing.search,
        )


@app.command()
def firm(actor: Actor, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False) -> None:
    """Show a firm, person or network with its ties."""
    with explorer() as x:
        answer = queries.profile(
            x, actor, as_of=parse_day(as_of, "as_of"), known_at=parse_day(known_at, "known_at")
        )
        _show(answer, json, printing.profile)


@app.command()
def portfolio(firm: Firm, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False) -> None:
    """Show a firm's alliance portfolio: composition, partners with their roles, moves."""
    with explorer() as x:
        answer = queries.portfolio(
            x, firm, as_of=parse_day(as_of, "as_of"), known_at=parse_day(known_at, "known_at")
        )
        _show(answer, json, printing.portfolio)


Answer = TypeVar("Answer", bound=BaseModel)


def _ways(
    ask: Callable[[Explorer, str, str, PathOptions], Answer],
    show: Callable[[Console, Answer], None],
) -> Callable[..., None]:
    """A command that asks for ways from one actor to another."""

    def command(
        focal: Firm,
        target: Firm,
        kinds: Kinds = None,
        max_steps: MaxSteps = 3,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        avoid: Avoid = None,
        limit: Limit = 10,
        half_life: HalfLife = DEFAULT_HALF_LIFE,
        weights: Weights = None,
        ended: Ended = None,
        min_confidence: MinConfidence = 0.0,
        json: Json = False,
    ) -> None:
        options = asked(
            kinds,
            weights,
            avoid,
            as_of,
            known_at,
            max_steps=max_steps,
            limit=limit,
            half_life=half_life,
            ended=ended,
            min_confidence=min_confidence,
        )
        with explorer() as x:
            _show(ask(x, focal, target, options), json, show)

    return command


app.command("bridges", help="Who in my network bridges to this partner? Strongest first.")(
    _ways(queries.bridges, printing.bridges)
)
app.command("paths", help="The strongest different chains of introductions between two actors.")(
    _ways(queries.paths, printing.paths)
)


@app.command()
def view(
    actor: Actor,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="HTML file to write.")
    ] = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Most nodes.")] = 60,
    json: Json = False,
) -> None:
    """Write the neighbourhood of an actor as one interactive HTML file that works offline."""
    with explorer() as x:
        subgraph = queries.ego(x, actor, as_of=parse_day(as_of, "as_of"), limit=limit)
        focal = next(n for n in subgraph.nodes if n.id == subgraph.focal)
    if json:
        typer.echo(subgraph.model_dump_json(by_alias=True))
        return
    target = output or Path(f"{focal.id.replace(':', '-')}.html")
    title = f"{focal.name}: neighbourhood" + (f" as of {as_of}" if as_of else "")
    _write(target, render_standalone(subgraph, title))
    printing.line(out, f"{target}: {len(subgraph.nodes)} nodes, {len(subgraph.edges)} ties")


@app.command()
def stats(json: Json = False) -> None:
    """Show what is loaded, and from which sources."""
    with explorer() as x:
        _show(queries.stats(x), json, printing.stats)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the explorer's pages and its API."""
    with open_from(_config()) as engine:  # before listening: a locked database is said at once
        web = create_app(_config(), engine)
        err.print(f"Alliance Explorer on http://{host}:{port} (Ctrl+C stops it)", markup=False)
        uvicorn.run(web, host=host, port=port, log_level="warning")


@app.command()
def doctor() -> None:
    """Say what engine is used, what it holds, and what is wrong."""
    config = _config()
    with open_from(config) as engine:
        info = engine.info()
        engine.define(ddl(engine.dialect))
        x = Explorer(engine)
        problems = [*info.problems, *queries.check(x)]
        printing.doctor(out, info, queries.stats(x), problems)
    if problems:
        raise typer.Exit(1)


@app.command()
def schema(
    format: Annotated[
        str, typer.Option("--format", help="markdown, ladybug or neo4j (the DDL).")
    ] = "markdown",
) -> None:
    """Print the schema: as a document, or as the DDL of an engine."""
    texts: dict[str, Callable[[], str]] = {
        "markdown": document,
        "ladybug": lambda: ";\n".join(ddl("ladybug")) + ";",
        "neo4j": lambda: ";\n".join(ddl("neo4j")) + ";",
    }
    if format not in texts:
        raise InvalidRequest(f"no format is called {format!r}" + nearest(format, texts))
    typer.echo(texts[format](), nl=False)


@app.command()
def export(
    output: Annotated[Path, typer.Argument(metavar="FILE", help=".json or .graphml")],
    ego: Annotated[
        str | None, typer.Option("--ego", help="Only this actor's neighbourhood.")
    ] = None,
    as_of: AsOf = None,
    people: Annotated[bool, typer.Option("--people", help="Personal data too.")] = False,
) -> None:
    """Export the graph, or one neighbourhood. People are left out unless asked for."""
    kind = output.suffix.lower()
    if kind not in (".json", ".graphml"):
        raise InvalidRequest(f"{output}: write a .json or a .graphml file")
    if as_of and not ego:
        raise InvalidRequest("--as-of goes with --ego: the whole graph is exported with its dates")
    with explorer() as x:
        text = queries.exported(
            x, kind[1:], ego=ego, as_of=parse_day(as_of, "as_of"), people=people
        )
    _write(output, text)
    printing.line(out, f"{output}: {len(text.encode()):,} bytes")


def _show(answer: Answer, json: bool, show: Callable[[Console, Answer], None]) -> None:
    if json:
        typer.echo(answer.model_dump_json(by_alias=True))
    else:
        show(out, answer)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as exc:
        raise InvalidRequest(f"cannot write {path}: {exc.strerror}") from exc


def main() -> None:
    """The console command; errors that a user can mend are printed as one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal has no letter for is shown so
            stream.reconfigure(errors="backslashreplace")
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
