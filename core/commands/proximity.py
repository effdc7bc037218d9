"""Proximity: of two firms, and of one firm to its candidates."""

from typing import Annotated, cast

import typer
from rich.console import Console

from alliance_explorer import queries
from alliance_explorer.console import AsOf, Firm, Json, KnownAt, at_most, chosen, explorer, show
from alliance_explorer.limits import CANDIDATES
from alliance_explorer.printing import add, line, table_of, text_of, warning
from alliance_explorer.queries import (
    DIMENSIONS,
    ProximityMatrix,
    ProximityOptions,
    ProximityProfile,
    Thresholds,
    configured_thresholds,
    parse_day,
    parse_thresholds,
)
from alliance_explorer.queries.proximity.matrix_models import SORTS, Sort

Threshold = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="NAME:VALUE",
        help=f"Own value of a threshold; repeatable: {', '.join(Thresholds.model_fields)}.",
    ),
]
MinConfidence = Annotated[
    float, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts of less.")
]


def _options(
    as_of: str | None, known_at: str | None, min_confidence: float, threshold: list[str] | None
) -> ProximityOptions:
    return ProximityOptions(
        as_of=parse_day(as_of, "as_of"),
        known_at=parse_day(known_at, "known_at"),
        min_confidence=min_confidence,
        thresholds=Thresholds.of(
            configured_thresholds(chosen.get().proximity), parse_thresholds(threshold or ())
        ),
    )


def proximity(
    firm: Firm,
    other: Firm,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    min_confidence: MinConfidence = 0.0,
    threshold: Threshold = None,
    json: Json = False,
) -> None:
    """Show how near two firms are in five dimensions, and why."""
    options = _options(as_of, known_at, min_confidence, threshold)
    with explorer() as x:
        show(queries.proximity(x, firm, other, options), json, _tell)


def proximity_matrix(
    firm: Firm,
    candidates: Annotated[
        list[str] | None,
        typer.Argument(
            help="Firms to compare with; partners and fellow members of small bodies if none.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    min_confidence: MinConfidence = 0.0,
    threshold: Threshold = None,
    limit: Annotated[int, at_most(CANDIDATES)] = CANDIDATES.usual,
    sort: Annotated[str, typer.Option(help=f"Order of the rows: {', '.join(SORTS)}.")] = "workable",
    json: Json = False,
) -> None:
    """Show how near a firm is to each of its candidates, in five dimensions."""
    options = _options(as_of, known_at, min_confidence, threshold)
    with explorer() as x:
        answer = queries.proximity_matrix(
            x, firm, candidates or (), options, limit=limit, sort=cast(Sort, sort)
        )
        show(answer, json, _tell_matrix)


# --- for people -----------------------------------------------------------------------------------

_STYLES = {"workable": "green", "too far": "yellow", "too close": "yellow", "not known": "dim"}


def _tell(console: Console, p: ProximityProfile) -> None:
    console.print(text_of(p.summary, "bold"))
    when = f"as of {p.reference_date}"
    line(console, when + (f", known at {p.known_at}" if p.known_at else ""))
    for name, d in p.dimensions().items():
        console.print()
        console.print(text_of(f"{name.capitalize()}: {d.verdict}", f"bold {_STYLES[d.verdict]}"))
        line(console, f"  {d.why}")
        for e in d.evidence:
            adds = f"{e.adds:.4f} = {e.arithmetic}  " if e.adds is not None else ""
            mark = " [inferred]" if e.inferred else ""
            console.print(text_of(f"    {adds}{e.sentence}{mark}", "dim"))
        for note in d.notes:
            console.print(text_of(f"    Note: {note}", "dim"))
        if d.decided_by:
            value = getattr(p.thresholds, d.decided_by)
            console.print(text_of(f"    Decided by {d.decided_by} = {value:g} (our rule)", "dim"))
    console.print()
    for source in p.sources.values():
        console.print(text_of(f"Source: {source.title}", "dim"))
    for credit in p.credits:
        console.print(text_of(credit, "dim"))


def _tell_matrix(console: Console, m: ProximityMatrix) -> None:
    console.print(text_of(m.summary, "bold"))
    if not m.rows:
        return
    table = table_of("candidate", *DIMENSIONS, "reach", "km", right=("km",))
    for row in m.rows:
        cells = row.cells()
        km = f"{row.km:,.0f}" if row.km is not None else None
        verdicts = [cells[name].verdict for name in DIMENSIONS]
        add(table, row.candidate.name, *verdicts, row.reach, km)
    console.print(table)
    if m.left_out:
        warning(console, f"{m.left_out:,} more; --limit shows more, up to {CANDIDATES.most}")
    for credit in m.credits:
        console.print(text_of(credit, "dim"))
