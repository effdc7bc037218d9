import itertools
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from alliance_explorer.queries import subgraph_of_paths
from alliance_explorer.viz import render_standalone
from tests.support.browser import strict_page
from tests.viz.samples import NASTY, bridges, ego

ADDRESSES = [
    "/",
    "/?q=Xelerted",
    "/?q=zzzzzzzz",
    "/firms/firm:xelerated",
    "/firms/firm:seamless?as_of=2009",
    "/firms/person:startups-bsm-ebusiness-manager",
    "/firms/network:hub",
    "/bridges",
    "/bridges?from=Xelerated&to=MTN+Group",
    "/bridges?from=Xelerated&to=MTN+Group&as_of=2010",
    "/bridges?from=Xelerted&to=MTN+Group",
    "/bridges?from=Member1&to=Member2&limit=50",
    "/structure",
    "/structure?firm=Xelerated&as_of=2012&by=community",
    "/structure?firm=Seamless&as_of=2008&and_as_of=2012",
    "/structure?firm=firm:nasty-0",
    "/nowhere",
]
PAINTED = """figure => {
  const canvas = figure.querySelector("canvas");
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 250) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return [...colours].map((c) => "#" + c.toString(16).padStart(6, "0").toUpperCase());
}"""


def painted(page: Page) -> set[str]:
    figure = page.locator("figure[data-drawn]")
    expect(figure).to_have_count(1)
    return set(figure.evaluate(PAINTED))


