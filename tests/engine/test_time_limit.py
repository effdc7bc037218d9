"""What runs too long is told to stop, and nothing else."""

import threading
import time

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


def test_it_sleeps_until_the_first_limit_has_passed() -> None:
    """However much begins and ends meanwhile."""
    limit = TimeLimit()
    with limit.of(20.0, lambda: None):
        pass
    thread = limit._thread
    assert thread is not None
    for _ in range(20_000):
        with limit.of(20.0, lambda: None):
            pass
    assert limit._thread is thread
    assert not limit._running
    assert limit._wakes < time.monotonic() + 20.0, "nothing later was waited for"
