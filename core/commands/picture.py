"""Growing a picture: who is around an actor, and everything among some."""

from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer.console import Actor, AsOf, Json, KnownAt, at_most, explorer, show
from alliance_explorer.limits import NEIGHBOURS
from alliance_explorer.printing import add, line, table_of
from alliance_explorer.queries import parse_day
from alliance_explorer.queries.models import Subgraph
from alliance_explorer.queries.picture_models import Surroundings
from alliance_explorer.queries.pictures import subgraph as find_subgraph
from alliance_explorer.queries.surroundings import AROUND, surroundings


def around(
    actor: Actor,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help=f"Kind of tie, repeatable: {', '.join(AROUND)}."),
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option("--beside", help="Id of somebody who is in the picture; repeatable."),
    ] = None,
    limit: Annotated[int, at_most(NEIGHBOURS)] = NEIGHBOURS.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show who is around an actor, by kind of tie, the most relevant first."""
    with explorer() as x:
        answer = surroundings(
            x,
            actor,
            kinds=kind or AROUND,
            limit=limit,
            beside=beside or (),
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
        )
        show(answer, json, _around)


def subgraph(
    nodes: Annotated[
        list[str],
        typer.Argument(
            help="Firms, people, networks, alliances: ids or names.", show_default=False
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show everything on record among some actors, networks and alliances."""
    with explorer() as x:
        answer = find_subgraph(
            x,
            nodes,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
        )
        show(answer, json, _subgraph)


def _around(console: Console, found: Surroundings) -> None:
    line(console, f"Around {found.actor.name}:")
    for group in found.kinds:
        beyond = f"; {group.beyond:,} others belong to the same" if group.beyond else ""
        table = table_of("name", "label", "why", title=f"{group.kind}: {group.total:,}{beyond}")
        for neighbour in group.shown:
            add(table, neighbour.node.name, neighbour.node.label, neighbour.because)
        console.print(table)
    if not found.kinds:
        line(console, "Nobody is on record.")


def _subgraph(console: Console, found: Subgraph) -> None:
    names = {n.id: n.name for n in found.nodes}
    line(console, f"{len(found.nodes)} nodes, {len(found.edges)} ties")
    table = table_of("from", "tie", "to", "since", "until")
    for e in found.edges:
        p = e.properties
        since = p.get("since") or p.get("start") or p.get("date") or ""
        until = p.get("until") or p.get("end") or ""
        tie = e.type + (" (inferred)" if e.inferred else "")
        add(table, names[e.from_id], tie, names[e.to_id], since, until)
    if found.edges:
        console.print(table)
