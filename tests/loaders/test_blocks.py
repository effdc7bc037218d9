"""Tables read in blocks say the same as tables read row by row."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_explorer.graph_schema import SCHEMA, InvalidRow, Record, parse
from alliance_explorer.loaders.model import Located, Rejected
from alliance_explorer.loaders.tabular import tables
from alliance_explorer.loaders.tabular.tables import read_blocks, read_tables
from alliance_explorer.loaders.writing.blocks import Block
from alliance_explorer.loaders.writing.hashes import Places, hashed

HEADERS = {
    "Firm": "id,name,aliases,founded,country,source",
    "Alliance": "id,name,start,end,phase",
    "COMPETES_WITH": "from,to,market,since,until,source,confidence",
}
IDS = [*(f"firm:{c}" for c in "abcé"), "firm:", "firm:a b", "alliance:x", "alliance:y", "nobody"]
CELLS = st.one_of(
    st.sampled_from(["", " ", "x", " x ", "2011", "2011-03", "2012-05-31", "soon", "a;b;a", "1e3"]),
    st.sampled_from(["0.5", "formation", "source:s", "SE", '["a;b","c"]', "9" * 30, "x" * 50]),
    st.sampled_from(["2011-02-01", "2011-02-30", "0000-01-01", "0999-12-31", "9999-12-31"]),
    st.sampled_from(["\x1cx", "\xa0y", "é", "\x00"]),
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", ""])
WAYS = st.sampled_from(["{}", "{}", "{}", "{}", '"{}"', '"{}"', '"{}\n"', '"{}', 'a"{}', '"{}"x'])

Told = Record | tuple[int, str]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A table with all that can be wrong with one; sound rows for the most part."""
    name = draw(st.sampled_from(sorted(HEADERS)))
    columns = HEADERS[name].split(",")
    lines = [HEADERS[name], draw(st.sampled_from(["\n", "\r\n"]))]
    for _ in range(draw(st.integers(0, 12))):
        cells = [
            draw(st.sampled_from(IDS) if c in ("id", "from", "to") else CELLS) for c in columns
        ]
        if draw(st.integers(0, 9)) == 0:
            cells = cells[draw(st.integers(0, 2)) :] + cells[: draw(st.integers(0, 2))]
        if draw(st.integers(0, 3)) == 0:
            cells = [draw(WAYS).format(c) for c in cells]
        lines += [",".join(cells), draw(ENDS)]
    return name, "".join(lines)


def row_by_row(path: Path) -> Iterator[Told]:
    """As simple as can be."""
    type_ = next(t for t in SCHEMA if t.name == path.stem)
    reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True)
    header = next(reader)
    seen = set()
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, "(row)"
            continue
        if cells and len(cells) != len(header):
            yield line, "(row)"
        elif cells:
            try:
                record = parse(type_, dict(zip(header, cells, strict=True)))
            except InvalidRow as exc:
                yield line, "; ".join(f"{p.field} {p.reason}" for p in exc.problems)
                continue
            yield (line, "again") if record.id in seen else record
            seen.add(record.id)


def in_blocks(path: Path) -> Iterator[Told]:
    for item in read_tables(path, "data"):
        if isinstance(item, Located):
            yield item.record
        else:
            assert isinstance(item, Rejected)
            problems = "; ".join(f"{p.field} {p.reason}" for p in item.problems)
            again = "stands already in" in problems
            row = item.problems[0].field == "(row)"
            yield item.line, "again" if again else "(row)" if row else problems


@settings(deadline=None, max_examples=300)
@given(files(), st.sampled_from([1, 30, 200, 1 << 19]), st.sampled_from([0.0, 0.9]))
@example(("Firm", HEADERS["Firm"] + '\nfirm:a,"A\n",,,,\nfirm:b,B,,,,'), 30, 0.0)
def test_blocks_and_rows_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[str, str], piece: int, mostly: float
) -> None:
    name, text = file
    path = tmp_path_factory.getbasetemp() / f"{name}.csv"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "PIECE", piece)
        patch.setattr(tables, "MOSTLY", mostly)
        assert list(in_blocks(path)) == list(row_by_row(path))


def test_what_is_plain_comes_in_blocks(tmp_path: Path) -> None:
    rows = [f"firm:{i},F {i},{1900 + i % 100}" for i in range(30)]
    rows[7] = "firm:3,again,"
    rows[20] = "firm:x,X,soon"
    path = tmp_path / "Firm.csv"
    path.write_text("\n".join(["id,name,founded", *rows]) + "\n")
    items = list(read_blocks(path, "Firm.csv"))
    assert [(len(i), i.lines[0]) if isinstance(i, Block) else i for i in items] == [
        (7, 2),
        items[1],
        (12, 10),
        items[3],
        (9, 23),
    ]
    assert isinstance(items[1], Rejected) and isinstance(items[3], Rejected)
    assert (items[1].line, items[3].line) == (9, 22)
    assert items[1].problems[0].reason == "'firm:3' stands already in Firm.csv, line 5"


@given(st.lists(st.lists(st.integers(0, 50), max_size=40)))
def test_places_are_those_of_the_first(calls: list[list[int]]) -> None:
    places, reference, at = Places(), dict[str, int](), 0
    for some in calls:
        ids = [str(n) for n in some]
        now = np.arange(at, at + len(ids))
        expected = []
        for id_, place in zip(ids, now.tolist(), strict=True):
            expected.append(reference.get(id_, -1))
            reference.setdefault(id_, place)
        texts = pa.array(ids, pa.string())
        assert places.first(texts, hashed(texts), now).tolist() == expected
        at += len(ids)
