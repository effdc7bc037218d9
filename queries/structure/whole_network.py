"""Measures of the whole network of firms: betweenness, communities, cores, components.

The work is scipy's and NetworKit's, which are made for large graphs. Whatever takes long goes in
small pieces, so that it can show progress, keep to a time limit, and go on from there when asked
again.
"""

import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
from scipy import sparse

from alliance_explorer.limits import CENTRAL_FIRMS
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known

from .betweenness import dependencies
from .firm_network import LARGEST_SHARED, FirmNetwork, Valuation, firm_network
from .structure import Floats, Ints, Matrix
from .structure_models import Basis, Betweenness, Community, Standing, WholeNetwork

DEFAULT_PIVOTS: Final = 1_000
DEFAULT_SEED: Final = 1
DEFAULT_SECONDS: Final = 60.0
# Chains from this many pivots are one piece of work: on 800,000 ties about a second.
BATCH: Final = 32
# Firms x ties up to which betweenness is worked out exactly: a second at most.
EXACT_UP_TO: Final = 20_000_000
Progress: TypeAlias = Callable[[int, int], None]

# NetworKit has one seed and one number of threads for the process.
_networkit = threading.Lock()


class Standings:
    """What is known of each firm of a network, worked out when it is first asked for.

    Arrays have one entry per firm of `network`.
    """

    def __init__(self, network: FirmNetwork) -> None:
        self.network = network
        matrix = network.matrix("binary")
        self.degree: Ints = np.diff(matrix.indptr).astype(np.int64)
        self.tied = np.flatnonzero(self.degree)
        self._working = threading.Lock()
        self._sum: Floats = np.zeros(len(self.tied))
        self._squares: Floats = np.zeros(len(self.tied))
        self._done = 0

    @cached_property
    def components(self) -> Ints:
        """Number of its component, from 0."""
        _, labels = sparse.csgraph.connected_components(self.network.matrix("binary"), False)
        return np.asarray(labels, np.int64)

    @cached_property
    def core(self) -> Ints:
        """Largest k such that the firm is in the k-core [Seidman 1983]. O(ties)."""
        found = np.zeros(len(self.degree), np.int64)
        if len(self.tied):
            import networkit

            with _networkit:
                run = networkit.centrality.CoreDecomposition(self._graph("binary")).run()
                found[self.tied] = np.asarray(run.scores(), np.int64)
        return found

    @cached_property
    def communities(self) -> Ints:
        """Number of its community, 1 for the largest; 0 without ties.

        The Leiden method [Traag, Waltman & van Eck 2019] on the strengths of ties, seeded and on
        one thread: the same each time. O(ties) per round.
        """
        found = np.zeros(len(self.degree), np.int64)
        if not len(self.tied):
            return found
        import networkit

        with _networkit:
            threads = networkit.getMaxNumberOfThreads()
            networkit.setNumberOfThreads(1)
            networkit.setSeed(DEFAULT_SEED, False)
            try:
                run = networkit.community.ParallelLeiden(
                    self._graph("strength"), randomize=False
                ).run()
                labels = np.asarray(run.getPartition().getVector(), np.int64)
            finally:
                networkit.setNumberOfThreads(threads)
        names, first, inverse, size = np.unique(
            labels, return_index=True, return_inverse=True, return_counts=True
        )
        order = np.lexsort((first, -size))  # by size, then by the first firm
        number = np.empty(len(names), np.int64)
        number[order] = np.arange(1, len(names) + 1)
        found[self.tied] = number[inverse]
        return found

    @cached_property
    def modularity(self) -> float | None:
        """Modularity of the communities on the strengths of ties [Newman & Girvan 2004]."""
        m = self.network.matrix("strength")
        total = float(m.sum())
        if not total:
            return None
        pairs = m.tocoo()
        inside = self.communities[pairs.row] == self.communities[pairs.col]
        strength = np.bincount(self.communities, np.asarray(m.sum(axis=1)).ravel())
        return float(pairs.data[inside].sum() / total - ((strength / total) ** 2).sum())

    # --- betweenness -----------------------------------------------------------------------------

    @property
    def cheap(self) -> bool:
        """Whether betweenness can be worked out exactly in a moment."""
        return len(self.tied) * self.network.ties <= EXACT_UP_TO

    @property
    def pivots(self) -> int:
        """Pivots that the betweenness rests on so far."""
        return self._done

    @property
    def exact(self) -> bool:
        """Whether betweenness is known exactly: every firm with ties was a pivot."""
        return self._done == len(self.tied)

    @property
    def pairs(self) -> float:
        """Pairs of other firms: what betweenness is normalised by; 0 below three firms."""
        n = len(self.tied)
        return (n - 1) * (n - 2) / 2 if n > 2 else 0.0

    def work_out(
        self,
        pivots: int | None,
        seconds: float = DEFAULT_SECONDS,
        progress: Progress | None = None,
    ) -> bool:
        """Work out the betweenness, or go on with its estimate; False if time ran out.

        Pivots are taken in one order that a seed has shuffled: the estimate of so many pivots is
        the same whenever and wherever it is made, and exact when all firms were pivots.

        Parameters
        ----------
        pivots : int, optional
            Starts of chains to look at; None: all firms with ties.
        seconds : float
            Time limit.
        progress : callable, optional
            Called with the pivots done and to be done.

        Notes
        -----
        O(pivots x ties x longest distance) [Brandes 2001; Brandes & Pich 2007].
        """
        until, n = time.monotonic() + seconds, len(self.tied)
        wanted = n if pivots is None or self.cheap else min(n, pivots)
        while True:
            with self._working:
                if self._done < wanted:
                    batch = self._order[self._done : min(self._done + BATCH, wanted)]
                    found = dependencies(self._among, batch)
                    self._sum += found.sum(axis=1)
                    self._squares += (found**2).sum(axis=1)
                    self._done += len(batch)
                done = self._done
            if progress:
                progress(min(done, wanted), wanted)
            if done >= wanted:
                return True
            if time.monotonic() > until:
                return False

    def betweenness(self) -> tuple[Floats, Floats] | None:
        """Betweenness in pairs, and its standard error; None if nothing is worked out.

        With k pivots out of n, drawn without replacement: n / 2 times the mean of what each finds,
        its error that of the mean, less the part of the firms that were pivots.
        """
        with self._working:
            k, n = self._done, len(self.tied)
            if not n:
                return self._spread(self._sum), self._spread(self._sum)
            if not k:
                return None
            mean = self._sum / k
            variance = np.maximum(self._squares / k - mean**2, 0.0) * (k / max(1, k - 1))
            error = np.sqrt(variance / k * (1 - k / n))
            return self._spread(mean * n / 2), self._spread(error * n / 2)

    def _spread(self, of_tied: Floats) -> Floats:
        found = np.zeros(len(self.degree))
        found[self.tied] = of_tied
        return found

    @cached_property
    def _among(self) -> Matrix:
        """The ties, of the firms that have any."""
        return self.network.matrix("binary")[self.tied][:, self.tied]

    @cached_property
    def _order(self) -> Ints:
        return np.random.default_rng(DEFAULT_SEED).permutation(len(self.tied)).astype(np.int64)

    def _graph(self, valuation: Valuation) -> Any:
        """The firms with ties as a graph of NetworKit."""
        import networkit  # takes a while, and most questions do without

        matrix = self.network.matrix(valuation)
        pairs = sparse.triu(matrix[self.tied][:, self.tied], format="coo")
        ends = pairs.row.astype(np.uint64), pairs.col.astype(np.uint64)
        return networkit.GraphFromCoo(
            (pairs.data, ends), n=len(self.tied), weighted=True, directed=False
        )


