"""Working with a picture, in a real browser: as users do, with the pointer and without."""

import base64
import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import strict_page
from tests.viz.samples import FORMULA, NASTY

SHOWN = """root => {
  const { nodes, edges } = root.desk.canvas;
  const places = root.desk.canvas.network.getPositions();
  return {
    nodes: Object.fromEntries(nodes.getIds().map((id) => [id, [places[id].x, places[id].y]])),
    edges: edges.getIds().sort(),
    faint: nodes.get().filter((node) => node.opacity < 1).map((node) => node.id),
  };
}"""
XELERATED = "/explore?actor=firm:xelerated"
BRIDGES = "/explore?from=Xelerated&to=MTN+Group&as_of=2011"


def desk(page: Page) -> Locator:
    return page.locator("[data-explore]")


def shown(page: Page) -> dict[str, Any]:
    expect(page.locator(".picture-canvas[data-drawn]")).to_have_count(1)
    found: dict[str, Any] = desk(page).evaluate(SHOWN)
    return found


def says(page: Page, text: str) -> None:
    expect(page.locator("[data-status]")).to_contain_text(text)


def choose(page: Page, name: str) -> None:
    page.get_by_role("tab", name="Actors").click()
    page.get_by_label("Find in the picture").fill(name)
    page.get_by_label("Find in the picture").press("Enter")
    expect(page.locator("[data-details] h3")).to_contain_text(name)


def downloaded(page: Page, button: str, folder: Path) -> str:
    page.get_by_role("tab", name="Take along").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_text("utf-8")


def test_expand_collapse_undo_and_everybody_stays(page: Page, site: str) -> None:
    page.goto(f"{site}/firms/firm:xelerated")
    page.get_by_role("link", name="Work with it").click()
    page.wait_for_url("**/explore?actor=firm%3Axelerated*")
    before = shown(page)
    assert {"firm:xelerated", "firm:ericsson", "firm:huawei"} <= set(before["nodes"])
    assert "firm:mtn-group" not in before["nodes"]

    choose(page, "Ericsson")
    page.get_by_role("button", name="Show 3 allies").click()
    says(page, "3 added around Ericsson")
    grown = shown(page)
    assert len(grown["nodes"]) == len(before["nodes"]) + 3
    assert "firm:seamless" in set(grown["nodes"]) - set(before["nodes"])
    assert {i: grown["nodes"][i] for i in before["nodes"]} == before["nodes"]

    page.get_by_role("button", name="Collapse").click()
    assert shown(page) == before
    page.get_by_role("button", name="Undo").click()
    assert shown(page) == grown
    page.get_by_role("button", name="Undo").click()
    assert shown(page) == before
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Redo").click()
    assert shown(page) == grown
    choose(page, "Huawei")
    page.get_by_role("button", name="Hide", exact=True).click()
    assert "firm:huawei" not in shown(page)["nodes"]
    page.keyboard.press("Control+z")
    assert shown(page) == grown


def test_the_legend_is_the_filter(page: Page, site: str) -> None:
    page.goto(site + XELERATED)
    before = shown(page)
    competition = page.locator('[data-legend-key="tie competition"]')
    expect(competition).to_have_attribute("aria-pressed", "true")
    competition.click()
    expect(competition).to_have_attribute("aria-pressed", "false")
    expect(competition).to_be_focused()
    after = shown(page)
    assert after["nodes"] == before["nodes"]
    assert {e for e in before["edges"] if " competition" in e} == set(before["edges"]) - set(
        after["edges"]
    )
    page.locator('[data-legend-key="role ally"]').press("Enter")
    assert set(shown(page)["nodes"]) < set(before["nodes"])


def test_the_day_decides_who_is_there(page: Page, site: str) -> None:
    page.goto(site + XELERATED)
    everybody = shown(page)
    slider = page.get_by_label("Day:")
    slider.focus()
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "2001-12-31")
    first = shown(page)
    assert 1 < len(first["nodes"]) < len(everybody["nodes"])
    slider.press("ArrowRight")
    assert set(first["nodes"]) <= set(shown(page)["nodes"])
    page.get_by_label("Exact day").fill("2011-12-31")
    page.get_by_label("Exact day").press("Tab")
    then = shown(page)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="All on record").click()
    assert shown(page) == everybody
    assert len(then["nodes"]) > len(first["nodes"])


