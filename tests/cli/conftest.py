"""Databases that commands are tried on; no test writes to them."""

import re

import pytest

from tests.support.console import TELECOM, TINY, ran, tables
from tests.support.tiny import EXAMPLES


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the examples."""
    url = f"ladybug://{tmp_path_factory.mktemp('cli')}/examples.lbug"
    cases = sorted(str(p) for p in EXAMPLES.iterdir() if (p / "Source.csv").exists())
    told = ran("--db", url, "load", *cases)
    assert re.search(r"^total +(\d+) +\1 +0 +0$", told, flags=re.MULTILINE)
    again = ran("--db", url, "load", TELECOM)
    assert "Nothing changed: everything was there already." in again
    return url


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with people, names that are not unique, and names that are not nice."""
    folder = tmp_path_factory.mktemp("tiny")
    url = f"ladybug://{folder}/tiny.lbug"
    ran("--db", url, "load", tables(folder / "data", TINY))
    return url
