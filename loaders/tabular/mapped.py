"""Any table, by a mapping: each row becomes the records that the mapping says.

**Our rules**: without an `id`, a node's id is made of its name, so that one name is one node; what
rows say of one node is put together (see `gather`). A record whose `when` column is blank is left
out, and so are the relationships that would join it; both are counted. Values are mended by the
rules of `repair`; what these do not cover rejects the row, unless the mapping says `if_bad: blank`.
"""

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from alliance_explorer.graph_schema import (
    SCHEMA,
    InvalidRow,
    NodeType,
    Problem,
    RelationshipType,
    date_of,
    nearest,
    parse,
)
from alliance_explorer.loaders.cleaning import repair
from alliance_explorer.loaders.cleaning.gather import Facts, Gathered
from alliance_explorer.loaders.cleaning.identity import slug
from alliance_explorer.loaders.cleaning.repair import Repairs
from alliance_explorer.loaders.model import Item, Located, Note, Rejected

from .mapping import RecordRule, TableMapping, ValueRule, read_mapping
from .sheets import Sheet, open_sheet, opener

SOURCE = SCHEMA.nodes["Source"]
_PLACE = re.compile(r"\{([^{}]+)\}")
_MENDERS: Final[Mapping[str, Callable[[str], repair.Mended]]] = {
    "country": repair.country,
    "homepage": repair.address,
    "url": repair.address,
}

_Row = Mapping[str, str]


def read_mapped(path: Path, name: str, mapping: Path) -> Iterator[Item]:
    """Read a table by a mapping.

    Parameters
    ----------
    path : Path
        CSV or its kin, as it is or gzipped; or an Excel file.
    name : str
        What messages call it.
    mapping : Path
        YAML; see `docs/mapping.md`.

    Raises
    ------
    SourceError
        Before anything is yielded: the mapping has mistakes, the table cannot be read or lacks
        columns that the mapping names.

    Notes
    -----
    The table is read once for all nodes and once for each type of relationship. Memory grows with
    the nodes; of a relationship a hash is kept.
    """
    rules = read_mapping(mapping)
    sheet = open_sheet(opener(path), name, rules.layout)
    rules.check_columns(sheet.columns, name)
    return _Mapped(rules, sheet).items()


class _Skipped(Exception):
    """The row does not speak of this record."""


