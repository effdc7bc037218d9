"""How loads and questions grow with the network, beside the engines' own bulk paths."""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from alliance_explorer.engine.memory import usual_pool

from . import child, document, plots
from .data import Missing
from .document import circumstances, megabytes, number, quantiles, spread, table, verdict
from .made_up import write_csv
from .measure import ROOT, median
from .stage import Stage, version

SIZES: Final = (10_000, 100_000)
DOCUMENT: Final = ROOT / "docs" / "benchmarks" / "scale.md"
DATA: Final = DOCUMENT.with_suffix(".json")
# A fresh Java machine compiles for seconds: all was done with so many ties before.
WARM_UP: Final = 2_000
COPY_GOAL, UNWIND_GOAL, AGAIN_GOAL = 1.5, 1.2, 3.0
QUESTION_SECONDS = 30.0

_HEAD = """# How it grows

Written by `python -m benchmarks scale --sizes 1e4,1e5,1e6,1e7`. The networks are made up
(`benchmarks/made_up.py` says how): heavy-tailed degrees, hubs, dates, memberships, alliances of two
to twenty parties. What stands in one line was measured in turns, in one run, each in a process of
its own. Lines of different runs may have been measured on a machine that was differently busy.
"""

Say = Callable[[str], None]
Measured = dict[str, Any]


def sizes(text: str) -> tuple[int, ...]:
    """Numbers of ties from `1e4,1e5`."""
    return tuple(sorted({int(float(part)) for part in text.split(",")}))


def scale(stage: Stage, wanted: Sequence[int], say: Say) -> None:
    """Measure each size, and write the document and its plots; other sizes stay in it.

    They are written as soon as a size is measured on one engine: nothing of that is lost if the
    run is broken off.
    """
    for ties in wanted:
        say(f"scale, {ties:,} ties …")
        for found in _size(stage, ties, say):
            _keep(found)
            say(f"{DOCUMENT}: written")


def _keep(found: Measured) -> None:
    known: dict[str, Measured] = json.loads(DATA.read_text()) if DATA.exists() else {}
    known[str(found["ties"])] = found
    DATA.parent.mkdir(parents=True, exist_ok=True)
    DATA.write_text(json.dumps(known, indent=1) + "\n")
    told = [known[key] for key in sorted(known, key=int)]
    document.write(DOCUMENT, {"scale": _told(told)}, _HEAD)
    plots.draw(told, DOCUMENT.parent)


def _rounds(ties: int) -> int:
    return 3 if ties <= 100_000 else 2 if ties <= 1_000_000 else 1


def _size(stage: Stage, ties: int, say: Say) -> Iterator[Measured]:
    """What is known of a size: first of the embedded engine alone, then of both."""
    start = time.monotonic()
    work = stage.work / f"scale-{ties}"
    made = work / "tables"
    rows = write_csv(made, ties)
    files = _arrow(work)
    pool = usual_pool()
    found: Measured = {
        "ties": ties,
        "rows": sum(rows.values()),
        "bytes": sum(f.stat().st_size for f in made.iterdir()),
        "where": circumstances(),
        "pool": pool,
        "embedded": {"first": [], "again": [], "bare": []},
        "Neo4j": {"first": [], "again": [], "bare": []},
        "took": {},
        "missing": "Neo4j: the run was broken off",
    }
    for turn in range(_rounds(ties)):
        say(f"  embedded, round {turn + 1}")
        here = found["embedded"]
        database, bare = stage.new_file(), stage.new_file()
        url = f"ladybug://{database}"
        here["bare"].append(_child("bare_copy", url=f"ladybug://{bare}", files=files, pool=pool))
        for load in ("first", "again"):
            here[load].append(_child("product_load", url=url, folder=str(made), pool=pool))
        if not turn:
            here["size"] = database.stat().st_size
            found["questions"] = {
                "embedded": _child("questions", url=url, seconds=QUESTION_SECONDS, pool=pool)
            }
        for file in (database, bare):
            file.unlink()
    found["took"]["embedded"] = time.monotonic() - start
    yield found
    start = time.monotonic()
    try:
        _neo4j(stage, found, files, made, say)
        del found["missing"]
        found["took"]["Neo4j"] = time.monotonic() - start
    except Missing as exc:
        found["missing"] = f"Neo4j: {exc}"
    shutil.rmtree(work)
    yield found


