"""How near candidates are to a firm, as one part of what speaks for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.models import Entity, Ref
from alliance_explorer.queries.proximity.matrix_models import Cell
from alliance_explorer.queries.proximity.proximity import profile_of
from alliance_explorer.queries.proximity.proximity_facts import Reading
from alliance_explorer.queries.proximity.proximity_models import (
    DIMENSIONS,
    Dimension,
    ProximityOptions,
    Verdict,
)

from .standing import Asked

# Candidates whose facts are read together: of 50 they cost hardly more than of one. The more have
# been looked at, the more are likely to have to be.
TOGETHER, MOST_TOGETHER = 50, 800
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)


class Nearness:
    """The five dimensions of proximity of candidates, read when they are asked for.

    Our rule: the value is the part of the five dimensions that is workable; one too far or too
    close hinders [Boschma 2005], and one that is not known does not count for a candidate.

    Parameters
    ----------
    asked : Asked
    candidates : mapping of str to Entity
    """

    def __init__(self, asked: Asked, candidates: Mapping[str, Entity]) -> None:
        self._asked, self._candidates = asked, candidates
        self._options = ProximityOptions(as_of=asked.reference, known_at=asked.known_at)
        self._found: dict[str, Mapping[str, Dimension]] = {}
        self._together = TOGETHER

    def look_at(self, ids: Iterable[str]) -> None:
        """Read about some candidates together."""
        new = [
            Ref(id=i, label="Firm", name=self._candidates[i].name)
            for i in ids
            if i not in self._found
        ]
        if new:
            focal = self._asked.focal
            reading = Reading(self._asked.explorer, [focal, *new], self._options)
            for ref in new:
                profile = profile_of(reading, focal, ref, detailed=False)
                self._found[ref.id] = dict(profile.dimensions().items())

    def look_ahead(self, ids: Sequence[str]) -> None:
        """Read about the first of some candidates together, each time about twice as many."""
        self.look_at(ids[: self._together])
        self._together = min(2 * self._together, MOST_TOGETHER)

    def meets(self, id_: str, wanted: Mapping[str, frozenset[Verdict]]) -> bool:
        """Whether each dimension that something is wanted of has one of the verdicts."""
        found = self._dimensions(id_)
        return all(found[name].verdict in verdicts for name, verdicts in wanted.items())

    def knows(self, id_: str) -> bool:
        """Whether a candidate was looked at."""
        return id_ in self._found

    def value(self, id_: str) -> float:
        """The part of the dimensions that is workable."""
        found = self._dimensions(id_)
        return sum(d.verdict == "workable" for d in found.values()) / len(found)

    def sentence(self, id_: str) -> str:
        """How the value came about."""
        found = self._dimensions(id_)
        told = []
        for verdict in ("workable", "too close", "too far", "not known"):
            names = [name for name, d in found.items() if d.verdict == verdict]
            if names:
                told.append(f"{verdict}: {', '.join(names)} ({len(names)} of {len(found)})")
        return f"{'; '.join(told)}.".capitalize()

    def cells(self, id_: str) -> dict[str, Cell]:
        """Each dimension with its verdict, its figure and why."""
        return {
            name: Cell(verdict=d.verdict, figure=d.figure, why=d.why, decided_by=d.decided_by)
            for name, d in self._dimensions(id_).items()
        }

    def _dimensions(self, id_: str) -> Mapping[str, Dimension]:
        self.look_at([id_])
        return self._found[id_]


def wanted_verdicts(texts: Iterable[str]) -> dict[str, frozenset[Verdict]]:
    """What is wanted of dimensions, as `geographical=workable`; one that is named twice, either.

    Raises
    ------
    InvalidRequest
        With the nearest names.
    """
    found: dict[str, frozenset[Verdict]] = {}
    for text in texts:
        name, _, said = (part.strip().casefold() for part in text.partition("="))
        verdict = said.replace("_", " ").replace("-", " ")
        for what, value, choices in (
            ("dimension of proximity", name, DIMENSIONS),
            ("verdict", verdict, VERDICTS),
        ):
            if value not in choices:
                raise InvalidRequest(
                    f"no {what} is called {value[:60]!r}; write it as in geographical=workable, "
                    f"with {', '.join(choices)}{nearest(value, choices)}",
                    "proximity",
                )
        found[name] = found.get(name, frozenset()) | {v for v in VERDICTS if v == verdict}
    return found
