"""What a question about proximity takes and answers."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries.models import Fact, Model, Ref, Score, SourceRef

Verdict: TypeAlias = Literal["too far", "workable", "too close", "not known"]
Reach: TypeAlias = Literal["local", "domestic", "international"]
DimensionName: TypeAlias = Literal[
    "geographical", "organizational", "social", "cognitive", "institutional"
]
DIMENSIONS: tuple[DimensionName, ...] = (
    "geographical",
    "organizational",
    "social",
    "cognitive",
    "institutional",
)


class Thresholds(BaseModel):
    """Where *too far* and *too close* begin. All of them are our rule: no source gives numbers.

    That both ends hinder is Boschma's: without proximity nothing is understood or trusted, and
    with too much of it nothing new is learned and one is locked in. Below `far` (for distances:
    above it) is too far, above `close` (for distances: below it) too close.

    References
    ----------
    Boschma 2005, *Proximity and innovation: a critical assessment*, Table 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    local_km: float = Field(
        50, ge=0, le=20_100, description="local: at most this far apart in one country [km]"
    )
    far_km: float = Field(
        8000, gt=0, le=20_100, description="geographically too far: farther than this [km]"
    )
    far_hours: float = Field(
        6,
        ge=0,
        le=26,
        description="geographically too far: clocks differ by more than this [h]; at 6 h, two "
        "hours of a working day of eight are shared",
    )
    close_km: float = Field(
        1,
        ge=0,
        le=20_100,
        description="geographically too close: nearer than this [km], if both addresses are known "
        "to the point and not to the city",
    )
    organizational_far: float = Field(
        0.1,
        ge=0,
        description="too far: shared bodies add up to less; one body of 1,000 members gives 0.1",
    )
    organizational_close: float = Field(
        2.0, gt=0, description="too close: more; four bodies of two members each give 2.5"
    )
    control_stake: float = Field(
        0.5, ge=0, le=1, description="too close: one owns at least this part of the other"
    )
    social_far: float = Field(
        0.25,
        ge=0,
        description="too far: personal ties add up to less; one joint alliance gives 0.5",
    )
    social_close: float = Field(
        3.0,
        gt=0,
        description="too close: more; six joint alliances between the two alone give 3.03",
    )
    cognitive_far: float = Field(
        0.05,
        ge=0,
        le=1,
        description="too far: less overlap, and neither offers what the other needs",
    )
    cognitive_close: float = Field(
        0.75, ge=0, le=1, description="too close: more overlap, so that little can be learned"
    )
    cognitive_least: int = Field(
        3,
        ge=1,
        description="not known: fewer capabilities and segments of either on record, for two words "
        "that are alike or not say little",
    )
    institutional_far: float = Field(
        0.2, ge=0, le=1, description="too far: less; 0 without a common area"
    )
    institutional_close: float = Field(
        1.0, ge=0, le=1, description="too close: more; at 1 nothing is, one country is workable"
    )

    @classmethod
    def of(cls, *given: Mapping[str, float]) -> "Thresholds":
        """Thresholds by name, the later ones before the earlier, and the rest as usual.

        Raises
        ------
        InvalidRequest
            A name or a value that is none; names what is allowed.
        """
        chosen = {name: value for some in given for name, value in some.items()}
        for name in chosen:
            if name not in cls.model_fields:
                near = nearest(name, cls.model_fields)
                raise InvalidRequest(f"no threshold is called {name!r}{near}", "threshold")
        try:
            return cls.model_validate(chosen)
        except ValidationError as exc:
            first = exc.errors()[0]
            raise InvalidRequest(
                f"threshold {first['loc'][0]}: {first['msg']}", "threshold"
            ) from None


def parse_thresholds(texts: Iterable[str]) -> dict[str, float]:
    """`far_km:5000` as a threshold; names and values are checked by `Thresholds.of`.

    Raises
    ------
    InvalidRequest
        Not of that form.
    """
    found = {}
    for text in texts:
        name, colon, number = text.partition(":")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            colon = ""
        if not colon:
            raise InvalidRequest(f"{text!r} is no threshold; write far_km:5000", "threshold")
    return found


def configured_thresholds(text: str) -> dict[str, float]:
    """Thresholds as a setting has them: `far_km:5000, far_hours:4`."""
    return parse_thresholds(part for part in text.split(",") if part.strip())


