from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest

from alliance_explorer.api.page_route import HEADERS
from tests.viz.serving import serving

ODD = "firm:ö&=+'\"<x>"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    twins = [{"id": f"firm:twin-{n}", "name": "Twin"} for n in "ab"]
    rows = {"Firm": [*twins, {"id": ODD, "name": "Odd & Co"}]}
    with (
        serving(tmp_path_factory.mktemp("pages"), rows) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/", 200, "Who bridges A to B?"),
        ("/?q=Xelerted", 200, "Xelerated"),
        ("/?q=Xelerted", 200, "/explore?actor=firm%3Axelerated"),
        ("/", 200, "Two firms side by side, or one firm on two days."),
        ("/timeline?firm=firm:seamless", 200, "/what-if?firm=firm%3Aseamless"),
        ("/structure?firm=firm:xelerated", 200, "/explore?actor=firm%3Axelerated"),
        ("/compare?firm=Ericsson&with=Seamless", 200, "actor=firm%3Aericsson&amp;actor=firm%3A"),
        ("/facts?what=firm:xelerated", 200, "/explore?actor=firm%3Axelerated"),
        ("/map?within=operator&within_by=actor_type", 200, "(operator) with"),
        ("/?q=zzzzzzzz", 200, "Nothing is called"),
        ("/firms/firm:xelerated", 200, "Ally and competitor at once"),
        ("/firms/firm:xelerated?as_of=2003", 200, ">2003-12-31</time>"),
        ("/firms/firm:xelerated?as_of=soon", 422, "is no date"),
        ("/firms/person:startups-bsm-ebusiness-manager", 200, "works for"),
        (f"/firms/{quote(ODD)}", 200, "Odd &amp; Co"),
        (f"/bridges?from={quote_plus(ODD)}&to=Huawei", 200, "No bridge was found"),
        ("/firms/Xelertd", 404, "Did you mean"),
        ("/firms/Twin", 409, "Several have this name"),
        ("/firms/alliance:x", 404, "Nobody here has this name"),
        ("/bridges", 200, "Who bridges A to B?"),
        ("/bridges?from=Xelerated", 200, 'value="Xelerated"'),
        ("/bridges?from=Xelerated&to=MTN+Group&as_of=2011", 200, "1 bridge"),
        ("/bridges?from=Xelerated&to=MTN+Group&as_of=2010", 200, "No bridge was found"),
        ("/bridges?from=Xelertd&to=MTN+Group", 404, "from=firm%3Axelerated&amp;to=firm%3Amtn"),
        ("/bridges?from=Twin&to=Xelerated", 404, "from=firm%3Atwin-b"),
        ("/bridges?from=Xelerated&to=zzzzzzzz", 404, "No name is like it"),
        ("/bridges?from=Xelerated&to=Xelerated", 422, "both ends"),
        ("/bridges?from=Xelerated&to=Huawei&avoid=Erricson", 404, "avoid=firm%3Aericsson"),
        ("/bridges?from=Xelerated&to=Huawei&avoid=Huawei", 422, "cannot be avoided"),
        ("/bridges?from=Xelerated&to=Huawei&max_steps=7", 422, "from 1 to 6"),
        ("/bridges?from=Xelerated&to=Huawei&limit=x", 422, "from 1 to 50"),
        ("/bridges?from=Xelerated&to=Huawei&kinds=love", 422, "kind of tie is called “love”"),
        ("/bridges?from=Xelerated&to=Huawei&known_at=2011-99", 422, "is no date"),
        ("/bridges?from=" + "x" * 15_000 + "&to=Huawei", 404, "Nobody here is called"),
        ("/bridges?from=" + "x" * 21_000, 422, "too long"),
        ("/nowhere", 404, "no page at this address"),
    ],
)
def test_every_question_gets_a_page(client: httpx.Client, url: str, status: int, says: str) -> None:
    answer = client.get(url, headers=HTML)
    assert answer.status_code == status
    assert says in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Traceback" not in answer.text


def test_a_name_leads_to_the_page_of_its_id(client: httpx.Client) -> None:
    answer = client.get("/firms/mtn group?as_of=2011")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/firms/firm:mtn-group?as_of=2011"


def test_programs_still_get_problems_as_data(client: httpx.Client) -> None:
    assert client.get("/nowhere").headers["content-type"] == "application/problem+json"
    answer = client.get("/api/v1/nowhere", headers=HTML)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_fault_of_ours_says_no_more(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("MATCH (secret)")

    monkeypatch.setattr("alliance_explorer.queries.stats", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "It is logged" in answer.text


@pytest.mark.parametrize("path", ["app.css", "palette.css", "app.js", "vendor/vis-network.min.js"])
def test_files_are_fetched_once(client: httpx.Client, path: str) -> None:
    first = client.get(f"/static/{path}")
    assert first.status_code == 200
    assert first.headers["x-content-type-options"] == "nosniff"
    tag = {"if-none-match": first.headers["etag"]}
    assert client.get(f"/static/{path}", headers=tag).status_code == 304


@pytest.mark.parametrize(
    "path", ["nothing.js", "../pages.py", "%2e%2e/pages.py", "/etc/hosts", "vendor/", ""]
)
def test_no_other_file_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(f"/static/{path}", headers=HTML).status_code == 404


def test_answers_link_to_themselves_as_data(client: httpx.Client) -> None:
    for url in (
        "/api/v1/bridges?from=firm%3Axelerated&to=firm%3Amtn-group&as_of=2011-12-31",
        "/api/v1/actors/firm:xelerated?as_of=2011-12-31",
        "/api/v1/firms/firm:xelerated/portfolio?as_of=2011-12-31",
    ):
        page = (
            "/bridges?from=Xelerated&to=MTN+Group&as_of=2011"
            if "bridges" in url
            else "/firms/firm:xelerated?as_of=2011"
        )
        assert url.replace("&", "&amp;") in client.get(page).text
        assert client.get(url).status_code == 200


def test_examples_come_from_the_data(client: httpx.Client) -> None:
    text = client.get("/").text
    start = text.index("Start from one of these")
    assert text.index("Xelerated", start) < text.index("Digitata", start)


def test_files_are_real(client: httpx.Client) -> None:
    folder = Path(__file__).parents[2] / "viz" / "static"
    for file in (f for f in folder.rglob("*") if f.is_file()):
        address = f"/static/{file.relative_to(folder).as_posix()}"
        assert client.get(address).content == file.read_bytes()
