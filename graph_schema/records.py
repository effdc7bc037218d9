"""Rows become records: checked, typed, and with the key that makes loads idempotent."""

import datetime as dt
import difflib
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .model import NodeType, Property, RelationshipType
from .schema import SCHEMA

Value: TypeAlias = str | int | float | bool | dt.date | list[str]
Properties: TypeAlias = dict[str, Value]

MAX_ID = 300
MAX_TEXT = 1_000_000
# Bytes of an indexed text: of hardly more Neo4j says that it is too large to index.
MAX_INDEXED = 8_000
LIST_SEPARATOR = ";"

_ID = re.compile(r"[^\s\x00-\x1f\x7f|/?#%\\]+")
# Of a fact, as `fact_id` makes it.
FACT_ID = re.compile("[0-9a-f]{24}")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_END = Property("end", "id of one end of a relationship")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row: the field, and what is wrong with it."""

    field: str
    reason: str


class InvalidRow(ValueError):
    """A row that cannot become a record; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.reason}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A checked node. `properties` holds only what is known, `id` included."""

    type: NodeType
    id: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class RelationshipRecord:
    """A checked relationship between two ids; `properties['id']` identifies the fact."""

    type: RelationshipType
    from_id: str
    to_id: str
    properties: Properties

    @property
    def id(self) -> str:
        """The identity of the fact."""
        return str(self.properties["id"])

    @property
    def ends(self) -> tuple[str, str]:
        """Labels of both ends."""
        labels = SCHEMA.label_of(self.from_id), SCHEMA.label_of(self.to_id)
        assert labels[0] and labels[1]  # checked when the record was made
        return labels[0], labels[1]


Record: TypeAlias = NodeRecord | RelationshipRecord


def columns_of(type_: NodeType | RelationshipType) -> tuple[str, ...]:
    """Columns that a table of this type may have; `from` and `to` are a relationship's ends."""
    names = tuple(type_.by_name)
    return names if isinstance(type_, NodeType) else ("from", "to", *names[1:], "id")


def check_columns(type_: NodeType | RelationshipType, columns: Iterable[str]) -> list[Problem]:
    """Say which columns are unknown (with the nearest known name), repeated or missing."""
    known, given = columns_of(type_), list(columns)
    problems = [
        Problem(c or "(empty)", f"unknown column of {type_.name}" + nearest(c, known))
        for c in given
        if c not in known
    ]
    problems += [Problem(c, "column stands twice") for c in known if given.count(c) > 1]
    needed = (
        [p.name for p in type_.properties if p.required]
        if isinstance(type_, NodeType)
        else ["from", "to"]
    )
    problems += [
        Problem(c, f"column is missing; {type_.name} needs it") for c in needed if c not in given
    ]
    return problems


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or the list of what is allowed when nothing is near."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; allowed: {', '.join(known)}"


def parse(type_: NodeType | RelationshipType, row: Mapping[str, object]) -> Record:
    """Make a record of one row.

    Parameters
    ----------
    type_ : NodeType or RelationshipType
    row : mapping
        Column to value: text as in CSV, or JSON values. Empty text and None mean not known.

    Raises
    ------
    InvalidRow
        With every problem of the row.
    """
    problems: list[Problem] = []
    properties: Properties = {}
    for column, raw in row.items():
        if column in ("from", "to") and isinstance(type_, RelationshipType):
            continue
        declared = type_.by_name.get(column)
        if declared is None:
            problems.append(
                Problem(
                    column, f"unknown field of {type_.name}" + nearest(column, columns_of(type_))
                )
            )
            continue
        try:
            value = value_of(declared, raw)
        except ValueError as exc:
            problems.append(Problem(column, str(exc)))
            continue
        if value is not None:
            properties[column] = value
    if isinstance(type_, NodeType):
        return _node(type_, properties, problems, row)
    return _relationship(type_, properties, problems, row)


