// name: shared_facts
// params:
// meaning: As shared_ties, with the fact that each is from: for a day from which much has changed.
// returns: fact (id), actor, body, since, until, recorded_at, confidence; from Neo4j as shared_ties
MATCH (:Firm)-[r:PARTY_TO]->(:Alliance)
WITH collect(r) AS found UNWIND range(0, size(found) - 1, 1000) AS n WITH found[n..n + 1000] AS some
RETURN [r IN some | r.id] AS fact,
       [r IN some | startNode(r).id] AS actor, [r IN some | endNode(r).id] AS body,
       [r IN some | toString(endNode(r).start)] AS since,
       [r IN some | toString(endNode(r).`end`)] AS until,
       [r IN some | toString(r.recorded_at)] AS recorded_at,
       [r IN some | r.confidence] AS confidence
UNION ALL
MATCH (:Firm|Person)-[r:MEMBER_OF]->(:Network)
WITH collect(r) AS found UNWIND range(0, size(found) - 1, 1000) AS n WITH found[n..n + 1000] AS some
RETURN [r IN some | r.id] AS fact,
       [r IN some | startNode(r).id] AS actor, [r IN some | endNode(r).id] AS body,
       [r IN some | toString(r.since)] AS since, [r IN some | toString(r.until)] AS until,
       [r IN some | toString(r.recorded_at)] AS recorded_at,
       [r IN some | r.confidence] AS confidence
