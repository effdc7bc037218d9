"""What the questions on structure answer."""

import datetime as dt
from typing import Literal

from pydantic import Field

from alliance_explorer.queries.models import Kind, Model, Ref, Role, Score

from .firm_network import Valuation


class Basis(Model):
    """The network of firms that was measured, and what it was made of."""

    as_of: dt.date | None = Field(
        description="only what was valid on this day; None: all on record"
    )
    known_at: dt.date | None
    reference_date: dt.date
    ended: bool = Field(description="whether ties that have ended count (faded in `strength`)")
    kinds: list[Kind]
    weights: dict[Kind, Score]
    half_life: float
    min_confidence: Score
    largest_shared: int = Field(
        description="networks of more participants tie nobody (our rule); alliances: 500"
    )
    counted: dict[str, int] = Field(
        description="alliances, networks and ownership ties that join at least two firms"
    )
    left_out: dict[str, int] = Field(description="how many of them were too large")
    firms: int = Field(description="firms with at least one tie")
    ties: int = Field(description="pairs of firms that are tied")


# --- the whole network ----------------------------------------------------------------------------


class Betweenness(Model):
    """How the betweenness of the whole network came about.

    The betweenness of a firm is the sum, over the pairs of other firms, of the share of their
    shortest chains that run over it [Freeman 1977]; `normalised` divides it by
    (n - 1)(n - 2) / 2, n being the firms with at least one tie.
    """

    method: Literal["exact", "sampled"] = Field(
        description="sampled: from chains that begin at random pivots [Brandes & Pich 2007]"
    )
    pivots: int = Field(description="starts of chains that were looked at; exact: all firms")
    seed: int
    complete: bool = Field(description="False: time ran out before all pivots asked for were done")
    standard_error: float = Field(
        description="largest standard error of a `normalised` in `top`; 0 if exact. Two of them "
        "either way cover the exact value about 19 times out of 20; of firms on hardly any chain "
        "the error itself is rough"
    )


class Standing(Model):
    """A firm in the whole network."""

    firm: Ref
    degree: int = Field(description="partners")
    core: int = Field(description="largest k such that it is in the k-core")
    community: int = Field(description="number of its community, 1 for the largest")
    betweenness: float | None = Field(description="pairs of firms, each by the share over it")
    normalised: float | None
    standard_error: float | None = Field(description="of `normalised`")


class Community(Model):
    """Firms that are tied among each other more than to others."""

    number: int
    firms: int
    largest: list[Ref] = Field(description="its firms with the most partners")


class WholeNetwork(Model):
    """Measures of the network of all firms."""

    basis: Basis
    density: float | None = Field(description="ties / pairs of firms with at least one tie")
    components: int = Field(description="separate parts with at least one tie")
    largest_component: int = Field(description="firms in the largest")
    core: int = Field(description="the k of the innermost k-core [Seidman 1983]")
    innermost: int = Field(description="firms in it")
    modularity: float | None = Field(description="of the communities [Newman & Girvan 2004]")
    communities: int
    largest_communities: list[Community]
    betweenness: Betweenness | None = Field(description="None: not asked for")
    top: list[Standing] = Field(description="by betweenness, else by partners")
    summary: str


# --- one firm -------------------------------------------------------------------------------------


class Measures(Model):
    """Burt's measures of a firm for one way of valuing ties."""

    degree: int
    total: float = Field(description="sum of the values of its ties")
    ties_among: int = Field(description="pairs of partners that are tied")
    density: float | None = Field(description="ties_among / (degree (degree - 1) / 2)")
    effective_size: float = Field(description="degree - sum of the redundancies")
    efficiency: float | None = Field(description="effective_size / degree")
    constraint: float | None = Field(description="sum of the dyadic constraints")
    hierarchy: float | None = Field(description="0: all constrain alike; 1: one alone does")


class Dyad(Model):
    """What one partner adds to the measures: constraint = (share + indirect) ** 2."""

    value: float = Field(description="of the tie")
    share: float = Field(description="of the firm's total")
    indirect: float = Field(description="sum of p_iq p_qj over the other partners q")
    constraint: float
    redundancy: float = Field(description="sum of p_iq m_jq: how much others give access as well")