def test_a_link_shows_the_same_picture_to_somebody_else(
    page: Page, site: str, browser: Browser
) -> None:
    page.goto(site + XELERATED)
    choose(page, "Huawei")
    page.get_by_role("button", name="Pin", exact=True).click()
    says(page, "is pinned")
    page.get_by_label("Note", exact=True).fill("Buys chips <b>and</b> sells them.")
    page.get_by_role("tab", name="Actors").click()
    page.get_by_label("Find in the picture").fill("")
    page.get_by_label("Mark Infineon").check()
    page.get_by_label("Mark ZTE").check()
    page.get_by_role("button", name="Shortest path", exact=True).click()
    expect(page.locator("[data-answer]")).to_contain_text("Shortest path from Infineon to ZTE")
    page.get_by_role("tab", name="Story").click()
    page.get_by_label("Title", exact=True).fill("Chips & rivals")
    page.get_by_label("Title of the next step").fill("First")
    page.get_by_label("Text").fill("See who sells to whom.")
    page.get_by_role("button", name="Keep this as a step").click()
    says(page, "Step 1 is kept.")
    here = shown(page)
    assert here["faint"]
    desk(page).evaluate("root => root.desk.written()")
    link = page.evaluate("window.location.href")
    assert len(link) < 2_000

    for address in (link, f"{site}/explore#{link.partition('#')[2]}"):
        with strict_page(browser) as other:
            other.goto(address)
            expect(other.locator("h1")).to_have_text("Chips & rivals")
            assert shown(other) == here
            choose(other, "Huawei")
            expect(other.get_by_label("Note", exact=True)).to_have_value(
                "Buys chips <b>and</b> sells them."
            )
            expect(other.get_by_role("button", name="Let go")).to_be_visible()
            other.get_by_role("button", name="Tell the story (1)").click()
            expect(other.locator("[data-telling]")).to_contain_text("See who sells to whom.")


def test_a_broken_link_is_said_and_does_no_harm(page: Page, site: str) -> None:
    page.goto(f"{site}/explore#v=dnonsense")
    expect(page.get_by_role("alert")).to_contain_text("It is incomplete")
    page.get_by_label("Add to the picture").fill("Xelerated")
    page.get_by_role("button", name="Add", exact=True).click()
    says(page, "Xelerated is in the picture.")
    assert "firm:ericsson" in shown(page)["nodes"]


def linked(said: object) -> str:
    """The state of a picture as somebody may have written it into a link."""
    return "j" + base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


TWO = [["firm:xelerated", 0, 0], ["firm:ericsson", 200, 0]]


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        5,
        {"n": {"firm:xelerated": [0, 0]}},
        {"n": [["x" * 9_000, 0, 0], ["", 0, 0], ["\ud800", 0, 0], ["firm:xelerated", "0", None]]},
        {"n": [["firm:nobody", 0, 0]], "f": [0]},
    ],
    ids=["null", "list", "number", "no list", "no ids", "nobody"],
)
def test_a_link_that_shows_nobody_says_so(page: Page, site: str, said: object) -> None:
    page.goto(f"{site}{XELERATED}#v={linked(said)}")
    expect(page.get_by_role("alert")).to_contain_text("This link cannot be shown.")
    assert "firm:ericsson" in shown(page)["nodes"]  # as without it


def test_of_a_hostile_link_only_what_has_the_right_form_is_taken(page: Page, site: str) -> None:
    said = {
        "n": [*TWO, ["firm:seamless", 1e9, 0], ["__proto__", 0, 0]],
        "f": [0],
        "a": "9999-99-99",
        "k": "0000-01-01",
        "d": "2011-02-99",
        "r": {"firm:xelerated": 5, "constructor": "x"},
        "g": {"__proto__": [0], "firm:nobody": [1]},
        "q": ["firm:nobody", "firm:ericsson", "constructor"],
        "v": [{}, "\ud800"],
        "w": {"a": 1},
        "m": [0, 0, -1],
        "c": "much",
        "h": NASTY["script"],
        "x": NASTY["image"],
        "t": {"firm:xelerated": NASTY["image"], "firm:ericsson": 5},
        "s": [{"title": NASTY["image"], "text": NASTY["script"], "lit": [0, 77, {}]}, None],
        "i": 0,
    }
    page.goto(f"{site}/explore#v={linked(said)}")
    expect(page.locator("h1")).to_have_text(NASTY["script"])
    assert set(shown(page)["nodes"]) == {"firm:xelerated", "firm:ericsson"}
    choose(page, "Xelerated")
    expect(page.get_by_label("Note", exact=True)).to_have_value(NASTY["image"])
    assert page.evaluate("window.broken") is None


def test_who_bridges_and_what_if_not_them(page: Page, site: str) -> None:
    page.goto(site + BRIDGES)
    expect(page.locator("h1")).to_have_text("Ways from Xelerated to MTN Group")
    answer = page.locator("[data-answer]")
    expect(answer.get_by_role("listitem").first).to_contain_text("Ericsson")
    assert set(shown(page)["nodes"]) >= {
        "firm:xelerated",
        "firm:ericsson",
        "firm:seamless",
        "firm:mtn-group",
    }
    answer.get_by_role("button", name="Not through Ericsson").click()
    expect(answer).to_contain_text("No way from Xelerated to MTN Group")
    answer.get_by_role("button", name="Let Ericsson be on the way again").click()
    expect(answer.get_by_role("listitem").first).to_contain_text("Ericsson")


