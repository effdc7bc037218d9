import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from alliance_explorer.queries import subgraph_of_paths
from alliance_explorer.viz import (
    bridges_page,
    ego_picture,
    error_page,
    firm_page,
    path_picture,
    search_page,
)
from alliance_explorer.viz.forms import BridgeForm, Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem, remedies
from tests.viz import samples
from tests.viz.samples import NASTY

LINKS = Links("", "2011", "")


def search(name: str) -> str:
    found = samples.hits(name)
    return search_page(LINKS, query=name, result=found, stats=samples.stats(name))


def firm(name: str) -> str:
    return firm_page(
        LINKS,
        profile=samples.profile(name),
        portfolio=samples.portfolio(name),
        picture=ego_picture(samples.ego(name)),
        problem=Problem(name, name, "as_of", [(name, name, "/")]),
    )


def network(name: str) -> str:
    picture = ego_picture(samples.ego(name))
    known = samples.profile(name, "Network")
    return firm_page(LINKS, profile=known, portfolio=None, picture=picture)


def bridges(name: str) -> str:
    form = BridgeForm(
        Choice(name, name), Choice("firm:b", name), as_of=name, known_at=name, to_segment=name
    ).avoiding(name, name)
    result = samples.bridges(name)
    picture = path_picture(subgraph_of_paths(result))
    return bridges_page(LINKS, form=form, result=result, picture=picture)


def no_way(name: str) -> str:
    form = BridgeForm(Choice("firm:a", name), Choice("firm:b", name))
    result = samples.bridges(name, empty=True)
    picture = path_picture(subgraph_of_paths(result))
    return bridges_page(LINKS, form=form, result=result, picture=picture)


def problem(name: str) -> str:
    form = BridgeForm(Choice(name, name))
    return bridges_page(LINKS, form=form, problem=Problem(name, name, "from", [(name, name, "/")]))


def error(name: str) -> str:
    return error_page(
        LINKS, status=404, title=name, message=name, suggestions=[(name, name, LINKS.actor(name))]
    )


PAGES = [search, firm, network, bridges, no_way, problem, error]


class Strict(HTMLParser):
    """Fails on anything that a value could have brought in, or that the policy forbids."""

    VOID = frozenset({"meta", "link", "input", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: Counter[str] = Counter()
        self.refers: set[str] = set()
        self.named: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.count: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not any(name.startswith("on") or name == "style" for name in given), attrs
        assert tag not in {"iframe", "object", "style"}
        for name in ("href", "src", "action"):
            value = given.get(name) or "/"
            assert value.startswith(("/", "#", "https://")), value
        if tag == "script":
            assert given.get("src") or given.get("type") == "application/json"
        if identity := given.get("id"):
            self.ids[identity] += 1
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.refers.update((given.get(name) or "").split())
        if tag == "label" and (target := given.get("for")):
            self.labels.add(target)
        if tag in {"input", "select"} and given.get("type") not in {"hidden", "checkbox"}:
            self.named.append(given)
        self.count[tag] += 1
        if tag not in self.VOID:
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop() == tag


def parsed(page: str) -> Strict:
    parser = Strict()
    parser.feed(page)
    parser.close()
    assert not parser.tags
    return parser


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_no_name_breaks_a_page(page: Callable[[str], str], name: str) -> None:
    found, plain = parsed(page(name)).count, parsed(page("Plain")).count
    if name.strip():
        # A long description is told twice, short and whole: in one more paragraph.
        assert found | {"p": 0} == plain | {"p": 0}


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_whole_and_can_be_used_without_seeing_them(page: Callable[[str], str]) -> None:
    text = page("Ericsson")
    found = parsed(text)
    assert not [identity for identity, n in found.ids.items() if n > 1]
    assert found.refers <= set(found.ids)
    assert {str(field.get("id")) for field in found.named} <= found.labels
    assert found.count["h1"] == 1
    assert found.count["main"] == 1
    assert 'class="skip" href="#content"' in text
    assert "<html lang=" in text


def test_both_roles_at_once_stand_out() -> None:
    text = firm("Ericsson")
    assert "Ally and competitor at once" in text
    told = re.sub(r"</?time[^>]*>", "", text)
    assert "allied since 2005, competing since 2011-06-15" in told
    assert '<span class="badge role-competitor strong">competitor</span>' in text


def test_dates_that_are_kept_go_with_every_link() -> None:
    text = firm("Ericsson")
    assert 'href="/firms/firm:ericsson?as_of=2011"' in text
    assert 'href="/bridges?from=firm%3Ax&amp;to=firm%3Aericsson&amp;as_of=2011"' in text


def test_every_tie_shows_its_arithmetic_and_its_facts() -> None:
    text = bridges("Ericsson")
    for shown in ("0.80", "× 1.00", "× 0.50", "× 0.63", "0.25", "PARTY_TO", "A study"):
        assert shown in text
    assert "recorded 2005-01-01" in text
    assert "confidence 1" in text


def test_what_to_change_when_there_is_no_way() -> None:
    result = samples.bridges(empty=True)
    form = BridgeForm(
        Choice("a", "A"), Choice("b", "B"), as_of="2011", kinds=("alliance",)
    ).avoiding("firm:x", "X")
    found = {r.text: r.url for r in remedies(form, result, Links())}
    assert found["Let X be on the way"] == "/bridges?from=a&to=b&as_of=2011&kinds=alliance"
    assert "max_steps=5" in found["Allow up to 5 introductions"]
    assert "kinds" not in found["Go over every kind of tie"]
    assert not remedies(BridgeForm(max_steps=6), result, Links())[0].text.startswith("Allow")


def test_a_form_is_its_address() -> None:
    form = BridgeForm(Choice("firm:a", "A"), Choice("firm:b", "B"), as_of="2011", kinds=("board",))
    form = form.avoiding("firm:c", "C").avoiding("firm:d", "D").avoiding("firm:c", "C")
    assert Links("/app").bridges(form.but(max_steps=4, limit=5)) == (
        "/app/bridges?from=firm%3Aa&to=firm%3Ab&as_of=2011&kinds=board"
        "&avoid=firm%3Ad&avoid=firm%3Ac&max_steps=4&limit=5"
    )
    assert Links().bridges(BridgeForm()) == "/bridges"
    assert not BridgeForm(Choice("a", "A"), as_of="2011").refined


def test_nothing_loaded_says_what_to_do() -> None:
    empty = samples.stats().model_copy(update={"nodes": {"Firm": 0}, "sources": []})
    text = search_page(LINKS, query="", result=None, stats=empty)
    assert "alliance-explorer load" in text


@pytest.mark.parametrize("base", ["", "/app"])
def test_pages_work_under_a_path(base: str) -> None:
    text = search_page(Links(base), query="", result=None, stats=samples.stats())
    assert f'href="{base}/static/app.css"' in text
    assert f'action="{base}/bridges"' in text