class ProximityOptions(BaseModel):
    """What a question about proximity looks at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: dt.date | None = Field(None, description="the day; today unless given")
    known_at: dt.date | None = Field(None, description="only what had been recorded by then")
    min_confidence: Score = Field(0.0, description="leave out facts of less confidence")
    thresholds: Thresholds = Thresholds()

    def reference(self, today: dt.date) -> dt.date:
        """The day that counts."""
        return self.as_of or today


class Evidence(Model):
    """One reason for a verdict, with what it adds to the figure."""

    sentence: str
    adds: float | None = Field(
        description="what it adds to the figure; None: it is told, not added"
    )
    arithmetic: str | None = Field(description="how `adds` comes about")
    inferred: bool = Field(description="derived by a rule or looked up, not stated by a source")
    refs: list[Ref] = Field(description="what it is about")
    facts: list[Fact] = Field(description="stored relationships that say so")
    sources: list[str] = Field(description="ids of the sources of all that it rests on")


class Dimension(Model):
    """One dimension of proximity: what was found, and what it amounts to."""

    verdict: Verdict
    why: str = Field(description="the verdict in a sentence")
    figure: float | None = Field(description="the number that is judged; None: not known")
    figure_is: str = Field(description="what the figure is, with its unit")
    decided_by: str | None = Field(
        description="name of the threshold that decided; None: within both, or not known"
    )
    evidence: list[Evidence]
    left_out: int = Field(
        0, description="pieces of evidence beyond those listed; the last one tells what they add"
    )
    notes: list[str] = Field(description="what is missing or had to be assumed")


class Location(Model):
    """A place at which a firm is present."""

    firm: str = Field(description="id of the firm")
    kind: str = Field(description="headquarters, branch, sales_office, local_representation")
    city: str | None
    region: str | None
    country: str | None = Field(description="ISO 3166-1 alpha-2")
    lat: float | None = Field(description="degrees")
    lon: float | None = Field(description="degrees")
    exact: Literal["point", "city"] | None = Field(
        description="how exact the coordinate is; None: there is none"
    )
    looked_up: bool = Field(description="the coordinate was looked up by name, not stated")
    zone: str | None = Field(description="IANA time zone")
    note: str | None = Field(description="why there is no coordinate, or what was assumed")
    place: Ref | None = Field(description="the place on record; None: from the firm's own address")
    facts: list[Fact]
    sources: list[str]


class Geographical(Dimension):
    """Distance between the nearest locations of two firms."""

    reach: Reach | None = Field(description="local, domestic or international; None: not known")
    km: float | None = Field(description="great-circle distance of the nearest locations [km]")
    hours: float | None = Field(description="difference of their clocks on the reference date [h]")
    same_city: bool | None
    same_region: bool | None
    same_country: bool | None
    nearest: tuple[Location, Location] | None = Field(
        description="the pair that was measured, the first firm's first"
    )
    locations: list[Location] = Field(description="all locations of both firms")


class Organizational(Dimension):
    """Shared networks, and one house or two."""

    shared: list[Ref] = Field(description="networks that both belong to, the most specific first")
    owned: bool = Field(description="one controls the other, or the same firm controls both")


class Social(Dimension):
    """Ties between the people of two firms, their common partners and joint alliances."""

    joint_alliances: list[Ref]
    common_partners: list[Ref] = Field(description="at most as many as are listed as evidence")


class Cognitive(Dimension):
    """Overlap of what two firms know and do, and what one needs and the other offers."""

    capabilities: float | None = Field(description="Jaccard index of what they offer")
    segments: float | None = Field(description="Jaccard index of their core business")
    shared: list[str] = Field(description="names of capabilities and segments of both")
    complements: list[str] = Field(description="names of what one needs and the other offers")


class Institutional(Dimension):
    """Common country, law and market."""

    countries: tuple[str | None, str | None]
    areas: list[str] = Field(description="legal and economic areas that both are in")


class ProximityProfile(Model):
    """How near two firms are to each other in five ways [Boschma 2005]; never one number."""

    one: Ref
    other: Ref
    as_of: dt.date | None
    known_at: dt.date | None
    reference_date: dt.date
    min_confidence: Score
    thresholds: Thresholds = Field(description="our rule; each can be changed")
    geographical: Geographical
    organizational: Organizational
    social: Social
    cognitive: Cognitive
    institutional: Institutional
    summary: str
    sources: dict[str, SourceRef]
    credits: list[str] = Field(description="whom to credit for data that was looked up")

    def dimensions(self) -> dict[DimensionName, Dimension]:
        """All five by name."""
        return {name: getattr(self, name) for name in DIMENSIONS}