def _arrow(work: Path) -> object:
    """The tables of a folder once more, as Arrow: what is copied or sent without more ado."""
    into = work / "arrow"
    into.mkdir()
    return _child("arrow", folder=str(work / "tables"), into=str(into))["files"]


def _neo4j(stage: Stage, found: Measured, files: object, made: Path, say: Say) -> None:
    here = found["Neo4j"]
    few = stage.work / f"warm-up-{found['ties']}"
    write_csv(few / "tables", WARM_UP)
    warm = _arrow(few)
    for turn in range(3 if found["ties"] <= 10_000 else 1):
        say(f"  Neo4j, round {turn + 1}")
        with stage.fresh_neo4j(lasting=True) as server:
            _child("bare_unwind", server, url=server.uri, files=warm)
            server.wipe()
            here["bare"].append(_child("bare_unwind", server, url=server.uri, files=files))
        with ExitStack() as stack:
            server = stack.enter_context(stage.fresh_neo4j(lasting=True))
            here["version"] = version(server)
            asked = {"url": server.uri, "pool": usual_pool()}
            _child("product_load", server, folder=str(few / "tables"), **asked)
            server.wipe()
            for load in ("first", "again"):
                here[load].append(_child("product_load", server, folder=str(made), **asked))
            if not turn:
                found["questions"]["Neo4j"] = _child(
                    "questions", server, seconds=QUESTION_SECONDS, **asked
                )


def _child(name: str, server: Any = None, **arguments: object) -> Measured:
    return child.run(name, server, "scale_child", **arguments)


# --- the document ---------------------------------------------------------------------------------


def ratios(one: Sequence[Measured], other: Sequence[Measured]) -> list[float]:
    """Of the times of each round."""
    return [a["seconds"] / b["seconds"] for a, b in zip(one, other, strict=True)]


def _told(all_: Sequence[Measured]) -> str:
    return "\n\n".join(
        [
            "## Loading",
            "*First*: `load` of a folder of CSV tables into a database that does not exist yet, "
            "until it is closed: read, check, write. *Again*: the same folder once more, in a new "
            "process. *Bare*: the same rows, checked and typed before, with nothing but the "
            "engine: embedded, `COPY` of Arrow tables from memory-mapped files; Neo4j, `UNWIND` in "
            "batches of 10,000 with the driver, the time to read them not counted; each on a "
            f"server of its own that did the same with {WARM_UP:,} ties before and forgot them, "
            "since a fresh Java machine compiles for seconds. Median of the rounds "
            "(fastest–slowest).",
            _loads(all_),
            "![Time to load](scale-load.svg)",
            "### Goals",
            _goals(all_),
            "### Memory",
            "Peak of the process that loads, and how much of it is above what the process has "
            "before it begins. The embedded engine's own is in it: its buffer pool, of at most so "
            "much, what `COPY` holds beside it, and the pages of the files that are read.",
            _memory(all_),
            "![Peak memory](scale-memory.svg)",
            "## Questions",
            "In one process, without HTTP; random firms; ms: p50 / p95 / max. *First*: the first "
            "question, which reads the projection.",
            _questions(all_),
            "![Questions](scale-questions.svg)",
            "### The projection",
            _projection(all_),
            "*Arrays*: of a shared tie. *Everything*: growth of the process when it is read, of "
            "all ties; for small networks, pages that were there before make it too little.",
            "## When and where",
            "\n".join(f"- {m['ties']:,} ties: {m['where']}{_took(m)}" for m in all_),
            *(f"**Not measured**, {m['ties']:,}: {m['missing']}." for m in all_ if "missing" in m),
        ]
    )


def _took(measured: Measured) -> str:
    """How long all of a size took, so that somebody can plan a run."""
    took = [f"{name} {number(s / 60, 'min')}" for name, s in measured["took"].items()]
    return f"; took {', '.join(took)}"


