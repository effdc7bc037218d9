// name: capabilities_of
// params: ids
// meaning: What some firms offer and need.
// returns: firm (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:OFFERS|NEEDS]->(y:Capability)
WHERE x.id IN $ids
RETURN x.id AS firm, r, y
