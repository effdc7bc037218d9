// name: facts_of_firms
// params: ids
// meaning: Where some firms are, what they offer and need, and whom they own.
// returns: firm (id), r (Edge), y (Node)
MATCH (x:Firm)-[r:LOCATED_IN|OFFERS|NEEDS|OWNS|ACQUIRED]->(y:Place|Capability|Firm)
WHERE x.id IN $ids
RETURN x.id AS firm, r, y
