"""The whole network as a map: groups of firms, and how many ties there are between them.

A network of 36,000 firms is no picture. Grouped by community, country or kind of actor it is one of
a few dozen nodes, each of which can be opened: its most connected firms, and its own groups.
"""

from typing import Final, Literal, get_args

import numpy as np
from pydantic import Field
from scipy import sparse

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import GROUPS
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Model, Ref

from .firm_groups import Attribute, Groups, groups
from .firm_network import LARGEST_SHARED, FirmNetwork, firm_network
from .structure import Floats, Ints
from .structure_models import Basis
from .whole_network import Standings, basis, standings

Size = Literal["firms", "ties", "betweenness"]
SIZES: Final[tuple[Size, ...]] = get_args(Size)
SEARCHED: Final = 3
# A page may not wait longer than this for an estimate of betweenness, s.
SECONDS: Final = 3.0
PIVOTS: Final = 64


class MapGroup(Model):
    """A group of firms."""

    key: str = Field(description="what to open it with; empty: of these firms it is not recorded")
    name: str
    firms: int
    ties_inside: int = Field(description="pairs of its firms that are tied")
    ties_outside: int = Field(description="ties of its firms to firms of other groups")
    betweenness: float | None = Field(
        description="sum over its firms of their betweenness, as a share of pairs of other firms; "
        "an estimate where the network is large; None: not worked out"
    )
    largest: list[Ref] = Field(description="its firms with the most ties")


class MapTie(Model):
    """How many ties there are between the firms of two groups."""

    one: str
    other: str
    ties: int


class MapFirm(Model):
    """A firm of the group that is open."""

    firm: Ref
    degree: int = Field(description="firms that it is tied to, in the whole network")
    inside: int = Field(description="of them in this group")
    betweenness: float | None = Field(description="as a share of pairs of other firms")


class NetworkMap(Model):
    """The network of firms, or one group of it, as groups with the ties between them."""

    basis: Basis
    by: Attribute
    size: Size
    within_by: Attribute | None = Field(description="what the open group is a group by")
    within: str | None = Field(description="the open group")
    firms: int = Field(description="firms with ties in what is shown")
    ties: int
    groups: list[MapGroup] = Field(description="the largest by `size` first")
    ties_between: list[MapTie]
    groups_left_out: int
    firms_left_out: int
    top: list[MapFirm] = Field(description="the most connected firms of what is shown")
    summary: str


