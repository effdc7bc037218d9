"""The example cases: valid tables, faithful to the originals, with the answers that are known."""

import bisect
import csv
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

from alliance_explorer.graph_schema import (
    SCHEMA,
    NodeRecord,
    NodeType,
    Record,
    RelationshipRecord,
    RelationshipType,
    check_columns,
    parse,
)

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
ORIGINALS = ROOT.parent / "shared" / "cases"
TELECOM = "coopetition_telecom"
STARTUPS = "asymmetric_startups"
CHICAGO = "chicago_it_smes"
SURVEY = "alliance_management_survey"
CASES = (TELECOM, STARTUPS, CHICAGO, SURVEY)

# Events of the telecom chronology that are no agreement and no dealing between the two firms.
NO_ALLIANCE = {
    "founded",
    "founded_as_spin_off",
    "competing_product_launched",
    "develops_competing_product",
    "acquires_partner",
    "acquisition_made",
    "recognised_core_partner",
}
CARRIES_ON = {"market_expansion"}
ROLES = {
    "product_selected": ("supplier", "customer"),
    "customer_order": ("supplier", "customer"),
    "equity_investment_received": ("investee", "investor"),
    "equity_investment_made": ("investor", "investee"),
}

Row = dict[str, str]
Original = Callable[[str, str], list[Row]]


@dataclass
class Tables:
    """The records of one case folder."""

    nodes: dict[str, NodeRecord] = field(default_factory=dict)
    facts: list[RelationshipRecord] = field(default_factory=list)

    def of(self, label: str) -> list[NodeRecord]:
        return [n for n in self.nodes.values() if n.type.name == label]

    def joined(self, type_: str) -> list[RelationshipRecord]:
        return [f for f in self.facts if f.type.name == type_]

    def name(self, node_id: str) -> str:
        return text(self.nodes[node_id], "name")

    def involved(self, event: NodeRecord, role: str) -> str:
        """The one node that the event involves in this role, or an empty string."""
        found = [
            f.to_id
            for f in self.joined("INVOLVES")
            if f.from_id == event.id and text(f, "role") == role
        ]
        assert len(found) < 2
        return found[0] if found else ""

    def parties(self, alliance_id: str) -> list[RelationshipRecord]:
        return [f for f in self.joined("PARTY_TO") if f.to_id == alliance_id]


def text(record: Record, name: str) -> str:
    """A property as text: lists as the originals write them, what is not known as empty."""
    value = record.properties.get(name, "")
    return "; ".join(value) if isinstance(value, list) else str(value)


def year(written: str) -> str:
    """How a year of the originals reads as the first day of an interval."""
    return f"{written}-01-01" if written else ""


def number(written: str) -> str:
    return str(float(written)) if written else ""


def read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    assert not any(None in row or None in row.values() for row in rows), path
    return list(reader.fieldnames or ()), rows


def type_of(path: Path) -> NodeType | RelationshipType:
    return next(t for t in SCHEMA if t.name == path.stem)


@cache
def load(case: str) -> Tables:
    tables = Tables()
    for path in sorted((EXAMPLES / case).glob("*.csv")):
        for row in read(path)[1]:
            record = parse(type_of(path), row)
            if isinstance(record, NodeRecord):
                tables.nodes[record.id] = record
            else:
                tables.facts.append(record)
    return tables


@pytest.fixture(name="original")
def _original() -> Original:
    """Reads a table of the cases as they were transcribed, which are kept beside the repository."""
    if not ORIGINALS.is_dir():
        pytest.skip(f"no transcribed cases at ../{ORIGINALS.relative_to(ROOT.parent)}")
    return lambda case, table: read(ORIGINALS / case / f"{table}.csv")[1]


# --- the tables are valid -------------------------------------------------------------------------

FILES = sorted(EXAMPLES.glob("*/*.csv"))


def test_four_cases() -> None:
    assert {p.parent.name for p in FILES} == set(CASES)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_table_is_valid_and_every_row_has_its_evidence(path: Path) -> None:
    type_ = type_of(path)
    header, rows = read(path)
    assert check_columns(type_, header) == []
    assert rows
    for row in rows:
        record = parse(type_, row)  # raises if anything is wrong with the row
        if type_.name != "Source":
            assert text(record, "source")
            assert text(record, "evidence")


