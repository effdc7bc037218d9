"""Who reads, and who is alone."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from alliance_explorer.engine.readers import Readers
from alliance_explorer.errors import QueryTimeout

SOON = 0.05
LATE = 20.0


def test_places_are_kept_for_the_next() -> None:
    readers = Readers[str](2)
    with readers.one(LATE) as first, readers.one(LATE) as second:
        first.left, second.left = "one", "two"
    with readers.one(LATE) as place:
        assert place.left == "one", "left last"
    with readers.alone() as places:
        assert sorted(str(p.left) for p in places) == ["one", "two"]


def test_who_must_be_alone_waits_for_those_before_and_keeps_the_others_out() -> None:
    readers, told = Readers[str](2), list[str]()

    def read(name: str, goes: threading.Event) -> None:
        with readers.one(LATE):
            told.append(f"{name} in")
            assert goes.wait(LATE)
            told.append(f"{name} out")

    def be_alone() -> None:
        with readers.alone():
            told.append("alone")

    def until(what: Callable[[], bool]) -> None:
        late = time.monotonic() + LATE
        while not what():
            assert time.monotonic() < late
            time.sleep(0.001)

    goes = [threading.Event() for _ in range(3)]
    with ThreadPoolExecutor() as threads:
        going = [threads.submit(read, "long", goes[0])]
        until(lambda: told == ["long in"])
        going.append(threads.submit(be_alone))
        time.sleep(SOON)
        going.append(threads.submit(read, "short", goes[1]))
        until(lambda: told[1:] == ["short in"])  # a long read keeps nobody else waiting
        goes[0].set()
        until(lambda: told[2:] == ["long out"])
        time.sleep(SOON)
        going.append(threads.submit(read, "late", goes[2]))
        time.sleep(SOON)
        assert told[3:] == [], "a place is free, but somebody is waiting to be alone"
        goes[1].set()
        goes[2].set()
        for one in going:
            one.result(LATE)
    assert told[3:] == ["short out", "alone", "late in", "late out"]


def test_it_is_let_in_though_others_come_and_go_all_the_time() -> None:
    readers, done = Readers[str](2), threading.Event()

    def read() -> None:
        while not done.is_set():
            with readers.one(LATE):
                pass

    with ThreadPoolExecutor() as threads:
        going = [threads.submit(read) for _ in range(4)]
        for _ in range(50):
            with readers.alone() as places:
                assert all(p.came is None for p in places)
        done.set()
        for one in going:
            one.result(LATE)


def test_nobody_waits_for_ever() -> None:
    readers = Readers[str](1)
    for held in (readers.one(LATE), readers.alone()):
        with (
            held,
            pytest.raises(QueryTimeout, match=r"waited for 0\.05 s"),
            readers.one(SOON),
        ):
            pass
        with readers.one(SOON):
            pass
