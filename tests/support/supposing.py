"""Rows really changed, the plain way: what a scenario is held against."""

from collections.abc import Mapping

from tests.support.tiny import Row, Rows

Table = dict[str, list[Row]]


def copied(rows: Rows) -> Table:
    return {name: [dict(r) for r in some] for name, some in rows.items()}


def leaving(rows: Rows, focal: str, partner: str) -> Table:
    """The partner is no longer party to any alliance that the focal firm is party to."""
    table = copied(rows)
    shared = {r["to"] for r in table["PARTY_TO"] if r["from"] == focal}
    table["PARTY_TO"] = [
        r for r in table["PARTY_TO"] if not (r["from"] == partner and r["to"] in shared)
    ]
    return table


def dropping(rows: Rows, focal: str, network: str) -> Table:
    table = copied(rows)
    table["MEMBER_OF"] = [r for r in table["MEMBER_OF"] if (r["from"], r["to"]) != (focal, network)]
    return table


def joining(rows: Rows, focal: str, network: str) -> Table:
    table = copied(rows)
    table["MEMBER_OF"].append({"from": focal, "to": network, "recorded_at": "1900-01-01"})
    return table


def allying(rows: Rows, focal: str, partner: str) -> Table:
    table = copied(rows)
    names = {str(r["id"]): str(r["name"]) for r in table["Firm"]}
    pair = "+".join(i.partition(":")[2] for i in (focal, partner))
    alliance = {
        "id": f"alliance:supposed:{pair}",
        "name": f"alliance of {names[focal]} and {names[partner]} (supposed)",
    }
    table["Alliance"].append(alliance)
    table["PARTY_TO"] += [
        {"from": f, "to": alliance["id"], "recorded_at": "1900-01-01"} for f in (focal, partner)
    ]
    return table


def absorbing(rows: Rows, gone: str, into: str) -> Table:
    """Whatever begins or ends at a firm begins or ends at another; the firm itself is no more."""
    table = copied(rows)

    def moved(name: str, row: Row) -> Mapping[str, object]:
        if gone not in (row["from"], row["to"]):
            return row
        ends = {k: into if row[k] == gone else row[k] for k in ("from", "to")}
        # A fact of its own, beside one that the acquirer has already.
        mark = {"role": f"of {gone}"} if name in ("PARTY_TO", "MEMBER_OF") else {}
        return {**row, **ends, **mark}

    for name, some in table.items():
        if name.isupper():
            changed = [moved(name, r) for r in some]
            if name == "COMPETES_WITH":  # stored from the smaller id to the larger
                changed = [
                    {
                        **r,
                        **dict(
                            zip(("from", "to"), sorted((str(r["from"]), str(r["to"]))), strict=True)
                        ),
                    }
                    for r in changed
                ]
            table[name] = [r for r in changed if r["from"] != r["to"]]
    segments = {
        str(r["id"]): [s for s in str(r.get("segments") or "").split(";") if s]
        for r in table["Firm"]
    }
    both = ";".join(dict.fromkeys([*segments[into], *segments[gone]]))
    table["Firm"] = [
        {**r, "segments": both} if r["id"] == into and both else r
        for r in table["Firm"]
        if r["id"] != gone
    ]
    return table
