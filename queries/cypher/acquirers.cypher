// name: acquirers
// params: ids
// meaning: Who acquired some firms.
// returns: acquired (id), r (Edge), y (Node)
MATCH (y:Firm)-[r:ACQUIRED]->(x:Firm)
WHERE x.id IN $ids
RETURN x.id AS acquired, r, y
