"""The same question in Cypher alone, as well as it could be written: for Neo4j 5, and embedded."""

import math
from collections.abc import Mapping
from typing import Final

_TYPES: Final = "PARTY_TO|MEMBER_OF"
# The product's rule for ties that have not ended, with one dealing: half the weight of the kind,
# by log2(1 + participants). Several facts may put one actor into one body.
_TIE: Final = (
    "CASE WHEN n:Alliance THEN 0.4 ELSE 0.2 END * log(2) / "
    f"log(1 + COUNT {{ MATCH (n)<-[:{_TYPES}]-(z) RETURN DISTINCT z }})"
)
_ENDS: Final = "MATCH (a:Firm {id: $focal}), (b:Firm {id: $target})"
# Everybody who is tied to an end, with log(1 - strength) of each tie.
_NEAR_AND_FAR: Final = f"""CALL (a, b) {{
  MATCH (a)-[:{_TYPES}]->(n)
  WITH DISTINCT a, b, n
  WITH a, b, n, log(1 - {_TIE}) AS open
  MATCH (n)<-[:{_TYPES}]-(x) WHERE x <> a AND x <> b
  WITH DISTINCT n, x, open
  RETURN x, open AS near, 0.0 AS far
  UNION ALL
  MATCH (b)-[:{_TYPES}]->(n)
  WITH DISTINCT a, b, n
  WITH a, b, n, log(1 - {_TIE}) AS open
  MATCH (n)<-[:{_TYPES}]-(x) WHERE x <> a AND x <> b
  WITH DISTINCT n, x, open
  RETURN x, 0.0 AS near, open AS far
}}
WITH x, 1 - exp(sum(near)) AS near, 1 - exp(sum(far)) AS far"""

BEST: Final = f"""{_ENDS}
{_NEAR_AND_FAR}
MATCH (x)-[:{_TYPES}]->(n)
WITH DISTINCT n, x, near, far
ORDER BY far DESC
WITH n, collect({{x: x, near: near, far: far}}) AS inside
WITH inside, {_TIE} AS tie
UNWIND inside AS one
WITH one.x AS x, one.near AS near, one.far AS far, tie,
     CASE WHEN inside[0].x <> one.x THEN inside[0] ELSE inside[1] END AS next
WHERE near > 0
WITH x, near, far, max(tie * coalesce(next.far, 0.0)) AS onward
WITH x, near * CASE WHEN far > onward THEN far ELSE onward END AS strength
WHERE strength > 0
RETURN x.id AS bridge, strength ORDER BY strength DESC, bridge LIMIT 10"""

TWO_STEPS: Final = f"""{_ENDS}
{_NEAR_AND_FAR}
WHERE near > 0 AND far > 0
RETURN x.id AS bridge, near * far AS strength ORDER BY strength DESC, bridge LIMIT 10"""

SHORTEST_PATH: Final = f"""{_ENDS}
MATCH p = shortestPath((a)-[:{_TYPES}*..6]-(b))
RETURN [x IN nodes(p) | x.id] AS path"""

ALL_SHORTEST: Final = f"""{_ENDS}
MATCH p = allShortestPaths((a)-[:{_TYPES}*..6]-(b))
RETURN [x IN nodes(p) | x.id] AS path LIMIT 10"""

SHORTEST_K: Final = f"""MATCH p = SHORTEST 10 (a:Firm {{id: $focal}})
  (()-[:{_TYPES}]->()<-[:{_TYPES}]-()){{1,3}} (b:Firm {{id: $target}})
RETURN [x IN nodes(p) | x.id] AS path"""

_STRENGTHS: Final = ", ".join(
    _TIE.replace("n:Alliance", f"n{i}:Alliance").replace("(n)", f"(n{i})") + f" AS s{i}"
    for i in (1, 2, 3)
)
EVERY_CHAIN: Final = f"""MATCH (a:Firm {{id: $focal}})-[:{_TYPES}]->(n1)<-[:{_TYPES}]-(x)
  -[:{_TYPES}]->(n2)<-[:{_TYPES}]-(y)-[:{_TYPES}]->(n3)<-[:{_TYPES}]-(b:Firm {{id: $target}})
WHERE x <> b AND y <> a
WITH x, y, {_STRENGTHS}
RETURN x.id AS bridge, max(s1 * s2 * s3) AS strength ORDER BY strength DESC, bridge LIMIT 10"""

