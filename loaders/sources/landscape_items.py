"""What an item of a landscape says, checked: members, and who owns a product."""

import re
from dataclasses import dataclass
from typing import Final

from alliance_explorer.graph_schema import SCHEMA, Problem, date_of
from alliance_explorer.graph_schema.foreign_words import (
    END_USER,
    LANDSCAPE_ABBREVIATED,
    LANDSCAPE_ID,
    LANDSCAPE_MEMBERS,
    LANDSCAPE_MEMBERSHIP,
    LANDSCAPE_NETWORKS,
    is_address,
)
from alliance_explorer.loaders.cleaning.identity import Claim, crunchbase_name, domain

from .landscape_file import Entry, Shelf, Value

_SUFFIX: Final = re.compile(r"\s*\((?:member|supporter|contributor)\)$", re.IGNORECASE)
# The Linux Foundation's nightly build appends what it found elsewhere about the same organisation.
_MERGED: Final = re.compile(r"\s*-+ Merged Data:.*", re.DOTALL)
_FLAGS: Final = {"": False, "false": False, "no": False, "true": True, "yes": True}


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a landscape writes it: `Name (ABBR)`."""

    name: str
    abbreviation: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One item of a member category.

    Parameters
    ----------
    line : int
    tier : Shelf
        Where it stands; a tier of the network `own`.
    claim : Claim
        Which firm it is about.
    homepage, description, since, role : str
        Empty if not known. `since` and `role` are about `own`.
    own : Network
        The network that this landscape is about.
    others : tuple of Network
        What else it is a member of.
    """

    line: int
    tier: Shelf
    claim: Claim
    homepage: str
    description: str
    since: str
    role: str
    own: Network
    others: tuple[Network, ...]

    @property
    def name(self) -> str:
        """Name without "(member)"."""
        return self.claim.name

    @property
    def level(self) -> str:
        """The tier; empty where the subcategory is called as its category, and says none."""
        return "" if self.tier.name == self.tier.category else self.tier.name


def body(shelf: Shelf) -> str | None:
    """The X of a category `<X> Members`; None for other categories."""
    name = shelf.category.removesuffix(LANDSCAPE_MEMBERS)
    return None if name == shelf.category else name


def network(title: str) -> Network:
    """Take the abbreviation out of `Name (ABBR)`."""
    match = LANDSCAPE_ABBREVIATED.fullmatch(title)
    return Network(match[1], match[2].strip()) if match else Network(title)


def member(entry: Entry, tier: Shelf, problems: list[Problem]) -> Member:
    """Read one member item; what is wrong with it is added to `problems`."""
    problems += [Problem(key, "stands twice") for key in entry.repeated]
    name = bare_name(text(entry, "name", problems))
    if not name:
        problems.append(Problem("name", "missing; every member needs it"))
    crunchbase = owner(entry, problems)
    homepage = text(entry, "homepage_url", problems)
    if homepage and not is_address(homepage):
        problems.append(Problem("homepage_url", f"{homepage!r} is not an http(s) address"))
    since = text(entry, "joined", problems)
    try:
        date_of(since or "2000")
    except ValueError as exc:
        problems.append(Problem("joined", str(exc)))
    if _flag(entry, "unnamed_organization", problems):
        crunchbase, homepage = None, ""  # the page is the foundation's
    own = network(LANDSCAPE_NETWORKS.get(body(tier) or "", body(tier) or tier.category))
    others = dict.fromkeys(network(title) for title in _memberships(entry, problems))
    return Member(
        entry.line,
        tier,
        Claim(name, crunchbase, domain(homepage), stated_id(entry, "Firm", problems)),
        homepage,
        description(entry, problems),
        since,
        END_USER if _flag(entry, "enduser", problems) else "",
        own,
        tuple(other for other in others if other.name != own.name),
    )


def bare_name(name: str) -> str:
    """A name without "(member)", "(supporter)" or "(contributor)" at its end."""
    return _SUFFIX.sub("", name.strip())


def owner(entry: Entry, problems: list[Problem]) -> str | None:
    """Name in Crunchbase of the organisation that an item is, or belongs to."""
    address = text(entry, "crunchbase", problems)
    try:
        return crunchbase_name(address) if address else None
    except ValueError as exc:
        problems.append(Problem("crunchbase", str(exc)))
        return None


def stated_id(entry: Entry, label: str, problems: list[Problem]) -> str | None:
    """Our id of what an item is, from its annotations as our exports have them."""
    extra = entry.get("extra")
    notes = extra.get("annotations") if isinstance(extra, Entry) else None
    if not isinstance(notes, Entry) or not (id_ := text(notes, LANDSCAPE_ID, problems)):
        return None
    if SCHEMA.label_of(id_) != label:
        problems.append(Problem(LANDSCAPE_ID, f"{id_[:60]!r} is no id of a {label}"))
    return id_


def paths(entry: Entry, problems: list[Problem]) -> list[str]:
    """Where an item stands besides: `Category / Subcategory`."""
    value = entry.get("second_path")
    found = (
        [path.strip() for path in value if isinstance(path, str)] if isinstance(value, list) else []
    )
    if value is not None and (not isinstance(value, list) or len(found) < len(value)):
        problems.append(Problem("second_path", "not a list of texts"))
    return found


def text(entry: Entry, key: str, problems: list[Problem]) -> str:
    """One field, trimmed; empty if it is not there."""
    value: Value = entry.get(key)
    if value is None or isinstance(value, str):
        return (value or "").strip()
    problems.append(Problem(key, "not text"))
    return ""


def description(entry: Entry, problems: list[Problem]) -> str:
    """The description, without what a build appended to it."""
    return _MERGED.sub("", text(entry, "description", problems))


def _memberships(entry: Entry, problems: list[Problem]) -> list[str]:
    titles = [
        p.removeprefix(LANDSCAPE_MEMBERSHIP)
        for p in paths(entry, problems)
        if p.startswith(LANDSCAPE_MEMBERSHIP)
    ]
    return [title.strip() for title in titles if title.strip()]


def _flag(entry: Entry, key: str, problems: list[Problem]) -> bool:
    value = text(entry, key, problems)
    if value.lower() not in _FLAGS:
        problems.append(Problem(key, f"{value!r} is neither true nor false"))
    return _FLAGS.get(value.lower(), False)
