"""Betweenness over shortest chains, a batch of starting points at a time."""

import numpy as np
import numpy.typing as npt

from .structure import Floats, Ints, Matrix


def dependencies(matrix: Matrix, sources: Ints) -> Floats:
    """How much of the shortest chains that begin at some nodes runs over each node.

    Brandes' accumulation for many sources at once, as products of a sparse with a dense matrix:
    level by level outwards, counting shortest chains, then back. Half of the sum over all sources
    is the betweenness of an undirected graph.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (n, n)
        Symmetric, 1 for a tie.
    sources : int64 array, shape (k,)

    Returns
    -------
    float64 array, shape (n, k)
        Dependency of each source on each node: the sum, over the nodes that the source reaches, of
        the share of the shortest chains there that run over the node; its own is 0.

    Notes
    -----
    O(longest distance x k x ties) time, O(longest distance x k x n) memory.

    References
    ----------
    Brandes, U. (2001) A faster algorithm for betweenness centrality. Journal of Mathematical
    Sociology 25(2), 163-177.
    """
    n, k = matrix.shape[0], len(sources)
    columns = np.arange(k)
    level = np.zeros((n, k))
    level[sources, columns] = 1.0
    reached = level > 0
    levels: list[Floats] = []  # numbers of shortest chains to the nodes of each distance
    while level.any():
        levels.append(level)
        level = np.asarray(matrix @ level, np.float64)
        level[reached] = 0.0
        reached |= level > 0
    passed: Floats = np.zeros((n, k))
    below: Floats = np.zeros((n, k))
    for level in reversed(levels):
        here: npt.NDArray[np.bool_] = level > 0
        below = np.where(here, level * below, 0.0)
        passed += below
        share = np.divide(1.0 + below, level, out=np.zeros((n, k)), where=here)
        below = np.asarray(matrix @ share, np.float64)
    passed[sources, columns] = 0.0
    return passed