def test_nothing_stands_twice() -> None:
    ids = Counter(parse(type_of(path), row).id for path in FILES for row in read(path)[1])
    assert [i for i, n in ids.items() if n > 1] == []


@pytest.mark.parametrize("case", CASES)
def test_references_resolve_within_the_case(case: str) -> None:
    tables = load(case)
    sources = {n.id for n in tables.of("Source")}
    for fact in tables.facts:
        assert {fact.from_id, fact.to_id} <= set(tables.nodes), fact
        assert fact.ends in fact.type.ends
    records: list[Record] = [*tables.nodes.values(), *tables.facts]
    for record in records:
        if record.type.name != "Source":
            assert text(record, "source") in sources


@pytest.mark.parametrize("case", [TELECOM, STARTUPS])
def test_size_class_follows_from_employees(case: str) -> None:
    for firm in load(case).of("Firm"):
        employees = firm.properties.get("employees")
        assert isinstance(employees, int) == bool(text(firm, "size_class"))
        if isinstance(employees, int):
            sizes = ("micro", "small", "medium", "large")
            assert text(firm, "size_class") == sizes[bisect.bisect((10, 50, 250), employees)]


@pytest.mark.parametrize(("case", "parties"), [(TELECOM, 2), (STARTUPS, 2), (CHICAGO, 1)])
def test_every_alliance_has_its_parties(case: str, parties: int) -> None:
    tables = load(case)
    for alliance in tables.of("Alliance"):
        assert len({p.from_id for p in tables.parties(alliance.id)}) == parties


# --- telecom: nothing lost, nothing added ---------------------------------------------------------


@pytest.fixture(name="names")
def _names(original: Original) -> dict[str, str]:
    """Names of the telecom firms by the originals' ids."""
    return {"": ""} | {f["id"]: f["name"] for f in original(TELECOM, "firms")}


def test_telecom_firms(original: Original) -> None:
    tables = load(TELECOM)
    assert Counter(
        (f["name"], f["founded"], f["employees_2010"]) for f in original(TELECOM, "firms")
    ) == Counter(
        (text(f, "name"), text(f, "founded"), text(f, "employees")) for f in tables.of("Firm")
    )
    firms = {text(f, "name"): f for f in tables.of("Firm")}
    for row in original(TELECOM, "firms"):
        firm = firms[row["name"]]
        assert firm.id == "firm:" + row["id"].replace("_", "-")
        if row["kind"] == "focal_sme":
            assert f"Key innovation: {row['key_innovation']}." in text(firm, "description")
        else:
            assert text(firm, "segments") == row["kind"].replace("_", " ")
            assert text(firm, "description") == ""


def test_telecom_events(original: Original, names: dict[str, str]) -> None:
    tables = load(TELECOM)

    def expected(row: Row) -> tuple[str, ...]:
        kind, _, more = row["event"].partition(":")
        return (
            names[row["focal"]],
            year(row["year"]),
            names[row["partner"]],
            kind,
            names.get(more, more),
            row["motive"],
            row["power"],
            row["capability"],
            row["source"],
        )

    def found(event: NodeRecord) -> tuple[str, ...]:
        partner = tables.involved(event, "partner")
        return (
            tables.name(tables.involved(event, "focal")),
            text(event, "date"),
            tables.name(partner) if partner else "",
            *(
                text(event, p)
                for p in ("kind", "description", "motive", "power", "capability", "evidence")
            ),
        )

    events = [e for e in tables.of("Event") if text(e, "kind") != "reported_figure"]
    assert Counter(map(found, events)) == Counter(map(expected, original(TELECOM, "events")))


def test_telecom_alliances_of_events(original: Original, names: dict[str, str]) -> None:
    tables = load(TELECOM)
    expected = []
    for row in original(TELECOM, "events"):
        kind = row["event"].partition(":")[0]
        if kind in NO_ALLIANCE or kind in CARRIES_ON:
            continue
        roles = ROLES.get(kind, ("partner", "partner"))
        parties = frozenset(zip((names[row["focal"]], names[row["partner"]]), roles, strict=True))
        expected.append(
            (parties, year(row["year"]), kind, row["motive"], row["power"], row["source"])
        )
    found = [
        (
            frozenset((tables.name(p.from_id), text(p, "role")) for p in tables.parties(a.id)),
            *(text(a, p) for p in ("start", "kind", "motive", "power", "evidence")),
        )
        for a in tables.of("Alliance")
        if text(a, "kind") != "alliance"
    ]
    assert Counter(found) == Counter(expected)


