"""What does my alliance portfolio look like: who, of what kind, since when, and who competes."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from alliance_explorer.engine import Edge, Node
from alliance_explorer.limits import ALLIANCES
from alliance_explorer.queries.attributes import attributes_of
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.facts import fact_of, ordered, sources_of
from alliance_explorer.queries.known import as_known
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import (
    Move,
    Partner,
    Portfolio,
    Ref,
    Relation,
)
from alliance_explorer.queries.parties import Party, parties_in_short
from alliance_explorer.queries.profile import Agreement, Facts, entity, views_of
from alliance_explorer.queries.sizes import NOT_RECORDED, size_class
from alliance_explorer.queries.validity import begun, holds, known, within
from alliance_explorer.queries.wording import readable, year


def size_band(alliances: int) -> str:
    """Band of the survey of 70 alliance managers [Salle et al. 2007], with its share."""
    if alliances < 5:
        return "fewer than 5 (40 % of alliance managers)"
    return "5 to 15 (44 %)" if alliances <= 15 else "more than 15 (the remaining 16 %)"


@as_known
def portfolio(
    explorer: Explorer,
    firm: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
    limit: int = ALLIANCES.usual,
) -> Portfolio:
    """The alliances of a firm on a day, its partners with every role they hold, and its moves.

    Parameters
    ----------
    explorer : Explorer
    firm : str
        Id or name.
    as_of : datetime.date, optional
        The day; today unless given.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    limit : int
        Most alliances to list, and most partners without a note; the counts are of all.

    Raises
    ------
    UnknownActor, AmbiguousActor, InvalidRequest
    """
    ALLIANCES.check(limit)
    ref = explorer.resolve(firm, ("Firm",), "firm")
    # Read without the day, so that what has ended can be counted; the day is applied here.
    facts = Facts(explorer, ref, None, known_at, limit=0)
    reference = as_of or explorer.today
    begun_ = [
        a._replace(active=within(a.start, a.end, reference))
        for a in facts.agreements
        if within(a.start, None, reference)
    ]
    parties = parties_in_short(explorer, sorted(a.node.id for a in begun_), known_at)
    active = [a for a in begun_ if a.active]
    relations = [r for r in facts.relations if holds(r.fact.properties, reference)]
    shared = [(a, parties.get(a.node.id, [])) for a in active]
    partner_ids = sorted({p.firm.id for _, some in shared for p in some} - {ref.id})
    firms = attributes_of(explorer, [ref.id, *partner_ids])
    partners = _partners(explorer, ref, shared, relations, partner_ids, reference, known_at)
    plain = {p.actor.id for p in [p for p in partners if not p.notes][:limit]}
    listed = [p for p in partners if p.notes or p.actor.id in plain]
    moves = _moves(explorer, ref, facts, begun_, reference, known_at)
    memberships = ordered([r for r in relations if r.fact.type == "MEMBER_OF"])
    used: list[Mapping[str, object]] = [
        {"source": p.source} for some in parties.values() for p in some
    ]
    used += [m.event.properties for m in moves] + [r.fact.properties for r in memberships]
    return Portfolio(
        focal=ref,
        as_of=as_of,
        known_at=known_at,
        reference_date=reference,
        size=len(active),
        size_band=size_band(len(active)),
        ended=len(begun_) - len(active),
        composition=_composition(ref, shared, firms),
        partners=listed,
        partners_left_out=len(partners) - len(listed),
        # Of one firm there may be several statements, in two roles or by two sources.
        partner_not_named=sum(len({p.firm.id for p in some}) < 2 for _, some in shared),
        alliances=views_of(explorer, begun_[:limit], known_at),
        alliances_left_out=max(0, len(begun_) - limit),
        memberships=memberships,
        moves=moves,
        sources=sources_of(used, explorer),
    )


# --- composition ----------------------------------------------------------------------------------


# Alliances in force with their parties.
Shared: TypeAlias = Sequence[tuple[Agreement, Sequence[Party]]]


def _composition(
    ref: Ref, shared: Shared, firms: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, int]]:
    """Alliances by what is recorded of them, and their partners by what is recorded of those."""

    def count(values: Sequence[object]) -> dict[str, int]:
        counted = Counter(str(v) if v is not None else NOT_RECORDED for v in values)
        return dict(sorted(counted.items(), key=lambda kv: (kv[0] == NOT_RECORDED, -kv[1], kv[0])))

    def of_alliances(name: str) -> dict[str, int]:
        return count([a.node.properties.get(name) for a, _ in shared])

    def of_partners(value: Callable[[Mapping[str, object]], object]) -> dict[str, int]:
        return count([value(p) for i, p in firms.items() if i != ref.id])

    roles = [p.role for _, some in shared for p in some if p.firm.id == ref.id]
    return {
        "kind": of_alliances("kind"),
        "role of the firm": count(roles),
        "service type": of_alliances("service_type"),
        "phase": of_alliances("phase"),
        "governance": of_alliances("governance"),
        "power": of_alliances("power"),
        "motive": of_alliances("motive"),
        "reach": count([_reach(ref, a, some, firms) for a, some in shared]),
        "partner's actor type": of_partners(lambda p: p.get("actor_type")),
        "partner's size": of_partners(size_class),
        "partner's country": of_partners(lambda p: p.get("country")),
    }


def _reach(
    ref: Ref,
    agreement: Agreement,
    parties: Sequence[Party],
    firms: Mapping[str, Mapping[str, object]],
) -> str | None:
    """Local, domestic or international: as recorded, else by the places of all parties."""
    if "reach" in agreement.node.properties:
        return str(agreement.node.properties["reach"])
    own = firms[ref.id]
    others = [firms[p.firm.id] for p in parties if p.firm.id != ref.id]
    if not others or "country" not in own or not all("country" in o for o in others):
        return None
    if any(o["country"] != own["country"] for o in others):
        return "international"
    if "city" not in own or not all("city" in o for o in others):
        return None
    return "local" if all(o["city"] == own["city"] for o in others) else "domestic"


# --- partners -------------------------------------------------------------------------------------


def _partners(
    explorer: Explorer,
    ref: Ref,
    in_force: Shared,
    relations: Sequence[Relation],
    partner_ids: Sequence[str],
    reference: dt.date,
    known_at: dt.date | None,
) -> list[Partner]:
    """Partners with the roles that they hold at once, those with the most alliances first."""
    shared: defaultdict[str, list[Agreement]] = defaultdict(list)
    refs: dict[str, Ref] = {}
    roles: defaultdict[str, list[str]] = defaultdict(list)
    for agreement, parties in in_force:
        for p in parties:
            if p.firm.id != ref.id:
                refs[p.firm.id] = p.firm
                shared[p.firm.id].append(agreement)
                if p.role:
                    roles[p.firm.id].append(p.role)
    rivalry = {r.other.id: r for r in relations if r.fact.type == "COMPETES_WITH"}
    takeovers = _takeovers(explorer, partner_ids, reference, known_at)
    partners = []
    for id_, other in refs.items():
        notes: list[str] = []
        held = ["ally"]
        if id_ in rivalry:
            held.append("competitor")
            notes.append(_rivalry_note(ref, other, rivalry[id_]))
        for owner, date in takeovers.get(id_, ()):
            held.append(f"acquired by {owner.name}")
            competes = owner.id in rivalry
            notes.append(
                f"{other.name} was acquired"
                + (f" in {year(date)}" if date else "")
                + f" by {owner.name}"
                + (f", a competitor of {ref.name}." if competes else ".")
            )
        held += _ownership_roles(ref, id_, relations)
        starts = [a.start for a in shared[id_] if a.start]
        partners.append(
            Partner(
                actor=other,
                roles=list(dict.fromkeys([*held, *roles[id_]])),
                alliances=[a.ref for a in shared[id_]],
                since=min(starts) if starts else None,
                competes_since=_since(rivalry.get(id_)),
                notes=notes,
            )
        )
    return sorted(partners, key=lambda p: (-len(p.alliances), p.actor.name.casefold(), p.actor.id))


def _since(relation: Relation | None) -> dt.date | None:
    since = relation.fact.properties.get("since") if relation else None
    return since if isinstance(since, dt.date) else None


def _rivalry_note(ref: Ref, other: Ref, relation: Relation) -> str:
    market = relation.fact.properties.get("market")
    since = _since(relation)
    return (
        f"{other.name} is ally and competitor of {ref.name} at once"
        + (f", since {year(since)}" if since else "")
        + (f" (market: {market})" if market else "")
        + (" – inferred." if relation.fact.properties.get("inferred") else ".")
    )


def _ownership_roles(ref: Ref, id_: str, relations: Sequence[Relation]) -> list[str]:
    held = []
    for r in relations:
        if r.other.id == id_ and r.fact.type in ("OWNS", "ACQUIRED"):
            held.append("owned" if r.fact.from_id == ref.id else "owner")
    return held


def _takeovers(
    explorer: Explorer, ids: Sequence[str], reference: dt.date, known_at: dt.date | None
) -> dict[str, list[tuple[Ref, dt.date | None]]]:
    found: defaultdict[str, list[tuple[Ref, dt.date | None]]] = defaultdict(list)
    for row in run(explorer.engine, "owners", ids=list(ids)) if ids else ():
        edge, owner = row["r"], row["y"]
        assert isinstance(edge, Edge) and isinstance(owner, Node)
        p = edge.properties
        if edge.type == "ACQUIRED" and begun(p, reference) and known(p, known_at):
            date = p.get("date")
            ref = Ref(id=owner.id, label=owner.label, name=str(owner.properties["name"]))
            found[str(row["firm"])].append((ref, date if isinstance(date, dt.date) else None))
    return found


# --- moves ----------------------------------------------------------------------------------------


def _moves(
    explorer: Explorer,
    ref: Ref,
    facts: Facts,
    agreements: Sequence[Agreement],
    reference: dt.date,
    known_at: dt.date | None,
) -> list[Move]:
    """Events of the firm and of its alliances up to the day, oldest first."""
    nodes = {
        r.other.id: facts.node_of(r.other.id) for r in facts.relations if r.fact.type == "INVOLVES"
    }
    if alliance_ids := [a.node.id for a in agreements]:
        for row in run(explorer.engine, "events_of_alliances", ids=alliance_ids):
            node = row["e"]
            assert isinstance(node, Node)
            nodes[node.id] = node
    involved: defaultdict[str, list[Ref]] = defaultdict(list)
    for row in run(explorer.engine, "involved", ids=sorted(nodes)) if nodes else ():
        edge, other = row["r"], row["y"]
        assert isinstance(edge, Edge) and isinstance(other, Node)
        if other.label == "Firm" and other.id != ref.id:
            shown = fact_of(edge, str(row["event"]), other.id)
            involved[shown.from_id].append(
                Ref(id=other.id, label=other.label, name=str(other.properties["name"]))
            )
    moves = []
    for node in nodes.values():
        date = node.properties["date"]
        assert isinstance(date, dt.date)
        if date <= reference and known(node.properties, known_at):
            others = sorted(involved[node.id], key=lambda r: (r.name, r.id))
            kind = str(node.properties["kind"])
            moves.append(
                Move(
                    event=entity(node),
                    date=date,
                    kind=kind,
                    others=others,
                    sentence=_move_sentence(node, kind, date, others),
                )
            )
    return sorted(moves, key=lambda m: (m.date, m.event.id))


def _move_sentence(node: Node, kind: str, date: dt.date, others: Sequence[Ref]) -> str:
    p = node.properties
    if "measure" in p:
        value = p.get("value")
        number = f"{value:,g}" if isinstance(value, float) else str(value)
        return f"{year(date)}: {p['measure']} {number} {p.get('unit', '')}".strip() + "."
    text = f"{year(date)}: {readable(kind)}"
    if others:
        text += f" ({', '.join(o.name for o in others)})"
    if "description" in p:
        text += f" – {p['description']}"
    if "motive" in p:
        text += f"; motive: {readable(str(p['motive']))}"
    return text + "."
