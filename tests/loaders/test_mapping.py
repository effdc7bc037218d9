"""Tables by a mapping: what it makes of a row, and what is wrong with a mapping."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Engine
from alliance_explorer.errors import SourceError
from alliance_explorer.loaders import Located, Note, Rejected, Summary, load
from alliance_explorer.loaders.cleaning.identity import slug
from alliance_explorer.loaders.cleaning.repair import RULES
from alliance_explorer.loaders.tabular.mapped import read_mapped
from alliance_explorer.loaders.tabular.mapping import read_mapping

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "mapping"

PAIRS = """\
records:
  - {node: Firm, as: a, set: {name: A}}
  - {node: Firm, as: b, set: {name: B}}
  - {node: Alliance, as: both, id: "{A}-{B}", set: {name: {template: "{A} and {B}"}}}
  - {relationship: PARTY_TO, from: a, to: both}
  - {relationship: PARTY_TO, from: b, to: both}
"""


def written(folder: Path, mapping: str, table: str | bytes = "", name: str = "t.csv") -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / name, folder / "map.yml"]
    paths[0].write_bytes(table.encode() if isinstance(table, str) else table)
    paths[1].write_text(mapping, "utf-8")
    return paths


class Read:
    """What a mapping made of a table."""

    def __init__(self, folder: Path, mapping: str, table: str | bytes, name: str = "t.csv") -> None:
        data, rules = written(folder, mapping, table, name)
        items = list(read_mapped(data, data.name, rules))
        self.records = [i.record for i in items if isinstance(i, Located)]
        self.rejects = [
            (i.type, i.line, p.field, p.reason)
            for i in items
            if isinstance(i, Rejected)
            for p in i.problems
        ]
        self.notes = "\n".join(i.text for i in items if isinstance(i, Note))

    def of(self, type_: str) -> list[dict[str, object]]:
        return [dict(r.properties) for r in self.records if r.type.name == type_]


def loaded(engine: Engine, data: Path, mapping: Path, **more: bool) -> Summary:
    limits = {"max_download": 1, "download_timeout": 1.0}
    return load(engine, [str(data)], mapping=str(mapping), **limits, **more)  # type: ignore[arg-type]


def test_the_example(engine: Engine) -> None:
    data, mapping = EXAMPLE / "partners.csv", EXAMPLE / "partners.yml"
    dry = loaded(engine, data, mapping, dry=True)
    assert engine.read("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    assert [item.record.type.name for item in dry.first].count("Firm") == 3

    summary = loaded(engine, data, mapping)
    assert (summary.counts, summary.rejects) == (dry.counts, dry.rejects)
    assert {n: (c.read, c.loaded, c.rejected) for n, c in summary.counts.items()} == {
        "Source": (1, 1, 0),
        "Firm": (6, 5, 1),
        "Alliance": (5, 5, 0),
        "Capability": (3, 3, 0),
        "PARTY_TO": (10, 9, 1),
        "OFFERS": (3, 3, 0),
    }
    firms = engine.read("MATCH (f:Firm) RETURN f.name AS name, f.country AS c, f.homepage AS h")
    assert sorted((str(f["name"]), f["c"], f["h"]) for f in firms) == [
        ("Athena IT", "GR", None),
        ("Café Système SA", "FR", None),
        ("Müller & Söhne GmbH", "DE", "http://www.mueller.example"),
        ("Northern Data Ltd", "GB", None),
        ("Société Lumière", "FR", None),
    ]
    (deal,) = engine.read(
        "MATCH (f:Firm)-[p:PARTY_TO]->(a:Alliance) WHERE a.id = $id AND f.country = 'DE' "
        "RETURN a.name AS name, a.start AS start, a.`end` AS stop, p.role AS role, "
        "p.share_of_sales AS share, p.source AS source",
        id="alliance:muller-sohne-gmbh-cafe-systeme-sa",
    )
    assert [str(value) for value in deal.values()] == [
        *("Müller & Söhne GmbH and Café Système SA", "2016-03-01", "2020-01-01", "supplier"),
        *("0.255", "source:partner-list-of-spring-2020"),
    ]
    again = loaded(engine, data, mapping)
    assert again.total.loaded == 0 and again.total.read == summary.total.read


def test_lists_make_records(tmp_path: Path) -> None:
    mapping = """\
records:
  - {node: Firm, as: rival, for_each: {column: Rivals, split: [",", ";"]}, set: {name: Rivals}}
  - {node: Network, as: net, id: "network:x", set: {name: {constant: X}, kind: {constant: cluster}}}
  - {relationship: COMPETES_WITH, from: rival, to: rival, set: {market: Market}}
  - {relationship: MEMBER_OF, from: rival, to: net}
  - {relationship: MEMBER_OF, from: rival, to: "network:other"}
