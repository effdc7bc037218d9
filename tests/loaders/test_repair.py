"""Each rule of repair does what its example says, and leaves alone what it is not for."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.loaders.cleaning import repair
from alliance_explorer.loaders.cleaning.repair import RULES, ImpossibleDate, Mended, Repairs

BY_RULE: dict[str, Callable[[str], Mended]] = {
    **dict.fromkeys(("encoding", "lost letters", "entities", "spaces"), repair.text),
    **dict.fromkeys(("decimal comma", "thousands"), repair.number),
    "blank mark": repair.known,
    "repeated": repair.single,
    "date form": repair.date,
    "country": repair.country,
    "yes or no": repair.flag,
    "address": repair.address,
}
# Tested where they are: with rows in test_sheets, with a loader in test_cordis.
ELSEWHERE = {"bytes", "separator", "quotes", "empty cells", "impossible date", "left unknown"}


@pytest.mark.parametrize("rule", BY_RULE)
def test_the_example_of_a_rule_is_true(rule: str) -> None:
    value, rules = BY_RULE[rule](RULES[rule].before)
    assert value == RULES[rule].after
    assert rule in rules
    assert BY_RULE[rule](value) == (value, ("lost letters",) if rule == "lost letters" else ())


def test_every_rule_is_tested() -> None:
    assert set(RULES) == BY_RULE.keys() | ELSEWHERE


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Société Générale", "Société Générale"),
        ("Café de Flore & Cie", "Café de Flore & Cie"),
        ("A&B;C", "A&B;C"),
        ("  ABB  ", "ABB"),  # at the ends: as every reader does, so not counted
        ("Ærø Åland Ñandú 東京 Žižkov", "Ærø Åland Ñandú 東京 Žižkov"),
    ],
)
def test_sound_text_is_left_alone(raw: str, value: str) -> None:
    assert repair.text(raw) == (value, ())


@pytest.mark.parametrize(
    ("raw", "decimal", "value"),
    [
        ("1,234,567.89", None, "1234567.89"),
        ("1 234,5", None, "1234.5"),
        ("1'234.50", None, "1234.50"),
        ("1.234", None, "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("0,500", None, "0.500"),
        ("-3,25", None, "-3.25"),
        ("1.732084396E7", None, "1.732084396E7"),
        ("1.234.567", None, "1234567"),
    ],
)
def test_numbers(raw: str, decimal: str | None, value: str) -> None:
    assert repair.number(raw, decimal)[0] == value


@pytest.mark.parametrize("raw", ["1,234", "1,2,3", "12.34.56", "abc", "5 %", "", "1.23,4.5"])
def test_what_is_no_number_or_may_be_two_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"number|may be"):
        repair.number(raw)


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 99), st.sampled_from([(".", ","), (",", ".")]))
def test_numbers_of_either_custom_are_read(whole: int, cents: int, marks: tuple[str, str]) -> None:
    decimal, thousands = marks
    text = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02}"
    assert float(repair.number(text)[0]) == float(f"{whole}.{cents:02}")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2016", "2016"),
        ("2016-03-31", "2016-03-31"),
        ("2016/3/1", "2016-03-01"),
        ("31.03.2016", "2016-03-31"),
        ("31/03/2016", "2016-03-31"),
        ("04/04/2016", "2016-04-04"),
        ("20160331", "2016-03-31"),
        ("2020-12-16 22:28:37", "2020-12-16"),
        ("2020-12-16T22:28:37Z", "2020-12-16"),
        ("3 March 2016", "2016-03-03"),
        ("March 3, 2016", "2016-03-03"),
        ("Sept 2016", "2016-09"),
        ("03/2016", "2016-03"),
    ],
)
def test_dates_are_as_precise_as_they_were(raw: str, value: str) -> None:
    assert repair.date(raw)[0] == value


def test_dates_of_a_form_that_was_said() -> None:
    assert repair.date("04/03/2016", ["%d/%m/%Y"]) == ("2016-03-04", ("date form",))
    assert repair.date("04/2016", ["%d/%m/%Y", "%m/%Y"]) == ("2016-04", ("date form",))
    assert repair.date("42460", ["excel"]) == ("2016-03-31", ("date form",))
    with pytest.raises(ValueError, match="is not a date of the form %d/%m/%Y"):
        repair.date("2016-03-04", ["%d/%m/%Y"])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("03/04/2016", "may be day/month or month/day"),
        ("2016-02-30", "day"),
        ("2016-13", "month must be in"),
        ("soon", "is not a date; write"),
        ("Foo-2016", "is not a date; write"),
    ],
)
def test_what_is_no_date_or_may_be_two_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        repair.date(raw)


@pytest.mark.parametrize("raw", ["3201-05-01", "Mar-0016", "1066"])
def test_a_year_that_cannot_be_meant(raw: str) -> None:
    with pytest.raises(ImpossibleDate, match="cannot be meant"):
        repair.date(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("UK", "GB"),
        ("be", "BE"),
        ("GRC", "GR"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("The Netherlands", "NL"),
        ("Côte d’Ivoire", "CI"),
        ("Korea, Republic of", "KR"),
        ("Trinidad & Tobago", "TT"),
        ("NA", "NA"),  # Namibia
        ("USA", "US"),
    ],
)
def test_countries(raw: str, code: str) -> None:
    assert repair.country(raw)[0] == code


def test_no_country() -> None:
    with pytest.raises(ValueError, match=r"'Germny' is no country; did you mean 'germany'\?"):
        repair.country("Germny")
    with pytest.raises(ValueError, match=r"'ZZ' is no country$"):
        repair.country("ZZ")


def test_different_values_are_not_one() -> None:
    assert repair.single("PRC;REC") == ("PRC;REC", ())
    assert repair.single("PRC; PRC ;") == ("PRC", ("repeated",))


def test_repairs_are_counted_with_the_first_examples() -> None:
    repairs = Repairs("x.csv")
    for line in range(2, 7):
        repairs.add(("country",), line, "land", "EL", "GR")
    (note,) = repairs.notes()
    assert note.text.startswith("x.csv: 5 × country: names of countries, ")
    assert note.text.count("line ") == 3
    assert "line 2, land: 'EL' → 'GR'" in note.text
