"""What a Pajek file consists of, looked through before it is read.

That is its networks, whose vertices are whose, and partitions and vectors: values of vertices.

**Our rules** for a project of several networks: where all have as many vertices (of each mode), and
no number has two labels, a number is the same vertex in all, as with several relations or points in
time. Otherwise vertices of one label are the same, and those without a label are of their network
alone. Values belong to the last network before them that has as many vertices, else to the first.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA

from .graph_meaning import property_of
from .graph_parts import Lines

MAX_VERTICES: Final = 50_000_000
# Each says anew how many vertices there are, and then a value for each.
VALUES: Final = ("*partition", "*vector")
_OF_VERTICES: Final = (*VALUES, "*permutation", "*cluster")
_SHOWN: Final = 5
# How Pajek writes that a value is not known.
_MISSING: Final = "999999998"
# In quotes, a quotation mark is written twice.
_TOKEN = re.compile(r'"((?:[^"]|"")*)"?|(\S+)')
# Many are called as the file that they were read from.
_FOLDER = re.compile(r"^.*[\\/](?=\S+$)")
_ENDING = re.compile(r"\.(net|clu|vec|paj)$", re.IGNORECASE)


@dataclass
class Network:
    """One network.

    Attributes
    ----------
    title : str
    count, first : int
        Vertices, and those of the first mode; 0 if there is one mode only.
    labels : dict
        Of vertices that have one, by number; empty where nobody asks for them.
    keys : dict, optional
        What vertices with a label are known by in the whole file; None: by their numbers.
    """

    title: str
    count: int
    first: int
    labels: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] | None = None

    def key(self, number: int) -> str:
        """What a vertex is known by in the whole file."""
        if self.keys is None:
            return str(number)
        return self.keys.get(number) or f"{number}\n{self.title}"

    def is_apart(self, number: int) -> bool:
        """Whether a vertex says nothing outside its network."""
        return self.keys is not None and number not in self.keys

    def mode(self, number: int) -> int | None:
        """0 and 1 for vertices of the first and second mode, None if there is one."""
        return int(number > self.first) if self.first else None


@dataclass
class Project:
    """The networks of a file in their order.

    Attributes
    ----------
    networks : list of Network
    attributes : dict
        Values of vertices by title, by key of the vertex.
    passed : list of str
        Values that are of no network here.
    """

    networks: list[Network] = field(default_factory=list)
    attributes: dict[str, dict[str, object]] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """How several networks were put together; empty for one."""
        if len(self.networks) < 2:
            return ""
        told, apart = "a number is the same vertex in all", "one without a label in its own alone"
        if any(network.keys is not None for network in self.networks):
            bare = any(len(network.labels) < network.count for network in self.networks)
            told = "a label is the same vertex in all" + (f", {apart}" if bare else "")
        titles = [network.title for network in self.networks[:_SHOWN]]
        more = len(self.networks) - len(titles)
        titles += [f"and {more} more"] if more else []
        return f"{len(self.networks)} networks, {told}: {'; '.join(titles)}"


def sections(lines: Lines) -> Iterator[tuple[int, str, str, bool]]:
    """Lines with their number and section, and whether they begin it; no comments, no blanks."""
    section = ""
    for line, raw in lines:
        text = raw.strip()
        if not text or text.startswith("%"):
            continue
        begins = text.startswith("*")
        if begins:
            word = text.split(None, 1)[0].lower()
            if word == "*vertices" and section in _OF_VERTICES:
                continue  # how many values it has
            section = word
        yield line, text, section, begins


def words(text: str) -> list[str]:
    """The words of a line; what is quoted is one."""
    found = _TOKEN.finditer(text)
    return [m[1].replace('""', '"') if m[2] is None else m[2] for m in found]


def project(lines: Lines, name: str) -> Project:
    """Look a file through; labels and values are read only where they are needed.

    Raises
    ------
    SourceError
        There is no network, or one does not say how many vertices it has.
    """
    found = Project()
    has_values, title = False, ""
    for line, text, section, begins in sections(lines):
        if not begins:
            continue
        rest = text.split(None, 1)[1:]
        if section == "*network":
            title = _title(rest)
        elif section == "*vertices":
            size = _size(words(text), f"{name}, line {line}")
            number = len(found.networks) + 1
            title = title or f"network {number}"
            if any(network.title == title for network in found.networks):
                title = f"{title} ({number})"
            found.networks.append(Network(title, *size))
            title = ""
        has_values |= section in VALUES
    if not found.networks:
        raise SourceError(f"{name}: no *Vertices, so no Pajek network")
    several = len(found.networks) > 1
    if several or has_values:
        values = _contents(lines, found.networks if several else ())
        if several:
            _match(found.networks)
        for value in values:
            _place(value, found)
    return found


@dataclass
class _Values:
    """A partition or vector, and how many networks stand before it."""

    title: str
    told: str
    after: int
    words: list[str] = field(default_factory=list)


def _contents(lines: Lines, networks: Sequence[Network]) -> list[_Values]:
    """The values; the labels are put into the networks that are given."""
    values: list[_Values] = []
    met = 0
    for _, text, section, begins in sections(lines):
        if begins and section in VALUES:
            title = _title(text.split(None, 1)[1:])
            told = f"{section} {title}".strip()
            if (
                not title
                or _is_text(title)
                or title.casefold() in (v.title.casefold() for v in values)
            ):
                title = f"{title} ({section[1:]})".strip()
            values.append(_Values(title, told, met))
        elif begins:
            met += section == "*vertices"
        elif section in VALUES:
            values[-1].words.append(text.split(None, 1)[0])
        elif section == "*vertices" and networks:
            number, *label = words(text)[:2]
            network = networks[met - 1]
            known = number.isdecimal() and 0 < int(number) <= network.count
            if known and label and label[0] not in ("", str(int(number))):
                network.labels.setdefault(int(number), label[0])
    return values


def _match(networks: Sequence[Network]) -> None:
    """Say which vertices of several networks are one."""
    alike = len({(network.count, network.first) for network in networks}) == 1
    known: dict[int, str] = {}
    for network in networks:
        for number, label in network.labels.items():
            alike = alike and known.setdefault(number, _plain(label)) == _plain(label)
    if alike:
        return
    for network in networks:
        network.keys = {}
        met = Counter[str]()
        for number, label in network.labels.items():
            key = f"{'second mode ' if network.mode(number) else ''}{_plain(label)}"
            met[key] += 1  # those of one network are several, whatever they are called
            network.keys[number] = f"{key} ({met[key]})"


def _place(values: _Values, found: Project) -> None:
    fitting = [n for n, network in enumerate(found.networks) if network.count == len(values.words)]
    before = [n for n in fitting if n < values.after]
    if not fitting:
        found.passed.append(values.told)
        return
    network = found.networks[before[-1] if before else fitting[0]]
    for number, word in enumerate(values.words, start=1):
        if word != _MISSING:
            own = found.attributes.setdefault(network.key(number), {})
            own.setdefault(values.title, _number(word))


def _is_text(title: str) -> bool:
    """Whether the schema has a text of that name: of a country a number says nothing."""
    names = ((type_, property_of(type_, title)) for type_ in SCHEMA.nodes.values())
    return any(name and type_.by_name[name].type.startswith("string") for type_, name in names)


def _number(word: str) -> object:
    """A whole number where it is one, also as `1990.0000`."""
    try:
        value = float(word)
    except ValueError:
        return word
    return int(value) if value.is_integer() else value


def _size(found: Sequence[str], where: str) -> tuple[int, int]:
    """Vertices, and those of the first mode."""
    try:
        count = int(found[1])
        first = int(found[2]) if len(found) > 2 else 0
    except (IndexError, ValueError):
        raise SourceError(f"{where}: *Vertices is to be followed by their number") from None
    if not 0 < count <= MAX_VERTICES or first > count:
        raise SourceError(f"{where}: {count:,} vertices")
    return count, first


def _title(rest: Sequence[str]) -> str:
    title = rest[0].strip().strip('"') if rest else ""
    return _ENDING.sub("", _FOLDER.sub("", title))


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())
