"""Which partners are key: needed, hard to replace, and on many of the firm's ways to others."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from alliance_explorer.engine import Edge, Node
from alliance_explorer.limits import PARTNERS
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.validity import holds, known, within

from .firm_network import LARGEST_SHARED, firm_network
from .structure import Floats, Ints, Matrix
from .structure_models import Keyness, KeyPartner, NeedItem
from .whole_network import basis

# Our rules.
UNSTATED_IMPORTANCE: Final = 0.5
ALTERNATIVES: Final[Mapping[str, int]] = {"none": 0, "few": 3, "many": 10}
DEFAULT_MISSING: Final = 0.1
DEFAULT_DRAWS: Final = 100
# Ties of partners times draws that are looked at: less than a second.
MOST_WORK: Final = 15_000_000
Factor = Literal["need", "scarcity", "paths"]


@dataclass(frozen=True)
class KeynessOptions:
    """What else is asked of keyness.

    Parameters
    ----------
    missing : float
        Share of ties that are left out at random in each draw, 0 to 0.9.
    draws : int
        Draws, 0 to 1000; fewer are made where the firm's surroundings are very large.
    seed : int
        Of the draws: the same seed gives the same answer.
    largest_shared : int
        Largest network, in participants, that ties its members.
    limit : int
        Most partners to list.
    """

    missing: float = DEFAULT_MISSING
    draws: int = DEFAULT_DRAWS
    seed: int = 1
    largest_shared: int = LARGEST_SHARED
    limit: int = PARTNERS.usual


@as_known
def keyness(
    explorer: Explorer,
    firm: str,
    options: PathOptions | None = None,
    asked: KeynessOptions | None = None,
) -> Keyness:
    """How key each partner of a firm is, and how sure its rank.

    Keyness follows Salle et al. 2007: how much the partner's complementary resources are needed x
    how few substitutes x how many of the firm's paths run over it. The arithmetic is our rule:

    - need = 1 - product(1 - importance) over the capabilities that the firm needs and the partner
      offers, and the shares of the firm's sales over alliances with it;
    - scarcity = mean of 1 / (1 + substitutes) over the same, weighted by importance; substitutes
      are the other firms that offer it, of sales the recorded alternatives (`few` counts as 3,
      `many` as 10);
    - paths = part of the firms within two steps that the partner leads to: itself 1, a firm two
      steps away 1 / (partners that lead there); the parts of all partners add up to 1.

    A factor of which nothing is on record for any partner is left out. Stability draws networks in
    which each tie is missing with a chance of `missing`, and counts how often a partner has the
    same rank as it has by the whole network among the partners that the draw left in place.

    Raises
    ------
    UnknownActor, AmbiguousActor

    Notes
    -----
    O(draws x ties of the partners).

    References
    ----------
    Salle, Cova, Ivens & Pardo 2007, 23rd IMP Conference. For random missing ties: Borgatti, S. P.,
    Carley, K. M. & Krackhardt, D. (2006) On the robustness of centrality measures under conditions
    of imperfect data. Social Networks 28(2), 124-136.
    """
    options, asked = options or PathOptions(), asked or KeynessOptions()
    focal = explorer.resolve(firm, ("Firm",), "firm")
    network, p = firm_network(explorer, options, asked.largest_shared), explorer.projection()
    reach = _Reach(network.matrix("binary"), network.index[focal.id])
    refs = [p.ref(network.ids[i]) for i in reach.partners]
    needs = _needs(explorer, focal.id, {r.id for r in refs}, options)
    need = [_need(needs[r.id]) for r in refs]
    scarcity = [_scarcity(needs[r.id]) for r in refs]
    factors: list[Factor] = []
    weight = np.ones(len(refs))
    if any(n is not None for n in need):
        factors.append("need")
        weight *= np.array([n or 0.0 for n in need])
    if any(s is not None for s in scarcity):
        factors.append("scarcity")
        # Where the number of substitutes alone is not known, it says nothing against the partner.
        weight *= np.array([1.0 if s is None else s for s in scarcity])
    factors.append("paths")
    over, only = reach.over(np.ones(len(refs), dtype=bool))
    total = reach.size
    paths = over / total if total else over
    score = weight * paths
    draws = min(asked.draws, MOST_WORK // reach.work(asked.missing))
    stable, low, high = _stability(reach, weight, score, asked, draws)
    ranks = _ranks(np.round(score[None, :], 12), np.ones((1, len(refs)), dtype=bool))[0]
    order = sorted(range(len(refs)), key=lambda k: (ranks[k], refs[k].name.casefold(), refs[k].id))
    partners = [
        KeyPartner(
            partner=refs[k],
            rank=int(ranks[k]),
            keyness=float(score[k]),
            need=need[k],
            scarcity=scarcity[k],
            paths=float(paths[k]),
            over=float(over[k]),
            only_over=int(only[k]),
            needs=needs[refs[k].id],
            stability=_number(stable[k]),
            rank_low=None if math.isnan(low[k]) else int(low[k]),
            rank_high=None if math.isnan(high[k]) else int(high[k]),
        )
        for k in order[: asked.limit]
    ]
    return Keyness(
        focal=focal,
        basis=basis(explorer, options, network),
        factors=factors,
        reach=total,
        missing=asked.missing,
        draws=draws,
        seed=asked.seed,
        partners=partners,
        partners_in_all=len(refs),
        summary=_summary(focal, partners, factors, options),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


# --- need and substitutes -------------------------------------------------------------------------


def _needs(
    explorer: Explorer, firm: str, partners: set[str], options: PathOptions
) -> dict[str, list[NeedItem]]:
    """What the firm needs and each partner has."""
    reference = options.reference(explorer.today)

    def counts(edge: Edge) -> bool:
        confidence = edge.properties.get("confidence", 1.0)
        return (
            holds(edge.properties, reference)
            and known(edge.properties, options.known_at)
            and isinstance(confidence, int | float)
            and confidence >= options.min_confidence
        )

    found: defaultdict[str, list[NeedItem]] = defaultdict(list)
    offered: defaultdict[str, set[str]] = defaultdict(set)
    needed: dict[str, tuple[str, Edge]] = {}
    for row in run(explorer.engine, "needs_met", id=firm):
        need, offer, capability = row["need"], row["offer"], str(row["capability"])
        assert isinstance(need, Edge) and isinstance(offer, Edge)
        if counts(need) and counts(offer):
            needed.setdefault(capability, (str(row["name"]), need))
            offered[capability].add(str(row["firm"]))
    for capability, (name, need) in sorted(needed.items()):
        importance = need.properties.get("importance")
        stated = isinstance(importance, int | float)
        for partner in sorted(offered[capability] & partners):
            found[partner].append(
                NeedItem(
                    what=name,
                    importance=float(importance)
                    if isinstance(importance, int | float)
                    else UNSTATED_IMPORTANCE,
                    stated=stated,
                    substitutes=len(offered[capability]) - 1,
                    source=_text(need.properties.get("source")),
                )
            )
    for partner, item in _sales(explorer, firm, counts, reference, options):
        if partner in partners:
            found[partner].append(item)
    return found


def _sales(
    explorer: Explorer,
    firm: str,
    counts: Callable[[Edge], bool],
    reference: dt.date,
    options: PathOptions,
) -> list[tuple[str, NeedItem]]:
    items = []
    for row in run(explorer.engine, "sales_over", id=firm):
        own, alliance = row["own"], row["alliance"]
        assert isinstance(own, Edge) and isinstance(alliance, Node)
        start, end = alliance.properties.get("start"), alliance.properties.get("end")
        until = None if options.counts_ended else end
        if not counts(own) or not within(start, until, reference):
            continue
        share, number = own.properties["share_of_sales"], own.properties.get("alternatives")
        level = own.properties.get("alternatives_level")
        assert isinstance(share, int | float)
        item = NeedItem(
            what=f"sales ({alliance.properties.get('name', alliance.id)})",
            importance=float(share),
            stated=True,
            substitutes=number if isinstance(number, int) else ALTERNATIVES.get(str(level)),
            source=_text(own.properties.get("source")),
        )
        items.append((str(row["firm"]), item))
    return sorted(items, key=lambda x: (x[0], x[1].what))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _need(items: Sequence[NeedItem]) -> float | None:
    return 1.0 - math.prod(1.0 - i.importance for i in items) if items else None


def _scarcity(items: Sequence[NeedItem]) -> float | None:
    counted = [(i.importance, 1 / (1 + i.substitutes)) for i in items if i.substitutes is not None]
    total = sum(w for w, _ in counted)
    return sum(w * s for w, s in counted) / total if total else None


# --- paths and their stability --------------------------------------------------------------------


class _Reach:
    """Firms within two steps of a firm, as one entry per tie of a partner.

    Entries that lead to a partner matter only in draws in which the tie to that partner is missing;
    they are kept apart.
    """

    def __init__(self, matrix: Matrix, ego: int) -> None:
        own = slice(matrix.indptr[ego], matrix.indptr[ego + 1])
        self.partners: Ints = np.sort(matrix.indices[own]).astype(np.int64)
        rows = matrix[self.partners]
        keep = rows.indices != ego
        who = np.repeat(np.arange(len(self.partners)), np.diff(rows.indptr))[keep]
        # Firms around by a number of their own; partners come first, in their order.
        there = np.union1d(rows.indices[keep], self.partners)
        others = np.setdiff1d(there, self.partners)
        number = np.empty(matrix.shape[0], np.int64)
        number[self.partners] = np.arange(len(self.partners))
        number[others] = len(self.partners) + np.arange(len(others))
        to: Ints = number[rows.indices[keep]]
        near = to < len(self.partners)
        self._near, self._far = (who[near], to[near]), (who[~near], to[~near])
        self.size = len(there)

    def work(self, missing: float) -> int:
        """Entries that a draw looks at, about."""
        return 1 + len(self._far[0]) + int(missing * len(self._near[0]))

    def over(
        self,
        tied: npt.NDArray[np.bool_],
        missing: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> tuple[Floats, Ints]:
        """How many firms are reached over each partner, and how many over it alone.

        Parameters
        ----------
        tied : bool array
            Whether the tie to each partner is there.
        missing : float
            The chance with which each tie of a partner is missing.
        rng : numpy.random.Generator, optional
            What draws those; needed if any can be missing.
        """
        n = len(self.partners)
        found = []
        for who, to, ways in (
            (*self._far, tied[self._far[0]]),
            (*self._near, tied[self._near[0]] & ~tied[self._near[1]]),
        ):
            there = np.flatnonzero(ways)
            if rng is not None:
                there = there[rng.random(len(there), dtype=np.float32) >= missing]
            found.append((who[there], to[there]))
        who, to = (np.concatenate(parts) for parts in zip(*found, strict=True))
        leading = np.bincount(to, minlength=self.size)
        over = np.bincount(who, 1.0 / leading[to], n).astype(np.float64) + tied
        return over, np.bincount(who[leading[to] == 1], minlength=n).astype(np.int64)


def _ranks(scores: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """Rank of each partner in each draw, 1 for the highest; equal scores share the best rank."""
    hidden = np.where(there, scores, -np.inf)
    ranks = np.empty(scores.shape)
    for k, row in enumerate(hidden):
        up = np.sort(row)
        ranks[k] = len(row) - np.searchsorted(up, row, side="right") + 1
    return np.where(there, ranks, np.nan)


def _stability(
    reach: _Reach, weight: Floats, score: Floats, asked: KeynessOptions, draws: int
) -> tuple[Floats, Floats, Floats]:
    """Per partner: share of draws in which its rank holds, and its 5 % and 95 % ranks."""
    n = len(weight)
    nothing = np.full(n, np.nan)
    if not draws or not n:
        return nothing, nothing, nothing
    rng = np.random.default_rng(asked.seed)
    there = np.empty((draws, n), dtype=bool)
    drawn = np.empty((draws, n))
    for k in range(draws):
        there[k] = rng.random(n) >= asked.missing
        over, _ = reach.over(there[k], asked.missing, rng)
        # Rounded: sums in another order are no other rank.
        drawn[k] = np.round(weight * over / max(1.0, over.sum()), 12)
    ranks = _ranks(drawn, there)
    whole = _ranks(np.tile(np.round(score, 12), (draws, 1)), there)
    times = there.sum(axis=0)
    holds_ = ((ranks == whole) & there).sum(axis=0)
    stable, low, high = nothing.copy(), nothing.copy(), nothing.copy()
    some = np.flatnonzero(times)
    stable[some] = holds_[some] / times[some]
    ordered = np.sort(ranks, axis=0)  # draws without it stand last
    low[some] = ordered[np.floor(0.05 * (times[some] - 1)).astype(int), some]
    high[some] = ordered[np.ceil(0.95 * (times[some] - 1)).astype(int), some]
    return stable, low, high


def _summary(
    focal: Ref, partners: Sequence[KeyPartner], factors: Sequence[Factor], options: PathOptions
) -> str:
    when = f" as of {options.as_of}" if options.as_of else ""
    if not partners:
        return f"{focal.name} has no partners on record{when}."
    first = partners[0]
    sure = "" if first.stability is None else f"; its rank holds in {first.stability:.0%} of draws"
    by = " × ".join(factors)
    return (
        f"The key partner of {focal.name}{when} is {first.partner.name} "
        f"({first.keyness:.3f} = {by}){sure}."
    )
