"""Tables that were loaded before are recognised, and only then."""

from pathlib import Path

import pytest

from alliance_explorer.engine import Engine, Notes, open_engine
from alliance_explorer.graph_schema import SCHEMA, columns, upsert
from alliance_explorer.loaders import load, load_stream
from alliance_explorer.loaders.model import Count, Summary
from alliance_explorer.loaders.writing import again

from .test_load import SOUND, everything, folder


class Reads:
    """An engine that remembers whether rows were looked up or written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.used = 0

    def __getattr__(self, name: str) -> object:
        self.used += name in ("read_rows", "write_rows", "copy_rows")
        return getattr(self._engine, name)


def loaded(engine: Engine, *sources: str, recheck: bool = False) -> tuple[Summary, bool]:
    """What a load says, and whether it looked at rows."""
    spy = Reads(engine)
    summary = load(
        spy,  # type: ignore[arg-type]
        sources,
        recheck=recheck,
        max_download=0,
        download_timeout=0.0,
    )
    return summary, spy.used > 0


def test_the_same_again_is_recognised(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, SOUND)
    first, looked = loaded(engine, data)
    assert first.total == Count(read=12, created=12) and looked
    before, stamp = everything(engine), engine.stamp()
    second, looked = loaded(engine, data)
    assert second.total == Count(read=12, unchanged=12) and not looked
    assert list(second.counts) == list(first.counts)
    rechecked, looked = loaded(engine, data, recheck=True)
    assert rechecked == second and looked
    assert everything(engine) == before
    assert isinstance(engine, Notes) and engine.noted()
    if engine.dialect == "neo4j":  # on the embedded engine, making sure of the schema moves it
        assert engine.stamp() == stamp


def test_other_bytes_are_read(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, SOUND)
    loaded(engine, data)
    with (tmp_path / "Firm.csv").open("a") as file:
        file.write("firm:new,New,\n")
    summary, _ = loaded(engine, data)
    assert summary.total == Count(read=13, created=1, unchanged=12)
    assert not loaded(engine, data)[1]


def test_another_version_reads_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_by = again.modules()
    assert {"tables.py", "again.py", "schema.py"} <= {file.name for file in read_by}
    data = folder(tmp_path / "data", SOUND)
    loaded(engine, data)
    changed = tmp_path / read_by[0].name
    changed.write_text("# another version")
    monkeypatch.setattr(again, "modules", lambda: [changed, *read_by[1:]])
    assert loaded(engine, data)[1]
    assert not loaded(engine, data)[1]


def test_a_write_in_between_is_noticed(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, SOUND)
    loaded(engine, data)
    engine.write("MATCH (f:Firm {id: 'firm:a'}) SET f.name = 'Other'")
    summary, _ = loaded(engine, data)
    assert summary.total == Count(read=12, changed=1, unchanged=11)
    assert loaded(engine, data)[1], "a load that changed something says nothing of the next"
    assert not loaded(engine, data)[1]
    firm = SCHEMA.nodes["Firm"]
    rows = [{"id": "firm:a", "name": "Third"}]
    engine.write_rows(upsert(engine.dialect, firm), rows, columns(firm))
    assert loaded(engine, data)[0].total.changed == 1


def test_another_load_in_between_is_noticed(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path / "1", SOUND)
    other = folder(tmp_path / "2", {"Firm.csv": "id,name\nfirm:a,Renamed\n"})
    loaded(engine, data)
    loaded(engine, other)
    summary, looked = loaded(engine, data)
    assert looked and summary.total == Count(read=12, unchanged=12)
    assert not loaded(engine, data)[1]
    assert loaded(engine, data, other)[1], "all that is given, or nothing"


def test_a_stream_in_between_is_noticed(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, SOUND)
    loaded(engine, data)
    with (tmp_path / "x.ndjson").open("w+b") as body:
        body.write(b'{"type": "Firm", "id": "firm:a", "name": "Renamed"}\n')
        load_stream(engine, body, None)
    assert loaded(engine, data)[1]


def test_somebody_who_writes_meanwhile_is_noticed(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, SOUND)
    told: list[str] = []

    def meddle(name: str, rows: int) -> None:
        if name == "COMPETES_WITH":
            told.append(name)
            engine.write("MATCH (f:Firm {id: 'firm:a'}) SET f.name = 'Meddled'")

    load(engine, [data], progress=meddle, max_download=0, download_timeout=0.0)
    assert told
    assert loaded(engine, data)[0].total.changed == 1


def test_rejects_are_told_again(engine: Engine, tmp_path: Path) -> None:
    data = folder(tmp_path, {"Firm.csv": "id,name\nfirm:a,A\nfirm:b,\n"})
    for created in (1, 0):
        summary, looked = loaded(engine, data)
        assert looked
        assert summary.total == Count(read=2, created=created, unchanged=1 - created, rejected=1)
        assert len(summary.rejects) == 1


@pytest.mark.ladybug
def test_recognised_when_opened_again(tmp_path: Path) -> None:
    data, url = folder(tmp_path / "data", SOUND), f"ladybug://{tmp_path}/x.lbug"
    with open_engine(url) as engine:
        loaded(engine, data)
    with open_engine(url) as engine:
        assert not loaded(engine, data)[1]
        assert not any("Note" in index for index in engine.info().indexes)
        engine.write("MATCH (f:Firm {id: 'firm:a'}) SET f.name = 'Other'")
    with open_engine(url) as engine:
        assert loaded(engine, data)[0].total.changed == 1
