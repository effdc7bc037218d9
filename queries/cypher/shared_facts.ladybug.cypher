// name: shared_facts
// params:
// meaning: As shared_ties, with the fact that each is from: for a day from which much has changed.
// returns: fact (id), actor, body, since, until, recorded_at, confidence; from Neo4j as shared_ties
MATCH (a:Firm)-[r:PARTY_TO]->(b:Alliance)
RETURN r.id AS fact, a.id AS actor, b.id AS body, b.start AS since, b.`end` AS until,
       r.recorded_at AS recorded_at, r.confidence AS confidence
UNION ALL
MATCH (a:Firm|Person)-[r:MEMBER_OF]->(b:Network)
RETURN r.id AS fact, a.id AS actor, b.id AS body, r.since AS since, r.until AS until,
       r.recorded_at AS recorded_at, r.confidence AS confidence
