"""Text for XML: what must be escaped, and what XML cannot hold at all."""

import re

from .content import Lost

_UNHOLDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        # As they are, a reader would take them for a space or for another end of line.
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
)
UNHELD = "control characters, which XML cannot hold"


def xml(text: str, lost: Lost) -> str:
    """Text for an element or an attribute; what XML cannot hold is left out and counted."""
    bare, n = _UNHOLDABLE.subn("", text)
    lost.add(UNHELD, n)
    return bare.translate(_ESCAPES)
