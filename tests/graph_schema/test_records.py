"""Rows become records, or say every reason why not."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_explorer.graph_schema import (
    SCHEMA,
    InvalidRow,
    NodeRecord,
    NodeType,
    RelationshipRecord,
    RelationshipType,
    check_columns,
    columns_of,
    date_of,
    nearest,
    parse,
    text_of,
)

TYPES = {t.name: t for t in SCHEMA}
PYTHON_TYPES: dict[str, type] = {
    "string": str,
    "int": int,
    "float": float,
    "bool": bool,
    "date": dt.date,
    "strings": list,
}
SMALLEST: dict[str, dict[str, object]] = {
    "Firm": {"id": "firm:a", "name": "A"},
    "Person": {"id": "person:p", "name": "P"},
    "Alliance": {"id": "alliance:x", "name": "X"},
    "Event": {"id": "event:e", "date": "2011", "kind": "k"},
    "Source": {"id": "source:s", "title": "S"},
    "MEMBER_OF": {"from": "firm:a", "to": "network:n"},
    "PARTY_TO": {"from": "firm:a", "to": "alliance:x"},
    "COMPETES_WITH": {"from": "firm:a", "to": "firm:b"},
    "KNOWS": {"from": "person:p", "to": "person:q"},
    "ACQUIRED": {"from": "firm:a", "to": "firm:b"},
}


def record(type_name: str, **more: object) -> NodeRecord | RelationshipRecord:
    return parse(TYPES[type_name], SMALLEST[type_name] | more)


def value(type_name: str, field: str, raw: object) -> object:
    """What a cell becomes; None: not known."""
    return record(type_name, **{field: raw}).properties.get(field)


def problems(type_name: str, more: dict[str, object]) -> dict[str, str]:
    """Reasons by field."""
    with pytest.raises(InvalidRow) as caught:
        record(type_name, **more)
    found = {p.field: p.reason for p in caught.value.problems}
    assert len(found) == len(caught.value.problems), "one reason for each field"
    return found


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "field", "raw", "expected"),
    [
        ("Firm", "name", "  Acme\u00a0", "Acme"),
        ("Firm", "name", 7, "7"),  # a firm of that name, in JSON
        ("Firm", "city", "", None),
        ("Firm", "city", "  ", None),
        ("Firm", "city", None, None),
        ("Firm", "founded", "1999", 1999),
        ("Firm", "founded", 1999.0, 1999),
        ("Firm", "founded", "-5e0", ...),
        ("Firm", "lat", "59.4", 59.4),
        ("Firm", "lat", 59, 59.0),
        ("Firm", "lat", "1e1", 10.0),
        ("Firm", "aliases", "A; B ;;A", ["A", "B"]),
        ("Firm", "aliases", ["A;B", " C "], ["A;B", "C"]),
        ("Firm", "aliases", ";", None),
        ("Firm", "aliases", [""], None),
        ("Firm", "aliases", [], None),
        ("COMPETES_WITH", "inferred", "Yes", True),
        ("COMPETES_WITH", "inferred", "0", False),
        ("COMPETES_WITH", "inferred", False, False),
        ("Event", "date", "2011-12-31", dt.date(2011, 12, 31)),
        ("Event", "date", dt.datetime(2011, 12, 31, 23), dt.date(2011, 12, 31)),
    ],
)
def test_value(type_name: str, field: str, raw: object, expected: object) -> None:
    if expected is ...:
        assert field in problems(type_name, {field: raw})
    else:
        assert value(type_name, field, raw) == expected
        assert type(value(type_name, field, raw)) is type(expected)


@pytest.mark.parametrize(
    ("type_name", "field", "raw", "reason"),
    [
        ("Firm", "name", "", "missing; every Firm needs it"),
        ("Firm", "name", None, "missing; every Firm needs it"),
        ("Firm", "name", "a\x00b", "contains a NUL character"),
        ("Firm", "name", "a\ud800", "half a surrogate pair"),
        ("Firm", "name", True, "True is not text"),
        ("Firm", "name", {"a": 1}, "{'a': 1} is not text"),
        ("Firm", "aliases", ["a", "b\x00"], "NUL"),
        ("Firm", "aliases", ["a", None], "None is not text"),
        ("Firm", "aliases", 5, "5 is not a list"),
        ("Firm", "founded", "soon", "'soon' is not a whole number"),
        ("Firm", "founded", "1999.5", "not a whole number"),
        ("Firm", "founded", True, "not a whole number"),
        ("Firm", "founded", "1_999", "not a whole number"),
        ("Firm", "founded", "12", "12 is not between 1000 and 2200"),
        ("Firm", "employees", "-1", "not between 0 and 1e+07"),
        ("PARTY_TO", "alternatives", "9" * 30, "64 bits"),
        ("PARTY_TO", "alternatives", "9" * 5000, "not a whole number"),
        ("Firm", "lat", "59,4", "decimal point, no thousands separator"),
        ("Firm", "lat", "1_0.5", "is not a number"),
        ("Firm", "lat", True, "is not a number"),
        ("Firm", "lat", "nan", "is not a finite number"),
        ("Firm", "lat", 10**400, "is not a number"),
        ("Firm", "lat", "90.001", "90.001 is not between -90 and 90"),
        ("Firm", "confidence", "2", "2.0 is not between 0 and 1"),
        ("Firm", "size_class", "smal", "'smal' is not allowed; did you mean 'small'?"),
        ("Firm", "size_class", "?", "; allowed: micro, small, medium, large"),
        ("Firm", "size_class", "Small", "did you mean 'small'"),
        ("COMPETES_WITH", "inferred", "maybe", "'maybe' is neither true nor false"),
        ("Event", "date", "31.12.2011", "write 2011, 2011-03 or 2011-03-31"),
        ("Event", "date", "2011-13", "is not a date: month must be in 1..12"),
        ("Event", "date", "2011-02-29", "is not a date: day"),
        ("Event", "date", "0000", "is not a date: year 0"),
        ("Event", "date", 2011, "2011 is not a date"),
        ("Alliance", "end", "9999", "ends after the last possible date"),
        ("Firm", "id", "", "missing; every Firm needs it"),
        ("Firm", "id", "acme", "'acme' does not start with 'firm:'"),
        ("Firm", "id", "Firm:acme", "does not start with 'firm:'"),
        ("Firm", "id", "person:acme", "does not start with 'firm:'"),
        ("Firm", "id", "firm:", "does not start with 'firm:'"),
        ("Firm", "id", "firm:" + "x" * 300, "longer than 300 characters"),
        ("Firm", "source", "acme", "does not start with 'source:'"),
        ("MEMBER_OF", "from", "", "missing; every MEMBER_OF needs it"),
        ("MEMBER_OF", "from", 5, "does not start with 'firm:' or 'person:'"),
        ("MEMBER_OF", "from", ["firm:a"], "is not text"),
        ("MEMBER_OF", "from", "firm:\ud800", "half a surrogate pair"),
        ("MEMBER_OF", "from", "network:n", "does not start with 'firm:' or 'person:'"),
        ("MEMBER_OF", "to", "firm:b", "does not start with 'network:'"),
        ("ACQUIRED", "to", "firm:a", "both ends are the same"),
        ("MEMBER_OF", "teir", "gold", "unknown field of MEMBER_OF; did you mean 'tier'?"),
        ("MEMBER_OF", "id", "0123", "'0123' is no id of a fact: leave it blank"),
        ("Firm", "from", "firm:b", "unknown field of Firm; allowed: id, name"),
    ],
)
def test_problem(type_name: str, field: str, raw: object, reason: str) -> None:
    assert reason in problems(type_name, {field: raw})[field]


@pytest.mark.parametrize("mark", [*" \t\n\u00a0\u2028|/?#%\\", "\x00", "\x1f", "\x7f", "\ud800"])
def test_id_with_a_forbidden_character(mark: str) -> None:
    assert "id" in problems("Firm", {"id": f"firm:a{mark}b"})
    assert "from" in problems("MEMBER_OF", {"from": f"firm:a{mark}b"})


@pytest.mark.parametrize("id_", ["firm:a", "firm:שלום", "firm:a:b", "firm:é", "firm:🚀", "firm:'"])
def test_id(id_: str) -> None:
    assert record("Firm", id=id_).id == id_
    assert SCHEMA.label_of(id_) == "Firm"


def test_every_problem_of_a_row_is_told() -> None:
    found = problems("Firm", {"id": "x", "name": "", "founded": "soon", "size_class": "huge"})
    assert found.keys() == {"id", "name", "founded", "size_class"}


def test_a_value_that_is_wrong_is_shown_in_short() -> None:
    assert all(
        len(reason) < 400
        for field in ("size_class", "founded", "lat", "id")
        for reason in problems("Firm", {field: "x" * 100_000}).values()
    )


@pytest.mark.parametrize("field", SCHEMA.nodes["Firm"].indexed)
def test_longest_text_that_an_index_of_neo4j_takes(field: str) -> None:
    """Of 8,180 bytes it says that they are too large, and refuses the whole batch."""
    assert value("Firm", field, "é" * 4000) == "é" * 4000
    assert "8,000 bytes" in problems("Firm", {field: "é" * 4001})[field]


def test_longest_text() -> None:
    assert value("Firm", "description", "😀" * 1_000_000) == "😀" * 1_000_000
    assert "longer" in problems("Firm", {"description": "x" * 1_000_001})["description"]


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2011", dt.date(2011, 1, 1), dt.date(2012, 1, 1)),
        ("2011-03", dt.date(2011, 3, 1), dt.date(2011, 4, 1)),
        ("2011-12", dt.date(2011, 12, 1), dt.date(2012, 1, 1)),
        ("2011-03-31", dt.date(2011, 3, 31), dt.date(2011, 3, 31)),
        ("0001", dt.date(1, 1, 1), dt.date(2, 1, 1)),
    ],
)
def test_date_of(text: str, first: dt.date, after: dt.date) -> None:
    assert date_of(text) == first
    assert date_of(text, end=True) == after


@given(st.dates(max_value=dt.date(9998, 12, 31)))
def test_any_date(day: dt.date) -> None:
    year, month, whole = str(day)[:4], str(day)[:7], str(day)
    assert date_of(whole) == date_of(whole, end=True) == day
    assert date_of(year) <= date_of(month) <= day < date_of(month, end=True)
    assert date_of(month, end=True) <= date_of(year, end=True)


def test_until_is_the_end_of_the_period() -> None:
    of_2011 = record("MEMBER_OF", since="2011", until="2011").properties
    assert (of_2011["since"], of_2011["until"]) == (dt.date(2011, 1, 1), dt.date(2012, 1, 1))
    of_march = record("MEMBER_OF", since="2011-03", until="2011-03").properties
    assert (of_march["since"], of_march["until"]) == (dt.date(2011, 3, 1), dt.date(2011, 4, 1))
    of_alliance = record("Alliance", start="2011", end="2011").properties
    assert of_alliance["end"] == dt.date(2012, 1, 1)


@pytest.mark.parametrize(
    ("type_name", "first", "last"), [("MEMBER_OF", "since", "until"), ("Alliance", "start", "end")]
)
def test_an_interval_has_at_least_a_day(type_name: str, first: str, last: str) -> None:
    found = problems(type_name, {first: "2011-03-31", last: "2011-03-31"})
    assert f"2011-03-31 is not after {first} 2011-03-31" in found[last]
    record(type_name, **{first: "2011-03-31", last: "2011-04-01"})
    record(type_name, **{last: "2011"})


# --- identity of facts ---------------------------------------------------------------------------


def test_fact_id_is_made_of_ends_key_and_source() -> None:
    same = {record("MEMBER_OF").properties["id"], record("MEMBER_OF", tier="gold").properties["id"]}
    assert len(same) == 1, "the tier is not in the key"
    different = [
        record("MEMBER_OF", **more).properties["id"]
        for more in (
            {},
            {"from": "firm:b"},
            {"to": "network:m"},
            {"role": "chair"},
            {"since": "2011"},
            {"source": "source:s"},
        )
    ]
    assert len(set(different)) == len(different)


@pytest.mark.parametrize("type_name", [t.name for t in SCHEMA.relationships.values()])
def test_direction_counts_unless_symmetric(type_name: str) -> None:
    type_ = SCHEMA.relationships[type_name]
    pair = next((p for p in type_.ends if p[0] == p[1]), None)
    if pair is None:
        assert not type_.symmetric
        return
    a, b = SCHEMA.nodes[pair[0]].prefix + "a", SCHEMA.nodes[pair[0]].prefix + "b"
    there, back = parse(type_, {"from": a, "to": b}), parse(type_, {"from": b, "to": a})
    assert (there == back) == type_.symmetric
    if type_.symmetric:
        assert isinstance(back, RelationshipRecord)
        assert (back.from_id, back.to_id) == (a, b)


# --- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "columns", "told"),
    [
        ("Firm", ["id", "name"], {}),
        ("Firm", ["id"], {"name": "column is missing; Firm needs it"}),
        (
            "Firm",
            ["id", "name", "founder"],
            {"founder": "unknown column of Firm; did you mean 'founded'?"},
        ),
        ("Firm", ["id", "name", "name"], {"name": "column stands twice"}),
        ("Firm", ["id", "name", ""], {"(empty)": "unknown column of Firm; allowed: id, name"}),
        ("MEMBER_OF", ["from"], {"to": "column is missing; MEMBER_OF needs it"}),
        ("MEMBER_OF", ["from", "to", "id"], {}),
        ("MEMBER_OF", ["From", "to"], {"From": "did you mean 'from'?", "from": "is missing"}),
    ],
)
def test_columns(type_name: str, columns: list[str], told: dict[str, str]) -> None:
    found = {p.field: p.reason for p in check_columns(TYPES[type_name], columns)}
    assert found.keys() == told.keys()
    assert all(told[field] in reason for field, reason in found.items())


def test_nearest_names_what_is_near_or_else_everything() -> None:
    assert nearest("naem", ["id", "name"]) == "; did you mean 'name'?"
    assert nearest("zzz", ["id", "name"]) == "; allowed: id, name"


# --- anything at all -----------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(), max_size=20)  # halves of surrogate pairs too
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[NodeType | RelationshipType, dict[str, object]]:
    """A type, and a row of it that is mostly sound."""
    type_ = draw(st.sampled_from(sorted(TYPES.values(), key=lambda t: t.name)))
    row: dict[str, object] = {}
    sound: dict[str, st.SearchStrategy[object]] = {
        "from": st.sampled_from(["firm:a", "person:p", "event:e", "place:x"]),
        "to": st.sampled_from(["firm:b", "person:q", "network:n", "alliance:x", "place:y"]),
        "source": st.just("source:s"),
        "date": st.sampled_from(["2011", "2011-03"]),
    }
    if isinstance(type_, NodeType):
        sound["id"] = st.just(f"{type_.prefix}x")
        sound["name"] = sound["title"] = sound["kind"] = st.just("x")
    for column in columns_of(type_):
        if draw(st.booleans()) or column in ("id", "name", "title", "from", "to"):
            row[column] = draw(sound.get(column, ANY_VALUE) | ANY_VALUE)
    if draw(st.integers(0, 9)) == 0:
        row[draw(ANY_TEXT)] = draw(ANY_VALUE)
    return type_, row


@given(rows())
def test_any_row_is_a_sound_record_or_rejected(
    case: tuple[NodeType | RelationshipType, dict[str, object]],
) -> None:
    type_, row = case
    try:
        made = parse(type_, row)
    except InvalidRow:
        return
    for name, stored in made.properties.items():
        declared = type_.by_name[name]
        assert type(stored) is PYTHON_TYPES[declared.type]
        assert stored not in ("", [])
        assert not isinstance(stored, float) or math.isfinite(stored)
        for text in stored if isinstance(stored, list) else [stored]:
            str(text).encode()
            assert "\x00" not in str(text)
    # What was read once reads the same again: exports can be loaded.
    again: dict[str, object] = dict(made.properties)
    if isinstance(made, RelationshipRecord):
        again |= {"from": made.from_id, "to": made.to_id}
        del again["id"]
    assert parse(type_, again) == made


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"))))
def test_lists_read_the_same_again_from_a_cell(entries: list[str]) -> None:
    row = {"id": "firm:a", "name": "A", "aliases": entries}
    listed = parse(SCHEMA.nodes["Firm"], row).properties.get("aliases")
    if listed is not None:
        again = parse(SCHEMA.nodes["Firm"], {**row, "aliases": text_of(listed)})
        assert again.properties["aliases"] == listed
