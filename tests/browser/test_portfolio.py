"""The page of a portfolio in depth in a real browser."""

import pytest
from playwright.sync_api import Page, expect

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def test_two_alliances_told_apart(page: Page, site: str) -> None:
    page.goto(f"{site}/portfolio")
    page.get_by_label("Firm", exact=True).fill("Startup2")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/portfolio?firm=firm%3Astartups-startup2")
    entry = page.locator(".ledger > li")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("the firm depends on the partner")
    for said in ("90 % of Startup2’s sales", "It is exclusive", "No champion is on record"):
        expect(entry.locator(".warned")).to_contain_text(said)
    entry.get_by_text("Why, and how it moved").click()
    expect(entry).to_contain_text("0.72 = (importance 0.90 × scarcity 0.58) ^ 0.5")
    page.goto(f"{site}/portfolio?firm=firm:startups-startup1")
    entry = page.locator(".ledger > li")
    expect(entry).to_contain_text("both need each other")
    expect(entry).to_contain_text("different goods")
    expect(entry.locator(".warned")).to_have_count(0)


def test_points_stand_where_the_numbers_say(page: Page, site: str) -> None:
    page.goto(f"{site}/portfolio?firm=firm:startups-startup2")
    plane = page.locator(".plane").bounding_box()
    point = page.locator(".point circle").bounding_box()
    assert plane is not None
    assert point is not None
    x = (point["x"] + point["width"] / 2 - plane["x"]) / plane["width"]
    y = 1 - (point["y"] + point["height"] / 2 - plane["y"]) / plane["height"]
    assert x == pytest.approx(0.72, abs=0.01)
    assert y == pytest.approx(0.30, abs=0.01)


def test_two_days_side_by_side(page: Page, site: str) -> None:
    page.goto(f"{site}/portfolio?firm=firm:seamless&as_of=2007")
    page.get_by_label("Compare with").fill("2011")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**as_of=2007&with=2011**")
    both = page.get_by_role("region", name="2007-12-31 and 2011-12-31 side by side").first
    expect(both).to_contain_text("8 alliances came, 0 went, 4 stayed")
    expect(both.get_by_role("row", name="dependence on Ericsson")).to_contain_text("0.50")
    expect(both.get_by_role("row", name="alliances", exact=False).first).to_contain_text("12")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_every_screen(page: Page, site: str, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    for firm in ("firm:xelerated&as_of=2007&with=2011", "firm:nasty-0", "firm:member1"):
        page.goto(f"{site}/portfolio?firm={firm}")
        expect(page.locator("h1")).to_be_visible()
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert page.evaluate(FITS), firm
