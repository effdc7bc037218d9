"""Answers as text for a terminal. Values are printed as they are, never as markup."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_explorer.engine import EngineInfo
from alliance_explorer.loaders import LoadReport, Rejected
from alliance_explorer.queries.bridging.models import (
    BridgesResult,
    Dependents,
    PathsResult,
    Rivalry,
)
from alliance_explorer.queries.models import (
    Path,
    Portfolio,
    Profile,
    Ref,
    Relation,
    SearchResult,
    SourceRef,
    Stats,
)
from alliance_explorer.queries.wording import short_date

MAX_ROWS = 40
MAX_REJECTS = 20

# A terminal obeys control characters; those in a name are to be seen instead.
_SEEN = {c: f"\\x{c:02x}" for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\n\t"}


def text_of(value: str, style: str = "") -> Text:
    """A value as it is: control characters are shown, and nothing in it is markup."""
    return Text(value.translate(_SEEN).encode("utf-8", "backslashreplace").decode(), style)


def line(console: Console, text: str) -> None:
    """A line of plain text."""
    console.print(text_of(text))


def warning(console: Console, text: str) -> None:
    """Something to look at."""
    console.print(text_of(text, "yellow"))


def error(console: Console, text: str) -> None:
    """Why a command could not do what was asked."""
    console.print(text_of(text, "red"))


def table_of(*columns: str, title: str | None = None, right: Sequence[str] = ()) -> Table:
    """An empty table with these columns; those in `right` are aligned to the right."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def add(table: Table, *cells: object) -> None:
    """Add a row; None is an empty cell."""
    table.add_row(*(text_of("" if c is None else str(c)) for c in cells))


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(text_of(text, style="bold"))


def _sources(console: Console, sources: Mapping[str, SourceRef]) -> None:
    for source in sources.values():
        console.print(text_of(f"Source: {source.title}", style="dim"))


def load(console: Console, report: LoadReport) -> None:
    """Rows by type, and whether anything changed."""
    numbers = ("read", "loaded", "unchanged", "rejected")
    table = table_of("", *numbers, right=numbers)
    for name, c in [*report.types.items(), ("total", report.total)]:
        add(table, name, *(f"{getattr(c, n):,}" for n in numbers))
    console.print(table)
    for note in report.notes:
        console.print(text_of(f"Note: {note}"))
    if report.total.loaded == 0 and report.total.rejected == 0:
        console.print("Nothing changed: everything was there already.")


def rejects(console: Console, found: Sequence[Rejected], *, all_of_them: bool = False) -> None:
    """The first few bad rows, or all."""
    shown = len(found) if all_of_them else MAX_REJECTS
    for r in found[:shown]:
        for p in r.problems:
            error(console, f"{r.file}, line {r.line}, {p.field}: {p.reason}")
    if len(found) > shown:
        console.print(f"… and {len(found) - shown:,} more rows")


def search(console: Console, result: SearchResult) -> None:
    """Hits, best first."""
    if not result.hits:
        console.print(text_of(f"Nothing is called anything like {result.query!r}."))
        return
    table = table_of("name", "id", "label", "matched", "score", right=("score",))
    for h in result.hits:
        add(
            table, h.name, h.id, h.label, h.matched if h.matched != h.name else "", f"{h.score:.2f}"
        )
    console.print(table)
    if result.total > len(result.hits):
        console.print(f"{result.total - len(result.hits):,} more; --limit shows more")


