"""Networks and their members, two firms side by side, the whole network as groups."""

from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer.console import AsOf, Firm, Json, KnownAt, at_most, explorer, show
from alliance_explorer.limits import GROUPS, MEMBERS
from alliance_explorer.printing import add, line, table_of
from alliance_explorer.queries import parse_day
from alliance_explorer.queries.membership import NetworkMembers, network_members
from alliance_explorer.queries.side_by_side import SMALL, Share, SideBySide, side_by_side
from alliance_explorer.queries.structure.firm_groups import ATTRIBUTES
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED
from alliance_explorer.queries.structure.network_map import (
    SIZES,
    NetworkMap,
    network_map,
)

from .structure import LargestShared
from .ways import Ended, Kinds, MinConfidence, asked


def members(
    network: Annotated[str, typer.Argument(help="Id or name of a network.", show_default=False)],
    mine: Annotated[
        str | None, typer.Option("--mine", metavar="FIRM", help="Mark the partners of this firm.")
    ] = None,
    find: Annotated[str, typer.Option(help="Only whose name has this in it.")] = "",
    offset: Annotated[int, typer.Option(min=0, help="Members to pass over.")] = 0,
    limit: Annotated[int, at_most(MEMBERS)] = MEMBERS.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show who is in a network, since when and in which tier; a firm's partners first."""
    day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    with explorer() as x:
        answer = network_members(
            x,
            network,
            mine=mine,
            as_of=day,
            known_at=known,
            find=find,
            offset=offset,
            limit=limit,
        )
        show(answer, json, print_members)


def beside(
    firm: Firm,
    other: Annotated[str, typer.Argument(help="Id or name of the other.", show_default=False)],
    small: Annotated[
        int, typer.Option(min=2, max=500, help="Largest network whose others are told.")
    ] = SMALL,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Put two firms side by side: shared networks and partners, and what is between them."""
    day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    with explorer() as x:
        answer = side_by_side(x, firm, other, as_of=day, known_at=known, small=small)
        show(answer, json, print_beside)


def groups(
    by: Annotated[str, typer.Option(help=f"What to group by: {', '.join(ATTRIBUTES)}.")] = (
        "community"
    ),
    size: Annotated[str, typer.Option(help=f"What to order by: {', '.join(SIZES)}.")] = "firms",
    within: Annotated[
        str | None, typer.Option("--within", metavar="GROUP", help="Only this group.")
    ] = None,
    within_by: Annotated[
        str | None, typer.Option("--within-by", help="What GROUP is a group by; as --by.")
    ] = None,
    kinds: Kinds = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(GROUPS)] = GROUPS.usual,
    json: Json = False,
) -> None:
    """Show the network of all firms as groups, with the ties between them."""
    options = asked(kinds, None, as_of, known_at, None, ended=ended, min_confidence=min_confidence)
    with explorer() as x:
        answer = network_map(
            x,
            options,
            by=by,
            size=size,
            within_by=within_by,
            within=within,
            largest_shared=largest_shared,
            limit=limit,
        )
        show(answer, json, print_groups)


def print_members(console: Console, answer: NetworkMembers) -> None:
    """Who is in it, as a table."""
    left = f", {answer.ended:,} left before" if answer.ended else ""
    partners = (
        f"; {answer.partners:,} of them partners of {answer.mine.name}" if answer.mine else ""
    )
    line(console, f"{answer.network.name}: {answer.members:,} members{left}{partners}")
    table = table_of("member", "tier", "since", "partner since")
    for m in answer.listed:
        partner = str(m.partner_since or "yes") if m.partner else ""
        name = m.actor.name if m.active else f"{m.actor.name} (left)"
        add(table, name, ", ".join(m.tiers + m.roles), m.since, partner)
    console.print(table)
    rest = answer.found - answer.offset - len(answer.listed)
    if rest > 0:
        line(console, f"… and {rest:,} more (--offset {answer.offset + len(answer.listed)})")


def print_beside(console: Console, answer: SideBySide) -> None:
    """What they share, as tables."""
    line(console, answer.summary)
    if answer.networks:
        one, other = answer.one.firm.name, answer.other.firm.name
        table = table_of("network", "members", one[:40], other[:40], "others", right=("members",))
        for s in answer.networks:
            others = ", ".join(r.name for r in s.others)
            add(table, s.network.name, f"{s.members:,}", _held(s.one), _held(s.other), others)
        console.print(table)
    for p in answer.partners:
        since = f"since {p.one_since or 'unknown'} and {p.other_since or 'unknown'}"
        line(console, f"Both are allied with {p.partner.name} ({since}).")


def _held(share: Share) -> str:
    since = [f"since {share.since}"] if share.since else []
    return ", ".join(share.tiers + share.roles + since) or "member"


def print_groups(console: Console, answer: NetworkMap) -> None:
    """The groups, as a table."""
    line(console, answer.summary)
    numbers = ("firms", "ties inside", "ties outside")
    table = table_of("group", *numbers, "betweenness", "largest", right=(*numbers, "betweenness"))
    for g in answer.groups:
        share = "" if g.betweenness is None else f"{g.betweenness:.3f}"
        largest = ", ".join(r.name for r in g.largest)
        name = f"{g.name} ({g.key})" if answer.by == "community" and g.key else g.name
        add(
            table, name, f"{g.firms:,}", f"{g.ties_inside:,}", f"{g.ties_outside:,}", share, largest
        )
    console.print(table)
    if answer.groups_left_out:
        line(console, f"… and {answer.groups_left_out:,} groups of {answer.firms_left_out:,} firms")
