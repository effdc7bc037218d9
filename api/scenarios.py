"""Scenarios as resources: what if, exposure, candidate, partners, constellations."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from alliance_explorer.limits import EXPOSED, FOUND
from alliance_explorer.queries.graph.ties import parse_weights
from alliance_explorer.queries.scenarios.candidate import candidate as check_candidate
from alliance_explorer.queries.scenarios.constellation import constellations as find_constellations
from alliance_explorer.queries.scenarios.exposure import exposure as measure_exposure
from alliance_explorer.queries.scenarios.partner_search import Criteria, partner_search
from alliance_explorer.queries.scenarios.scenario import Suppositions, what_if
from alliance_explorer.queries.scenarios.scenario_models import (
    Candidate,
    Constellations,
    Exposure,
    Partners,
    WhatIf,
)

from .dependencies import AsOf, KnownAt, TheExplorer, at_most
from .errors import NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1/firms/{actor}", tags=["suppose"])

Names = list[str] | None
MaxSteps = Annotated[int, Query(ge=1, le=6, description="longest chain, in introductions")]
Weights = Annotated[
    list[str] | None,
    Query(description="own weight of a part of the score, `size:2`", max_length=20),
]


@router.get("/what-if", responses=NAMED | answering("what_if"))
def supposed(
    explorer: TheExplorer,
    actor: Actor,
    leaves: Annotated[
        Names, Query(description="partners who leave", examples=[["Ericsson"]], max_length=20)
    ] = None,
    drops: Annotated[
        Names, Query(description="networks that the firm leaves", max_length=20)
    ] = None,
    acquired: Annotated[str | None, Query(description="a firm that is taken over")] = None,
    by: Annotated[str | None, Query(description="who takes it over")] = None,
    joins: Annotated[
        Names, Query(description="networks that the firm joins", max_length=20)
    ] = None,
    allies: Annotated[Names, Query(description="firms that become partners", max_length=20)] = None,
    target: Annotated[str | None, Query(description="to whom ways are compared")] = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> WhatIf:
    """A firm before and after what is supposed; nothing is written."""
    suppositions = Suppositions(
        leaves=_names(leaves),
        drops=_names(drops),
        acquired=acquired or None,
        by=by or None,
        joins=_names(joins),
        allies=_names(allies),
    )
    return what_if(
        explorer,
        actor,
        suppositions,
        as_of=as_of,
        known_at=known_at,
        target=target or None,
        max_steps=max_steps,
    )


@router.get("/exposure", responses=NAMED | answering("exposure"))
def exposure(
    explorer: TheExplorer,
    actor: Actor,
    weight: Weights = None,
    max_steps: MaxSteps = 2,
    limit: Annotated[int, at_most(EXPOSED)] = EXPOSED.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Exposure:
    """Which partners are likelier to be absorbed, and what would be lost with them."""
    return measure_exposure(
        explorer,
        actor,
        as_of=as_of,
        known_at=known_at,
        weights=weights_of(weight or ()),
        max_steps=max_steps,
        limit=limit,
    )


@router.get("/candidate", responses=NAMED | answering("candidate"))
def candidate(
    explorer: TheExplorer,
    actor: Actor,
    candidate: Annotated[str, Query(description="id or name of a firm", examples=["Seamless"])],
    max_steps: MaxSteps = 2,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Candidate:
    """Whether a candidate fits the portfolio: conflicts, fit, what it adds and duplicates."""
    return check_candidate(
        explorer, actor, candidate, as_of=as_of, known_at=known_at, max_steps=max_steps
    )


@router.get("/partners", responses=NAMED | answering("partners"))
def partners(
    explorer: TheExplorer,
    actor: Actor,
    capability: Annotated[
        Names, Query(description="capability or core business, by id or name", max_length=12)
    ] = None,
    country: Annotated[Names, Query(description="by name or ISO code", max_length=20)] = None,
    city: Annotated[Names, Query(max_length=20)] = None,
    size: Annotated[Names, Query(description="micro, small, medium or large", max_length=4)] = None,
    actor_type: Annotated[
        Names, Query(description="place in the IT industry", max_length=9)
    ] = None,
    network: Annotated[Names, Query(description="member of, by id or name", max_length=20)] = None,
    proximity: Annotated[
        Names,
        Query(
            description="dimension and verdict, as geographical=workable; of one dimension several "
            "mean either",
            max_length=20,
        ),
    ] = None,
    weight: Weights = None,
    partners_too: Annotated[
        bool, Query(description="firms that are partners already, too")
    ] = False,
    max_steps: MaxSteps = 3,
    limit: Annotated[int, at_most(FOUND)] = FOUND.usual,
    cursor: Annotated[str | None, Query(description="next_cursor of the page before")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Partners:
    """Candidates for an alliance that meet some criteria, ranked and explained."""
    criteria = Criteria(
        capability=_names(capability),
        country=_names(country),
        city=_names(city),
        size=_names(size),
        actor_type=_names(actor_type),
        network=_names(network),
        proximity=_names(proximity),
    )
    return partner_search(
        explorer,
        actor,
        criteria,
        as_of=as_of,
        known_at=known_at,
        weights=weights_of(weight or ()),
        partners_too=partners_too,
        max_steps=max_steps,
        limit=limit,
        cursor=cursor,
    )


@router.get("/constellations", responses=NAMED | answering("constellations"))
def constellations(
    explorer: TheExplorer,
    actor: Actor,
    capability: Annotated[
        list[str],
        Query(
            description="capability or core business, by id or name",
            examples=[["semiconductors"]],
            max_length=12,
        ),
    ],
    max_size: Annotated[int, Query(ge=1, le=8, description="most firms beside the one")] = 4,
    slack: Annotated[int, Query(ge=0, le=3, description="firms more than the smallest set")] = 0,
    stated_only: Annotated[bool, Query(description="pass over inferred rivalries")] = False,
    largest_shared: Annotated[
        int, Query(ge=2, le=500, description="largest network that ties its members")
    ] = 50,
    limit: Annotated[int, at_most(FOUND)] = FOUND.usual,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Constellations:
    """Smallest sets of firms that cover what is needed, tied and free of conflicts."""
    return find_constellations(
        explorer,
        actor,
        capability,
        as_of=as_of,
        known_at=known_at,
        max_size=max_size,
        slack=slack,
        stated_only=stated_only,
        largest_shared=largest_shared,
        limit=limit,
    )


def weights_of(texts: Sequence[str]) -> dict[str, float]:
    """`structural-gain:2` as a weight; hyphens stand for spaces."""
    return {k.strip().replace("-", " "): v for k, v in parse_weights(texts).items()}


def _names(given: Names) -> tuple[str, ...]:
    return tuple(n.strip() for n in given or () if n.strip())
