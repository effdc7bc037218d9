"""Countries by whatever people write for them."""

import pytest

from alliance_explorer.graph_schema.countries import country_code, country_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SE", "SE"),
        ("se", "SE"),
        ("Sweden", "SE"),
        ("USA", "US"),
        ("UK", "GB"),
        ("EL", "GR"),
        ("nowhere", None),
        ("", None),
    ],
)
def test_countries(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_their_names() -> None:
    assert country_name("SE") == "Sweden"
    assert country_name("??") == "??"
