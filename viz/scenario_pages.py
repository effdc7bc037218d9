"""Pages on what if, on partners to look for, and on constellations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from alliance_explorer.queries.scenarios.scenario_models import (
    Candidate,
    Constellations,
    Exposure,
    Partners,
    Standing,
    WhatIf,
)

from . import text
from .forms import Choice
from .links import Links
from .network import Picture
from .pages import Problem, render

USUAL: Final[Mapping[str, str]] = {"max_steps": "3", "max_size": "4", "slack": "0"}


@dataclass(frozen=True)
class AskForm:
    """What was asked on a page: the address alone restores it.

    Parameters
    ----------
    page : str
        Its path.
    chosen : mapping of str to sequence of Choice
        Names of actors and networks, by field.
    typed : mapping of str to sequence of str
        Everything else, by field.
    """

    page: str
    chosen: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def choice(self, name: str) -> Choice | None:
        """Return the first that was chosen in a field."""
        return next(iter(self.chosen.get(name, ())), None)

    def text(self, name: str) -> str:
        """Return what was typed in a field."""
        return next(iter(self.typed.get(name, ())), "")

    def texts(self, name: str, at_least: int = 1) -> list[str]:
        """Return all that was typed in a repeated field, with empty ones up to a number."""
        found = list(self.typed.get(name, ()))
        return found + [""] * max(0, at_least - len(found))

    def choosing(self, name: str, old: str, new: Choice) -> "AskForm":
        """Return the form with one choice in place of another."""
        changed = tuple(new if c.value == old else c for c in self.chosen[name])
        return replace(self, chosen={**self.chosen, name: changed})

    def typing(self, **values: str) -> "AskForm":
        """Return the form with other values of some fields."""
        return replace(self, typed={**self.typed, **{k: (v,) for k, v in values.items()}})

    def only(self, *names: str) -> "AskForm":
        """Return the form with some of its fields, and the dates."""
        kept = (*names, "as_of", "known_at")
        return replace(
            self,
            chosen={k: v for k, v in self.chosen.items() if k in kept},
            typed={k: v for k, v in self.typed.items() if k in kept},
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is empty or as usual is left out."""
        pairs = [(k, c.value) for k, some in self.chosen.items() for c in some]
        pairs += [(k, v) for k, some in self.typed.items() for v in some]
        return [(k, v) for k, v in pairs if v and USUAL.get(k) != v]

    def address(self, links: Links, *more: tuple[str, str], page: str = "") -> str:
        """Return the address of the page, or of another one with the same fields."""
        pairs = [*self.parameters(), *more]
        path = f"{links.base}/{page or self.page}"
        return f"{path}?{urlencode(pairs)}" if pairs else path


@dataclass(frozen=True)
class Row:
    """One measure before and after: as text, and whether it changed for the better."""

    name: str
    before: str
    after: str
    change: str
    meaning: str = ""


_MEASURES: Final = (
    ("effective_size", "Effective size", "Partners less those who are redundant [Burt 1992]."),
    ("efficiency", "Efficiency", "Effective size per partner."),
    ("constraint", "Constraint", "How much the firm is bound by partners who are tied to each "
     "other: lower is freer [Burt 1992]."),
    ("density", "Density", "Share of the pairs of partners who are tied."),
)  # fmt: skip


def rows(result: WhatIf) -> list[Row]:
    """Return the measures of a scenario, before and after."""
    one, other = result.before, result.after
    found = [
        _counted("Partners in alliances", len(one.partners), len(other.partners)),
        _counted("Capabilities at hand", len(one.capabilities), len(other.capabilities)),
    ]
    found += [
        _counted(f"Firms within {text.plural(a.steps, 'introduction')}", a.firms, b.firms)
        for a, b in zip(one.reach, other.reach, strict=True)
    ]
    found.append(_counted("Conflicts", len(one.conflicts), len(other.conflicts)))
    for name, title, meaning in _MEASURES:
        a, b = getattr(one.structure, name), getattr(other.structure, name)
        change = f"{b - a:+.3f}" if a is not None and b is not None and abs(b - a) >= 5e-4 else ""
        found.append(Row(title, _number(a), _number(b), change, meaning))
    if result.target:
        name = f"Best way to {text.shorten(result.target.name, 60)}"
        best = [s.ways[0].strength if s.ways else None for s in (one, other)]
        shown = [text.score(b) if b is not None else "none" for b in best]
        found.append(Row(name, shown[0], shown[1], "changed" if shown[0] != shown[1] else ""))
    return found


