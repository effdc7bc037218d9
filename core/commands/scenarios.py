"""Supposing: what-if, exposure, candidate, partners, constellation."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console

from alliance_explorer.console import AsOf, Firm, Json, KnownAt, at_most, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import EXPOSED, FOUND
from alliance_explorer.printing import add, line, table_of, text_of, warning
from alliance_explorer.queries import parse_day
from alliance_explorer.queries.graph.ties import parse_weights
from alliance_explorer.queries.models import Ref, SourceRef
from alliance_explorer.queries.scenarios.candidate import candidate as check_candidate
from alliance_explorer.queries.scenarios.constellation import constellations
from alliance_explorer.queries.scenarios.exposure import exposure as measure_exposure
from alliance_explorer.queries.scenarios.partner_search import Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions
from alliance_explorer.queries.scenarios.scenario import what_if as suppose
from alliance_explorer.queries.scenarios.scenario_models import (
    Candidate,
    Constellations,
    Exposure,
    Held,
    Partners,
    Standing,
    WhatIf,
)
from alliance_explorer.queries.scenarios.standing import counted

Names = list[str] | None
MaxSteps = Annotated[int, typer.Option("--max-steps", min=1, max=6, help="Longest chain.")]
Weights = Annotated[
    Names, typer.Option("--weight", metavar="NAME:W", help="Own weight of a part of the score.")
]
Capabilities = Annotated[
    Names,
    typer.Option("--capability", help="Capability or core business, by id or name; repeatable."),
]
MAX_NAMES = 12
Options = TypeVar("Options", bound=BaseModel)


def what_if(
    firm: Firm,
    leaves: Annotated[Names, typer.Option("--leaves", help="A partner leaves; repeatable.")] = None,
    drops: Annotated[
        Names, typer.Option("--drops", help="The firm leaves a network; repeatable.")
    ] = None,
    acquired: Annotated[
        str | None, typer.Option("--acquired", help="A firm is taken over; goes with --by.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who takes it over.")] = None,
    joins: Annotated[
        Names, typer.Option("--joins", help="The firm joins a network; repeatable.")
    ] = None,
    allies: Annotated[
        Names, typer.Option("--allies", help="The firm forms an alliance with it; repeatable.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Compare the ways to this firm or person.")
    ] = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Tell what changes if a partner leaves or is taken over, or a membership or an alliance."""
    suppositions = _checked(
        Suppositions,
        leaves=tuple(leaves or ()),
        drops=tuple(drops or ()),
        acquired=acquired,
        by=by,
        joins=tuple(joins or ()),
        allies=tuple(allies or ()),
    )
    with explorer() as x:
        answer = suppose(
            x,
            firm,
            suppositions,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            target=target,
            max_steps=max_steps,
        )
        show(answer, json, _what_if)


