"""Alliance Explorer in a notebook: open a graph, ask, and hand over to networkx and pandas.

`docs/python.md` shows it at work; its code is run by a test.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pydantic import BaseModel, ValidationError

from alliance_explorer import exporters, loaders, queries
from alliance_explorer.engine import Closing
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.exporters import Stored
from alliance_explorer.graph_schema import ddl
from alliance_explorer.limits import HITS, NEIGHBOURHOOD
from alliance_explorer.loaders import LoadReport
from alliance_explorer.opening import open_from
from alliance_explorer.queries import Explorer, PathOptions
from alliance_explorer.queries.bridging.models import BridgesResult, PathsResult
from alliance_explorer.queries.models import (
    Portfolio,
    Profile,
    SearchResult,
    Stats,
    Subgraph,
)
from alliance_explorer.queries.structure.firm_network import LARGEST_SHARED
from alliance_explorer.settings import Settings, settings

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")
Day = dt.date | str | None


class Graph(Closing):
    """An open graph. Use it in a `with` statement, or close it: an embedded file has one owner.

    Attributes
    ----------
    explorer : Explorer
        What every function of `alliance_explorer.queries` takes first.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._engine = open_from(config)
        self._engine.define(ddl(self._engine.dialect))
        self.explorer = Explorer(self._engine, keep=config.keep_projection)

    def close(self) -> None:
        """Give the database back; further calls fail."""
        self._engine.close()

    def load(
        self,
        *sources: str | Path,
        format: str = "auto",
        as_: str | None = None,
        strict: bool = False,
    ) -> LoadReport:
        """Load files, folders and URLs, as the command `load` does.

        Raises
        ------
        SourceError, LoadRefused
        """
        return loaders.report(
            loaders.load(
                self._engine,
                [str(s) for s in sources],
                format=format,
                as_=as_,
                strict=strict,
                max_download=self._config.max_download,
                download_timeout=self._config.download_timeout,
            )
        )

    # --- questions -------------------------------------------------------------------------------

    def ask(
        self,
        question: Callable[Concatenate[Explorer, P], T],
        /,
        *args: P.args,
        **options: P.kwargs,
    ) -> T:
        """Ask any question of `alliance_explorer.queries`: `graph.ask(queries.dependence, "X")`."""
        return question(self.explorer, *args, **options)

    def search(self, text: str, *, limit: int = HITS.usual) -> SearchResult:
        """Firms, networks and people by name, tolerant of typos."""
        return queries.search(self.explorer, text, limit=limit)

    def profile(self, actor: str, *, as_of: Day = None, known_at: Day = None) -> Profile:
        """A firm, person or network with its ties."""
        return queries.profile(self.explorer, actor, as_of=_day(as_of), known_at=_day(known_at))

    def bridges(self, focal: str, target: str, **options: Any) -> BridgesResult:
        """Who can introduce one actor to another; `options` are those of `PathOptions`."""
        return queries.bridges(self.explorer, focal, target, _options(options))

    def paths(
        self, focal: str, target: str, *, evidence: bool = True, **options: Any
    ) -> PathsResult:
        """The strongest chains of introductions; `options` are those of `PathOptions`.

        Without `evidence` only who is on each way, and how strong each step is: for many pairs.
        """
        return queries.paths(self.explorer, focal, target, _options(options), evidence=evidence)

    def portfolio(self, firm: str, *, as_of: Day = None, known_at: Day = None) -> Portfolio:
        """The alliance portfolio of a firm."""
        return queries.portfolio(self.explorer, firm, as_of=_day(as_of), known_at=_day(known_at))

    def ego(self, actor: str, *, as_of: Day = None, limit: int = NEIGHBOURHOOD.usual) -> Subgraph:
        """The neighbourhood of an actor, as a picture."""
        return queries.ego(self.explorer, actor, as_of=_day(as_of), limit=limit)

    def stats(self) -> Stats:
        """What is loaded."""
        return queries.stats(self.explorer)

    def cypher(self, query: str, /, **parameters: object) -> "list[dict[str, Any]]":
        """The rows of a Cypher query that reads; nodes as dictionaries of their properties."""
        rows = self._engine.read(query, **parameters)
        return [{k: _bare(v) for k, v in row.items()} for row in rows]

    # --- handed over -----------------------------------------------------------------------------

    def to_networkx(self, *, people: bool = False) -> "nx.MultiDiGraph[Any]":
        """Everything that is stored; see `alliance_explorer.to_networkx`."""
        return exporters.networkx_of(Stored(self.explorer, people=people))

    def firm_network(
        self, *, largest_shared: int = LARGEST_SHARED, **options: Any
    ) -> "nx.Graph[Any]":
        """Firms alone, one tie between two; `options` are those of `PathOptions`."""
        return exporters.firm_graph(self.explorer, _options(options), largest_shared)

    def to_pandas(self, *, people: bool = False) -> "dict[str, pd.DataFrame]":
        """A data frame for each label and relationship type that has anything stored."""
        return exporters.pandas_of(Stored(self.explorer, people=people))

    def export(
        self,
        path: str | Path,
        *,
        format: str | None = None,
        around: str | None = None,
        people: bool = False,
    ) -> list[str]:
        """Write the graph, or the part round an actor; what the file could not hold."""
        stored = Stored(self.explorer, people=people, around=around)
        exporters.write(stored, exporters.whole_format(format, Path(path)), Path(path))
        return stored.lost.sentences()


