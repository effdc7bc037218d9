"""Fetching from a server that does as it should, and from servers that do not."""

import contextlib
import gzip
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from alliance_explorer.engine import open_engine
from alliance_explorer.errors import SourceError
from alliance_explorer.loaders import load
from alliance_explorer.loaders.fetch import MAX_REDIRECTS, fetched, is_url

TABLE = b"id,name\nfirm:a,A\n"
LARGE = 300_000


class Handler(BaseHTTPRequestHandler):
    """Each path has a manner of its own."""

    def do_GET(self) -> None:
        manner = (
            self.path.partition("?")[0].rpartition("/")[2].partition(".")[0].replace("-", "_")
            or "Firm"
        )
        answer: Callable[[], None] = getattr(self, f"answer_{manner}", self.answer_missing)
        # A client that has gone away is what some of the tests are about.
        with contextlib.suppress(ConnectionError):
            answer()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def answer_Firm(self) -> None:
        self.head(200, Content_Length=len(TABLE))
        self.wfile.write(TABLE)

    def answer_missing(self) -> None:
        self.head(404, Content_Length=0)

    def answer_broken(self) -> None:
        self.head(500, Content_Length=0)

    def answer_moved(self) -> None:
        self.head(302, Location="/data/Firm.csv")

    def answer_circle(self) -> None:
        self.head(302, Location=self.path)

    def answer_hop(self) -> None:
        """`/hop?3` goes on to `/hop?2`."""
        left = int(self.path.partition("?")[2])
        self.head(302, Location=f"/hop?{left - 1}" if left > 1 else "/Firm.csv")

    def answer_away(self) -> None:
        """To the address after the question mark."""
        self.head(302, Location=self.path.partition("?")[2])

    def answer_declared(self) -> None:
        self.head(200, Content_Length=LARGE)
        self.wfile.write(b"x" * LARGE)

    def answer_undeclared(self) -> None:
        self.head(200)
        for _ in range(100):
            self.wfile.write(b"x" * (LARGE // 100))

    def answer_chunked(self) -> None:
        self.protocol_version = "HTTP/1.1"
        self.head(200, Transfer_Encoding="chunked")
        for _ in range(100):
            self.wfile.write(b"%x\r\n%s\r\n" % (LARGE // 100, b"x" * (LARGE // 100)))
        self.wfile.write(b"0\r\n\r\n")

    def answer_bomb(self) -> None:
        packed = gzip.compress(bytes(50 << 20))
        self.head(200, Content_Encoding="gzip", Content_Length=len(packed))
        self.wfile.write(packed)

    def answer_short(self) -> None:
        self.head(200, Content_Length=1000)
        self.wfile.write(b"x" * 10)

    def answer_silent(self) -> None:
        self.server.stopped.wait(10)  # type: ignore[attr-defined]

    def answer_dripping(self) -> None:
        self.head(200, Content_Length=LARGE)
        self.drip()

    def answer_dripping_head(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        self.drip()

    def drip(self) -> None:
        while not self.server.stopped.wait(0.05):  # type: ignore[attr-defined]
            self.wfile.write(b"x")
            self.wfile.flush()

    def answer_nonsense(self) -> None:
        self.wfile.write(b"SMTP ready\r\n\r\n")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.stopped = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.stopped.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go: none may be left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def fetch(url: str, max_bytes: int = 100_000, timeout: float = 10.0) -> bytes:
    with fetched(url, max_bytes=max_bytes, timeout=timeout) as path:
        content = path.read_bytes()
        assert path.stat().st_size == len(content)
    assert not path.exists()
    return content


def refused(url: str, max_bytes: int = 100_000, timeout: float = 10.0) -> str:
    with pytest.raises(SourceError) as caught:
        fetch(url, max_bytes, timeout)
    return str(caught.value)


# --- what goes well ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/Firm.csv", "/Firm.csv?raw=1", "/data/moved", f"/hop?{MAX_REDIRECTS}"]
)
def test_fetched(server: str, path: str) -> None:
    assert fetch(server + path) == TABLE


def test_redirect_to_a_whole_address(server: str) -> None:
    assert fetch(f"{server}/away?{server}/Firm.csv") == TABLE


@pytest.mark.parametrize("how", ["declared", "undeclared", "chunked"])
def test_just_as_large_as_allowed(server: str, how: str) -> None:
    assert len(fetch(f"{server}/{how}", max_bytes=LARGE)) == LARGE


@pytest.mark.parametrize(
    "path", ["", "/", "/..", "/x/../", f"/{'x' * 300}/../Firm.csv", f"/Firm.{'x' * 300}"]
)
def test_the_name_of_the_file_is_no_path(server: str, path: str, scratch: Path) -> None:
    with fetched(server + path, max_bytes=1000, timeout=10.0) as target:
        assert target.parent.parent == scratch
        assert target.read_bytes() == TABLE


def test_a_file_is_gone_when_its_reader_fails(server: str) -> None:
    with (
        pytest.raises(RuntimeError, match="while reading"),
        fetched(f"{server}/Firm.csv", max_bytes=1000, timeout=5) as path,
    ):
        raise RuntimeError("while reading")
    assert not path.exists()


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/Firm.csv",
        "gopher://127.0.0.1/",
        "data:text/csv,id",
        "FILE:///etc/passwd",
    ],
)
def test_redirect_to_another_scheme(server: str, target: str) -> None:
    text = refused(f"{server}/away?{target}")
    assert "only http and https are allowed" in text or "is not an address" in text


@pytest.mark.parametrize("target", ["http://[", "http://", "//", "http://127.0.0.1:99999/", "\\"])
def test_redirect_to_nowhere(server: str, target: str) -> None:
    assert refused(f"{server}/away?{target}")


def test_too_many_redirects(server: str) -> None:
    assert "more than 5 redirects" in refused(f"{server}/circle")
    assert "more than 5 redirects" in refused(f"{server}/hop?{MAX_REDIRECTS + 1}")


@pytest.mark.parametrize("how", ["declared", "undeclared", "chunked"])
def test_too_large(server: str, how: str) -> None:
    assert refused(f"{server}/{how}", LARGE - 1).endswith(f"/{how}: larger than 0 MiB")


def test_too_large_when_unpacked(server: str) -> None:
    assert refused(f"{server}/bomb", 1 << 20).endswith("/bomb: larger than 1 MiB")


@pytest.mark.parametrize("how", ["silent", "dripping", "dripping-head"])
def test_too_slow(server: str, how: str) -> None:
    started = time.monotonic()
    text = refused(f"{server}/{how}", timeout=0.4)
    assert time.monotonic() - started < 5
    assert text.startswith(f"cannot fetch {server}/{how}: ")
    assert "not done within 0.4 s" in text


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/Firms.csv", "the server says 404"),
        ("/broken", "the server says 500"),
        ("/short", "closed"),
        ("/nonsense", "cannot fetch"),
    ],
)
def test_no_file(server: str, path: str, reason: str) -> None:
    assert reason in refused(server + path)


