"""The portfolio in depth as text for a terminal."""

from collections.abc import Mapping

from rich.console import Console

from alliance_explorer.printing import MAX_ROWS, add, line, table_of, text_of, warning
from alliance_explorer.queries.models import SourceRef
from alliance_explorer.queries.portfolio.composition import Composition
from alliance_explorer.queries.portfolio.coopetition_models import Coopetition
from alliance_explorer.queries.portfolio.dependence_models import QUADRANTS, DependenceLedger
from alliance_explorer.queries.portfolio.lifecycle import PHASES, Lifecycle
from alliance_explorer.queries.portfolio.timeline_models import Comparison, Timeline
from alliance_explorer.queries.wording import readable


def heading(console: Console, text: str) -> None:
    """A title with an empty line before it."""
    console.print()
    console.print(text_of(text, style="bold"))


def sources_line(console: Console, sources: Mapping[str, SourceRef]) -> None:
    """Where an answer is from."""
    for source in sources.values():
        console.print(text_of(f"Source: {source.title}", style="dim"))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def composition(console: Console, c: Composition) -> None:
    """Counts and diversity by dimension."""
    console.print(text_of(f"{c.focal.name}: composition as of {c.reference_date}", style="bold"))
    line(console, f"{c.size} alliances ({c.size_band}), {c.partners} partners")
    for d in c.dimensions:
        counts = ", ".join(f"{readable(k)} {n}" for k, n in d.counts.items() if k != "not recorded")
        v = d.diversity
        if not v.recorded:
            continue
        unknown = f", {v.not_recorded} not recorded" if v.not_recorded else ""
        heading(console, d.name)
        line(console, f"  {counts}{unknown}")
        line(
            console,
            f"  Blau {_number(v.blau)}, Herfindahl {_number(v.herfindahl)}, IQV {_number(v.iqv)} "
            f"(k = {v.categories})",
        )
    nothing = [d.name for d in c.dimensions if not d.diversity.recorded]
    console.print()
    if nothing:
        line(console, f"Nothing is recorded on {', '.join(nothing)}.")
    line(console, "Blau = 1 - Σp², Herfindahl = Σp², IQV = Blau / (1 - 1/k); of what is recorded.")
    sources_line(console, c.sources)


def dependence(console: Console, d: DependenceLedger) -> None:
    """Every entry with its numbers, its warnings and what they rest on."""
    when = f" as of {d.as_of}" if d.as_of else ", ended alliances included"
    console.print(text_of(f"{d.focal.name}: dependence ledger{when}", style="bold"))
    p = d.portfolio
    placed = ", ".join(f"{QUADRANTS[q]} {n}" for q, n in p.quadrants.items() if n)
    line(
        console,
        f"entries: {p.entries}, dependence known of {p.measured}, both sides of {p.placed}"
        + (f": {placed}" if placed else ""),
    )
    for e in d.entries[:MAX_ROWS]:
        ended = "" if e.active else f" (ended; as of {e.evaluated_on})"
        heading(console, f"{e.partner.name} – {e.alliance.name}{ended}")
        quadrant = QUADRANTS[e.quadrant] if e.quadrant else "cannot be placed"
        line(
            console,
            f"  {quadrant}; asymmetry {_number(e.asymmetry)}, joint {_number(e.joint)}"
            + (f"; the source calls it {e.stated_power}" if e.stated_power else ""),
        )
        for side in (e.firm, e.counterpart):
            line(console, f"  {side.firm.name} on {side.on.name}: {side.arithmetic}")
            for f in side.factors:
                if f.value is not None:
                    line(console, f"    {'=' if f.used else '·'} {f.says}")
            if side.missing:
                line(console, f"    missing: {', '.join(side.missing)}")
        if len(e.history) > 1:
            line(console, f"  {e.movement}")
        line(console, f"  {e.dual_value.sentence}")
        if e.champions:
            line(console, f"  Championed by {', '.join(e.champions)}.")
        for w in e.warnings:
            warning(console, f"  ! {w.text}" + (" [by wording or rule]" if w.inferred else ""))
    if more := max(0, len(d.entries) - MAX_ROWS) + d.entries_left_out:
        line(console, f"… and {more:,} more")
    heading(console, "How the numbers are made")
    for rule in d.rule:
        line(console, f"  {rule}")
    sources_line(console, d.sources)


