"""Answers made by hand, from the telecom case, and names that try to break pages."""

import datetime as dt
import itertools

from alliance_explorer.queries.bridging.models import (
    Bridge,
    BridgesResult,
    Dependents,
    Rivalry,
    Searched,
    Side,
)
from alliance_explorer.queries.graph.ties import DEFAULT_WEIGHTS, KINDS
from alliance_explorer.queries.models import (
    AllianceView,
    Busy,
    Entity,
    Fact,
    Hit,
    MoreTies,
    Move,
    Partner,
    Path,
    Portfolio,
    Profile,
    Ref,
    Relation,
    SearchResult,
    SourceRef,
    Stats,
    Step,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    Tie,
)

NASTY = {
    "quotes": """Fish & "Chips" 'Ltd' `x`""",
    "script": "</script><script>window.broken = 1</script>",
    "image": "<img src=x onerror=window.broken=1>",
    "comment": "<!--<script>",
    "attribute": '" onmouseover="window.broken=1" x="',
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "right to left": "שלום \u202eevil\u202c عالم",
    "emoji": "👩\u200d👩\u200d👧 Acme 🚀",
    "line separators": "a\u2028b\u2029c",
    "newlines": "a\r\nb\tc",
    "long": "x" * 10_000,
    "long words": "very " * 2_000,
    "empty": " ",
}
FORMULA = '=HYPERLINK("http://example.org","x")'
YEAR = dt.date(2005, 1, 1)
SOURCES = {"source:study": SourceRef(id="source:study", title="A study", licence="CC BY 4.0")}


def ref(id_: str, name: str | None = None, label: str = "Firm") -> Ref:
    return Ref(id=id_, label=label, name=name or id_.partition(":")[2].title())


def tie(one: Ref, other: Ref, shared: Ref) -> Tie:
    return Tie(
        kind="alliance",
        shared=shared,
        since=YEAR,
        until=None,
        participants=2,
        dealings=1,
        weight=0.8,
        recency=1.0,
        repetition=0.5,
        specificity=0.63,
        stated=None,
        strength=0.252,
        facts=[
            Fact(
                type="PARTY_TO",
                from_id=end.id,
                to_id=shared.id,
                properties={"source": "source:study", "confidence": 1.0, "recorded_at": YEAR},
            )
            for end in (one, other)
        ],
        sentence=f"{one.name} is allied with {other.name} (since 2005).",
    )


def path(*actors: Ref) -> Path:
    steps = [
        Step(
            from_=a,
            to=b,
            strength=0.252,
            more=MoreTies(count=0, strength=0),
            ties=[tie(a, b, ref(f"alliance:{a.id}-{b.id}", f"{a.name} – {b.name}", "Alliance"))],
        )
        for a, b in itertools.pairwise(actors)
    ]
    return Path(
        actors=list(actors),
        length=len(steps),
        strength=0.252 ** len(steps),
        steps=steps,
        sentence="A chain.",
        ask="A chain, yours.",
    )


def _bridge(actor: Ref, best: Path, rival: Ref) -> Bridge:
    return Bridge(
        actor=actor,
        strength=best.strength,
        competes_with=[Rivalry(end="target", actor=rival, since=YEAR, market=None, inferred=False)],
        dependents=Dependents(count=0, some=[]),
        cost=None,
        paths=[best],
    )


def bridges(name: str = "Ericsson", *, empty: bool = False) -> BridgesResult:
    focal, target = ref("firm:xelerated"), ref("firm:mtn-group", "MTN Group")
    bridge, further = ref("firm:ericsson", name), ref("firm:seamless", name)
    best = path(focal, bridge, further, target)
    return BridgesResult(
        focal=focal,
        target=target,
        searched=Searched(
            focal_side=Side(size=1, actors=[focal]),
            target_side=Side(size=1, actors=[target]),
            as_of=dt.date(2011, 12, 31),
            known_at=None,
            reference_date=dt.date(2011, 12, 31),
            kinds=list(KINDS),
            weights=dict(DEFAULT_WEIGHTS),
            half_life=5,
            max_steps=3,
            avoid=[],
            avoid_competitors_of=[],
            competitors_avoided=[],
            via=[],
            max_shared=None,
            min_confidence=0,
            shortest=None if empty else 3,
            complete=True,
        ),
        direct=None,
        bridges=[] if empty else [_bridge(bridge, best, target)],
        sources=SOURCES,
        summary="A summary.",
    )


def ego(name: str = "Ericsson", partners: int = 6) -> Subgraph:
    """Xelerated with allies of which one competes, a rival by rule, an owner and a network."""
    nodes = [
        _node("firm:xelerated", "Xelerated", "focal"),
        _node("firm:ericsson", name, "ally and competitor"),
        _node("firm:rival", "Rival", "competitor"),
        _node("firm:owner", "Owner", "owner"),
        _node("network:etsi", "ETSI", "network", "Network"),
        *(_node(f"firm:ally-{i}", f"Ally {i}", "ally") for i in range(partners)),
    ]
    edges = [
        _edge("firm:ericsson", "firm:xelerated", "PARTY_TO", name="First", start=YEAR),
        _edge("firm:ericsson", "firm:xelerated", "PARTY_TO", name="Second", start=YEAR),
        _edge("firm:ericsson", "firm:xelerated", "COMPETES_WITH", market="chips", since=YEAR),
        _edge("firm:rival", "firm:xelerated", "COMPETES_WITH", inferred=True),
        _edge("firm:owner", "firm:xelerated", "OWNS", stake=0.2),
        _edge("firm:xelerated", "network:etsi", "MEMBER_OF", tier="full"),
        *(_edge(f"firm:ally-{i}", "firm:xelerated", "PARTY_TO") for i in range(partners)),
    ]
    return Subgraph(focal="firm:xelerated", nodes=nodes, edges=edges, left_out={"Firm": 3})


