"""The page on feasibility: advice on one partnership, or a firm's partnerships judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from alliance_explorer.queries.feasibility.feasibility_models import (
    Bearing,
    CountOfAlliances,
    Feasibility,
    FeasibilityOfAlliances,
    Level,
    Reach,
)
from alliance_explorer.queries.feasibility.feasibility_rules import BEARINGS
from alliance_explorer.queries.feasibility.services import (
    CONTENTS,
    MEANINGS,
    KnowledgeContent,
    ServicesResult,
    described,
)

from .forms import Choice
from .links import Links
from .pages import Problem, render

REACHES: Final[tuple[Reach, ...]] = ("local", "domestic", "international")
LEVEL_NAMES: Final[Mapping[Level, str]] = {
    "unlikely_unless": "Unlikely unless …",
    "possible_if": "Possible if …",
    "likely": "Likely",
    "feasible_by_default": "Feasible by default",
}
"""From the least to the most feasible."""
MARKS: Final[Mapping[Bearing, str]] = {
    "supports": "+",
    "partly": "±",
    "opposes": "\N{MINUS SIGN}",
    "not_on_record": "?",
    "does_not_bear": "·",
}


@dataclass(frozen=True)
class FeasibilityForm:
    """The whole state of the page.

    Parameters
    ----------
    firm, candidate : Choice, optional
        Who looks for a partner, and the partner.
    service, reach, as_of, known_at : str
        As typed.
    """

    firm: Choice | None = None
    candidate: Choice | None = None
    service: str = ""
    reach: str = ""
    as_of: str = ""
    known_at: str = ""

    def but(self, **changes: Any) -> "FeasibilityForm":
        """Return the same form with some fields changed."""
        return replace(self, **changes)

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is empty is left out."""
        pairs = [
            ("firm", self.firm.value if self.firm else ""),
            ("candidate", self.candidate.value if self.candidate else ""),
            ("service", self.service),
            ("reach", self.reach),
            ("as_of", self.as_of),
            ("known_at", self.known_at),
        ]
        return [(name, value) for name, value in pairs if value]

    def address(self, links: Links) -> str:
        """Return the address that shows this form's answer."""
        query = urlencode(self.parameters())
        return f"{links.base}/feasibility" + (f"?{query}" if query else "")


def feasibility_page(
    links: Links,
    *,
    form: FeasibilityForm,
    services: ServicesResult,
    result: Feasibility | None = None,
    judged: FeasibilityOfAlliances | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, advice, a firm's partnerships judged, or what is wrong.

    Parameters
    ----------
    links : Links
    form : FeasibilityForm
        What was asked.
    services : ServicesResult
        The services to choose from.
    result : Feasibility, optional
        Advice on one partnership.
    judged : FeasibilityOfAlliances, optional
        The firm's partnerships, if no service was named.
    problem : Problem, optional
        What is wrong.
    """
    answer = result or judged
    days = [("as_of", answer.as_of), ("known_at", answer.known_at)] if answer else []
    dated = [(name, str(day)) for name, day in days if day]
    data = []
    if result:
        pairs = [p for p in form.parameters() if p[0] not in ("as_of", "known_at")]
        data.append(("this answer as JSON", links.api("feasibility", pairs + dated)))
    if judged:
        path = f"firms/{judged.firm.id}/feasibility"
        data.append(("this answer as JSON", links.api(path, dated)))
    return render(
        "feasibility.html",
        links=links,
        form=form,
        here=FeasibilityForm().address(links),
        services=services,
        meanings=MEANINGS,
        result=result,
        judged=judged,
        matrix=matrix(judged.counts) if judged else [],
        problem=problem,
        reaches=REACHES,
        levels=LEVEL_NAMES,
        bearings=BEARINGS,
        marks=MARKS,
        described=described,
        same={"P4b": "P1", "P4c": "P3"},
        address_of=lambda **changes: form.but(**changes).address(links),
        data=data,
    )


def matrix(
    counts: Sequence[CountOfAlliances],
) -> list[tuple[KnowledgeContent, list[int]]]:
    """Return the counts as rows, one for each class, with a number for each reach."""
    found = {(c.content, c.reach): c.alliances for c in counts}
    return [(content, [found.get((content, r), 0) for r in REACHES]) for content in CONTENTS]
