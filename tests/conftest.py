"""Fixtures for all tests: both engines, a browser; and a summary of what ran on which."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from alliance_explorer.engine import Engine
from tests.neo4j_server import Server, Unavailable, running_server
from tests.support.browser import find_chromium, running_browser, strict_page
from tests.support.graphs import Graphs, LadybugGraphs, Neo4jGraphs
from tests.support.requirements import missing

SUMMARISED = ("ladybug", "neo4j", "browser")


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server(tmp_path_factory.mktemp("neo4j")))
        except Unavailable as exc:
            missing("neo4j", str(exc))
        yield server


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("ladybug", marks=pytest.mark.ladybug),
        pytest.param("neo4j", marks=pytest.mark.neo4j),
    ],
)
def graphs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Graphs]:
    """Runs a test once on either engine."""
    with ExitStack() as closing:
        if request.param == "ladybug":
            yield LadybugGraphs(tmp_path_factory.mktemp("ladybug"), closing)
        else:
            yield Neo4jGraphs(request.getfixturevalue("neo4j_server"), closing)


@pytest.fixture
def engine(graphs: Graphs) -> Iterator[Engine]:
    """An empty engine with the schema."""
    with graphs.empty() as engine:
        yield engine


# For a module: while it runs, asyncio is taken in this thread, and the next module may need it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if program := find_chromium():
        with running_browser(program) as browser:
            yield browser
    else:
        missing("browser", "there is no Chromium; CHROMIUM can say where one is")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when a script fails or something is fetched from elsewhere."""
    with strict_page(browser) as page:
        yield page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        # On the item, because reports carry this, not the markers.
        item.user_properties += [("on", m) for m in SUMMARISED if item.get_closest_marker(m)]
        if item.get_closest_marker("neo4j"):
            assert "neo4j" in item.nodeid, f"{item.nodeid}: its name has to say that it needs Neo4j"
    # The longest group first; the others are shared out as processes get free.
    items.sort(key=lambda item: item.get_closest_marker("neo4j") is None)


class OneServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Shares tests out by file, but all that need Neo4j go to one process: it has one database."""

    def _split_scope(self, nodeid: str) -> str:
        return "neo4j" if "neo4j" in nodeid else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneServer:
    return OneServer(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what ran on each engine, and what did not: a green run may have lacked one."""
    counts = {name: Counter[str]() for name in SUMMARISED}
    for outcome in ("passed", "failed", "error", "skipped", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            # A module that could not be collected has none.
            for key, name in getattr(report, "user_properties", ()):
                if key == "on":
                    counts[name][outcome] += 1
    parts = [
        f"{name}: {', '.join(f'{n} {outcome}' for outcome, n in counted.items()) or 'none ran'}"
        for name, counted in counts.items()
    ]
    terminalreporter.write_line("; ".join(parts))
    # By reason alone; pytest's own list has a line for each place.
    reasons = Counter(r.longrepr[2] for r in terminalreporter.stats.get("skipped", []))
    for reason, n in reasons.items():
        terminalreporter.write_line(f"{n} skipped: {reason.removeprefix('Skipped: ')}")
