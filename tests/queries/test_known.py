"""Answers for a day on which less was known do not change when more is loaded."""

import ast
import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from alliance_explorer import queries
from alliance_explorer.engine import Engine, Node
from alliance_explorer.graph_schema import rewound
from alliance_explorer.queries import Explorer, PathOptions
from tests.loaders.test_writer import Row, Rows, write

FIRST, SECOND, THIRD = dt.date(2020, 1, 1), dt.date(2021, 1, 1), dt.date(2022, 1, 1)
BETWEEN = dt.date(2020, 6, 1)
QUERIES = Path(__file__).parents[2] / "queries"
A, B = "source:a", "source:b"


def version(source: str, name: str, city: str | None, tier: str, until: str = "") -> Rows:
    """Firm and membership, an alliance and its end."""
    return {
        "Source": [{"id": A, "title": "a"}, {"id": B, "title": "b"}],
        "Firm": [
            {"id": "firm:x", "name": name, "city": city, "source": source},
            {"id": "firm:y", "name": "Y", "source": A},
        ],
        "Network": [{"id": "network:n", "name": "N", "source": A}],
        "Alliance": [{"id": "alliance:z", "name": "Z", "source": A, "end": until}],
        "PARTY_TO": [{"from": f, "to": "alliance:z", "source": A} for f in ("firm:x", "firm:y")],
        "MEMBER_OF": [
            {"from": "firm:x", "to": "network:n", "tier": tier, "until": until, "source": A},
            {"from": "firm:y", "to": "network:n", "source": A},
        ],
    }


def statements(engine: Engine, kind: str) -> list[Mapping[str, object]]:
    rows = engine.read("MATCH (s:Statement) WHERE s.kind = $kind RETURN s ORDER BY s.id", kind=kind)
    return [row["s"].properties for row in rows if isinstance(row["s"], Node)]


def answers(engine: Engine, known_at: dt.date | None) -> list[str]:
    """What several questions say, as text, but for the day that they repeat."""
    explorer = Explorer(engine, today=dt.date(2026, 1, 1))
    options = PathOptions(known_at=known_at)
    found = [
        queries.profile(explorer, "firm:x", known_at=known_at).model_dump_json(),
        queries.portfolio(explorer, "firm:x", known_at=known_at).model_dump_json(),
        queries.ego(explorer, "firm:x", known_at=known_at).model_dump_json(),
        queries.bridges(explorer, "firm:x", "firm:y", options).model_dump_json(),
        queries.bridges(
            explorer, "firm:x", "firm:y", options.model_copy(update={"as_of": FIRST})
        ).model_dump_json(),
    ]
    return [re.sub('"known_at":[^,}]*', "", text) for text in found]


def test_what_changes_later_does_not_change_earlier_answers(engine: Engine) -> None:
    write(engine, version(A, "Old", "Kista", "silver"), today=FIRST)
    before = answers(engine, BETWEEN)
    write(engine, version(A, "New", "Solna", "gold", "2020-03"), today=SECOND)
    assert answers(engine, BETWEEN) == before
    assert answers(engine, SECOND) == answers(engine, None)
    assert answers(engine, None) != before
    between = answers(engine, SECOND)
    write(engine, version(A, "Newest", "Solna", "platinum", "2020-02"), today=THIRD)
    assert answers(engine, BETWEEN) == before
    assert answers(engine, SECOND) == between
    tiers = {
        str(json.loads(str(s["said"])).get("tier")): s["recorded_until"]
        for s in statements(engine, "before")
        if s["of"] == "MEMBER_OF"
    }
    assert tiers == {"silver": SECOND, "gold": THIRD}


def test_who_was_renamed_is_found_by_both_names(engine: Engine) -> None:
    write(engine, version(A, "Old", "Kista", "silver"), today=FIRST)
    write(engine, version(A, "Entirely", "Kista", "silver"), today=SECOND)
    then = Explorer(engine).known(BETWEEN)
    assert [then.resolve(n).name for n in ("Old", "Entirely")] == ["Old", "Old"]
    assert Explorer(engine).known(SECOND).resolve("Old").name == "Entirely"


def test_another_source_fills_a_blank_from_its_day_on(engine: Engine) -> None:
    write(engine, version(A, "X", None, "silver"), today=FIRST)
    before = answers(engine, BETWEEN)
    write(engine, version(B, "X", "Kista", "silver"), today=SECOND)
    assert answers(engine, BETWEEN) == before
    assert '"city":"Kista"' in answers(engine, None)[0]
    (said,) = statements(engine, "said")
    assert (said["about"], said["source"], said["recorded_at"]) == ("firm:x", B, SECOND)
    assert json.loads(str(said["said"])) == {"name": "X", "city": "Kista"}


def test_what_a_second_source_says_is_kept_where_it_differs(engine: Engine) -> None:
    write(engine, version(A, "X", "Kista", "silver"), today=FIRST)
    write(engine, version(B, "X", "Solna", "silver"), today=SECOND)
    write(engine, version(B, "X", "Solna", "silver"), today=THIRD)
    assert [json.loads(str(s["said"]))["city"] for s in statements(engine, "said")] == ["Solna"]
    write(engine, version(B, "X", "Nacka", "silver"), today=THIRD)
    assert [json.loads(str(s["said"]))["city"] for s in statements(engine, "said")] == ["Nacka"]
    (earlier,) = [s for s in statements(engine, "before") if s["of"] == "Statement"]
    assert "Solna" in str(earlier["said"]) and earlier["recorded_until"] == THIRD


def test_one_source_leaves_no_statements(engine: Engine) -> None:
    for day in (FIRST, SECOND):
        write(engine, version(A, "X", "Kista", "silver"), today=day)
    assert engine.read("MATCH (s:Statement) RETURN count(s) AS n") == [{"n": 0}]


def test_of_one_day_the_first_value_counts(engine: Engine) -> None:
    for day, tier in ((FIRST, "silver"), (SECOND, "gold"), (SECOND, "silver"), (SECOND, "gold")):
        write(engine, version(A, "X", "Kista", tier), today=day)
    (held,) = statements(engine, "before")
    assert json.loads(str(held["said"])) == {"tier": "silver"}


def test_changes_are_undone_the_latest_first() -> None:
    changes: list[tuple[dt.date, Row]] = [(SECOND, {"a": 1, "b": None}), (THIRD, {"a": 2})]
    assert rewound({"a": 3, "b": 9}, changes) == {"a": 1}


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.py")), ids=lambda p: p.stem)
def test_every_question_that_takes_a_day_sees_what_was_known(path: Path) -> None:
    """Questions take an explorer; parts of one that are handed its explorer need no more."""
    for node in ast.parse(path.read_text("utf-8")).body:
        parts = path.stem in ("parties", "rivalry", "sides")
        if not isinstance(node, ast.FunctionDef) or parts or node.name == "views_of":
            continue
        taken = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
        public = not node.name.startswith("_") and node.name != "basis"
        if public and "explorer" in taken and {"known_at", "options"} & set(taken):
            decorators = [ast.unparse(d) for d in node.decorator_list]
            assert "as_known" in decorators, f"{node.name}: decorate it with known.as_known"
