"""Places for readers, who have to leave when somebody must be alone."""

import contextlib
import itertools
import threading
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from alliance_explorer.errors import QueryTimeout

T = TypeVar("T")


class Place(Generic[T]):
    """Where one may read, and what the last reader left there for the next one."""

    def __init__(self) -> None:
        self.left: T | None = None
        self.came: int | None = None  # the number of who reads here, in the order of coming


class Readers(Generic[T]):
    """So many places for readers. Safe to use from several threads.

    Parameters
    ----------
    places : int
        Readers at a time; more wait.
    """

    def __init__(self, places: int) -> None:
        self._places = [Place[T]() for _ in range(places)]
        self._free = [*self._places]
        self._count = itertools.count()
        self._shut = False
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def one(self, seconds: float) -> Iterator[Place[T]]:
        """A place to read at: the one that was left last.

        Raises
        ------
        QueryTimeout
            There was none for so long.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._free and not self._shut, seconds):
                raise QueryTimeout(
                    f"waited for {seconds:g} s: too many read, or somebody writes a great deal"
                )
            place = self._free.pop()
            place.came = next(self._count)
        try:
            yield place
        finally:
            with self._changed:
                place.came = None
                self._free.append(place)
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[Sequence[Place[T]]]:
        """All places, when nobody reads; one thread at a time asks for them.

        Whoever comes while those still read who were here before is let in: a long one of these
        keeps nobody else waiting. When they have left nobody comes in, and those who came meanwhile
        are waited for.
        """
        with self._changed:
            now = next(self._count)
            self._changed.wait_for(
                lambda: all(p.came is None or p.came > now for p in self._places)
            )
            self._shut = True
        try:
            with self._changed:
                self._changed.wait_for(lambda: len(self._free) == len(self._places))
            yield self._places
        finally:
            with self._changed:
                self._shut = False
                self._changed.notify_all()
