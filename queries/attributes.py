"""What is recorded of every firm that firms are grouped and chosen by."""

from collections.abc import Mapping, Sequence

from alliance_explorer.engine import Row
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema.countries import country_code, no_country

from .explorer import Explorer
from .library import run

MOST_KEPT = 50_000


def attributes_of(explorer: Explorer, ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
    """Name, country, city, actor type, size, employees and source of some firms, by id.

    What is not recorded is absent. Kept by firm until the graph changes, for up to 50,000: large
    firms have most of their partners in common.
    """
    kept = explorer.keep(("attributes by firm",), dict[str, Mapping[str, object]])
    found = {i: of for i in ids if (of := kept.get(i)) is not None}
    missing = [i for i in ids if i not in found]
    for row in run(explorer.engine, "attributes_of", ids=missing) if missing else ():
        found[str(row["id"])] = {k: v for k, v in row.items() if v is not None}
    if len(kept) + len(missing) <= MOST_KEPT:
        kept.update((i, found[i]) for i in missing if i in found)
    return found


def firm_attributes(explorer: Explorer) -> Mapping[str, Row]:
    """Country, city, actor type, size, employees and segments of every firm, by id.

    Read once and kept until the graph changes; memory grows with the number of firms.
    """

    def read() -> dict[str, Row]:
        return {str(r["id"]): r for r in run(explorer.engine, "firm_attributes")}

    return explorer.keep(("firm attributes",), read)


def named_country(explorer: Explorer, text: str, field: str = "country") -> str:
    """A country that a user names, by code or by name, as firms' records write it.

    Raises
    ------
    InvalidRequest
        No country, and no firm has it on record; with the nearest name.
    """
    text = text.strip()
    recorded = {str(c) for row in firm_attributes(explorer).values() if (c := row["country"])}
    if text in recorded:
        return text
    code = country_code(text)
    if code is None:
        raise InvalidRequest(no_country(text), field)
    written = (c for c in sorted(recorded) if country_code(c) == code)
    return code if code in recorded else next(written, code)
