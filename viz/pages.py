"""Pages as text: each takes answers and gives HTML; every value is escaped by the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import jinja2

from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.bridging.models import BridgesResult
from alliance_explorer.queries.bridging.reach_models import Openings
from alliance_explorer.queries.graph.ties import DEFAULT_WEIGHTS, KINDS
from alliance_explorer.queries.models import Portfolio, Profile, Ref, SearchResult, Stats

from . import style, text, views
from .forms import BridgeForm, Choice
from .links import OVERVIEWS, PAGED_LABELS, QUESTIONS, Links
from .made_of import curl, made_of, own_queries, python
from .network import Picture
from .openings import under_relaxation

LISTED: Final = 100
"""Most partners, and most alliances, on the page of a firm; the data have more."""


@dataclass(frozen=True)
class Problem:
    """Why a question could not be answered, and what may help.

    Parameters
    ----------
    title, message : str
        What is wrong, in a few words and in a sentence.
    field : str, optional
        Name of the form's field it is about.
    suggestions : sequence of (str, str, str)
        Name, id and address of what may have been meant.
    """

    title: str
    message: str
    field: str | None = None
    suggestions: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class Remedy:
    """Something to change when there is no way: a sentence and an address."""

    text: str
    url: str


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("alliance_explorer.viz", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": text.count_mark,
        "day": text.date_mark,
        "host": views.host,
        "inferred": views.inferred,
        "move_notes": views.move_notes,
        "notes": views.relation_notes,
        "period": views.fact_period,
        "score": text.score,
        "shorten": text.shorten,
        "title_of": text.title,
        "url_or_nothing": views.safe_url,
        "value": text.value_text,
        "words": text.words,
    }
    environment.globals |= {
        "KINDS": text.KINDS,
        "LABELS": style.LABELS,
        "OVERVIEWS": OVERVIEWS,
        "PAGED": PAGED_LABELS,
        "QUESTIONS": QUESTIONS,
        "TERMS": text.TERMS,
        "curl": curl,
        "factors": views.factors,
        "made_of": made_of,
        "own_queries": own_queries.get,
        "python": python,
        "period": text.period,
        "plural": text.plural,
        "relation_verb": views.relation_verb,
        "role_style": style.role_style,
        "edge_style": style.edge_style,
    }
    return environment


_TEMPLATES = _environment()


def render(template: str, **context: Any) -> str:
    """Fill a template; every value in it is escaped.

    Parameters
    ----------
    template : str
        Name of a file in `templates/`.
    context
        What the template names; a missing name is an error.
    """
    return _TEMPLATES.get_template(template).render({"data": []} | context)


def search_page(
    links: Links,
    *,
    query: str,
    result: SearchResult | None,
    stats: Stats,
    form: BridgeForm | None = None,
) -> str:
    """Return the page to start from.

    Parameters
    ----------
    links : Links
    query : str
        What was searched for; empty: nothing yet.
    result : SearchResult, optional
        Hits of the query.
    stats : Stats
        What is loaded, and which firms to start from.
    form : BridgeForm, optional
        Ends to fill the second form with.
    """
    return render(
        "search.html",
        links=links,
        query=query,
        result=result,
        stats=stats,
        loaded=sum(stats.nodes.values()) > 0,
        form=form or BridgeForm(),
    )


def firm_page(
    links: Links,
    *,
    profile: Profile,
    portfolio: Portfolio | None,
    picture: Picture,
    problem: Problem | None = None,
) -> str:
    """Return the page of a firm, a person or a network.

    Parameters
    ----------
    links : Links
    profile : Profile
    portfolio : Portfolio, optional
        Of a firm only.
    picture : Picture
        Of those around it.
    problem : Problem, optional
        A date that could not be read; then the page shows everything on record.
    """
    dimensions, unknown = views.composition(portfolio) if portfolio else ([], [])
    sources = profile.sources | (portfolio.sources if portfolio else {})
    id_, day = profile.actor.id, [("as_of", str(profile.as_of))] if profile.as_of else []
    data = [("this answer as JSON", links.api(f"actors/{id_}", day))]
    if portfolio:
        data.append(("the portfolio as JSON", links.api(f"firms/{id_}/portfolio", day)))
    stated, derived = views.other_competitors(profile, portfolio)
    return render(
        "firm.html",
        links=links,
        profile=profile,
        actor=profile.actor,
        aliases=[str(a) for a in _list(profile.actor.properties.get("aliases"))],
        portfolio=portfolio,
        picture=picture,
        problem=problem,
        properties=views.properties_of(profile.actor),
        in_short=views.in_short(profile.actor),
        dimensions=dimensions,
        unknown=unknown,
        coopetitors=views.coopetitors(portfolio) if portfolio else [],
        worth_knowing=views.worth_knowing(portfolio) if portfolio else [],
        competitors=stated,
        derived=derived,
        memberships=views.memberships(profile.memberships),
        moves=views.moves_by_year(portfolio.moves) if portfolio else [],
        data=data,
        sources=sources,
        listed=LISTED,
    )


def bridges_page(
    links: Links,
    *,
    form: BridgeForm,
    result: BridgesResult | None = None,
    picture: Picture | None = None,
    problem: Problem | None = None,
    found: Openings | None = None,
) -> str:
    """Return the page on bridges: the form alone, an answer, or what is wrong.

    Parameters
    ----------
    links : Links
    form : BridgeForm
        What was asked.
    result : BridgesResult, optional
        The answer; None if nothing was asked or something is wrong.
    picture : Picture, optional
        Of the answer.
    problem : Problem, optional
        What is wrong.
    found : Openings, optional
        What would open a way where there is none.
    """
    return render(
        "bridges.html",
        links=links,
        form=form,
        result=result,
        picture=picture,
        problem=problem,
        all_kinds=KINDS,
        weights=DEFAULT_WEIGHTS,
        own_weights=dict(form.weights),
        found=found,
        again=lambda relaxation: under_relaxation(links, form, relaxation),
        actor_types=SCHEMA.nodes["Firm"].by_name["actor_type"].choices,
        remedies=_further(remedies(form, result, links), form, found, links) if result else [],
        searched_text=searched_text(result) if result else "",
        data=[("this answer as JSON", links.api("bridges", _asked(form, result)))]
        if result
        else [],
    )


def error_page(
    links: Links,
    *,
    status: int,
    title: str,
    message: str,
    suggestions: Sequence[tuple[str, str, str]] = (),
) -> str:
    """Return a page that says what went wrong and how to go on."""
    return render(
        "error.html",
        links=links,
        status=status,
        title=title,
        message=message,
        suggestions=suggestions,
    )


def remedies(form: BridgeForm, result: BridgesResult, links: Links) -> list[Remedy]:
    """Return what may open a way where there is none, easiest first."""
    found = []
    for choice in form.avoid:
        found.append(
            Remedy(f"Let {choice.name} be on the way", links.bridges(form.without(choice.value)))
        )
    for choice in form.via:
        found.append(
            Remedy(f"Do not insist on {choice.name}", links.bridges(form.without(choice.value)))
        )
    if form.avoid_competitors_of:
        found.append(
            Remedy(
                "Let competitors be on the way", links.bridges(form.but(avoid_competitors_of=()))
            )
        )
    if form.max_shared:
        found.append(Remedy("Count large networks too", links.bridges(form.but(max_shared=""))))
    if form.min_confidence:
        found.append(
            Remedy("Count facts of any confidence", links.bridges(form.but(min_confidence="")))
        )
    if not form.all_kinds:
        found.append(Remedy("Go over every kind of tie", links.bridges(form.but(kinds=KINDS))))
    if form.max_steps < 6:
        longest = 6 if form.max_steps >= 4 else 5
        found.append(
            Remedy(
                f"Allow up to {longest} introductions",
                links.bridges(form.but(max_steps=longest)),
            )
        )
    if form.as_of:
        found.append(
            Remedy("Leave the day open: ended ties count, faded", links.bridges(form.but(as_of="")))
        )
    if form.known_at:
        found.append(
            Remedy("Count what was recorded later as well", links.bridges(form.but(known_at="")))
        )
    target = result.target
    if target.label in PAGED_LABELS:
        found.append(
            Remedy(f"See who is around {target.name}", links.actor(target.id, target.label))
        )
    return found


def _further(
    all_: Sequence[Remedy], form: BridgeForm, found: Openings | None, links: Links
) -> list[Remedy]:
    """Return the remedies that are not told already, as conditions to let go."""
    told = {under_relaxation(links, form, r) for r in found.relaxations} if found else set()
    return [r for r in all_ if r.url not in told]


def _asked(form: BridgeForm, result: BridgesResult) -> list[tuple[str, str]]:
    """Return the same question for the programming interface, with whole dates."""
    days = {"as_of": result.searched.as_of, "known_at": result.searched.known_at}
    return [(name, str(days[name]) if name in days else value) for name, value in form.parameters()]


def searched_text(result: BridgesResult) -> str:
    """Return in a sentence what was looked at."""
    searched = result.searched
    over = "every kind of tie"
    if set(searched.kinds) != set(KINDS):
        over = ", ".join(text.KINDS[kind][0].lower() for kind in searched.kinds)
    parts = [
        f"Looked at ways of up to {text.plural(searched.max_steps, 'introduction')} over {over}"
    ]
    if searched.as_of:
        parts.append(f"among what held on {searched.as_of}")
    else:
        parts.append(
            "among everything on record; what has ended fades by half "
            f"in {searched.half_life:g} years"
        )
    if searched.known_at:
        parts.append(f"as far as it was recorded by {searched.known_at}")
    if searched.avoid:
        parts.append("not through " + ", ".join(text.shorten(a.name, 60) for a in searched.avoid))
    if searched.competitors_avoided:
        n = len(searched.competitors_avoided)
        parts.append(f"nor through {text.plural(n, 'competitor')}")
    if searched.via:
        parts.append("past " + ", ".join(text.shorten(a.name, 60) for a in searched.via))
    if searched.max_shared:
        parts.append(f"nothing shared by more than {text.count(searched.max_shared)}")
    if searched.min_confidence:
        parts.append(f"facts of at least {searched.min_confidence:g} confidence")
    return ", ".join(parts) + "."


def chosen(value: str, ref: Ref | None) -> Choice | None:
    """Return what a field of a form shows: the name if the value is known, else the value."""
    value = value.strip()
    if ref:
        return Choice(ref.id, ref.name)
    return Choice(value, value) if value else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
