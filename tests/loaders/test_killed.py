"""A load that is killed leaves whole batches, and loading again completes it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.loaders import load
from alliance_explorer.loaders.model import Count
from tests.neo4j_server import Server

FIRMS, NETWORKS, BATCH = 1_000, 24, 500
MEMBERSHIPS = FIRMS * NETWORKS
# After how many batches, and how many seconds later: also in the midst of one.
MOMENTS = ((1, 0.0), (4, 0.013), (9, 0.037))

# Loads the folder of its last argument with small batches, and says when each is in.
LOADER = f"""
import sys
from datetime import date
from pathlib import Path
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.loaders.tabular.tables import read_tables
from alliance_explorer.loaders.writing.writer import Writer

url, password, folder = sys.argv[1:]
with open_engine(url, user="neo4j", password=password or None) as engine:
    engine.define(ddl(engine.dialect))
    tell = lambda name, rows: print(name, rows, flush=True)
    writer = Writer(engine, today=date(2026, 11, 22), progress=tell, batch={BATCH})
    writer.run([lambda: read_tables(Path(folder), "data")])
print("done", 0, flush=True)
"""


class Database(Protocol):
    """Where a load of another process goes."""

    url: str
    password: str

    def opened(self) -> Engine: ...


class Ladybug:
    password = ""

    def __init__(self, path: Path) -> None:
        self.url = f"ladybug://{path}"

    def opened(self) -> Engine:
        return open_engine(self.url)


class Neo4j:
    def __init__(self, server: Server) -> None:
        self.url = server.uri
        self.password = server.password
        self._user = server.user

    def opened(self) -> Engine:
        return open_engine(self.url, user=self._user, password=self.password)


@pytest.fixture(
    params=[
        pytest.param("ladybug", marks=pytest.mark.ladybug),
        pytest.param("neo4j", marks=pytest.mark.neo4j),
    ]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "ladybug":
        yield Ladybug(tmp_path / "x.lbug")
        return
    server: Server = request.getfixturevalue("neo4j_server")
    server.wipe()
    yield Neo4j(server)
    server.wipe()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    tables = {
        "Firm.csv": ["id,name", *(f"firm:{i},Firm {i}" for i in range(FIRMS))],
        "Network.csv": ["id,name", *(f"network:{n},Network {n}" for n in range(NETWORKS))],
        "MEMBER_OF.csv": [
            "from,to,tier,since",
            *(f"firm:{i},network:{n},gold,2011" for n in range(NETWORKS) for i in range(FIRMS)),
        ],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def killed(database: Database, data: Path, batches: int, delay: float) -> None:
    """Load, and kill -9 when so many batches of memberships are in."""
    with subprocess.Popen(
        [sys.executable, "-c", LOADER, database.url, database.password, str(data)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                name, _ = line.split()
                assert name != "done", "it was too quick to be killed"
                batches -= name == "MEMBER_OF"
                if batches <= 0:
                    time.sleep(delay)
                    break
            assert process.poll() is None, "it runs until it is killed"
        finally:
            process.kill()


def members(engine: Engine) -> int:
    count = engine.read("MATCH (:Firm)-[r:MEMBER_OF]->(:Network) RETURN count(r) AS n")[0]["n"]
    assert isinstance(count, int)
    return count


def settled(engine: Engine) -> int:
    """The count, when a server has noticed that its client is gone."""
    before = -1
    while (count := members(engine)) != before:
        before = count
        time.sleep(0.2)
    return count


def test_killed_loads_leave_whole_batches(database: Database, data: Path) -> None:
    stored = 0
    for batches, delay in MOMENTS:
        killed(database, data, stored // BATCH + batches, delay)
        with database.opened() as engine:
            before, stored = stored, settled(engine)
            assert stored % BATCH == 0, "a torn batch"
            assert before + batches * BATCH <= stored < MEMBERSHIPS
            whole = engine.read(
                "MATCH (:Firm)-[r:MEMBER_OF]->(:Network) WHERE r.tier = 'gold' "
                "AND r.since IS NOT NULL AND r.confidence = 1.0 AND r.recorded_at IS NOT NULL "
                "RETURN count(DISTINCT r.id) AS n"
            )
            assert whole == [{"n": stored}], "no property is missing"
    with database.opened() as engine:
        summary = load(engine, [str(data)], max_download=1, download_timeout=1.0)
        assert summary.counts == {
            "Firm": Count(read=FIRMS, unchanged=FIRMS),
            "Network": Count(read=NETWORKS, unchanged=NETWORKS),
            "MEMBER_OF": Count(read=MEMBERSHIPS, created=MEMBERSHIPS - stored, unchanged=stored),
        }
        assert members(engine) == MEMBERSHIPS
