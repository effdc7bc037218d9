"""Alliance networks of any size that look like real ones, made up as a stream.

`python -m benchmarks.made_up FOLDER --ties 1e6` writes them as the tables that `load` reads.

A network of n ties has 0.6 n memberships and 0.4 n parties of alliances, 0.4 n firms, 0.15 n
alliances or so, and a network for every 200 memberships:

- networks have sizes by Zipf's law, the largest a tenth of all firms (50,000 at most); alliances
  two parties mostly, few three or more, up to twenty;
- how often a firm takes part is heavy-tailed: the k-th best-connected firm in proportion to
  k^-0.6, so that there are hubs, in alliances as in networks;
- alliances begin between 1985 and 2026, ever more of them; six in ten have ended; half of the
  memberships have a first day, and some of those a last;
- firms have countries, cities, years of foundation and sizes with the frequencies of a few large
  and many small ones.

It is made in blocks of numpy arrays, a table at a time, from a seed for each block: memory does not
grow with n, and the first rows of a table are the same whatever is done with the others.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

SEED = 20261122
BLOCK = 100_000
SOURCE = "source:made-up"
COUNTRIES = ("US", "DE", "GB", "FR", "SE", "CN", "JP", "IN", "NL", "ES", "IT", "KR", "BR", "PL")
CITIES = ("Kista", "Lyon", "Gdańsk", "Austin", "Leeds", "Ulm", "Pune", "Osaka", "Delft", "Turin")
TYPES = ("integrator", "software_editor", "service_provider", "consultancy", "operator", "other")
KINDS = ("R&D", "licence", "marketing", "joint venture", "supply", "distribution")
ROLES = ("partner", "coordinator", "supplier", "customer", "licensor", "licensee")
TIERS = ("silver", "gold", "platinum", "general", "academic")

Texts: TypeAlias = NDArray[np.str_]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How many there are of what."""

    ties: int

    @property
    def memberships(self) -> int:
        return self.ties * 6 // 10

    @property
    def parties(self) -> int:
        return self.ties - self.memberships

    @property
    def firms(self) -> int:
        return max(20, self.ties * 4 // 10)

    @property
    def networks(self) -> int:
        return max(5, self.memberships // 200)


def tables(ties: int) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    """Each table's name and its blocks, nodes before relationships.

    Parameters
    ----------
    ties : int
        Memberships and parties together.

    Yields
    ------
    str
        Name of the type.
    iterator of pyarrow.Table
        Columns as in the `tables` format, dates as ISO text; to be read to its end.
    """
    size = Size(ties)
    yield "Source", iter([_source()])
    yield "Firm", _firms(size)
    yield "Network", _networks(size)
    yield "Alliance", _alliances(size)
    yield "MEMBER_OF", _memberships(size)
    yield "PARTY_TO", _parties(size)


def _source() -> pa.Table:
    return pa.table({"id": [SOURCE], "title": ["Made up"], "licence": ["CC0-1.0"]})


def _firms(size: Size) -> Iterator[pa.Table]:
    for at, count, rng in _blocks("Firm", size.firms):
        numbers = np.arange(at, at + count)
        yield _table(
            count,
            id=_ids("firm:f", numbers),
            name=_ids("Firm ", numbers),
            country=_pick(rng, COUNTRIES, count, 0.8),
            city=_blanks(rng, _pick(rng, CITIES, count, 0.3), 0.3),
            founded=_blanks(rng, rng.integers(1950, 2025, count).astype(str), 0.2),
            size_class=_pick(rng, ("micro", "small", "medium", "large"), count, 0.7),
            actor_type=_pick(rng, TYPES, count, 0.5),
        )


def _networks(size: Size) -> Iterator[pa.Table]:
    for at, count, rng in _blocks("Network", size.networks):
        numbers = np.arange(at, at + count)
        yield _table(
            count,
            id=_ids("network:n", numbers),
            name=_ids("Network ", numbers),
            kind=_pick(rng, ("association", "foundation", "cluster", "standards_body"), count, 0.3),
        )


def _alliances(size: Size) -> Iterator[pa.Table]:
    for at, (sizes, rng) in _alliance_blocks(size, "Alliance"):
        count = len(sizes)
        numbers = np.arange(at, at + count)
        # Ever more of them: the square root leans towards the present.
        begin = (1985 + 41 * np.sqrt(rng.random(count))).astype(np.int64)
        years = 1 + rng.geometric(0.2, count)
        ended = (rng.random(count) < 0.6) & (begin + years < 2026)
        month = rng.integers(1, 13, count)
        yield _table(
            count,
            id=_ids("alliance:a", numbers),
            name=_ids("Alliance ", numbers),
            kind=_pick(rng, KINDS, count, 0.4),
            start=_days(begin, month),
            end=np.where(ended, _days(begin + years, month), ""),
        )


def _memberships(size: Size) -> Iterator[pa.Table]:
    for number, (first, sizes) in enumerate(_whole_networks(size)):
        rng = _rng("MEMBER_OF", number)
        # Some are drawn twice: so more than are wanted.
        network = first + np.repeat(np.arange(len(sizes)), sizes + sizes // 8 + 1)
        network, firm = _distinct(network, _well_connected(rng, size.firms, len(network)))
        chosen = np.sort(rng.permutation(len(firm))[: sizes.sum()])
        network, firm = network[chosen], firm[chosen]
        count = len(firm)
        begin = rng.integers(1990, 2024, count)
        since = np.where(rng.random(count) < 0.5, _days(begin, rng.integers(1, 13, count)), "")
        left = (since != "") & (rng.random(count) < 0.2)
        until = np.where(left, _days(begin + 2, rng.integers(1, 13, count)), "")
        yield pa.table(
            {
                "from": _ids("firm:f", firm),
                "to": _ids("network:n", network),
                "tier": _pick(rng, TIERS, count, 0.5),
                "since": since,
                "until": until,
                "source": np.full(count, SOURCE),
            }
        )


def _parties(size: Size) -> Iterator[pa.Table]:
    for at, (sizes, rng) in _alliance_blocks(size, "PARTY_TO"):
        alliance = at + np.repeat(np.arange(len(sizes)), sizes)
        firm = _well_connected(rng, size.firms, len(alliance))
        alliance, firm = _distinct(alliance, firm)
        yield pa.table(
            {
                "from": _ids("firm:f", firm),
                "to": _ids("alliance:a", alliance),
                "role": _pick(rng, ROLES, len(firm), 0.6),
                "source": np.full(len(firm), SOURCE),
            }
        )


# --- numbers --------------------------------------------------------------------------------------


def _blocks(name: str, count: int) -> Iterator[tuple[int, int, np.random.Generator]]:
    """Where each block begins, its length, and its random numbers."""
    for number, at in enumerate(range(0, count, BLOCK)):
        yield at, min(BLOCK, count - at), _rng(name, number)


def _rng(name: str, number: int) -> np.random.Generator:
    return np.random.default_rng([SEED, sum(name.encode()), number])


def _alliance_blocks(
    size: Size, name: str
) -> Iterator[tuple[int, tuple[Ints, np.random.Generator]]]:
    """The number of the first alliance of each block, and how many parties each has."""
    left, at, number = size.parties, 0, 0
    while left > 0:
        drawn = 1 + np.random.default_rng([SEED, number]).geometric(0.6, BLOCK // 3)
        sizes = np.minimum(drawn, 20).astype(np.int64)
        sizes = sizes[np.cumsum(sizes) <= left] if sizes.sum() > left else sizes
        if not len(sizes):
            return
        yield at, (sizes, _rng(name, number))
        left -= int(sizes.sum())
        at += len(sizes)
        number += 1


def _whole_networks(size: Size) -> Iterator[tuple[int, Ints]]:
    """Networks for each block: the number of the first, and the sizes."""
    sizes = _network_sizes(size)
    block = np.cumsum(sizes) // BLOCK
    for part in np.split(np.arange(len(sizes)), np.flatnonzero(np.diff(block)) + 1):
        yield int(part[0]), sizes[part]


def _network_sizes(size: Size) -> Ints:
    weights = 1.0 / np.arange(1, size.networks + 1)
    largest = min(size.firms // 10 + 3, 50_000)
    sizes = np.minimum(weights / weights.sum() * size.memberships, largest)
    for _ in range(20):  # what the largest cannot take, the others do
        free = sizes < largest
        rest = size.memberships - sizes.sum()
        if rest < 1 or not free.any():
            break
        sizes[free] = np.minimum(sizes[free] * (1 + rest / sizes[free].sum()), largest)
    whole: Ints = np.maximum(3, sizes).astype(np.int64)
    return whole


def _well_connected(rng: np.random.Generator, firms: int, count: int) -> Ints:
    """Firms, the k-th in proportion to k^-0.6; scattered, so that hubs have no special numbers."""
    rank = (firms * rng.random(count) ** 2.5).astype(np.int64)
    scattered: Ints = (rank * 7_368_787 + 12_345) % firms if firms % 7_368_787 else rank
    return scattered


def _distinct(body: Ints, firm: Ints) -> tuple[Ints, Ints]:
    """Each pair once."""
    pairs = np.unique(np.stack([body, firm]), axis=1)
    return pairs[0], pairs[1]


# --- texts ----------------------------------------------------------------------------------------


def _ids(prefix: str, numbers: Ints) -> Texts:
    return np.char.add(prefix, numbers.astype(str))


def _days(year: Ints, month: Ints) -> Texts:
    months = (year - 1970) * 12 + month - 1
    days: Texts = np.datetime_as_string(months.astype("datetime64[M]").astype("datetime64[D]"))
    return days


def _pick(rng: np.random.Generator, words: tuple[str, ...], count: int, lean: float) -> Texts:
    """Words, the first the most often."""
    weights = np.arange(1, len(words) + 1) ** -lean
    return np.array(words)[rng.choice(len(words), count, p=weights / weights.sum())]


def _blanks(rng: np.random.Generator, texts: Texts, part: float) -> Texts:
    return np.where(rng.random(len(texts)) < part, "", texts)


def _table(count: int, **columns: Any) -> pa.Table:
    return pa.table({**columns, "source": np.full(count, SOURCE)})


# --- files ----------------------------------------------------------------------------------------


def write_csv(folder: Path, ties: int) -> dict[str, int]:
    """Write a folder of CSV tables; gives the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, blocks in tables(ties):
        counts[name] = 0
        writer = None
        for block in blocks:
            if writer is None:
                writer = pa_csv.CSVWriter(
                    folder / f"{name}.csv",
                    block.schema,
                    write_options=pa_csv.WriteOptions(quoting_style="none"),
                )
            writer.write_table(block)
            counts[name] += len(block)
        if writer is not None:
            writer.close()
    return counts


def write_ndjson(file: Path, ties: int) -> None:
    """Write mixed JSON lines, each with its type."""
    with file.open("w", encoding="utf-8") as out:
        for name, blocks in tables(ties):
            for block in blocks:
                for row in block.to_pylist():
                    known = {k: v for k, v in row.items() if v != ""}
                    out.write(json.dumps({"type": name, **known}, ensure_ascii=False) + "\n")


def main() -> None:
    """Write a network to a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made_up", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ties", type=float, default=1e5)
    parser.add_argument("--format", choices=("csv", "ndjson"), default="csv")
    asked = parser.parse_args()
    if asked.format == "csv":
        print(write_csv(asked.folder, int(asked.ties)))
    else:
        asked.folder.mkdir(parents=True, exist_ok=True)
        write_ndjson(asked.folder / "network.ndjson", int(asked.ties))


if __name__ == "__main__":
    main()
