"""Text for XML: what must be escaped, and what XML cannot hold at all; names of types."""

import re
from collections.abc import Mapping
from typing import Final

from alliance_explorer.graph_schema import PropertyType

from .content import Lost

# What GraphML and GEXF call the types; lists and dates are text.
XML_TYPES: Final[Mapping[PropertyType, str]] = {
    "string": "string",
    "int": "long",
    "float": "double",
    "bool": "boolean",
    "date": "string",
    "strings": "string",
}

UNHOLDABLE: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_UNHOLDABLE = re.compile(UNHOLDABLE)
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
