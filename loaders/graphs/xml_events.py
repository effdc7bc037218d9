"""XML from outside, event by event: nothing is expanded, fetched, or kept in memory."""

import xml.sax
import xml.sax.handler
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from alliance_explorer.errors import SourceError

CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Start:
    """An element begins; `tag` without its namespace."""

    tag: str
    attributes: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class End:
    """An element ends; `text` is the text since the last beginning or end."""

    tag: str
    text: str


class _Collector(xml.sax.handler.ContentHandler):
    def __init__(self, parser: Any) -> None:
        super().__init__()
        self._parser = parser
        self.events: list[Start | End] = []
        self._text: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # a name of SAX
        """Keep the beginning of an element."""
        line = self._parser.getLineNumber() or 0
        self.events.append(Start(_local(name), dict(attrs.items()), line))
        self._text.clear()

    def endElement(self, name: str) -> None:  # a name of SAX
        """Keep the end of an element."""
        self.events.append(End(_local(name), "".join(self._text)))
        self._text.clear()

    def characters(self, content: str) -> None:
        """Keep a piece of text."""
        self._text.append(content)


def xml_events(path: Path, name: str, root: str) -> Iterator[Start | End]:
    """The elements of a file in their order.

    Raises
    ------
    SourceError
        It is no XML, has another root than `root`, or declares entities (a way to make a small
        file huge, or to read others).
    """
    if not path.stat().st_size:
        raise SourceError(f"{name}: is empty")
    first = True
    try:
        for event in _events(path):
            if first and isinstance(event, Start) and event.tag != root:
                raise SourceError(f"{name}: begins with <{event.tag}>, not with <{root}>")
            first = False
            yield event
    except xml.sax.SAXParseException as exc:
        line = exc.getLineNumber()
        raise SourceError(f"{name}, line {line}: is no XML: {exc.getMessage()}") from exc
    except DefusedXmlException as exc:
        raise SourceError(f"{name}: declares entities, which are not read") from exc


def _events(path: Path) -> Iterator[Start | End]:
    parser = make_parser()
    collector = _Collector(parser)
    parser.setContentHandler(collector)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            parser.feed(chunk)
            yield from collector.events
            collector.events.clear()
    parser.close()
    yield from collector.events


def _local(name: str) -> str:
    return name.rpartition(":")[2]
