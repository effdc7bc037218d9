"""What a machine may lack: a Neo4j server, a browser."""

import os
from typing import NoReturn

import pytest


def missing(requirement: str, reason: str) -> NoReturn:
    """Skip, visibly; or fail where `ALLIANCE_EXPLORER_REQUIRE` (`neo4j,browser`) names it."""
    if requirement in os.environ.get("ALLIANCE_EXPLORER_REQUIRE", "").split(","):
        message = f"{requirement} is required here, but {reason}"
        raise pytest.fail.Exception(message, pytrace=False) from None
    pytest.skip(f"{requirement}: {reason}")
