"""What is recorded of every firm that firms are grouped and chosen by."""

from collections.abc import Mapping

from alliance_explorer.engine import Row

from .explorer import Explorer
from .library import run


def firm_attributes(explorer: Explorer) -> Mapping[str, Row]:
    """Country, city, actor type, size, employees and segments of every firm, by id.

    Read once and kept until the graph changes; memory grows with the number of firms.
    """

    def read() -> dict[str, Row]:
        return {str(r["id"]): r for r in run(explorer.engine, "firm_attributes")}

    return explorer.keep(("firm attributes",), read)
