"""Are two firms one? By hand, and on labelled pairs."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.matching import Candidate, compared, outcome_of, pairs, score_of
from alliance_explorer.matching.candidates import MAX_BLOCK
from alliance_explorer.matching.names import likeness, parsed
from alliance_explorer.matching.score import LEAST_OF_ONE_PAGE, POINTS, REVIEW, SAME
from tests.matching.pairs import best, cases, f1, landscapes, ours, token_ratio

NAMES = st.lists(
    st.sampled_from(["Acme", "Bolt", "Systems", "GmbH", "AG", "II", "Germany", "of", "x"]),
    min_size=1,
    max_size=4,
).map(" ".join)


def firm(name: str, **more: object) -> Candidate:
    return Candidate(name, [name], **more)  # type: ignore[arg-type]


def outcome(one: Candidate, other: Candidate) -> str:
    return outcome_of(score_of(compared(one, other)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Siemens AG", "Siemens Aktiengesellschaft", "same"),
        ("ACME, Inc.", "Acme Incorporated", "same"),
        ("Société Générale S.A.", "Societe Generale", "same"),
        ("OOO Oboronnye Initsiativy", "Oboronnye Initsiativy o.O.O.", "same"),
        ("Pricewaterhouse Coopers LLP", "PricewaterhouseCoopers", "same"),
        ("Procter & Gamble Co.", "The Procter and Gamble Company", "same"),
        ("1st International Bank", "First Bank Int’l", "same"),
        ("Brigade Forty-Four", "Brigade 44", "same"),
        ("World Health Organisation", "World Health Organization", "same"),
        ("Газпром ООО", "Gazprom", "same"),  # noqa: RUF001
        ("Siemens", "Siemens Healthineers", "different"),
        ("Nokia", "Nokia Bell Labs", "different"),
        ("Foo GmbH", "Foo AG", "review"),
        ("Acme Fund II", "Acme Fund III", "different"),
        ("Bowne Solutions (France)", "Bowne Solutions (Germany)", "different"),
        ("Deutsche Bank (Schweiz) AG", "Deutsche Bank AG", "review"),
        ("Microsoft", "Micro Focus", "different"),
        ("BAE Systems, Inc.", "BAE Industries, Inc.", "different"),
        ("Cristalord Ltd", "Crystalord Limited", "review"),
        ("Volkswagen Aktiengesellschaft", "Siemens Aktiengesellschaft", "different"),
        ("Bath Spa University", "University of Bath", "review"),
    ],
)
def test_names_alone(one: str, other: str, expected: str) -> None:
    assert outcome(firm(one), firm(other)) == expected
    assert outcome(firm(other), firm(one)) == expected


def test_the_home_page_says_more_than_the_name() -> None:
    page = {"host": "elastic.example"}
    assert outcome(firm("Elastic N.V.", **page), firm("Elastic Search", **page)) == "same"
    assert outcome(firm("Gravitational", **page), firm("Teleport", **page)) == "review"
    apart = firm("Delta", host="delta.example"), firm("Delta", host="delta-dore.example")
    assert outcome(*apart) == "review"


def test_what_contradicts_is_never_merged() -> None:
    assert outcome(firm("Acme", country="DE"), firm("Acme", country="US")) == "review"
    assert outcome(firm("Acme", crunchbase="acme"), firm("Acme", crunchbase="acme-2")) != "same"
    assert outcome(firm("Acme", source="source:s"), firm("Acme", source="source:s")) == "review"
    assert outcome(
        firm("Acme Labs", city="Berlin"), firm("Acme Labs", city="Bonn")
    ) == "review" or (
        score_of(compared(firm("Acme Labs", city="Berlin"), firm("Acme Labs", city="Bonn"))) >= SAME
    )


def test_an_alias_and_an_acronym_count() -> None:
    one = Candidate("a", ["Hewlett Packard Enterprise", "HPE"], "hpe.example")
    assert outcome(one, firm("HPE", host="hpe.example")) == "same"
    spelled = firm("National Association of Insurance Commissioners", host="naic.example")
    assert outcome(spelled, firm("NAIC", host="content.naic.example")) == "same"


@given(NAMES, NAMES)
def test_the_score_is_the_sum_of_its_evidence_and_symmetric(one: str, other: str) -> None:
    found = compared(firm(one), firm(other))
    assert score_of(found) == pytest.approx(sum(e.points for e in found), abs=0.002)
    assert score_of(found) == pytest.approx(score_of(compared(firm(other), firm(one))), abs=0.002)
    for e in found:
        if e.rule == "name":  # as docs/matching.md says how to recompute it
            shared, total = map(float, e.detail.removesuffix(" shared").split(" of "))
            assert e.points == pytest.approx(5 * (2 * shared / total - 1), abs=0.06)
        else:
            assert e.points == POINTS[e.rule]
    assert likeness(parsed(one), parsed(one)).share == 1.0


def test_every_pair_worth_it_is_found_and_few_are_compared() -> None:
    """Against comparing all with all, on names that share many words."""
    rng = random.Random(1)
    brands = ["Alpha", "Bravo", "Castor", "Delphi", "Ember", "Falcon", "Gamma"]
    kinds = ["Systems", "Labs", "GmbH", "Inc", "Group", "Berlin"]
    names = {
        f"{rng.choice(brands)} {rng.choice(brands)} {rng.choice(kinds)}" for _ in range(MAX_BLOCK)
    }
    firms = [firm(name) for name in sorted(names)]
    everything = {
        frozenset((a.id, b.id))
        for i, a in enumerate(firms)
        for b in firms[i + 1 :]
        if outcome(a, b) == "same"
    }
    found = {frozenset((p.one.id, p.other.id)) for p in pairs(firms) if p.outcome == "same"}
    assert found == everything
    assert everything


def test_the_document_has_every_rule() -> None:
    text = (Path(__file__).parents[2] / "docs" / "matching.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    told = {row[1].strip().strip("`"): row[2].strip() for row in rows}
    expected = {rule: f"{points:+g}" for rule, points in POINTS.items()}
    expected["name"] = f"-{POINTS['name']:g} to {POINTS['name']:+g}"
    assert told == expected
    assert f"**{SAME:g}** or more" in text
    assert f"**{REVIEW:g}** or more" in text
    assert f"{-LEAST_OF_ONE_PAGE:g} at most" in text


# --- labelled pairs ------------------------------------------------------------------------------


def test_landscapes_are_found_without_their_key() -> None:
    found = landscapes()
    precision, recall, hard = found.found()
    assert precision >= 0.98
    assert recall >= 0.90
    assert hard >= 0.85
    # Thresholds were set by hand, on names; neither half alone carries the result.
    for parity in (0, 1):
        precision, recall, _ = found.half(parity).found()
        assert precision >= 0.98
        assert recall >= 0.90


def test_landscapes_by_name_alone() -> None:
    precision, recall, _ = landscapes().nameless_hosts().found(wanted=("same", "review"))
    assert precision >= 0.98
    assert recall >= 0.85


def test_organisations_of_nomenklatura() -> None:
    """Ours at its fixed threshold, a plain ratio at the best that there is; and on each half."""
    some = cases()
    assert len(some) == 266
    assert f1(some, ours, REVIEW) > best(some, token_ratio)[0] + 0.05
    for parity in (0, 1):
        half = some[parity::2]
        assert f1(half, ours, REVIEW) > best(half, token_ratio)[0]
