"""The page for Cypher of one's own."""

from typing import Final

from alliance_explorer.graph_schema import SCHEMA
from alliance_explorer.queries.own_query import OwnAnswer, cell_text

from .links import Links
from .made_of import curl, python
from .pages import Problem, render

EXAMPLES: Final = (
    (
        "Who are allies of Ericsson, and since when?",
        "MATCH (f:Firm {id: $id})-[:PARTY_TO]->(a:Alliance)<-[:PARTY_TO]-(p:Firm)\n"
        "RETURN p.name AS partner, a.name AS alliance, a.start AS since\nORDER BY since, partner",
        '{"id": "firm:ericsson"}',
    ),
    (
        "Which networks are the smallest?",
        "MATCH (n:Network)<-[:MEMBER_OF]-(m)\n"
        "RETURN n.name AS network, count(DISTINCT m) AS members\nORDER BY members LIMIT 20",
        "",
    ),
    (
        "Which countries are the firms from?",
        "MATCH (f:Firm)\nRETURN f.country AS country, count(f) AS firms\nORDER BY firms DESC",
        "",
    ),
)
"""Queries to start from: what they ask, the text for either engine, parameters."""


def query_page(
    links: Links,
    *,
    dialect: str,
    query: str = "",
    parameters: str = "",
    answer: OwnAnswer | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, an answer as a table, or what is wrong.

    Parameters
    ----------
    links : Links
    dialect : str
        Of the engine that answers.
    query, parameters : str
        As typed.
    answer : OwnAnswer, optional
    problem : Problem, optional
    """
    asked = [("query", query), *([("parameters", parameters)] if parameters.strip() else [])]
    url = links.api("query", asked)
    return render(
        "query.html",
        links=links,
        dialect={"ladybug": "the embedded engine (ladybug)", "neo4j": "Neo4j"}.get(
            dialect, dialect
        ),
        query=query,
        parameters=parameters,
        answer=answer,
        rows=[[cell_text(v) for v in row] for row in answer.rows] if answer else [],
        numeric=_numeric(answer) if answer else [],
        problem=problem,
        examples=[(title, text, links.query(text, given)) for title, text, given in EXAMPLES],
        labels={n: [p.name for p in t.properties] for n, t in SCHEMA.nodes.items()},
        types={
            n: (" or ".join(f"{a} to {b}" for a, b in t.ends), [p.name for p in t.properties])
            for n, t in SCHEMA.relationships.items()
        },
        csv_url=links.api("query", [*asked, ("format", "csv")]),
        json_url=url,
        as_curl=curl(links, url),
        as_python=python(links, url),
        data=[("this answer as JSON", url)] if answer else [],
    )


def _numeric(answer: OwnAnswer) -> list[bool]:
    """Whether a column holds numbers alone."""
    return [
        any(isinstance(r[i], int | float) for r in answer.rows)
        and all(r[i] is None or isinstance(r[i], int | float) for r in answer.rows)
        for i in range(len(answer.columns))
    ]
