"""The page on reach: who can be reached, counted and listed, and over whom it hangs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from alliance_explorer.queries.bridging.models import Searched
from alliance_explorer.queries.bridging.reach_models import Counted, ReachResult, WeakPoints
from alliance_explorer.queries.graph.ties import KINDS

from . import text
from .forms import MAX_STEPS, BridgeForm, Choice
from .links import Links
from .pages import Problem, render

# Values of a filter that are shown at once; the others are folded away.
SHOWN: Final = 6
# Weak points that are shown at once.
WEAK_SHOWN: Final = 6


@dataclass(frozen=True)
class ReachForm:
    """The whole state of the page on reach.

    Parameters
    ----------
    focal : Choice, optional
        Who asks.
    as_of, known_at : str
        As typed: a year, a month, a day or nothing.
    max_steps : int
        Longest chain, in introductions.
    steps, country, actor_type : str
        Filters; empty: any.
    capability, network : Choice, optional
        Filters.
    cursor : str
        Where the list begins; empty: at its start.
    """

    focal: Choice | None = None
    as_of: str = ""
    known_at: str = ""
    max_steps: int = MAX_STEPS
    steps: str = ""
    country: str = ""
    actor_type: str = ""
    capability: Choice | None = None
    network: Choice | None = None
    cursor: str = ""

    def but(self, **changes: Any) -> "ReachForm":
        """Return the same form with some fields changed, at the start of its list."""
        return replace(self, **{"cursor": "", **changes})

    def filters(self) -> list[tuple[str, str, str]]:
        """Return the filters that are set: parameter, value, and what to show."""
        return [
            (name, value, shown)
            for name, value, shown in (
                ("steps", self.steps, f"{self.steps} introductions"),
                ("country", self.country, self.country),
                ("actor_type", self.actor_type, text.words(self.actor_type)),
                *((name, c.value, c.name) if c else (name, "", "") for name, c in self._things()),
            )
            if value
        ]

    def _things(self) -> list[tuple[str, Choice | None]]:
        return [("capability", self.capability), ("network", self.network)]

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is as usual is left out."""
        pairs = [("from", self.focal.value)] if self.focal else []
        pairs += [(n, v) for n, v in (("as_of", self.as_of), ("known_at", self.known_at)) if v]
        if self.max_steps != MAX_STEPS:
            pairs.append(("max_steps", str(self.max_steps)))
        pairs += [(name, value) for name, value, _ in self.filters()]
        return pairs + ([("cursor", self.cursor)] if self.cursor else [])


@dataclass(frozen=True)
class Option:
    """One value to filter by: `share` is the length of its bar in percent."""

    name: str
    number: int
    share: float
    url: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One thing to filter by."""

    title: str
    options: Sequence[Option]


def reach_address(links: Links, form: ReachForm | None = None) -> str:
    """Return the address of the page."""
    pairs = form.parameters() if form else []
    return f"{links.base}/reach" + (f"?{urlencode(pairs)}" if pairs else "")


def reach_page(
    links: Links,
    *,
    form: ReachForm,
    result: ReachResult | None = None,
    weak: WeakPoints | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page on reach: the form alone, an answer, or what is wrong.

    Parameters
    ----------
    links : Links
    form : ReachForm
        What was asked.
    result : ReachResult, optional
        The answer; None if nothing was asked or something is wrong.
    weak : WeakPoints, optional
        Of the same group.
    problem : Problem, optional
        What is wrong.
    """
    api = []
    if result and weak:
        pairs = _for_programs(form, result.searched)
        actor = result.focal.id
        groups = [p for p in pairs if p[0] not in ("steps", "cursor")]
        api = [
            ("this answer as JSON", links.api(f"actors/{actor}/reach", pairs)),
            ("the weak points as JSON", links.api(f"actors/{actor}/weak-points", groups)),
        ]
    return render(
        "reach.html",
        links=links,
        here=reach_address(links),
        form=form,
        result=result,
        weak=weak,
        weak_shown=WEAK_SHOWN,
        problem=problem,
        facets=_facets(links, form, result) if result else [],
        shown=SHOWN,
        cleared=[
            (shown, reach_address(links, form.but(**{name: None if thing else ""})))
            for name, _, shown in form.filters()
            for thing in (name in ("capability", "network"),)
        ],
        searched_text=searched_text(result.searched) if result else "",
        to=lambda ref: _bridges(links, form, ref.id, ref.name),
        next_page=reach_address(links, replace(form, cursor=result.next_cursor))
        if result and result.next_cursor
        else "",
        first_page=reach_address(links, form.but()) if form.cursor else "",
        data=api,
    )


def searched_text(searched: Searched) -> str:
    """Return in a sentence what was looked at."""
    over = "every kind of tie"
    if set(searched.kinds) != set(KINDS):
        over = ", ".join(text.KINDS[kind][0].lower() for kind in searched.kinds)
    most = text.plural(searched.max_steps, "introduction")
    when = (
        f"among what held on {searched.as_of}"
        if searched.as_of
        else "among everything on record; what has ended fades by half in "
        f"{searched.half_life:g} years"
    )
    known = f", as far as it was recorded by {searched.known_at}" if searched.known_at else ""
    return f"Looked at ways of up to {most} over {over}, {when}{known}."


def _facets(links: Links, form: ReachForm, result: ReachResult) -> list[Facet]:
    counts = result.counts
    facets = []
    for title, name, counted in (
        ("How far", "steps", counts.steps),
        ("Country", "country", counts.country),
        ("Place in the industry", "actor_type", counts.actor_type),
        ("Offers", "capability", counts.capability),
    ):
        if any(c.value != "not recorded" for c in counted):
            facets.append(Facet(title, _options(links, form, name, counted)))
    return facets


def _options(links: Links, form: ReachForm, name: str, counted: Sequence[Counted]) -> list[Option]:
    most = max((c.number for c in counted), default=1)
    set_to = {n: v for n, v, _ in form.filters()}.get(name)
    found = []
    for c in counted:
        value: object = Choice(c.value, c.name) if name == "capability" else c.value
        chosen = set_to == c.value
        cleared = None if name == "capability" else ""
        url = reach_address(links, form.but(**{name: cleared if chosen else value}))
        found.append(Option(c.name, c.number, 100 * c.number / most, url, chosen))
    return found


def _bridges(links: Links, form: ReachForm, id_: str, name: str) -> str:
    """Return the address of the bridges to somebody, under the same conditions."""
    return links.bridges(
        BridgeForm(
            focal=form.focal,
            target=Choice(id_, name),
            as_of=form.as_of,
            known_at=form.known_at,
            max_steps=form.max_steps,
        )
    )


def _for_programs(form: ReachForm, searched: Searched) -> list[tuple[str, str]]:
    """Return the same question for the programming interface, with whole dates."""
    days = {"as_of": searched.as_of, "known_at": searched.known_at}
    pairs = [p for p in form.parameters() if p[0] != "from"]
    return [(name, str(days[name]) if name in days else value) for name, value in pairs]