def profile(console: Console, p: Profile) -> None:
    """Facts, then ties by kind."""
    console.print(text_of(f"{p.actor.name} ({p.actor.label}, {p.actor.id})", style="bold"))
    for name, value in p.actor.properties.items():
        if name not in ("id", "name", "source", "recorded_at", "confidence", "evidence"):
            shown = "; ".join(value) if isinstance(value, list) else value
            console.print(text_of(f"  {name.replace('_', ' ')}: {shown}"))
    if p.alliances:
        _heading(console, f"Alliances ({p.totals['alliances']:,})")
        for view in p.alliances[:MAX_ROWS]:
            others = ", ".join(r.other.name for r in view.parties if r.other.id != p.actor.id)
            dates = _dates(view.start, view.end)
            console.print(
                text_of(f"  {view.alliance.name}: {others or 'partner not named'}{dates}")
            )
    for name in (
        "memberships",
        "people",
        "ownership",
        "competitors",
        "capabilities",
        "places",
        "events",
    ):
        relations: list[Relation] = getattr(p, name)
        if relations:
            _heading(console, f"{name.capitalize()} ({p.totals[name]:,})")
            for r in relations[:MAX_ROWS]:
                console.print(text_of(f"  {_relation(r, p.actor.id)}"))
            if p.totals[name] > MAX_ROWS:
                console.print(f"  … and {p.totals[name] - min(MAX_ROWS, len(relations)):,} more")
    _sources(console, p.sources)


def _relation(r: Relation, actor: str) -> str:
    f = r.fact.properties
    arrow = "→" if r.fact.from_id == actor else "←"
    details = [str(f[k]) for k in ("role", "title", "tier", "market", "context", "stake") if k in f]
    details += ["inferred"] if f.get("inferred") else []
    mark = "" if r.active else " (ended)"
    dates = _dates(f.get("since", f.get("date")), f.get("until"))
    described = f" [{', '.join(details)}]" if details else ""
    return f"{arrow} {r.fact.type.lower().replace('_', ' ')} {r.other.name}{described}{dates}{mark}"


def _dates(since: object, until: object) -> str:
    first, last = short_date(since), short_date(until)
    return f" (since {first})" if first and not last else f" ({first} to {last})" if last else ""


def portfolio(console: Console, p: Portfolio) -> None:
    """Composition, partners with their roles, moves."""
    console.print(
        text_of(f"{p.focal.name}: alliance portfolio as of {p.reference_date}", style="bold")
    )
    console.print(f"{p.size} alliances ({p.size_band}), {p.ended} ended before")
    table = table_of("partner", "since", "alliances", "roles", right=("alliances",))
    for partner in p.partners:
        since = short_date(partner.since)
        add(table, partner.actor.name, since, len(partner.alliances), ", ".join(partner.roles))
    if p.partners:
        console.print()
        console.print(table)
    if p.partners_left_out:
        console.print(f"… and {p.partners_left_out:,} more partners with fewer alliances")
    for partner in p.partners:
        for note in partner.notes:
            console.print(text_of(f"! {note}", style="yellow"))
    if p.partner_not_named:
        console.print(
            f"{p.partner_not_named} alliances with a partner that the source does not name"
        )
    _heading(console, "Composition")
    for name, counts in p.composition.items():
        if set(counts) - {"not recorded"}:
            shown = ", ".join(f"{k.replace('_', ' ')} {n}" for k, n in counts.items())
            console.print(text_of(f"  {name}: {shown}"))
    if p.memberships:
        _heading(console, "Memberships")
        for r in p.memberships[:MAX_ROWS]:
            console.print(text_of(f"  {_relation(r, p.focal.id)}"))
    if p.moves:
        _heading(console, "Moves")
        for move in p.moves:
            console.print(text_of(f"  {move.sentence}"))
    _sources(console, p.sources)


def rival_text(rivalry: Rivalry) -> str:
    """A rival, and whether a source says so or a rule."""
    return rivalry.actor.name + (" (inferred)" if rivalry.inferred else "")


def depending(dependents: Dependents, target: Ref) -> str:
    """How many other firms depend on a bridge, in a sentence."""
    one = dependents.count == 1
    names = ", ".join(r.name for r in dependents.some)
    more = ", …" if dependents.count > len(dependents.some) else ""
    return (
        f"{dependents.count:,} other firm{'' if one else 's'} reach{'es' if one else ''} "
        f"{target.name} over it alone: {names}{more}."
    )


