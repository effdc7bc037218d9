"""Matching in the graph: what is merged, what is asked, what is remembered. On both engines."""

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.errors import InvalidRequest, QueryTimeout
from alliance_explorer.matching import (
    decide,
    match,
    merge,
    merges,
    mode_named,
    queue,
    resolve_matches,
    undo,
)
from alliance_explorer.queries import Explorer, profile
from tests.support.tiny import Rows, write

ROWS: Rows = {
    "Source": [{"id": "source:s", "title": "S"}, {"id": "source:t", "title": "T"}],
    "Firm": [
        {"id": "firm:acme", "name": "Acme Robotics", "source": "source:s", "country": "DE"},
        {"id": "firm:acme-gmbh", "name": "ACME Robotics GmbH", "source": "source:t"},
        {"id": "firm:bolt", "name": "Bolt GmbH", "source": "source:s"},
        {"id": "firm:bolt-ag", "name": "Bolt AG", "source": "source:t"},
        {"id": "firm:other", "name": "Something Else", "source": "source:t"},
    ],
    "Network": [{"id": "network:n", "name": "N"}],
    "MEMBER_OF": [{"from": "firm:acme-gmbh", "to": "network:n", "source": "source:t"}],
}


def test_pairs_are_told_with_their_evidence(engine: Engine) -> None:
    write(engine, ROWS)
    told = match(engine)
    assert (told.same, told.review, told.decided) == (1, 1, 0)
    assert [(m.one.id, m.other.id, m.outcome) for m in told.matches] == [
        ("firm:acme", "firm:acme-gmbh", "same"),
        ("firm:bolt", "firm:bolt-ag", "review"),
    ]
    for m in told.matches:
        assert m.score == sum(e.points for e in m.evidence)
    assert match(engine, of={"firm:bolt"}).same == 0
    assert queue(engine).open == 0  # nothing was written


def test_what_is_sure_is_merged_and_what_is_not_is_asked_once(engine: Engine) -> None:
    write(engine, ROWS)
    done = resolve_matches(engine, "apply", by="test")
    assert [(m.kept.id, m.merged.id) for m in done.merged] == [("firm:acme", "firm:acme-gmbh")]
    assert done.queued == 1
    (asked,) = queue(engine).questions
    assert (asked.one.id, asked.other.id, asked.verdict) == ("firm:bolt", "firm:bolt-ag", "open")
    assert asked.score == sum(e.points for e in asked.evidence)

    answered = decide(engine, asked.id, "different", by="me", why="two companies")
    assert answered.verdict == "different"
    assert queue(engine).open == 0
    assert queue(engine, "different").questions == [answered]
    again = resolve_matches(engine, "apply", by="test")
    assert (again.merged, again.queued) == ([], 0)
    assert match(engine).decided == 1
    with pytest.raises(InvalidRequest, match="was decided: different"):
        decide(engine, asked.id, "same", by="me")


def test_yes_merges(engine: Engine) -> None:
    write(engine, ROWS)
    assert resolve_matches(engine, "suggest", by="test").queued == 2
    first = queue(engine).questions[0]
    decide(engine, first.id, "same", by="me")
    (made,) = merges(engine).merges
    assert (made.kept.id, made.merged.id, made.by) == ("firm:acme", "firm:acme-gmbh", "me")
    assert [q.verdict for q in queue(engine, "all").questions] == ["same", "open"]


def test_undone_is_not_merged_again(engine: Engine) -> None:
    write(engine, ROWS)
    (made,) = resolve_matches(engine, "apply", by="test").merged
    undo(engine, made.id, by="me", why="a spin-off")
    again = resolve_matches(engine, "apply", by="test")
    assert again.merged == []
    assert queue(engine, "different").questions[0].why == "a spin-off"


def test_a_former_id_still_names_the_firm(engine: Engine) -> None:
    write(engine, ROWS)
    x = Explorer(engine)
    assert profile(x, "firm:acme-gmbh").actor.id == "firm:acme-gmbh"
    made = merge(engine, "firm:acme", "firm:acme-gmbh", by="me", why="")
    assert profile(x, "firm:acme-gmbh").actor.id == "firm:acme"
    assert profile(x, "ACME Robotics GmbH").actor.id == "firm:acme"
    merge(engine, "firm:other", "firm:acme", by="me", why="")
    assert profile(x, "firm:acme-gmbh").actor.id == "firm:other"
    undo(engine, merges(engine).merges[0].id, by="me")
    undo(engine, made.id, by="me")
    assert profile(x, "firm:acme-gmbh").actor.id == "firm:acme-gmbh"


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda e: queue(e, "opne"), "did you mean 'open'"),
        (lambda e: decide(e, "judgement:x", "same", by="me"), "no question 'judgement:x'"),
        (lambda e: decide(e, "judgement:x", "open", by="me"), "'open' decides nothing"),
        (lambda e: mode_named("aply"), "did you mean 'apply'"),
    ],
)
def test_mistakes_are_told(engine: Engine, ask, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidRequest, match=told):
        ask(engine)


def test_comparing_has_an_end(engine: Engine) -> None:
    """Over HTTP it is bounded in time; pairs of one firm are those among all."""
    names = ["Acme", "Acme Inc", "ACME Ltd", "Beta", "Beta AB", "Gamma"]
    write(engine, {"Firm": [{"id": f"firm:{n}", "name": name} for n, name in enumerate(names)]})
    everything = match(engine).matches
    assert len(everything) > 1
    mine = [m for m in everything if "firm:4" in (m.one.id, m.other.id)]
    assert match(engine, of=["firm:4"]).matches == mine != everything
    with pytest.raises(QueryTimeout, match="name one"):
        match(engine, seconds=-1)
