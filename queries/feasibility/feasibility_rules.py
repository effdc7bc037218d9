"""The propositions of the study on non-local service partnerships, as rules without a graph.

Findikoglu & Watson-Manheim, *Do Small and Medium-sized IT Firms Form Service Partnerships with
Non-Local IT Firms?*, give directions: what makes a non-local partnership likelier. How much has to
be on record, and how the propositions add up to a verdict, are our rules; each says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from .feasibility_models import (
    AllianceCapability,
    Bearing,
    ChallengeName,
    Condition,
    Finding,
    Level,
    Proposition,
    PropositionId,
    Reach,
    Verdict,
)
from .services import ServiceReading, described

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
BEARINGS: Final[Mapping[Bearing, str]] = {
    "supports": "supports",
    "partly": "supports in part",
    "opposes": "opposes",
    "not_on_record": "nothing on record",
    "does_not_bear": "does not bear",
}
"""Bearings in words."""
MAX_TOLD: Final = 20
STATEMENTS: Final[Mapping[PropositionId, str]] = {
    "P1": "Alliance capabilities make a firm likelier to partner non-locally.",
    "P2": "Experience of non-local partnerships builds those capabilities.",
    "P3": "Organizational proximity makes a non-local partnership likelier.",
    "P4a": "System-intensive and people-intensive routine services are likelier to be partnered "
    "non-locally than creative ones.",
    "P4b": "For creative services, alliance capabilities are what makes it work.",
    "P4c": "For creative services, organizational proximity is what makes it work, too.",
}
GROUPS: Final[Mapping[ChallengeName, tuple[AllianceCapability, ...]]] = {
    "communication": ("communication",),
    "knowledge transfer": ("specification", "knowledge transfer", "quality assurance"),
    "coordination": ("coordination", "project management"),
}
"""What a creative service asks for, and the capabilities that give it. Our rule: P4b supports when
each of the three has one on record, partly when any alliance capability is."""


@dataclass(frozen=True)
class Case:
    """Everything that the rules look at.

    Parameters
    ----------
    firm, partner : str
        Names; of a partner that is not named, `the partner`.
    service : ServiceReading
    reach : Reach
    capabilities : mapping
        Alliance capabilities of the firm on record, by kind; None: of another kind.
    experience : sequence of Finding
        Earlier non-local partnerships of the firm.
    undated : int
        Non-local partnerships that cannot be said to be earlier, for want of a date.
    networks : sequence of Finding
        Networks that firm and partner share.
    near : bool
        Whether these make them organizationally near.
    nearness : str
        Why, as a sentence.
    own_networks : sequence of str
        Names of networks that the firm is in, to choose a partner from; the smallest first.
    social, managers, rivalry, exclusives : sequence of Finding
        Ties between people of both, who runs the firm's alliances, rivalry between the two, and
        exclusive agreements of either with others.
    """

    firm: str
    partner: str
    service: ServiceReading
    reach: Reach
    capabilities: Mapping[AllianceCapability | None, Sequence[Finding]] = field(
        default_factory=dict
    )
    experience: Sequence[Finding] = ()
    undated: int = 0
    networks: Sequence[Finding] = ()
    near: bool = False
    nearness: str = ""
    own_networks: Sequence[str] = ()
    social: Sequence[Finding] = ()
    managers: Sequence[Finding] = ()
    rivalry: Sequence[Finding] = ()
    exclusives: Sequence[Finding] = ()

    @property
    def creative(self) -> bool:
        """Whether P4b and P4c bear."""
        return self.service.content == "people_intensive_creative"

    @property
    def all_capabilities(self) -> list[Finding]:
        """Alliance capabilities of every kind, each once."""
        return _once(e for found in self.capabilities.values() for e in found)

    def of(self, group: ChallengeName) -> list[Finding]:
        """Capabilities that answer one challenge."""
        kinds = GROUPS.get(group, ())
        return _once(e for kind in kinds for e in self.capabilities.get(kind, ()))

    @property
    def lacking(self) -> list[ChallengeName]:
        """What a creative service asks for and nothing on record gives."""
        return [group for group in GROUPS if not self.of(group)]


def propositions(case: Case) -> list[Proposition]:
    """What each proposition says of a case."""
    if case.reach == "local":
        why = "The partner is local; the proposition is about non-local partners."
        return [_proposition(p, "does_not_bear", why) for p in STATEMENTS]
    return [_p1(case), _p2(case), _p3(case), _p4a(case), _p4b(case), _p4c(case)]


def _proposition(
    id_: PropositionId, bearing: Bearing, why: str, evidence: Sequence[Finding] = ()
) -> Proposition:
    return Proposition(
        id=id_,
        statement=STATEMENTS[id_],
        bearing=bearing,
        why=why,
        evidence=list(evidence[:MAX_TOLD]),
    )


def _p1(case: Case) -> Proposition:
    found = case.all_capabilities
    if not found:
        return _proposition("P1", "not_on_record", _none(case))
    return _proposition("P1", "supports", f"{_number(len(found), 'alliance capability')}.", found)


def _p2(case: Case) -> Proposition:
    later = (
        f" {_number(case.undated, 'other non-local partnership')} without a date: "
        "nobody knows whether earlier or later."
        if case.undated
        else ""
    )
    if not case.experience:
        why = f"No earlier non-local partnership of {case.firm} is on record.{later}"
        return _proposition("P2", "not_on_record", why)
    count = _number(len(case.experience), "earlier non-local partnership")
    return _proposition("P2", "supports", f"{count}.{later}", case.experience)


def _p3(case: Case) -> Proposition:
    bearing = _proximity(case)
    why = case.nearness or f"No network that {case.firm} shares with {case.partner} is on record."
    return _proposition("P3", bearing, why, case.networks)


def _proximity(case: Case) -> Bearing:
    if case.near:
        return "supports"
    return "partly" if case.networks else "not_on_record"


def _p4a(case: Case) -> Proposition:
    bearing: Bearing = "opposes" if case.creative else "supports"
    return _proposition("P4a", bearing, case.service.how)


def _p4b(case: Case) -> Proposition:
    if not case.creative:
        return _not_creative("P4b", case)
    found = case.all_capabilities
    if not found:
        return _proposition("P4b", "not_on_record", _none(case))
    if not case.lacking:
        why = "There is one for communication, for knowledge transfer and for coordination each."
        return _proposition("P4b", "supports", why, found)
    why = f"{_number(len(found), 'alliance capability')}, but none for {listed_and(case.lacking)}."
    return _proposition("P4b", "partly", why, found)


def _p4c(case: Case) -> Proposition:
    if not case.creative:
        return _not_creative("P4c", case)
    return _p3(case).model_copy(update={"id": "P4c", "statement": STATEMENTS["P4c"]})


def _not_creative(id_: PropositionId, case: Case) -> Proposition:
    why = f"It is about creative services; this one is {described(case.service.content)}."
    return _proposition(id_, "does_not_bear", why)


# --- verdict --------------------------------------------------------------------------------------


def level(reach: Reach, bearings: Mapping[PropositionId, Bearing]) -> Level:
    """The verdict that the bearings of the propositions give. Our rule."""
    if reach == "local":
        return "feasible_by_default"
    if bearings["P4a"] == "supports":
        return "likely"
    if bearings["P4b"] == bearings["P4c"] == "supports":
        return "likely"
    if all(bearings[p] == "not_on_record" for p in ("P2", "P4b", "P4c")):
        return "unlikely_unless"
    return "possible_if"


def verdict(case: Case, found: Sequence[Proposition], missing: Sequence[Condition]) -> Verdict:
    """The verdict in words, with what speaks for and against it."""

    def having(bearing: Bearing) -> list[PropositionId]:
        return [p.id for p in found if p.bearing == bearing]

    reached = level(case.reach, {p.id: p.bearing for p in found})
    service, needed = case.service.asked, [c.must_hold for c in missing if c.needed]
    # The firm is named once: "X has … or shares …".
    needed[1:] = [text.removeprefix(f"{case.firm} ") for text in needed[1:]]
    moreover = f"; likely if it also {needed[1]}" if len(needed) > 1 else ""
    rule = (
        "By P4a a non-local partnership is likely for such a service, whatever else is on record."
    )
    if reached == "feasible_by_default":
        sentence = f"Feasible by default: {case.partner} is local, whatever the service."
        rule = "Every service is feasible with a local partner; the propositions are about others."
    elif not case.creative:
        kind = described(case.service.content)
        sentence = f"Likely: {service} is {kind}, and such services are partnered at a distance."
    elif reached == "likely":
        sentence = (
            f"Likely, though {service} is creative: what makes it work at a distance is on record."
        )
        rule = "Creative services need what P4b and P4c ask for; both are on record."
    elif reached == "possible_if":
        sentence = f"Possible if {needed[0]}{moreover}."
        rule = (
            "By P4a creative services are the least likely ones; of what P2, P4b and P4c ask for, "
            "a part is on record."
        )
    else:
        sentence = f"Unlikely unless {listed_or(needed)}."
        rule = (
            "By P4a creative services are the least likely ones, and nothing that P2, P4b or P4c "
            "ask for is on record. P4b or P4c would make it possible, both together likely."
        )
    return Verdict(
        level=reached,
        sentence=sentence,
        rule=rule + " Our rule: the study gives directions only.",
        supported_by=having("supports"),
        partly_by=having("partly"),
        opposed_by=having("opposes"),
        not_on_record=having("not_on_record"),
    )


# --- words ---------------------------------------------------------------------------------------


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list({f.about[0].id: f for f in findings}.values())


def _none(case: Case) -> str:
    return f"No alliance capability of {case.firm} is on record."


def listed_and(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return _list(parts, "and")


def listed_or(parts: Sequence[str]) -> str:
    """`a, b or c`."""
    return _list(parts, "or")


def _list(parts: Sequence[str], last: str) -> str:
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _number(n: int, noun: str) -> str:
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{n:,} {noun if n == 1 else many} on record"
