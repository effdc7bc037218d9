"""Everybody can use every page: axe finds nothing in light or dark, the keyboard gets anywhere."""

import pytest
from playwright.sync_api import Page

from tests.support.axe import unreached, violations

PAGES = {
    "home": "/",
    "hits": "/?q=Xelerted",
    "no hit": "/?q=zzzzzzzz",
    "firm": "/firms/firm:xelerated",
    "firm then": "/firms/firm:seamless?as_of=2009",
    "person": "/firms/person:startups-bsm-ebusiness-manager",
    "network": "/networks/network:hub?mine=Member1",
    "bridges": "/bridges?from=Xelerated&to=MTN+Group",
    "no way": "/bridges?from=Xelerated&to=MTN+Group&as_of=2010",
    "typo": "/bridges?from=Xelerted&to=MTN+Group",
    "structure": "/structure?firm=firm:xelerated&as_of=2012&by=community",
    "portfolio": "/portfolio?firm=firm:xelerated&as_of=2009&with=2011",
    "timeline": "/timeline?firm=firm:seamless",
    "days": "/compare?firm=firm:digitata&as_of=2008&and_as_of=2012",
    "beside": "/compare?firm=Member1&with=Member2",
    "map": "/map",
    "group": "/map?within=operator&within_by=actor_type",
    "query": "/query",
    "rows": "/query?query=MATCH+(f:Firm)+RETURN+f.name+AS+name+ORDER+BY+name+LIMIT+5",
    "refused": "/query?query=MATCH+(f:Firm)+SET+f.name='x'",
    "facts": "/facts?what=Xelerated",
    "facts between": "/facts?what=Seamless&other=Ericsson",
    "facts of nobody": "/facts?what=Xelerated&other=Ericson",
    "explore": "/explore?actor=firm:xelerated",
    "reach": "/reach?from=firm:xelerated&as_of=2011",
    "proximity": "/proximity?from=firm:chicago-9&to=firm:chicago-5",
    "feasibility": "/feasibility?firm=firm:chicago-10&service=software+development",
    "partners": "/partners?firm=firm:xelerated",
    "constellations": "/constellations?firm=firm:xelerated",
    "what if": "/what-if?firm=firm:xelerated&leaves=firm:ericsson&as_of=2011",
    "nowhere": "/nowhere",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_keyboard_gets_anywhere(page: Page, site: str, name: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(site + PAGES[name])
    page.wait_for_load_state("networkidle")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {v}" for v in violations(page, "color-contrast")]
    found += [f"not reached: {e}" for e in unreached(page)]
    assert not found, "\n".join(found)


def test_axe_would_find_something(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("document.querySelector('label[for=q]').remove()")
    page.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    page.evaluate("document.querySelector('h2').innerHTML = '<img src=/static/icon.svg>'")
    assert {v.partition(" ")[0] for v in violations(page)} >= {"image-alt", "label"}
