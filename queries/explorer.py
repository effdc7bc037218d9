"""An open graph with what is kept of it between questions, and names resolved to actors."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Sequence

from alliance_explorer.engine import Engine, Node, Row
from alliance_explorer.errors import AmbiguousActor, InvalidRequest, UnknownActor

from .library import run
from .models import Ref, SourceRef
from .names import NameIndex
from .projection import Projection, project
from .ties import PathOptions
from .view import View

VIEWS_KEPT = 8
# The options that decide which ties count, and how much.
SEEN_BY_VIEWS = {
    "kinds",
    "as_of",
    "known_at",
    "ended",
    "half_life",
    "weights",
    "min_confidence",
    "max_shared",
}


class Explorer:
    """What every question is asked of. Safe to use from several threads.

    Parameters
    ----------
    engine : Engine
        With the schema defined.
    today : datetime.date, optional
        The day to take as today; for tests and for repeatable answers.
    """

    def __init__(self, engine: Engine, today: dt.date | None = None) -> None:
        self.engine = engine
        self._today = today
        self._lock = threading.Lock()
        self._projection: Projection | None = None
        self._names: NameIndex | None = None
        self._sources: dict[str, SourceRef] = {}
        self._views: OrderedDict[tuple[str, str, dt.date], View] = OrderedDict()

    @property
    def today(self) -> dt.date:
        """The current day (UTC)."""
        return self._today or dt.datetime.now(dt.UTC).date()

    def projection(self) -> Projection:
        """The compact copy, read anew if the graph has changed since."""
        stamp = self.engine.stamp()
        with self._lock:
            if self._projection is None or self._projection.stamp != stamp:
                self._projection = project(self.engine)
                self._names = NameIndex(self._projection.names.values())
                self._sources = {s.id: s for s in map(_source, run(self.engine, "sources"))}
                self._views.clear()
            return self._projection

    def view(self, options: PathOptions) -> View:
        """The ties that count for some options; the last few are kept."""
        projection = self.projection()
        relevant = options.model_dump_json(include=SEEN_BY_VIEWS)
        key = projection.stamp, relevant, self.today
        with self._lock:
            if key not in self._views:
                self._views[key] = View(projection, options, self.today)
                while len(self._views) > VIEWS_KEPT:
                    self._views.popitem(last=False)
            self._views.move_to_end(key)
            return self._views[key]

    def names(self) -> NameIndex:
        """Everything that can be searched for, as it was when the projection was last read."""
        if self._names is None:
            self.projection()
        assert self._names is not None
        return self._names

    def sources(self, ids: Sequence[object]) -> dict[str, SourceRef]:
        """The named sources, by id; None among the ids is passed over."""
        if self._projection is None:
            self.projection()
        return {
            i: self._sources[i] for i in sorted({str(i) for i in ids if i}) if i in self._sources
        }

    def all_sources(self) -> list[SourceRef]:
        """Every source that is loaded."""
        self.projection()
        return [self._sources[i] for i in sorted(self._sources)]

    def resolve(
        self,
        text: str,
        labels: Sequence[str] = ("Firm", "Person", "Network"),
        field: str | None = None,
    ) -> Ref:
        """The one actor or network that an id or a name means.

        An id, then a name, then an alias that nothing else has; case and accents do not matter.

        Raises
        ------
        UnknownActor, AmbiguousActor
            With the nearest names.
        InvalidRequest
            It exists but has a label that the question cannot take.
        """
        projection = self.projection()
        text = text.strip()
        exact = projection.names.get(text)
        if exact is not None:
            if exact.label not in labels:
                raise InvalidRequest(
                    f"{exact.name} is a {exact.label}; this takes a {' or a '.join(labels)}",
                    field,
                )
            return exact.ref
        index = self.names()
        for found in (index.by_name(text, labels), index.by_alias(text, labels)):
            if len(found) == 1:
                return found[0].ref
            if found:
                raise AmbiguousActor(text, [(n.id, n.name) for n in found[:10]])
        raise UnknownActor(text, [(h.id, h.name) for h in index.search(text, labels)[:5]])


def _source(row: Row) -> SourceRef:
    node = row["x"]
    assert isinstance(node, Node)
    p = node.properties
    texts = {k: str(p[k]) if k in p else None for k in ("url", "licence", "attribution")}
    return SourceRef(id=node.id, title=str(p["title"]), **texts)