"""
    found = Read(tmp_path, mapping, 'Rivals;Market\nA, B;IT\n"C, A, ";HR\n;none\n')
    assert [f["name"] for f in found.of("Firm")] == ["A", "B", "C"]
    assert found.of("Network") == [{"id": "network:x", "name": "X", "kind": "cluster"}]
    ends = [
        (r.from_id[-1], r.to_id[-1])  # type: ignore[union-attr]
        for r in found.records
        if r.type.name == "COMPETES_WITH"
    ]
    assert ends == [("a", "b"), ("a", "c")]
    assert len(found.of("MEMBER_OF")) == 6  # three firms in two networks, each once
    assert "2 relationships stand there twice, with the same values" in found.notes
    assert not found.rejects
    assert "1 rows say nothing of 'rival': left out" in found.notes
    assert "columns that are not mapped" not in found.notes


def test_values(tmp_path: Path) -> None:
    mapping = """\
decimal: ","
blank: [unbekannt]
records:
  - node: Firm
    set:
      name: Name
      sme: KMU
      employees: MA
      founded: {column: Jahr, if_bad: blank}
      segments: {column: Felder, split: [",", "/"]}
      size_class: {column: Klasse, values: {klein: small, groß: large}}
      country: Land
      lat: {column: Lat}
      description: {template: "{Name} in {Ort}"}
      city: Ort
