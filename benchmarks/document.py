"""`docs/benchmarks/foundation.md`: one section a part, each replaced when its part has been run."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .measure import ROOT, busy, machine, median, quantile, revision

DOCUMENT = ROOT / "docs" / "benchmarks" / "foundation.md"

_HEAD = """# Benchmarks

Written by `make bench` (`python -m benchmarks`; `--help` tells how to run one part). The landscapes
are those of the Linux Foundation and of the CNCF: not part of this repository, looked for in
`../shared/data`. Compare what stands in one table: it was measured in turns, in one run. Compare
numbers of different runs with care: other machines, and other work on the same machine, move them
by a factor of two and more.
"""
_SECTION = re.compile(r"<!-- part (\w+) -->\n(.*?)<!-- end \1 -->\n", re.DOTALL)


def sections(path: Path) -> dict[str, str]:
    """What a document says so far, by part."""
    if not path.exists():
        return {}
    return dict(_SECTION.findall(path.read_text("utf-8")))


def write(path: Path, parts: Mapping[str, str], head: str = _HEAD) -> None:
    """Write the document with these sections, in this order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [
        f"<!-- part {name} -->\n{text.strip()}\n<!-- end {name} -->\n"
        for name, text in parts.items()
    ]
    path.write_text("\n".join([head, *told]), "utf-8")


def circumstances(*more: str) -> str:
    """When, on what and of which commit something is measured; say it at the beginning."""
    now = dt.datetime.now(dt.UTC)
    facts = [f"{now:%Y-%m-%d %H:%M} UTC", revision(), machine(), *filter(None, more), busy()]
    return f"*{'; '.join(facts)}.*"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers should be texts already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def number(value: float, unit: str = "") -> str:
    """Three digits that count."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


def spread(values: Sequence[float], unit: str = "s") -> str:
    """The median, and from where to where if there are several."""
    if not values:
        return "–"
    told = number(median(values), unit)
    if len(values) > 1:
        told += f" ({number(min(values))}–{number(max(values))})"
    return told


def quantiles(values: Sequence[float]) -> list[str]:
    """p50, p95 and max."""
    if not values:
        return ["–"] * 3
    return [number(quantile(values, q)) for q in (0.5, 0.95, 1.0)]


def megabytes(count: float) -> str:
    """Bytes as MB."""
    return number(count / 1e6, "MB")


def verdict(value: float, goal: float) -> str:
    """Whether a goal is met."""
    return "met" if value <= goal else "**missed**"
