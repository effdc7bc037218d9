"""The real landscapes, where they are: counted here in another way than the loader counts."""

import gzip
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import RelationshipRecord
from alliance_explorer.loaders.sources import landscape
from tests.loaders.landscapes import CNCF_ID, LF_ID, ROOT, in_graph, loaded, read
from tests.support.graphs import Graphs

SHARED = ROOT.parent / "shared" / "data"
REAL_CNCF = SHARED / "cncf_landscape" / "landscape_2026-08-07.yml.gz"
REAL_LF = SHARED / "lf_landscape" / "landscape_2026-08-22.yml.gz"


def members(path: Path) -> list[tuple[str, dict[str, object]]]:
    """Tier and item of every member, read another way than the loader does."""
    if not path.exists():
        pytest.skip(f"shared data missing: {path}")
    document = yaml.load(gzip.decompress(path.read_bytes()), yaml.CSafeLoader)
    return [
        (subcategory["name"], item)
        for category in document["landscape"]
        if category["name"].endswith(" Members")
        for subcategory in category["subcategories"]
        for item in subcategory["items"]
    ]


def keys(item: dict[str, object]) -> tuple[str, str]:
    """Crunchbase name and host of an item."""
    host = (urlsplit(str(item["homepage_url"])).hostname or "").removeprefix("www.")
    if item.get("unnamed_organization") or host in ("github.com", "cncf.io"):
        host = ""
    return unquote(urlsplit(str(item.get("crunchbase") or "")).path.split("/")[-1]).lower(), host


def components(items: list[dict[str, object]]) -> int:
    """Firms by the plain rules: the same Crunchbase name, or the same host of one such name."""
    of_host: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        name, host = keys(item)
        of_host[host] |= {name} - {""}
    parent: dict[object, object] = {}

    def root(x: object) -> object:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for number, item in enumerate(items):
        name, host = keys(item)
        parent[root(number)] = root(("name", name) if name else number)
        if host and len(of_host[host]) < 2:
            parent[root(number)] = root(("host", host))
    return len({root(number) for number in range(len(items))})


# Kyndryl and Call for Code carry IBM's Crunchbase name, SYSGO that of Thales, and UW-IT that of its
# university, each with a home page of its own: the plain rules would make 4 firms fewer.
DISPUTED = 4


def test_real_cncf(engine: Engine) -> None:
    items = members(REAL_CNCF)
    result = read(REAL_CNCF, engine)
    assert not result.rejects
    assert len(items) == 722
    assert sum("joined" in item for _, item in items) == 707
    # SAP and SAP Labs joined on the same day: one firm, one fact.
    assert len(result.of("Firm")) == components([i for _, i in items]) == 721
    facts = result.facts("MEMBER_OF")
    assert len(facts) == 721
    assert sum("since" in f.properties for f in facts) == 706
    tiers = Counter(tier for tier, _ in items)
    tiers["End User Supporter and Contributor"] -= 1
    assert Counter(f.properties["tier"] for f in facts) == tiers
    assert sum(f.properties.get("role") == "end user" for f in facts) == 78
    rivals = result.facts("COMPETES_WITH")
    assert len(rivals) == sum(n * (n - 1) // 2 for n in shelves(rivals).values()) > 4000
    assert max(shelves(rivals).values()) < landscape.MAX_RIVALS


def shelves(rivals: list[RelationshipRecord]) -> dict[str, int]:
    """Firms by market."""
    firms: defaultdict[str, set[str]] = defaultdict(set)
    for fact in rivals:
        firms[str(fact.properties["market"])] |= {fact.from_id, fact.to_id}
    return {market: len(some) for market, some in firms.items()}


def test_real_lf(engine: Engine) -> None:
    items = members(REAL_LF)
    result = read(REAL_LF, engine)
    assert not result.rejects
    paths = [p for _, item in items for p in paths_of(item)]
    assert (len(items), len(paths), len(set(paths))) == (2251, 5108, 69)
    assert len(result.of("Network")) == 69
    assert len(result.of("Firm")) == components([i for _, i in items]) + DISPUTED - 1 == 2249
    # Two firms with two items each are members of the Linux Foundation twice.
    assert len(result.facts("MEMBER_OF")) == 5106
    sizes = Counter(f.to_id for f in result.facts("MEMBER_OF"))
    assert (sizes[LF_ID], sizes[CNCF_ID]) == (2249, 619)
    assert sum("tier" in f.properties for f in result.facts("MEMBER_OF")) == 2249


def paths_of(item: dict[str, object]) -> Iterator[str]:
    second = item["second_path"]
    assert isinstance(second, list)
    return (path for path in second if path.startswith("Project Membership / "))


def test_real_files_in_either_order(graphs: Graphs) -> None:
    items = [i for path in (REAL_CNCF, REAL_LF) for _, i in members(path)]
    firms = components(items) + DISPUTED
    assert firms == 2374
    sizes = []
    for paths in itertools.permutations((REAL_CNCF, REAL_LF)):
        with graphs.empty() as engine:
            assert loaded(engine, *paths).total.rejected == 0
            again = loaded(engine, *paths)
            assert again.total.unchanged == again.total.read
            sizes.append(in_graph(engine))
    assert sizes[0] == sizes[1]
    assert sizes[0] | {"COMPETES_WITH": 0} == {
        "Source": 2,
        "Network": 69,
        "Firm": firms,
        "MEMBER_OF": 5106 + 721,
        "COMPETES_WITH": 0,
    }
