"""The whole network of firms that some options see: one tie between two firms, however many ways.

It is made of the ties that path search counts (`queries.graph.view`), so that dates, recording,
confidence and weights mean the same everywhere.
"""

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, get_args
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.known import as_known

from .structure import Matrix

Valuation = Literal["binary", "count", "strength"]
VALUATIONS: Final[tuple[Valuation, ...]] = get_args(Valuation)

# Our rule: two members of a body of 2,000 are no relation; two of one of 50 may well be.
LARGEST_SHARED: Final = 50
# A bound on memory; the largest consortium of Horizon 2020 has 186 parties.
LARGEST_ALLIANCE: Final = 500
_PAIRS_AT_ONCE: Final = 2_000_000


@dataclass(frozen=True, eq=False)
class FirmNetwork:
    """Firms and what ties them, parallel ties collapsed.

    Parameters
    ----------
    ids : sequence of str
        Of the firms, by index.
    index : mapping of str to int
    largest_shared : int
        Networks with more participants tie nobody to anybody here.
    counted : mapping of str to int
        How many alliances, networks and ownership ties join at least two firms.
    left_out : mapping of str to int
        How many bodies were too large, by label.
    stamp : str
        Of the graph that it was made of.
    kept : dict
        What is worked out of it and worth keeping as long as it lives.
    """

    ids: Sequence[str]
    index: Mapping[str, int]
    largest_shared: int
    counted: Mapping[str, int]
    left_out: Mapping[str, int]
    stamp: str
    _counts: Matrix
    _strengths: Matrix
    kept: dict[str, object] = field(default_factory=dict)

    def matrix(self, valuation: Valuation) -> Matrix:
        """The ties as a symmetric CSR array (firms x firms), nothing on the diagonal.

        - `binary`: 1 if there is any tie.
        - `count`: how many alliances, networks and ownership ties the two share.
        - `strength`: 1 - product(1 - s) over those ties, s as in path search.

        Raises
        ------
        InvalidRequest
            There is no such valuation.
        """
        if valuation == "binary":
            return self._binary
        if valuation == "count":
            return self._counts
        if valuation == "strength":
            return self._strengths
        raise InvalidRequest(
            f"no valuation is called {valuation!r}{nearest(valuation, VALUATIONS)}", "valuation"
        )

    @cached_property
    def _binary(self) -> Matrix:
        c = self._counts
        return sparse.csr_array((np.ones_like(c.data), c.indices, c.indptr), shape=c.shape)

    @property
    def ties(self) -> int:
        """Pairs of firms that are tied."""
        return int(self._counts.nnz // 2)

    @property
    def nbytes(self) -> int:
        """Memory of the ties, in bytes."""
        c = self._counts
        return int(3 * c.data.nbytes + c.indices.nbytes + c.indptr.nbytes)


# A network lives as long as the view that it was made of: the explorer drops both at a write.
_kept: WeakKeyDictionary[View, dict[int, FirmNetwork]] = WeakKeyDictionary()
_making = threading.Lock()


@as_known
def firm_network(
    explorer: Explorer, options: PathOptions, largest_shared: int = LARGEST_SHARED
) -> FirmNetwork:
    """The whole network of firms.

    Two firms are tied by each alliance that both are party to, each network of at most
    `largest_shared` participants that both belong to, and ownership. Ties over people are not ties
    of firms. Kept as long as the view of these options is.

    Parameters
    ----------
    explorer : Explorer
    options : PathOptions
        Kinds of tie, dates, confidence, weights; `avoid`, `limit` and `max_steps` do not matter.
    largest_shared : int
        Largest network, in participants. Alliances of more than 500 parties are left out as well.

    Notes
    -----
    Time and memory grow with the pairs within the bodies that count, O(ties x largest_shared).
    """
    view = explorer.view(options)
    with _making:
        kept = _kept.setdefault(view, {})
        if largest_shared not in kept:
            kept[largest_shared] = _made(view, largest_shared)
        return kept[largest_shared]


def _made(view: View, largest_shared: int) -> FirmNetwork:
    p = view.projection
    is_firm = np.array([p.names[a].label == "Firm" for a in p.actors], dtype=bool)
    ids = [a for a, firm in zip(p.actors, is_firm, strict=True) if firm]
    firm_of = np.cumsum(is_firm) - 1
    is_network = np.array([p.names[b].label == "Network" for b in p.bodies], dtype=bool)
    limits = np.where(is_network, largest_shared, LARGEST_ALLIANCE)
    shared = view.entries
    mine = is_firm[shared.actor]
    firms_in = np.bincount(shared.body[mine], minlength=len(p.bodies))
    joins = (view.base > 0) & (firms_in > 1)
    fits = joins & (view.participants <= limits)
    mine &= fits[shared.body]
    # Entries of one body stand together: its pairs are each entry with those that follow it.
    entries = np.flatnonzero(mine)
    entries = entries[np.argsort(shared.body[entries], kind="stable")]
    n = len(ids)
    total: Matrix = sparse.csr_array((n, n), dtype=np.complex128)
    for one, other in _pairs(shared.body[entries]):
        i, j = entries[one], entries[other]
        body = shared.body[i]
        strength = view.base[body] * np.minimum(shared.recency[i], shared.recency[j])
        together = np.maximum(shared.since[i], shared.since[j])
        met = together < np.minimum(shared.until[i], shared.until[j])
        keep = (strength > 0) & met
        total = total + _collapsed(
            firm_of[shared.actor[i[keep]]], firm_of[shared.actor[j[keep]]], strength[keep], n
        )
    owned = [
        (int(firm_of[one]), int(firm_of[other]), tie.strength)
        for one, other, tie in view.direct()
        if is_firm[one] and is_firm[other] and tie.kind == "ownership"
    ]
    if owned:
        one_, other_, strength_ = map(np.array, zip(*owned, strict=True))
        total = total + _collapsed(one_, other_, strength_, n)
    total = total + total.T
    total.sort_indices()
    counts = sparse.csr_array((total.data.real.copy(), total.indices, total.indptr), shape=(n, n))
    strengths = sparse.csr_array(
        (-np.expm1(total.data.imag), total.indices, total.indptr), shape=(n, n)
    )
    return FirmNetwork(
        ids=ids,
        index={id_: i for i, id_ in enumerate(ids)},
        largest_shared=largest_shared,
        counted={
            "alliances": int((fits & ~is_network).sum()),
            "networks": int((fits & is_network).sum()),
            "ownership": len(owned),
        },
        left_out={
            "alliances": int((joins & ~fits & ~is_network).sum()),
            "networks": int((joins & ~fits & is_network).sum()),
        },
        stamp=p.stamp,
        _counts=counts,
        _strengths=strengths,
    )


def _pairs(
    bodies: npt.NDArray[np.int32],
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """All pairs of entries of one body, as positions, a bounded number at a time.

    Parameters
    ----------
    bodies : int32 array
        The body of each entry; equal ones stand together.
    """
    ends = np.searchsorted(bodies, bodies, side="right")
    later = ends - np.arange(len(bodies)) - 1  # entries of the same body that follow
    steps = np.arange(0, int(later.sum()), _PAIRS_AT_ONCE)
    cuts = np.unique(np.append(np.searchsorted(np.cumsum(later), steps), len(bodies)))
    for first, last in itertools.pairwise(cuts):
        n = later[first:last]
        one = np.repeat(np.arange(first, last), n)
        start = np.repeat(np.cumsum(n) - n, n)
        yield one, one + 1 + np.arange(len(one)) - start


def _collapsed(
    one: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
    strength: npt.NDArray[np.float64],
    n: int,
) -> Matrix:
    """Ties summed by pair, each pair once: how many, and as the imaginary part log(1 - s)."""
    with np.errstate(divide="ignore"):
        value = 1.0 + 1j * np.maximum(np.log1p(-strength), -700.0)
    low, high = np.minimum(one, other), np.maximum(one, other)
    return sparse.coo_array((value, (low, high)), shape=(n, n)).tocsr()
