"""CORDIS: the European Union's research projects as alliances, their participants as firms.

A project of two or more organisations becomes an Alliance, known by its number in CORDIS (`rcn`);
an organisation a Firm, known by its participant identification code (PIC), with country, city,
coordinates and whether it is an SME; a participation a PARTY_TO with role and what the European
Commission grants. Projects with one participant are no alliances: they are left out and counted,
their participants are Firms all the same. The texts of the projects' objectives are not kept.
Where an id of ours stands for a number, as in our exports, it is the id, and what has it is not
from CORDIS.

**Our rules**: a project's last day is its `endDate`, so its `end` is the day after. An organisation
without a number is known by its name and country. Universities and research organisations have
the actor type `research`, public bodies and others `other`; of a company the source says no more.
Rows are mended by the rules of `repair`; what cannot be read is left unknown and counted, unless
it says who took part in what: then the row is rejected.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import SCHEMA, Problem, date_of, parse
from alliance_explorer.graph_schema.foreign_words import (
    ACTIVITY_TYPES,
    ACTORS,
    CORDIS_KIND,
    STATUSES,
    cordis_page,
)
from alliance_explorer.loaders.cleaning import repair
from alliance_explorer.loaders.cleaning.gather import Facts, Gathered
from alliance_explorer.loaders.cleaning.identity import slug
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.model import Item, Located, Note, Rejected

from .cordis_file import Export, read_exports
from .cordis_row import Reader, Row, plain

FIRM, ALLIANCE, SOURCE = (SCHEMA.nodes[label] for label in ("Firm", "Alliance", "Source"))
PARTY_TO = SCHEMA.relationships["PARTY_TO"]

# What a row of organisations says of the organisation itself.
_OF_FIRM: Final = (
    *("pic", "name", "short", "vat", "url"),
    *("type", "sme", "country", "city", "place"),
)
_NAMES: Final = (
    "MATCH (f:Firm) WHERE f.id STARTS WITH 'firm:pic-' RETURN f.id AS id, f.name AS name "
    "UNION ALL MATCH (a:Alliance) WHERE a.id STARTS WITH 'alliance:rcn-' "
    "RETURN a.id AS id, a.name AS name"
)


def read_cordis(path: Path, name: str, engine: Engine) -> Iterator[Item]:
    """Read exports: their Sources, the Firms, the Alliances, then PARTY_TO.

    Parameters
    ----------
    path : Path
        See `cordis_file`.
    name : str
        What messages call it.
    engine : Engine
        Read for the names of firms and projects, where the files have none.

    Raises
    ------
    SourceError
        Before anything is yielded.

    Notes
    -----
    Each file is read twice, as nodes come before relationships. Memory grows with organisations
    and projects; of a participation a hash is kept.
    """
    exports = read_exports(path, name)
    return (item for export in exports for item in _Cordis(export, engine).items())


class _Cordis:
    """One export on its way into records."""

    def __init__(self, export: Export, engine: Engine) -> None:
        self._export = export
        self._engine = engine
        self._repairs = Repairs(export.name)
        self._mute = Repairs(export.name)  # of what is read a second time
        self._alliances = Gathered(ALLIANCE, export.project_file)
        self._firms = Gathered(FIRM, export.organisation_file)
        self._sources: dict[str, Located] = {}  # by id
        self._of: dict[str, tuple[str, str]] = {}  # alliance and source, by number of the project
        # The one participant of a project, or None once there are several.
        self._alone: dict[str, str | None] = {}
        self._known: dict[str, str] | None = None
        self._counts = Counter[str]()

    def items(self) -> Iterator[Item]:
        rejects = [*self._take_projects(), *self._take_organisations()]
        yield from self._sources.values()
        yield from rejects
        yield from self._firms.items()
        joint = {id_ for id_, alone in self._alone.items() if alone is None}
        for item in self._alliances.items():
            if isinstance(item, Note):
                yield item
            elif item.record.id in joint:
                self._counts["joint"] += 1
                yield item
            else:
                self._counts["single" if item.record.id in self._alone else "empty"] += 1
        yield from self._parties()
        yield from self._notes()

    # --- projects --------------------------------------------------------------------------------

    def _take_projects(self) -> Iterator[Rejected]:
        for line, row in self._export.projects(self._repairs):
            if isinstance(row, Problem):
                yield Rejected(ALLIANCE.name, self._export.project_file, line, (row,))
                continue
            read = Reader(self._repairs, row, line)
            number, rcn = read.plain("id"), read.plain("rcn")
            if not number and not rcn:
                problem = Problem("id", "blank: nobody could say who took part in this project")
                yield Rejected(
                    ALLIANCE.name, self._export.project_file, line, (problem,), dict(row)
                )
                continue
            ours = SCHEMA.label_of(number) == ALLIANCE.label
            id_ = f"alliance:rcn-{rcn}" if rcn else f"alliance:cordis-{number}"
            id_ = number if ours else id_
            programme = read.text("programme") or self._export.programme
            source = self._source(programme, ours)
            for key in filter(None, (number and f"id {number}", rcn and f"rcn {rcn}")):
                self._of[key] = id_, source
            start, end = self._period(read)
            title = read.text("title")
            found = {
                "id": id_,
                "name": read.text("acronym")
                or title
                or self._name(id_, f"Project {rcn or number}"),
                "description": title,
                "kind": "" if ours else CORDIS_KIND,
                "phase": STATUSES.get(row.get("status", "").upper(), ""),
                "start": start,
                "end": end,
                "programme": programme,
                "funding_scheme": read.text("scheme"),
                "ec_contribution": read.money("funding"),
                "total_cost": read.money("cost"),
                "evidence": "" if ours else cordis_page(number, rcn),
                "source": source,
            }
            if rejected := self._alliances.add(found, line):
                yield rejected

    def _source(self, programme: str, ours: bool) -> str:
        """Id of the source: the programme of CORDIS; of alliances by our ids, the file."""
        row = {
            "title": f"CORDIS, {programme} projects" if programme else "CORDIS, projects",
            "url": "https://cordis.europa.eu",
            "licence": "CC BY 4.0 (Commission Decision 2011/833/EU)",
            "attribution": "CORDIS, © European Union",
        }
        id_ = f"source:cordis-{slug(programme)}" if programme else "source:cordis"
        if ours:
            file = PurePath(self._export.name).name or "projects"
            row, id_ = {"title": file}, f"source:file-{slug(file.partition('.')[0])}"
        if id_ not in self._sources:
            self._sources[id_] = Located(parse(SOURCE, {"id": id_, **row}), "CORDIS", 0)
        return id_

    def _period(self, read: Reader) -> tuple[str, str]:
        """First day, and the day after the last, as ISO text; blank where unknown."""
        start, last = read.date("start"), read.date("end")
        if not last:
            return start, ""
        try:
            end = date_of(last, end=True)
            if len(last) == len("2016-03-31"):
                end += dt.timedelta(days=1)
            if start and date_of(start) >= end:
                read.unknown("impossible date", "end")
                return start, ""
        except (ValueError, OverflowError):
            read.unknown("impossible date", "end")
            return start, ""
        return start, end.isoformat()

    def _name(self, id_: str, otherwise: str) -> str:
        """What the graph calls something that this source has no name for."""
        if self._known is None:
            self._known = {str(r["id"]): str(r["name"]) for r in self._engine.read(_NAMES)}
        return self._known.get(id_, otherwise)

    # --- organisations ---------------------------------------------------------------------------

    def _take_organisations(self) -> Iterator[Rejected]:
        seen: dict[int, str] = {}
        for line, row in self._export.participations(self._repairs):
            if isinstance(row, Problem):
                continue  # rejected as a participation
            alliance, source = self._of.get(_project(row), ("", ""))
            says = hash(tuple(row.get(column, "") for column in _OF_FIRM))
            if (id_ := seen.get(says)) is None:
                read = Reader(self._repairs, row, line)
                id_ = seen[says] = self._firm_id(read) or ""
                if id_ and (rejected := self._firms.add(self._firm(id_, read, source), line)):
                    yield rejected
            if id_ and alliance and self._alone.setdefault(alliance, id_) != id_:
                self._alone[alliance] = None

    def _firm(self, id_: str, read: Reader, source: str) -> dict[str, object]:
        name = read.text("name") or read.text("short")
        lat, lon = read.coordinates()
        kind = ACTIVITY_TYPES.get(read.single("type").upper(), "")
        return {
            "id": id_,
            "name": name or self._name(id_, f"Organisation {read.plain('pic')}"),
            "aliases": _other(read.text("short"), name),
            "country": read.country(),
            "city": read.text("city"),
            "lat": lat,
            "lon": lon,
            "actor_type": ACTORS.get(kind, ""),
            "organisation_type": kind,
            "sme": read.flag("sme"),
            "homepage": read.mended("url", repair.address),
            "vat_number": read.text("vat"),
            "source": source,
        }

    def _firm_id(self, read: Reader) -> str | None:
        if number := read.plain("pic"):
            return number if SCHEMA.label_of(number) == FIRM.label else f"firm:pic-{number}"
        name = read.text("name")
        return f"firm:{slug(name)}-{read.country().lower()}".rstrip("-") if name else None

    def _parties(self) -> Iterator[Item]:
        file = self._export.organisation_file
        facts = Facts(file)
        unread = Repairs(file)
        for line, row in self._export.participations(unread):
            self._counts["rows"] += 1
            if isinstance(row, Problem):
                self._counts["rejected"] += 1
                yield Rejected(PARTY_TO.name, file, line, (row,))
                continue
            firm = self._firm_id(Reader(self._mute, row, line))
            self._counts["nameless"] += not row.get("pic")
            alliance, source = self._of.get(_project(row), ("", ""))
            if problems := self._unclear(row, firm, alliance):
                self._counts["rejected"] += 1
                yield Rejected(PARTY_TO.name, file, line, tuple(problems), dict(row))
                continue
            if self._alone.get(alliance, "") is not None:
                self._counts["alone"] += 1
                continue
            read = Reader(self._repairs, row, line)
            found = {
                "from": firm,
                "to": alliance,
                "role": read.single("role"),
                "ec_contribution": read.money("funding"),
                "net_ec_contribution": read.money("net"),
                "total_cost": read.money("cost"),
                "ended_early": read.flag("ended"),
                "source": source,
            }
            if item := facts.located(PARTY_TO, found, line):
                self._counts["rejected" if isinstance(item, Rejected) else "parties"] += 1
                yield item
            else:
                self._counts["again"] += 1
        yield from facts.notes()

    def _unclear(self, row: Row, firm: str | None, alliance: str) -> list[Problem]:
        problems = []
        if firm is None:
            problems.append(
                Problem("organisationID", "blank, and no name either: nobody took part")
            )
        if not _project(row):
            problems.append(Problem("projectID", "blank: took part in nothing"))
        elif not alliance:
            number = _project(row).partition(" ")[2]
            reason = f"{number!r} is no project of {self._export.project_file}"
            problems.append(Problem("projectID", reason))
        return problems

    # --- what a reader should know ---------------------------------------------------------------

    def _notes(self) -> Iterator[Note]:
        name, n = self._export.name, self._counts
        parts = [f"{n['parties']:,} in {n['joint']:,} projects of two or more"]
        parts += [
            f"{n[key]:,} {what}"
            for key, what in (
                ("alone", f"in {n['single']:,} projects with a single participant, left out"),
                ("again", "said again"),
                ("rejected", "rejected"),
            )
            if n[key]
        ]
        yield Note(f"{name}: {n['rows']:,} participations: {'; '.join(parts)}")
        for key, what in (
            ("empty", "projects without any participant were left out"),
            ("nameless", "participations of organisations without a number: name and country tell"),
        ):
            if n[key]:
                yield Note(f"{name}: {n[key]:,} {what}")
        if self._export.left:
            yield Note(f"{name}: not read: {', '.join(self._export.left)}")
        yield from self._repairs.notes()


def _project(row: Row) -> str:
    """By what the row names its project; empty if it does not."""
    for column, what in (("project", "id"), ("project_rcn", "rcn")):
        if number := plain(row.get(column, "")):
            return f"{what} {number}"
    return ""


def _other(short: str, name: str) -> list[str]:
    return [short] if short and short.casefold() != name.casefold() else []
