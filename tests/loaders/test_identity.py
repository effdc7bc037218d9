"""Which firm is this? Against an engine for what the graph holds, by hand for the rules."""

from collections.abc import Mapping, Sequence

import pytest

from alliance_explorer.engine import Engine, Row
from alliance_explorer.graph_schema import SCHEMA, columns, parse, upsert
from alliance_explorer.loaders.cleaning.identity import (
    Claim,
    Firms,
    crunchbase_name,
    domain,
    network_ids,
    slug,
)


def known(id_: str, name: str, crunchbase: str = "", homepage: str = "") -> Row:
    return {
        "id": id_,
        "name": name,
        "aliases": None,
        "crunchbase": crunchbase,
        "homepage": homepage,
    }


def store(engine: Engine, label: str, rows: Sequence[Mapping[str, object]]) -> None:
    type_ = SCHEMA.nodes[label]
    records = [parse(type_, row).properties for row in rows]
    assert engine.write_rows(upsert(engine.dialect, type_), records, columns(type_)) == len(rows)


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ericsson AB", "ericsson-ab"),
        ("Zoë & Söhne GmbH", "zoe-sohne-gmbh"),
        ("İstanbul  A.Ş.", "istanbul-a-s"),
        ("שלום בע״מ", "שלום-בע-מ"),
        ("日本電気", "日本電気"),
        ("한국", "한국"),
        ("a|b\tc\x7fd", "a-b-c-d"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_slugs_of_different_names_differ() -> None:
    names = ["🚀", "🎉", "\ud800", "कि", "का", "x" * 101, "x" * 102]
    assert len({slug(name) for name in names}) == len(names)
    assert all(0 < len(slug(name)) <= 100 for name in names)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.crunchbase.com/organization/sap", "sap"),
        ("https://www.crunchbase.com/organization/Scout-APM/?utm_source=x#y", "scout-apm"),
        ("https://crunchbase.com/organization/universit%C3%A9", "université"),
        ("https://www.crunchbase.com/organization/a%20b", "a%20b"),
        ("https://www.crunchbase.com/organization/a%FFb", "a%ffb"),
    ],
)
def test_crunchbase_name(address: str, expected: str) -> None:
    assert crunchbase_name(address) == expected


@pytest.mark.parametrize(
    "address", ["", "sap", "https://example.org/sap", "https://www.crunchbase.com/", "https://[::1"]
)
def test_no_crunchbase_name(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is the standard library's for the last
        crunchbase_name(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.SAP.com:443/de?x", "sap.com"),
        ("http://user@www.sap.com./", "sap.com"),
        ("https://about.gitlab.com", "about.gitlab.com"),
        ("https://github.com/sap", None),
        ("https://www.linkedin.com/company/sap", None),
        ("https://localhost/", None),
        ("sap.com", None),
        ("https://[bad", None),
        ("", None),
    ],
)
def test_domain(address: str, expected: str | None) -> None:
    assert domain(address) == expected


# --- firms ---------------------------------------------------------------------------------------


def test_new_firms_are_called_by_their_best_key() -> None:
    claims = [
        Claim("Alpha", "alpha", "alpha.example"),
        Claim("Beta", None, "beta.example"),
        Claim("Gamma", None, None),
    ]
    assert Firms().resolve(claims) == ["firm:alpha", "firm:beta.example", "firm:gamma"]


def test_one_crunchbase_name_is_one_firm_whatever_else_differs() -> None:
    there = Firms([known("firm:old-id", "Vectorized", "vectorized", "https://vectorized.example")])
    assert there.resolve([Claim("Redpanda", "vectorized", "redpanda.example")]) == ["firm:old-id"]
    assert there.joined == ["Redpanda = Vectorized (firm:old-id)"]


def test_a_host_joins_unless_both_have_crunchbase_names() -> None:
    there = Firms(
        [
            known("firm:a", "A", "a", "https://a.example"),
            known("firm:b.example", "B", "", "https://www.b.example/"),
        ]
    )
    claims = [
        Claim("A", None, "a.example"),
        Claim("B", "b", "b.example"),
        Claim("A again", "other-a", "a.example"),
    ]
    # In the second load both of the first two are there, and nothing changes.
    assert there.resolve(claims) == ["firm:a", "firm:b.example", "firm:other-a"]
    assert there.apart == ["firm:a and firm:other-a (a.example)"]
    assert there.resolve(claims[1:]) == ["firm:b.example", "firm:other-a"]


def test_a_shared_host_joins_nobody_but_namesakes() -> None:
    two = [Claim("Liquid", "liquid", "reply.example"), Claim("Storm", "storm", "reply.example")]
    anonymous = [Claim("Reply", None, "reply.example")]
    namesake = [Claim("STORM", None, "reply.example")]

    first = Firms()
    assert first.resolve(two) == ["firm:liquid", "firm:storm"]
    assert first.resolve(anonymous) == ["firm:reply.example"]
    assert first.resolve(anonymous) == ["firm:reply.example"]
    assert first.resolve(namesake) == ["firm:storm"]

    reverse = Firms()
    assert reverse.resolve(anonymous) == ["firm:reply.example"]
    assert reverse.resolve(two) == ["firm:liquid", "firm:storm"]

    reverse = Firms()
    assert reverse.resolve(namesake) == ["firm:reply.example"]
    assert reverse.resolve(two) == ["firm:liquid", "firm:reply.example"]


