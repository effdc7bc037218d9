"""Structure: structural holes and roles of a firm, key partners, the whole network."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from alliance_explorer.console import AsOf, Firm, Json, KnownAt, at_most, err, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import CENTRAL_FIRMS, PARTNERS
from alliance_explorer.printing import add, line, table_of, text_of, warning
from alliance_explorer.queries import PathOptions
from alliance_explorer.queries.structure.firm_groups import ATTRIBUTES
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED, VALUATIONS, Valuation
from alliance_explorer.queries.structure.keyness import (
    DEFAULT_DRAWS,
    DEFAULT_MISSING,
    KeynessOptions,
    keyness,
)
from alliance_explorer.queries.structure.portfolio_structure import (
    STRONG,
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.structure_models import (
    Basis,
    Comparison,
    Keyness,
    Structure,
    WholeNetwork,
)
from alliance_explorer.queries.structure.whole_network import (
    DEFAULT_PIVOTS,
    DEFAULT_SECONDS,
    whole_network,
)

from .ways import Ended, Kinds, MinConfidence, asked

LargestShared = Annotated[
    int,
    typer.Option(
        "--largest-shared", min=2, max=500, help="Largest network that ties its members to another."
    ),
]
Attribute = Annotated[
    str, typer.Option("--by", help=f"What roles are told by: {', '.join(ATTRIBUTES)}.")
]


def _options(
    kinds: list[str] | None,
    as_of: str | None,
    known_at: str | None,
    ended: bool | None,
    min_confidence: float,
) -> PathOptions:
    return asked(kinds, None, as_of, known_at, None, ended=ended, min_confidence=min_confidence)


def _valuation(text: str) -> Valuation:
    for name in VALUATIONS:
        if name == text:
            return name
    raise InvalidRequest(f"no valuation is called {text!r}{nearest(text, VALUATIONS)}", "valuation")


def structure_command(
    firm: Firm,
    attribute: Attribute = "country",
    valuation: Annotated[
        str, typer.Option("--order", help=f"Values to order by: {', '.join(VALUATIONS)}.")
    ] = "binary",
    strong: Annotated[
        float, typer.Option("--strong", min=0, max=1, help="From this strength a tie is strong.")
    ] = STRONG,
    with_firm: Annotated[
        str | None, typer.Option("--with", metavar="FIRM", help="Another firm beside it.")
    ] = None,
    and_as_of: Annotated[
        str | None, typer.Option("--and-as-of", metavar="DATE", help="Another day beside it.")
    ] = None,
    kinds: Kinds = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(PARTNERS)] = PARTNERS.usual,
    json: Json = False,
) -> None:
    """Show a firm's structural holes, brokerage roles, and weak and strong ties."""
    options = _options(kinds, as_of, known_at, ended, min_confidence)
    wanted = StructureOptions(attribute, _valuation(valuation), strong, largest_shared, limit)
    with explorer() as x:
        if with_firm is None and and_as_of is None:
            show(structure(x, firm, options, wanted), json, print_structure)
            return
        other = _options(kinds, and_as_of or as_of, known_at, ended, min_confidence)
        both = (firm, options), (with_firm or firm, other)
        show(compare_structures(x, *both, wanted), json, print_comparison)


def keyness_command(
    firm: Firm,
    missing: Annotated[
        float, typer.Option("--missing", min=0, max=0.9, help="Share of ties missing in a draw.")
    ] = DEFAULT_MISSING,
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=1000, help="Draws for the stability.")
    ] = DEFAULT_DRAWS,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the draws.")] = 1,
    kinds: Kinds = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(PARTNERS)] = PARTNERS.usual,
    json: Json = False,
) -> None:
    """Show which partners of a firm are key, and how sure their rank is."""
    options = _options(kinds, as_of, known_at, ended, min_confidence)
    wanted = KeynessOptions(missing, draws, seed, largest_shared, limit)
    with explorer() as x:
        show(keyness(x, firm, options, wanted), json, print_keyness)


