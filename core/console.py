"""What every command shares: its consoles, its settings, its options, how answers are shown."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import ddl
from alliance_explorer.limits import Limit
from alliance_explorer.opening import open_from
from alliance_explorer.queries import Explorer
from alliance_explorer.settings import Settings

out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
chosen: ContextVar[Settings] = ContextVar("settings of this command")

Answer = TypeVar("Answer", bound=BaseModel)
Firm = Annotated[str, typer.Argument(help="Id or name of a firm.", show_default=False)]
Actor = Annotated[
    str, typer.Argument(help="Id or name of a firm, person or network.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print exactly what the API returns.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was valid on this day.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="DATE", help="Only what was recorded by then.")
]


def at_most(limit: Limit) -> Any:
    """The option that a length is asked by."""
    return typer.Option("--limit", min=limit.least, max=limit.most, help=f"Most {limit.what}.")


@contextmanager
def explorer() -> Iterator[Explorer]:
    """The explorer of the configured database, which is not made by being asked."""
    with open_from(chosen.get(), make=False) as engine:
        engine.define(ddl(engine.dialect))
        yield Explorer(engine, keep=chosen.get().keep_projection)


def show(answer: Answer, json: bool, tell: Callable[[Console, Answer], None]) -> None:
    """Print an answer: exactly as the API gives it, or by `tell` for people."""
    if json:
        typer.echo(answer.model_dump_json(by_alias=True))
    else:
        tell(out, answer)


def write(path: Path, text: str) -> None:
    """Write a file that the user named.

    Raises
    ------
    InvalidRequest
        It cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, body: bytes) -> None:
    """As `write`."""
    _write(path, [body])


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """As `write`, piece by piece."""
    _write(path, (piece.encode() for piece in pieces))


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as file:
            file.writelines(pieces)
    except OSError as exc:
        raise InvalidRequest(f"cannot write {path}: {exc.strerror}") from exc