def open(url: str | None = None) -> Graph:
    """Open a graph.

    Parameters
    ----------
    url : str, optional
        `ladybug://PATH` (made if it is not there), `neo4j://HOST` or `bolt://HOST`; else what the
        environment says (`ALLIANCE_EXPLORER_DB`, and user and password for Neo4j).

    Raises
    ------
    EngineUnavailable, DatabaseLocked
    """
    return Graph(Settings(db=url) if url else settings())


def to_networkx(
    graph: Graph | str,
    *,
    firms: bool = False,
    people: bool = False,
    largest_shared: int = LARGEST_SHARED,
    **options: Any,
) -> "nx.Graph[Any]":
    """A graph for networkx.

    Parameters
    ----------
    graph : Graph or str
        Open, or the URL of one.
    firms : bool
        Firms alone, one tie between two with `count`, `strength` and `weight`; else a
        MultiDiGraph of everything that is stored, with its dates.
    people : bool
        Personal data too; of everything.
    largest_shared : int
        With `firms`: larger networks tie nobody to anybody.
    **options
        With `firms`: `as_of`, `known_at`, `kinds` and whatever else `PathOptions` has.

    Returns
    -------
    networkx.Graph or networkx.MultiDiGraph
    """
    if isinstance(graph, str):
        with open(graph) as opened:
            return to_networkx(
                opened, firms=firms, people=people, largest_shared=largest_shared, **options
            )
    if firms:
        return graph.firm_network(largest_shared=largest_shared, **options)
    if options:
        raise InvalidRequest(f"{', '.join(options)}: goes with firms=True; the whole has its dates")
    return graph.to_networkx(people=people)


def to_pandas(graph: Graph | str, *, people: bool = False) -> "dict[str, pd.DataFrame]":
    """A data frame for each node label and relationship type that has anything stored.

    Parameters
    ----------
    graph : Graph or str
        Open, or the URL of one.
    people : bool
        Personal data too.
    """
    if isinstance(graph, str):
        with open(graph) as opened:
            return opened.to_pandas(people=people)
    return graph.to_pandas(people=people)


def frame(answers: Iterable[BaseModel]) -> "pd.DataFrame":
    """Parts of an answer as a data frame: `frame(answer.bridges)[["actor.name", "strength"]]`.

    What is nested gets a column of its own, `actor.name`; lists stay lists.
    """
    try:
        import pandas as pd
    except ImportError as exc:
        raise InvalidRequest("pandas is not installed: pip install pandas") from exc
    return pd.json_normalize([a.model_dump(by_alias=True) for a in answers])


def _options(given: Mapping[str, Any]) -> PathOptions:
    try:
        return PathOptions(**given)
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidRequest(f"{field}: {first['msg']}", field) from None


def _day(day: Day) -> dt.date | None:
    return queries.parse_day(day, "day") if isinstance(day, str) else day


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(v) for v in value]
    return dict(value.properties) if hasattr(value, "properties") else value
