"""The table of services: what it reads, what it refuses, how users extend it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.errors import InvalidRequest, SourceError
from alliance_explorer.queries import services
from alliance_explorer.queries.feasibility.services import (
    CONTENTS,
    KnowledgeContent,
    service_table,
)

SYSTEM: KnowledgeContent = "system_intensive"
ROUTINE: KnowledgeContent = "people_intensive_routine"
CREATIVE: KnowledgeContent = "people_intensive_creative"
TABLE = service_table()
NAMES = [name for s in TABLE.services for name in (s.service, *s.synonyms)]


@pytest.mark.parametrize(
    ("asked", "content"),
    [
        # Zaheer, Lamin & Subramani 2009
        ("hosting", SYSTEM),
        ("data processing", SYSTEM),
        ("network administration", SYSTEM),
        ("helpdesk", ROUTINE),
        ("testing", ROUTINE),
        ("support", ROUTINE),
        ("software development", CREATIVE),
        ("user experience design", CREATIVE),
        ("consulting", CREATIVE),
        ("business analysis", CREATIVE),
        # the others of the Chicago study
        ("telecom", SYSTEM),
        ("telecom and VoIP", SYSTEM),
        ("security", SYSTEM),
        ("network services", SYSTEM),
        # however they are written
        ("  Help-Desk ", ROUTINE),
        ("UX DESIGN services", CREATIVE),
        ("user_experience_design", CREATIVE),
    ],
)
def test_class(asked: str, content: KnowledgeContent) -> None:
    assert TABLE.read(asked).content == content


@pytest.mark.parametrize("joint", [" and ", ", ", "/", " & ", "+", " AND ", ";"])
def test_of_several_services_the_one_with_the_most_knowledge_decides(joint: str) -> None:
    reading = TABLE.read(joint.join(["hosting", "helpdesk", "UX"]))
    assert [p.service.service for p in reading.parts] == [
        "hosting",
        "helpdesk",
        "user experience design",
    ]
    assert reading.content == CREATIVE
    assert "UX (in the table: user experience design) is people-intensive creative" in reading.how
    assert "decides: people-intensive creative [our rule]" in reading.how
    assert TABLE.read(joint.join(["hosting", "helpdesk"])).content == ROUTINE


def test_a_name_that_contains_and_is_one_service() -> None:
    (part,) = TABLE.read("Backup and Recovery").parts
    assert part.service.service == "backup"
    assert len(TABLE.read("backup and recovery and VoIP").parts) == 2


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_any_known_services_are_read_as_the_most_demanding_one(names: list[str]) -> None:
    expected = max(
        (s.content for n in names for s in TABLE.services if n in (s.service, *s.synonyms)),
        key=CONTENTS.index,
    )
    assert TABLE.read(" and ".join(names)).content == expected


def test_unknown_services_are_refused_with_the_nearest_and_all_known() -> None:
    with pytest.raises(InvalidRequest, match="no service is called 'hostng'") as caught:
        TABLE.read("VoIP and hostng")
    assert caught.value.field == "service"
    assert "did you mean 'hosting'?" in str(caught.value)
    for service in TABLE.services:
        assert service.service in str(caught.value).partition("known: ")[2]


@pytest.mark.parametrize("text", ["", "  ", "and", ",".join(["VoIP"] * 9), "x" * 301, "\udcff"])
def test_what_names_no_service_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        TABLE.read(text)
    assert caught.value.field == "service"
    str(caught.value).encode()


def test_every_row_says_who_says_so() -> None:
    for service in services().services:
        ours = service.source == "our rule"
        assert ours or service.source == "Zaheer, Lamin & Subramani 2009"
        assert ours == (service.why is not None)
        assert not service.added


def own(folder: Path, text: str) -> Path:
    path = folder / "services.csv"
    path.write_text(text)
    return path


def test_users_add_services(tmp_path: Path) -> None:
    path = own(
        tmp_path,
        "\ufeffservice,content,synonyms,source\n"
        "R&D,people-intensive creative,research; research and development,\n"
        "Hosting,people_intensive_routine,,the board\n"
        "call centre,system_intensive,,\n",
    )
    table = service_table(path)
    for asked in ("r & d", "research and development", "research"):
        assert table.read(asked).content == CREATIVE
    # A bundled service of the user's class keeps its other names.
    assert table.read("web hosting").content == table.read("hosting").content == ROUTINE
    assert "[the board]" in table.read("hosting").how
    # A synonym leaves its service, which stays what it was.
    assert table.read("call centre").content == SYSTEM
    assert table.read("helpdesk").content == table.read("service desk").content == ROUTINE
    names = [s.service for s in services(table).services]
    assert "Hosting" in names and "hosting" not in names
    assert [s.service for s in table.services if s.added] == ["R&D", "Hosting", "call centre"]
    assert service_table().read("hosting").content == SYSTEM


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no columns"),
        ("service\nx\n", "line 1, content: the column is missing"),
        ("service,class\n", "line 1, class: no such column"),
        ("service,content,service\n", "line 1, service: the column stands there twice"),
        ("service,content\nx,creative\n", "line 2, content: 'creative' is no class"),
        ("service,content\nx,people_intensive_creativ\n", "did you mean 'people_intensive_creat"),
        ("service,content\nx,\n", "line 2, content: is missing"),
        ("service,content\n\n,system_intensive\n", "line 3, service: is missing"),
        ('service,content\n"x\ny",system_intensive\nz,?\n', "line 4, content: '?' is no class"),
        ("service,content\nx,system_intensive,y\n", "line 2: 3 cells under 2 columns"),
        (
            "service,content,synonyms\nx,system_intensive,y\nY,system_intensive,\n",
            "line 3, service: 'Y' stands in line 2 already",
        ),
        (f"service,content\n{'x' * 201},system_intensive\n", "line 2, service: longer than 200"),
        ('service,content\n"x,system_intensive\n', "line 2: "),
    ],
)
def test_a_bad_table_is_refused_with_file_line_and_field(
    tmp_path: Path, text: str, says: str
) -> None:
    path = own(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        service_table(path)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)


def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        service_table(tmp_path / "none.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("service,content\nBüro,system_intensive\n".encode("latin-1"))
    with pytest.raises(SourceError, match="not UTF-8"):
        service_table(path)
    path.write_bytes(b"x" * (1 << 20) + b"x")
    with pytest.raises(SourceError, match="larger"):
        service_table(path)
