"""A time limit from outside, for what has none of its own or a dear one."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

# What does not end at once is told again: it may just have been between two steps.
AGAIN: Final = 0.02


class TimeLimit:
    """Tells what runs too long to stop. Safe to use from several threads.

    Its own thread sleeps until the first limit that was set has passed, even when what had it has
    ended long before: to begin and to end costs microseconds, and wakes nobody.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: dict[object, tuple[float, Callable[[], None]]] = {}
        self._wakes = float("inf")
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def of(self, seconds: float, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when so many seconds have passed, and again until this has ended."""
        key, until = object(), time.monotonic() + seconds
        with self._changed:
            self._running[key] = until, stop
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="time limit", daemon=True)
                self._thread.start()
            if until < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._running[key]

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for until, stop in self._running.values():
                    if until <= now:
                        stop()
                limits = [max(until, now + AGAIN) for until, _ in self._running.values()]
                self._wakes = min(limits, default=float("inf"))
                self._changed.wait(None if not limits else self._wakes - now)
