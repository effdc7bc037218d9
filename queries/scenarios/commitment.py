"""How firms commit themselves to their alliances, as far as the graph records it.

Commitment is a will, which nothing records; what firms do of it is on record. Our rule tells what
they bind themselves by (Gulati, Khanna & Nohria 1994: unilateral commitments; equity, exclusivity
and a champion are commitments of both sides), and how long their alliances have lasted. It is told
and not scored: of most firms little is on record, and that is no lack of commitment.

References
----------
Gulati, R., Khanna, T. & Nohria, N. (1994) Unilateral commitments and the importance of process in
alliances. Sloan Management Review 35(3), 61-69. · Salle et al. 2007 · CADIC, *Alliance management
capabilities* (the committed champion).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Final

import numpy as np

from alliance_explorer.engine import Edge, Node
from alliance_explorer.queries.graph.ties import ALWAYS, DAYS_PER_YEAR, NEVER, day
from alliance_explorer.queries.library import run
from alliance_explorer.queries.proximity.proximity_facts import path_options
from alliance_explorer.queries.proximity.proximity_models import ProximityOptions
from alliance_explorer.queries.validity import holds, known, within

from .standing import Asked

# What binds, in the order in which it is told.
_BINDING: Final = ("by equity", "exclusive", "with its own investment", "with a champion")


def commitments(asked: Asked, ids: Iterable[str]) -> dict[str, str]:
    """How each firm commits itself, in a sentence; empty if it has no alliance on record.

    Our rule: of the alliances that it has entered by the day, how many are in force; of those whose
    beginning is known, for how many years it stayed in them at the median, up to the day or to the
    end (a year has 365.25 days); and how many of those in force bind it, and by what.

    Parameters
    ----------
    asked : Asked
    ids : iterable of str
        Firms. O(their alliances).
    """
    wanted = sorted(set(ids))
    bound = _bound(asked, wanted)
    return {i: _sentence(*_lasting(asked, i), bound.get(i, {})) for i in wanted}


def _lasting(asked: Asked, id_: str) -> tuple[int, int, list[float]]:
    """Alliances entered, those in force, and years in those whose beginning is known."""
    options = ProximityOptions(as_of=asked.reference, known_at=asked.known_at)
    view = asked.explorer.view(path_options(options, "alliance", ended=True))
    p, entries, today = view.projection, view.entries, day(asked.reference, NEVER)
    of = entries.of(np.array([p.actor_index[id_]], np.int32))
    of = of[~p.is_network[entries.body[of]]]
    since, until = entries.since[of], entries.until[of]
    dated = since > ALWAYS
    years = (np.minimum(until, today)[dated] - since[dated]) / DAYS_PER_YEAR
    return len(of), int((until > today).sum()), years.tolist()


def _bound(asked: Asked, ids: list[str]) -> Mapping[str, Mapping[str, int]]:
    """By firm: how many alliances in force bind it, by what."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in run(asked.explorer.engine, "commitments", ids=ids) if ids else ():
        edge, alliance, champion = row["r"], row["alliance"], row["champion"]
        assert isinstance(edge, Edge) and isinstance(alliance, Node)
        p = alliance.properties
        if not (known(edge.properties, asked.known_at) and known(p, asked.known_at)):
            continue
        if not within(p.get("start"), p.get("end"), asked.reference):
            continue
        binds = {
            "by equity": p.get("governance") == "equity",
            "exclusive": p.get("exclusive") is True,
            "with its own investment": "investment" in edge.properties,
            "with a champion": isinstance(champion, Edge)
            and holds(champion.properties, asked.reference)
            and known(champion.properties, asked.known_at),
        }
        for name in (n for n, so in binds.items() if so):
            found[str(row["firm"])][name].add(alliance.id)
    return {
        firm: {name: len(by[name]) for name in _BINDING if name in by} for firm, by in found.items()
    }


def _sentence(entered: int, in_force: int, years: list[float], bound: Mapping[str, int]) -> str:
    if not entered:
        return ""
    told = [f"{entered:,} alliance{'s' if entered > 1 else ''} entered, {in_force:,} in force"]
    if years:
        told.append(f"{median(years):.1f} years in each at the median")
    binding = ", ".join(f"{n:,} {name}" for name, n in bound.items())
    told.append(f"of those in force {binding}" if binding else "none bound by anything on record")
    return "; ".join(told)
