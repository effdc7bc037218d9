"""Without asking, nothing that is stored of a person leaves: no node, no fact, no statement."""

import zipfile
from pathlib import Path

import pytest

from alliance_explorer.engine import Engine
from alliance_explorer.exporters import WHOLE_FORMATS, Stored, whole_format, write
from alliance_explorer.loaders.writing.corrections import correct
from alliance_explorer.matching import merge
from alliance_explorer.queries import Explorer
from tests.matching.test_merging import ROWS
from tests.support.tiny import TODAY
from tests.support.tiny import write as fill

TEXTS = [f.name for f in WHOLE_FORMATS.values() if f.ending != ".zip"]


@pytest.mark.parametrize("format", TEXTS)
def test_people_stay_at_home(engine: Engine, tmp_path: Path, format: str) -> None:
    """Also where two firms were merged, and where the person or a fact of theirs was corrected."""
    person = {"id": "person:p", "name": "Pia Petersen", "languages": "sv"}
    fill(engine, {**ROWS, "Person": [person]})
    (fact,) = engine.read("MATCH (:Person)-[w:WORKS_FOR]->(:Firm) RETURN w.id AS id")
    correct(engine, "person:p", {"languages": "sv;en"}, why="Pia Petersen herself", today=TODAY)
    correct(engine, str(fact["id"]), {"title": "CTO"}, why="Pia Petersen herself", today=TODAY)
    merge(engine, "firm:acme", "firm:acme-gmbh", by="me", why="same company")
    for around in (None, "Acme"):
        path = tmp_path / "out"
        write(Stored(Explorer(engine, TODAY), around=around), whole_format(format), path)
        text = _text(path)
        assert "person:p" not in text and "Pia" not in text and "CTO" not in text
        assert "acme" in text.casefold()
        write(Stored(Explorer(engine, TODAY), people=True), whole_format(format), path)
        assert ("Pia" in _text(path)) == (format not in ("edges", "landscape"))


def _text(path: Path) -> str:
    """What a file says; of a workbook, all its parts."""
    if not zipfile.is_zipfile(path):
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())
