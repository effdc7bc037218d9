"""Looking: search, firm, portfolio, view, stats."""

from pathlib import Path
from typing import Annotated

import typer

from alliance_explorer import printing, queries
from alliance_explorer.console import (
    Actor,
    AsOf,
    Firm,
    Json,
    KnownAt,
    at_most,
    explorer,
    out,
    show,
    write,
)
from alliance_explorer.limits import HITS, NEIGHBOURHOOD
from alliance_explorer.queries import parse_day
from alliance_explorer.queries.graph.names import ACTOR_LABELS
from alliance_explorer.viz import render_standalone


def search(
    text: Annotated[str, typer.Argument(help="A name, part of one, or something like one.")],
    label: Annotated[
        list[str] | None, typer.Option("--label", help="Node label to look at; repeatable.")
    ] = None,
    limit: Annotated[int, at_most(HITS)] = HITS.usual,
    json: Json = False,
) -> None:
    """Find firms, networks and people by name; typos are forgiven."""
    text = text.encode(errors="backslashreplace").decode()  # bytes that are no UTF-8
    with explorer() as x:
        show(
            queries.search(x, text, labels=label or ACTOR_LABELS, limit=limit),
            json,
            printing.search,
        )


def firm(actor: Actor, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False) -> None:
    """Show a firm, person or network with its ties."""
    with explorer() as x:
        answer = queries.profile(
            x, actor, as_of=parse_day(as_of, "as_of"), known_at=parse_day(known_at, "known_at")
        )
        show(answer, json, printing.profile)


def portfolio(firm: Firm, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False) -> None:
    """Show a firm's alliance portfolio: composition, partners with their roles, moves."""
    with explorer() as x:
        answer = queries.portfolio(
            x, firm, as_of=parse_day(as_of, "as_of"), known_at=parse_day(known_at, "known_at")
        )
        show(answer, json, printing.portfolio)


def view(
    actor: Actor,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="HTML file to write.")
    ] = None,
    as_of: AsOf = None,
    limit: Annotated[int, at_most(NEIGHBOURHOOD)] = NEIGHBOURHOOD.usual,
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
    write(target, render_standalone(subgraph, title))
    printing.line(out, f"{target}: {len(subgraph.nodes)} nodes, {len(subgraph.edges)} ties")


def stats(json: Json = False) -> None:
    """Show what is loaded, and from which sources."""
    with explorer() as x:
        show(queries.stats(x), json, printing.stats)
