"""Whether a service partnership is feasible for a firm: with a candidate, or at some distance.

By the propositions of Findikoglu & Watson-Manheim, *Do Small and Medium-sized IT Firms Form Service
Partnerships with Non-Local IT Firms?*; how they add up is our rule (`feasibility_rules`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import JUDGED
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import AllianceView, Ref

from .feasibility_advice import challenges, missing
from .feasibility_models import (
    CountOfAlliances,
    Feasibility,
    FeasibilityOfAlliances,
    Finding,
    JudgedAlliance,
    Reach,
    ReachReading,
    UnjudgedAlliance,
)
from .feasibility_record import REACHES, Nearness, Record
from .feasibility_rules import (
    LEVELS,
    Case,
    propositions,
    verdict,
)
from .services import CONTENTS, ServiceTable, service_table

ANYBODY = "the partner"


@as_known
def feasibility(
    explorer: Explorer,
    firm: str,
    candidate: str | None = None,
    *,
    service: str,
    reach: str | None = None,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    table: ServiceTable | None = None,
) -> Feasibility:
    """Whether a service partnership is feasible, by which propositions, and what is missing.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name of the firm that looks for a partner.
    candidate : str, optional
        Id or name of the partner; without it, `reach` says where one is looked for.
    service : str
        One service of the table, or several at once: `telecom and VoIP`.
    reach : {"local", "domestic", "international"}, optional
        Where the partner is. Of a candidate it is known from the graph; what is said here wins.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    table : ServiceTable, optional
        The bundled one unless given.

    Raises
    ------
    UnknownActor, AmbiguousActor
    InvalidRequest
        The service is not in the table, both ends are one firm, or nobody says where the partner
        is.

    Notes
    -----
    Reads the facts of both firms: as much as their profiles do.

    References
    ----------
    Findikoglu & Watson-Manheim. Zaheer, Lamin & Subramani 2009. Schreiner, Kale & Corsten 2009.
    """
    stated = _reach(reach)
    reading = (table or service_table()).read(service)
    focal = explorer.resolve(firm, ("Firm",), "firm")
    other = explorer.resolve(candidate, ("Firm",), "candidate") if candidate else None
    if other and other.id == focal.id:
        raise InvalidRequest(f"{focal.name} cannot be its own partner", "candidate")
    record = Record(explorer, focal, as_of, known_at)
    near = record.nearness(other) if other else None
    where = _where(record, other, near, stated)
    exclusives = record.exclusives(other.id if other else None)
    if other:
        exclusives += Record(explorer, other, as_of, known_at, placing=False).exclusives(focal.id)
    case = Case(
        firm=focal.name,
        partner=other.name if other else ANYBODY,
        service=reading,
        reach=where.reach,
        capabilities=record.capabilities(),
        experience=[e.finding for e in record.experience()],
        networks=near.networks if near else (),
        near=near.near if near else False,
        nearness=near.why if near else "",
        own_networks=record.networks(),
        social=near.social if near else (),
        managers=record.managers(),
        rivalry=record.rivalry(other.id) if other else (),
        exclusives=exclusives,
    )
    found = propositions(case)
    conditions = missing(case, found)
    expected = challenges(case)
    mind = [*case.rivalry, *case.exclusives]
    told = [f for p in found for f in p.evidence] + [f for c in expected for f in c.helps]
    return Feasibility(
        firm=focal,
        candidate=other,
        service=reading,
        reach=where,
        as_of=as_of,
        known_at=known_at,
        reference_date=record.reference,
        verdict=verdict(case, found, conditions),
        propositions=found,
        missing=conditions,
        challenges=expected,
        mind=mind,
        sources=explorer.sources(_sources([*told, *mind, *where.evidence])),
        credits=record.credits,
    )


@as_known
def feasibility_of_alliances(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = JUDGED.usual,
    table: ServiceTable | None = None,
) -> FeasibilityOfAlliances:
    """A firm's service partnerships on record, each judged as if it were still to be made.

    Only partnerships that began earlier count as experience; those without a date cannot be said
    to be earlier. Everything else is as of the reference date.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        Only alliances that hold on this day. Without it: all on record up to today.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most alliances that are judged, the newest first.
    table : ServiceTable, optional
        The bundled one unless given.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    focal = explorer.resolve(firm, ("Firm",), "firm")
    record = Record(explorer, focal, as_of, known_at)
    judge = _Judge(record, table or service_table())
    views = [v for v in record.alliances if v.active or as_of is None]
    results = [judge.alliance(v) if judge.judged < limit else None for v in views]
    judged = [r for r in results if isinstance(r, JudgedAlliance)]
    unjudged = [r for r in results if isinstance(r, UnjudgedAlliance)]
    counted = Counter((j.service.content, j.reach.reach) for j in judged)
    levels = Counter(j.verdict.level for j in judged)
    told = [f for j in judged for p in j.propositions for f in p.evidence]
    told += [f for j in judged for f in j.reach.evidence]
    return FeasibilityOfAlliances(
        firm=focal,
        as_of=as_of,
        known_at=known_at,
        reference_date=record.reference,
        total=len(views),
        left_out=results.count(None),
        counts=[
            CountOfAlliances(content=c, reach=r, alliances=counted[c, r])
            for c in CONTENTS
            for r in REACHES
            if counted[c, r]
        ],
        levels={level: levels[level] for level in LEVELS if levels[level]},
        alliances=judged,
        unjudged=unjudged[:limit],
        unjudged_total=len(unjudged),
        sources=explorer.sources(_sources(told)),
        credits=record.credits,
    )