def listening(page: Page) -> list[str]:
    """Everything that the console says from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    return said


def focused(page: Page) -> str:
    text: str = page.evaluate(
        "(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()"
    )
    return text


def test_from_a_misspelt_name_to_no_way_at_all(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Find a firm, person or network").fill("Xelerted")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=Xelerted")
    page.locator(".hits").get_by_role("link", name="Xelerated", exact=True).click()

    page.wait_for_url("**/firms/firm:xelerated")
    both = page.get_by_role("region", name="Ally and competitor at once")
    expect(both.get_by_role("listitem")).to_have_count(3)
    assert {"#0072B2", "#009E73", "#D55E00"} <= painted(page)
    page.get_by_label("As of", exact=True).fill("2011")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/firms/firm:xelerated?as_of=2011")

    page.get_by_label("Who bridges Xelerated to").fill("MTN Group")
    page.get_by_role("button", name="Show bridges").click()
    page.wait_for_url("**/bridges?from=firm%3Axelerated&as_of=2011&to=MTN+Group")
    expect(page.locator(".bridge h3")).to_have_text(["Ericsson"])
    assert {"#0072B2", "#E69F00", "#CC79A7"} <= painted(page)
    expect(page.locator(".bridge")).to_contain_text("Seamless supplies MTN Group")
    page.get_by_text("How the strength comes about").last.click()
    expect(page.get_by_role("table").first).to_contain_text("Bengtsson & Johansson 2014")

    page.get_by_role("link", name="Not through them").click()
    expect(page.get_by_role("heading", name="No bridge was found")).to_be_visible()
    assert "avoid=firm%3Aericsson" in page.url
    page.get_by_role("link", name="Let Ericsson be on the way", exact=True).click()
    expect(page.locator(".bridge h3")).to_have_text(["Ericsson"])


def test_the_address_restores_everything(page: Page, site: str) -> None:
    page.goto(
        f"{site}/bridges?from=firm:xelerated&to=firm:mtn-group&as_of=2012&known_at=2030-05"
        "&kinds=alliance&kinds=board&avoid=firm:ericsson&avoid=firm:zte&max_steps=4&limit=5"
    )
    expect(page.get_by_label("From", exact=True)).to_have_value("Xelerated")
    expect(page.get_by_label("To", exact=True)).to_have_value("MTN Group")
    expect(page.get_by_label("As of")).to_have_value("2012")
    page.get_by_text("More: who not").click()
    expect(page.get_by_label("Known at")).to_have_value("2030-05")
    expect(page.get_by_label("At most this many introductions")).to_have_value("4")
    expect(page.get_by_label("Show at most")).to_have_value("5")
    expect(page.locator("input[name=kinds]:checked")).to_have_count(2)
    expect(page.locator("input[name=avoid]:checked")).to_have_count(2)
    assert set(page.locator(".bridge h3").all_inner_texts()) == {"Huawei", "Alcatel-Lucent"}
    # Asked again without a change, the address stays the same question.
    page.get_by_label("Ericsson", exact=True).uncheck()
    page.get_by_role("button", name="Show bridges").click()
    expect(page.locator(".bridge h3")).to_contain_text(["Ericsson"])
    assert "avoid=firm%3Azte" in page.url
    assert "max_steps=4" in page.url
    assert page.url.count("kinds=") == 2
    page.go_back()
    expect(page.locator("input[name=avoid]:checked")).to_have_count(2)
    expect(page.get_by_label("As of")).to_be_enabled()


def test_usual_settings_stay_out_of_the_address(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges")
    page.get_by_label("From", exact=True).fill("Xelerated")
    page.get_by_label("To", exact=True).fill("MTN Group")
    page.get_by_role("button", name="Show bridges").click()
    page.wait_for_url(f"{site}/bridges?from=Xelerated&to=MTN+Group")


def test_suggestions_choose_by_id_with_the_keyboard_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges?to=firm:seamless")
    field = page.get_by_label("From", exact=True)
    field.press_sequentially("twin")
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("Twin")
    expect(options).to_have_count(0)
    field.press("Enter")
    page.wait_for_url("**/bridges?from=firm%3Atwin-b&to=firm%3Aseamless")
    expect(page.get_by_role("heading", name="No bridge was found")).to_be_visible()


def test_who_types_before_the_script_has_come_types_on(page: Page, site: str) -> None:
    late: list[Route] = []
    page.route("**/suggest.js", lambda route: late.append(route))
    page.goto(f"{site}/compare", wait_until="commit")
    field = page.get_by_label("Firm", exact=True)
    field.press_sequentially("Digi")
    expect(field).not_to_have_role("combobox")
    while not late:
        page.wait_for_timeout(20)
    late[0].continue_()
    expect(field).to_have_role("combobox")
    page.keyboard.type("tata")
    expect(field).to_have_value("Digitata")


def test_a_typed_name_is_not_sent_as_the_name_before(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges?from=firm:xelerated&to=firm:mtn-group")
    page.get_by_label("From", exact=True).fill("Digitata")
    page.get_by_role("button", name="Show bridges").click()
    page.wait_for_url("**/bridges?from=Digitata&to=firm%3Amtn-group")


def test_search_suggestions_open_the_page(page: Page, site: str) -> None:
    page.goto(site)
    field = page.get_by_label("Find a firm, person or network")
    field.press_sequentially("erics")
    expect(page.locator("[role=option]")).to_contain_text(["Ericsson"])
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/firms/firm:ericsson")


def test_an_ambiguous_or_unknown_name_is_mended_by_a_link(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges?from=Xelerted&to=MTN+Group&as_of=2011")
    expect(page.get_by_role("alert")).to_contain_text("Nobody here is called “Xelerted”")
    expect(page.get_by_label("From", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link", name="Xelerated").click()
    expect(page.locator(".bridge h3")).to_have_text(["Ericsson"])


def test_the_keyboard_reaches_forms_results_and_picture(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges?from=Xelerated&to=MTN+Group&as_of=2011")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(focused(page))
        if reached[-1].startswith("Ways from"):
            break
    order = [reached.index(name) for name in ("Show bridges", "Ericsson", "Not through them")]
    assert order == sorted(order)
    card = page.locator(".picture-card")
    for key, name in (("ArrowRight", "Xelerated"), ("ArrowRight", "Ericsson")):
        page.keyboard.press(key)
        expect(card).to_contain_text(name)
    page.keyboard.press("+")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/firms/firm:ericsson?as_of=2011")


def test_focus_can_be_seen(page: Page, site: str) -> None:
    page.goto(site)
    for _ in range(6):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2


def test_pointing_at_a_bridge_shows_its_way(page: Page, site: str) -> None:
    page.goto(f"{site}/bridges?from=Xelerated&to=MTN+Group")
    painted(page)
    faint = """() => document.querySelector("figure").picture.nodes.get()
      .filter((node) => node.opacity < 1).map((node) => node.id).sort()"""
    assert page.evaluate(faint) == []
    page.locator(".bridge", has_text="Seamless").first.hover()
    assert page.evaluate(faint) == [
        "firm:alcatel-lucent", "firm:digitata", "firm:huawei", "firm:zte"
    ]  # fmt: skip
    page.mouse.move(5, 5)
    assert page.evaluate(faint) == []


def test_a_node_leads_on(page: Page, site: str) -> None:
    page.goto(f"{site}/firms/firm:xelerated?as_of=2011")
    painted(page)
    spot = page.evaluate(
        """() => { const { network, stage } = document.querySelector("figure").picture;
          const { x, y } = network.canvasToDOM(network.getPositions()["firm:huawei"]);
          const box = stage.getBoundingClientRect(); return [x + box.x, y + box.y]; }"""
    )
    page.mouse.click(*spot)
    card = page.locator(".picture-card")
    expect(card).to_contain_text("ally and competitor")
    open_page = card.get_by_role("link", name="Open page")
    expect(open_page).to_have_attribute("href", "/firms/firm:huawei?as_of=2011")
    card.get_by_role("link", name="Who bridges to them?").click()
    page.wait_for_url("**/bridges?from=firm%3Axelerated&to=firm%3Ahuawei&as_of=2011")
    expect(page.get_by_role("heading", name="They are tied already")).to_be_visible()


def test_the_picture_can_be_saved(page: Page, site: str) -> None:
    page.goto(f"{site}/firms/firm:xelerated")
    painted(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_the_wheel_scrolls_the_page_unless_the_picture_is_in_use(page: Page, site: str) -> None:
    page.goto(f"{site}/firms/firm:xelerated")
    painted(page)
    page.locator(".picture-canvas").hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")


NAMES = """() => {
  const { labels, network } = document.querySelector("figure[data-drawn]").picture;
  const written = [];
  const write = labels.write;
  labels.write = (pen, lines, spot, size) =>
    written.push({ ...spot, lines, px: size * network.getScale() });
  network.renderer._redraw();
  labels.write = write;
  return written;
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_names_can_be_read_and_do_not_lie_over_each_other(
    page: Page, site: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/firms/firm:xelerated")
    painted(page)
    names = page.evaluate(NAMES)
    assert ["Xelerated"] in [n["lines"] for n in names]
    assert len(names) >= 12
    assert min(n["px"] for n in names) > 10.9
    for one, other in itertools.combinations(names[1:], 2):
        aside = abs(one["x"] - other["x"]) >= one["halfWide"] + other["halfWide"]
        assert aside or abs(one["y"] - other["y"]) >= one["halfHigh"] + other["halfHigh"]


@pytest.mark.parametrize("number", range(len(NASTY) - 1))
def test_hostile_names_are_names(page: Page, site: str, number: int) -> None:
    page.goto(f"{site}/firms/firm:nasty-{number}")
    painted(page)
    name = [v for v in NASTY.values() if v.strip()][number]
    shown = page.get_by_role("heading", level=1).inner_text()
    assert shown.split() == name.split() or len(name) > 200
    page.keyboard.press("Tab")
    page.locator(".vis-network").press("ArrowRight")
    page.locator(".vis-network").press("ArrowDown")
    page.locator(".picture-canvas").hover()
    page.goto(f"{site}/bridges?from=firm:nasty-{number}&to=firm:nasty-{(number + 1) % 12}")
    expect(page.get_by_role("heading", name="They are tied already")).to_be_visible()
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize(
    "address",
    [
        "/networks/network:club?mine=firm:nasty-2",
        "/compare?firm=firm:nasty-1&with=firm:nasty-2",
        "/compare?firm=firm:nasty-2&as_of=2008&and_as_of=2012",
        "/timeline?firm=firm:nasty-1",
        "/map",
        "/map?within=3&within_by=community",
        "/facts?what=firm:nasty-2",
        "/facts?what=firm:nasty-1&other=alliance:pact",
        "/query?query=MATCH+(n:Firm)+WHERE+n.id+STARTS+WITH+'firm:nasty'+RETURN+n.name+AS+name",
        "/query?query=" + quote_plus(NASTY["script"]),
        "/explore?actor=network:club",
        "/structure?firm=firm:nasty-2",
        "/proximity?from=firm:nasty-1&to=firm:nasty-2",
    ],
)
def test_hostile_names_add_nothing_to_a_page(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.broken") is None
    assert page.locator("main img, main [onerror], main [onmouseover]").count() == 0
    ours = "main script[type='application/json'], main noscript"
    assert page.locator("main script").count() <= page.locator(ours).count()


def test_suggestions_show_hostile_names_as_text(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Find a firm, person or network").press_sequentially("onerror")
    expect(page.locator("[role=option]").first).to_contain_text("<img src=x onerror")
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize("width", [320, 390, 768, 1400, 2200])
def test_no_page_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for address in ADDRESSES:
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_themes_follow_the_system(page: Page, site: str) -> None:
    page.goto(f"{site}/firms/firm:xelerated")
    assert "#F07F2E" not in painted(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert "#F07F2E" in painted(page)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(15, 18, 22)"


def test_on_a_phone_ways_go_downwards(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/bridges?from=Xelerated&to=MTN+Group&as_of=2011")
    painted(page)
    places = page.evaluate('document.querySelector("figure").picture.network.getPositions()')
    assert places["firm:xelerated"]["y"] < places["firm:ericsson"]["y"]
    assert places["firm:ericsson"]["y"] < places["firm:mtn-group"]["y"]


def test_everything_but_the_picture_works_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("From", exact=True).fill("Xelerated")
        page.get_by_label("To", exact=True).fill("MTN Group")
        page.get_by_label("As of", exact=True).fill("2011")
        page.get_by_role("button", name="Show bridges").click()
        expect(page.locator(".bridge h3")).to_have_text(["Ericsson"])
        expect(page.locator("noscript p")).to_contain_text("The picture needs JavaScript")
        expect(page.locator(".picture-canvas")).to_be_hidden()
        page.get_by_text("The picture in words").click()
        expect(page.locator(".in-words")).to_contain_text("Xelerated is allied with Ericsson")
        page.get_by_role("link", name="Not through them").click()
        page.get_by_role("button", name="Show bridges").click()
        expect(page.get_by_role("heading", name="No bridge was found")).to_be_visible()
        assert "avoid=firm%3Aericsson" in page.url


@pytest.mark.parametrize("name", [NASTY["script"], NASTY["image"], "Ericsson"])
def test_a_standalone_file_needs_nothing_else(browser: Browser, tmp_path: Path, name: str) -> None:
    for number, graph in enumerate([ego(name), subgraph_of_paths(bridges(name))]):
        file = tmp_path / f"{number}.html"
        file.write_text(render_standalone(graph, name), "utf-8")
        with strict_page(browser) as page:
            complaints = listening(page)
            page.goto(file.as_uri())
            assert "#0072B2" in painted(page)
            assert page.evaluate("window.broken") is None
            assert page.evaluate("performance.getEntriesByType('resource').length") == 0
            assert not complaints