def _node(id_: str, name: str, role: str, label: str = "Firm") -> SubgraphNode:
    return SubgraphNode(id=id_, label=label, name=name, role=role, ring=1, properties={})


def _edge(
    from_id: str,
    to_id: str,
    type_: str,
    *,
    inferred: bool = False,
    **properties: str | float | dt.date,
) -> SubgraphEdge:
    return SubgraphEdge(
        from_id=from_id, to_id=to_id, type=type_, inferred=inferred, properties={**properties}
    )


def profile(name: str = "Xelerated", label: str = "Firm") -> Profile:
    own, other = f"{label.lower()}:x", ref("firm:ericsson", name)
    facts = {
        "people": ("WORKS_FOR", {"title": name}),
        "ownership": ("OWNS", {"stake": 0.25}),
        "competitors": ("COMPETES_WITH", {"market": name, "inferred": True}),
        "memberships": ("MEMBER_OF", {"tier": name, "since": YEAR}),
        "capabilities": ("OFFERS", {"level": name}),
        "places": ("LOCATED_IN", {"kind": "headquarters"}),
    }
    lists: dict[str, list[Relation]] = {"events": []}
    for section, (type_, properties) in facts.items():
        fact = Fact(type=type_, from_id=own, to_id=other.id, properties=dict(properties))  # type: ignore[call-overload]
        lists[section] = [Relation(fact=fact, other=other, active=True)]
    return Profile(
        actor=Entity(
            id=own,
            label=label,
            name=name,
            properties={
                "id": own,
                "name": name,
                "aliases": [name],
                "description": name,
                "homepage": "javascript:alert(1)",
                "employees": 65,
            },
        ),
        as_of=None,
        known_at=None,
        reference_date=dt.date(2026, 1, 1),
        alliances=[_alliance(name)],
        totals={"memberships": 400},
        sources=SOURCES,
        **lists,
    )


def _alliance(name: str) -> AllianceView:
    alliance = Entity(
        id="alliance:x",
        label="Alliance",
        name=name,
        properties={"kind": name, "motive": "build_ecosystem"},
    )
    fact = Fact(
        type="PARTY_TO", from_id="firm:ericsson", to_id="alliance:x", properties={"role": name}
    )
    party = Relation(fact=fact, other=ref("firm:ericsson", name), active=True)
    return AllianceView(alliance=alliance, parties=[party], start=YEAR, end=None, active=True)


def portfolio(name: str = "Ericsson") -> Portfolio:
    partner = ref("firm:ericsson", name)
    return Portfolio(
        focal=ref("firm:x", name),
        as_of=None,
        known_at=None,
        reference_date=dt.date(2026, 1, 1),
        size=1,
        size_band="fewer than 5",
        ended=1,
        composition={"kind": {name: 2, "not recorded": 1}, "phase": {"not recorded": 1}},
        partners=[
            Partner(
                actor=partner,
                roles=["ally", "competitor", "customer", name],
                alliances=[ref("alliance:x", name, "Alliance")],
                since=YEAR,
                competes_since=dt.date(2011, 6, 15),
                notes=[name],
            ),
            Partner(
                actor=ref("firm:dune", name),
                roles=["ally", f"acquired by {name}"],
                alliances=[],
                since=None,
                competes_since=None,
                notes=[name],
            ),
        ],
        partners_left_out=0,
        partner_not_named=0,
        alliances=[_alliance(name)],
        alliances_left_out=0,
        memberships=[],
        moves=[
            Move(
                event=Entity(
                    id="event:1",
                    label="Event",
                    name=name,
                    properties={"motive": name, "description": name, "measure": name, "value": 3.0},
                ),
                date=YEAR,
                kind=name,
                others=[partner],
                sentence=name,
            )
        ],
        sources=SOURCES,
    )


def stats(name: str = "A study") -> Stats:
    source = SourceRef(
        id="source:x", title=name, url="javascript:alert(1)", licence=name, attribution=name
    )
    return Stats(
        engine="ladybug",
        nodes={"Firm": 2, "Network": 1, "Capability": 2},
        relationships={"PARTY_TO": 2},
        sources=[source],
        largest_networks=[(ref("network:x", name, "Network"), 3)],
        busiest=[Busy(actor=ref("firm:x", name), alliances=2, networks=1)],
    )


def hits(name: str = "Xelerated") -> SearchResult:
    hit = Hit(id="firm:x", label="Firm", name=name, matched=name + "!", score=0.7)
    return SearchResult(query=name, hits=[hit], total=3)
