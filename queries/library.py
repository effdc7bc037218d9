"""The Cypher files: one question each, read once, with a header that says what they mean.

`name.cypher` is one text for both engines; where they must differ, `name.neo4j.cypher` and
`name.ladybug.cypher` stand side by side.
"""

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyarrow as pa

from alliance_explorer.engine import Dialect, Engine, Row

_HEADER = re.compile(r"// *(name|params|meaning|returns): *(.*)")


@dataclass(frozen=True)
class CypherQuery:
    """One question in Cypher: its header, and its text per dialect."""

    name: str
    params: tuple[str, ...]
    meaning: str
    returns: str
    texts: Mapping[Dialect, str]


@cache
def library() -> Mapping[str, CypherQuery]:
    """Every query by name."""
    folder = resources.files(__package__) / "cypher"
    parts: dict[str, dict[str, str]] = {}
    for file in folder.iterdir():
        if file.name.endswith(".cypher"):
            name, *dialect = file.name.removesuffix(".cypher").split(".")
            parts.setdefault(name, {})[dialect[0] if dialect else "both"] = file.read_text("utf-8")
    return {name: _query(name, texts) for name, texts in sorted(parts.items())}


def _query(name: str, texts: Mapping[str, str]) -> CypherQuery:
    header: dict[str, str] = {}
    for text in texts.values():
        header |= dict(_HEADER.findall(text))
    dialects: tuple[Dialect, ...] = ("ladybug", "neo4j")
    return CypherQuery(
        name=header["name"],
        params=tuple(p.strip() for p in header["params"].split(",") if p.strip()),
        meaning=header["meaning"],
        returns=header["returns"],
        texts={d: _body(texts.get(d) or texts["both"]) for d in dialects},
    )


def _body(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("//")).strip()


@dataclass
class Ran:
    """A query of the library that was run: with which parameters first, and how often."""

    query: CypherQuery
    parameters: Mapping[str, object]
    times: int = 1


ran: ContextVar[dict[str, Ran] | None] = ContextVar("queries run for this page", default=None)
"""Where a page writes down the queries that it is made of; None: nobody wants to know."""


def _note(name: str, parameters: Mapping[str, object]) -> None:
    noted = ran.get()
    if noted is None:
        return
    if name in noted:
        noted[name].times += 1
    else:
        noted[name] = Ran(library()[name], parameters)


def run(engine: Engine, name: str, **parameters: object) -> list[Row]:
    """Run a query of the library."""
    _note(name, parameters)
    return engine.read(library()[name].texts[engine.dialect], **parameters)


def run_whole(engine: Engine, name: str) -> list[Row]:
    """Run a query of the library that reads all there is of something, see `Engine.read_whole`."""
    _note(name, {})
    return engine.read_whole(library()[name].texts[engine.dialect])


def run_columns(engine: Engine, name: str) -> pa.Table:
    """As `run_whole`, as a table, see `Engine.read_columns`."""
    _note(name, {})
    return engine.read_columns(library()[name].texts[engine.dialect])


def run_each(engine: Engine, name: str, asked: Sequence[Mapping[str, object]]) -> list[Row]:
    """Run a query of the library once for each set of parameters, in one transaction."""
    if not asked:
        return []
    _note(name, asked[0])
    return engine.read_each(library()[name].texts[engine.dialect], asked)
