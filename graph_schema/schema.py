"""The schema itself: every label, relationship and property, declared here and nowhere else."""

from .model import NodeType, Property, RelationshipType, Schema

P = Property

# --- what every fact carries --------------------------------------------------------------------

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


def _node(
    label: str, description: str, *properties: Property, indexed: tuple[str, ...] = ()
) -> NodeType:
    identity = P("id", f"our own stable id, `{label.lower()}:…`", required=True)
    provenance = () if label == "Source" else PROVENANCE
    return NodeType(label, description, (identity, *properties, *provenance), indexed)


def _relationship(
    type_: str,
    description: str,
    ends: tuple[tuple[str, str], ...],
    *properties: Property,
    key: tuple[str, ...] = (),
    symmetric: bool = False,
) -> RelationshipType:
    identity = P("id", "made of both ends, the key and the source; never given by hand")
    return RelationshipType(
        type_, description, ends, (identity, *properties, *PROVENANCE), key, symmetric
    )


EC_CONTRIBUTION = "what the European Commission grants"
NAME = P("name", "name as the source spells it", required=True)
ALIASES = P("aliases", "other names, former names, abbreviations", "strings")
DESCRIPTION = P("description", "what a reader should know, in a sentence or two")

NODES = (
    _node(
        "Source",
        "Where a fact comes from.",
        P("title", "title or name", required=True),
        P("url", "address of the original"),
        P("licence", "licence or terms of reuse"),
        P("attribution", "whom to credit, and how"),
        P("retrieved", "day on which it was fetched", "date"),
    ),
    _node(
        "Firm",
        "A company or other organisation that can be party to an alliance.",
        NAME,
        ALIASES,
        P("country", "country of the headquarters, ISO 3166-1 alpha-2"),
        P("city", "city of the headquarters"),
        *COORDINATES,
        P("founded", "year of foundation", "int", unit="year", bounds=(1000, 2200)),
        P("employees", "number of employees", "int", unit="people", bounds=(0, 10_000_000)),
        P(
            "size_class",
            "micro < 10, small 10-49, medium 50-249, large >= 250 employees (European Commission)",
            choices=("micro", "small", "medium", "large"),
        ),
        P(
            "actor_type",
            "place in the IT industry",
            choices=(
                "software_editor",
                "hardware_manufacturer",
                "integrator",
                "consultancy",
                "service_provider",
                "operator",
                "distributor",
                "research",
                "other",
            ),
        ),
        P(
            "organisation_type",
            "kind of organisation, as research funders tell them apart",
            choices=("company", "higher_education", "research", "public_body", "other"),
        ),
        P("sme", "small or medium-sized enterprise, by its own declaration", "bool"),
        P("segments", "core business", "strings"),
        P("homepage", "address of the home page"),
        P("crunchbase", "name in Crunchbase addresses, a widely used public key of companies"),
        P("vat_number", "number in the register of value-added tax, with the country's letters"),
        DESCRIPTION,
        indexed=("crunchbase", "homepage"),
    ),
    _node(
        "Person",
        "Somebody whose ties can carry an introduction. Personal data: can be erased.",
        NAME,
        P("languages", "languages spoken, ISO 639-1", "strings"),
    ),
    _node(
        "Network",
        "Something that firms and people belong to together.",
        NAME,
        ALIASES,
        P(
            "kind",
            "kind of body",
            choices=(
                "association",
                "vendor_programme",
                "user_group",
                "community_of_practice",
                "standards_body",
                "foundation",
                "research_consortium",
                "cluster",
            ),
        ),
        P(
            "scope",
            "reach of the body",
            choices=("local", "regional", "national", "international"),
        ),
        P("homepage", "address of the home page"),
        DESCRIPTION,
    ),
    _node(
        "Alliance",
        "One agreement between two or more firms, never squeezed into pairs. An alliance with a "
        "single party is one whose partner the source leaves unnamed.",
        NAME,
        DESCRIPTION,
        P("kind", "kind of agreement, as the source names it"),
        P("service_type", "service that is partnered, if one"),
        P(
            "phase",
            "phase of the life cycle",
            choices=("formation", "design", "post_formation", "ended"),
        ),
        P("governance", "how it is governed", choices=("equity", "contract", "relational")),
        P("start", "first day of the agreement", "date"),
        P("end", "first day after the agreement", "date", exclusive_end=True),
        POWER,
        P("exclusive", "whether it binds a party to this partner alone", "bool"),
        P(
            "contract",
            "form of the contract; skeleton: with subcontracts",
            choices=("none", "standard", "specific", "skeleton"),
        ),
        P("terms", "terms of the contract"),
        P("joint_activities", "what the parties do together", "strings"),
        P("targets", "goals that were agreed", "strings"),
        MOTIVE,
        P("outcome", "how it ended", choices=("success", "failure", "mixed")),
        P("programme", "funding programme that it belongs to, as H2020"),
        P("funding_scheme", "type of action in the programme, as RIA"),
        P("ec_contribution", f"{EC_CONTRIBUTION} at most, to all parties", "float", unit="EUR"),
        P("total_cost", "what it costs, to all parties", "float", unit="EUR"),
        P(
            "reach",
            "where the partner is, seen from the focal firm, when the source says no more",
            choices=("local", "domestic", "international"),
        ),
    ),
    _node(
        "Capability",
        "A resource, skill, product or market access that a firm offers or needs.",
        NAME,
        P(
            "category",
            "kind of capability; alliance: coordination, communication, bonding, specification, "
            "knowledge transfer, quality assurance, project management",
            choices=("technology", "market", "knowledge", "production", "credibility", "alliance"),
        ),
    ),
    _node(
        "Place",
        "A city, region or country.",
        NAME,
        P("kind", "kind of place", choices=("city", "region", "country")),
        *COORDINATES,
    ),
    _node(
        "Event",
        "Something dated that happened to a firm's relations, or a dated figure that was reported.",
        P("date", "day it happened", "date", required=True),
        P("kind", "what happened, as the source names it", required=True),
        MOTIVE,
        P(
            "capability",
            "what the move built [Bengtsson & Johansson 2014]",
            choices=("legitimacy", "role_flexibility"),
        ),
        POWER,
        DESCRIPTION,
        P("measure", "what a reported figure measures"),
        P("value", "the reported figure", "float"),
        P("unit", "unit of the reported figure"),
    ),
    _node(
        "Merge",
        "Two firms that were found to be one: the record of it, from which it can be undone. The "
        "id of the merged firm still names the one that was kept.",
        P("kept", "id of the firm that stayed", required=True),
        P("merged", "id of the firm that was merged into it", required=True),
        P("merged_name", "what the merged firm was called"),
        P("by", "who decided"),
        P("at", "when, as date and time (UTC)"),
        P("why", "what speaks for it"),
        P("score", "score of the match, if there was one", "float"),
        P("facts", "ids of the relationships that were moved", "strings"),
        P("record", "both firms as they were, and what was set aside, as JSON"),
    ),
    _node(
        "Judgement",
        "Whether two firms are one: asked (open), or decided, and then not asked again.",
        P("one", "id of a firm", required=True),
        P("other", "id of another", required=True),
        P("verdict", "what was decided", choices=("open", "same", "different"), required=True),
        P("score", "score of the match, if there was one", "float"),
        P("matching", "the evidence of the match, as JSON"),
        P("by", "who decided"),
        P("at", "when, as date and time (UTC)"),
        P("why", "reason that was given"),
    ),
    _node(
        "Statement",
        "What is on record about a node or a fact beside what it holds itself; docs/provenance.md.",
        P("about", "id of the node or fact", required=True),
        P("of", "its label or type"),
        P("ends", "ids of both ends of a fact", "strings"),
        P(
            "kind",
            "said: by another source than the one that the node names; before: what it held until "
            "`recorded_until`; correction: by hand; snapshot: a source was read whole as of "
            "`recorded_at`; erased: a person must not come back, `about` is a salted hash",
            choices=("said", "before", "correction", "snapshot", "erased"),
            required=True,
        ),
        P("said", "the properties, as a JSON object; null: nothing was known"),
        P("beneath", "of a correction: what the other sources say of them, as a JSON object"),
        P("recorded_until", "first day on which it no longer was on record", "date"),
        indexed=("about",),
    ),
)

