"""Who takes part in alliances: what all questions about a firm share."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from alliance_explorer.engine import Edge, Row

from .explorer import Explorer
from .facts import fact_of, ordered
from .library import run
from .models import Fact, Ref, Relation
from .validity import known


@dataclass(frozen=True, slots=True)
class Party:
    """A firm in an alliance, by one statement.

    Parameters
    ----------
    id : str
        Of the fact.
    firm : Ref
    role, source : str, optional
        As stated.
    fact : Fact, optional
        The fact in full, if it says more than the role: of most parties of large alliances
        nothing more is known, and they need not be read.
    """

    id: str
    firm: Ref
    role: str | None
    source: str | None
    fact: Fact | None


def parties_of(
    explorer: Explorer, alliances: Sequence[str], known_at: dt.date | None
) -> Mapping[str, list[Relation]]:
    """All parties of some alliances with all that is stated of them, by alliance and in order.

    Kept until the graph changes: a page asks several questions about one firm.

    Parameters
    ----------
    explorer : Explorer
        As the question sees it: what was not known on that day is undone already.
    alliances : sequence of str
        Ids.
    known_at : datetime.date, optional
        Only what had been recorded by then.
    """

    def read() -> dict[str, list[Relation]]:
        found: defaultdict[str, list[Relation]] = defaultdict(list)
        firms: dict[str, Ref] = {}
        for row in run(explorer.engine, "parties", ids=list(alliances)) if alliances else ():
            edge, id_ = row["r"], str(row["firm"])
            assert isinstance(edge, Edge)
            if known(edge.properties, known_at):
                firm = firms.get(id_) or Ref(id=id_, label="Firm", name=str(row["name"]))
                firms[id_] = firm
                fact = fact_of(edge, id_, str(row["alliance"]))
                found[fact.to_id].append(Relation(fact=fact, other=firm, active=True))
        return {alliance: ordered(some) for alliance, some in found.items()}

    return explorer.keep(("parties", known_at, tuple(alliances)), read)


def parties_in_short(
    explorer: Explorer, alliances: Sequence[str], known_at: dt.date | None
) -> Mapping[str, list[Party]]:
    """All parties of some alliances, by alliance and in order: who, and in which role.

    Parameters
    ----------
    explorer : Explorer
    alliances : sequence of str
        Ids.
    known_at : datetime.date, optional
        Only what had been recorded by then.

    Notes
    -----
    A tenth of the work of `parties_of`: the most connected firms have 10,000 parties beside them.
    What was known on an earlier day may have said more than what is stored now, so that there
    everything is read.
    """

    def read() -> dict[str, list[Party]]:
        if known_at is not None:
            every = parties_of(explorer, alliances, known_at)
            return {a: [_in_short(r) for r in some] for a, some in every.items()}
        rows = run(explorer.engine, "parties_in_short", ids=list(alliances)) if alliances else []
        told = sorted(told_more(rows))
        in_full = {
            r.fact.properties["id"]: r.fact
            for some in parties_of(explorer, told, None).values()
            for r in some
        }
        names, firms = explorer.projection().names, dict[str, Ref]()
        found: defaultdict[str, list[Party]] = defaultdict(list)
        for alliance, parties in map(_parties, rows):
            for fact, id_, role, source, more in parties:
                if id_ not in names:  # newer than what was read: left to the next reading
                    continue
                firm = firms.get(id_)
                if firm is None:
                    firm = firms[id_] = names[id_].ref
                full = in_full[fact] if more else None
                found[alliance].append(Party(fact, firm, role or None, source or None, full))
        order = {i: (r.name.casefold(), i) for i, r in firms.items()}
        for some in found.values():
            some.sort(key=lambda p: (*order[p.firm.id], p.id))
        return dict(found)

    return explorer.keep(("parties in short", known_at, tuple(alliances)), read)


def told_more(rows: Iterable[Row]) -> set[str]:
    """The alliances of whose parties more than the role is stated, of `parties_in_short`."""
    return {alliance for alliance, parties in map(_parties, rows) if any(p[-1] for p in parties)}


def _parties(row: Row) -> tuple[str, list[list[str]]]:
    return str(row["alliance"]), cast(list[list[str]], row["parties"])


def _in_short(relation: Relation) -> Party:
    p = relation.fact.properties
    role, source = p.get("role"), p.get("source")
    return Party(
        str(p["id"]),
        relation.other,
        None if role is None else str(role),
        None if source is None else str(source),
        relation.fact,
    )
