import datetime as dt

import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.viz import text
from alliance_explorer.viz.views import safe_url


def day(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2011-01-01", "2011"), ("2011-06-01", "2011-06"), ("2011-06-30", "2011-06-30")],
)
def test_a_date_is_as_exact_as_its_source(iso: str, shown: str) -> None:
    assert text.date_text(day(iso)) == shown


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2002-01-01", "2005-01-01", "2002 – 2004"),
        ("2002-01-01", "2003-01-01", "2002"),
        ("2002-03-01", "2002-06-01", "2002-03 – 2002-05"),
        ("2002-03-15", "2002-06-16", "2002-03-15 – 2002-06-15"),
        ("2002-01-01", None, "since 2002"),
        (None, "2012-01-01", "until 2011"),
        (None, None, ""),
    ],
)
def test_an_end_is_shown_as_the_last_day_that_counts(
    since: str | None, until: str | None, shown: str
) -> None:
    assert text.period(since and day(since), until and day(until)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2011", "2011-12-31"),
        ("2011-06", "2011-06-30"),
        ("2012-2", "2012-02-29"),
        (" 2011-06-15 ", "2011-06-15"),
    ],
)
def test_a_year_or_a_month_means_its_last_day(typed: str, iso: str) -> None:
    assert text.parse_day(typed, "as_of") == day(iso)


def test_no_date_is_none() -> None:
    assert text.parse_day("  ", "as_of") is None
    assert text.parse_day(None, "as_of") is None


@pytest.mark.parametrize("typed", ["0000", "2011-13", "2011-02-30", "soon", "2011-x", "x" * 999])
def test_what_is_no_date_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidRequest, match="is no date") as caught:
        text.parse_day(typed, "as_of")
    assert caught.value.field == "as_of"
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "0.50"), (0.0653, "0.065"), (0.0, "0.00"), (1.0, "1.00"), (1e-9, "under 0.0001")],
)
def test_strengths_have_two_digits(value: float, shown: str) -> None:
    assert text.score(value) == shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x", "http:", "", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) == ""
    assert safe_url("https://example.org/x") == "https://example.org/x"