def _counted(name: str, before: int, after: int) -> Row:
    change = f"{after - before:+,}" if after != before else ""
    return Row(name, text.count(before), text.count(after), change)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def contacts(before: Standing, after: Standing) -> list[tuple[str, str, str, str, str]]:
    """Return who alone opens most, before and after: id, name, label, and both numbers as text."""
    numbers = [{c.actor.id: c for c in s.contacts} for s in (before, after)]
    refs = {c.actor.id: c.actor for s in (before, after) for c in s.contacts}

    def only(place: int, id_: str) -> str:
        found = numbers[place].get(id_)
        return text.count(found.only) if found else "–"

    found = [(i, r.name, r.label, only(0, i), only(1, i)) for i, r in refs.items()]
    return [c for c in found if {c[3], c[4]} - {"0", "–"}]


def what_if_page(
    links: Links,
    *,
    form: AskForm,
    result: WhatIf | None = None,
    pictures: tuple[Picture, Picture] | None = None,
    exposure: Exposure | None = None,
    check: Candidate | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page on what if: the form, a scenario, or who may be taken over.

    Parameters
    ----------
    links : Links
    form : AskForm
    result : WhatIf, optional
        The scenario; None if nothing was supposed.
    pictures : (Picture, Picture), optional
        Of the network before and after.
    exposure : Exposure, optional
        Of a firm of which nothing is supposed yet.
    check : Candidate, optional
        Of the one firm with which an alliance is supposed.
    problem : Problem, optional
    """
    data = []
    if result:
        data = _data(links, form, result, "what-if")
    elif exposure:
        data = _data(links, form.only("firm"), exposure, "exposure")
    return render(
        "what_if.html",
        links=links,
        form=form,
        here=f"{links.base}/what-if",
        result=result,
        rows=rows(result) if result else [],
        contacts=contacts(result.before, result.after) if result else [],
        pictures=pictures,
        exposure=exposure,
        check=check,
        problem=problem,
        data=data,
    )


def partners_page(
    links: Links,
    *,
    form: AskForm,
    known: Sequence[str],
    weights: Mapping[str, float],
    choices: Mapping[str, Sequence[str]],
    result: Partners | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page on partners to look for.

    Parameters
    ----------
    links : Links
    form : AskForm
    known : sequence of str
        Capabilities and core businesses to choose from.
    weights : mapping of str to float
        Usual weights of the parts of the score.
    choices : mapping of str to sequence of str
        Size classes and actor types.
    result : Partners, optional
    problem : Problem, optional
    """
    return render(
        "partners.html",
        links=links,
        form=form,
        here=f"{links.base}/partners",
        known=known,
        weights=weights,
        choices=choices,
        result=result,
        problem=problem,
        data=_data(links, form, result, "partners") if result else [],
    )


def constellations_page(
    links: Links,
    *,
    form: AskForm,
    known: Sequence[str],
    result: Constellations | None = None,
    picture: Picture | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page on constellations; parameters as in `partners_page`."""
    return render(
        "constellations.html",
        links=links,
        form=form,
        here=f"{links.base}/constellations",
        known=known,
        result=result,
        picture=picture,
        problem=problem,
        data=_data(links, form, result, "constellations") if result else [],
    )


def _data(
    links: Links, form: AskForm, result: WhatIf | Exposure | Partners | Constellations, what: str
) -> list[tuple[str, str]]:
    """Return the same question for the programming interface, with whole dates."""
    days = {"as_of": result.as_of, "known_at": result.known_at}
    pairs = []
    for name, value in form.parameters():
        if name.startswith("w_"):
            pairs.append(("weight", f"{name[2:].replace('_', '-')}:{value}"))
        elif name != "firm":
            pairs.append((name, str(days.get(name, value))))
    return [("this answer as JSON", links.api(f"firms/{result.focal.id}/{what}", pairs))]
