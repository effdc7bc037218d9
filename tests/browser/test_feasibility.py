"""The page on feasibility in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.queries.test_feasibility import ROWS
from tests.viz.serving import serving


@pytest.fixture(scope="module")
def advising(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("advising"), ROWS) as address:
        yield address


def test_from_nothing_to_advice(page: Page, advising: str) -> None:
    page.goto(f"{advising}/feasibility")
    page.get_by_label("Firm", exact=True).press_sequentially("Skil")
    page.get_by_role("option", name="Skilled").click()
    page.get_by_label("Candidate").fill("Berlinr")
    page.get_by_label("Service", exact=True).fill("software development")
    page.get_by_role("button", name="Judge").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody here is called “Berlinr”")
    expect(page.get_by_label("Candidate")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="Berliner").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Can Skilled partner software development with Berliner?"
    )
    expect(page.get_by_role("heading", name="Likely", exact=True)).to_be_visible()
    expect(page.locator("li[aria-current]")).to_have_text("Likely")
    expect(page.get_by_role("region", name="Mind")).to_contain_text("non-compete")
    why = page.get_by_role("region", name="Why")
    expect(why).to_contain_text("Both belong to Guild (3 members)")
    why.get_by_text("On what records").first.click()
    expect(why.get_by_text("source: A source").first).to_be_visible()

    # Nobody yet, but abroad: now something is missing.
    page.get_by_label("Candidate").fill("")
    page.get_by_label("Where the partner is").select_option("international")
    page.get_by_role("button", name="Judge").click()
    expect(page.get_by_role("heading", name="Possible if …")).to_be_visible()
    missing = page.get_by_role("region", name="What is missing")
    expect(missing.get_by_role("listitem")).to_have_count(1)
    missing.get_by_text("How to record it").click()
    expect(missing).to_contain_text("Skilled is in Guild (3)")
    assert "candidate" not in page.url
    # The address restores the question, and the table asks another.
    page.reload()
    expect(page.get_by_label("Where the partner is")).to_have_value("international")
    page.locator("summary", has_text="System-intensive").click()
    page.get_by_role("link", name="hosting", exact=True).click()
    expect(page.get_by_role("heading", name="Likely", exact=True)).to_be_visible()


def test_partnerships_on_record_lead_to_advice(page: Page, advising: str) -> None:
    page.goto(f"{advising}/feasibility?firm=Veteran")
    one_by_one = page.get_by_role("region", name="One by one")
    expect(one_by_one.get_by_role("heading", level=3)).to_have_count(5)
    page.get_by_text("3 alliances that cannot be judged").click()
    expect(page.get_by_text("No service is called 'juggling'.")).to_be_visible()
    one_by_one.get_by_role("link", name="Advice on one more like it").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("with an international partner?")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_works_without_scripts(
    browser: Browser, advising: str, width: int, scheme: str
) -> None:
    with browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
    ) as context:
        page = context.new_page()
        page.goto(f"{advising}/feasibility")
        page.get_by_label("Firm", exact=True).fill("Bare")
        page.get_by_label("Candidate").fill("Berliner")
        page.get_by_label("Service", exact=True).fill("telecom and UX")
        page.get_by_role("button", name="Judge").click()
        expect(page.get_by_role("heading", name="Unlikely unless …")).to_be_visible()
        for box in (page.locator("main"), page.locator(".verdict"), page.locator(".scale")):
            found = box.bounding_box()
            assert found is not None
            assert found["x"] >= 0 and found["x"] + found["width"] <= width
