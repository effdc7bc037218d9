"""The values of a row of CORDIS, mended."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.loaders.cleaning import repair
from alliance_explorer.loaders.cleaning.repair import ImpossibleDate, Mended, Repairs

Row: TypeAlias = Mapping[str, str]
_COORDINATES = re.compile(r"\(?\s*(-?\d+(?:[.,]\d+)?)\s*[,; ]\s*(-?\d+(?:[.,]\d+)?)\s*\)?")


def plain(number: str) -> str:
    """What names something: an id of ours, or a number without a spreadsheet's `.0`, nor spaces."""
    if SCHEMA.label_of(number):
        return number
    return re.sub(r"\s+", "-", number.removesuffix(".0"))


class Reader:
    """The values of one row, mended; what cannot be read is blank and counted."""

    def __init__(self, repairs: Repairs, row: Row, line: int) -> None:
        self._repairs = repairs
        self._row = row
        self._line = line

    def unknown(self, rule: str, column: str) -> None:
        """Count a value that is left unknown."""
        self._repairs.add((rule,), self._line, column, self._row.get(column, ""), "")

    def plain(self, column: str) -> str:
        """A number that names something; see `plain`."""
        return plain(self._row.get(column, ""))

    def mended(self, column: str, mend: Callable[[str], Mended]) -> str:
        raw = self._row.get(column, "")
        if not raw:
            return ""
        try:
            value, rules = mend(raw)
        except ValueError as exc:
            impossible = isinstance(exc, ImpossibleDate)
            self.unknown("impossible date" if impossible else "left unknown", column)
            return ""
        if rules:
            self._repairs.add(rules, self._line, column, raw, value)
        return value

    def text(self, column: str) -> str:
        return self.mended(column, repair.text)

    def single(self, column: str) -> str:
        return self.mended(column, repair.single)

    def flag(self, column: str) -> str:
        value = self.mended(column, repair.flag)
        return value if value.lower() in ("true", "false", "1", "0", "yes", "no") else ""

    def date(self, column: str) -> str:
        return self.mended(column, repair.date)

    def money(self, column: str) -> str:
        # These files have no marks between thousands: a comma is a decimal one.
        return self.mended(column, lambda raw: repair.number(raw, "," if "," in raw else "."))

    def country(self) -> str:
        value = self.single("country")
        if value == self._row.get("country"):
            return self.mended("country", repair.country)
        try:
            return repair.country(value)[0]
        except ValueError:
            self.unknown("left unknown", "country")
            return ""

    def coordinates(self) -> tuple[str, str]:
        raw = self._row.get("place", "")
        found = _COORDINATES.fullmatch(raw)
        lat, lon = (part.replace(",", ".") for part in found.groups()) if found else ("", "")
        if found and abs(float(lat)) <= 90 and abs(float(lon)) <= 180:
            return lat, lon
        if raw:
            self.unknown("left unknown", "place")
        return "", ""
