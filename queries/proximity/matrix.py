"""One firm against its candidates: the five dimensions of proximity side by side."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import CANDIDATES
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Kind, Ref

from .matrix_models import SORTS, Cell, MatrixRow, ProximityMatrix, Sort
from .proximity import profile_of
from .proximity_facts import Reading, path_options
from .proximity_models import Dimension, ProximityOptions, ProximityProfile, Verdict

# Our rule: members of a body are candidates if it has at most so many; in larger ones one does
# not know each other.
SMALL_BODY: Final = 50
_FOUND_BY: Final[tuple[tuple[Kind, str], ...]] = (
    ("alliance", "partner"),
    ("membership", "in a small body with it"),
)
_ORDER: Final[tuple[Verdict, ...]] = ("workable", "too close", "too far", "not known")


@as_known
def proximity_matrix(
    explorer: Explorer,
    firm: str,
    candidates: Sequence[str] = (),
    options: ProximityOptions | None = None,
    *,
    limit: int = CANDIDATES.usual,
    sort: Sort = "workable",
) -> ProximityMatrix:
    """How near a firm is to each of its candidates, in five dimensions.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    candidates : sequence of str
        Firms by id or name. Without any: its partners on the day, and then its fellow members in
        bodies of at most `SMALL_BODY`, both by the strength of the tie, up to `limit`.
    options : ProximityOptions, optional
    limit : int
        Most candidates that are found; those that are given all count.
    sort : {'workable', 'name'} or a dimension
        `workable`: most workable dimensions first, the nearest before. `name`. Or a dimension:
        workable first, then too close, too far, not known, and by its figure.

    Returns
    -------
    ProximityMatrix
        Verdict, figure and reason of each dimension; `proximity` gives the evidence of one.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    Facts of all are read together: the number of queries does not grow with the candidates.
    """
    options = options or ProximityOptions()
    order = _sorting(sort)
    focal = explorer.resolve(firm, ("Firm",), "from")
    if len(candidates) > CANDIDATES.most:
        raise InvalidRequest(f"at most {CANDIDATES.most} candidates at once", "candidate")
    CANDIDATES.check(limit)
    given = [explorer.resolve(c, ("Firm",), "candidate") for c in candidates]
    if any(c.id == focal.id for c in given):
        raise InvalidRequest(f"{focal.name} is no candidate of itself", "candidate")
    chosen = {c.id: (c, "named") for c in given}
    left_out = 0
    if not given:
        found = _candidates(explorer, focal, options)
        chosen = {c.id: (c, why) for c, why in found[:limit]}
        left_out = max(0, len(found) - limit)
    reading = Reading(explorer, [focal, *(c for c, _ in chosen.values())], options)
    profiles = [(why, profile_of(reading, focal, c, detailed=False)) for c, why in chosen.values()]
    rows = sorted((_row(why, p) for why, p in profiles), key=order)
    return ProximityMatrix(
        focal=focal,
        as_of=options.as_of,
        known_at=options.known_at,
        reference_date=reading.reference,
        min_confidence=options.min_confidence,
        thresholds=options.thresholds,
        sort=sort,
        rows=rows,
        left_out=left_out,
        summary=_summary(focal, rows, left_out, named=bool(given)),
        credits=sorted({c for _, p in profiles for c in p.credits}),
    )


def _candidates(explorer: Explorer, focal: Ref, options: ProximityOptions) -> list[tuple[Ref, str]]:
    """Partners, then fellow members in small bodies; each sort by the strength of the tie."""
    found: dict[str, tuple[Ref, str]] = {}
    for kind, why in _FOUND_BY:
        view = explorer.view(path_options(options, kind, ended=False))
        p = view.projection
        large = frozenset(np.flatnonzero(view.participants > SMALL_BODY).tolist())
        blocked = large if kind == "membership" else frozenset[int]()
        actors, strengths = view.neighbours(p.actor_index[focal.id], blocked)
        names = [p.ref(p.actors[a]) for a in actors]
        ranked = sorted(zip(-np.round(strengths, 12), names, strict=True), key=_by_strength)
        for _, ref in ranked:
            if ref.label == "Firm":
                found.setdefault(ref.id, (ref, why))
    return list(found.values())


def _by_strength(item: tuple[float, Ref]) -> tuple[float, str, str]:
    return item[0], item[1].name.casefold(), item[1].id


def _row(because: str, profile: ProximityProfile) -> MatrixRow:
    dimensions = profile.dimensions()
    cells = {
        name: Cell(verdict=d.verdict, figure=d.figure, why=d.why, decided_by=d.decided_by)
        for name, d in dimensions.items()
    }

    def count(wanted: Callable[[Dimension], bool]) -> int:
        return sum(map(wanted, dimensions.values()))

    return MatrixRow(
        candidate=profile.other,
        because=because,
        **cells,
        reach=profile.geographical.reach,
        km=profile.geographical.km,
        hours=profile.geographical.hours,
        workable=count(lambda d: d.verdict == "workable"),
        known=count(lambda d: d.verdict != "not known"),
    )


def _sorting(sort: str) -> Callable[[MatrixRow], tuple[object, ...]]:
    """The order of rows, with names last so that it is the same on both engines."""
    if sort not in SORTS:
        raise InvalidRequest(f"rows cannot be sorted by {sort!r}{nearest(sort, SORTS)}", "sort")

    def name(row: MatrixRow) -> tuple[str, str]:
        return row.candidate.name.casefold(), row.candidate.id

    def workable(row: MatrixRow) -> tuple[object, ...]:
        return -row.workable, -row.known, _last(row.km), *name(row)

    def dimension(row: MatrixRow) -> tuple[object, ...]:
        cell = getattr(row, sort)
        sign = 1 if sort == "geographical" else -1
        figure = None if cell.figure is None else sign * cell.figure
        return _ORDER.index(cell.verdict), _last(figure), *name(row)

    return {"workable": workable, "name": name}.get(sort, dimension)


def _last(figure: float | None) -> float:
    """A figure to sort by; what is not known comes last."""
    return float("inf") if figure is None else round(figure, 9)


def _summary(focal: Ref, rows: Sequence[MatrixRow], left_out: int, *, named: bool) -> str:
    if not rows:
        return (
            f"{focal.name} has neither partners nor fellow members of a body of at most "
            f"{SMALL_BODY} on record; name candidates."
        )
    what = "candidate" if named else "partner or fellow member"
    many = {"candidate": "candidates"}.get(what, "partners and fellow members")
    count = f"{len(rows)} {what if len(rows) == 1 else many}"
    more = f", and {left_out:,} more" if left_out else ""
    best = max(r.workable for r in rows)
    names = [r.candidate.name for r in rows if r.workable == best]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{focal.name} against {count}{more}: most workable ({best} of 5): {shown}."
