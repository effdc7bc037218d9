// name: employers
// params: ids
// meaning: Whom some people work for.
// returns: person (id), r (Edge), y (Node)
MATCH (p:Person)-[r:WORKS_FOR]->(y:Firm)
WHERE p.id IN $ids
RETURN p.id AS person, r, y
