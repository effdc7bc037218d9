"""Networks and their members, two firms side by side, the whole network as groups: resources."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from alliance_explorer.limits import GROUPS, MEMBERS
from alliance_explorer.queries.membership import NetworkMembers, network_members
from alliance_explorer.queries.side_by_side import SMALL, SideBySide, side_by_side
from alliance_explorer.queries.structure.firm_groups import Attribute
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED
from alliance_explorer.queries.structure.network_map import (
    NetworkMap,
    Size,
    network_map,
)

from .dependencies import AsOf, KnownAt, TheExplorer, at_most
from .errors import COMMON, NAMED
from .examples import answering
from .routes import Actor
from .structure import LargestShared, TheNetwork

router = APIRouter(prefix="/api/v1", tags=["networks"])


@router.get("/networks/{network}/members", responses=NAMED)
def members(
    explorer: TheExplorer,
    network: Annotated[str, Path(description="id or name of a network", max_length=20_000)],
    mine: Annotated[
        str | None,
        Query(description="a firm, whose partners are marked and come first", max_length=20_000),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    find: Annotated[str, Query(description="part of a name", max_length=300)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="members to pass over")] = 0,
    limit: Annotated[int, at_most(MEMBERS)] = MEMBERS.usual,
) -> NetworkMembers:
    """Who is in a network, since when, in which tier, and which of them are a firm's partners."""
    return network_members(
        explorer,
        network,
        mine=mine if mine and mine.strip() else None,
        as_of=as_of,
        known_at=known_at,
        find=find,
        offset=offset,
        limit=limit,
    )


@router.get("/firms/{actor}/beside", responses=NAMED | answering("beside"))
def beside(
    explorer: TheExplorer,
    actor: Actor,
    with_: Annotated[
        str,
        Query(alias="with", description="the other firm", examples=["Digitata"], max_length=20_000),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    small: Annotated[
        int, Query(ge=2, le=500, description="largest network of which the others are told")
    ] = SMALL,
) -> SideBySide:
    """Two firms side by side: shared networks and partners, and what is between them."""
    return side_by_side(explorer, actor, with_, as_of=as_of, known_at=known_at, small=small)


@router.get("/network/groups", responses=COMMON | answering("groups"))
def network_groups(
    explorer: TheExplorer,
    options: TheNetwork,
    by: Annotated[Attribute, Query(description="what firms are grouped by")] = "community",
    size: Annotated[Size, Query(description="what groups are ordered by")] = "firms",
    within_by: Annotated[
        Attribute | None, Query(description="what the group `within` is a group by; as `by`")
    ] = None,
    within: Annotated[
        str | None, Query(description="only the firms of this group", max_length=300)
    ] = None,
    largest_shared: LargestShared = LARGEST_SHARED,
    limit: Annotated[int, at_most(GROUPS)] = GROUPS.usual,
    firms: Annotated[int, Query(ge=0, le=1000, description="most firms to list")] = 25,
) -> NetworkMap:
    """The network of all firms as groups with the ties between them; or one group, opened."""
    return network_map(
        explorer,
        options,
        by=by,
        size=size,
        within_by=within_by,
        within=within,
        largest_shared=largest_shared,
        limit=limit,
        firms=firms,
    )
