"""CORDIS H2020 as rows: organisations and the research projects that they were in together."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import SCHEMA, ddl, parse
from alliance_explorer.loaders.model import Located, Summary
from alliance_explorer.loaders.writer import Writer

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
    participations, names = (DATA / FOLDER / f"{n}.csv.gz" for n in ("h2020", "h2020_pic_names"))
    if not participations.exists():
        raise Missing(f"no {participations}")
    engine.define(ddl(engine.dialect))
    return Writer(engine, today=TODAY).run([lambda: _cordis(participations, names)])


def _cordis(participations: Path, names: Path) -> Iterator[Located]:
    """A Firm for each organisation, an Alliance for each project of two or more of them."""
    rows = _read(participations)
    called = {r["pic"]: r["name"] for r in _read(names)} if names.exists() else {}
    size = Counter(r["rcn"] for r in rows)
    yield _row("Source", id=SOURCE, title="CORDIS, H2020 projects")
    for pic, country in {r["pic"]: r["country"] for r in rows}.items():
        # The codes of the European Union for two countries are not those of ISO.
        country = {"EL": "GR", "UK": "GB"}.get(country, country)
        known = {"country": country} if len(country) == 2 else {}
        name = called.get(pic, "").strip() or f"Organisation {pic}"
        yield _row("Firm", id=f"firm:pic-{pic}", name=name, source=SOURCE, **known)
    dates = {r["rcn"]: (r["start_date"], r["end_date"]) for r in rows if size[r["rcn"]] > 1}
    for rcn, (start, end) in dates.items():
        known = {k: v for k, v in (("start", start), ("end", end)) if v != "NA"}
        yield _row("Alliance", id=f"alliance:rcn-{rcn}", name=f"Project {rcn}", **known)
    for r in rows:
        if r["rcn"] in dates:
            ends = {"from": f"firm:pic-{r['pic']}", "to": f"alliance:rcn-{r['rcn']}"}
            yield _row("PARTY_TO", **ends, role=r["role"], source=SOURCE)


def _read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(type_: str, **row: object) -> Located:
    known = SCHEMA.nodes.get(type_) or SCHEMA.relationships[type_]
    return Located(parse(known, row), "CORDIS", 0)
