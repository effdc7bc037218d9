"""Queries that somebody else wrote: what may be run, and what comes back.

The read-only transaction of either engine refuses whatever would change the graph. It does not
refuse what reaches beyond the graph: files and addresses that the server can read (`LOAD`), files
that it can write (`COPY … TO`, `EXPORT`), settings and procedures (`CALL`), or the end of the
transaction itself (`COMMIT; …`). That is what `check_foreign` is for.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from alliance_explorer.errors import InvalidRequest

from .protocol import Edge, Node, Table

LONGEST: Final = 10_000
"""Longest text of a query, in characters."""
BEGINNINGS: Final = ("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN")
"""Words that a query that only reads can begin with."""
_BEYOND: Final = frozenset(
    {
        *("ALTER", "ATTACH", "BEGIN", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "DROP"),
        *("EXPORT", "IMPORT", "INSTALL", "LOAD", "ROLLBACK", "SHOW", "TERMINATE", "USE"),
    }
)
MOST_MADE: Final = 100_000
"""Most that a function may make of nothing: entries of a list, letters of a text."""
# They take memory before any limit of time is looked at: a billion of them end the process.
_MAKERS: Final = frozenset({"LPAD", "RANGE", "REPEAT", "RPAD"})
_PIECES: Final = re.compile(
    r"""(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<name>`[^`]*`)"""
    r"|(?P<remark>//[^\n]*|/\*.*?\*/)|(?P<parameter>\$\w+)|(?P<word>[^\W\d]\w*)"
    r"|(?P<number>\d[\w.]*)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)


def check_foreign(query: str) -> str:
    """Return the query if it asks of the graph alone, in one statement.

    Raises
    ------
    InvalidRequest
        Says what may not stand in it.
    """

    def no(reason: str) -> InvalidRequest:
        return InvalidRequest(reason, "query")

    if len(query) > LONGEST:
        raise no(f"the query is longer than {LONGEST:,} characters")
    if "\0" in query:
        raise no("the query has a character that is none")
    if re.search(r"\\[uU]", query):  # Neo4j reads these before anything else, even in a string
        raise no("write the letter itself in place of \\u…, or pass it as a parameter")
    pieces = [
        (m.lastgroup, m.group())
        for m in _PIECES.finditer(query)
        if m.lastgroup not in ("space", "remark")
    ]
    while pieces and pieces[-1] == ("other", ";"):
        pieces.pop()
    if not pieces:
        raise no("there is no query")
    first = pieces[0][1].upper()
    if pieces[0][0] != "word" or first not in BEGINNINGS:
        raise no(f"a query that only reads begins with one of {', '.join(BEGINNINGS)}")
    for i, (kind, piece) in enumerate(pieces):
        word = piece.upper()
        if (kind, piece) == ("other", ";"):
            raise no("one statement at a time: there is a ; inside")
        if kind == "other" and piece in "'\"`":
            raise no(f"a {piece} is opened and never closed")
        if kind == "other" and piece == "/" and pieces[i + 1 : i + 2] == [("other", "*")]:
            raise no("a remark is opened and never closed")
        if kind != "word":
            continue
        if word in _BEYOND:
            raise no(f"{word} reaches beyond the graph; a name of that kind goes in `backticks`")
        if word == "CALL" and pieces[i + 1 : i + 2] not in ([("other", "{")], [("other", "(")]):
            raise no("CALL of a procedure reaches beyond the graph; a subquery CALL { … } may be")
        if word in _MAKERS and pieces[i + 1 : i + 2] == [("other", "(")] and _much(pieces[i + 2 :]):
            raise no(
                f"{word.lower()} takes numbers up to {MOST_MADE:,} here, as they are written, "
                "and size(…) of a list"
            )
    return query.strip().rstrip(";").rstrip()


def _much(pieces: Sequence[tuple[str | None, str]]) -> bool:
    """Whether what is given to a function, up to its closing bracket, may be a large number."""
    depth = 1
    for i, (kind, piece) in enumerate(pieces):
        depth += {"(": 1, ")": -1}.get(piece, 0) if kind == "other" else 0
        if not depth:
            return False
        if kind == "parameter" or (kind == "other" and piece not in "(),-+."):
            return True
        if kind == "number" and not (piece.isdecimal() and int(piece) <= MOST_MADE):
            return True
        called = pieces[i + 1 : i + 2] == [("other", "(")]
        if kind == "word" and called and piece.upper() != "SIZE":
            return True
    return True


def limited(columns: Sequence[str], rows: Iterable[Sequence[Any]], limit: int) -> Table:
    """Take at most so many rows, and look whether there is another."""
    taken: list[list[Any]] = []
    more = False
    for row in rows:
        if len(taken) == limit:
            more = True
            break
        taken.append([plain(v) for v in row])
    return Table(list(columns), taken, more)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: what has no number is null, the unknown is text."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, Node):
        return {"label": value.label} | {k: plain(v) for k, v in value.properties.items()}
    if isinstance(value, Edge):
        return {"type": value.type} | {k: plain(v) for k, v in value.properties.items()}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return str(value)
