"""Rules of the design that a reader should be able to rely on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliance_explorer.queries import library

ROOT = Path(__file__).parents[1]
# What each folder may import. `core` has two storeys: below are errors, limits, settings and
# opening, which anything may use; above is the command line, which uses everything.
BELOW = {"errors", "limits", "settings", "opening"}
ALLOWED = {
    "graph_schema": set[str](),
    "engine": set[str](),
    "matching": {"graph_schema", "engine"},
    "loaders": {"graph_schema", "engine", "matching"},
    "queries": {"graph_schema", "engine", "matching"},
    "exporters": {"graph_schema", "engine", "queries"},
    "viz": {"queries", "graph_schema"},
    "api": {"graph_schema", "engine", "loaders", "matching", "queries", "exporters", "viz"},
}
# What each subject of the questions builds on, beside the modules of `queries` itself.
SUBJECTS = {
    "graph": set[str](),
    "structure": {"graph"},
    "bridging": {"graph", "structure"},
    "proximity": {"graph"},
    "feasibility": {"proximity"},
    "portfolio": set[str](),
    "scenarios": {"graph", "structure", "proximity", "portfolio"},
}
# The same for the loaders: beside the modules of `loaders` itself.
LOADERS = {
    "cleaning": set[str](),
    "writing": set[str](),
    "tabular": {"cleaning", "writing"},
    "graphs": {"cleaning"},
    "sources": {"cleaning", "tabular"},
}
# Of the modules of `loaders` itself, those that a folder of theirs may build on.
LOADERS_BELOW = {"model", "encoding"}
CYPHER = sorted((ROOT / "queries" / "cypher").glob("*.cypher"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "alliance_explorer":
                names = [f"alliance_explorer.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "alliance_explorer" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("folder", ALLOWED)
def test_imports_go_one_way(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        wrong = set(_imports(path)) - ALLOWED[folder] - BELOW - {folder, "__version__"}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize(
    ("folder", "part", "below"),
    [
        *(("queries", part, below) for part, below in SUBJECTS.items()),
        *(("loaders", part, below | LOADERS_BELOW) for part, below in LOADERS.items()),
    ],
)
def test_parts_build_on_each_other_one_way(folder: str, part: str, below: set[str]) -> None:
    inner = "" if folder == "loaders" else r"\.\w+"
    for path in (ROOT / folder / part).glob("*.py"):
        found = re.findall(
            rf"from alliance_explorer\.{folder}\.(\w+){inner}[\w.]* import", path.read_text()
        )
        wrong = set(found) - below
        assert not wrong, f"{path.relative_to(ROOT)} builds on {sorted(wrong)}"


@pytest.mark.parametrize(("folder", "parts"), [("queries", SUBJECTS), ("loaders", LOADERS)])
def test_every_folder_is_a_part_that_is_named(folder: str, parts: dict[str, set[str]]) -> None:
    assert {p.parent.name for p in (ROOT / folder).glob("*/__init__.py")} == set(parts)


def test_lower_core_imports_nothing_above() -> None:
    for name in BELOW - {"opening"}:
        assert set(_imports(ROOT / "core" / f"{name}.py")) == set()


@pytest.mark.parametrize("driver", ["ladybug", "neo4j"])
def test_only_the_engines_import_a_driver(driver: str) -> None:
    for folder in (*ALLOWED, "core"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.parent.name != "engine":
                text = path.read_text("utf-8")
                assert not re.search(rf"^\s*(import|from) {driver}\b", text, re.M), path


def test_modules_are_short() -> None:
    for folder in (*ALLOWED, "core"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 420, f"{path.relative_to(ROOT)} has {lines} lines"


def test_every_query_has_a_header_that_is_true() -> None:
    for query in library().values():
        assert query.meaning
        for text in query.texts.values():
            used = set(re.findall(r"\$(\w+)", text))
            assert used == set(query.params), query.name


@pytest.mark.parametrize("path", CYPHER, ids=lambda p: p.stem)
def test_no_known_trap(path: Path) -> None:
    """What is measured to differ between the engines, or to be wrong on one, stays out."""
    text = "\n".join(x for x in path.read_text("utf-8").splitlines() if not x.startswith("//"))
    flat = " ".join(text.split())
    assert not re.search(r"MATCH[^|]*?\)\s*,\s*\(", flat), "comma between patterns: very slow"
    assert not re.search(r"ORDER BY .*? LIMIT .*? (WITH|RETURN) ", flat), "sort, cut, aggregate"
    assert not re.search(r"-\[[^\]]*\*", flat), "walks on one engine, trails on the other"
    for word in ("CALL", "REMOVE", "FOREACH", "labels(", "type(", "elementId", "id(", "label("):
        assert word not in flat.replace("$id", ""), f"{word}: not the same on both engines"
