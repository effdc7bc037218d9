"""How near two firms are, in five ways; and one firm against its candidates.

A profile, not one number. In each dimension too little hinders, and so does too much: a partner
too near teaches nothing and locks in [Boschma 2005]. Where nothing is on record the verdict is
*not known*.
"""

from collections.abc import Mapping, Sequence

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Ref

from .cognitive import cognitive
from .geographical import geographical
from .institutional import institutional
from .locations import credits_of, locations
from .organizational import organizational
from .proximity_facts import Reading
from .proximity_models import (
    Dimension,
    ProximityOptions,
    ProximityProfile,
)
from .social import social


@as_known
def proximity(
    explorer: Explorer, one: str, other: str, options: ProximityOptions | None = None
) -> ProximityProfile:
    """How near two firms are to each other in each of five dimensions, with the evidence.

    Parameters
    ----------
    explorer : Explorer
    one, other : str
        Two different firms, by id or name.
    options : ProximityOptions, optional
        Day, confidence, thresholds.

    Returns
    -------
    ProximityProfile
        Geographical, organizational, social, cognitive and institutional: each too far, workable,
        too close or not known, with the figure, the threshold that decided, and the evidence from
        which the figure can be computed again by hand.

    Raises
    ------
    UnknownActor, AmbiguousActor
        With the nearest names.
    InvalidRequest
        Both are the same firm, or one is no firm.

    References
    ----------
    Boschma 2005, *Proximity and innovation: a critical assessment*, Regional Studies 39(1) 61–74.
    """
    options = options or ProximityOptions()
    a = explorer.resolve(one, ("Firm",), "from")
    b = explorer.resolve(other, ("Firm",), "to")
    if a.id == b.id:
        raise InvalidRequest(f"{a.name} is both ends; ask for two different firms", "to")
    reading = Reading(explorer, [a, b], options)
    return profile_of(reading, a, b, detailed=True)


def profile_of(reading: Reading, one: Ref, other: Ref, *, detailed: bool) -> ProximityProfile:
    """The profile of two firms; without `detailed`, facts of what they share are left out."""
    options = reading.options
    places = locations(reading, one.id), locations(reading, other.id)
    dimensions: dict[str, Dimension] = {
        "geographical": geographical(
            *places,
            (one.name, other.name),
            options.thresholds,
            reading.reference,
            reading.stated_reach(one.id, other.id),
        ),
        "organizational": organizational(reading, one, other, detailed=detailed),
        "social": social(reading, one, other, detailed=detailed),
        "cognitive": cognitive(reading, one, other),
        "institutional": institutional(reading, one, other, places),
    }
    named = {s for d in dimensions.values() for e in d.evidence for s in e.sources}
    return ProximityProfile.model_validate(
        {
            **dimensions,
            "one": one,
            "other": other,
            "as_of": options.as_of,
            "known_at": options.known_at,
            "reference_date": reading.reference,
            "min_confidence": options.min_confidence,
            "thresholds": options.thresholds,
            "summary": _summary(one, other, dimensions),
            "sources": reading.explorer.sources(sorted(named)),
            "credits": credits_of([*places[0], *places[1]]),
        }
    )


def _summary(one: Ref, other: Ref, dimensions: Mapping[str, Dimension]) -> str:
    """The five verdicts in a sentence."""
    parts = []
    for verdict in ("too close", "workable", "too far", "not known"):
        names = [name for name, d in dimensions.items() if d.verdict == verdict]
        if names:
            parts.append(f"{verdict} in {_and(names)}")
    return f"{one.name} and {other.name}: {'; '.join(parts)} proximity."


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
