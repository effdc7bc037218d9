// name: acquaintances
// params: ids
// meaning: Which of some people know each other.
// returns: one, r (Edge), other
MATCH (a:Person)-[r:KNOWS]->(b:Person)
WHERE a.id IN $ids
WITH a, r, b
WHERE b.id IN $ids
RETURN a.id AS one, r, b.id AS other
