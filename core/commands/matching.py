"""One company, one node: what may be one, merging, undoing, the review queue."""

import getpass
from typing import Annotated

import typer
from rich.console import Console

from alliance_explorer import matching
from alliance_explorer.console import Json, at_most, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.limits import PAIRS
from alliance_explorer.matching import models
from alliance_explorer.printing import line, text_of

By = Annotated[
    str | None, typer.Option("--by", help="Who decides; the user of this computer unless given.")
]
Why = Annotated[str, typer.Option("--why", help="The reason, to be kept with it.")]
MergeId = Annotated[str, typer.Argument(metavar="ID", help="Id of a merge, as `merges` shows it.")]
QuestionId = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a question, as `review` shows it.")
]


def match(
    firm: Annotated[
        str | None, typer.Argument(help="Only pairs with this firm, by id or name.")
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Put all pairs into the review queue.")
    ] = False,
    apply: Annotated[
        bool,
        typer.Option("--apply", help="Merge what is surely the same, put the rest into the queue."),
    ] = False,
    limit: Annotated[int, at_most(PAIRS)] = PAIRS.usual,
    by: By = None,
    json: Json = False,
) -> None:
    """Which firms are one? Pairs with their evidence; nothing is changed unless asked for."""
    if suggest and apply:
        raise InvalidRequest("--suggest or --apply, not both: --apply does what --suggest does")
    with explorer() as x:
        of = {x.resolve(firm, ("Firm",)).id} if firm else None
        if suggest or apply:
            mode: matching.Mode = "apply" if apply else "suggest"
            show(matching.resolve_matches(x.engine, mode, by=_by(by), of=of), json, _applied)
        else:
            show(matching.match(x.engine, of=of, limit=limit), json, _matches)


def merge(
    kept: Annotated[str, typer.Argument(help="The firm that stays.", show_default=False)],
    merged: Annotated[
        str, typer.Argument(help="The firm that becomes part of it.", show_default=False)
    ],
    why: Why = "",
    by: By = None,
    json: Json = False,
) -> None:
    """Make two firms one. Both ids stay good, every fact keeps its source, and it can be undone."""
    with explorer() as x:
        one, other = (x.resolve(f, ("Firm",)).id for f in (kept, merged))
        show(matching.merge(x.engine, one, other, by=_by(by), why=why), json, _merge)


def merges(json: Json = False) -> None:
    """Merges that were made, latest first."""
    with explorer() as x:
        show(matching.merges(x.engine), json, _merges)


def unmerge(merge_id: MergeId, why: Why = "", by: By = None, json: Json = False) -> None:
    """Undo a merge: both firms are as they were. The two are not merged again by matching."""
    with explorer() as x:
        show(matching.undo(x.engine, merge_id, by=_by(by), why=why), json, _unmerged)


def review(
    verdict: Annotated[
        str, typer.Option("--verdict", help="open, or what was decided: same, different; or all.")
    ] = "open",
    limit: Annotated[int, at_most(PAIRS)] = PAIRS.usual,
    json: Json = False,
) -> None:
    """Pairs of firms that somebody should look at, with their evidence."""
    with explorer() as x:
        show(matching.queue(x.engine, verdict, limit), json, _queue)


def accept(question: QuestionId, why: Why = "", by: By = None, json: Json = False) -> None:
    """Answer a question of the review queue with yes: the two firms are merged."""
    with explorer() as x:
        show(matching.decide(x.engine, question, "same", by=_by(by), why=why), json, _decided)


def reject(question: QuestionId, why: Why = "", by: By = None, json: Json = False) -> None:
    """Answer a question of the review queue with no: it is not asked again."""
    with explorer() as x:
        show(matching.decide(x.engine, question, "different", by=_by(by), why=why), json, _decided)


def _by(given: str | None) -> str:
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        return "command line"


# --- for people ----------------------------------------------------------------------------------


def _evidence(console: Console, found: list[models.Evidence]) -> None:
    for e in found:
        sides = f"{e.one or '–'} | {e.other or '–'}"
        detail = f" ({e.detail})" if e.detail else ""
        line(console, f"     {e.points:+6.2f}  {e.rule}: {sides}{detail}")


def _matches(console: Console, told: models.Matches) -> None:
    line(
        console,
        f"{told.same:,} pairs are the same (score {told.same_from:g} or more), {told.review:,} are "
        f"to be looked at ({told.review_from:g} or more); {told.decided:,} were decided before.",
    )
    for n, m in enumerate(told.matches, start=1):
        pair = f"{m.one.name} ({m.one.id}) = {m.other.name} ({m.other.id})"
        console.print(text_of(f"{n:3}. {m.outcome}  {m.score:.2f}  {pair}", style="bold"))
        _evidence(console, m.evidence)


def _applied(console: Console, told: models.Applied) -> None:
    line(
        console,
        f"{told.compared:,} firms compared: {len(told.merged):,} merged, {told.queued:,} pairs put "
        "into the review queue.",
    )
    for one in told.merged:
        _merge(console, one)


def _merge(console: Console, told: models.MergeRecord) -> None:
    line(
        console,
        f"{told.merged.name} ({told.merged.id}) is now {told.kept.name} ({told.kept.id}): "
        f"{told.facts:,} facts moved. To undo it: unmerge {told.id}",
    )


def _merges(console: Console, told: models.MergeList) -> None:
    if not told.merges:
        line(console, "No firms were merged.")
        return
    for m in told.merges:
        pair = f"{m.merged.name} ({m.merged.id}) into {m.kept.name} ({m.kept.id})"
        console.print(text_of(f"{m.id}  {pair}", style="bold"))
        line(console, f"     {m.facts:,} facts; by {m.by}, {m.at[:16]}: {m.why or '–'}")


def _unmerged(console: Console, told: models.Unmerged) -> None:
    line(
        console,
        f"{told.restored.name} ({told.restored.id}) stands for itself again, beside "
        f"{told.kept.name} ({told.kept.id}): {told.facts:,} facts went back.",
    )


def _queue(console: Console, told: models.Queue) -> None:
    line(console, f"{told.open:,} open; decided: {told.same:,} same, {told.different:,} different.")
    for q in told.questions:
        pair = f"{q.one.name} ({q.one.id}) = {q.other.name} ({q.other.id})"
        score = f"  {q.score:.2f}" if q.score is not None else ""
        console.print(text_of(f"{q.id}  {q.verdict}{score}  {pair}", style="bold"))
        if q.verdict != "open":
            line(console, f"     by {q.by}, {q.at[:16]}: {q.why or '–'}")
        _evidence(console, q.evidence)


def _decided(console: Console, told: models.Question) -> None:
    what = "one firm" if told.verdict == "same" else "two firms"
    line(console, f"{told.one.name} and {told.other.name} are {what}; that is remembered.")
