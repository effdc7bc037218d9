"""A .zip that is sent while it is made."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

from .content import encoded

# The same content gives the same file.
_WRITTEN: Final = (1980, 1, 1, 0, 0, 0)


class Outlet(io.RawIOBase):
    """Keeps what is written until it is taken; it cannot go back, and those who write know how."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held += piece
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def zipped(files: Iterable[tuple[str, Iterable[str] | Iterable[bytes]]]) -> Iterator[bytes]:
    """A .zip of named files, in pieces; never more than a piece is in memory.

    Parameters
    ----------
    files : iterable of (str, iterable of str or bytes)
        Each is drawn on only when those before it are through. One without content is left out.
    """
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        for name, parts in files:
            about = zipfile.ZipInfo(name, _WRITTEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            with archive.open(about, "w", force_zip64=True) as member:
                for piece in encoded(parts):
                    member.write(piece)
                    if sent := outlet.take():
                        yield sent
    yield outlet.take()
