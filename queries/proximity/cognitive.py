"""What two firms know and do: the cognitive, or technological, dimension of proximity."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from alliance_explorer.queries.models import Ref

from .proximity_facts import MAX_LISTED, Reading, Tied, told
from .proximity_models import Cognitive, Evidence, Verdict


def jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float | None:
    """Shared part of two sets, |A & B| / |A | B|; None when one of them is empty: not known.

    References
    ----------
    Jaccard 1901, *Étude comparative de la distribution florale*.
    """
    return len(one & other) / len(one | other) if one and other else None


def cognitive(reading: Reading, one: Ref, other: Ref) -> Cognitive:
    """Overlap of capabilities and segments, and what one needs and the other offers.

    The figure is the mean of the Jaccard indexes that are known: of what both offer, and of their
    segments. Little overlap is workable all the same if one offers what the other needs: then
    they differ and complete each other. Much overlap is too close even so. Names are compared as
    they are spelt, but for case; where there are fewer than `cognitive_least` it is not known.

    References
    ----------
    Boschma 2005, *Proximity and innovation*. Nooteboom et al. 2007, *Optimal cognitive distance and
    absorptive capacity*: what can be learned rises with distance, what is understood falls.
    """
    t = reading.options.thresholds
    offers = [{x.other.id: x for x in reading.offers[f.id]} for f in (one, other)]
    segments = [_segments(reading, f) for f in (one, other)]
    of_capabilities = jaccard(offers[0].keys(), offers[1].keys())
    of_segments = jaccard(segments[0].keys(), segments[1].keys())
    indexes = [j for j in (of_capabilities, of_segments) if j is not None]
    figure = sum(indexes) / len(indexes) if indexes else None
    shared_offers = sorted(offers[0].keys() & offers[1].keys())
    shared_segments = sorted(segments[0].keys() & segments[1].keys())
    evidence = []
    if of_capabilities is not None:
        both = [(offers[0][i], offers[1][i]) for i in shared_offers]
        evidence.append(
            told(
                _overlap("capabilities", [a.ref.name for a, _ in both], offers),
                adds=of_capabilities / len(indexes),
                arithmetic=_arithmetic(offers, len(indexes)),
                refs=[a.ref for a, _ in both[:MAX_LISTED]],
                facts=[x.fact for pair in both[:MAX_LISTED] for x in pair],
            )
        )
    if of_segments is not None:
        names = [segments[0][s] for s in shared_segments]
        evidence.append(
            told(
                _overlap("segments", names, segments),
                adds=of_segments / len(indexes),
                arithmetic=_arithmetic(segments, len(indexes)),
                refs=[one, other],
                sources=[reading.nodes[f.id].properties.get("source") for f in (one, other)],
            )
        )
    complements = [*_complements(reading, one, other), *_complements(reading, other, one)]
    evidence += complements[:MAX_LISTED]
    verdict: Verdict = "workable"
    decided = None
    compared = len(offers[0].keys() | offers[1].keys()) + len(
        segments[0].keys() | segments[1].keys()
    )
    enough = compared >= t.cognitive_least
    if (figure is None or not enough) and not complements:
        verdict = "not known"
        decided = "cognitive_least" if figure is not None else None
    elif enough and figure is not None and figure > t.cognitive_close:
        verdict, decided = "too close", "cognitive_close"
    elif figure is not None and figure < t.cognitive_far and not complements:
        verdict, decided = "too far", "cognitive_far"
    return Cognitive(
        verdict=verdict,
        why=_why(verdict, figure, complements, one, other),
        figure=figure,
        figure_is="mean Jaccard index of capabilities offered and of segments, 0 to 1",
        decided_by=decided,
        evidence=evidence,
        left_out=max(0, len(complements) - MAX_LISTED),
        notes=list(_notes(offers, segments, one, other)),
        capabilities=of_capabilities,
        segments=of_segments,
        shared=[offers[0][i].ref.name for i in shared_offers]
        + [segments[0][s] for s in shared_segments],
        complements=list(dict.fromkeys(e.refs[0].name for e in complements)),
    )


def _segments(reading: Reading, firm: Ref) -> dict[str, str]:
    """Segments of a firm by their names without case."""
    found = reading.nodes[firm.id].properties.get("segments")
    return {str(s).strip().casefold(): str(s) for s in found} if isinstance(found, list) else {}


def _overlap(what: str, names: Sequence[str], sides: Sequence[Mapping[str, object]]) -> str:
    whole = len(sides[0].keys() | sides[1].keys())
    listed = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return f"Of {whole} {what} of either, both have {len(names)}{': ' + listed if names else ''}."


def _arithmetic(sides: Sequence[Mapping[str, object]], indexes: int) -> str:
    a, b = set(sides[0]), set(sides[1])
    return f"{len(a & b)} / {len(a | b)}" + (" / 2" if indexes == 2 else "")


def _complements(reading: Reading, needing: Ref, offering: Ref) -> Iterable[Evidence]:
    """What one needs and the other offers."""
    offered: dict[str, list[Tied]] = {}
    for tied in reading.offers[offering.id]:
        offered.setdefault(tied.other.id, []).append(tied)
    needed: dict[str, list[Tied]] = {}
    for tied in reading.needs[needing.id]:
        needed.setdefault(tied.other.id, []).append(tied)
    for id_ in sorted(needed.keys() & offered.keys()):
        both = [*needed[id_], *offered[id_]]
        yield told(
            f"{needing.name} needs {both[0].ref.name}, which {offering.name} offers.",
            refs=[both[0].ref],
            facts=[t.fact for t in both],
        )


def _why(
    verdict: Verdict, figure: float | None, complements: Sequence[Evidence], one: Ref, other: Ref
) -> str:
    if verdict == "not known":
        return f"Too little is on record of what {one.name} and {other.name} know and do."
    completes = (
        f"one offers what the other needs ({complements[0].refs[0].name})" if complements else ""
    )
    if figure is None:
        return f"Overlap is not known, but {completes}."
    meaning = {
        "too far": "hardly any common ground to understand each other",
        "too close": "so much that little can be learned",
    }.get(verdict, "enough in common to understand each other")
    if verdict == "workable" and completes:
        meaning = completes
    return f"They overlap by {figure:.0%}: {meaning}."


def _notes(
    offers: Sequence[dict[str, Tied]], segments: Sequence[dict[str, str]], one: Ref, other: Ref
) -> Iterable[str]:
    for firm, offered, done in zip((one, other), offers, segments, strict=True):
        missing = [
            name for name, some in (("capabilities", offered), ("segments", done)) if not some
        ]
        if missing:
            yield f"Of {firm.name} no {' and no '.join(missing)} are on record."
