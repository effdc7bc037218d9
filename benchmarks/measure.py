"""Clocks, quantiles, memory, and a bound for the whole run."""

import gc
import importlib
import os
import platform
import resource
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar
from unittest import mock

P = ParamSpec("P")
T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]


# --- time ----------------------------------------------------------------------------------------


class Clock:
    """Adds up seconds by name. What runs inside something that is timed already is not counted.

    Threads are timed each for itself: what runs side by side counts twice.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._inside = threading.local()

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Time a block."""
        self.calls[name] += 1
        if getattr(self._inside, "busy", False):
            yield
            return
        self._inside.busy = True
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - start
            self._inside.busy = False


@contextmanager
def clocked(clock: Clock, places: Sequence[tuple[str, str, str]]) -> Iterator[None]:
    """Time functions of the product while the block runs.

    Parameters
    ----------
    clock : Clock
    places : sequence of (str, str, str)
        What to call it; the module; the function, or class and method with a dot between them.
    """
    with ExitStack() as stack:
        for name, module, path in places:
            owner: object = importlib.import_module(module)
            *outer, last = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            if outer and isinstance(owner.__dict__[last], classmethod):
                timed: object = classmethod(_timed(clock, name, owner.__dict__[last].__func__))
            else:
                timed = _timed(clock, name, getattr(owner, last))
            stack.enter_context(mock.patch.object(owner, last, timed))
        yield


def _timed(clock: Clock, name: str, function: Callable[..., object]) -> Callable[..., object]:
    def call(*args: object, **kwargs: object) -> object:
        with clock.time(name):
            return function(*args, **kwargs)

    return call


def timed(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[float, T]:
    """How long a call takes, in seconds, and what it returns."""
    start = time.perf_counter()
    result = call(*args, **kwargs)
    return time.perf_counter() - start, result


def milliseconds(call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """How long a call takes, in ms."""
    return 1e3 * timed(call, *args, **kwargs)[0]


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least `part` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))]


def median(values: Sequence[float]) -> float:
    """The middle value, or the lower one of the two in the middle."""
    return quantile(values, 0.5)


class Budget:
    """Seconds that are left for something."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Never negative."""
        return max(0.0, self._end - time.monotonic())

    def part(self, share: float) -> "Budget":
        """A budget of some of what is left."""
        return Budget(self.left * share)


# --- memory --------------------------------------------------------------------------------------


def resident(pid: int | None = None) -> int:
    """Memory of a process that is in use now, in bytes; 0 where the system does not tell."""
    return _status("VmRSS", pid)


def peak(pid: int | None = None) -> int:
    """The most memory that a process has used, in bytes.

    Not `ru_maxrss` where there is something better: that begins with what the parent had.
    """
    if found := _status("VmHWM", pid):
        return found
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if pid is None else 0


def _status(key: str, pid: int | None) -> int:
    try:
        text = Path(f"/proc/{pid or 'self'}/status").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in text.splitlines())
    return int(lines.get(key, "0 kB").split()[0]) * 1024


def traced(build: Callable[[], object]) -> int:
    """Bytes that Python and numpy hold for what a call returns. It takes several times as long."""
    gc.collect()
    tracemalloc.start()
    try:
        kept = build()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
        del kept
        return held
    finally:
        tracemalloc.stop()


# --- circumstances -------------------------------------------------------------------------------


def machine() -> str:
    """What runs this, in a line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {python}"


def busy() -> str:
    """How busy the machine is."""
    return f"load average {os.getloadavg()[0]:.1f}"


def revision() -> str:
    """The commit that is measured."""

    def git(*args: str) -> str:
        done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.strip()

    code = ["*.py", "*.cypher"]
    changed = git("status", "--porcelain", "--", *code, ":!benchmarks", ":!tests")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" and changes" if changed else "")
