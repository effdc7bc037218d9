// name: shared_ties
// params:
// meaning: Who takes part in what: parties of alliances and members of networks, with validity.
// returns: actor, body, since, until, recorded_at, confidence; from Neo4j as names, with dates as text
MATCH (a:Firm)-[r:PARTY_TO]->(b:Alliance)
RETURN a.id AS actor, b.id AS body, b.start AS since, b.`end` AS until,
       r.recorded_at AS recorded_at, r.confidence AS confidence
UNION ALL
MATCH (a:Firm|Person)-[r:MEMBER_OF]->(b:Network)
RETURN a.id AS actor, b.id AS body, r.since AS since, r.until AS until,
       r.recorded_at AS recorded_at, r.confidence AS confidence
