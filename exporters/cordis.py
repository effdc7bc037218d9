"""The tables of CORDIS, as it exports them: `project.csv` and `organization.csv`.

Semicolons between cells, all of them quoted, decimal commas, a byte order mark. Alliances are
projects; a firm stands in a row for each of its parts in one, with what is known of it.

**Our rules**: what CORDIS has no number for is known by our own id, which stands where the number
would; and `projectRcn`, a column of exports before 2021, names the project where its own number is
not known. Two parts of a firm in an alliance that differ in their source alone are one.
"""

import csv
import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Final

from alliance_explorer.graph_schema import SCHEMA, Value
from alliance_explorer.graph_schema.foreign_words import (
    ACTIVITY_TYPES,
    ACTORS,
    CORDIS_KIND,
    CORDIS_PAGE,
    EU_COUNTRIES,
    STATUSES,
    YEARS,
    cordis_page,
)

from .spreadsheet import csv_lines
from .stored import Stored
from .tables import Files

FIRM, ALLIANCE = SCHEMA.nodes["Firm"], SCHEMA.nodes["Alliance"]
PARTY_TO = SCHEMA.relationships["PARTY_TO"]
LIMITS: Final = (
    "all but alliances, their parties and what CORDIS has a column for; sources and days of record"
)
_PROJECT: Final = (
    *("id", "acronym", "status", "title", "startDate", "endDate", "totalCost"),
    *("ecMaxContribution", "frameworkProgramme", "fundingScheme", "rcn"),
)
_ORGANISATION: Final = (
    *("projectID", "projectRcn", "organisationID", "vatNumber", "name", "shortName", "SME"),
    *("activityType", "city", "country", "geolocation", "organizationURL", "role"),
    *("ecContribution", "netEcContribution", "totalCost", "endOfParticipation"),
)
_MARK: Final = "\ufeff"
_STATUS_OF: Final = {STATUSES[status]: status for status in reversed(list(STATUSES))}
_CODE_OF: Final = {ours: code for code, ours in ACTIVITY_TYPES.items()}
_COUNTRY_OF: Final = {iso: code for code, iso in EU_COUNTRIES.items()}
_RCN = re.compile(r"alliance:rcn-([0-9]+)")
_NUMBER = re.compile(r"alliance:cordis-([0-9]+)")
_PAGE = re.compile(re.escape(CORDIS_PAGE) + r"/id/([0-9]+)")
_PIC = re.compile(r"firm:pic-([0-9]+)")

_Known = Mapping[str, Value]
_Cells = Mapping[str, Value | None]


def cordis_tables(stored: Stored) -> Files:
    """Both tables; then what they could not hold is counted.

    Of each alliance its numbers and one of its parties are kept, 300 bytes or so.
    """
    tables = _Tables(stored)
    for name, columns, rows in (
        ("project.csv", _PROJECT, tables.projects()),
        ("organization.csv", _ORGANISATION, tables.organisations()),
    ):
        yield name, _table(columns, rows)
    tables.count_the_rest()


def _table(columns: tuple[str, ...], rows: Iterator[_Cells]) -> Iterator[str]:
    yield _MARK
    cells = ([row.get(c) for c in columns] for row in rows)
    yield from csv_lines(columns, cells, delimiter=";", quoting=csv.QUOTE_ALL)


