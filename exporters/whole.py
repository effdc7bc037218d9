"""The stored graph in any format, to a folder, a file, or piece by piece."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest

from .content import encoded
from .cordis import LIMITS as CORDIS_LIMITS
from .cordis import cordis_tables
from .formats import GRAPH_FORMATS, Format
from .landscape import LIMITS as LANDSCAPE_LIMITS
from .landscape import landscape
from .stored import Stored
from .tables import Files, csv_tables, ndjson, parquet_tables, whole_json
from .workbook import LIMITS as EXCEL_LIMITS
from .workbook import MEDIA_TYPE as EXCEL
from .workbook import workbook
from .zipped import zipped


@dataclass(frozen=True)
class WholeFormat:
    """A format for the stored graph.

    Parameters
    ----------
    name, ending, media_type, limits : str
        As in `Format`.
    pieces : callable
        The one file, piece by piece.
    files : callable, optional
        Its parts by name, for a folder.
    """

    name: str
    ending: str
    media_type: str
    pieces: Callable[[Stored], Iterator[bytes]]
    limits: str = ""
    files: Callable[[Stored], Files] | None = None


def _graph(format: Format) -> WholeFormat:
    def pieces(stored: Stored) -> Iterator[bytes]:
        return format.pieces(stored.content(), stored.lost)

    return WholeFormat(format.name, format.ending, format.media_type, pieces, format.limits)


def _archive(name: str, files: Callable[[Stored], Files], limits: str = "") -> WholeFormat:
    def pieces(stored: Stored) -> Iterator[bytes]:
        return zipped(files(stored))

    return WholeFormat(name, ".zip", "application/zip", pieces, limits, files)


WHOLE_FORMATS: Final[Mapping[str, WholeFormat]] = {
    f.name: f
    for f in (
        _archive("tables", csv_tables),
        _archive("parquet", parquet_tables),
        WholeFormat("ndjson", ".ndjson", "application/x-ndjson", lambda s: encoded(ndjson(s))),
        WholeFormat("json", ".json", "application/json", lambda s: encoded(whole_json(s))),
        WholeFormat("excel", ".xlsx", EXCEL, workbook, EXCEL_LIMITS),
        *(_graph(f) for f in GRAPH_FORMATS.values()),
        _archive("cordis", cordis_tables, CORDIS_LIMITS),
        WholeFormat(
            "landscape",
            ".yml",
            "application/yaml",
            lambda s: encoded(landscape(s)),
            LANDSCAPE_LIMITS,
        ),
    )
}
# What a file name's ending means, where no format is named.
_BY_ENDING: Final = {
    "": "tables",
    ".zip": "tables",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".xlsx": "excel",
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".net": "pajek",
    ".edges": "edges",
    ".csv": "edges",
    ".yml": "landscape",
    ".yaml": "landscape",
}


def whole_format(name: str | None, path: Path | None = None) -> WholeFormat:
    """The format of that name; without one, what the ending of the path says.

    Raises
    ------
    InvalidRequest
        There is none, or the ending says nothing; tells what there is.
    """
    if name is None and path is not None:
        name = _BY_ENDING.get("" if path.is_dir() else path.suffix.lower())
        if name is None:
            raise InvalidRequest(
                f"{path}: what format is that? Name it ({', '.join(WHOLE_FORMATS)}), or let the "
                f"file end with {', '.join(filter(None, _BY_ENDING))}",
                "format",
            )
    if name not in WHOLE_FORMATS:
        reason = f"no format is called {name!r}{nearest(str(name), WHOLE_FORMATS)}"
        raise InvalidRequest(reason, "format")
    return WHOLE_FORMATS[str(name)]


def stream(stored: Stored, format: WholeFormat) -> Iterator[bytes]:
    """The file, piece by piece; no more than a batch of records is held.

    Raises
    ------
    EngineError
        At the end: the graph was written to meanwhile.
    """
    yield from format.pieces(stored)
    stored.finished()


def write(stored: Stored, format: WholeFormat, path: Path) -> int:
    """Write a file, or a folder of tables where the path has no ending; how many bytes.

    Raises
    ------
    InvalidRequest
        It cannot be written.
    EngineError
        The graph was written to meanwhile.
    """
    try:
        if format.files and (path.is_dir() or not path.suffix):
            path.mkdir(parents=True, exist_ok=True)
            size = 0
            for name, parts in format.files(stored):
                size += write_file(path / name, parts)
            stored.finished()
            return size
    except OSError as exc:
        raise InvalidRequest(f"cannot write {path}: {exc.strerror}") from exc
    return write_file(path, stream(stored, format))


def write_file(path: Path, pieces: Iterable[str] | Iterable[bytes]) -> int:
    """Write a file piece by piece; how many bytes.

    Until it is whole it has another name, so that there is never half of one.

    Raises
    ------
    InvalidRequest
        It cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    size = 0
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        with partial.open("wb") as file:
            for piece in encoded(pieces):
                size += file.write(piece)
        partial.replace(path)
    except OSError as exc:
        raise InvalidRequest(f"cannot write {path}: {exc.strerror}") from exc
    finally:
        partial.unlink(missing_ok=True)
    return size
