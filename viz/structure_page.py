"""The page on the structure of a firm's portfolio: holes, roles, weak and strong ties, keyness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alliance_explorer.queries.models import Subgraph
from alliance_explorer.queries.structure.firm_groups import ATTRIBUTES
from alliance_explorer.queries.structure.firm_network import VALUATIONS
from alliance_explorer.queries.structure.structure_models import (
    Comparison,
    Keyness,
    KeyPartner,
    PartnerStructure,
    Structure,
)

from . import text
from .forms import Choice
from .links import Links
from .network import Picture, ego_picture
from .pages import Problem, render

ROLES: Final[Mapping[str, str]] = {
    "coordinator": "between two of its own group",
    "itinerant broker": "between two of one other group (consultant)",
    "gatekeeper": "from an outsider to one of its own group",
    "representative": "from one of its own group to an outsider",
    "liaison": "between two groups, neither its own",
}
"""What each brokerage role means."""

VALUED: Final[Mapping[str, str]] = {
    "binary": "every tie counts 1",
    "count": "alliances, networks and ownership shared",
    "strength": "strength of the ties, 0 to 1",
}
"""What the ways of valuing ties are."""

MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "degree": ("Partners", "Firms that it is tied to."),
    "effective_size": (
        "Effective size",
        "Partners less what they give access to twice: the more, the less they are tied "
        "among themselves.",
    ),
    "efficiency": ("Efficiency", "Effective size by partners; 1: nobody is redundant."),
    "density": ("Density", "Share of the pairs of partners that are tied."),
    "constraint": (
        "Constraint",
        "How far all its ties lead back to one partner; low: many structural holes.",
    ),
    "hierarchy": ("Hierarchy", "0: all partners constrain alike; 1: one alone does."),
}
"""Burt's measures: name for people, and what it means."""


@dataclass(frozen=True)
class StructureForm:
    """The whole state of the page.

    Parameters
    ----------
    firm, other : Choice, optional
        The firm, and one to put beside it.
    as_of, other_as_of : str
        Days as typed.
    attribute : str
        What roles are told by.
    alliances : bool
        Whether alliances alone count.
    """

    firm: Choice | None = None
    other: Choice | None = None
    as_of: str = ""
    other_as_of: str = ""
    attribute: str = "country"
    alliances: bool = False

    @property
    def compared(self) -> bool:
        """Whether two are put side by side."""
        return bool(self.other or self.other_as_of)

    def but(self, **changes: object) -> "StructureForm":
        """Return the same form with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is as usual is left out."""
        found = [
            ("firm", self.firm.value if self.firm else ""),
            ("as_of", self.as_of),
            ("by", self.attribute if self.attribute != "country" else ""),
            ("kinds", "alliance" if self.alliances else ""),
            ("with", self.other.value if self.other else ""),
            ("and_as_of", self.other_as_of),
        ]
        return [(name, value) for name, value in found if value]


@dataclass(frozen=True)
class Line:
    """One partner: its part in the structure, and how key it is."""

    structure: PartnerStructure
    key: KeyPartner | None
    share: float


def structure_picture(graph: Subgraph, answer: Structure) -> Picture:
    """Picture of the partners, the larger the more they constrain; the number is the constraint.

    Parameters
    ----------
    graph : Subgraph
        As `structure_subgraph` makes it.
    answer : Structure
    """
    picture = ego_picture(graph)
    of = {p.partner.id: p for p in answer.partners}
    most = max((p.by["binary"].constraint for p in answer.partners), default=1.0)
    for node in picture.nodes:
        found = of.get(node["id"])
        if found is None:
            continue
        dyad = found.by["binary"]
        node["size"] = round(10 + 13 * (dyad.constraint / most) ** 0.5, 1)
        node["label"] += f"\n{dyad.constraint:.3f}"
        kind = "strong" if found.strong else "weak"
        node["tip"] = [
            node["tip"][0],
            f"constraint {dyad.constraint:.4f} = ({dyad.share:.3f} own share + "
            f"{dyad.indirect:.3f} through others)²",
            f"redundancy {dyad.redundancy:.3f}",
            f"{kind} tie, strength {text.score(found.by['strength'].value)}",
        ]
    return picture


def structure_page(
    links: Links,
    *,
    form: StructureForm,
    answer: Structure | None = None,
    keyness: Keyness | None = None,
    comparison: Comparison | None = None,
    picture: Picture | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, an answer, or what is wrong.

    Parameters
    ----------
    links : Links
    form : StructureForm
    answer : Structure, optional
        Of the firm.
    keyness : Keyness, optional
        Of its partners.
    comparison : Comparison, optional
        With another firm or day.
    picture : Picture, optional
    problem : Problem, optional
    """
    api = f"firms/{answer.focal.id}/" if answer else ""
    day = [("as_of", str(answer.basis.as_of))] if answer and answer.basis.as_of else []
    return render(
        "structure.html",
        links=links,
        form=form,
        answer=answer,
        keyness=keyness,
        comparison=comparison,
        picture=picture,
        problem=problem,
        lines=lines(answer, keyness) if answer else [],
        attributes=ATTRIBUTES,
        valuations=VALUATIONS,
        measures=MEASURES,
        roles=ROLES,
        valued=VALUED,
        basis=basis_text(answer) if answer else "",
        figure=figure,
        data=[
            ("the structure as JSON", links.api(f"{api}structure", day)),
            ("keyness as JSON", links.api(f"{api}keyness", day)),
        ]
        if answer
        else [],
    )


def lines(answer: Structure, keyness: Keyness | None) -> Sequence[Line]:
    """Return partners with what both answers say of them, those who constrain most first."""
    keys = {p.partner.id: p for p in keyness.partners} if keyness else {}
    most = max((p.by["binary"].constraint for p in answer.partners), default=1.0)
    return [
        Line(p, keys.get(p.partner.id), 100 * p.by["binary"].constraint / most)
        for p in answer.partners
    ]


def figure(value: float | int | None, digits: int = 3) -> str:
    """Write a measure; a dash where it does not exist."""
    if value is None:
        return "–"
    return text.count(value) if isinstance(value, int) else f"{value:,.{digits}f}"


def basis_text(answer: Structure) -> str:
    """Return in a sentence what network was measured."""
    b = answer.basis
    counted = [
        text.plural(n, one, many)
        for (one, many), n in zip(
            (("alliance", None), ("network", None), ("ownership tie", None)),
            (b.counted["alliances"], b.counted["networks"], b.counted["ownership"]),
            strict=True,
        )
        if n
    ]
    made = f", made of {', '.join(counted)}" if counted else ""
    left = sum(b.left_out.values())
    out = (
        f" {text.plural(left, 'body', 'bodies')} with too many participants to tie anybody "
        f"(networks of more than {b.largest_shared}) {'is' if left == 1 else 'are'} left out."
        if left
        else ""
    )
    when = f"what held on {b.as_of}" if b.as_of else "everything on record; ended ties fade"
    return (
        f"Measured in the network of {text.plural(b.firms, 'firm')} with "
        f"{text.plural(b.ties, 'tie')}{made}: {when}.{out}"
    )
