"""Partnering at a distance: feasibility, services."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from alliance_explorer import printing, queries
from alliance_explorer.console import AsOf, Firm, Json, KnownAt, at_most, chosen, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import JUDGED
from alliance_explorer.printing import text_of
from alliance_explorer.queries import parse_day
from alliance_explorer.queries.feasibility.feasibility_models import (
    Feasibility,
    FeasibilityOfAlliances,
    Finding,
    Proposition,
)
from alliance_explorer.queries.feasibility.feasibility_rules import BEARINGS
from alliance_explorer.queries.feasibility.services import ServicesResult, described, service_table

Candidate = Annotated[
    str | None,
    typer.Argument(help="Id or name of the firm to partner with; or --reach.", show_default=False),
]
Service = Annotated[
    str | None,
    typer.Option(
        "--service",
        metavar="TYPE",
        help="Service to partner, as `services` lists them; without it, the firm's service "
        "partnerships on record are judged.",
    ),
]
Reach = Annotated[
    str | None,
    typer.Option("--reach", help="Where the partner is: local, domestic or international."),
]


def feasibility(
    firm: Firm,
    candidate: Candidate = None,
    service: Service = None,
    reach: Reach = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, at_most(JUDGED)] = JUDGED.usual,
    json: Json = False,
) -> None:
    """Say whether a service partnership is feasible, why, and what is missing."""
    day, known = parse_day(as_of, "as_of"), parse_day(known_at, "known_at")
    table = service_table(chosen.get().services)
    if service is None and (candidate or reach):
        raise InvalidRequest("say which service: --service TYPE; `services` lists them")
    with explorer() as x:
        if service is None:
            judged = queries.feasibility_of_alliances(
                x, firm, as_of=day, known_at=known, limit=limit, table=table
            )
            show(judged, json, _alliances)
            return
        answer = queries.feasibility(
            x,
            firm,
            candidate,
            service=service,
            reach=reach,
            as_of=day,
            known_at=known,
            table=table,
        )
        show(answer, json, _advice)


def services(json: Json = False) -> None:
    """List the services that feasibility knows, by knowledge content."""
    show(queries.services(service_table(chosen.get().services)), json, _services)


def _advice(console: Console, f: Feasibility) -> None:
    """The verdict, then what it rests on."""
    console.print(text_of(f.verdict.sentence, "bold"))
    printing.line(console, f"  {f.verdict.rule}")
    printing.line(console, f"  {f.reach.how}")
    for finding in f.mind:
        printing.warning(console, f"! {finding.sentence}")
    _heading(console, "Why")
    for p in f.propositions:
        _proposition(console, p)
    if f.missing:
        _heading(console, "What is missing")
        for c in f.missing:
            need = "" if c.needed else " (would help)"
            printing.line(console, f"  {c.proposition}: {c.must_hold}.{need}")
            console.print(text_of(f"      to record: {c.to_record}", "dim"))
    if f.challenges:
        _heading(console, "Challenges to expect, and what firms do against them")
        for challenge in f.challenges:
            printing.line(console, f"  {challenge.name}: {challenge.expect}")
            for routine in challenge.routines:
                printing.line(console, f"      → {routine}")
            _findings(console, challenge.helps, "on record: ")
            _findings(console, challenge.worse, "harder: ")
    _footer(console, f)


def _proposition(console: Console, p: Proposition) -> None:
    line = Text("  ").append_text(text_of(f"{p.id} {BEARINGS[p.bearing]}", _STYLES[p.bearing]))
    console.print(line.append_text(text_of(f": {p.statement}")))
    printing.line(console, f"      {p.why}")
    _findings(console, p.evidence)


_STYLES = {"supports": "green", "partly": "yellow", "opposes": "red"} | dict.fromkeys(
    ("not_on_record", "does_not_bear"), "dim"
)


def _findings(console: Console, found: list[Finding], lead: str = "") -> None:
    for finding in found[: printing.MAX_ROWS]:
        mark = " [inferred]" if finding.inferred else ""
        console.print(text_of(f"      {lead}{finding.sentence}{mark}", "dim"))


def _alliances(console: Console, f: FeasibilityOfAlliances) -> None:
    """Each partnership with its verdict, then the counts."""
    title = (
        f"{f.firm.name}: {len(f.alliances)} service partnerships judged as of {f.reference_date}"
    )
    console.print(text_of(title, "bold"))
    for a in f.alliances:
        service = f"{a.service.asked}, {described(a.service.content)}, {a.reach.reach}"
        printing.line(console, f"  {a.alliance.name} ({service})")
        printing.line(console, f"      {a.verdict.sentence}")
    if f.counts:
        table = printing.table_of("class", "reach", "partnerships", right=("partnerships",))
        for c in f.counts:
            printing.add(table, described(c.content), c.reach, c.alliances)
        console.print()
        console.print(table)
    if f.unjudged:
        _heading(console, f"Not judged ({f.unjudged_total:,})")
        for u in f.unjudged[: printing.MAX_ROWS]:
            printing.line(console, f"  {u.alliance.name}: {u.reason}")
    if f.left_out:
        console.print(f"{f.left_out:,} older alliances were not looked at; --limit allows more")
    _footer(console, f)


def _footer(console: Console, f: Feasibility | FeasibilityOfAlliances) -> None:
    for source in f.sources.values():
        console.print(text_of(f"Source: {source.title}", "dim"))
    for credit in f.credits:
        console.print(text_of(credit, "dim"))


def _services(console: Console, result: ServicesResult) -> None:
    """The table, class by class."""
    for content, meaning in result.contents.items():
        _heading(console, f"{described(content).capitalize()}: {meaning}")
        table = printing.table_of("service", "also called", "by")
        for s in result.services:
            if s.content == content:
                by = f"{s.source}: {s.why}" if s.why else s.source
                printing.add(table, s.service, ", ".join(s.synonyms), by)
        console.print(table)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(text_of(text, "bold"))