def test_telecom_events_involve_their_alliance() -> None:
    tables = load(TELECOM)
    for event in tables.of("Event"):
        kind, involved = text(event, "kind"), tables.involved(event, "agreement")
        if kind == "reported_figure" or kind in NO_ALLIANCE:
            assert not involved
            continue
        both = {tables.involved(event, "focal"), tables.involved(event, "partner")}
        assert {p.from_id for p in tables.parties(involved)} == both
        alliance = tables.nodes[involved]
        if kind in CARRIES_ON:
            assert text(alliance, "kind") == "licence_agreement"
            assert text(alliance, "start") < text(event, "date")
        else:
            assert text(alliance, "kind") == kind
            assert text(alliance, "start") == text(event, "date")


def test_telecom_relations(original: Original, names: dict[str, str]) -> None:
    tables = load(TELECOM)
    expected = Counter(
        (
            r["relation"],
            frozenset((names[r["source"]], names[r["target"]]))
            if r["relation"] in ("ALLIED_WITH", "COMPETES_WITH")
            else (names[r["source"]], names[r["target"]]),
            year(r["since"]),
            r["market"],
            r["evidence"],
        )
        for r in original(TELECOM, "relations")
    )
    allied = Counter(
        (
            "ALLIED_WITH",
            frozenset(tables.name(p.from_id) for p in tables.parties(a.id)),
            *(text(a, p) for p in ("start", "targets", "evidence")),
        )
        for a in tables.of("Alliance")
        if text(a, "kind") == "alliance"
    )
    other = Counter(
        (
            type_,
            frozenset((tables.name(f.from_id), tables.name(f.to_id)))
            if type_ == "COMPETES_WITH"
            else (tables.name(f.from_id), tables.name(f.to_id)),
            text(f, "date" if type_ == "ACQUIRED" else "since"),
            text(f, "market"),
            text(f, "evidence"),
        )
        for type_ in ("COMPETES_WITH", "ACQUIRED", "OWNS")
        for f in tables.joined(type_)
    )
    assert allied + other == expected
    for fact in tables.joined("COMPETES_WITH"):
        inferred = text(fact, "evidence").startswith("inferred")
        assert fact.properties["inferred"] is inferred


def test_telecom_figures(original: Original, names: dict[str, str]) -> None:
    tables = load(TELECOM)
    expected = [
        (names[f["focal"]], f["measure"], number(f["value"]), year(f["as_of"]), f["source"])
        for f in original(TELECOM, "figures")
    ]
    for firm in original(TELECOM, "firms"):
        for measure, column in (
            ("employees", "employees_2010"),
            ("turnover", "turnover_usd_m_2010"),
        ):
            if firm[column]:
                where = "Tables 1-4 and findings"
                value = number(firm[column])
                expected.append((firm["name"], measure, value, year("2010"), where))
    found = [
        (
            tables.name(tables.involved(e, "subject")),
            *(text(e, p) for p in ("measure", "value", "date", "evidence")),
        )
        for e in tables.of("Event")
        if text(e, "kind") == "reported_figure"
    ]
    assert Counter(found) == Counter(expected)
    for event in tables.of("Event"):
        assert bool(text(event, "unit")) == (text(event, "kind") == "reported_figure")
        if text(event, "measure") == "turnover":
            assert text(event, "unit") == "million USD"


# --- start-ups ------------------------------------------------------------------------------------


def test_startup_firms(original: Original) -> None:
    firms = {text(f, "name"): f for f in load(STARTUPS).of("Firm")}
    rows = original(STARTUPS, "firms")
    assert len(firms) == len(rows)
    for row in rows:
        firm = firms[row["name"]]
        assert firm.id == f"firm:startups-{row['id']}"
        for column in ("founded", "employees", "country", "city"):
            assert text(firm, column) == row[column]
        assert text(firm, "segments") == row["products"]
        share = round(float(row["international_share_of_sales"]) * 100)
        for part in (
            f"Product diversity: {row['product_diversity']}.",
            f"International share of sales: {share} %.",
            f"Markets: {row['markets'].replace(';', ',')}.",
            f"Competitive position: {row['competitive_position']}.",
        ):
            assert part in text(firm, "description")


