"""The page on reach in a real browser: filters, pages, the keyboard, narrow screens."""

import pytest
from playwright.sync_api import Page, expect


def test_from_the_form_to_a_bridge(page: Page, site: str) -> None:
    page.goto(f"{site}/reach")
    page.get_by_label("From", exact=True).fill("Xelerated")
    page.get_by_label("As of", exact=True).fill("2012")
    page.get_by_role("button", name="Show reach").click()
    page.wait_for_url("**/reach?from=Xelerated&as_of=2012")
    expect(page.get_by_role("heading", name="Whom can Xelerated reach?")).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(18)

    page.get_by_role("navigation", name="Narrow down").get_by_role("link", name="operator").click()
    page.wait_for_url("**/reach?from=firm%3Axelerated&as_of=2012&actor_type=operator")
    expect(rows).to_have_count(8)
    weak = page.get_by_role("region", name="Single points of failure")
    expect(weak.get_by_role("listitem").first).to_contain_text("Ericsson")
    page.get_by_label("At most").select_option("4")
    page.get_by_role("button", name="Show reach").click()
    page.wait_for_url("**max_steps=4**")
    assert "actor_type=operator" in page.url
    page.get_by_role("link", name="Let go of operator").click()
    page.wait_for_url(lambda url: "actor_type" not in url)

    page.get_by_role("link", name="over Ericsson to MTN Group", exact=True).click()
    page.wait_for_url("**/bridges?from=firm%3Axelerated&to=firm%3Amtn-group**")
    expect(page.locator(".bridge h3").first).to_have_text("Ericsson")


def test_more_pages_and_back(page: Page, site: str) -> None:
    page.goto(f"{site}/reach?from=firm:nasty-0&max_steps=2")
    expect(page.get_by_text("Nobody beyond the own contacts")).to_be_visible()
    page.goto(f"{site}/reach?from=Seamless&max_steps=6")
    first = page.get_by_role("table").get_by_role("rowheader").first.inner_text()
    page.get_by_role("link", name="Next ").click()
    page.wait_for_url("**cursor=**")
    expect(page.get_by_role("table").get_by_role("rowheader").first).not_to_have_text(first)
    page.get_by_role("link", name="From the start").click()
    page.wait_for_url(lambda url: "cursor" not in url)


def test_a_misspelt_name(page: Page, site: str) -> None:
    page.goto(f"{site}/reach?from=Xelerted")
    page.get_by_role("link", name="Xelerated").first.click()
    page.wait_for_url("**/reach?from=firm%3Axelerated")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("query", ["", "?from=Xelerated", "?from=firm:nasty-1", "?from=Member1"])
def test_nothing_is_wider_than_the_screen(
    page: Page, site: str, width: int, scheme: str, query: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/reach{query}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """[...document.querySelectorAll("a.facet, a.button, button")].filter((e) =>
        e.getClientRects().length && e.getBoundingClientRect().height < 24).length"""
    )
    assert small == 0


def test_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/reach?from=Xelerated&as_of=2012")
    link = page.get_by_role("navigation", name="Narrow down").get_by_role("link").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**steps=2**")
    expect(page.locator(".facet.chosen")).to_have_attribute("aria-current", "true")
