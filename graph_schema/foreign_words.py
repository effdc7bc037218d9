"""How other formats say what the schema has: read by the loaders, written by the exports."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

# --- CORDIS --------------------------------------------------------------------------------------

CORDIS_KIND: Final = "research project"
CORDIS_PAGE: Final = "https://cordis.europa.eu/project"
# What organisations are; and what that says of their place in the IT industry.
ACTIVITY_TYPES: Final[Mapping[str, str]] = {
    "PRC": "company",
    "HES": "higher_education",
    "REC": "research",
    "PUB": "public_body",
    "OTH": "other",
}
ACTORS: Final[Mapping[str, str]] = {
    "higher_education": "research",
    "research": "research",
    "public_body": "other",
    "other": "other",
}
# Of each phase the status first that is written today.
STATUSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("SIGNED", "ONG", "ONGOING", "EXECUTION"), "post_formation"),
    **dict.fromkeys(("CLOSED", "CLO", "TERMINATED", "CANCELLED", "CAN"), "ended"),
}
# Codes of the European Union that are not ISO's.
EU_COUNTRIES: Final[Mapping[str, str]] = {"EL": "GR", "UK": "GB"}
# A date of another year is an error of its source.
YEARS: Final = range(1800, 2201)


def cordis_page(number: str, rcn: str) -> str:
    """Address of a project by its number, else by its record number; empty without either."""
    if number:
        return f"{CORDIS_PAGE}/id/{number}"
    return f"{CORDIS_PAGE}/rcn/{rcn}" if rcn else ""


# --- landscapes ----------------------------------------------------------------------------------

# The category `<X> Members` lists the members of X; a category lists projects and their pages.
LANDSCAPE_MEMBERS: Final = " Members"
LANDSCAPE_PROJECTS: Final = "Projects"
# Of what stands in the field `second_path`: a membership beside that of the category.
LANDSCAPE_MEMBERSHIP: Final = "Project Membership / "
# The role of a member with `enduser: true`.
END_USER: Final = "end user"
# By X of the category `<X> Members`, as the landscapes of others write the same network.
LANDSCAPE_NETWORKS: Final[Mapping[str, str]] = {
    "CNCF": "Cloud Native Computing Foundation (CNCF)",
    "LF": "The Linux Foundation (LF)",
}
# A network is written `Name (ABBR)`.
LANDSCAPE_ABBREVIATED: Final = re.compile(r"(.*\S)\s*\(([^()]+)\)")
# What a load takes each network of a landscape for.
LANDSCAPE_KIND: Final = "foundation"
LANDSCAPE_SCOPE: Final = "international"
# Of the annotations of an item, the one with our id.
LANDSCAPE_ID: Final = "alliance_explorer_id"
CRUNCHBASE: Final = "https://www.crunchbase.com/organization/"


def is_address(text: str) -> bool:
    """Whether a text is an http(s) address, as landscapes want of a home page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
