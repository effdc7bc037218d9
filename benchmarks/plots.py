"""Plots of how loads and questions grow: SVG, the same bytes for the same numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "alliance-explorer"
mpl.rcParams["svg.fonttype"] = "none"

from matplotlib import pyplot as plt  # noqa: E402  # after the choice of what draws

from .measure import median, quantile  # noqa: E402

Measured = dict[str, Any]
Line = tuple[str, str, str, list[float], list[float]]
COLOURS = {"embedded": "#0b6e99", "Neo4j": "#b3541e"}


def draw(all_: Sequence[Measured], folder: Path) -> None:
    """Write `scale-load.svg`, `scale-memory.svg` and `scale-questions.svg`."""
    seconds: Callable[[Measured], float] = lambda load: load["seconds"]  # noqa: E731
    megabytes: Callable[[Measured], float] = lambda load: load["peak"] / 1e6  # noqa: E731
    _plot(folder / "scale-load.svg", "Time to load", "seconds", _loads(all_, seconds))
    _plot(folder / "scale-memory.svg", "Peak memory", "MB", _loads(all_, megabytes))
    _plot(folder / "scale-questions.svg", "Questions, p50", "ms", _questions(all_))


def _loads(all_: Sequence[Measured], of: Callable[[Measured], float]) -> list[Line]:
    lines: list[Line] = []
    styles = {"first": "o-", "bare": "s--", "again": "^:"}
    for engine, colour in COLOURS.items():
        for kind, style in styles.items():
            points = []
            for m in all_:
                try:
                    points.append((m["rows"], median([of(x) for x in m[engine][kind]])))
                except (KeyError, IndexError):  # not measured
                    continue
            if points:
                x, y = ([float(p[i]) for p in points] for i in (0, 1))
                lines.append((f"{engine}, {kind}", colour, style, x, y))
    return lines


def _questions(all_: Sequence[Measured]) -> list[Line]:
    lines: list[Line] = []
    styles = {"bridges": "o-", "best path": "s--", "firm page": "^:", "portfolio": "d-."}
    for engine, colour in COLOURS.items():
        for kind, style in styles.items():
            asked = [m for m in all_ if engine in m["questions"]]
            if asked:
                y = [quantile(m["questions"][engine]["times"][kind], 0.5) for m in asked]
                x = [float(m["rows"]) for m in asked]
                lines.append((f"{engine}, {kind}", colour, style, x, y))
    return lines


def _plot(path: Path, title: str, unit: str, lines: Sequence[Line]) -> None:
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for label, colour, style, x, y in lines:
        axes.plot(x, y, style, color=colour, label=label, linewidth=1.5, markersize=5)
    axes.set(xscale="log", yscale="log", xlabel="rows", ylabel=unit, title=title)
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