_making = threading.Lock()


def standings(network: FirmNetwork) -> Standings:
    """What is known of the firms of a network; kept as long as the network is."""
    with _making:
        found = network.kept.get("standings") or Standings(network)
        network.kept["standings"] = found
        assert isinstance(found, Standings)
        return found


def basis(explorer: Explorer, options: PathOptions, network: FirmNetwork) -> Basis:
    """What a network was made of, as answers say it."""
    return Basis(
        as_of=options.as_of,
        known_at=options.known_at,
        reference_date=options.reference(explorer.today),
        ended=options.counts_ended,
        kinds=[k for k in options.kinds if k in ("ownership", "alliance", "membership")],
        weights={
            k: options.weight(k)
            for k in options.kinds
            if k in ("ownership", "alliance", "membership")
        },
        half_life=options.half_life,
        min_confidence=options.min_confidence,
        largest_shared=network.largest_shared,
        counted=dict(network.counted),
        left_out=dict(network.left_out),
        firms=len(standings(network).tied),
        ties=network.ties,
    )


@as_known
def whole_network(
    explorer: Explorer,
    options: PathOptions | None = None,
    *,
    largest_shared: int = LARGEST_SHARED,
    betweenness: bool = True,
    pivots: int | None = DEFAULT_PIVOTS,
    seconds: float = DEFAULT_SECONDS,
    limit: int = CENTRAL_FIRMS.usual,
    progress: Progress | None = None,
) -> WholeNetwork:
    """Components, cores, communities and betweenness of the network of all firms.

    Betweenness is exact where that takes a moment, else estimated from random pivots with its
    standard error; what is worked out is kept until the graph changes, and asking again with more
    pivots goes on from there.

    Parameters
    ----------
    explorer : Explorer
    options : PathOptions, optional
        Kinds of tie, dates, confidence.
    largest_shared : int
        As in `firm_network`.
    betweenness : bool
        Whether to work it out.
    pivots : int, optional
        Pivots of the estimate; None: all firms, which is exact and may take long.
    seconds : float
        Time limit of the estimate.
    limit : int
        Firms to list.
    progress : callable, optional
        Called with the pivots done and to be done.

    References
    ----------
    Freeman, L. C. (1977) A set of measures of centrality based on betweenness. Sociometry 40(1).
    Brandes, U. (2001) A faster algorithm for betweenness centrality. J. Math. Sociology 25(2).
    Brandes, U. & Pich, C. (2007) Centrality estimation in large networks. Int. J. Bifurcation and
    Chaos 17(7). Seidman, S. B. (1983) Network structure and minimum degree. Social Networks 5(3).
    Traag, V. A., Waltman, L. & van Eck, N. J. (2019) From Louvain to Leiden. Sci. Reports 9, 5233.
    Newman, M. E. J. & Girvan, M. (2004) Finding and evaluating community structure in networks.
    Phys. Rev. E 69, 026113.
    """
    options = options or PathOptions()
    network = firm_network(explorer, options, largest_shared)
    known = standings(network)
    complete = not betweenness or known.work_out(pivots, seconds, progress)
    found = known.betweenness() if betweenness else None
    order = np.lexsort((-known.degree, -found[0] if found else -known.degree))[:limit]
    top = [
        standing(explorer, known, int(i), found) for i in order[known.degree[order] > 0].tolist()
    ]
    n = len(known.tied)
    component_sizes = np.bincount(known.components[known.tied]) if n else np.zeros(1, np.int64)
    k = int(known.core.max(initial=0))
    made = basis(explorer, options, network)
    return WholeNetwork(
        basis=made,
        density=2 * network.ties / (n * (n - 1)) if n > 1 else None,
        components=int((component_sizes > 0).sum()),
        largest_component=int(component_sizes.max()),
        core=k,
        innermost=int((known.core == k).sum()) if k else 0,
        modularity=known.modularity,
        communities=int(known.communities.max(initial=0)),
        largest_communities=_communities(explorer, known),
        betweenness=Betweenness(
            method="exact" if known.exact else "sampled",
            pivots=known.pivots,
            seed=DEFAULT_SEED,
            complete=complete,
            standard_error=max((s.standard_error or 0.0 for s in top), default=0.0),
        )
        if found
        else None,
        top=top,
        summary=_summary(made, known),
    )


