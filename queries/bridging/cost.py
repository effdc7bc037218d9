"""What it costs a bridge to be one: structural holes closed by the tie that it makes.

Whoever introduces two of its contacts to each other stands between them no longer. Some broker by
keeping others apart; *tertius iungens*, the third who joins, loses little by joining [Obstfeld
2005]. Measures as in `queries.structure` [Burt 1992; Gould & Fernandez 1989], ties without values.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from alliance_explorer.engine import Node
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref, Role
from alliance_explorer.queries.structure.firm_network import FirmNetwork, firm_network
from alliance_explorer.queries.structure.structure import EgoStructure, ego_structure, role_of

from .models import AskCost, Dyad, Holes
from .question import Question

# Our rule: a bridge loses little if its constraint rises by less than this share.
LITTLE: Final = 0.05
# Contacts whose part of the constraint is told one by one.
MAX_DYADS: Final = 50


def ask_costs(
    q: Question, introductions: Mapping[int, tuple[int, int]]
) -> dict[int, AskCost | None]:
    """For each bridge, what it would lose by tying two others.

    Parameters
    ----------
    q : Question
    introductions : mapping of int to (int, int)
        By bridge: who asks, and to whom the bridge leads on; indexes of actors.

    Returns
    -------
    dict
        None where somebody is not a firm: structural holes are those of the network of firms.

    Notes
    -----
    O(ties of the contacts of the bridges), beside making the network of firms once for a view.
    """
    if not introductions:
        return {}
    network = firm_network(q.explorer, q.options)
    named = q.view.projection.actors
    firms = {named[a] for b, ends in introductions.items() for a in (b, *ends)}
    countries = _countries(q, sorted(firms & network.index.keys()))
    costs: dict[int, AskCost | None] = {}
    for bridge, (one, other) in introductions.items():
        ids = [named[a] for a in (bridge, one, other)]
        costs[bridge] = (
            _cost(q, network, ids, countries) if all(i in network.index for i in ids) else None
        )
    return costs


def _cost(
    q: Question, network: FirmNetwork, ids: Sequence[str], countries: Mapping[str, str]
) -> AskCost:
    matrix = network.matrix("binary")
    bridge, one, other = (network.index[i] for i in ids)
    tied = bool(matrix[one, other])
    before = ego_structure(matrix, bridge)
    after = ego_structure(matrix, bridge, [(one, other, 1.0)])
    contacts = set(before.partners.tolist())
    groups = [countries.get(i) for i in ids]
    roles: list[Role] = []
    if not tied and {one, other} <= contacts and None not in groups:
        number = {g: n for n, g in enumerate(dict.fromkeys(groups))}
        b, s, d = (number[g] for g in groups)
        roles = sorted({role_of(s, b, d), role_of(d, b, s)})
    refs = [q.view.projection.ref(i) for i in ids]
    rise = _rise(before, after)
    return AskCost(
        introduces=(refs[1], refs[2]),
        tied_already=tied,
        before=_holes(before),
        after=_holes(after),
        roles_lost=roles,
        attribute="country",
        loses_little=rise < LITTLE,
        dyads=_dyads(q, network, before, after),
        largest_shared=network.largest_shared,
        sentence=_sentence(refs, tied, before, after, rise, roles),
    )


def _holes(s: EgoStructure) -> Holes:
    return Holes(
        contacts=s.degree,
        ties_among=s.ties_among,
        effective_size=s.effective_size,
        constraint=s.constraint,
    )


def _rise(before: EgoStructure, after: EgoStructure) -> float:
    if not before.constraint or after.constraint is None:
        return 0.0
    return after.constraint / before.constraint - 1.0


def _dyads(
    q: Question, network: FirmNetwork, before: EgoStructure, after: EgoStructure
) -> list[Dyad]:
    if before.degree > MAX_DYADS:
        return []
    return [
        Dyad(
            contact=q.view.projection.ref(network.ids[int(j)]),
            direct=float(before.shares[n]),
            indirect=float(before.indirect[n]),
            direct_after=float(after.shares[n]),
            indirect_after=float(after.indirect[n]),
        )
        for n, j in enumerate(before.partners)
    ]


def _countries(q: Question, ids: Sequence[str]) -> dict[str, str]:
    rows = run(q.explorer.engine, "firms", ids=list(ids))
    nodes = [row["x"] for row in rows]
    return {
        n.id: str(n.properties["country"])
        for n in nodes
        if isinstance(n, Node) and "country" in n.properties
    }


def _sentence(
    refs: Sequence[Ref],
    tied: bool,
    before: EgoStructure,
    after: EgoStructure,
    rise: float,
    roles: Sequence[Role],
) -> str:
    bridge, one, other = (r.name for r in refs)
    if tied:
        return f"{one} and {other} are tied already: the introduction costs {bridge} nothing."
    if rise == 0 and before.effective_size == after.effective_size:
        return (
            f"{bridge} is tied to {one} or {other} too loosely to stand between them: it loses "
            "nothing."
        )
    role = f" as {' and '.join(roles)}" if roles else ""
    verb = "loses little" if rise < LITTLE else "gives something up"
    return (
        f"{bridge} {verb}: it would stand between {one} and {other}{role} no longer; effective "
        f"size {before.effective_size:.2f} → {after.effective_size:.2f}, constraint "
        f"{before.constraint or 0:.3f} → {after.constraint or 0:.3f}."
    )