def test_taken_along(page: Page, site: str, tmp_path: Path, browser: Browser) -> None:
    page.goto(site + XELERATED)
    names = {"Xelerated", "Ericsson", "Huawei"}
    here = shown(page)
    image = ET.fromstring(downloaded(page, "SVG", tmp_path))
    titles = {
        t.text.split("\n")[0] for t in image.iter("{http://www.w3.org/2000/svg}title") if t.text
    }
    assert names <= titles
    text = downloaded(page, "Table as CSV", tmp_path)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {"from", "tie", "since", "confidence", "source"} <= set(rows[0])
    assert names <= {r["from"] for r in rows} | {r["to"] for r in rows}
    graph = json.loads(downloaded(page, "JSON", tmp_path))
    assert {n["id"] for n in graph["nodes"]} == set(here["nodes"])
    assert "<graphml" in downloaded(page, "GraphML", tmp_path)

    downloaded(page, "One file that works offline", tmp_path)
    (file,) = tmp_path.glob("*.html")
    with strict_page(browser) as other:
        other.context.set_offline(True)
        wanted: list[str] = []
        other.on("request", lambda request: wanted.append(request.url))
        other.goto(file.as_uri())
        expect(other.locator("figure[data-drawn]")).to_have_count(1)
        assert wanted == [file.as_uri()]
        assert len(other.evaluate("document.querySelector('figure').picture.data.nodes")) == len(
            here["nodes"]
        )


def test_without_a_pointer(page: Page, site: str) -> None:
    page.goto(site + XELERATED)
    before = shown(page)
    page.locator(".vis-network").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-details] h3")).to_have_text("Xelerated")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-details] h3")).not_to_have_text("Xelerated")
    page.keyboard.press("h")
    says(page, "is hidden")
    assert len(shown(page)["nodes"]) == len(before["nodes"]) - 1
    page.keyboard.press("Control+z")
    assert shown(page)["nodes"] == before["nodes"]
    page.get_by_role("tab", name="Details").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Actors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Ericsson")
    page.keyboard.press("Enter")
    expand = page.get_by_role("button", name="Show 3 allies")
    expand.focus()
    page.keyboard.press("Enter")
    says(page, "3 added around Ericsson")


def test_a_large_network_is_summarised(page: Page, site: str) -> None:
    page.goto(f"{site}/explore?actor=network:hub")
    assert len(shown(page)["nodes"]) == 61
    expect(page.locator("figcaption")).to_contain_text("240 more firms")
    page.goto(f"{site}/explore?actor=Member1")
    choose(page, "Member1")
    expect(page.locator("[data-details]")).to_contain_text("299 others belong to the same")


@pytest.mark.parametrize("address", ["/explore", "/explore?actor=Nobodyatall", "/explore?limit=x"])
def test_other_states_are_pages_too(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    expect(page.get_by_label("Add to the picture")).to_be_visible()


def test_hostile_names_change_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/explore?actor=firm:nasty-0")
    assert len(shown(page)["nodes"]) > 5
    page.get_by_text("The picture as a table").click()
    page.get_by_role("tab", name="Actors").click()
    assert page.evaluate("window.broken") is None


def test_hostile_names_change_no_file(
    page: Page, site: str, browser: Browser, tmp_path: Path
) -> None:
    page.goto(f"{site}/explore?actor=firm:formula&limit=30")
    names = {n["name"] for n in desk(page).evaluate("root => root.desk.view.nodes")}
    assert names > {v for v in NASTY.values() if v.strip() and len(v) < 100}
    page.get_by_role("tab", name="Take along").click()
    image = ET.fromstring(downloaded(page, "SVG", tmp_path))
    assert {e.tag.partition("}")[2] for e in image.iter()} <= {
        *("svg", "title", "rect", "text", "g", "path", "circle"),
    }
    text = downloaded(page, "Table as CSV", tmp_path)
    cells = [c for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for c in row]
    assert "'" + FORMULA in cells
    assert not [c for c in cells if c[:1] in {*"=+@"}]
    downloaded(page, "One file that works offline", tmp_path)
    (file,) = tmp_path.glob("*.html")
    with strict_page(browser) as other:
        other.goto(file.as_uri())
        expect(other.locator("figure[data-drawn]")).to_have_count(1)
        assert other.evaluate("window.broken") is None
        assert other.locator("img, script[src]").count() == 0


def test_a_saved_view_and_the_query_behind_it(page: Page, site: str) -> None:
    page.goto(site + XELERATED)
    choose(page, "Huawei")
    page.get_by_role("button", name="Remove", exact=True).click()
    here = shown(page)
    assert "firm:huawei" not in here["nodes"]
    desk(page).evaluate("root => root.desk.written()")
    page.get_by_role("tab", name="Take along").click()
    page.get_by_label("Name", exact=True).fill("Without <b>Huawei</b>")
    page.get_by_role("button", name="Save here").click()
    page.get_by_text("The query behind the picture").click()
    code = page.locator("[data-code=python]")
    expect(code).to_contain_text('"firm:ericsson"')
    expect(code).not_to_contain_text("huawei")
    page.goto(f"{site}/explore")
    page.goto(f"{site}/explore?actor=firm:seamless")
    page.get_by_role("tab", name="Take along").click()
    page.get_by_role("link", name="Without <b>Huawei</b>").click()
    expect(page.locator("h1")).to_have_text("Xelerated and those around")
    assert shown(page) == here