def _engines(all_: Sequence[Measured]) -> Sequence[tuple[Measured, str, Mapping[str, Any]]]:
    return [(m, name, m[name]) for name in ("embedded", "Neo4j") for m in all_ if m[name]["first"]]


def _seconds(loads: Sequence[Measured]) -> list[float]:
    return [load["seconds"] for load in loads]


def _loads(all_: Sequence[Measured]) -> str:
    rows = []
    for m, name, here in _engines(all_):
        rate = m["rows"] / median(_seconds(here["first"]))
        rows.append(
            [
                name,
                f"{m['ties']:,}",
                f"{m['rows']:,}",
                megabytes(m["bytes"]),
                spread(_seconds(here["first"])),
                f"{rate:,.0f}",
                spread(_seconds(here["bare"])),
                spread(ratios(here["first"], here["bare"]), "×"),
                spread(_seconds(here["again"])),
            ]
        )
    head = ["", "ties", "rows", "CSV", "first", "rows/s", "bare", "first ÷ bare", "again"]
    return table(head, rows)


def _goals(all_: Sequence[Measured]) -> str:
    rows = []
    for m, name, here in _engines(all_):
        goal = COPY_GOAL if name == "embedded" else UNWIND_GOAL
        slower = ratios(here["first"], here["bare"])
        faster = ratios(here["first"], here["again"])
        size = f"{m['ties']:,}"
        rows += [
            [
                f"{name}, {size}",
                f"first ≤ {goal:g} × bare",
                spread(slower, "×"),
                verdict(median(slower), goal),
            ],
            [
                f"{name}, {size}",
                f"again ≥ {AGAIN_GOAL:g} × faster than first",
                spread(faster, "×"),
                verdict(-median(faster), -AGAIN_GOAL),
            ],
        ]
    return table(["", "goal", "measured", ""], rows)


def _memory(all_: Sequence[Measured]) -> str:
    rows = []
    for m, name, here in _engines(all_):
        cells = []
        for kind in ("first", "again", "bare"):
            peaks = [x for x in here[kind] if "peak" in x]
            if peaks:
                most = max(peaks, key=lambda x: x["peak"])
                cells.append(
                    f"{megabytes(most['peak'])} (+{number((most['peak'] - most['before']) / 1e6)})"
                )
            else:
                cells.append("–")
        size = megabytes(here["size"]) if "size" in here else "–"
        pool = megabytes(m["pool"]) if name == "embedded" else "–"
        rows.append([name, f"{m['ties']:,}", megabytes(m["bytes"]), pool, *cells, size])
    return table(["", "ties", "CSV", "pool", "first", "again", "bare", "database"], rows)


def _questions(all_: Sequence[Measured]) -> str:
    rows = []
    kinds = ("bridges", "best path", "ten best paths", "firm page", "portfolio")
    for name in ("embedded", "Neo4j"):
        for m in all_:
            if found := m["questions"].get(name):
                cells = []
                for kind in kinds:
                    cell = " / ".join(quantiles(found["times"][kind]))
                    if failed := found["failed"][kind]:
                        cell += f" ({failed} refused)"
                    cells.append(cell)
                asked = len(found["times"]["bridges"])
                first = number(found["first"] / 1e3, "s")
                rows.append([name, f"{m['ties']:,}", asked, first, *cells])
    return table(["", "ties", "asked", "first", *kinds], rows)


def _projection(all_: Sequence[Measured]) -> str:
    rows = []
    for m in all_:
        found = m["questions"]["embedded"]
        ties = max(1, found["ties"])
        rows.append(
            [
                f"{m['ties']:,}",
                f"{found['names']:,}",
                f"{found['ties']:,}",
                number(found["projecting"], "s"),
                number(found["arrays"] / ties),
                number(found["bytes"] / ties),
                megabytes(found["bytes"]),
            ]
        )
    head = ["ties made", "names", "ties held", "read", "arrays, bytes a tie"]
    return table([*head, "everything, bytes a tie", "everything"], rows)
