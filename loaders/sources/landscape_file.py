"""The YAML of a landscape: categories, subcategories and items, each with its line.

Built from parser events rather than with a YAML constructor: that is several times faster, keeps
the lines, and leaves out what a hostile file could use. Tags mean nothing, aliases are refused,
depth and size are bounded, and every scalar is text or None.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from alliance_explorer.errors import SourceError

# The largest known landscape has 3 MiB.
MAX_BYTES: Final = 32 << 20
# A landscape needs 12; libyaml's own recursion ends the process at some ten thousand.
MAX_DEPTH: Final = 30

_GZIP: Final = b"\x1f\x8b"
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value: TypeAlias = "str | list[Value] | Entry | None"


class Entry(dict[str, Value]):
    """A mapping of the file, the line where it starts, and keys that stand in it twice."""

    __slots__ = ("line", "repeated")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.repeated: list[str] = []


@dataclass(frozen=True, slots=True)
class Shelf:
    """One subcategory. What should be an item and is no mapping is in `broken`."""

    category: str
    name: str
    line: int
    items: tuple[Entry, ...]
    broken: tuple[object, ...]

    @property
    def path(self) -> str:
        """As landscapes write it in `second_path`."""
        return f"{self.category} / {self.name}"


def read_shelves(path: Path, name: str) -> list[Shelf]:
    """Read the subcategories of a landscape, in the order of the file.

    Parameters
    ----------
    path : Path
        YAML, as it is or gzipped.
    name : str
        What messages call it.

    Returns
    -------
    list of Shelf

    Raises
    ------
    SourceError
        The file cannot be read, is too large, is no YAML or no landscape.
    """
    content = _content(path, name)
    try:
        parser = _PARSER(content)  # looks at the first bytes
        return list(_shelves(_Builder(parser, name).document(), name))
    except yaml.MarkedYAMLError as exc:
        line = f", line {exc.problem_mark.line + 1}" if exc.problem_mark else ""
        raise SourceError(f"{name}{line}: not YAML: {exc.problem}") from exc
    except yaml.YAMLError as exc:
        raise SourceError(f"{name}: not YAML: {str(exc).splitlines()[0]}") from exc


def _content(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if packed:
                with gzip.open(file) as unpacked:
                    content = unpacked.read(MAX_BYTES + 1)
            else:
                content = file.read(MAX_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise SourceError(f"{name}: the gzip file is damaged: {exc}") from exc
    except OSError as exc:
        raise SourceError(f"{name}: cannot be read: {exc.strerror}") from exc
    if len(content) > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES >> 20} MiB")
    return content


class _Builder:
    """Makes plain values of the events of one document."""

    def __init__(self, parser: yaml.SafeLoader, name: str) -> None:
        self._next: Callable[[], yaml.Event] = parser.get_event
        self._name = name

    def document(self) -> Value:
        self._next()  # start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), 0)
        self._next()  # end of the document
        if not isinstance(event := self._next(), yaml.StreamEndEvent):
            raise self._refused(event, "a second document starts here, and a landscape is one")
        return value

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else event.value
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, "YAML aliases are not accepted; write the value out")
        if depth > MAX_DEPTH:
            raise self._refused(event, f"nested more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.SequenceStartEvent):
            values: list[Value] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                values.append(self._value(event, depth + 1))
            return values
        entry = Entry(_line(event))
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key is not text")
            key = event.value
            if key in entry:
                entry.repeated.append(key)
            entry[key] = self._value(self._next(), depth + 1)
        return entry

    def _refused(self, event: yaml.Event, reason: str) -> SourceError:
        return SourceError(f"{self._name}, line {_line(event)}: {reason}")


def _line(event: yaml.Event) -> int:
    assert event.start_mark
    return event.start_mark.line + 1


def _shelves(document: Value, name: str) -> Iterator[Shelf]:
    categories = document.get("landscape") if isinstance(document, Entry) else None
    if not isinstance(categories, list):
        raise SourceError(
            f"{name}: not a landscape: expected the key 'landscape' with a list of categories"
        )
    for category in _entries(categories, "category", name):
        title = _title(category, "category", name)
        subcategories = category.get("subcategories")
        if subcategories is None:
            continue
        for subcategory in _entries(subcategories, "subcategory", name):
            items = subcategory.get("items")
            if not isinstance(items, list | None):
                raise SourceError(f"{name}, line {subcategory.line}: 'items' is not a list")
            yield Shelf(
                title,
                _title(subcategory, "subcategory", name),
                subcategory.line,
                tuple(i for i in items or () if isinstance(i, Entry)),
                tuple(i for i in items or () if not isinstance(i, Entry)),
            )


def _entries(values: Value, what: str, name: str) -> Iterator[Entry]:
    if not isinstance(values, list):
        raise SourceError(f"{name}: not a landscape: the {what} list is no list")
    for number, value in enumerate(values, 1):
        if not isinstance(value, Entry):
            raise SourceError(f"{name}: not a landscape: {what} {number} is no mapping")
        yield value


def _title(entry: Entry, what: str, name: str) -> str:
    title = entry.get("name")
    if not isinstance(title, str) or not title.strip():
        raise SourceError(f"{name}, line {entry.line}: the {what} has no name")
    return title.strip()
