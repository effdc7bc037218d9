"""An open graph with what is kept of it between questions, and names resolved to actors."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TypeVar, cast

from alliance_explorer.engine import Engine, Node, Row
from alliance_explorer.errors import AmbiguousActor, EngineError, InvalidRequest, UnknownActor
from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.matching import former_ids

from .graph.kept import Kept
from .graph.names import NameIndex
from .graph.projection import Projection, project
from .graph.ties import PathOptions
from .graph.view import View
from .known import Changes, Rewound, after, changes_of
from .library import run
from .models import Ref, SourceRef

VIEWS_KEPT = 8
DAYS_KEPT = 2
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
ANSWERS_KEPT = 16

T = TypeVar("T")


class _Read:
    """What was read of the graph at one stamp. Names and views are made when first asked for.

    What is read later is read through the engine of whoever asks: that tells whether it is still
    of the same stamp.
    """

    def __init__(self, engine: Engine, ties: str = "shared_ties") -> None:
        self.projection = project(engine, ties)
        # By day: what was on record by then, where something has changed since.
        self.days: Kept[dt.date, _Read] = Kept(DAYS_KEPT)
        self.sources = {s.id: s for s in map(_source, run(engine, "sources"))}
        self.views: Kept[tuple[str, dt.date], View] = Kept(VIEWS_KEPT)
        self.answers: Kept[tuple[object, ...], object] = Kept(ANSWERS_KEPT)
        self._former: Mapping[str, str] | None = None
        self._changes: Changes | None = None

    @cached_property
    def names(self) -> NameIndex:
        return NameIndex(self.projection.names.values())

    def former(self, engine: Engine) -> Mapping[str, str]:
        """By id of a firm that was merged into another, that one's id."""
        if self._former is None:
            self._former = former_ids(engine)
        return self._former

    def changes(self, engine: Engine) -> Changes:
        if self._changes is None:
            self._changes = changes_of(run(engine, "changes"))
        return self._changes


