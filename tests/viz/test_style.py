import itertools
import re

import pytest

from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.graph.ties import KINDS
from alliance_explorer.viz import ego_picture, path_picture, style
from tests.viz.samples import ego

BACKGROUND = {"light": "#ffffff", "dark": "#171b21"}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_label_of_the_schema_has_a_shape() -> None:
    assert set(style.LABELS) == set(SCHEMA.nodes)


@pytest.mark.parametrize("type_", ["PARTY_TO", "COMPETES_WITH", "OWNS", "MEMBER_OF", "KNOWS"])
def test_ties_have_styles_of_their_own(type_: str) -> None:
    assert style.edge_style(type_).key != "other"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_tie_has_a_style(kind: str) -> None:
    assert style.edge_style(kind).key != "other"
    assert not style.is_relationship(kind)


@pytest.mark.parametrize(
    ("role", "key"),
    [
        ("ally", "ally"),
        ("ally and competitor", "coopetitor"),
        ("ally and owner and competitor", "coopetitor"),
        ("owned and competitor", "owner"),
        ("something new", "other"),
        ("", "other"),
    ],
)
def test_several_roles_at_once(role: str, key: str) -> None:
    assert style.role_style("Firm", role).key == key


@pytest.mark.parametrize("theme", style.THEMES)
def test_ties_and_borders_stand_out_from_the_background(theme: style.Theme) -> None:
    for edge in style.EDGES.values():
        assert contrast(getattr(edge, theme), BACKGROUND[theme]) > 2.7, edge.key
    for role in style.ROLES.values():
        assert contrast(style.paint(role, theme).border, BACKGROUND[theme]) > 3, role.key


def test_no_two_ties_differ_by_colour_alone() -> None:
    looks = [(e.width, e.arrow, e.dashes) for e in style.EDGES.values()]
    shared = [(a, b) for a, b in itertools.combinations(looks, 2) if a == b]
    assert not shared
    assert style.INFERRED_DASHES not in {e.dashes for e in style.EDGES.values()}


def test_a_legend_explains_what_occurs_and_no_more() -> None:
    picture = ego_picture(ego())
    groups = {(node["group"], node["shape"]) for node in picture.nodes}
    assert {(item.role.key, item.label.shape) for item in picture.legend} == groups
    assert {tie.key for tie in picture.ties} == {edge["kind"] for edge in picture.edges}
    assert picture.inferred
    assert picture.directed
    for theme in style.THEMES:
        assert set(picture.styles[theme]["groups"]) == {group for group, _ in groups}


def test_legend_stylesheet_and_picture_have_the_same_colours() -> None:
    sheet = style.stylesheet()
    light, dark = sheet.split("prefers-color-scheme: dark")
    for key, role in style.ROLES.items():
        assert f"--role-{key}: {role.light.fill};" in light
        assert f"--role-{key}: {role.dark.fill};" in dark
        assert f".role-{key} {{" in sheet
    for key, edge in style.EDGES.items():
        assert f"--tie-{key}: {edge.light};" in light
        assert f".tie-{key} {{" in sheet
    styles = path_picture(ego()).styles
    assert styles["dark"]["edges"]["alliance"] == style.EDGES["alliance"].dark
    assert not re.search(r"url\(|@import|expression", sheet)