class _Mapped:
    """One table on its way into records."""

    def __init__(self, mapping: TableMapping, sheet: Sheet) -> None:
        self._mapping = mapping
        self._sheet = sheet
        self._repairs = Repairs(sheet.name)
        self._mute = Repairs(sheet.name)  # of what is read a second time
        self._counts = Counter[str]()
        self._skipped = Counter[str]()
        self._nodes = {r.called: r for r in mapping.records if isinstance(r.type, NodeType)}
        title = mapping.source.get("title", "")
        self._source = mapping.source.get("id") or (f"source:{slug(title)}" if title else "")

    def items(self) -> Iterator[Item]:
        if self._source:
            yield self._located_source()
        gathered = {
            rule.type.name: Gathered(rule.type, self._sheet.name)
            for rule in self._nodes.values()
            if isinstance(rule.type, NodeType)
        }
        yield from self._gather(gathered)
        for label in SCHEMA.nodes:
            if label in gathered:
                yield from gathered[label].items()
        facts = Facts(self._sheet.name)
        for rule in self._mapping.records:
            if isinstance(rule.type, RelationshipType):
                yield from self._relationships(rule, rule.type, facts)
        yield from facts.notes()
        yield from self._notes()

    def _located_source(self) -> Located | Rejected:
        row = {**self._mapping.source, "id": self._source}
        try:
            return Located(parse(SOURCE, row), self._mapping.name, 0)
        except InvalidRow as exc:
            return Rejected(SOURCE.name, self._mapping.name, 0, exc.problems, dict(row))

    # --- nodes -----------------------------------------------------------------------------------

    def _gather(self, gathered: Mapping[str, Gathered]) -> Iterator[Rejected]:
        first = self._mapping.records[0].type.name
        for line, row in self._sheet.rows(self._repairs):
            self._counts["rows"] += 1
            if isinstance(row, Problem):
                self._counts["unread"] += 1
                yield Rejected(first, self._sheet.name, line, (row,))
                continue
            for rule in self._nodes.values():
                try:
                    parts = self._parts(rule, row)
                except _Skipped:
                    parts = []
                self._skipped[rule.called] += not parts
                for part in parts:
                    problems: list[Problem] = []
                    found = self._properties(rule, part, line, problems, self._repairs)
                    id_ = self._id(rule, part, found.get("name"))
                    if rule.id is not None and not id_:
                        blank = " or ".join(map(repr, _PLACE.findall(rule.id)))
                        problems.append(Problem("id", f"is made of what is blank: {blank}"))
                    found = {"id": id_, **found}
                    if problems:
                        yield Rejected(
                            rule.type.name, self._sheet.name, line, tuple(problems), dict(part)
                        )
                    elif rejected := gathered[rule.type.name].add(found, line):
                        yield rejected

    def _parts(self, rule: RecordRule, row: _Row) -> list[_Row]:
        """The rows that a rule makes of a row: one for each part of its `for_each` column."""
        if rule.when and not self._known(row[rule.when]):
            raise _Skipped
        if rule.each is None:
            return [row]
        column, separators = rule.each
        parts = _split(row[column], separators)
        return [{**row, column: part} for part in dict.fromkeys(parts) if self._known(part)]

    def _known(self, cell: str) -> str:
        return repair.known(cell.strip(), self._mapping.blank)[0]

    def _id(self, rule: RecordRule, row: _Row, name: object) -> str:
        assert isinstance(rule.type, NodeType)
        if rule.id is None:
            return f"{rule.type.prefix}{slug(str(name))}" if name else ""
        columns = _PLACE.findall(rule.id)
        cells = {c: repair.text(self._known(row[c]))[0] for c in columns}
        if not all(cells.values()):
            return ""
        made = _PLACE.sub(lambda m: slug(cells[m[1]]), rule.id)
        return made if made.startswith(rule.type.prefix) else rule.type.prefix + made

    # --- relationships ---------------------------------------------------------------------------

    def _relationships(
        self, rule: RecordRule, type_: RelationshipType, facts: Facts
    ) -> Iterator[Item]:
        for line, row in self._sheet.rows(self._mute):
            if isinstance(row, Problem):
                continue  # rejected before
            if rule.when and not self._known(row[rule.when]):
                self._skipped[type_.name] += 1
                continue
            try:
                pairs = self._pairs(rule, row)
            except _Skipped:
                continue  # counted with the node that is left out
            problems: list[Problem] = []
            found = self._properties(rule, row, line, problems, self._repairs) if pairs else {}
            for from_, to in pairs:
                if not from_ or not to:
                    end = rule.ends[0 if not from_ else 1]
                    problem = Problem("from" if not from_ else "to", f"the row names no {end!r}")
                    yield Rejected(
                        type_.name, self._sheet.name, line, (*problems, problem), dict(row)
                    )
                elif problems:
                    yield Rejected(type_.name, self._sheet.name, line, tuple(problems), dict(row))
                elif item := facts.located(type_, {**found, "from": from_, "to": to}, line):
                    yield item

    def _pairs(self, rule: RecordRule, row: _Row) -> list[tuple[str, str]]:
        """Both ends of each relationship of a row; within one list, every two of it."""
        first, second = rule.ends
        if first == second:
            return list(itertools.combinations(self._ids(first, row), 2))
        return list(itertools.product(self._ids(first, row), self._ids(second, row)))

    def _ids(self, called: str, row: _Row) -> list[str]:
        if (rule := self._nodes.get(called)) is None:
            return [called]  # an id
        ids = []
        for part in self._parts(rule, row):
            name = None
            if rule.id is None:
                value = next(v for v in rule.set if v.declared.name == "name")
                name = self._value(value, part, 0, [], self._mute)
            ids.append(self._id(rule, part, name))
        return list(dict.fromkeys(ids))

    # --- values ----------------------------------------------------------------------------------

    def _properties(
        self, rule: RecordRule, row: _Row, line: int, problems: list[Problem], repairs: Repairs
    ) -> dict[str, object]:
        found: dict[str, object] = {}
        if self._source:
            found["source"] = self._source
        for value in rule.set:
            made = self._value(value, row, line, problems, repairs)
            if made not in ("", []):
                found[value.declared.name] = made
        return found

    def _value(
        self, rule: ValueRule, row: _Row, line: int, problems: list[Problem], repairs: Repairs
    ) -> str | list[str]:
        if rule.constant is not None:
            return rule.constant if isinstance(rule.constant, str) else list(rule.constant)
        if rule.template is not None:
            cells = {c: repair.text(self._known(row[c]))[0] for c in rule.columns}
            if not all(cells.values()):
                return ""
            return _PLACE.sub(lambda m: cells[m[1]], rule.template).strip()
        assert rule.column is not None
        raw = row[rule.column]
        mender = _Mender(rule, self._mapping.blank)
        try:
            value = mender.value(raw)
        except ValueError as exc:
            if rule.blank_if_bad:
                repairs.add(("left unknown",), line, rule.column, raw, "")
            else:
                problems.append(Problem(rule.column, f"{rule.declared.name}: {exc}"))
            return ""
        if mender.rules:
            after = value if isinstance(value, str) else "; ".join(value)
            repairs.add(mender.rules, line, rule.column, raw, after)
        return value

    # --- what a reader should know ---------------------------------------------------------------

    def _notes(self) -> Iterator[Note]:
        n = self._counts
        unread = f", of which {n['unread']:,} could not be read" if n["unread"] else ""
        yield Note(f"{self._sheet.name}: {n['rows']:,} rows{unread}")
        for called, skipped in (+self._skipped).items():
            yield Note(f"{self._sheet.name}: {skipped:,} rows say nothing of {called!r}: left out")
        used = {c for r in self._mapping.records for v in r.set for c in v.columns}
        used |= {c for r in self._mapping.records for c in _PLACE.findall(r.id or "")}
        used |= {c for r in self._mapping.records for c in (r.when, r.each and r.each[0]) if c}
        if left := [c for c in self._sheet.columns if c not in used]:
            yield Note(f"{self._sheet.name}: columns that are not mapped: {', '.join(left)}")
        yield from self._repairs.notes()


