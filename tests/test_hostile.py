"""Any text goes in, comes out as it was, and means nothing on the way: on both engines."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from alliance_explorer.engine import Edge, Engine, Node
from alliance_explorer.errors import AmbiguousActor
from alliance_explorer.exporters import Stored, stream, whole_format
from alliance_explorer.loaders import Summary, load
from alliance_explorer.loaders.model import Count
from alliance_explorer.queries import Explorer, bridges, profile, search
from alliance_explorer.queries.graph.names import normalised
from tests.support.graphs import Graphs
from tests.support.tiny import TODAY

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"

NASTY = [
    "'",
    '"',
    "`",
    "\\",
    "\\'",
    "'}) DETACH DELETE n //",
    "x' OR 1=1 //",
    '"}) RETURN 1 UNION MATCH (n) DETACH DELETE n RETURN 1 //',
    "$x",
    "$rows",
    "{x}",
    "${x}",
    "%s %(x)s {0}",
    "/* */ -- # //",
    "\\u0041\\x41\\n",
    "</script><script>alert(1)</script>",
    "<!-- --><img src=x onerror=alert(1)>",
    "]]>&amp;&lt;&#0;<?xml?>",
    "a;b;c",
    "a,b",
    "a|b",
    "=1+1",
    "NULL",
    "null",
    "true",
    "42",
    "2011-03-31",
    "firm:focal",
    "شركة النور",
    "חברה (ישראל)",
    "\u202eevil\u202c",
    "株式会社",
    "हिन्दी कंपनी",
    "e\u0301 \u00e9",
    "Z\u0351\u036b\u0343algo",
    "\ufdfa\ufdfd",
    "ﬁne ½ ①",
    "İıßẞſ",
    "😀👩‍👩‍👧🏳️‍🌈",
    "\U0010ffff\ufffe\uffff",
    "\ufeffbom",
    "zero\u200bwidth\u2060\u00ad",
    "two\nlines",
    "two\r\nlines",
    "two\rlines",
    "tab\tbed",
    "\x01\x07\x08\x1b[31mred\x1b[0m\x7f\x80\x9f",
    "line\u2028separator\u0085next",
    "[bold]not markup[/bold] :apple:",
    "[/nothing]",
    "Acme Inc.",
    "and so on...",
    "x" * 10_000 + "é",
]

# Surrogates and NUL cannot be stored; spaces around are taken away. What is made of marks alone
# has no letters to search for.
TEXTS = (
    (
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
        | st.builds("".join, st.lists(st.sampled_from(NASTY[:-1]), min_size=2, max_size=3))
    )
    .map(str.strip)
    .filter(str.strip)
)
# Whatever ids may hold.
TAIL = "'\"`{}()<>&;$,:=+*~!@^[]é😀"


def firm_id(n: int) -> str:
    return f"firm:{n}{TAIL if n % 2 else ''}"


def write_tables(folder: Path, texts: Sequence[str]) -> None:
    """Each text as name and description of a firm, of an alliance, and as aliases of two others.

    Through the alliances the focal firm knows all of them, and they know the target.
    """
    folder.mkdir(parents=True, exist_ok=True)
    many = list(enumerate(texts))
    tables: dict[str, list[Sequence[str]]] = {
        "Firm": [
            ["id", "name", "description"],
            ["firm:focal", "The focal firm", ""],
            ["firm:target", "The target", ""],
            *([firm_id(n), t, t] for n, t in many),
        ],
        "Alliance": [["id", "name", "terms"], *([f"alliance:{n}", t, t] for n, t in many)],
        "PARTY_TO": [
            ["from", "to", "role"],
            *([firm, f"alliance:{n}", t] for n, t in many for firm in ("firm:focal", firm_id(n))),
        ],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    lines: dict[str, list[dict[str, object]]] = {
        "Person": [
            {"id": f"person:{n}", "name": t, "languages": [t, f"x{t}"], "evidence": t}
            for n, t in many
        ],
        "Firm": [{"id": "firm:aliased", "name": "Many names", "aliases": [*texts]}],
        "Network": [{"id": "network:n", "name": texts[0], "aliases": [*texts]}],
        "MEMBER_OF": [
            {"from": firm, "to": "network:n", "tier": texts[0]}
            for firm in ("firm:target", *(firm_id(n) for n, _ in many))
        ],
    }
    for name, some in lines.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, some)))


def loaded(engine: Engine, folder: Path) -> Summary:
    return load(engine, [str(folder)], max_download=1, download_timeout=1.0, today=TODAY)


def stored(engine: Engine, label: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for row in engine.read(f"MATCH (x:{label}) RETURN x"):
        node = row["x"]
        assert isinstance(node, Node)
        found[node.id] = {**node.properties}
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for each example."""
    home = tmp_path_factory.mktemp("hostile")

    def numbered() -> Iterator[Path]:
        while True:
            yield home / str(len(list(home.iterdir())))

    return numbered()


