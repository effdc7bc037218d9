// name: capabilities_of
// params: ids
// meaning: What some firms offer and need.
// returns: firm (id), r (Edge), y (Node)
MATCH (f:Firm)-[r:OFFERS|NEEDS]->(y:Capability)
WHERE f.id IN $ids
RETURN f.id AS firm, r, y
