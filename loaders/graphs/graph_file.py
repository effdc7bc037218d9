"""Files of graphs into records: our own exports as they were, others by the rules of `meaning`.

A node is our own if it says what it is (`type` or `label`, a label of the schema) and its id begins
as ids of that label do. The file is read two or three times, part by part; an id is kept for each
foreign node, 200 bytes or so.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from alliance_explorer.graph_schema import (
    FACT_ID,
    SCHEMA,
    InvalidRow,
    NodeType,
    Problem,
    RelationshipType,
    parse,
)
from alliance_explorer.loaders.cleaning.identity import slug
from alliance_explorer.loaders.model import Item, Located, Note, Rejected

from .graph_meaning import KIND_KEYS, NAME_KEYS, Meaning, between_firms, meaning, property_of
from .graph_parts import GraphNode, GraphTie, Part

GROUP: Final = 5_000
MAX_JOINED: Final = 120
SOURCE, ALLIANCE = SCHEMA.nodes["Source"], SCHEMA.nodes["Alliance"]
PARTY_TO = SCHEMA.relationships["PARTY_TO"]
_Type = NodeType | RelationshipType
# What formats say of the drawing, or what is said already.
_SAID: Final = {"id", "key", "bipartite", "fact_source"}


def read_graph(
    parts: Callable[[], Iterator[Part]],
    path: Path,
    name: str,
    *,
    as_: str | None = None,
    by_name: bool = False,
) -> Iterator[Item]:
    """Records of a file, nodes first.

    Parameters
    ----------
    parts : callable
        Reads the file from the start.
    path, name : Path, str
        The file, and what messages call it.
    as_ : str, optional
        What ties are: a relationship type, or the kind of the alliances.
    by_name : bool
        Nodes are known by their names alone, as in an edge list: names with the same letters and
        digits are one. Else each node of the file is one of its own.
    """
    return _Reading(parts, path, name, as_, by_name).items()


@dataclass
class _Unplaced:
    """What had no place in the schema, to be told at the end."""

    attributes: Counter[str] = field(default_factory=Counter)
    unfit: Counter[str] = field(default_factory=Counter)
    example: dict[str, str] = field(default_factory=dict)


class _Reading:
    """One file on its way into records."""

    def __init__(
        self,
        parts: Callable[[], Iterator[Part]],
        path: Path,
        name: str,
        as_: str | None,
        by_name: bool,
    ) -> None:
        self._parts, self._name, self._as, self._by_name = parts, name, as_, by_name
        file = path.name if path.name != "upload" else name
        self._stem = slug(file.partition(".")[0] or file)
        url = name if urlsplit(name).scheme in ("http", "https") else None
        row = {"id": f"source:{self._stem}", "title": file, "url": url}
        self._source = parse(SOURCE, row)
        self._ids: dict[str, str] = {}  # of foreign nodes, by key
        self._names: dict[str, str] = {}  # of foreign nodes, by our id
        self._taken: dict[str, int] = {}  # how often an id was wanted
        self._own_sources: set[str] = set()
        self._modes: dict[str, int] = {}
        self._unplaced = {"nodes": _Unplaced(), "ties": _Unplaced()}
        self._foreign = Counter[str]()
        self._waiting: dict[str, list[Located]] = {}
        self._meaning = self._of_one_mode = Meaning("Firm", "Firm")

    def items(self) -> Iterator[Item]:
        foreign, two_modes = False, False
        for part in self._parts():
            if isinstance(part, GraphNode):
                if _is_reference(part):
                    continue
                own = _own_node(part)
                foreign |= own is None
                two_modes |= _mode(part) is not None
                if own is SOURCE:
                    self._own_sources.add(part.key)
                    yield self._own(part, SOURCE)
            elif isinstance(part, GraphTie):
                foreign |= _own_tie(part) is None
        if foreign:
            yield Located(self._source, self._name, 0)
        self._meaning = meaning(self._as, two_modes)
        self._of_one_mode = meaning(self._as, False)
        if self._meaning.by_target:
            ties = (p for p in self._parts() if isinstance(p, GraphTie))
            self._modes = {end: 1 for tie in ties for end in tie.ends[1:] if end != tie.ends[0]}
        for part in self._parts():
            if isinstance(part, GraphNode):
                if _is_reference(part):
                    continue
                type_ = _own_node(part)
                if type_ is None:
                    yield from self._grouped(self._foreign_node(part))
                elif type_ is not SOURCE:
                    yield from self._grouped(self._own(part, type_))
            elif not isinstance(part, GraphTie):
                yield part
        yield from self._rest()
        for part in self._parts():
            if isinstance(part, GraphTie):
                for item in self._tie(part):
                    yield from self._grouped(item)
        yield from self._rest()
        yield from self._notes()

    # --- in groups, as the writer takes them -----------------------------------------------------

    def _grouped(self, item: Item) -> Iterator[Item]:
        if not isinstance(item, Located):
            yield item
            return
        group = self._waiting.setdefault(item.record.type.name, [])
        group.append(item)
        if len(group) >= GROUP:
            if item.record.type is PARTY_TO:
                yield from self._waiting.pop(ALLIANCE.name, [])
            yield from self._waiting.pop(item.record.type.name)

    def _rest(self) -> Iterator[Item]:
        for type_ in SCHEMA:
            yield from self._waiting.pop(type_.name, [])

    # --- our own ---------------------------------------------------------------------------------

    def _own(self, part: GraphNode, type_: NodeType) -> Item:
        own = self._known("nodes", type_, part.attributes)
        return self._located(type_, {**own, "id": part.key}, part.line)

    def _own_fact(self, part: GraphTie, type_: RelationshipType) -> Item:
        given = dict(part.attributes)
        if source := given.get("fact_source"):
            given["source"] = source
        own = self._known("ties", type_, given)
        if FACT_ID.fullmatch(str(given.get("id", ""))):  # any other is the file's, not ours
            own["id"] = given["id"]
        return self._located(type_, {**own, "from": part.ends[0], "to": part.ends[1]}, part.line)

    def _known(self, what: str, type_: _Type, given: Mapping[str, object]) -> dict[str, object]:
        own = {}
        for key, value in given.items():
            if key in type_.by_name and key != "id":
                own[key] = value
            elif key not in (*_SAID, "type", "label") and not (
                key == "weight" and "strength" in given
            ):
                self._unplaced[what].attributes[key] += 1
        return own

    def _located(self, type_: _Type, row: Mapping[str, object], line: int) -> Item:
        try:
            return Located(parse(type_, row), self._name, line)
        except InvalidRow as exc:
            return Rejected(type_.name, self._name, line, exc.problems, dict(row))

    # --- foreign ---------------------------------------------------------------------------------

    def _foreign_node(self, part: GraphNode) -> Item:
        mode = _mode(part)
        type_ = SCHEMA.nodes[
            self._meaning.label(self._modes.get(part.key) if mode is None else mode)
        ]
        by_name = {k.casefold(): v for k, v in part.attributes.items()}
        name_key = next((k for k in NAME_KEYS if _text(by_name.get(k))), None)
        name = _text(by_name[name_key]) if name_key else " ".join(part.key.split())
        id_ = self._id(type_, name or part.key, part.apart)
        if part.key in self._ids:
            problem = Problem("id", f"{part.key!r} stands twice")
            return Rejected(type_.name, self._name, part.line, (problem,), dict(part.attributes))
        self._ids[part.key] = id_
        self._names[id_] = name
        own = {k: v for k, v in part.attributes.items() if k.casefold() != name_key}
        self._foreign[f"nodes as {type_.name}"] += 1
        row: dict[str, object] = {"id": id_, "name": name}
        if type_ is ALLIANCE and self._meaning.kind:
            row["kind"] = self._meaning.kind
        return self._fitted("nodes", type_, row, own, part.line)

    def _id(self, type_: NodeType, name: str, apart: str) -> str:
        base = slug(name)
        if apart:
            base = f"{self._stem}-{slug(apart)}-{base}"
        elif base.replace("-", "").isdecimal():  # a number says nothing outside its file
            base = f"{self._stem}-{base}"
        wanted = type_.prefix + base
        if self._by_name:
            return wanted
        self._taken[wanted] = n = self._taken.get(wanted, 0) + 1
        while n > 1 and f"{wanted}-{n}" in self._taken:
            n += 1
        if n > 1:
            self._taken[wanted] = n
            wanted = f"{wanted}-{n}"
            self._taken[wanted] = 1
        return wanted

    def _fitted(
        self,
        what: str,
        type_: _Type,
        row: dict[str, object],
        given: Mapping[str, object],
        line: int,
    ) -> Item:
        """A record with those attributes that have a place and fit; the others are counted."""
        told = self._unplaced[what]
        placed: dict[str, str] = {}
        for key, value in given.items():
            name = property_of(type_, key)
            if value in (None, "") or key.casefold() in _SAID:
                continue
            if name is None or name in row:
                told.attributes[key] += 1
            else:
                row[name] = value
                placed[name] = key
        if "source" in type_.by_name:
            row["source"] = self._source.id
        try:
            return Located(parse(type_, row), self._name, line)
        except InvalidRow as exc:
            for p in exc.problems:
                if p.field in placed and p.field in row:
                    key = placed[p.field]
                    told.unfit[key] += 1
                    told.example.setdefault(key, f"line {line}: {p.reason}")
                    del row[p.field]
        return self._located(type_, row, line)

    # --- ties ------------------------------------------------------------------------------------

    def _tie(self, part: GraphTie) -> Iterator[Item]:
        own = _own_tie(part)
        if own is not None:
            yield self._own_fact(part, own)
            return
        ends = [self._ids.get(e, e) for e in part.ends]
        labels = [SCHEMA.label_of(e) for e in ends]
        problems = [
            Problem(side, f"{key!r} is no node of this file")
            for side, key, end in zip(("from", "to"), part.ends, ends, strict=False)
            if key not in self._ids and SCHEMA.label_of(end) is None
        ]
        if len(ends) < 2:
            problems.append(Problem("to", "missing"))
        elif len(set(ends)) < len(ends):
            problems.append(Problem("to", "both ends are the same"))
        word = next((part.attributes[k] for k in KIND_KEYS if part.attributes.get(k)), None)
        type_ = (self._of_one_mode if part.one_mode else self._meaning).type or between_firms(word)
        if type_ is not None and not problems:
            if len(ends) > 2:
                problems.append(Problem("to", f"{len(ends)} ends; {type_.name} joins two"))
            elif (labels[0], labels[1]) not in type_.ends:
                if (labels[1], labels[0]) in type_.ends:
                    ends.reverse()
                else:
                    problems.append(
                        Problem("to", f"{type_.name} joins no {labels[0]} and {labels[1]}")
                    )
        elif not problems and any(label != "Firm" for label in labels):
            odd = next(label for label in labels if label != "Firm")
            problems.append(Problem("to", f"an alliance joins firms, and this is a {odd}"))
        if problems:
            name = type_.name if type_ else ALLIANCE.name
            yield Rejected(name, self._name, part.line, tuple(problems), dict(part.attributes))
        elif type_ is not None:
            given = {k: v for k, v in part.attributes.items() if v is not word}
            row: dict[str, object] = {"from": ends[0], "to": ends[1]}
            self._foreign[f"ties as {type_.name}"] += 1
            yield self._fitted("ties", type_, row, given, part.line)
        else:
            yield from self._alliance(part, ends, word)

    def _alliance(self, part: GraphTie, ends: list[str], word: object) -> Iterator[Item]:
        given = {k: v for k, v in part.attributes.items() if v is not word and k != "alliance"}
        kind = self._meaning.kind or (str(word) if word else None)
        row: dict[str, object] = {"kind": kind} if kind else {}
        first, *others = sorted(ends)
        stated = str(part.attributes.get("alliance", ""))
        begun = next((v for k, v in given.items() if property_of(ALLIANCE, k) == "start"), "")
        bare = [e.partition(":")[2] for e in (first, *others)]
        said = [slug(str(word)) for word in (kind, begun) if word]
        made = "alliance:" + ":".join([self._stem, _short("--".join(bare)), *said])
        row["id"] = stated if SCHEMA.label_of(stated) == ALLIANCE.label else made
        if "name" not in part.attributes:
            names = [self._names.get(e) or e.partition(":")[2] for e in (first, *others)]
            row["name"] = " – ".join(names)[:1000]
        self._foreign["ties as Alliance"] += 1
        alliance = self._fitted("ties", ALLIANCE, row, given, part.line)
        yield alliance
        if isinstance(alliance, Located):
            for end in ends:
                party = {"from": end, "to": row["id"], "source": self._source.id}
                yield self._located(PARTY_TO, party, part.line)

    # --- what a reader should know ---------------------------------------------------------------

    def _notes(self) -> Iterator[Note]:
        if self._foreign:
            taken = ", ".join(f"{n:,} {what}" for what, n in self._foreign.items())
            yield Note(f"{self._name}: taken {taken}")
        again = sum(n > 1 for n in self._taken.values())
        if again:
            yield Note(
                f"{self._name}: {again:,} names stand for several nodes; these were kept apart"
            )
        for what, told in self._unplaced.items():
            if told.attributes:
                each = ", ".join(f"{k} ({n:,})" for k, n in told.attributes.most_common(20))
                yield Note(f"{self._name}: the schema has no place for this of {what}: {each}")
            for key, n in told.unfit.items():
                yield Note(
                    f"{self._name}: {key} of {n:,} {what} was left out, because it does not fit; "
                    f"{told.example[key]}"
                )


def _short(text: str) -> str:
    """Short enough for an id, and still one of its kind."""
    if len(text) <= MAX_JOINED:
        return text
    return f"{text[:MAX_JOINED]}-{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


def _is_reference(part: GraphNode) -> bool:
    """Whether a node is but an id of ours, as in an edge list that we wrote."""
    return not part.attributes and SCHEMA.label_of(part.key) is not None


def _own_node(part: GraphNode) -> NodeType | None:
    for key in ("type", "label"):
        type_ = SCHEMA.nodes.get(str(part.attributes.get(key, "")))
        if type_ and part.key.startswith(type_.prefix):
            return type_
    return None


def _own_tie(part: GraphTie) -> RelationshipType | None:
    if len(part.ends) != 2:
        return None
    labels = SCHEMA.label_of(part.ends[0]), SCHEMA.label_of(part.ends[1])
    for key in ("type", "label", "relation"):
        type_ = SCHEMA.relationships.get(str(part.attributes.get(key, "")))
        if type_ and labels in type_.ends:
            return type_
    return None


def _mode(part: GraphNode) -> int | None:
    if part.mode is not None:
        return part.mode
    told = str(part.attributes.get("bipartite", ""))
    return int(told) if told in ("0", "1") else None


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
