"""Addresses of pages, and the state that they carry: the address alone restores a page."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from alliance_explorer.queries.ties import KINDS

MAX_STEPS: Final = 3
LIMIT: Final = 10
PAGED_LABELS: Final = frozenset({"Firm", "Person", "Network"})
"""Labels whose nodes have a page of their own."""


@dataclass(frozen=True)
class Choice:
    """Something chosen by id, or typed by name: what the address carries, and what is shown."""

    value: str
    name: str


@dataclass(frozen=True)
class BridgeForm:
    """The whole state of the page on bridges.

    Parameters
    ----------
    focal, target : Choice, optional
        Who asks, and who is to be reached.
    as_of, known_at : str
        As typed: a year, a month, a day or nothing.
    kinds : tuple of str
        Kinds of ties to go over.
    avoid : tuple of Choice
        Who must not be on the way.
    max_steps : int
        Longest chain, in introductions.
    limit : int
        Most bridges to show.
    """

    focal: Choice | None = None
    target: Choice | None = None
    as_of: str = ""
    known_at: str = ""
    kinds: tuple[str, ...] = KINDS
    avoid: tuple[Choice, ...] = ()
    max_steps: int = MAX_STEPS
    limit: int = LIMIT

    def but(self, **changes: Any) -> "BridgeForm":
        """Return the same form with some fields changed."""
        return replace(self, **changes)

    def avoiding(self, value: str, name: str) -> "BridgeForm":
        """Return the form with one more on the list of those to avoid."""
        others = tuple(a for a in self.avoid if a.value != value)
        return self.but(avoid=(*others, Choice(value, name)))

    def without(self, value: str) -> "BridgeForm":
        """Return the form with one less on the list of those to avoid."""
        return self.but(avoid=tuple(a for a in self.avoid if a.value != value))

    @property
    def all_kinds(self) -> bool:
        """Whether every kind of tie is chosen."""
        return set(self.kinds) >= set(KINDS)

    @property
    def refined(self) -> bool:
        """Whether anything beside both ends and the day is set."""
        return self.but(focal=None, target=None, as_of="") != BridgeForm()

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is as usual is left out."""
        pairs = []
        if self.focal:
            pairs.append(("from", self.focal.value))
        if self.target:
            pairs.append(("to", self.target.value))
        pairs += [(name, value) for name, value in self.dates() if value]
        if not self.all_kinds:
            pairs += [("kinds", kind) for kind in self.kinds]
        pairs += [("avoid", choice.value) for choice in self.avoid]
        if self.max_steps != MAX_STEPS:
            pairs.append(("max_steps", str(self.max_steps)))
        if self.limit != LIMIT:
            pairs.append(("limit", str(self.limit)))
        return pairs

    def dates(self) -> list[tuple[str, str]]:
        """Return both dates as typed."""
        return [("as_of", self.as_of), ("known_at", self.known_at)]


@dataclass(frozen=True)
class Links:
    """Addresses of pages.

    Parameters
    ----------
    base : str
        Path under which the application is mounted, without a slash at its end.
    as_of, known_at : str
        Dates that every page on the way keeps.
    """

    base: str = ""
    as_of: str = ""
    known_at: str = ""

    def home(self, **parameters: str) -> str:
        """Return the address of the search page."""
        return self._with(f"{self.base}/", list(parameters.items()))

    def actor(self, id_: str, label: str = "Firm") -> str:
        """Return the address of a firm, person or network; empty if its label has no page."""
        if label not in PAGED_LABELS:
            return ""
        return self._with(self.undated(id_), self._dates())

    def undated(self, id_: str) -> str:
        """Return the address of an actor's page that shows all on record."""
        return f"{self.base}/firms/{quote(id_, safe=':')}"

    def actor_root(self) -> str:
        """Return what an encoded id has to follow."""
        return f"{self.base}/firms/"

    def bridges(self, form: BridgeForm | None = None) -> str:
        """Return the address of the page on bridges."""
        return self._with(f"{self.base}/bridges", form.parameters() if form else [])

    def bridges_from(self, id_: str, to: str = "") -> str:
        """Return the address of the bridges from one actor, with the dates kept."""
        ends = [("from", id_), ("to", to)] if to else [("from", id_)]
        return self._with(f"{self.base}/bridges", ends + self._dates())

    def portfolio(self, id_: str = "", with_: str = "") -> str:
        """Return the address of a firm's portfolio in depth, or of the form for one."""
        pairs = [("firm", id_)] if id_ else []
        if id_:
            pairs += self._dates()
        return self._with(f"{self.base}/portfolio", pairs + ([("with", with_)] if with_ else []))

    def static(self, name: str) -> str:
        """Return the address of a script, a stylesheet or a picture."""
        return f"{self.base}/static/{name}"

    def api(self, path: str, pairs: list[tuple[str, str]] | None = None) -> str:
        """Return an address of the programming interface."""
        return self._with(f"{self.base}/api/v1/{quote(path, safe=':/')}", pairs or [])

    def dated(self) -> str:
        """Return the dates as a query, `?` included; empty if there are none."""
        return self._with("", self._dates())

    def _dates(self) -> list[tuple[str, str]]:
        pairs = [("as_of", self.as_of), ("known_at", self.known_at)]
        return [(name, value) for name, value in pairs if value]

    @staticmethod
    def _with(path: str, pairs: list[tuple[str, str]]) -> str:
        return f"{path}?{urlencode(pairs)}" if pairs else path
