"""IT services by knowledge content: a table that users can extend.

The three classes are of Zaheer, Lamin & Subramani (2009), as Findikoglu & Watson-Manheim apply
them to service partnerships. `services.csv` beside this module is the table; every row names who
puts the service into its class, and "our rule" where no source does. Synonyms are ours.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import Field

from alliance_explorer.errors import InvalidRequest, SourceError
from alliance_explorer.graph_schema import nearest
from alliance_explorer.graph_schema.records import LIST_SEPARATOR
from alliance_explorer.queries.models import Model

KnowledgeContent = Literal[
    "system_intensive", "people_intensive_routine", "people_intensive_creative"
]
CONTENTS: Final[tuple[KnowledgeContent, ...]] = get_args(KnowledgeContent)
"""From the least to the most knowledge that people have to share."""
MEANINGS: Final[Mapping[KnowledgeContent, str]] = {
    "system_intensive": "done by systems that people run: hosting, data processing, networks",
    "people_intensive_routine": "done by people, by a script: helpdesk, testing, support",
    "people_intensive_creative": "done by people in dense interaction: software development, "
    "user experience design, consulting, business analysis",
}
COLUMNS: Final = ("service", "content", "synonyms", "source", "why")
MAX_FILE: Final = 1 << 20
MAX_CELL: Final = 200
MAX_PARTS: Final = 8
MAX_ASKED: Final = 300
_SEPARATOR: Final = re.compile(r"\s*(?:[,;/+&]|\band\b)\s*", re.IGNORECASE)


class Service(Model):
    """One row of the table."""

    service: str
    content: KnowledgeContent
    synonyms: list[str] = Field(description="other names of the same service")
    source: str = Field(description="who puts it into this class; 'our rule' where no source does")
    why: str | None = Field(None, description="the reason, where it is our rule")
    added: bool = Field(False, description="from the user's own table, not the one that is bundled")


class ServicePart(Model):
    """One service of those that were asked for at once."""

    asked: str = Field(description="as it was asked for")
    service: Service


class ServiceReading(Model):
    """A service as it was asked for, and the class that counts."""

    asked: str
    content: KnowledgeContent
    parts: list[ServicePart]
    how: str = Field(description="how the class came about, as a sentence")


class ServicesResult(Model):
    """The table of services."""

    contents: dict[KnowledgeContent, str] = Field(
        description="the three classes, and their meaning"
    )
    services: list[Service]


@dataclass(frozen=True)
class ServiceTable:
    """Services by name.

    Parameters
    ----------
    services : tuple of Service
        In the order of the table.
    names : mapping
        Every name and synonym, as `_key` writes it.
    """

    services: tuple[Service, ...]
    names: Mapping[str, Service]

    def read(self, text: str) -> ServiceReading:
        """Classify what was asked for: a service, or several joined by `and`, `,`, `/`, `&` or `+`.

        Of several the one with the most knowledge to share decides (our rule): the partnership
        has to work for that one too.

        Raises
        ------
        InvalidRequest
            One of them is not in the table; names the nearest, and all that are.
        """
        # A command line may hand over bytes that are no UTF-8.
        text = " ".join(text.encode(errors="backslashreplace").decode().split())
        if len(text) > MAX_ASKED:
            raise InvalidRequest(f"a service of more than {MAX_ASKED} characters", "service")
        words = [w for w in _SEPARATOR.split(text) if w]
        if not words or len(words) > MAX_PARTS:
            wrong = f"more than {MAX_PARTS} services at once" if words else "no service is named"
            raise InvalidRequest(wrong + self._known(), "service")
        parts = list(self._parts(words))
        content = max((p.service.content for p in parts), key=CONTENTS.index)
        return ServiceReading(asked=text, content=content, parts=parts, how=_how(parts, content))

    def _parts(self, words: Sequence[str]) -> Iterator[ServicePart]:
        """The longest names first: `backup and recovery` is one service."""
        start = 0
        while start < len(words):
            for end in range(len(words), start, -1):
                asked = " and ".join(words[start:end])
                if service := self._find(asked):
                    yield ServicePart(asked=asked, service=service)
                    start = end
                    break
            else:
                raise InvalidRequest(
                    f"no service is called {_short(words[start])!r}"
                    + self._near(words[start])
                    + self._known(),
                    "service",
                )

    def _find(self, name: str) -> Service | None:
        key = _key(name)
        return self.names.get(key) or self.names.get(re.sub(r" services?$", "", key))

    def _near(self, name: str) -> str:
        near = difflib.get_close_matches(_key(name), self.names, n=1, cutoff=0.6)
        return f"; did you mean {near[0]!r}?" if near else ""

    def _known(self) -> str:
        return "; known: " + ", ".join(s.service for s in self.services)


def services(table: ServiceTable | None = None) -> ServicesResult:
    """The services that are known, with the class of each and who says so."""
    table = table or service_table()
    return ServicesResult(contents=dict(MEANINGS), services=list(table.services))


@cache
def service_table(path: Path | None = None) -> ServiceTable:
    """The bundled table, with a user's own rows if there are any.

    Parameters
    ----------
    path : pathlib.Path, optional
        A CSV file with the columns `service` and `content`, and, if wanted, `synonyms` (apart by
        `;`), `source` and `why`. A row that names a bundled service gives it a class of the user's
        and keeps its other names; a name that is a synonym in the bundled table leaves it there.

    Raises
    ------
    SourceError
        The file cannot be read, or is wrong somewhere: names file, line and field.
    """
    bundled = resources.files(__package__) / "services.csv"
    found = _rows(bundled.read_text("utf-8"), "services.csv", False)
    if path is None:
        return _table(found)
    try:
        if path.stat().st_size > MAX_FILE:
            raise SourceError(f"{path}: larger than {MAX_FILE:,} bytes")
        text = path.read_text("utf-8-sig")
    except OSError as exc:
        raise SourceError(f"cannot read {path}: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise SourceError(f"{path}: not UTF-8 at byte {exc.start}") from exc
    return _table(_joined(found, _rows(text, str(path), True)))


def _joined(bundled: Sequence[Service], added: Sequence[Service]) -> list[Service]:
    """Bundled rows without the names that the user's rows take, then the user's."""
    taken = {_key(name): s for s in added for name in (s.service, *s.synonyms)}
    kept: list[Service] = []
    more: dict[str, list[str]] = {}
    for service in bundled:
        free = [name for name in service.synonyms if _key(name) not in taken]
        if owner := taken.get(_key(service.service)):
            more.setdefault(_key(owner.service), []).extend(free)
        else:
            kept.append(service.model_copy(update={"synonyms": free}))
    return kept + [
        s.model_copy(update={"synonyms": [*s.synonyms, *more.get(_key(s.service), ())]})
        for s in added
    ]


def _table(found: Sequence[Service]) -> ServiceTable:
    names = {_key(name): s for s in found for name in (s.service, *s.synonyms)}
    return ServiceTable(tuple(found), names)


def _rows(text: str, file: str, added: bool) -> list[Service]:
    """Rows of a table; the first thing that is wrong is an error with file, line and field."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Service] = []
    seen: dict[str, int] = {}
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = _header([c.strip() for c in cells], f"{file}, line {line}")
            elif any(c.strip() for c in cells):
                found.append(_row(header, cells, f"{file}, line {line}", added))
                _once(found[-1], seen, line, file)
            line = reader.line_num + 1
    except csv.Error as exc:
        raise SourceError(f"{file}, line {line}: {exc}") from exc
    if not header:
        raise SourceError(f"{file}, line 1: no columns; expected {', '.join(COLUMNS)}")
    return found


