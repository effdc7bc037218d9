"""The measures of the firm-year panel: one line each, with the version of its formula.

To add one, write a function of a `FirmYear` and a line in `MEASURES`. When a formula changes, its
version does: a panel says with which it was made.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from alliance_explorer.queries.explorer import Explorer

from .composition import Dimension, dimensions
from .coopetition import exposures_on, partner_rivalries, roles_on
from .dependence_models import PortfolioDependence, Quadrant
from .ledger import Line, in_sum, ledger
from .lifecycle import LookedAt, looked_at
from .record import Record
from .record_parts import last_day
from .timeline import year_of
from .timeline_models import YearOfMoves

Value = float | int | None


@dataclass(frozen=True)
class FirmYear:
    """A firm at the end of a year; what several measures need is worked out once."""

    explorer: Explorer
    record: Record
    year: int

    @property
    def day(self) -> dt.date:
        """The last day of the year."""
        return last_day(self.year)

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        """Composition by the name of the dimension."""
        return {d.name: d for d in dimensions(self.record, self.day)}

    @cached_property
    def entries(self) -> list[Line]:
        """The dependence ledger."""
        return ledger(self.record, self.day)

    @cached_property
    def dependence(self) -> PortfolioDependence:
        """The ledger in sum."""
        return in_sum(self.entries)

    @cached_property
    def moves(self) -> YearOfMoves:
        """What happened in the year."""
        return year_of(self.record, self.year)

    @cached_property
    def phases(self) -> list[LookedAt]:
        """Success factors of the alliances in force."""
        return looked_at(self.record, self.day)


@dataclass(frozen=True)
class Measure:
    """A column of the panel.

    Parameters
    ----------
    name : str
        Name of the column.
    version : str
        Version of the formula; it changes with the formula.
    function : callable
        Gives the value for a firm and year; None: nothing to measure it by is recorded.
    source : str
        Where the formula is from.
    meaning : str
        What it says, with its unit.
    whole : bool
        Whether it is a whole number; every count is.
    """

    name: str
    version: str
    function: Callable[[FirmYear], Value]
    source: str
    meaning: str
    whole: bool = False

    @property
    def counts(self) -> bool:
        """Whether its values are whole numbers."""
        return self.whole or self.source == "count"


def _counted(dimension: str, category: str) -> Callable[[FirmYear], Value]:
    return lambda x: x.dimensions[dimension].counts.get(category, 0)


def _blau(dimension: str) -> Callable[[FirmYear], Value]:
    return lambda x: x.dimensions[dimension].diversity.blau


def _iqv(dimension: str) -> Callable[[FirmYear], Value]:
    return lambda x: x.dimensions[dimension].diversity.iqv


def _unknown(dimension: str) -> Callable[[FirmYear], Value]:
    return lambda x: x.dimensions[dimension].diversity.not_recorded


def _quadrant(name: Quadrant) -> Callable[[FirmYear], Value]:
    return lambda x: x.dependence.quadrants[name] if x.dependence.placed else None


def _warned(code: str) -> Callable[[FirmYear], Value]:
    return lambda x: x.dependence.warnings.get(code, 0)


def _largest(x: FirmYear) -> Value:
    return max((e.value for e in x.entries if e.value is not None), default=None)


def _competing(x: FirmYear) -> Value:
    return len({r.id for r in x.record.partners_on(x.day)} & set(x.record.rivals_on(x.day)))


def _several_roles(x: FirmYear) -> Value:
    return sum(len(roles) > 1 for roles in roles_on(x.record, x.day).values())


def _acquired(x: FirmYear) -> Value:
    return sum(e.competes for e in exposures_on(x.record, x.day))


def _age(x: FirmYear) -> Value:
    founded = x.record.firm.properties.get("founded")
    return x.year - founded if isinstance(founded, int) else None


def _factors(x: FirmYear) -> Value:
    there = sum(bool(told) for a in x.phases for told, _ in a.evidence.values())
    total = sum(len(a.evidence) for a in x.phases)
    return there / total if total else None


_BLAU, _IQV = "Blau 1977", "Mueller, Schuessler & Costner 1970"
_DEPENDENCE = "our rule, after Emerson 1962 and Gulati & Sytch 2007"
_COOPETITION = "Bengtsson & Johansson 2014"
_LIFE = "Gulati 1998; Kale & Singh 2009"
# Dimension: name in columns.
_DIVERSE: Final = {
    "kind": "kind",
    "role of the firm": "role",
    "service type": "service_type",
    "phase": "phase",
    "governance": "governance",
    "power": "power",
    "contract": "contract",
    "motive": "motive",
    "reach": "reach",
    "partner's actor type": "partner_type",
    "partner's size": "partner_size",
    "partner's country": "partner_country",
}
_COUNTED: Final = {
    "power": ("symmetric", "asymmetric"),
    "governance": ("equity", "contract", "relational"),
    "reach": ("local", "domestic", "international"),
    "phase": ("formation", "design", "post_formation", "ended"),
    "partner's size": ("micro", "small", "medium", "large"),
}


def _composed() -> list[Measure]:
    found = []
    for dimension, column in _DIVERSE.items():
        of = f"of {dimension}, over what is recorded, 0-1"
        found += [
            Measure(f"blau_{column}", "1", _blau(dimension), _BLAU, f"diversity {of}"),
            Measure(f"iqv_{column}", "1", _iqv(dimension), _IQV, f"normalised diversity {of}"),
            Measure(
                f"unknown_{column}",
                "1",
                _unknown(dimension),
                "count",
                f"{dimension}: of how many nothing is recorded",
            ),
        ]
        for category in _COUNTED.get(dimension, ()):
            name = f"n_{column}_{category}"
            meaning = f"how many are {category.replace('_', ' ')} by {dimension}"
            found.append(Measure(name, "1", _counted(dimension, category), "count", meaning))
    return found


M = Measure
MEASURES: Final[Sequence[Measure]] = (
    M("age", "1", _age, "count", "years since the firm was founded; negative: not founded yet"),
    M("alliances", "1", lambda x: len(x.record.active(x.day)), "count", "alliances in force"),
    M("partners", "1", lambda x: len(x.record.partners_on(x.day)), "count", "partners in these"),
    *_composed(),
    M(
        "dependence_mean",
        "1",
        lambda x: x.dependence.mean_dependence,
        _DEPENDENCE,
        "mean dependence on partners, where known, 0-1",
    ),
    M("dependence_max", "1", _largest, _DEPENDENCE, "largest dependence on a partner, 0-1"),
    M(
        "asymmetry_mean",
        "1",
        lambda x: x.dependence.mean_asymmetry,
        _DEPENDENCE,
        "mean of own less partner's dependence, where both are known, -1 to 1",
    ),
    M(
        "joint_dependence_mean",
        "1",
        lambda x: x.dependence.mean_joint,
        _DEPENDENCE,
        "mean sum of both dependences, where both are known, 0-2",
    ),
    M(
        "dependence_known",
        "1",
        lambda x: x.dependence.measured,
        "count",
        "pairs of alliance and partner with a known dependence of the firm",
    ),
    M(
        "dependence_entries",
        "1",
        lambda x: x.dependence.entries,
        "count",
        "pairs of alliance and partner",
    ),
    M(
        "n_mutual",
        "1",
        _quadrant("mutual"),
        _DEPENDENCE,
        "of these, both dependences high",
        whole=True,
    ),
    M(
        "n_on_partner",
        "1",
        _quadrant("on the partner"),
        _DEPENDENCE,
        "only the firm's high",
        whole=True,
    ),
    M(
        "n_of_partner",
        "1",
        _quadrant("of the partner"),
        _DEPENDENCE,
        "only the partner's high",
        whole=True,
    ),
    M("n_loose", "1", _quadrant("loose"), _DEPENDENCE, "neither high", whole=True),
    M("n_exclusive", "1", _warned("exclusivity"), "count", "pairs in an exclusive alliance"),
    M("n_without_champion", "1", _warned("no champion"), "count", "pairs without a champion"),
    M(
        "n_conflicting",
        "1",
        _warned("conflicting objectives"),
        "our rule, by wording",
        "pairs whose sought values conflict",
        whole=True,
    ),
    M(
        "competing_partners",
        "1",
        _competing,
        _COOPETITION,
        "partners that compete with the firm",
        whole=True,
    ),
    M(
        "rival_pairs",
        "1",
        lambda x: len(partner_rivalries(x.record, x.day)),
        _COOPETITION,
        "pairs of partners that compete with each other",
        whole=True,
    ),
    M(
        "partners_several_roles",
        "1",
        _several_roles,
        _COOPETITION,
        "partners that hold several roles at once",
        whole=True,
    ),
    M(
        "partners_acquired_by_rival",
        "1",
        _acquired,
        _COOPETITION,
        "partners acquired by a competitor",
        whole=True,
    ),
    M("events", "1", lambda x: x.moves.events, "count", "events in the year"),
    M("moves", "1", lambda x: x.moves.moves, _COOPETITION, "events with a counterpart", whole=True),
    M(
        "move_variety",
        "1",
        lambda x: x.moves.variety,
        _COOPETITION,
        "different kinds of moves",
        whole=True,
    ),
    M(
        "moves_legitimacy",
        "1",
        lambda x: x.moves.capabilities.get("legitimacy", 0),
        _COOPETITION,
        "moves that build legitimacy",
        whole=True,
    ),
    M(
        "moves_role_flexibility",
        "1",
        lambda x: x.moves.capabilities.get("role_flexibility", 0),
        _COOPETITION,
        "moves that build role flexibility",
        whole=True,
    ),
    M("formations", "1", lambda x: x.moves.formations, "count", "alliances that began in the year"),
    M(
        "dissolutions",
        "1",
        lambda x: x.moves.dissolutions,
        "count",
        "alliances whose last day was in the year",
    ),
    M("new_partners", "1", lambda x: x.moves.new_partners, "count", "partners for the first time"),
    M(
        "turnover",
        "1",
        lambda x: x.moves.turnover,
        "our rule",
        "(formations + dissolutions) / (alliances before + after the year)",
    ),
    M("success_factors", "1", _factors, _LIFE, "part of the success factors on record, 0-1"),
)
"""Every measure, in the order of the columns."""


def measures() -> dict[str, Measure]:
    """Every measure by its name."""
    return {m.name: m for m in MEASURES}