# Name, text, what it does not answer.
ALTERNATIVES: Final[Mapping[str, tuple[str, str]]] = {
    "by bodies (the best)": (
        BEST,
        "exact but in one thing: a tie in the middle counts by its strongest body alone",
    ),
    "two introductions, ranked": (TWO_STEPS, "nobody over three introductions"),
    "shortestPath": (SHORTEST_PATH, "one path, any of the shortest"),
    "allShortestPaths, LIMIT 10": (ALL_SHORTEST, "ten of the shortest, any; not by strength"),
    "SHORTEST 10": (SHORTEST_K, "ten of the shortest, any; not by strength"),
    "every chain of three, ranked": (EVERY_CHAIN, "ties over several bodies; shorter chains"),
}

# --- embedded -------------------------------------------------------------------------------------

EMBEDDED_SHORTEST: Final = (
    f"MATCH p = (a:Firm)-[:{_TYPES}* SHORTEST 1..6]-(b:Firm) "
    "WHERE a.id = $focal AND b.id = $target RETURN length(p) AS steps"
)


def _embedded_size(body: str) -> str:
    return f"COUNT {{ MATCH ({body})<-[:{_TYPES}]-(z) }} AS size_{body}"


def _embedded_tie(body: str) -> str:
    return (
        f"CASE WHEN label({body}) = 'Alliance' THEN 0.4 ELSE 0.2 END * ln(2) / ln(1 + size_{body})"
    )


def _embedded_or(opens: str) -> str:
    return f"1 - pow({math.e}, {opens})"


_NEITHER: Final = "x.id <> $focal AND x.id <> $target"
# Without subqueries it takes two queries: over one, and over two. The second need not look whether
# the two are the same: over one of them alone, which the first finds, is stronger.
EMBEDDED_BEST: Final = (
    f"""MATCH (a:Firm)-[:{_TYPES}]->(n)<-[:{_TYPES}]-(x:Firm) WHERE a.id = $focal AND {_NEITHER}
WITH DISTINCT n, x
WITH n, x, {_embedded_size("n")}
WITH x, sum(ln(1 - {_embedded_tie("n")})) AS near
MATCH (x)-[:{_TYPES}]->(m)<-[:{_TYPES}]-(b:Firm) WHERE b.id = $target
WITH DISTINCT x, near, m
WITH x, near, m, {_embedded_size("m")}
WITH x, near, sum(ln(1 - {_embedded_tie("m")})) AS far
RETURN x.id AS bridge, ({_embedded_or("near")}) * ({_embedded_or("far")}) AS strength
ORDER BY strength DESC, bridge LIMIT 10""",
    f"""MATCH (b:Firm)-[:{_TYPES}]->(m) WHERE b.id = $target
WITH DISTINCT m
WITH m, {_embedded_size("m")}
MATCH (m)<-[:{_TYPES}]-(x:Firm) WHERE {_NEITHER}
WITH DISTINCT m, size_m, x
WITH x AS y, {_embedded_or(f"sum(ln(1 - {_embedded_tie('m')}))")} AS far
MATCH (y)-[:{_TYPES}]->(k)
WITH k, max(far) AS far
WITH k, far, {_embedded_size("k")}
MATCH (k)<-[:{_TYPES}]-(x:Firm) WHERE {_NEITHER}
WITH x, max({_embedded_tie("k")} * far) AS onward
MATCH (x)-[:{_TYPES}]->(n)<-[:{_TYPES}]-(a:Firm) WHERE a.id = $focal
WITH DISTINCT x, onward, n
WITH x, onward, n, {_embedded_size("n")}
WITH x, onward, sum(ln(1 - {_embedded_tie("n")})) AS near
RETURN x.id AS bridge, ({_embedded_or("near")}) * onward AS strength
ORDER BY strength DESC, bridge LIMIT 10""",
)
