"""The structure of a firm's portfolio: structural holes, roles, weak and strong ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alliance_explorer.limits import PARTNERS
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.ties import (
    DEFAULT_WEIGHTS,
    PathOptions,
    repetition,
    specificity,
)
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.models import Ref, Role

from .firm_groups import groups
from .firm_network import LARGEST_SHARED, VALUATIONS, FirmNetwork, Valuation, firm_network
from .structure import (
    ROLES,
    EgoStructure,
    brokerage,
    brokered_pairs,
    ego_betweenness,
    ego_structure,
)
from .structure_models import (
    Balance,
    Between,
    Brokerage,
    Comparison,
    Criterion,
    Dyad,
    Measures,
    PartnerStructure,
    RoleCount,
    Structure,
    Triad,
)
from .whole_network import basis, standings

# Our rule: a tie is strong from what an alliance of two that holds is worth if they have dealt
# twice on record; one alliance without more is weak.
STRONG: Final = DEFAULT_WEIGHTS["alliance"] * repetition(2) * specificity(2)
# Our rules, after Uzzi 1997: both kinds of tie are wanted, so more than three quarters of one kind
# is out of balance; and who has nearly only strong ties, to partners who are tied among
# themselves, is over-embedded. With fewer than three partners nothing is said.
MOSTLY: Final = 0.75
LEAST_EFFICIENT: Final = 0.5
LEAST_PARTNERS: Final = 3
EXAMPLES: Final = 3
_AN: Final[Mapping[Role, str]] = {r: f"an {r}" if r.startswith("i") else f"a {r}" for r in ROLES}


@dataclass(frozen=True)
class StructureOptions:
    """What else is asked of a structure.

    Parameters
    ----------
    attribute : str
        What brokerage roles are told by: country, city, actor_type, size_class, segment (the
        first-named one), community.
    valuation : str
        By which partners are ordered: binary, count or strength.
    strong : float
        From this strength on a tie is strong, 0 to 1.
    largest_shared : int
        Largest network, in participants, that ties its members.
    limit : int
        Most partners to list.
    """

    attribute: str = "country"
    valuation: Valuation = "binary"
    strong: float = STRONG
    largest_shared: int = LARGEST_SHARED
    limit: int = PARTNERS.usual


@as_known
def structure(
    explorer: Explorer,
    firm: str,
    options: PathOptions | None = None,
    asked: StructureOptions | None = None,
) -> Structure:
    """The structure of the network around a firm, at a date or over everything on record.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    options : PathOptions, optional
        Kinds of tie, dates, confidence, weights.
    asked : StructureOptions, optional

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest

    Notes
    -----
    O(ties of the partners). Betweenness in the whole network is told if it is worked out or takes
    but a moment, else betweenness in the ego network.

    References
    ----------
    Burt 1992; Gould & Fernandez 1989; Everett & Borgatti 2005 (see `structure`). Uzzi, B.
    (1997) Social structure and competition in interfirm networks: the paradox of embeddedness.
    Administrative Science Quarterly 42(1), 35-67.
    """
    options, asked = options or PathOptions(), asked or StructureOptions()
    focal = explorer.resolve(firm, ("Firm",), "firm")
    network = firm_network(explorer, options, asked.largest_shared)
    network.matrix(asked.valuation)  # an unknown one is refused before any work
    ego = network.index[focal.id]
    found: dict[Valuation, EgoStructure] = {
        v: ego_structure(network.matrix(v), ego) for v in VALUATIONS
    }
    known = standings(network)
    roles = _roles(explorer, network, ego, asked.attribute)
    balance = _balance(found, asked.strong)
    return Structure(
        focal=focal,
        basis=basis(explorer, options, network),
        measures={v: _measures(s) for v, s in found.items()},
        partners=_partners(explorer, network, found, asked),
        brokerage=roles,
        balance=balance,
        betweenness=_between(network, ego),
        community=int(known.communities[ego]) or None,
        core=int(known.core[ego]) if found["binary"].degree else None,
        summary=_summary(focal, found["binary"], roles, balance, options),
    )


def compare_structures(
    explorer: Explorer,
    one: tuple[str, PathOptions],
    other: tuple[str, PathOptions],
    asked: StructureOptions | None = None,
) -> Comparison:
    """Two structures side by side: two firms, or one firm at two dates.

    Parameters
    ----------
    explorer : Explorer
    one, other : tuple of str and PathOptions
        Firm, by id or name, and what to look at.
    asked : StructureOptions, optional
        For both.
    """
    first, second = structure(explorer, *one, asked), structure(explorer, *other, asked)
    before, after = (
        _partner_refs(explorer, s.focal.id, options, (asked or StructureOptions()).largest_shared)
        for s, (_, options) in ((first, one), (second, other))
    )
    return Comparison(
        one=first,
        other=second,
        change={v: _change(first.measures[v], second.measures[v]) for v in VALUATIONS},
        only_one=[before[i] for i in sorted(before.keys() - after.keys())],
        only_other=[after[i] for i in sorted(after.keys() - before.keys())],
        both=[before[i] for i in sorted(before.keys() & after.keys())],
    )


def _partner_refs(
    explorer: Explorer, firm: str, options: PathOptions, largest_shared: int
) -> dict[str, Ref]:
    network, p = firm_network(explorer, options, largest_shared), explorer.projection()
    m, ego = network.matrix("binary"), network.index[firm]
    ids = [network.ids[i] for i in m.indices[m.indptr[ego] : m.indptr[ego + 1]]]
    return {i: p.ref(i) for i in ids}


def _change(one: Measures, other: Measures) -> dict[str, float | None]:
    before, after = one.model_dump(), other.model_dump()
    return {
        name: None if value is None or after[name] is None else after[name] - value
        for name, value in before.items()
    }


def _measures(s: EgoStructure) -> Measures:
    return Measures(
        degree=s.degree,
        total=s.total,
        ties_among=s.ties_among,
        density=s.density,
        effective_size=s.effective_size,
        efficiency=s.efficiency,
        constraint=s.constraint,
        hierarchy=s.hierarchy,
    )


def _partners(
    explorer: Explorer,
    network: FirmNetwork,
    found: Mapping[Valuation, EgoStructure],
    asked: StructureOptions,
) -> list[PartnerStructure]:
    """Those who constrain most; all valuations have the same partners in the same order."""
    p, chosen = explorer.projection(), found[asked.valuation]
    order = np.argsort(-chosen.dyadic, kind="stable")[: asked.limit]
    return [
        PartnerStructure(
            partner=p.ref(network.ids[chosen.partners[k]]),
            strong=bool(found["strength"].values[k] >= asked.strong),
            by={
                v: Dyad(
                    value=float(s.values[k]),
                    share=float(s.shares[k]),
                    indirect=float(s.indirect[k]),
                    constraint=float(s.dyadic[k]),
                    redundancy=float(s.redundancy[k]),
                )
                for v, s in found.items()
            },
        )
        for k in order
    ]


def _roles(explorer: Explorer, network: FirmNetwork, ego: int, attribute: str) -> Brokerage:
    p, grouped = explorer.projection(), groups(explorer, network, attribute)
    matrix = network.matrix("strength")  # for the order of the examples
    counted = brokerage(matrix, ego, grouped.of)
    told = counted.open - counted.unknown
    roles = []
    for role in ROLES:
        pairs: Sequence[tuple[int, int]] = ()
        if counted.counts[role]:
            pairs = brokered_pairs(matrix, ego, grouped.of, role, EXAMPLES)
        roles.append(
            RoleCount(
                role=role,
                triads=counted.counts[role],
                share=counted.counts[role] / told if told else None,
                examples=[
                    Triad(
                        source=p.ref(network.ids[s]),
                        source_group=grouped.name(s) or "",
                        destination=p.ref(network.ids[d]),
                        destination_group=grouped.name(d) or "",
                    )
                    for s, d in pairs
                ],
            )
        )
    return Brokerage(
        attribute=grouped.attribute,
        group=grouped.name(ego),
        open=counted.open,
        unknown=counted.unknown,
        roles=roles,
    )


def _balance(found: Mapping[Valuation, EgoStructure], threshold: float) -> Balance:
    strong = int((found["strength"].values >= threshold).sum())
    partners = found["binary"].degree
    share = strong / partners if partners else None
    efficiency = found["binary"].efficiency
    criteria = [
        Criterion(
            name="share of strong ties above",
            value=share,
            limit=MOSTLY,
            met=share is not None and share > MOSTLY,
        ),
        Criterion(
            name="efficiency (without values) below",
            value=efficiency,
            limit=LEAST_EFFICIENT,
            met=efficiency is not None and efficiency < LEAST_EFFICIENT,
        ),
    ]
    if partners < LEAST_PARTNERS or share is None:
        return Balance(
            threshold=threshold,
            strong=strong,
            weak=partners - strong,
            share_strong=share,
            verdict="too few partners",
            over_embedded=None,
            criteria=criteria,
        )
    return Balance(
        threshold=threshold,
        strong=strong,
        weak=partners - strong,
        share_strong=share,
        verdict="mostly strong"
        if share > MOSTLY
        else "mostly weak"
        if share < 1 - MOSTLY
        else "in balance",
        over_embedded=all(c.met for c in criteria),
        criteria=criteria,
    )


def _between(network: FirmNetwork, ego: int) -> Between | None:
    known = standings(network)
    if known.cheap:
        known.work_out(None)
    if found := known.betweenness():
        pairs, error = float(found[0][ego]), float(found[1][ego])
        n = known.pairs
        return Between(
            within="whole network",
            method="exact" if known.exact else "sampled",
            pairs=pairs,
            normalised=pairs / n if n else None,
            standard_error=None if known.exact or not n else error / n,
        )
    inside = ego_betweenness(network.matrix("binary"), ego)
    if inside is None:
        return None
    n = float(known.degree[ego] * (known.degree[ego] - 1) / 2)
    return Between(
        within="ego network",
        method="exact",
        pairs=inside,
        normalised=inside / n if n else None,
        standard_error=None,
    )


def _summary(
    focal: Ref, s: EgoStructure, roles: Brokerage, balance: Balance, options: PathOptions
) -> str:
    when = f" as of {options.as_of}" if options.as_of else ""
    if not s.degree:
        return f"{focal.name} has no partners on record{when}."
    partners = "partner" if s.degree == 1 else "partners"
    text = f"{focal.name} has {s.degree:,} {partners}{when}, worth {s.effective_size:.2f} that "
    text += f"do not overlap; constraint {s.constraint:.3f}."
    best = max(roles.roles, key=lambda r: r.triads)
    if best.triads:
        text += f" Told by {roles.attribute.replace('_', ' ')}, it is most often {_AN[best.role]}."
    if balance.over_embedded:
        text += " It is over-embedded: nearly all ties are strong, to partners who are tied."
    return text
