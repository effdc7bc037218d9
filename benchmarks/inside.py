"""Where the time of a request for bridges goes, measured in this process."""

from collections.abc import Sequence

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.queries import Explorer, bridges
from tests.neo4j_server import Server

from .data import TODAY
from .document import number, table
from .measure import Budget, Clock, clocked, median, quantile, timed
from .stage import Stage
from .timed import TimedEngine

PAIRS = 60
BRIDGING = "alliance_explorer.queries.bridging"
PLACES = (
    ("search", f"{BRIDGING}.bridges", "strongest"),
    ("shortest", f"{BRIDGING}.question", "hops"),
    ("telling", f"{BRIDGING}.answers", "PathBuilder.path"),
)
PARTS = {
    "search": "finding the strongest chains",
    "shortest": "length of the shortest way",
    "read": "facts of the answer, by Cypher",
    "stamp": "is the projection up to date?",
    "telling": "arithmetic and sentences",
    "json": "JSON",
}


def inside_a_request(
    url: str, server: Server | None, pairs: Sequence[tuple[str, str]], budget: Budget
) -> str:
    """A table of both engines, on the same pairs."""
    columns = {}
    with open_engine(url) as engine:
        columns["embedded"] = _measured(engine, pairs, budget.part(0.5))
    if server:
        with Stage.open(server) as engine:
            columns["Neo4j"] = _measured(engine, pairs, budget)
    rows = []
    for key, meaning in {**PARTS, "rest": "the rest", "whole": "**together**"}.items():
        rows.append([meaning, *(c.get(key, "–") for c in columns.values())])
    rows.append(["reads of the database", *(c["reads"] for c in columns.values())])
    rows.append(["checks of the stamp", *(c["stamps"] for c in columns.values())])
    return (
        "In one process, without HTTP: mean ms a request, over the first pairs of firms. The "
        "median is smaller: a few pairs need a long search.\n\n" + table(["", *columns], rows)
    )


def _measured(engine: Engine, pairs: Sequence[tuple[str, str]], budget: Budget) -> dict[str, str]:
    clock = Clock()
    explorer = Explorer(TimedEngine(engine, clock), TODAY)
    for one, other in pairs[:3]:
        bridges(explorer, one, other)
    clock.seconds.clear()
    clock.calls.clear()
    seconds = []

    def ask(one: str, other: str) -> None:
        answer = bridges(explorer, one, other)
        with clock.time("json"):
            answer.model_dump_json(by_alias=True)

    with clocked(clock, PLACES):
        for one, other in pairs[:PAIRS]:
            seconds.append(timed(ask, one, other)[0])
            if not budget.left:
                break
    n = len(seconds)
    told = {key: number(1e3 * clock.seconds[key] / n) for key in PARTS}
    rest = sum(seconds) - sum(clock.seconds.values())
    told["rest"] = number(1e3 * rest / n)
    p50, p95 = median(seconds), quantile(seconds, 0.95)
    told["whole"] = (
        f"{number(1e3 * sum(seconds) / n)} (p50 {number(1e3 * p50)}, p95 {number(1e3 * p95)}, "
        f"{n} pairs)"
    )
    told["reads"] = number(clock.calls["read"] / n)
    told["stamps"] = number(clock.calls["stamp"] / n)
    return told
