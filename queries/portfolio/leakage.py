"""Ways on which knowledge may pass to a rival: the firm, a partner, the rival.

Bounded: one partner on the way, and at most `RIVALS` rivals.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.facts import fact_of
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.validity import begun, known, within
from alliance_explorer.queries.wording import year

from .coopetition_models import Leak, LeakTie
from .record import Record
from .record_parts import date_of, is_inferred

RIVALS: Final = 200
"""Most rivals whose ties to partners are looked at; stated ones come first."""


def leaks_on(record: Record, day: dt.date) -> tuple[list[Leak], int]:
    """Ways over one partner to a rival on a day, and how many rivals were not looked at.

    Stated rivalries come before inferred ones, takeovers before ownership and alliances.
    """
    rivals = record.rivals_on(day)
    ranked = sorted(rivals, key=lambda i: (is_inferred(rivals[i]), i))
    looked_at = ranked[:RIVALS]
    partners = {r.id: r for r in record.partners_on(day)}
    if not partners or not looked_at:
        return [], len(ranked) - len(looked_at)
    ties = _ties(record, day, partners, looked_at)
    learns = {
        i: [d.ref for d in record.deals_with(i) if d.holds(day)] for i in {p for p, _ in ties}
    }
    found = []
    for (partner, rival), between in ties.items():
        relation = rivals[rival]
        found.append(
            Leak(
                partner=partners[partner],
                rival=relation.other,
                rival_is_partner=rival in partners,
                rivalry=relation.fact,
                inferred=is_inferred(relation),
                ties=between,
                alliances=learns[partner],
                sentence=_leak_sentence(
                    record.ref, partners[partner], relation.other, between, is_inferred(relation)
                ),
            )
        )
    strongest = {"takeover": 0, "ownership": 1, "alliance": 2}
    found.sort(
        key=lambda k: (
            k.inferred,
            min(strongest[t.kind] for t in k.ties),
            k.partner.name.casefold(),
            k.rival.name.casefold(),
            k.partner.id,
            k.rival.id,
        )
    )
    return found, len(ranked) - len(looked_at)


def _ties(
    record: Record, day: dt.date, partners: Mapping[str, Ref], rivals: Iterable[str]
) -> dict[tuple[str, str], list[LeakTie]]:
    """Alliances, ownership and takeovers between partners and rivals that hold on a day."""
    engine, wanted = record.explorer.engine, sorted(rivals)
    found: defaultdict[tuple[str, str], list[LeakTie]] = defaultdict(list)
    of_rivals: defaultdict[str, set[str]] = defaultdict(set)
    for row in run(engine, "alliances_of", ids=wanted):
        edge, alliance_ = row["r"], row["alliance"]
        assert isinstance(edge, Edge) and isinstance(alliance_, Node)
        if known(edge.properties, record.known_at):
            of_rivals[alliance_.id].add(str(row["firm"]))
    own = {d.alliance.id for d in record.deals}
    projection = record.explorer.projection()
    for partner in partners:
        for alliance, since, until in record.alliances_of.get(partner, ()):
            # What the firm is party to itself is no way around it.
            if alliance in own or not within(since, until, day):
                continue
            ref = projection.names[alliance].ref if alliance in projection.names else None
            for rival in sorted(of_rivals.get(alliance, set()) - {partner}):
                tie = LeakTie(kind="alliance", alliance=ref, since=since, fact=None)
                found[partner, rival].append(tie)
    ids = sorted({*partners, *wanted})
    for row in run(engine, "among", ids=ids):
        edge, one, other = row["r"], str(row["one"]), str(row["other"])
        assert isinstance(edge, Edge)
        p = edge.properties
        if edge.type not in ("OWNS", "ACQUIRED") or not known(p, record.known_at):
            continue
        if not begun(p, day):
            continue
        fact = fact_of(edge, one, other)
        since = date_of(p.get("date", p.get("since")))
        kind = "takeover" if edge.type == "ACQUIRED" else "ownership"
        for partner, rival in ((one, other), (other, one)):
            if partner in partners and rival in wanted and partner != rival:
                tie = LeakTie.model_validate(
                    {"kind": kind, "alliance": None, "since": since, "fact": fact}
                )
                found[partner, rival].append(tie)
    return dict(found)


def _leak_sentence(
    firm: Ref, partner: Ref, rival: Ref, ties: Iterable[LeakTie], inferred: bool
) -> str:
    told = []
    for t in ties:
        since = f" since {year(t.since)}" if t.since else ""
        if t.fact is None:
            told.append(f"is allied with it{since}")
        elif t.kind == "ownership":
            verb = "owns it" if t.fact.from_id == partner.id else "belongs to it"
            told.append(f"{verb}{since}")
        elif t.fact.from_id == partner.id:
            told.append("acquired it" + since.replace("since", "in"))
        else:
            told.append("was acquired by it" + since.replace("since", "in"))
    how = " and ".join(dict.fromkeys(told))
    mark = " (inferred)" if inferred else ""
    return f"{firm.name} → {partner.name} → {rival.name}, a competitor{mark}: {partner.name} {how}."
