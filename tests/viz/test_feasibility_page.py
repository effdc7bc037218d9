"""The page on feasibility: no value breaks it, every question gets one, and it can be used."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from alliance_explorer.queries import services
from alliance_explorer.queries.feasibility.feasibility_advice import challenges, missing
from alliance_explorer.queries.feasibility.feasibility_models import (
    CountOfAlliances,
    Feasibility,
    FeasibilityOfAlliances,
    Finding,
    JudgedAlliance,
    ReachReading,
    UnjudgedAlliance,
)
from alliance_explorer.queries.feasibility.feasibility_rules import Case, propositions, verdict
from alliance_explorer.queries.feasibility.services import service_table
from alliance_explorer.queries.models import Entity, Fact, Ref, SourceRef
from alliance_explorer.viz.feasibility_page import FeasibilityForm, feasibility_page, matrix
from alliance_explorer.viz.forms import Choice
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.pages import Problem
from tests.queries.test_feasibility import ROWS
from tests.support.tiny import TODAY
from tests.viz.samples import NASTY
from tests.viz.serving import serving
from tests.viz.test_pages import parsed

LINKS = Links("", "2011", "")
SERVICES = services()


def finding(name: str) -> Finding:
    properties: dict[str, str | int | float | bool | list[str]] = {
        "source": "source:s",
        "evidence": name,
        "level": name,
    }
    return Finding(
        sentence=name,
        about=[Ref(id="firm:b", label="Firm", name=name)],
        facts=[Fact(type="OFFERS", from_id=name, to_id=name, properties=dict(properties))],
        entities=[Entity(id=name, label="Alliance", name=name, properties=dict(properties))],
        inferred=True,
        sources=["source:s"],
    )


def case(name: str) -> Case:
    return Case(
        firm=name,
        partner=name,
        service=service_table().read("consulting"),
        reach="international",
        capabilities={"communication": [finding(name)]},
        experience=[finding(name)],
        networks=[finding(name)],
        nearness=name,
        own_networks=[name],
        managers=[finding(name)],
        rivalry=[finding(name)],
        exclusives=[finding(name)],
    )


def reach(name: str) -> ReachReading:
    return ReachReading(
        reach="international", how=name, stated_by="places", evidence=[finding(name)]
    )


def advice(name: str) -> str:
    of = case(name)
    found = propositions(of)
    result = Feasibility(
        firm=Ref(id="firm:a", label="Firm", name=name),
        candidate=Ref(id="firm:b", label="Firm", name=name),
        service=of.service,
        reach=reach(name),
        as_of=TODAY,
        known_at=None,
        reference_date=TODAY,
        verdict=verdict(of, found, missing(of, found)),
        propositions=found,
        missing=missing(of, found),
        challenges=challenges(of),
        mind=[finding(name)],
        sources={"source:s": SourceRef(id="source:s", title=name)},
        credits=[name],
    )
    form = FeasibilityForm(Choice("firm:a", name), Choice("firm:b", name), name, name, name, name)
    return feasibility_page(LINKS, form=form, services=SERVICES, result=result)


def judged(name: str) -> str:
    of = case(name)
    found = propositions(of)
    ref = Ref(id="alliance:x", label="Alliance", name=name)
    one = JudgedAlliance(
        alliance=ref,
        partners=[Ref(id="firm:b", label="Firm", name=name)],
        start=TODAY,
        active=False,
        service=of.service,
        reach=reach(name),
        verdict=verdict(of, found, missing(of, found)),
        propositions=found,
        missing=missing(of, found),
    )
    answer = FeasibilityOfAlliances(
        firm=Ref(id="firm:a", label="Firm", name=name),
        as_of=None,
        known_at=None,
        reference_date=TODAY,
        total=3,
        left_out=1,
        counts=[
            CountOfAlliances(
                content="people_intensive_creative", reach="international", alliances=1
            )
        ],
        levels={"possible_if": 1},
        alliances=[one],
        unjudged=[UnjudgedAlliance(alliance=ref, reason=name)],
        unjudged_total=1,
        sources={"source:s": SourceRef(id="source:s", title=name)},
        credits=[],
    )
    form = FeasibilityForm(Choice("firm:a", name))
    return feasibility_page(LINKS, form=form, services=SERVICES, judged=answer)


def problem(name: str) -> str:
    form = FeasibilityForm(Choice(name, name), Choice(name, name), name, name)
    wrong = Problem(name, name, "service", [(name, name, "/")])
    return feasibility_page(LINKS, form=form, services=SERVICES, problem=wrong)


PAGES = [advice, judged, problem]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_no_name_breaks_the_page(page: Callable[[str], str], name: str) -> None:
    found, plain = parsed(page(name)).count, parsed(page("Plain")).count
    if name.strip():
        assert found == plain


@pytest.mark.parametrize("page", PAGES)
def test_the_page_can_be_used_without_seeing_it(page: Callable[[str], str]) -> None:
    found = parsed(page("Plain"))
    assert not [identity for identity, n in found.ids.items() if n > 1]
    assert found.refers <= set(found.ids)
    assert {str(field.get("id")) for field in found.named} <= found.labels
    assert found.count["h1"] == found.count["main"] == 1


def test_the_matrix_has_every_class_and_reach() -> None:
    counts = [CountOfAlliances(content="system_intensive", reach="domestic", alliances=3)]
    assert matrix(counts) == [
        ("system_intensive", [0, 3, 0]),
        ("people_intensive_routine", [0, 0, 0]),
        ("people_intensive_creative", [0, 0, 0]),
    ]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    twins: list[dict[str, object]] = [{"id": f"firm:twin-{n}", "name": "Twin"} for n in "ab"]
    with (
        serving(tmp_path_factory.mktemp("pages"), ROWS, {"Firm": twins}) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.ladybug
@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("", 200, "Is this partner feasible?"),
        ("?service=hosting", 200, 'value="hosting"'),
        ("?firm=Skilled&candidate=Berliner&service=UX", 200, "Can Skilled partner UX with Ber"),
        ("?firm=Bare&reach=international&service=UX", 200, "with an international partner?"),
        ("?firm=Bare&candidate=Neighbour&service=UX", 200, "6 propositions do not bear"),
        ("?firm=Skilled&candidate=Berliner&service=UX&as_of=2014", 200, "as_of=2014-12-31"),
        ("?firm=Chicago+firm+13", 200, "4 partnerships judged"),
        ("?firm=Xelerated", 200, "Nothing can be judged"),
        ("?firm=Skilled&candidate=Berliner", 422, "Say which service is to be partnered"),
        ("?firm=Skilled&service=UX", 422, "Name a candidate, or the reach"),
        ("?firm=Skilled&service=hostng&reach=local", 422, "did you mean &#39;hosting&#39;?</p>"),
        ("?firm=Skilled&service=UX&reach=near", 422, "No reach is called"),
        ("?firm=Skilled&candidate=Skilled&service=UX", 422, "cannot be its own partner"),
        ("?firm=Skilled&candidate=Placeless&service=UX", 422, "is not on record"),
        ("?firm=Skilled&service=UX&reach=local&as_of=soon", 422, "is no date"),
        ("?firm=network:guild&service=UX&reach=local", 422, "takes a Firm"),
        ("?firm=Skiled&candidate=Berliner&service=UX", 404, "firm=firm%3Askilled&amp;candidate=Be"),
        ("?firm=Skilled&candidate=Berlinr&service=UX", 404, "candidate=firm%3Aberliner"),
        ("?firm=Twin&service=UX&reach=local", 404, "is the name of several"),
        ("?firm=zzzzzzzz&service=UX&reach=local", 404, "No name is like it"),
        ("?firm=" + "x" * 21_000, 422, "too long"),
        ("?firm=Skilled&reach=local&service=" + "x" * 15_000, 422, "more than 300 characters"),
    ],
)
def test_every_question_gets_a_page(
    client: httpx.Client, query: str, status: int, says: str
) -> None:
    answer = client.get(f"/feasibility{query}")
    assert answer.status_code == status
    assert says in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
