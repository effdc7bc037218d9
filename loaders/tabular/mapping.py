"""A mapping: a small YAML file that says what the columns of a table mean.

See `docs/mapping.md`. Every mistake is told at once, with file, line, field and what is allowed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import SCHEMA, NodeType, Property, RelationshipType, nearest
from alliance_explorer.loaders.cleaning.repair import BLANK_MARKS

from .sheets import SEPARATORS, Layout
from .yaml_lines import Checked, YamlMap, YamlValue, compose

_PLACE = re.compile(r"\{([^{}]+)\}")
_SEPARATOR_NAMES: Final = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}

_TOP: Final = ("file", "blank", "decimal", "dates", "source", "records")
_FILE: Final = ("encoding", "separator", "sheet", "header")
_SOURCE: Final = ("id", "title", "url", "licence", "attribution", "retrieved")
_NODE: Final = ("node", "as", "id", "set", "when", "for_each")
_RELATIONSHIP: Final = ("relationship", "from", "to", "set", "when")
_VALUE: Final = (
    *("column", "constant", "template", "values", "split", "dates", "decimal"),
    *("factor", "last_day", "if_bad"),
)
_IF_BAD: Final = ("reject", "blank")


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How one property gets its value: from a column, a template of columns, or a constant."""

    declared: Property
    line: int
    column: str | None = None
    template: str | None = None
    constant: str | Sequence[str] | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # what is meant, by casefold
    written: Sequence[str] = ()  # the same as the mapping spells it
    split: Sequence[str] = (";",)
    dates: Sequence[str] = ()
    decimal: str | None = None
    factor: Decimal | None = None  # a number is multiplied by it
    last_day: bool = False
    blank_if_bad: bool = False

    @property
    def columns(self) -> list[str]:
        """Columns that it reads."""
        return [self.column] if self.column else _PLACE.findall(self.template or "")


@dataclass(frozen=True, slots=True)
class RecordRule:
    """How a row becomes a record; `ends` are the `as` names, or ids, of a relationship's ends."""

    type: NodeType | RelationshipType
    line: int
    called: str
    id: str | None = None
    id_line: int = 0
    ends: tuple[str, str] = ("", "")
    when: str | None = None
    each: tuple[str, Sequence[str]] | None = None
    set: tuple[ValueRule, ...] = ()


@dataclass(frozen=True, slots=True)
class TableMapping:
    """All that a mapping says."""

    name: str
    layout: Layout
    blank: frozenset[str]
    source: Mapping[str, str]
    records: tuple[RecordRule, ...]

    def check_columns(self, columns: Sequence[str], table: str) -> None:
        """Say which columns the table does not have.

        Raises
        ------
        SourceError
        """
        wanted: list[tuple[int, str, str]] = []
        for rule in self.records:
            wanted += [(v.line, f"set.{v.declared.name}", c) for v in rule.set for c in v.columns]
            wanted += [(rule.id_line, "id", c) for c in _PLACE.findall(rule.id or "")]
            wanted += [(rule.line, "when", rule.when)] if rule.when else []
            wanted += [(rule.line, "for_each", rule.each[0])] if rule.each else []
        problems = [
            f"{self.name}, line {line}, {field_}: {table} has no column {column!r}"
            + nearest(column, columns)
            for line, field_, column in wanted
            if column not in columns
        ]
        if problems:
            raise SourceError("\n".join(problems))


def read_mapping(path: Path) -> TableMapping:
    """Read and check a mapping.

    Raises
    ------
    SourceError
        With a line for each mistake.
    """
    root, checked = compose(path)
    top = checked.map((1, root), "", _TOP)
    mapping = _mapping(checked, top)
    if checked.problems:
        raise SourceError("\n".join(checked.problems))
    return mapping


