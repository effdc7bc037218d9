"""The page on reach: what it says, what it refuses, and that nothing in it is markup."""

import html
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from alliance_explorer.api.page_route import HEADERS
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.bridging.openings import openings
from alliance_explorer.queries.bridging.reach_models import Asking, Change, Relaxation
from alliance_explorer.queries.models import Path
from alliance_explorer.viz import pages
from alliance_explorer.viz.forms import BridgeForm, Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.openings import under_relaxation
from alliance_explorer.viz.reach_page import ReachForm, reach_address
from tests.support.tiny import CHAIN, TODAY, Rows, alliances, network, write
from tests.viz.samples import NASTY
from tests.viz.serving import serving

NAMES = [name[:7_900] for name in NASTY.values() if name.strip()]
CARD = """{% import "_openings.html" as card with context %}
{{ card.openings_card(openings, again=again) }}"""


def _nasty() -> Rows:
    """Odd names at every place of a way, and as a country's, capability's and network's."""
    chain = alliances("N0-N1", "N1-N2", "N2-N3")
    firms = [
        {"id": f"firm:n{i}", "name": name, "actor_type": "operator", "country": "SE"}
        for i, name in enumerate(NAMES[:4])
    ]
    pacts = [
        {"id": a["id"], "name": name} for a, name in zip(chain["Alliance"], NAMES[4:], strict=False)
    ]
    return {
        **chain,
        "Firm": firms,
        "Alliance": pacts,
        "Capability": [{"id": "capability:nasty", "name": NASTY["image"]}],
        "OFFERS": [{"from": f"firm:n{i}", "to": "capability:nasty"} for i in (2, 3)],
        "Network": [{"id": "network:nasty", "name": NASTY["script"]}],
        "MEMBER_OF": [{"from": "firm:n3", "to": "network:nasty"}],
    }


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    twins = {"Firm": [{"id": f"firm:twin-{n}", "name": "Twin"} for n in "ab"]}
    folder = tmp_path_factory.mktemp("reach")
    hub = network("Hub", ["Huawei", *(f"M{n}" for n in range(30))])
    known = {**hub, "Firm": [f for f in hub["Firm"] if f["id"] != "firm:huawei"]}
    with (
        serving(folder, _nasty(), twins, known) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/reach", 200, "Whom can I reach?"),
        ("/reach?from=Xelerated", 200, "Whom can Xelerated reach?"),
        ("/reach?from=Xelerated&as_of=2011", 200, "among what held on 2011-12-31"),
        ("/reach?from=Xelerated&actor_type=operator", 200, "of them as chosen"),
        ("/reach?from=Xelerated&steps=2", 200, "2 introductions"),
        ("/reach?from=Xelerated&network=Hub", 200, "Let go of Hub"),
        ("/reach?from=Xelerated&capability=not+recorded", 200, "Strongest first"),
        ("/reach?from=Xelerated&network=network:nasty", 200, "Nobody in reach fits"),
        ("/reach?from=Twin", 404, "from=firm%3Atwin-b"),
        ("/reach?from=Xelerted", 404, "from=firm%3Axelerated"),
        ("/reach?from=zzzzzzzz", 404, "No name is like it"),
        ("/reach?from=Xelerated&network=Hubb", 404, "network=network%3Ahub"),
        ("/reach?from=Xelerated&country=Iceland", 422, "No country of a firm here is 'IS'"),
        ("/reach?from=Xelerated&country=XX", 422, "'XX' is no country"),
        ("/reach?from=Xelerated&max_steps=7", 422, "from 2 to 6"),
        ("/reach?from=Xelerated&steps=4", 422, "from 2 to 3"),
        ("/reach?from=Xelerated&steps=x", 422, "from 2 to 3"),
        ("/reach?from=Xelerated&as_of=soon", 422, "is no date"),
        ("/reach?from=Xelerated&cursor=x", 422, "cursor"),
        ("/reach?from=" + "x" * 21_000, 422, "too long"),
        ("/reach?from=firm:twin-a", 200, "Nobody beyond the own contacts"),
    ],
)
def test_every_question_gets_a_page(client: httpx.Client, url: str, status: int, says: str) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    assert says in html.unescape(answer.text).replace("\xa0", " ") or says in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.odd: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        names = {name for name, _ in attrs}
        if (tag == "img" and ("src", "x") in attrs) or any(n.startswith("on") for n in names):
            self.odd.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def test_nothing_in_a_name_is_markup(client: httpx.Client) -> None:
    plain = _read(client.get("/reach?from=Xelerated").text)
    for url in (
        "/reach?from=firm:n0",
        "/reach?from=firm:n0&capability=capability:nasty",
        "/reach?from=firm:n0&network=network:nasty",
        "/reach?from=%3Cimg+src%3Dx%3E",
    ):
        read = _read(client.get(url).text)
        assert read.scripts == plain.scripts
        assert not read.odd


