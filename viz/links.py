"""Addresses of pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from alliance_explorer.graph_schema import SCHEMA

from .forms import BridgeForm

PAGED_LABELS: Final = frozenset({"Firm", "Person", "Network"})
"""Labels whose nodes have a page of their own."""


class Question(NamedTuple):
    """A page that asks about one firm.

    Parameters
    ----------
    parameter : str
        Name of the parameter that names the firm.
    name : str
        What to call the page.
    answers : str
        What it answers, for somebody who does not know the name yet.
    """

    parameter: str
    name: str
    answers: str


class Overview(NamedTuple):
    """A page about everything that is loaded: what to call it, and what it answers."""

    name: str
    answers: str


QUESTIONS: Final[Mapping[str, Question]] = {
    "explore": Question(
        "actor", "Work with the picture", "Expand, hide, filter by day, add notes, send the link."
    ),
    "portfolio": Question(
        "firm",
        "Portfolio in depth",
        "What the alliances are made of, who depends on whom, who competes.",
    ),
    "structure": Question(
        "firm",
        "Structural holes",
        "Between whom the firm stands alone, and how far its partners bind it.",
    ),
    "reach": Question(
        "from",
        "Whom can it reach?",
        "Firms beyond its own contacts, and without whom they are not.",
    ),
    "proximity": Question(
        "from",
        "How near are partners?",
        "In place, organization, trust, knowledge and law: too far, or too close?",
    ),
    "feasibility": Question(
        "firm",
        "Is a partnership feasible?",
        "What speaks for and against a partner for a service, here or abroad.",
    ),
    "partners": Question("firm", "Find partners", "Whom to ally with next, and why."),
    "constellations": Question(
        "firm", "Constellations", "The smallest sets of firms that cover what a solution needs."
    ),
    "what-if": Question(
        "firm", "What if?", "A partner leaves, is taken over, or an alliance is made."
    ),
    "timeline": Question("firm", "Timeline", "What happened when, from the first move on."),
    "compare": Question("firm", "Compare", "Two firms side by side, or one firm on two days."),
}
"""Pages that ask about one firm."""

OVERVIEWS: Final[Mapping[str, Overview]] = {
    "map": Overview("The whole network", "All firms as groups that open into their members."),
    "query": Overview("Ask in Cypher", "Whatever the pages do not ask; it can only read."),
    "facts": Overview(
        "Where is this from?", "The source behind each fact, and who says otherwise."
    ),
}
"""Pages about everything that is loaded."""


NETWORK_IDS: Final = SCHEMA.nodes["Network"].prefix


@dataclass(frozen=True)
class Links:
    """Addresses of pages.

    Parameters
    ----------
    base : str
        Path under which the application is mounted, without a slash at its end.
    as_of, known_at : str
        Dates that every page on the way keeps.
    origin : str
        Scheme and host under which the server was asked, for commands to copy.
    """

    base: str = ""
    as_of: str = ""
    known_at: str = ""
    origin: str = "http://127.0.0.1:8000"

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
        folder = "networks" if id_.startswith(NETWORK_IDS) else "firms"
        return f"{self.base}/{folder}/{quote(id_, safe=':')}"

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

    def structure(self, pairs: list[tuple[str, str]] | None = None) -> str:
        """Return the address of the page on structure."""
        return self._with(f"{self.base}/structure", pairs or [])

    def structure_of(self, id_: str) -> str:
        """Return the address of a firm's structure, with the day kept."""
        return self.structure([("firm", id_), *(p for p in self._dates() if p[0] == "as_of")])

    def portfolio(self, id_: str = "", with_: str = "") -> str:
        """Return the address of a firm's portfolio in depth, or of the form for one."""
        pairs = [("firm", id_)] if id_ else []
        if id_:
            pairs += self._dates()
        return self._with(f"{self.base}/portfolio", pairs + ([("with", with_)] if with_ else []))

    def explore(self, ids: list[str] | None = None) -> str:
        """Return the address of the picture that is worked with, beginning with some actors."""
        pairs = [("actor", i) for i in ids or []]
        return self._with(f"{self.base}/explore", pairs + (self._dates() if pairs else []))

    def explore_of(self, form: BridgeForm) -> str:
        """Return the address of the same, beginning with the ways that a form asks for.

        Empty if the form asks for more than a picture can be asked: the ways would be others.
        """
        asked = [p for p in form.parameters() if p[0] != "limit"]
        if {name for name, _ in asked} - {"from", "to", "avoid", "as_of", "known_at"}:
            return ""
        return self._with(f"{self.base}/explore", asked)

    def question(self, page: str, id_: str = "") -> str:
        """Return the address of a page of `QUESTIONS`, about a firm or for anybody."""
        about = [(QUESTIONS[page].parameter, id_), *self._dates()] if id_ else []
        return self._with(f"{self.base}/{page}", about)

    def overview(self, page: str, pairs: list[tuple[str, str]] | None = None) -> str:
        """Return the address of a page of `OVERVIEWS`."""
        return self._with(f"{self.base}/{page}", pairs or [])

    def facts(self, what: str = "", other: str = "") -> str:
        """Return the address that says where something is from, or all facts between two."""
        return self.overview("facts", [(n, v) for n, v in (("what", what), ("other", other)) if v])

    def query(self, query: str = "", parameters: str = "") -> str:
        """Return the address of the page that runs a query, or of its form."""
        asked = [("query", query), ("parameters", parameters)]
        return self.overview("query", [(name, value) for name, value in asked if value])

    def compare(self, firm: str, other: str = "", **days: str) -> str:
        """Return the address of two firms side by side, or of one on two days."""
        pairs = [("firm", firm), ("with", other), *days.items()]
        return self._with(f"{self.base}/compare", [(n, v) for n, v in pairs if v])

    def members(self, network: str, mine: str = "", page: int = 1, find: str = "") -> str:
        """Return the address of a network, seen by one of its members or by nobody."""
        pairs = [*self._dates(), ("mine", mine), ("find", find)]
        pairs.append(("page", str(page) if page > 1 else ""))
        return self._with(self.undated(network), [(n, v) for n, v in pairs if v])

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
