"""The page on proximity in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.queries.test_proximity import WORLD
from tests.viz.serving import serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("site"), WORLD) as address:
        yield address


def test_from_one_firm_to_a_pair_and_other_thresholds(page: Page, site: str) -> None:
    page.goto(f"{site}/proximity")
    page.get_by_label("Firm", exact=True).fill("Swede")
    page.get_by_label("As of").fill("2016")
    page.get_by_role("button", name="Show proximity").click()
    page.wait_for_url("**/proximity?from=Swede&as_of=2016")
    rows = page.locator(".prox-matrix tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Chicagoan").click()

    expect(page.get_by_role("img", name="Organizational: workable, 0.73")).to_be_visible()
    expect(page.locator(".prox-scale .prox-mark")).to_have_count(5)
    club = page.locator("#d-organizational .prox-evidence > li").first
    expect(club).to_contain_text("Both belong to Club (2 members)")
    club.get_by_text("2 facts").click()
    expect(club.locator("code").first).to_have_text("firm:swede MEMBER_OF network:club")

    page.get_by_text("More: known at").click()
    page.get_by_label("Organizational close").fill("0.5")
    page.get_by_role("button", name="Show proximity").click()
    expect(page.get_by_role("img", name="Organizational: too close, 0.73")).to_be_visible()
    assert page.url.count("=") == 4  # both firms, the day and what was changed; nothing empty


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "address",
    [
        "/proximity",
        "/proximity?from=Swede&to=Chicagoan&as_of=2015",
        "/proximity?from=Swede&candidate=Lund&candidate=Nowhere",
    ],
)
def test_nothing_sticks_out(page: Page, site: str, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if "candidate" in address and width == 390:
        label = "getComputedStyle(document.querySelector('.prox-matrix td'), '::before').content"
        assert page.evaluate(label) == '"Geographical"'
