"""The projection: how long it takes to read, how much memory a tie takes, and how both grow."""

import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from alliance_explorer.engine import Engine
from alliance_explorer.errors import AllianceExplorerError
from alliance_explorer.loaders.model import Summary
from alliance_explorer.queries import Explorer, PathOptions, bridges
from alliance_explorer.queries.graph.projection import project
from alliance_explorer.queries.graph.view import View

from .data import SEED, TODAY, Missing, load_landscapes, write_synthetic
from .document import circumstances, number, quantiles, spread, table
from .measure import Budget, median, milliseconds, timed, traced
from .stage import Stage, version

SIZES = (10_000, 100_000)
ROUNDS = 3
STAMPS = 50
PAIRS = 40


@dataclass
class _Measured:
    """One graph on one engine."""

    graph: str
    engine: str
    written: str = "–"
    failed: bool = False
    building: list[float] = field(default_factory=list)
    stamps: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)


def projection_part(stage: Stage, budget: Budget) -> str:
    """Read each graph in turns on both engines."""
    missing, told_version = "", ""
    try:
        told_version = version(stage.neo4j("nothing"))
    except Missing as exc:
        missing = str(exc)
    where = circumstances(told_version)
    measured: list[_Measured] = []
    memory = []
    graphs: dict[str, Callable[[Engine], Summary]] = {"landscapes": load_landscapes}
    ties = {f"made up, {n:,}": n for n in SIZES}
    graphs |= {name: partial(write_synthetic, ties=n) for name, n in ties.items()}
    seconds_a_tie = 0.0
    for name, fill in graphs.items():
        before = budget.left
        if before < seconds_a_tie * ties.get(name, 0):
            measured.append(_Measured(name, "not measured: no time left"))
            break
        with ExitStack() as stack:
            engines = {"embedded": stack.enter_context(stage.embedded())}
            try:
                server = stage.neo4j("nothing")
                stage.forget()
                engines["Neo4j"] = stack.enter_context(stage.open(server))
            except Missing as exc:
                missing = str(exc)
            try:
                found = [(_filled(name, on, e, fill), e) for on, e in engines.items()]
            except Missing as exc:  # the landscapes
                measured.append(_Measured(name, f"not measured: {exc}"))
                continue
            _measure([(m, e) for m, e in found if not m.failed], budget)
            memory.append(_memory(name, engines["embedded"]))
        measured += [m for m, _ in found]
        seconds_a_tie = (before - budget.left) / ties.get(name, SIZES[0])
    return "\n\n".join(_told(where, measured, memory, missing))


def _filled(name: str, on: str, engine: Engine, fill: Callable[[Engine], Summary]) -> _Measured:
    found = _Measured(name, on)
    try:
        seconds, summary = timed(fill, engine)
    except AllianceExplorerError as exc:
        found.written = f"**failed**: {exc}"
        found.failed = True
        return found
    found.written = f"{number(seconds, 's')} ({summary.total.loaded / seconds:,.0f} rows/s)"
    return found


def _measure(here: Sequence[tuple[_Measured, Engine]], budget: Budget) -> None:
    for _ in range(ROUNDS):
        for found, engine in here:
            found.building.append(timed(project, engine)[0])
    for _ in range(STAMPS):
        for found, engine in here:
            found.stamps.append(milliseconds(engine.stamp))
    share = budget.part(0.2)
    explorers = [(found, Explorer(engine, TODAY)) for found, engine in here]
    firms = [a for a in explorers[0][1].projection().actors if a.startswith("firm:")]
    rng = random.Random(SEED)
    for number_ in range(PAIRS):
        one, other = rng.sample(firms, 2)
        for found, explorer in explorers:
            took = milliseconds(bridges, explorer, one, other)
            if number_:  # the first reads the projection
                found.asking.append(took)
        if not share.left:
            break


def _memory(name: str, engine: Engine) -> list[str]:
    projection = project(engine)
    shared, direct = len(projection.shared.actor), len(projection.direct)
    building = [timed(View, projection, PathOptions(), TODAY)[0] for _ in range(ROUNDS)]
    everything = traced(partial(project, engine))
    return [
        name,
        f"{len(projection.names):,}",
        f"{shared:,} + {direct:,}",
        number(projection.nbytes / max(1, shared)),
        number(everything / max(1, shared + direct)),
        number(everything / 1e6, "MB"),
        number(1e3 * median(building)),
    ]


def _told(
    where: str, measured: list[_Measured], memory: list[list[str]], missing: str
) -> list[str]:
    rows = [
        [
            m.graph,
            m.engine,
            m.written,
            spread(m.building),
            number(median(m.stamps)) if m.stamps else "–",
            *quantiles(m.asking),
        ]
        for m in measured
    ]
    text = [
        "## The projection",
        where,
        "Read in turns from both engines, in one process. A made-up graph of n ties has 0.6 n "
        "memberships in networks whose sizes follow Zipf's law (the largest has a fifth of all "
        "firms) and 0.4 n parties of alliances, written through the writer.",
        table(
            [
                "graph",
                "engine",
                "write",
                "read the projection",
                "is it up to date? ms",
                "bridges in process, ms: p50",
                "p95",
                "max",
            ],
            rows,
        ),
        table(
            [
                "graph",
                "names",
                "ties: shared + direct",
                "bytes a shared tie (arrays)",
                "bytes a tie (everything)",
                "everything",
                "view, ms",
            ],
            memory,
        ),
        "*Everything*: as Python's allocator counts it, names, aliases and indexes by name "
        "included. *View*: what is computed of the projection for each new choice of options.",
    ]
    if missing:
        text.append(f"**Neo4j was not measured**: {missing}.")
    return text
