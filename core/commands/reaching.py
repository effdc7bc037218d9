"""What can be reached, over whom it hangs, and what would open a way."""

from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer.console import AsOf, Firm, Json, KnownAt, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import WAYS
from alliance_explorer.printing import add, line, table_of, text_of, warning
from alliance_explorer.queries.bridging.failure import weak_points as find_weak_points
from alliance_explorer.queries.bridging.groups import Choice
from alliance_explorer.queries.bridging.openings import openings as find_openings
from alliance_explorer.queries.bridging.reach import reach as find_reach
from alliance_explorer.queries.bridging.reach_models import (
    Counted,
    Opening,
    Openings,
    ReachResult,
    Rival,
    WeakPoints,
)
from alliance_explorer.queries.models import Path

from .ways import (
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

SHOWN = 8

Steps = Annotated[
    int | None,
    typer.Option("--steps", min=2, max=6, help="Only those at this many introductions."),
]
Country = Annotated[
    str | None, typer.Option("--country", help="Only firms of this country: DE, Germany…")
]
ActorType = Annotated[
    str | None,
    typer.Option("--actor-type", help="Only firms of this place in the industry: integrator…"),
]
Capability = Annotated[str | None, typer.Option("--capability", help="Only firms that offer this.")]
Network = Annotated[
    str | None, typer.Option("--network", help="Only firms that are members of this.")
]
Target = Annotated[
    str | None, typer.Option("--target", help="One firm or person, instead of a group.")
]
Cursor = Annotated[str | None, typer.Option("--cursor", help="`next_cursor` of the page before.")]


def reach(
    focal: Firm,
    steps: Steps = None,
    country: Country = None,
    actor_type: ActorType = None,
    capability: Capability = None,
    network: Network = None,
    kinds: Kinds = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    avoid: Avoid = None,
    limit: Limit = WAYS.usual,
    cursor: Cursor = None,
    half_life: HalfLife = None,
    weights: Weights = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    json: Json = False,
) -> None:
    """Whom can I reach beyond my own contacts, and over whom? Strongest first."""
    options = asked(
        kinds,
        weights,
        as_of,
        known_at,
        half_life,
        avoid=avoid or [],
        max_steps=max_steps,
        limit=limit,
        ended=ended,
        min_confidence=min_confidence,
    )
    choice = Choice(country, actor_type, capability, network)
    with explorer() as x:
        show(
            find_reach(x, focal, options, steps=steps, choice=choice, cursor=cursor),
            json,
            _tell_reach,
        )


def weak_points(
    focal: Firm,
    target: Target = None,
    country: Country = None,
    actor_type: ActorType = None,
    capability: Capability = None,
    network: Network = None,
    kinds: Kinds = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    avoid: Avoid = None,
    limit: Limit = WAYS.usual,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    json: Json = False,
) -> None:
    """Whose loss would put a partner, a country or a capability out of my reach? Most first."""
    options = asked(
        kinds,
        None,
        as_of,
        known_at,
        None,
        avoid=avoid or [],
        max_steps=max_steps,
        limit=limit,
        ended=ended,
        min_confidence=min_confidence,
    )
    choice = Choice(country, actor_type, capability, network)
    with explorer() as x:
        show(
            find_weak_points(x, focal, options, target=target, choice=choice),
            json,
            _tell_weak_points,
        )


def openings(
    focal: Firm,
    target: Firm,
    who: Annotated[
        str, typer.Option("--who", help="Who may join a network: focal, or contacts as well.")
    ] = "focal",
    kinds: Kinds = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    avoid: Avoid = None,
    limit: Limit = WAYS.usual,
    half_life: HalfLife = None,
    weights: Weights = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    json: Json = False,
) -> None:
    """Where there is no way to a partner: what comes near, and what would open one."""
    if who not in ("focal", "contacts"):
        raise InvalidRequest(f"--who: {who!r} cannot join; allowed: focal, contacts")
    options = asked(
        kinds,
        weights,
        as_of,
        known_at,
        half_life,
        avoid=avoid or [],
        max_steps=max_steps,
        limit=limit,
        ended=ended,
        min_confidence=min_confidence,
    )
    with explorer() as x:
        answer = find_openings(
            x, focal, target, options, who="contacts" if who == "contacts" else "focal"
        )
        show(answer, json, _tell_openings)


# --- for people -----------------------------------------------------------------------------------


def _tell_reach(console: Console, result: ReachResult) -> None:
    console.print(text_of(result.summary, style="bold"))
    for name, counts in (
        ("steps", result.counts.steps),
        ("country", result.counts.country),
        ("place in the industry", result.counts.actor_type),
        ("capability", result.counts.capability),
    ):
        if counts:
            line(console, f"  {name}: {_counts(counts)}")
    if result.reached:
        console.print()
        table = table_of("who", "steps", "over", "strength", right=("steps", "strength"))
        for r in result.reached:
            over = r.bridge.name + _rivalries(r.competes_with)
            add(table, r.actor.name, r.steps, over, f"{r.strength:.4f}")
        console.print(table)
        _path(console, result.reached[0].path)
    if result.next_cursor:
        line(console, f"More: --cursor {result.next_cursor}")
    _footer(console, result.searched.complete, [s.title for s in result.sources.values()])


def _rivalries(rivals: list[Rival]) -> str:
    named = (f"{r.actor.name}{' (inferred)' if r.inferred else ''}" for r in rivals)
    return f" – competes with {', '.join(named)}" if rivals else ""


def _counts(counts: list[Counted]) -> str:
    shown = ", ".join(f"{c.name} {c.number:,}" for c in counts[:SHOWN])
    return shown + (f" and {len(counts) - SHOWN:,} more" if len(counts) > SHOWN else "")


def _tell_weak_points(console: Console, result: WeakPoints) -> None:
    console.print(text_of(result.summary, style="bold"))
    for point in result.points:
        names = ", ".join(r.name for r in point.lost[:SHOWN])
        more = f" and {point.loses - SHOWN:,} more" if point.loses > SHOWN else ""
        loses = "all are lost" if point.loses_all else f"{point.loses:,} lost"
        kind = "" if point.without.label == "Firm" else f" ({point.without.label.lower()})"
        line(console, f"  without {point.without.name}{kind}: {loses}: {names}{more}")
        console.print(text_of(f"    {point.example.sentence}", style="dim"))
    if result.total > len(result.points):
        line(console, f"  and {result.total - len(result.points):,} more; --limit shows more")
    _footer(console, result.searched.complete, [s.title for s in result.sources.values()])


def _tell_openings(console: Console, result: Openings) -> None:
    console.print(text_of(result.summary, style="bold"))
    a = result.approach
    line(console, f"  {result.focal.name} reaches {_outlook(a.from_focal)}")
    line(console, f"  {result.target.name} is reached by {_outlook(a.from_target)}")
    if a.missing:
        line(console, f"  shortest way: {' – '.join(r.name for r in a.chain)}")
    for title, relaxations in (
        ("Conditions that open a way when one of them is let go:", result.relaxations),
        ("Together they open one:", [result.together] if result.together else []),
    ):
        if relaxations:
            console.print(text_of(title, style="bold"))
        for r in relaxations:
            line(console, f"  {r.text}: {r.path.strength:.4f}")
            console.print(text_of(f"    {r.path.sentence}", style="dim"))
    for title, found in (
        ("New memberships:", result.memberships),
        ("New alliances:", result.alliances),
    ):
        if found:
            console.print(text_of(title, style="bold"))
        for o in found:
            _opening(console, o)
    _footer(console, result.searched.complete, [s.title for s in result.sources.values()])


def _outlook(numbers: list[int]) -> str:
    parts = [f"{n:,} in {steps}" for steps, n in enumerate(numbers, start=1)]
    return f"{', '.join(parts)} introductions"


def _opening(console: Console, o: Opening) -> None:
    doing = f"joins {o.join.name}" if o.new.kind == "membership" else f"allies with {o.join.name}"
    line(console, f"  {o.who.name} {doing}: {o.strength:.4f}")
    if o.competes_with:
        warning(console, f"    ! {o.meets.name}{_rivalries(o.competes_with)}")
    console.print(text_of(f"    {o.path.sentence}", style="dim"))
    console.print(
        text_of(
            f"    new tie {o.new.strength:.4f} = {o.new.kind} {o.new.weight:.2f} × recency "
            f"{o.new.recency:.2f} × repetition {o.new.repetition:.2f} × specificity "
            f"{o.new.specificity:.2f} ({o.new.participants:,} in it)",
            style="dim",
        )
    )


def _path(console: Console, path: Path) -> None:
    steps = " × ".join(f"{s.strength:.4f}" for s in path.steps)
    console.print(text_of(f"   {path.sentence}"))
    console.print(text_of(f"   strength {path.strength:.4f} = {steps}", style="dim"))


def _footer(console: Console, complete: bool, titles: list[str]) -> None:
    if not complete:
        warning(console, "The search was cut off; there may be better. Ask for fewer steps.")
    for title in titles:
        console.print(text_of(f"Source: {title}", style="dim"))
