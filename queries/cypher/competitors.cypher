// name: competitors
// params: ids
// meaning: Who competes with some firms.
// returns: one, r (Edge), other
MATCH (a:Firm)-[r:COMPETES_WITH]-(b:Firm)
WHERE a.id IN $ids
RETURN a.id AS one, r, b.id AS other
