// name: facts_between
// params: one, other
// meaning: Facts between two nodes.
// returns: a (id), r (Edge), b (id)
MATCH (a)-[r]->(b)
WHERE a.id = $one AND b.id = $other OR a.id = $other AND b.id = $one
RETURN a.id AS a, r, b.id AS b
