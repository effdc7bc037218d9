"""What declarations of the schema share: properties of several types, and what each type has."""

from .model import NodeType, Property, RelationshipType

P = Property

PROVENANCE = (
    P("source", "where the fact comes from: id of a Source"),
    P("evidence", "where in the source: table, page, field"),
    P("confidence", "how sure we are of the fact; 1 unless said", "float", bounds=(0, 1)),
    P("recorded_at", "when we learned it; the day of the first load unless said", "date"),
)
SINCE = P("since", "first day on which it holds", "date")
UNTIL = P("until", "first day on which it no longer holds", "date", exclusive_end=True)
VALIDITY = (SINCE, UNTIL)
POWER = P("power", "balance of power between the parties", choices=("symmetric", "asymmetric"))
MOTIVE = P("motive", "why it was done, in the words of the source")
COORDINATES = (
    P("lat", "latitude", "float", unit="degrees", bounds=(-90, 90)),
    P("lon", "longitude", "float", unit="degrees", bounds=(-180, 180)),
)
EC_CONTRIBUTION = "what the European Commission grants"
NAME = P("name", "name as the source spells it", required=True)
ALIASES = P("aliases", "other names, former names, abbreviations", "strings")
DESCRIPTION = P("description", "what a reader should know, in a sentence or two")


def node(
    label: str,
    description: str,
    *properties: Property,
    indexed: tuple[str, ...] = (),
    stamped: bool = True,
) -> NodeType:
    """A node type with an id and, unless it is where facts come from, provenance."""
    identity = P("id", f"our own stable id, `{label.lower()}:…`", required=True)
    provenance = () if label == "Source" else PROVENANCE
    return NodeType(label, description, (identity, *properties, *provenance), indexed, stamped)


def relationship(
    type_: str,
    description: str,
    ends: tuple[tuple[str, str], ...],
    *properties: Property,
    key: tuple[str, ...] = (),
    symmetric: bool = False,
) -> RelationshipType:
    """A relationship type with an id and provenance."""
    identity = P("id", "made of both ends, the key and the source; never given by hand")
    return RelationshipType(
        type_, description, ends, (identity, *properties, *PROVENANCE), key, symmetric
    )