RELATIONSHIPS = (
    _relationship(
        "PARTY_TO",
        "The firm is party to the alliance.",
        (("Firm", "Alliance"),),
        P("role", "supplier, customer, distributor, licensor, licensee, coordinator, partner…"),
        P("contributes", "what the firm brings", "strings"),
        P("value_sought", "what the firm hopes to take away", "strings"),
        P("value_appropriated", "what the firm did take away", "strings"),
        P(
            "share_of_sales",
            "part of the firm's sales that runs over the alliance",
            "float",
            unit="fraction",
            bounds=(0, 1),
        ),
        P(
            "alternatives",
            "substitutes for the partner, from the firm's side",
            "int",
            unit="firms",
            bounds=(0, 1e9),
        ),
        P(
            "alternatives_level",
            "the same in words, where the source gives no number",
            choices=("none", "few", "many"),
        ),
        P("investment", "what the firm has invested in the alliance"),
        P("ec_contribution", f"{EC_CONTRIBUTION} to the firm", "float", unit="EUR"),
        P(
            "net_ec_contribution",
            "the part of it that stays with the firm, less what its third parties get",
            "float",
            unit="EUR",
        ),
        P("total_cost", "what the firm's part costs", "float", unit="EUR"),
        P("ended_early", "whether the firm left before the end", "bool"),
        key=("role",),
    ),
    _relationship(
        "MEMBER_OF",
        "Membership in a network.",
        (("Firm", "Network"), ("Person", "Network")),
        P("role", "role in the network"),
        P("tier", "level of membership, as the network names it"),
        *VALIDITY,
        key=("role", "since"),
    ),
    _relationship(
        "WORKS_FOR",
        "Employment.",
        (("Person", "Firm"),),
        P("title", "position"),
        *VALIDITY,
        key=("title", "since"),
    ),
    _relationship(
        "SITS_ON_BOARD_OF",
        "Seat on a board.",
        (("Person", "Firm"),),
        *VALIDITY,
        key=("since",),
    ),
    _relationship(
        "KNOWS",
        "Acquaintance.",
        (("Person", "Person"),),
        P("strength", "how well they know each other", "float", bounds=(0, 1)),
        P("context", "where from"),
        SINCE,
        key=("context",),
        symmetric=True,
    ),
    _relationship(
        "CHAMPIONS",
        "The committed champion who bridges the firms of an alliance.",
        (("Person", "Alliance"),),
    ),
    _relationship(
        "MANAGES",
        "Who runs the alliance.",
        (("Person", "Alliance"),),
        P(
            "role",
            "director: partner choice and portfolio; manager: running it",
            choices=("alliance_director", "alliance_manager"),
        ),
        *VALIDITY,
        key=("role", "since"),
    ),
    _relationship(
        "COMPETES_WITH",
        "Rivalry in a market.",
        (("Firm", "Firm"),),
        P("market", "market in which they compete"),
        *VALIDITY,
        P(
            "inferred",
            "derived by a rule rather than stated, e.g. from a shared product category",
            "bool",
        ),
        key=("market", "since"),
        symmetric=True,
    ),
    _relationship(
        "ACQUIRED",
        "Takeover.",
        (("Firm", "Firm"),),
        P("date", "day of the takeover", "date"),
        P("stake", "part acquired", "float", unit="fraction", bounds=(0, 1)),
        key=("date",),
    ),
    _relationship(
        "OWNS",
        "Ownership, whole or in part.",
        (("Firm", "Firm"),),
        SINCE,
        P("stake", "part owned", "float", unit="fraction", bounds=(0, 1)),
        key=("since",),
    ),
    _relationship(
        "OFFERS",
        "The firm can provide the capability.",
        (("Firm", "Capability"),),
        P("level", "how well"),
        P("importance", "weight for the firm", "float", bounds=(0, 1)),
    ),
    _relationship(
        "NEEDS",
        "The firm looks for the capability.",
        (("Firm", "Capability"),),
        P("level", "what level is needed"),
        P("importance", "weight for the firm", "float", bounds=(0, 1)),
    ),
    _relationship(
        "LOCATED_IN",
        "Presence in, or personal tie to, a place.",
        (("Firm", "Place"), ("Person", "Place")),
        P(
            "kind",
            "tie: lived, studied or worked there",
            choices=("headquarters", "branch", "sales_office", "local_representation", "tie"),
        ),
        key=("kind",),
    ),
    _relationship("PART_OF", "The smaller place lies in the larger.", (("Place", "Place"),)),
    _relationship(
        "INVOLVES",
        "Whom or what an event concerns.",
        (("Event", "Firm"), ("Event", "Alliance")),
        P("role", "part taken in the event"),
        key=("role",),
    ),
)

SCHEMA = Schema({n.label: n for n in NODES}, {r.type: r for r in RELATIONSHIPS})
