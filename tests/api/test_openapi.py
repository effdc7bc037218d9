"""Whatever the OpenAPI document allows, and what it does not, gives no 500 and no surprise."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from alliance_explorer.api.examples import made
from alliance_explorer.exporters import GRAPH_FORMATS, WHOLE_FORMATS
from alliance_explorer.graph_schema import document
from tests.api.conftest import WRITE_KEY

QUICK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    database=None,
)
HEADERS = {"Authorization": f"Bearer {WRITE_KEY}"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
def test_no_surprise(app: FastAPI, mode: GenerationMode) -> None:
    """Status, content type and body of each answer are as documented."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found = list(schema.get_all_operations())
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    assert len(operations) == len(found)
    assert len(operations) >= 12
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and (operation.body or not operation.query):
            continue  # bytes of any type are bytes; and without parameters nothing can be wrong
        QUICK(given(operation.as_strategy(generation_mode=mode))(_is_as_documented))()


def test_every_format_is_as_documented(app: FastAPI) -> None:
    """Chance draws a format rarely."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    for format in WHOLE_FORMATS:
        case = schema["/api/v1/export"]["GET"].Case(query={"format": format})
        case.call_and_validate(headers=HEADERS)
    for format in GRAPH_FORMATS:
        case = schema["/api/v1/actors/{actor}/ego/export"]["GET"].Case(
            path_parameters={"actor": "firm:startups-bsm"}, query={"format": format}
        )
        case.call_and_validate(headers=HEADERS)


def _is_as_documented(case: schemathesis.Case[Any]) -> None:
    # Which cursors and names there are, no schema can say: such questions may be refused.
    left_out: list[Any] = [positive_data_acceptance]
    if _is_sent_as_allowed(case):
        left_out.append(negative_data_rejection)
    case.call_and_validate(headers=HEADERS, excluded_checks=left_out)


def _is_sent_as_allowed(case: schemathesis.Case[Any]) -> bool:
    """Whether a list is to be one value, as `false`: sent, that is a list with this text in it."""
    lists = {p.name for p in case.operation.query if "'array'" in str(p.definition)}
    given = case.query or {}
    return any(isinstance(given[name], str | bool | int | float) for name in lists & given.keys())


@schemathesis.serializer("application/zip", "application/x-ndjson")
def _as_it_is(ctx: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.mark.ladybug
def test_examples_are_current() -> None:
    """`make docs` writes them; what the questions answer today must be what is written."""
    folder = Path(__file__).parents[2] / "api" / "examples"
    for name, text in made().items():
        assert (folder / f"{name}.json").read_text("utf-8") == text, name


@pytest.mark.ladybug
def test_schema_document_is_current() -> None:
    written = Path(__file__).parents[2] / "docs" / "schema.md"
    assert written.read_text("utf-8") == document()
