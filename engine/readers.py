"""Places for readers, who have to leave when somebody must be alone."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Readers(Generic[T]):
    """So many places, each with what its last reader left there for the next one.

    Parameters
    ----------
    places : int
        Readers at a time; more wait.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._free: list[T | None] = [None] * places
        self._alone = False
        self._changed = threading.Condition()

    def take(self) -> T | None:
        """Come in, and take what was left at a place: at the one that was left last."""
        with self._changed:
            self._changed.wait_for(lambda: self._free and not self._alone)
            return self._free.pop()

    def leave(self, what: T | None) -> None:
        """Leave, and leave something behind."""
        with self._changed:
            self._free.append(what)
            self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[list[T | None]]:
        """Wait until all have left; nobody comes in, from now to the end.

        Gives what is at the places; it may be replaced.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._alone = True
        try:
            with self._changed:
                self._changed.wait_for(lambda: len(self._free) == self._places)
            yield self._free
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