class _Memory:
    """What was read last, for as long as the graph does not change."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._last: _Read | None = None
        self._at_rest = False

    def of(self, engine: Engine) -> _Read:
        """What the graph holds now."""
        if not self._keep:
            return _Read(engine)
        stamp = engine.stamp()
        with self._lock:  # so that it is read once, however many ask
            self._at_rest = self._last is not None and self._last.projection.stamp == stamp
            if self._last is None or not self._at_rest:
                self._last = _Read(engine)
            return self._last

    def last(self) -> _Read | None:
        """What was read last, if the graph had not changed when somebody looked last."""
        return self._last if self._at_rest else None


class Explorer:
    """What every question is asked of. Safe to use from several threads.

    Parameters
    ----------
    engine : Engine
        With the schema defined.
    today : datetime.date, optional
        The day to take as today; for tests and for repeatable answers.
    keep : bool
        Keep what was read of the graph until it changes; else each question reads it anew, and
        answers the same.
    """

    def __init__(self, engine: Engine, today: dt.date | None = None, *, keep: bool = True) -> None:
        self.engine = engine
        self._today = today
        self._memory = _Memory(keep)
        self._once = False
        self._read: _Read | None = None
        self._later: Explorer | None = None
        self._day: dt.date | None = None

    def for_question(self) -> "Explorer":
        """The same for one question: it looks once whether the graph has changed, at first use.

        Hence all parts of the answer are of one reading, and there is one look-up of the stamp.
        """
        one = copy(self)
        one._once, one._read, one.engine = True, None, self.engine.watching()
        return one

    def answered(self, question: "Callable[[Explorer], T]") -> T:
        """What a question says of the graph as it is.

        While nothing is written it is asked of what was read last, and whether that still held is
        seen at its end: by then the database has said so by itself, where looking before is a
        journey to it. If something was written meanwhile, it is asked again, once; while others
        go on writing, each question looks first, and parts of its answer may be newer than others.

        Raises
        ------
        Exception
            Whatever the question raises.
        """
        one = self if self._once else self.for_question()
        last = one._memory.last() if one._read is None else None
        if last is not None:
            one._read = last
            failed: Exception | None = None
            try:
                answer = question(one)
            except EngineError:  # its time may be over
                raise
            except Exception as exc:
                failed = exc
            if one.engine.still(last.projection.stamp):
                if failed is not None:
                    raise failed
                return answer
            one._read = None
        return question(one)

    def reading(self, engine: Engine) -> "Explorer":
        """The same, for one question that reads through another engine to the same graph."""
        one = copy(self)
        one._once, one._read, one.engine = True, self._current(), engine
        return one

    def known(self, day: dt.date) -> "Explorer":
        """The same as it was on record by the end of a day, for one question.

        Nothing is read anew unless something that was on record by then has changed since.
        """
        if day == self._day:
            return self
        later = self._later or self
        read = later._current()
        changes = after(read.changes(later.engine), day)
        one = copy(later)
        one._once, one._read, one._day, one._later = True, read, day, later
        if changes:
            one.engine = Rewound(later.engine, changes)
            one._read = read.days.get(day, lambda: _Read(one.engine, "shared_facts"))
        return one

    def _current(self) -> _Read:
        if not self._once:
            return self._memory.of(self.engine)
        if self._read is None:
            self._read = self._memory.of(self.engine)
        return self._read

    @property
    def today(self) -> dt.date:
        """The current day (UTC)."""
        return self._today or dt.datetime.now(dt.UTC).date()

    def projection(self) -> Projection:
        """The compact copy, read anew if the graph has changed since."""
        return self._current().projection

    def _former(self) -> Mapping[str, str]:
        return self._current().former(self.engine)

    def former_ids_of(self, id_: str) -> list[str]:
        """Ids of the firms that were merged into a firm, in any number of steps."""
        return sorted(old for old, now in self._former().items() if now == id_)

    def view(self, options: PathOptions) -> View:
        """The ties that count for some options; the last few are kept."""
        read, today = self._current(), self.today
        relevant = options.model_dump_json(include=SEEN_BY_VIEWS)
        return read.views.get((relevant, today), lambda: View(read.projection, options, today))

    def keep(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made anew if the graph has changed since; the last few are kept.

        For what several questions about one page share. `make` has to be quick.
        """
        return cast(T, self._current().answers.get(key, make))

    def names(self) -> NameIndex:
        """Everything that can be searched for."""
        return self._current().names

    def sources(self, ids: Sequence[object]) -> dict[str, SourceRef]:
        """The named sources, by id; None among the ids is passed over."""
        wanted = sorted({str(i) for i in ids if i})
        known = self._current().sources if wanted else {}
        return {i: known[i] for i in wanted if i in known}

    def all_sources(self) -> list[SourceRef]:
        """Every source that is loaded."""
        known = self._current().sources
        return [known[i] for i in sorted(known)]

    def resolve(
        self,
        text: str,
        labels: Sequence[str] = ("Firm", "Person", "Network"),
        field: str | None = None,
    ) -> Ref:
        """The one actor or network that an id or a name means.

        An id (also a former one, of a firm that was merged), then a name, then an alias that
        nothing else has; case and accents do not matter.

        Raises
        ------
        UnknownActor, AmbiguousActor
            With the nearest names.
        InvalidRequest
            It exists but has a label that the question cannot take.
        """
        try:
            return self._resolved(text, labels, field)
        except UnknownActor:
            if self._later is None:
                raise
            return self._renamed(self._later.resolve(text, labels, field))

    def _renamed(self, ref: Ref) -> Ref:
        """Who has another name today, as they were called then."""
        then = self._current().projection.names.get(ref.id)
        return then.ref if then else ref

    def _resolved(self, text: str, labels: Sequence[str], field: str | None) -> Ref:
        read = self._current()
        text = text.strip()
        exact = read.projection.names.get(text)
        if exact is None and SCHEMA.label_of(text) == "Firm":  # it may have been merged
            exact = read.projection.names.get(self._former().get(text, ""))
        if exact is not None:
            if exact.label not in labels:
                raise InvalidRequest(
                    f"{exact.name} is a {exact.label}; this takes a {' or a '.join(labels)}",
                    field,
                )
            return exact.ref
        index = read.names
        for found in (index.by_name(text, labels), index.by_alias(text, labels)):
            if len(found) == 1:
                return found[0].ref
            if found:
                raise AmbiguousActor(text, [(n.id, n.name) for n in found[:10]])
        nearest = [(h.id, h.name) for h in index.search(text, labels)[:5]]
        raise UnknownActor(text, nearest, anybody=bool(read.projection.names))


def _source(row: Row) -> SourceRef:
    node = row["x"]
    assert isinstance(node, Node)
    p = node.properties
    texts = {k: str(p[k]) if k in p else None for k in ("url", "licence", "attribution")}
    return SourceRef(id=node.id, title=str(p["title"]), **texts)