class PartnerStructure(Model):
    """A partner as part of the structure."""

    partner: Ref
    strong: bool
    by: dict[Valuation, Dyad]


class Triad(Model):
    """Two partners that are not tied, with the firm between them."""

    source: Ref
    source_group: str
    destination: Ref
    destination_group: str


class RoleCount(Model):
    """How often the firm plays a role."""

    role: Role
    triads: int = Field(description="open triads; each pair of partners counts both ways")
    share: float | None = Field(description="of the open triads whose groups are all known")
    examples: list[Triad]


class Brokerage(Model):
    """Roles between partners that are not tied [Gould & Fernandez 1989, UCINET's labels]."""

    attribute: str
    group: str | None = Field(description="the firm's own; None: not recorded")
    open: int = Field(description="ordered pairs of partners that are not tied")
    unknown: int = Field(description="those among them where somebody's group is not recorded")
    roles: list[RoleCount]


class Criterion(Model):
    """One condition of a rule: `value` against `limit`."""

    name: str
    value: float | None
    limit: float
    met: bool


class Balance(Model):
    """Weak and strong ties, and whether the firm is over-embedded."""

    threshold: float = Field(description="from this strength on a tie is strong")
    strong: int
    weak: int
    share_strong: float | None
    verdict: Literal["mostly weak", "in balance", "mostly strong", "too few partners"]
    over_embedded: bool | None = Field(description="all criteria are met; None: too few partners")
    criteria: list[Criterion]


class Between(Model):
    """How much of the way between others runs over the firm."""

    within: Literal["whole network", "ego network"]
    method: Literal["exact", "sampled"]
    pairs: float
    normalised: float | None = Field(description="by the pairs of others: there, or of partners")
    standard_error: float | None = Field(description="of `normalised`; None if exact")


class Structure(Model):
    """The structure of a firm's portfolio on a day."""

    focal: Ref
    basis: Basis
    measures: dict[Valuation, Measures]
    partners: list[PartnerStructure] = Field(description="by constraint, the largest first")
    brokerage: Brokerage
    balance: Balance
    betweenness: Between | None = Field(description="None: too many partners to work it out here")
    community: int | None
    core: int | None
    summary: str


class Comparison(Model):
    """Two structures side by side: two firms, or one at two dates."""

    one: Structure
    other: Structure
    change: dict[Valuation, dict[str, float | None]] = Field(description="other - one")
    only_one: list[Ref] = Field(description="partners of the first only")
    only_other: list[Ref]
    both: list[Ref]


# --- keyness --------------------------------------------------------------------------------------


class NeedItem(Model):
    """Something the firm needs and the partner has."""

    what: str = Field(description="name of the capability, or 'sales'")
    importance: Score = Field(description="as recorded; 0.5 where nothing is said (our rule)")
    stated: bool
    substitutes: int | None = Field(
        description="other firms that offer it; of sales: recorded alternatives"
    )
    source: str | None = None


class KeyPartner(Model):
    """How much hangs on one partner: keyness = need x scarcity x paths, of what is known.

    need = 1 - product(1 - importance); scarcity = mean of 1 / (1 + substitutes), weighted by
    importance; paths = over / the number of firms within two steps.
    """

    partner: Ref
    rank: int
    keyness: float
    need: float | None
    scarcity: float | None
    paths: float
    over: float = Field(
        description="firms reached over it: itself, and each firm two steps away by 1 / (partners "
        "that lead there)"
    )
    only_over: int = Field(description="firms that no other partner leads to")
    needs: list[NeedItem]
    stability: float | None = Field(
        description="share of the draws with its tie in which its rank holds"
    )
    rank_low: int | None = Field(description="best rank but for the best 5 % of draws")
    rank_high: int | None = Field(description="worst rank but for the worst 5 % of draws")


class Keyness(Model):
    """Which partners are key, and how sure that is."""

    focal: Ref
    basis: Basis
    factors: list[Literal["need", "scarcity", "paths"]] = Field(
        description="what keyness is the product of; a factor of which nothing is on record for "
        "any partner is left out"
    )
    reach: int = Field(description="firms within two steps")
    missing: Score = Field(description="share of ties left out in each draw")
    draws: int
    seed: int
    partners: list[KeyPartner]
    partners_in_all: int
    summary: str