def _mapping(checked: Checked, top: YamlMap) -> TableMapping:
    decimal = checked.choice(top, "decimal", "", (".", ","))
    dates = checked.texts(top, "dates", "")
    rules: list[RecordRule] = []
    line, records = top.items.get("records", (top.line, ""))
    if not isinstance(records, list) or not records:
        checked.wrong(line, "records", "missing: a list of what each row says, as `- node: Firm`")
        records = []
    for n, record in enumerate(records, start=1):
        if rule := _record(checked, record, f"records[{n}]", decimal, dates):
            rules.append(rule)
    _check_ends(checked, rules)
    source = checked.map(top.items.get("source"), "source", _SOURCE)
    about = {key: checked.text(source, key, "source") or "" for key in source.items}
    if about and not about.get("title"):
        checked.wrong(source.line, "source.title", "missing; every Source needs it")
    blank = frozenset(mark.casefold() for mark in checked.texts(top, "blank", ""))
    return TableMapping(
        checked.name,
        _layout(checked, checked.map(top.items.get("file"), "file", _FILE)),
        blank if "blank" in top.items else BLANK_MARKS,
        about,
        tuple(rules),
    )


def _layout(checked: Checked, file: YamlMap) -> Layout:
    separator = checked.text(file, "separator", "file")
    if separator is not None:
        separator = _SEPARATOR_NAMES.get(separator, separator.replace("\\t", "\t"))
        if separator not in SEPARATORS and len(separator) != 1:
            allowed = ", ".join([*map(repr, SEPARATORS), *_SEPARATOR_NAMES])
            reason = f"{separator!r} is not one character; allowed: {allowed}"
            checked.wrong(file.items["separator"][0], "file.separator", reason)
    header = checked.text(file, "header", "file") or "1"
    if not re.fullmatch("[1-9][0-9]{0,5}", header):
        checked.wrong(file.items["header"][0], "file.header", f"{header!r} is no line, from 1")
        header = "1"
    encoding, sheet = (checked.text(file, key, "file") for key in ("encoding", "sheet"))
    return Layout(encoding, separator, sheet, int(header))


def _record(
    checked: Checked,
    record: "tuple[int, YamlValue]",
    path: str,
    decimal: str | None,
    dates: Sequence[str],
) -> RecordRule | None:
    given = record[1].items if isinstance(record[1], YamlMap) else {}
    is_node = "relationship" not in given
    found = checked.map(record, path, _NODE if is_node else _RELATIONSHIP)
    types: Mapping[str, NodeType | RelationshipType] = (
        SCHEMA.nodes if is_node else SCHEMA.relationships
    )
    kind = "node" if is_node else "relationship"
    if kind not in found.items:
        checked.wrong(found.line, path, "needs `node: …` or `relationship: …`")
        return None
    label = checked.choice(found, kind, path, list(types))
    if label is None:
        return None
    type_ = types[label]
    id_ = checked.text(found, "id", path)
    properties = checked.map(found.items.get("set"), f"{path}.set", ())
    rules = []
    for name, value in properties.items.items():
        where = f"{path}.set.{name}"
        declared = type_.by_name.get(name)
        if declared is None or name == "id":
            known = [p for p in type_.by_name if p != "id"]
            checked.wrong(value[0], where, f"{label} has no such property" + nearest(name, known))
        elif rule := _value(checked, value, declared, where, decimal, dates):
            rules.append(rule)
    if isinstance(type_, NodeType):
        has = {rule.declared.name for rule in rules} | set(properties.items)
        for declared in type_.properties:
            if declared.required and declared.name not in (*has, "id"):
                checked.wrong(found.line, f"{path}.set", f"lacks {declared.name}: {label} needs it")
        if id_ is None and "name" not in type_.by_name:
            checked.wrong(found.line, f"{path}.id", f"missing: {label} has no name to make it from")
    ends = tuple(checked.text(found, key, path) or "" for key in ("from", "to"))
    if not is_node and not all(ends):
        checked.wrong(found.line, path, f"{label} needs `from` and `to`")
    each = None
    if "for_each" in found.items:
        parts = checked.map(found.items["for_each"], f"{path}.for_each", ("column", "split"))
        column = checked.text(parts, "column", f"{path}.for_each")
        split = checked.texts(parts, "split", f"{path}.for_each") or [";"]
        each = (column, split) if column else None
    return RecordRule(
        type_,
        found.line,
        checked.text(found, "as", path) or label,
        id_,
        found.items["id"][0] if "id" in found.items else found.line,
        (ends[0], ends[1]),
        checked.text(found, "when", path),
        each,
        tuple(rules),
    )


