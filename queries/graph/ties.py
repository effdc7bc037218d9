"""Kinds of tie, and the arithmetic of a tie's strength.

`strength = weight x recency x repetition x specificity (x stated strength)`: each factor is shown
beside the result, so that anybody can recompute it.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Final, cast, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, field_validator

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import WAYS
from alliance_explorer.queries.models import End, Kind, Score

KINDS: Final = cast(tuple[Kind, ...], get_args(Kind))

# Our rule: the weight of a kind says how readily such a tie carries an introduction.
DEFAULT_WEIGHTS: Final[Mapping[Kind, float]] = {
    "ownership": 1.0,
    "employment": 0.9,
    "championing": 0.9,
    "alliance": 0.8,
    "board": 0.7,
    "acquaintance": 0.6,
    "membership": 0.4,
}
KIND_OF_TYPE: Final[Mapping[str, Kind]] = {
    "KNOWS": "acquaintance",
    "WORKS_FOR": "employment",
    "SITS_ON_BOARD_OF": "board",
    "OWNS": "ownership",
    "ACQUIRED": "ownership",
}
DEFAULT_HALF_LIFE: Final = 5.0
DAYS_PER_YEAR: Final = 365.25

# Strengths that differ by less, relatively, are the same, computed otherwise.
SAME: Final = 1e-11
# Ties of a step that are told with their facts unless more are asked for.
TIES_TOLD: Final = 5

# Days since 1970-01-01 that stand for "always" and "never"; both are outside of any real date.
ALWAYS: Final = -(2**30)
NEVER: Final = 2**30
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()


class PathOptions(BaseModel):
    """What a search for paths looks at. Everything has a documented default.

    With `as_of`, only what was valid on that day counts. Without it everything on record up to
    today counts, and ties that have ended fade by `half_life`; `ended` says otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...] = Field(KINDS, min_length=1, description="kinds of tie to go over")
    max_steps: int = Field(3, ge=1, le=6, description="longest chain, in introductions")
    as_of: dt.date | None = Field(None, description="only what was valid on this day")
    known_at: dt.date | None = Field(None, description="only what had been recorded by then")
    ended: bool | None = Field(
        None, description="count ended ties, faded; by default only without as_of"
    )
    avoid: tuple[str, ...] = Field((), description="actors or networks that must not be on the way")
    avoid_competitors_of: tuple[End, ...] = Field(
        (), description="nobody on the way who competes with this end"
    )
    via: tuple[str, ...] = Field(
        (),
        max_length=3,
        description="actors that each way must pass, networks that one of its steps must share",
    )
    max_shared: int | None = Field(
        None, ge=2, description="leave out ties over networks and alliances larger than this"
    )
    limit: int = Field(
        WAYS.usual, ge=WAYS.least, le=WAYS.most, description="most paths, or bridges, to give"
    )
    ties: int = Field(
        TIES_TOLD, ge=1, le=1000, description="most ties of a step that are told; all count"
    )
    half_life: float = Field(
        DEFAULT_HALF_LIFE, ge=0.01, le=100, description="years in which an ended tie halves"
    )
    weights: dict[Kind, Score] = Field(
        default_factory=dict, description="own weights of kinds of tie; others keep the default"
    )
    min_confidence: Score = Field(0.0, description="leave out facts of less confidence")

    @field_validator("kinds", mode="before")
    @classmethod
    def _known_kinds(cls, value: object) -> object:
        if not isinstance(value, list | tuple | set | frozenset):
            return value
        given = [str(v) for v in value]
        for kind in given:
            if kind not in KINDS:
                raise ValueError(f"no kind of tie is called {kind!r}" + nearest(kind, KINDS))
        return tuple(k for k in KINDS if k in given)

    @property
    def counts_ended(self) -> bool:
        """Whether ended ties count, faded."""
        return self.as_of is None if self.ended is None else self.ended

    def weight(self, kind: Kind) -> float:
        """The weight of a kind, 0 when it is not to be used."""
        return self.weights.get(kind, DEFAULT_WEIGHTS[kind]) if kind in self.kinds else 0.0

    def reference(self, today: dt.date) -> dt.date:
        """The day from which recency is counted: `as_of`, else today."""
        return self.as_of or today


def parse_day(text: str | None, field: str) -> dt.date | None:
    """A date in ISO form, or None for nothing.

    Raises
    ------
    InvalidRequest
        The text is no date.
    """
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidRequest(f"{text!r} is not a date; write 2011-12-31", field) from None


def parse_weights(texts: Iterable[str]) -> dict[str, float]:
    """`membership:0.1` as a weight.

    Raises
    ------
    InvalidRequest
        Not of that form; the kind and the number are checked later.
    """
    weights = {}
    for text in texts:
        kind, colon, number = text.partition(":")
        try:
            weights[kind] = float(number)
        except ValueError:
            colon = ""
        if not colon:
            raise InvalidRequest(f"{text!r} is no weight; write membership:0.1", "weight")
    return weights


def default_weights(configured: str) -> dict[str, float]:
    """The weights that a setting gives in place of ours.

    Raises
    ------
    InvalidRequest
        Not of the form `membership:0.2,alliance:0.7`, an unknown kind, not in [0, 1].
    """
    weights = parse_weights(t.strip() for t in configured.split(",") if t.strip())
    for kind, weight in weights.items():
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called {kind!r}" + nearest(kind, KINDS))
        if not 0 <= weight <= 1:
            raise InvalidRequest(f"the weight of {kind} must be in [0, 1], not {weight:g}")
    return weights


def day(date: dt.date | None, default: int) -> int:
    """Days since 1970-01-01."""
    return default if date is None else date.toordinal() - _EPOCH


def date_of_day(number: int) -> dt.date | None:
    """The date of a day number; None for always and never."""
    return None if number in (ALWAYS, NEVER) else dt.date.fromordinal(int(number) + _EPOCH)


def specificity(participants: int) -> float:
    """How much sharing something says: 1 / log2(1 + participants).

    Our rule after Adamic & Adar 2003: two members of a body of 2,000 hardly know each other.
    """
    return 1.0 / math.log2(1 + participants)


def repetition(dealings: int) -> float:
    """How proven a tie is: 1 - 0.5 ** dealings. Our rule: each dealing halves what is left open."""
    return 1.0 - 0.5**dealings


def recency(until: int, reference: int, half_life: float) -> float:
    """1 while a tie holds; afterwards it halves in each half-life (years)."""
    if until > reference:
        return 1.0
    return float(0.5 ** ((reference - until) / DAYS_PER_YEAR / half_life))


def recencies(
    until: npt.NDArray[np.int32], reference: int, half_life: float
) -> npt.NDArray[np.float64]:
    """`recency` of many ties at once."""
    ago = np.maximum(reference - until.astype(np.float64), 0.0)
    return np.where(until > reference, 1.0, 0.5 ** (ago / DAYS_PER_YEAR / half_life))
