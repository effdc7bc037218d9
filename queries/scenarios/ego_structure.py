"""The ties around one firm as a matrix, made of a view without joining the whole network pairwise.

The same ties as `firm_network` has, for views of one day; quick enough to be made anew for each
scenario.
"""

import numpy as np
from scipy import sparse

from alliance_explorer.queries.graph.projection import Ints
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.structure.firm_network import LARGEST_ALLIANCE, LARGEST_SHARED
from alliance_explorer.queries.structure.structure import Matrix, ego_structure

from .scenario_models import Structure


class FirmTies:
    """Who takes part in which body that makes relations of firms.

    Parameters
    ----------
    view : View
        Of one day: ended ties must not count, for all in one body are taken to have met.
    largest_shared : int
        Networks with more participants tie nobody to anybody here (our rule, see `firm_network`).
    """

    def __init__(self, view: View, largest_shared: int = LARGEST_SHARED) -> None:
        assert not view.options.counts_ended
        p, shared = view.projection, view.entries
        n = len(p.actors)
        self.is_firm = np.array([p.names[a].label == "Firm" for a in p.actors], dtype=bool)
        network = np.array([p.names[b].label == "Network" for b in p.bodies], dtype=bool)
        limits = np.where(network, largest_shared, LARGEST_ALLIANCE)
        fits = (view.base > 0) & (view.participants <= limits)
        keep = self.is_firm[shared.actor] & fits[shared.body]
        ones = np.ones(int(keep.sum()), np.float32)
        at = shared.actor[keep], shared.body[keep]
        self._incidence: Matrix = sparse.csr_array((ones, at), shape=(n, len(p.bodies)))
        owned = [
            (a, b)
            for a, b, tie in view.direct()
            if self.is_firm[a] and self.is_firm[b] and tie.kind == "ownership"
        ]
        pairs = np.array(owned, np.int32).reshape(-1, 2)
        both = np.concatenate([pairs, pairs[:, ::-1]])
        self._owned: Matrix = sparse.csr_array(
            (np.ones(len(both), np.float32), (both[:, 0], both[:, 1])), shape=(n, n)
        )

    def rows(self, which: Ints) -> Matrix:
        """The ties of some firms to all, 1 each: len(which) x actors, nothing on the diagonal."""
        found: Matrix = (self._incidence[which] @ self._incidence.T + self._owned[which]).tocoo()
        keep = which[found.row] != found.col
        at = found.row[keep], found.col[keep]
        return sparse.csr_array((np.ones(int(keep.sum())), at), shape=found.shape)

    def around(self, one: int) -> Matrix:
        """The ties of a firm and of its partners in a matrix of all; other rows are empty."""
        own = self.rows(np.array([one], np.int32)).indices
        which = np.unique(np.append(own, one)).astype(np.int32)
        n = len(self.is_firm)
        found: Matrix = self.rows(which).tocoo()
        return sparse.csr_array((found.data, (which[found.row], found.col)), shape=(n, n))


def structure_of(view: View, one: int) -> Structure:
    """Size, density, effective size, efficiency and constraint of a firm, ties without values.

    O(ties of the firm's partners). For the formulas see `structure.ego_structure` [Burt 1992].
    """
    found = ego_structure(FirmTies(view).around(one), one)
    return Structure(
        partners=found.degree,
        density=found.density,
        effective_size=found.effective_size if found.degree else None,
        efficiency=found.efficiency,
        constraint=found.constraint,
    )
