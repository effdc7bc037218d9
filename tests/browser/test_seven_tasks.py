"""Seven things that a newcomer wants to know, each within six actions from the home page.

An action is a click, or something typed into a field (with Enter, if that sends the form).
"""

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_explore_picture import desk, shown
from tests.support.browser import strict_page
from tests.viz.serving import serving

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LANDSCAPES = (
    "cncf_landscape/landscape_2026-08-07.yml.gz",
    "lf_landscape/landscape_2026-08-22.yml.gz",
)
MOST = 6


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with the telecom case and both landscapes."""
    if missing := [n for n in LANDSCAPES if not (DATA / n).exists()]:
        pytest.skip(f"no {DATA / missing[0]}")
    folder, files = tmp_path_factory.mktemp("real"), []
    for name in LANDSCAPES:
        file = folder / name.partition("/")[0] / "landscape.yml"
        file.parent.mkdir()
        file.write_bytes(gzip.decompress((DATA / name).read_bytes()))
        files.append(file)
    with serving(folder, sources=files) as address:
        yield address


class Newcomer:
    """Somebody at the home page who counts what they have to do."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.actions = page, 0
        page.goto(address)

    def click(self, what: Locator) -> None:
        self.actions += 1
        assert self.actions <= MOST
        what.click()

    def type(self, label: str, text: str, *, enter: bool = False) -> None:
        self.actions += 1
        assert self.actions <= MOST
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        if enter:
            field.press("Enter")

    def find(self, name: str, hit: str) -> None:
        self.type("Find a firm, person or network", name, enter=True)
        self.click(self.page.locator(".hits").get_by_role("link", name=hit, exact=True))

    def ask(self, question: str) -> None:
        asking = self.page.get_by_role("region", name="Or ask something else")
        self.click(asking.get_by_role("link", name=question, exact=True))


def test_find_a_firm_by_a_misspelt_name(page: Page, real: str) -> None:
    Newcomer(page, real).find("Xelerted", "Xelerated")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xelerated")


def test_who_bridges_and_what_if_not_they(page: Page, real: str) -> None:
    me = Newcomer(page, real)
    me.type("From", "Xelerated")
    me.type("To", "MTN Group")
    me.type("As of", "2011", enter=True)
    expect(page.locator(".bridge h3")).to_have_text(["Ericsson"])
    me.click(page.get_by_role("link", name="Not through them"))
    expect(page.get_by_role("heading", name="No bridge was found")).to_be_visible()


def test_which_partners_also_compete_and_since_when(page: Page, real: str) -> None:
    Newcomer(page, real).find("Seamless", "Seamless")
    both = page.get_by_role("region", name="Ally and competitor at once")
    expect(both.get_by_role("listitem")).to_have_count(1)
    expect(both).to_contain_text("Ericsson")
    expect(both).to_contain_text("allied since 2005, competing since 2011")


def test_what_changed_between_two_years(page: Page, real: str) -> None:
    me = Newcomer(page, real)
    me.ask("Compare")
    me.type("Firm", "Digitata")
    me.type("As of", "2008")
    me.type("And as of", "2012", enter=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Digitata: what changed")
    changed = page.get_by_role("region", name="2008-12-31 and 2012-12-31 side by side")
    expect(changed.get_by_role("heading", name="Came")).to_be_visible()
    expect(changed.get_by_role("row", name="alliances", exact=False).first).to_be_visible()
    expect(changed).to_contain_text("ZTE")


def test_which_foundations_do_two_share_and_who_else_is_in_a_small_one(
    page: Page, real: str
) -> None:
    me = Newcomer(page, real)
    me.ask("Compare")
    me.type("Firm", "Ericsson")
    me.type("With another firm", "Siemens", enter=True)
    me.click(page.get_by_role("alert").get_by_role("link", name="Siemens AG"))
    shared = page.get_by_role("region", name="Networks they share").locator("ol > li")
    expect(shared).to_have_count(2)
    expect(shared.first).to_contain_text("OpenChain Project")
    expect(shared.first.get_by_role("link", name="BMW")).to_be_visible()
    expect(shared.last).to_contain_text("The Linux Foundation")


def test_share_the_picture(page: Page, real: str, browser: Browser) -> None:
    me = Newcomer(page, real)
    me.find("Xelerated", "Xelerated")
    me.click(page.get_by_role("link", name="Work with the picture").first)
    here = shown(page)
    assert len(here["nodes"]) > 5
    me.click(page.get_by_role("button", name="Copy link").first)
    desk(page).evaluate("root => root.desk.written()")
    with strict_page(browser) as other:
        other.goto(page.evaluate("window.location.href"))
        assert shown(other) == here


def test_take_it_along(page: Page, real: str, browser: Browser, tmp_path: Path) -> None:
    me = Newcomer(page, real)
    me.find("Xelerated", "Xelerated")
    me.click(page.get_by_role("link", name="Work with the picture").first)
    names = set(shown(page)["nodes"])
    me.click(page.get_by_role("tab", name="Take along"))
    files = []
    for button in ("SVG", "One file that works offline"):
        with page.expect_download() as waiting:
            me.click(page.get_by_role("button", name=button, exact=True))
        files.append(tmp_path / waiting.value.suggested_filename)
        waiting.value.save_as(files[-1])
    image = ET.fromstring(files[0].read_text("utf-8"))
    assert "Xelerated" in {
        (t.text or "").split("\n")[0] for t in image.iter("{http://www.w3.org/2000/svg}title")
    }
    with strict_page(browser) as other:
        other.context.set_offline(True)
        other.goto(files[1].as_uri())
        expect(other.locator("figure[data-drawn]")).to_have_count(1)
        drawn = other.evaluate("document.querySelector('figure').picture.data.nodes")
        assert {n["id"] for n in drawn} == names
