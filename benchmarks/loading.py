"""Loading both landscapes: where the time goes, and what a bare driver would need."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.neo4j_server import Server

from . import child
from .data import Missing, landscapes
from .document import circumstances, megabytes, number, spread, table, verdict
from .measure import Budget, median
from .stage import Stage, version

ROUNDS = 3
EMBEDDED_GOAL = 10.0
RATIO_GOAL = 1.5
PARTS = ("schema", "parse", "match", "check", "write")


@dataclass
class _Loads:
    """Loads of one kind, by round."""

    first: list[dict[str, Any]] = field(default_factory=list)
    second: list[dict[str, Any]] = field(default_factory=list)

    def add(self, answer: dict[str, Any]) -> None:
        one, two = answer["loads"]
        self.first.append(one)
        self.second.append(two)


def load_part(stage: Stage, budget: Budget) -> str:
    """Rounds of embedded, Neo4j, bare driver; each on a database that has held nothing."""
    files = [f.name for f in landscapes()]
    where, server_version = circumstances(), ""
    embedded, remote, bare = _Loads(), _Loads(), list[dict[str, Any]]()
    missing, longest = "", 0.0
    record = stage.work / "rows.pickle"
    for number_ in range(ROUNDS):
        before = budget.left
        if number_ and before < 1.3 * longest:
            break
        keep = None if number_ else str(record)
        embedded.add(child.run("product_load", url=f"ladybug://{stage.new_file()}", record=keep))
        try:
            with ExitStack() as closing:
                server = closing.enter_context(stage.fresh_neo4j())
                server_version = version(server)
                remote.add(child.run("product_load", server, url=server.uri))
            with stage.fresh_neo4j() as server:
                bare.append(_bare(server, str(record)))
        except Missing as exc:
            missing = str(exc)
        longest = max(longest, before - budget.left)
    text = [
        "## Loading the landscapes",
        where.replace(";", f"; {server_version};", 1) if server_version else where,
        f"{' and '.join(files)}: {embedded.first[0]['rows']:,} rows. First load: into a database "
        "that has held nothing. Second: the same again, when nothing has changed. Median of "
        f"{len(embedded.first)} rounds taken in turns (fastest–slowest), each in a process and on "
        "a server of its own.",
        _totals(embedded, remote, bare),
    ]
    text.append(_goals(embedded, remote, bare))
    text += ["Where the time of a load goes, in seconds (median):", _parts(embedded, remote, bare)]
    text.append(
        "*Schema*: constraints and indexes. *Parse*: YAML to plain values. *Match*: which firm is "
        "this, its reading of the graph included. *Check*: reading what is stored under the same "
        "keys. *Write*: the batches. *Rest*: rows to checked records, merging, counting. The bare "
        "driver makes the same schema and sends the rows that the product wrote, from memory, as "
        "`UNWIND $rows AS row MERGE … SET x += row.known` in batches of 10,000: it reads, matches "
        "and checks nothing."
    )
    if missing:
        text.append(f"**Neo4j was not measured**: {missing}.")
    return "\n\n".join(text)


def _bare(server: Server, record: str) -> dict[str, Any]:
    return child.run("bare_load", server, url=server.uri, record=record)


def _seconds(loads: list[dict[str, Any]]) -> list[float]:
    return [load["seconds"] for load in loads]


def _totals(embedded: _Loads, remote: _Loads, bare: list[dict[str, Any]]) -> str:
    rows = []
    for name, loads in (
        ("embedded, first", embedded.first),
        ("embedded, second", embedded.second),
        ("Neo4j, first", remote.first),
        ("Neo4j, second", remote.second),
    ):
        if loads:
            seconds = _seconds(loads)
            rate = f"{loads[0]['rows'] / median(seconds):,.0f}"
            peak = megabytes(max(load["peak"] for load in loads))
            rows.append([name, f"{loads[0]['written']:,}", spread(seconds), rate, peak])
    if bare:
        seconds = _seconds(bare)
        rate = f"{bare[0]['rows'] / median(seconds):,.0f}"
        rows.append(["Neo4j, bare driver", f"{bare[0]['rows']:,}", spread(seconds), rate, "–"])
    return table(["load", "rows written", "time", "rows/s", "peak memory of the process"], rows)


def _goals(embedded: _Loads, remote: _Loads, bare: list[dict[str, Any]]) -> str:
    took = median(_seconds(embedded.first))
    rows = [
        [
            "embedded first load",
            f"< {EMBEDDED_GOAL:g} s",
            number(took, "s"),
            verdict(took, EMBEDDED_GOAL),
        ]
    ]
    if bare:
        pairs = list(zip(remote.first, bare, strict=True))
        whole = [a["seconds"] / b["seconds"] for a, b in pairs]
        writing = [_writing(a) / _writing(b) for a, b in pairs]
        goal = f"≤ {RATIO_GOAL:g} ×"
        for name, ratios in (
            ("Neo4j first load, from the files ÷ bare driver, from memory", whole),
            ("of that, schema and batches only ÷ bare driver", writing),
        ):
            ratio = median(ratios)
            rows.append([name, goal, spread(ratios, "×"), verdict(ratio, RATIO_GOAL)])
    return table(["goal", "", "measured", ""], rows)


def _writing(load: dict[str, Any]) -> float:
    parts: dict[str, float] = load["parts"]
    return parts["schema"] + parts["write"]


def _parts(embedded: _Loads, remote: _Loads, bare: list[dict[str, Any]]) -> str:
    rows = []
    for name, loads in (
        ("embedded, first", embedded.first),
        ("embedded, second", embedded.second),
        ("Neo4j, first", remote.first),
        ("Neo4j, second", remote.second),
        ("Neo4j, bare driver", bare),
    ):
        if loads:
            cells = [median([x["parts"].get(p, 0.0) for x in loads]) for p in PARTS]
            rest = median([x["seconds"] - sum(x["parts"].values()) for x in loads])
            rows.append([name, *map(number, [*cells, max(0.0, rest)])])
    return table(["load", *PARTS, "rest"], rows)