def coopetition(console: Console, c: Coopetition) -> None:
    """Coopetitors, rivalries, ways to rivals, takeovers, balance."""
    console.print(text_of(f"{c.focal.name}: coopetition as of {c.reference_date}", style="bold"))
    line(console, c.summary)
    for title, sentences in (
        ("Partner and competitor at once", [x.sentence for x in c.coopetitors]),
        ("Partners that compete with each other", [x.sentence for x in c.rivalries]),
        ("Ways over a partner to a rival", [x.sentence for x in c.leaks]),
        ("Partners that were acquired", [x.sentence for x in c.exposures]),
        ("Who balances whom", [x.sentence for x in c.balances if x.balanced_by]),
    ):
        if sentences:
            heading(console, title)
            for text in sentences[:MAX_ROWS]:
                line(console, f"  {text}")
            if len(sentences) > MAX_ROWS:
                line(console, f"  … and {len(sentences) - MAX_ROWS:,} more; --json has all")
    alone = [b.partner.name for b in c.balances if not b.balanced_by]
    if alone:
        line(console, f"Overbearing, and balanced by nobody known: {', '.join(alone)}.")
    if c.roles:
        heading(console, "Roles held at once")
        for r in c.roles[:MAX_ROWS]:
            line(console, f"  {r.partner.name}: {', '.join(r.roles)}")
    left_out = {
        "ways": c.leaks_left_out,
        "rivals": c.rivals_left_out,
        "partners with several roles": max(0, len(c.roles) - MAX_ROWS) + c.roles_left_out,
    }
    for what, number in left_out.items():
        if number:
            warning(console, f"{number:,} more {what} are left out.")
    sources_line(console, c.sources)


def timeline(console: Console, t: Timeline) -> None:
    """What the years add up to, then the chronology."""
    console.print(text_of(f"{t.focal.name}: timeline up to {t.reference_date}", style="bold"))
    a = t.agility
    line(
        console,
        f"{a.moves} moves of {a.variety} kinds in {a.years} years ({_number(a.moves_per_year)} a "
        f"year), {a.formations} formations, {a.dissolutions} dissolutions",
    )
    line(console, t.sequence)
    for turn in t.turns:
        warning(console, f"! {turn.sentence}")
    numbers = ("events", "moves", "kinds", "formed", "ended", "active", "turnover")
    table = table_of("year", *numbers, right=numbers)
    for y in t.years:
        counts = (y.events, y.moves, y.variety, y.formations, y.dissolutions, y.active_at_end)
        add(table, y.year, *counts, _number(y.turnover))
    if t.years:
        console.print()
        console.print(table)
        for title, name in (("Builds", "capabilities"), ("Motives", "motives")):
            heading(console, title)
            for y in t.years:
                counted: dict[str, int] = getattr(y, name)
                if counted:
                    told = ", ".join(f"{readable(k)} {n}" for k, n in counted.items())
                    line(console, f"  {y.year}: {told}")
    if t.undated:
        line(console, f"{t.undated} alliances have no recorded beginning.")
    if t.items:
        heading(console, "Chronology")
        if t.items_left_out:
            line(console, f"  … {t.items_left_out:,} older ones")
        for item in t.items:
            mark = "" if item.what == "event" else f" [{item.what}]"
            line(console, f"  {item.sentence}{mark}")
    sources_line(console, t.sources)


def lifecycle(console: Console, found: Lifecycle) -> None:
    """Gaps at a glance, then each alliance."""
    when = f"as of {found.as_of}" if found.as_of else "ended alliances included"
    console.print(text_of(f"{found.focal.name}: life cycle, {when}", style="bold"))
    line(console, found.summary)
    if found.alliances:
        console.print()
        table = table_of("phase", "success factor", "on record", "missing", "what counts",
                         right=("on record", "missing"))  # fmt: skip
        for phase in PHASES:
            for g in found.gaps:
                if g.phase == phase:
                    add(table, readable(phase), g.name, g.on_record, g.missing, g.meaning)
        console.print(table)
    for a in found.alliances[:MAX_ROWS]:
        state = f" ({readable(a.phase)})" if a.phase else ""
        heading(console, f"{a.alliance.name}{state}")
        for f in a.factors:
            if f.on_record:
                line(console, f"  {f.name}: {'; '.join(f.evidence)}")
        line(console, f"  missing: {', '.join(a.missing) or 'nothing'}")
    more = max(0, len(found.alliances) - MAX_ROWS) + found.alliances_left_out
    if more:
        line(console, f"… and {more:,} more")
    sources_line(console, found.sources)


def comparison(console: Console, c: Comparison) -> None:
    """What came, what went, what changed."""
    console.print(text_of(c.summary, style="bold"))
    for title, names in (
        ("Came", [a.name for a in c.came]),
        ("Went", [a.name for a in c.went]),
        ("New partners", [r.name for r in c.partners_came]),
        ("Partners that left", [r.name for r in c.partners_went]),
    ):
        if names:
            heading(console, f"{title} ({len(names):,})")
            for name in names[:MAX_ROWS]:
                line(console, f"  {name}")
            if len(names) > MAX_ROWS:
                line(console, f"  … and {len(names) - MAX_ROWS:,} more; --json has all")
    if c.changes:
        heading(console, "Roles that changed")
        for change in c.changes:
            parts = [f"+ {r}" for r in change.gained] + [f"- {r}" for r in change.lost]
            line(console, f"  {change.partner.name}: {', '.join(parts)}")
    shown = ("before", "after", "difference")
    table = table_of("", *shown, right=shown)
    for n in c.numbers:
        add(table, n.name, *map(_number, (n.before, n.after, n.difference)))
    console.print()
    console.print(table)
    if c.dependence:
        heading(console, "Dependence that moved")
        for s in c.dependence[:MAX_ROWS]:
            line(console, f"  on {s.partner.name}: {_number(s.before)} → {_number(s.after)}")
    sources_line(console, c.sources)
