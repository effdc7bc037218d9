"""A `landscape.yml`, as the landscapes of the CNCF and of the Linux Foundation are written.

For each network with members a category `<network> Members`, for each tier a subcategory, for each
membership an item; what says no more than that a firm is a member stands in the `second_path` of
the firm's first item. The category `Projects` has the networks themselves.

**Our rules**: members without a tier are in a subcategory that is called as the category. Ids of
ours are annotations, which landscapes leave to other programs. Who has left is not listed.

References
----------
The data file of landscape2, github.com/cncf/landscape2, docs/config/data.yml. It wants a `logo` of
each item, and nobody knows one here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import yaml

from alliance_explorer.graph_schema import SCHEMA, Value
from alliance_explorer.graph_schema.foreign_words import (
    CRUNCHBASE,
    END_USER,
    LANDSCAPE_ABBREVIATED,
    LANDSCAPE_ID,
    LANDSCAPE_KIND,
    LANDSCAPE_MEMBERS,
    LANDSCAPE_MEMBERSHIP,
    LANDSCAPE_NETWORKS,
    LANDSCAPE_PROJECTS,
    LANDSCAPE_SCOPE,
    is_address,
)

from .stored import Stored

FIRM, NETWORK = SCHEMA.nodes["Firm"], SCHEMA.nodes["Network"]
MEMBER_OF = SCHEMA.relationships["MEMBER_OF"]
LIMITS: Final = (
    "all but firms with a membership, by name, home page, Crunchbase name and description, and "
    "their networks; sources and days of record"
)
_WHY: Final = "a landscape has no place for"
_SHORT: Final = {title: short for short, title in LANDSCAPE_NETWORKS.items()}
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH: Final = 1 << 20  # no line is broken

_Row: TypeAlias = Mapping[str, Value]
_Item: TypeAlias = dict[str, Any]


def landscape(stored: Stored) -> Iterator[str]:
    """The document, category by category.

    All members are held until the last is read, 1 kB or so each: a landscape is read by people, and
    loads take files up to 32 MiB.
    """
    made = _Landscape(stored)
    made.read()
    yield "landscape:" + ("\n" if made.shelves else " []\n")
    for title, shelves in made.categories():
        subcategories = [{"name": tier, "items": shelves[tier]} for tier in sorted(shelves)]
        category = {"name": title, "subcategories": subcategories}
        yield yaml.dump(
            [category], Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_WIDTH
        )


class _Landscape:
    """The stored graph on its way into categories."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._lost = stored.lost
        self._networks = {str(row["id"]): row for row in stored.rows(NETWORK)}
        self._titles = {id_: _title(row) for id_, row in self._networks.items()}
        self.shelves: dict[str, dict[str, list[_Item]]] = {}  # by category and subcategory

    def read(self) -> None:
        """Put all members where they belong, and count what has no place."""
        listed: set[str] = set()
        for firm, facts in self._stored.with_facts(FIRM, MEMBER_OF):
            here = [fact for fact in facts if not self._is_over(fact)]
            over = len(facts) - len(here)
            self._lost.add("memberships that have ended: who has left is not listed", over)
            if not here:
                self._lost.add(
                    "firms without a membership of today: a landscape does not list them"
                )
                continue
            listed.update(str(fact["to"]) for fact in here)
            self._list(firm, here)
        self._projects(listed)
        persons = sum(
            SCHEMA.label_of(str(fact["from"])) != FIRM.label
            for fact in (self._stored.rows(MEMBER_OF) if self._has_people() else ())
        )
        self._lost.add("memberships of people, who are in no landscape", persons)
        self._stored.lose_all_but((FIRM, NETWORK, MEMBER_OF), _WHY)

    def categories(self) -> Iterator[tuple[str, dict[str, list[_Item]]]]:
        """The largest first: it says what the landscape is about."""

        def size(title: str) -> tuple[int, str]:
            return -sum(len(items) for items in self.shelves[title].values()), title

        members = sorted((t for t in self.shelves if t != LANDSCAPE_PROJECTS), key=size)
        for title in [*members, *(t for t in self.shelves if t == LANDSCAPE_PROJECTS)]:
            shelves = self.shelves[title]
            for items in shelves.values():
                items.sort(key=lambda item: str(item["name"]).casefold())
            yield title, shelves

    # --- members ---------------------------------------------------------------------------------

    def _list(self, firm: _Row, facts: list[_Row]) -> None:
        """A firm's items: one for each membership of which more is known, one at least."""
        said: dict[tuple[str, ...], _Row] = {}
        for fact in facts:
            role = str(fact.get("role", ""))
            key = str(fact["to"]), str(fact.get("since", "")), role if role == END_USER else ""
            if said.setdefault(key, fact) is not fact:
                self._lost.add("memberships that another source says too")
        telling = [f for f in said.values() if self._tells(f)] or [*said.values()][:1]
        bare = [f for f in said.values() if all(f is not t for t in telling)]
        first = telling[0]
        apart = [f for f in bare if f["to"] == first["to"]]
        beside = [f for f in bare if f["to"] != first["to"]]
        own = self._firm(firm)
        for fact in [*telling, *apart]:
            item = {**own, **_annotated(str(firm["id"])), **self._membership(fact)}
            if fact is first and beside:
                paths = [LANDSCAPE_MEMBERSHIP + self._titles[str(f["to"])] for f in beside]
                item["second_path"] = sorted(paths)
            category, tier = self._place(fact)
            self.shelves.setdefault(category, {}).setdefault(tier, []).append(item)
        for fact in said.values():
            self._count("memberships", fact, self._held(fact))

    def _firm(self, own: _Row) -> _Item:
        address, crunchbase = str(own.get("homepage", "")), own.get("crunchbase")
        item: _Item = {"name": f"{own['name']} (member)"}
        held = {"id", "name", "crunchbase", "description"}
        if is_address(address):
            item["homepage_url"] = address
            held.add("homepage")
        if description := own.get("description"):
            item["description"] = description
        if crunchbase:
            item["crunchbase"] = CRUNCHBASE + quote(str(crunchbase), safe="")
        self._count("firms", own, held)
        return item

    def _membership(self, fact: _Row) -> _Item:
        item: _Item = {}
        if since := fact.get("since"):
            item["joined"] = str(since)
        if fact.get("role") == END_USER:
            item["enduser"] = True
        return item

    def _place(self, fact: _Row) -> tuple[str, str]:
        """Category and subcategory."""
        title = self._titles[str(fact["to"])]
        category = _SHORT.get(title, title) + LANDSCAPE_MEMBERS
        return category, str(fact.get("tier", category))

    def _held(self, fact: _Row) -> set[str]:
        held = {"from", "to", "since"}
        held |= {"tier"} if fact.get("tier") != self._place(fact)[0] else set()
        held |= {"role"} if fact.get("role") == END_USER else set()
        if fact.get("evidence") == (
            " / ".join(self._place(fact))
            if self._tells(fact)
            else LANDSCAPE_MEMBERSHIP + str(self._networks[str(fact["to"])]["name"])
        ):
            held.add("evidence")
        return held

    def _tells(self, fact: _Row) -> bool:
        return bool(fact.get("tier") or fact.get("since") or fact.get("role") == END_USER)

    def _is_over(self, fact: _Row) -> bool:
        until = fact.get("until")
        return until is not None and str(until) <= self._stored.today.isoformat()

    def _has_people(self) -> bool:
        return SCHEMA.nodes["Person"] in self._stored.types

    # --- networks --------------------------------------------------------------------------------

    def _projects(self, listed: set[str]) -> None:
        self._lost.add("networks without a member of today", len(self._networks) - len(listed))
        called = Counter(self._titles[id_] for id_ in listed)
        for id_ in sorted(listed):
            own, title = self._networks[id_], self._titles[id_]
            alike = called[title] > 1
            self._lost.add("networks that are called as another: a load makes them one", alike)
            self._lost.add(
                "names of networks in part: parentheses at the end are taken for an abbreviation",
                title == own["name"] and bool(LANDSCAPE_ABBREVIATED.fullmatch(title)),
            )
            aliases = own.get("aliases")
            others = aliases if isinstance(aliases, list) else []
            item: _Item = {"name": title}
            held = {"id", "name", "aliases", "description"}
            if is_address(address := str(own.get("homepage", ""))):
                item["homepage_url"] = address
                held.add("homepage")
            if description := own.get("description"):
                item["description"] = description
            item |= _annotated(id_)
            held |= {"kind"} if own.get("kind") == LANDSCAPE_KIND else set()
            held |= {"scope"} if own.get("scope") == LANDSCAPE_SCOPE else set()
            self._count("networks", own, held)
            more = [other for other in others if title != f"{own['name']} ({other})"]
            self._lost.add("other names of networks: a landscape has one abbreviation", len(more))
            shelf = self.shelves.setdefault(LANDSCAPE_PROJECTS, {})
            shelf.setdefault("Networks", []).append(item)

    def _count(self, what: str, own: _Row, held: set[str]) -> None:
        self._lost.add_values(what, own.keys() - held, _WHY)


def _title(network: _Row) -> str:
    """`Name (ABBR)`, as a load takes it apart."""
    aliases, name = network.get("aliases"), str(network["name"])
    others = aliases if isinstance(aliases, list) else []
    short = next((other for other in others if not {"(", ")"} & set(other)), "")
    if name in LANDSCAPE_NETWORKS:
        short = short or name  # else it would be taken for the network that goes by that
    return f"{name} ({short})" if short else name


def _annotated(id_: str) -> _Item:
    return {"extra": {"annotations": {LANDSCAPE_ID: id_}}}
