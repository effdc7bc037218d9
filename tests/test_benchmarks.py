"""What measurements look at inside the product is still where they look for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOOK = """
from benchmarks import {module}
from benchmarks.measure import Clock, clocked
with clocked(Clock(), {module}.PLACES):
    pass
"""


@pytest.mark.parametrize("module", ["child", "inside"])
def test_what_is_timed_is_there(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(module=module)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr
