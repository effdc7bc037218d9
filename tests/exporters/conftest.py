"""A second graph to load into what another exports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.graph_schema import ddl


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Engine]:
    """An empty one, embedded whichever engine the first is of."""
    with open_engine(f"ladybug://{tmp_path}/other.lbug") as engine:
        engine.define(ddl(engine.dialect))
        yield engine
