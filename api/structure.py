"""Structure as resources: structural holes and roles, key partners, the whole network."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from alliance_explorer.limits import CENTRAL_FIRMS, PARTNERS
from alliance_explorer.queries import KINDS, PathOptions
from alliance_explorer.queries.structure.firm_groups import Attribute
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED, Valuation
from alliance_explorer.queries.structure.keyness import (
    DEFAULT_DRAWS,
    DEFAULT_MISSING,
    KeynessOptions,
    keyness,
)
from alliance_explorer.queries.structure.portfolio_structure import (
    STRONG,
    StructureOptions,
    compare_structures,
    structure,
)
from alliance_explorer.queries.structure.structure_models import (
    Comparison,
    Keyness,
    Structure,
    WholeNetwork,
)
from alliance_explorer.queries.structure.whole_network import whole_network

from .dependencies import AsOf, Day, KnownAt, TheExplorer, at_most
from .errors import COMMON, NAMED
from .examples import answering
from .routes import Actor

router = APIRouter(prefix="/api/v1", tags=["structure"])
# A request may not hold the server for longer than this with an estimate, s.
MAX_SECONDS = 20.0


def network_options(
    kinds: Annotated[
        list[str] | None,
        Query(description=f"kinds of tie that count; all unless given: {', '.join(KINDS)}"),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ended: Annotated[
        bool | None, Query(description="count ended ties, faded; by default only without as_of")
    ] = None,
    min_confidence: Annotated[float, Query(ge=0, le=1, description="least confidence")] = 0.0,
) -> PathOptions:
    """Which ties make the network, from the query string."""
    chosen = [k for text in kinds or () for k in text.split(",") if k]
    given: dict[str, object] = {"kinds": chosen} if chosen else {}
    return PathOptions.model_validate(
        {
            **given,
            "as_of": as_of,
            "known_at": known_at,
            "ended": ended,
            "min_confidence": min_confidence,
        }
    )


TheNetwork = Annotated[PathOptions, Depends(network_options)]
LargestShared = Annotated[
    int, Query(ge=2, le=500, description="largest network that ties its members to another")
]


def structure_options(
    attribute: Annotated[
        Attribute, Query(description="what brokerage roles are told by")
    ] = "country",
    valuation: Annotated[
        Valuation, Query(description="values by which partners are ordered")
    ] = "binary",
    strong: Annotated[
        float, Query(ge=0, le=1, description="from this strength a tie is strong")
    ] = STRONG,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(PARTNERS)] = PARTNERS.usual,
) -> StructureOptions:
    """What else is asked of a structure, from the query string."""
    return StructureOptions(attribute, valuation, strong, largest_shared, limit)


TheStructure = Annotated[StructureOptions, Depends(structure_options)]


@router.get("/firms/{actor}/structure", responses=NAMED | answering("structure"))
def firm_structure(
    explorer: TheExplorer, actor: Actor, options: TheNetwork, asked: TheStructure
) -> Structure:
    """Structural holes, brokerage roles, weak and strong ties around a firm."""
    return structure(explorer, actor, options, asked)


@router.get("/firms/{actor}/structure/comparison", responses=NAMED)
def firm_structures(
    explorer: TheExplorer,
    actor: Actor,
    options: TheNetwork,
    asked: TheStructure,
    other: Annotated[
        str | None, Query(description="another firm; the same unless given", max_length=20_000)
    ] = None,
    other_as_of: Annotated[
        Day | None, Query(description="day of the other; as_of unless given")
    ] = None,
) -> Comparison:
    """Two structures side by side: of two firms, or of one at two dates."""
    second = options.model_copy(update={"as_of": other_as_of or options.as_of})
    return compare_structures(explorer, (actor, options), (other or actor, second), asked)


@router.get("/firms/{actor}/keyness", responses=NAMED | answering("keyness"))
def firm_keyness(
    explorer: TheExplorer,
    actor: Actor,
    options: TheNetwork,
    missing: Annotated[
        float, Query(ge=0, le=0.9, description="share of ties missing in each draw")
    ] = DEFAULT_MISSING,
    draws: Annotated[int, Query(ge=0, le=1000)] = DEFAULT_DRAWS,
    seed: Annotated[int, Query(ge=0, le=2**32, description="of the draws")] = 1,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(PARTNERS)] = PARTNERS.usual,
) -> Keyness:
    """Which partners are key, and how sure their rank is."""
    asked = KeynessOptions(missing, draws, seed, largest_shared, limit)
    return keyness(explorer, actor, options, asked)


@router.get("/network", responses=COMMON | answering("network"))
def network(
    explorer: TheExplorer,
    options: TheNetwork,
    betweenness: Annotated[bool, Query(description="work it out")] = True,
    pivots: Annotated[
        int,
        Query(
            ge=1,
            le=100_000,
            description="pivots of its estimate; asking again for more goes on from there",
        ),
    ] = 200,
    seconds: Annotated[
        float, Query(gt=0, le=MAX_SECONDS, description="time limit of the estimate")
    ] = 10.0,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(CENTRAL_FIRMS)] = CENTRAL_FIRMS.usual,
) -> WholeNetwork:
    """Components, cores, communities and betweenness of the network of all firms."""
    return whole_network(
        explorer,
        options,
        largest_shared=largest_shared,
        betweenness=betweenness,
        pivots=pivots,
        seconds=seconds,
        limit=limit,
    )
