"""Structural holes and brokerage around one firm: pure functions on a matrix of tie values.

The matrix is a symmetric `scipy.sparse` CSR array (firms x firms) of values >= 0 with an empty
diagonal and summed duplicates: 1 for a tie or its value. Only the rows of the firm and of its
partners are read, so that the cost is that of their ties, not of the whole network.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_explorer.queries.models import Role

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
# scipy has no types; this is scipy.sparse.csr_array.
Matrix: TypeAlias = Any
# A tie to be thought of as changed: two firms and its new value, 0 for none.
Change: TypeAlias = tuple[int, int, float]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class EgoStructure:
    """Burt's measures of one firm, and what each partner adds to them.

    Arrays are parallel to `partners`, the indexes of the firm's partners, ascending.

    Parameters
    ----------
    degree : int
        Partners.
    total : float
        Sum of the values of the firm's ties.
    ties_among : int
        Pairs of partners that are tied to each other.
    density : float or None
        Share of the pairs of partners that are tied; None with fewer than two partners.
    effective_size : float
        Partners less their redundancy, 0 to `degree`.
    efficiency : float or None
        `effective_size / degree`; None without partners.
    constraint : float or None
        Sum of the dyadic constraints; None without partners.
    hierarchy : float or None
        Coleman-Theil disorder of the constraint: 0 if each partner constrains alike, 1 if one alone
        does; None with fewer than two partners.
    values, shares, indirect, dyadic, redundancy : float64 arrays
        Of each partner j: value of the tie; p_ij, its share of `total`; sum of p_iq p_qj over the
        other partners q; (p_ij + indirect) ** 2, its dyadic constraint; sum of p_iq m_jq, the share
        of the tie to it that is redundant.
    """

    degree: int
    total: float
    ties_among: int
    density: float | None
    effective_size: float
    efficiency: float | None
    constraint: float | None
    hierarchy: float | None
    partners: Ints
    values: Floats
    shares: Floats
    indirect: Floats
    dyadic: Floats
    redundancy: Floats


def ego_structure(matrix: Matrix, ego: int, changes: Iterable[Change] = ()) -> EgoStructure:
    """Size, effective size, efficiency, constraint and hierarchy of a firm.

    For ties without values (all 1), effective size is n - 2t/n [Borgatti 1997], n partners with t
    ties among them. In general, with p_ij the share of i's ties that is with j, and m_jq the tie
    of j with q over j's strongest tie:

    - effective size = sum over j of (1 - sum over q of p_iq m_jq)
    - constraint = sum over j of (p_ij + sum over q of p_iq p_qj) ** 2

    with j and q partners of i, q other than j. Shares p_qj are of *all* ties of q, also of those
    that lead out of the ego network (the whole-network formula; UCINET's other option is not used).

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (n, n)
        Symmetric, >= 0, nothing on the diagonal.
    ego : int
        Index of the firm.
    changes : iterable of (int, int, float)
        Ties to take as if they had another value (0: as if they were not there).

    Notes
    -----
    O(sum of the numbers of ties of the firm's partners) time and memory.

    References
    ----------
    Burt, R. S. (1992) Structural Holes: The Social Structure of Competition. Harvard University
    Press, ch. 2. Borgatti, S. P. (1997) Structural holes: unpacking Burt's redundancy measures.
    Connections 20(1), 35-38.
    """
    around = _Around(matrix, ego, changes)
    values, inner = around.values, around.inner
    n, total = len(values), float(values.sum())
    if not n:
        none = np.empty(0)
        return EgoStructure(
            0, 0.0, 0, None, 0.0, None, None, None, around.partners, none, none, none, none, none
        )
    shares = values / total
    indirect = inner.T @ (shares / around.sums)
    dyadic = (shares + indirect) ** 2
    redundancy = (inner @ shares) / around.largest
    constraint, effective = float(dyadic.sum()), float(n - redundancy.sum())
    hierarchy = None
    if n > 1:
        relative = dyadic * n / constraint
        hierarchy = float((relative * np.log(relative)).sum() / (n * np.log(n)))
    return EgoStructure(
        degree=n,
        total=total,
        ties_among=inner.nnz // 2,
        density=inner.nnz / (n * (n - 1)) if n > 1 else None,
        effective_size=effective,
        efficiency=effective / n,
        constraint=constraint,
        hierarchy=hierarchy,
        partners=around.partners,
        values=values,
        shares=shares,
        indirect=indirect,
        dyadic=dyadic,
        redundancy=redundancy,
    )


def ego_betweenness(matrix: Matrix, ego: int, largest: int = 1_500) -> float | None:
    """How much of the way between two partners who are not tied runs over the firm.

    Betweenness in the ego network, ties without values: the sum over the pairs of partners that
    are not tied of 1 / (1 + partners that are tied to both) [Everett & Borgatti 2005].

    Returns
    -------
    float or None
        In pairs, 0 to n (n - 1) / 2; None with more than `largest` partners.

    Notes
    -----
    O(n ** 3) by one matrix product of n x n.

    References
    ----------
    Everett, M. & Borgatti, S. P. (2005) Ego network betweenness. Social Networks 27(1), 31-38.
    """
    around = _Around(matrix, ego)
    if len(around.partners) > largest:
        return None
    tied = (around.inner.toarray() > 0).astype(np.float32)
    both = 1.0 + tied @ tied
    np.fill_diagonal(tied, 1.0)
    return float(((1.0 - tied) / both).sum(dtype=np.float64) / 2)


@dataclass(frozen=True, slots=True)
class Brokerage:
    """How often a firm is a broker of each role.

    Parameters
    ----------
    counts : dict
        Open triads by role; each is counted once in each direction.
    open : int
        Open triads in both directions, of whatever role or none.
    unknown : int
        Those of them in which somebody's group is not known: they have no role.
    """

    counts: dict[Role, int]
    open: int
    unknown: int


def role_of(source: int, broker: int, destination: int) -> Role:
    """The broker's role, by the groups of the three [Gould & Fernandez 1989].

    UCINET's labels: a gatekeeper lets what comes from an outside source into its own group; a
    representative carries what its own group has to the outside; an itinerant broker (consultant)
    stands between two of a group that is not its own.
    """
    if source == destination:
        return "coordinator" if source == broker else "itinerant broker"
    if broker == destination:
        return "gatekeeper"
    return "representative" if broker == source else "liaison"


def brokerage(
    matrix: Matrix, ego: int, groups: npt.NDArray[np.int64], changes: Iterable[Change] = ()
) -> Brokerage:
    """Count a firm's brokerage roles.

    A triad source - broker - destination counts if source and destination are not tied. Ties have
    no direction here, so that every open triad counts twice, once each way: gatekeeper and
    representative are as often.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (n, n)
    ego : int
    groups : int64 array, shape (n,)
        The group of each firm, from 0; -1 if it is not known.
    changes : iterable of (int, int, float)
        As in `ego_structure`.

    Notes
    -----
    O(ties of the partners + square of the number of groups among them).

    References
    ----------
    Gould, R. V. & Fernandez, R. M. (1989) Structures of mediation: a formal approach to brokerage
    in transaction networks. Sociological Methodology 19, 89-126.
    """
    around = _Around(matrix, ego, changes)
    own, names, open_ = around.open_pairs(groups)
    counts: dict[Role, int] = dict.fromkeys(ROLES, 0)
    total, unknown = int(open_.sum()), 0
    for (a, b), pairs in np.ndenumerate(open_):
        source, destination = int(names[a]), int(names[b])
        if min(own, source, destination) < 0:
            unknown += int(pairs)
        elif pairs:
            counts[role_of(source, own, destination)] += int(pairs)
    return Brokerage(counts, total, unknown)


def brokered_pairs(
    matrix: Matrix, ego: int, groups: npt.NDArray[np.int64], role: Role, limit: int
) -> list[tuple[int, int]]:
    """Examples of a role: sources and destinations, those with the strongest ties first."""
    around = _Around(matrix, ego)
    own, names, open_ = around.open_pairs(groups)
    order = np.argsort(-around.values, kind="stable")
    kinds = groups[around.partners]
    found: list[tuple[int, int]] = []
    for s in order:
        if own < 0 or kinds[s] < 0 or len(found) >= limit:
            continue
        a = int(np.searchsorted(names, kinds[s]))
        fitting = [
            int(g)
            for b, g in enumerate(names)
            if g >= 0 and open_[a, b] and role_of(int(kinds[s]), own, int(g)) == role
        ]
        if not fitting:
            continue
        closed = np.zeros(len(order), dtype=bool)
        closed[around.inner.indices[around.inner.indptr[s] : around.inner.indptr[s + 1]]] = True
        closed[s] = True
        others = order[np.isin(kinds[order], fitting) & ~closed[order]]
        for d in others[: limit - len(found)]:
            found.append((int(around.partners[s]), int(around.partners[d])))
    return found


class _Around:
    """The rows of a firm and its partners.

    `inner` are the ties among the partners; `sums` and `largest` are over all ties of each.
    """

    def __init__(self, matrix: Matrix, ego: int, changes: Iterable[Change] = ()) -> None:
        changed = [c for c in changes if c[0] != c[1]]
        own = _rows(matrix, np.array([ego]), changed)
        self.ego = ego
        order = np.argsort(own.indices)
        self.partners: Ints = own.indices[order].astype(np.int64)
        self.values: Floats = own.data[order].astype(np.float64)
        rows = _rows(matrix, self.partners, changed)
        self.sums: Floats = np.asarray(rows.sum(axis=1), np.float64).ravel()
        self.largest: Floats = np.asarray(rows.max(axis=1).todense(), np.float64).ravel()
        self.inner: Matrix = rows[:, self.partners]

    def open_pairs(self, groups: npt.NDArray[np.int64]) -> tuple[int, Ints, npt.NDArray[np.int64]]:
        """The firm's group, those of its partners, and between each two the pairs not tied.

        Pairs are ordered: both (source, destination) and the other way round count.
        """
        names, group = np.unique(groups[self.partners], return_inverse=True)
        size = np.bincount(group, minlength=len(names)).astype(np.int64)
        tied = self.inner.tocoo()
        flat = group[tied.row] * len(names) + group[tied.col]
        closed = np.bincount(flat, minlength=len(names) ** 2).reshape(len(names), len(names))
        pairs = np.outer(size, size) - np.diag(size) - closed
        return int(groups[self.ego]), names.astype(np.int64), pairs


def _rows(matrix: Matrix, which: Ints, changes: Sequence[Change]) -> Matrix:
    rows = matrix[which]
    place = {int(node): k for k, node in enumerate(which)}
    wanted = {(place[a], b): v for x, y, v in changes for a, b in ((x, y), (y, x)) if a in place}
    if wanted:
        at = np.array(list(wanted), dtype=np.int64)
        difference = np.array(list(wanted.values())) - np.array([rows[r, c] for r, c in wanted])
        rows = rows + sparse.csr_array((difference, (at[:, 0], at[:, 1])), shape=rows.shape)
        rows.eliminate_zeros()
    return rows