def _header(header: list[str], where: str) -> list[str]:
    for column in header:
        if column not in COLUMNS:
            raise SourceError(
                f"{where}, {_short(column)}: no such column{nearest(column, COLUMNS)}"
            )
        if header.count(column) > 1:
            raise SourceError(f"{where}, {column}: the column stands there twice")
    for column in COLUMNS[:2]:
        if column not in header:
            raise SourceError(f"{where}, {column}: the column is missing")
    return header


def _row(header: Sequence[str], cells: Sequence[str], where: str, added: bool) -> Service:
    if len(cells) > len(header):
        raise SourceError(f"{where}: {len(cells)} cells under {len(header)} columns")
    row = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=False)}
    for column, cell in row.items():
        longest = MAX_CELL * 10 if column == "synonyms" else MAX_CELL
        if len(cell) > longest:
            raise SourceError(f"{where}, {column}: longer than {longest} characters")
    if not _key(row.get("service", "")):
        raise SourceError(f"{where}, service: is missing")
    content = row.get("content", "").lower().replace("-", "_").replace(" ", "_")
    if content not in CONTENTS:
        wrong = f"{content!r} is no class{nearest(content, CONTENTS)}" if content else "is missing"
        raise SourceError(f"{where}, content: {wrong}")
    synonyms = [s.strip() for s in row.get("synonyms", "").split(LIST_SEPARATOR)]
    return Service.model_validate(
        {
            "service": row["service"],
            "content": content,
            "synonyms": [s for s in synonyms if _key(s)],
            "source": row.get("source") or "the user's own table",
            "why": row.get("why") or None,
            "added": added,
        }
    )


def _once(service: Service, seen: dict[str, int], line: int, file: str) -> None:
    for field, names in (("service", [service.service]), ("synonyms", service.synonyms)):
        for name in names:
            if _key(name) in seen:
                first = seen[_key(name)]
                raise SourceError(
                    f"{file}, line {line}, {field}: {_short(name)!r} stands in line {first} already"
                )
            seen[_key(name)] = line


def _how(parts: Sequence[ServicePart], content: KnowledgeContent) -> str:
    def told(part: ServicePart) -> str:
        other = part.service.service
        called = "" if _key(other) == _key(part.asked) else f" (in the table: {other})"
        return f"{part.asked}{called} is {described(part.service.content)} [{part.service.source}]"

    text = "; ".join(map(told, parts))
    if len({p.service.content for p in parts}) > 1:
        text += (
            f"; the one with the most knowledge to share decides: {described(content)} [our rule]"
        )
    return text[:1].upper() + text[1:] + "."


def described(content: KnowledgeContent) -> str:
    """`people_intensive_creative` as `people-intensive creative`."""
    return content.replace("_intensive", "-intensive").replace("_", " ")


def _key(name: str) -> str:
    """A name without what may be written either way."""
    return " ".join(re.sub(r"[-_\s]+", " ", _SEPARATOR.sub(" and ", name.casefold())).split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
