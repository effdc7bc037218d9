"""What is measured with: the landscapes beside the repository, and graphs that are made up."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import SCHEMA, ddl, parse
from alliance_explorer.loaders import load
from alliance_explorer.loaders.model import Located, Summary
from alliance_explorer.loaders.writing.writer import Writer

from .measure import ROOT

SEED = 20261122
TODAY = dt.date(2026, 11, 22)
DATA = ROOT.parent / "shared" / "data"
LANDSCAPES = ("cncf_landscape", "lf_landscape")
EXAMPLES = ROOT / "examples"


class Missing(Exception):
    """Something that a measurement needs is not here; the text says what."""


def landscapes() -> list[Path]:
    """The latest file of each landscape.

    Raises
    ------
    Missing
        They are not where they should be. They are not part of the repository.
    """
    found = [sorted((DATA / name).glob("landscape_*.yml.gz"))[-1:] for name in LANDSCAPES]
    if not all(found):
        absent = [str(DATA / n) for n, files in zip(LANDSCAPES, found, strict=True) if not files]
        raise Missing(f"no landscape_DATE.yml.gz in {' and '.join(absent)}")
    return [file for (file,) in found]


def load_landscapes(engine: Engine) -> Summary:
    """Load both."""
    return load_paths(engine, landscapes())


def load_examples(engine: Engine) -> Summary:
    """Load the bundled cases."""
    return load_paths(engine, sorted({f.parent for f in EXAMPLES.glob("*/*.csv")}))


def load_paths(engine: Engine, paths: list[Path]) -> Summary:
    """Load files and folders as a user would."""
    return load(engine, [*map(str, paths)], max_download=0, download_timeout=0, today=TODAY)


def write_synthetic(engine: Engine, ties: int) -> Summary:
    """Write a made-up graph through the writer."""
    engine.define(ddl(engine.dialect))
    return Writer(engine, today=TODAY).run([lambda: synthetic(ties)])


def synthetic(ties: int) -> Iterator[Located]:
    """A graph with a given number of memberships and parties, the same each time.

    Six in ten ties are memberships in networks whose sizes follow Zipf's law, from a fifth of all
    firms down to a handful; the others join two to ten firms in alliances. Well-known firms are in
    more of both. There is one firm for two and a half ties, and a few facts of other types.
    """
    rng = random.Random(SEED)
    n_firms = max(10, int(ties / 2.5))
    firms = [f"firm:f{i}" for i in range(n_firms)]
    networks = list(_bodies(rng, firms, ties * 6 // 10, _zipf(n_firms)))
    alliances = list(_bodies(rng, firms, ties - ties * 6 // 10, _few(rng)))
    source = "source:made-up"
    yield _row("Source", id=source, title="Made up")
    for i, firm in enumerate(firms):
        yield _row("Firm", id=firm, name=f"Firm {i}", source=source)
    for i in range(len(networks)):
        yield _row("Network", id=f"network:n{i}", name=f"Network {i}", source=source)
    for i in range(len(alliances)):
        start = f"{rng.randrange(1995, 2026)}-01-01"
        yield _row("Alliance", id=f"alliance:a{i}", name=f"Pact {i}", start=start, source=source)
    some = range(max(2, ties // 100))
    for i in some:
        yield _row("Person", id=f"person:p{i}", name=f"Person {i}", source=source)
    for i in some:
        yield _row("Event", id=f"event:e{i}", date="2020-05-01", kind="deal", source=source)
    for i, members in enumerate(networks):
        for firm in members:
            yield _row("MEMBER_OF", **_ends(firm, f"network:n{i}"), source=source)
    for i, parties in enumerate(alliances):
        for firm in parties:
            yield _row("PARTY_TO", **_ends(firm, f"alliance:a{i}"), source=source)
    for type_ in ("OWNS", "ACQUIRED", "COMPETES_WITH"):
        for _ in some:
            yield _row(type_, **_ends(*rng.sample(firms, 2)), source=source)
    for i in some:
        yield _row("WORKS_FOR", **_ends(f"person:p{i}", rng.choice(firms)), source=source)
    for i in some:
        alliance = f"alliance:a{rng.randrange(len(alliances))}"
        yield _row("INVOLVES", **_ends(f"event:e{i}", alliance), source=source)
    for i in some:
        yield _row("CHAMPIONS", **_ends(f"person:p{i}", f"alliance:a{i}"), source=source)


def _row(type_: str, **row: object) -> Located:
    known = SCHEMA.nodes.get(type_) or SCHEMA.relationships[type_]
    return Located(parse(known, row), "made up", 0)


def _ends(one: str, other: str) -> dict[str, object]:
    return {"from": one, "to": other}


def _zipf(firms: int) -> Iterator[int]:
    return (max(3, firms // (5 * rank)) for rank in itertools.count(1))


def _few(rng: random.Random) -> Iterator[int]:
    while True:
        yield min(10, 2 + int(rng.expovariate(0.8)))


def _bodies(
    rng: random.Random, firms: list[str], ties: int, sizes: Iterator[int]
) -> Iterator[list[str]]:
    while ties > 0:
        size = min(next(sizes), ties)
        chosen: dict[str, None] = {}
        while len(chosen) < size:
            chosen[firms[int(len(firms) * rng.random() ** 1.5)]] = None
        yield list(chosen)
        ties -= size
