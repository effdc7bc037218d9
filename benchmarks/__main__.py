"""Measure, and write what was measured into `docs/benchmarks/`."""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from . import document, scaling
from .bridging import bridges_part
from .data import Missing
from .hubs import hubs_part
from .loading import load_part
from .measure import Budget
from .paths import paths_part
from .plans import plans_part
from .portfolios import portfolios_part
from .projecting import projection_part
from .stage import Stage

# What measures each part, and its share of the time.
PARTS: Mapping[str, tuple[Callable[[Stage, Budget], str], float]] = {
    "load": (load_part, 3.0),
    "bridges": (bridges_part, 3.5),
    "paths": (paths_part, 5.0),
    "hubs": (hubs_part, 4.0),
    "portfolios": (portfolios_part, 3.0),
    "projection": (projection_part, 3.0),
    "plans": (plans_part, 1.0),
}
# Has documents of its own, and is only measured when asked for by name.
SCALE = "scale"
SECONDS = 570


def main() -> int:
    """Run the parts that are asked for; the others stay in the document as they are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "part", nargs="*", help=f"{', '.join([*PARTS, SCALE])}; all but {SCALE}, unless given"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help="about how long it may take; fewer rounds and pairs if need be (default: %(default)s)",
    )
    parser.add_argument("--output", type=Path, default=document.DOCUMENT, help="the document")
    parser.add_argument(
        "--sizes",
        type=scaling.sizes,
        default=scaling.SIZES,
        help="of `scale`: ties, as 1e4,1e5,1e6 (default: 1e4,1e5; a few minutes)",
    )
    asked = parser.parse_args()
    if SCALE in asked.part:
        asked.part.remove(SCALE)
        with (
            tempfile.TemporaryDirectory(prefix="alliance-explorer-bench-") as work,
            Stage(Path(work)) as stage,
        ):
            scaling.scale(stage, asked.sizes, say)
        if not asked.part:
            return 0
    if unknown := set(asked.part) - PARTS.keys():
        parser.error(
            f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
        )
    wanted = {name: part for name, part in PARTS.items() if name in (asked.part or PARTS)}
    budget, start = Budget(asked.seconds), time.monotonic()
    told = document.sections(asked.output)
    failed = False
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
            except Exception:  # the other parts are worth having
                traceback.print_exc()
                say(f"{name}: FAILED; the document keeps what it had")
                stage.abandon()
                failed = True
            to_come -= share
            document.write(asked.output, {n: told[n] for n in PARTS if n in told})
    say(f"{asked.output}: written after {time.monotonic() - start:.0f} s")
    return int(failed)


def say(text: str) -> None:
    """Tell what is going on."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