def test_nobody_listens() -> None:
    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/Firm.csv"
        assert refused(url).startswith(f"cannot fetch {url}: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///Firm.csv",
        "http://[::1/Firm.csv",
        "http://127.0.0.1:99999/Firm.csv",
        "http://127.0.0.1:port/Firm.csv",
        "http://a b/Firm.csv",
        "http://\x00/Firm.csv",
        "http://127.0.0.1/\ud800",
        f"http://{'a' * 64}.invalid/Firm.csv",
        f"http://{'é' * 64}.invalid/Firm.csv",
        "http://xn--\udcff/Firm.csv",
        "ftp://127.0.0.1/Firm.csv",
        "file:///etc/passwd",
        "://",
        "nonsense://x",
        f"http://127.0.0.1:9/{'x' * 300}.csv",
    ],
)
def test_not_an_address(url: str) -> None:
    text = refused(url, timeout=2.0)
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize("text", ["Firm.csv", "/data/Firm.csv", "C:\\data", "http:x", "data.zip"])
def test_paths_are_no_addresses(text: str) -> None:
    assert not is_url(text)


# --- through a load ------------------------------------------------------------------------------


@pytest.mark.ladybug
@pytest.mark.parametrize("path", ["/Firm.csv", "/Firm.csv?raw=1"])
def test_load_from_an_address(server: str, tmp_path: Path, path: str) -> None:
    with open_engine(f"ladybug://{tmp_path}/x.lbug") as engine:
        summary = load(engine, [server + path], max_download=1000, download_timeout=5)
        assert summary.counts["Firm"].created == 1
        again = load(engine, [server + path], max_download=1000, download_timeout=5)
        assert again.counts["Firm"].unchanged == 1