def bridges(console: Console, result: BridgesResult) -> None:
    """Bridges with their best ways, and the arithmetic of the best."""
    console.print(text_of(result.summary, style="bold"))
    if result.direct:
        _path(console, result.direct, "direct")
    for n, bridge in enumerate(result.bridges, start=1):
        console.print()
        rivals = ", ".join(dict.fromkeys(rival_text(r) for r in bridge.competes_with))
        warning = f" – competes with {rivals}" if rivals else ""
        console.print(
            text_of(f"{n}. {bridge.actor.name}  {bridge.strength:.4f}{warning}", style="bold")
        )
        if bridge.dependents.count:
            console.print(text_of(f"   {depending(bridge.dependents, result.target)}"))
        if bridge.cost:
            console.print(text_of(f"   {bridge.cost.sentence}"))
        for path in bridge.paths:
            _path(console, path)
    _footer(console, result)


def paths(console: Console, result: PathsResult) -> None:
    """Paths with their arithmetic."""
    console.print(text_of(result.summary, style="bold"))
    for path in result.paths:
        console.print()
        _path(console, path)
    _footer(console, result)


def _path(console: Console, path: Path, lead: str = "") -> None:
    steps = " × ".join(f"{s.strength:.4f}" for s in path.steps)
    total = f"{path.strength:.4f}" + (f" = {steps}" if len(path.steps) > 1 else "")
    console.print(text_of(f"   {lead + ': ' if lead else ''}{path.sentence}"))
    console.print(text_of(f"   strength {total}", style="dim"))
    for step in path.steps:
        for tie in step.ties:
            stated = f" × stated {tie.stated:.2f}" if tie.stated is not None else ""
            console.print(
                text_of(
                    f"     {step.from_.name} – {step.to.name}: {tie.strength:.4f} = {tie.kind} "
                    f"{tie.weight:.2f} × recency {tie.recency:.2f} × repetition "
                    f"{tie.repetition:.2f} × specificity {tie.specificity:.2f} "
                    f"({tie.participants:,} in it){stated}",
                    style="dim",
                )
            )
        if step.more.count:
            console.print(
                text_of(
                    f"     {step.from_.name} – {step.to.name}: {step.more.count:,} weaker ties "
                    f"more, together {step.more.strength:.4f}; --ties 1000 tells them all",
                    style="dim",
                )
            )


def _footer(console: Console, result: BridgesResult | PathsResult) -> None:
    console.print()
    if not result.searched.complete:
        console.print("The search was cut off; better ways may exist. Ask for fewer steps.")
    _sources(console, result.sources)


def stats(console: Console, s: Stats) -> None:
    """Counts by label and type, and the sources."""
    table = table_of("what", "how many", right=("how many",))
    for name, n in [*s.nodes.items(), *s.relationships.items()]:
        if n:
            add(table, name, f"{n:,}")
    console.print(
        table if table.row_count else "Nothing is loaded yet: alliance-explorer load PATH"
    )
    if s.largest_networks:
        _heading(console, "Largest networks")
        for ref, members in s.largest_networks:
            console.print(text_of(f"  {ref.name}: {members:,} members"))
    if s.sources:
        _heading(console, "Sources")
        for source in s.sources:
            licence = f" ({source.licence})" if source.licence else ""
            console.print(text_of(f"  {source.title}{licence}"))


def doctor(console: Console, info: EngineInfo, s: Stats, problems: Sequence[str]) -> None:
    """Engine, version, indexes, counts, and what is wrong."""
    console.print(text_of(f"Engine: {info.name} {info.version}, {info.url}"))
    console.print(
        f"Nodes: {sum(s.nodes.values()):,}, relationships: {sum(s.relationships.values()):,}"
    )
    console.print(text_of(f"Indexes: {len(info.indexes)}: {', '.join(sorted(info.indexes))}"))
    for problem in problems:
        console.print(text_of(f"Wrong: {problem}", style="red"))
    if not problems:
        console.print("Nothing is wrong.", style="green")