def test_startup_alliances(original: Original) -> None:
    tables = load(STARTUPS)
    alliances = {text(a, "name"): a for a in tables.of("Alliance")}
    rows = original(STARTUPS, "alliances")
    assert len(alliances) == len(rows)
    for row in rows:
        alliance = alliances[row["name"]]
        roles = {text(p, "role"): p.from_id for p in tables.parties(alliance.id)}
        assert roles == {r: f"firm:startups-{row[r]}" for r in ("supplier", "customer")}
        assert text(alliance, "start") == f"{row['start']}-01"
        assert text(alliance, "targets") == row["goal"]
        assert text(alliance, "outcome") == row["outcome"]
        assert text(alliance, "exclusive").lower() == row["exclusive"]
        assert text(alliance, "terms") == row["contract_terms"]
    # "until December" lasts through the month.
    assert {name: a.properties["end"] for name, a in alliances.items()} == {
        "Quorum": dt.date(2013, 1, 1),
        "OCR for hospitality": dt.date(2012, 1, 1),
    }


def test_startup_contributions(original: Original) -> None:
    tables = load(STARTUPS)
    columns = {
        "contributes": "contributes",
        "value_sought": "value_sought",
        "value_appropriated": "value_appropriated",
        "alternatives_to_partner": "alternatives_level",
    }
    alliance_ids = {
        row["id"]: next(a.id for a in tables.of("Alliance") if text(a, "name") == row["name"])
        for row in original(STARTUPS, "alliances")
    }
    rows = original(STARTUPS, "contributions")
    assert Counter(
        (
            f"firm:startups-{r['firm']}",
            alliance_ids[r["alliance"]],
            number(r["share_of_firm_sales"]),
            *(r[c] for c in columns),
        )
        for r in rows
    ) == Counter(
        (
            p.from_id,
            p.to_id,
            text(p, "share_of_sales"),
            *(text(p, c) for c in columns.values()),
        )
        for p in tables.joined("PARTY_TO")
    )
    champions = [
        (text(work, "title"), work.to_id, champion.to_id)
        for champion in tables.joined("CHAMPIONS")
        for work in tables.joined("WORKS_FOR")
        if work.from_id == champion.from_id
    ]
    assert champions == [
        (r["champion"], f"firm:startups-{r['firm']}", alliance_ids[r["alliance"]])
        for r in rows
        if r["champion"]
    ]
    assert len(tables.of("Person")) == len(champions)


# --- Chicago, survey ------------------------------------------------------------------------------


def chicago(firm: str) -> str:
    return "firm:chicago-" + firm.removeprefix("firm_")


def test_chicago(original: Original) -> None:
    tables = load(CHICAGO)
    assert Counter(
        (chicago(f["id"]), f["size_class"], f["core_business"]) for f in original(CHICAGO, "firms")
    ) == Counter((f.id, text(f, "size_class"), text(f, "segments")) for f in tables.of("Firm"))
    assert Counter(
        (chicago(p["firm"]), p["partner_location"], p["service"])
        for p in original(CHICAGO, "partnerships")
    ) == Counter(
        (party.from_id, text(a, "reach"), text(a, "service_type"))
        for a in tables.of("Alliance")
        for party in tables.parties(a.id)
    )


def test_survey(original: Original) -> None:
    tables = load(SURVEY)
    assert Counter(
        (f"{b['measure']}: {b['group']}", number(b["value"]), b["unit"], "2007-01-01")
        for b in original(SURVEY, "benchmarks")
    ) == Counter(
        tuple(text(e, p) for p in ("measure", "value", "unit", "date")) for e in tables.of("Event")
    )
    assert {text(e, "kind") for e in tables.of("Event")} == {"reported_figure"}


# --- what the rules of examples/README.md add -----------------------------------------------------

ACTOR_TYPES = {
    "mobile operator": "operator",
    "distribution": "distributor",
    "software": "software_editor",
    "semiconductors": "hardware_manufacturer",
    "telecom equipment": "hardware_manufacturer",
    "service provider": "service_provider",
}


