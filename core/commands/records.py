"""The record itself: explain, correct, corrections, withdraw, erase-person."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer import printing
from alliance_explorer.console import Json, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.loaders.writing.corrections import Corrected
from alliance_explorer.loaders.writing.corrections import correct as make_correction
from alliance_explorer.loaders.writing.corrections import withdraw as withdraw_correction
from alliance_explorer.loaders.writing.erasing import Erasure, erase
from alliance_explorer.queries.provenance import (
    Correction,
    Corrections,
    Explanation,
    Explanations,
    Values,
)
from alliance_explorer.queries.provenance import corrections as list_corrections
from alliance_explorer.queries.provenance import explain as explain_record

What = Annotated[str, typer.Argument(help="Id of a node or fact, or a name.", show_default=False)]


def explain(
    what: What,
    other: Annotated[
        str | None, typer.Argument(help="Then: all facts between the two.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Say where a fact is from: sources, what differed, what it was before, corrections."""
    with explorer() as x:
        show(explain_record(x, what, other), json, _explanations)


def correct(
    what: What,
    values: Annotated[
        list[str], typer.Argument(metavar="PROPERTY=VALUE…", help="PROPERTY= : not known.")
    ],
    why: Annotated[str, typer.Option("--why", help="What the correction rests on.")],
    json: Json = False,
) -> None:
    """Correct a node or fact by hand; it wins over all other sources until it is withdrawn."""
    given: dict[str, object] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidRequest(f"{text!r}: write PROPERTY=VALUE", "values")
        given[name.strip()] = value
    with explorer() as x:
        id_ = explain_record(x, what).items[0].id
        show(make_correction(x.engine, id_, given, why=why, today=_today()), json, _corrected)


def corrections(
    all_: Annotated[
        bool, typer.Option("--all", help="Those that were withdrawn or replaced too.")
    ] = False,
    json: Json = False,
) -> None:
    """List corrections by hand."""
    with explorer() as x:
        show(list_corrections(x, all_=all_), json, _corrections)


def withdraw(
    correction: Annotated[str, typer.Argument(help="Its id, as `corrections` lists it.")],
    json: Json = False,
) -> None:
    """Withdraw a correction: what the other sources say comes back."""
    with explorer() as x:
        show(withdraw_correction(x.engine, correction, today=_today()), json, _corrected)


def erase_person(
    person: Annotated[str, typer.Argument(help="Id or name of a person.", show_default=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Also take them out of this rejects file."),
    ] = None,
    json: Json = False,
) -> None:
    """Erase a person and everything that names them, for good, and look whether it is gone."""
    with explorer() as x:
        id_ = x.resolve(person, ("Person",)).id
        report = erase(x.engine, id_, today=_today(), dry_run=dry_run, rejects=rejects)
        show(report, json, _erasure)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


# --- for people ----------------------------------------------------------------------------------


def _explanations(console: Console, answer: Explanations) -> None:
    if not answer.items:
        printing.line(console, f"Nothing on record joins {answer.asked}.")
    for n, item in enumerate(answer.items):
        if n:
            console.print()
        _explanation(console, item)
    if answer.more:
        printing.line(console, f"… and {answer.more:,} facts more")


def _explanation(console: Console, item: Explanation) -> None:
    ends = " → ".join(e.name for e in item.ends)
    title = f"{item.type} {ends}" if ends else f"{item.type} {item.now.get('name') or item.id}"
    console.print(printing.text_of(f"{title} ({item.id})", "bold"))
    printing.line(console, f"  {item.sentence}")
    printing.line(console, f"  on record now: {_shown(item.now)}")
    if item.rule:
        printing.line(console, f"  inferred: {item.rule}")
    for said in item.said if len(item.said) > 1 else ():
        who = said.source.title if said.source else "no source named"
        differs = {k: said.values[k] for k in said.differs}
        printing.line(
            console,
            f"  {who} (since {said.recorded_at}): {_shown({k: said.values[k] for k in said.kept})}"
            + (f"; otherwise: {_shown(differs)}" if differs else ""),
        )
    for held in item.earlier:
        printing.line(console, f"  until {held.until}: {_shown(held.values)}")
    for correction in item.corrections:
        _correction(console, correction)
    if item.snapshots:
        days = ", ".join(map(str, item.snapshots))
        printing.line(console, f"  its source was loaded whole as of {days}")


def _shown(values: Values) -> str:
    return ", ".join(
        f"{k} {'not known' if v is None else '; '.join(v) if isinstance(v, list) else v}"
        for k, v in values.items()
        if k != "id"
    )


def _corrections(console: Console, answer: Corrections) -> None:
    if not answer.corrections:
        printing.line(console, "Nothing was corrected by hand.")
    for correction in answer.corrections:
        printing.line(console, f"{correction.about_name or correction.of} ({correction.about})")
        _correction(console, correction)


def _correction(console: Console, c: Correction) -> None:
    end = f", withdrawn {c.withdrawn}" if c.withdrawn else ""
    printing.line(
        console,
        f"  corrected {c.recorded_at}{end}: {_shown(c.values)} instead of "
        f"{_shown(c.instead_of)}; {c.why} [{c.id}]",
    )


def _corrected(console: Console, answer: Corrected) -> None:
    printing.line(console, f"{answer.about}: {_shown(answer.now)}")
    for id_ in answer.corrections:
        printing.line(console, f"  {id_}")


def _erasure(console: Console, e: Erasure) -> None:
    lead = "Erased" if e.done else "Would go"
    facts = ", ".join(f"{n} {t}" for t, n in e.facts.items()) or "no facts"
    printing.line(console, f"{lead}: 1 person, {facts}, {e.statements} statements on record.")
    for type_, n in e.texts.items():
        printing.line(console, f"  named in the text of {n} {type_}")
    if e.rejects is not None:
        printing.line(console, f"  rows of the rejects file: {e.rejects}")
    for text in e.left:
        printing.warning(console, f"  left, please look: {text}")
    if e.done:
        total = sum(e.looked_at.values())
        printing.line(
            console, f"Looked afterwards at {total:,} nodes and facts: {e.found} name them."
        )
        printing.line(
            console,
            "The files of the server could not be looked at: its log keeps deleted values until it "
            "is rotated."
            if e.bytes_found is None
            else f"In the bytes of the database's files, log included: {e.bytes_found} times.",
        )
