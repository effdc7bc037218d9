"""What is on record of merges, snapshots and corrections goes out and comes in with the graph."""

from pathlib import Path

import pytest

from alliance_explorer import loaders
from alliance_explorer.exporters import Stored, whole_format, write
from alliance_explorer.loaders.writing.corrections import correct
from alliance_explorer.matching import merge, merges, unmerge
from alliance_explorer.queries import Explorer
from tests.exporters.test_round_trip import LOSSLESS
from tests.loaders import test_snapshots as snapshots
from tests.matching.test_merging import ROWS, everything, load
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY
from tests.support.tiny import write as fill


@pytest.mark.parametrize("format", LOSSLESS)
def test_the_graph_comes_back_with_all_that_is_on_record(
    graphs: Graphs, tmp_path: Path, format: str
) -> None:
    """Merged, corrected, left and joined again: the same, and the same loads change nothing."""
    path = tmp_path / LOSSLESS[format]
    with graphs.empty() as one:
        fill(one, ROWS)
        before = everything(one)
        made = merge(one, "firm:acme", "firm:acme-gmbh", by="me", why="same company")
        correct(one, "firm:acme", {"city": "Kista"}, why="their web page", today=TODAY)
        for day, listed in zip(snapshots.DAYS, ({"x": "gold"}, {}, {"x": "tin"}), strict=False):
            snapshots.write(one, day, snapshots.rows({"y": "gold", **listed}, "source:list"))
        write(Stored(Explorer(one, TODAY), people=True), whole_format(format), path)
        expected = everything(one)
    with graphs.empty() as two:
        assert everything(two) == []
        told = loaders.load(two, [str(path)], max_download=0, download_timeout=1, today=TODAY)
        assert told.total.read == told.total.created
        assert everything(two) == expected
        assert merges(two).merges == [made]
        again = load(two, ROWS)
        assert (again.total.created, again.total.changed) == (0, 0)
        assert everything(two) == expected
        unmerge(two, made.id)
        assert merges(two).merges == []
        mine = [row for row in everything(two, "Statement") if _of_merge(row)]
        assert mine == [row for row in before if _of_merge(row)]


def _of_merge(row: tuple[object, ...]) -> bool:
    return "firm:acme-gmbh" in repr(row)
