"""The page of a portfolio in depth, without a browser: what it says, and that nothing gets out."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from alliance_explorer.api import create_app
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.queries.portfolio.timeline_models import YearOfMoves
from alliance_explorer.settings import Settings
from alliance_explorer.viz.portfolio_page import HEIGHT, chart
from tests.support.tiny import Rows, examples, write
from tests.viz.samples import NASTY

NAMES = [n[:7_900] for n in NASTY.values() if n.strip()]


def nasty(name: str) -> Rows:
    """Everything that the page shows of a firm, called by a name that wants to be markup."""
    firms = [{"id": f"firm:{i}", "name": name} for i in "abc"]
    alliance = {
        **{"id": "alliance:x", "name": name, "kind": name, "motive": name, "terms": name},
        **{"exclusive": True, "start": "2001", "end": "2005", "power": "asymmetric"},
        "targets": name,
    }
    party = {"to": "alliance:x", "role": name, "contributes": name, "value_sought": name}
    rows: dict[str, list[dict[str, object]]] = {
        "Firm": [dict(f) for f in firms],
        "Alliance": [alliance],
        "PARTY_TO": [{**party, "from": f"firm:{i}", "share_of_sales": 0.9} for i in "ab"],
        "COMPETES_WITH": [{"from": "firm:a", "to": f"firm:{i}", "market": name} for i in "bc"],
        "ACQUIRED": [{"from": "firm:c", "to": "firm:b", "date": "2003"}],
        "Event": [
            {"id": "event:e", "date": "2001", "kind": name, "motive": name, "description": name}
        ],
        "INVOLVES": [
            {"from": "event:e", "to": "firm:a", "role": "focal"},
            {"from": "event:e", "to": "firm:b", "role": name},
        ],
        "Person": [{"id": "person:p", "name": name}],
        "CHAMPIONS": [{"from": "person:p", "to": "alliance:x"}],
        "MANAGES": [{"from": "person:p", "to": "alliance:x", "role": "alliance_manager"}],
        "WORKS_FOR": [{"from": "person:p", "to": "firm:b"}],
    }
    return rows


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    url = f"ladybug://{tmp_path_factory.mktemp('page')}/x.lbug"
    with open_engine(url) as engine:
        engine.define(ddl(engine.dialect))
        examples(engine)
        with TestClient(create_app(Settings(), engine), follow_redirects=False) as client:
            yield client


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", NAMES, ids=lambda n: n[:20])
def test_names_stay_text(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_engine(f"ladybug://{tmp_path_factory.mktemp('nasty')}/x.lbug") as engine:
        engine.define(ddl(engine.dialect))
        write(engine, nasty("Plain"))
        asked = "/portfolio?firm=firm:a&as_of=2003&with=2006"
        with TestClient(create_app(Settings(), engine)) as client:
            plain = Tags(client.get(asked).text)
            write(engine, nasty(name))
            answer = client.get(asked)
    assert answer.status_code == 200
    tags = Tags(answer.text)
    # The same skeleton, whatever it is called (a value of several parts may be a list).
    assert {t for t, _ in tags.found} <= {t for t, _ in plain.found} | {"span", "li", "ul"}
    assert not any(t == "script" and "src" not in a for t, a in tags.found)
    assert not any(k.startswith("on") or k == "style" for _, a in tags.found for k in a)


def test_form_alone(site: TestClient) -> None:
    answer = site.get("/portfolio")
    assert answer.status_code == 200
    assert "Portfolio in depth" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_name_leads_to_the_id_with_all_that_was_asked(site: TestClient) -> None:
    answer = site.get("/portfolio", params={"firm": "seamless", "as_of": "2007", "with": "2011"})
    assert answer.status_code == 302
    assert answer.headers["location"] == "/portfolio?firm=firm%3Aseamless&as_of=2007&with=2011"


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"firm": "Xelerted"}, 404, "is the name of nobody here"),
        ({"firm": "person:startups-bsm-ebusiness-manager"}, 422, "takes a Firm"),
        ({"firm": "firm:seamless", "as_of": "soon"}, 422, "is no date"),
        ({"firm": "firm:seamless", "with": "2011"}, 422, "give the earlier day as well"),
        ({"firm": "firm:seamless", "as_of": "2011", "with": "2007"}, 422, "earlier day first"),
    ],
)
def test_what_is_wrong_is_said(
    site: TestClient, asked: dict[str, str], status: int, said: str
) -> None:
    answer = site.get("/portfolio", params=asked)
    assert answer.status_code == status
    assert said in answer.text


def test_everything_in_the_pictures_is_said_in_words(site: TestClient) -> None:
    text = site.get("/portfolio?firm=firm:seamless&as_of=2011").text
    for said in (
        "4 of 22 countries or customer cases of Seamless run through Ericsson",
        "fell then to 0.18 (2011)",
        "first move for legitimacy (2002) precedes its first for role flexibility (2008)",
        "Ericsson turned from partner (since 2005) to partner and competitor",
    ):
        assert said in text
    assert '/api/v1/firms/firm:seamless/dependence?as_of=2011-12-31"' in text
    assert "inferred" in site.get("/portfolio?firm=firm:digitata&as_of=2012").text


def _year(number: int, moves: int, active: int, **capabilities: int) -> YearOfMoves:
    empty: dict[str, int] = {}
    return YearOfMoves(
        year=number, events=moves, moves=moves, variety=1, kinds=empty, motives=empty,
        capabilities=capabilities, formations=0, formations_with_event=0, dissolutions=0,
        new_partners=0, active_at_end=active, turnover=None,
    )  # fmt: skip


def test_bars_are_as_high_as_their_numbers() -> None:
    found = chart([_year(2001, 4, 2, legitimacy=1, role_flexibility=2), _year(2002, 0, 4)])
    assert found is not None
    first, second = found.columns
    assert [(name, height) for name, _, height in first.bars] == [
        ("legitimacy", HEIGHT / 4),
        ("role_flexibility", HEIGHT / 2),
        ("other", HEIGHT / 4),
    ]
    assert first.bars[-1][1] == 0  # the bars together reach the top
    assert second.bars == []
    assert (first.dot, second.dot) == (HEIGHT / 2, 0)
    assert chart([]) is None