class _Tables:
    """The stored graph on its way into rows."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._lost = stored.lost
        self._named: dict[str, tuple[str, str]] = {}  # number and rcn of each alliance
        self._taken: set[str] = set()  # numbers
        # The one party of an alliance, or None once there are several.
        self._alone: dict[str, str | None] = {}

    def projects(self) -> Iterator[_Cells]:
        for row in self._stored.rows(ALLIANCE):
            id_, own = str(row["id"]), dict(row)
            number, rcn = self._numbers(id_, str(own.get("evidence", "")))
            ours = SCHEMA.label_of(number) is not None
            self._named[id_] = number, rcn
            cells: dict[str, Value | None] = {
                "id": number,
                "acronym": own["name"],
                "status": _STATUS_OF.get(str(own.get("phase"))),
                "title": own.get("description"),
                "startDate": _day(own.get("start"), 0),
                "endDate": _day(own.get("end"), -1),
                "totalCost": _amount(own.get("total_cost")),
                "ecMaxContribution": _amount(own.get("ec_contribution")),
                "frameworkProgramme": own.get("programme"),
                "fundingScheme": own.get("funding_scheme"),
                "rcn": rcn,
            }
            held = {"id", *("name", "description", "total_cost", "ec_contribution")}
            held |= {"programme", "funding_scheme"}
            held |= {
                name
                for name, column in (("phase", "status"), ("start", "startDate"))
                if cells[column]
            }
            held |= {"end"} if cells["endDate"] else set()
            if not ours:
                held |= {"kind"} if own.get("kind") == CORDIS_KIND else set()
                held |= {"evidence"} if own.get("evidence") == cordis_page(number, rcn) else set()
            self._count("alliances", own, held)
            yield cells

    def organisations(self) -> Iterator[_Cells]:
        for firm, parts in self._stored.with_facts(FIRM, PARTY_TO):
            if not parts:
                self._lost.add("firms without an alliance, which CORDIS has no row for")
                continue
            cells = self._organisation(firm)
            said: set[tuple[str, str]] = set()
            for part in parts:
                alliance, role = str(part["to"]), str(part.get("role", ""))
                if (alliance, role) in said:
                    self._lost.add("parts in alliances that another source says too")
                    continue
                said.add((alliance, role))
                if self._alone.setdefault(alliance, str(firm["id"])) != firm["id"]:
                    self._alone[alliance] = None
                yield {**cells, **self._part(alliance, part)}

    def count_the_rest(self) -> None:
        """What neither table is for."""
        alone = sum(self._alone.get(id_, "") is not None for id_ in self._named)
        self._lost.add("alliances of fewer than two firms: a load leaves them out", alone)
        self._stored.lose_all_but((FIRM, ALLIANCE, PARTY_TO), "CORDIS has no table for")

    def _numbers(self, id_: str, evidence: str) -> tuple[str, str]:
        """What stands for an alliance in `id` and in `rcn`."""
        rcn, number = _RCN.fullmatch(id_), _NUMBER.fullmatch(id_)
        if number is None and rcn is not None:
            number = _PAGE.fullmatch(evidence)
        said = number[1] if number and number[1] not in self._taken else ""
        self._taken.add(said)
        return said or ("" if rcn else id_), rcn[1] if rcn else ""

    def _organisation(self, own: _Known) -> dict[str, Value | None]:
        """What a firm's rows say of itself."""
        pic = _PIC.fullmatch(str(own["id"]))
        others = own.get("aliases")
        others = others if isinstance(others, list) else []
        lat, lon = own.get("lat"), own.get("lon")
        placed = isinstance(lat, float) and isinstance(lon, float)
        kind, country = str(own.get("organisation_type")), str(own.get("country", ""))
        held = {"id", "vat_number", "name", "aliases", "sme", "organisation_type"}
        held |= {"city", "country", "homepage"} | ({"lat", "lon"} if placed else set())
        held |= {"actor_type"} if ACTORS.get(kind) == own.get("actor_type") else set()
        self._count("firms", own, held)
        self._lost.add("other names of firms: CORDIS has one", max(0, len(others) - 1))
        return {
            "organisationID": pic[1] if pic else own["id"],
            "vatNumber": own.get("vat_number"),
            "name": own["name"],
            "shortName": others[0] if others else None,
            "SME": own.get("sme"),
            "activityType": _CODE_OF.get(kind),
            "city": own.get("city"),
            "country": _COUNTRY_OF.get(country, country),
            "geolocation": f"({_plain(lat)},{_plain(lon)})" if placed else None,
            "organizationURL": own.get("homepage"),
        }

    def _part(self, alliance: str, own: _Known) -> dict[str, Value | None]:
        held = {"from", "to", "role", "ec_contribution", "net_ec_contribution", "total_cost"}
        self._count("parts in alliances", own, held | {"ended_early"})
        number, rcn = self._named.get(alliance, (alliance, ""))
        return {
            "projectID": number,
            "projectRcn": rcn,
            "role": own.get("role"),
            "ecContribution": _amount(own.get("ec_contribution")),
            "netEcContribution": _amount(own.get("net_ec_contribution")),
            "totalCost": _amount(own.get("total_cost")),
            "endOfParticipation": own.get("ended_early"),
        }

    def _count(self, what: str, own: _Known, held: Collection[str]) -> None:
        self._lost.add_values(what, own.keys() - held, "CORDIS has no column for")


def _day(value: Value | None, days: int) -> str | None:
    """A day, so many days later; None where CORDIS would not be believed to mean that year."""
    if not isinstance(value, dt.date) or value.year not in YEARS:
        return None
    day = value + dt.timedelta(days=days)
    return day.isoformat() if day.year in YEARS else None


def _amount(value: Value | None) -> str | None:
    if not isinstance(value, float):
        return None
    return _plain(value).removesuffix(".0").replace(".", ",")


def _plain(value: object) -> str:
    """All digits of a number, without an exponent."""
    return format(Decimal(repr(value)), "f")
