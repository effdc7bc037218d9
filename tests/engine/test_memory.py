"""How much of the memory the embedded engine takes where nobody says."""

import os
from pathlib import Path

import pytest

from alliance_explorer.engine.memory import usual_pool

GB = 1 << 30


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of 64 GB."""
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 64 * GB // 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)


@pytest.mark.parametrize(
    ("files", "pool"),
    [
        ({}, 16 * GB),
        ({"sys/fs/cgroup/memory.max": "max\n"}, 16 * GB),
        ({"sys/fs/cgroup/memory.max": f"{8 * GB}\n"}, 2 * GB),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": f"{4 * GB}\n"}, GB),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 16 * GB),
        # The group of this process has no limit of its own, the one around it has.
        (
            {
                "proc/self/cgroup": "0::/user.slice/some.service\n",
                "sys/fs/cgroup/user.slice/some.service/memory.max": "max\n",
                "sys/fs/cgroup/user.slice/memory.max": f"{2 * GB}\n",
            },
            GB // 2,
        ),
        # Those of version 1 have their limits elsewhere.
        (
            {
                "proc/self/cgroup": "5:memory:/a\n1:cpu:/\n",
                "sys/fs/cgroup/a/memory.max": f"{GB}\n",
            },
            16 * GB,
        ),
        ({"sys/fs/cgroup/memory.max": "65536\n"}, 128 << 20),
    ],
)
def test_a_quarter_of_what_this_process_may_use(
    tmp_path: Path, files: dict[str, str], pool: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert usual_pool(tmp_path) == pool


def test_a_system_that_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sysconf")
    assert usual_pool(tmp_path) == GB