def standing(
    explorer: Explorer, known: Standings, firm: int, found: tuple[Floats, Floats] | None
) -> Standing:
    """One firm in the whole network."""
    value, error = (float(found[0][firm]), float(found[1][firm])) if found else (None, None)
    return Standing(
        firm=explorer.projection().ref(known.network.ids[firm]),
        degree=int(known.degree[firm]),
        core=int(known.core[firm]),
        community=int(known.communities[firm]),
        betweenness=value,
        normalised=value / known.pairs if value is not None and known.pairs else None,
        standard_error=error / known.pairs if error is not None and known.pairs else None,
    )


def _communities(explorer: Explorer, known: Standings, most: int = 10) -> list[Community]:
    p, ids = explorer.projection(), known.network.ids
    found = []
    for number in range(1, min(most, int(known.communities.max(initial=0))) + 1):
        members = np.flatnonzero(known.communities == number)
        largest = members[np.argsort(-known.degree[members], kind="stable")][:5]
        refs = [p.ref(ids[i]) for i in largest]
        found.append(Community(number=number, firms=len(members), largest=refs))
    return found


def _summary(made: Basis, known: Standings) -> str:
    when = f" as of {made.as_of}" if made.as_of else ""
    if not made.firms:
        return f"No two firms are tied{when}."
    parts = len(np.unique(known.components[known.tied]))
    return (
        f"{made.firms:,} firms with {made.ties:,} ties{when}, in {parts:,} separate "
        f"{'part' if parts == 1 else 'parts'} and {int(known.communities.max()):,} communities; "
        f"in the innermost core each has at least {int(known.core.max()):,} partners."
    )
