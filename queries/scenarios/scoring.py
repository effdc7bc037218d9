"""What speaks for each of many candidates, but for the way to it; read at once for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from alliance_explorer.queries.models import Entity, Fact, Ref
from alliance_explorer.queries.sizes import NOT_RECORDED, size_class
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED
from alliance_explorer.queries.structure.structure import Matrix

from .conflicts import breaches, owner_conflicts, rivalry_conflicts
from .ego_structure import FirmTies
from .firm_facts import FirmFacts, Offer, core_business
from .scenario_models import Conflict, Held, Selection
from .standing import Asked, told

UNSTATED_IMPORTANCE: Final = 0.5


class Scores:
    """Values, sentences and evidence for candidates.

    Parameters
    ----------
    asked : Asked
    firms : mapping of str to Entity
        Who meets the criteria.
    needed : mapping of str to str
        What was asked for, by key.
    offers : sequence of Offer
        Who offers what was asked for.
    partners_too : bool
        Whether partners are candidates.
    """

    def __init__(
        self,
        asked: Asked,
        firms: Mapping[str, Entity],
        needed: Mapping[str, str],
        offers: Sequence[Offer],
        *,
        partners_too: bool,
    ) -> None:
        self._focal = asked.focal
        own = asked.reader.facts([asked.focal.id], [asked.focal.id])
        self.partners = own.partners(asked.focal.id)
        left_out = set() if partners_too else self.partners
        self.candidates = {i: e for i, e in sorted(firms.items()) if i not in left_out}
        self._facts = _facts(asked, own, self.candidates, self.partners)
        self._wanted = _wanted(own, asked.focal.id, needed)
        self._conflicts: dict[str, list[Conflict]] = {}
        self._offers: defaultdict[str, list[Offer]] = defaultdict(list)
        for offer in (*offers, *self._facts.offers):
            if offer.key in self._wanted and offer not in self._offers[offer.firm]:
                self._offers[offer.firm].append(offer)
        self._ties(asked)

    def _ties(self, asked: Asked) -> None:
        view = asked.explorer.view(asked.options)
        p, ids = view.projection, list(self.candidates)
        index = np.array([p.actor_index[i] for i in ids], np.int32)
        one = p.actor_index[self._focal.id]
        ties = FirmTies(view)
        mine = np.zeros(len(p.actors), dtype=bool)
        mine[ties.rows(np.array([one], np.int32)).indices] = True
        mine[one] = True
        rows: Matrix = ties.rows(index)
        new = np.asarray((rows @ (~mine).astype(np.float64)), np.float64)
        at_one = rows[:, [one]].toarray().ravel()
        contacts = np.diff(rows.indptr) - at_one
        self._contacts = {i: (int(n), int(c)) for i, n, c in zip(ids, new, contacts, strict=True)}
        shared = view.entries
        network = np.array([p.names[b].label == "Network" for b in p.bodies], dtype=bool)
        small = network & (view.participants <= LARGEST_SHARED)
        own = set(shared.body[(shared.actor == one) & small[shared.body]].tolist())
        wanted = set(index.tolist())
        self._references: defaultdict[str, list[Ref]] = defaultdict(list)
        here = np.isin(shared.body, sorted(own)) & np.isin(shared.actor, sorted(wanted))
        for actor, body in zip(shared.actor[here], shared.body[here], strict=True):
            self._references[p.actors[actor]].append(p.ref(p.bodies[body]))

    # --- values -----------------------------------------------------------------------------------

    def values(self, id_: str) -> dict[str, float]:
        """Each component but the bridge, from 0 to 1."""
        new, contacts = self._contacts[id_]
        found = self.conflicts(id_)
        stated = sum(not c.inferred for c in found)
        return {
            "complementarity": self._complementarity(id_),
            "freedom from conflict": 1.0 / (1.0 + stated + 0.5 * (len(found) - stated)),
            "structural gain": new / contacts if contacts else 0.0,
            "common references": 1.0 - 0.5 ** len(self._references.get(id_, ())),
        }

    def _complementarity(self, id_: str) -> float:
        total = sum(self._wanted.values())
        brought = {o.key for o in self._offers.get(id_, ())}
        return sum(self._wanted[k] for k in brought) / total if total else 0.0

    def sentences(self, id_: str) -> dict[str, str]:
        """How each value came about."""
        new, contacts = self._contacts[id_]
        found, shared = self.conflicts(id_), self._references.get(id_, [])
        offered = sorted({o.name for o in self._offers.get(id_, ())})
        parts = len(self._wanted)
        stated = sum(not c.inferred for c in found)
        if not parts:
            complement = "Nothing was asked for, and no need of the firm is on record."
        elif offered:
            n = len({o.key for o in self._offers[id_]})
            complement = f"Offers {', '.join(offered)}: {n} of {parts} wanted."
        else:
            complement = f"Offers none of the {parts} on record as wanted."
        return {
            "complementarity": complement,
            "freedom from conflict": f"Conflicts: {stated} stated, {len(found) - stated} inferred."
            if found
            else "No conflict on record.",
            "structural gain": f"{new} of its {contacts} contacts are new."
            if contacts
            else "It has no contacts on record.",
            "common references": f"Both are in {', '.join(r.name for r in shared)}."
            if shared
            else f"No common network of at most {LARGEST_SHARED} members.",
        }

    # --- evidence ---------------------------------------------------------------------------------

    def offers(self, id_: str) -> list[Held]:
        """What it offers of what is wanted."""
        return told(self._facts, self._offers.get(id_, ()), self._focal.id)

    def conflicts(self, id_: str) -> list[Conflict]:
        """What an alliance with it would bring into conflict."""
        if id_ not in self._conflicts:
            facts, focal = self._facts, self._focal.id
            found = rivalry_conflicts(facts, focal, id_, sorted(self.partners - {id_}))
            found += owner_conflicts(facts, focal, id_)
            self._conflicts[id_] = found + breaches(facts, focal, id_)
        return self._conflicts[id_]

    def selection(self, id_: str, commitment: str) -> list[Selection]:
        """The criteria of alliance managers, with what is on record [Salle et al. 2007]."""
        p = self.candidates[id_].properties
        size, (_, contacts) = size_class(p), self._contacts[id_]
        business = p.get("segments")
        offered = {o.name for o in self._facts.offers if o.firm == id_ and o.basis == "offers"}
        own = [o for o in self._facts.offers if o.firm == id_ and o.fact]
        credible = sorted({o.name for o in own if o.category == "credibility"})
        kinds = sorted({o.category for o in own if o.category})
        shared = self._references.get(id_, [])
        market = [] if size == NOT_RECORDED else [f"{size} firm"]
        market += [f"tied to {contacts} firms"] if contacts else []
        found = {
            "market position": ", ".join(market),
            "image": ", ".join(credible),
            "development potential": f"founded {p['founded']}" if "founded" in p else "",
            "commitment": commitment,
            "specialisation": ", ".join(map(str, business)) if isinstance(business, list) else "",
            "capability type": ", ".join(kinds) or ", ".join(sorted(offered)),
            "common references": ", ".join(r.name for r in shared),
        }
        return [Selection(criterion=k, recorded=v or None) for k, v in found.items()]


def _wanted(own: FirmFacts, focal: str, needed: Mapping[str, str]) -> dict[str, float]:
    """What is wanted, with its weight: what was asked for, and needs that the firm has not met."""
    has = set(own.offers_of(focal))
    wanted = {
        n.key: UNSTATED_IMPORTANCE if n.importance is None else n.importance
        for n in own.needs
        if n.firm == focal and n.key not in has
    }
    return {k: v for k, v in wanted.items() if v > 0} | dict.fromkeys(needed, 1.0)


def _facts(
    asked: Asked, own: FirmFacts, candidates: Mapping[str, Entity], partners: set[str]
) -> FirmFacts:
    """Facts of the candidates beside those of the firm and its partners.

    Rivalries are read of the firm, of its partners, and of those to whom somebody is bound alone:
    those of the candidates among themselves do not matter, and there may be very many.
    """
    reader, focal = asked.reader, asked.focal.id
    ids = {focal, *partners, *candidates}
    bonds = reader.bonds_of(ids)
    owners = reader.owners(candidates)
    bound = {i for b in bonds for i in b.parties}
    others = bound | {o for some in owners.values() for o, _ in some}
    entities = {**own.firms, **candidates, **reader.firms(others - ids)}
    offers, needs = reader.capabilities(entities)
    offers += [o for e in entities.values() for o in core_business(e)]
    rivalries: dict[tuple[str, str], Sequence[Fact]] = {}
    for one, rivals in reader.rivals_of({focal, *partners, *bound}).items():
        for other, found in rivals.items():
            rivalries[min(one, other), max(one, other)] = found
    return FirmFacts(
        firms=entities, offers=offers, needs=needs, rivalries=rivalries, owners=owners, bonds=bonds
    )
