"""How a page came about: the Cypher that it was read with, and the same from elsewhere."""

import datetime as dt
import json
import shlex
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from alliance_explorer.queries.library import Ran, ran

from .links import Links

LONGEST_SHOWN: Final = 1_500
"""Most characters of parameters that are shown with a query."""

own_queries: ContextVar[bool] = ContextVar(
    "whether users may run Cypher of their own", default=True
)


@dataclass(frozen=True)
class Shown:
    """A query that a page was made of, as it is shown."""

    name: str
    meaning: str
    text: str
    parameters: str
    times: int
    url: str
    """Of the page that runs it again; empty if a value cannot stand in an address."""


def made_of(links: Links) -> list[Shown]:
    """Return the Cypher that the page at hand was made of so far."""
    return [_shown(links, found) for found in (ran.get() or {}).values()]


def curl(links: Links, url: str) -> str:
    """Return a command that asks the same."""
    return f"curl {shlex.quote(links.origin + url)}"


def python(links: Links, url: str) -> str:
    """Return Python that asks the same."""
    return f"import httpx\n\nanswer = httpx.get({links.origin + url!r}).json()"


def _shown(links: Links, found: Ran) -> Shown:
    text = next(iter(found.query.texts.values()))
    given = {k: _value(v) for k, v in found.parameters.items()}
    parameters = json.dumps(given, ensure_ascii=False) if given else ""
    fits = len(parameters) <= LONGEST_SHOWN
    dates = any(isinstance(v, dt.date) for v in found.parameters.values())
    return Shown(
        name=found.query.name,
        meaning=found.query.meaning,
        text=text,
        parameters=parameters if fits else parameters[: LONGEST_SHOWN - 1] + "…",
        times=found.times,
        url=links.query(text, parameters) if fits and not dates else "",
    )


def _value(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [_value(v) for v in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
