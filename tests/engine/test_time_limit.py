"""What runs too long is told to stop, and nothing else."""

import threading
import time

import pytest

from alliance_explorer.engine.time_limit import AGAIN, TimeLimit


def test_only_what_is_too_long_is_stopped() -> None:
    limit, short, long = TimeLimit(), threading.Event(), threading.Event()
    with limit.of(30.0, long.set):
        with limit.of(0.05, short.set):
            assert short.wait(5)
        assert not long.is_set()
        short.clear()
        time.sleep(5 * AGAIN)
        assert not short.is_set(), "it had ended"


def test_what_goes_on_is_told_again() -> None:
    limit, told = TimeLimit(), threading.Semaphore(0)
    with limit.of(0.01, lambda: told.release()):
        assert all(told.acquire(timeout=5) for _ in range(3))


def test_a_later_limit_counts_though_an_earlier_one_has_ended() -> None:
    limit, stopped = TimeLimit(), threading.Event()
    for _ in range(3):
        with limit.of(0.03, stopped.set):
            pass
    with limit.of(0.06, stopped.set):
        assert stopped.wait(5)
    stopped.clear()
    time.sleep(3 * AGAIN)  # long enough that nobody is waited for
    with limit.of(0.02, stopped.set):
        assert stopped.wait(5)


def test_it_sleeps_until_the_first_limit_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much begins and ends meanwhile."""
    limit, slept = TimeLimit(), list[float | None]()
    wait = limit._changed.wait

    def counted(seconds: float | None = None) -> bool:
        slept.append(seconds)
        return wait(seconds)

    monkeypatch.setattr(limit._changed, "wait", counted)
    for _ in range(50):
        with limit.of(20.0, lambda: None):
            time.sleep(0.002)  # so that it could wake
    before = len(slept)
    assert before <= 2
    with limit.of(10.0, lambda: None):  # what passes earlier wakes it
        until = time.monotonic() + 5
        while len(slept) == before and time.monotonic() < until:
            time.sleep(0.01)
    assert len(slept) > before
    assert slept[-1] is not None
    assert slept[-1] <= 10.0
