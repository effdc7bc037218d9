// name: rivals
// params: ids
// meaning: Rivalries among some firms.
// returns: one, r (Edge), other
MATCH (a:Firm)-[r:COMPETES_WITH]->(b:Firm)
WHERE a.id IN $ids
WITH a, r, b
WHERE b.id IN $ids
RETURN a.id AS one, r, b.id AS other
