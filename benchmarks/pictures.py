"""Pictures in a real browser: from the click to the picture, and how smoothly it moves.

    python -m benchmarks.pictures

It loads both landscapes into the embedded engine, serves them, and drives the Chromium on `PATH`,
or at `CHROMIUM`, without a GPU. What it measured is written to `docs/benchmarks/pictures.md`.
Run it when nothing else runs.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Browser

from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from tests.support.browser import find_chromium, running_browser

from .data import Missing, load_landscapes
from .document import circumstances, number, table, verdict, write
from .measure import ROOT, median, quantile
from .stage import serving

DOCUMENT: Final = ROOT / "docs" / "benchmarks" / "pictures.md"
ROUNDS: Final = 5
FRAMES_GOAL: Final = 20.0
LARGE: Final = "network:the-linux-foundation"
PICTURES: Final[Mapping[str, tuple[dict[str, Any], float]]] = {
    "a firm of 2,250 co-members, as it begins": ({"actor": "firm:ericsson"}, 1.5),
    "500 around one": ({"actor": LARGE, "limit": 499}, 1.5),
    "2,000, laid out": ({"actor": LARGE, "limit": 1999}, 4.0),
}
"""What is drawn, by its name: the question, and the goal from click to picture in seconds."""

# Frames while the view moves and comes nearer, as somebody who drags and turns the wheel does.
_MOVE = """(milliseconds) => new Promise((done) => {
  const { network } = document.querySelector("[data-explore]").desk.canvas;
  const { x, y } = network.getViewPosition();
  const scale = network.getScale();
  const frames = [];
  const start = performance.now();
  let last = start;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    const turn = (now - start) / 600;
    network.moveTo({
      position: { x: x + (80 / scale) * Math.cos(turn), y: y + (80 / scale) * Math.sin(turn) },
      scale: scale * (1.2 + 0.2 * Math.sin(turn)),
    });
    if (now - start < milliseconds) requestAnimationFrame(step);
    else done(frames.slice(2));
  };
  requestAnimationFrame(step);
})"""


def measured(browser: Browser, address: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Click a link to a picture on an empty page; then move the picture."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}/query")  # scripts and styles are in the cache, as for anybody
        url = f"{address}/explore?{urlencode(asked)}"
        page.evaluate(
            "url => document.querySelector('main').prepend("
            "Object.assign(document.createElement('a'), {href: url, id: 'go', textContent: 'Go'}))",
            url,
        )
        start = time.perf_counter()
        page.locator("#go").click(no_wait_after=True)
        page.wait_for_selector(".picture-canvas[data-drawn]", state="attached", timeout=120_000)
        took = time.perf_counter() - start
        shown = page.evaluate(
            "() => { const { view } = document.querySelector('[data-explore]').desk;"
            " return [view.nodes.length, view.edges.length]; }"
        )
        frames = page.evaluate(_MOVE, 3_000)
        return {"took": took, "shown": shown, "frames": frames}


def main() -> None:
    """Measure, and write the document."""
    program = find_chromium()
    if program is None:
        sys.exit("no Chromium on PATH or at CHROMIUM")
    rows = []
    with tempfile.TemporaryDirectory(prefix="alliance-explorer-bench-") as work:
        url = f"ladybug://{Path(work) / 'pictures.lbug'}"
        with open_engine(url) as engine:
            engine.define(ddl(engine.dialect))
            try:
                load_landscapes(engine)
            except Missing as exc:
                sys.exit(str(exc))
        with serving(url) as (client, _), running_browser(program) as browser:
            address = str(client.base_url).rstrip("/")
            for name, (asked, goal) in PICTURES.items():
                first, *rounds = [measured(browser, address, asked) for _ in range(1 + ROUNDS)]
                took = [r["took"] for r in rounds]
                frames = [f for r in rounds for f in r["frames"]]
                rate = 1e3 / median(frames)
                rows.append(
                    [
                        name,
                        *(f"{n:,}" for n in rounds[0]["shown"]),
                        number(first["took"], "s"),
                        f"{number(median(took), 's')} (to {number(max(took), 's')})",
                        verdict(median(took), goal),
                        f"{rate:.0f} (slowest 5 %: {1e3 / quantile(frames, 0.95):.0f})",
                        "yes" if rate >= FRAMES_GOAL else "no",
                    ]
                )
    head = [
        "picture",
        "actors and bodies",
        "ties drawn",
        "first time",
        f"click to picture, median of {ROUNDS}",
        "goal",
        "frames a second",
        f"at least {FRAMES_GOAL:.0f}",
    ]
    text = (
        "From the click on a link to the first drawn frame: query, layout on the server, page and "
        "drawing. Then the view moves and comes nearer for 3 s: frames a second are of the median "
        f"frame.\n\n{circumstances('both landscapes, embedded engine, Chromium without a GPU')}\n\n"
        f"{table(head, rows)}"
    )
    write(
        DOCUMENT, {"pictures": text}, "# Pictures\n\nWritten by `python -m benchmarks.pictures`.\n"
    )


if __name__ == "__main__":
    main()
