"""The stored graph in the hands of networkx and pandas."""

from typing import TYPE_CHECKING, Any

import networkx as nx

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import NodeType

from .stored import Stored
from .tables import arrow_schema, arrow_table

if TYPE_CHECKING:
    import pandas as pd


def networkx_of(stored: Stored) -> "nx.MultiDiGraph[Any]":
    """Everything as one multigraph.

    Returns
    -------
    networkx.MultiDiGraph
        Node ids are ours; nodes have `label` (Firm, Alliance…), edges `type` (PARTY_TO…), their
        `key` is the fact's id. Attributes as stored: dates are `datetime.date`, lists are lists,
        what is not known is absent.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    content = stored.content()
    for node in content.nodes():
        graph.add_node(node.id, label=node.label, **node.properties)
    for tie in content.ties():
        data = {"type": tie.type, **tie.properties}
        graph.add_edge(tie.from_id, tie.to_id, tie.id, **data)
    stored.finished()
    return graph


def pandas_of(stored: Stored) -> "dict[str, pd.DataFrame]":
    """A data frame for each type that has anything stored, with the columns of its table.

    Columns are typed by Arrow, so that a whole number that is not known does not turn the others
    into fractions; dates are `datetime.date`.

    Raises
    ------
    InvalidRequest
        pandas is not installed; it is not needed for anything else here.
    """
    try:
        import pandas as pd
    except ImportError as exc:
        raise InvalidRequest("pandas is not installed: pip install pandas") from exc
    frames = {}
    for type_ in stored.types:
        schema = arrow_schema(type_)
        table = arrow_table(schema, list(stored.rows(type_)))
        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
        frames[type_.name] = frame.set_index("id") if isinstance(type_, NodeType) else frame
    stored.finished()
    return frames
