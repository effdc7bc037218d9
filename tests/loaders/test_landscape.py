"""Landscapes: small ones of both shapes, and hostile ones."""

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from alliance_explorer.engine import Engine, open_engine
from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import NodeRecord, ddl
from alliance_explorer.loaders.model import LoadRefused, Located
from alliance_explorer.loaders.sources import landscape, landscape_file
from alliance_explorer.loaders.sources.landscape import read_landscape
from tests.loaders.landscapes import CNCF_ID, LF_ID, ROOT, in_graph, loaded, read
from tests.support.graphs import Graphs

SMALL = ROOT / "tests" / "fixtures" / "landscape"
CNCF, LF = SMALL / "cncf.yml", SMALL / "lf.yml"
SOURCE = {"cncf": "source:cncf-landscape", "lf": "source:lf-landscape"}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An empty graph for what only reads: which engine it is does not matter there."""
    path = tmp_path_factory.mktemp("blank") / "x.lbug"
    with open_engine(f"ladybug://{path}") as engine:
        engine.define(ddl(engine.dialect))
        yield engine


# --- small ones ----------------------------------------------------------------------------------


def test_cncf_firms(blank: Engine) -> None:
    firms = read(CNCF, blank).nodes("Firm")
    source = {"source": SOURCE["cncf"]}
    assert {id_: f["name"] for id_, f in firms.items()} == {
        "firm:alpha": "Alpha",
        "firm:beta": 'Beta </script><script>alert(1)</script> & "Söhne"',
        "firm:gamma": "Gamma",
        "firm:delta": "Delta",
        "firm:شركة-النور": "شركة النور",
        "firm:rocket.example": "🚀 Rocket",
        "firm:non-public-organization-bear": "Non-Public Organization Bear",
        "firm:non-public-organization-dog": "Non-Public Organization Dog",
        "firm:campus": "Campus",
        "firm:echo.example": "Echo",
        "firm:foxtrot.example": "Foxtrot (Group)",
    }
    assert firms["firm:alpha"] == source | {
        "id": "firm:alpha",
        "name": "Alpha",
        "aliases": ["Alpha Labs"],
        "homepage": "https://www.alpha.example/",
        "crunchbase": "alpha",
    }
    # What is not known is not made up: above all no page of the foundation's.
    assert set(firms["firm:non-public-organization-bear"]) == {"id", "name", "source"}


def test_cncf_memberships(blank: Engine) -> None:
    result = read(CNCF, blank)
    assert result.nodes("Network") == {
        CNCF_ID: {
            "id": CNCF_ID,
            "name": "Cloud Native Computing Foundation",
            "aliases": ["CNCF"],
            "kind": "foundation",
            "scope": "international",
            "source": SOURCE["cncf"],
        }
    }
    facts = result.facts("MEMBER_OF")
    assert {f.to_id for f in facts} == {CNCF_ID}
    assert {f.from_id for f in facts} == result.nodes("Firm").keys()
    of = {f.from_id.removeprefix("firm:"): f.properties for f in facts}
    assert {k: str(p.get("since")) for k, p in of.items()} == {
        "alpha": "2015-11-01",
        "beta": "2016-01-01",
        "gamma": "2017-03-01",
        "delta": "2018-01-01",
        "شركة-النور": "2019-05-01",
        "rocket.example": "2019-06-01",
        "non-public-organization-bear": "None",
        "non-public-organization-dog": "None",
        "campus": "2021-01-01",
        "echo.example": "2022-01-01",
        "foxtrot.example": "2022-02-01",
    }
    assert Counter(p["tier"] for p in of.values()) == {
        "Platinum": 2,
        "Silver": 6,
        "Academic": 1,
        "End User Supporter and Contributor": 2,
    }
    assert {k for k, p in of.items() if p.get("role") == "end user"} == {"beta"}
    assert of["gamma"]["evidence"] == "CNCF Members / Silver"
    assert "cncf.yml: 12 member items are 11 firms" in result.notes
    assert "cncf.yml: several items are one firm: Alpha = Alpha Labs" in result.notes
    (tiers,) = [n for n in result.notes if "kept as Platinum" in n]
    assert "'Alpha' (line 77) and Silver as 'Alpha Labs' (line 91)" in tiers


def test_cncf_rivals(blank: Engine) -> None:
    result = read(CNCF, blank)
    facts = result.facts("COMPETES_WITH")
    hosted, tracing = "Platform / Hosted", "Observability / Tracing/Profiling"
    # Neither Rocket (a service provider), nor Campus (a university), nor Outsider (no member),
    # nor Delta in the first market (its project there is the foundation's).
    assert {(f.from_id, f.to_id, f.properties["market"]) for f in facts} == {
        ("firm:alpha", "firm:beta", hosted),
        ("firm:alpha", "firm:gamma", hosted),
        ("firm:beta", "firm:gamma", hosted),
        ("firm:alpha", "firm:beta", tracing),
        ("firm:alpha", "firm:delta", tracing),
        ("firm:beta", "firm:delta", tracing),
    }
    assert {(f.properties["inferred"], f.properties["confidence"]) for f in facts} == {(True, 0.5)}
    assert facts[0].properties["evidence"] == 'Alpha Cloud; Beta "B" Cloud'
    (stray,) = [n for n in result.notes if "no subcategory" in n]
    assert stray.endswith(": Observability / No such shelf")


def test_bad_items_are_reported_and_the_others_load(blank: Engine) -> None:
    rejects = read(CNCF, blank).rejects
    lines = CNCF.read_text(encoding="utf-8").splitlines()
    assert [(r.type, r.file, r.line, [p.field for p in r.problems]) for r in rejects] == [
        ("Firm", "cncf.yml", 88, ["items"]),
        ("Firm", "cncf.yml", 114, ["joined"]),
        (
            "Firm",
            "cncf.yml",
            118,
            ["name", "crunchbase", "homepage_url", "second_path", "description", "enduser"],
        ),
        ("Firm", "cncf.yml", 127, ["name"]),
        ("COMPETES_WITH", "cncf.yml", 41, ["crunchbase"]),
    ]
    assert lines[113].strip() == "- item:"
    assert lines[114].strip() == "name: Bad Date (member)"
    assert rejects[1].problems[0].reason == "'2019-13-01' is not a date: month must be in 1..12"
    assert rejects[1].row["name"] == "Bad Date (member)"


def test_records_say_where_they_stand(blank: Engine) -> None:
    lines = CNCF.read_text(encoding="utf-8").splitlines()
    for item in read(CNCF, blank).located:
        assert item.file == "cncf.yml"
        if isinstance(item.record, NodeRecord) and item.record.type.label == "Firm":
            assert str(item.record.properties["name"])[:6] in lines[item.line].replace('\\"', '"')


def test_lf(blank: Engine) -> None:
    result = read(LF, blank)
    assert not result.rejects
    assert {id_: n["name"] for id_, n in result.nodes("Network").items()} == {
        LF_ID: "The Linux Foundation",
        CNCF_ID: "Cloud Native Computing Foundation",
        "network:p4-fund": "P4 Fund",
    }
    network = result.nodes("Network")[CNCF_ID]
    assert (network["aliases"], network["homepage"]) == (["CNCF"], "https://www.cncf.io/")
    assert result.nodes("Firm")["firm:alpha"]["description"] == "Makes clouds."
    assert result.nodes("Firm").keys() == {
        "firm:alpha",
        "firm:rocket",
        "firm:spin-off.example",
        "firm:programme.example",
        "firm:other-gamma",
        "firm:cloud-native-computing-foundation",
        "firm:campus.example",
    }
    # The tier is one in the Linux Foundation, and says nothing about the others.
    tiers = {(f.from_id, f.to_id): f.properties.get("tier") for f in result.facts("MEMBER_OF")}
    assert len(tiers) == 10
    assert tiers["firm:alpha", LF_ID] == "Platinum"
    assert tiers["firm:alpha", CNCF_ID] is None
    assert not result.facts("COMPETES_WITH")
    assert any("not believed" in note for note in result.notes)


def test_sources(blank: Engine) -> None:
    for path, id_, url in (
        (CNCF, SOURCE["cncf"], "https://github.com/cncf/landscape"),
        (LF, SOURCE["lf"], "https://github.com/jmertic/lf-landscape"),
    ):
        result = read(path, blank)
        (source,) = result.nodes("Source").values()
        assert (source["id"], source["url"]) == (id_, url)
        assert source["licence"] == "Apache-2.0 or CC BY 4.0"
        others = [i.record for i in result.located if i.record.type.name != "Source"]
        assert {r.properties["source"] for r in others} == {id_}


def test_nodes_come_before_what_joins_them_and_once(blank: Engine) -> None:
    for path in (CNCF, LF):
        located = read(path, blank).located
        types = [item.record.type.name for item in located]
        order = ["Source", "Network", "Firm", "MEMBER_OF", "COMPETES_WITH"]
        assert types == sorted(types, key=order.index)
        ids = [(item.record.type.name, item.record.id) for item in located]
        assert len(ids) == len(set(ids))


def test_gzipped(blank: Engine, tmp_path: Path) -> None:
    packed = tmp_path / "cncf.yml.gz"
    packed.write_bytes(gzip.compress(CNCF.read_bytes()))
    plain = [(i.record, i.line) for i in read(CNCF, blank).located]
    assert [(i.record, i.line) for i in read(packed, blank).located] == plain


# --- through the writer --------------------------------------------------------------------------


@pytest.mark.parametrize("paths", [(CNCF, LF), (LF, CNCF)], ids=["cncf first", "lf first"])
def test_both_files_in_either_order(graphs: Graphs, paths: tuple[Path, Path]) -> None:
    with graphs.empty() as engine:
        first = loaded(engine, *paths)
        # Shared: Alpha by its Crunchbase name, Rocket and Campus by host; not Gamma, not Beta.
        expected = {"Source": 2, "Network": 3, "Firm": 15, "MEMBER_OF": 21, "COMPETES_WITH": 6}
        assert in_graph(engine) == expected
        assert first.total.rejected == 5
        again = loaded(engine, *paths)
        assert (again.total.created, again.total.changed) == (0, 0)
        assert in_graph(engine) == expected
        rows = engine.read(
            "MATCH (f:Firm) WHERE f.crunchbase = 'rocket' "
            "RETURN f.id AS id, f.name AS name, f.aliases AS aliases"
        )
        assert len(rows) == 1
        aliases = rows[0]["aliases"]
        assert isinstance(aliases, list)
        assert {rows[0]["name"], *aliases} == {"🚀 Rocket", "Rocket, Inc."}


def test_a_strict_load_refuses_the_file(engine: Engine) -> None:
    with pytest.raises(LoadRefused) as refused:
        loaded(engine, CNCF, strict=True)
    assert len(refused.value.rejects) == 5
    assert in_graph(engine)["Firm"] == 0


# --- other landscapes ----------------------------------------------------------------------------

OTHER = """
landscape:
  - category:
    name: Tools
    subcategories:
      - name: Scanners
        items: [{items}]
  - category:
    name: OpenSSF Members
    subcategories:
      - name: Premier
        items: [{members}]