def _node(
    type_: NodeType, properties: Properties, problems: list[Problem], row: Mapping[str, object]
) -> NodeRecord:
    bad = {p.field for p in problems}
    for p in type_.properties:
        if p.required and p.name not in properties and p.name not in bad:
            problems.append(Problem(p.name, f"missing; every {type_.label} needs it"))
    if "id" in properties:
        problems += check_id("id", str(properties["id"]), (type_.label,))
    for name in type_.indexed:
        if len(str(properties.get(name, "")).encode()) > MAX_INDEXED:
            problems.append(Problem(name, f"longer than {MAX_INDEXED:,} bytes"))
    if wrong := wrong_interval(properties):
        problems.append(wrong)
    _check_source(properties, problems)
    if problems:
        raise InvalidRow(problems)
    return NodeRecord(type_, str(properties["id"]), properties)


def _relationship(
    type_: RelationshipType,
    properties: Properties,
    problems: list[Problem],
    row: Mapping[str, object],
) -> RelationshipRecord:
    ends: list[str] = []
    for side, column in enumerate(("from", "to")):
        end = ""
        try:
            end = str(value_of(_END, row.get(column)) or "")
        except ValueError as exc:
            problems.append(Problem(column, str(exc)))
        else:
            if end:
                problems += check_id(column, end, sorted({pair[side] for pair in type_.ends}))
            else:
                problems.append(Problem(column, f"missing; every {type_.type} needs it"))
        ends.append(end)
    from_id, to_id = ends
    if from_id and from_id == to_id:
        problems.append(Problem("to", "both ends are the same"))
    if wrong := wrong_interval(properties):
        problems.append(wrong)
    _check_source(properties, problems)
    if not FACT_ID.fullmatch(str(properties.get("id", "0" * 24))):
        problems.append(Problem("id", f"{properties['id']!r} is no id of a fact: leave it blank"))
    if problems:
        raise InvalidRow(problems)
    if type_.symmetric and to_id < from_id:
        from_id, to_id = to_id, from_id
    properties.setdefault("id", fact_id(type_, from_id, to_id, properties))
    return RelationshipRecord(type_, from_id, to_id, properties)


def fact_id(
    type_: RelationshipType, from_id: str, to_id: str, properties: Mapping[str, Value]
) -> str:
    """Identity of a fact: a hash of both ends, the type's key and the source (96 bits, hex)."""
    parts = [
        type_.type,
        from_id,
        to_id,
        *(key_text(properties.get(k, "")) for k in (*type_.key, "source")),
    ]
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def key_text(value: Value) -> str:
    """How a value of a key enters the identity of a fact."""
    return str(value)


def check_id(column: str, value: str, labels: Iterable[str]) -> list[Problem]:
    """What is wrong with an id of a node that has one of these labels; nothing or one thing."""
    prefixes = [SCHEMA.nodes[label].prefix for label in labels]
    if len(value) > MAX_ID:
        reason = f"longer than {MAX_ID} characters"
    elif not _ID.fullmatch(value):
        reason = f"{value!r}: an id has no spaces, control characters or any of | / ? # % \\"
    elif not any(value.startswith(p) and len(value) > len(p) for p in prefixes):
        reason = f"{value!r} does not start with {' or '.join(map(repr, prefixes))}"
    else:
        return []
    return [Problem(column, reason)]


def _check_source(properties: Properties, problems: list[Problem]) -> None:
    if "source" in properties:
        problems += check_id("source", str(properties["source"]), ("Source",))


def value_of(declared: Property, raw: object) -> Value | None:
    """One value, typed, or None when it is not known; ValueError says what is wrong."""
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "" or raw == []:
        return None
    value = _READERS[declared.type](declared, raw)
    if declared.choices and value not in declared.choices:
        raise ValueError(f"{_show(value)} is not allowed" + nearest(str(value), declared.choices))
    if declared.bounds and isinstance(value, int | float):
        low, high = declared.bounds
        if not low <= value <= high:
            raise ValueError(f"{value} is not between {low:g} and {high:g}")
    return None if value == [] else value


def wrong_interval(properties: Mapping[str, object]) -> Problem | None:
    """What is wrong with the dates of something: an end that is not after the start."""
    for first, last in (("start", "end"), ("since", "until")):
        start, end = properties.get(first), properties.get(last)
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end <= start:
            return Problem(last, f"{end} is not after {first} {start}")
    return None


