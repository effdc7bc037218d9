"""The real application over the bundled cases, on either engine."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from alliance_explorer.api import create_app
from alliance_explorer.settings import Settings
from tests.support.graphs import Graphs
from tests.support.tiny import examples

WRITE_KEY = "a key for tests"


@pytest.fixture
def app(graphs: Graphs) -> FastAPI:
    engine = graphs.holding("examples", examples)
    return create_app(Settings(write_key=SecretStr(WRITE_KEY), max_upload=200_000), engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
