"""Whether a page can be used by everybody: axe-core's rules for WCAG 2.2 AA, and the keyboard."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can be reached with the Tab key and is shown; a canvas network takes the keyboard itself.
FOCUSABLE = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const found = [...document.querySelectorAll(wanted)].filter((e) =>
    e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  found.forEach((e, i) => { e.dataset.reach = i; });
  return found.length;
}"""
RUN = "([tags, rules]) => axe.run(document, rules ? { runOnly: rules } : { runOnly: tags })"


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong with the page as it is shown: by all rules, or by some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script() + "; undefined")
    found: dict[str, Any] = page.evaluate(RUN, [TAGS, list(rules) or None])
    return [
        f"{v['id']} ({v['help']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for v in found["violations"]
        for node in v["nodes"][:4]
    ]


def unreached(page: Page) -> list[str]:
    """What the Tab key does not come to, or what holds it fast, from the top of the page."""
    number = page.evaluate(FOCUSABLE)
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.evaluate(
        """() => { window.reached = new Set(); document.addEventListener("focusin",
          ({ target }) => window.reached.add(target.dataset.reach), true); }"""
    )
    for _ in range(number + 5):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-reach]")]
          .filter((e) => !window.reached.has(e.dataset.reach) &&
            !(e.type === "radio" && !e.checked)).map((e) => e.outerHTML.slice(0, 160))"""
    )
    return missed