def test_added_by_rule() -> None:
    telecom, startups, in_chicago = load(TELECOM), load(STARTUPS), load(CHICAGO)
    for firm in telecom.of("Firm"):
        assert text(firm, "actor_type") == ACTOR_TYPES.get(text(firm, "segments"), "")
    for alliance in telecom.of("Alliance"):
        equity = text(alliance, "kind").startswith("equity_investment")
        assert text(alliance, "governance") == ("equity" if equity else "")
    for alliance in startups.of("Alliance"):
        assert (text(alliance, "kind"), text(alliance, "power")) == ("alliance", "asymmetric")
    for alliance in in_chicago.of("Alliance"):
        assert text(alliance, "kind") == "service partnership"
        assert [text(p, "role") for p in in_chicago.parties(alliance.id)] == ["partner"]
    for firm in in_chicago.of("Firm"):
        assert (text(firm, "city"), text(firm, "country")) == ("Chicago", "US")
        assert text(firm, "description").startswith("Anonymous in the study")


@pytest.mark.parametrize("case", CASES)
def test_source_is_cited_in_full(case: str) -> None:
    (source,) = load(case).of("Source")
    assert text(source, "title").startswith(text(source, "attribution") + ", ")
    assert text(source, "licence").startswith("facts transcribed from ")


# --- what is known of the telecom case ------------------------------------------------------------


def holds(record: Record, as_of: dt.date, start: str, end: str) -> bool:
    since, until = record.properties.get(start), record.properties.get(end)
    return (not isinstance(since, dt.date) or since <= as_of) and (
        not isinstance(until, dt.date) or as_of < until
    )


def firms_at(tables: Tables, as_of: dt.date) -> "nx.Graph[str]":
    """Firms tied by alliances, ownership and takeovers at a date."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(f.id for f in tables.of("Firm"))
    for alliance in tables.of("Alliance"):
        if holds(alliance, as_of, "start", "end"):
            parties = [p.from_id for p in tables.parties(alliance.id)]
            graph.add_edges_from(itertools.combinations(parties, 2))
    for fact in tables.joined("OWNS"):
        if holds(fact, as_of, "since", "until"):
            graph.add_edge(fact.from_id, fact.to_id)
    for fact in tables.joined("ACQUIRED"):
        if holds(fact, as_of, "date", "until"):
            graph.add_edge(fact.from_id, fact.to_id)
    return graph


VIA_ERICSSON = {("ericsson", "seamless"), ("ericsson", "digitata")}
VIA_OTHERS = {("huawei", "digitata"), ("zte", "digitata"), ("alcatel-lucent", "digitata")}


@pytest.mark.parametrize(
    ("as_of", "bridges"),
    [
        (dt.date(2010, 12, 31), set()),
        (dt.date(2011, 12, 31), VIA_ERICSSON),
        (dt.date(2012, 12, 31), VIA_ERICSSON | VIA_OTHERS),
    ],
)
def test_ways_from_xelerated_to_mtn_group(as_of: dt.date, bridges: set[tuple[str, ...]]) -> None:
    graph = firms_at(load(TELECOM), as_of)
    ways = nx.all_simple_paths(graph, "firm:xelerated", "firm:mtn-group", cutoff=3)
    assert {tuple(f.removeprefix("firm:") for f in way[1:-1]) for way in ways} == bridges
    # No way of any length either, before there is one of three steps.
    assert nx.has_path(graph, "firm:xelerated", "firm:mtn-group") == bool(bridges)


@pytest.mark.parametrize(
    ("as_of", "competes"), [(dt.date(2007, 12, 31), False), (dt.date(2009, 12, 31), True)]
)
def test_broadcom_is_ally_and_competitor_of_xelerated(as_of: dt.date, competes: bool) -> None:
    tables = load(TELECOM)
    both = {"firm:xelerated", "firm:broadcom"}
    assert any(
        {p.from_id for p in tables.parties(a.id)} == both
        for a in tables.of("Alliance")
        if holds(a, as_of, "start", "end")
    )
    assert competes == any(
        {f.from_id, f.to_id} == both
        for f in tables.joined("COMPETES_WITH")
        if holds(f, as_of, "since", "until")
    )


def test_dune_networks_was_acquired_by_broadcom_in_2009() -> None:
    takeovers = {(f.from_id, f.to_id): text(f, "date") for f in load(TELECOM).joined("ACQUIRED")}
    assert takeovers["firm:broadcom", "firm:dune-networks"] == "2009-01-01"
    events = [e for e in load(TELECOM).of("Event") if text(e, "kind") == "acquires_partner"]
    assert [load(TELECOM).involved(e, "acquired") for e in events] == ["firm:dune-networks"]
