"""Search by name, in pages."""

import base64
import binascii
from collections.abc import Sequence

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import HITS

from .explorer import Explorer
from .graph.names import ACTOR_LABELS, SEARCHABLE
from .models import SearchResult


def search(
    explorer: Explorer,
    text: str,
    *,
    labels: Sequence[str] = ACTOR_LABELS,
    limit: int = HITS.usual,
    cursor: str | None = None,
) -> SearchResult:
    """Firms, networks and people that a text may mean; misspelt names are found too.

    Parameters
    ----------
    explorer : Explorer
    text : str
        A name, an alias, a part of one, or something like one.
    labels : sequence of str
        Node labels to look at, of `names.SEARCHABLE`.
    limit : int
        Hits on a page.
    cursor : str, optional
        `next_cursor` of the page before.

    Raises
    ------
    InvalidRequest
        Unknown label, or a cursor that no page gave.
    """
    for label in labels:
        if label not in SEARCHABLE:
            raise InvalidRequest(
                f"{label!r} cannot be searched" + nearest(label, SEARCHABLE), "label"
            )
    hits = explorer.names().search(text, labels)
    start = decode_cursor(cursor)
    page = hits[start : start + limit]
    more = start + limit < len(hits)
    return SearchResult(
        query=text,
        hits=page,
        total=len(hits),
        next_cursor=encode_cursor(start + limit) if more else None,
    )


def encode_cursor(position: int) -> str:
    """Where the next page starts, opaque to callers."""
    return base64.urlsafe_b64encode(f"p{position}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> int:
    """The position in a cursor; 0 without one.

    Raises
    ------
    InvalidRequest
        It is not one of ours.
    """
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        position = int(text.removeprefix("p")) if text.startswith("p") else -1
    except (binascii.Error, ValueError):
        position = -1
    if not 0 <= position < 2**31:
        raise InvalidRequest("the cursor is not one that a page gave", "cursor")
    return position
