"""Which firm is this? One company keeps one id over spellings, files and loads.

Public lists name a company in many ways; two keys are good enough to join on: its name in
Crunchbase addresses, and the host of its home page. **Our rule**, in this order:

1. the same Crunchbase name is the same firm;
2. the same home page host is the same firm, unless both have a Crunchbase name and these differ,
   or the host is shared: several firms have it (then the names must be equal too), or it is one of
   `GENERIC_HOSTS`;
3. the same id is the same firm where nothing is against it: the firm in the graph has neither
   key, as one that was entered by hand, or has the same host.

One source may put one Crunchbase name on members with unrelated home pages. Most such cases are
an owner's name on its spin-offs or programmes (IBM's on Kyndryl), some are plain errors
(Microsoft's on a health service): only the members whose name or host agrees with it keep it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import unquote, urlsplit

from alliance_explorer.engine import Decoded, Engine, Row
from alliance_explorer.matching import merged_firms

# Where the pages of many organisations live: such a host says nothing about who somebody is.
# cncf.io and linuxfoundation.org stand for members that do not want to be named.
GENERIC_HOSTS: Final = frozenset(
    {
        "cncf.io",
        "crunchbase.com",
        "docs.google.com",
        "en.wikipedia.org",
        "facebook.com",
        "github.com",
        "gitlab.com",
        "instagram.com",
        "linkedin.com",
        "linktr.ee",
        "linuxfoundation.org",
        "medium.com",
        "sites.google.com",
        "twitter.com",
        "x.com",
        "youtube.com",
    }
)
MAX_SLUG: Final = 100

FIRMS: Final = (
    "MATCH (f:Firm) RETURN f.id AS id, f.name AS name, f.aliases AS aliases, "
    "f.crunchbase AS crunchbase, f.homepage AS homepage"
)
NETWORKS: Final = "MATCH (n:Network) RETURN n.id AS id, n.name AS name, n.aliases AS aliases"

_ACCENTS = re.compile("[\u0300-\u036f]")
_NOT_IN_IDS = re.compile(r"[\s\x00-\x1f\x7f|]+")


# --- keys ----------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A name as part of an id: letters and digits of any script, the rest hyphens.

    Never empty: a name without letters becomes a hash.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    # Vowel signs of Indic scripts are marks, and tell names apart.
    kept = (
        c if c.isalnum() or unicodedata.category(c)[0] == "M" else " "
        for c in unicodedata.normalize("NFKC", bare)
    )
    words = "-".join("".join(kept).split())
    if words and len(words) <= MAX_SLUG:
        return words
    digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=6).hexdigest()
    return f"{words[: MAX_SLUG - 13]}-{digest}" if words else f"x{digest}"


def crunchbase_name(address: str) -> str:
    """The last part of a Crunchbase address, in lower case.

    Raises
    ------
    ValueError
        It is no Crunchbase address of an organisation.
    """
    parts = urlsplit(address.strip())
    name = parts.path.rstrip("/").rpartition("/")[2]
    host = parts.hostname or ""
    if not (host == "crunchbase.com" or host.endswith(".crunchbase.com")) or not name:
        raise ValueError(f"{address!r} is not the address of an organisation in Crunchbase")
    readable = unquote(name).lower()
    return name.lower() if _NOT_IN_IDS.search(readable) or "\ufffd" in readable else readable


def domain(address: str) -> str | None:
    """Host of a home page without `www.`; None when it is generic, or no address at all."""
    try:
        host = (urlsplit(address.strip()).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return None
    return None if "." not in host or host in GENERIC_HOSTS else host


# --- firms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """How one row of a source says which firm it is about.

    Parameters
    ----------
    name : str
    crunchbase : str, optional
        As `crunchbase_name` gives it.
    domain : str, optional
        As `domain` gives it.
    id : str, optional
        Our id, where the source has it: then it is that firm, whatever else is said.
    """

    name: str
    crunchbase: str | None = None
    domain: str | None = None
    id: str | None = None


@dataclass(slots=True)
class _Firm:
    id: str = ""
    crunchbase: str | None = None
    domains: dict[str, None] = field(default_factory=dict)  # a set that keeps the order
    names: dict[str, str] = field(default_factory=dict)  # as written, by their casefold

    @property
    def title(self) -> str:
        return next(iter(self.names.values()), self.id)

    def absorb(self, other: "_Firm") -> None:
        self.crunchbase = self.crunchbase or other.crunchbase
        self.domains |= other.domains
        self.names = other.names | self.names

    def is_called_as(self, other: "_Firm") -> bool:
        return not self.names.keys().isdisjoint(other.names)


class Firms:
    """The firms that are known: those in the graph, then those that `resolve` has met.

    Attributes
    ----------
    joined : list of str
        Firms that were joined by their Crunchbase name alone, although neither home page nor any
        word of the name is the same.
    apart : list of str
        Firms that share a home page, but have different Crunchbase names.
    disputed : list of str
        Crunchbase names that were taken away from rows with another home page.
    """

    def __init__(self, known: Iterable[Row] = ()) -> None:
        self.joined: list[str] = []
        self.apart: list[str] = []
        self.disputed: list[str] = []
        self._by_id: dict[str, _Firm] = {}
        self._by_crunchbase: dict[str, _Firm] = {}
        self._by_domain: dict[str, list[_Firm]] = {}
        for row in sorted(known, key=lambda row: str(row["id"])):
            host = domain(str(row["homepage"] or ""))
            self._add(
                _Firm(
                    str(row["id"]),
                    str(row["crunchbase"] or "").lower() or None,
                    {host: None} if host else {},
                    {name.casefold(): name for name in _labels(row)},
                )
            )

    @classmethod
    def in_graph(cls, engine: Engine) -> "Firms":
        """All firms that the graph holds, and those that were merged, under their former ids."""
        names = ("id", "name", "aliases", "crunchbase", "homepage")
        former = [{n: cast(Decoded, m.merged.get(n)) for n in names} for m in merged_firms(engine)]
        return cls([*engine.read(FIRMS), *former])

    def holder(self, crunchbase: str | None) -> str | None:
        """Id of the firm with a Crunchbase name."""
        firm = self._by_crunchbase.get(crunchbase or "")
        return firm.id if firm else None

    def resolve(self, claims: Sequence[Claim]) -> list[str]:
        """Say which firm each row of a source is about.

        All rows at once: whether a host is shared shows only when all of them are seen, and the
        ids must not depend on the order of the rows.

        Parameters
        ----------
        claims : sequence of Claim

        Returns
        -------
        list of str
            A firm id per claim: one that is known, else a new one, `firm:` with the Crunchbase
            name, else the domain, else the name.
        """
        groups: dict[tuple[int, str], _Firm] = {}
        keys = []
        for claim, crunchbase in zip(claims, self._trusted(claims), strict=True):
            key = (
                (-1, claim.id)
                if claim.id
                else (0, crunchbase)
                if crunchbase
                else (1, claim.domain)
                if claim.domain
                else (2, slug(claim.name))
            )
            keys.append(key)
            groups.setdefault(key, _Firm(crunchbase=crunchbase)).absorb(
                _Firm(
                    domains={claim.domain: None} if claim.domain else {},
                    names={claim.name.casefold(): claim.name},
                )
            )
        claimed: dict[str, set[str]] = {}
        for group in groups.values():
            for host in group.domains if group.crunchbase else ():
                claimed.setdefault(host, set()).add(group.crunchbase or "")
        ids = {}
        for key in sorted(groups, key=lambda key: key[0]):
            rank, word = key
            group = groups[key]
            if rank < 0:
                firm: _Firm | None = self._by_id.get(word) or _Firm(word)
            else:
                firm = self._with_crunchbase(group) or self._with_domain(group, claimed)
            ids[key] = self._settle(firm, group)
        self._note_neighbours(groups.values())
        return [ids[key] for key in keys]

    def _trusted(self, claims: Sequence[Claim]) -> Iterator[str | None]:
        """The Crunchbase name of each claim, or None where another home page has better title."""
        sites: dict[str, dict[str, list[Claim]]] = {}
        for claim in claims:
            if claim.crunchbase and claim.domain:
                by_site = sites.setdefault(claim.crunchbase, {})
                by_site.setdefault(_site(claim.domain), []).append(claim)
        losers: set[Claim] = set()
        for crunchbase, by_site in sites.items():
            if len(by_site) > 1:
                lost = [
                    c for some in by_site.values() if not _agrees(crunchbase, some) for c in some
                ]
                losers.update(lost)
                if lost:
                    names = " and ".join(claim.name for claim in lost)
                    self.disputed.append(f"{crunchbase} of {names}")
        for claim in claims:
            yield None if claim in losers else claim.crunchbase

    def _with_crunchbase(self, group: _Firm) -> _Firm | None:
        firm = self._by_crunchbase.get(group.crunchbase or "")
        if firm and firm.domains and group.domains and not firm.domains.keys() & group.domains:
            words = [set("-".join(map(slug, f.names)).split("-")) for f in (firm, group)]
            if words[0].isdisjoint(words[1]):
                self.joined.append(f"{group.title} = {firm.title} ({firm.id})")
        return firm

    def _with_domain(self, group: _Firm, claimed: Mapping[str, set[str]]) -> _Firm | None:
        for host in group.domains:
            there = self._by_domain.get(host, [])
            fitting = [f for f in there if not (f.crunchbase and group.crunchbase)]
            # Without a name in Crunchbase a group comes last: whoever claims the host is there.
            others = claimed.get(host, set()) if group.crunchbase else set()
            if len(there) > 1 or len(others) > 1:
                fitting = [f for f in fitting if f.is_called_as(group)]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _settle(self, firm: _Firm | None, group: _Firm) -> str:
        """Join a group with the firm that was found, or with a new one; the id."""
        ids = _ids(group)
        while firm is None:
            id_ = next(ids)
            if (taken := self._by_id.get(id_)) is None:
                group.id = id_
                self._add(group)
                return id_
            if _same(taken, group):
                firm = taken
        firm.absorb(group)
        self._add(firm)
        return firm.id

    def _add(self, firm: _Firm) -> None:
        self._by_id[firm.id] = firm
        if firm.crunchbase:
            self._by_crunchbase.setdefault(firm.crunchbase, firm)
        for host in firm.domains:
            there = self._by_domain.setdefault(host, [])
            if all(f is not firm for f in there):
                there.append(firm)

    def _note_neighbours(self, groups: Iterable[_Firm]) -> None:
        for host in dict.fromkeys(host for group in groups for host in group.domains):
            if len(there := self._by_domain[host]) > 1:
                self.apart.append(f"{' and '.join(sorted(f.id for f in there))} ({host})")


def _site(host: str) -> str:
    """The last two labels of a host: departments of a university are one site."""
    return ".".join(host.split(".")[-2:])


def _agrees(crunchbase: str, claims: Iterable[Claim]) -> bool:
    """Whether a name or host of these rows is what the Crunchbase name says."""
    flat = crunchbase.replace("-", "")
    return any(
        flat in (claim.domain or "").replace("-", "").split(".")
        or (crunchbase + "-").startswith(slug(claim.name) + "-")
        for claim in claims
    )


def _same(firm: _Firm, group: _Firm) -> bool:
    """Whether a firm that has the id which a group would get is the firm of that group."""
    if firm.crunchbase and group.crunchbase:
        return False  # equal ones were found before
    unknown = not firm.crunchbase and not firm.domains
    return unknown or not firm.domains.keys().isdisjoint(group.domains)


def _ids(group: _Firm) -> Iterator[str]:
    names = [*group.domains, *map(slug, group.names)]
    candidates = [group.crunchbase, *names] if group.crunchbase else names
    parts = [_NOT_IN_IDS.sub("-", part) for part in candidates]
    yield from (f"firm:{part}" for part in parts)
    number = 2
    while True:
        yield f"firm:{parts[0]}-{number}"
        number += 1


def _labels(row: Row) -> list[str]:
    aliases = row["aliases"]
    return [str(row["name"]), *map(str, aliases if isinstance(aliases, list) else [])]


# --- networks ------------------------------------------------------------------------------------


def network_ids(engine: Engine, networks: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Ids of networks, by name: those of the graph where it knows them, else `network:` and name.

    Parameters
    ----------
    engine : Engine
    networks : mapping of str to sequence of str
        Name to abbreviations and other names. A network in the graph is the same one if its name
        is among them, or the name among its aliases, and no second one has that too.
    """
    stored = {
        str(row["id"]): [label.casefold() for label in _labels(row)]
        for row in engine.read(NETWORKS)
    }
    ids = {}
    for name, aliases in networks.items():
        id_ = f"network:{slug(name)}"
        if id_ not in stored:
            ours = {label.casefold() for label in (name, *aliases)}
            same = [i for i, (n, *rest) in stored.items() if n in ours or name.casefold() in rest]
            id_ = same[0] if len(same) == 1 else id_
        ids[name] = id_
    return ids
