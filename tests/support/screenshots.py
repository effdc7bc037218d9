"""The pictures of the documentation, taken anew of the bundled cases: `make pictures`."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.support.browser import find_chromium, running_browser
from tests.viz.serving import serving

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "images"
PAGES: Final[Mapping[str, tuple[str, str, int]]] = {
    "bridges": ("/bridges?from=Xelerated&to=MTN+Group&as_of=2012", "light", 900),
    "explore": ("/explore?from=Xelerated&to=MTN+Group&as_of=2012", "dark", 1000),
}
"""By file: the page, the colours, and how high the window is, in px; it is 1280 wide."""


def take(page: Page, address: str, name: str) -> None:
    """Write one picture, once everything on the page is drawn."""
    page.goto(address)
    page.wait_for_selector("[data-drawn]", state="attached")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Take all of them."""
    program = find_chromium()
    if program is None:
        sys.exit("no Chromium on PATH or at CHROMIUM")
    with (
        tempfile.TemporaryDirectory(prefix="alliance-explorer-") as work,
        serving(Path(work)) as address,
        running_browser(program) as browser,
    ):
        for name, (path, colours, high) in PAGES.items():
            page = browser.new_page(
                viewport={"width": 1280, "height": high},
                color_scheme="dark" if colours == "dark" else "light",
                reduced_motion="reduce",
                locale="en-GB",
            )
            take(page, address + path, name)
            page.close()


if __name__ == "__main__":
    main()
