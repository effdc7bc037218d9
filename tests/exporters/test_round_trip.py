"""What is exported loads again as it was: any graph, in each format that holds everything."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from alliance_explorer import loaders
from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.exporters import Stored, networkx_of, pandas_of, whole_format, write
from alliance_explorer.graph_schema import SCHEMA, NodeType, Record, ddl, parse
from alliance_explorer.loaders import Located
from alliance_explorer.loaders.graphs.graph_formats import GRAPH_READERS, read_graph_file
from alliance_explorer.loaders.tabular.json_lines import read_ndjson
from alliance_explorer.loaders.tabular.tables import read_tables
from alliance_explorer.queries import Explorer, stats
from tests.support.any_graph import any_graph
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, Rows, examples, write_quickly
from tests.support.tiny import write as fill

LOSSLESS = {
    "tables": "t.zip",
    "parquet": "p.zip",
    "ndjson": "x.ndjson",
    "json": "x.json",
    "node-link": "l.json",
    "excel": "x.xlsx",
    "graphml": "x.graphml",
    "gexf": "x.gexf",
}
FEW = settings(
    max_examples=6,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine for many small graphs, one after the other."""
    path = tmp_path_factory.mktemp("any") / "x.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


def wipe(engine: Engine) -> None:
    for label in SCHEMA.nodes:
        engine.write(f"MATCH (x:{label}) DETACH DELETE x")


def read(path: Path, format: str) -> dict[str, tuple[str, dict[str, object]]]:
    """The records of a file, by id; nothing else may be in it."""
    if format in ("tables", "parquet", "excel"):
        items = list(read_tables(path, path.name))
    elif format == "ndjson":
        with path.open("rb") as stream:
            items = list(read_ndjson(stream, path.name))
    else:
        kind = "node-link" if format == "json" else format
        assert kind in GRAPH_READERS
        items = list(read_graph_file(path, path.name, kind, None))
    records = [item.record for item in items if isinstance(item, Located)]
    assert len(records) == len(items), [i for i in items if not isinstance(i, Located)]
    return {r.type.name + r.id: _told(r) for r in records}


def _told(record: Record) -> tuple[str, dict[str, object]]:
    ends = "" if isinstance(record.type, NodeType) else f"{record.from_id} {record.to_id}"
    return ends, dict(record.properties)


@pytest.mark.ladybug
def test_any_graph(anew: Engine, tmp_path: Path) -> None:
    @FEW
    @given(any_graph())
    def check(rows: Rows) -> None:
        wipe(anew)
        write_quickly(anew, rows)
        expected = {}
        for type_ in SCHEMA:
            stamped: dict[str, Any] = {}
            if type_.name != "Source":
                stamped = {"recorded_at": TODAY, "confidence": 1.0}
            for row in rows.get(type_.name, ()):
                record = parse(type_, {**stamped, **row})
                expected[type_.name + record.id] = _told(record)
        for format, name in LOSSLESS.items():
            stored = Stored(Explorer(anew), people=True, batch=2, page=3)
            write(stored, whole_format(format), tmp_path / name)
            assert read(tmp_path / name, format) == expected, format
            assert not stored.lost.counts

    check()


@pytest.fixture
def telecom(graphs: Graphs) -> Explorer:
    return Explorer(graphs.holding("examples", examples), TODAY)


@pytest.mark.parametrize("format", LOSSLESS)
def test_loading_our_own_export_again_changes_nothing(
    telecom: Explorer, tmp_path: Path, format: str
) -> None:
    """Pages and batches smaller than the graph, on both engines."""
    path = tmp_path / LOSSLESS[format]
    write(Stored(telecom, people=True, batch=7, page=10), whole_format(format), path)
    told = loaders.load(
        telecom.engine, [str(path)], max_download=0, download_timeout=1, today=TODAY
    )
    there = stats(telecom)
    assert told.total.read == told.total.unchanged > 0
    assert told.total.read == sum({**there.nodes, **there.relationships}.values())


# Engines and Python may each put these in an order of its own: by bytes, by code points, by halves
# of surrogate pairs, by case or without.
ODD = (
    "Z",
    "a",
    "\u00e9",
    "e\u0301",
    "z",
    "\ue000",
    "\ufb00",
    "\ufffd",
    "\U0001f600",
    "\U0010fffd",
    "~",
    "!",
)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_ids_that_sort_oddly(graphs: Graphs, batch: int) -> None:
    """Read from id to id: nothing is lost, and nothing comes twice."""
    explorer = Explorer(graphs.holding("odd", _odd), TODAY)
    stored = Stored(explorer, batch=batch, page=2 * batch)
    firms = [f"firm:{text}" for text in ODD]
    assert sorted(str(row["id"]) for row in stored.rows(SCHEMA.nodes["Firm"])) == sorted(firms)
    rivals = stored.rows(SCHEMA.relationships["COMPETES_WITH"])
    assert sorted((str(row["from"]), str(row["to"])) for row in rivals) == sorted(
        (min(a, b), max(a, b)) for a, b in itertools.combinations(firms, 2)
    )


def _odd(engine: Engine) -> None:
    firms = [f"firm:{text}" for text in ODD]
    pairs = itertools.combinations(firms, 2)
    rows: Rows = {
        "Firm": [{"id": id_, "name": id_} for id_ in firms],
        "COMPETES_WITH": [{"from": a, "to": b} for a, b in pairs],
    }
    fill(engine, rows)


def test_a_part_loads_by_itself(telecom: Explorer, anew: Engine, tmp_path: Path) -> None:
    wipe(anew)
    write(Stored(telecom, around="Xelerated"), whole_format("tables"), tmp_path / "part")
    told = loaders.load(anew, [str(tmp_path / "part")], max_download=0, download_timeout=1)
    assert told.total.read == told.total.created > 20
    names = {r["n"] for r in anew.read("MATCH (f:Firm) RETURN f.name AS n")}
    assert {"Xelerated", "Ericsson", "Broadcom"} <= names
    assert "MTN Group" not in names  # two alliances away


def test_networkx_and_pandas(telecom: Explorer) -> None:
    graph = networkx_of(Stored(telecom, people=True))
    frames = pandas_of(Stored(telecom, people=True))
    assert len(graph) == sum(len(f) for n, f in frames.items() if n in SCHEMA.nodes)
    assert graph.number_of_edges() == sum(
        len(f) for n, f in frames.items() if n in SCHEMA.relationships
    )
    assert graph.nodes["firm:xelerated"]["name"] == "Xelerated"
    firm = frames["Firm"].loc["firm:xelerated"]
    assert firm["name"] == "Xelerated"
    parties = frames["PARTY_TO"]
    mine = set(parties[parties["from"] == "firm:xelerated"]["to"])
    assert mine == {
        b for _, b, d in graph.out_edges("firm:xelerated", data=True) if d["type"] == "PARTY_TO"
    }
    assert Stored(telecom).types != Stored(telecom, people=True).types
    assert "Person" not in pandas_of(Stored(telecom))
