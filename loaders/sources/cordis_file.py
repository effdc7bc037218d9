"""The files of CORDIS, of any generation, as rows with one set of column names.

Official exports: `project` and `organization` as CSV, JSON or Excel, in a folder or .zip, of
Horizon Europe, Horizon 2020 or FP7, in the form of today or of before 2021. Compact: a table of
participations with the columns `rcn`, `pic`, `role`, … (github.com/zambujo/eunets), with names of
organisations in a table of its own beside it (`…_pic_names.csv`).
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import Problem
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.tabular.excel import Opener
from alliance_explorer.loaders.tabular.sheets import (
    Row,
    Sheet,
    encoding_of,
    open_sheet,
    opener,
)
from alliance_explorer.loaders.tabular.tables import in_zip

Rows: TypeAlias = Callable[[Repairs], Iterator[tuple[int, Row]]]

_ENDING = re.compile(r"\.(csv|json|xlsx|tsv|txt)(\.gz)?$", re.IGNORECASE)
_PROJECTS = re.compile(r"(cordis[-_ ]?)?(fp\d|h2020|horizon|he)?[-_ ]?projects?", re.IGNORECASE)
_ORGANISATIONS = re.compile(
    r"(cordis[-_ ]?)?(fp\d|h2020|horizon|he)?[-_ ]?organi[sz]ations?", re.IGNORECASE
)
_NAMES: Final = "_pic_names"
_COMPACT: Final = frozenset(("rcn", "pic", "role"))
# Blank in R's files; but in the column of countries it is Namibia.
_NOT_KNOWN: Final = "NA"
_MAX_OBJECT: Final = 16 << 20
_CHUNK: Final = 1 << 18

# Our names of the columns, by how they are spelled over the years, in lower case.
_PROJECT_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id", "projectid", "reference", "project_id"),
    "rcn": ("rcn", "projectrcn"),
    "acronym": ("acronym", "projectacronym"),
    "title": ("title",),
    "status": ("status",),
    "start": ("startdate", "start_date"),
    "end": ("enddate", "end_date"),
    "cost": ("totalcost", "total_cost"),
    "funding": ("ecmaxcontribution", "max_contribution"),
    "programme": ("frameworkprogramme",),
    "scheme": ("fundingscheme",),
}
_ORGANISATION_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "project": ("projectid", "projectreference"),
    "project_rcn": ("projectrcn",),
    "pic": ("organisationid", "organizationid", "id", "pic"),
    "name": ("name",),
    "short": ("shortname",),
    "sme": ("sme",),
    "type": ("activitytype", "type"),
    "city": ("city",),
    "country": ("country",),
    "place": ("geolocation",),
    "url": ("organizationurl", "organisationurl"),
    "vat": ("vatnumber",),
    "role": ("role",),
    "funding": ("eccontribution", "contribution"),
    "net": ("neteccontribution",),
    "cost": ("totalcost",),
    "ended": ("endofparticipation",),
}
# A file without one of these is no such file.
_NEEDED: Final = {"project": ("id",), "organisation": ("pic", "role")}


@dataclass(frozen=True)
class Export:
    """Projects and participations, as rows with our names of the columns.

    Attributes
    ----------
    name : str
        What messages call the source.
    project_file, organisation_file : str
        What messages call its parts.
    projects, participations : callable
        Give lines and rows; can be called more than once.
    programme : str
        Of projects that do not say.
    left : sequence of str
        Files that are not read.
    """

    name: str
    project_file: str
    organisation_file: str
    projects: Rows
    participations: Rows
    programme: str = ""
    left: Sequence[str] = ()


def is_cordis(path: Path, name: str) -> bool:
    """Whether a file, folder or .zip has what an export of CORDIS has."""
    if path.is_file() and not _is_zip(path):
        return _is_compact(path)
    try:
        files = _files(path, name)
    except (SourceError, OSError):
        return False
    stems = [_ENDING.sub("", file) for file, _ in files if _ENDING.search(file)]
    has = [any(p.fullmatch(stem) for stem in stems) for p in (_PROJECTS, _ORGANISATIONS)]
    return all(has) or (path.is_dir() and any(_is_compact(path / file) for file, _ in files))


def read_exports(path: Path, name: str) -> list[Export]:
    """Find what there is to read.

    Parameters
    ----------
    path : Path
        A folder or .zip of official files, a compact table, or a folder of these.
    name : str
        What messages call it.

    Raises
    ------
    SourceError
        There is nothing of CORDIS, or one of its files lacks columns.
    """
    try:
        if path.is_file() and not _is_zip(path):
            return [_compact(path, name)]
        files = _files(path, name)
    except OSError as exc:
        raise SourceError(f"{name}: cannot be read: {exc.strerror}") from exc
    found: dict[str, list[tuple[str, Opener]]] = {"project": [], "organisation": []}
    left = []
    for file, open_ in files:
        stem = _ENDING.sub("", file)
        if _ENDING.search(file) and _PROJECTS.fullmatch(stem):
            found["project"].append((file, open_))
        elif _ENDING.search(file) and _ORGANISATIONS.fullmatch(stem):
            found["organisation"].append((file, open_))
        else:
            left.append(file)
    counts = [len(f) for f in found.values()]
    if counts == [1, 1]:
        return [_official(name, found["project"][0], found["organisation"][0], left)]
    if counts == [0, 0] and path.is_dir():
        exports = [
            _compact(path / file, f"{name}/{file}") for file in left if _is_compact(path / file)
        ]
        if exports:
            return exports
    raise SourceError(
        f"{name}: CORDIS is one file of projects and one of organisations (as project.csv and "
        f"organization.csv), here are {counts[0]} and {counts[1]}"
    )


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04" and path.suffix.lower() != ".xlsx"


def _files(path: Path, name: str) -> list[tuple[str, Opener]]:
    if path.is_dir():
        return [(p.name, opener(p)) for p in sorted(path.iterdir()) if p.is_file()]
    return [(file, open_) for _, file, open_ in in_zip(path, name)]


# --- official ------------------------------------------------------------------------------------


def _official(
    name: str,
    projects: tuple[str, Opener],
    organisations: tuple[str, Opener],
    left: Sequence[str],
) -> Export:
    parts = []
    for kind, (file, open_), columns in (
        ("project", projects, _PROJECT_COLUMNS),
        ("organisation", organisations, _ORGANISATION_COLUMNS),
    ):
        shown = f"{name}/{file}"
        if re.search(r"\.json(\.gz)?$", file, re.IGNORECASE):
            parts.append(_renamed(_json_sheet(open_, shown), columns, kind))
        else:
            parts.append(_renamed(open_sheet(open_, shown), columns, kind))
    return Export(
        name, f"{name}/{projects[0]}", f"{name}/{organisations[0]}", parts[0], parts[1], left=left
    )


def _renamed(sheet: Sheet, columns: Mapping[str, Sequence[str]], kind: str) -> Rows:
    """Rows with our names; the columns that we have none for are left out."""
    given = {column.lower(): column for column in sheet.columns}
    ours = {
        our: given[spelled]
        for our, spellings in columns.items()
        if (spelled := next((s for s in spellings if s in given), None))
    }
    if missing := [our for our in _NEEDED[kind] if our not in ours]:
        wanted = " or ".join(columns[missing[0]])
        raise SourceError(f"{sheet.name}: no column {wanted}, so no {kind}s of CORDIS")

    def rows(repairs: Repairs) -> Iterator[tuple[int, Row]]:
        for line, row in sheet.rows(repairs):
            if isinstance(row, Problem):
                yield line, row
            else:
                yield line, {our: row[theirs] for our, theirs in ours.items() if theirs in row}

    return rows


def _json_sheet(open_: Opener, name: str) -> Sheet:
    columns: list[str] = []
    for _, row in _json_rows(open_, Repairs(name)):
        if isinstance(row, Problem):
            raise SourceError(f"{name}: {row.reason}")
        columns = list(row)
        break
    return Sheet(name, columns, lambda repairs: _json_rows(open_, repairs))


def _json_rows(open_: Opener, repairs: Repairs) -> Iterator[tuple[int, Row]]:
    """The objects of a JSON list, one after the other; the whole is never held."""
    decoder = json.JSONDecoder()
    buffer, at, line, last = "", 0, 1, ""
    with open_() as stream, io.TextIOWrapper(stream, encoding_of(open_), errors="replace") as text:
        while chunk := text.read(_CHUNK):
            buffer, at = buffer[at:] + chunk, 0
            while True:
                gap = re.compile(r"[\s,\[\]]*").match(buffer, at)
                assert gap is not None
                line += gap[0].count("\n")
                last = (last + gap[0].strip())[-1:] if gap[0].strip() else last
                at = gap.end()
                if at == len(buffer):
                    break
                try:
                    value, end = decoder.raw_decode(buffer, at)
                except RecursionError:
                    yield line, Problem("(row)", "is nested too deeply")
                    return
                except ValueError:
                    if len(buffer) - at < _MAX_OBJECT:
                        break  # its end is not read yet
                    yield line, Problem("(row)", "is no JSON; what follows was not read")
                    return
                if isinstance(value, dict):
                    yield line, {str(k): _text(v) for k, v in value.items()}
                else:
                    yield line, Problem("(row)", f"{str(value)[:40]!r} is not a JSON object")
                line += buffer.count("\n", at, end)
                at, last = end, ""
        if buffer[at:].strip() or last != "]":
            yield line, Problem("(row)", "is no JSON, or the file ends here unfinished")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


# --- compact -------------------------------------------------------------------------------------


def _is_compact(path: Path) -> bool:
    if not re.search(r"\.(csv|tsv|txt)(\.gz)?$", path.name, re.IGNORECASE):
        return False
    try:
        return set(open_sheet(opener(path), path.name).columns) >= _COMPACT
    except (SourceError, OSError):
        return False


def _compact(path: Path, name: str) -> Export:
    sheet = open_sheet(opener(path), name)
    if missing := sorted(_COMPACT - set(sheet.columns)):
        raise SourceError(
            f"{name}: no column {missing[0]}; CORDIS is a folder or .zip of its exports, or a "
            f"table with the columns {', '.join(sorted(_COMPACT))}"
        )
    stem = _ENDING.sub("", PurePosixPath(path.name).name)
    names = [p for p in path.parent.iterdir() if _ENDING.sub("", p.name) == stem + _NAMES]
    called = _called(names[0]) if names else {}

    def projects(repairs: Repairs) -> Iterator[tuple[int, Row]]:
        seen = set()
        wanted = _spelled(sheet, _PROJECT_COLUMNS, ("rcn", "start", "end", "cost", "funding"))
        for line, row in sheet.rows(repairs):
            if not isinstance(row, Problem) and (rcn := row["rcn"]) and rcn not in seen:
                seen.add(rcn)
                yield line, {our: _known(row[theirs]) for our, theirs in wanted.items()}

    def participations(repairs: Repairs) -> Iterator[tuple[int, Row]]:
        wanted = _spelled(sheet, _ORGANISATION_COLUMNS, ("pic", "type", "role", "funding"))
        for line, row in sheet.rows(repairs):
            if isinstance(row, Problem):
                yield line, row
                continue
            found = {our: _known(row[theirs]) for our, theirs in wanted.items()}
            found["project_rcn"] = row["rcn"]
            found["country"] = row.get("country", "")  # where NA is Namibia
            found["name"] = called.get(row["pic"], "")
            yield line, found

    programme = stem.upper() if re.fullmatch(r"fp\d|h2020|horizon", stem.lower()) else ""
    return Export(name, name, name, projects, participations, programme)


def _known(cell: str) -> str:
    return "" if cell == _NOT_KNOWN else cell


def _spelled(
    sheet: Sheet, columns: Mapping[str, Sequence[str]], wanted: Sequence[str]
) -> dict[str, str]:
    """How a table spells the columns that are wanted and that it has."""
    return {our: c for our in wanted for c in columns[our] if c in sheet.columns}


def _called(path: Path) -> dict[str, str]:
    """Names of organisations by their number."""
    sheet = open_sheet(opener(path), path.name)
    if missing := sorted({"pic", "name"} - set(sheet.columns)):
        raise SourceError(f"{path}: no column {missing[0]}")
    return {
        row["pic"]: row["name"]
        for _, row in sheet.rows(Repairs(path.name))
        if not isinstance(row, Problem)
    }