class _Judge:
    """Judges alliances on record by what is on record of the firm."""

    def __init__(self, record: Record, table: ServiceTable) -> None:
        self._record = record
        self._table = table
        self._capabilities = record.capabilities()
        self._experience = record.experience()
        self._own_networks = record.networks()
        self._near: dict[str, Nearness] = {}
        self.judged = 0

    def alliance(self, view: AllianceView) -> JudgedAlliance | UnjudgedAlliance:
        record, ref = (
            self._record,
            Ref(id=view.alliance.id, label="Alliance", name=view.alliance.name),
        )
        recorded = view.alliance.properties.get("service_type")
        if not recorded:
            return UnjudgedAlliance(alliance=ref, reason="No service is on record.")
        try:
            service = self._table.read(str(recorded))
        except InvalidRequest as exc:
            text = str(exc).partition("; known: ")[0]
            return UnjudgedAlliance(alliance=ref, reason=text[:1].upper() + text[1:] + ".")
        reach = record.reach_of(view)
        if reach is None:
            reason = "Neither the reach of the partner nor the places of both are on record."
            return UnjudgedAlliance(alliance=ref, reason=reason)
        self.judged += 1
        others = record.others(view)
        partner = (record.farthest(view) or others[0]) if others else None
        near = self._nearness(partner) if partner and reach.reach != "local" else None
        earlier, undated = self._earlier(view)
        case = Case(
            firm=record.firm.name,
            partner=partner.name if partner else ANYBODY,
            service=service,
            reach=reach.reach,
            capabilities=self._capabilities,
            experience=earlier,
            undated=undated,
            networks=near.networks if near else (),
            near=near.near if near else False,
            nearness=near.why if near else "",
            own_networks=self._own_networks,
        )
        found = propositions(case)
        conditions = missing(case, found)
        return JudgedAlliance(
            alliance=ref,
            partners=others,
            start=view.start,
            active=view.active,
            service=service,
            reach=reach,
            verdict=verdict(case, found, conditions),
            propositions=found,
            missing=conditions,
        )

    def _nearness(self, partner: Ref) -> Nearness:
        if partner.id not in self._near:
            self._near[partner.id] = self._record.nearness(partner)
        return self._near[partner.id]

    def _earlier(self, view: AllianceView) -> tuple[Sequence[Finding], int]:
        """Partnerships that began before another, and how many may have, for want of a date."""
        others = [e for e in self._experience if e.view.alliance.id != view.alliance.id]
        unknown = [e for e in others if view.start is None or e.view.start is None]
        known = [
            e.finding
            for e in others
            if view.start is not None and e.view.start is not None and e.view.start < view.start
        ]
        return known, len(unknown)


def _reach(text: str | None) -> Reach | None:
    """A reach as it was asked for.

    Raises
    ------
    InvalidRequest
        There is no such reach.
    """
    if text is None or not text.strip():
        return None
    for reach in REACHES:
        if text.strip().casefold() == reach:
            return reach
    raise InvalidRequest(f"no reach is called {text[:40]!r}{nearest(text[:40], REACHES)}", "reach")


def _where(
    record: Record, other: Ref | None, near: Nearness | None, stated: Reach | None
) -> ReachReading:
    """Where the partner is: what the asker says, else places, else an alliance they have already.

    Raises
    ------
    InvalidRequest
        Nobody says.
    """
    known = (near.reach if near else None) or (record.recorded_reach(other) if other else None)
    if stated:
        how = f"You say that {other.name if other else ANYBODY} is {stated}."
        if known and known.reach != stated:
            how += f" The record says otherwise: {known.reach}. {known.how}"
        evidence = known.evidence if known else []
        return ReachReading(reach=stated, how=how, stated_by="the asker", evidence=evidence)
    if known:
        return known
    choices = ", ".join(REACHES)
    if other:
        raise InvalidRequest(
            f"where {other.name} is, seen from {record.firm.name}, is not on record; "
            f"give a reach: {choices}",
            "reach",
        )
    raise InvalidRequest(f"name a candidate, or the reach of the partner: {choices}", "reach")


def _sources(findings: Iterable[Finding]) -> list[object]:
    return [s for f in findings for s in f.sources]
