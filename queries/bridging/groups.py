"""Groups of firms: by country, place in the industry, capability and network."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from alliance_explorer.engine import Edge
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA, nearest
from alliance_explorer.queries.attributes import firm_attributes, named_country
from alliance_explorer.queries.explorer import Explorer
from alliance_explorer.queries.graph.projection import Ints
from alliance_explorer.queries.graph.ties import PathOptions
from alliance_explorer.queries.graph.view import View
from alliance_explorer.queries.library import run
from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.validity import begun, holds, known

from .reach_models import Group

Mask = npt.NDArray[np.bool_]
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Choice:
    """Which firms are meant, as a user says it; what is None does not matter.

    Parameters
    ----------
    country : str, optional
        ISO 3166-1 alpha-2 or English name, or `not recorded`.
    actor_type : str, optional
        Place in the industry, as the schema names it, or `not recorded`.
    capability : str, optional
        Something that they offer, by id or name.
    network : str, optional
        Something that they are members of, by id or name.
    """

    country: str | None = None
    actor_type: str | None = None
    capability: str | None = None
    network: str | None = None

    @property
    def anything(self) -> bool:
        """Whether it says anything at all."""
        return any((self.country, self.actor_type, self.capability, self.network))


@dataclass(frozen=True)
class _Known:
    """What is on record, by index of the firm."""

    firms: Mask
    countries: Mapping[int, str]
    types: Mapping[int, str]
    segments: Mapping[int, str]
    offers: Mapping[int, Mapping[str, Edge]]


# A view is made anew when the graph changes, and what is kept for it goes with it.
_kept: WeakKeyDictionary[View, _Known] = WeakKeyDictionary()


class FirmGroups:
    """Firms by what they are grouped by, and which of them a choice means.

    Two queries, the first time that a view is asked about; memory grows with the number of firms.
    """

    def __init__(self, explorer: Explorer, view: View, options: PathOptions) -> None:
        self.explorer, self.view = explorer, view
        known = _kept.get(view)
        if known is None:
            known = _kept[view] = _read(explorer, view, options)
        self._firms = known.firms
        self.countries, self.types, self.offers = known.countries, known.types, known.offers
        self._segments = known.segments

    @property
    def firms(self) -> Mask:
        """Which actors are firms; a new array each time."""
        return self._firms.copy()

    def masks(self, choice: Choice) -> tuple[Group, dict[str, Mask]]:
        """The group that is meant, and for each thing that it says who fits that.

        Raises
        ------
        UnknownActor, AmbiguousActor
            No such capability or network.
        InvalidRequest
            No such country or place in the industry; with the nearest.
        """
        masks: dict[str, Mask] = {}
        capability = network = country = None
        if choice.country:
            country = choice.country
            if country != NOT_RECORDED:
                country = named_country(self.explorer, country)
            countries = sorted({*self.countries.values(), NOT_RECORDED})
            _one_of(country, countries, "country", "of a firm here is")
            masks["country"] = self._having(self.countries, country)
        if choice.actor_type:
            types = (*actor_types(), NOT_RECORDED)
            _one_of(choice.actor_type, types, "actor_type", "is called")
            masks["actor_type"] = self._having(self.types, choice.actor_type)
        if choice.capability:
            if choice.capability == NOT_RECORDED:
                capability = Ref(id=NOT_RECORDED, label="Capability", name=NOT_RECORDED)
                masks["capability"] = self.firms
                masks["capability"][[f for f, some in self.offers.items() if some]] = False
            else:
                capability = self.explorer.resolve(choice.capability, ("Capability",), "capability")
                offering = [f for f, some in self.offers.items() if capability.id in some]
                masks["capability"] = self._mask(offering)
        if choice.network:
            network = self.explorer.resolve(choice.network, ("Network",), "network")
            body = self.view.projection.body_index[network.id]
            masks["network"] = self._mask(self.view.members(body))
        group = Group(
            country=country, actor_type=choice.actor_type, capability=capability, network=network
        )
        return group, masks

    def in_business(self, words: str) -> Mask:
        """Which firms have some words in what is said of their core business."""
        wanted = words.casefold()
        return self._mask([f for f, text in self._segments.items() if wanted in text])

    def _having(self, values: Mapping[int, str], wanted: str) -> Mask:
        if wanted == NOT_RECORDED:
            mask = self.firms
            mask[list(values)] = False
            return mask
        return self._mask([f for f, v in values.items() if v == wanted])

    def _mask(self, actors: Sequence[int] | Ints) -> Mask:
        mask = np.zeros(len(self.view.projection.actors), dtype=bool)
        mask[np.asarray(actors, np.int32)] = True
        return mask


def _read(explorer: Explorer, view: View, options: PathOptions) -> _Known:
    p = view.projection
    reference = options.reference(explorer.today)
    valid = begun if options.counts_ended else holds
    countries: dict[int, str] = {}
    types: dict[int, str] = {}
    segments: dict[int, str] = {}
    offers: defaultdict[int, dict[str, Edge]] = defaultdict(dict)
    for id_, row in firm_attributes(explorer).items():
        firm = p.actor_index.get(id_)
        if firm is not None:  # else written since the ties were read
            if row["country"] is not None:
                countries[firm] = str(row["country"])
            if row["actor_type"] is not None:
                types[firm] = str(row["actor_type"])
            if isinstance(row["segments"], list):
                segments[firm] = "\n".join(map(str, row["segments"])).casefold()
    for row in run(explorer.engine, "offers"):
        edge, firm = row["r"], p.actor_index.get(str(row["firm"]))
        assert isinstance(edge, Edge)
        confidence = edge.properties.get("confidence")
        counts = not isinstance(confidence, float) or confidence >= options.min_confidence
        counts &= known(edge.properties, options.known_at) and valid(edge.properties, reference)
        if firm is not None and counts and str(row["capability"]) in p.names:
            offers[firm][str(row["capability"])] = edge
    return _Known(p.is_firm, countries, types, segments, dict(offers))


def actor_types() -> tuple[str, ...]:
    """Places in the industry that the schema knows."""
    return SCHEMA.nodes["Firm"].by_name["actor_type"].choices


def _one_of(value: str, allowed: Sequence[str], field: str, verb: str) -> None:
    if value not in allowed:
        what = field.replace("_", " ")
        raise InvalidRequest(f"no {what} {verb} {value[:80]!r}" + nearest(value, allowed), field)
