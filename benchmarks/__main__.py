"""Measure, and write what was measured into `docs/benchmarks/foundation.md`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from . import document
from .bridging import bridges_part
from .data import Missing
from .loading import load_part
from .measure import Budget
from .plans import plans_part
from .projecting import projection_part
from .stage import Stage

PARTS: Mapping[str, tuple[Callable[[Stage, Budget], str], float]] = {
    "load": (load_part, 3.0),
    "bridges": (bridges_part, 3.0),
    "projection": (projection_part, 2.5),
    "plans": (plans_part, 1.0),
}


def main() -> None:
    """Run the parts that are asked for, in the order of the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything unless given"
    )
    parser.add_argument(
        "--seconds", type=float, default=540, help="bound for the whole run (default: 540)"
    )
    parser.add_argument("--output", type=Path, default=document.DOCUMENT, help="the document")
    asked = parser.parse_args()
    budget, start = Budget(asked.seconds), time.monotonic()
    told = document.sections(asked.output)
    wanted = {name: part for name, part in PARTS.items() if name in (asked.parts or PARTS)}
    to_come = sum(share for _, share in wanted.values())
    with (
        tempfile.TemporaryDirectory(prefix="alliance-explorer-bench-") as work,
        Stage(Path(work)) as stage,
    ):
        for name, (measure, share) in wanted.items():
            say(f"{name} …")
            try:
                told[name] = measure(stage, budget.part(share / to_come))
            except Missing as exc:
                say(f"{name}: SKIPPED, {exc}")
                told.setdefault(name, f"## {name}\n\n**Not measured**: {exc}.")
            to_come -= share
            # After each part: a run that is stopped has not been for nothing.
            document.write(asked.output, {name: told[name] for name in PARTS if name in told})
    say(f"{asked.output}: written after {time.monotonic() - start:.0f} s")


def say(text: str) -> None:
    """Tell what is going on."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
