"""Exporting a graph, loading that, and what is then stored."""

from collections.abc import Iterable
from pathlib import Path

from alliance_explorer.engine import Engine
from alliance_explorer.exporters import Stored, whole_format, write
from alliance_explorer.graph_schema import SCHEMA, Value
from alliance_explorer.loaders import Summary, load
from alliance_explorer.queries import Explorer
from tests.support.tiny import TODAY

Told = dict[str, list[dict[str, Value]]]


def exported(engine: Engine, path: Path, format: str | None = None) -> list[str]:
    """What the export says that it could not hold; batches are smaller than the graph."""
    stored = Stored(Explorer(engine, TODAY), people=True, batch=2, page=4)
    write(stored, whole_format(format, path), path)
    return stored.lost.sentences()


def loaded(engine: Engine, *paths: Path) -> Summary:
    sources = [str(path) for path in paths]
    return load(engine, sources, max_download=1, download_timeout=1.0, today=TODAY)


def told(engine: Engine, types: Iterable[str], *but: str) -> Told:
    """The rows of some types, without some properties."""
    stored = Stored(Explorer(engine, TODAY))
    return {
        type_.name: [{k: v for k, v in row.items() if k not in but} for row in stored.rows(type_)]
        for type_ in SCHEMA
        if type_.name in types
    }
