"""Pages of firms over HTTP on a large network: anybody's, and those of the most connected."""

import itertools
import random
from typing import Final

import httpx

from .data import SEED
from .document import circumstances, megabytes, number, quantiles, table
from .graphs import GRAPHS, most_connected, ties_of
from .measure import Budget, peak, quantile, timed
from .stage import Stage

PAGES: Final = {
    "portfolio": "/portfolio?firm={}",
    "firm": "/firms/{}",
    "structure": "/structure?firm={}",
    "timeline": "/timeline?firm={}",
}
RANDOM_FIRMS, HUBS = 200, 50
# However long loading takes, each kind of firm has so long.
LEAST_SECONDS = 20.0
GOAL_SECONDS = 1.0


def portfolios_part(stage: Stage, budget: Budget) -> str:
    """Ask every page about firms at random and about hubs, on both engines in turns.

    Raises
    ------
    Missing
        CORDIS is not where it should be.
    """
    graph, fill = GRAPHS["cordis"]
    held = stage.held("cordis", fill)
    with held.open() as engine:
        ties = ties_of(engine)
    took: dict[tuple[str, str, str], list[float]] = {}
    sizes: dict[str, int] = dict.fromkeys(PAGES, 0)
    asked: dict[str, int] = {}
    whole: list[list[str]] = []
    with held.serving() as servers:
        clients = {n: client for n, (client, _) in servers.items()}
        for client in clients.values():
            for page in PAGES.values():
                _get(client, page, ties[0][0])
        for n, (kind, firms) in enumerate(_firms(ties).items()):
            share = Budget(max(budget.part(1.0 if n else 0.6).left, LEAST_SECONDS))
            for firm in firms:
                for (name, client), (page, address) in itertools.product(
                    clients.items(), PAGES.items()
                ):
                    seconds, size = timed(_get, client, address, firm)
                    took.setdefault((kind, page, name), []).append(1e3 * seconds)
                    sizes[page] = max(sizes[page], size)
                asked[kind] = asked.get(kind, 0) + 1
                if not share.left:
                    break
        for name, client in clients.items():
            seconds, answer = timed(client.get, "/api/v1/network", timeout=60.0)
            between = answer.raise_for_status().json()["betweenness"]
            whole.append(
                [
                    name,
                    number(seconds, "s"),
                    between["method"],
                    f"{between['pivots']:,}",
                    number(between["standard_error"]),
                ]
            )
        peaks = [f"{n} {megabytes(peak(pid))}" for n, (_, pid) in servers.items()]
    rows = [
        [f"{asked[kind]} {kind}", page, name, *quantiles(values), _verdict(values)]
        for (kind, page, name), values in took.items()
    ]
    largest = ", ".join(f"{page} {number(size / 1e3)} kB" for page, size in sizes.items())
    return "\n\n".join(
        [
            "## Pages of firms on a large network",
            circumstances(held.version),
            f"{graph}. Each page of firms drawn at random, and of the "
            f"{HUBS} with the most participations, one request at a time; both engines and all "
            "pages in turns. Times in ms. The first page of each kind is not counted: it reads the "
            f"projection. Goal: p95 of any firm's page within {GOAL_SECONDS:g} s.",
            table(["firms", "page", "engine", "p50", "p95", "max", "p95 ≤ 1 s"], rows),
            "The network of all firms, asked for once (`/api/v1/network`): components, cores, "
            "communities, and betweenness with the largest standard error of a normalised value.",
            table(["engine", "time", "betweenness", "pivots", "standard error"], whole),
            f"Largest pages: {largest}. Peak memory of the servers: {', '.join(peaks)}.",
        ]
    )


def _firms(ties: list[tuple[str, str]]) -> dict[str, list[str]]:
    ranked = most_connected(ties)
    some = random.Random(SEED).sample(sorted(ranked), RANDOM_FIRMS)
    return {"random firms": some, "most connected firms": ranked[:HUBS]}


def _get(client: httpx.Client, address: str, firm: str) -> int:
    response = client.get(address.format(firm))
    response.raise_for_status()
    return len(response.content)


def _verdict(values: list[float]) -> str:
    return "met" if quantile(values, 0.95) <= 1e3 * GOAL_SECONDS else "**missed**"