@as_known
def network_map(
    explorer: Explorer,
    options: PathOptions | None = None,
    *,
    by: str = "community",
    size: str = "firms",
    within_by: str | None = None,
    within: str | None = None,
    largest_shared: int = LARGEST_SHARED,
    limit: int = GROUPS.usual,
    firms: int = 25,
) -> NetworkMap:
    """The network of firms as groups.

    Parameters
    ----------
    explorer : Explorer
    options : PathOptions, optional
        Kinds of tie, dates, confidence.
    by : {'community', 'country', 'actor_type', 'segment', 'size_class', 'city'}
    size : {'firms', 'ties', 'betweenness'}
        What groups are ordered by.
    within_by, within : str, optional
        Only the firms of this group, by this attribute.
    largest_shared : int
        As in `firm_network`.
    limit : int
        Most groups; what is left out is counted.
    firms : int
        Most firms to list.

    Raises
    ------
    InvalidRequest
        There is no such attribute, size or group.

    Notes
    -----
    O(ties) for the ties between groups. Communities and betweenness are those of
    `whole_network`, and are kept as it keeps them. Inside a community, communities are those of the
    whole network as well: choose another attribute to divide it.
    """
    options = options or PathOptions()
    measure = _size(size)
    network = firm_network(explorer, options, largest_shared)
    known = standings(network)
    chosen = groups(explorer, network, by)
    inside = np.ones(len(network.ids), bool)
    outer = None
    if within is not None:
        outer = groups(explorer, network, within_by or by)
        inside = outer.of == _number(outer, within)
    inside &= known.degree > 0
    value = _betweenness(known, measure)
    shown = _shown(explorer, network, known, chosen, inside, value)
    shown.sort(key=lambda s: (-_order(s[1], measure), s[1].name))
    kept = shown[:limit]
    rest = shown[limit:]
    own = np.flatnonzero(inside)
    among = network.matrix("binary")[own][:, own]
    degree_inside = np.diff(among.indptr)
    best = np.lexsort((own, -known.degree[own]))[:firms]
    p = explorer.projection()
    made = basis(explorer, options, network)
    return NetworkMap(
        basis=made,
        by=chosen.attribute,
        size=measure,
        within_by=outer.attribute if outer else None,
        within=within,
        firms=len(own),
        ties=int(among.nnz // 2),
        groups=[s[1] for s in kept],
        ties_between=_ties_between(among, chosen.of[own], kept),
        groups_left_out=len(rest),
        firms_left_out=sum(s[1].firms for s in rest),
        top=[
            MapFirm(
                firm=p.ref(network.ids[own[i]]),
                degree=int(known.degree[own[i]]),
                inside=int(degree_inside[i]),
                betweenness=float(value[own[i]]) if value is not None else None,
            )
            for i in best.tolist()
        ],
        summary=_summary(len(own), int(among.nnz // 2), len(shown), chosen, within),
    )


def _size(text: str) -> Size:
    for name in SIZES:
        if name == text:
            return name
    raise InvalidRequest(f"groups have no size {text!r}{nearest(text, SIZES)}", "size")


def _number(found: Groups, key: str) -> int:
    if not key:
        return -1
    for number, name in enumerate(found.names):
        if name == key:
            return number
    raise InvalidRequest(
        f"no {found.attribute.replace('_', ' ')} is called {key[:80]!r}"
        f"{nearest(key, list(found.names)[:200])}",
        "within",
    )


def _betweenness(known: Standings, size: Size) -> Floats | None:
    """As shares of pairs of other firms; worked out if asked for or done in a moment."""
    if size == "betweenness" or known.cheap:
        known.work_out(PIVOTS, SECONDS)
    found = known.betweenness()
    if found is None or not known.pairs:
        return None
    return np.asarray(found[0] / known.pairs, np.float64)


def _order(group: MapGroup, size: Size) -> float:
    if size == "ties":
        return float(group.ties_inside + group.ties_outside)
    return float(group.firms if size == "firms" else group.betweenness or 0.0)


def _shown(
    explorer: Explorer,
    network: FirmNetwork,
    known: Standings,
    chosen: Groups,
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    value: Floats | None,
) -> list[tuple[int, MapGroup]]:
    """Every group that has firms here, with its number."""
    p, matrix = explorer.projection(), network.matrix("binary")
    own = np.flatnonzero(inside)
    of = chosen.of[own]
    order = np.lexsort((own, -known.degree[own], of))
    numbers, first, counts = np.unique(of[order], return_index=True, return_counts=True)
    among = matrix[own][:, own].tocoo()
    same = of[among.row] == of[among.col]
    twice = np.bincount(of[among.row[same]] + 1, minlength=len(chosen.names) + 1)
    out = np.bincount(of[among.row[~same]] + 1, minlength=len(chosen.names) + 1)
    found = []
    for number, start, n in zip(numbers.tolist(), first.tolist(), counts.tolist(), strict=True):
        members = own[order[start : start + n]]
        largest = [p.ref(network.ids[i]) for i in members[:3].tolist()]
        found.append(
            (
                number,
                MapGroup(
                    key=chosen.names[number] if number >= 0 else "",
                    name=_name(chosen, number, largest),
                    firms=n,
                    ties_inside=int(twice[number + 1] // 2),
                    ties_outside=int(out[number + 1]),
                    betweenness=float(value[members].sum()) if value is not None else None,
                    largest=largest,
                ),
            )
        )
    return found


def _name(chosen: Groups, number: int, largest: list[Ref]) -> str:
    if number < 0:
        return "not recorded"
    if chosen.attribute == "community":  # a number says nothing: whoever it is around does
        return f"around {largest[0].name}"
    return chosen.names[number]


def _ties_between(
    among: sparse.csr_array, of: Ints, kept: list[tuple[int, MapGroup]]
) -> list[MapTie]:
    place = {number: i for i, (number, _) in enumerate(kept)}
    index = np.array([place.get(n, -1) for n in range(-1, int(of.max(initial=-1)) + 1)], np.int64)
    pairs = sparse.triu(among, format="coo")
    one, other = index[of[pairs.row] + 1], index[of[pairs.col] + 1]
    both = (one >= 0) & (other >= 0) & (one != other)
    low, high = np.minimum(one, other)[both], np.maximum(one, other)[both]
    codes, counts = np.unique(low * len(kept) + high, return_counts=True)
    return [
        MapTie(
            one=kept[code // len(kept)][1].key,
            other=kept[code % len(kept)][1].key,
            ties=n,
        )
        for code, n in sorted(
            zip(codes.tolist(), counts.tolist(), strict=True), key=lambda c: (-c[1], c[0])
        )
    ]


def _summary(firms: int, ties: int, number: int, chosen: Groups, within: str | None) -> str:
    if not firms:
        return "No two firms are tied here."
    one, many = {
        "community": ("community", "communities"),
        "country": ("country", "countries"),
        "city": ("city", "cities"),
    }.get(chosen.attribute, ("group", f"groups by {chosen.attribute.replace('_', ' ')}"))
    where = f" ({within.replace('_', ' ')})" if within else ""
    tied = (
        f"{firms:,} firm{'s' * (firms > 1)}{where} with {ties:,} tie{'s' * (ties != 1)} among them"
    )
    return f"{tied}, in {number:,} {one if number == 1 else many}."
