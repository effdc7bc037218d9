"""Landscapes: who is a member of the CNCF, of the Linux Foundation and of its projects.

Reads the `landscape.yml` of any landscape with a category `<X> Members`: its items are members of
the network X, whatever follows their name in parentheses; the subcategory is their tier there.
A subcategory that is called as its category says no tier.
`Project Membership / <network>` in an item's `second_path` is a membership in that network too,
whose tier the file does not tell. `enduser: true` becomes the role "end user". An item outside
that category is a product, also if its name ends in "(member)" as three of the CNCF's do: such a
firm is a member only where it is listed as one.

Rivalry is **our rule**, so `inferred` and with `confidence` 0.5: two commercial members of a
landscape compete where both have a product in the same subcategory. A product belongs to the member
with the same Crunchbase name. Not counted are `Special` (programmes) and `Projects`; community
projects (those with a `project` stage belong to the foundation, whoever started them); members of
a tier for universities and non-profits; and subcategories with more than `MAX_RIVALS` members:
those are directories. Members of the same file only, so that the order of loading does not matter.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import (
    SCHEMA,
    InvalidRow,
    NodeType,
    Problem,
    RelationshipType,
    parse,
)
from alliance_explorer.graph_schema.foreign_words import (
    LANDSCAPE_KIND,
    LANDSCAPE_MEMBERSHIP,
    LANDSCAPE_PROJECTS,
    LANDSCAPE_SCOPE,
)
from alliance_explorer.loaders.cleaning.identity import Firms, network_ids, slug
from alliance_explorer.loaders.model import Item, Located, Note, Rejected

from .landscape_file import Shelf, read_shelves
from .landscape_items import (
    Member,
    bare_name,
    body,
    description,
    member,
    network,
    owner,
    paths,
    stated_id,
    text,
)

MAX_RIVALS: Final = 100
RIVALRY_CONFIDENCE: Final = 0.5
NO_MARKETS: Final = ("Special", LANDSCAPE_PROJECTS)
NON_COMMERCIAL_TIERS: Final = ("Academic", "Associate", "Nonprofit")

_EXAMPLES: Final = 10

FIRM, NETWORK, SOURCE = (SCHEMA.nodes[label] for label in ("Firm", "Network", "Source"))
MEMBER_OF, COMPETES_WITH = (SCHEMA.relationships[t] for t in ("MEMBER_OF", "COMPETES_WITH"))

_LICENCE: Final = "Apache-2.0 or CC BY 4.0"
_SOURCES: Final = {
    "CNCF": {
        "id": "source:cncf-landscape",
        "title": "CNCF Cloud Native Landscape",
        "url": "https://github.com/cncf/landscape",
        "licence": _LICENCE,
        "attribution": "Cloud Native Computing Foundation, landscape.yml of cncf/landscape",
    },
    "LF": {
        "id": "source:lf-landscape",
        "title": "Linux Foundation Landscape",
        "url": "https://github.com/jmertic/lf-landscape",
        "licence": _LICENCE,
        "attribution": "The Linux Foundation, landscape.yml of jmertic/lf-landscape",
    },
}


@dataclass(slots=True)
class _Known:
    """A network with members, and what the file says about it."""

    line: int
    aliases: list[str] = field(default_factory=list)
    homepage: str = ""
    description: str = ""
    id: str | None = None


def read_landscape(path: Path, name: str, engine: Engine) -> Iterator[Item]:
    """Read a landscape: a Source, its Networks and Firms, then MEMBER_OF and COMPETES_WITH.

    Parameters
    ----------
    path : Path
        A `landscape.yml`, as it is or gzipped.
    name : str
        What messages call it.
    engine : Engine
        Read once, for the firms and networks that are known already.

    Yields
    ------
    Item
        A bad item of the file is Rejected whole, with its first line.

    Raises
    ------
    SourceError
        The file cannot be read or is no landscape with members; before anything is yielded.
    """
    shelves = read_shelves(path, name)
    bodies = [found for shelf in shelves if (found := body(shelf))]
    if not bodies:
        raise SourceError(f"{name}: a landscape without a category '… Members', so without firms")
    yield from _Landscape(shelves, name, bodies[0], engine).items()


class _Landscape:
    """One file on its way into records."""

    def __init__(self, shelves: list[Shelf], name: str, about: str, engine: Engine) -> None:
        self._shelves = shelves
        self._name = name
        self._engine = engine
        self._source = _source(about, name)
        self._firms = Firms.in_graph(engine)
        self._rows: dict[str, list[Member]] = {}  # by firm
        self._network_ids: dict[str, str] = {}  # by name
        self._stray_paths: dict[str, None] = {}

    def items(self) -> Iterator[Item]:
        members = []
        for item in self._members():
            if isinstance(item, Member):
                members.append(item)
            else:
                yield item
        ids = self._firms.resolve([m.claim for m in members])
        for id_, row in zip(ids, members, strict=True):
            self._rows.setdefault(id_, []).append(row)
        yield self._located(SOURCE, 0, self._source)
        yield from self._networks(members)
        for id_, rows in self._rows.items():
            yield self._firm(id_, rows)
        yield from self._memberships()
        yield from self._rivalries()
        yield from self._notes(len(members))

    def _located(
        self, type_: NodeType | RelationshipType, line: int, row: Mapping[str, object]
    ) -> Located | Rejected:
        if type_ is not SOURCE:
            row = {**row, "source": self._source["id"]}
        try:
            return Located(parse(type_, row), self._name, line)
        except InvalidRow as exc:
            return Rejected(type_.name, self._name, line, exc.problems, dict(row))

    # --- members ---------------------------------------------------------------------------------

    def _members(self) -> Iterator[Member | Rejected]:
        for shelf in self._shelves:
            if body(shelf) is None:
                continue
            yield from self._broken(shelf, FIRM)
            for entry in shelf.items:
                problems: list[Problem] = []
                row = member(entry, shelf, problems)
                if problems:
                    yield Rejected(FIRM.name, self._name, entry.line, tuple(problems), dict(entry))
                else:
                    yield row

    def _broken(self, shelf: Shelf, type_: NodeType | RelationshipType) -> Iterator[Rejected]:
        for value in shelf.broken:
            problem = Problem("items", f"{str(value)[:60]!r} is no mapping")
            yield Rejected(type_.name, self._name, shelf.line, (problem,))

    def _networks(self, members: Iterable[Member]) -> Iterator[Item]:
        """Networks that have members."""
        found: dict[str, _Known] = {}
        for row in members:
            for net in (row.own, *row.others):
                known = found.setdefault(net.name, _Known(row.line))
                if net.abbreviation and net.abbreviation not in known.aliases:
                    known.aliases.append(net.abbreviation)
        for shelf in self._shelves:
            for entry in shelf.items if shelf.category == LANDSCAPE_PROJECTS else ():
                if project := found.get(network(text(entry, "name", [])).name):
                    project.homepage = text(entry, "homepage_url", [])
                    project.description = description(entry, [])
                    project.id = stated_id(entry, NETWORK.label, [])
        self._network_ids = network_ids(self._engine, {n: k.aliases for n, k in found.items()})
        self._network_ids |= {n: k.id for n, k in found.items() if k.id}
        for name, known in found.items():
            yield self._located(
                NETWORK,
                known.line,
                {
                    "id": self._network_ids[name],
                    "name": name,
                    "aliases": known.aliases,
                    "kind": LANDSCAPE_KIND,
                    "scope": LANDSCAPE_SCOPE,
                    "homepage": known.homepage,
                    "description": known.description,
                },
            )

    def _firm(self, id_: str, rows: list[Member]) -> Located | Rejected:
        name, *others = dict.fromkeys(row.name for row in rows)
        return self._located(
            FIRM,
            rows[0].line,
            {
                "id": id_,
                "name": name,
                "aliases": others,
                "homepage": next((row.homepage for row in rows if row.homepage), None),
                "crunchbase": next(self._crunchbase_names(id_, rows), None),
                "description": next((row.description for row in rows if row.description), None),
            },
        )

    def _crunchbase_names(self, id_: str, rows: Iterable[Member]) -> Iterator[str]:
        """Those that the rows of a firm give and that were believed."""
        for row in rows:
            if row.claim.crunchbase and self._firms.holder(row.claim.crunchbase) == id_:
                yield row.claim.crunchbase

    def _memberships(self) -> Iterator[Item]:
        seen: dict[str, Member] = {}
        for firm, rows in self._rows.items():
            for row in rows:
                own = {
                    "tier": row.level,
                    "role": row.role,
                    "since": row.since,
                    "evidence": row.tier.path,
                }
                facts = [(row.own.name, own)]
                facts += [(n.name, {"evidence": LANDSCAPE_MEMBERSHIP + n.name}) for n in row.others]
                for name, fact in facts:
                    ends = {"from": firm, "to": self._network_ids[name]}
                    item = self._located(MEMBER_OF, row.line, {**ends, **fact})
                    if isinstance(item, Located):
                        if first := seen.get(item.record.id):
                            if fact is own and first.tier.name != row.tier.name:
                                yield self._conflict(firm, first, row)
                            continue
                        seen[item.record.id] = row
                    yield item

    def _conflict(self, firm: str, first: Member, row: Member) -> Note:
        return Note(
            f"{self._name}: {firm} is {first.tier.name} in {row.own.name} as {first.name!r} "
            f"(line {first.line}) and {row.tier.name} as {row.name!r} (line {row.line}), since the "
            f"same day: kept as {first.tier.name}, which the file lists first"
        )

    # --- rivalry ---------------------------------------------------------------------------------

    def _rivalries(self) -> Iterator[Item]:
        markets: dict[str, dict[str, tuple[str, int]]] = {
            shelf.path: {}
            for shelf in self._shelves
            if shelf.category not in NO_MARKETS and body(shelf) is None
        }
        yield from self._stock(markets)
        for market, firms in markets.items():
            if len(firms) > MAX_RIVALS:
                yield Note(
                    f"{self._name}: {market} has products of {len(firms)} members, more than "
                    f"{MAX_RIVALS}: no rivalry was inferred from it"
                )
                continue
            for (a, (product, line)), (b, (other, _)) in itertools.combinations(
                sorted(firms.items()), 2
            ):
                yield self._located(
                    COMPETES_WITH,
                    line,
                    {
                        "from": a,
                        "to": b,
                        "market": market,
                        "inferred": True,
                        "confidence": RIVALRY_CONFIDENCE,
                        "evidence": f"{product}; {other}",
                    },
                )

    def _stock(self, markets: Mapping[str, dict[str, tuple[str, int]]]) -> Iterator[Rejected]:
        """Put into each market, by firm, its first product there and the line of that."""
        sellers = {
            crunchbase: id_
            for id_, rows in self._rows.items()
            if any(row.tier.name not in NON_COMMERCIAL_TIERS for row in rows)
            for crunchbase in self._crunchbase_names(id_, rows)
        }
        for shelf in self._shelves:
            if shelf.path not in markets:
                continue
            yield from self._broken(shelf, COMPETES_WITH)
            for entry in shelf.items:
                problems: list[Problem] = []
                firm = sellers.get(owner(entry, problems) or "")
                places = [shelf.path, *paths(entry, problems)]
                if problems:
                    yield Rejected(
                        COMPETES_WITH.name, self._name, entry.line, tuple(problems), dict(**entry)
                    )
                elif firm and not entry.get("project"):
                    product = bare_name(text(entry, "name", [])) or firm
                    for place in places:
                        if place in markets:
                            markets[place].setdefault(firm, (product, entry.line))
                        else:
                            self._stray_paths[place] = None

    # --- what a reader should know ---------------------------------------------------------------

    def _notes(self, items: int) -> Iterator[Note]:
        yield Note(f"{self._name}: {items:,} member items are {len(self._rows):,} firms")
        several = [
            " = ".join(dict.fromkeys(row.name for row in rows))
            for rows in self._rows.values()
            if len(rows) > 1
        ]
        for what, cases in (
            ("several items are one firm", several),
            ("joined by Crunchbase name alone, please check", self._firms.joined),
            ("Crunchbase names not believed, as the home page differs", self._firms.disputed),
            ("same home page but kept apart, please check", self._firms.apart),
            ("products also stand in what is no subcategory", [*self._stray_paths]),
        ):
            if cases:
                more = len(cases) - _EXAMPLES
                yield Note(
                    f"{self._name}: {what}: {'; '.join(cases[:_EXAMPLES])}"
                    + (f"; and {more} more" if more > 0 else "")
                )


def _source(about: str, name: str) -> dict[str, str]:
    if about in _SOURCES:
        return _SOURCES[about]
    url = name if urlsplit(name).scheme in ("http", "https") else ""
    return {"id": f"source:{slug(about)}-landscape", "title": f"{about} Landscape", "url": url}