class _Mender:
    """One cell on its way to a value; `rules` are those that were applied."""

    def __init__(self, rule: ValueRule, blank: frozenset[str]) -> None:
        self._rule = rule
        self._blank = blank
        self.rules: list[str] = []

    def value(self, raw: str) -> str | list[str]:
        """The value; ValueError says why there is none."""
        cell = self._take(repair.text(raw))
        if self._rule.declared.type == "strings":
            parts = [self._one(part) for part in _split(cell, self._rule.split)]
            return list(dict.fromkeys(part for part in parts if part))
        if self._rule.declared.choices or self._rule.declared.name == "country":
            cell = self._take(repair.single(cell))
        return self._one(cell)

    def _take(self, mended: repair.Mended) -> str:
        self.rules += mended[1]
        return mended[0]

    def _one(self, cell: str) -> str:
        rule, declared = self._rule, self._rule.declared
        if rule.values:
            if (meant := rule.values.get(cell.casefold())) is not None:
                return meant
            if cell and declared.choices and cell not in declared.choices:
                reason = nearest(cell, [*rule.written, *declared.choices])
                raise ValueError(f"{cell[:40]!r} is not among `values`" + reason)
        if not (declared.name == "country" and cell == "NA"):  # Namibia
            cell = self._take(repair.known(cell, self._blank))
        if not cell:
            return ""
        if declared.type == "date":
            return self._date(self._take(repair.date(cell, rule.dates)))
        if declared.type in ("int", "float"):
            number = self._take(repair.number(cell, rule.decimal))
            if rule.factor is not None:
                number = f"{Decimal(number) * rule.factor:f}"
            return re.sub(r"\.0+$", "", number) if declared.type == "int" else number
        if declared.type == "bool":
            return self._take(repair.flag(cell))
        if mend := _MENDERS.get(declared.name):
            return self._take(mend(cell))
        return cell

    def _date(self, iso: str) -> str:
        if self._rule.last_day and len(iso) == len("2016-03-31"):
            return (date_of(iso) + dt.timedelta(days=1)).isoformat()
        return iso


def _split(cell: str, separators: Sequence[str]) -> list[str]:
    pattern = "|".join(re.escape(s) for s in separators if s)
    parts = re.split(pattern, cell) if pattern else [cell]
    return [stripped for part in parts if (stripped := part.strip())]
