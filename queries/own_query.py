"""Cypher that a user wrote: read only, bounded in time and rows."""

import csv
import io
import json
import math
import time
from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from alliance_explorer.errors import EngineError, EngineUnavailable, InvalidRequest, QueryTimeout
from alliance_explorer.limits import ROWS

from .explorer import Explorer
from .models import Model
from .wording import harmless

SECONDS: Final = 10.0
LARGEST_PARAMETERS: Final = 100_000
"""Longest text of the parameters, in characters."""


class OwnAnswer(Model):
    """The table that a query gives."""

    engine: str = Field(description="dialect that it ran on: ladybug or neo4j")
    query: str
    parameters: dict[str, Any]
    columns: list[str]
    rows: list[list[Any]] = Field(description="one value per column; nodes as their properties")
    more: bool = Field(description="whether there were further rows")
    limit: int
    seconds: float = Field(description="how long it took, s")


def own_query(
    explorer: Explorer,
    query: str,
    parameters: Mapping[str, object] | None = None,
    *,
    limit: int = ROWS.usual,
    seconds: float = SECONDS,
) -> OwnAnswer:
    """Run a query of the user's own in a read-only transaction.

    Parameters
    ----------
    explorer : Explorer
    query : str
        Cypher of the engine that holds the graph; values go in as `$name`.
    parameters : mapping, optional
        Texts, numbers, truth values, and lists of them.
    limit : int
        Most rows; what comes after is not read.
    seconds : float
        Time limit; the engine's own holds as well.

    Raises
    ------
    InvalidRequest
        It does not only read the graph, or the database refused it; says why.
    QueryTimeout
    """
    given = dict(parameters or {})
    for name, value in given.items():
        if not _storable(value):
            raise InvalidRequest(
                f"parameter {name} is neither text, number, truth value nor a list of them",
                "parameters",
            )
    start = time.monotonic()
    try:
        table = explorer.engine.ask(query, given, limit, seconds)
    except (EngineUnavailable, QueryTimeout):
        raise
    except EngineError as exc:
        raise InvalidRequest(str(exc), "query") from exc
    return OwnAnswer(
        engine=explorer.engine.dialect,
        query=query,
        parameters=given,
        columns=list(table.columns),
        rows=[list(row) for row in table.rows],
        more=table.more,
        limit=limit,
        seconds=round(time.monotonic() - start, 4),
    )


def parse_parameters(text: str) -> dict[str, Any]:
    """Read parameters written as a JSON object; empty text is none.

    Raises
    ------
    InvalidRequest
    """
    if not text.strip():
        return {}
    if len(text) > LARGEST_PARAMETERS:
        raise InvalidRequest("the parameters are too long", "parameters")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise InvalidRequest(f"the parameters are no JSON: {exc}", "parameters") from exc
    if not isinstance(found, dict):
        raise InvalidRequest('give the parameters as {"name": value}', "parameters")
    return found


def as_csv(answer: OwnAnswer) -> str:
    """The rows as CSV; lists and nodes as JSON in their cell.

    Texts that a spreadsheet would take for a formula get an apostrophe before them.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(c) for c in answer.columns])
    writer.writerows([_cell(v) for v in row] for row in answer.rows)
    return out.getvalue()


def cell_text(value: object) -> str:
    """A value as a reader sees it in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _cell(value: object) -> str:
    text = cell_text(value)
    return harmless(text) if isinstance(value, str) else text


def _storable(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return -(2**63) <= value < 2**63
    if isinstance(value, list):
        return all(_storable(v) and not isinstance(v, list) for v in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | bool)
