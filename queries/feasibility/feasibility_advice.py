"""What is missing, and which difficulties to expect: what a manager makes of a verdict.

The challenges and the routines against them are of Findikoglu & Watson-Manheim; which service meets
which of them is our rule.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from .feasibility_models import (
    Challenge,
    ChallengeName,
    Condition,
    Finding,
    Proposition,
    PropositionId,
)
from .feasibility_rules import GROUPS, MAX_TOLD, Case, listed_and, listed_or
from .services import KnowledgeContent

_EXPECT: Final[Mapping[ChallengeName, str]] = {
    "search and selection": "A distant partner's competence and reliability are hard to see "
    "before work begins.",
    "communication": "What is settled in passing among neighbours has to be arranged, and is "
    "misunderstood more easily.",
    "knowledge transfer": "What the customer wants is partly unspoken, and gets lost on the way.",
    "coordination": "Work at two places drifts apart: schedules, versions, who does what.",
    "governance": "The partner may come to serve the same customers itself.",
}
_ROUTINES: Final[Mapping[ChallengeName, tuple[str, ...]]] = {
    "search and selection": (
        "Select iteratively: begin with a small job, and widen as it goes well.",
    ),
    "communication": (
        "Mix media: meetings, video, telephone, chat and writing, each for its own.",
    ),
    "knowledge transfer": (
        "Write detailed specifications.",
        "Add quality assurance of your own to the partner's.",
    ),
    "coordination": ("Put project management in place: one who answers for it, plan, milestones.",),
    "governance": (
        "Agree on non-competition.",
        "Make a strong agreement: rights, duties, who owns the customer.",
    ),
}
_EXPECTED: Final[Mapping[KnowledgeContent, tuple[ChallengeName, ...]]] = {
    "system_intensive": ("search and selection", "governance"),
    "people_intensive_routine": ("search and selection", "coordination", "governance"),
    "people_intensive_creative": (
        "search and selection",
        "communication",
        "knowledge transfer",
        "coordination",
        "governance",
    ),
}


def missing(case: Case, found: Sequence[Proposition]) -> list[Condition]:
    """What would have to hold, and how to record that it does; nothing for a local partner."""
    bearings = {p.id: p.bearing for p in found}
    if case.reach == "local":
        return []
    conditions = []
    if case.creative:
        if bearings["P4b"] != "supports":
            conditions.append(_capabilities(case, "P4b", case.lacking))
        if bearings["P4c"] != "supports":
            conditions.append(_networks(case, "P4c"))
        if case.undated and bearings["P2"] != "supports":
            conditions.append(_experience(case))
        return conditions
    if bearings["P1"] != "supports":
        conditions.append(_capabilities(case, "P1", tuple(GROUPS)))
    if bearings["P3"] != "supports":
        conditions.append(_networks(case, "P3"))
    return conditions


def _capabilities(case: Case, id_: PropositionId, lacking: Sequence[ChallengeName]) -> Condition:
    each = [
        f"{group} ({listed_or(GROUPS[group])})" if len(GROUPS[group]) > 1 else group
        for group in lacking
    ]
    hold = f"{case.firm} has alliance capabilities for {listed_and(lacking)}"
    if case.creative and case.experience and not case.all_capabilities:
        hold = (
            f"{case.firm}, by its earlier partnerships, has capabilities for {listed_and(lacking)}"
        )
    return Condition(
        proposition=id_,
        must_hold=hold,
        to_record=f"OFFERS from {case.firm} to a Capability of category alliance, "
        f"named for each of: {', '.join(each)}",
        needed=case.creative,
    )


def _networks(case: Case, id_: PropositionId) -> Condition:
    hold = f"{case.firm} shares a network with {case.partner}, the smaller the better"
    if case.networks:
        hold = f"{case.firm} shares a smaller network with {case.partner} than is on record"
    record = f"MEMBER_OF from {case.firm} and from {case.partner} to the same Network"
    if case.own_networks:
        record += f"; {case.firm} is in {listed_and(case.own_networks)}"
    return Condition(proposition=id_, must_hold=hold, to_record=record, needed=case.creative)


def _experience(case: Case) -> Condition:
    return Condition(
        proposition="P2",
        must_hold=f"{case.firm} has partnered non-locally before: its partnerships without a date "
        "may have been earlier",
        to_record="the start of each of these alliances",
        needed=False,
    )


def challenges(case: Case) -> list[Challenge]:
    """What to expect, with what firms do against it, and what is on record for and against.

    Which service meets which challenge is our rule; a local partner meets governance alone, and
    that only if rivalry or an exclusive agreement is on record.
    """
    worse = [*case.rivalry, *case.exclusives]
    expected = _EXPECTED[case.service.content]
    if case.reach == "local":
        expected = ("governance",) if worse else ()
    helps: Mapping[ChallengeName, Sequence[Finding]] = {
        "search and selection": [*case.social, *case.networks, *case.experience],
        "communication": case.of("communication"),
        "knowledge transfer": case.of("knowledge transfer"),
        "coordination": [*case.of("coordination"), *case.managers],
        "governance": case.capabilities.get("bonding", ()),
    }
    return [
        Challenge(
            name=name,
            expect=_EXPECT[name],
            routines=list(_ROUTINES[name]),
            helps=list(helps[name][:MAX_TOLD]),
            worse=worse if name == "governance" else [],
        )
        for name in expected
    ]
