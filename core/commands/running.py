"""Running it: serve, doctor, schema."""

import gc
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from alliance_explorer import printing, queries
from alliance_explorer.api import create_app
from alliance_explorer.console import chosen, err, out
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import ddl, document, nearest
from alliance_explorer.opening import open_from
from alliance_explorer.queries import Explorer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the explorer's pages and its API."""
    # An answer about a large portfolio is made of 100,000 objects, none of which are in cycles:
    # looking for cycles as often as Python does by itself takes a quarter of its time.
    gc.set_threshold(50_000, 20, 50)
    with open_from(chosen.get()) as engine:  # before listening: a locked database is said at once
        web = create_app(chosen.get(), engine)
        err.print(f"Alliance Explorer on http://{host}:{port} (Ctrl+C stops it)", markup=False)
        uvicorn.run(web, host=host, port=port, log_level="warning")


def doctor() -> None:
    """Say what engine is used, what it holds, and what is wrong."""
    config = chosen.get()
    with open_from(config) as engine:
        info = engine.info()
        engine.define(ddl(engine.dialect))
        x = Explorer(engine)
        problems = [*info.problems, *queries.check(x)]
        printing.doctor(out, info, queries.stats(x), problems)
    if problems:
        raise typer.Exit(1)


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