"""
    table = (
        "Name\tKMU\tMA\tJahr\tFelder\tKlasse\tLand\tLat\tOrt\n"
        "A\tja\t1.200\t1999\tIT / Cloud, IT\tklein\tNA\t48,5\tUlm\n"
        "B\tnein\tunbekannt\tca. 1990\t\tGROß\tDE;DE\t\t\n"
        "C\t\t\t\t\tmittel\tDE;FR\t95,5\t\n"
        "\t\t7\t\t\t\t\t\t\n"
        "A\t\t\t2001\tHR\t\t\t\t\n"
    )
    found = Read(tmp_path, mapping, table)
    assert found.of("Firm") == [
        {
            **{"id": "firm:a", "name": "A", "sme": True, "employees": 1200, "founded": 1999},
            **{"segments": ["IT", "Cloud", "HR"], "size_class": "small", "country": "NA"},
            **{"lat": 48.5, "description": "A in Ulm", "city": "Ulm"},
        },
        {
            **{"id": "firm:b", "name": "B", "sme": False, "size_class": "large"},
            **{"country": "DE"},
        },
    ]
    assert found.rejects == [
        (
            *("Firm", 4, "Klasse"),
            "size_class: 'mittel' is not among `values`; allowed: klein, groß, micro, small, "
            "medium, large",
        ),
        ("Firm", 4, "Land", "country: 'DE;FR' is no country"),
        ("Firm", 5, "id", "missing; every Firm needs it"),
        ("Firm", 5, "name", "missing; every Firm needs it"),
    ]
    assert "1 × left unknown: " in found.notes and "Jahr: 'ca. 1990' → ''" in found.notes
    assert "1 values of Firm differ" in found.notes  # founded 1999, then 2001
    assert "firm:a, founded: 1999 (line 2), 2001 (line 6)" in found.notes


def test_a_row_without_an_end_is_rejected(tmp_path: Path) -> None:
    found = Read(tmp_path, PAIRS, "A,B\nX,Y\nX,\n,\n")
    assert [r for r in found.rejects if r[0] == "PARTY_TO"] == [
        ("PARTY_TO", 3, "to", "the row names no 'both'"),
        ("PARTY_TO", 3, "from", "the row names no 'b'"),
    ]
    assert [r[:3] for r in found.rejects if r[0] == "Firm"] == [
        ("Firm", 3, "id"),
        ("Firm", 3, "name"),
    ]
    reason = "is made of what is blank: 'A' or 'B'"
    assert [r for r in found.rejects if r[0] == "Alliance"] == [("Alliance", 3, "id", reason)]


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Pairs")
    sheet.append(["A", "B"])
    sheet.append(["X", "Y"])
    book.save(tmp_path / "t.xlsx")
    content = (tmp_path / "t.xlsx").read_bytes()
    found = Read(tmp_path, PAIRS + "file: {sheet: Pairs}\n", content, "t.xlsx")
    assert [a["id"] for a in found.of("Alliance")] == ["alliance:x-y"]
    assert len(found.of("PARTY_TO")) == 2


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("XYZxÄ "), st.sampled_from("UVWX "))))
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    rows = [row for row in rows if any(map(str.strip, row))]
    table = "A,B\n" + "".join(f"{a},{b}\n" for a, b in rows)
    found = Read(tmp_path_factory.mktemp("m"), PAIRS, table)
    names = {cell for row in rows for cell in row if cell.strip()}
    assert {f["id"] for f in found.of("Firm")} == {f"firm:{slug(name)}" for name in names}
    whole = [(slug(a), slug(b)) for a, b in rows if a.strip() and b.strip()]
    parties = {(f"firm:{x}", f"alliance:{a}-{b}") for a, b in whole for x in (a, b)}
    told = {(r.from_id, r.to_id) for r in found.records if r.type.name == "PARTY_TO"}  # type: ignore[union-attr]
    assert told == parties
    lacking = {n for n, row in enumerate(rows, start=2) if not all(map(str.strip, row))}
    assert {r[1] for r in found.rejects} == lacking


MISTAKES = {
    "recods: []": [
        "map.yml, line 1, recods: is unknown; did you mean 'records'?",
        "line 1, records: missing: a list of what each row says",
    ],
    "records:\n  - node: Frim\n    set: {name: A}": [
        "line 2, records[1].node: 'Frim' is not allowed; did you mean 'Firm'?"
    ],
    "records:\n  - node: Firm\n    set:\n      name: Name\n      contry: B": [
        "line 5, records[1].set.contry: Firm has no such property; did you mean 'country'?"
    ],
    "records:\n  - node: Firm\n    set: {country: A}": [
        "line 2, records[1].set: lacks name: Firm needs it"
    ],
    "records:\n  - node: Firm\n    set: {name: {colum: A}}": [
        "set.name.colum: is unknown; did you mean 'column'?",
        "needs one of `column`, `constant` and `template`",
    ],
    "records:\n  - node: Firm\n    set:\n      name: A\n      size_class: {constant: tiny}": [
        "line 5, records[1].set.size_class.constant: 'tiny' is not allowed; allowed: micro, small"
    ],
    "records:\n  - node: Firm\n    set: {name: A, founded: {column: B, last_day: true}}": [
        "founded is not a day on which something ends"
    ],
    "records:\n  - node: Firm\n    set: {name: {column: A, factor: 2}}": ["name is no number"],
    PAIRS.replace("from: b", "from: c"): [
        "line 6, from: 'c' is no record of this mapping; allowed: a, b, both"
    ],
    PAIRS.replace("from: b", "from: both"): [
        "line 6, from: 'both' is a Alliance; PARTY_TO goes from Firm"
    ],
    PAIRS.replace("as: b,", "as: a,"): ["line 3, as: 'a' names two records"],
    "file: {separator: xx, header: 0}\n" + PAIRS: [
        "line 1, file.separator: 'xx' is not one character; allowed:",
        "line 1, file.header: '0' is no line, from 1",
    ],
    "source: {url: x}\n" + PAIRS: ["source.title: missing; every Source needs it"],
    "decimal: ;\n" + PAIRS: ["line 1, decimal: ';' is not allowed; allowed: ., ,"],
    "records: [": ["not YAML"],
    "x: &a 1\ny: *a": ["anchors and aliases are not allowed"],
    "": ["map.yml: is empty"],
    "- a": ["should be a mapping"],
    "records: " + "[" * 50 + "]" * 50: ["nested too deeply"],
}


@pytest.mark.parametrize("mapping", MISTAKES, ids=range(len(MISTAKES)))
def test_mistakes_in_a_mapping(tmp_path: Path, mapping: str) -> None:
    _, path = written(tmp_path, mapping)
    with pytest.raises(SourceError) as failed:
        read_mapping(path)
    for reason in MISTAKES[mapping]:
        assert reason in str(failed.value)


def test_columns_that_are_not_there_are_told_with_the_nearest(tmp_path: Path) -> None:
    mapping = PAIRS.replace("name: B", "name: Partnr").replace("{A}-", "{Z}-")
    data, path = written(tmp_path, mapping, "A,Partner\n")
    with pytest.raises(SourceError) as failed:
        read_mapped(data, "t.csv", path)
    assert str(failed.value).replace(str(path), "map.yml").splitlines() == [
        "map.yml, line 3, set.name: t.csv has no column 'Partnr'; did you mean 'Partner'?",
        "map.yml, line 4, set.name: t.csv has no column 'B'; allowed: A, Partner",
        "map.yml, line 4, id: t.csv has no column 'Z'; allowed: A, Partner",
        "map.yml, line 4, id: t.csv has no column 'B'; allowed: A, Partner",
    ]


def test_a_mapping_and_another_format_do_not_go_together(engine: Engine, tmp_path: Path) -> None:
    data, path = written(tmp_path, PAIRS, "A,B\n")
    limits = {"max_download": 1, "download_timeout": 1.0}
    with pytest.raises(SourceError, match="tables is a format of its own"):
        load(engine, [str(data)], format="tables", mapping=str(path), **limits)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match="needs a mapping"):
        load(engine, [str(data)], format="mapping", **limits)  # type: ignore[arg-type]


def test_the_documentation_is_true() -> None:
    text = (ROOT / "docs" / "mapping.md").read_text("utf-8")
    assert (EXAMPLE / "partners.yml").read_text("utf-8") in text
    for rule, told in RULES.items():
        what = told.what.replace("|", "\\|")
        assert f"| {rule} | {what[0].upper()}{what[1:]} |" in text, rule