def test_links_lead_on(client: httpx.Client) -> None:
    """To the bridges under the same conditions, to narrower lists, to the next page, to data."""
    read = _read(client.get("/reach?from=M3&max_steps=4&as_of=2012").text)
    ours = [x for x in read.links if x.startswith(("/reach?", "/bridges?", "/api/"))]
    assert any(x.startswith("/bridges?from=firm%3Am3&to=") and "max_steps=4" in x for x in ours)
    assert any("&steps=2" in x for x in ours)
    assert any("cursor=" in x for x in ours)
    assert any("/api/v1/actors/firm:m3/weak-points?as_of=2012-12-31&max_steps=4" in x for x in ours)
    for url in ours:
        assert client.get(url).status_code == 200, url


def test_a_form_in_an_address() -> None:
    form = ReachForm(Choice("firm:a", "A"), "2011", country="SE", network=Choice("network:n", "N"))
    links = Links("/at")
    asked = "/at/reach?from=firm%3Aa&as_of=2011&country=SE&network=network%3An"
    assert reach_address(links, form) == asked
    there = ReachForm(Choice("firm:a", "A"), cursor="cDIw")
    assert "cursor" in reach_address(links, there)
    assert "cursor" not in reach_address(links, there.but(country="SE")), (
        "a new list, from its start"
    )


@pytest.mark.parametrize("max_steps", [2, 3])
@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_the_card_on_openings(
    tmp_path_factory: pytest.TempPathFactory, name: str, max_steps: int
) -> None:
    name = name[:7_900] if name.strip() else "A"
    named = [
        {**firm, "name": name if firm["name"] == "C" else firm["name"]} for firm in CHAIN["Firm"]
    ]
    club = network("Club", ["D"])
    rows = {**CHAIN, "Firm": named, "Network": club["Network"], "MEMBER_OF": club["MEMBER_OF"]}
    with open_engine(f"ladybug://{tmp_path_factory.mktemp('card')}/x.lbug") as engine:
        engine.define(ddl(engine.dialect))
        write(engine, rows)
        found = openings(
            Explorer(engine, TODAY), "firm:a", "firm:d", PathOptions(max_steps=max_steps)
        )
    text = pages._TEMPLATES.from_string(CARD).render(
        openings=found,
        links=Links(),
        again=lambda r: under_relaxation(Links(), BridgeForm(max_steps=max_steps), r),
    )
    read = _read(text)
    assert read.scripts == 0
    assert not read.odd
    shown = html.unescape(text)
    assert "would" in shown
    assert "Club" in shown
    assert ("What would open a way" in shown) == (max_steps == 2)
    assert ("Allow 3 introductions" in shown) == (max_steps == 2)
    assert ("/bridges" in read.links) == (max_steps == 2)  # three introductions are the usual
    assert ("1 more than were allowed" in shown) == (max_steps == 2)


def test_asking_again_under_other_conditions() -> None:
    ways = Path(actors=[], length=0, strength=0, steps=[], sentence="", ask="")
    form = BridgeForm(
        focal=Choice("firm:a", "A"),
        as_of="2011",
        avoid=(Choice("firm:b", "B"), Choice("firm:c", "C")),
        kinds=("alliance",),
    )

    def again(changes: list[Change], options: dict[str, Asking]) -> str:
        relaxation = Relaxation(changes=changes, text="", options=options, path=ways)
        return under_relaxation(Links(), form, relaxation)

    start = "/bridges?from=firm%3Aa"
    assert again(["avoid"], {"avoid": ["firm:c"]}) == (
        f"{start}&as_of=2011&kinds=alliance&avoid=firm%3Ac"
    )
    assert again(["as_of"], {"as_of": None, "ended": None}) == (
        f"{start}&kinds=alliance&avoid=firm%3Ab&avoid=firm%3Ac"
    )
    assert again(["kinds", "max_steps"], {"kinds": ["alliance", "board"], "max_steps": 5}) == (
        f"{start}&as_of=2011&kinds=alliance&kinds=board&avoid=firm%3Ab&avoid=firm%3Ac&max_steps=5"
    )
    assert again(["ended"], {"ended": True}) == ""
    form = form.but(avoid=(), avoid_competitors_of=("focal", "target"), max_shared="9")
    assert again(["avoid_competitors_of"], {"avoid_competitors_of": ["target"]}) == (
        f"{start}&as_of=2011&kinds=alliance&avoid_competitors_of=target&max_shared=9"
    )
    assert again(["max_shared"], {"max_shared": None}) == (
        f"{start}&as_of=2011&kinds=alliance&avoid_competitors_of=focal&avoid_competitors_of=target"
    )
