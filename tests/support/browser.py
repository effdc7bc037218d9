"""A real browser, driven by Playwright."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

# Without the later ones it calls its maker's servers in the background.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of the browser at `CHROMIUM`, or else of the first one found, or None."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def running_browser(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def strict_page(browser: Browser) -> Iterator[Page]:
    """An empty page; leaving it fails if a script failed, or if it wanted anything from outside."""
    problems: list[str] = []

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            problems.append(f"wanted {route.request.url}")
            route.abort()

    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.route(lambda url: url.startswith(("http:", "https:")), only_here)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        yield page
    assert not problems, problems
