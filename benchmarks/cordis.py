"""CORDIS H2020: organisations and the research projects that they were in together."""

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.loaders.model import Summary
from alliance_explorer.loaders.sources.cordis import read_cordis
from alliance_explorer.loaders.writing.writer import Writer

from .data import DATA, TODAY, Missing

FOLDER = "cordis_h2020"
SOURCE = "source:cordis-h2020"


def load_cordis(engine: Engine) -> Summary:
    """Write all of it.

    Raises
    ------
    Missing
        The data is not where it should be. It is not part of the repository.
    """
    folder = DATA / FOLDER
    if not folder.exists():
        raise Missing(f"no {folder}")
    engine.define(ddl(engine.dialect))
    return Writer(engine, today=TODAY).run([lambda: read_cordis(folder, FOLDER, engine)])
