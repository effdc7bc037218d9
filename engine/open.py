"""From a URL to an open engine."""

from pathlib import Path
from urllib.parse import urlsplit

from alliance_explorer.errors import EngineUnavailable

from .memory import usual_pool
from .protocol import Engine

BOLT_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_engine(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    read_timeout: float = 20.0,
    write_timeout: float = 120.0,
    buffer_pool: int | None = None,
    make: bool = True,
) -> Engine:
    """Open the graph database that a URL names.

    Parameters
    ----------
    url : str
        `ladybug://PATH` for the embedded engine, or a Bolt address such as `neo4j://HOST:7687`.
    user, password, database : str, optional
        For Neo4j.
    read_timeout, write_timeout : float
        Time limits of one read and of one write, in seconds.
    buffer_pool : int, optional
        Memory that the embedded engine keeps pages in, and what it loads, in bytes; a quarter of
        what this process may use unless given.
    make : bool
        Make the file of the embedded engine if it is missing.

    Raises
    ------
    EngineUnavailable
        Unknown scheme, no such file, or it cannot be opened or reached; DatabaseLocked when another
        process owns the embedded file.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "ladybug" and rest:
        from .ladybug import LadybugEngine  # the driver of the other engine stays unloaded

        if not make and not Path(rest).exists():
            raise EngineUnavailable(
                f"there is no database {rest}; `alliance-explorer load` makes one"
            )
        return LadybugEngine(
            Path(rest),
            read_timeout=read_timeout,
            write_timeout=write_timeout,
            buffer_pool=usual_pool() if buffer_pool is None else buffer_pool,
        )
    if scheme in BOLT_SCHEMES:
        from .neo4j import Neo4jEngine

        parts = urlsplit(url)
        if parts.username or parts.password:
            raise EngineUnavailable(
                "the database URL holds a user or password, which would end up in logs; "
                "use ALLIANCE_EXPLORER_DB_USER and ALLIANCE_EXPLORER_DB_PASSWORD"
            )
        return Neo4jEngine(
            url,
            auth=(user or "neo4j", password) if password else None,
            database=database,
            read_timeout=read_timeout,
            write_timeout=write_timeout,
        )
    meant = "" if "://" in url else f"; did you mean ladybug://{url}?"
    raise EngineUnavailable(
        f"cannot open {scheme + '://' if '://' in url else url!r}: "
        f"use ladybug://PATH or {', '.join(s + '://' for s in BOLT_SCHEMES)}{meant}"
    )
