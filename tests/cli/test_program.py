"""The command line as a program of its own, and text that means nothing."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from alliance_explorer import queries
from tests.neo4j_server.server import free_port
from tests.support.console import MARKUP, PROGRAM, TELECOM, answer, ran, refused


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "Twins bold"),
        ("firm", "firm:markup"),
        ("portfolio", "firm:markup"),
        ("paths", "firm:a", "firm:markup"),
        ("feasibility", "firm:markup", "--service", "UX", "--reach", "domestic"),
        ("feasibility", "firm:markup"),
    ],
    ids=lambda value: value[0],
)
def test_names_are_printed_as_they_are(
    tiny: str, arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ran("--db", tiny, *arguments)
    assert MARKUP.split()[0] in told
    assert ":apple:" in told
    assert not set(told) & {chr(c) for c in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}
    as_json = json.loads(ran("--db", tiny, *arguments, "--json"))
    assert MARKUP in json.dumps(as_json)


def test_controls_of_a_terminal_are_shown(tiny: str) -> None:
    assert "\\x1b[31mred\\x1b[0m\\x07 \\x9b2J" in ran("--db", tiny, "firm", "firm:markup")


def test_json_of_a_view_is_not_touched(tiny: str) -> None:
    told = ran("--db", tiny, "view", "firm:markup", "--json")
    assert told == answer(tiny, lambda x: queries.ego(x, "firm:markup"))
    assert ":apple:" in told


def test_text_that_is_no_utf_8(tiny: str) -> None:
    # As Python gives the bytes of an argument that it cannot decode.
    assert json.loads(ran("--db", tiny, "search", "a\udcff", "--json"))["query"] == "a\\udcff"
    assert "no firm, person or network is called" in refused("--db", tiny, "firm", "\udcff")


def test_serve_keeps_the_database_to_itself(tiny: str) -> None:
    port = free_port()
    arguments = [str(PROGRAM), "--db", tiny, "serve", "--port", str(port)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = server.stderr.readline()
            assert said == f"Alliance Explorer on http://127.0.0.1:{port} (Ctrl+C stops it)\n"
            for command in (("stats",), ("load", TELECOM), ("serve", "--port", "0")):
                told = refused("--db", tiny, *command)
                assert "is in use by another process" in told
                assert "stop the other (a running `alliance-explorer serve`?)" in told
            with _answer(f"http://127.0.0.1:{port}/api/v1/stats") as response:
                assert json.load(response)["nodes"]["Firm"] == 4
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(10)
        assert "Traceback" not in server.stderr.read()
    assert "Firm" in ran("--db", tiny, "stats")


def _answer(url: str) -> Any:
    deadline = time.monotonic() + 20
    while True:
        try:
            return urllib.request.urlopen(url, timeout=10)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def program(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_exit_code_of_the_program(tmp_path: Path) -> None:
    wrong = program("firm", "Nobody", ALLIANCE_EXPLORER_DB=f"ladybug://{tmp_path}/x.lbug")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == (
        f"alliance-explorer: there is no database {tmp_path}/x.lbug; `alliance-explorer load` "
        "makes one\n"
    )


def test_output_with_few_letters(db: str) -> None:
    """As on Windows, when it goes into a file."""
    told = program("--db", db, "firm", "Xelerated", PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr) == (0, "")
    assert "\\u2190 involves" in told.stdout


def test_reader_that_has_seen_enough(db: str) -> None:
    """As `head` does."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as broken:
        arguments = [str(PROGRAM), "--db", db, "firm", "Xelerated"]
        done = subprocess.run(arguments, stdout=broken, stderr=subprocess.PIPE, text=True)
    assert done.stderr == ""
