"""How much memory this process may use."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alliance_explorer.settings import LEAST_POOL

# Of what is there. The rest is for the copy that paths are searched in, and for everybody else.
SHARE: Final = 0.25
UNKNOWN: Final = 1 << 30


def usual_pool(root: Path = Path("/")) -> int:
    """Bytes of the embedded engine's buffer pool, where nobody says how many.

    A quarter of what the machine has, or the container, if that is given less; of a system that
    does not tell, 1 GiB.
    """
    memory = _memory(root)
    return UNKNOWN if memory is None else max(LEAST_POOL, int(memory * SHARE))


def _memory(root: Path) -> int | None:
    """The least of all limits; None if the system tells none."""
    limits = []
    with contextlib.suppress(AttributeError, OSError, ValueError):
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for file in _limits_of_containers(root):
        with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
            limits.append(int(file.read_text()))
    return min(limits, default=None)


def _limits_of_containers(root: Path) -> Iterator[Path]:
    """Files with limits: of both versions of Linux's control groups."""
    groups = root / "sys/fs/cgroup"
    yield groups / "memory/memory.limit_in_bytes"
    yield groups / "memory.max"
    with contextlib.suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            version, _, path = line.partition("::/")
            if version == "0":
                here = groups / path
                yield from (g / "memory.max" for g in (here, *here.parents) if groups in g.parents)
