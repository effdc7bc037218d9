"""What is recorded of firms, as users ask for it."""

import pytest

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.attributes import named_country
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY, filling


def test_a_country_as_records_write_it(graphs: Graphs) -> None:
    firms = {"a": "UK", "b": "SE", "c": "Atlantis"}
    rows = [{"id": f"firm:{i}", "name": i, "country": c} for i, c in firms.items()]
    x = Explorer(graphs.holding("countries", filling({"Firm": rows})), TODAY)
    asked = ("GB", "great britain", "uk", "Sweden", "se", "Atlantis", "Iceland")
    assert [named_country(x, text) for text in asked] == [
        *("UK", "UK", "UK", "SE", "SE", "Atlantis", "IS")
    ]
    with pytest.raises(InvalidRequest, match="'Atlantic' is no country"):
        named_country(x, "Atlantic")
