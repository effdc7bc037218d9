"""The page that puts two firms side by side, or one firm on two days."""

from dataclasses import dataclass, replace

from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.portfolio.timeline_models import Comparison
from alliance_explorer.queries.side_by_side import Share, SideBySide

from . import text
from .links import Links
from .pages import Problem, render


@dataclass(frozen=True)
class CompareForm:
    """The whole state of the page, as typed.

    Parameters
    ----------
    firm, other : str
        Names or ids.
    as_of, and_as_of, known_at : str
        Days.
    firm_name, other_name : str
        What to show for the ids, if they are known.
    """

    firm: str = ""
    other: str = ""
    as_of: str = ""
    and_as_of: str = ""
    known_at: str = ""
    firm_name: str = ""
    other_name: str = ""

    def naming(self, one: Ref, other: Ref | None) -> "CompareForm":
        """Return the form with names for its ids."""
        found = replace(self, firm=one.id, firm_name=one.name)
        return replace(found, other=other.id, other_name=other.name) if other else found

    def choosing(self, field: str, id_: str) -> dict[str, str]:
        """Return what the address carries with an id in one of its fields."""
        pairs = {"firm": self.firm, "other": self.other}
        pairs["other" if field == "with" else "firm"] = id_
        return pairs | {k: v for k, v in self.days().items() if v}

    def days(self) -> dict[str, str]:
        """Return the days as typed."""
        return {"as_of": self.as_of, "and_as_of": self.and_as_of, "known_at": self.known_at}


def compare_page(
    links: Links,
    *,
    form: CompareForm,
    beside: SideBySide | None = None,
    days: Comparison | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, either answer, or what is wrong.

    Parameters
    ----------
    links : Links
    form : CompareForm
    beside : SideBySide, optional
        Two firms.
    days : Comparison, optional
        One firm on two days.
    problem : Problem, optional
    """
    data = []
    if beside:
        asked = [("with", beside.other.firm.id), ("as_of", str(beside.as_of or ""))]
        url = links.api(f"firms/{beside.one.firm.id}/beside", [(n, v) for n, v in asked if v])
        data = [("this answer as JSON", url)]
    if days:
        asked = [("as_of", str(days.before)), ("with", str(days.after))]
        url = links.api(f"firms/{days.focal.id}/comparison", asked)
        data = [("this answer as JSON", url)]
    return render(
        "compare.html",
        links=links,
        form=form,
        beside=beside,
        days=days,
        problem=problem,
        held=held,
        sources=(beside or days).sources if beside or days else {},  # type: ignore[union-attr]
        data=data,
    )


def held(share: Share) -> str:
    """Return how a firm belongs to a network, in words."""
    told = [text.words(t) for t in share.tiers + share.roles]
    if share.since:
        told.append(f"since {text.date_text(share.since)}")
    return ", ".join(told) or "member"