def _string(declared: Property, raw: object) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise ValueError(f"{_show(raw)} is not text")
    if "\x00" in raw:
        raise ValueError("contains a NUL character")
    try:
        raw.encode()
    except UnicodeEncodeError as exc:
        raise ValueError("contains half a surrogate pair, which no text can hold") from exc
    if len(raw) > MAX_TEXT:
        raise ValueError(f"longer than {MAX_TEXT:,} characters")
    return raw


def text_of(value: Value) -> str:
    """A value as a cell of a table; `parse` makes the same value of it again.

    A list becomes a JSON array if one of its entries holds the separator.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        joined = LIST_SEPARATOR.join(value)
        ambiguous = joined.startswith("[") or any(LIST_SEPARATOR in entry for entry in value)
        return json.dumps(value, ensure_ascii=False) if ambiguous else joined
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else repr(value)


def _parts(text: str) -> list[object]:
    if text.startswith('["') and text.endswith('"]'):
        try:
            parts = json.loads(text)
        except ValueError:
            pass  # it only looks like one
        else:
            assert isinstance(parts, list)
            return parts
    return list(text.split(LIST_SEPARATOR))


def _strings(declared: Property, raw: object) -> list[str]:
    parts = _parts(raw) if isinstance(raw, str) else raw
    if not isinstance(parts, list):
        raise ValueError(f"{_show(raw)} is not a list")
    texts = (_string(declared, part).strip() for part in parts)
    return list(dict.fromkeys(t for t in texts if t))


def _int(declared: Property, raw: object) -> int:
    if isinstance(raw, bool):
        raise ValueError(f"{_show(raw)} is not a whole number")
    try:
        if isinstance(raw, str):
            number = int(_without_underscores(raw))
        elif isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer()):
            number = int(raw)
        else:
            raise ValueError
    except ValueError:
        raise ValueError(f"{_show(raw)} is not a whole number") from None
    if not -(2**63) <= number < 2**63:
        raise ValueError("does not fit into 64 bits")
    return number


def _float(declared: Property, raw: object) -> float:
    try:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise ValueError
        number = float(_without_underscores(raw) if isinstance(raw, str) else raw)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{_show(raw)} is not a number (decimal point, no thousands separator)"
        ) from None
    if not math.isfinite(number):
        raise ValueError(f"{_show(raw)} is not a finite number")
    return number


def _without_underscores(text: str) -> str:
    if "_" in text:  # Python takes 1_000 for a number; nobody else does
        raise ValueError
    return text


def _bool(declared: Property, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = _WORDS.get(str(raw).lower())
    if word is None:
        raise ValueError(f"{_show(raw)} is neither true nor false")
    return word


def _date(declared: Property, raw: object) -> dt.date:
    if isinstance(raw, dt.datetime):
        raw = raw.date()
    if isinstance(raw, dt.date):
        return raw
    match = _DATE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f"{_show(raw)} is not a date; write 2011, 2011-03 or 2011-03-31")
    return date_of(match[0], end=declared.exclusive_end)


def date_of(text: str, *, end: bool = False) -> dt.date:
    """The first day of a year, month or day in ISO form; with `end`, the first day after it.

    A whole date is taken as it stands, also with `end`: half-open intervals end on that day.

    Raises
    ------
    ValueError
        The text is no date.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{_show(text)} is not a date; write 2011, 2011-03 or 2011-03-31")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = dt.date(year, month, day)
    except ValueError as exc:
        raise ValueError(f"{_show(text)} is not a date: {exc}") from None
    if not end or match[3]:
        return first
    years, months = (year + 1, 1) if not match[2] or month == 12 else (year, month + 1)
    try:
        return dt.date(years, months, 1)
    except ValueError:
        raise ValueError(f"{_show(text)} ends after the last possible date") from None


def _show(raw: object, limit: int = 60) -> str:
    text = repr(raw)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_READERS: Mapping[str, Callable[[Property, object], Value]] = {
    "string": _string,
    "strings": _strings,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "date": _date,
}
