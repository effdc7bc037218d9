"""How well firms are matched, and how fast: `python -m benchmarks.matching` writes its document."""

import csv
import gzip
import sys
import time
from collections import Counter
from pathlib import Path

from alliance_explorer.matching import Candidate, pairs
from alliance_explorer.matching.score import REVIEW, SAME
from tests.matching.pairs import best, cases, f1, landscapes, ours, token_ratio

from .document import circumstances, number, table
from .measure import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks" / "matching.md"
NAMES = ROOT.parent / "shared" / "data" / "cordis_h2020" / "h2020_pic_names.csv.gz"
SIZES = (2_500, 5_000, 10_000, 20_000)

_HEAD = """# Matching

Written by `python -m benchmarks.matching`. The data are not part of this repository; they are
looked for in `../shared/data`. The rules are in [matching.md](../matching.md); scores and
thresholds are the same everywhere below."""


def main() -> int:
    """Measure, and write the document."""
    parts = [_HEAD, circumstances(), _landscapes(), _names(), _speed()]
    DOCUMENT.write_text("\n\n".join(parts) + "\n", "utf-8")
    return 0


def _landscapes() -> str:
    found = landscapes()
    rows = []
    for what, some in (
        ("all", found),
        ("every second, from the first", found.half(0)),
        ("every second, from the second", found.half(1)),
        ("all, without home pages", found.nameless_hosts()),
    ):
        for wanted in (("same",), ("same", "review")):
            values = some.found(wanted=wanted)
            rows.append([what, " or ".join(wanted), *(f"{v:.3f}" for v in values)])
    head = ["firms", "outcome", "precision", "recall", "recall, spelled differently"]
    return (
        "## Members of the Linux Foundation and of the CNCF\n\n"
        f"{len(found.one)} firms of either landscape, known by their Crunchbase name to be the "
        "same; it is not told to the matching, which finds pairs among all of one and all of the "
        f"other.\n\n{table(head, rows)}"
    )


def _names() -> str:
    some = cases()
    rows = []
    for what, part in (
        ("all", some),
        ("every second, from the first", some[0::2]),
        ("every second, from the second", some[1::2]),
    ):
        plain, threshold = best(part, token_ratio)
        rows.append(
            [
                what,
                f"{f1(part, ours, REVIEW):.3f}",
                f"{f1(part, ours, SAME):.3f}",
                f"{plain:.3f} ({threshold:.0f})",
            ]
        )
    head = ["pairs", "F1, same or review", "F1, same", "F1 of rapidfuzz's token_ratio (best at)"]
    return (
        f"## nomenklatura's labelled organisations\n\n{len(some)} pairs of names, nothing else. "
        "Some labels differ from what is wanted here: funds that differ in their number are one "
        f"there.\n\n{table(head, rows)}"
    )


def _speed() -> str:
    with gzip.open(NAMES, "rt", encoding="utf-8", newline="") as lines:
        firms = [
            Candidate(f"firm:{r['pic']}", [r["name"]], country=r["country"] or None)
            for r in csv.DictReader(lines)
            if r["name"]
        ]
    rows = []
    for size in SIZES:
        some = firms[:size]
        start, cpu = time.perf_counter(), time.process_time()
        outcomes = Counter(p.outcome for p in pairs(some))
        took, used = time.perf_counter() - start, time.process_time() - cpu
        rows.append(
            [
                f"{len(some):,}",
                number(took, "s"),
                number(used, "s"),
                number(1e6 * used / len(some), "µs"),
                f"{outcomes['same']:,}",
                f"{outcomes['review']:,}",
            ]
        )
    head = ["firms", "time", "CPU time", "a firm", "same", "review"]
    return f"## Speed\n\nOrganisations of CORDIS H2020, among themselves.\n\n{table(head, rows)}"


if __name__ == "__main__":
    if not Path(NAMES).exists():
        sys.exit(f"{NAMES} is not there")
    sys.exit(main())
