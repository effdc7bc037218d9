import re

from playwright.sync_api import Page, expect

from tests.browser.test_explorer import painted


def test_structure_of_a_firm(page: Page, site: str) -> None:
    page.goto(f"{site}/structure")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where are the structural holes?")
    page.get_by_label("Firm", exact=True).fill("Xelerated")
    page.get_by_label("As of").fill("2012")
    page.get_by_label("Roles by").select_option("community")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile(r"/structure\?firm=.*elerated&as_of=2012&by=community"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Xelerated")
    assert len(painted(page)) > 2
    holes = page.get_by_role("region", name="Structural holes", exact=True)
    expect(holes.get_by_role("row", name="Effective size Partners")).to_contain_text("14.867")
    partners = page.get_by_role("region", name=re.compile("^Partners"))
    expect(partners.get_by_role("row")).to_have_count(1 + 15)
    expect(page.get_by_role("region", name="Key partners").first).to_contain_text("Ericsson")
    partners.get_by_role("link", name="Structure of Ericsson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ericsson")
    assert "as_of=2012" in page.url


def test_two_days_side_by_side(page: Page, site: str) -> None:
    page.goto(f"{site}/structure?firm=Seamless&as_of=2008")
    page.get_by_text("Put beside it").click()
    page.get_by_label("Another day").fill("2012")
    page.get_by_role("button", name="Show", exact=True).click()
    beside = page.get_by_role("region", name="Side by side", exact=True)
    expect(beside.get_by_role("row", name="Partners")).to_contain_text("+5")
    expect(page.get_by_text("MTN Rwanda").first).to_be_visible()


def test_a_misspelt_firm_and_a_day_that_is_none(page: Page, site: str) -> None:
    page.goto(f"{site}/structure?firm=Xelerted&as_of=2012")
    page.get_by_role("link", name="Xelerated").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xelerated")
    assert page.goto(f"{site}/structure?firm=Xelerated&as_of=never").status == 422  # type: ignore[union-attr]
    expect(page.get_by_label("As of")).to_have_attribute("aria-invalid", "true")
    page.goto(f"{site}/structure?firm=Xelerated&by=zzzzz")
    expect(page.get_by_role("alert")).to_contain_text("allowed: country")


def test_nothing_is_cut_off_on_a_telephone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/structure?firm=Xelerated&as_of=2012&by=community")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
