"""People known to each other, common partners, earlier dealings: social proximity of two firms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from alliance_explorer.queries.graph.ties import DEFAULT_WEIGHTS, date_of_day, specificity
from alliance_explorer.queries.models import Fact, Ref
from alliance_explorer.queries.profile import ref_of
from alliance_explorer.queries.wording import span

from .proximity_facts import MAX_LISTED, Reading, SharedTie, Tied, listed, told
from .proximity_models import Evidence, Social, Verdict

# Our rule: what each personal tie adds to the figure. Those that are kinds of tie have the weight
# that they have on the way to a partner; the others count what is left of such a tie.
SHARED_PERSON: Final = 1.0
FORMER_PERSON: Final = 0.5
ACQUAINTANCE: Final = DEFAULT_WEIGHTS["acquaintance"]
JOINT_ALLIANCE: Final = DEFAULT_WEIGHTS["alliance"]
PAST_COLLEAGUES: Final = 0.3
COMMON_PARTNER: Final = 0.2
SHARED_PLACE: Final = 0.1
SHARED_LANGUAGE: Final = 0.05
# People or firms named in one sentence.
_NAMED: Final = 5


def social(reading: Reading, one: Ref, other: Ref, *, detailed: bool) -> Social:
    """Ties between people of the two firms, joint alliances and common partners.

    The figure is the sum of what each tie adds (our rule): somebody who works for or sits on the
    board of both 1; somebody of one who was formerly with the other 0.5; an acquaintance 0.6 x its
    stated strength; a joint alliance 0.8 x recency / log2(1 + parties); people of both who were
    colleagues elsewhere 0.3 per firm; a common partner 0.2 / log2(1 + alliances of that partner);
    a place where people of both lived, studied or worked 0.1; a language of both 0.05.

    Parameters
    ----------
    reading : Reading
    one, other : Ref
    detailed : bool
        Fetch the facts of alliances too.

    References
    ----------
    Boschma 2005, *Proximity and innovation*. Adamic & Adar 2003, *Friends and neighbors on the
    Web*.
    """
    t = reading.options.thresholds
    joint = reading.ties(reading.dealings, one.id, other.id)
    joint.sort(key=lambda s: (-s.parts.recency * s.parts.specificity, s.body.id))
    common, more_common = reading.common_partners(one.id, other.id)
    evidence = [
        *_people(reading, one, other),
        *_acquaintances(reading, one, other),
        *_colleagues(reading, one, other),
        *_joint(reading, joint, one, other, detailed=detailed),
        *_common(reading, common, one, other, detailed=detailed),
        *_places(reading, one, other),
        *_languages(reading, one, other),
    ]
    rest = [COMMON_PARTNER * specificity(n) for n in more_common]
    figure = sum(e.adds or 0.0 for e in evidence) + sum(rest)
    silent = [
        f.name
        for f in (one, other)
        if not evidence and not reading.people[f.id] and not reading.has_partners(f.id)
    ]
    known = bool(evidence) or not silent
    verdict: Verdict = "workable"
    decided = None
    if not known:
        verdict = "not known"
    elif figure < t.social_far:
        verdict, decided = "too far", "social_far"
    elif figure > t.social_close:
        verdict, decided = "too close", "social_close"
    shown, left_out = listed(evidence, rest)
    return Social(
        verdict=verdict,
        why=_why(verdict, figure, len(evidence) + len(rest), one, other),
        figure=figure if known else None,
        figure_is="sum of what each personal tie adds",
        decided_by=decided,
        evidence=shown,
        left_out=left_out,
        notes=[f"Neither people nor partners of {name} are on record." for name in silent],
        joint_alliances=[s.body for s in joint[:MAX_LISTED]],
        common_partners=[ref for ref, _ in common],
    )


def _why(verdict: Verdict, figure: float, count: int, one: Ref, other: Ref) -> str:
    if verdict == "not known":
        return f"Too little is on record of people and partners of {one.name} and {other.name}."
    if not count:
        return f"No social tie between {one.name} and {other.name} is on record."
    meaning = {
        "too far": "too little to build trust on",
        "too close": "so much that loyalty may blind both",
    }.get(verdict, "enough to build trust on")
    return f"{count:,} social tie{'s' if count > 1 else ''} ({figure:.2f}): {meaning}."


# --- people ---------------------------------------------------------------------------------------


def _by_person(ties: Sequence[Tied]) -> dict[str, list[Tied]]:
    found: defaultdict[str, list[Tied]] = defaultdict(list)
    for tied in ties:
        found[tied.other.id].append(tied)
    return found


def _people(reading: Reading, one: Ref, other: Ref) -> Iterable[Evidence]:
    """People of both firms at once, and those of one who were formerly with the other."""
    here, there = _by_person(reading.people[one.id]), _by_person(reading.people[other.id])
    for person in sorted(here.keys() & there.keys()):
        a, b = here[person], there[person]
        ref = ref_of(reading.persons[person])
        facts = [x.fact for x in (*a, *b)]
        now = any(x.holds for x in a), any(x.holds for x in b)
        if all(now):
            sentence = f"{ref.name} is with both firms."
            yield told(
                sentence, adds=SHARED_PERSON, arithmetic="shared person", refs=[ref], facts=facts
            )
        elif any(now):
            at, before = (one, other) if now[0] else (other, one)
            sentence = f"{ref.name} of {at.name} was with {before.name} before."
            yield told(
                sentence, adds=FORMER_PERSON, arithmetic="former person", refs=[ref], facts=facts
            )
        else:
            sentence = f"{ref.name} was with both firms once."
            yield told(sentence, adds=None, arithmetic=None, refs=[ref], facts=facts)


def _now(reading: Reading, firm: Ref) -> list[str]:
    """People who are with a firm on the day."""
    return sorted({t.other.id for t in reading.people[firm.id] if t.holds})


def _acquaintances(reading: Reading, one: Ref, other: Ref) -> Iterable[Evidence]:
    here, there = set(_now(reading, one)), set(_now(reading, other))
    for (a, b), facts in sorted(reading.acquaintances.items()):
        if not ((a in here and b in there) or (b in here and a in there)):
            continue
        if a in here & there or b in here & there:
            continue  # somebody who is with both is told already
        stated = [f.properties.get("strength", 1.0) for f in facts]
        strength = max(float(s) for s in stated if isinstance(s, int | float))
        first, second = (a, b) if a in here else (b, a)
        refs = [ref_of(reading.persons[p]) for p in (first, second)]
        yield told(
            f"{refs[0].name} of {one.name} knows {refs[1].name} of {other.name}.",
            adds=ACQUAINTANCE * strength,
            arithmetic=f"{ACQUAINTANCE:g} x {strength:g}",
            refs=refs,
            facts=facts,
        )


def _colleagues(reading: Reading, one: Ref, other: Ref) -> Iterable[Evidence]:
    """Firms other than the two in which people of both were at the same time."""
    sides: list[defaultdict[str, list[Tied]]] = []
    both = {*_now(reading, one)} & {*_now(reading, other)}
    for firm in (one, other):
        found: defaultdict[str, list[Tied]] = defaultdict(list)
        for person in _now(reading, firm):
            for tied in reading.past[person] if person not in both else ():
                if tied.other.id not in (one.id, other.id):
                    found[tied.other.id].append(tied)
        sides.append(found)
    for id_ in sorted(sides[0].keys() & sides[1].keys()):
        a, b = sides[0][id_], sides[1][id_]
        met = [(x, y) for x in a for y in b if _overlap(x.fact, y.fact)]
        if met:
            people = [*dict.fromkeys(t.fact.from_id for pair in met for t in pair)]
            refs = [ref_of(reading.persons[p]) for p in people]
            facts = {str(t.fact.properties["id"]): t.fact for pair in met for t in pair}
            yield told(
                f"{_names(refs)} were at {a[0].ref.name} at the same time.",
                adds=PAST_COLLEAGUES,
                arithmetic="colleagues elsewhere",
                refs=[a[0].ref, *refs[:_NAMED]],
                facts=list(facts.values())[: 2 * _NAMED],
            )


def _overlap(one: Fact, other: Fact) -> bool:
    """Whether two periods have a day in common; what is not dated is not taken to overlap."""
    p, q = one.properties, other.properties
    dated = all("since" in x or "until" in x for x in (p, q))
    first = [x["since"] for x in (p, q) if "since" in x]
    last = [x["until"] for x in (p, q) if "until" in x]
    return dated and (not first or not last or max(map(str, first)) < min(map(str, last)))


def _places(reading: Reading, one: Ref, other: Ref) -> Iterable[Evidence]:
    """Places where people of both lived, studied or worked."""
    here, there = (_ties_to_places(reading, firm) for firm in (one, other))
    for id_ in sorted(here.keys() & there.keys()):
        a, b = here[id_], there[id_]
        if {t.fact.from_id for t in a} == {t.fact.from_id for t in b}:
            continue  # the same people
        yield told(
            f"People of both have ties to {a[0].ref.name}.",
            adds=SHARED_PLACE,
            arithmetic="place of people of both",
            refs=[a[0].ref],
            facts=[t.fact for t in (*a[:_NAMED], *b[:_NAMED])],
        )


def _ties_to_places(reading: Reading, firm: Ref) -> dict[str, list[Tied]]:
    found: defaultdict[str, list[Tied]] = defaultdict(list)
    for person in _now(reading, firm):
        for tied in reading.homes[person]:
            found[tied.other.id].append(tied)
    return found


def _languages(reading: Reading, one: Ref, other: Ref) -> Iterable[Evidence]:
    """Languages that are spoken on both sides, by different people."""
    sides: list[defaultdict[str, set[str]]] = []
    for firm in (one, other):
        spoken: defaultdict[str, set[str]] = defaultdict(set)
        for person in _now(reading, firm):
            node = reading.persons[person]
            languages = node.properties.get("languages")
            if isinstance(languages, list) and reading.counts(node.properties):
                for language in languages:
                    spoken[str(language)].add(person)
        sides.append(spoken)
    for language in sorted(sides[0].keys() & sides[1].keys()):
        here, there = sides[0][language], sides[1][language]
        if here != there:
            people = [ref_of(reading.persons[p]) for p in sorted(here | there)]
            sources = [reading.persons[p.id].properties.get("source") for p in people]
            yield told(
                f"People of both speak {language}.",
                adds=SHARED_LANGUAGE,
                arithmetic="language of both",
                refs=people[:_NAMED],
                sources=sources,
            )


# --- alliances ------------------------------------------------------------------------------------


def _joint(
    reading: Reading, joint: Sequence[SharedTie], one: Ref, other: Ref, *, detailed: bool
) -> Iterable[Evidence]:
    facts: dict[tuple[str, str], list[Fact]] = {}
    if detailed:
        facts = reading.facts_about([one.id, other.id], [s.body for s in joint[:MAX_LISTED]])
    for parts, body in joint:
        when = span(date_of_day(parts.since), date_of_day(parts.until), reading.reference)
        of = f", with {parts.participants - 2} more" if parts.participants > 2 else ""
        yield told(
            f"They are allied in {body.name}{of}{f' ({when})' if when else ''}."
            if parts.until > reading.dealings.reference
            else f"They were allied in {body.name}{of} ({when}).",
            adds=JOINT_ALLIANCE * parts.recency * parts.specificity,
            arithmetic=f"{JOINT_ALLIANCE:g} x recency {parts.recency:.6g} / "
            f"log2(1 + {parts.participants})",
            refs=[body],
            facts=[f for firm in (one, other) for f in facts.get((firm.id, body.id), ())],
        )


def _common(
    reading: Reading,
    common: Sequence[tuple[Ref, int]],
    one: Ref,
    other: Ref,
    *,
    detailed: bool,
) -> Iterable[Evidence]:
    bodies: dict[str, list[Ref]] = {}
    facts: dict[tuple[str, str], list[Fact]] = {}
    if detailed and common:
        for ref, _ in common:
            ties = [
                s for f in (one, other) for s in reading.ties(reading.alliances, f.id, ref.id)[:3]
            ]
            bodies[ref.id] = list({s.body.id: s.body for s in ties}.values())
        actors = [one.id, other.id, *bodies]
        facts = reading.facts_about(actors, [b for some in bodies.values() for b in some])
    for ref, alliances in common:
        over = bodies.get(ref.id, [])
        yield told(
            f"{ref.name} is a partner of both ({alliances:,} alliances in all).",
            adds=COMMON_PARTNER * specificity(alliances),
            arithmetic=f"{COMMON_PARTNER:g} / log2(1 + {alliances})",
            refs=[ref, *over],
            facts=[
                f
                for b in over
                for a in (one.id, other.id, ref.id)
                for f in facts.get((a, b.id), ())
            ],
        )


def _names(refs: Sequence[Ref]) -> str:
    names = [r.name for r in refs[:_NAMED]]
    if len(refs) > _NAMED:
        names.append(f"{len(refs) - _NAMED} more")
    return ", ".join(names[:-1]) + " and " + names[-1]
