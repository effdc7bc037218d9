"""The whole application in a real browser, with the bundled cases and some hostile names."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.support.tiny import network
from tests.viz.samples import FORMULA, NASTY
from tests.viz.serving import serving

# What is asked is whether it comes: a machine that runs other tests as well may take its time.
expect.set_options(timeout=20_000)
REPORT = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running application."""
    named = [name[:7_900] for name in NASTY.values() if name.strip()]  # as long as may be stored
    nasty = [{"id": f"firm:nasty-{i}", "name": name} for i, name in enumerate(named)]
    twins = [{"id": f"firm:twin-{n}", "name": "Twin"} for n in "ab"]
    formula = {"id": "firm:formula", "name": FORMULA}
    pact = {"id": "alliance:pact", "name": NASTY["image"]}
    club = {"id": "network:club", "name": NASTY["script"]}
    named_so = [*nasty, formula]
    ends = [{"from": firm["id"], "to": pact["id"], "role": NASTY["quotes"]} for firm in named_so]
    within = [{"from": f["id"], "to": club["id"], "tier": NASTY["image"]} for f in named_so]
    rows = {
        "Firm": [*named_so, *twins],
        "Alliance": [pact],
        "Network": [club],
        "PARTY_TO": ends,
        "MEMBER_OF": within,
    }
    hub = network("Hub", (f"Member{i}" for i in range(300)), tier="gold")
    with serving(tmp_path_factory.mktemp("site"), rows, hub) as address:
        yield address


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """The page of all tests; here it also fails on anything that the console complains of."""
    problems: list[str] = []

    def complaint(message: ConsoleMessage) -> None:
        missing = "the server responded with a status of 4" in message.text
        if message.type in {"error", "warning"} and not (
            missing and message.location["url"].split("#")[0] == page.url.split("#")[0]
        ):
            problems.append(f"{message.type}: {message.text}")

    page.on("console", complaint)
    page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
    page.context.add_init_script(REPORT)
    yield page
    assert not problems, problems
