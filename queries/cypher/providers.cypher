// name: providers
// params: ids
// meaning: Who offers some capabilities.
// returns: firm (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:OFFERS]->(y:Capability)
WHERE y.id IN $ids
RETURN x.id AS firm, r, y