def exposure(
    firm: Firm,
    weights: Weights = None,
    max_steps: MaxSteps = 2,
    limit: Annotated[int, at_most(EXPOSED)] = EXPOSED.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Which partners may be absorbed by others, why, and what would be lost."""
    with explorer() as x:
        answer = measure_exposure(
            x,
            firm,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            weights=_weights(weights),
            max_steps=max_steps,
            limit=limit,
        )
        show(answer, json, _exposure)


def candidate(
    firm: Firm,
    candidate: Annotated[str, typer.Argument(help="Id or name of a firm.", show_default=False)],
    max_steps: MaxSteps = 2,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Check a candidate: conflicts, fit, what it adds to the portfolio and what it duplicates."""
    with explorer() as x:
        answer = check_candidate(
            x,
            firm,
            candidate,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            max_steps=max_steps,
        )
        show(answer, json, _candidate)


def partners(
    firm: Firm,
    capability: Capabilities = None,
    country: Annotated[Names, typer.Option("--country", help="DE, Germany…; repeatable.")] = None,
    city: Annotated[Names, typer.Option("--city", help="City; repeatable.")] = None,
    size: Annotated[
        Names, typer.Option("--size", help="micro, small, medium or large; repeatable.")
    ] = None,
    actor_type: Annotated[
        Names, typer.Option("--actor-type", help="Place in the IT industry; repeatable.")
    ] = None,
    network: Annotated[
        Names, typer.Option("--network", help="Member of this network; repeatable.")
    ] = None,
    proximity: Annotated[
        Names,
        typer.Option(
            "--proximity",
            metavar="DIMENSION=VERDICT",
            help="How near, as geographical=workable; repeatable.",
        ),
    ] = None,
    weights: Weights = None,
    partners_too: Annotated[
        bool, typer.Option("--partners-too", help="Firms that are partners already, too.")
    ] = False,
    max_steps: MaxSteps = 3,
    limit: Annotated[int, at_most(FOUND)] = FOUND.usual,
    cursor: Annotated[
        str | None, typer.Option("--cursor", help="next_cursor of the page before.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Find candidates for an alliance by criteria, ranked and explained."""
    criteria = _checked(
        Criteria,
        capability=tuple(capability or ()),
        country=tuple(country or ()),
        city=tuple(city or ()),
        size=tuple(size or ()),
        actor_type=tuple(actor_type or ()),
        network=tuple(network or ()),
        proximity=tuple(proximity or ()),
    )
    with explorer() as x:
        answer = partner_search(
            x,
            firm,
            criteria,
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            weights=_weights(weights),
            partners_too=partners_too,
            max_steps=max_steps,
            limit=limit,
            cursor=cursor,
        )
        show(answer, json, _partners)


def constellation(
    firm: Firm,
    capability: Capabilities = None,
    max_size: Annotated[
        int, typer.Option("--max-size", min=1, max=8, help="Most firms beside the one.")
    ] = 4,
    slack: Annotated[
        int, typer.Option("--slack", min=0, max=3, help="Also sets of so many firms more.")
    ] = 0,
    stated_only: Annotated[
        bool, typer.Option("--stated-only", help="Pass over inferred rivalries.")
    ] = False,
    largest_shared: Annotated[
        int,
        typer.Option(
            "--largest-shared", min=2, max=500, help="Largest network that ties its members."
        ),
    ] = 50,
    limit: Annotated[int, at_most(FOUND)] = FOUND.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Find the smallest sets of firms that cover what a solution needs."""
    with explorer() as x:
        answer = constellations(
            x,
            firm,
            capability or [],
            as_of=parse_day(as_of, "as_of"),
            known_at=parse_day(known_at, "known_at"),
            max_size=max_size,
            slack=slack,
            stated_only=stated_only,
            largest_shared=largest_shared,
            limit=limit,
        )
        show(answer, json, _constellations)


def _checked(model: type[Options], **values: object) -> Options:
    """Options as a model; what is wrong is said in one sentence."""
    try:
        return model.model_validate(values)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0])
        raise InvalidRequest(f"--{name.replace('_', '-')}: {first['msg']}", name) from None


def _weights(texts: Names) -> Mapping[str, float]:
    return {k.strip().replace("-", " "): v for k, v in parse_weights(texts or ()).items()}


# --- for people -----------------------------------------------------------------------------------


def _what_if(console: Console, answer: WhatIf) -> None:
    console.print(text_of(answer.summary, style="bold"))
    console.print()
    table = table_of("", "before", "after", right=("before", "after"))
    for name, one, other in zip(ROWS, _numbers(answer.before), _numbers(answer.after), strict=True):
        add(table, name, one, other)
    for a, b in zip(answer.before.reach, answer.after.reach, strict=True):
        add(table, f"firms within {a.steps}", f"{a.firms:,}", f"{b.firms:,}")
    if answer.target:
        best = [s.ways[0].strength if s.ways else None for s in (answer.before, answer.after)]
        shown = ["none" if b is None else f"{b:.4f}" for b in best]
        add(table, f"best way to {answer.target.name}", *shown)
    console.print(table)
    d = answer.difference
    for title, held in (
        ("Lost capabilities", d.capabilities_lost),
        ("Won capabilities", d.capabilities_won),
        ("Left with one partner", d.capabilities_thin),
    ):
        _held(console, title, held)
    _names(console, "Out of reach", d.reach_lost, d.reach_lost_total)
    _names(console, "Within reach only then", d.reach_won, d.reach_won_total)
    _names(console, "No longer a bridge", d.ways_lost, len(d.ways_lost))
    _names(console, "A bridge only then", d.ways_won, len(d.ways_won))
    for conflict in d.conflicts_gone:
        line(console, f"  no longer: {conflict.sentence}")
    for conflict in d.conflicts_new:
        warning(console, f"! {conflict.sentence}")
    if not (answer.before.complete and answer.after.complete):
        line(console, "A search was cut off at its time limit.")
    _sources(console, answer.sources)


ROWS = (
    "partners",
    "capabilities",
    "conflicts",
    "constraint",
    "effective size",
    "efficiency",
    "density",
)


def _numbers(standing: Standing) -> list[str]:
    s = standing.structure
    measures = (s.constraint, s.effective_size, s.efficiency, s.density)
    return [
        str(len(standing.partners)),
        str(len(standing.capabilities)),
        str(len(standing.conflicts)),
        *("–" if m is None else f"{m:.3f}" for m in measures),
    ]


def _exposure(console: Console, answer: Exposure) -> None:
    console.print(text_of(answer.summary, style="bold"))
    for n, e in enumerate(answer.partners, start=1):
        console.print()
        score = (
            "taken over" if e.acquired_by else "not known" if e.score is None else f"{e.score:.2f}"
        )
        console.print(text_of(f"{n}. {e.partner.name}  {score}", style="bold"))
        for f in e.factors:
            value = " –" if f.value is None else f" {f.value:.2f} × {f.weight:g}"
            line(console, f"   {f.name}{value if f.weight else ''}: {f.sentence}")
        if e.lost:
            held = ", ".join(h.name for h in e.lost.capabilities_lost) or "no capability"
            constraint = e.lost.structure.get("constraint", 0.0)
            line(
                console,
                f"   lost if it leaves: {held}; "
                f"{counted(e.lost.reach_lost_total, 'firm')} within {answer.max_steps}; "
                f"constraint {constraint:+.3f}",
            )
    if answer.total > len(answer.partners):
        line(console, f"{answer.total - len(answer.partners)} more; --limit shows more")
    _sources(console, answer.sources)


def _candidate(console: Console, answer: Candidate) -> None:
    console.print(text_of(answer.summary, style="bold"))
    if answer.ally_already:
        line(console, "It is a partner already.")
    for conflict in answer.conflicts:
        warning(console, f"! {conflict.sentence}")
    console.print()
    table = table_of("aspect", "says", "on record")
    for s in answer.compatibility:
        add(table, s.aspect, s.says, s.sentence)
    console.print(table)
    _held(console, "Adds", answer.adds)
    _held(console, "Of those, needed", answer.fills)
    _held(console, "Duplicates", answer.duplicates)
    _names(console, "Opens", answer.new_reach, answer.new_reach_total)
    if answer.redundancy is not None:
        line(console, f"{answer.redundancy:.0%} of its contacts are contacts already.")
    one, other = answer.before.constraint, answer.after.constraint
    if one is not None and other is not None:
        line(console, f"Constraint {one:.3f}, with it {other:.3f}.")
    _sources(console, answer.sources)


def _partners(console: Console, answer: Partners) -> None:
    console.print(text_of(answer.summary, style="bold"))
    for found in answer.candidates:
        console.print()
        console.print(text_of(f"{found.actor.name}  {found.score:.3f}", style="bold"))
        for c in found.components:
            line(console, f"   {c.name} {c.value:.2f} × {c.weight:g}: {c.sentence}")
        for conflict in found.conflicts:
            warning(console, f"   ! {conflict.sentence}")
    if answer.next_cursor:
        console.print()
        line(console, f"More: --cursor {answer.next_cursor}")
    _sources(console, answer.sources)


def _constellations(console: Console, answer: Constellations) -> None:
    console.print(text_of(answer.summary, style="bold"))
    for n, found in enumerate(answer.constellations, start=1):
        console.print()
        names = " + ".join(m.actor.name for m in found.members) or answer.focal.name
        console.print(text_of(f"{n}. {names}  {found.strength:.4f}", style="bold"))
        for m in found.members:
            line(console, f"   {m.actor.name}: {', '.join(m.brings) or 'connects the others'}")
        if found.own:
            line(console, f"   {answer.focal.name} itself: {', '.join(found.own)}")
        for j in found.joints:
            line(console, f"   {j.one.name} – {j.other.name} {j.strength:.4f}")
    if answer.total > len(answer.constellations):
        line(console, f"{answer.total - len(answer.constellations):,} more; --limit shows more")
    console.print()
    line(console, answer.searched)
    _sources(console, answer.sources)


def _held(console: Console, title: str, held: list[Held]) -> None:
    if held:
        who = [
            f"{h.name} ({', '.join(r.name for r in h.providers[:3])})" if h.providers else h.name
            for h in held[:MAX_NAMES]
        ]
        more = f" and {len(held) - MAX_NAMES} more" if len(held) > MAX_NAMES else ""
        line(console, f"{title}: {', '.join(who)}{more}")


def _names(console: Console, title: str, refs: list[Ref], total: int) -> None:
    if refs:
        shown = ", ".join(r.name for r in refs[:MAX_NAMES])
        more = f" and {total - MAX_NAMES:,} more" if total > MAX_NAMES else ""
        line(console, f"{title}: {shown}{more}")


def _sources(console: Console, sources: Mapping[str, SourceRef]) -> None:
    for source in sources.values():
        console.print(text_of(f"Source: {source.title}", style="dim"))
