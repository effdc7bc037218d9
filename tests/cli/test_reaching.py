"""Commands on reach: what they print, and that their JSON is the API's."""

import json
import re
from collections.abc import Callable, Sequence

import pytest
from pydantic import BaseModel

from alliance_explorer.queries import Explorer, PathOptions, parse_day
from alliance_explorer.queries.bridging.failure import weak_points
from alliance_explorer.queries.bridging.groups import Choice
from alliance_explorer.queries.bridging.openings import openings
from alliance_explorer.queries.bridging.reach import reach
from tests.support.console import answer, ran, refused
from tests.support.tiny import EXAMPLES

DAY = ("--as-of", "2011-12-31")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"ladybug://{tmp_path_factory.mktemp('cli')}/examples.lbug"
    ran("--db", url, "load", str(EXAMPLES / "coopetition_telecom"))
    return url


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (
            ("reach", "Xelerated", *DAY),
            [
                "tied to 15 actors as of 2011-12-31, and can be introduced to 15 more",
                "place in the industry: operator 7",
                "strength 0.1113 = 0.2524 × 0.4411",
                "More: --cursor ",
            ],
        ),
        (("reach", "Xelerated", "--actor-type", "distributor"), ["2 of them", "Brightpoint"]),
        (
            ("weak-points", "Xelerated", "--target", "MTN Group", *DAY),
            ["Ericsson lie on every way there", "without Ericsson: all are lost"],
        ),
        (("weak-points", "Seamless"), ["without Ericsson: ", "--limit shows more"]),
        (
            ("openings", "Xelerated", "MTN Group", "--as-of", "2010-12-31"),
            [
                "No way from Xelerated to MTN Group",
                "Leave the day open: 0.0648",
                "Xelerated allies with Seamless: 0.1469",
                "would be allied with Seamless, which supplies MTN Group",
                "new tie 0.2524 = alliance 0.80 × recency 1.00 × repetition 0.50",
            ],
        ),
        (("openings", "Xelerated", "MTN Group", "--avoid", "Ericsson"), ["New alliances:"]),
    ],
)
def test_command(db: str, arguments: Sequence[str], shown: Sequence[str]) -> None:
    told = ran("--db", db, *arguments)
    for text in shown:
        assert text in told


def _reach(x: Explorer) -> BaseModel:
    options = PathOptions(
        kinds=("alliance", "ownership"),
        max_steps=4,
        as_of=parse_day("2012-12-31", "as_of"),
        known_at=parse_day("2100-01-01", "known_at"),
        avoid=("Huawei",),
        limit=3,
        half_life=2.5,
        weights={"alliance": 0.5},
        ended=True,
        min_confidence=0.1,
    )
    choice = Choice(actor_type="operator")
    return reach(x, "Xelerated", options, steps=3, choice=choice, cursor="cDE")


@pytest.mark.parametrize(
    ("arguments", "ask"),
    [
        (
            (
                *("reach", "Xelerated", "--kind", "alliance", "--kind", "ownership"),
                *("--max-steps", "4", "--as-of", "2012-12-31", "--known-at", "2100-01-01"),
                *("--avoid", "Huawei", "--limit", "3", "--half-life", "2.5", "--ended"),
                *("--weight", "alliance:0.5", "--min-confidence", "0.1", "--cursor", "cDE"),
                *("--steps", "3", "--actor-type", "operator"),
            ),
            _reach,
        ),
        (
            ("weak-points", "Xelerated", "--actor-type", "operator", "--max-steps", "4"),
            lambda x: weak_points(
                x, "Xelerated", PathOptions(max_steps=4), choice=Choice(actor_type="operator")
            ),
        ),
        (
            ("weak-points", "Xelerated", "--target", "MTN Group"),
            lambda x: weak_points(x, "Xelerated", target="MTN Group"),
        ),
        (
            ("openings", "Broadcom", "Transwell", "--limit", "2", "--who", "contacts"),
            lambda x: openings(x, "Broadcom", "Transwell", PathOptions(limit=2), who="contacts"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_json_is_what_the_question_answers(
    db: str, arguments: Sequence[str], ask: Callable[[Explorer], BaseModel]
) -> None:
    told = ran("--db", db, *arguments, "--json")
    assert told == answer(db, ask)
    json.loads(told)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("reach", "Xelratd"), r"did you mean: Xelerated"),
        (("reach", "Xelerated", "--country", "IS"), r"no country of a firm here is 'IS'; allowed"),
        (("reach", "Xelerated", "--country", "Swden"), r"no country; did you mean 'sweden'"),
        (("reach", "Xelerated", "--actor-type", "oprator"), r"did you mean 'operator'\?"),
        (("reach", "Xelerated", "--steps", "4"), r"steps has to be from 2 to 3"),
        (("reach", "Xelerated", "--cursor", "?"), r"not one that a page gave"),
        (("weak-points", "Xelerated", "--target", "Xelerated"), r"both ends"),
        (
            ("weak-points", "Xelerated", "--target", "ZTE", "--country", "SE"),
            r"one target or for a group",
        ),
        (("openings", "Xelerated", "ZTE", "--who", "all"), r"--who: 'all' .*allowed: focal, cont"),
        (("openings", "Xelerated", "ZTE", "--kind", "aliance"), r"did you mean 'alliance'\?"),
    ],
)
def test_mistake(db: str, arguments: Sequence[str], reason: str) -> None:
    assert re.search(reason, refused("--db", db, *arguments))