@settings(
    max_examples=3,
    deadline=None,
    # A failing example is shown as it is: to make it smaller would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(texts=st.lists(TEXTS, min_size=20, max_size=40))
@example(texts=NASTY)
def test_any_text(graphs: Graphs, folders: Iterator[Path], texts: list[str]) -> None:
    folder = next(folders)
    write_tables(folder, texts)
    with graphs.empty() as engine:
        summary = loaded(engine, folder)
        assert summary.rejects == []
        check_stored(engine, texts)
        rows = summary.total.read
        assert loaded(engine, folder).total == Count(read=rows, unchanged=rows)
        explorer = Explorer(engine, TODAY)
        check_found(explorer, texts)
        check_shown(explorer, texts)
        check_exported(explorer, texts)


def check_stored(engine: Engine, texts: Sequence[str]) -> None:
    firms = stored(engine, "Firm")
    assert len(firms) == len(texts) + 3
    aliases = [firms["firm:aliased"]["aliases"], stored(engine, "Network")["network:n"]["aliases"]]
    assert aliases == [list(dict.fromkeys(texts))] * 2
    alliances, people = stored(engine, "Alliance"), stored(engine, "Person")
    for n, text in enumerate(texts):
        assert firms[firm_id(n)]["name"] == firms[firm_id(n)]["description"] == text
        assert alliances[f"alliance:{n}"]["name"] == alliances[f"alliance:{n}"]["terms"] == text
        assert people[f"person:{n}"]["name"] == people[f"person:{n}"]["evidence"] == text
        assert people[f"person:{n}"]["languages"] == [text, f"x{text}"]
    roles = Counter[object]()
    for row in engine.read("MATCH (:Firm)-[r:PARTY_TO]->(:Alliance) RETURN r"):
        edge = row["r"]
        assert isinstance(edge, Edge)
        roles[edge.properties["role"]] += 1
    assert roles == {t: 2 * k for t, k in Counter(texts).items()}


def check_found(explorer: Explorer, texts: Sequence[str]) -> None:
    keys = Counter(map(normalised, texts))
    for n, text in enumerate(texts):
        if text == "firm:focal":  # an id comes before a name
            continue
        if (same := keys[normalised(text)]) == 1:
            assert explorer.resolve(text, ["Firm"]).id == firm_id(n)
        else:
            with pytest.raises(AmbiguousActor) as caught:
                explorer.resolve(text, ["Firm"])
            assert len(caught.value.nearest) == min(10, same)
        assert explorer.resolve(firm_id(n)).name == text
        hits = search(explorer, text, labels=("Firm",), limit=200).hits
        (hit,) = (h for h in hits if h.id == firm_id(n))
        assert (hit.name, hit.matched, hit.score) == (text, text, 1.0)


def check_shown(explorer: Explorer, texts: Sequence[str]) -> None:
    for n, text in list(enumerate(texts))[:10]:
        shown = profile(explorer, firm_id(n))
        assert shown.actor.name == shown.actor.properties["description"] == text
        assert [a.alliance.name for a in shown.alliances] == [text]
        assert [r.other.name for r in shown.memberships] == [texts[0]]
    result = bridges(explorer, "firm:focal", "firm:target")
    assert len(result.bridges) == min(10, len(texts))
    for bridge in result.bridges:
        text = texts[int(re.findall(r"\d+", bridge.actor.id)[0])]
        assert bridge.actor.name == text
        assert all(text in p.sentence for p in bridge.paths)
    again = json.loads(result.model_dump_json(by_alias=True))
    assert [b["actor"]["name"] for b in again["bridges"]] == [b.actor.name for b in result.bridges]


def check_exported(explorer: Explorer, texts: Sequence[str]) -> None:
    whole = json.loads(exported(explorer, "json"))
    names = Counter(n["name"] for n in whole["nodes"] if n["label"] == "Alliance")
    assert names == Counter(texts)
    assert not [n for n in whole["nodes"] if n["label"] == "Person"]
    graph = ET.fromstring(exported(explorer, "graphml"))
    keys = {k.get("id"): k.get("attr.name") for k in graph.iter(f"{GRAPHML}key")}
    found = {
        node.get("id"): {keys[d.get("key")]: d.text or "" for d in node.iter(f"{GRAPHML}data")}
        for node in graph.iter(f"{GRAPHML}node")
    }
    for n, text in enumerate(texts):
        assert found[firm_id(n)]["name"] == as_xml(text)
        assert found[f"alliance:{n}"]["terms"] == as_xml(text)


def exported(explorer: Explorer, format: str) -> bytes:
    return b"".join(stream(Stored(explorer), whole_format(format)))


def as_xml(text: str) -> str:
    """Without what XML cannot hold."""
    return re.sub("[^\t\n\r\u0020-\ufffd\U00010000-\U0010ffff]", "", text)


# --- what cannot be stored -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("a\x00b", "contains a NUL character"),
        ("\ud800", "contains half a surrogate pair"),
        ("a\udfffb", "contains half a surrogate pair"),
        ("x" * 1_000_001, "longer than 1,000,000 characters"),
    ],
    ids=["NUL", "surrogate", "surrogate inside", "too long"],
)
def test_a_name_that_cannot_be_stored(
    engine: Engine, tmp_path: Path, raw: str, reason: str
) -> None:
    rows: list[dict[str, object]] = [
        {"id": "firm:good", "name": "Good"},
        {"id": "firm:name", "name": raw},
        {"id": "firm:alias", "name": "x", "aliases": ["y", raw]},
        {"id": f"firm:{raw}", "name": "x"},
    ]
    (tmp_path / "Firm.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "MEMBER_OF.jsonl").write_text(
        json.dumps({"from": f"firm:{raw}", "to": "network:n"})
    )
    summary = loaded(engine, tmp_path)
    assert summary.total == Count(read=5, created=1, rejected=4)
    fields = [p.field for r in summary.rejects for p in r.problems]
    assert fields == ["name", "aliases", "id", "from"]
    assert reason in summary.rejects[0].problems[0].reason
    assert stored(engine, "Firm").keys() == {"firm:good"}
    for reject in summary.rejects:
        for problem in reject.problems:
            problem.reason.encode()


def test_as_many_different_texts_as_the_tests_promise() -> None:
    assert len(set(map(normalised, NASTY))) > 45
    assert all(normalised(t) for t in NASTY)
