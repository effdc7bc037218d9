"""What can go wrong, said for the person who can mend it.

Domain errors know nothing of HTTP or of exit codes: `api.errors` maps them to problem documents
and `core.cli` to exit codes.
"""

from collections.abc import Sequence


class AllianceExplorerError(Exception):
    """Root of every error that is meant for a user; its text says what to do."""


class InvalidRequest(AllianceExplorerError):
    """A question that cannot be asked so (a date, a kind, a length out of bounds).

    Parameters
    ----------
    message : str
        What is wrong, with the allowed values.
    field : str, optional
        The parameter it is about.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class UnknownActor(AllianceExplorerError):
    """No such firm, person or network; carries the nearest names.

    Parameters
    ----------
    name : str
        What was asked for.
    nearest : sequence of (id, name)
        The closest known actors, best first; may be empty.
    anybody : bool
        Whether the graph has any actors.
    """

    def __init__(
        self, name: str, nearest: Sequence[tuple[str, str]] = (), *, anybody: bool = True
    ) -> None:
        self.name = name
        self.nearest = tuple(nearest)
        super().__init__(
            f"no firm, person or network is called {_quote(name)}"
            + _list(self.nearest, "did you mean")
            + ("" if anybody else ": nothing is loaded yet")
        )


class AmbiguousActor(AllianceExplorerError):
    """Several actors carry the name; carries them all (at most ten)."""

    def __init__(self, name: str, nearest: Sequence[tuple[str, str]]) -> None:
        self.name = name
        self.nearest = tuple(nearest)
        super().__init__(
            f"{_quote(name)} is the name of several" + _list(self.nearest, "say which by its id")
        )


class SourceError(AllianceExplorerError):
    """A file, folder or URL that cannot be loaded at all: missing, too large, unreadable."""


class EngineError(AllianceExplorerError):
    """The graph database did not do what it was asked."""


class EngineUnavailable(EngineError):
    """The graph database cannot be reached or opened."""


class DatabaseLocked(EngineUnavailable):
    """Another process owns the embedded database file."""


class QueryTimeout(EngineError):
    """A query ran into its time limit."""


def _quote(name: str, limit: int = 80) -> str:
    return repr(name if len(name) <= limit else name[: limit - 1] + "…")


def _list(nearest: Sequence[tuple[str, str]], lead: str) -> str:
    if not nearest:
        return ""
    return f"; {lead}: " + ", ".join(f"{name} ({id_})" for id_, name in nearest)
