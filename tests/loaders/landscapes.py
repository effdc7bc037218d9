"""Reading and loading landscapes in tests."""

from dataclasses import dataclass
from pathlib import Path

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import NodeRecord, Record, RelationshipRecord
from alliance_explorer.loaders.load import load
from alliance_explorer.loaders.model import Located, Note, Rejected, Summary
from alliance_explorer.loaders.sources.landscape import read_landscape

ROOT = Path(__file__).resolve().parents[2]
CNCF_ID = "network:cloud-native-computing-foundation"
LF_ID = "network:the-linux-foundation"


@dataclass
class Read:
    """What a reader yields, sorted out."""

    located: list[Located]
    rejects: list[Rejected]
    notes: list[str]

    def of(self, type_name: str) -> list[Record]:
        return [item.record for item in self.located if item.record.type.name == type_name]

    def nodes(self, label: str) -> dict[str, dict[str, object]]:
        return {r.id: dict(r.properties) for r in self.of(label) if isinstance(r, NodeRecord)}

    def facts(self, type_: str) -> list[RelationshipRecord]:
        return [r for r in self.of(type_) if isinstance(r, RelationshipRecord)]


def read(path: Path, engine: Engine) -> Read:
    items = list(read_landscape(path, path.name, engine))
    return Read(
        [item for item in items if isinstance(item, Located)],
        [item for item in items if isinstance(item, Rejected)],
        [item.text for item in items if isinstance(item, Note)],
    )


def loaded(engine: Engine, *paths: Path, strict: bool = False) -> Summary:
    sources = [str(path) for path in paths]
    return load(engine, sources, strict=strict, max_download=1, download_timeout=1.0)


def in_graph(engine: Engine) -> dict[str, int]:
    queries = {
        "Source": "MATCH (n:Source) RETURN count(n) AS n",
        "Network": "MATCH (n:Network) RETURN count(n) AS n",
        "Firm": "MATCH (n:Firm) RETURN count(n) AS n",
        "MEMBER_OF": "MATCH (:Firm)-[r:MEMBER_OF]->(:Network) RETURN count(r) AS n",
        "COMPETES_WITH": "MATCH (:Firm)-[r:COMPETES_WITH]->(:Firm) RETURN count(r) AS n",
    }
    counts = {}
    for name, query in queries.items():
        count = engine.read(query)[0]["n"]
        assert isinstance(count, int)
        counts[name] = count
    return counts