"""
ADDRESS = "https://www.crunchbase.com/organization"


def other(folder: Path, firms: int) -> Path:
    items = (f"{{name: P{n}, crunchbase: '{ADDRESS}/f{n}'}}" for n in range(firms))
    members = (f"{{name: F{n} (member), crunchbase: '{ADDRESS}/f{n}'}}" for n in range(firms))
    path = folder / "openssf.yml"
    path.write_text(OTHER.format(items=", ".join(items), members=", ".join(members)))
    return path


def test_any_landscape_with_members(blank: Engine, tmp_path: Path) -> None:
    path = other(tmp_path, 2)
    result = read(path, blank)
    assert result.nodes("Source") == {
        "source:openssf-landscape": {"id": "source:openssf-landscape", "title": "OpenSSF Landscape"}
    }
    assert result.nodes("Network").keys() == {"network:openssf"}
    assert len(result.facts("MEMBER_OF")) == 2
    assert len(result.facts("COMPETES_WITH")) == 1
    url = "https://example.org/landscape.yml"
    source = next(iter(read_landscape(path, url, blank)))
    assert isinstance(source, Located)
    assert source.record.properties["url"] == url


def test_ids_of_ours_in_annotations(engine: Engine, tmp_path: Path) -> None:
    """Our exports have them; an item is then that firm, whatever its name, page or key say."""

    def item(name: str, id_: str, more: str = "") -> str:
        return f"{{name: {name}, extra: {{annotations: {{alliance_explorer_id: {id_}}}}}{more}}}"

    page = (
        ", homepage_url: https://a.example, crunchbase: https://www.crunchbase.com/organization/a"
    )
    names = [("A", "firm:mine", page), ("Other", "firm:mine", ""), ("B", "network:b", "")]
    items = "\n".join(f"          - {item(*n)}" for n in [*names, ("C", '"firm:c d"', "")])
    path = tmp_path / "x.yml"
    path.write_text(
        "landscape:\n- name: Club Members\n  subcategories:\n    - name: Club Members\n"
        f"      items:\n{items}\n          - {{name: D{page}}}\n"
        "- name: Projects\n  subcategories:\n    - name: All\n"
        f"      items:\n          - {item('Club', 'network:ours')}\n"
    )
    summary = loaded(engine, path)
    found = engine.read(
        "MATCH (f:Firm)-[m:MEMBER_OF]->(n:Network) "
        "RETURN f.id AS id, f.aliases AS names, n.id AS network, m.tier AS tier"
    )
    # D has the same key. A subcategory that is called as its category says no tier.
    mine = {"id": "firm:mine", "names": ["Other", "D"], "network": "network:ours", "tier": None}
    assert found == [mine]
    assert [(r.type, r.problems[0].field) for r in summary.rejects] == [
        ("Firm", "alliance_explorer_id"),
        ("Firm", "id"),
        ("MEMBER_OF", "from"),
    ]


def test_a_directory_is_no_market(blank: Engine, tmp_path: Path) -> None:
    most = landscape.MAX_RIVALS
    enough = read(other(tmp_path, most), blank)
    assert len(enough.facts("COMPETES_WITH")) == most * (most - 1) // 2
    result = read(other(tmp_path, most + 1), blank)
    assert not result.facts("COMPETES_WITH")
    assert any(f"Tools / Scanners has products of {most + 1} members" in n for n in result.notes)


# --- what is no landscape ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a landscape: expected the key 'landscape'"),
        ("{}", "not a landscape: expected the key 'landscape'"),
        ("- a\n- b\n", "not a landscape: expected the key 'landscape'"),
        ("landscape: text", "not a landscape: expected the key 'landscape'"),
        ("landscape: [text]", "category 1 is no mapping"),
        ("landscape:\n  - subcategories: []", "line 2: the category has no name"),
        ("landscape: [{name: A, subcategories: b}]", "the subcategory list is no list"),
        ("landscape: [{name: A, subcategories: [{name: B, items: c}]}]", "'items' is not a list"),
        ("landscape: [{name: A Club}]", "without a category '… Members'"),
        ("landscape: [", "line 2: not YAML: did not find expected node content"),
        ("landscape: []\n---\nlandscape: []", "line 2: a second document starts here"),
        ("landscape: &a [*a]", "line 1: YAML aliases are not accepted"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nlandscape: [*b, *b]", "line 2: YAML aliases are not"),
        ("[a, b]: c", "line 1: a key is not text"),
        ("landscape: " + "[" * 100_000, "nested more than 30 deep"),
        ("- " * 100_000, "nested more than 30 deep"),
        ("landscape: \x00", "not YAML"),
    ],
)
def test_no_landscape(blank: Engine, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(content)
    with pytest.raises(SourceError) as refused:
        read(path, blank)
    assert str(refused.value).startswith("x.yml")
    assert message in str(refused.value)


def test_tags_mean_nothing(blank: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(
        "landscape:\n  - name: X Members\n    subcategories:\n      - name: Gold\n        items:\n"
        "          - name: !!python/object/apply:os.system [exit]\n"
        "          - name: !!int A\n"
        "            homepage_url: null\n"
        "          - name: 'null'\n"
    )
    result = read(path, blank)
    assert [(r.line, r.problems[0].field) for r in result.rejects] == [(6, "name")]
    assert result.nodes("Firm").keys() == {"firm:a", "firm:null"}


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fast = landscape_file.read_shelves(CNCF, "x")
    monkeypatch.setattr(landscape_file, "_PARSER", yaml.SafeLoader)
    assert landscape_file.read_shelves(CNCF, "x") == fast
    path = tmp_path / "x.yml"
    for content in ("landscape: \x00", "[" * 10_000, "landscape: ["):
        path.write_text(content)
        with pytest.raises(SourceError):
            landscape_file.read_shelves(path, "x")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landscape_file, "MAX_BYTES", 1 << 20)
    bomb = tmp_path / "bomb.yml.gz"
    bomb.write_bytes(gzip.compress(b" " * (2 << 20)))
    with pytest.raises(SourceError, match=r"bomb\.yml\.gz: larger than 1 MiB"):
        landscape_file.read_shelves(bomb, "bomb.yml.gz")


def test_damaged_or_unreadable(tmp_path: Path) -> None:
    damaged = tmp_path / "x.yml.gz"
    damaged.write_bytes(gzip.compress(CNCF.read_bytes())[:-100])
    with pytest.raises(SourceError, match=r"x\.yml\.gz: the gzip file is damaged"):
        landscape_file.read_shelves(damaged, "x.yml.gz")
    with pytest.raises(SourceError, match="folder: cannot be read: Is a directory"):
        landscape_file.read_shelves(tmp_path, "folder")
