"""Labelled pairs that are shared beside the checkout, and measures of how they are told apart."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from alliance_explorer.matching import Candidate, Pair, compared, host_of, pairs, score_of

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "name_matching"
_SUFFIX = re.compile(r"\s*\((?:member|supporter)\)\s*$")


def file(name: str) -> Path:
    """A file of the folder; the test is skipped without it."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


@dataclass(frozen=True)
class Landscapes:
    """Firms of two landscapes; the n-th of one is the n-th of the other."""

    one: Sequence[Candidate]
    other: Sequence[Candidate]

    def found(self, *, wanted: Iterable[str] = ("same",)) -> tuple[float, float, float]:
        """Precision, recall, and recall of those that are spelled differently."""
        outcomes = set(wanted)
        got = {_places(p) for p in pairs(self.one, self.other) if p.outcome in outcomes}
        true = {(n, n) for n in range(len(self.one))}
        hard = {(n, n) for n in range(len(self.one)) if self.one[n].names != self.other[n].names}
        right = got & true
        return len(right) / len(got), len(right) / len(true), len(right & hard) / len(hard)

    def half(self, parity: int) -> "Landscapes":
        return Landscapes(
            [c for n, c in enumerate(self.one) if n % 2 == parity],
            [c for n, c in enumerate(self.other) if n % 2 == parity],
        ).numbered()

    def numbered(self) -> "Landscapes":
        sides = [
            [Candidate(f"{side}:{n}", c.names, c.host) for n, c in enumerate(firms)]
            for side, firms in (("one", self.one), ("other", self.other))
        ]
        return Landscapes(*sides)

    def nameless_hosts(self) -> "Landscapes":
        """The same without home pages."""
        sides = [[Candidate(c.id, c.names) for c in firms] for firms in (self.one, self.other)]
        return Landscapes(*sides)


def _places(pair: Pair) -> tuple[int, int]:
    one, other = (int(c.id.partition(":")[2]) for c in (pair.one, pair.other))
    return one, other


def landscapes() -> Landscapes:
    """LF and CNCF firms with the same Crunchbase name, which is not told."""
    with file("lf_cncf_match_pairs.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sides = [
        [
            Candidate(f"{side}:{n}", [_bare(r[f"{side}_name"])], host_of(r[f"{side}_url"]))
            for n, r in enumerate(rows)
        ]
        for side in ("lf", "cncf")
    ]
    return Landscapes(*sides).numbered()


def _bare(name: str) -> str:
    return _SUFFIX.sub("", _SUFFIX.sub("", name))


@dataclass(frozen=True)
class Case:
    """Two names, and whether they are one organisation's."""

    one: str
    other: str
    same: bool


def cases() -> list[Case]:
    """The organisations of nomenklatura's benchmark."""
    with file("nomenklatura_name_bench_cases.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Case(r["name1"], r["name2"], r["is_match"] == "true")
            for r in csv.DictReader(lines)
            if r["schema"] in ("Company", "Organization", "LegalEntity")
        ]


def ours(case: Case) -> float:
    """The score of two names alone."""
    return score_of(compared(Candidate("one", [case.one]), Candidate("other", [case.other])))


def token_ratio(case: Case) -> float:
    """What ours is held against."""
    return fuzz.token_ratio(case.one, case.other)


def f1(some: Sequence[Case], score: Callable[[Case], float], threshold: float) -> float:
    """Harmonic mean of precision and recall."""
    told = [(score(c) >= threshold, c.same) for c in some]
    right = sum(a and b for a, b in told)
    wrong = sum(a != b for a, b in told)
    return 2 * right / (2 * right + wrong)


def best(some: Sequence[Case], score: Callable[[Case], float]) -> tuple[float, float]:
    """The best F1 that any threshold gives, and that threshold."""
    return max((f1(some, score, t), t) for t in {score(c) for c in some})
