"""The page on proximity: the scale, hostile names, every address."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.api.examples import example
from alliance_explorer.api.page_route import HEADERS
from alliance_explorer.queries import ProximityMatrix, ProximityProfile, Thresholds
from alliance_explorer.queries.proximity.proximity_models import (
    DIMENSIONS,
    Dimension,
    DimensionName,
)
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem
from alliance_explorer.viz.proximity_page import ProximityForm, marks, place, proximity_page
from tests.queries.test_proximity import WORLD
from tests.viz.samples import NASTY
from tests.viz.serving import serving
from tests.viz.test_pages import parsed

USUAL = Thresholds()
LINKS = Links("", "2011", "")
TEXTS = {"name", "sentence", "why", "summary", "title", "arithmetic", "because", "evidence"}


def renamed(value: Any, name: str, key: str = "") -> Any:
    """An answer in which every text that comes from data is the name."""
    if isinstance(value, dict):
        return {k: renamed(v, name, k) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, name, key) for v in value]
    return name if isinstance(value, str) and key in TEXTS | {"notes", "credits"} else value


def pair(name: str) -> str:
    profile = ProximityProfile.model_validate(renamed(example("proximity"), name))
    form = ProximityForm(Choice(name, name), Choice("firm:b", name), name, name)
    return proximity_page(LINKS, form=form, usual=USUAL, profile=profile)


def matrix(name: str) -> str:
    answer = ProximityMatrix.model_validate(renamed(example("proximity_matrix"), name))
    form = ProximityForm(Choice(name, name), candidates=(Choice(name, name),))
    return proximity_page(LINKS, form=form, usual=USUAL, matrix=answer)


def problem(name: str) -> str:
    wrong = Problem(name, name, "from", [(name, name, "/")])
    form = ProximityForm(Choice(name, name), thresholds={"far_km": name})
    return proximity_page(LINKS, form=form, usual=USUAL, problem=wrong)


@pytest.mark.parametrize("page", [pair, matrix, problem])
@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_no_name_breaks_the_page(page: Any, name: str) -> None:
    found, plain = parsed(page(name)).count, parsed(page("Plain")).count
    if name.strip():
        assert found == plain


@pytest.mark.parametrize("page", [pair, matrix, problem])
def test_the_page_can_be_used_without_seeing_it(page: Any) -> None:
    found = parsed(page("Plain"))
    assert not [identity for identity, n in found.ids.items() if n > 1]
    assert found.refers <= set(found.ids)
    assert {str(f.get("id")) for f in found.named} <= found.labels
    assert found.count["h1"] == 1


# --- the scale -----------------------------------------------------------------------------------

ZONES = {"too far": (0, 100), "workable": (100, 200), "too close": (200, 300)}


@given(
    st.sampled_from([n for n in DIMENSIONS if n != "geographical"]),
    st.sampled_from(sorted(ZONES)),
    st.floats(0, 1e6),
)
def test_a_mark_stands_in_the_zone_of_its_verdict(
    name: DimensionName, verdict: Any, figure: float
) -> None:
    d = Dimension(
        verdict=verdict,
        why="",
        figure=figure,
        figure_is="",
        decided_by=None,
        evidence=[],
        notes=[],
    )
    low, high = ZONES[verdict]
    x = place(name, d, USUAL)
    assert x is not None
    assert low < x < high


def test_every_dimension_is_drawn_and_written() -> None:
    profile = ProximityProfile.model_validate(example("proximity"))
    drawn = marks(profile)
    assert [m.name for m in drawn] == list(DIMENSIONS)
    text = pair("Plain")
    for m in drawn:
        assert (m.x is None) == (m.verdict == "not known")
        assert f'aria-label="{m.name.capitalize()}: {m.verdict}' in text
        assert f'id="d-{m.name}"' in text


# --- addresses -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    twins = [{"id": f"firm:twin-{n}", "name": "Twin"} for n in "ab"]
    with (
        serving(tmp_path_factory.mktemp("proximity"), WORLD, {"Firm": twins}) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/proximity", 200, "How near are A and B?"),
        ("/proximity?from=Swede&to=Chicagoan", 200, "Both belong to Crowd"),
        ("/proximity?from=Swede&to=Chicagoan&as_of=2015", 200, "as of 2015-12-31"),
        ("/proximity?from=Next&to=Door", 200, "62 m apart"),
        ("/proximity?from=Next&to=Door&close_km=0.05", 200, 'value="0.05"'),
        ("/proximity?from=Swede", 200, "partner"),
        ("/proximity?from=Swede&candidate=Lund&candidate=Kista&sort=name", 200, "domestic"),
        ("/proximity?from=American", 200, "Name candidates"),
        ("/proximity?from=Swed&to=Lund", 404, "from=firm%3Aswede&amp;to=Lund"),
        ("/proximity?from=Swede&to=Lundd", 404, "to=firm%3Alund"),
        ("/proximity?from=Twin&to=Lund", 404, "is the name of several"),
        ("/proximity?from=Swede&candidate=Twin&candidate=Lund", 404, "candidate=firm%3Atwin-b"),
        ("/proximity?from=zzzzzzzz", 404, "No name is like it"),
        ("/proximity?from=Swede&to=Swede", 422, "both ends"),
        ("/proximity?from=network:club&to=Swede", 422, "Club is a Network"),
        ("/proximity?from=Swede&to=Lund&as_of=soon", 422, "is no date"),
        ("/proximity?from=Swede&to=Lund&far_km=far", 422, "is no number for far_km"),
        ("/proximity?from=Swede&to=Lund&far_km=-1", 422, "Threshold far_km"),
        ("/proximity?from=Swede&sort=socal", 422, "did you mean"),
        ("/proximity?from=" + "x" * 21_000, 422, "too long"),
    ],
)
def test_every_question_gets_a_page(client: httpx.Client, url: str, status: int, says: str) -> None:
    answer = client.get(url, headers={"accept": "text/html"})
    assert answer.status_code == status
    assert says in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "url",
    [
        "/proximity?from=Swede&to=Chicagoan&as_of=2015&far_km=100",
        "/proximity?from=Swede&candidate=Lund&candidate=Kista&sort=social",
    ],
)
def test_the_page_links_to_itself_as_data(client: httpx.Client, url: str) -> None:
    page = client.get(url).text
    link = page.split('">this answer as JSON')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer.json()["summary"].split(":")[0] in page
    if "far_km" in url:
        assert answer.json()["thresholds"]["far_km"] == 100
        assert answer.json()["as_of"] == "2015-12-31"
    else:
        assert answer.json()["sort"] == "social"
