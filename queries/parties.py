"""Who takes part in alliances: what all questions about a firm share."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from alliance_explorer.engine import Edge

from .explorer import Explorer
from .facts import fact_of, ordered
from .library import run
from .models import Ref, Relation
from .validity import known


def parties_of(
    explorer: Explorer, alliances: Sequence[str], known_at: dt.date | None
) -> Mapping[str, list[Relation]]:
    """All parties of some alliances, by alliance and in order.

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