@pytest.mark.parametrize("backwards", [False, True])
def test_rows_of_one_source_find_each_other_in_any_order(backwards: bool) -> None:
    claims = [Claim("SAP Labs", None, "sap.example"), Claim("SAP", "sap", "sap.example")]
    assert Firms().resolve(claims[::-1] if backwards else claims) == ["firm:sap", "firm:sap"]


def test_an_owners_crunchbase_name_on_others_is_not_believed() -> None:
    claims = [
        Claim("Kyndryl", "ibm", "kyndryl.example"),
        Claim("Call for Code", "ibm", "callforcode.example"),
        Claim("SYSGO GmbH", "thales-group", "sysgo.example"),
        Claim("Thales SA", "thales-group", "thalesgroup.example"),
    ]
    there = Firms([known("firm:ibm", "IBM", "ibm", "https://ibm.example")])
    assert there.resolve(claims) == [
        "firm:kyndryl.example",
        "firm:callforcode.example",
        "firm:sysgo.example",
        "firm:thales-group",
    ]
    assert there.disputed == ["ibm of Kyndryl and Call for Code", "thales-group of SYSGO GmbH"]
    assert there.holder("thales-group") == "firm:thales-group"
    assert there.holder("nobody") is None
    assert there.holder(None) is None


def test_departments_of_one_site_share_a_crunchbase_name() -> None:
    claims = [
        Claim("FAS", "harvard", "fas.harvard.edu"),
        Claim("LISH", "harvard", "lish.harvard.edu"),
    ]
    firms_ = Firms()
    assert firms_.resolve(claims) == ["firm:harvard", "firm:harvard"]
    assert firms_.disputed == []


def test_a_firm_entered_by_hand_is_the_firm_with_its_id() -> None:
    there = Firms([known("firm:ericsson", "Ericsson")])
    assert there.resolve([Claim("Ericsson AB", "ericsson", "ericsson.example")]) == [
        "firm:ericsson"
    ]
    # Now it has keys, and another one of the same name is another firm.
    assert there.resolve([Claim("Ericsson", None, None)]) == ["firm:ericsson-2"]
    assert there.resolve([Claim("Ericsson", None, None)]) == ["firm:ericsson-2"]


def test_an_id_of_another_firm_is_left_alone() -> None:
    there = Firms([known("firm:acme", "Acme", "acme-inc", "https://acme.example")])
    assert there.resolve([Claim("Acme", "acme", "acme.other")]) == ["firm:acme.other"]
    there = Firms(
        [
            known("firm:acme", "Acme", "acme-inc", "https://acme.example"),
            known("firm:acme.other", "Acme Other", "acme-other", "https://acme.else"),
            known("firm:acme-ltd", "Acme Ltd", "x", "https://x.example"),
        ]
    )
    assert there.resolve([Claim("Acme Ltd", "acme", "acme.other")]) == ["firm:acme-2"]


def test_what_the_graph_holds_is_asked(engine: Engine) -> None:
    store(
        engine,
        "Firm",
        [
            {"id": "firm:bare", "name": "Bare"},
            {"id": "firm:x", "name": "X", "aliases": ["Ex", "Why"], "crunchbase": "exx"},
            {"id": "firm:y", "name": "Y", "homepage": "https://www.y.example/"},
            {"id": "firm:z", "name": "Z", "homepage": "https://github.com/z"},
        ],
    )
    claims = [
        Claim("Bare", "bare", "bare.example"),
        Claim("Someone", "exx", None),
        Claim("Someone", None, "y.example"),
        Claim("Z", None, None),
        Claim("New", "new", "new.example"),
    ]
    expected = ["firm:bare", "firm:x", "firm:y", "firm:z", "firm:new"]
    assert Firms.in_graph(engine).resolve(claims) == expected


# --- networks ------------------------------------------------------------------------------------


def test_networks_are_found_by_name_or_abbreviation(engine: Engine) -> None:
    store(
        engine,
        "Network",
        [
            {"id": "network:lfn", "name": "LFN"},
            {"id": "network:x", "name": "Open Source Security Foundation", "aliases": ["OpenSSF"]},
            {"id": "network:act-1", "name": "One", "aliases": ["ACT"]},
            {"id": "network:act-2", "name": "Two", "aliases": ["ACT"]},
        ],
    )
    wanted = {"LF Networking": ["LFN"], "OpenSSF": [], "ACT": [], "Brand New": ["BN"]}
    assert network_ids(engine, wanted) == {
        "LF Networking": "network:lfn",
        "OpenSSF": "network:x",
        "ACT": "network:act",
        "Brand New": "network:brand-new",
    }
