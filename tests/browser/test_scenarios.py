"""The pages on what if, partners and constellations, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.queries.test_scenario import ROWS
from tests.support.tiny import Rows, firms
from tests.viz.samples import NASTY
from tests.viz.serving import serving

ADDRESSES = [
    "/what-if",
    "/what-if?firm=Xelerated&as_of=2009",
    "/what-if?firm=Xelerated&leaves=Ericsson&as_of=2011&target=MTN+Group",
    "/what-if?firm=Xelerated&allies=Seamless&as_of=2011",
    "/what-if?firm=firm:f&acquired=firm:p&by=firm:x",
    "/what-if?firm=Xelerated&leaves=Seamless",
    "/what-if?firm=Xelrated",
    "/partners",
    "/partners?firm=Xelerated&as_of=2011&capability=mobile+operator",
    "/partners?firm=firm:f",
    "/partners?firm=firm:nasty&capability=juggling",
    "/constellations",
    "/constellations?firm=Xelerated&as_of=2012&capability=telecom+equipment&capability=mobile+operator",
    "/constellations?firm=Xelerated&as_of=2005&capability=mobile+operator&capability=payments",
]
HOSTILE: Rows = {
    "Firm": [
        *firms("Other"),
        {"id": "firm:nasty", "name": NASTY["image"], "segments": NASTY["script"]},
        {"id": "firm:nasty2", "name": NASTY["script"], "segments": NASTY["image"]},
    ],
    "Alliance": [{"id": "alliance:nasty", "name": NASTY["image"], "exclusive": True}],
    "PARTY_TO": [
        {"from": f, "to": "alliance:nasty", "contributes": NASTY["image"]}
        for f in ("firm:nasty", "firm:nasty2")
    ],
}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("scenarios")
    with serving(folder, ROWS, HOSTILE) as address:
        yield address


def test_before_and_after(page: Page, site: str) -> None:
    page.goto(f"{site}/what-if")
    page.get_by_label("Firm", exact=True).fill("Xelerated")
    page.get_by_label("As of", exact=True).fill("2011")
    page.get_by_label("this partner leaves").fill("Ericsson")
    page.get_by_text("More: ways to somebody").click()
    page.get_by_label("Compare the ways to").fill("MTN Group")
    page.get_by_role("button", name="Show before and after").click()
    expect(page.locator("#supposed")).to_contain_text("Ericsson leaves 1 alliance with Xelerated.")
    table = page.get_by_role("region", name="Before and after")
    expect(table.get_by_role("row", name="Firms within 3 introductions")).to_contain_text("-16")
    expect(table.get_by_role("row", name="Best way to MTN Group")).to_contain_text("none")
    expect(page.locator("figure[data-drawn]")).to_have_count(2)
    expect(page.get_by_text("No way within 3 introductions.")).to_be_visible()
    told = page.request.get(
        site + (page.get_by_role("link", name="this answer as JSON").get_attribute("href") or "")
    )
    assert told.ok
    assert told.json()["difference"]["reach_lost_total"] == 16


def test_from_exposure_to_a_takeover(page: Page, site: str) -> None:
    page.goto(f"{site}/what-if?firm=Xelerated&as_of=2009")
    first = page.locator(".exposed > li").first
    expect(first).to_contain_text("DUNE Networks was taken over in 2009 by Broadcom")
    page.get_by_role("link", name="… goes to Broadcom?").first.click()
    expect(page.locator("#supposed")).to_contain_text("is taken over by Broadcom.")
    assert "as_of=2009" in page.url


def test_from_candidates_to_an_alliance(page: Page, site: str) -> None:
    page.goto(f"{site}/partners")
    page.get_by_label("For which firm").fill("Xelerated")
    page.get_by_label("As of", exact=True).fill("2011")
    page.get_by_label("Capability or core business").fill("mobile operator")
    page.get_by_text("What counts how much").click()
    page.get_by_label("Bridge").fill("9")
    page.get_by_role("button", name="Find partners").click()
    best = page.locator(".bridge").first
    expect(best.get_by_role("heading", name="MTN Group")).to_be_visible()
    best.get_by_text("How the score comes about").click()
    expect(best).to_contain_text("9 × 0.25")
    told = page.request.get(
        site + (page.get_by_role("link", name="this answer as JSON").get_attribute("href") or "")
    )
    assert told.ok
    assert told.json()["weights"]["bridge"] == 9
    best.get_by_role("link", name="What if we allied?").click()
    expect(page.get_by_role("heading", name="Does MTN Group fit?")).to_be_visible()
    expect(page.locator("#supposed")).to_contain_text("Xelerated and MTN Group form an alliance.")


def test_constellations(page: Page, site: str) -> None:
    page.goto(f"{site}/constellations")
    page.get_by_label("Around which firm").fill("Xelerated")
    page.get_by_label("As of", exact=True).fill("2011")
    page.get_by_label("Capability or core business").fill("telecom equipment")
    page.get_by_label("and", exact=True).first.fill("mobile operator")
    page.get_by_role("button", name="Find sets").click()
    expect(page.get_by_role("heading", name="4 sets, best first")).to_be_visible()
    expect(page.locator("figure[data-drawn]")).to_have_count(1)
    expect(page.locator(".bridge").first).to_contain_text("Digitata: connects the others")


def test_mistakes_are_said_where_they_are(page: Page, site: str) -> None:
    page.goto(f"{site}/what-if?firm=Xelrated&leaves=Ericsson&as_of=2011")
    page.locator("#problem").get_by_role("link", name="Xelerated").click()
    expect(page.locator("#supposed")).to_contain_text("Ericsson leaves")
    page.goto(f"{site}/what-if?firm=Xelerated&leaves=Seamless")
    expect(page.locator("#problem")).to_contain_text("Seamless is no partner of Xelerated")
    assert page.get_by_label("this partner leaves").get_attribute("aria-invalid") == "true"
    page.goto(f"{site}/constellations?firm=Xelerated&capability=mobile+operators")
    expect(page.locator("#problem")).to_contain_text("did you mean 'mobile operator'")
    page.goto(f"{site}/partners?firm=Xelerated&w_bridge=much")
    expect(page.locator("#problem")).to_contain_text("The weight of bridge is a number")


def test_hostile_names_are_text(page: Page, site: str) -> None:
    for address in (
        "/what-if?firm=firm:nasty",
        "/what-if?firm=firm:nasty&leaves=firm:nasty2",
        "/what-if?firm=firm:nasty&allies=firm:other",
        "/partners?firm=firm:nasty",
        "/constellations?firm=firm:nasty&capability=" + "%3Cimg",
    ):
        page.goto(site + address)
        assert page.evaluate("window.broken") is None, address
        expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for address in ADDRESSES:
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/what-if")
        page.get_by_label("Firm", exact=True).fill("F")
        page.get_by_label("this firm is taken over").fill("P")
        page.get_by_label("by", exact=True).fill("X")
        page.get_by_role("button", name="Show before and after").click()
        expect(page.locator("#supposed")).to_contain_text("P is taken over by X.")
        page.get_by_text("The picture in words").first.click()
        expect(page.locator(".in-words").first).to_contain_text("P")