def whole_network_command(
    betweenness: Annotated[
        bool, typer.Option("--betweenness/--no-betweenness", help="Work out betweenness.")
    ] = True,
    pivots: Annotated[
        int, typer.Option("--pivots", min=1, max=100_000, help="Pivots of its estimate.")
    ] = DEFAULT_PIVOTS,
    exact: Annotated[
        bool, typer.Option("--exact", help="No estimate, however long it takes.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, help="Time limit of the estimate; none with --exact. 60 unless set."),
    ] = None,
    kinds: Kinds = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Ended = None,
    min_confidence: MinConfidence = 0.0,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(CENTRAL_FIRMS)] = CENTRAL_FIRMS.usual,
    json: Json = False,
) -> None:
    """Show components, cores, communities and betweenness of the network of all firms."""
    options = _options(kinds, as_of, known_at, ended, min_confidence)
    bar = Progress(
        TextColumn("betweenness: pivots"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    with explorer() as x, bar:
        task = bar.add_task("betweenness", total=None)
        answer = whole_network(
            x,
            options,
            largest_shared=largest_shared,
            betweenness=betweenness,
            pivots=None if exact else pivots,
            seconds=seconds or (float("inf") if exact else DEFAULT_SECONDS),
            limit=limit,
            progress=lambda done, all_: bar.update(task, completed=done, total=all_),
        )
    show(answer, json, print_whole_network)


# --- for people -----------------------------------------------------------------------------------


def number(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where it does not exist."""
    return "–" if value is None else f"{value:.{digits}f}"


def print_basis(console: Console, basis: Basis) -> None:
    """What was measured."""
    counted = ", ".join(f"{n:,} {what}" for what, n in basis.counted.items() if n) or "nothing"
    line(
        console,
        f"Measured in a network of {basis.firms:,} firms with {basis.ties:,} ties, made of "
        f"{counted}.",
    )
    if any(basis.left_out.values()):
        left = ", ".join(f"{n:,} {what}" for what, n in basis.left_out.items() if n)
        line(console, f"Left out as too large to tie anybody: {left}.")


def print_structure(console: Console, s: Structure) -> None:
    """Measures, partners, roles, balance."""
    line(console, s.summary)
    print_basis(console, s.basis)
    if not s.partners:
        return
    console.print()
    columns = "size", "effective size", "efficiency", "density", "constraint", "hierarchy"
    table = table_of("ties valued by", *columns, right=columns)
    for name, m in s.measures.items():
        add(
            table,
            name,
            m.degree,
            number(m.effective_size),
            number(m.efficiency),
            number(m.density),
            number(m.constraint),
            number(m.hierarchy),
        )
    console.print(table)
    console.print()
    of_partner = "value", "constraint", "redundancy", "strength"
    table = table_of("partner", *of_partner, "tie", right=of_partner)
    for p in s.partners:
        d = p.by["binary"]
        add(
            table,
            p.partner.name,
            f"{p.by['count'].value:g}",
            number(d.constraint, 4),
            number(d.redundancy),
            number(p.by["strength"].value),
            "strong" if p.strong else "weak",
        )
    console.print(table)
    console.print()
    b = s.brokerage
    table = table_of(
        f"role by {b.attribute.replace('_', ' ')}", "triads", "for example", right=("triads",)
    )
    for r in b.roles:
        first = r.examples[0] if r.examples else None
        example = (
            f"{first.source.name} ({first.source_group}) → "
            f"{first.destination.name} ({first.destination_group})"
            if first
            else None
        )
        add(table, r.role, f"{r.triads:,}", example)
    console.print(table)
    if b.unknown:
        line(console, f"{b.unknown:,} of {b.open:,} open triads: somebody's group is not recorded.")
    balance = s.balance
    line(
        console,
        f"Ties: {balance.strong:,} strong, {balance.weak:,} weak (strong from "
        f"{balance.threshold:.3f}): {balance.verdict}",
    )
    if balance.over_embedded:
        warning(console, "Over-embedded: " + _criteria(s))
    if s.betweenness:
        error = s.betweenness.standard_error
        line(
            console,
            f"Betweenness in the {s.betweenness.within} ({s.betweenness.method}): "
            f"{number(s.betweenness.normalised, 4)}" + (f" ± {error:.4f}" if error else ""),
        )


def _criteria(s: Structure) -> str:
    return ", ".join(f"{c.name} {c.limit:g} ({number(c.value)})" for c in s.balance.criteria)


def print_comparison(console: Console, c: Comparison) -> None:
    """Two structures side by side."""
    heads = [f"{s.focal.name}, {s.basis.as_of or 'all on record'}" for s in (c.one, c.other)]
    for name, change in c.change.items():
        table = table_of(f"by {name}", *heads, "change", right=(*heads, "change"))
        one, other = c.one.measures[name].model_dump(), c.other.measures[name].model_dump()
        for what, difference in change.items():
            add(
                table,
                what.replace("_", " "),
                number(one[what]),
                number(other[what]),
                number(difference),
            )
        console.print(table)
        console.print()
    for text, refs in (
        (f"only {heads[0]}", c.only_one),
        (f"only {heads[1]}", c.only_other),
        ("both", c.both),
    ):
        names = ", ".join(r.name for r in refs[:40]) + (" …" if len(refs) > 40 else "")
        line(console, f"Partners of {text}: {names or 'none'}")


def print_keyness(console: Console, k: Keyness) -> None:
    """Partners by keyness with the factors."""
    line(console, k.summary)
    print_basis(console, k.basis)
    if not k.partners:
        return
    console.print()
    columns = "rank", "keyness", "need", "scarcity", "paths", "rank holds", "ranks"
    table = table_of("partner", *columns, "for", right=columns)
    for p in k.partners:
        add(
            table,
            p.partner.name,
            p.rank,
            number(p.keyness, 4),
            number(p.need),
            number(p.scarcity),
            number(p.paths, 4),
            "–" if p.stability is None else f"{p.stability:.0%}",
            "–" if p.rank_low is None else f"{p.rank_low}–{p.rank_high}",
            "; ".join(i.what for i in p.needs),
        )
    console.print(table)
    if k.partners_in_all > len(k.partners):
        line(console, f"{k.partners_in_all - len(k.partners):,} more; --limit shows more")
    line(
        console,
        f"Keyness = {' × '.join(k.factors)}. Ranks in {k.draws} draws with {k.missing:.0%} of the "
        f"ties missing (seed {k.seed}).",
    )


def print_whole_network(console: Console, w: WholeNetwork) -> None:
    """Figures of the network, and its firms by betweenness."""
    console.print(text_of(w.summary, style="bold"))
    print_basis(console, w.basis)
    if not w.top:
        return
    line(
        console,
        f"Density {number(w.density, 5)}; the largest part has {w.largest_component:,} firms; "
        f"{w.innermost:,} in the innermost core; modularity {number(w.modularity)}.",
    )
    console.print()
    columns = "partners", "core", "community", "betweenness", "± error"
    table = table_of("firm", *columns, right=columns)
    for s in w.top:
        add(
            table,
            s.firm.name,
            f"{s.degree:,}",
            s.core,
            s.community,
            number(s.normalised, 5),
            number(s.standard_error, 5) if s.standard_error else "",
        )
    console.print(table)
    if w.betweenness and w.betweenness.method == "sampled":
        line(
            console,
            f"Betweenness is estimated from {w.betweenness.pivots:,} pivots"
            + ("." if w.betweenness.complete else "; time ran out before all were done."),
        )
    console.print()
    for c in w.largest_communities:
        line(
            console,
            f"Community {c.number}, {c.firms:,} firms: {', '.join(r.name for r in c.largest)}",
        )