def _value(
    checked: Checked,
    value: "tuple[int, YamlValue]",
    declared: Property,
    path: str,
    decimal: str | None,
    dates: Sequence[str],
) -> ValueRule | None:
    line, found = value
    if isinstance(found, str):
        if not found:
            checked.wrong(line, path, "is blank; name a column")
        return ValueRule(declared, line, column=found, decimal=decimal, dates=dates)
    given = checked.map(value, path, _VALUE)
    ways = [key for key in ("column", "constant", "template") if key in given.items]
    if len(ways) != 1:
        checked.wrong(line, path, "needs one of `column`, `constant` and `template`")
        return None
    constant = checked.texts(given, "constant", path)
    values = checked.map(given.items.get("values"), f"{path}.values", ())
    meant = {key: checked.text(values, key, f"{path}.values") or "" for key in values.items}
    for written, meaning in meant.items():
        if declared.choices and meaning not in declared.choices:
            reason = f"{meaning!r} is not allowed" + nearest(meaning, declared.choices)
            checked.wrong(values.items[written][0], f"{path}.values.{written}", reason)
    if declared.choices and constant and constant[0] not in declared.choices:
        reason = f"{constant[0]!r} is not allowed" + nearest(constant[0], declared.choices)
        checked.wrong(given.items["constant"][0], f"{path}.constant", reason)
    last_day = checked.choice(given, "last_day", path, ("true", "false"))
    if last_day and not declared.exclusive_end:
        reason = f"{declared.name} is not a day on which something ends"
        checked.wrong(given.items["last_day"][0], f"{path}.last_day", reason)
    return ValueRule(
        declared,
        line,
        checked.text(given, "column", path),
        checked.text(given, "template", path),
        (constant if declared.type == "strings" else constant[0]) if constant else None,
        {key.casefold(): meaning for key, meaning in meant.items()},
        tuple(meant),
        checked.texts(given, "split", path) or (";",),
        checked.texts(given, "dates", path) or dates,
        checked.choice(given, "decimal", path, (".", ",")) or decimal,
        _factor(checked, given, declared, path),
        last_day == "true",
        checked.choice(given, "if_bad", path, _IF_BAD) == "blank",
    )


def _factor(checked: Checked, given: YamlMap, declared: Property, path: str) -> Decimal | None:
    if (text := checked.text(given, "factor", path)) is None:
        return None
    if declared.type not in ("int", "float"):
        reason = f"{declared.name} is no number"
    elif re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text):
        return Decimal(text)
    else:
        reason = f"{text!r} is not a number, as 0.01"
    checked.wrong(given.items["factor"][0], f"{path}.factor", reason)
    return None


def _check_ends(checked: Checked, rules: Sequence[RecordRule]) -> None:
    nodes = {rule.called: rule for rule in rules if isinstance(rule.type, NodeType)}
    named: set[str] = set()
    for rule in rules:
        if isinstance(rule.type, NodeType):
            if rule.called in named:
                checked.wrong(rule.line, "as", f"{rule.called!r} names two records")
            named.add(rule.called)
            continue
        for side, end in enumerate(rule.ends):
            labels = sorted({pair[side] for pair in rule.type.ends})
            if not end:
                continue
            label = SCHEMA.label_of(end) if ":" in end else None
            if end in nodes:
                label = nodes[end].type.name
            if label is None:
                reason = f"{end!r} is no record of this mapping" + nearest(end, nodes)
                checked.wrong(rule.line, ("from", "to")[side], reason)
            elif label not in labels:
                reason = f"{end!r} is a {label}; {rule.type.name} goes {('from', 'to')[side]} "
                checked.wrong(rule.line, ("from", "to")[side], reason + " or ".join(labels))
