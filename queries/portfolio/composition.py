"""What a portfolio is composed of, and how diverse it is.

References
----------
Blau 1977, *Inequality and Heterogeneity*: 1 - sum of squared shares.
Herfindahl 1950; Hirschman 1945: the sum of squared shares.
Mueller, Schuessler & Costner 1970, *Statistical Reasoning in Sociology*: the index of qualitative
variation, Blau's index over the most that it can be with that number of categories.
Salle, Cova, Ivens & Pardo 2007: how many alliances alliance managers run.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Model, Ref, Score, SourceRef
from alliance_explorer.queries.sizes import NOT_RECORDED, size_class

from .portfolio import size_band
from .record import Record, read_record
from .record_parts import Counted, Deal, stated_by

SIZES = ("micro", "small", "medium", "large")
REACH = ("local", "domestic", "international")


class Diversity(Model):
    """How evenly something is spread over categories, as far as it is recorded."""

    recorded: int = Field(description="how many the shares are of")
    not_recorded: int = Field(description="of how many nothing is recorded; they are left out")
    categories: int = Field(
        description="k: categories that the schema allows, else those that are there"
    )
    shares: dict[str, Score] = Field(description="p of each category that is there")
    blau: Score | None = Field(description="1 - sum of p squared; None: nothing is recorded")
    herfindahl: Score | None = Field(description="sum of p squared")
    iqv: Score | None = Field(
        description="Blau / (1 - 1/k): 1 means evenly spread; None: fewer than two categories"
    )


class Dimension(Model):
    """A portfolio by one characteristic."""

    name: str
    counted: Literal["alliances", "partners"] = Field(description="what the counts are of")
    counts: dict[str, int] = Field(description="most frequent first, 'not recorded' last")
    diversity: Diversity


class Composition(Model):
    """A portfolio by every characteristic on record, with its diversity."""

    focal: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    size: int = Field(description="alliances in force on the reference date")
    partners: int
    size_band: str = Field(description="band of the alliance managers' survey [Salle et al. 2007]")
    dimensions: list[Dimension]
    sources: dict[str, SourceRef]


@as_known
def composition(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
) -> Composition:
    """The portfolio of a firm on a day by kind, role, partner, phase, governance, reach, power.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    record = read_record(explorer, firm, known_at)
    day = as_of or explorer.today
    deals = record.active(day)
    used: list[Mapping[str, object]] = [d.properties for d in deals]
    used += [{"source": s} for s in stated_by(deals)]
    used += [record.partners[r.id].properties for r in record.partners_on(day)]
    return Composition(
        focal=record.ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=day,
        size=len(deals),
        partners=len(record.partners_on(day)),
        size_band=size_band(len(deals)),
        dimensions=dimensions(record, day),
        sources=sources_of(used, explorer),
    )


def dimensions(record: Record, day: dt.date) -> list[Dimension]:
    """Every dimension of a portfolio on a day."""
    deals = record.active(day)
    firms = [record.partners[r.id] for r in record.partners_on(day)]

    def stated(name: str) -> Dimension:
        values = [d.properties.get(name) for d in deals]
        return _dimension(name.replace("_", " "), "alliances", values, _choices("Alliance", name))

    def partner(name: str, values: Iterable[object], possible: Sequence[str] = ()) -> Dimension:
        return _dimension(name, "partners", values, possible)

    return [
        stated("kind"),
        _dimension("role of the firm", "alliances", [_role(record.ref, d) for d in deals]),
        stated("service_type"),
        stated("phase"),
        stated("governance"),
        stated("power"),
        stated("contract"),
        stated("motive"),
        _dimension("reach", "alliances", [reach(record, d) for d in deals], REACH),
        partner(
            "partner's actor type",
            (f.properties.get("actor_type") for f in firms),
            _choices("Firm", "actor_type"),
        ),
        partner("partner's size", (_size(f) for f in firms), SIZES),
        partner("partner's country", (f.properties.get("country") for f in firms)),
    ]


def dimension(record: Record, day: dt.date, name: str) -> Dimension:
    """One dimension by its name."""
    return next(d for d in dimensions(record, day) if d.name == name)


def diversity(
    counts: Iterable[int],
    names: Iterable[str] = (),
    possible: int = 0,
    *,
    not_recorded: int = 0,
) -> Diversity:
    """Indices of diversity of some counts.

    Parameters
    ----------
    counts : iterable of int
        How many there are of each category.
    names : iterable of str
        Their names; numbered unless given.
    possible : int
        Categories that there might be; those that are there unless given.
    not_recorded : int
        Of how many nothing is recorded; they are left out.

    References
    ----------
    Blau 1977; Herfindahl 1950; Mueller, Schuessler & Costner 1970.
    """
    numbers = list(counts)
    called = list(names) or [str(i + 1) for i in range(len(numbers))]
    total = sum(numbers)
    k = max(possible, sum(n > 0 for n in numbers))
    shares = {name: n / total for name, n in zip(called, numbers, strict=True) if n}
    concentrated = sum(p * p for p in shares.values()) if total else None
    blau = None if concentrated is None else max(0.0, 1.0 - concentrated)
    return Diversity(
        recorded=total,
        not_recorded=not_recorded,
        categories=k,
        shares=shares,
        blau=blau,
        herfindahl=None if concentrated is None else min(1.0, concentrated),
        iqv=None if blau is None or k < 2 else min(1.0, blau / (1 - 1 / k)),
    )


def _dimension(
    name: str,
    counted: Literal["alliances", "partners"],
    values: Iterable[object],
    possible: Sequence[str] = (),
) -> Dimension:
    found = Counter(NOT_RECORDED if v is None else str(v) for v in values)
    unknown = found.pop(NOT_RECORDED, 0)
    counts = dict(sorted(found.items(), key=lambda kv: (-kv[1], kv[0])))
    spread = diversity(counts.values(), counts, len(possible), not_recorded=unknown)
    if unknown:
        counts[NOT_RECORDED] = unknown
    return Dimension(name=name, counted=counted, counts=counts, diversity=spread)


def reach(record: Record, deal: Deal) -> str | None:
    """Local, domestic or international: as recorded, else by the places of all parties."""
    if "reach" in deal.properties:
        return str(deal.properties["reach"])
    own = record.firm.properties
    others = [record.partners[r.id].properties for r in deal.others(record.ref.id)]
    if not others or "country" not in own or not all("country" in o for o in others):
        return None
    if any(o["country"] != own["country"] for o in others):
        return "international"
    if "city" not in own or not all("city" in o for o in others):
        return None
    return "local" if all(o["city"] == own["city"] for o in others) else "domestic"


def _role(ref: Ref, deal: Deal) -> str | None:
    return " and ".join(sorted(set(deal.roles_of(ref.id)))) or None


def _size(firm: Counted) -> str | None:
    found = size_class(firm.properties)
    return None if found == NOT_RECORDED else found


def _choices(label: str, name: str) -> Sequence[str]:
    return SCHEMA.nodes[label].by_name[name].choices
