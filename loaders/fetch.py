"""Files from the web, for `load URL`: http(s) only, limited in size and time."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import httpx

from alliance_explorer.errors import SourceError

MAX_REDIRECTS = 5


def is_url(text: str) -> bool:
    """Whether a source is an address rather than a path."""
    return "://" in text


@contextlib.contextmanager
def fetched(url: str, *, max_bytes: int, timeout: float) -> Iterator[Path]:
    """Fetch a file into a temporary one that is gone afterwards.

    Parameters
    ----------
    url : str
        `http` or `https`, also after redirects.
    max_bytes : int
        Largest size, in bytes when unpacked, as a server may pack what it sends.
    timeout : float
        For the whole download, in seconds.

    Raises
    ------
    SourceError
        Wrong scheme, too large, too slow, or the server did not answer with the file.
    """
    with tempfile.TemporaryDirectory(prefix="alliance-explorer-") as folder:
        try:
            target = Path(folder) / _file_name(url)
            with _client(url, timeout) as client:
                _download(client, url, target, max_bytes)
        except httpx.HTTPError as exc:
            raise SourceError(f"cannot fetch {url}: {str(exc) or type(exc).__name__}") from exc
        except (httpx.InvalidURL, ValueError) as exc:
            raise SourceError(f"{url} is not an address: {exc}") from exc
        yield target


def _file_name(url: str) -> str:
    name = PurePosixPath(urlsplit(url).path).name
    return "download" if name in ("", "..") else name[-60:]


@contextlib.contextmanager
def _client(url: str, timeout: float) -> Iterator[httpx.Client]:
    """A client that is closed when the time is over, whatever it is waiting for."""
    deadline = time.monotonic() + timeout
    # Its own limit is for each read: a server that now and then sends a byte would keep within it.
    client = httpx.Client(timeout=min(30.0, timeout))
    watch = threading.Timer(timeout, client.close)
    watch.daemon = True
    watch.start()
    try:
        with client:
            yield client
    except Exception as exc:
        if time.monotonic() < deadline:
            raise
        raise SourceError(f"cannot fetch {url}: not done within {timeout:g} s") from exc
    finally:
        watch.cancel()


def _download(client: httpx.Client, url: str, target: Path, max_bytes: int) -> None:
    for _ in range(MAX_REDIRECTS + 1):
        if urlsplit(url).scheme not in ("http", "https"):
            raise SourceError(f"cannot fetch {url}: only http and https are allowed")
        # Redirects are followed here, so that each address is checked.
        with client.stream("GET", url) as response:
            if response.next_request is not None:
                url = str(response.next_request.url)
                continue
            if not response.is_success:
                raise SourceError(f"cannot fetch {url}: the server says {response.status_code}")
            _save(response, url, target, max_bytes)
            return
    raise SourceError(f"cannot fetch {url}: more than {MAX_REDIRECTS} redirects")


def _save(response: httpx.Response, url: str, target: Path, max_bytes: int) -> None:
    size = 0
    with target.open("wb") as file:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > max_bytes:
                raise SourceError(f"cannot fetch {url}: larger than {max_bytes >> 20} MiB")
            file.write(chunk)
